-- one row per piece of maintenance
select
    month,
    site_code,
    equipment,
    done_on,
    action,
    result
from live.maintenance_log
