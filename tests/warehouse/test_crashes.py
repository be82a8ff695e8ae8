"""A process killed with SIGKILL at any point of a load, an undo or a rebuild leaves the old state or the new one, whole, and nothing to mend by hand.

A nursery process imports the program once and forks a child for each kill. In the child every statement of the engine, every fsync, rename,
write of a file and receipt is a point before and after which it may die; writes die half way too. The product knows nothing of it.
`tests/benchmarks/kills.py` is the long version, with the kernel's help.
"""

from __future__ import annotations

import json
import os
import shutil
import signal
import subprocess
import sys
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest

from warehouse import PROJECT, commands, scorecard
from warehouse.intake import Source
from warehouse.load import Request, load_file, open_warehouse, undo
from warehouse.period import Window, parse_month_option
from warehouse.store import Warehouse

YEAR = Window(parse_month_option("105-01"), parse_month_option("105-12"))
CHANNELS = ("電話查詢", "臨櫃查詢", "網路查詢(含電子信箱)", "資料影印")
CLERK = Request(by="承辦", accept=frozenset(["all"]))

NURSERY = r'''
import json, os, signal, sys
from pathlib import Path
from warehouse import commands, ledger, store
from warehouse.intake import Source
from warehouse.load import Request, load_file, open_warehouse, undo
import warehouse.load, warehouse.screen

left = 0
passed = []

def point(label):
    """One point at which the process may die."""
    global left
    passed.append(label)
    left -= 1
    if left == 0:
        os.kill(os.getpid(), signal.SIGKILL)

def around(owner, name, label):
    plain = getattr(owner, name)
    def wrapped(*arguments, **options):
        point("before " + label)
        answer = plain(*arguments, **options)
        point("after " + label)
        return answer
    setattr(owner, name, wrapped)

class Cursor:
    def __init__(self, cursor):
        self._cursor = cursor
    def execute(self, text, *arguments):
        label = " ".join(str(text).split()[:4])
        point("before " + label)
        self._cursor.execute(text, *arguments)
        point("after " + label)
        return self._cursor
    def __getattr__(self, name):
        return getattr(self._cursor, name)

class Stream:
    """Writes in two halves, with a point between them."""
    def __init__(self, stream):
        self._stream = stream
    def write(self, content):
        half = len(content) // 2
        self._stream.write(content[:half])
        self._stream.flush()
        point("half written")
        return half + self._stream.write(content[half:])
    def __enter__(self):
        return self
    def __exit__(self, *error):
        self._stream.close()
    def __getattr__(self, name):
        return getattr(self._stream, name)

def lay_points():
    plain_cursor, plain_open = store.Warehouse.cursor, Path.open
    store.Warehouse.cursor = lambda self: Cursor(plain_cursor(self))
    def opened(path, mode="r", *arguments, **options):
        stream = plain_open(path, mode, *arguments, **options)
        return Stream(stream) if mode in ("wb", "ab") else stream
    Path.open = opened
    around(os, "fsync", "fsync")
    for name in ("rename", "replace", "unlink", "mkdir"):
        around(Path, name, name)
    around(ledger, "write_receipts", "write_receipts")
    around(store.Warehouse, "checkpoint", "checkpoint")

def work(order):
    warehouse = open_warehouse(Path(order["folder"]))
    if order["work"] == "load":
        result = load_file(warehouse, Source("a.csv", Path(order["file"])), Request(by="c", accept=frozenset(["all"])))
        assert result.outcome == "loaded", result
    elif order["work"] == "release":
        result = load_file(warehouse, Source("a.csv", Path(order["file"])), Request(by="c", release=order["entry"]))
        assert result.outcome == "loaded", result
    elif order["work"] == "undo":
        undo(warehouse, order["entry"], by="c", reason="r")
    else:
        assert commands.run(warehouse, "rebuild", {}).document["rebuilt"]
    warehouse.close()

for line in sys.stdin:
    order = json.loads(line)
    child = os.fork()
    if not child:
        signal.alarm(90)
        left = order["at"]
        lay_points()
        code = 0
        try:
            work(order)
            if order.get("points"):
                Path(order["points"]).write_text(json.dumps(passed))
        except BaseException:
            import traceback
            traceback.print_exc()
            code = 1
        os._exit(code)
    _, status = os.waitpid(child, 0)
    killed = os.WIFSIGNALED(status)
    print(json.dumps({"signal": os.WTERMSIG(status) if killed else 0, "code": None if killed else os.WEXITSTATUS(status)}), flush=True)
'''


class Nursery:
    """A process that starts children to be killed."""

    def __init__(self) -> None:
        environment = os.environ | {"PYTHONPATH": str(PROJECT)}
        self._process = subprocess.Popen([sys.executable, "-c", NURSERY], stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True, env=environment)

    def run(self, folder: Path, work: str, *, at: int = 0, **more: Any) -> dict[str, Any]:
        """Do the work in a child that dies at its point number `at` (0: never)."""
        assert self._process.stdin and self._process.stdout
        self._process.stdin.write(json.dumps({"folder": str(folder), "work": work, "at": at, **more}) + "\n")
        self._process.stdin.flush()
        answer = json.loads(self._process.stdout.readline())
        assert answer["signal"] in (0, signal.SIGKILL), f"the child hung or crashed by itself: {answer}"
        return answer

    def close(self) -> None:
        assert self._process.stdin
        self._process.stdin.close()
        self._process.wait(timeout=30)


@pytest.fixture(scope="module")
def nursery() -> Iterator[Nursery]:
    process = Nursery()
    yield process
    process.close()


def inquiries(month: int, count: int) -> bytes:
    return ("月份,查詢管道,件數\n" + "".join(f"105年{month}月,{channel},{count}\n" for channel in CHANNELS)).encode()


def shown(warehouse: Warehouse) -> tuple[Any, ...]:
    """What a reader can see: entries with their marks, rows by slot, figures."""
    with warehouse.reading() as cursor:
        entries = cursor.execute("select id, kind, sha256, undone from ledger.batch order by id").fetchall()
        rows = cursor.execute("select month, _batch_id, count(*), sum(n) from live.inquiry_monthly group by all order by all").fetchall()
        raw = cursor.execute("select _batch_id, count(*) from raw.inquiry_monthly group by all order by all").fetchall()
        figures = scorecard.figures(cursor, YEAR)
    return entries, rows, raw, {name: (figure.value, figure.batches) for name, figure in figures.items()}


def sound(warehouse: Warehouse) -> bool:
    answer = commands.run(warehouse, "check", {})
    assert answer.document["sound"], answer.text
    return True


def chosen(labels: list[str], many: int) -> list[int]:
    """Points spread over the whole, and every point from the last commit on: before it, after it, about the checkpoint and the receipt."""
    committed = max(index for index, label in enumerate(labels, start=1) if label == "before commit")
    end = list(range(committed, len(labels) + 1))
    last = sorted({end[index * len(end) // (many // 2)] for index in range(many // 2)})
    rest = many - len(last)
    return sorted({1 + index * committed // rest for index in range(rest)} | set(last))


def points_of(nursery: Nursery, folder: Path, work: str, **more: Any) -> list[str]:
    listed = folder.with_name("points.json")
    assert nursery.run(folder, work, points=str(listed), **more)["code"] == 0
    return json.loads(listed.read_text())


def kill_everywhere(nursery: Nursery, tmp_path: Path, work: str, many: int, *, prepare: Any, **more: Any) -> dict[str, int]:
    """Kill `work` at `many` points, each in a folder of its own made by `prepare`; what was found afterwards, counted."""
    prepare(tmp_path / "before")
    before = seen(tmp_path / "before")
    prepared = tmp_path / "prepared"
    prepare(prepared)
    copy_of(prepared, tmp_path / "whole")
    labels = points_of(nursery, tmp_path / "whole", work, **more)
    after = seen(tmp_path / "whole")
    found = {"old": 0, "new": 0}
    for at in chosen(labels, many):
        folder = copy_of(prepared, tmp_path / str(at))
        died = nursery.run(folder, work, at=at, **more)["signal"] == signal.SIGKILL
        assert died or at > len(labels) - 12, "threads may let a run have a few points fewer, no more"
        warehouse = open_warehouse(folder)
        try:
            where = f"killed at point {at}: {labels[at - 1]}"
            state = shown(warehouse)
            assert state in (before, after), where
            assert sound(warehouse), where
            assert not list((folder / "files").glob(".*")), f"{where}: a copy without a name was left behind"
            found["new" if state == after else "old"] += 1
            do_again(warehouse, work, state == after, more)
            assert shown(warehouse) == after, where
        finally:
            warehouse.close()
    assert sum(found.values()) >= many - 2
    return found


def copy_of(prepared: Path, folder: Path) -> Path:
    return Path(shutil.copytree(prepared, folder)) if prepared.exists() else folder


def seen(folder: Path) -> tuple[Any, ...]:
    warehouse = open_warehouse(folder)
    try:
        return shown(warehouse)
    finally:
        warehouse.close()


def do_again(warehouse: Warehouse, work: str, done: bool, more: dict[str, Any]) -> None:
    """What the clerk does who was not told how it ended: the same once more."""
    if work == "load":
        result = load_file(warehouse, Source("a.csv", Path(more["file"])), CLERK)
        assert result.outcome == ("unchanged" if done else "loaded")
    elif work == "release":
        result = load_file(warehouse, Source("a.csv", Path(more["file"])), replace(CLERK, release=more["entry"]))
        assert result.outcome == ("refused" if done else "loaded")
    elif work == "undo" and not done:
        undo(warehouse, more["entry"], by="c", reason="r")


def two_months(folder: Path) -> None:
    """January, and January sent again."""
    warehouse = open_warehouse(folder)
    for count in (1, 2):
        assert load_file(warehouse, Source("a.csv", inquiries(1, count)), CLERK).outcome == "loaded"
    warehouse.close()


def one_row_held(folder: Path) -> None:
    """January, one of its rows held back."""
    warehouse = open_warehouse(folder)
    content = inquiries(1, 5).decode().replace("資料影印,5", "資料影印,五五")
    assert load_file(warehouse, Source("a.csv", content.encode()), replace(CLERK, hold=True, reason="待查明")).held == 1
    warehouse.close()


def nothing(folder: Path) -> None:
    """No folder at all: the first load builds the store. Looked at for the state before, it is built and empty."""


def test_a_load_killed_anywhere_is_there_whole_or_not_at_all(nursery: Nursery, tmp_path: Path) -> None:
    file = tmp_path / "february.csv"
    file.write_bytes(inquiries(2, 7))
    found = kill_everywhere(nursery, tmp_path, "load", 12, prepare=two_months, file=str(file))
    assert min(found.values()) >= 3, "kills on both sides of the commit"


def test_a_month_sent_again_and_killed_anywhere_shows_the_old_or_the_new_month(nursery: Nursery, tmp_path: Path) -> None:
    file = tmp_path / "january.csv"
    file.write_bytes(inquiries(1, 9))
    found = kill_everywhere(nursery, tmp_path, "load", 6, prepare=two_months, file=str(file))
    assert min(found.values()) >= 1


def test_the_very_first_load_killed_anywhere_can_be_done_again(nursery: Nursery, tmp_path: Path) -> None:
    """The store itself may be half built."""
    file = tmp_path / "january.csv"
    file.write_bytes(inquiries(1, 9))
    found = kill_everywhere(nursery, tmp_path, "load", 6, prepare=nothing, file=str(file))
    assert min(found.values()) >= 1


def test_a_release_killed_anywhere_is_added_once_or_still_awaited(nursery: Nursery, tmp_path: Path) -> None:
    file = tmp_path / "mended.csv"
    file.write_bytes(inquiries(1, 5).splitlines(keepends=True)[0] + inquiries(1, 5).splitlines(keepends=True)[-1])
    found = kill_everywhere(nursery, tmp_path, "release", 6, prepare=one_row_held, file=str(file), entry=1)
    assert min(found.values()) >= 1


def test_an_undo_killed_anywhere_is_done_or_not_done(nursery: Nursery, tmp_path: Path) -> None:
    found = kill_everywhere(nursery, tmp_path, "undo", 6, prepare=two_months, entry=2)
    assert min(found.values()) >= 1


def test_a_rebuild_killed_anywhere_leaves_the_same_warehouse(nursery: Nursery, tmp_path: Path) -> None:
    """Before and after are the same; at no point is there neither."""
    found = kill_everywhere(nursery, tmp_path, "rebuild", 4, prepare=two_months)
    assert sum(found.values()) >= 3
