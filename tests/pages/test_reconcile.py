"""The reconciliation screen: a document of our own against the sample, decisions, and figures kept of an earlier report."""

from __future__ import annotations

import re

from streamlit.testing.v1 import AppTest

from tests.pages.conftest import Visit
from warehouse import scorecard
from warehouse.period import Quarter, Window
from warehouse.published import keep_published, published
from warehouse.web import state

TABLE = "id,printed\r\ninquiry_total,16853\r\nsurvey_valid_n,{n}\r\nno_such,1\r\n"


def shown(test: AppTest) -> str:
    assert not test.exception, test.exception
    return re.sub(r"<[^>]+>", " ", " ".join(item.proto.body for item in test.get("html")))


def give(test: AppTest, name: str, content: bytes) -> None:
    test.file_uploader(key="printed").set_value([(name, content, "text/plain")]).run()


def answers() -> int:
    with state.current().reading() as cursor:
        return int(scorecard.figures(cursor, Window.year_to_quarter(Quarter(2016, 3)))["survey_valid_n"].value)


def table() -> bytes:
    return TABLE.format(n=answers()).encode()


def press(test: AppTest, label: str) -> None:
    test.button[[button.label for button in test.button].index(label)].click().run()


def test_every_printed_figure_stands_with_its_outcome_and_a_difference_with_the_decision(visit: Visit) -> None:
    test = visit("reconcile")
    give(test, "季報.csv", table())
    said = shown(test)
    assert "不同 1" in said and "未計算 1" in said and "相符 1" in said
    assert "各部分加總16,865件；原報告16,853件，差12件" in said and "1項差異，1項尚未處理" in said
    test.text_input(key="by_decide").set_value("王組員")
    test.radio(key="decision").set_value("other")
    press(test, "記錄處理方式")
    assert "須寫說明" in shown(test)
    test.text_input(key="decision_note").set_value("影印件數另計")
    press(test, "記錄處理方式")
    said = shown(test)
    assert "1項差異，0項尚未處理" in said and "影印件數另計" in said and "王組員" in said


def test_the_outcome_chosen_is_the_only_one_listed(visit: Visit) -> None:
    test = visit("reconcile")
    give(test, "季報.csv", table())
    test.selectbox(key="choice_outcome").set_value("equal").run()
    body = next(item.proto.body for item in test.get("html") if "印出的數字：" in item.proto.body)
    assert "印出的數字：1項" in body and "原報告16,853件" not in body


def test_sums_are_checked_without_the_warehouse_and_unreadable_files_are_told_in_words(visit: Visit) -> None:
    test = visit("reconcile")
    text = "壹、優質便民服務\n1.資料時間：105年1月至9月\n2.105年1月至9月受理查詢合計100件（電話40件、書面50件）。\n3.有效問卷計5份。\n"
    give(test, "季報.txt", text.encode())
    assert "印出的合計100件，各項相加90件，差10件" in shown(test)
    give(test, "空白.txt", "沒有數字".encode())
    assert "讀不到可以對應指標的數字" in shown(test)
    give(test, "壞掉.pdf", b"%PDF-1.7 nothing")
    assert "無法讀取" in shown(test) or "沒有文字" in shown(test)


def test_figures_of_an_earlier_report_are_kept_only_when_confirmed(visit: Visit) -> None:
    test = visit("reconcile", quarter="104Q3")
    give(test, "104年第3季報告.csv", b"id,printed\r\ninquiry_total,15000\r\nsurvey_valid_n,400\r\n")
    assert "舊季報匯入" in shown(test) and test.button(key="keep_press").disabled
    box = next(box for box in test.checkbox if (box.key or "").startswith("keep_"))
    name = next(name for name in ("inquiry_total", "survey_valid_n") if box.key.endswith(name))
    test.checkbox(key=box.key).check().run()
    assert "已確認1項，共2項" in shown(test)
    test.text_input(key="by_keep").set_value("王組員").run()
    test.button(key="keep_press").click().run()
    assert "已存1項" in shown(test)
    with state.current().reading() as cursor:
        assert [(key, item.document) for key, item in published(cursor).items()] == [((name, Quarter(2015, 3)), "104年第3季報告.csv")]


def test_a_report_of_another_period_is_not_kept(visit: Visit) -> None:
    test = visit("reconcile", quarter="104Q3")
    give(test, "季報.txt", "資料時間：105年1月至9月\n1.105年1月至9月有效問卷計426份。\n".encode())
    assert "與所選的104年第3季不同" in shown(test) and "不能匯入" in shown(test)


def test_what_was_kept_stands_on_the_indicators_page_only_where_the_warehouse_has_nothing(visit: Visit) -> None:
    visit("home")
    for quarter in (Quarter(2015, 3), Quarter(2016, 2)):
        assert keep_published(state.current(), quarter, {"inquiry_total": "15000"}, "舊季報", "王組員").outcome == "loaded"
    said = shown(visit("indicator", id="inquiry_total"))
    assert "去年同期（104年1月至9月）15,000件，季報登載值，無明細" in said
    assert "上季累計" not in said
    assert "登載值" not in shown(visit("indicator", id="inquiry_total", site="yilan"))
    other = shown(visit("indicator", id="inquiry_total", period="quarter"))
    assert "登載值" not in other and "無明細；季報登載的累計見「年初累計」" in other


def test_what_was_kept_is_marked_wherever_it_stands(visit: Visit) -> None:
    visit("home")
    for quarter in (Quarter(2015, 1), Quarter(2015, 3)):
        assert keep_published(state.current(), quarter, {"inquiry_total": "15000", "cvs_payment_count": "41000"}, "舊季報", "王組員").outcome == "loaded"
    for page, query, count in (("home", {}, 2), ("home", {"to": "2016-03"}, 2), ("review", {}, 2), ("indicator", {"id": "cvs_payment_count"}, 1)):
        said = shown(visit(page, **query))
        told = [said[place.start() - 60 : place.end() + 20] for place in re.finditer("15,000件|41,000件", said)]
        assert len(told) == count and all("季報登載值，無明細" in each and "去年同期（104年1月至" in each for each in told), (page, told)
    first = shown(visit("indicator", id="cvs_payment_count", period="quarter", to="2016-03"))
    assert "41,000件（季報登載值，無明細）" in first and "無明細，不作比較" in first
