-- rows that break the rule: a month of inquiries names all four channels
select month, count(distinct channel) as channels
from stg_inquiry_monthly
group by month
having count(distinct channel) < 4
