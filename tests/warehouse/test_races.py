"""Two at once: threads on one warehouse, processes on one folder, and two bare transactions. Never doubled; the loser is told why."""

from __future__ import annotations

import json
import os
import subprocess
import sys
import threading
import time
from collections import Counter
from collections.abc import Callable
from pathlib import Path
from typing import Any

import duckdb
import pytest

from warehouse import PROJECT, commands
from warehouse.intake import Source
from warehouse.load import LoadResult, Request, load_file, open_warehouse, undo
from warehouse.store import Warehouse

THREAD_RACES = 100
PROCESS_RACES = 4

CLERK = Request(by="承辦")


CHANNELS = ("電話查詢", "臨櫃查詢", "網路查詢(含電子信箱)", "資料影印")


def inquiries(month: int, count: int, year: int = 105) -> bytes:
    rows = "".join(f"{year}年{month}月,{channel},{count}\n" for channel in CHANNELS)
    return f"月份,查詢管道,件數\n{rows}".encode()


def race(*runners: Callable[[], Any]) -> list[Any]:
    """Run all at the same moment, each in a thread; what it returned or raised."""
    barrier = threading.Barrier(len(runners))
    answers: list[Any] = [None] * len(runners)

    def run(index: int) -> None:
        barrier.wait()
        try:
            answers[index] = runners[index]()
        except BaseException as error:
            answers[index] = error

    threads = [threading.Thread(target=run, args=(index,)) for index in range(len(runners))]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(timeout=60)
        assert not thread.is_alive(), "a race never ended"
    return answers


def rows_by_month(warehouse: Warehouse) -> dict[str, int]:
    with warehouse.reading() as cursor:
        return dict(cursor.execute("select strftime(month, '%Y-%m'), count(*) from live.inquiry_monthly group by 1").fetchall())


def codes(result: LoadResult) -> set[str]:
    return {finding.code for finding in result.findings}


def sound(warehouse: Warehouse) -> bool:
    answer = commands.run(warehouse, "check", {})
    assert answer.document["sound"], answer.text
    return True


def months() -> list[tuple[int, int]]:
    """(year, month) in order, so that no race leaves a gap before it."""
    return [(100 + at // 12, at % 12 + 1) for at in range(THREAD_RACES)]


def test_of_two_files_for_one_new_month_one_is_loaded_and_the_other_is_asked_about(empty_warehouse: Warehouse) -> None:
    losers: Counter[str] = Counter()
    for number, (year, month) in enumerate(months(), start=1):
        results = race(
            *(
                lambda count=count: load_file(empty_warehouse, Source(f"{count}.csv", inquiries(month, count, year)), CLERK)  # noqa: B023
                for count in (10 * number, 10 * number + 5)
            )
        )
        assert sorted(result.outcome for result in results) in (["loaded", "needs_confirmation"], ["loaded", "refused"]), results
        loser = next(result for result in results if result.outcome != "loaded")
        assert codes(loser) in ({"W-BIZ-03"}, {"E-CONFLICT"})
        assert loser.batch is None
        losers[loser.outcome] += 1
    found = rows_by_month(empty_warehouse)
    assert len(found) == THREAD_RACES
    assert set(found.values()) == {4}
    assert sum(losers.values()) == THREAD_RACES
    assert sound(empty_warehouse)


def test_of_two_confirmed_files_for_one_month_both_count_as_entries_and_only_the_newer_is_live(empty_warehouse: Warehouse) -> None:
    accepting = Request(by="承辦", accept=frozenset(["all"]))
    for month in range(1, 13):
        results = race(*(lambda count=count: load_file(empty_warehouse, Source("a.csv", inquiries(month, count)), accepting) for count in (20, 21)))  # noqa: B023
        assert {result.outcome for result in results} == {"loaded"}
        assert len({result.batch for result in results}) == 2
    assert set(rows_by_month(empty_warehouse).values()) == {4}
    assert sound(empty_warehouse)


def test_of_the_same_file_twice_one_is_loaded_and_the_other_unchanged(empty_warehouse: Warehouse) -> None:
    for year, month in months()[:50]:
        content = inquiries(month, 7 * month + year, year)
        results = race(*(lambda: load_file(empty_warehouse, Source("a.csv", content), CLERK) for _ in range(2)))  # noqa: B023
        assert sorted(result.outcome for result in results) == ["loaded", "unchanged"]
        assert len({result.batch for result in results}) == 1
    found = rows_by_month(empty_warehouse)
    assert len(found) == 50
    assert set(found.values()) == {4}
    assert sound(empty_warehouse)


def test_two_different_datasets_at_once_get_two_ids_and_two_receipts(empty_warehouse: Warehouse) -> None:
    for month in range(1, 13):
        phone = f"測試機關,日期,受測單位,總分\n花蓮分署,105/{month:02d}/05,執行股甲,90\n".encode()
        results = race(
            lambda: load_file(empty_warehouse, Source("a.csv", inquiries(month, 5 + month)), CLERK),  # noqa: B023
            lambda: load_file(empty_warehouse, Source("b.csv", phone), CLERK),  # noqa: B023
        )
        assert [result.outcome for result in results] == ["loaded", "loaded"], results
        assert len({result.batch for result in results}) == 2
    assert sound(empty_warehouse)


def test_on_a_slow_disk_two_entries_still_get_one_receipt_each(empty_warehouse: Warehouse, monkeypatch: pytest.MonkeyPatch) -> None:
    """The receipt is written after the commit, when the next load may already be on its way."""
    plain_open = Path.open

    def slow_open(path: Path, mode: str = "r", *arguments: Any, **options: Any) -> Any:
        if path.name == "receipts.jsonl" and mode != "rb":
            time.sleep(0.5)
        return plain_open(path, mode, *arguments, **options)

    monkeypatch.setattr(Path, "open", slow_open)
    phone = "測試機關,日期,受測單位,總分\n花蓮分署,105/01/05,執行股甲,90\n".encode()
    race(
        lambda: load_file(empty_warehouse, Source("a.csv", inquiries(1, 5)), CLERK),
        lambda: load_file(empty_warehouse, Source("b.csv", phone), CLERK),
    )
    lines = (empty_warehouse.folder / "receipts.jsonl").read_text().splitlines()
    assert [json.loads(line)["id"] for line in lines] == [1, 2]
    assert sound(empty_warehouse)


def test_an_entry_taken_back_by_two_people_at_once_is_taken_back_once(empty_warehouse: Warehouse) -> None:
    for month in range(1, 11):
        batch = load_file(empty_warehouse, Source("a.csv", inquiries(month, 9)), Request(by="承辦", accept=frozenset(["all"]))).batch
        assert batch is not None
        answers = race(*(lambda: undo(empty_warehouse, batch, by="主任", reason="試") for _ in range(2)))  # noqa: B023
        assert sorted(type(answer).__name__ for answer in answers) == ["UndoResult", "UsageError"], answers
    assert rows_by_month(empty_warehouse) == {}
    assert sound(empty_warehouse)


def test_a_reader_sees_the_old_or_the_new_figures_and_never_a_mixture(empty_warehouse: Warehouse) -> None:
    """Each version has the same count in every channel; a reader that straddled a commit would see two."""
    done = threading.Event()
    seen: list[tuple[int, int, int]] = []

    def read() -> None:
        while not done.is_set():
            with empty_warehouse.reading() as cursor:
                text = "select coalesce(max(numerator), 0) from indicator_now where indicator_id = ?"
                phone = cursor.execute(text, ["inquiry_phone"]).fetchall()[0][0]
                raw = cursor.execute("select coalesce(max(n), 0) from live.inquiry_monthly").fetchall()[0][0]
                counter = cursor.execute(text, ["inquiry_counter"]).fetchall()[0][0]
                seen.append((int(phone), int(raw), int(counter)))

    reader = threading.Thread(target=read)
    reader.start()
    for count in range(1, 16):
        assert load_file(empty_warehouse, Source("a.csv", inquiries(1, count)), Request(by="承辦", accept=frozenset(["all"]))).outcome == "loaded"
    done.set()
    reader.join()
    assert [reading for reading in seen if len(set(reading)) != 1] == []
    assert len(set(seen)) > 2


# --- below the process's own lock -------------------------------------------------------------------------------------------


def test_two_bare_transactions_that_claim_one_dataset_cannot_both_commit(empty_warehouse: Warehouse) -> None:
    """What keeps two loads apart without our lock, and on a lake: the first statement of each touches the same row."""
    committed = lost = 0

    for number in range(1, 101):
        ready = threading.Barrier(2)

        def load(ready: threading.Barrier = ready, number: int = number) -> str:
            cursor = empty_warehouse.cursor()
            try:
                cursor.execute("begin transaction")
                cursor.execute("select count(*) from ledger.batch").fetchall()
                ready.wait()
                cursor.execute("update ledger.claim set generation = generation + 1 where dataset = 'inquiry_monthly'")
                cursor.execute(f"insert into raw.inquiry_monthly by name select {number} as _batch_id, 0 as _slot, 2 as _row, 1 as n")
                cursor.execute("commit")
                return "committed"
            except duckdb.TransactionException:
                cursor.execute("rollback")
                return "lost"

        outcomes = sorted(race(load, load))
        assert outcomes == ["committed", "lost"], outcomes
        committed += outcomes.count("committed")
        lost += outcomes.count("lost")
    with empty_warehouse.reading() as cursor:
        assert cursor.execute("select count(*), count(distinct _batch_id) from raw.inquiry_monthly").fetchall() == [(100, 100)]
    assert (committed, lost) == (100, 100)


def test_who_loses_to_a_bare_transaction_is_told_and_has_written_nothing(empty_warehouse: Warehouse) -> None:
    other = empty_warehouse.cursor()
    other.execute("begin transaction")
    other.execute("update ledger.claim set generation = generation + 1 where dataset = 'inquiry_monthly'")
    result = load_file(empty_warehouse, Source("a.csv", inquiries(1, 5)), CLERK)
    other.execute("rollback")
    assert (result.outcome, codes(result), result.batch) == ("refused", {"E-CONFLICT"}, None)
    assert "重新檢查" in result.findings[0].message
    assert rows_by_month(empty_warehouse) == {}
    assert load_file(empty_warehouse, Source("a.csv", inquiries(1, 5)), CLERK).outcome == "loaded"


def test_a_commit_that_fails_is_never_reported_as_loaded(empty_warehouse: Warehouse, monkeypatch: pytest.MonkeyPatch) -> None:
    """Another transaction changes the table's columns just before the commit, when the file has been kept, and the engine refuses to commit."""
    plain_fsync = os.fsync

    def fsync(descriptor: int) -> None:
        if threading.current_thread() is threading.main_thread():
            cursor = empty_warehouse.cursor()
            cursor.execute("alter table raw.inquiry_monthly add column if not exists surprise integer")
            cursor.close()
        plain_fsync(descriptor)

    monkeypatch.setattr(os, "fsync", fsync)
    result = load_file(empty_warehouse, Source("a.csv", inquiries(1, 5)), CLERK)
    assert rows_by_month(empty_warehouse) == {}
    assert (result.outcome, result.batch, result.impact) == ("refused", None, [])
    assert codes(result) == {"E-CONFLICT"}


# --- two processes ----------------------------------------------------------------------------------------------------------


def start_cli(folder: Path, *arguments: str) -> subprocess.Popen[bytes]:
    command = [sys.executable, "-m", "warehouse", *arguments, "--data", str(folder), "--json"]
    return subprocess.Popen(
        command, stdout=subprocess.PIPE, stderr=subprocess.PIPE, cwd=PROJECT, env=os.environ | {"SERVICE_QUALITY_TODAY": "2016-12-31"}
    )


@pytest.mark.parametrize("same_file", [False, True], ids=["two files", "one file twice"])
def test_two_command_lines_on_one_new_folder_never_double_and_both_end_sensibly(tmp_path: Path, same_file: bool) -> None:
    for number in range(1, PROCESS_RACES + 1):
        folder = tmp_path / str(number)
        files = [tmp_path / f"{number}-{name}.csv" for name in ("a", "b")]
        for index, file in enumerate(files):
            file.write_bytes(inquiries(1, 5 if same_file else 5 + index))
        running = [start_cli(folder, "load", str(file)) for file in files]
        answers = [process.communicate(timeout=120) for process in running]
        documents = [json.loads(out)[0] for out, _ in answers]
        exits = [process.returncode for process in running]
        outcomes = sorted(document["outcome"] for document in documents)
        assert outcomes == ["loaded", "unchanged" if same_file else "needs_confirmation"], answers
        assert sorted(exits) == ([0, 0] if same_file else [0, 1])
        if not same_file:
            loser = next(document for document in documents if document["outcome"] != "loaded")
            assert {finding["code"] for finding in loser["findings"]} == {"W-BIZ-03"}
        warehouse = open_warehouse(folder)
        assert rows_by_month(warehouse) == {"2016-01": 4}
        assert sound(warehouse)
        warehouse.close()
