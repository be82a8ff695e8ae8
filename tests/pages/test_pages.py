"""Every page, run headless: with no data, with one month, with the sample; and what must stand on it."""

from __future__ import annotations

import ast
import hashlib
import re
import shutil
from collections.abc import Callable
from pathlib import Path

import pytest
from streamlit.testing.v1 import AppTest

from warehouse import PROJECT
from warehouse.errors import Finding
from warehouse.load import open_warehouse
from warehouse.samples import FOLDER as SAMPLES
from warehouse.samples import sample_files
from warehouse.web import export, markup, site_map
from warehouse.web.words import WORDS, t

PAGES = site_map.NAMES
SHELL = PROJECT / "warehouse" / "web" / "shell.py"

Visit = Callable[..., AppTest]


def words(test: AppTest) -> str:
    """What is read on the page, without markup."""
    pieces = [re.sub(r"<style>.*?</style>", "", item.proto.body, flags=re.S) for item in test.get("html")]
    return re.sub(r"\s+", " ", re.sub(r"<[^>]+>", " ", " ".join(pieces)))


@pytest.mark.parametrize("kind", ["empty", "month", "sample"])
@pytest.mark.parametrize("page", PAGES)
def test_every_page_runs(visit: Visit, page: str, kind: str) -> None:
    shown = words(visit(page, kind))
    assert t("app.local") in shown
    assert ("示範資料：累計同105年第3季報告，各月及分處所數字為虛構" in shown) == (kind == "sample")


def test_first_page_shows_the_reports_figures(visit: Visit) -> None:
    shown = words(visit("home"))
    for figure in (
        "97.14 ％",
        "n＝175",
        "99.43 ％",
        "92.87 分",
        "優等",
        "91.83 分",
        "42,648 件",
        "83,952,914元",
        "4,400 筆",
        "251,046,629元",
        "16,865 件",
    ):
        assert figure in shown, figure
    assert "97.15" not in shown
    for said in ("105年1月至9月", "目前沒有需要注意的事項", "優於暫定目標95％（未經核定）", "尚無去年同期資料", "資料至105年9月30日", "未訂目標"):
        assert said in shown, said
    assert "達標23項、未達標0項" in shown and "資料到105年9月，月報沒有缺漏" in shown


def test_cards_stand_in_their_order_and_lead_to_their_indicator(visit: Visit) -> None:
    body = " ".join(item.proto.body for item in visit("home", site="yilan").get("html"))
    places = [
        body.index(f">{WORDS[f'card.{name}'][0]}</a>")
        for name in ("survey_time", "survey_overall", "phone_self", "phone_hq", "cvs", "counter", "web", "petition")
    ]
    assert places == sorted(places)
    assert 'href="indicator?id=survey_time_within_30&amp;site=yilan"' in body


def test_empty_warehouse_says_what_to_do_first(visit: Visit) -> None:
    shown = words(visit("home", "empty"))
    assert "還沒有資料" in shown and "到上傳頁" in shown


def test_one_month_is_no_red_and_no_green(visit: Visit) -> None:
    test = visit("home", "month")
    body = " ".join(item.proto.body for item in test.get("html"))
    assert "94.74" in body and "n＝19" in words(test)
    assert "sq-chip good" not in body and "sq-chip concern" not in body
    assert "種月報從未交過" in words(test)
    assert "累計中沒有更早的月份可比" in words(test) and "與上月相同" not in words(test)


def test_a_missing_month_is_said(visit: Visit, tmp_path: Path, sample_folder: Path) -> None:
    shutil.copytree(sample_folder, tmp_path / "data")
    warehouse = open_warehouse(tmp_path / "data")
    with warehouse.reading() as cursor:
        row = cursor.execute("select id from ledger.batch where dataset = 'payment_monthly' order by id").fetchall()[4]
    from warehouse.load import undo

    undo(warehouse, row[0], by="測試", reason="缺一個月")
    warehouse.close()
    shown = words(visit("home"))
    assert "缺：案款代收月報表（105年5月）" in shown
    assert "105年5月逾期未交" in shown and "逾期未交1件" in shown and "資料至105年9月30日；缺105年5月" in shown
    assert "105年5月沒有資料，線條斷開，不當成0" in words(visit("indicator", id="cvs_payment_count"))


def test_period_and_site_come_from_the_address(visit: Visit) -> None:
    assert "105年4月至6月" in words(visit("home", period="quarter", to="2016-06"))
    assert "105年2月至3月" in words(visit("home", period="custom", **{"from": "2016-02", "to": "2016-03"}))
    assert "基隆行政執行官辦公室" in words(visit("indicator", site="keelung"))
    assert "105年1月至9月" in words(visit("home", period="nonsense", to="1066-10", site="atlantis"))


def test_indicator_page_tells_how_the_figure_was_made(visit: Visit) -> None:
    test = visit("indicator", id="survey_time_within_30")
    assert "170 ÷ 175" not in words(test)
    test.session_state["basis"] = True
    shown = words(test.run())
    for said in (
        "170 ÷ 175 × 100 ＝ 97.142857 → 97.14％",
        "95％參考範圍 93.49％至98.77％",
        "問卷為自願填答，非隨機抽樣，未含抽樣偏差",
        "105年01月問卷登錄清冊.csv",
        "19列：第4–22列",
        "合計列1列",
        "9個月中，7個月不低於暫定目標95％",
        "目標95％（暫定，未核定）",
    ):
        assert said in shown, said
    assert test.get("vega_lite_chart")


def test_verdicts_are_said_with_their_price(visit: Visit) -> None:
    shown = words(visit("indicator", id="phone_hq_mean", period="custom", **{"from": "2016-01", "to": "2016-01"}))
    assert "樣本尚少" in shown and "尚無法判定" in shown and "請看累計" in shown
    assert "達標" in words(visit("indicator", id="phone_self_mean"))


@pytest.mark.parametrize(
    "name",
    ["phone_self_grade", "accessibility_badge_date", "payment_amount_two_channels", "report_period", "website_visits_cumulative", "petition_on_time"],
)
def test_every_kind_of_indicator_has_its_page(visit: Visit, name: str) -> None:
    test = visit("indicator", id=name)
    assert t("indicator.card") in words(test)


# --- upload -------------------------------------------------------------------------------------------------------------


def _give(test: AppTest, name: str, content: bytes) -> AppTest:
    test.get("file_uploader")[0].set_value((name, content, "text/csv")).run()
    assert not test.exception
    test.button(key="check").click().run()
    assert not test.exception
    return test


def _survey(month: str) -> tuple[str, bytes]:
    path = sorted((SAMPLES / "survey_response").glob(f"*{month}月*"))[0]
    return path.name, path.read_bytes()


def test_upload_check_confirm_receipt_undo(visit: Visit) -> None:
    test = _give(visit("upload", "empty"), *_survey("01"))
    shown = words(test)
    for said in (
        "可入庫",
        "為民服務意見調查表",
        "CP950（Big5）",
        "105年1月",
        "讀到20列 ＝ 可入庫19列＋暫存0列＋略過1列",
        "合計列1列",
        "0項問題",
        "入庫後會改變的指標",
        "94.74 ％",
    ):
        assert said in shown, said
    test.button(key="confirm").click().run()
    assert not test.exception
    assert "上傳回條" in words(test) and "上傳紀錄第1號" in words(test)
    test.text_input(key="undo_reason_1").input("登錄有誤")
    test.button(key="undo_press_1").click().run()
    assert not test.exception
    assert "已撤回第1號（這次撤回是第2號）" in words(test)
    test.button(key="another").click().run()
    assert not test.exception and t("upload.privacy") in words(test)


def test_same_file_again_is_unchanged(visit: Visit) -> None:
    test = _give(visit("upload", "month"), *_survey("01"))
    assert "內容相同，未重複入庫" in words(test)
    assert not [button for button in test.button if button.key == "confirm"]


def test_questions_must_be_ticked(visit: Visit) -> None:
    test = _give(visit("upload", "month"), *_survey("03"))
    assert "請確認" in words(test) and "還沒有105年2月的資料" in words(test)
    assert test.button(key="confirm").disabled
    next(box for box in test.checkbox if box.key.startswith("tick_")).check().run()
    assert not test.button(key="confirm").disabled
    test.button(key="confirm").click().run()
    assert "上傳紀錄第2號" in words(test)


def test_faulty_file_is_returned_with_its_findings(visit: Visit) -> None:
    name, content = _survey("01")
    test = _give(visit("upload", "empty"), name, content.decode("cp950").replace("15分鐘內", "很快", 1).encode("cp950"))
    assert "退回修正" in words(test) and "第4列" in words(test)
    assert not [button for button in test.button if button.key == "confirm"]


def test_bad_rows_are_held_with_a_reason(visit: Visit) -> None:
    name, content = _survey("01")
    test = visit("upload", "empty")
    test.checkbox(key="hold").check().run()
    faulty = content.decode("cp950").replace("15分鐘內", "很快", 1).encode("cp950")
    test.get("file_uploader")[0].set_value((name, faulty, "text/csv")).run()
    assert t("upload.hold.missing") in words(test) and test.button(key="check").disabled
    test.text_input(key="hold_reason").input("待承辦人查明").run()
    test.button(key="check").click().run()
    assert "可入庫18列＋暫存1列＋略過1列" in words(test)


def test_a_workbook_is_refused_in_words_whatever_its_name(visit: Visit) -> None:
    for name in ("表.xlsx", "表.csv"):
        test = _give(visit("upload", "empty"), name, b"PK\x03\x04" + bytes(200))
        assert "退回修正" in words(test) and "另存新檔" in words(test)


def test_nobody_in_charge_nothing_checked(visit: Visit) -> None:
    test = visit("upload", "empty")
    test.text_input(key="by").input(" ").run()
    test.get("file_uploader")[0].set_value((*_survey("01"), "text/csv")).run()
    assert t("upload.by.missing") in words(test) and test.button(key="check").disabled


def test_names_and_cells_are_shown_as_plain_text(visit: Visit) -> None:
    name = "<img src=x onerror=alert(1)> ![x](http://127.0.0.1:9/x.png) :red[x] $x$.csv"
    test = _give(visit("upload", "empty"), name, _survey("01")[1])
    body = " ".join(item.proto.body for item in test.get("html"))
    assert "<img src=x" not in body and "&lt;img src=x onerror=alert(1)&gt;" in body
    test.button(key="confirm").click().run()
    markdown = " ".join(item.value for item in test.markdown) + " ".join(item.label for item in (*test.checkbox, *test.button))
    assert "x.png" not in markdown


def test_log_opens_an_entry_and_takes_it_back(visit: Visit) -> None:
    assert f"上傳紀錄：{len(sample_files())}筆" in words(visit("batches"))
    at, path = next((at, path) for at, path in enumerate(sample_files(), start=1) if path.parent.name == "phone_test")
    test = visit("batches", entry=str(at))
    assert hashlib.sha256(path.read_bytes()).hexdigest() in words(test) and f"第{at}號的內容" in words(test)
    test.button(key=f"undo_press_{at}").click().run()
    assert "撤回要寫理由" in words(test)
    test.text_input(key=f"undo_reason_{at}").input("送錯檔")
    test.button(key=f"undo_press_{at}").click().run()
    assert not test.exception and f"已撤回（第{len(sample_files()) + 1}號）" in words(test)


# --- rules of the house -------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("page", PAGES)
def test_a_page_is_thin(page: str) -> None:
    text = (PROJECT / "pages" / f"{page}.py").read_text(encoding="utf-8")
    tree = ast.parse(text)
    assert len(text.splitlines()) <= 80
    for node in ast.walk(tree):
        assert not isinstance(node, ast.FunctionDef | ast.Lambda | ast.ClassDef | ast.BinOp), ast.dump(node)
        if isinstance(node, ast.Import | ast.ImportFrom):
            named = [alias.name for alias in node.names] + [getattr(node, "module", "") or ""]
            assert not {"duckdb", "polars", "pandas"} & {name.split(".")[0] for name in named}
        if isinstance(node, ast.Constant) and isinstance(node.value, str):
            assert not re.search(r"\bselect\b.*\bfrom\b", node.value, re.I)


def test_only_data_asks_the_warehouse() -> None:
    for path in (PROJECT / "pages").glob("*.py"):
        text = path.read_text(encoding="utf-8")
        assert "unsafe_allow_html" not in text
        if not path.name.startswith("_data"):
            assert "duckdb" not in text and ".reading()" not in text and "state.current" not in text, path.name


def test_every_word_has_two_languages_and_the_same_places() -> None:
    for key, (chinese, english) in WORDS.items():
        assert chinese and english, key
        assert set(re.findall(r"\{(\w+)\}", chinese)) == set(re.findall(r"\{(\w+)\}", english)), key


def test_every_word_asked_for_is_in_the_catalogue() -> None:
    for path in [*(PROJECT / "pages").glob("*.py"), SHELL]:
        for key in re.findall(r'\bt\(\s*"([a-z_.0-9]+)"', path.read_text(encoding="utf-8")):
            assert key in WORDS, (path.name, key)


def test_text_never_becomes_markup() -> None:
    assert markup.element("p", "<b>&\"'", title='"><script>') == '<p title="&quot;&gt;&lt;script&gt;">&lt;b&gt;&amp;&quot;&#x27;</p>'
    assert "⟦U+202E⟧" in markup.escaped("a\u202eb")
    assert markup.table("<c>", ["<h>"], [["<d>"]]).count("<d>") == 0


@pytest.mark.parametrize("cell", ["=1+1", "+1", "-1", "@x", "\t=1", " =1", "＝1"])
def test_export_neutralises_formulas(cell: str) -> None:
    assert export.csv_bytes([[cell, 5, None]]).decode("utf-8-sig").lstrip('"').startswith("'")


def test_findings_have_one_shape() -> None:
    from pages import _data

    finding = Finding("X", "row", "說明", 3)
    assert _data.finding_rows([finding]) == _data.finding_rows([finding.as_json()])
