-- one row per indicator and month from which a new phase of its control chart begins
select
    month,
    site_code,
    indicator,
    start,
    cause,
    evidence,
    proposed_by,
    agreed_by
from live.phase
