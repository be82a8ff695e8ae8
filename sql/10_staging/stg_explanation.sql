-- one row per explanation of an indicator for a period that ends in a month, the newest one marked
select
    month,
    site_code,
    indicator,
    text,
    author,
    row_number() over (
        partition by indicator, month order by _batch_id desc, _row desc
    ) = 1 as is_newest
from live.explanation
