"""The ledger and its receipts: chained, mended after a crash, never trusted when they disagree; definitions as versions; rebuilding."""

from __future__ import annotations

import hashlib
import json
import os
import re
import shutil
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from warehouse import PROJECT, commands, ledger, scorecard
from warehouse.intake import Source
from warehouse.load import Request, load_file, open_warehouse, undo
from warehouse.period import Window, parse_month_option
from warehouse.store import DATABASE, Warehouse

YEAR = Window(parse_month_option("105-01"), parse_month_option("105-12"))
CLERK = Request(by="承辦", accept=frozenset(["all"]))


CHANNELS = ("臨櫃查詢", "網路查詢(含電子信箱)", "資料影印")


def inquiries(month: int, count: int) -> bytes:
    others = "".join(f"105年{month}月,{channel},{count + 1}\n" for channel in CHANNELS)
    return f"月份,查詢管道,件數\n105年{month}月,電話查詢,{count}\n{others}".encode()


def calls(month: int, score: float) -> bytes:
    return f"測試機關,日期,受測單位,總分\n花蓮分署,105/{month:02d}/05,執行股甲,{score}\n執行署,105/{month:02d}/06,執行股乙,88\n".encode()


def load(warehouse: Warehouse, content: bytes, request: Request = CLERK) -> int:
    result = load_file(warehouse, Source("月報.csv", content), request)
    assert result.outcome == "loaded", result
    assert result.batch is not None
    return result.batch


def some_history(warehouse: Warehouse) -> None:
    """Loads, a re-send, an undo, an undo of the undo, rows held: six entries."""
    load(warehouse, inquiries(1, 10))
    load(warehouse, calls(1, 91.5))
    load(warehouse, inquiries(1, 20))
    undo(warehouse, 3, by="主任", reason="送錯")
    undo(warehouse, 4, by="主任", reason="其實沒錯")
    bad = calls(2, 80) + "執行署,105/02/07,執行股丙,很好\n".encode()
    load(warehouse, bad, Request(by="承辦", accept=frozenset(["all"]), hold=True, reason="丙股分數待查"))


def receipts(folder: Path) -> list[dict[str, Any]]:
    return [json.loads(line) for line in receipts_file(folder).read_text(encoding="utf-8").splitlines()]


def receipts_file(folder: Path) -> Path:
    return folder / "receipts.jsonl"


def check(warehouse: Warehouse) -> dict[str, list[str]]:
    """The faults found, by check."""
    answer = commands.run(warehouse, "check", {})
    faults = {item["check"]: item["faults"] for item in answer.document["checks"] if item["faults"]}
    assert answer.document["sound"] is (not faults)
    assert answer.code == (1 if faults else 0)
    return faults


def check_folder(folder: Path) -> dict[str, list[str]]:
    warehouse = open_warehouse(folder)
    try:
        return check(warehouse)
    finally:
        warehouse.close()


def figures(warehouse: Warehouse, as_of: int | None = None) -> dict[str, Any]:
    with warehouse.reading() as cursor:
        return scorecard.figures(cursor, YEAR, as_of=as_of)


@pytest.fixture(scope="module")
def made_once(tmp_path_factory: pytest.TempPathFactory) -> Path:
    place = tmp_path_factory.mktemp("history")
    warehouse = open_warehouse(place)
    some_history(warehouse)
    warehouse.close()
    return place


@pytest.fixture
def folder(made_once: Path, tmp_path: Path) -> Path:
    """A data folder of one's own with some history, closed."""
    return Path(shutil.copytree(made_once, tmp_path / "data"))


# --- receipts ---------------------------------------------------------------------------------------------------------------


def test_each_receipt_carries_the_hash_of_the_line_before(folder: Path) -> None:
    lines = receipts_file(folder).read_bytes().split(b"\n")
    assert lines.pop() == b""
    assert [json.loads(line)["id"] for line in lines] == [1, 2, 3, 4, 5, 6]
    previous = [json.loads(line)["previous"] for line in lines]
    assert previous == ["", *(hashlib.sha256(line).hexdigest() for line in lines[:-1])]


def test_a_receipt_says_who_when_what_and_which_file(folder: Path) -> None:
    first, *_, third_undo, last = receipts(folder)
    content = inquiries(1, 10)
    assert first["sha256"] == hashlib.sha256(content).hexdigest()
    assert (folder / "files" / first["sha256"]).read_bytes() == content
    assert (first["kind"], first["dataset"], first["by_name"], first["file_name"], first["rows_loaded"]) == (
        "load",
        "inquiry_monthly",
        "承辦",
        "月報.csv",
        4,
    )
    assert first["at"].endswith("Z")
    assert (third_undo["kind"], third_undo["undoes"], third_undo["reason"]) == ("undo", 4, "其實沒錯")
    assert (last["rows_read"], last["rows_loaded"], last["rows_held"], last["reason"]) == (3, 2, 1, "丙股分數待查")


@pytest.mark.parametrize("lost", [1, 2, 6], ids="lost {}".format)
def test_receipts_that_a_crash_left_unwritten_are_written_at_the_next_start(folder: Path, lost: int) -> None:
    whole = receipts_file(folder).read_bytes()
    receipts_file(folder).write_bytes(b"".join(line + b"\n" for line in whole.split(b"\n")[: 6 - lost]))
    assert check_folder(folder) == {}
    assert receipts_file(folder).read_bytes() == whole


@pytest.mark.parametrize("cut", [1, 2, 60, 150])
def test_a_half_written_last_line_is_mended_and_not_trusted(folder: Path, cut: int) -> None:
    whole = receipts_file(folder).read_bytes()
    receipts_file(folder).write_bytes(whole[:-cut])
    assert check_folder(folder) == {}
    assert receipts_file(folder).read_bytes() == whole


def test_a_half_written_line_of_nonsense_is_cut_off_before_the_next_receipt(folder: Path) -> None:
    with receipts_file(folder).open("ab") as stream:
        stream.write(b'{"id": 7, "kind": "lo\xe6')
    warehouse = open_warehouse(folder)
    assert load(warehouse, inquiries(2, 5)) == 7
    assert check(warehouse) == {}
    warehouse.close()
    assert [receipt["id"] for receipt in receipts(folder)] == [1, 2, 3, 4, 5, 6, 7]


@pytest.mark.parametrize(
    "edit",
    [
        lambda line: re.sub(rb'"rows_loaded": [0-9]+', b'"rows_loaded": 99', line),
        lambda line: line.replace("承辦".encode(), "別人".encode()),
        lambda line: line.replace(b'"kind": "load"', b'"kind": "lead"'),
        lambda line: line[:40],
        lambda line: b"\0" * len(line),
        lambda line: b"[]",
        lambda line: b"",
    ],
    ids=["count", "name", "kind", "cut short", "zeros", "not an object", "taken out"],
)
@pytest.mark.parametrize("number", [0, 2, 5])
def test_an_edited_receipt_is_found(folder: Path, edit: Callable[[bytes], bytes], number: int) -> None:
    lines = receipts_file(folder).read_bytes().split(b"\n")
    original = lines[number]
    lines[number] = edit(original)
    assert lines[number] != original
    receipts_file(folder).write_bytes(b"\n".join(lines))
    if number == 5 and not lines[5]:
        assert check_folder(folder) == {}, "the last line taken out is a crash before the receipt: it is written again"
        return
    assert "receipts" in check_folder(folder)


def test_swapped_receipts_are_found(folder: Path) -> None:
    lines = receipts_file(folder).read_bytes().split(b"\n")
    lines[1], lines[2] = lines[2], lines[1]
    receipts_file(folder).write_bytes(b"\n".join(lines))
    assert "receipts" in check_folder(folder)


def test_a_warehouse_with_an_unreadable_receipt_still_takes_files(folder: Path) -> None:
    """A damaged receipt is an alarm, not a lock: it is named by `check` until someone has looked, and work goes on."""
    lines = receipts_file(folder).read_bytes().split(b"\n")
    lines[5] = b"\0" * len(lines[5])
    receipts_file(folder).write_bytes(b"\n".join(lines))
    warehouse = open_warehouse(folder)
    number = load(warehouse, inquiries(4, 1))
    assert "receipts" in check(warehouse)
    warehouse.close()
    assert json.loads(receipts_file(folder).read_bytes().splitlines()[-1])["id"] == number


# --- a ledger that lost what the receipts remember --------------------------------------------------------------------------


def test_an_old_database_put_back_is_found(folder: Path, tmp_path: Path) -> None:
    old = tmp_path / "old.duckdb"
    shutil.copyfile(folder / DATABASE, old)
    warehouse = open_warehouse(folder)
    load(warehouse, inquiries(2, 40))
    warehouse.close()
    shutil.copyfile(old, folder / DATABASE)
    faults = check_folder(folder)
    assert list(faults) == ["receipts"]
    assert "第7號" in faults["receipts"][0]
    assert "遺失" in faults["receipts"][0]


def test_a_file_loaded_after_an_old_database_was_put_back_gets_an_id_and_a_receipt_of_its_own(folder: Path, tmp_path: Path) -> None:
    """Else the lost entry and the new one would share a number, and a rebuild would lose the new one."""
    old = tmp_path / "old.duckdb"
    shutil.copyfile(folder / DATABASE, old)
    warehouse = open_warehouse(folder)
    load(warehouse, inquiries(2, 40))
    warehouse.close()
    shutil.copyfile(old, folder / DATABASE)
    warehouse = open_warehouse(folder)
    assert load(warehouse, inquiries(3, 50)) == 8
    assert [receipt["id"] for receipt in receipts(folder)] == [1, 2, 3, 4, 5, 6, 7, 8]
    assert commands.run(warehouse, "rebuild", {}).code == 0
    assert check(warehouse) == {}
    assert figures(warehouse)["inquiry_phone"].value == 20 + 40 + 50
    warehouse.close()


@pytest.mark.parametrize(
    "statement",
    [
        "update ledger.batch set by_name = '別人' where id = 2",
        "update ledger.batch set rows_loaded = 99 where id = 1",
        "update ledger.batch set undone = true where id = 1",
        "update ledger.batch set undone = true where id = 6",
        "update ledger.batch set undoes = 2 where id = 4",
        "delete from ledger.batch where id = 6",
        "insert into ledger.batch select 9, * exclude (id) from ledger.batch where id = 2",
        "update raw.inquiry_monthly set n = n + 1 where _batch_id = 3",
        "delete from raw.phone_test where _batch_id = 2",
        "insert into raw.phone_test select * from raw.phone_test",
        "update indicator_month set numerator = numerator + 1 where indicator_id = 'inquiry_total'",
        "update ledger.batch_slot set month = date '2016-03-01' where batch_id = 6",
    ],
)
def test_a_database_edited_by_hand_is_found(folder: Path, statement: str) -> None:
    warehouse = open_warehouse(folder)
    warehouse.cursor().execute(statement)
    assert check(warehouse) != {}
    warehouse.close()


@pytest.mark.parametrize("change", ["altered", "cut", "gone"])
def test_a_kept_file_that_was_tampered_with_is_found(folder: Path, change: str) -> None:
    path = folder / "files" / hashlib.sha256(inquiries(1, 10)).hexdigest()
    content = path.read_bytes()
    if change == "gone":
        path.unlink()
    else:
        path.write_bytes(content.replace(b"10", b"99") if change == "altered" else content[:-3])
    faults = check_folder(folder)
    assert list(faults) == ["files"]
    assert "第1號" in faults["files"][0]


def test_loading_a_file_again_mends_its_kept_copy(folder: Path) -> None:
    content = inquiries(1, 10)
    path = folder / "files" / hashlib.sha256(content).hexdigest()
    path.write_bytes(content.replace(b"10", b"99"))
    warehouse = open_warehouse(folder)
    load(warehouse, content)
    assert path.read_bytes() == content
    assert check(warehouse) == {}
    warehouse.close()


# --- definitions are versions too -------------------------------------------------------------------------------------------


def test_a_changed_definition_is_a_new_version_and_the_past_keeps_its_figures(folder: Path, tmp_path: Path) -> None:
    """On a copy of the program whose inquiries by telephone count double: at its first start all is recomputed, once."""
    before = run_in(PROJECT, folder)
    tree = tmp_path / "tree"
    for name in ("warehouse", "sql"):
        shutil.copytree(PROJECT / name, tree / name, ignore=shutil.ignore_patterns("__pycache__"))
    blocks = next(path for path in (tree / "warehouse" / "indicators").glob("*.toml") if "[inquiry_phone]" in path.read_text(encoding="utf-8"))
    text = blocks.read_text(encoding="utf-8")
    start = text.index("[inquiry_phone]")
    blocks.write_text(text[:start] + text[start:].replace('"sum(n)"', '"2 * sum(n)"', 1), encoding="utf-8")
    after = run_in(tree, folder)
    assert after["now"] == {
        **before["now"],
        "inquiry_phone": 2 * before["now"]["inquiry_phone"],
        "inquiry_total_corrected": after["now"]["inquiry_total_corrected"],
    }
    assert after["now"]["inquiry_total_corrected"] == before["now"]["inquiry_total_corrected"] + before["now"]["inquiry_phone"]
    assert after["past"] == before["past"]
    assert after["version"] == before["version"] + 1
    assert after["sound"]
    again = run_in(tree, folder)
    assert again == after, "the same definitions do not make another version"
    back = run_in(PROJECT, folder)
    assert (back["now"], back["past"], back["version"]) == (before["now"], before["past"], before["version"] + 2)


def run_in(tree: Path, folder: Path) -> dict[str, Any]:
    """The figures that the program in `tree` shows: now, as of each entry, and whether `check` is content."""
    script = """
import json, sys
from pathlib import Path
from warehouse import commands, scorecard
from warehouse.load import open_warehouse
warehouse = open_warehouse(Path(sys.argv[1]))
def figures(as_of):
    arguments = {"from": "105-01", "to": "105-12", "as_of": as_of}
    document = commands.run(warehouse, "indicators", arguments).document
    return {item["id"]: item["value"] for item in document["indicators"]}
print(json.dumps({"now": figures(None), "past": [figures(entry) for entry in range(1, 7)], "version": warehouse.data_version(),
    "sound": commands.run(warehouse, "check", {}).document["sound"]}))
"""
    done = subprocess.run(
        [sys.executable, "-c", script, str(folder)], cwd=tree, env=os.environ | {"PYTHONPATH": str(tree)}, capture_output=True, text=True
    )
    assert done.returncode == 0, done.stderr
    return json.loads(done.stdout)


# --- rebuilding -------------------------------------------------------------------------------------------------------------


def test_rebuild_gives_the_same_figures_ids_and_receipts(folder: Path) -> None:
    warehouse = open_warehouse(folder)
    before = [figures(warehouse, as_of) for as_of in (None, *range(1, 7))]
    entries = [vars(entry) for entry in ledger_entries(warehouse)]
    lines = receipts_file(folder).read_bytes()
    answer = commands.run(warehouse, "rebuild", {})
    assert answer.document == {"rebuilt": True, "problems": [], "figures_equal": True}
    assert [figures(warehouse, as_of) for as_of in (None, *range(1, 7))] == before
    assert [vars(entry) for entry in ledger_entries(warehouse)] == entries
    assert receipts_file(folder).read_bytes() == lines
    assert check(warehouse) == {}
    assert load(warehouse, inquiries(5, 1)) == 7
    warehouse.close()
    assert check_folder(folder) == {}
    assert not (folder / ".rebuild").exists()


def ledger_entries(warehouse: Warehouse) -> list[ledger.Entry]:
    with warehouse.reading() as cursor:
        return ledger.entries(cursor)


def test_rebuild_brings_back_what_an_old_database_had_lost(folder: Path, tmp_path: Path) -> None:
    shutil.copyfile(folder / DATABASE, tmp_path / "old.duckdb")
    warehouse = open_warehouse(folder)
    load(warehouse, inquiries(2, 40))
    wanted = figures(warehouse)
    warehouse.close()
    shutil.copyfile(tmp_path / "old.duckdb", folder / DATABASE)
    warehouse = open_warehouse(folder)
    assert figures(warehouse) != wanted
    assert commands.run(warehouse, "rebuild", {}).document["rebuilt"] is True
    assert figures(warehouse) == wanted
    assert check(warehouse) == {}
    warehouse.close()


def test_rebuild_without_a_kept_file_changes_nothing_and_says_which(folder: Path) -> None:
    (folder / "files" / hashlib.sha256(inquiries(1, 20)).hexdigest()).unlink()
    warehouse = open_warehouse(folder)
    before = figures(warehouse)
    answer = commands.run(warehouse, "rebuild", {})
    assert (answer.document["rebuilt"], answer.code) == (False, 1)
    assert "第3號" in answer.document["problems"][0]
    assert figures(warehouse) == before
    warehouse.close()


def spoil_header(content: bytearray) -> bytearray:
    content[:8192] = b"\0" * 8192
    return content


def spoil_middle(content: bytearray) -> bytearray:
    for at in range(12_288, len(content), 4_096):
        content[at : at + 512] = bytes(byte ^ 0x5A for byte in content[at : at + 512])
    return content


DAMAGES: dict[str, Callable[[bytearray], bytearray]] = {
    "overwritten header": spoil_header,
    "flipped bits throughout": spoil_middle,
    "cut in half": lambda content: content[: len(content) // 2],
    "empty": lambda content: bytearray(),
    "another file in its place": lambda content: bytearray("月份,件數\n".encode() * 2000),
    "gone": lambda content: bytearray(),
}


@pytest.mark.parametrize("damage", DAMAGES)
def test_a_damaged_database_is_rebuilt_by_the_command_line(folder: Path, damage: str) -> None:
    warehouse = open_warehouse(folder)
    wanted, lines = figures(warehouse), receipts_file(folder).read_bytes()
    warehouse.close()
    database = folder / DATABASE
    database.write_bytes(DAMAGES[damage](bytearray(database.read_bytes())))
    if damage == "gone":
        database.unlink()
    done = subprocess.run(
        [sys.executable, "-m", "warehouse", "rebuild", "--data", str(folder), "--json"], cwd=PROJECT, capture_output=True, text=True
    )
    document = json.loads(done.stdout)
    assert (done.returncode, document.get("rebuilt")) == (0, True), (done.stdout, done.stderr)
    warehouse = open_warehouse(folder)
    assert figures(warehouse) == wanted
    assert receipts_file(folder).read_bytes() == lines
    assert check(warehouse) == {}
    warehouse.close()


@pytest.mark.parametrize("damage", ["overwritten header", "flipped bits throughout", "cut in half"])
def test_a_damaged_database_is_told_in_words_and_left_as_it_is(folder: Path, damage: str) -> None:
    database = folder / DATABASE
    spoilt = bytes(DAMAGES[damage](bytearray(database.read_bytes())))
    database.write_bytes(spoilt)
    done = subprocess.run(
        [sys.executable, "-m", "warehouse", "batches", "--data", str(folder), "--json"], cwd=PROJECT, capture_output=True, text=True
    )
    assert "損壞" in json.loads(done.stdout)["error"], done
    assert done.returncode == 3
    assert database.read_bytes() == spoilt
