-- one row per session
select
    month,
    site_code,
    date,
    title,
    category,
    lecturers,
    persons,
    start_time,
    end_time,
    audience
from live.training_session
