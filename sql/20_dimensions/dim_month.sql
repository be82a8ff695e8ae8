-- one row per month
with days as (
    select
        cast(unnest(
            generate_series(
                timestamp '2009-01-01', timestamp '2035-12-31', interval 1 day
            )
        ) as date) as day
),

months as (
    select
        cast(date_trunc('month', day) as date) as month,
        count(*) filter (where isodow(day) <= 5) as weekdays
    from days
    group by cast(date_trunc('month', day) as date)
),

labelled as (
    select
        month,
        year(month) - 1911 as roc_year,
        month(month) as month_no,
        quarter(month) as quarter_no,
        weekdays,
        concat(year(month) - 1911, '年', month(month), '月') as label
    from months
)

select * from labelled
