"""Every indicator counted a second way, straight from the sample files, and compared with the figures of the warehouse.

What is counted here is what the block's `definition` says, in plain Python over `tests.independent`; of the blocks themselves only the targets
and their directions are used. Whoever adds a block adds its recomputation to `RECOMPUTATIONS`: a function from a `Scope` to what it counts.
"""

from __future__ import annotations

import csv
import re
import shutil
import tomllib
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from fractions import Fraction
from math import ceil
from pathlib import Path
from typing import Any

import pytest
from scipy import stats

from tests.independent import Row, days, hours, last_day, table, working_days
from warehouse.load import open_warehouse
from warehouse.period import Window
from warehouse.scorecard import Figure, figures

BLOCKS: dict[str, dict[str, Any]] = {
    name: block
    for path in sorted((Path(__file__).parents[1] / "warehouse" / "indicators").glob("*.toml"))
    if path.name != "award.toml"
    for name, block in tomllib.loads(path.read_text(encoding="utf-8")).items()
}
GOLDEN = Path(__file__).parent / "golden" / "105q3.csv"


@dataclass(frozen=True)
class Scope:
    """The months and the site for which something is counted."""

    first: date
    last: date
    site: str = "all"

    def __str__(self) -> str:
        return f"{self.first:%Y-%m}..{self.last:%Y-%m} {self.site}"

    @property
    def months(self) -> list[date]:
        return [date(self.first.year, number, 1) for number in range(self.first.month, self.last.month + 1)]

    def rows(self, dataset: str) -> list[Row]:
        """The rows of these months and this site; rows that name no site belong to the whole office only."""
        return [row for row in table(dataset) if self.first <= row.month <= self.last and self.site in ("all", row.site)]


def month_of_105(number: int) -> date:
    return date(2016, number, 1)


SCOPES = [
    Scope(month_of_105(first), month_of_105(last), site)
    for first, last in ((1, 9), (7, 9), *((month, month) for month in range(1, 10)))
    for site in ("all", "yilan", "keelung")
]


@dataclass(frozen=True)
class Counted:
    """What was counted: the value before rounding (a word or date as it is), the sums it came from, and the single scores of a sampled mean.

    sampled: whether it speaks of more people than were asked, so that an interval belongs to it.
    """

    exact: Fraction | str | None
    numerator: Fraction | None = None
    denominator: Fraction | None = None
    n: int | None = None
    sampled: bool = False
    scores: tuple[Fraction, ...] = ()


#: None: nothing was sent in for these months and this site.
Recomputation = Callable[[Scope], Counted | None]

RECOMPUTATIONS: dict[str, Recomputation] = {}


def recomputes(function: Recomputation) -> Recomputation:
    """Enter a function under its own name."""
    RECOMPUTATIONS[function.__name__] = function
    return function


# --- ways of counting -------------------------------------------------------------------------------------------------------


def amount(value: Fraction | int) -> Counted:
    return Counted(Fraction(value), numerator=Fraction(value))


def share(part: Fraction | int, whole: Fraction | int, *, of: int = 100, sampled: bool = False, scores: tuple[Fraction, ...] = ()) -> Counted:
    """In per cent; with `of=1` a mean."""
    exact = Fraction(part) / Fraction(whole) * of if whole else None
    return Counted(exact, Fraction(part), Fraction(whole), int(whole) or None, sampled, scores)


def added(rows: Iterable[Row], *headings: str) -> Fraction:
    """The sum of these columns; blanks add nothing."""
    return sum((row.number(heading) or Fraction(0) for row in rows for heading in headings), Fraction(0))


def known(rows: Iterable[Row], heading: str) -> bool:
    """Whether any cell of the column is filled; a blank is missing, not nought."""
    return any(row[heading] for row in rows)


def count(dataset: str, **cells: str | tuple[str, ...]) -> Recomputation:
    """How many rows read so."""

    def recompute(scope: Scope) -> Counted | None:
        rows = scope.rows(dataset)
        return amount(sum(row.reads(**cells) for row in rows)) if rows else None

    return recompute


def total(dataset: str, *headings: str, **cells: str | tuple[str, ...]) -> Recomputation:
    """The sum of columns over the rows that read so: nought where there are others only."""

    def recompute(scope: Scope) -> Counted | None:
        rows = scope.rows(dataset)
        chosen = [row for row in rows if row.reads(**cells)]
        if not rows or (chosen and not any(known(chosen, heading) for heading in headings)):
            return None
        return amount(added(chosen, *headings))

    return recompute


def ratio(dataset: str, part: str, whole: str, *, of: int = 1) -> Recomputation:
    """One column over another."""

    def recompute(scope: Scope) -> Counted | None:
        rows = scope.rows(dataset)
        return share(added(rows, part), added(rows, whole), of=of) if rows else None

    return recompute


# --- questionnaires ---------------------------------------------------------------------------------------------------------

SATISFACTION = {
    "application": "處理申請事項",
    "environment": "機關洽公環境",
    "reception": "接待志工警衛或替代役男的服務態度",
    "staff": "其他人員服務態度",
    "overall": "整體滿意度",
    "answer": "問題處理解答詢問",
}
ANSWERS = {
    "very_satisfied": ("很滿意",),
    "satisfied": ("滿意",),
    "fair": ("尚滿意",),
    "dissatisfied": ("不滿意",),
    "top2": ("很滿意", "滿意"),
}
TIMES = {"within_15": ("15分鐘內",), "15_30": ("30分鐘內",), "30_45": ("45分鐘內",), "within_30": ("15分鐘內", "30分鐘內")}


def answers(questions: Iterable[str], words: tuple[str, ...]) -> Recomputation:
    """The share of those who answered these questions that gave one of these answers."""

    def recompute(scope: Scope) -> Counted | None:
        rows = scope.rows("survey_response")
        given = [row[question].replace("以內", "內") for row in rows for question in questions if row[question]]
        return share(sum(answer in words for answer in given), len(given), sampled=True) if rows else None

    return recompute


for code, questions in {**{code: [question] for code, question in SATISFACTION.items()}, "combined": list(SATISFACTION.values())}.items():
    for option, words in ANSWERS.items():
        if f"survey_{code}_{option}" in BLOCKS:
            RECOMPUTATIONS[f"survey_{code}_{option}"] = answers(questions, words)
for band, words in TIMES.items():
    RECOMPUTATIONS[f"survey_time_{band}"] = answers(["洽辦公務時間"], words)

RECOMPUTATIONS |= {
    "survey_valid_n": count("survey_response"),
    "survey_forms_sent": total("survey_tally", "發出份數"),
    "survey_forms_returned": total("survey_tally", "回收份數"),
    "survey_return_rate": ratio("survey_tally", "回收份數", "發出份數", of=100),
}

# --- telephone and attitude -------------------------------------------------------------------------------------------------


def calls(scope: Scope, body: str) -> list[Row]:
    """The calls that a body made; it stands in the row, or in the title of its form."""
    return [row for row in scope.rows("phone_test") if body in (row["測試機關"] or row.title)]


def calls_counted(body: str) -> Recomputation:
    return lambda scope: amount(len(calls(scope, body))) if scope.rows("phone_test") else None


def calls_scored(body: str) -> Recomputation:
    def recompute(scope: Scope) -> Counted | None:
        scores = tuple(score for row in calls(scope, body) if (score := row.number("總分")) is not None)
        return share(sum(scores, Fraction(0)), len(scores), of=1, sampled=True, scores=scores) if scores else None

    return recompute


RECOMPUTATIONS |= {
    "phone_self_persons": calls_counted("花蓮分署"),
    "phone_self_mean": calls_scored("花蓮分署"),
    "phone_hq_persons": calls_counted("執行署"),
    "phone_hq_mean": calls_scored("執行署"),
}


@recomputes
def phone_self_rounds(scope: Scope) -> Counted | None:
    return amount(len({row.month for row in calls(scope, "花蓮分署")})) if scope.rows("phone_test") else None


@recomputes
def phone_self_grade(scope: Scope) -> Counted | None:
    mean = RECOMPUTATIONS["phone_self_mean"](scope)
    if mean is None or not isinstance(mean.exact, Fraction):
        return None
    word = next(word for bound, word in ((90, "優等"), (80, "甲等"), (70, "乙等"), (60, "丙等"), (0, "丁等")) if mean.exact >= bound)
    return Counted(word, n=mean.n)


@recomputes
def attitude_reports(scope: Scope) -> Counted | None:
    rows = scope.rows("attitude_score")
    return amount(len({row.month for row in rows})) if rows else None


@recomputes
def attitude_mean(scope: Scope) -> Counted | None:
    rows = scope.rows("attitude_score")
    return share(added(rows, "總分"), len(rows), of=1) if rows else None


def last_placed(month: date) -> set[str]:
    rows = Scope(month, month).rows("attitude_score")
    places = [row.number("名次") for row in rows]
    return {row["單位"] for row in rows if row.number("名次") == max(places)}


@recomputes
def attitude_consecutive_last(scope: Scope) -> Counted | None:
    """Also against the month before the first: January against December 104, of which there is nothing."""
    if not scope.rows("attitude_score"):
        return None
    before = {month: date(month.year - (month.month == 1), (month.month - 2) % 12 + 1, 1) for month in scope.months}
    return amount(sum(len(last_placed(month) & last_placed(before[month])) for month in scope.months))


# --- papers, inquiries, money, the counter ----------------------------------------------------------------------------------

CHANNELS = {"phone": "電話查詢", "counter": "臨櫃查詢", "web_email": "網路查詢(含電子信箱)", "copies": "資料影印"}

RECOMPUTATIONS |= {
    "ecert_epayment_count": total("edoc_monthly", "電子支付件數"),
    "ecert_eorder_count": total("edoc_monthly", "電子下單件數"),
    "ecert_total": total("edoc_monthly", "電子支付件數", "電子下單件數"),
    "exec_certificate_batches": total("edoc_monthly", "執行憑證筆數"),
    "exec_certificate_cases": total("edoc_monthly", "執行憑證件數"),
    "exec_certificate_cases_per_batch": ratio("edoc_monthly", "執行憑證件數", "執行憑證筆數"),
    "edoc_exchange_orders": total("edoc_monthly", "執行命令電子交換件數"),
    "inquiry_total": total("inquiry_monthly", "件數"),
    "inquiry_total_corrected": total("inquiry_monthly", "件數", 查詢管道=tuple(CHANNELS.values())),
    **{f"inquiry_{code}": total("inquiry_monthly", "件數", 查詢管道=channel) for code, channel in CHANNELS.items()},
    "cvs_payment_count": total("payment_monthly", "便利商店代收件數"),
    "cvs_payment_amount": total("payment_monthly", "便利商店金額"),
    "cvs_avg_payment": ratio("payment_monthly", "便利商店金額", "便利商店代收件數"),
    "counter_payment_count": total("payment_monthly", "臨櫃代收筆數"),
    "counter_payment_amount": total("payment_monthly", "臨櫃代收金額"),
    "counter_avg_payment": ratio("payment_monthly", "臨櫃代收金額", "臨櫃代收筆數"),
    "payment_amount_two_channels": total("payment_monthly", "便利商店金額", "臨櫃代收金額"),
    "website_visits": total("web_traffic_monthly", "本月瀏覽人次"),
}


def channel_share(channel: str) -> Recomputation:
    def recompute(scope: Scope) -> Counted | None:
        rows = scope.rows("inquiry_monthly")
        return share(added((row for row in rows if row.reads(查詢管道=channel)), "件數"), added(rows, "件數")) if rows else None

    return recompute


RECOMPUTATIONS["inquiry_phone_share"] = channel_share("電話查詢")
RECOMPUTATIONS["inquiry_counter_share"] = channel_share("臨櫃查詢")


@recomputes
def website_visits_cumulative(scope: Scope) -> Counted | None:
    """The last reading, never a sum."""
    rows = sorted(scope.rows("web_traffic_monthly"), key=lambda row: row.month)
    return Counted(rows[-1].number("累計瀏覽人次")) if rows else None


# --- what citizens write ----------------------------------------------------------------------------------------------------

RECOMPUTATIONS |= {
    "petition_count": count("feedback_case", 類別="陳情"),
    "petition_open": count("feedback_case", 類別="陳情", 辦結日期=""),
    "news_report_count": count("feedback_case", 類別="新聞輿情"),
    "mailbox_public_opinion": count("feedback_case", 類別="民意信箱"),
    "mailbox_obligor_statement": count("feedback_case", 類別="義務人陳述信箱"),
    "mailbox_total": count("feedback_case", 類別=("民意信箱", "義務人陳述信箱")),
}


def petition_days(scope: Scope) -> list[int]:
    """The working days that each closed petition took."""
    closed = [row for row in scope.rows("feedback_case") if row["類別"] == "陳情" and row["辦結日期"]]
    return [working_days(row.days("收件日期")[0], row.days("辦結日期")[0]) for row in closed]


@recomputes
def petition_on_time(scope: Scope) -> Counted | None:
    taken = petition_days(scope)
    return share(sum(days <= 30 for days in taken), len(taken)) if scope.rows("feedback_case") else None


@recomputes
def petition_overdue(scope: Scope) -> Counted | None:
    return amount(sum(days > 30 for days in petition_days(scope))) if scope.rows("feedback_case") else None


# --- events, training, meetings, aid, upkeep --------------------------------------------------------------------------------

CHARITY = "公益關懷"

RECOMPUTATIONS |= {
    "environment_day_frequency": count("outreach_event", 類別="環境清潔日"),
    "community_cleaning_count": count("outreach_event", 類別="社區清潔"),
    "lecture_count": count("outreach_event", 類別="授課"),
    "tax_promotion_event_count": count("outreach_event", 類別="租稅宣導"),
    "outreach_charity_persons_all": total("outreach_event", "人次", 類別=CHARITY),
    "blood_total_persons": total("outreach_event", "人次", 類別="捐血"),
    "blood_total_cc": total("outreach_event", "數量", 類別="捐血", 數量單位="cc"),
    "training_sessions": count("training_session"),
    "training_persons": total("training_session", "參加人次"),
    "work_meetings": count("meeting", 會議類別="工作會議"),
    "supervisor_meetings": count("meeting", 會議類別="主管會議"),
    "review_group_meetings": count("meeting", 會議類別="考核小組"),
    "award_group_meetings": count("meeting", 會議類別="品質獎工作小組"),
    "benchmark_visit_sites": total("meeting", "參訪機關數", 會議類別="標竿參訪"),
    "social_aid_cases": count("social_aid_case"),
    "social_aid_notify_yilan": count("social_aid_case", 通報機關="宜蘭縣政府社會處"),
    "social_aid_notify_ruifang": count("social_aid_case", 通報機關="新北市瑞芳區公所"),
    "social_aid_notify_zhongzheng": count("social_aid_case", 通報機關="基隆市中正區公所"),
    "care_visit_cash": total("social_aid_case", "訪視慰問金"),
    "water_filter_change_interval": count("maintenance_log", 設備="飲水機", 項目="更換濾心"),
    "water_test_count": count("maintenance_log", 設備="飲水機", 項目="水質檢測"),
    "po_box_opening_frequency": count("maintenance_log", 設備="郵局租用信箱", 項目="開啟信箱"),
    "star_of_month_frequency": count("maintenance_log", 設備="執行之星公布欄", 項目="更新"),
    "noon_service_persons": total("noon_service", "服務人次"),
}

#: outreach_1050303_persons, and so on: the table and the category (any) of the event, and the column that is counted.
EVENTS = {"outreach": ("outreach_event", CHARITY), "blood": ("outreach_event", "捐血"), "training": ("training_session", None)}
COLUMNS = {("outreach_event", "persons"): "人次", ("outreach_event", "cc"): "數量"}
COLUMNS |= {("training_session", "persons"): "參加人次", ("training_session", "lecturers"): "講師人數"}


def event(dataset: str, category: str | None, day: date, measure: Callable[[Row], Fraction | None]) -> Recomputation:
    """What the event of one day counts; nothing in a window without it."""

    def recompute(scope: Scope) -> Counted | None:
        held = [row for row in scope.rows(dataset) if row.days("活動日期", "日期")[0] == day and category in (None, row["類別"])]
        values = [value for row in held if (value := measure(row)) is not None]
        return amount(sum(values, Fraction(0))) if values else None

    return recompute


for name in BLOCKS:
    if found := re.fullmatch(r"(outreach|blood|training)_(\d{3})(\d\d)(\d\d)_(\w+)", name):
        family, year, month, day, what = found.groups()
        dataset, category = EVENTS[family]
        on = date(int(year) + 1911, int(month), int(day))
        if (dataset, what) in COLUMNS:
            RECOMPUTATIONS[name] = event(dataset, category, on, lambda row, column=COLUMNS[dataset, what]: row.number(column))
        elif what == "hours":
            RECOMPUTATIONS[name] = event(dataset, category, on, lambda row: hours(row["起"], row["迄"]))

RECOMPUTATIONS |= {
    "elder_home_cleaning_sessions": event("outreach_event", CHARITY, date(2016, 1, 18), lambda row: row.number("場次")),
    "elder_home_cleaning_persons": event("outreach_event", CHARITY, date(2016, 1, 18), lambda row: row.number("人次")),
    "elder_meal_persons": event("outreach_event", CHARITY, date(2016, 2, 3), lambda row: row.number("人次")),
    "elder_meal_households": event("outreach_event", CHARITY, date(2016, 2, 3), lambda row: row.number("受益戶數")),
}


@recomputes
def outreach_charity_persons(scope: Scope) -> Counted | None:
    """The ten outings of March to August to which only conscripts went."""
    held = [row for row in scope.rows("outreach_event") if row.reads(類別=CHARITY, 參與身分="替代役男") and 3 <= row.month.month <= 8]
    return amount(added(held, "人次")) if held else None


@recomputes
def training_mean_persons(scope: Scope) -> Counted | None:
    rows = scope.rows("training_session")
    return share(added(rows, "參加人次"), len(rows), of=1) if rows else None


@recomputes
def benchmark_visit_days(scope: Scope) -> Counted | None:
    """First and last day both count."""
    rows = scope.rows("meeting")
    return amount(sum(len(days(*row.days("日期"))) for row in rows if row["會議類別"] == "標竿參訪")) if rows else None


def referrals(agency: str | None = None) -> Recomputation:
    """How often a case was referred to an agency, or to any."""

    def recompute(scope: Scope) -> Counted | None:
        rows = scope.rows("social_aid_case")
        named = [row[f"轉介單位{number}"] for row in rows for number in (1, 2, 3)]
        return amount(sum(bool(name) and agency in (None, name) for name in named)) if rows else None

    return recompute


RECOMPUTATIONS |= {
    "social_aid_refer_keelung_job": referrals("基隆就業服務站"),
    "social_aid_refer_luodong_job": referrals("羅東就業服務站"),
    "social_aid_refer_nhi_fund": referrals("健保署愛心專戶"),
    "social_aid_refer_chang_foundation": referrals("張榮發基金會"),
    "social_aid_referrals": referrals(),
}


@recomputes
def social_aid_notifications(scope: Scope) -> Counted | None:
    rows = scope.rows("social_aid_case")
    return amount(sum(bool(row["通報機關"]) for row in rows)) if rows else None


@recomputes
def noon_service_per_weekday(scope: Scope) -> Counted | None:
    """Both sites together, so neither alone; Mondays to Fridays of the months that have a record, holidays among them."""
    rows = scope.rows("noon_service")
    months = {row.month for row in rows}
    weekdays = sum(day.weekday() < 5 for month in months for day in days(month, last_day(month)))
    return share(added(rows, "服務人次"), weekdays, of=1) if rows and scope.site == "all" else None


# --- the website ------------------------------------------------------------------------------------------------------------

RECOMPUTATIONS |= {
    "page_review_monthly": count("web_check", 檢測項目="網頁內容檢視"),
    "link_check_count": count("web_check", 檢測項目="外部連結"),
    "link_check_errors": total("web_check", "異常數", 檢測項目="外部連結"),
    "accessibility_check_frequency": count("web_check", 檢測項目="無障礙檢測"),
}


def postings(scope: Scope, kind: str) -> list[int]:
    """Calendar days from promulgation to the website, of all that were posted in these months."""
    rows = [row for row in scope.rows("update_log") if row["類別"] == kind]
    return [(row.days("上網日期")[0] - row.days("發布日期")[0]).days for row in rows]


def longest_delay(kind: str) -> Recomputation:
    return lambda scope: Counted(Fraction(max(postings(scope, kind)))) if postings(scope, kind) else None


def posted_within(kind: str, limit: int) -> Recomputation:
    def recompute(scope: Scope) -> Counted | None:
        lags = postings(scope, kind)
        return share(sum(lag <= limit for lag in lags), len(lags)) if lags else None

    return recompute


RECOMPUTATIONS |= {
    "update_days_admin_rule": longest_delay("行政規則"),
    "update_on_time_admin_rule": posted_within("行政規則", 5),
    "update_days_regulation": longest_delay("法規命令"),
    "update_on_time_regulation": posted_within("法規命令", 3),
}


@recomputes
def external_links_total(scope: Scope) -> Counted | None:
    checks = [row for row in scope.rows("web_check") if row["檢測項目"] == "外部連結"]
    return Counted(max(checks, key=lambda row: row.days("檢測日期")).number("受測數")) if checks else None


@recomputes
def accessibility_pass_rate(scope: Scope) -> Counted | None:
    checks = [row for row in scope.rows("web_check") if row["檢測項目"] == "無障礙檢測"]
    tested = added(checks, "受測數")
    return share(tested - added(checks, "異常數"), tested) if checks else None


@recomputes
def accessibility_badge_date(scope: Scope) -> Counted | None:
    """The newest badge up to the end of the window; it stays valid."""
    rows = Scope(month_of_105(1), scope.last, scope.site).rows("web_check")
    won = [row.days("檢測日期")[0] for row in rows if row["檢測項目"] == "無障礙標章" and row["處理情形"] == "取得標章"]
    return Counted(max(won).isoformat()) if won else None


# --- facilities and facts ---------------------------------------------------------------------------------------------------

STATIONED = {
    "stationed_yilan_national_tax": "財政部北區國稅局宜蘭分局",
    "stationed_yilan_local_tax": "宜蘭縣地方稅務局",
    "stationed_yilan_nhi": "衛生福利部中央健康保險署臺北業務組",
    "stationed_yilan_labor_ins": "勞工保險局",
    "stationed_yilan_motor_vehicle": "宜蘭監理站",
    "stationed_keelung_national_tax": "財政部北區國稅局基隆分局",
    "stationed_keelung_local_tax": "基隆市稅務局",
    "stationed_keelung_ntpc_tax": "新北市政府稅捐稽徵處",
    "stationed_keelung_nhi": "衛生福利部中央健康保險署臺北業務組",
    "stationed_keelung_labor_ins": "勞工保險局",
    "stationed_keelung_motor_vehicle": "基隆監理站",
}
FACTS = {
    "service_window_sites": "單一窗口服務台",
    "process_chart_types": "作業流程標示",
    "downloadable_forms": "網路下載書表",
    "volunteers_on_rota": "志工服務人員",
    "signs_office_space": "辦公空間標示",
    "signs_route": "洽公動線標示",
    "signs_floor_plan": "各樓層平面圖",
    "signs_process_large": "大型申辦須知流程圖",
    "signs_auction_notice": "動產及不動產拍賣須知",
    "reading_rooms": "公開閱覽室",
    "water_temperature_modes": "飲水機溫度",
    "auction_projectors": "實物投影機",
    "auction_tvs": "42型LED液晶電視",
    "seat_toilet_min": "各廁所坐式馬桶",
    "accessible_parking": "無障礙停車位",
    "nursing_rooms": "哺(集)乳室",
    "nursing_room_awards": "優良哺(集)乳室競賽第1名",
    "attitude_base_score": "執行態度考核原則分",
    "attitude_components": "執行態度考核項目",
    "web_service_hours": "網站查閱時間",
    "web_items_agency_intro": "網站:機關簡介",
    "web_items_info_disclosure": "網站:政府資訊公開園地",
    "web_items_citizen_service": "網站:為民服務園地",
    "web_items_integrity": "網站:廉政天地",
    "web_items_statistics": "網站:統計園地",
    "cvs_tax_items": "超商代收財稅項目",
    "cvs_amount_limit": "超商代收金額上限",
    "cvs_chains": "代收超商",
    "cvs_service_hours": "超商繳款時間",
    "award_review_items": "品質獎評核項目",
    "mobile_service_townships": "巡迴服務合作公所",
}
#: The same wherever one asks, so sites do not add up.
SAME_EVERYWHERE = {
    "water_temperature_modes",
    "seat_toilet_min",
    "attitude_base_score",
    "attitude_components",
    "web_service_hours",
    "cvs_amount_limit",
    "cvs_service_hours",
    "award_review_items",
}
WORDS = {
    "volunteer_hours_am": "志工服務時間(上午)",
    "volunteer_hours_pm": "志工服務時間(下午)",
    "toilet_cleaning_frequency": "廁所清潔頻率",
    "update_weekly_query": "綜合查詢更新頻率",
}
#: Days, and a month, from which something holds.
STARTS = {
    "credit_card_launch": ("臨櫃刷卡繳款開辦", "%Y-%m-%d"),
    "easycard_launch": ("悠遊卡支付規費開辦", "%Y-%m-%d"),
    "online_card_request": ("線上授權刷卡函請", "%Y-%m-%d"),
    "mobile_service_start": ("行政執行巡迴服務", "%Y-%m"),
}


def in_force(scope: Scope, wanted: Callable[[Row], bool]) -> list[Row]:
    """The facts that hold at the end of the window: begun by then, not ended, of each item and place the newest."""
    end = last_day(scope.last)
    newest: dict[tuple[str, str], Row] = {}
    for row in sorted(Scope(month_of_105(1), scope.last, scope.site).rows("facility_fact"), key=lambda row: row.days("啟用日期")):
        if wanted(row) and row.days("啟用日期")[0] <= end:
            newest[(row["項目"], row["地點"])] = row
    return [row for row in newest.values() if not row["停用日期"] or row.days("停用日期")[0] >= end]


def fact(wanted: Callable[[Row], bool], together: Callable[[list[Fraction]], Fraction] = sum) -> Recomputation:
    def recompute(scope: Scope) -> Counted | None:
        values = [value for row in in_force(scope, wanted) if (value := row.number("數量")) is not None]
        return Counted(Fraction(together(values))) if values else None

    return recompute


def facts_added(wanted: Callable[[Row], bool]) -> Recomputation:
    """A total over several items."""

    def recompute(scope: Scope) -> Counted | None:
        rows = in_force(scope, wanted)
        return amount(added(rows, "數量")) if rows else None

    return recompute


def words_of(item: str) -> Recomputation:
    def recompute(scope: Scope) -> Counted | None:
        rows = in_force(scope, lambda row: row["項目"] == item)
        return Counted(rows[-1]["內容"]) if rows else None

    return recompute


def start_of(item: str, form: str) -> Recomputation:
    def recompute(scope: Scope) -> Counted | None:
        rows = in_force(scope, lambda row: row["項目"] == item)
        return Counted(rows[-1].days("啟用日期")[0].strftime(form)) if rows else None

    return recompute


for name, agency in STATIONED.items():
    place = name.split("_")[1]
    RECOMPUTATIONS[name] = fact(lambda row, item=f"駐處人員:{agency}", place=place: (row["項目"], row.site) == (item, place))
for name, item in FACTS.items():
    RECOMPUTATIONS[name] = fact(lambda row, item=item: row["項目"] == item, max if name in SAME_EVERYWHERE else sum)
for name, item in WORDS.items():
    RECOMPUTATIONS[name] = words_of(item)
for name, (item, form) in STARTS.items():
    RECOMPUTATIONS[name] = start_of(item, form)

RECOMPUTATIONS |= {
    "stationed_yilan_total": facts_added(lambda row: row["項目"].startswith("駐處人員:") and row.site == "yilan"),
    "stationed_keelung_total": facts_added(lambda row: row["項目"].startswith("駐處人員:") and row.site == "keelung"),
    "stationed_total": facts_added(lambda row: row["項目"].startswith("駐處人員:")),
    "signs_total": facts_added(lambda row: row["單位"] == "面"),
    "web_items_total": facts_added(lambda row: row["項目"].startswith("網站:")),
}


@recomputes
def report_period(scope: Scope) -> Counted | None:
    return Counted(f"{scope.first:%Y-%m}..{scope.last:%Y-%m}")


# --- rounding, intervals, verdicts ------------------------------------------------------------------------------------------


def printed(counted: Counted) -> Fraction | str | None:
    """As the report prints it: shares and means to two places, half up by integers alone; counts whole; words as they are."""
    if not isinstance(counted.exact, Fraction):
        return counted.exact
    scale = 1 if counted.denominator is None else 100
    assert counted.exact >= 0
    return Fraction((2 * counted.exact.numerator * scale + counted.exact.denominator) // (2 * counted.exact.denominator), scale)


def limits(counted: Counted) -> tuple[str, float, float] | None:
    """95 %: Wilson's score interval of a share, Student's of a mean of five scores or more, clipped to its scale."""
    if not counted.sampled or not counted.n or counted.numerator is None:
        return None
    if not counted.scores:
        low, high = stats.binomtest(int(counted.numerator), counted.n).proportion_ci(0.95, method="wilson")
        return "wilson", 100 * float(low), 100 * float(high)
    if counted.n < 5:
        return None
    scores = [float(score) for score in counted.scores]
    low, high = stats.t.interval(0.95, counted.n - 1, loc=sum(scores) / counted.n, scale=stats.sem(scores))
    return "t", max(0.0, float(low)), min(100.0, float(high))


def due(target: dict[str, Any], scope: Scope) -> Fraction:
    """What should be reached: as it stands, or by the whole office for each month or each whole quarter of the window."""
    if target.get("per") and scope.site != "all":
        return Fraction(0)
    quarters = sum(month.month % 3 == 0 and month.replace(month=month.month - 2) >= scope.first for month in scope.months)
    times = {None: 1, "month": len(scope.months), "quarter": quarters}[target.get("per")]
    return Fraction(str(target["value"])) * times


def judged(block: dict[str, Any], scope: Scope, counted: Counted | None) -> tuple[str | None, str]:
    """Comparison and verdict: the plain value against the target; where something is sampled the whole interval must clear it."""
    if counted is None or counted.exact is None:
        return None, "no_data"
    target = block.get("target")
    if target is None or isinstance(counted.exact, str) or ("per" in target and not due(target, scope)):
        return None, "no_target"
    goal, sign = due(target, scope), {"increase": 1, "decrease": -1}[block["direction"]]
    reached = sign * counted.exact >= sign * goal
    comparison = "meets" if reached else "misses"
    if target["basis"] == "provisional":
        return comparison, "no_target"
    if not counted.sampled:
        return comparison, "met" if reached else "not_met"
    interval = limits(counted)
    if interval is None:
        return comparison, "cannot_tell"
    worst, best = sorted((sign * interval[1], sign * interval[2]))
    return comparison, "met" if worst >= sign * goal else "not_met" if best < sign * goal else "cannot_tell"


def settling(block: dict[str, Any], scope: Scope, counted: Counted | None) -> tuple[int | None, bool]:
    """How many answers in all would settle the comparison at the present share, and whether so few could never reach the target.

    Wilson's interval is the score test turned round: it clears T as soon as n (p - T)² ≥ z² T (1 - T), which is solved for n.
    """
    if counted is None or "target" not in block or not counted.sampled or counted.scores or not counted.n or counted.exact is None:
        return None, False
    goal, square = float(due(block["target"], scope)) / 100, float(stats.norm.ppf(0.975)) ** 2
    present = float(counted.numerator or 0) / counted.n
    best = goal if block["direction"] == "increase" else 1 - goal
    too_few = counted.n / (counted.n + square) < best
    decided = judged({**block, "target": {**block["target"], "basis": "report"}}, scope, counted)[1] != "cannot_tell"
    return None if decided or present == goal else ceil(square * goal * (1 - goal) / (present - goal) ** 2), too_few


# --- the comparison ---------------------------------------------------------------------------------------------------------


@pytest.fixture(scope="module")
def computed_folder(sample_folder: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A copy of the sample warehouse for this module."""
    folder = tmp_path_factory.mktemp("recompute") / "data"
    shutil.copytree(sample_folder, folder)
    return folder


@pytest.fixture(scope="module")
def computed(computed_folder: Path) -> dict[Scope, dict[str, Figure]]:
    """Every figure of the sample warehouse, for every scope."""
    warehouse = open_warehouse(computed_folder)
    try:
        with warehouse.reading() as cursor:
            return {scope: figures(cursor, Window(scope.first, scope.last), site=scope.site) for scope in SCOPES}
    finally:
        warehouse.close()


def as_fraction(value: Decimal | str | None) -> Fraction | str | None:
    return Fraction(value) if isinstance(value, Decimal) else value


def differences(figure: Figure, block: dict[str, Any], scope: Scope, counted: Counted | None) -> list[str]:
    """What a figure of the warehouse says otherwise."""
    expected = counted or Counted(None)
    value = printed(expected)
    comparison, verdict = judged(block, scope, counted)
    pairs: dict[str, tuple[Any, Any]] = {
        "value": (as_fraction(figure.value), value),
        "numerator": (as_fraction(figure.numerator), expected.numerator),
        "denominator": (as_fraction(figure.denominator), expected.denominator),
        "n": (figure.n, expected.n),
        "comparison": (figure.comparison, comparison),
        "verdict": (figure.verdict, verdict),
        "needed, too few": ((figure.needed, figure.too_few), settling(block, scope, counted)),
        "goal": (figure.goal, float(due(block["target"], scope)) or None if block.get("target", {}).get("per") else block.get("target", {}).get("value")),
    }
    interval = limits(expected)
    pairs["interval"] = (figure.interval, interval[0] if interval else "none")
    if interval:
        for end, found, limit in (("low", figure.low, interval[1]), ("high", figure.high, interval[2])):
            near = found is not None and found == round(found, 2) and abs(float(found) - limit) <= 0.005 + 1e-9
            pairs[end] = (found, found if near else limit)
    else:
        whole = None if expected.sampled or isinstance(value, str) else value
        pairs |= {"low": (as_fraction(figure.low), whole), "high": (as_fraction(figure.high), whole)}
    return [f"{scope}: {key} is {found}, counted again {wanted}" for key, (found, wanted) in pairs.items() if found != wanted]


def test_every_indicator_is_recomputed() -> None:
    """A block without a recomputation, or a recomputation whose block is gone."""
    assert set(RECOMPUTATIONS) == set(BLOCKS)


@pytest.mark.parametrize("name", BLOCKS)
def test_recomputed(name: str, computed: dict[Scope, dict[str, Figure]]) -> None:
    """Year to date, the third quarter and each month of 105; all sites and each alone."""
    wrong = []
    for scope in SCOPES:
        figure, counted = computed[scope][name], RECOMPUTATIONS[name](scope)
        wrong += differences(figure, BLOCKS[name], scope, counted)
    assert not wrong, "\n".join([BLOCKS[name]["definition"], *wrong])


def test_working_days_of_each_case(computed_folder: Path) -> None:
    """From the day after a case came in to the day it was closed, holidays out and made-up Saturdays in."""
    counted = {row["編號"]: working_days(row.days("收件日期")[0], row.days("辦結日期")[0]) for row in table("feedback_case")}
    warehouse = open_warehouse(computed_folder)
    try:
        with warehouse.reading() as cursor:
            assert dict(cursor.execute("select case_id, working_days from mart_feedback_cases").fetchall()) == counted
    finally:
        warehouse.close()


def test_what_is_counted_again_is_what_the_office_printed() -> None:
    """The figures of the report, but for its eleven roundings, its inquiry total, and the children it visited, who are not stored."""
    differing, absent = [], []
    with GOLDEN.open(encoding="utf-8", newline="") as stream:
        for row in csv.DictReader(stream):
            if row["id"] not in RECOMPUTATIONS:
                absent.append(row["id"])
            elif counted := RECOMPUTATIONS[row["id"]](SCOPES[0]):
                value = printed(counted)
                if value != (row["printed"] if isinstance(value, str) else Fraction(row["printed"])):
                    differing.append(row["id"])
            else:
                differing.append(row["id"])
    assert absent == ["care_visit_children"]
    assert len(differing) == 12 and "inquiry_total" in differing, differing
