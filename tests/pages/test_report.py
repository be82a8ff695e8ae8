"""The report screen: from the checks to an approved report, texts that are not lost, pages and files."""

from __future__ import annotations

import hashlib
import re

import pytest
from streamlit.testing.v1 import AppTest

from tests.pages.conftest import Visit
from warehouse.period import Quarter
from warehouse.report import issue, steps, texts
from warehouse.web import state

QUARTER = Quarter(2016, 3)
HEADING = "壹一(一)3"


def shown(test: AppTest) -> str:
    assert not test.exception, test.exception
    return re.sub(r"<[^>]+>", " ", " ".join(item.proto.body for item in test.get("html")))


def kept(heading: str = HEADING) -> str:
    with state.current().reading() as cursor:
        return texts.texts(cursor, QUARTER)[heading]


def tick_all(test: AppTest) -> None:
    test.text_input(key="shared_105Q3").set_value("已由各單位確認").run()
    for box in [box.key for box in test.checkbox if box.key.startswith("tick_105Q3")]:
        test.checkbox(key=box).check()
    test.run()


def test_an_empty_warehouse_is_told_how_to_begin(visit: Visit) -> None:
    assert "上傳" in shown(visit("report", "empty"))


def test_the_opening_says_where_the_report_stands(visit: Visit) -> None:
    said = shown(visit("report"))
    assert "草稿" in said and "105年第3季提升服務品質執行成果報告" in said and "105年1月至9月" in said
    assert re.search(r"須處理\d+項、提醒\d+項", said)


def test_a_text_is_shown_as_it_will_print_and_saved_with_its_history(visit: Visit) -> None:
    test = visit("report", view="text", heading=HEADING)
    area = f"text_105Q3_{HEADING}"
    before = test.text_area(key=area).value
    assert before == kept()
    test.text_area(key=area).set_value(before + "\n{期間}受理查詢{inquiry_total}。").run()
    assert "105年1月至9月受理查詢 1萬6,865件 。" in shown(test) and "尚未儲存" in shown(test)
    test.text_input(key="by_text").set_value("王組員").run()
    test.button(key="save_text").click().run()
    assert "已儲存" in shown(test)
    assert kept().endswith("{期間}受理查詢{inquiry_total}。")
    with state.current().reading() as cursor:
        assert [(version.by_name, version.text) for version in texts.history(cursor, QUARTER, HEADING)] == [("王組員", kept())]
    test.toggle(key="report_marks").set_value(True).run()
    assert "<ins>" in " ".join(item.proto.body for item in test.get("html"))
    assert "本季改過1段文字" in shown(test)


def test_what_was_typed_survives_an_error_and_a_look_elsewhere(visit: Visit) -> None:
    test = visit("report", view="text", heading=HEADING)
    area = f"text_105Q3_{HEADING}"
    test.text_area(key=area).set_value("共計{no_such_figure}").run()
    test.button(key="save_text").click().run()
    assert "看不懂的代碼" in shown(test) and test.text_area(key=area).value == "共計{no_such_figure}"
    assert kept() != "共計{no_such_figure}"
    test.button_group(key="report_view").set_value("checks").run()
    assert "發布前檢查" in shown(test)
    test.button_group(key="report_view").set_value("text").run()
    assert test.text_area(key=area).value == "共計{no_such_figure}" and "尚未儲存" in shown(test)


def test_a_report_is_submitted_with_its_reasons_sent_back_and_approved(visit: Visit, monkeypatch: pytest.MonkeyPatch) -> None:
    from warehouse.report import files
    from warehouse.report.ods import ods

    monkeypatch.setattr(files, "rendered", lambda report: {f"{report.title}.ods": ods(report)})
    test = visit("report")
    tick_all(test)
    test.button_group(key="report_view").set_value("steps").run()
    assert "還不能送陳" not in shown(test)
    test.text_input(key="by_submit").set_value("王組員")
    test.button[[button.label for button in test.button].index("送陳核")].click().run()
    assert "陳核中" in shown(test)
    with state.current().reading() as cursor:
        submitted = steps.standing(cursor, QUARTER)
    assert submitted is not None and submitted.by_name == "王組員" and set(submitted.accepted.values()) == {"已由各單位確認"}

    test.text_input(key="send_back_reason").set_value("摘要再改")
    test.button[[button.label for button in test.button].index("退回草稿")].click().run()
    assert "草稿" in shown(test) and "摘要再改" in shown(test)
    test.button_group(key="report_view").set_value("checks").run()
    test.button_group(key="report_view").set_value("steps").run()
    test.button[[button.label for button in test.button].index("送陳核")].click().run()

    test.text_input(key="document").set_value("宜執秘字第1050000001號")
    test.text_input(key="approved_on").set_value("十月")
    test.text_input(key="approved_by").set_value("分署長")
    test.button[[button.label for button in test.button].index("核定")].click().run()
    assert "核定日期格式不符" in shown(test) and test.text_input(key="document").value == "宜執秘字第1050000001號"
    test.text_input(key="approved_on").set_value("105年10月12日")
    test.button[[button.label for button in test.button].index("核定")].click().run()
    assert "已核定（宜執秘字第1050000001號、105年10月12日）" in shown(test)
    with state.current().reading() as cursor:
        done = steps.last_approved(cursor, QUARTER)
    assert done is not None
    test.button_group(key="report_view").set_value("files").run()
    said = shown(test)
    for name, content in issue.issued_files(state.current(), done).items():
        assert name in said and hashlib.sha256(content).hexdigest()[:12] in said
    assert len(test.get("download_button")) >= len(done.files)


def test_pages_are_turned_one_by_one(visit: Visit, monkeypatch: pytest.MonkeyPatch) -> None:
    from warehouse.report import pdf

    monkeypatch.setattr(pdf, "pages", lambda report, pictures: [b"one", b"two"])
    test = visit("report", view="preview")
    assert test.selectbox(key="report_page").value == 1 and test.button(key="page_back").disabled
    test.button(key="page_next").click().run()
    assert test.selectbox(key="report_page").value == 2 and test.button(key="page_next").disabled


def html(test: AppTest) -> str:
    return " ".join(item.proto.body for item in test.get("html"))


def test_every_change_from_the_last_quarter_is_marked(visit: Visit) -> None:
    test = visit("report", view="differences")
    said = html(test)
    assert "<del>1萬0,818件</del>" in said and "<ins>1萬6,865件</ins>" in said, "the total of the second quarter and of the third"
    assert re.search(r"與105年第2季相比，\d+段印出的內容不同，其中0段改寫過文字", shown(test))
    first = visit("report", view="differences", quarter="105Q1")
    assert "104年第4季沒有資料" in shown(first)


def test_a_warning_shows_where_it_is_mended(visit: Visit) -> None:
    test = visit("report")
    assert "batches" in html(test) and 'rel="noopener"' in html(test)
    way = next(button for button in test.button if button.key.startswith("way_105Q3_names"))
    way.click().run()
    assert test.session_state["report_view"] == "text"


def test_what_was_mended_after_approval_is_listed_figure_by_figure(visit: Visit, monkeypatch: pytest.MonkeyPatch) -> None:
    from tests.warehouse.report.test_issue import approved, change_one_answer
    from warehouse.report import files
    from warehouse.report.ods import ods

    monkeypatch.setattr(files, "rendered", lambda report: {f"{report.title}.ods": ods(report)})
    test = visit("report")
    approved(state.current())
    change_one_answer(state.current())
    test.run()
    assert "核定後資料有更正：8項登載數字會變" in shown(test)
    assert re.search(r"整體滿意度：很滿意\s+本季\s+63.49﹪\s+61.9﹪", shown(test))
    test.button_group(key="report_view").set_value("steps").run()
    assert re.search(r"同一名稱有不同寫法：[^：]*請擇一：已確認", shown(test)), "what was warned of stands beside the reason"
