-- one row per month
select
    month,
    site_code,
    visits,
    counter_reading
from live.web_traffic_monthly
