"""One load: what is refused, asked, held, rehearsed or interrupted changes nothing; what is loaded replaces only the slots it has rows for."""

from __future__ import annotations

import hashlib
import json
import os
import random
import subprocess
import sys
import threading
import time
from collections.abc import Callable
from contextlib import suppress
from decimal import Decimal
from pathlib import Path
from typing import Any

import pytest

from warehouse import PROJECT, commands, recompute, scorecard, store
from warehouse.errors import Unavailable, UsageError
from warehouse.intake import Source
from warehouse.load import LoadResult, Request, load_file, open_warehouse, undo
from warehouse.period import Window, parse_month_option
from warehouse.store import Warehouse

YEAR = Window(parse_month_option("105-01"), parse_month_option("105-12"))
ALL = frozenset(["all"])
CHANNELS = ("電話查詢", "臨櫃查詢", "網路查詢(含電子信箱)", "資料影印")
SURVEY_HEAD = (
    "編號,填表日期,服務地點,洽辦公務時間,處理申請事項,機關洽公環境,接待志工警衛或替代役男的服務態度,其他人員服務態度,整體滿意度,問題處理解答詢問"
)


def inquiries(counts: dict[int, int]) -> bytes:
    """Months → how many in each channel."""
    rows = "".join(f"105年{month}月,{channel},{count}\n" for month, count in counts.items() for channel in CHANNELS)
    return f"月份,查詢管道,件數\n{rows}".encode()


def survey(*rows: tuple[int, str, str], start: int = 1) -> bytes:
    """(month, site, time) → a form each."""
    lines = [
        f"{number:03d},105/{month}/15,{site},{time},滿意,滿意,滿意,滿意,滿意,滿意" for number, (month, site, time) in enumerate(rows, start=start)
    ]
    return "\n".join([SURVEY_HEAD, *lines, ""]).encode()


def tally(month: int, site: str) -> bytes:
    """How a question was answered, counted by hand."""
    return (
        f"月份,服務地點,題目,選項,份數\n105/{month:02d},{site},洽辦公務時間,15分鐘內,8\n105/{month:02d},{site},洽辦公務時間,超過45分鐘,2\n".encode()
    )


def load(warehouse: Warehouse, content: bytes, *, name: str = "月報.csv", by: str = "承辦", **options: Any) -> LoadResult:
    return load_file(warehouse, Source(name, content), Request(by=by, **options))


def by_month(warehouse: Warehouse) -> dict[int, int]:
    """Month → inquiries in all channels."""
    with warehouse.reading() as cursor:
        return {
            figure.window.start.month: int(figure.value)
            for figure in scorecard.monthly(cursor, "inquiry_total", YEAR)
            if isinstance(figure.value, Decimal | int)
        }


def share(warehouse: Warehouse, site: str = "all") -> tuple[Any, Any]:
    """Forms that say 30 minutes or less, out of all."""
    with warehouse.reading() as cursor:
        figure = scorecard.figures(cursor, YEAR, site=site, only=["survey_time_within_30"])["survey_time_within_30"]
    return figure.numerator, figure.denominator


def everything(warehouse: Warehouse) -> dict[str, Any]:
    """Every table of the store, row by row, and every file of the data folder but the database's own."""
    with warehouse.reading() as cursor:
        names = cursor.execute(
            """select table_schema || '.' || table_name from information_schema.tables
            where table_catalog = 'wh' and table_type = 'BASE TABLE' order by 1"""
        ).fetchall()
        tables = {name: sorted(map(repr, cursor.execute(f"select * from {name}").fetchall())) for (name,) in names}
    files = {
        path.relative_to(warehouse.folder).as_posix(): path.read_bytes()
        for path in warehouse.folder.rglob("*")
        if path.is_file() and "duckdb" not in path.name
    }
    assert "ledger.claim" in tables
    return tables | files


def codes(result: LoadResult) -> set[str]:
    return {finding.code for finding in result.findings}


def assert_sound(warehouse: Warehouse) -> None:
    with warehouse.reading() as cursor:
        assert recompute.differences(cursor) == []
    assert commands.run(warehouse, "check", {}).document["sound"]


# --- slots ------------------------------------------------------------------------------------------------------------------


def test_july_sent_again_leaves_august_and_september_and_taken_back_july_is_as_before(empty_warehouse: Warehouse) -> None:
    load(empty_warehouse, inquiries({7: 10, 8: 20, 9: 30}))
    again = load(empty_warehouse, inquiries({7: 11}), accept=ALL)
    assert by_month(empty_warehouse) == {7: 44, 8: 80, 9: 120}
    assert again.batch is not None
    undo(empty_warehouse, again.batch, by="主任", reason="送錯")
    assert by_month(empty_warehouse) == {7: 40, 8: 80, 9: 120}
    assert_sound(empty_warehouse)


def test_one_site_sent_again_leaves_the_other_site_of_the_same_month(empty_warehouse: Warehouse) -> None:
    load(empty_warehouse, survey((7, "宜蘭", "15分鐘內"), (7, "宜蘭", "超過45分鐘"), (7, "基隆", "30分鐘內")))
    load(empty_warehouse, survey((7, "基隆", "超過45分鐘"), (7, "基隆", "超過45分鐘")), accept=ALL)
    assert share(empty_warehouse, "yilan") == (1, 2)
    assert share(empty_warehouse, "keelung") == (0, 2)
    assert share(empty_warehouse) == (1, 4)


def test_one_testing_body_sent_again_leaves_the_other_body_of_the_same_month(empty_warehouse: Warehouse) -> None:
    def calls(*rows: tuple[str, int]) -> bytes:
        return ("測試機關,日期,受測單位,總分\n" + "".join(f"{body},105/7/5,執行股甲,{score}\n" for body, score in rows)).encode()

    load(empty_warehouse, calls(("花蓮分署", 90), ("執行署", 80)))
    load(empty_warehouse, calls(("執行署", 70)), accept=ALL)
    with empty_warehouse.reading() as cursor:
        means = scorecard.figures(cursor, YEAR, only=["phone_self_mean", "phone_hq_mean"])
    assert {name: figure.value for name, figure in means.items()} == {"phone_self_mean": 90, "phone_hq_mean": 70}


def test_a_then_b_then_a_again_loads_a_again_and_only_then_is_a_unchanged(empty_warehouse: Warehouse) -> None:
    a, b = inquiries({1: 1, 2: 2}), inquiries({2: 5})
    assert load(empty_warehouse, a).outcome == "loaded"
    assert load(empty_warehouse, a).outcome == "unchanged"
    assert load(empty_warehouse, b, accept=ALL).outcome == "loaded"
    assert load(empty_warehouse, b).outcome == "unchanged"
    again = load(empty_warehouse, a, accept=ALL)
    assert (again.outcome, again.batch) == ("loaded", 3)
    assert load(empty_warehouse, a).outcome == "unchanged"
    assert load(empty_warehouse, b, accept=ALL).outcome == "loaded"
    assert by_month(empty_warehouse) == {1: 4, 2: 20}


def test_a_file_taken_back_can_be_loaded_again(empty_warehouse: Warehouse) -> None:
    content = inquiries({1: 1})
    load(empty_warehouse, content)
    undo(empty_warehouse, 1, by="主任", reason="試")
    assert by_month(empty_warehouse) == {}
    result = load(empty_warehouse, content)
    assert (result.outcome, result.batch) == ("loaded", 3)


def test_the_same_bytes_of_another_year_are_another_file(empty_warehouse: Warehouse) -> None:
    """A table whose months run across has its year from the option: the same counts may well come again a year later."""
    content = ("查詢管道,1月,2月,合計\n" + "".join(f"{channel},5,5,10\n" for channel in CHANNELS)).encode()
    assert load(empty_warehouse, content, year=2015, accept=ALL).outcome == "loaded"
    result = load(empty_warehouse, content, year=2016, accept=ALL)
    assert result.outcome == "loaded", [finding.message for finding in result.findings]
    assert by_month(empty_warehouse) == {1: 20, 2: 20}
    assert load(empty_warehouse, content, year=2016).outcome == "unchanged"
    assert load(empty_warehouse, content, year=2015).outcome == "unchanged"


def test_the_same_bytes_under_a_name_with_another_year_are_another_file(empty_warehouse: Warehouse) -> None:
    content = ("查詢管道,1月,2月,合計\n" + "".join(f"{channel},5,5,10\n" for channel in CHANNELS)).encode()
    assert load(empty_warehouse, content, name="104年查詢.csv", accept=ALL).outcome == "loaded"
    assert load(empty_warehouse, content, name="105年查詢.csv", accept=ALL).outcome == "loaded"
    assert by_month(empty_warehouse) == {1: 20, 2: 20}
    assert load(empty_warehouse, content, name="105年查詢.csv", accept=ALL).outcome == "unchanged"


def test_the_same_file_under_another_name_is_unchanged(empty_warehouse: Warehouse) -> None:
    assert load(empty_warehouse, inquiries({1: 1}), name="一月.csv").outcome == "loaded"
    assert load(empty_warehouse, inquiries({1: 1}), name="一月（1）.csv").outcome == "unchanged"


# --- undo -------------------------------------------------------------------------------------------------------------------


def test_an_undo_of_an_undo_of_an_undo_takes_back_again(empty_warehouse: Warehouse) -> None:
    load(empty_warehouse, inquiries({1: 1}))
    shown = []
    for entry in (1, 2, 3, 4, 5):
        shown.append(by_month(empty_warehouse))
        result = undo(empty_warehouse, entry, by="主任", reason="試")
        assert (result.id, result.undone) == (entry + 1, entry)
    assert [*shown, by_month(empty_warehouse)] == [{1: 4}, {}, {1: 4}, {}, {1: 4}, {}]
    assert_sound(empty_warehouse)


def test_an_undo_says_what_changes_from_what_to_what(empty_warehouse: Warehouse) -> None:
    load(empty_warehouse, inquiries({1: 10}))
    load(empty_warehouse, inquiries({1: 11}), accept=ALL)
    impact = {item["indicator"]: (item["from"], item["to"]) for item in undo(empty_warehouse, 2, by="主任", reason="試").as_json()["impact"]}
    assert impact["inquiry_total"] == (44, 40)
    assert impact["inquiry_total_corrected"] == (44, 40)
    assert "inquiry_phone_share" not in impact, "a quarter of all before and after"


@pytest.mark.parametrize("entry", [0, 2, -1, 10**12])
def test_taking_back_what_is_not_there_is_wrong_usage_and_changes_nothing(empty_warehouse: Warehouse, entry: int) -> None:
    load(empty_warehouse, inquiries({1: 1}))
    before = everything(empty_warehouse)
    with pytest.raises(UsageError, match="沒有"):
        undo(empty_warehouse, entry, by="主任", reason="試")
    assert everything(empty_warehouse) == before


def test_taking_back_twice_or_without_a_reason_is_wrong_usage_and_changes_nothing(empty_warehouse: Warehouse) -> None:
    load(empty_warehouse, inquiries({1: 1}))
    with pytest.raises(UsageError, match="理由"):
        undo(empty_warehouse, 1, by="主任", reason="  ")
    undo(empty_warehouse, 1, by="主任", reason="試")
    before = everything(empty_warehouse)
    with pytest.raises(UsageError, match="已經撤回"):
        undo(empty_warehouse, 1, by="主任", reason="試")
    assert everything(empty_warehouse) == before


def test_an_undo_may_not_bring_single_forms_beside_a_tally_of_the_same_month(empty_warehouse: Warehouse) -> None:
    """The same people would be counted twice: in a load this is refused, and so it is when an undo is taken back."""
    load(empty_warehouse, survey((3, "宜蘭", "15分鐘內")))
    undo(empty_warehouse, 1, by="主任", reason="改送統計")
    assert load(empty_warehouse, tally(3, "宜蘭"), accept=ALL).outcome == "loaded"
    assert codes(load(empty_warehouse, survey((3, "宜蘭", "15分鐘內")), accept=ALL)) >= {"E-SURVEY-TWICE"}
    before = everything(empty_warehouse)
    answer = commands.run(empty_warehouse, "undo", {"id": 2, "by": "主任", "reason": "其實沒錯"})
    assert answer.code == 1, answer.text
    assert everything(empty_warehouse) == before
    assert share(empty_warehouse) == (8, 10)
    undo(empty_warehouse, 3, by="主任", reason="改回逐份")
    undo(empty_warehouse, 2, by="主任", reason="改回逐份")
    assert share(empty_warehouse) == (1, 1)


# --- what is not loaded changes nothing -------------------------------------------------------------------------------------


def bad_row() -> bytes:
    return inquiries({2: 5}).replace("電話查詢,5".encode(), "電話查詢,五個".encode())


@pytest.mark.parametrize(
    ("content", "options", "outcome"),
    [
        (b"\x89PNG\r\n\x1a\n", {}, "refused"),
        (b"", {}, "refused"),
        ("姓名,電話\n某,1\n".encode(), {}, "refused"),
        (bad_row(), {}, "refused"),
        (bad_row(), {"accept": ALL}, "refused"),
        (bad_row(), {"accept": ALL, "hold": True, "reason": "待查", "dry_run": True}, "dry_run"),
        (inquiries({1: 2}), {}, "needs_confirmation"),
        (inquiries({1: 2}), {"accept": frozenset(["W-GAP"])}, "needs_confirmation"),
        (inquiries({1: 2}), {"dry_run": True}, "needs_confirmation"),
        (inquiries({1: 2}), {"dry_run": True, "accept": frozenset(["W-BIZ-03"])}, "dry_run"),
        (inquiries({2: 2}), {"dry_run": True}, "dry_run"),
        (inquiries({4: 2}), {}, "needs_confirmation"),
        (inquiries({1: 1}), {}, "unchanged"),
        (inquiries({1: 1}), {"dry_run": True}, "unchanged"),
        (inquiries({2: 2}), {"dataset": "phone_test"}, "refused"),
        (inquiries({2: 2}), {"expected": ("0" * 64, 1)}, "refused"),
        (inquiries({2: 2}), {"expected": (hashlib.sha256(inquiries({2: 2})).hexdigest(), 7)}, "refused"),
    ],
)
def test_what_is_not_loaded_leaves_every_table_and_file_as_it_was(
    empty_warehouse: Warehouse, content: bytes, options: dict[str, Any], outcome: str
) -> None:
    load(empty_warehouse, inquiries({1: 1}))
    before = everything(empty_warehouse)
    result = load(empty_warehouse, content, **options)
    assert result.outcome == outcome, result
    assert everything(empty_warehouse) == before
    assert result.batch == (1 if outcome == "unchanged" else None)
    assert result.sha256 == hashlib.sha256(content).hexdigest()
    assert_sound(empty_warehouse)


class SlowSource(Source):
    """A file on a slow disk: whoever reads it beside the main thread waits."""

    def open(self) -> Any:
        if threading.current_thread() is not threading.main_thread():
            time.sleep(0.3)
        return super().open()


def test_a_file_refused_before_it_was_read_to_the_end_is_named_by_the_hash_of_the_whole(empty_warehouse: Warehouse) -> None:
    content = '月份,查詢管道,件數\n105年1月,"電話查詢,5\n'.encode()
    result = load_file(empty_warehouse, SlowSource("a.csv", content), Request(by="承辦"))
    assert (result.outcome, codes(result)) == ("refused", {"E-QUOTE"})
    assert result.sha256 == hashlib.sha256(content).hexdigest()


def test_a_preview_tells_the_impact_and_the_confirmed_load_has_the_same(empty_warehouse: Warehouse) -> None:
    load(empty_warehouse, inquiries({1: 10}))
    preview = load(empty_warehouse, inquiries({1: 12, 2: 1}))
    assert preview.outcome == "needs_confirmation"
    told = {item["indicator"]: (item["from"], item["to"]) for item in preview.as_json()["impact"]}
    assert told["inquiry_total"] == (40, 52)
    loaded = load(empty_warehouse, inquiries({1: 12, 2: 1}), accept=ALL, expected=(preview.sha256, preview.generation))
    assert loaded.outcome == "loaded"
    assert loaded.as_json()["impact"] == preview.as_json()["impact"]
    assert by_month(empty_warehouse) == {1: 48, 2: 4}


def test_a_preview_made_before_another_load_is_stale(empty_warehouse: Warehouse) -> None:
    preview = load(empty_warehouse, inquiries({1: 10}), dry_run=True)
    load(empty_warehouse, inquiries({1: 11}))
    late = load(empty_warehouse, inquiries({1: 10}), accept=ALL, expected=(preview.sha256, preview.generation))
    assert (late.outcome, codes(late)) == ("refused", {"E-STALE"})
    assert by_month(empty_warehouse) == {1: 44}


def test_rows_held_are_left_out_counted_and_told_and_the_others_loaded(empty_warehouse: Warehouse) -> None:
    load(empty_warehouse, inquiries({1: 1}))
    result = load(empty_warehouse, bad_row(), hold=True, reason="電話件數待查")
    assert result.outcome == "loaded"
    rows = result.as_json()["rows"]
    assert rows == {"read": 4, "loaded": 3, "held": 1, "ignored": {}}
    faults = [(finding.level, finding.row, finding.value) for finding in result.findings if finding.level == "row"]
    assert faults == [("row", 2, "五個")]
    assert by_month(empty_warehouse) == {1: 4, 2: 15}
    kept = empty_warehouse.folder / "files" / result.sha256
    assert kept.read_bytes() == bad_row()
    assert_sound(empty_warehouse)


def test_holding_needs_a_reason_and_something_left_to_load(empty_warehouse: Warehouse) -> None:
    before = everything(empty_warehouse)
    with pytest.raises(UsageError, match="理由"):
        load(empty_warehouse, bad_row(), hold=True, reason=" ")
    nothing_good = "月份,查詢管道,件數\n105年1月,電話查詢,五\n".encode()
    assert load(empty_warehouse, nothing_good, hold=True, reason="待查").outcome == "refused"
    assert everything(empty_warehouse) == before


def test_what_a_clerk_held_back_and_mended_replaces_the_month_whole(empty_warehouse: Warehouse) -> None:
    load(empty_warehouse, bad_row(), hold=True, reason="待查")
    load(empty_warehouse, inquiries({2: 5}), accept=ALL)
    assert by_month(empty_warehouse) == {2: 20}


# --- interrupted ------------------------------------------------------------------------------------------------------------


class StopScript(BaseException):
    """What Streamlit raises in a running script; no `except Exception` sees it."""


@pytest.mark.parametrize("error", [KeyboardInterrupt, SystemExit, StopScript, MemoryError, RuntimeError, GeneratorExit])
def test_whatever_breaks_into_a_load_rolls_it_back_and_frees_the_lock(empty_warehouse: Warehouse, error: type[BaseException]) -> None:
    load(empty_warehouse, inquiries({1: 1}))
    before = everything(empty_warehouse)

    def interrupt(_: str) -> None:
        raise error

    with pytest.raises(error):
        load_file(empty_warehouse, Source("a.csv", inquiries({2: 2})), Request(by="承辦"), progress=interrupt)
    assert everything(empty_warehouse) == before
    assert from_another_thread(lambda: load(empty_warehouse, inquiries({2: 2}))).outcome == "loaded"
    assert by_month(empty_warehouse) == {1: 4, 2: 8}
    assert_sound(empty_warehouse)


def from_another_thread(work: Callable[[], Any]) -> Any:
    """What `work` returns in a thread that would wait for ever if the lock were not free."""
    answers: list[Any] = []
    thread = threading.Thread(target=lambda: answers.append(work()), daemon=True)
    thread.start()
    thread.join(timeout=30)
    assert answers, "the lock was not free"
    return answers[0]


@pytest.mark.parametrize("seed", range(20))
def test_an_interrupt_at_any_call_of_the_engine_rolls_back(empty_warehouse: Warehouse, monkeypatch: pytest.MonkeyPatch, seed: int) -> None:
    """The n-th statement of a load is broken into by an exception that is no `Exception`; nothing, or everything, is there afterwards."""
    load(empty_warehouse, inquiries({1: 1}))
    before, files = everything(empty_warehouse), sorted((empty_warehouse.folder / "files").iterdir())
    plain, left = Warehouse.cursor, [random.Random(seed).randint(1, 45)]

    class Cursor:
        def __init__(self, cursor: Any) -> None:
            self._cursor = cursor

        def execute(self, *arguments: Any) -> Any:
            if not str(arguments[0]).startswith("rollback"):
                left[0] -= 1
                if left[0] == 0:
                    raise KeyboardInterrupt
            return self._cursor.execute(*arguments)

        def __getattr__(self, name: str) -> Any:
            return getattr(self._cursor, name)

    monkeypatch.setattr(Warehouse, "cursor", lambda self: Cursor(plain(self)))
    with suppress(KeyboardInterrupt):
        load(empty_warehouse, inquiries({2: 2}))
    monkeypatch.setattr(Warehouse, "cursor", plain)
    if by_month(empty_warehouse) == {1: 4}:
        kept = sorted((empty_warehouse.folder / "files").iterdir())
        after = everything(empty_warehouse)
        assert {name: rows for name, rows in after.items() if not name.startswith("files/")} == {
            name: rows for name, rows in before.items() if not name.startswith("files/")
        }
        assert len(kept) <= len(files) + 1
        assert not [path for path in kept if path.name.startswith(".")], "a copy without a name was left behind"
        assert load(empty_warehouse, inquiries({2: 2})).outcome == "loaded"
    assert from_another_thread(lambda: load(empty_warehouse, inquiries({2: 2}))).outcome == "unchanged"
    assert by_month(empty_warehouse) == {1: 4, 2: 8}
    # The receipt of a load that was broken into after its commit is written by whatever comes next.
    load(empty_warehouse, inquiries({3: 3}))
    assert_sound(empty_warehouse)


# --- a disk that refuses ----------------------------------------------------------------------------------------------------


def test_a_file_that_cannot_be_kept_is_not_loaded(empty_warehouse: Warehouse, monkeypatch: pytest.MonkeyPatch) -> None:
    def refuse(descriptor: int) -> None:
        raise OSError(28, "No space left on device")

    before = everything(empty_warehouse)
    monkeypatch.setattr(os, "fsync", refuse)
    with pytest.raises((Unavailable, OSError)):
        load(empty_warehouse, inquiries({1: 1}))
    monkeypatch.undo()
    assert everything(empty_warehouse) == before
    assert load(empty_warehouse, inquiries({1: 1})).outcome == "loaded"


def test_a_load_whose_receipt_cannot_be_written_is_loaded_and_says_so(empty_warehouse: Warehouse, monkeypatch: pytest.MonkeyPatch) -> None:
    """The data are in: "not loaded" would be false. The receipt follows with the next entry."""
    plain_open = Path.open

    def refuse(path: Path, mode: str = "r", *arguments: Any, **options: Any) -> Any:
        if path.name == "receipts.jsonl" and mode != "rb":
            raise OSError(28, "No space left on device")
        return plain_open(path, mode, *arguments, **options)

    monkeypatch.setattr(Path, "open", refuse)
    assert load(empty_warehouse, inquiries({1: 1})).outcome == "loaded"
    monkeypatch.undo()
    assert by_month(empty_warehouse) == {1: 4}
    assert load(empty_warehouse, inquiries({2: 2})).outcome == "loaded"
    assert_sound(empty_warehouse)


@pytest.mark.parametrize("moment", ["before_header", "before_truncate", "after_free_list_write", "before_wal_finish"])
def test_after_a_checkpoint_that_fails_the_load_is_reported_as_it_is_and_work_goes_on(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, moment: str
) -> None:
    """The engine is dead until it is opened anew; the data are in its log."""
    open_warehouse(tmp_path).close()
    with monkeypatch.context() as patch:
        patch.setitem(store._SETTINGS, "debug_checkpoint_abort", moment)
        warehouse = open_warehouse(tmp_path)
    result = load(warehouse, inquiries({1: 1}))
    assert (result.outcome, result.batch) == ("loaded", 1)
    assert by_month(warehouse) == {1: 4}
    assert undo(warehouse, 1, by="主任", reason="試").id == 2
    assert load(warehouse, inquiries({2: 1})).outcome == "loaded"
    assert by_month(warehouse) == {2: 4}
    assert_sound(warehouse)
    warehouse.close()


@pytest.mark.parametrize("moment", ["before_header", "before_truncate"])
def test_a_commit_whose_own_checkpoint_fails_is_reported_as_what_is_there(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, moment: str) -> None:
    """The engine says "failed to commit", now with the data in and now without; the answer follows the data, never the error."""
    open_warehouse(tmp_path).close()
    with monkeypatch.context() as patch:
        patch.setitem(store._SETTINGS, "debug_checkpoint_abort", moment)
        patch.setitem(store._SETTINGS, "wal_autocheckpoint", "1KB")
        warehouse = open_warehouse(tmp_path)
    try:
        told = load(warehouse, inquiries({1: 1})).outcome
    except Unavailable as error:
        assert "沒有寫入" in str(error)
        told = "not loaded"
    there = by_month(warehouse)
    assert (told, there) in (("loaded", {1: 4}), ("not loaded", {}))
    assert load(warehouse, inquiries({1: 1})).outcome == ("unchanged" if there else "loaded")
    assert by_month(warehouse) == {1: 4}
    assert_sound(warehouse)
    warehouse.close()


# --- the contract of the command line ---------------------------------------------------------------------------------------


def cli(folder: Path, *arguments: str) -> tuple[int, Any]:
    done = subprocess.run(
        [sys.executable, "-m", "warehouse", *arguments, "--data", str(folder), "--json"], cwd=PROJECT, capture_output=True, text=True
    )
    assert "Traceback" not in done.stderr
    return done.returncode, json.loads(done.stdout)


LOAD_KEYS = {"file", "sha256", "type", "encoding", "dataset", "outcome", "batch", "months", "sites", "rows", "findings", "impact"}


def test_every_outcome_has_the_keys_of_the_contract(empty_warehouse: Warehouse, tmp_path: Path) -> None:
    names = {"january": inquiries({1: 1}), "again": inquiries({1: 2}), "february": inquiries({2: 3}), "bad": bad_row(), "odd": b"\x00\x01\x02"}
    for name, content in names.items():
        (tmp_path / f"{name}.csv").write_bytes(content)

    found = {}
    for outcome, code, name, options in (
        ("loaded", 0, "january", {"by": "王"}),
        ("unchanged", 0, "january", {}),
        ("needs_confirmation", 1, "again", {}),
        ("dry_run", 0, "february", {"dry_run": True}),
        ("refused", 1, "bad", {}),
        ("refused", 1, "odd", {}),
        ("loaded", 0, "bad", {"hold": True, "reason": "待查"}),
        ("loaded", 0, "again", {"accept": ["W-BIZ-03"]}),
    ):
        files = [{"name": f"{name}.csv", "path": str(tmp_path / f"{name}.csv")}]
        answer = commands.run(empty_warehouse, "load", {"files": files, "by": "承辦"} | options)
        (document,) = json.loads(commands.as_json(answer.document))
        assert (answer.code, document["outcome"]) == (code, outcome), document
        assert document.keys() == LOAD_KEYS
        assert document["rows"].keys() == {"read", "loaded", "held", "ignored"}
        assert all(finding.keys() == {"code", "level", "row", "column", "value", "message"} for finding in document["findings"])
        assert all(finding["level"] in ("file", "row", "ask", "note") for finding in document["findings"])
        assert all(item.keys() == {"indicator", "from", "to", "verdict_from", "verdict_to"} for item in document["impact"])
        counted = document["rows"]
        assert counted["read"] == counted["loaded"] + counted["held"] + sum(counted["ignored"].values())
        found[outcome] = document
    assert (found["loaded"]["months"], found["loaded"]["sites"]) == (["2016-01"], ["all"])
    assert found["loaded"]["sha256"] == hashlib.sha256(inquiries({1: 2})).hexdigest()
    assert (found["loaded"]["type"], found["loaded"]["encoding"], found["loaded"]["dataset"]) == ("csv", "utf-8", "inquiry_monthly")


def test_load_undo_and_batches_print_one_document_and_end_with_their_codes(tmp_path: Path) -> None:
    (tmp_path / "a.csv").write_bytes(inquiries({1: 1}))
    (tmp_path / "b.csv").write_bytes(inquiries({1: 2}))
    folder = tmp_path / "data"
    exit_code, loads = cli(folder, "load", str(tmp_path / "a.csv"), str(tmp_path / "b.csv"), "--by", "王")
    assert exit_code == 1
    assert [(document["file"], document["outcome"], document["batch"]) for document in loads] == [
        ("a.csv", "loaded", 1),
        ("b.csv", "needs_confirmation", None),
    ]

    exit_code, document = cli(folder, "undo", "1", "--by", "主任", "--reason", "送錯")
    assert (exit_code, document.keys()) == (0, {"id", "undone", "impact"})
    assert (document["id"], document["undone"]) == (2, 1)

    exit_code, (load_entry, undo_entry) = cli(folder, "batches")
    assert exit_code == 0
    for entry in (load_entry, undo_entry):
        assert entry.keys() >= {"id", "kind", "dataset", "file", "by", "at", "slots", "rows", "undone"}
        assert entry["slots"] == [{"month": "2016-01", "site": "all"}]
    assert [load_entry[key] for key in ("id", "kind", "dataset", "file", "by", "rows", "undone")] == [
        1,
        "load",
        "inquiry_monthly",
        "a.csv",
        "王",
        4,
        True,
    ]
    assert [undo_entry[key] for key in ("id", "kind", "by", "undone")] == [2, "undo", "主任", False]


def test_wrong_usage_is_one_json_document_and_exit_code_two(tmp_path: Path) -> None:
    (tmp_path / "a.csv").write_bytes(inquiries({1: 1}))
    for arguments in (
        ["load", str(tmp_path / "a.csv"), "--dataset", "nonsense"],
        ["load", str(tmp_path / "a.csv"), "--hold-bad-rows"],
        ["undo", "1", "--reason", "沒有這一筆"],
    ):
        exit_code, document = cli(tmp_path / "data", *arguments)
        assert exit_code == 2, arguments
        assert document.keys() == {"error"}


def test_a_missing_file_among_several_does_not_hide_what_was_loaded_before_it(tmp_path: Path) -> None:
    """Either nothing is touched, or the answer tells what was done."""
    (tmp_path / "a.csv").write_bytes(inquiries({1: 1}))
    exit_code, document = cli(tmp_path / "data", "load", str(tmp_path / "a.csv"), str(tmp_path / "missing.csv"))
    assert exit_code == 2
    warehouse = open_warehouse(tmp_path / "data")
    loaded = by_month(warehouse) != {}
    warehouse.close()
    assert not loaded or isinstance(document, list), "loaded, and not a word of it"
