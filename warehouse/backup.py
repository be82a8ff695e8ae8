"""Backup and restore: one archive of the database, the receipts and the kept files, each by its hash, read back before it counts.

The archive is a zip with a `manifest.json`. It is made under another name and gets its own when every byte was read back and the copy of the
database was opened. Restoring looks at every hash first, changes nothing until all is on disk, and moves the old data aside.
"""

from __future__ import annotations

import hashlib
import json
import lzma
import os
import re
import shutil
import struct
import uuid
import zipfile
import zlib
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import datetime
from pathlib import Path
from typing import IO, Any

import duckdb

from warehouse import __version__, exchange, journal, ledger, recompute
from warehouse.errors import Finding, Refused, Unavailable, UsageError
from warehouse.journal import journal_path
from warehouse.keep import kept_file
from warehouse.ledger import Stamp, receipts_path
from warehouse.load import bring_to_order, open_warehouse
from warehouse.store import DATABASE, STORE_VERSION, Warehouse

FORMAT = 1
MANIFEST = "manifest.json"

#: Where a data folder remembers its newest backup.
NEWEST = "backup.json"

_MEMBER = re.compile(rf"{re.escape(DATABASE)}(?:\.wal)?|(?:receipts|journal)\.jsonl|files/[0-9a-f]{{64}}")
_HASH = re.compile("[0-9a-f]{64}")
_PIECE = 1 << 20
_LARGEST_MANIFEST = 64 << 20
_BROKEN = (zipfile.BadZipFile, zlib.error, lzma.LZMAError, struct.error, EOFError, NotImplementedError, RuntimeError, ValueError, KeyError, TypeError, AttributeError)

Progress = Callable[[str], None]


@dataclass(frozen=True)
class Backup:
    """A backup that was made and read back. warnings: what was wrong with the warehouse already, in words."""

    file: str
    size: int
    sha256: str
    at: str
    last_id: int
    files: int
    warnings: list[str] = field(default_factory=list)

    def as_json(self) -> dict[str, Any]:
        """For `backup --json`."""
        return {"file": self.file, "size": self.size, "sha256": self.sha256, "at": self.at, "last_id": self.last_id, "files": self.files, "warnings": self.warnings}


@dataclass(frozen=True)
class Restored:
    """What a data folder holds after a restore. aside: name of the folder in it where the old data lie; None where there were none."""

    made_at: str
    last_id: int
    files: int
    aside: str | None
    warnings: list[str] = field(default_factory=list)

    def as_json(self) -> dict[str, Any]:
        """For `restore --json`."""
        return {"restored": True, "made_at": self.made_at, "last_id": self.last_id, "files": self.files, "aside": self.aside, "warnings": self.warnings}


def back_up(warehouse: Warehouse, out: Path, *, name: str | None = None, progress: Progress = lambda _: None) -> Backup:
    """Write a backup to a file that is not there yet. name: what it will be called, where `out` is not its last place (see `deliver`).

    Loads wait only while the database is copied. Raises `UsageError` for a file that exists or lies among the kept files, `Unavailable` where it
    cannot be written or does not read back as it was written.
    """
    if out.exists():
        raise UsageError(f"「{out.name}」已經存在，不會覆寫；請換一個檔名")
    if (warehouse.folder / exchange.FILES).resolve() in out.resolve().parents:
        raise UsageError("備份檔請放在資料夾以外的地方")
    draft = out.parent / f".{uuid.uuid4().hex}.part"
    copied = warehouse.folder / f".backup-{uuid.uuid4().hex}"
    try:
        progress("複製資料庫")
        _copy_state(warehouse, copied)
        last_id, hashes, warnings = _look_at(copied)
        members = {path.name: path for path in sorted(copied.iterdir())}
        members |= {f"{exchange.FILES}/{path.name}": path for path in sorted(kept_file(warehouse.folder, "").glob("*")) if _HASH.fullmatch(path.name)}
        at = f"{Stamp.now().at_utc.isoformat(timespec='seconds')}Z"
        written = _write_archive(draft, members, at, last_id, progress)
        warnings += [f"留存的原始檔不見了：{sha256[:12]}…" for sha256 in sorted(hashes) if f"{exchange.FILES}/{sha256}" not in members]
        warnings += [f"留存的原始檔內容已變：{member[6:18]}…" for member, sha256 in written.items() if member.startswith("files/") and member[6:] != sha256]
        progress("讀回核對")
        _read_back(draft, written)
        size, sha256 = draft.stat().st_size, _hash_of(draft)
        _name(draft, out)
    except OSError as error:
        raise Unavailable(f"無法寫出備份檔：{error.strerror or type(error).__name__}") from error
    finally:
        draft.unlink(missing_ok=True)
        shutil.rmtree(copied, ignore_errors=True)
    made = Backup(name or out.name, size, sha256, at, last_id, len([member for member in written if "/" in member]), warnings)
    if name is None:
        _remember(warehouse.folder, made.as_json())
    return made


def deliver(folder: Path, made: Path, out: Path, document: dict[str, Any]) -> None:
    """Bring a backup, made elsewhere, to its last place, and remember it. document: as `Backup.as_json` tells. Raises as `back_up` does."""
    draft = out.parent / f".{uuid.uuid4().hex}.part"
    try:
        with made.open("rb") as incoming, os.fdopen(os.open(draft, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600), "wb") as outgoing:
            _copy(incoming, outgoing)
            outgoing.flush()
            os.fsync(outgoing.fileno())
        if _hash_of(draft) != document["sha256"]:
            raise Unavailable("備份檔寫出後讀回的內容不同，沒有留下備份")
        _name(draft, out)
    except OSError as error:
        raise Unavailable(f"無法寫出備份檔：{error.strerror or type(error).__name__}") from error
    finally:
        draft.unlink(missing_ok=True)
    _remember(folder, document)


def newest_backup(folder: Path) -> dict[str, Any] | None:
    """What is remembered of the newest backup; None where there is none."""
    try:
        document = json.loads((folder / NEWEST).read_text(encoding="utf-8"))
        datetime.fromisoformat(document["at"])
        return document if isinstance(document.get("last_id"), int) and isinstance(document.get("file"), str) else None
    except (OSError, ValueError, KeyError, TypeError, AttributeError):
        return None


def restore(warehouse: Warehouse, archive: Path, *, replace: bool = False, progress: Progress = lambda _: None) -> Restored:
    """Put a backup in the place of what an open warehouse holds, and go on with it. replace: also where there are data; they are moved aside.

    Refused where there are data and `replace` is not said (`E-RESTORE-REPLACE`), and where anything of the archive is not as it was made
    (`E-BACKUP`); raises `Unavailable` for a backup of a newer program and where the disk does not hold it. Nothing is changed before all is checked.
    """
    with warehouse.reading() as cursor:
        busy = bool(ledger.last_id(cursor)) or bool(ledger.receipts(warehouse.folder))
    version = warehouse.data_version()
    with warehouse.exclusively():
        manifest, warnings = _stage(warehouse.folder, archive, busy, replace, progress)
        aside = _aside_name() if busy else None
        exchange.seal(warehouse.folder, aside)
        try:
            with warehouse.set_aside():
                exchange.finish(warehouse.folder)
        except OSError as error:
            raise Unavailable("還原做到一半；資料都在，排除磁碟問題後重新啟動，會接著做完") from error
        bring_to_order(warehouse)
        with warehouse.writing(None) as cursor:
            recompute.new_version(cursor, ledger.last_id(cursor), above=version)
    return Restored(manifest["made_at"], manifest["last_id"], _files_in(manifest), aside, warnings)


def restore_offline(folder: Path, archive: Path, *, replace: bool = False, progress: Progress = lambda _: None) -> Restored:
    """Restore where the database cannot be opened at all: what lies there is moved aside as it is."""
    manifest, warnings = _stage(folder, archive, True, replace, progress)
    aside = _aside_name()
    exchange.seal(folder, aside)
    exchange.finish(folder)
    open_warehouse(folder).close()
    return Restored(manifest["made_at"], manifest["last_id"], _files_in(manifest), aside, warnings)


# --- making -----------------------------------------------------------------------------------------------------------------


def _copy_state(warehouse: Warehouse, place: Path) -> None:
    """Database, its log and the receipts as they are between two changes."""
    place.mkdir(mode=0o700)
    with warehouse.exclusively():
        warehouse.checkpoint()
        with warehouse.reading() as cursor:
            ledger.write_receipts(warehouse.folder, cursor)
            journal.write(warehouse.folder, cursor)
        for path in (warehouse.folder / DATABASE, warehouse.folder / exchange.LOG, receipts_path(warehouse.folder), journal_path(warehouse.folder)):
            if path.exists():
                shutil.copyfile(path, place / path.name)
    receipts_path(place).touch()


def _look_at(place: Path) -> tuple[int, set[str], list[str]]:
    """Open a copy of the database: its newest id, the hashes of the files it was made from, and where receipts and ledger disagree."""
    copy = Warehouse.open(place, read_only=True)
    try:
        with copy.reading() as cursor:
            hashes = {sha256 for (sha256,) in cursor.execute("select distinct sha256 from ledger.batch where sha256 is not null").fetchall()}
            return ledger.last_id(cursor), hashes, ledger.receipt_faults(place, cursor)
    except duckdb.Error as error:
        raise Unavailable(f"資料庫讀不出來（{type(error).__name__}）") from error
    finally:
        copy.close()
        shutil.rmtree(place / "spill", ignore_errors=True)


def _write_archive(draft: Path, members: dict[str, Path], at: str, last_id: int, progress: Progress) -> dict[str, str]:
    """Write the archive and force it to disk. Returns member → SHA-256 of what was written."""
    written: dict[str, dict[str, Any]] = {}
    with os.fdopen(os.open(draft, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600), "wb") as stream:
        with zipfile.ZipFile(stream, "w", zipfile.ZIP_DEFLATED, compresslevel=3) as archive:
            for number, (member, path) in enumerate(members.items(), start=1):
                if number % 50 == 0:
                    progress(f"寫入第{number}／{len(members)}個檔案")
                with path.open("rb") as incoming, archive.open(member, "w", force_zip64=True) as outgoing:
                    written[member] = _copy(incoming, outgoing)
            manifest = {
                "format": FORMAT, "made_at": at, "app_version": __version__, "store_version": STORE_VERSION, "duckdb": duckdb.__version__,
                "last_id": last_id, "members": written,
            }  # fmt: skip
            archive.writestr(MANIFEST, json.dumps(manifest, ensure_ascii=False, indent=1))
        stream.flush()
        os.fsync(stream.fileno())
    return {member: told["sha256"] for member, told in written.items()}


def _read_back(draft: Path, written: dict[str, str]) -> None:
    """Hold every byte of the archive against what was written."""
    try:
        with zipfile.ZipFile(draft) as archive:
            manifest = _manifest_of(archive)
            found = {member: _hash_stream(archive, member) for member in manifest["members"]}
    except (Refused, *_BROKEN) as error:
        raise Unavailable("備份檔寫出後讀不回來，沒有留下備份") from error
    if found != written:
        raise Unavailable("備份檔寫出後讀回的內容不同，沒有留下備份")


def _name(draft: Path, out: Path) -> None:
    """Give the draft its name; never that of a file which someone has made meanwhile."""
    try:
        os.link(draft, out)
    except FileExistsError:
        raise UsageError(f"「{out.name}」已經存在，不會覆寫；請換一個檔名") from None
    except OSError:  # a file system without links
        draft.rename(out)
    exchange.sync_folder(out.parent)


def _remember(folder: Path, document: dict[str, Any]) -> None:
    draft = folder / f".{uuid.uuid4().hex}"
    try:
        draft.write_text(json.dumps(document, ensure_ascii=False), encoding="utf-8")
        draft.replace(folder / NEWEST)
    except OSError:
        draft.unlink(missing_ok=True)


# --- restoring --------------------------------------------------------------------------------------------------------------


def _stage(folder: Path, path: Path, busy: bool, replace: bool, progress: Progress) -> tuple[dict[str, Any], list[str]]:
    """Unpack an archive beside the data, every hash compared, and open its database. Returns its manifest and what is to be said of it."""
    with _opened(path) as archive:
        manifest = _manifest_of(archive)
        if busy and not replace:
            raise Refused([_would_replace(manifest)])
        needed = sum(told["size"] for told in manifest["members"].values())
        if shutil.disk_usage(folder).free < needed * 1.05:
            raise Unavailable(f"磁碟空間不足：還原需要約{max(1, needed >> 20):,}MB")
        place = exchange.start(folder)
        try:
            for number, (member, told) in enumerate(manifest["members"].items(), start=1):
                if number % 50 == 0:
                    progress(f"核對第{number}／{len(manifest['members'])}個檔案")
                _unpack(archive, member, told, place / member)
            exchange.sync_folder(place / exchange.FILES)
            exchange.sync_folder(place)
            last_id, hashes, warnings = _look_at(place)
            if last_id != manifest["last_id"]:
                raise Refused([_broken("資料庫與清單所記的編號不同")])
        except OSError as error:
            shutil.rmtree(place, ignore_errors=True)
            raise Unavailable(f"無法寫出還原的檔案：{error.strerror or type(error).__name__}") from error
        except BaseException:
            shutil.rmtree(place, ignore_errors=True)
            raise
    missing = [sha256 for sha256 in sorted(hashes) if f"{exchange.FILES}/{sha256}" not in manifest["members"]]
    kept = ((member.removeprefix(f"{exchange.FILES}/"), told["sha256"]) for member, told in manifest["members"].items() if member.startswith(f"{exchange.FILES}/"))
    altered = [name for name, sha256 in kept if name != sha256]
    warnings += [f"備份裡的原始檔內容已變：{name[:12]}…" for name in sorted(altered)]
    return manifest, warnings + [f"備份裡沒有留存的原始檔：{sha256[:12]}…" for sha256 in missing]


@contextmanager
def _opened(path: Path) -> Iterator[zipfile.ZipFile]:
    """An archive; whatever shows that it is none, or damaged, is a refusal."""
    try:
        with zipfile.ZipFile(path) as archive:
            yield archive
    except (Refused, UsageError, Unavailable):
        raise
    except _BROKEN as error:
        raise Refused([_broken("不是備份檔，或已損壞")]) from error
    except OSError as error:
        raise Unavailable(f"無法讀取備份檔：{error.strerror or type(error).__name__}") from error


def _manifest_of(archive: zipfile.ZipFile) -> dict[str, Any]:
    """The manifest, when the archive holds just what it lists, under names that can only be ours."""
    names = archive.namelist()
    if MANIFEST not in names or archive.getinfo(MANIFEST).file_size > _LARGEST_MANIFEST:
        raise Refused([_broken("沒有備份清單")])
    manifest = json.loads(archive.read(MANIFEST))
    if manifest["format"] > FORMAT or manifest["store_version"] > STORE_VERSION:
        raise Unavailable(f"這份備份是較新版程式製作的（版本{manifest['store_version']}，本程式{STORE_VERSION}），請更新程式後再還原")
    members = manifest["members"]
    if sorted(names) != sorted([MANIFEST, *members]) or not {DATABASE, "receipts.jsonl"} <= members.keys():
        raise Refused([_broken("內容與清單不符")])
    for member, told in members.items():
        if not _MEMBER.fullmatch(member):
            raise Refused([_broken("有不是備份的檔案")])
        if not _HASH.fullmatch(told["sha256"]) or archive.getinfo(member).file_size != told["size"]:
            raise Refused([_broken("檔案大小與清單不符")])
    if not isinstance(manifest["last_id"], int) or not isinstance(manifest["made_at"], str):
        raise Refused([_broken("清單不完整")])
    return manifest


def _unpack(archive: zipfile.ZipFile, member: str, told: dict[str, Any], path: Path) -> None:
    path.unlink(missing_ok=True)
    with archive.open(member) as incoming, os.fdopen(os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600), "wb") as outgoing:
        if _copy(incoming, outgoing) != told:
            raise Refused([_broken("有檔案的內容已變")])
        outgoing.flush()
        os.fsync(outgoing.fileno())


def _broken(found: str) -> Finding:
    return Finding.of("E-BACKUP", "file", where="備份檔", found=found, expected="backup 指令做出、內容未變的備份檔", mend="沒有更動任何資料，請換一份備份")


def _would_replace(manifest: dict[str, Any]) -> Finding:
    found = f"資料夾裡已有資料；這份備份是{manifest['made_at'][:10]}做的，到第{manifest['last_id']}號"
    return Finding.of("E-RESTORE-REPLACE", "ask", where="資料夾", found=found, expected="空的資料夾，或確認取代", mend="確認後加上 --replace；現有資料會移到另一個資料夾，不會刪除")


def _aside_name() -> str:
    return f"replaced-{Stamp.now().at_utc:%Y%m%d%H%M%S}-{uuid.uuid4().hex[:4]}"


def _files_in(manifest: dict[str, Any]) -> int:
    return sum("/" in member for member in manifest["members"])


# --- bytes ------------------------------------------------------------------------------------------------------------------


def _copy(incoming: IO[bytes], outgoing: IO[bytes] | None) -> dict[str, Any]:
    digest, size = hashlib.sha256(), 0
    while piece := incoming.read(_PIECE):
        digest.update(piece)
        size += len(piece)
        if outgoing is not None:
            outgoing.write(piece)
    return {"sha256": digest.hexdigest(), "size": size}


def _hash_stream(archive: zipfile.ZipFile, member: str) -> str:
    with archive.open(member) as incoming:
        return str(_copy(incoming, None)["sha256"])


def _hash_of(path: Path) -> str:
    with path.open("rb") as incoming:
        return str(_copy(incoming, None)["sha256"])
