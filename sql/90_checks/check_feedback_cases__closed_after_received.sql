-- rows that break the rule: a case is closed on the day it came in or later
select month, case_id, received, closed
from mart_feedback_cases
where closed < received
