"""Tables as the office lays them out: headings, titles, totals and notes; and those that cannot be told."""

from __future__ import annotations

import pytest

from tests.warehouse.screen.tables import COUNTER, JULY, PAYMENT, SURVEY, SURVEY_ENGLISH, form, look, outcome, payment, quoted, rows_of, survey, table
from warehouse.errors import UsageError
from warehouse.store import Warehouse

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
