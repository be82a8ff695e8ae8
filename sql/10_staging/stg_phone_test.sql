-- one row per call
select
    month,
    site_code,
    organiser,
    test_date,
    test_time,
    section,
    ext,
    op_speed,
    op_courtesy,
    unit_speed,
    unit_courtesy,
    unit_content,
    total,
    grade,
    deduction_reason
from live.phone_test
