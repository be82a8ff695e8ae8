"""Explanations of indicators: kept by period, the newest counts, the older ones stay."""

from __future__ import annotations

from datetime import date

import pytest

from warehouse import period, recompute
from warehouse.explanation import explain, explanations
from warehouse.load import undo
from warehouse.samples import make
from warehouse.store import Warehouse

SEPTEMBER, AUGUST = date(2016, 9, 1), date(2016, 8, 1)


def texts(warehouse: Warehouse, indicator: str, month: date, as_of: int | None = None) -> list[tuple[str, str]]:
    with warehouse.reading() as cursor:
        return [(item.text, item.author) for item in explanations(cursor, month=month, as_of=as_of).get((indicator, month), [])]


def write(warehouse: Warehouse, text: str, *, indicator: str = "inquiry_total", month: date = SEPTEMBER, by: str = "王組員") -> int:
    result = explain(warehouse, indicator, month, text, by)
    assert result.outcome == "loaded", result.findings
    assert result.batch is not None
    return result.batch


def test_the_newest_counts_and_the_older_ones_stay(empty_warehouse: Warehouse) -> None:
    write(empty_warehouse, "差12件，待確認。")
    write(empty_warehouse, "差12件為資料影印。", by="李組員")
    write(empty_warehouse, "八月的事。", month=AUGUST)
    assert texts(empty_warehouse, "inquiry_total", SEPTEMBER) == [("差12件為資料影印。", "李組員"), ("差12件，待確認。", "王組員")]
    assert texts(empty_warehouse, "inquiry_total", SEPTEMBER, as_of=1) == [("差12件，待確認。", "王組員")]
    assert texts(empty_warehouse, "inquiry_total", AUGUST) == [("八月的事。", "王組員")]
    with empty_warehouse.reading() as cursor:
        newest = cursor.execute("select month, text from stg_explanation where is_newest order by month").fetchall()
    assert newest == [(AUGUST, "八月的事。"), (SEPTEMBER, "差12件為資料影印。")]


def test_one_taken_back_uncovers_the_one_before(empty_warehouse: Warehouse) -> None:
    write(empty_warehouse, "先")
    write(empty_warehouse, "後")
    undo(empty_warehouse, 2, by="王組員", reason="寫錯")
    assert texts(empty_warehouse, "inquiry_total", SEPTEMBER) == [("先", "王組員")]
    assert texts(empty_warehouse, "inquiry_total", SEPTEMBER, as_of=2) == [("後", "王組員"), ("先", "王組員")]


def test_figures_are_left_alone(sample_warehouse: Warehouse) -> None:
    with sample_warehouse.reading() as cursor:
        before = cursor.execute("select * from indicator_now order by all").fetchall()
    write(sample_warehouse, "另一則")
    with sample_warehouse.reading() as cursor:
        assert cursor.execute("select * from indicator_now order by all").fetchall() == before
        assert recompute.differences(cursor) == []


def test_the_sample_has_some_and_a_new_one_goes_before_them(sample_warehouse: Warehouse) -> None:
    with sample_warehouse.reading() as cursor:
        found = explanations(cursor)
    assert {(name, month): items[0].text for (name, month), items in found.items()} == {(name, SEPTEMBER): text for name, text in make.EXPLANATIONS}
    write(sample_warehouse, "已確認：差額為資料影印。")
    assert [text for text, _ in texts(sample_warehouse, "inquiry_total", SEPTEMBER)] == ["已確認：差額為資料影印。", dict(make.EXPLANATIONS)["inquiry_total"]]


@pytest.mark.parametrize(
    ("indicator", "month", "text", "code"),
    [
        ("inquiry_totals", SEPTEMBER, "說明", "E-INDICATOR"),
        ("inquiry_total", SEPTEMBER, "　", "E-NUM-22"),
        ("inquiry_total", period.add_months(period.taipei_today().replace(day=1), 1), "說明", "E-DAT-24"),
    ],
)
def test_what_cannot_be_explained_is_refused(empty_warehouse: Warehouse, indicator: str, month: date, text: str, code: str) -> None:
    result = explain(empty_warehouse, indicator, month, text, "王組員")
    assert (result.outcome, [finding.code for finding in result.findings]) == ("refused", [code])


def test_the_same_said_twice_by_the_same_person_is_refused(empty_warehouse: Warehouse) -> None:
    write(empty_warehouse, "說明")
    again = explain(empty_warehouse, "inquiry_total", SEPTEMBER, "說明", "王組員")
    assert [finding.code for finding in again.findings] == ["E-DUP-KEY"]
    assert again.findings[0].message.startswith("「說明」欄：105年9月已有相同的一筆")


def test_personal_data_are_asked_about(empty_warehouse: Warehouse) -> None:
    asked = explain(empty_warehouse, "inquiry_total", SEPTEMBER, "請洽 0912-345-678", "王組員")
    assert (asked.outcome, [finding.code for finding in asked.findings]) == ("needs_confirmation", ["W-PII"])
    assert explain(empty_warehouse, "inquiry_total", SEPTEMBER, "請洽 0912-345-678", "王組員", accept=["W-PII"]).outcome == "loaded"
