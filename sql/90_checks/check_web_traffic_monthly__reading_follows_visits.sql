-- rows that break the rule: a counter reading is the month before's plus the month's visits
with readings as (
    select
        month,
        visits,
        counter_reading,
        lag(month) over (order by month) as month_before,
        lag(counter_reading) over (order by month) as reading_before
    from stg_web_traffic_monthly
)

select month, visits, counter_reading, reading_before
from readings
where month_before = month - interval 1 month
    and counter_reading <> reading_before + visits
