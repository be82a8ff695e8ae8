-- one row per slot, question and option of single forms
select
    month,
    site_code,
    question,
    option,
    answers
from live.survey_response__answers
