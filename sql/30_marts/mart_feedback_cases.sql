-- one row per case of feedback
with cases as (
    select * from stg_feedback_case
),

calendar as (
    select
        date,
        is_workday
    from stg_office_calendar
),

case_days as (
    select
        month,
        site_code,
        case_id,
        cast(unnest(
            generate_series(
                cast(received + 1 as timestamp),
                cast(closed as timestamp),
                interval 1 day
            )
        ) as date) as day
    from cases
    where closed is not null
),

worked as (
    select
        case_days.month,
        case_days.site_code,
        case_days.case_id,
        count(*) filter (
            where coalesce(calendar.is_workday, isodow(case_days.day) <= 5)
        ) as working_days
    from case_days
    left join calendar on case_days.day = calendar.date
    group by case_days.month, case_days.site_code, case_days.case_id
),

timed as (
    select
        cases.*,
        case when cases.type = 'petition' then 30 end as limit_days,
        case
            when cases.closed is not null then coalesce(worked.working_days, 0)
        end as working_days,
        cases.closed is null as is_open
    from cases
    left join worked
        on cases.month = worked.month
        and cases.site_code = worked.site_code
        and cases.case_id = worked.case_id
),

judged as (
    select
        *,
        case
            when not is_open then working_days > limit_days
        end as is_overdue
    from timed
)

select * from judged
