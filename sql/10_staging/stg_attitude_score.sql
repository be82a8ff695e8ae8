-- one row per month and section
select
    month,
    site_code,
    section,
    survey,
    phone,
    complaint,
    supervisor,
    adj,
    total,
    rank
from live.attitude_score
