-- rows that break the rule: the answers counted while single forms were loaded are those that the rows hold
with histograms as (
    select
        month,
        site_code,
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

entries as (
    select month, site_code, question, unnest(counts) as counted
    from questions
),

in_rows as (
    select entries.month, entries.site_code, entries.question, dim_option.code as option, entries.counted.value as answers
    from entries
    inner join dim_option
        on dim_option.dataset = 'survey_response'
        and dim_option.column_name = entries.question
        and dim_option.number = entries.counted.key
),

as_counted as (
    select month, site_code, question, option, sum(answers) as answers
    from stg_survey_response_answers
    group by month, site_code, question, option
)

select
    coalesce(in_rows.month, as_counted.month) as month,
    coalesce(in_rows.question, as_counted.question) as question,
    coalesce(in_rows.option, as_counted.option) as option,
    in_rows.answers as in_rows,
    as_counted.answers as as_counted
from in_rows
full join as_counted
    on as_counted.month = in_rows.month
    and as_counted.site_code = in_rows.site_code
    and as_counted.question = in_rows.question
    and as_counted.option = in_rows.option
where in_rows.answers is distinct from as_counted.answers
