-- one row per month with noon service, all sites together
with services as (
    select
        month,
        sum(persons) as persons
    from stg_noon_service
    group by month
),

months as (
    select
        services.month,
        'all' as site_code,
        services.persons,
        dim_month.weekdays
    from services
    inner join dim_month on services.month = dim_month.month
)

select * from months
