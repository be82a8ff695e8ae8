-- rows that break the rule: the valid forms tallied for a month and site are as many as the single forms keyed in
with single_forms as (
    select month, site_code, count(*) as forms
    from stg_survey_response
    group by month, site_code
)

select single_forms.month, single_forms.site_code, single_forms.forms, mart_survey_forms.valid
from single_forms
inner join mart_survey_forms
    on mart_survey_forms.month = single_forms.month
    and mart_survey_forms.site_code = single_forms.site_code
where mart_survey_forms.valid <> single_forms.forms
