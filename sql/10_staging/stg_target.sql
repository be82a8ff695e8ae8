-- one row per indicator and day from which the target holds
select
    month,
    site_code,
    indicator,
    value,
    effective,
    basis,
    document,
    decided_by
from live.target
