"""上傳紀錄: the list cut down and turned over; one entry reviewed, compared, mended, taken back; quarters closed and opened again."""

from __future__ import annotations

import re
import shutil
from collections.abc import Callable, Iterator
from datetime import date, datetime
from pathlib import Path

import pytest
from streamlit.testing.v1 import AppTest

from pages import _batches, _data_batches
from pages._data_batches import Line
from warehouse import PROJECT, ledger, oversight
from warehouse.errors import Unavailable
from warehouse.form import enter
from warehouse.intake import Source
from warehouse.load import Request, load_file, open_warehouse
from warehouse.period import parse_quarter_option
from warehouse.samples import sample_files
from warehouse.web import state

SHELL = PROJECT / "warehouse" / "web" / "shell.py"
HEAD = "測試機關,日期,受測單位,總分\n"
FIRST = HEAD + "花蓮分署,105/7/5,執行股甲,80\n花蓮分署,105/7/6,執行股乙,很好\n"
SECOND = HEAD + "花蓮分署,105/7/5,執行股甲,85\n花蓮分署,105/7/7,執行股丙,70\n"

Visit = Callable[..., AppTest]


@pytest.fixture
def visit(tmp_path: Path, sample_folder: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Visit]:
    """The log over a folder of one's own: `held` (July with a held row), `two` (July, and July again, and an entry), or the sample."""
    folder = tmp_path / "data"
    monkeypatch.setenv("SERVICE_QUALITY_DATA", str(folder))

    def prepare(kind: str) -> None:
        if kind == "sample":
            shutil.copytree(sample_folder, folder)
            return
        warehouse = open_warehouse(folder)
        request = Request(by="王承辦", accept=frozenset(["all"]), hold=True, reason="待查明")
        assert load_file(warehouse, Source("七月.csv", FIRST.encode()), request).held == 1
        if kind == "two":
            assert load_file(warehouse, Source("七月更正.csv", SECOND.encode()), request).outcome == "loaded"
            assert enter(warehouse, "meeting", {"日期": "105/7/1", "會議類別": "工作會議"}, "李承辦").outcome == "loaded"
        warehouse.close()

    def go(kind: str = "held", page: str = "batches", **query: str) -> AppTest:
        if not folder.exists():
            prepare(kind)
        test = AppTest.from_file(str(SHELL), default_timeout=60)
        test.run()
        test.switch_page(f"../../pages/{page}.py")
        for name, code in query.items():
            test.query_params[name] = code
        test.run()
        assert not test.exception, test.exception
        return test

    yield go
    state.close_all()


def words(test: AppTest) -> str:
    pieces = [re.sub(r"<style>.*?</style>", "", item.proto.body, flags=re.S) for item in test.get("html")]
    return re.sub(r"\s+", " ", re.sub(r"<[^>]+>", " ", " ".join(pieces)))


def labels(test: AppTest) -> set[str]:
    return {item.proto.label for item in test.get("download_button")}


# --- the list -----------------------------------------------------------------------------------------------------------


def test_the_list_tells_state_rows_and_review_of_every_kind(visit: Visit) -> None:
    test = visit("two")
    warehouse = state.current()
    oversight.review(warehouse, 2, by="陳科長", note="相符")
    oversight.close(warehouse, parse_quarter_option("105Q3"), by="主任")
    test.run()
    shown = words(test)
    for said in ("上傳紀錄：5筆", "已由後來的取代", "已覆核（陳科長", "未覆核", "登錄", "覆核 第2號", "105年第3季", "已鎖定", "七月更正.csv"):
        assert said in shown, said


@pytest.mark.parametrize(
    ("query", "count"),
    [
        ({"state": "live"}, 2), ({"state": "replaced"}, 1), ({"state": "undone"}, 0), ({"state": "unreviewed"}, 2), ({"state": "waiting"}, 0),
        ({"dataset": "meeting"}, 1), ({"month": "2016-07"}, 3), ({"dataset": "phone_test", "state": "live"}, 1),
    ],
    ids=str,
)  # fmt: skip
def test_the_list_is_cut_down_by_the_address(visit: Visit, query: dict[str, str], count: int) -> None:
    shown = words(visit("two", **query))
    assert (f"上傳紀錄：{count}筆" if count else "沒有符合的紀錄") in shown


def test_a_long_log_is_turned_over_in_pages(visit: Visit, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(_batches, "_LINES", 50)
    count = len(sample_files())
    test = visit("sample")
    assert [int(number) for number in re.findall(r'<a href="batches\?entry=(\d+)">', _body(test))] == list(range(count, count - 50, -1))
    test.selectbox(key="choice_leaf").set_value("2").run()
    assert [int(number) for number in re.findall(r'<a href="batches\?entry=(\d+)">', _body(test))] == list(range(count - 50, count - 100, -1))
    assert f"上傳紀錄：{count}筆" in words(test)


def _body(test: AppTest) -> str:
    return " ".join(item.proto.body for item in test.get("html"))


def test_what_a_line_is() -> None:
    load = Line(1, "load", datetime(2016, 10, 1), "a", "live", slots=((date(2016, 7, 1), "all", ""), (date(2016, 7, 1), "yilan", "")))
    assert (load.months, load.sites, load.is_batch, load.is_unreviewed) == ((date(2016, 7, 1),), ("all", "yilan"), True, True)
    assert not Line(2, "undo", datetime(2016, 10, 1), "a", "said").is_unreviewed


# --- one entry ----------------------------------------------------------------------------------------------------------


def test_the_original_is_given_as_it_came_by_its_hash_alone(visit: Visit) -> None:
    test = visit(entry="1")
    assert "下載原檔" in labels(test)
    [sha256] = re.findall(r'<span class="sq-hash">([0-9a-f]{64})</span>', _body(test))
    assert _data_batches.original(sha256) == FIRST.encode()
    with pytest.raises(Unavailable):
        _data_batches.original("0" * 64)


def test_a_second_person_reviews_and_the_first_may_not(visit: Visit) -> None:
    test = visit(entry="1")
    assert "未覆核：尚未由上傳人以外的人員檢視" in words(test)
    test.button(key="review_press_1").click().run()
    assert "請填寫姓名" in words(test)
    test.text_input(key="review_by_1").input("王承辦")
    test.button(key="review_press_1").click().run()
    assert "請由另一位同仁覆核" in words(test)
    test.text_input(key="review_by_1").input("陳科長")
    test.text_input(key="review_note_1").input("與原表相符")
    test.button(key="review_press_1").click().run()
    assert not test.exception and "已覆核（陳科長" in words(test) and "與原表相符" in words(test)
    test.text_input(key="review_by_1").input("陳科長")
    test.button(key="review_press_1").click().run()
    assert "已經覆核過" in words(test)


def test_held_rows_are_shown_given_out_and_brought_back(visit: Visit) -> None:
    test = visit(entry="1")
    for said in ("入庫時暫存1列，現在待改正1列", "執行股乙", "讀到「很好」", "上傳改正後的列"):
        assert said in words(test), said
    assert "下載待改正的列" in labels(test) and 'href="upload?release=1"' in _body(test)
    assert _data_batches.held_workbook(1).startswith(b"PK")
    assert "另有1列待改正" in words(visit(page="indicator", id="phone_self_mean"))
    test = visit(page="upload", release="1")
    assert "暫存待改正的列" in words(test)
    mended = HEAD + "花蓮分署,105/7/6,執行股乙,90\n"
    test.get("file_uploader")[0].set_value(("改正.csv", mended.encode(), "text/csv")).run()
    test.button(key="check").click().run()
    assert "可入庫" in words(test) and "80 分" in words(test) and "85 分" in words(test)
    test.button(key="confirm").click().run()
    assert "上傳紀錄第2號" in words(test)
    shown = words(visit(entry="1"))
    assert "現在待改正0列。已補正：第2號" in shown and "上傳改正後的列" not in shown
    assert "待改正" not in words(visit(page="indicator", id="phone_self_mean"))
    assert "補正 第1號" in words(visit(entry="2"))


def test_two_batches_are_held_beside_each_other(visit: Visit) -> None:
    test = visit("two", entry="2", **{"with": "1"})
    shown = words(test)
    for said in ("第2號比第1號新增1列、刪除0列、修改1列，0列相同", "總分：80 → 85", "執行股丙", "兩筆入庫後的指標", "80 分", "77.5 分"):
        assert said in shown, said
    assert "下載全部差異" in labels(test)
    lines = _batches._differences_csv(1, 2, ["變動"], {"new": "新增", "changed": "修改"}).decode("utf-8-sig").splitlines()
    assert len(lines) > 2 and "修改,2016-07,all" in lines[1]
    assert "沒有同一報表、同一月份的其他紀錄可供比較" in words(visit("two", entry="3"))


# --- closed quarters ----------------------------------------------------------------------------------------------------


def test_a_quarter_is_closed_and_opened_again_for_a_reason(visit: Visit) -> None:
    test = visit()
    assert "尚無鎖定的季別" in words(test)
    test.button(key="close_press").click().run()
    assert "請填寫姓名" in words(test)
    test.text_input(key="close_by").input("主任")
    test.button(key="close_press").click().run()
    assert not test.exception and "105年1月至9月" in words(test)
    test.text_input(key="reopen_by").input("主任")
    test.button(key="reopen_press").click().run()
    assert "解除鎖定須填寫理由" in words(test)
    test.text_input(key="reopen_reason").input("補送案件")
    test.button(key="reopen_press").click().run()
    assert "尚無鎖定的季別" in words(test)
    with state.current().reading() as cursor:
        assert [(closing.closed, closing.by_name, closing.reason) for closing in ledger.closings(cursor)] == [(True, "主任", None), (False, "主任", "補送案件")]


def test_an_undo_of_a_closed_month_is_refused_in_words(visit: Visit) -> None:
    test = visit(entry="1")
    oversight.close(state.current(), parse_quarter_option("105Q3"), by="主任")
    test.run()
    test.text_input(key="undo_reason_1").input("送錯")
    test.button(key="undo_press_1").click().run()
    assert "105年第3季已鎖定" in words(test)
