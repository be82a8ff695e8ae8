-- one row per month, site and category of outreach
select
    month,
    site_code,
    category,
    count(*) as events,
    sum(sessions) as sessions,
    sum(persons) as persons,
    sum(beneficiaries) as beneficiaries,
    sum(qty) filter (where qty_unit = 'cc') as cc
from stg_outreach_event
group by month, site_code, category
