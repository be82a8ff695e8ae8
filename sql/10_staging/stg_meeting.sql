-- one row per meeting or visit
select
    month,
    site_code,
    start_date,
    end_date,
    type,
    seq,
    chair,
    action_items,
    closed_items,
    places
from live.meeting
