"""What the report says: every catalogued figure, under the award's headings, with its day; tables, comparisons and lists."""

from __future__ import annotations

from decimal import Decimal
from pathlib import Path

import pytest

from warehouse.indicators import award_headings
from warehouse.period import parse_quarter
from warehouse.report.content import MISSING, build
from warehouse.report.parts import Report
from warehouse.store import Warehouse

GOLDEN = Path(__file__).parents[2] / "golden" / "105q3.csv"
QUARTER = parse_quarter("105Q3")


def test_180_of_the_181_figures_stand_in_the_running_text(report: Report) -> None:
    catalogued = {line.split(",")[0] for line in GOLDEN.read_text(encoding="utf-8").splitlines()[1:]}
    in_text = {run.indicator for paragraph in report.paragraphs for run in paragraph.runs}
    assert catalogued - in_text == {"care_visit_children"}


def test_what_a_run_prints_is_what_the_figure_says(report: Report) -> None:
    unequal = [
        (run.indicator, run.text, report.figures[run.indicator].text)
        for paragraph in report.paragraphs
        for run in paragraph.runs
        if run.indicator and run.text != report.figures[run.indicator].text
    ]
    assert unequal == []


@pytest.mark.parametrize(
    "words",
    [
        "共計受理查詢1萬6,865件（電話查詢8,571件、臨櫃查詢服務8,282件、網路查詢【含電子信箱】0件及資料影印12件）",
        "在15分鐘內辦妥者占77.14﹪、逾15分鐘至30分鐘者占20﹪、逾30分鐘至45分鐘者占2.86﹪",
        "共計代收4,400筆，金額2億5,104萬6,629元",
        "服務時間為上午9時至12時及下午2時至5時",
        "於105年8月15日取得機關網頁無障礙標章",
        "宜蘭監理站1人（每週2、4下午派駐）",
        "105年3月3日指派替代役男6人",
        "分別通報宜蘭縣政府社會處5件、新北市瑞芳區公所1件、基隆市中正區公所1件；並轉介張榮發基金會7件",
        "105年7月21日上午10時至12時（2小時）辦理「提升政府服務品質」",
        "（105年2月18日至19日）",
        "答很滿意者占59.52﹪、滿意者占38.57﹪、尚滿意者占1.81﹪、不滿意者占0.1﹪",
    ],
)
def test_sentences_read_as_the_office_writes_them(report: Report, words: str) -> None:
    assert any(words in paragraph.text for paragraph in report.paragraphs)


def test_the_headings_are_the_awards_in_their_order(report: Report) -> None:
    assert [heading.code for heading in report.headings if heading.code] == list(award_headings())
    assert [heading.text for heading in report.headings if heading.code in ("壹", "壹一", "壹一(一)", "壹一(一)1")] == [
        "壹、優質便民服務", "一、服務流程", "（一）服務流程便捷性", "1.單一窗口服務全功能程度",
    ]  # fmt: skip
    levels = [heading.level for heading in report.headings]
    assert all(after <= before + 1 for before, after in zip(levels, levels[1:], strict=False))


def test_items_are_numbered_anew_under_each_heading_and_subheading(report: Report) -> None:
    labels = [paragraph.label.strip() for paragraph in report.paragraphs if paragraph.code == "壹二(一)2" and paragraph.label]
    assert labels == ["（1）", "（2）", "○1", "○2", "（1）", "（2）", "（3）", "（4）"]


def test_a_rise_is_claimed_only_where_the_interval_allows_it(report: Report) -> None:
    compared = [paragraph.text for paragraph in report.paragraphs if paragraph.text.startswith("本季（")]
    assert len(compared) >= 7
    assert not any("上升" in text or "下降" in text for text in compared)
    assert any("98.41﹪（n＝63），上季95﹪（n＝60），差異未逾95％參考範圍" in text for text in compared)
    assert any("1萬4,607件，上季1萬4,708件，少101件；去年同季無資料" in text for text in compared)


def test_every_chart_has_words_and_stands_before_its_table(report: Report) -> None:
    assert [chart.number for chart in report.charts] == [1, 2, 3, 4, 5, 6]
    assert all(chart.title in chart.alt and len(chart.alt) > 30 for chart in report.charts)
    assert [table.number for table in report.tables] == list(range(1, len(report.tables) + 1))


def test_the_months_of_a_table_come_to_its_last_row(report: Report) -> None:
    table = next(table for table in report.tables if table.id == "inquiry")
    for column in range(1, len(table.columns)):
        months = [row[column].value or Decimal(0) for row in table.rows[:-1]]
        assert sum(months) == table.rows[-1][column].value


def test_the_annex_gives_every_figure_its_files(report: Report) -> None:
    receipts = next(table for table in report.tables if table.id == "receipts")
    batches = next(table for table in report.tables if table.id == "batches")
    named = {row[0].text for row in receipts.rows}
    assert {run.indicator for paragraph in report.paragraphs for run in paragraph.runs if run.indicator} <= named
    assert all(len(row[2].text) == 12 for row in batches.rows if row[1].text.endswith(".csv"))


def test_an_empty_warehouse_makes_a_report_that_says_what_is_missing(empty_warehouse: Warehouse) -> None:
    with empty_warehouse.reading() as cursor:
        empty = build(cursor, QUARTER)
    assert sum(paragraph.text.count(MISSING) for paragraph in empty.paragraphs) > 50
    assert empty.charts == []


def test_another_quarter_lists_its_own_events(sample_warehouse: Warehouse) -> None:
    with sample_warehouse.reading() as cursor:
        second = build(cursor, parse_quarter("105Q2"))
    text = "\n".join(paragraph.text for paragraph in second.paragraphs)
    assert "105年6月23日指派替代役男8人" in text and "105年8月4日" not in text
    assert second.window.label == "105年1月至6月"
