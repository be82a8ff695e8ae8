"""Sites, answers, marks, keys and comments: nothing becomes null by itself."""

from __future__ import annotations

import re

import pytest

from tests.warehouse.screen.tables import ANSWERS, CASES, form, look, outcome, quoted, rows_of, survey, table
from warehouse.store import Warehouse


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
