-- one row per month, site, question and option: how many answered so, from single forms or from tallies
with single_answers as (
    select month, site_code, 'q_time' as question, q_time_no as option_no, count(*) as answers
    from stg_survey_response
    group by month, site_code, q_time_no
    union all
    select month, site_code, 'q_application' as question, q_application_no as option_no, count(*) as answers
    from stg_survey_response
    group by month, site_code, q_application_no
    union all
    select month, site_code, 'q_environment' as question, q_environment_no as option_no, count(*) as answers
    from stg_survey_response
    group by month, site_code, q_environment_no
    union all
    select month, site_code, 'q_reception' as question, q_reception_no as option_no, count(*) as answers
    from stg_survey_response
    group by month, site_code, q_reception_no
    union all
    select month, site_code, 'q_staff' as question, q_staff_no as option_no, count(*) as answers
    from stg_survey_response
    group by month, site_code, q_staff_no
    union all
    select month, site_code, 'q_overall' as question, q_overall_no as option_no, count(*) as answers
    from stg_survey_response
    group by month, site_code, q_overall_no
    union all
    select month, site_code, 'q_answer' as question, q_answer_no as option_no, count(*) as answers
    from stg_survey_response
    group by month, site_code, q_answer_no
),

named_answers as (
    select
        single_answers.month,
        single_answers.site_code,
        single_answers.question,
        dim_option.code as option,
        single_answers.answers
    from single_answers
    inner join dim_option
        on dim_option.dataset = 'survey_response'
        and dim_option.column_name = single_answers.question
        and dim_option.number = single_answers.option_no
),

tallied_answers as (
    select month, site_code, question, option, n as answers
    from stg_survey_tally
    where question <> 'forms'
),

all_answers as (
    select * from named_answers
    union all
    select * from tallied_answers
)

select * from all_answers
