-- one row per case
select
    month,
    site_code,
    case_id,
    received,
    type,
    channel,
    tone,
    unit,
    closed,
    reply_mode,
    extended
from live.feedback_case
