-- rows that break the rule: a question has no more answers than there are valid forms of the month and site
with forms as (
    select month, site_code, sum(answers) as forms
    from mart_survey_answers
    where question = 'forms'
    group by month, site_code
),

questions as (
    select month, site_code, question, sum(answers) as answers
    from mart_survey_answers
    where question <> 'forms'
    group by month, site_code, question
)

select questions.month, questions.site_code, questions.question, questions.answers, forms.forms
from questions
inner join forms
    on forms.month = questions.month
    and forms.site_code = questions.site_code
where questions.answers > forms.forms
