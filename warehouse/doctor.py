"""What an administrator looks at first: program, folder, disk, lock, leftovers, ledger against receipts and files, newest backup."""

from __future__ import annotations

import importlib.metadata
import json
import os
import platform
import shutil
import socket
import stat
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from typing import Any, Literal

import duckdb

from warehouse import __version__, ledger, period
from warehouse.backup import newest_backup
from warehouse.datasets import all_datasets
from warehouse.intake import Source
from warehouse.keep import kept_file
from warehouse.load import FORM
from warehouse.report.steps import CONTENT, issues, stage_words
from warehouse.store import DATABASE, STORE_VERSION, Warehouse

State = Literal["ok", "note", "fault"]
Progress = Callable[[str], None]

PACKAGES = ("streamlit", "duckdb", "polars", "pandera", "altair", "pyarrow")

#: Free space below which loads are bound to fail soon, in bytes.
_SCARCE = 500 << 20

#: Days after which a backup is called old.
_OLD_BACKUP = 30


@dataclass(frozen=True)
class Item:
    """One thing looked at. state: fault is to be mended, note is to be known."""

    name: str
    state: State
    words: str

    def as_json(self) -> dict[str, Any]:
        """For `doctor --json`."""
        return {"item": self.name, "state": self.state, "words": self.words}


def examine(warehouse: Warehouse, progress: Progress = lambda _: None) -> list[Item]:
    """Everything, of an open warehouse."""
    return [*surroundings(warehouse.folder), *_records(warehouse, progress)]


def surroundings(folder: Path) -> list[Item]:
    """What can be told without the database: versions, folder, disk, running app, leftovers."""
    return [_program(), *_folder(folder), _disk(folder), _app(folder), *_leftovers(folder)]


def row_faults(cursor: duckdb.DuckDBPyConnection) -> list[str]:
    """Batches of which there are more or fewer rows than the ledger says: a database edited by hand."""
    faults = []
    for name in all_datasets():
        rows = cursor.execute(
            f"""select coalesce(told._batch_id, kept._batch_id), coalesce(told.count, 0), coalesce(kept.count, 0)
            from (select batch_id as _batch_id, sum(row_count) as count from ledger.batch_slot where dataset = ? group by batch_id) as told
            full join (select _batch_id, count(*) as count from raw.{name} group by _batch_id) as kept on kept._batch_id = told._batch_id
            where coalesce(told.count, 0) <> coalesce(kept.count, 0)""",
            [name],
        ).fetchall()
        faults += [f"第{batch}號應有{told:,}列，資料庫裡是{kept:,}列" for batch, told, kept in rows]
    return faults


def file_faults(folder: Path, cursor: duckdb.DuckDBPyConnection) -> list[str]:
    """Entries whose kept file is gone or no longer of its hash, and reports that were submitted or issued of which that is so."""
    faults = []
    for entry in ledger.entries(cursor):
        if entry.sha256 is None:
            continue
        path = kept_file(folder, entry.sha256)
        if not path.exists():
            faults.append(f"第{entry.id}號的原始檔不見了（{entry.file_name or FORM}）")
        elif Source(entry.file_name or "", path).sha256 != entry.sha256:
            faults.append(f"第{entry.id}號留存的原始檔內容已變（{entry.file_name or FORM}）")
    for step in issues(cursor):
        kept = step.files | ({CONTENT: step.content} if step.content else {})
        faults += [
            f"{step.quarter.label}報告（{stage_words(step)}）的檔案不見了或內容已變：{name}"
            for name, sha256 in kept.items()
            if not kept_file(folder, sha256).exists() or Source(name, kept_file(folder, sha256)).sha256 != sha256
        ]
    return faults


# --- one thing after another ------------------------------------------------------------------------------------------------


def _program() -> Item:
    versions = "、".join(f"{name} {importlib.metadata.version(name)}" for name in PACKAGES)
    return Item("program", "ok", f"程式{__version__}、資料庫格式{STORE_VERSION}、Python {platform.python_version()}、{versions}")


def _folder(folder: Path) -> Iterator[Item]:
    if not folder.is_dir():
        yield Item("folder", "fault", f"找不到資料夾「{folder}」")
        return
    if not os.access(folder, os.R_OK | os.W_OK | os.X_OK):
        yield Item("folder", "fault", f"沒有讀寫資料夾「{folder}」的權限")
        return
    yield Item("folder", "ok", f"資料夾「{folder}」可讀寫")
    if os.name == "posix" and stat.S_IMODE(folder.stat().st_mode) & 0o077:
        yield Item("permissions", "note", "資料夾的權限讓同一台電腦的其他使用者也能讀取，建議改為只限本人（chmod 700）")


def _disk(folder: Path) -> Item:
    place = next((place for place in (folder, *folder.parents) if place.is_dir()), Path("/"))
    free, database = shutil.disk_usage(place).free, _size(folder / DATABASE)
    words = f"磁碟剩餘{_mb(free)}，資料庫{_mb(database)}"
    return Item("disk", "fault", f"{words}：空間不足，請清出空間") if free < max(_SCARCE, database) else Item("disk", "ok", words)


def _app(folder: Path) -> Item:
    try:
        address = json.loads((folder / "server.json").read_text(encoding="utf-8"))
        port = int(address["port"])
    except (OSError, ValueError, KeyError, TypeError):
        return Item("app", "ok", "儀表板沒有開著")
    with socket.socket() as probe:
        probe.settimeout(1)
        running = probe.connect_ex(("127.0.0.1", port)) == 0
    return Item("app", "ok", f"儀表板開在通訊埠{port}") if running else Item("app", "note", "儀表板上次沒有正常結束，留下server.json；下次啟動會更新")


def _leftovers(folder: Path) -> list[Item]:
    """What a crash or a repair left behind. Unfinished work is cleared at the next start; what was set aside waits for someone to decide."""
    unfinished = [path.name for pattern in (".rebuild", ".restore", ".backup-*", "files/.*") for path in folder.glob(pattern)]
    set_aside = [path.name for pattern in (f"{DATABASE}.damaged-*", "replaced-*", "inbox/.*", "outbox/*") for path in folder.glob(pattern)]
    items = []
    if unfinished:
        items.append(Item("unfinished", "note", f"有{len(unfinished)}個中斷的工作留下的暫存（{_names(unfinished)}），下次啟動或辦理時清除"))
    if set_aside:
        items.append(Item("set_aside", "note", f"移到一旁的舊資料或沒有取走的檔案{len(set_aside)}份（{_names(set_aside)}），確認不再需要後可自行刪除"))
    return items or [Item("leftovers", "ok", "沒有殘留的暫存")]


def _records(warehouse: Warehouse, progress: Progress) -> Iterator[Item]:
    with warehouse.reading() as cursor:
        newest, closed = ledger.last_id(cursor), ledger.closed_quarters(cursor)
        yield Item("ledger", "ok", f"上傳紀錄到第{newest}號" + (f"；已鎖定{'、'.join(quarter.label for quarter in closed)}" if closed else ""))
        progress("核對回條與原始檔")
        for name, title, faults in (
            ("receipts", "回條", ledger.receipt_faults(warehouse.folder, cursor)),
            ("files", "留存的原始檔", file_faults(warehouse.folder, cursor)),
            ("rows", "列數", row_faults(cursor)),
        ):
            more = f"；另{len(faults) - 3}處" if len(faults) > 3 else ""
            yield Item(name, "fault", "；".join(faults[:3]) + more) if faults else Item(name, "ok", f"{title}與上傳紀錄相符")
    yield _backup(warehouse.folder, newest)


def _backup(folder: Path, newest: int) -> Item:
    made = newest_backup(folder)
    if made is None:
        return Item("backup", "note" if newest else "ok", "還沒有備份過；請以 backup 指令備份到另一個磁碟" if newest else "還沒有資料，不必備份")
    at = datetime.fromisoformat(made["at"].removesuffix("Z")).replace(tzinfo=UTC)
    days, since = (datetime.now(UTC) - at).days, newest - made["last_id"]
    words = f"最近備份{period.roc_date(at.astimezone(period.TAIPEI).date())}「{made['file']}」" + (f"，之後又有{since}筆紀錄" if since > 0 else "")
    return Item("backup", "note" if since > 0 or days > _OLD_BACKUP else "ok", words)


def _size(path: Path) -> int:
    return path.stat().st_size if path.exists() else 0


def _mb(size: int) -> str:
    return f"{max(1, size >> 20) if size else 0:,}MB"


def _names(names: list[str]) -> str:
    return "、".join(sorted(names)[:3]) + ("…" if len(names) > 3 else "")
