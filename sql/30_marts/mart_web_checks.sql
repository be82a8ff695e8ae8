-- one row per check of the website, with the day of the first later check of its kind that found nothing
with checks as (
    select * from stg_web_check
),

cleared as (
    select
        checks.check_date,
        checks.kind,
        min(later.check_date) as cleared_on
    from checks
    inner join checks as later
        on checks.kind = later.kind
        and checks.check_date < later.check_date
        and later.failed = 0
    where checks.failed > 0
    group by checks.check_date, checks.kind
),

joined as (
    select
        checks.month,
        checks.site_code,
        checks.check_date,
        checks.kind,
        checks.tested,
        checks.failed,
        checks.note,
        cleared.cleared_on
    from checks
    left join cleared
        on checks.check_date = cleared.check_date
        and checks.kind = cleared.kind
)

select * from joined
