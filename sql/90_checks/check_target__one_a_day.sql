-- rows that break the rule: a target belongs to one indicator and day
select indicator, effective, count(*) as targets
from stg_target
group by indicator, effective
having count(*) > 1
