"""Counts, amounts and scores in every spelling of the office, and what is none."""

from __future__ import annotations

from decimal import Decimal

import pytest

from tests.warehouse.screen.tables import COUNTER, JULY, SCORES, look, outcome, payment, quoted, rows_of, table
from warehouse.store import Warehouse


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
