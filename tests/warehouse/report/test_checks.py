"""Checks before a report is issued: each finds what it is there for, and nothing in the sample's report that is not so."""

from __future__ import annotations

import shutil
from dataclasses import replace
from datetime import date
from decimal import Decimal
from pathlib import Path

import pytest

from warehouse.explanation import explain
from warehouse.intake import Source
from warehouse.load import Request, load_file, open_warehouse, undo
from warehouse.oversight import review
from warehouse.period import parse_quarter
from warehouse.report.checks import Finding, check
from warehouse.report.content import build
from warehouse.report.issue import approve, submit
from warehouse.report.texts import save_text, shipped
from warehouse.store import Warehouse

QUARTER = parse_quarter("105Q3")
HEADING = "壹一(二)2"
#: What is so in the sample whatever its texts: loads nobody has reviewed, agencies that the clerks name in two ways.
ALWAYS = {("unreviewed", "warn"), ("names", "warn")}


def findings(warehouse: Warehouse, text: str | None = None) -> list[Finding]:
    """What is found in the sample's report, with one heading's text replaced."""
    with warehouse.reading() as cursor:
        blocks = None if text is None else shipped() | {HEADING: text}
        return check(cursor, build(cursor, QUARTER, blocks=blocks))


def codes(found: list[Finding]) -> set[tuple[str, str]]:
    return {(finding.code, finding.level) for finding in found}


def test_nothing_blocks_the_samples_report(sample_warehouse: Warehouse) -> None:
    assert codes(findings(sample_warehouse)) <= ALWAYS


@pytest.mark.parametrize(
    ("text", "code", "level"),
    [
        ("{期間}受理{no_such}", "unresolved", "block"),
        ("{chart:no_such}", "unresolved", "block"),
        ("{期間}受理電話查詢8,572件。", "typed_figure", "block"),
        ("{期間}為民服務意見調查「機關洽公環境」滿意比率，很滿意者占54.30﹪", "typed_figure", "warn"),
        ("{期間}共計受理{inquiry_total}（電話查詢{inquiry_phone}、臨櫃查詢{inquiry_counter}）", "total", "block"),
        ("{期間}受理{inquiry_total}件", "unit", "warn"),
        ("{期間}受理{inquiry_total}，共計收件{inquiry_phone}筆", "unit", "warn"),
        ("受理電話查詢{inquiry_phone}", "no_day", "warn"),
        ("{期間}滿意比率{survey_overall_top2}，較上季大幅成長", "claim", "warn"),
        ("{期間}滿意比率{survey_overall_top2}，為歷年最高", "claim", "warn"),
        ("{期間}滿意比率{survey_answer_top2}，較上季提高", "claim", "warn"),
        ("{期間}便利商店代收{cvs_payment_count}，較上季成長", "claim", "block"),
        ("本分署105年度計畫受理電話查詢{inquiry_phone}", "no_day", "warn"),
        ("於{accessibility_badge_date}取得標章，網頁連結{external_links_total}", "no_day", "warn"),
        ("{期間}陳情案件{petition_count}，深獲民眾好評", "claim", "warn"),
        ("民眾報怨依程序處理", "slip", "warn"),
        ("{期間}很滿意者及滿意者滿意者平均", "slip", "warn"),
        ("{期間}回收有效調查表175件", "slip", "warn"),
        ("{期間}滿意者34.86﹪", "slip", "warn"),
        ("截至105年度第3季度辦理情形", "slip", "warn"),
        ("中央健保局網站", "slip", "warn"),
        ("台北業務組派員", "slip", "warn"),
        ("服務臺與服務台均有專人", "names", "warn"),
        ("弘道基金會及弘道老人福利基金會", "names", "warn"),
    ],
)
def test_each_check_finds_what_it_is_for(sample_warehouse: Warehouse, text: str, code: str, level: str) -> None:
    assert (code, level) in codes(findings(sample_warehouse, text)), codes(findings(sample_warehouse, text))


@pytest.mark.parametrize(
    "text",
    [
        "{期間}依提升服務品質執行計畫受理{inquiry_total}。",
        "## 截至{截止日}：\n### 電話查詢{inquiry_phone}",
        "電話查詢全年無休。",
        "自{credit_card_launch}起提供刷卡繳款。",
        "{期間}受理查詢{inquiry_total}，本季較上季增加，服務需求成長。",
        "為增加繳款方便性，{期間}便利商店代收{cvs_payment_count}。",
        "承辦人隨問隨答，越來越多民眾查詢。",
    ],
)
def test_what_is_right_is_not_found(sample_warehouse: Warehouse, text: str) -> None:
    assert codes(findings(sample_warehouse, text)) <= ALWAYS


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
    assert [(finding.subject, finding.level) for finding in found if finding.code == "falling"] == [("noon_service_persons", "block")]


def test_a_year_to_date_below_what_the_last_report_was_approved_with_is_told(sample_warehouse: Warehouse, monkeypatch: pytest.MonkeyPatch) -> None:
    """The second quarter's report goes out; then its months are taken back, and the third quarter comes to less than the second had."""
    monkeypatch.setattr("warehouse.report.files.rendered", lambda report: {"report.ods": b""})
    second = parse_quarter("105Q2")
    for heading in ("貳一(一)", "參一(三)"):
        save_text(sample_warehouse, second, heading, "（此段另報）", by="承辦")
    with sample_warehouse.reading() as cursor:
        ticks = {finding.key: "已確認" for finding in check(cursor, build(cursor, second))}
        batches = cursor.execute("select distinct batch_id from ledger.live_slot where dataset = 'noon_service' and month between date '2016-01-01' and date '2016-06-01'").fetchall()
    submit(sample_warehouse, second, by="承辦", accepted=ticks)
    approve(sample_warehouse, second, document="宜執秘字第1號", approved=date(2016, 7, 12), by="分署長")
    assert "falling" not in {finding.code for finding in findings(sample_warehouse)}
    for (batch,) in batches:
        undo(sample_warehouse, batch, by="測試", reason="重複登錄")
    told = {finding.subject: (finding.level, finding.sentence) for finding in findings(sample_warehouse) if finding.code == "falling"}
    assert told["noon_service_persons"] == ("warn", "午休服務人次累計17人次，少於已核定的105年第2季報告所登載的31人次")


def test_a_total_that_leaves_out_a_newcomer_of_its_list_blocks(sample_warehouse: Warehouse) -> None:
    """A sixth agency is stationed at the branch: the list shows it, the total of the five does not."""
    rows = "服務地點,項目,數量,單位,內容,啟用日期,停用日期\n宜蘭,駐處人員:羅東地政事務所,1,人,,105/9/1,\n".encode("utf-8-sig")
    result = load_file(sample_warehouse, Source("設施.csv", rows), Request(by="秘書室", accept=frozenset(["all"])))
    assert result.outcome == "loaded", result.findings
    told = [finding.sentence for finding in findings(sample_warehouse) if finding.code == "total"]
    assert told == ["本分署駐處人員合計登載7人，逐項相加為8人"]


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


@pytest.mark.parametrize("name", ["survey_environment_fair", "survey_time_15_30", "survey_combined_satisfied"])
def test_shares_that_do_not_come_to_a_hundred_block(sample_warehouse: Warehouse, name: str) -> None:
    with sample_warehouse.reading() as cursor:
        report = build(cursor, QUARTER)
        wrong = replace(report.figures[name], value=report.figures[name].value + 1)  # type: ignore[operator]
        found = check(cursor, replace(report, figures=report.figures | {name: wrong}))
    assert ("shares", "block") in codes(found)


def test_two_slips_under_one_heading_want_two_ticks(sample_warehouse: Warehouse) -> None:
    found = findings(sample_warehouse, "## 民眾報怨依程序處理\n## 減化手續\n## 電話查詢{inquiry_phone}\n## 臨櫃查詢{inquiry_counter}\n## 受理{no_such}{nor_this}")
    assert [len([finding for finding in found if finding.code == code]) for code in ("slip", "no_day", "unresolved")] == [2, 2, 2]
    assert {finding.heading for finding in found if finding.code in ("slip", "no_day", "unresolved")} == {HEADING}


def test_a_claim_is_held_against_the_figures_of_its_own_sentence(years_folder: Path, tmp_path: Path) -> None:
    """The share fell in September 105: that it fell may be said in the fourth quarter, that it rose may not, and of the second quarter neither."""
    shutil.copytree(years_folder, tmp_path / "data")
    warehouse = open_warehouse(tmp_path / "data")

    def said_of(quarter: str, words: str) -> list[str]:
        with warehouse.reading() as cursor:
            text = f"{{期間}}30分鐘內完成者占{{survey_time_within_30}}，較上季{words}。"
            report = build(cursor, parse_quarter(quarter), blocks={HEADING: text})
            return [finding.level for finding in check(cursor, report) if finding.code == "claim"]

    try:
        assert said_of("105Q4", "下降") == []
        assert said_of("105Q4", "上升") == ["block"]
        assert said_of("105Q2", "上升") == said_of("105Q2", "下降") == ["warn"]
    finally:
        warehouse.close()


def test_those_that_block_come_first_and_a_key_names_one(sample_warehouse: Warehouse) -> None:
    found = findings(sample_warehouse, "受理{no_such}{inquiry_total}件。")
    levels = [finding.level for finding in found]
    assert levels == sorted(levels, key=lambda level: level != "block")
    assert len({finding.key for finding in found}) == len(found)
    assert all(finding.subject and any("一" <= sign <= "鿿" for sign in finding.sentence) for finding in found)


def test_a_share_of_no_cases_is_no_missing_figure(sample_warehouse: Warehouse) -> None:
    """Until March nobody had complained and nobody had been visited, though both registers were handed in: told as such, and asked about."""
    with sample_warehouse.reading() as cursor:
        first = build(cursor, parse_quarter("105Q1"))
        found = check(cursor, first)
    text = "".join(paragraph.text for paragraph in first.paragraphs)
    assert "依限辦結比率（本期無案件）" in text
    asked = {finding.subject: finding.level for finding in found if finding.code == "no_cases"}
    assert asked["壹二(二)2petition_on_time"] == "warn"
    assert "petition_on_time" not in {finding.subject for finding in found if finding.code == "no_data"}
    assert "accessibility_badge_date" in {finding.subject for finding in found if finding.code == "no_data"}, "a fact that is not yet so is missing"
