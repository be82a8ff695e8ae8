"""What the doctor finds, each fault made for it."""

from __future__ import annotations

import json
import shutil
from collections.abc import Callable
from pathlib import Path

import pytest

from warehouse import commands, doctor
from warehouse.backup import back_up
from warehouse.doctor import examine
from warehouse.errors import Unavailable
from warehouse.intake import Source
from warehouse.load import Request, load_file
from warehouse.store import DATABASE, Warehouse

INQUIRIES = "月份,查詢管道,件數\n105年7月,電話查詢,1\n105年7月,臨櫃查詢,1\n105年7月,網路查詢(含電子信箱),0\n105年7月,資料影印,0\n".encode()


def found(warehouse: Warehouse) -> dict[str, tuple[str, str]]:
    return {item.name: (item.state, item.words) for item in examine(warehouse)}


def load(warehouse: Warehouse) -> None:
    assert load_file(warehouse, Source("月報.csv", INQUIRIES), Request(by="王")).outcome == "loaded"


def test_a_sound_warehouse_with_a_backup_is_all_well(empty_warehouse: Warehouse, tmp_path: Path) -> None:
    assert found(empty_warehouse)["backup"] == ("ok", "還沒有資料，不必備份")
    load(empty_warehouse)
    assert found(empty_warehouse)["backup"][0] == "note"
    back_up(empty_warehouse, tmp_path / "備份.zip")
    items = found(empty_warehouse)
    assert {state for state, _ in items.values()} == {"ok"}
    assert "「備份.zip」" in items["backup"][1]
    assert "duckdb" in items["program"][1]
    answer = commands.run(empty_warehouse, "doctor", {})
    assert (answer.code, answer.document["sound"]) == (0, True)
    assert {item["item"] for item in answer.document["items"]} == set(items)


def test_entries_since_the_newest_backup_are_counted(empty_warehouse: Warehouse, tmp_path: Path) -> None:
    load(empty_warehouse)
    back_up(empty_warehouse, tmp_path / "備份.zip")
    load_file(empty_warehouse, Source("月報.csv", INQUIRIES.replace(b"7\xe6", b"8\xe6")), Request(by="王"))
    state, words = found(empty_warehouse)["backup"]
    assert (state, words.endswith("之後又有1筆紀錄")) == ("note", True)
    kept = json.loads((empty_warehouse.folder / "backup.json").read_text(encoding="utf-8"))
    (empty_warehouse.folder / "backup.json").write_text(json.dumps(kept | {"at": "2020-01-01T00:00:00Z", "last_id": 2}), encoding="utf-8")
    assert found(empty_warehouse)["backup"] == ("note", "最近備份109年1月1日「備份.zip」")


def gone_receipts(warehouse: Warehouse) -> None:
    path = warehouse.folder / "receipts.jsonl"
    path.write_bytes(path.read_bytes().replace("王".encode(), "李".encode()))


def altered_file(warehouse: Warehouse) -> None:
    next((warehouse.folder / "files").iterdir()).write_bytes(b"x")


@pytest.mark.parametrize(
    ("item", "breaks"),
    [
        ("receipts", gone_receipts),
        ("files", altered_file),
        ("rows", lambda warehouse: warehouse.cursor().execute("delete from raw.inquiry_monthly where n = 0")),
    ],
)
def test_what_is_broken_is_a_fault(empty_warehouse: Warehouse, item: str, breaks: Callable[[Warehouse], object]) -> None:
    load(empty_warehouse)
    breaks(empty_warehouse)
    assert {name for name, (state, _) in found(empty_warehouse).items() if state == "fault"} == {item}
    assert commands.run(empty_warehouse, "doctor", {}).code == 1


def test_leftovers_are_named(empty_warehouse: Warehouse) -> None:
    folder = empty_warehouse.folder
    (folder / ".rebuild").mkdir()
    (folder / "replaced-20161005000000-abcd").mkdir()
    (folder / f"{DATABASE}.damaged-20161005000000").write_bytes(b"")
    items = found(empty_warehouse)
    assert ".rebuild" in items["unfinished"][1]
    assert items["set_aside"][1].startswith("移到一旁的舊資料或沒有取走的檔案2份")
    assert {items["unfinished"][0], items["set_aside"][0]} == {"note"}


def test_a_folder_that_others_can_read_and_a_full_disk_are_said(empty_warehouse: Warehouse, monkeypatch: pytest.MonkeyPatch) -> None:
    empty_warehouse.folder.chmod(0o755)
    monkeypatch.setattr(doctor.shutil, "disk_usage", lambda path: shutil._ntuple_diskusage(1000, 999, 1 << 20))
    items = found(empty_warehouse)
    assert items["permissions"][0] == "note"
    assert (items["disk"][0], "請清出空間" in items["disk"][1]) == ("fault", True)


def test_an_app_that_was_killed_has_left_its_address(empty_warehouse: Warehouse) -> None:
    (empty_warehouse.folder / "server.json").write_text(json.dumps({"port": 1, "token": "x", "pid": 1}), encoding="utf-8")
    assert found(empty_warehouse)["app"][0] == "note"


def test_without_a_database_the_doctor_still_answers(tmp_path: Path) -> None:
    answer = commands.without_database(tmp_path, "doctor", {}, Unavailable("資料庫檔無法讀取"))
    assert (answer.code, answer.document["sound"]) == (1, False)
    assert answer.document["items"][-1] == {"item": "database", "state": "fault", "words": "資料庫檔無法讀取"}
    other = commands.without_database(tmp_path, "batches", {}, Unavailable("資料庫檔無法讀取"))
    assert other.code == 3
