"""Figures that earlier reports printed: kept by quarter, shown where the warehouse has none, never added to anything."""

from __future__ import annotations

from decimal import Decimal

from warehouse import scorecard
from warehouse.load import undo
from warehouse.period import Quarter, Window
from warehouse.published import keep_published, published
from warehouse.report import comparison
from warehouse.scorecard import Snapshot
from warehouse.store import Warehouse

LAST_YEAR, THIS_YEAR = Quarter(2015, 3), Quarter(2016, 3)
PRINTED = {"inquiry_total": "16853", "survey_overall_top2": "97.1", "phone_self_grade": "優等"}


def kept(warehouse: Warehouse) -> dict[tuple[str, Quarter], tuple[object, str]]:
    with warehouse.reading() as cursor:
        return {key: (item.value, item.document) for key, item in published(cursor).items()}


def test_what_was_confirmed_is_kept_by_quarter_and_can_be_taken_back(empty_warehouse: Warehouse) -> None:
    result = keep_published(empty_warehouse, LAST_YEAR, PRINTED, "104年第3季報告.odt", "王組員")
    assert result.outcome == "loaded", result.findings
    assert kept(empty_warehouse) == {
        ("inquiry_total", LAST_YEAR): (Decimal("16853"), "104年第3季報告.odt"),
        ("survey_overall_top2", LAST_YEAR): (Decimal("97.1"), "104年第3季報告.odt"),
        ("phone_self_grade", LAST_YEAR): ("優等", "104年第3季報告.odt"),
    }
    assert result.batch is not None
    undo(empty_warehouse, result.batch, by="王組員", reason="讀錯季別")
    assert kept(empty_warehouse) == {}


def test_an_indicator_that_there_is_not_is_refused(empty_warehouse: Warehouse) -> None:
    result = keep_published(empty_warehouse, LAST_YEAR, {"no_such": "1"}, "x.txt", "王組員")
    assert result.outcome == "refused" and [finding.code for finding in result.findings] == ["E-INDICATOR"]
    assert kept(empty_warehouse) == {}


def test_more_of_a_quarter_leaves_what_is_kept_and_another_value_asks(empty_warehouse: Warehouse) -> None:
    keep_published(empty_warehouse, LAST_YEAR, {"inquiry_total": "16853"}, "a", "王組員")
    assert keep_published(empty_warehouse, LAST_YEAR, {"survey_overall_top2": "97.1"}, "a", "王組員").outcome == "loaded"
    assert len(kept(empty_warehouse)) == 2
    again = keep_published(empty_warehouse, LAST_YEAR, {"inquiry_total": "16854"}, "b", "王組員")
    if again.outcome == "needs_confirmation":
        codes = {finding.code for finding in again.findings}
        again = keep_published(empty_warehouse, LAST_YEAR, {"inquiry_total": "16854"}, "b", "王組員", accept=codes)
    assert again.outcome == "loaded"
    assert kept(empty_warehouse)[("inquiry_total", LAST_YEAR)] == (Decimal("16854"), "b")


def test_no_figure_is_made_of_them_and_the_sentence_marks_them(sample_warehouse: Warehouse) -> None:
    def texts() -> dict[str, str | None]:
        with sample_warehouse.reading() as cursor:
            return {
                f"{quarter.code}{name}": figure.text
                for quarter in (LAST_YEAR, THIS_YEAR)
                for name, figure in scorecard.figures(cursor, Window.year_to_quarter(quarter)).items()
            }

    before = texts()
    assert keep_published(sample_warehouse, LAST_YEAR, {"inquiry_total": "15000"}, "舊季報", "王組員").outcome == "loaded"
    assert keep_published(sample_warehouse, Quarter(2016, 2), {"inquiry_total": "1"}, "舊季報", "王組員").outcome == "loaded"
    assert texts() == before
    with sample_warehouse.reading() as cursor:
        snapshot, earlier = Snapshot.of(cursor), published(cursor)
    said = comparison.sentence(snapshot, "inquiry_total", THIS_YEAR, earlier)
    assert "去年同季累計（104年1月至9月）1萬5,000件（季報登載值，無明細）" in said
    assert "上季累計" not in said, "the warehouse has that quarter itself"
    assert "登載值" not in comparison.sentence(snapshot, "inquiry_total", THIS_YEAR)
