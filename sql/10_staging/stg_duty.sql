-- one row per table and day from which its due date holds
select
    month,
    site_code,
    report,
    due_day,
    parts,
    effective
from live.duty
