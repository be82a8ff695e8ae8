"""The hot folder: files at rest are taken once, receipts beside them, nothing else is touched."""

from __future__ import annotations

import json
import os
import threading
import time
from pathlib import Path

import pytest

from warehouse import inbox
from warehouse.inbox import RECORD, WORDS, Inbox
from warehouse.samples import FOLDER as SAMPLES
from warehouse.store import Warehouse

JANUARY = sorted((SAMPLES / "survey_response").glob("*01月*"))[0]


@pytest.fixture
def folder(empty_warehouse: Warehouse) -> Path:
    place = empty_warehouse.folder / inbox.FOLDER
    place.mkdir(exist_ok=True)
    return place


def outcome(path: Path) -> str:
    return json.loads(path.with_name(path.name + RECORD).read_text(encoding="utf-8"))["result"][0]["outcome"]


def batches(warehouse: Warehouse) -> int:
    with warehouse.reading() as cursor:
        return cursor.execute("select count(*) from ledger.batch").fetchone()[0]


def test_a_file_at_rest_is_taken_once_and_stays(empty_warehouse: Warehouse, folder: Path) -> None:
    file = folder / "問卷.csv"
    file.write_bytes(JANUARY.read_bytes())
    box = Inbox(empty_warehouse)
    assert box.sweep() == []
    assert box.sweep() == [file]
    assert outcome(file) == "loaded" and "已入庫" in file.with_name(file.name + WORDS).read_text(encoding="utf-8")
    assert box.sweep() == box.sweep() == []
    fresh = Inbox(empty_warehouse)
    assert fresh.sweep() == fresh.sweep() == []
    assert batches(empty_warehouse) == 1 and file.read_bytes() == JANUARY.read_bytes()


def test_a_growing_file_waits(empty_warehouse: Warehouse, folder: Path) -> None:
    file, content, box = folder / "慢.csv", JANUARY.read_bytes(), Inbox(empty_warehouse)
    for part in (100, 300, 700):
        file.write_bytes(content[:part])
        assert box.sweep() == []
    file.write_bytes(content)
    assert box.sweep() == [] and box.sweep() == [file]
    assert outcome(file) == "loaded"


def test_a_file_changed_after_its_receipt_is_taken_again_and_asks(empty_warehouse: Warehouse, folder: Path) -> None:
    file, box = folder / "問卷.csv", Inbox(empty_warehouse)
    file.write_bytes(JANUARY.read_bytes())
    box.sweep(), box.sweep()
    lines = JANUARY.read_bytes().splitlines(keepends=True)
    file.write_bytes(b"".join(lines[:-1]))
    box.sweep()
    assert box.sweep() == [file]
    assert outcome(file) == "needs_confirmation" and batches(empty_warehouse) == 1
    assert "逐項確認" in file.with_name(file.name + WORDS).read_text(encoding="utf-8")


def test_a_refused_file_is_told_why(empty_warehouse: Warehouse, folder: Path) -> None:
    file, box = folder / "照片.csv", Inbox(empty_warehouse)
    file.write_bytes(b"\x89PNG\r\n\x1a\n" + bytes(200))
    box.sweep(), box.sweep()
    assert outcome(file) == "refused" and batches(empty_warehouse) == 0
    assert "退回修正" in file.with_name(file.name + WORDS).read_text(encoding="utf-8")


def test_unfinished_names_links_and_folders_are_left_alone(empty_warehouse: Warehouse, folder: Path, tmp_path: Path) -> None:
    for name in (".hidden.csv", "~$問卷.xlsx", "問卷.csv.part", "問卷.tmp"):
        (folder / name).write_bytes(JANUARY.read_bytes())
    (folder / "deeper").mkdir()
    (folder / "deeper" / "x.csv").write_bytes(JANUARY.read_bytes())
    (folder / "link.csv").symlink_to(JANUARY)
    os.mkfifo(folder / "pipe.csv")
    box = Inbox(empty_warehouse)
    assert box.sweep() == box.sweep() == [] and batches(empty_warehouse) == 0


def test_without_room_for_receipts_nothing_breaks_and_it_is_tried_again(
    empty_warehouse: Warehouse, folder: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    file, box = folder / "問卷.csv", Inbox(empty_warehouse)
    file.write_bytes(JANUARY.read_bytes())
    with monkeypatch.context() as patch:
        patch.setattr(inbox.os, "fsync", lambda _: (_ for _ in ()).throw(OSError(28, "no space")))
        box.sweep()
        box.sweep()
    assert not file.with_name(file.name + RECORD).exists()
    assert box.sweep() == [file] and outcome(file) in ("loaded", "unchanged") and batches(empty_warehouse) == 1


def test_the_watch_takes_files_until_it_is_told_to_stop(empty_warehouse: Warehouse, folder: Path) -> None:
    stop = threading.Event()
    thread = threading.Thread(target=inbox.watch, args=(empty_warehouse, stop, 0.05))
    thread.start()
    file = folder / "問卷.csv"
    file.write_bytes(JANUARY.read_bytes())
    until = time.monotonic() + 30
    while not file.with_name(file.name + RECORD).exists() and time.monotonic() < until:
        time.sleep(0.05)
    stop.set()
    thread.join(10)
    assert not thread.is_alive() and outcome(file) == "loaded"


@pytest.mark.parametrize("name", ["電" * 80 + "話話.csv", os.fsdecode(b"\xb9q\xb8\xdc.csv")], ids=["as long as can be", "a name in Big5"])
def test_whatever_a_file_is_called_it_is_taken_once_and_told_of(empty_warehouse: Warehouse, folder: Path, name: str) -> None:
    (folder / name).write_bytes(JANUARY.read_bytes())
    box = Inbox(empty_warehouse)
    assert box.sweep() == [] and len(box.sweep()) == 1 and box.sweep() == box.sweep() == []
    receipts = [path for path in folder.iterdir() if path.name.endswith(RECORD)]
    assert len(receipts) == 1 and batches(empty_warehouse) == 1
    assert not [path for path in folder.iterdir() if path.name.startswith(".")]


@pytest.mark.parametrize("content", ['{"size": Infinity, "mtime_ns": 1}', "[" * 100_000, "null", "{}"])
def test_a_receipt_that_is_none_keeps_no_file_waiting(empty_warehouse: Warehouse, folder: Path, content: str) -> None:
    file, box = folder / "問卷.csv", Inbox(empty_warehouse)
    file.write_bytes(JANUARY.read_bytes())
    file.with_name(file.name + RECORD).write_text(content, encoding="utf-8")
    box.sweep()
    assert box.sweep() == [file] and outcome(file) == "loaded"
