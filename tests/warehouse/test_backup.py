"""Backup and restore: everything back as it was, nothing overwritten in silence, nothing changed by an archive that is not whole."""

from __future__ import annotations

import hashlib
import json
import shutil
import threading
import zipfile
from collections.abc import Callable
from datetime import datetime
from pathlib import Path
from typing import Any

import pytest

from warehouse import backup, commands, exchange, journal, oversight, scorecard
from warehouse.backup import back_up, newest_backup, restore, restore_offline
from warehouse.errors import Refused, Unavailable, UsageError
from warehouse.form import enter
from warehouse.intake import Source
from warehouse.load import Request, load_file, open_warehouse, undo
from warehouse.period import Window, parse_month_option, parse_quarter_option
from warehouse.store import DATABASE, STORE_VERSION, Warehouse

YEAR = Window(parse_month_option("105-01"), parse_month_option("105-12"))
CHANNELS = ("電話查詢", "臨櫃查詢", "網路查詢(含電子信箱)", "資料影印")
CALL = {"測試機關": "花蓮分署", "日期": "105/10/5", "受測單位": "執行股甲", "總分": "91.5"}


def inquiries(month: int, count: int) -> bytes:
    return ("月份,查詢管道,件數\n" + "".join(f"105年{month}月,{channel},{count}\n" for channel in CHANNELS)).encode()


def load(warehouse: Warehouse, content: bytes) -> int:
    result = load_file(warehouse, Source("月報.csv", content), Request(by="王承辦", accept=frozenset(["all"])))
    assert result.outcome == "loaded", result.findings
    return result.batch or 0


def state(warehouse: Warehouse) -> dict[str, Any]:
    """All that must come back: the listing, every figure now and as of each entry, the receipts."""
    document = commands.run(warehouse, "batches", {}).document
    with warehouse.reading() as cursor:
        figures = [scorecard.figures(cursor, YEAR, as_of=number) for number in (None, *(batch["id"] for batch in document))]
        text = [{name: (figure.value, figure.batches) for name, figure in found.items()} for found in figures]
        told = cursor.execute("select quarter, heading, text, by_name from ledger.report_text order by id").fetchall()
    journal = warehouse.folder / "journal.jsonl"
    kept = journal.read_bytes() if journal.exists() else b""
    return {"batches": document, "figures": text, "receipts": (warehouse.folder / "receipts.jsonl").read_bytes(), "texts": told, "journal": kept}


def is_sound(warehouse: Warehouse) -> bool:
    return commands.run(warehouse, "check", {}).document["sound"]


def names(folder: Path) -> set[str]:
    return {path.name for path in folder.iterdir()} - {"spill", "backup.json", f"{DATABASE}.wal"}


@pytest.fixture(scope="module")
def made_once(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A closed data folder with entries of every kind."""
    folder = tmp_path_factory.mktemp("history") / "data"
    warehouse = open_warehouse(folder)
    load(warehouse, inquiries(7, 10))
    load(warehouse, inquiries(7, 20))
    undo(warehouse, 2, by="主任", reason="送錯")
    enter(warehouse, "phone_test", CALL, "王承辦")
    oversight.review(warehouse, 1, by="李股長")
    oversight.close(warehouse, parse_quarter_option("105Q3"), by="張主任")
    with warehouse.writing(None) as cursor:
        journal.add(cursor, "report_text", {"quarter": "105Q3", "heading": "壹", "text": "報告的字句", "by_name": "王", "at_utc": datetime(2016, 10, 5)})
    with warehouse.reading() as cursor:
        journal.write(folder, cursor)
    warehouse.close()
    return folder


@pytest.fixture
def warehouse(made_once: Path, tmp_path: Path) -> Any:
    opened = open_warehouse(Path(shutil.copytree(made_once, tmp_path / "data")))
    yield opened
    opened.close()


@pytest.fixture
def archive(warehouse: Warehouse, tmp_path: Path) -> Path:
    out = tmp_path / "備份.zip"
    back_up(warehouse, out)
    return out


# --- making -----------------------------------------------------------------------------------------------------------------


def test_an_archive_holds_database_receipts_and_files_each_by_its_hash(warehouse: Warehouse, tmp_path: Path) -> None:
    made = back_up(warehouse, tmp_path / "備份.zip")
    content = (tmp_path / "備份.zip").read_bytes()
    assert (made.size, made.sha256, made.last_id, made.files, made.warnings) == (len(content), hashlib.sha256(content).hexdigest(), 6, 3, [])
    with zipfile.ZipFile(tmp_path / "備份.zip") as found:
        manifest = json.loads(found.read("manifest.json"))
        members = {name: found.read(name) for name in found.namelist() if name != "manifest.json"}
    assert members["receipts.jsonl"] == (warehouse.folder / "receipts.jsonl").read_bytes()
    assert {name[6:]: hashlib.sha256(data).hexdigest() for name, data in members.items() if name.startswith("files/")} == {
        path.name: path.name for path in (warehouse.folder / "files").iterdir()
    }
    assert manifest["members"] == {name: {"sha256": hashlib.sha256(data).hexdigest(), "size": len(data)} for name, data in members.items()}
    assert (manifest["last_id"], manifest["store_version"]) == (6, STORE_VERSION)
    assert (tmp_path / "備份.zip").stat().st_mode & 0o077 == 0
    assert names(tmp_path) == {"data", "備份.zip"}
    assert not list(warehouse.folder.glob(".backup-*"))


def test_files_that_are_kept_for_other_reasons_than_loads_are_backed_up_too(warehouse: Warehouse, tmp_path: Path) -> None:
    sha256 = hashlib.sha256("報告".encode()).hexdigest()
    (warehouse.folder / "files" / sha256).write_bytes("報告".encode())
    (warehouse.folder / "files" / ".unfinished").write_bytes(b"x")
    assert back_up(warehouse, tmp_path / "備份.zip").files == 4
    other = open_warehouse(tmp_path / "other")
    restore(other, tmp_path / "備份.zip")
    assert (other.folder / "files" / sha256).read_bytes() == "報告".encode()
    other.close()


def test_a_file_that_is_there_is_never_overwritten(warehouse: Warehouse, archive: Path, tmp_path: Path) -> None:
    before = archive.read_bytes()
    with pytest.raises(UsageError, match="已經存在"):
        back_up(warehouse, archive)
    with pytest.raises(UsageError, match="資料夾以外"):
        back_up(warehouse, warehouse.folder / "files" / "x.zip")
    assert archive.read_bytes() == before
    with pytest.raises(Unavailable, match="無法寫出備份檔"):
        back_up(warehouse, tmp_path / "沒有這裡" / "x.zip")


def test_one_made_meanwhile_under_the_name_is_not_overwritten_either(warehouse: Warehouse, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    out, read_back = tmp_path / "備份.zip", backup._read_back
    monkeypatch.setattr(backup, "_read_back", lambda *given: (read_back(*given), out.write_text("別人的")))
    with pytest.raises(UsageError, match="已經存在"):
        back_up(warehouse, out)
    assert out.read_text() == "別人的"
    assert newest_backup(warehouse.folder) is None


def test_what_does_not_read_back_is_no_backup(warehouse: Warehouse, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    write = backup._write_archive

    def spoilt(draft: Path, *given: Any) -> Any:
        written = write(draft, *given)
        data = bytearray(draft.read_bytes())
        data[len(data) // 2] ^= 1
        draft.write_bytes(data)
        return written

    monkeypatch.setattr(backup, "_write_archive", spoilt)
    with pytest.raises(Unavailable, match="沒有留下備份"):
        back_up(warehouse, tmp_path / "備份.zip")
    assert names(tmp_path) == {"data"}
    assert newest_backup(warehouse.folder) is None


def test_a_backup_while_files_are_loaded_is_of_one_moment(warehouse: Warehouse, tmp_path: Path) -> None:
    loader = threading.Thread(target=lambda: [load(warehouse, inquiries(10, count)) for count in range(1, 9)])
    loader.start()
    made = [back_up(warehouse, tmp_path / f"{number}.zip") for number in range(3)]
    loader.join()
    assert [one.warnings for one in made] == [[]] * 3
    for number, one in enumerate(made):
        other = open_warehouse(tmp_path / f"other{number}")
        assert restore(other, tmp_path / f"{number}.zip").warnings == []
        assert is_sound(other)
        assert max([6, *(batch["id"] for batch in commands.run(other, "batches", {}).document)]) == one.last_id
        other.close()


def test_a_kept_file_that_is_gone_or_altered_is_said(warehouse: Warehouse, tmp_path: Path) -> None:
    first, second, _ = sorted((warehouse.folder / "files").iterdir())
    first.unlink()
    second.write_bytes(b"x")
    made = back_up(warehouse, tmp_path / "備份.zip")
    assert [warning[:10] for warning in made.warnings] == ["留存的原始檔不見了：", "留存的原始檔內容已變"]
    other = open_warehouse(tmp_path / "other")
    assert len(restore(other, tmp_path / "備份.zip").warnings) == 2
    other.close()


def test_the_newest_backup_is_remembered(warehouse: Warehouse, tmp_path: Path) -> None:
    assert newest_backup(warehouse.folder) is None
    back_up(warehouse, tmp_path / "一.zip")
    load(warehouse, inquiries(10, 1))
    made = back_up(warehouse, tmp_path / "二.zip")
    assert newest_backup(warehouse.folder) == made.as_json()
    (warehouse.folder / "backup.json").write_text("[]")
    assert newest_backup(warehouse.folder) is None


# --- restoring --------------------------------------------------------------------------------------------------------------


def test_restored_into_an_empty_folder_all_is_as_it_was(warehouse: Warehouse, archive: Path, tmp_path: Path) -> None:
    other = open_warehouse(tmp_path / "other")
    made = restore(other, archive)
    assert (made.last_id, made.files, made.aside, made.warnings) == (6, 3, None, [])
    assert state(other) == state(warehouse)
    assert is_sound(other)
    assert load_file(other, Source("月報.csv", inquiries(8, 1)), Request(by="王")).findings[0].code == "E-BIZ-30", "the quarter is closed here too"
    assert load(other, inquiries(10, 1)) == 7
    assert names(tmp_path / "other") == {DATABASE, "files", "receipts.jsonl", "journal.jsonl"}
    other.close()
    again = open_warehouse(tmp_path / "other")
    assert is_sound(again)
    again.close()


def test_where_there_are_data_it_asks_and_then_moves_them_aside(warehouse: Warehouse, archive: Path) -> None:
    before, version = state(warehouse), warehouse.data_version()
    load(warehouse, inquiries(10, 5))
    later = state(warehouse)
    with pytest.raises(Refused) as refused:
        restore(warehouse, archive)
    assert [finding.code for finding in refused.value.findings] == ["E-RESTORE-REPLACE"]
    assert state(warehouse) == later
    made = restore(warehouse, archive, replace=True)
    assert state(warehouse) == before
    assert warehouse.data_version() > version + 1, "a page that shows the later state must notice"
    assert is_sound(warehouse)
    assert made.aside is not None
    old = open_warehouse(warehouse.folder / made.aside)
    assert state(old) == later
    assert is_sound(old)
    old.close()


def test_a_damaged_database_is_replaced_without_being_opened(warehouse: Warehouse, archive: Path) -> None:
    before, folder = state(warehouse), warehouse.folder
    warehouse.close()
    (folder / DATABASE).write_bytes(b"\0" * 9000)
    with pytest.raises(Refused):
        restore_offline(folder, archive)
    made = restore_offline(folder, archive, replace=True)
    assert (folder / (made.aside or "") / DATABASE).read_bytes() == b"\0" * 9000
    mended = open_warehouse(folder)
    assert state(mended) == before
    mended.close()
    warehouse._connection = open_warehouse(folder.parent / "spare")._connection


def rewrite(archive: Path, change: Callable[[dict[str, bytes]], Any], *, listed: bool = True) -> None:
    """Make the archive again with its members changed; listed: with a manifest that agrees."""
    with zipfile.ZipFile(archive) as found:
        members = {name: found.read(name) for name in found.namelist()}
    manifest = json.loads(members.pop("manifest.json"))
    change(members)
    if listed:
        manifest["members"] = {name: {"sha256": hashlib.sha256(data).hexdigest(), "size": len(data)} for name, data in members.items()}
    with zipfile.ZipFile(archive, "w") as found:
        for name, data in {**members, "manifest.json": json.dumps(manifest).encode()}.items():
            found.writestr(name, data)


def in_manifest(archive: Path, change: Callable[[dict[str, Any]], Any]) -> None:
    with zipfile.ZipFile(archive) as found:
        members = {name: found.read(name) for name in found.namelist()}
    manifest = json.loads(members.pop("manifest.json"))
    change(manifest)
    with zipfile.ZipFile(archive, "w") as found:
        for name, data in {**members, "manifest.json": json.dumps(manifest).encode()}.items():
            found.writestr(name, data)


def cut(archive: Path) -> None:
    archive.write_bytes(archive.read_bytes()[:-500])


def flip(archive: Path) -> None:
    data = bytearray(archive.read_bytes())
    data[len(data) // 3] ^= 0x10
    archive.write_bytes(data)


def twice(archive: Path) -> None:
    with zipfile.ZipFile(archive, "a") as found, pytest.warns(UserWarning, match="Duplicate"):
        found.writestr("receipts.jsonl", b"other")


BAD = {
    "not a zip": lambda path: path.write_bytes(b"PK\3\4 and no more"),
    "empty": lambda path: path.write_bytes(b""),
    "cut": cut,
    "flipped": flip,
    "a member twice": twice,
    "climbs out": lambda path: rewrite(path, lambda members: members.update({"../evil": b"x"})),
    "absolute": lambda path: rewrite(path, lambda members: members.update({"/tmp/evil": b"x"})),
    "into files": lambda path: rewrite(path, lambda members: members.update({"files/../../evil": b"x"})),
    "backslash": lambda path: rewrite(path, lambda members: members.update({"files\\evil": b"x"})),
    "strange name": lambda path: rewrite(path, lambda members: members.update({"app.py": b"x"})),
    "not listed": lambda path: rewrite(path, lambda members: members.update({"files/" + "0" * 64: b"x"}), listed=False),
    "listed and gone": lambda path: rewrite(path, lambda members: members.pop(next(name for name in members if "/" in name)), listed=False),
    "no database": lambda path: rewrite(path, lambda members: members.pop(DATABASE)),
    "no receipts": lambda path: rewrite(path, lambda members: members.pop("receipts.jsonl")),
    "altered file": lambda path: rewrite(path, lambda members: members.update({"receipts.jsonl": members["receipts.jsonl"][::-1]}), listed=False),
    "no manifest": lambda path: in_manifest(path, lambda manifest: manifest.clear()),
    "manifest of another shape": lambda path: in_manifest(path, lambda manifest: manifest.update(members=[1, 2])),
    "another number of entries": lambda path: in_manifest(path, lambda manifest: manifest.update(last_id=99)),
    "database of zeros": lambda path: rewrite(path, lambda members: members.update({DATABASE: b"\0" * 9000})),
    "newer program": lambda path: in_manifest(path, lambda manifest: manifest.update(store_version=STORE_VERSION + 1)),
    "newer format": lambda path: in_manifest(path, lambda manifest: manifest.update(format=2)),
}


@pytest.mark.parametrize("kind", BAD)
def test_an_archive_that_is_not_whole_or_not_ours_changes_nothing(warehouse: Warehouse, archive: Path, kind: str, tmp_path: Path) -> None:
    before, there = state(warehouse), names(warehouse.folder)
    BAD[kind](archive)
    with pytest.raises((Refused, Unavailable)) as failed:
        restore(warehouse, archive, replace=True)
    if kind.startswith("newer"):
        assert str(failed.value).endswith("請更新程式後再還原")
        assert len(str(failed.value).split("。")) == 1
    assert state(warehouse) == before
    assert names(warehouse.folder) == there
    assert names(tmp_path) == {"data", archive.name}
    assert not Path("/tmp/evil").exists()


def test_a_disk_without_room_is_said_before_anything_is_written(warehouse: Warehouse, archive: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(shutil, "disk_usage", lambda path: shutil._ntuple_diskusage(10, 9, 1))
    with pytest.raises(Unavailable, match="磁碟空間不足"):
        restore(warehouse, archive, replace=True)
    assert not exchange.staged(warehouse.folder).exists()


def test_whatever_move_a_crash_stops_at_the_next_start_goes_on(warehouse: Warehouse, archive: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    before = state(warehouse)
    load(warehouse, inquiries(10, 5))
    later = state(warehouse)
    warehouse.checkpoint()
    stopped, rename = 0, Path.rename
    for at in range(1, 12):
        folder = Path(shutil.copytree(warehouse.folder, tmp_path / f"crash{at}"))
        left = at

        def dies(path: Path, target: Any) -> Any:
            nonlocal left
            left -= 1
            if not left:
                raise KeyboardInterrupt
            return rename(path, target)

        place = open_warehouse(folder)
        with monkeypatch.context() as patch:
            patch.setattr(Path, "rename", dies)
            try:
                restore(place, archive, replace=True)
            except KeyboardInterrupt:
                stopped += 1
        place.close()
        after = open_warehouse(folder)
        assert state(after) == (later if at == 1 else before), f"stopped at move {at}"
        assert is_sound(after)
        assert not exchange.staged(folder).exists()
        if at > 1:
            [aside] = folder.glob("replaced-*")
            old = open_warehouse(aside)
            assert state(old) == later
            old.close()
        after.close()
    assert stopped >= 6


# --- commands ---------------------------------------------------------------------------------------------------------------


def test_the_commands_answer_in_words_and_documents(warehouse: Warehouse, tmp_path: Path) -> None:
    made = commands.run(warehouse, "backup", {"name": "備份.zip"})
    assert (made.code, made.document["file"], made.document["last_id"]) == (0, "備份.zip", 6)
    assert "已讀回核對" in made.text
    assert newest_backup(warehouse.folder) is None, "it is not yet where it was asked for"
    document = {name: value for name, value in made.document.items() if name != "path"}
    backup.deliver(warehouse.folder, Path(made.document["path"]), tmp_path / "備份.zip", document)
    assert newest_backup(warehouse.folder) == document
    out = {"name": "備份.zip", "path": str(tmp_path / "備份.zip")}
    with pytest.raises(UsageError, match="已經存在"):
        backup.deliver(warehouse.folder, Path(made.document["path"]), tmp_path / "備份.zip", document)
    asked = commands.run(warehouse, "restore", {"files": [out]})
    assert (asked.code, asked.document["findings"][0]["code"]) == (1, "E-RESTORE-REPLACE")
    done = commands.run(warehouse, "restore", {"files": [out], "replace": True})
    assert (done.code, done.document["restored"], done.document["last_id"]) == (0, True, 6)
    assert done.document["aside"] in done.text
    assert commands.run(warehouse, "restore", {"files": [{"name": "沒有.zip", "path": str(tmp_path / "沒有.zip")}]}).code == 2
