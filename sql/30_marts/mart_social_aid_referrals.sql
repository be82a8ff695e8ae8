-- one row per case of social aid and agency it was referred to
with cases as (
    select * from stg_social_aid_case
),

referrals as (
    select month, site_code, case_id, referral_1 as agency
    from cases
    union all
    select month, site_code, case_id, referral_2 as agency
    from cases
    union all
    select month, site_code, case_id, referral_3 as agency
    from cases
),

named as (
    select * from referrals
    where agency is not null
)

select * from named
