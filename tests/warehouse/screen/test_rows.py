"""Rows told apart, added up, held against totals and laid out anew; every one of them accounted for."""

from __future__ import annotations

from datetime import date, time
from decimal import Decimal

import polars as pl
import pytest

from tests.warehouse.screen.tables import (
    CALLS,
    CALLS_TITLE,
    CASES,
    COUNTER,
    JULY,
    SURVEY_ENGLISH,
    TODAY,
    form,
    look,
    outcome,
    payment,
    rows_of,
    survey,
    table,
)
from warehouse.errors import Refused
from warehouse.intake import Source
from warehouse.load import Request, load_file
from warehouse.screen import screen
from warehouse.store import Warehouse


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
