-- one row per month and site: forms sent, returned, valid and invalid
with single_forms as (
    select month, site_code, count(*) as valid
    from stg_survey_response
    group by month, site_code
),

tallied_forms as (
    select
        month,
        site_code,
        sum(n) filter (where option = 'sent') as sent,
        sum(n) filter (where option = 'returned') as returned,
        sum(n) filter (where option = 'valid') as valid,
        sum(n) filter (where option = 'invalid') as invalid
    from stg_survey_tally
    where question = 'forms'
    group by month, site_code
),

forms as (
    select
        coalesce(single_forms.month, tallied_forms.month) as month,
        coalesce(single_forms.site_code, tallied_forms.site_code) as site_code,
        tallied_forms.sent,
        tallied_forms.returned,
        coalesce(single_forms.valid, tallied_forms.valid) as valid,
        tallied_forms.invalid
    from single_forms
    full join tallied_forms
        on tallied_forms.month = single_forms.month
        and tallied_forms.site_code = single_forms.site_code
)

select * from forms
