-- one row per quarter and indicator as an earlier report printed it, for the year up to the end of that quarter
select
    month,
    site_code,
    indicator,
    value,
    document
from live.published_figure
