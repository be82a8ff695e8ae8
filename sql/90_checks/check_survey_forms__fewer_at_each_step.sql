-- rows that break the rule: forms returned are no more than sent, valid and invalid ones together as many as returned
select month, site_code, sent, returned, valid, invalid
from mart_survey_forms
where returned > sent
    or valid + invalid <> returned
