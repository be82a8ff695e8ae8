-- one row per item, site and day from which it holds
select
    month,
    site_code,
    item,
    value,
    text_value,
    unit,
    valid_from,
    valid_to
from live.facility_fact
