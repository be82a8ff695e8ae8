-- one row per check
select
    month,
    site_code,
    check_date,
    kind,
    tested,
    failed,
    note
from live.web_check
