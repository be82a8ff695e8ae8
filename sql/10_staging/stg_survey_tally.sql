-- one row per month, site, question and option
select
    month,
    site_code,
    question,
    option,
    n
from live.survey_tally
