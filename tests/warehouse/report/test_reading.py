"""Reading a report back: a hand-made text of our own, the report's own files, and what is no report."""

from __future__ import annotations

import io
import zipfile
from decimal import Decimal

import pytest

from warehouse.errors import UsageError
from warehouse.indicators import all_indicators
from warehouse.period import Window, parse_quarter
from warehouse.reconcile import is_table
from warehouse.report.parts import Report
from warehouse.report.reading import against, passages, place, read, reconcile_text, rules, value_of
from warehouse.store import Warehouse

WINDOW = Window.year_to_quarter(parse_quarter("105Q3"))

#: Written for this test: the kinds of sentences such reports have, wrapped as a printout wraps them, with faults put in by hand.
HAND_MADE = """
資料時間：105年 1月至 105年 9月
壹、優質便民服務
  一、服務流程
  （一）服務流程便捷性
      1.單一窗口
        各移送機關派員如下：
        （1）本分署：
            ※財政部北區國稅局宜蘭分局 1人
            ※勞工保險局 2人
        （2）基隆行政執行官辦公室：
            ※勞工保險局 1人（不定期）
      2.流程簡化
        （1）民眾填寫「洽辦公務時間」，回收有效問卷計 175

份，15分鐘內者占 77.15﹪、30分鐘內者占 20﹪、45分鐘內者
占 2.85﹪，30 分鐘內完成者占全部 97.15﹪。
        （2）核發執行憑證 2,991筆，件數 13萬 0,292件。


 7

        （3）各管道共計受理 1 萬 6,853 件（電話查詢 8,571 件、臨櫃查詢 8,282
件、網路查詢 0件及資料影印 12件）。
  二、機關形象
      1.設施
                    ○1 洽公動線標示 6面。
                    ○2 增設實物投影機及42型LED液晶電視各1台，男女廁所至少設有一間坐式馬桶。
                    ○10 105年 6月 7日本分署指派役男 5名，參與關懷活動。
                    ○11 105年 6月 3日替代役男 15名參加捐血，捐血 4,250cc。
      2.電話
        （1）委由花蓮分署測試電話禮貌，共計 9 次，抽測 18 人次，平均分數為 92.87分，評定為優等。
        （2）每月定期陳報考核結果，以 75分為原則。
參、創新
   ○9 105年 7月 21日上午 10時至 12時由講師講授課程，參加人次計 61人。
   ○10 專人代收案款 4,400筆，金額 2億 5,104萬 6,629元，另有紀念品 300件。
   ○11 自 105 年 3 月 1 日起提供臨櫃刷卡繳款服務，另於 105 年 2 月 18 日至 19 日由分署長率「品質獎工作小組」至甲機關、乙機關及丙機關進行標竿學習。
http://www.example.test/
"""


@pytest.fixture(scope="module")
def figures(report: Report) -> dict:
    return report.figures


def test_figures_are_found_next_to_the_words_that_name_them() -> None:
    found = {figure.id: figure.value for figure in read(HAND_MADE.encode(), WINDOW).printed}
    assert found == {
        "report_period": "2016-01..2016-09",
        "stationed_yilan_national_tax": 1, "stationed_yilan_labor_ins": 2, "stationed_keelung_labor_ins": 1,
        "survey_valid_n": 175, "survey_time_within_15": Decimal("77.15"), "survey_time_15_30": 20, "survey_time_30_45": Decimal("2.85"),
        "survey_time_within_30": Decimal("97.15"),
        "exec_certificate_batches": 2991, "exec_certificate_cases": 130_292,
        "inquiry_total": 16_853, "inquiry_phone": 8571, "inquiry_counter": 8282, "inquiry_web_email": 0, "inquiry_copies": 12,
        "signs_route": 6, "auction_projectors": 1, "auction_tvs": 1, "seat_toilet_min": 1,
        "outreach_1050607_persons": 5, "blood_1050603_persons": 15, "blood_1050603_cc": 4250,
        "phone_self_rounds": 9, "phone_self_persons": 18, "phone_self_mean": Decimal("92.87"), "phone_self_grade": "優等",
        "attitude_reports": 9, "attitude_base_score": 75,
        "training_1050721_persons": 61, "training_1050721_hours": 2,
        "counter_payment_count": 4400, "counter_payment_amount": 251_046_629,
        "credit_card_launch": "2016-03-01", "benchmark_visit_days": 2, "benchmark_visit_sites": 3,
    }  # fmt: skip


def test_they_are_compared_with_the_warehouse_in_stating_words(figures: dict) -> None:
    rows = {row.id: row for row in against(figures, read(HAND_MADE.encode(), WINDOW))}
    differing = {name: (row.kind, row.sentence) for name, row in rows.items() if row.outcome == "differs"}
    assert differing == {
        "survey_time_within_15": ("rounding", "尾數差0.01"),
        "survey_time_30_45": ("rounding", "尾數差0.01"),
        "survey_time_within_30": ("rounding", "尾數差0.01"),
        "inquiry_total": ("total", "各部分加總16,865件；原報告16,853件，差12件，等於資料影印件數，待業務單位確認"),
        "outreach_1050607_persons": ("other", "原報告5，計算為4人，差1人"),
    }
    assert [row.printed for row in against(figures, read(HAND_MADE.encode(), WINDOW)) if row.outcome == "not_placed"] == ["300件"]


def test_parts_that_do_not_come_to_their_total_are_found_without_the_warehouse() -> None:
    sums = read(HAND_MADE.encode(), WINDOW).sums
    assert [(found.total, found.parts, found.kind) for found in sums] == [(16_853, 16_865, "total")]
    assert sums[0].sentence == "印出的合計16,853件，各項相加16,865件，差12件"


@pytest.mark.parametrize(
    ("text", "faults"),
    [
        ("受理7件（通報甲5件、乙1件、丙1件，並轉介丁1件、戊2件、己6件）", 0),
        ("受理8件（通報甲5件、乙1件、丙1件）", 1),
        ("問卷計175份（發出293份、回收187份）", 0),
        ("受理3件（含上月1件）", 0),
        ("「整體滿意度」很滿意者占58.86%、滿意者占40.57%，兩者平均比率達99.43%", 0),
        ("「整體滿意度」很滿意者占58.86%、滿意者占40.57%，兩者平均比率達99.53%", 1),
    ],
)
def test_sums(text: str, faults: int) -> None:
    assert len(read(f"（1）{text}".encode(), WINDOW).sums) == faults


@pytest.mark.parametrize("suffix", ["odt", "docx", "pdf"])
def test_the_reports_own_files_are_read_back_without_a_difference(figures: dict, written: dict[str, bytes], suffix: str) -> None:
    reading = read(written[suffix], WINDOW)
    rows = against(figures, reading)
    placed = {row.id for row in rows if row.id}
    expected = {name for name, indicator in all_indicators().items() if indicator.from_month or name in ("inquiry_total", "survey_overall_top2", "phone_self_grade")}
    assert len(placed) >= 180 and {name for name in expected if name.startswith(("training_105", "blood_105"))} <= placed
    typed = [row for row in rows if row.passage.startswith("說明:")]
    assert [row for row in rows if row.outcome in ("differs", "not_computed", "not_placed") and row not in typed] == [], "explanations are what somebody wrote"
    assert {found.kind for found in reading.sums} <= {"rounding"}


def test_a_report_in_cp950_is_read_too() -> None:
    text = "（1）受理電話查詢8,571件。"
    assert [figure.value for figure in read(text.encode("cp950"), WINDOW).printed] == [8571]


def test_lines_of_a_page_are_joined_and_its_number_and_running_title_dropped() -> None:
    page = "某機關成果報告草稿版本\n（1）受理電話查\n詢8,5\n71件\n"
    found = passages((page + "- 3 -\n" + "某機關成果報告草稿版本\n（2）甲\n某機關成果報告草稿版本\n（3）乙\n").encode())
    assert [passage.text for passage in found] == ["受理電話查詢8,571件", "甲", "乙"]


@pytest.mark.parametrize(
    "content",
    [b"", b"   \n", b"%PDF-1.7 broken", b"PK\x03\x04broken", b"\xff\xfe\x00\x00broken"],
    ids=["empty", "blank", "pdf", "zip", "utf32"],
)
def test_what_is_no_report_is_refused_in_words(content: bytes) -> None:
    from warehouse.errors import Refused

    with pytest.raises((UsageError, Refused)) as refusal:
        read(content, WINDOW)
    assert any("一" <= sign <= "鿿" for sign in str(refusal.value))


def test_a_zip_that_unpacks_to_too_much_is_not_read() -> None:
    stream = io.BytesIO()
    with zipfile.ZipFile(stream, "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr("content.xml", b" " * 30_000_000)
    with pytest.raises(UsageError, match="過大"):
        read(stream.getvalue(), WINDOW)


def test_a_text_without_any_figure_is_told_what_is_wanted(sample_warehouse: Warehouse) -> None:
    with sample_warehouse.reading() as cursor, pytest.raises(UsageError, match="id 與 printed"):
        reconcile_text(cursor, "代碼,數值\n甲,1\n".encode(), WINDOW)


def test_a_table_is_told_from_a_text() -> None:
    assert is_table(b"id,printed\nx,1\n") and is_table("\ufeffid,unit,printed\n".encode())
    assert not is_table(HAND_MADE.encode()) and not is_table(b"%PDF-1.7")


def test_every_rule_names_indicators_there_are() -> None:
    names = {name for rule in rules() for name in (*rule.find, *rule.reckon, *filter(None, [rule.count]))}
    unknown = {name for name in names if "{day}" not in name and name not in all_indicators()}
    assert unknown <= {"care_visit_children"} | {f"survey_{question}_{answer}" for question in ("application", "reception", "staff", "overall", "answer") for answer in ("fair", "dissatisfied")}


@pytest.mark.parametrize(
    ("text", "value"),
    [("1萬6,853", 16_853), ("8,395萬2,914", 83_952_914), ("2億5,104萬6,629", 251_046_629), ("13萬0,292", 130_292), ("1萬", 10_000), ("97.14", Decimal("97.14")),
     ("105年8月15日", "2016-08-15"), ("105年9月", "2016-09"), ("105年1月至9月", "2016-01..2016-09"), ("下午2時至5時", "14:00-17:00"), ("上午9時至12時", "09:00-12:00"), ("優等", "優等"), ("一", 1)],
)  # fmt: skip
def test_values_of_what_is_printed(text: str, value: object) -> None:
    assert value_of(text) == value


def test_place_takes_passages(report: Report) -> None:
    assert place([], report.window).printed == ()
