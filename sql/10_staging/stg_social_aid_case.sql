-- one row per case
select
    month,
    site_code,
    case_id,
    reported,
    notified_agency,
    referral_1,
    referral_2,
    referral_3,
    aid_type,
    visit_cash
from live.social_aid_case
