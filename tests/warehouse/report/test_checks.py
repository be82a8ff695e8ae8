"""Checks before a report is issued: each finds what it is there for, and nothing in the sample's report that is not so."""

from __future__ import annotations

import shutil
from dataclasses import replace
from datetime import date
from decimal import Decimal
from pathlib import Path

import pytest

from warehouse.explanation import explain
from warehouse.load import open_warehouse, undo
from warehouse.oversight import review
from warehouse.period import parse_quarter
from warehouse.report.checks import Finding, check
from warehouse.report.content import build
from warehouse.report.texts import shipped
from warehouse.store import Warehouse

QUARTER = parse_quarter("105Q3")
HEADING = "壹一(二)2"


def findings(warehouse: Warehouse, text: str | None = None) -> list[Finding]:
    """What is found in the sample's report, with one heading's text replaced."""
    with warehouse.reading() as cursor:
        blocks = None if text is None else shipped() | {HEADING: text}
        return check(cursor, build(cursor, QUARTER, blocks=blocks))


def codes(found: list[Finding]) -> set[tuple[str, str]]:
    return {(finding.code, finding.level) for finding in found}


def test_nothing_blocks_the_samples_report(sample_warehouse: Warehouse) -> None:
    assert codes(findings(sample_warehouse)) <= {("unreviewed", "warn")}


@pytest.mark.parametrize(
    ("text", "code", "level"),
    [
        ("{期間}受理{no_such}", "unresolved", "block"),
        ("{chart:no_such}", "unresolved", "block"),
        ("{期間}受理電話查詢8,572件。", "typed_figure", "block"),
        ("{期間}為民服務意見調查「機關洽公環境」滿意比率，很滿意者占54.30﹪", "typed_figure", "warn"),
        ("{期間}共計受理{inquiry_total}（電話查詢{inquiry_phone}、臨櫃查詢{inquiry_counter}）", "total", "block"),
        ("{期間}受理{inquiry_total}件", "unit", "warn"),
        ("{期間}有效問卷計175件", "unit", "warn"),
        ("受理電話查詢{inquiry_phone}", "no_day", "warn"),
        ("{期間}滿意比率{survey_overall_top2}，較上季大幅成長", "claim", "warn"),
        ("{期間}滿意比率{survey_overall_top2}，為歷年最高", "claim", "warn"),
        ("民眾報怨依程序處理", "slip", "warn"),
    ],
)
def test_each_check_finds_what_it_is_for(sample_warehouse: Warehouse, text: str, code: str, level: str) -> None:
    assert (code, level) in codes(findings(sample_warehouse, text)), codes(findings(sample_warehouse, text))


@pytest.mark.parametrize("text", ["{期間}依提升服務品質執行計畫受理{inquiry_total}。", "## 截至{截止日}：\n### 電話查詢{inquiry_phone}", "電話查詢全年無休。"])
def test_what_is_right_is_not_found(sample_warehouse: Warehouse, text: str) -> None:
    assert codes(findings(sample_warehouse, text)) <= {("unreviewed", "warn")}


def test_a_figure_without_data_blocks_and_missing_months_are_named(sample_warehouse: Warehouse) -> None:
    with sample_warehouse.reading() as cursor:
        batch = cursor.execute("select batch_id from ledger.live_slot where dataset = 'web_traffic_monthly' and month = date '2016-09-01'").fetchall()[0][0]
    undo(sample_warehouse, batch, by="測試", reason="測試")
    found = findings(sample_warehouse)
    assert [finding.sentence for finding in found if finding.code == "missing_months"] == ["「網站瀏覽人次月報表」缺9月，累計不含這些月份"]


def test_a_year_to_date_that_falls_blocks(sample_warehouse: Warehouse) -> None:
    with sample_warehouse.reading() as cursor:
        report = build(cursor, QUARTER)
        fallen = replace(report.figures["noon_service_persons"], value=Decimal(1))
        found = check(cursor, replace(report, figures=report.figures | {"noon_service_persons": fallen}))
    assert [finding.subject for finding in found if finding.code == "falling"] == ["noon_service_persons"]


def signals_of(warehouse: Warehouse, quarter: str) -> dict[str, str]:
    """Indicator → what is asked of it, in the report of a quarter."""
    with warehouse.reading() as cursor:
        return {finding.subject: finding.sentence for finding in check(cursor, build(cursor, parse_quarter(quarter))) if finding.code == "signal"}


def test_a_signal_asks_for_an_explanation_until_there_is_one(years_folder: Path, tmp_path: Path) -> None:
    """The share fell in September 105 and stayed low; of the second quarter of 106 somebody has said why, of the first nobody."""
    shutil.copytree(years_folder, tmp_path / "data")
    warehouse = open_warehouse(tmp_path / "data")
    try:
        subject = "survey_time_within_30"
        assert subject not in signals_of(warehouse, "106Q2")
        assert "106年1月、106年2月、106年3月有統計訊號，尚無說明" in signals_of(warehouse, "106Q1")[subject]
        assert explain(warehouse, subject, date(2017, 3, 1), "已查明", "測試").outcome == "loaded"
        assert subject not in signals_of(warehouse, "106Q1")
        assert signals_of(warehouse, "104Q3") == {}, "nine months: limits on trial ask nothing of anybody"
    finally:
        warehouse.close()


def test_a_reviewed_batch_is_counted_no_more(sample_warehouse: Warehouse) -> None:
    before = findings(sample_warehouse)
    assert "signal" not in {finding.code for finding in before}, "nine months: limits on trial ask nothing of anybody"
    with sample_warehouse.reading() as cursor:
        batch = cursor.execute("select min(id) from ledger.batch").fetchall()[0][0]
    review(sample_warehouse, batch, by="覆核人")
    words = [next(finding.sentence for finding in found if finding.code == "unreviewed") for found in (before, findings(sample_warehouse))]
    assert words[0] != words[1]


def test_shares_that_do_not_come_to_a_hundred_block(sample_warehouse: Warehouse) -> None:
    with sample_warehouse.reading() as cursor:
        report = build(cursor, QUARTER)
        wrong = replace(report.figures["survey_environment_fair"], value=Decimal("3.86"))
        found = check(cursor, replace(report, figures=report.figures | {"survey_environment_fair": wrong}))
    assert ("shares", "block") in codes(found)


def test_those_that_block_come_first_and_a_key_names_one(sample_warehouse: Warehouse) -> None:
    found = findings(sample_warehouse, "受理{no_such}{inquiry_total}件。")
    levels = [finding.level for finding in found]
    assert levels == sorted(levels, key=lambda level: level != "block")
    assert len({finding.key for finding in found}) == len(found)
    assert all(finding.subject and any("一" <= sign <= "鿿" for sign in finding.sentence) for finding in found)
