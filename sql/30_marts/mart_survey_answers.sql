-- one row per month, site, question and option: how many answered so, from single forms or from tallies; valid forms under the question forms
with single_answers as (
    select month, site_code, question, option, sum(answers) as answers
    from stg_survey_response_answers
    group by month, site_code, question, option
),

single_forms as (
    select month, site_code, 'forms' as question, 'valid' as option, sum(forms) as answers
    from stg_survey_response_rows
    group by month, site_code
),

tallied_answers as (
    select month, site_code, question, option, n as answers
    from stg_survey_tally
    where question <> 'forms'
),

tallied_forms as (
    select month, site_code, question, option, n as answers
    from stg_survey_tally
    where question = 'forms' and option = 'valid'
),

all_answers as (
    select * from single_answers
    union all
    select * from single_forms
    union all
    select * from tallied_answers
    union all
    select tallied_forms.* from tallied_forms
    anti join single_forms
        on single_forms.month = tallied_forms.month
        and single_forms.site_code = tallied_forms.site_code
)

select * from all_answers
