-- one row per month that the office calendar holds in full: its working days
with listed as (
    select
        month,
        count(distinct date) as days,
        count(distinct date) filter (where is_workday) as working_days
    from stg_office_calendar
    group by month
)

select
    month,
    working_days
from listed
where days = day(last_day(month))
