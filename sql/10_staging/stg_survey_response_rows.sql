-- one row per slot of single forms
select
    month,
    site_code,
    row_count as forms
from live.survey_response__rows
