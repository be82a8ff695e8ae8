-- one row per month, channel and case type
select
    month,
    site_code,
    channel,
    case_type,
    n,
    amount
from live.payment_monthly
