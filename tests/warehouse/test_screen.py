"""Tables of the office and what is wrong with them: headers, numbers, days, words, totals, months. Nothing becomes null or infinite by itself."""

from __future__ import annotations

import re
from collections.abc import Iterator
from datetime import date, time
from decimal import Decimal
from typing import Any

import polars as pl
import pytest

from warehouse import ledger
from warehouse.errors import Refused, UsageError
from warehouse.intake import Source
from warehouse.load import LoadResult, Request, load_file, open_warehouse
from warehouse.screen import screen, year_option
from warehouse.store import Warehouse

TODAY = date(2016, 10, 5)
QUESTIONS = "洽辦公務時間,處理申請事項,機關洽公環境,接待志工警衛或替代役男的服務態度,其他人員服務態度,整體滿意度,問題處理解答詢問"
SURVEY = f"編號,填表日期,服務地點,{QUESTIONS},建議事項"
SURVEY_ENGLISH = "response_id,response_date,site,q_time,q_application,q_environment,q_reception,q_staff,q_overall,q_answer,comment"
ANSWERS = "15分鐘內,滿意,滿意,滿意,滿意,滿意,滿意"
PAYMENT = "月份,管道,件數,金額"
JULY = "105年7月,便利商店,10,1200"
COUNTER = "105年7月,臨櫃代收,5,300"
SCORES = "月份,單位,問卷訪查,電話禮貌,民眾抱怨,主管考評,加減分,總分,名次"
CASES = "編號,收件日期,類別,管道,承辦單位,辦結日期,回復方式,是否延期"
CALLS = "測試日期,測試時間,受測單位,分機,總機接聽速度(25),總機電話禮貌(20),接聽速度(15),電話禮貌(25),答話內容(15),總分,評等"
CALLS_TITLE = "花蓮分署協助宜蘭分署105年9月電話禮貌測試紀錄表" + "," * 10


def quoted(cell: str) -> str:
    return '"' + cell.replace('"', '""') + '"'


def form(number: str = "001", day: str = "105/07/05", site: str = "宜蘭", answers: str = ANSWERS, comment: str = "") -> str:
    return f"{number},{day},{site},{answers},{comment}"


def table(*lines: str) -> str:
    return "\n".join(lines) + "\n"


def survey(*rows: str, header: str = SURVEY) -> str:
    return table(header, *rows)


def payment(*rows: str, header: str = PAYMENT) -> str:
    return table(header, *rows)


@pytest.fixture(scope="module")
def warehouse(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Warehouse]:
    """An empty warehouse, into which nothing may be written by any test of this module."""
    opened = open_warehouse(tmp_path_factory.mktemp("data"))
    yield opened
    with opened.reading() as cursor:
        assert ledger.entries(cursor) == []
    opened.close()


@pytest.fixture(autouse=True)
def _today(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("SERVICE_QUALITY_TODAY", TODAY.isoformat())


def look(warehouse: Warehouse, text: str, *, name: str = "測試.csv", **options: Any) -> LoadResult:
    """What the loader answers, without writing. Rows add up to the records below the header; each finding is a sentence in four parts, in Chinese."""
    result = load_file(warehouse, Source(name, text.encode()), Request(by="測試", dry_run=True, **options))
    assert result.read == result.loaded + result.held + sum(result.ignored.values())
    for finding in result.findings:
        assert re.fullmatch(r"(整份檔案|第[0-9]+列|(第[0-9]+列)?「.*」欄)：.+，應為.+。.+。", finding.message, re.S), finding.message
        assert finding.value is None or len(finding.value) <= 41
        unquoted = re.sub("「.*?」", "", finding.message, flags=re.S)
        assert not set(re.findall("[A-Za-z]{3,}", unquoted)) - {"Excel", "CSV", "copy"}
    return result


def outcome(result: LoadResult) -> tuple[str, set[str]]:
    return result.outcome, {finding.code for finding in result.findings}


def rows_of(text: str, **options: Any) -> pl.DataFrame:
    """The canonical rows of a table."""
    return pl.concat(screen(Source("測試.csv", text.encode()), today=TODAY, **options).frames())


# --- headers and layout -----------------------------------------------------------------------------------------------------

TAKEN = [
    ("HDR-01", payment(JULY), (1, 1, {})),
    ("HDR-02", survey(form(), header=SURVEY_ENGLISH), (1, 1, {})),
    ("HDR-03", survey(form(), header=SURVEY_ENGLISH.replace("site", "服務地點")), (1, 1, {})),
    ("HDR-05", table("金額,件數,管道,月份", "1200,10,便利商店,105年7月"), (1, 1, {})),
    ("HDR-10", payment("105年7月,便利商店,,10,1200", header="月份,管道,,件數,金額"), (1, 1, {})),
    ("HDR-12", payment(JULY, header="月\u200b份,\ufeff管道,件數,金額"), (1, 1, {})),
    ("HDR-13", payment(JULY, header=" 月份,\u3000管 道　,件數,金額"), (1, 1, {})),
    ("HDR-14", payment(JULY, header='月份,"管\n道",件數,金額'), (1, 1, {})),
    ("HDR-15", survey(form(), header=SURVEY_ENGLISH.replace("site", "ｓｉｔｅ")), (1, 1, {})),
    ("HDR-16", table("日期,地點,輪值人員代碼,服務人次,服務項目", "105/7/5,本分署,A07,1,繳款"), (1, 1, {})),
    ("HDR-17", payment(JULY, header="月份,管道,件數,金額（千元）"), (1, 1, {})),
    ("HDR-19", "105年7月案款代收\n單位：元\n\n" + payment(JULY), (1, 1, {})),
    ("HDR-19 padded", "105年7月案款代收,,,\n,,,單位：元\n" + payment(JULY), (1, 1, {})),
    ("HDR-19 nine lines", "\n" * 9 + payment(JULY), (1, 1, {})),
    ("HDR-21", payment("月份,管道,件數,金額", JULY, header="month,channel,n,amount"), (2, 1, {"header": 1})),
    ("HDR-24", survey(form("1"), SURVEY, form("2"), SURVEY, form("3")), (5, 3, {"header": 2})),
    ("HDR-25", survey(form(), header=SURVEY_ENGLISH.upper()), (1, 1, {})),
    ("HDR-26", payment(JULY, COUNTER, "合計,,15,1500"), (3, 2, {"total": 1})),
    ("HDR-26 in groups", payment(JULY, "小計,,10,1200", COUNTER, "小計,,5,300", "總計,,15,1500"), (5, 2, {"subtotal": 2, "total": 1})),
    ("HDR-26 in English", payment(JULY, "Total,,10,1200"), (2, 1, {"total": 1})),
    ("HDR-26 with a space", payment(JULY, "合　計,,10,1200"), (2, 1, {"total": 1})),
    ("HDR-26 in the second column", payment(JULY, ",合計,10,1200"), (2, 1, {"total": 1})),
    ("HDR-27", payment(JULY, COUNTER, "平均,,7.5,750"), (3, 2, {"average": 1})),
    ("HDR-28", payment(JULY, "資料提供日期：104年03月02日,,,"), (2, 1, {"note": 1})),
    ("HDR-28 short", payment(JULY, "備註：以入帳日計"), (2, 1, {"note": 1})),
    ("HDR-29", payment(JULY, "製表人：,,覆核：,"), (2, 1, {"note": 1})),
    ("HDR-29 in one cell", payment(JULY, "填表人：　　主辦會計："), (2, 1, {"note": 1})),
    ("HDR-31", "".join(f",,{line}\n" for line in payment(JULY).splitlines()), (1, 1, {})),
    ("cumulative", payment(JULY, "累計,,10,1200"), (2, 1, {"cumulative": 1})),
]  # fmt: skip


@pytest.mark.parametrize(("name", "text", "rows"), TAKEN, ids=[name for name, *_ in TAKEN])
def test_a_table_as_the_office_lays_it_out_is_taken(warehouse: Warehouse, name: str, text: str, rows: tuple[int, int, dict[str, int]]) -> None:
    result = look(warehouse, text)
    assert outcome(result) == ("dry_run", set())
    assert (result.read, result.loaded, result.ignored) == rows


REFUSED = [
    ("HDR-04", payment(JULY, header="月份,管道,案件數,金額"), {"E-HEADER", "W-HDR-07"}),
    ("HDR-06", table("月份,件數,金額", "105年7月,10,1200"), {"E-HEADER"}),
    ("HDR-08", payment("105年7月,便利商店,10,10,1200", header="月份,管道,件數,件數,金額"), {"E-DUP-COLUMN"}),
    ("HDR-09", payment("105年7月,便利商店,10,10,1200", header="月份,管道,件數,件數 ,金額"), {"E-DUP-COLUMN"}),
    ("HDR-08 in two languages", payment("105年7月,便利商店,10,10,1200", header="月份,管道,件數,n,金額"), {"E-DUP-COLUMN"}),
    ("HDR-11", payment("105年7月,便利商店,x,10,1200", header="月份,管道,,件數,金額"), {"E-HEADER"}),
    ("HDR-17", payment(JULY, header="月份,管道,件數（百件）,金額"), {"E-UNIT", "E-HEADER"}),
    ("HDR-19 too low", "\n" * 10 + payment(JULY), {"E-HEADER"}),
    ("HDR-22", table("月份,本月,,累計,", ",件數,金額,件數,金額", "105年7月,1,2,3,4"), {"E-HEADER", "E-DUP-COLUMN"}),
    ("HDR-23", table(JULY, COUNTER), {"E-HEADER"}),
    ("HDR-26", payment(JULY, COUNTER, "合計,,15,1501"), {"E-TOTAL"}),
    ("HDR-26 subtotal", payment(JULY, "小計,,11,1200", COUNTER), {"E-TOTAL"}),
    ("HDR-28", payment(JULY, "某某,,,"), {"E-DAT-01", "E-NUM-22"}),
    ("HDR-30 above", payment(JULY) + "\n" + survey(form()), {"E-TWO-TABLES"}),
    ("HDR-30 below", payment(JULY, "", "統計月份,本月瀏覽人次,累計瀏覽人次,"), {"E-TWO-TABLES", "E-DAT-01", "E-CHOICE", "E-NUM-21", "E-NUM-22"}),
    ("HDR-32", table("月份,1月,2月,3月", "件數,1,2,3"), {"E-HEADER", "W-HDR-07"}),
    ("BIZ-27", table(PAYMENT), {"E-EMPTY"}),
    ("BIZ-27 a total only", payment("合計,,0,0"), {"E-EMPTY"}),
]  # fmt: skip


@pytest.mark.parametrize(("name", "text", "codes"), REFUSED, ids=[name for name, *_ in REFUSED])
def test_a_table_that_cannot_be_told_is_refused(warehouse: Warehouse, name: str, text: str, codes: set[str]) -> None:
    result = look(warehouse, text)
    assert outcome(result) == ("refused", codes)
    assert result.loaded == 0


def test_a_missing_column_is_named_with_what_is_there_instead(warehouse: Warehouse) -> None:
    messages = " ".join(finding.message for finding in look(warehouse, payment(JULY, header="月份,管道,案件數,金額")).findings)
    assert "缺「件數」" in messages
    assert "不認得的「案件數」" in messages
    assert "相近的欄名有「件數」" in messages


@pytest.mark.parametrize("name", ["天氣", '"; DROP TABLE fact;--', "a]b", "a.b[c]:d", "{{7*7}}", "%s%s", "select"])
def test_an_unknown_column_is_asked_about_and_never_loaded(warehouse: Warehouse, name: str) -> None:
    text = payment(JULY + ",x", header=f"{PAYMENT},{quoted(name)}")
    result = look(warehouse, text)
    assert outcome(result) == ("needs_confirmation", {"W-HDR-07"})
    assert result.findings[0].column == name
    assert rows_of(text).columns == rows_of(payment(JULY)).columns


def test_the_wrong_table_is_told_what_it_looks_like(warehouse: Warehouse) -> None:
    result = look(warehouse, table("統計月份,本月瀏覽人次,累計瀏覽人次", "10507,1,2"), dataset="survey_response")
    assert outcome(result) == ("refused", {"E-TABLE"})
    assert "網站瀏覽" in result.findings[0].message


def test_an_unknown_dataset_is_wrong_usage(warehouse: Warehouse) -> None:
    with pytest.raises(UsageError, match="survey_response"):
        look(warehouse, payment(JULY), dataset="沒有這種")


@pytest.mark.parametrize("title", ["105年8月案款代收月報表", "臺北分署105年7月案款代收月報表"])
def test_a_title_of_another_month_or_office_is_asked_about(warehouse: Warehouse, title: str) -> None:
    assert outcome(look(warehouse, f"{title},,,\n" + payment(JULY))) == ("needs_confirmation", {"W-TITLE"})


@pytest.mark.parametrize("title", ["法務部行政執行署宜蘭分署105年7月案款代收月報表", "105年度案款", "# 產生於105年8月1日", "列印日期：105年9月2日"])
def test_a_title_of_this_month_and_office_is_not(warehouse: Warehouse, title: str) -> None:
    assert outcome(look(warehouse, f"{title},,,\n" + payment(JULY))) == ("dry_run", set())


# --- numbers ----------------------------------------------------------------------------------------------------------------


def count(cell: str) -> str:
    return payment(f"105年7月,便利商店,{quoted(cell)},1200")


def money(cell: str) -> str:
    return payment(f"105年7月,便利商店,10,{quoted(cell)}")


def score(cell: str) -> str:
    return table(SCORES, f"105年7月,執行股甲,,,,,,{quoted(cell)},1", "105年7月,執行股乙,,,,,,80,2")


COUNTS = {
    "12": 12, " 12 ": 12, "　12　": 12, "\u200b12": 12, "１２": 12, "1,234": 1234, "１，２３４": 1234, "+5": 5, "010": 10, "-0": 0, "0": 0, "12件": 12, "12筆": 12,
    "-": 0, "－": 0, "—": 0, "無": 0, "99.0": 99, "1萬6,853": 16853, "13萬 0,292": 130292, "8萬7,676": 87676, "1萬件": 10000, "1,234 ": 1234,
}  # fmt: skip


@pytest.mark.parametrize(("cell", "value"), COUNTS.items())
def test_a_count_is_read_in_every_spelling_of_the_office(warehouse: Warehouse, cell: str, value: int) -> None:
    assert outcome(look(warehouse, count(cell))) == ("dry_run", set())
    assert rows_of(count(cell))["n"].to_list() == [value]


NO_COUNTS = {
    "1,23": "E-NUM-03", "1 234": "E-NUM-04", "1'234": "E-NUM-04", "1.234,56": "E-NUM-05", "1_000": "E-NUM-06", "三十五": "E-NUM-08", "〇": "E-NUM-08",
    "廿": "E-NUM-08", "壹佰": "E-NUM-08", "95%": "E-NUM-19", "95﹪": "E-NUM-19", "-5": "E-NUM-11", "－5": "E-NUM-11", "(5)": "E-NUM-11", "5-": "E-NUM-11",
    "▲5": "E-NUM-11", "△5": "E-NUM-11", "NaN": "E-NUM-13", "nan": "E-NUM-13", "inf": "E-NUM-13", "-Infinity": "E-NUM-13", "1e309": "E-NUM-14",
    "1e400": "E-NUM-14", "1e5": "E-NUM-15", "1.2E+11": "E-NUM-15", "0x10": "E-NUM-16", "95分": "E-NUM-19", "1200元": "E-NUM-19", "59x": "E-NUM-20",
    "2.5#": "E-NUM-20", "12*": "E-NUM-20", "(註1) 12": "E-NUM-20", "…": "E-NUM-21", "N/A": "E-NUM-21", "未測": "E-NUM-21", "NR": "E-NUM-21",
    "#N/A": "E-NUM-21", "NULL": "E-NUM-21", "TRUE": "E-NUM-21", "": "E-NUM-22", "　": "E-NUM-22", "\u200b": "E-NUM-22", "99.5": "E-NUM-25",
    "9223372036854775808": "E-NUM-26", "1" * 40: "E-NUM-26", "٣": "E-NUM-27", "Ⅷ": "E-NUM-27", "½": "E-NUM-27", "①": "E-NUM-27", "1-2": "E-EXCEL-DATE",
    "1月2日": "E-EXCEL-DATE", "=SUM(A1:A3)": "E-FORMULA", "+1+1": "E-FORMULA", "@SUM(1)": "E-FORMULA", "=cmd|' /C calc'!A0": "E-FORMULA",
}  # fmt: skip


@pytest.mark.parametrize(("cell", "code"), NO_COUNTS.items())
def test_what_is_no_count_is_held_with_its_row_and_column(warehouse: Warehouse, cell: str, code: str) -> None:
    result = look(warehouse, count(cell))
    assert outcome(result) == ("refused", {code})
    (finding,) = result.findings
    assert (finding.level, finding.row, finding.column) == ("row", 2, "件數")
    assert (result.loaded, result.held) == (0, 1)


@pytest.mark.parametrize(("cell", "digits"), [("三十五", "35"), ("廿", "20"), ("壹佰", "100")])
def test_a_chinese_numeral_is_answered_with_its_digits(warehouse: Warehouse, cell: str, digits: str) -> None:
    assert f"數字{digits}後" in look(warehouse, count(cell)).findings[0].message


ASKED_COUNTS = {
    "3萬": ("W-NUM-07", 30_000),
    "3.5萬": ("W-NUM-07", 35_000),
    "1億2千萬": ("W-NUM-07", 120_000_000),
    "約300": ("W-NUM-07", 300),
    "'007": ("W-NUM-17", 7),
}


@pytest.mark.parametrize(("cell", "asked"), ASKED_COUNTS.items())
def test_a_rounded_count_is_converted_and_asked_about(warehouse: Warehouse, cell: str, asked: tuple[str, int]) -> None:
    assert outcome(look(warehouse, count(cell))) == ("needs_confirmation", {asked[0]})
    assert rows_of(count(cell))["n"].to_list() == [asked[1]]


AMOUNTS = {
    "NT$1,200": 1200, "$1200": 1200, "1200元": 1200, "2億5,104萬6,629元": 251_046_629, "8,395萬2,914元": 83_952_914, "2,911萬0,442": 29_110_442, "0.0": 0,
}  # fmt: skip


@pytest.mark.parametrize(("cell", "value"), AMOUNTS.items())
def test_an_amount_is_read_to_the_dollar(warehouse: Warehouse, cell: str, value: int) -> None:
    assert outcome(look(warehouse, money(cell))) == ("dry_run", set())
    assert rows_of(money(cell))["amount"].to_list() == [Decimal(value)]


def test_no_amount_beside_amounts_is_a_zero(warehouse: Warehouse) -> None:
    text = payment(COUNTER, "105年7月,便利商店,無,無")
    assert outcome(look(warehouse, text)) == ("dry_run", set())
    assert rows_of(text)["amount"].to_list() == [Decimal(300), Decimal(0)]


def test_thousands_are_multiplied_where_the_heading_says_so() -> None:
    assert rows_of(payment(JULY, header="月份,管道,件數,金額（千元）"))["amount"].to_list() == [Decimal(1_200_000)]


ASKED_AMOUNTS = {
    "-5": ("W-NUM-11", -5), "－5": ("W-NUM-11", -5), "(500)": ("W-NUM-11", -500), "5-": ("W-NUM-11", -5), "▲5": ("W-NUM-11", -5), "△5": ("W-NUM-11", -5),
    "1.2E+11": ("W-NUM-15", 120_000_000_000), "3.5萬": ("W-NUM-07", 35_000),
}  # fmt: skip


@pytest.mark.parametrize(("cell", "asked"), ASKED_AMOUNTS.items())
def test_a_refund_and_a_shortened_amount_are_asked_about(warehouse: Warehouse, cell: str, asked: tuple[str, int]) -> None:
    assert outcome(look(warehouse, money(cell))) == ("needs_confirmation", {asked[0]})
    assert rows_of(money(cell))["amount"].to_list() == [Decimal(asked[1])]


@pytest.mark.parametrize(
    ("cell", "value"), [("99.99999999999999", "100"), ("99.5", "99.5"), ("95分", "95"), ("0.0", "0"), ("１２．５", "12.5"), ("100", "100")]
)
def test_a_score_is_read_and_its_float_tail_rounded(warehouse: Warehouse, cell: str, value: str) -> None:
    assert outcome(look(warehouse, score(cell))) == ("dry_run", set())
    assert rows_of(score(cell))["total"].to_list()[0] == Decimal(value)


@pytest.mark.parametrize(("cell", "code"), [("101", "E-BIZ-16"), ("100.5", "E-BIZ-16"), ("-1", "E-NUM-11"), ("12.345", "E-NUM-24"), ("", "E-NUM-22")])
def test_a_score_outside_its_scale_is_held(warehouse: Warehouse, cell: str, code: str) -> None:
    result = look(warehouse, score(cell))
    assert outcome(result) == ("refused", {code})
    assert (result.findings[0].row, result.findings[0].column) == (2, "總分")


def test_a_score_too_high_is_told_as_in_the_design(warehouse: Warehouse) -> None:
    assert look(warehouse, score("101")).findings[0].message == "第2列「總分」欄：讀到「101」，應為0到100的數字。請在原檔改正後重新上傳。"


@pytest.mark.parametrize(("scores", "expected"), [(("5", "4"), {"E-SCALE"}), (("10", "8.5"), {"E-SCALE"}), (("0", "0"), set()), (("9", "92"), set())])
def test_scores_on_another_scale_are_refused_whole(warehouse: Warehouse, scores: tuple[str, str], expected: set[str]) -> None:
    text = table("日期,受測單位,測試機關,總分", f"1050912,甲,執行署,{scores[0]}", f"1050912,乙,執行署,{scores[1]}")
    assert outcome(look(warehouse, text)) == ("refused" if expected else "dry_run", expected)


# --- days and months --------------------------------------------------------------------------------------------------------

DAYS = {
    "105/01/05": (2016, 1, 5), "105-1-5": (2016, 1, 5), "105.1.5": (2016, 1, 5), "105年1月5日": (2016, 1, 5), "民國105年1月5日": (2016, 1, 5),
    "中華民國105年01月05日": (2016, 1, 5), "102年01月01日 03時00分": (2013, 1, 1), "102年01月01日 03時00分00秒": (2013, 1, 1), "1050105": (2016, 1, 5),
    "990105": (2010, 1, 5), "2016/1/5": (2016, 1, 5), "2016-01-05": (2016, 1, 5), "20160105": (2016, 1, 5), "99/12/31": (2010, 12, 31),
    "099/12/31": (2010, 12, 31), "105/02/29": (2016, 2, 29), "101/02/29": (2012, 2, 29), "民國一百零五年一月五日": (2016, 1, 5), "民國一○五年一月五日": (2016, 1, 5),
    "民國一〇五年一月五日": (2016, 1, 5), "１０５／１／５": (2016, 1, 5), "2016/1/5 00:00:00": (2016, 1, 5), "105/1/5 上午 09:30": (2016, 1, 5),
    "105年 9月 30日": (2016, 9, 30), "105/10/05": (2016, 10, 5),
}  # fmt: skip


@pytest.mark.parametrize(("cell", "day"), DAYS.items())
def test_a_day_is_read_in_either_calendar(warehouse: Warehouse, cell: str, day: tuple[int, int, int]) -> None:
    result = look(warehouse, survey(form(day=quoted(cell))))
    assert outcome(result) == (("needs_confirmation", {"W-PARTIAL"}) if day[:2] == (2016, 10) else ("dry_run", set()))
    assert rows_of(survey(form(day=quoted(cell))))["response_date"].to_list() == [date(*day)]
    assert result.months == [date(day[0], day[1], 1)]


NO_DAYS = {
    "16/01/05": "E-DATE-AMBIGUOUS", "05/01/16": "E-DATE-AMBIGUOUS", "1/5/2016": "E-DATE-AMBIGUOUS", "43/1/5": "E-DATE-AMBIGUOUS", "104/02/29": "E-DAT-17",
    "105/02/30": "E-DAT-17", "105/13/01": "E-DAT-17", "105/00/10": "E-DAT-17", "0105/01/05": "E-DAT-18", "民國元年1月1日": "E-DAT-19", "民國1年1月1日": "E-DAT-19",
    "民國前1年1月1日": "E-DAT-20", "-1/1/1": "E-DAT-20", "民國0年1月1日": "E-DAT-20", "H28/1/5": "E-DAT-23", "R5/1/5": "E-DAT-23", "㍻28年1月5日": "E-DAT-23",
    "令和5年1月5日": "E-DAT-23", "105/10/06": "E-DAT-24", "105/12/31": "E-DAT-24", "2105/01/05": "E-DAT-26", "205/01/05": "E-DAT-26", "3927/01/05": "E-DAT-28",
    "60": "E-DAT-31", "2016/1/5 24:00": "E-DAT-32", "1051301": "E-DAT-34", "105W03": "E-DAT-35", "正月初一": "E-DAT-35", "105年1月": "E-DAT-06", "105Q3": "E-DAT-08",
    "105年上半年": "E-DAT-09", "1月5日": "E-DAT-10", "": "E-NUM-22", "=TODAY()": "E-FORMULA", "(" * 30_000: "E-DAT-01", "1" * 30_000: "E-DAT-01",
}  # fmt: skip


@pytest.mark.parametrize(("cell", "code"), NO_DAYS.items(), ids=lambda text: text[:20])
def test_what_is_no_day_or_may_be_two_is_held(warehouse: Warehouse, cell: str, code: str) -> None:
    result = look(warehouse, survey(form(day=quoted(cell))))
    assert outcome(result) == ("refused", {code})
    assert (result.findings[0].row, result.findings[0].column, result.held) == (2, "填表日期", 1)


@pytest.mark.parametrize(("cell", "code", "day"), [("42375", "W-DAT-07", date(2016, 1, 6)), ("2016-01-05T23:00:00Z", "W-DAT-33", date(2016, 1, 6))])
def test_a_serial_number_and_a_foreign_clock_are_asked_about(warehouse: Warehouse, cell: str, code: str, day: date) -> None:
    assert outcome(look(warehouse, survey(form(day=cell)))) == ("needs_confirmation", {code})
    assert rows_of(survey(form(day=cell)))["response_date"].to_list() == [day]


def test_two_calendars_in_one_column_are_asked_about(warehouse: Warehouse) -> None:
    text = survey(form("1", "105/07/05"), form("2", "2016/07/06"))
    assert outcome(look(warehouse, text)) == ("needs_confirmation", {"W-DAT-12"})
    assert rows_of(text)["response_date"].to_list() == [date(2016, 7, 5), date(2016, 7, 6)]


MONTHS = ["105年7月", "105年7月份", "105/07", "105.7", "10507", "民國105年7月", "１０５年７月", "2016/07", "Jul-16", "201607", "105/07/15"]


@pytest.mark.parametrize("cell", MONTHS)
def test_a_month_is_read_in_every_spelling_of_the_office(warehouse: Warehouse, cell: str) -> None:
    assert outcome(look(warehouse, payment(f"{cell},便利商店,10,1200"))) == ("dry_run", set())
    assert rows_of(payment(f"{cell},便利商店,10,1200"))["month"].to_list() == [date(2016, 7, 1)]


@pytest.mark.parametrize(
    ("cell", "code"),
    [("105Q3", "E-DAT-08"), ("第三季", "E-DAT-08"), ("105Q5", "E-DAT-08"), ("105年上半年", "E-DAT-09"), ("105年度", "E-DAT-09"), ("10513", "E-DAT-34"),
     ("7月", "E-DAT-10"), ("16/07", "E-DATE-AMBIGUOUS"), ("105年11月", "E-DAT-24")],
)  # fmt: skip
def test_what_is_no_single_month_is_held(warehouse: Warehouse, cell: str, code: str) -> None:
    assert outcome(look(warehouse, payment(f"{cell},便利商店,10,1200"))) == ("refused", {code})


@pytest.mark.parametrize("cell", ["7月", "七月", "Jul", "7"])
@pytest.mark.parametrize("told_by", ["title", "name", "request"])
def test_a_month_without_a_year_takes_it_from_title_name_or_request_and_asks(warehouse: Warehouse, cell: str, told_by: str) -> None:
    text = ("105年案款代收月報表,,,\n" if told_by == "title" else "") + payment(f"{cell},便利商店,10,1200")
    result = look(warehouse, text, name="105年案款.csv" if told_by == "name" else "案款.csv", year=2016 if told_by == "request" else None)
    assert outcome(result) == ("needs_confirmation", {"W-DAT-10"})
    assert result.months == [date(2016, 7, 1)]


def test_a_month_that_is_not_over_is_asked_about(warehouse: Warehouse) -> None:
    assert outcome(look(warehouse, payment("105年10月,便利商店,10,1200"))) == ("needs_confirmation", {"W-PARTIAL"})


def test_a_month_left_out_between_two_is_asked_about(warehouse: Warehouse) -> None:
    result = look(warehouse, payment("105年5月,便利商店,1,2", "105年7月,便利商店,1,2"))
    assert outcome(result) == ("needs_confirmation", {"W-GAP"})
    assert "105年6月" in result.findings[0].message


@pytest.mark.parametrize(("text", "year"), [("105", 2016), ("2016", 2016), ("99", 2010), (None, None)])
def test_a_year_may_be_given_in_either_calendar(text: str | None, year: int | None) -> None:
    assert year_option(text) == year


@pytest.mark.parametrize("text", ["1", "16", "abc", "3927", "１０５", ""])
def test_a_year_that_may_be_two_is_wrong_usage(text: str) -> None:
    with pytest.raises(UsageError):
        year_option(text)


# --- words ------------------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("cell", "number"),
    [
        ("宜蘭", 1),
        ("宜 蘭", 1),
        ("宜蘭　", 1),
        ("宜蘭分署", 1),
        ("本分署", 1),
        ("宜\u200b蘭", 1),
        ("yilan", 1),
        ("基隆", 2),
        ("基隆行政執行官辦公室", 2),
    ],
)
def test_a_site_is_known_by_any_of_its_names(warehouse: Warehouse, cell: str, number: int) -> None:
    assert outcome(look(warehouse, survey(form(site=cell)))) == ("dry_run", set())
    assert rows_of(survey(form(site=cell)))["site"].to_list() == [number]


@pytest.mark.parametrize("cell", ["臺北", "新竹", "宜兰", "Yil\u0430n", "台东", "'; DROP TABLE dim_site;--", "NULL", "=1+1", "👍"])
def test_a_site_nobody_knows_is_held_and_never_made(warehouse: Warehouse, cell: str) -> None:
    assert outcome(look(warehouse, survey(form(site=quoted(cell))))) == ("refused", {"E-OFFICE"})


@pytest.mark.parametrize(("cell", "number"), [("很滿意", 4), ("滿意 ", 3), ("滿意\u200b", 3), ("尚滿意", 2), ("不滿意", 1), ("", None)])
def test_an_answer_is_one_of_the_list(cell: str, number: int | None) -> None:
    answers = ANSWERS.replace("滿意", cell, 1)
    assert rows_of(survey(form(answers=answers)))["q_application"].to_list() == [number]


@pytest.mark.parametrize("cell", ["非常滿意", "4", "5", "滿意;普通", "很满意", "TRUE", "=1+1", "'; DROP TABLE x;--", "{{7*7}}"])
def test_any_other_answer_is_held_and_the_list_shown(warehouse: Warehouse, cell: str) -> None:
    result = look(warehouse, survey(form(answers=ANSWERS.replace("滿意", quoted(cell), 1))))
    assert outcome(result) == ("refused", {"E-CHOICE"})
    assert "「很滿意」「滿意」「尚滿意」「不滿意」之一" in result.findings[0].message


@pytest.mark.parametrize(
    ("cell", "expected"),
    [("是", True), ("否", False), ("Ｙ", True), ("V", True), ("✓", True), ("TRUE", True), ("FALSE", False), ("-", False), ("無", False)],
)
def test_yes_and_no_are_read_in_the_usual_marks(cell: str, expected: bool) -> None:
    assert rows_of(table(CASES, f"1,105/07/05,陳情,書面,執行科,105/07/06,公文,{cell}"))["extended"].to_list() == [expected]


def test_any_other_mark_is_held(warehouse: Warehouse) -> None:
    assert outcome(look(warehouse, table(CASES, "1,105/07/05,陳情,書面,執行科,105/07/06,公文,或許"))) == ("refused", {"E-TXT-25"})


KEYS = {
    "１２": "12",
    "ＡＢＣ": "ABC",
    "a b": "ab",
    "\u2f97": "豕",
    "1\u200b2": "12",
    "'; DROP TABLE fact;--": "';DROPTABLEfact;--",
    "-5": "-5",
    "007": "007",
    "{{7*7}}": "{{7*7}}",
}


@pytest.mark.parametrize(("cell", "key"), KEYS.items())
def test_a_key_is_compared_without_width_and_spaces(cell: str, key: str) -> None:
    assert rows_of(survey(form(quoted(cell))))["response_id"].to_list() == [key]


NO_KEYS = {
    "1\u202e2": "E-TXT-09", "1\u2066": "E-TXT-09", "1\ufffd": "E-ENC-24", "1\n2": "E-CSV-12", "1\x1b": "E-CONTROL", "1\x9f": "E-CONTROL", "1\ufffe": "E-CONTROL",
    "=1+1": "E-FORMULA", "+1+1": "E-FORMULA", "-1+1": "E-FORMULA", "@SUM(1)": "E-FORMULA", "＝1+1": "E-FORMULA", "\ue000": "E-EUDC", "": "E-NUM-22", "\u200b": "E-NUM-22",
}  # fmt: skip


@pytest.mark.parametrize(("cell", "code"), NO_KEYS.items())
def test_a_key_that_could_deceive_is_held(warehouse: Warehouse, cell: str, code: str) -> None:
    assert outcome(look(warehouse, survey(form(quoted(cell)), form("9")))) == ("refused", {code})


@pytest.mark.parametrize("cell", ["a\ufffe", "a\x01", "a\x9f", "a\x0bb", "\x1b[31m"])
def test_control_characters_are_held_even_in_a_comment(warehouse: Warehouse, cell: str) -> None:
    result = look(warehouse, survey(form(comment=quoted(cell))))
    assert outcome(result) == ("refused", {"E-CONTROL"})
    assert "⟦U+" in result.findings[0].message


COMMENTS = [
    "👍🏽👨‍👩‍👧🇹🇼", "𦰡", "&amp;&#x81FA;", "NULL", "nan", "<script>alert(1)</script>", "=HYPERLINK(1)", "![](http://127.0.0.1:9/x.png)", "'; DROP TABLE fact;--",
    "%s%s{0.__class__}", "a\u202eb", "“好”", "\\N", "e" + "\u0301" * 300,
]  # fmt: skip


@pytest.mark.parametrize("cell", COMMENTS, ids=lambda text: text[:20])
def test_a_comment_is_kept_exactly(warehouse: Warehouse, cell: str) -> None:
    assert outcome(look(warehouse, survey(form(comment=quoted(cell))))) == ("dry_run", set())
    assert rows_of(survey(form(comment=quoted(cell))))["comment"].to_list() == [cell]


def test_what_excel_leaves_of_a_line_end_is_removed() -> None:
    assert rows_of(survey(form(comment="一_x000D_")))["comment"].to_list() == ["一"]


@pytest.mark.parametrize("cell", ["我是A123456789", "電話0912-345-678", "0912345678"])
def test_personal_data_is_asked_about_and_not_repeated(warehouse: Warehouse, cell: str) -> None:
    result = look(warehouse, survey(form(comment=cell)))
    assert outcome(result) == ("needs_confirmation", {"W-PII"})
    told = repr(result.findings[0])
    assert not re.search("A1234|0912", told)


def test_a_comment_of_half_a_megabyte_is_refused(warehouse: Warehouse) -> None:
    assert outcome(look(warehouse, survey(form(comment="長" * 500_000)))) == ("refused", {"E-CELL-SIZE"})


# --- rows, keys and totals --------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    "second",
    [form("001", comment="x"), form("００１", comment="x"), form("００１"), form("0\u200b01")],
    ids=["other values", "other width and values", "other width", "invisible"],
)
def test_a_key_twice_is_refused_and_both_rows_named(warehouse: Warehouse, second: str) -> None:
    result = look(warehouse, survey(form("001"), form("002"), second))
    assert outcome(result) == ("refused", {"E-DUP-KEY"})
    assert result.findings[0].row == 4
    assert "第2列" in result.findings[0].message


def test_a_row_that_stands_there_twice_is_asked_about_and_counted_once(warehouse: Warehouse) -> None:
    result = look(warehouse, survey(form("001"), form("002"), form("001"), form("001")))
    assert outcome(result) == ("needs_confirmation", {"W-BIZ-04"})
    assert (result.findings[0].row, result.loaded, result.ignored) == (4, 2, {"duplicate": 2})
    wide = table("月份,便利商店代收件數,便利商店金額,臨櫃代收筆數,臨櫃代收金額", "105年8月,1,2,3,4", "105年8月,1,2,3,4")
    assert (look(warehouse, wide).loaded, rows_of(wide).height) == (1, 2)


def test_an_empty_cell_among_filled_ones_is_held_or_asked_about(warehouse: Warehouse) -> None:
    """A channel would be left out without a word."""
    wide = table("月份,便利商店代收件數,便利商店金額,臨櫃代收筆數,臨櫃代收金額", "105年7月,1,2,3,4", "105年8月,1,2,,")
    result = look(warehouse, wide)
    assert outcome(result) == ("refused", {"E-NUM-22"}) and result.findings[0].row == 3
    across = table("105年第3季,,,,", "查詢管道,7月,8月,9月", "電話查詢,1,2,3", "臨櫃查詢,1,,3")
    result = look(warehouse, across)
    assert outcome(result) == ("needs_confirmation", {"W-NUM-22"})
    assert result.findings[0].column == "8月"


@pytest.mark.parametrize("word", ["服务态度很好希望增加停车位办事效率高", "服務態度很好希望增加停車位"])
@pytest.mark.parametrize("before", [0, 4000], ids=["at the top", "beyond the first quarter of a megabyte"])
def test_under_an_english_header_simplified_chinese_is_not_taken_for_ours(warehouse: Warehouse, word: str, before: int) -> None:
    english = ",".join(["le15", *["satisfied"] * 6])
    rows = [form(f"a{n}", site="yilan", answers=english, comment="x" * 60) for n in range(before)]
    rows += [form(f"b{n}", site="yilan", answers=english, comment=word) for n in range(3)]
    text = survey(*rows, header=SURVEY_ENGLISH)
    result = load_file(warehouse, Source("表.csv", text.encode("gbk")), Request(by="測試", dry_run=True))
    assert outcome(result) == ("refused", {"E-ENCODING"})
    if "態" in word:
        (frame,) = screen(Source("表.csv", text.encode("cp950")), today=TODAY).frames()
        assert frame["comment"].to_list()[-1] == word


def test_the_same_key_in_another_month_or_at_another_site_is_another_row(warehouse: Warehouse) -> None:
    result = look(warehouse, survey(form("001"), form("001", "105/08/01"), form("001", site="基隆")))
    assert outcome(result) == ("dry_run", set())
    assert (result.months, result.sites) == ([date(2016, 7, 1), date(2016, 8, 1)], ["keelung", "yilan"])


def test_parts_that_do_not_make_the_whole_are_held(warehouse: Warehouse) -> None:
    good, bad = "1050912,10:25,執行股甲,０２１２,25,18.5,15,22,13,93.5,優等", "1050912,10:35,執行股乙,300,25,18.5,15,22,13,94.5,優等"
    result = look(warehouse, table(CALLS_TITLE, CALLS, good, bad))
    assert outcome(result) == ("refused", {"E-SUM"})
    assert (result.findings[0].row, result.findings[0].value) == (4, "94.5")
    assert rows_of(table(CALLS_TITLE, CALLS, good)).row(0, named=True) | {"_row": 3} == {
        "_row": 3, "_slot": 0, "organiser": 1, "test_date": date(2016, 9, 12), "test_time": time(10, 25), "section": "執行股甲", "ext": "0212",
        "op_speed": Decimal(25), "op_courtesy": Decimal("18.5"), "unit_speed": Decimal(15), "unit_courtesy": Decimal(22), "unit_content": Decimal(13),
        "total": Decimal("93.5"), "grade": "優等", "deduction_reason": None,
    }  # fmt: skip


@pytest.mark.parametrize(("title", "organiser"), [("花蓮分署協助宜蘭分署105年9月電話禮貌測試紀錄表", 1), ("法務部行政執行署105年9月電話禮貌評核", 2)])
def test_the_testing_body_may_stand_in_the_title_only(title: str, organiser: int) -> None:
    text = table(title, "日期,受測單位,總分", "1050912,甲,92")
    assert rows_of(text)["organiser"].to_list() == [organiser]


def test_a_test_by_nobody_is_not_taken(warehouse: Warehouse) -> None:
    assert look(warehouse, table("日期,受測單位,總分", "1050912,甲,92")).outcome == "refused"


def test_days_in_the_wrong_order_are_held_and_shown_in_our_calendar(warehouse: Warehouse) -> None:
    result = look(warehouse, table(CASES, "1,105/07/05,陳情,書面,執行科,105/07/04,公文,否"))
    assert outcome(result) == ("refused", {"E-ORDER"})
    assert "讀到「105年7月4日」" in result.findings[0].message


def test_a_stated_average_that_is_not_ours_is_asked_about(warehouse: Warehouse) -> None:
    assert outcome(look(warehouse, payment(JULY, COUNTER, "平均,,9,750"))) == ("needs_confirmation", {"W-BIZ-23"})


def test_a_cumulative_row_is_held_against_the_warehouse_with_this_file(warehouse: Warehouse) -> None:
    result = look(warehouse, payment(JULY, "累計,,99,1200"))
    assert outcome(result) == ("needs_confirmation", {"W-CUMULATIVE"})
    assert (result.findings[0].row, result.findings[0].column) == (3, "件數")


INQUIRY = "查詢管道,7月,8月,9月,合計"


def test_months_that_run_across_become_rows(warehouse: Warehouse) -> None:
    text = table("宜蘭分署105年第3季受理查詢件數統計表,,,,", INQUIRY, '電話查詢,"1,011",2,3,"1,016"', "資料影印,2,1,無,3", '合計,"1,013",3,3,"1,019"')
    assert outcome(look(warehouse, text)) == ("dry_run", set())
    found = {(row["month"].month, row["channel"]): row["n"] for row in rows_of(text).iter_rows(named=True)}
    assert found == {(7, 1): 1011, (8, 1): 2, (9, 1): 3, (7, 4): 2, (8, 4): 1, (9, 4): 0}


@pytest.mark.parametrize("rows", [["電話查詢,1,2,3,7"], ["電話查詢,1,2,3,6", "合計,1,2,4,7"]], ids=["at the right", "at the foot"])
def test_totals_of_months_that_run_across_are_checks_too(warehouse: Warehouse, rows: list[str]) -> None:
    assert outcome(look(warehouse, table("105年第3季,,,,", INQUIRY, *rows))) == ("refused", {"E-TOTAL"})


def test_a_month_to_come_stays_empty_and_an_empty_row_is_counted(warehouse: Warehouse) -> None:
    text = table("105年,,,,", "查詢管道,8月,9月,10月,11月", "電話查詢,1,2,,", "臨櫃查詢,,,,")
    result = look(warehouse, text)
    assert (result.read, result.loaded, result.ignored) == (2, 1, {"unfilled": 1})
    assert outcome(look(warehouse, table("105年,,,,", "查詢管道,9月,10月,11月", "電話查詢,1,2,3"))) == ("refused", {"E-DAT-24"})


@pytest.mark.parametrize("told_by", ["name", "request", "nobody"])
def test_the_year_of_months_that_run_across_must_be_told(warehouse: Warehouse, told_by: str) -> None:
    text = table("查詢管道,7月,8月,9月", "電話查詢,1,2,3")
    result = look(warehouse, text, name="105年第3季.csv" if told_by == "name" else "查詢.csv", year=2016 if told_by == "request" else None)
    assert outcome(result) == (("refused", {"E-DAT-10"}) if told_by == "nobody" else ("dry_run", set()))


def test_a_wide_table_becomes_one_row_for_each_channel(warehouse: Warehouse) -> None:
    text = table(
        "月份,便利商店代收件數,便利商店金額,臨櫃代收筆數,臨櫃代收金額",
        '105年8月,"4,861","9,402,118",511,"2,911萬0,442"',
        '累計,"4,861","9,402,118",511,"29,110,442"',
    )
    assert outcome(look(warehouse, text)) == ("dry_run", set())
    found = rows_of(text).select("channel", "n", "amount").rows()
    assert found == [(1, 4861, Decimal(9_402_118)), (2, 511, Decimal(29_110_442))]


def test_a_range_of_days_fills_two_columns_and_belongs_to_the_month_it_begins_in(warehouse: Warehouse) -> None:
    text = table(
        "序號,活動日期,類別,活動名稱,合作單位,地點,參與身分,場次,人次,受益戶數,數量,數量單位",
        "4,105年1月18日至2月3日,公益關懷,歲末關懷,,轄區,職員,15,110,,,",
    )
    frame = rows_of(text)
    assert frame.select("start_date", "end_date", "persons").rows() == [(date(2016, 1, 18), date(2016, 2, 3), 110)]
    assert look(warehouse, text).months == [date(2016, 1, 1)]


@pytest.mark.parametrize("bad", [0, 1, 2])
def test_rows_read_are_loaded_or_held_or_ignored_by_name(warehouse: Warehouse, bad: int) -> None:
    rows = [form(f"{n:03d}") for n in range(10)]
    for at in range(bad):
        rows[at * 3] = form(f"{at:03d}", day="105/02/30")
    text = survey(*rows, "", "合計,,,10,,,,,,,") if not bad else survey(*rows, "", "備註：以收件日計")
    result = load_file(warehouse, Source("a.csv", text.encode()), Request(by="測試", dry_run=True, hold=True, reason="先入庫其餘"))
    assert result.outcome == "dry_run"
    assert (result.read, result.loaded, result.held) == (12, 10 - bad, bad)
    assert sum(result.ignored.values()) == 2


def test_held_rows_never_stand_in_the_frames() -> None:
    text = survey(form("1"), form("2", day="105/02/30"), form("3", site="臺北"), form("4"))
    screening = screen(Source("a.csv", text.encode()), today=TODAY)
    assert pl.concat(screening.frames())["_row"].to_list() == [2, 5]
    assert (screening.held, screening.read, screening.loaded) == ({3, 4}, 4, 2)


def test_a_refusal_before_the_rows_are_read_raises_with_its_findings() -> None:
    with pytest.raises(Refused) as refusal:
        screen(Source("a.csv", payment(JULY, header="月份,管道,件數,件數,金額").encode()), today=TODAY)
    assert refusal.value.findings[0].code == "E-DUP-COLUMN"
