-- one row per month, site, question and option: how many answered so, from single forms or from tallies; valid forms under the question forms
with histograms as (
    select
        month,
        site_code,
        count(*) as forms,
        histogram(q_time_no) as q_time,
        histogram(q_application_no) as q_application,
        histogram(q_environment_no) as q_environment,
        histogram(q_reception_no) as q_reception,
        histogram(q_staff_no) as q_staff,
        histogram(q_overall_no) as q_overall,
        histogram(q_answer_no) as q_answer
    from stg_survey_response
    group by month, site_code
),

questions as (
    select
        month,
        site_code,
        unnest([
            'q_time', 'q_application', 'q_environment', 'q_reception', 'q_staff', 'q_overall', 'q_answer'
        ]) as question,
        unnest([
            map_entries(q_time), map_entries(q_application), map_entries(q_environment),
            map_entries(q_reception), map_entries(q_staff), map_entries(q_overall), map_entries(q_answer)
        ]) as counts
    from histograms
),

single_answers as (
    select month, site_code, question, unnest(counts) as counted
    from questions
),

named_answers as (
    select
        single_answers.month,
        single_answers.site_code,
        single_answers.question,
        dim_option.code as option,
        single_answers.counted.value as answers
    from single_answers
    inner join dim_option
        on dim_option.dataset = 'survey_response'
        and dim_option.column_name = single_answers.question
        and dim_option.number = single_answers.counted.key
),

tallied_answers as (
    select month, site_code, question, option, n as answers
    from stg_survey_tally
    where question <> 'forms'
),

single_forms as (
    select month, site_code, 'forms' as question, 'valid' as option, forms as answers
    from histograms
),

tallied_forms as (
    select month, site_code, question, option, n as answers
    from stg_survey_tally
    where question = 'forms' and option = 'valid'
),

all_answers as (
    select * from named_answers
    union all
    select * from tallied_answers
    union all
    select * from single_forms
    union all
    select tallied_forms.* from tallied_forms
    anti join single_forms
        on single_forms.month = tallied_forms.month
        and single_forms.site_code = tallied_forms.site_code
)

select * from all_answers
