"""The 105 sample: its bytes come out of its generator, and its totals are those of the report, added up here without our own readers."""

from __future__ import annotations

import csv
import io
import re
import unicodedata
from collections import Counter
from datetime import date, timedelta
from decimal import ROUND_HALF_UP, Decimal
from itertools import pairwise
from pathlib import Path

import pytest

from warehouse.samples import make

SAMPLES = Path(make.__file__).parent
NOT_ROWS = ("合計", "累計", "平均", "備註", "填表人", "資料截止日")
Table = list[dict[str, str]]


def grid(path: Path) -> list[list[str]]:
    data = path.read_bytes()
    if data.startswith(b"\xff\xfe"):
        return list(csv.reader(io.StringIO(data.decode("utf-16"), newline=""), delimiter="\t"))
    try:
        text = data.decode("utf-8-sig")
    except UnicodeDecodeError:
        text = data.decode("cp950")
    return list(csv.reader(io.StringIO(text, newline="")))


def files(dataset: str, words: str = "") -> list[Path]:
    return sorted(path for path in (SAMPLES / dataset).glob("*.csv") if words in path.name)


def parts(path: Path, heading: str) -> tuple[Table, Table]:
    """Rows, and foot lines, below the row that holds the heading."""
    cells = grid(path)
    top = next(index for index, row in enumerate(cells) if heading in row)
    named = [dict(zip(cells[top], row, strict=True)) for row in cells[top + 1 :]]
    first = cells[top][0]
    return [row for row in named if not row[first].startswith(NOT_ROWS)], [row for row in named if row[first].startswith(NOT_ROWS)]


def rows(dataset: str, heading: str, words: str = "") -> Table:
    return [row for path in files(dataset, words) for row in parts(path, heading)[0]]


def number(text: str) -> Decimal:
    text = unicodedata.normalize("NFKC", text).replace(",", "")
    high, found, low = text.partition("萬")
    return Decimal(high) * 10_000 + Decimal(low or 0) if found else Decimal(text or 0)


def total(table: Table, heading: str) -> int:
    return int(sum(number(row[heading]) for row in table))


def day(text: str) -> date:
    text = unicodedata.normalize("NFKC", text)
    if text.isdigit():
        return date(int(text[:-4]) + 1911, int(text[-4:-2]), int(text[-2:]))
    year, month, number_of_day = map(int, re.findall(r"\d+", text)[:3])
    return date(year + 1911, month, number_of_day)


def month(text: str) -> int:
    digits = re.findall(r"\d+", unicodedata.normalize("NFKC", text))
    return int(digits[1]) if len(digits) > 1 else int(digits[0][-2:])


def half_up(value: Decimal) -> Decimal:
    return value.quantize(Decimal("0.01"), ROUND_HALF_UP)


def by(table: Table, heading: str, value: str) -> Table:
    return [row for row in table if row[heading] == value]


def test_the_generator_writes_the_committed_files() -> None:
    committed = {path.relative_to(SAMPLES).as_posix(): path.read_bytes() for path in SAMPLES.glob("*/*.csv")}
    assert make.build() == committed


def test_main_writes_and_clears(tmp_path: Path) -> None:
    (tmp_path / "meeting").mkdir()
    (tmp_path / "meeting" / "old.csv").write_bytes(b"")
    make.main(tmp_path)
    assert {path.relative_to(tmp_path).as_posix() for path in tmp_path.glob("*/*.csv")} == set(make.build())


def test_files_are_saved_as_the_office_saves_them() -> None:
    contents = list(make.build().values())
    assert all(b"\r\n" in content or content.startswith(b"\xff\xfe") for content in contents)
    assert sum(content.startswith(b"\xff\xfe") for content in contents) == 1
    assert any(content.startswith(b"\xef\xbb\xbf") for content in contents)
    assert any(not decodes_as_utf8(content) for content in contents if not content.startswith(b"\xff\xfe"))


def decodes_as_utf8(content: bytes) -> bool:
    try:
        content.decode()
    except UnicodeDecodeError:
        return False
    return True


# --- totals of the report ---------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("question", "counts"),
    [
        ("洽辦公務時間", {"15": 135, "30": 35, "45": 5}),
        ("處理申請事項", {"很滿意": 95, "滿意": 78, "尚滿意": 2}),
        ("機關洽公環境", {"很滿意": 95, "滿意": 74, "尚滿意": 5, "不滿意": 1}),
        ("接待志工警衛或替代役男的服務態度", {"很滿意": 127, "滿意": 46, "尚滿意": 2}),
        ("其他人員服務態度", {"很滿意": 95, "滿意": 75, "尚滿意": 5}),
        ("整體滿意度", {"很滿意": 103, "滿意": 71, "尚滿意": 1}),
        ("問題處理解答詢問", {"很滿意": 110, "滿意": 61, "尚滿意": 4}),
    ],
)
def test_questionnaires_have_the_marginals_of_the_report(question: str, counts: dict[str, int]) -> None:
    answers = rows("survey_response", "編號")
    words = (unicodedata.normalize("NFKC", row[question]) for row in answers)
    assert len(answers) == 175
    assert Counter(word[:2] if question == "洽辦公務時間" else word for word in words) == counts


def test_forms_counted_equal_forms_entered() -> None:
    entered = Counter((day(row["填表日期"]).month, row["服務地點"]) for row in rows("survey_response", "編號"))
    tally = rows("survey_tally", "發出份數")
    assert {(month(row["月份"]), row["服務地點"]): int(row["有效份數"]) for row in tally} == entered
    for row in tally:
        sent, returned, valid, invalid = (int(row[name]) for name in ("發出份數", "回收份數", "有效份數", "無效份數"))
        assert sent >= returned == valid + invalid


def test_telephone_tests_have_the_means_of_the_report() -> None:
    own, office = rows("phone_test", "總分", "花蓮"), rows("phone_test", "總分", "執行署")
    assert (len(files("phone_test", "花蓮")), len(own), len(office)) == (9, 18, 9)
    assert half_up(sum(number(row["總分"]) for row in own) / 18) == Decimal("92.87")
    assert half_up(sum(number(row["總分"]) for row in office) / 9) == Decimal("91.83")
    for row in own:
        assert sum(number(row[name]) for name in row if name.endswith(")")) == number(row["總分"])


def test_averages_printed_are_right() -> None:
    for path in files("phone_test", "花蓮"):
        calls, foot = parts(path, "總分")
        assert sum(number(row["總分"]) for row in calls) / len(calls) == number(foot[0]["總分"])


def test_nobody_is_last_twice_running() -> None:
    last = []
    for path in files("attitude_score", ""):
        scores, _ = parts(path, "名次")
        ranked = sorted(scores, key=lambda row: -number(row["總分"]))
        assert [int(row["名次"]) for row in ranked] == [1, 2, 3, 4, 5, 6]
        for row in scores:
            assert sum(number(row[name]) for name in ("問卷訪查", "電話禮貌", "民眾抱怨", "主管考評", "加減分")) == number(row["總分"])
        last.append(ranked[-1]["單位"])
    assert len(last) == 9
    assert all(earlier != later for earlier, later in pairwise(last))


PAYMENT_TOTALS = {"便利商店代收件數": 42_648, "便利商店金額": 83_952_914, "臨櫃代收筆數": 4_400, "臨櫃代收金額": 251_046_629}


def test_payments_add_up_and_so_do_the_running_totals() -> None:
    running = dict.fromkeys(PAYMENT_TOTALS, 0)
    for path in files("payment_monthly"):
        table, foot = parts(path, "月份")
        for name in running:
            running[name] += total(table, name)
            assert total(foot[:1], name) == running[name]
    assert running == PAYMENT_TOTALS
    by_month = {month(row["月份"]): [int(number(row[name])) for name in PAYMENT_TOTALS] for row in rows("payment_monthly", "月份")}
    assert by_month[8] == [4_861, 9_402_118, 511, 29_110_442]
    assert by_month[9] == [4_739, 9_328_102, 489, 27_894_070]


def test_the_counter_runs_on_without_a_jump() -> None:
    table = rows("web_traffic_monthly", "統計月份")
    readings = [number(row["累計瀏覽人次"]) for row in table]
    assert [month(row["統計月份"]) for row in table] == list(range(1, 10))
    assert [later - earlier for earlier, later in pairwise(readings)] == [number(row["本月瀏覽人次"]) for row in table[1:]]
    assert readings[-2:] == [543_180, 549_203]


def test_inquiries() -> None:
    table = rows("inquiry_monthly", "查詢管道")
    sums: Counter[str] = Counter()
    for row in table:
        months = [name for name in row if name.endswith("月")]
        assert sum(number(row[name]) for name in months) == number(row["合計"])
        sums[row["查詢管道"]] += int(number(row["合計"]))
    assert dict(sums) == {"電話查詢": 8_571, "臨櫃查詢": 8_282, "網路查詢(含電子信箱)": 0, "資料影印": 12}


def test_electronic_papers() -> None:
    table = rows("edoc_monthly", "月份")
    assert len(table) == 9
    sums = [total(table, name) for name in ("電子支付件數", "電子下單件數", "執行憑證筆數", "執行憑證件數", "執行命令電子交換件數")]
    assert sums == [238, 9, 2_991, 130_292, 87_676]


def test_feedback() -> None:
    table = rows("feedback_case", "編號")
    assert Counter(row["類別"] for row in table) == {"陳情": 1, "新聞輿情": 6, "民意信箱": 5, "義務人陳述信箱": 5}
    petition = by(table, "類別", "陳情")[0]
    assert (day(petition["收件日期"]), day(petition["辦結日期"])) == (date(2016, 4, 11), date(2016, 4, 22))
    assert all(day(row["收件日期"]) <= day(row["辦結日期"]) for row in table)


def test_events() -> None:
    table = rows("outreach_event", "序號")
    counts = {"公益關懷": 12, "社區清潔": 9, "環境清潔日": 9, "捐血": 3, "授課": 4, "租稅宣導": 3}
    assert Counter(row["類別"] for row in table) == counts
    charity = by(table, "類別", "公益關懷")
    assert [int(row["人次"]) for row in charity] == [110, 5, 6, 4, 4, 4, 4, 4, 8, 7, 4, 4]
    assert [day(row["活動日期"]).strftime("%m%d") for row in charity] == [
        "0118",
        "0203",
        "0303",
        "0307",
        "0310",
        "0425",
        "0428",
        "0607",
        "0623",
        "0804",
        "0808",
        "0825",
    ]
    assert charity[0]["場次"] == "15"
    assert charity[1]["受益戶數"] == "5"
    assert [(int(row["人次"]), int(number(row["數量"]))) for row in by(table, "類別", "捐血")] == [(23, 3_250), (15, 4_250), (11, 3_000)]
    assert [row["序號"] for row in table] == [str(index) for index in range(1, len(table) + 1)]


def test_training() -> None:
    table = rows("training_session", "課程名稱")
    assert [int(row["參加人次"]) for row in table] == [53, 65, 59, 71, 18, 73, 64, 54, 61, 47, 28, 39, 59]
    days = [day(row["日期"]) for row in table]
    assert [f"{d:%m%d}" for d in days] == ["0223", "0324", "0329", "0331", "0428", "0601", "0616", "0621", "0721", "0726", "0805", "0825", "0922"]
    assert table[0]["講師人數"] == "2"
    hours = {f"{d:%m%d}": (row["起"], row["迄"]) for d, row in zip(days, table, strict=True) if row["起"]}
    assert hours == {"0721": ("10:00", "12:00"), "0805": ("9:00", "11:00"), "0825": ("14:00", "17:00")}


def test_meetings() -> None:
    table = rows("meeting", "會議類別")
    assert Counter(row["會議類別"] for row in table) == {"工作會議": 9, "主管會議": 17, "考核小組": 3, "品質獎工作小組": 9, "標竿參訪": 1}
    visit = by(table, "會議類別", "標竿參訪")[0]
    assert (visit["日期"], visit["參訪機關數"]) == ("105年2月18日至19日", "3")
    assert all(int(row["完成件數"]) <= int(row["決議件數"]) for row in table if row["決議件數"])


def test_social_aid() -> None:
    table = rows("social_aid_case", "案號")
    assert Counter(row["通報機關"] for row in table) == {"宜蘭縣政府社會處": 5, "新北市瑞芳區公所": 1, "基隆市中正區公所": 1}
    referrals = Counter(row[f"轉介單位{n}"] for row in table for n in (1, 2, 3) if row[f"轉介單位{n}"])
    assert referrals == {"基隆就業服務站": 1, "羅東就業服務站": 2, "健保署愛心專戶": 6, "張榮發基金會": 7}
    assert [(day(row["通報日期"]), row["訪視慰問金"]) for row in table if row["訪視慰問金"]] == [(date(2016, 5, 23), "10,000")]


def test_facts_of_the_report_are_there() -> None:
    table = rows("facility_fact", "項目")
    stationed = [row for row in table if row["項目"].startswith("駐處人員：")]
    assert (total(by(stationed, "地點", "宜蘭"), "數量"), total(by(stationed, "地點", "基隆"), "數量")) == (7, 7)
    facts = {(row["項目"], row["地點"]): row["數量"] or row["內容"] for row in table}
    assert len(facts) == len(table)
    assert facts["作業流程標示", ""] == "8"
    assert facts["志工服務時間（上午）", ""] == "09:00-12:00"
    assert facts["超商代收金額上限", ""] == "20,000"
    since = {row["項目"]: row["啟用日期"] for row in table}
    assert since["臨櫃刷卡繳款開辦"] == "105年3月1日"
    assert since["悠遊卡支付規費開辦"] == "105年6月1日"
    assert since["線上授權刷卡函請"] == "105年8月23日"


def test_upkeep_and_noon_service() -> None:
    done = Counter((row["設備"], row["項目"]) for row in rows("maintenance_log", "設備"))
    assert done == {("飲水機", "更換濾心"): 3, ("飲水機", "水質檢測"): 9, ("郵局租用信箱", "開啟信箱"): 9, ("執行之星公布欄", "更新"): 9}
    noon = rows("noon_service", "輪值人員代碼")
    assert total(noon, "服務人次") == 48
    assert all({day(row["日期"]).month for row in by(noon, "地點", site)} == set(range(1, 10)) for site in ("宜蘭", "基隆"))


def test_the_website_was_checked_and_kept_up() -> None:
    checks = rows("web_check", "檢測項目")
    assert Counter(row["檢測項目"] for row in checks) == {"外部連結": 9, "無障礙檢測": 9, "網頁內容檢視": 9, "無障礙標章": 1}
    assert {(row["受測數"], row["異常數"]) for row in by(checks, "檢測項目", "外部連結")} == {("63", "0")}
    assert total(checks, "異常數") == 0
    assert [day(row["檢測日期"]) for row in by(checks, "檢測項目", "無障礙標章")] == [date(2016, 8, 15)]
    updates = rows("update_log", "類別")
    lags = {kind: [(day(row["上網日期"]) - day(row["發布日期"])).days for row in by(updates, "類別", kind)] for kind in ("行政規則", "法規命令")}
    assert (min(lags["行政規則"]), max(lags["行政規則"])) == (0, 5)
    assert max(lags["法規命令"]) == 3
    weeks = {day(row["上網日期"]).isocalendar()[:2] for row in by(updates, "類別", "綜合查詢")}
    assert weeks == {(2016, week) for week in range(1, 40)}


# --- every file -------------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("path", sorted(SAMPLES.glob("*/*.csv")), ids=lambda path: path.name)
def test_totals_printed_are_right(path: Path) -> None:
    cells = grid(path)
    foot = next((index for index, row in enumerate(cells) if row[0] == "合計"), None)
    if foot is None:
        return
    top = next(index for index, row in enumerate(cells) if len([cell for cell in row if cell]) > 2)
    for column, printed in enumerate(cells[foot][1:], start=1):
        if printed and path.parent.name == "survey_response":
            assert int(printed) == foot - top - 1
        elif printed:
            assert number(printed) == sum(number(row[column]) for row in cells[top + 1 : foot])


def test_the_calendar_of_105() -> None:
    table = rows("office_calendar", "西元日期")
    works = {date.fromisoformat(row["西元日期"]): row["是否放假"] == "0" for row in table}
    assert sorted(works) == [date(2016, 1, 1) + timedelta(n) for n in range(366)]
    assert works[date(2016, 1, 30)]
    assert works[date(2016, 6, 4)]
    assert works[date(2016, 9, 10)]
    assert not any(works[date(2016, 2, 6) + timedelta(n)] for n in range(9))
    assert sum(works.values()) == 250
    assert [(row["星期"], date.fromisoformat(row["西元日期"]).weekday()) for row in table[:2]] == [("五", 4), ("六", 5)]


def test_no_personal_data() -> None:
    for path in SAMPLES.glob("*/*.csv"):
        text = "\n".join(",".join(row) for row in grid(path))
        assert not re.search(r"[A-Z][12]\d{8}|09\d\d-?\d{3}-?\d{3}", text), path
        assert not any(name in text for name in ("林宏陽", "陳靜怡", "佳裕", "世民", "裕權", "美麗", "王姓")), path
