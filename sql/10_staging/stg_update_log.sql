-- one row per posting on the website
select
    month,
    site_code,
    rule_type,
    title,
    promulgated,
    posted
from live.update_log
