"""Several files on the upload page at once, the correction workbook, and a second try."""

from __future__ import annotations

import re
import shutil
import time
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from streamlit.testing.v1 import AppTest

from warehouse import PROJECT
from warehouse.load import open_warehouse
from warehouse.samples import FOLDER as SAMPLES
from warehouse.web import state

FILES = sorted((SAMPLES / "phone_test").glob("*.csv"))[:3]
WRONG = "月份,代收管道,件數,金額\r\n105/13,便利商店,1,2\r\n105/02,郵差,1,2\r\n".encode("utf-8-sig")

Open = Callable[[], AppTest]


@pytest.fixture
def upload(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Open]:
    folder = tmp_path / "data"
    open_warehouse(folder).close()
    monkeypatch.setenv("SERVICE_QUALITY_DATA", str(folder))

    def go() -> AppTest:
        test = AppTest.from_file(str(PROJECT / "warehouse" / "web" / "shell.py"), default_timeout=60)
        test.run()
        test.switch_page("../../pages/upload.py").run()
        return test

    yield go
    state.close_all()
    shutil.rmtree(folder)


def give(test: AppTest, *files: tuple[str, bytes]) -> None:
    test.file_uploader(key="file_0").set_value([(name, content, "text/csv") for name, content in files]).run()
    test.text_input(key="by").set_value("王承辦").run()


def until(test: AppTest, words: str) -> str:
    """Run again as a browser's timer would, until the words stand on the page."""
    end = time.monotonic() + 60
    while time.monotonic() < end:
        assert not test.exception, test.exception
        shown = re.sub(r"<[^>]+>", " ", " ".join(item.proto.body for item in test.get("html")))
        if words in shown:
            return shown
        time.sleep(0.1)
        test.run()
    raise AssertionError(f"{words} did not appear: {shown[-600:]}")


def batches() -> int:
    with state.current().reading() as cursor:
        return cursor.execute("select count(*) from ledger.batch").fetchone()[0]


def test_what_can_be_loaded_is_and_what_cannot_stands_in_nobodys_way(upload: Open) -> None:
    test = upload()
    give(test, *((path.name, path.read_bytes()) for path in FILES), ("案款.csv", WRONG))
    test.button(key="check").click().run()
    shown = until(test, "4份檔案")
    assert shown.count("可入庫") >= 3 and "退回修正" in shown and batches() == 0
    assert "確認入庫（3份）" in test.button(key="confirm").label
    test.button(key="confirm").click().run()
    shown = until(test, "3份檔案")
    assert shown.count("已入庫") == 3 and batches() == 3
    test.button(key="another").click().run()
    assert "選擇檔案" in until(test, "步驟1")


def test_two_files_of_one_month_the_second_is_asked_about_when_its_turn_comes(upload: Open) -> None:
    """Alone either could be loaded; the second would replace what the first has just brought, and nobody has agreed to that."""
    first = FILES[0].read_text(encoding="utf-8-sig")
    second = first.replace("結束前未說再見", "結束前未致謝")
    assert second != first
    test = upload()
    give(test, (FILES[0].name, first.encode("utf-8-sig")), ("再送" + FILES[0].name, second.encode("utf-8-sig")))
    test.button(key="check").click().run()
    until(test, "2份檔案")
    test.button(key="confirm").click().run()
    shown = until(test, "上傳回條")
    assert "請確認" in shown and batches() == 1


def test_a_second_click_while_the_loads_run_loads_nothing_twice(upload: Open) -> None:
    test = upload()
    give(test, *((path.name, path.read_bytes()) for path in FILES))
    test.button(key="check").click().run()
    until(test, "3份檔案")
    button = test.button(key="confirm")
    button.click().run()
    test.run()
    until(test, "上傳回條")
    assert batches() == 3


def test_a_refused_file_comes_with_a_correction_workbook_and_the_next_try_tells_what_was_mended(upload: Open) -> None:
    test = upload()
    give(test, ("案款.csv", WRONG))
    test.button(key="check").click().run()
    until(test, "退回修正")
    assert [button.label for button in test.get("download_button") if "活頁簿" in button.label]
    test.file_uploader(key="file_0").set_value([("案款.csv", WRONG.replace("郵差".encode(), "便利商店".encode()), "text/csv")]).run()
    test.button(key="check").click().run()
    assert "已改好1項，還有1項要改" in until(test, "和上一次相比")
