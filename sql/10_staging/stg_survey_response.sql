-- one row per valid form
select
    month,
    site_code,
    response_date,
    q_time_no,
    q_application_no,
    q_environment_no,
    q_reception_no,
    q_staff_no,
    q_overall_no,
    q_answer_no,
    comment
from live.survey_response
