-- one row per month and site: forms that give all six questions of satisfaction, those that answer them all alike, and those that repeat another
with kinds as (
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
        comment,
        count(*) as forms
    from stg_survey_response
    group by all
),

judged as (
    select
        month,
        site_code,
        forms,
        least(q_application_no, q_environment_no, q_reception_no, q_staff_no, q_overall_no, q_answer_no) as lowest,
        greatest(q_application_no, q_environment_no, q_reception_no, q_staff_no, q_overall_no, q_answer_no) as highest,
        (q_application_no + q_environment_no + q_reception_no + q_staff_no + q_overall_no + q_answer_no) is not null as is_full
    from kinds
)

select
    month,
    site_code,
    sum(forms) as forms,
    coalesce(sum(forms) filter (where is_full), 0) as full_forms,
    coalesce(sum(forms) filter (where is_full and lowest = highest), 0) as straight_forms,
    sum(forms - 1) as repeated_forms
from judged
group by month, site_code
