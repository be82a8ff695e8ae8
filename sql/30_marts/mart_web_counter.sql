-- one row per month of the website's counter, held against the reading of the month before
with readings as (
    select
        month,
        site_code,
        visits,
        counter_reading,
        lag(month) over (partition by site_code order by month) as month_before,
        lag(counter_reading) over (partition by site_code order by month) as last_reading
    from stg_web_traffic_monthly
),

compared as (
    select
        month,
        site_code,
        visits,
        counter_reading,
        last_reading,
        case
            when month_before = month - interval 1 month then last_reading
        end as reading_before
    from readings
),

judged as (
    select
        *,
        counter_reading - reading_before as difference,
        case
            when counter_reading < last_reading then 'reset'
            when reading_before is null then 'unchecked'
            when counter_reading - reading_before = visits then 'agrees'
            else 'differs'
        end as outcome
    from compared
)

select * from judged
