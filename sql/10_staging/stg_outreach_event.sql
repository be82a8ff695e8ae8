-- one row per event
select
    month,
    site_code,
    event_id,
    start_date,
    end_date,
    category,
    title,
    partner,
    place,
    participants,
    sessions,
    persons,
    beneficiaries,
    qty,
    qty_unit
from live.outreach_event
