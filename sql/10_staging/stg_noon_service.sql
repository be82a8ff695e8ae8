-- one row per service given at noon
select
    month,
    site_code,
    date,
    staff,
    persons,
    item
from live.noon_service
