-- one row per posting on the website, with the days it took and may take
with postings as (
    select
        month,
        site_code,
        rule_type,
        title,
        promulgated,
        posted,
        date_diff('day', promulgated, posted) as days,
        case rule_type
            when 'admin_rule' then 5
            when 'regulation' then 3
        end as limit_days
    from stg_update_log
),

judged as (
    select
        *,
        days > limit_days as is_late
    from postings
)

select * from judged
