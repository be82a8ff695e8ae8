"""What the report says: every catalogued figure, under the award's headings, with its day; tables, comparisons and lists."""

from __future__ import annotations

from decimal import Decimal
from fractions import Fraction
from pathlib import Path

import pytest

from tests import independent
from warehouse.indicators import award_headings
from warehouse.intake import Source
from warehouse.load import Request, load_file, undo
from warehouse.period import parse_quarter
from warehouse.report.content import build
from warehouse.report.parts import Cell, Report
from warehouse.report.writer import MISSING
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
    assert len(compared) >= 8
    assert not any("上升" in text or "下降" in text for text in compared)
    assert any("98.41﹪（n＝63），上季95﹪（n＝60），差異未逾95％參考範圍" in text for text in compared)
    assert any("1萬4,607件，上季1萬4,708件，少101件；去年同季無資料" in text for text in compared)


def test_every_chart_has_words_and_stands_before_its_table(report: Report) -> None:
    assert [chart.number for chart in report.charts] == [1, 2, 3, 4, 5]
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


def summary_of(report: Report) -> list[str]:
    first = next(at for at, part in enumerate(report.parts) if getattr(part, "title", "") == "摘要")
    texts = [getattr(part, "text", "") for part in report.parts[first + 1 :]]
    return texts[: next(at for at, part in enumerate(report.parts[first + 1 :]) if part in report.tables)]


def test_the_summary_tells_targets_changes_and_what_the_office_says_of_them(report: Report) -> None:
    said = summary_of(report)
    held = [figure for figure in report.figures.values() if figure.comparison and figure.target and figure.target.basis != "provisional" and figure.goal is not None]
    missed = sum(figure.comparison == "misses" for figure in held)
    assert any(f"的指標{len(held)}項，達標{len(held) - missed}項、未達標{missed}項" in sentence for sentence in said)
    assert any("本季（105年7月至9月）業務量與上季相比：受理查詢件數6,047件（多376件）；便利商店代收件數1萬4,607件（少101件）" in sentence for sentence in said)
    assert any("差異均未逾95％參考範圍，不作升降的陳述" in sentence for sentence in said)
    assert any("說明：受理查詢件數（105年9月）：各管道加總16,865件；原報告16,853件，差12件" in sentence for sentence in said)


def test_a_missed_target_is_named_in_the_summary(sample_warehouse: Warehouse) -> None:
    rows = "指標代碼,目標值,生效日期,依據,文號,核定人\nphone_self_mean,95,105/1/1,核定,宜執秘字第2號,分署長\n".encode("utf-8-sig")
    assert load_file(sample_warehouse, Source("目標.csv", rows), Request(by="秘書室", accept=frozenset(["all"]))).outcome == "loaded"
    with sample_warehouse.reading() as cursor:
        said = summary_of(build(cursor, QUARTER))
    assert any("未達標者：電話禮貌平均分數（花蓮分署）92.87分（目標95分，未達標" in sentence for sentence in said), said


def test_growth_is_told_question_by_question_in_words_the_interval_allows(report: Report) -> None:
    """Counted here from the files: the quarter and the one before it, 很滿意＋滿意 of each question."""
    table = next(table for table in report.tables if table.id == "growth")
    columns = {"處理申請事項": "處理申請事項", "機關洽公環境": "機關洽公環境", "整體滿意度": "整體滿意度", "問題處理解答詢問": "問題處理解答詢問"}
    for row in table.rows:
        if row[0].text not in columns:
            continue
        shares = []
        for months in ((7, 8, 9), (4, 5, 6)):
            answers = [each[columns[row[0].text]].strip() for each in independent.table("survey_response") if each.month.month in months]
            given = [answer for answer in answers if answer]
            shares.append(Fraction(100 * sum(answer in ("很滿意", "滿意") for answer in given), len(given)))
        now, before = (Decimal(int(share * 100 + Fraction(1, 2))) / 100 for share in shares)
        assert (row[2].value, row[3].value) == (now, before), row[0].text
        assert row[4].text == "無變動" if now == before else row[4].text.endswith("未逾參考範圍")
        assert row[5] == Cell("—") and row[6] == Cell("—")


def test_a_month_that_one_of_two_senders_lacks_is_named(sample_warehouse: Warehouse) -> None:
    with sample_warehouse.reading() as cursor:
        slots = cursor.execute("select distinct batch_id, part from ledger.live_slot where dataset = 'phone_test' and month = date '2016-09-01'").fetchall()
        both = len({part for _, part in slots})
    undo(sample_warehouse, next(batch for batch, part in slots if part == "hq"), by="測試", reason="測試")
    with sample_warehouse.reading() as cursor:
        said = summary_of(build(cursor, QUARTER))
    assert both == 2 and any("電話禮貌測試紀錄表缺9月（執行署）" in sentence for sentence in said), said[3:5]
