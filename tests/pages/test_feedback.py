"""The page of inquiries and petitions: what stands on it."""

from __future__ import annotations

import csv
import io
from collections.abc import Callable

import pytest
from streamlit.testing.v1 import AppTest

from tests.pages.test_pages import words
from warehouse.web import export

Visit = Callable[..., AppTest]
Given = Callable[[dict[str, str]], None]

HEAD = "編號,收件日期,類別,管道,案由摘要,輿情屬性,承辦單位,辦結日期,回復方式,是否延期\n"


def test_the_sample(visit: Visit) -> None:
    test = visit("feedback")
    shown = words(test)
    for said in (
        "受理查詢16,865件。民眾意見及輿情17件，辦結17件，辦理中0件。訂有期限的1件，依限辦結1件、逾限0件。",
        "105年1月至9月合計16,865件：電話查詢占50.82％，臨櫃查詢占49.11％",
        "網路查詢（0件）、資料影印（12件）太少，圖上看不見，數字在表裡。",
        "合計 8,571 8,282 0 12 16,865",
        "占比 50.82％ 49.11％ 0.00％ 0.07％ 100.00％",
        "辦結17件，最久9個工作日（105-001，陳情）",
        "105-001 陳情 105/04/11 105/04/22 9 30 105/05/23 ● 依限辦結",
        "▲ 負面輿情 N-006（報紙） 105年9月6日收件，回復方式：澄清",
    ):
        assert said in shown, said
    assert len(test.get("vega_lite_chart")) == 2


def test_overdue_and_open_cases_come_first(visit: Visit, given: Given, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("SERVICE_QUALITY_TODAY", "2016-06-30")
    given({"民眾意見登記簿.csv": HEAD + "A-1,105/05/02,陳情,書面,x,,執行科,,,否\nM-1,105/06/27,民意信箱,網站,x,,秘書室,,,否\n"})
    shown = words(visit("feedback"))
    assert "▲ 逾限未辦結 A-1（陳情，執行科） 105年5月2日收件，已43個工作日，期限30個工作日（105年6月13日）" in shown
    assert "■ 辦理中 M-1（民意信箱，秘書室） 105年6月27日收件，已3個工作日，未訂期限" in shown
    assert "105年沒有辦公日曆表，以星期一至星期五為工作日。" in shown and "2件都在辦理中" in shown
    assert "105年1月至6月沒有「受理查詢件數月報表」的資料。" in shown


def test_the_file_to_take_along_holds_every_case_masked(visit: Visit, given: Given, monkeypatch: pytest.MonkeyPatch) -> None:
    rows = "".join(f"A{number},105/01/{number % 27 + 1:02d},民意信箱,王小明先生,x,,秘書室,105/01/31,@電話,否\n" for number in range(1, 41))
    given({"民眾意見登記簿.csv": HEAD + rows})
    written = []
    made = export.csv_bytes
    monkeypatch.setattr(export, "csv_bytes", lambda rows: written.append(made(rows)) or written[-1])
    assert "共40筆，這裡列出前30筆；全部在下載檔裡。" in words(visit("feedback"))
    files = [list(csv.reader(io.StringIO(content.decode("utf-8-sig")))) for content in written]
    (lines,) = [lines for lines in files if lines[0][0] == "編號"]
    assert len(lines) == 41 and {line[9] for line in lines[1:]} == {"王○○先生"} and {line[10] for line in lines[1:]} == {"'@電話"}
    assert lines[1][2] == "2016-01-27" and {line[7] for line in lines[1:]} == {"已辦結"}


def test_a_channel_that_lacks_months_is_named_and_one_never_given_is_not_zero(visit: Visit, given: Given) -> None:
    rows = "".join(f"105/{month},電話查詢,{100 + month}\n" for month in range(1, 5))
    given({"受理查詢件數月報表.csv": "月份,查詢管道,件數\n" + rows + "105/3,臨櫃查詢,90\n"})
    shown = words(visit("feedback"))
    assert "這些月份缺該管道的件數：臨櫃查詢：105年1月至2月、105年4月；合計只計已交的部分。" in shown
    assert "105年1月至4月已交的件數合計500件；各管道的月份未齊，不比較占比" in shown and "％" not in shown
    assert "資料影印" not in shown.split("走勢、定義", 1)[0] and "「民眾意見及新聞輿情登記簿」沒有資料，無從判斷。" in shown


def test_a_case_closed_late_says_when(visit: Visit, given: Given) -> None:
    given({"民眾意見登記簿.csv": HEAD + "A-1,105/05/02,陳情,書面,x,,執行科,105/08/01,公文,否\n"})
    assert "▲ 逾限辦結 A-1（陳情，執行科） 105年5月2日收件，105年8月1日辦結，65個工作日，期限30個工作日" in words(visit("feedback"))
