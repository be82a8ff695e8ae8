-- one row per day
select
    month,
    site_code,
    date,
    is_workday,
    name
from live.office_calendar
