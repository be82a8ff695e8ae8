-- one row per month and site: forms sent, returned and invalid, as the office tallied them
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
