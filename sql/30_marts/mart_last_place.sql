-- one row per month and section
with scores as (
    select
        month,
        site_code,
        section,
        rank as place
    from stg_attitude_score
),

lowest as (
    select
        month,
        site_code,
        max(place) as place,
        count(*) as sections
    from scores
    group by month, site_code
),

ranked as (
    select
        scores.month,
        scores.site_code,
        scores.section,
        lowest.sections > 1 and scores.place = lowest.place as is_last
    from scores
    inner join lowest
        on scores.month = lowest.month
        and scores.site_code = lowest.site_code
),

compared as (
    select
        ranked.month,
        ranked.site_code,
        ranked.section,
        ranked.is_last,
        coalesce(earlier.is_last, false) as was_last_before
    from ranked
    left join ranked as earlier
        on ranked.section = earlier.section
        and ranked.site_code = earlier.site_code
        and ranked.month = earlier.month + interval 1 month
)

select * from compared
