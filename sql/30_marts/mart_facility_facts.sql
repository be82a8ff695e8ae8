-- one row per item, site and day on which its value changes
with facts as (
    select * from stg_facility_fact
),

started as (
    select
        item,
        site_code,
        month,
        valid_from as on_date,
        value,
        text_value,
        valid_from as from_date
    from facts
),

closed as (
    select
        item,
        site_code,
        valid_from,
        cast(valid_to + interval 1 day as date) as on_date,
        cast(date_trunc('month', valid_to + interval 1 day) as date) as month
    from facts
    where valid_to is not null
),

ended as (
    select
        closed.item,
        closed.site_code,
        closed.month,
        closed.on_date
    from closed
    left join facts as later
        on closed.item = later.item
        and closed.site_code = later.site_code
        and closed.valid_from < later.valid_from
        and closed.on_date >= later.valid_from
    where later.item is null
),

changes as (
    select * from started
    union all
    select
        item,
        site_code,
        month,
        on_date,
        null as value,
        null as text_value,
        null as from_date
    from ended
)

select * from changes
