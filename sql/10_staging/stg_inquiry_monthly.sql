-- one row per month and channel
select
    month,
    site_code,
    channel,
    n
from live.inquiry_monthly
