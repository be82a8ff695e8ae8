-- one row per month and metric
select
    month,
    site_code,
    metric,
    n
from live.edoc_monthly
