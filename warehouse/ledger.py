"""The ledger: every load, form entry, release and undo, every review and every closing of a quarter, in one order of ids; which batches a slot's live rows
come from; receipts kept outside the database.

A receipt is one JSON line in `receipts.jsonl`, chained to the line before by its SHA-256. It is written after the commit: a ledger ahead of
its receipts is mended at the next start; receipts ahead of the ledger are an alarm, since a committed entry was lost.
"""

from __future__ import annotations

import hashlib
import json
import os
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from datetime import UTC, date, datetime
from pathlib import Path
from typing import Any

import duckdb

from warehouse import __version__, period
from warehouse.errors import Finding, Unavailable, UsageError
from warehouse.period import Quarter
from warehouse.store import Warehouse, append_rows, query

Slot = tuple[date, str, str]

#: What the kinds of entry are called.
KIND_WORDS = {"load": "入庫", "form": "表單", "undo": "撤回", "release": "補正", "review": "覆核", "close": "鎖定", "reopen": "解除鎖定"}


@dataclass(frozen=True)
class Entry:
    """One line of the ledger. kind: load, form, release or undo; `undone` is the only thing that ever changes."""

    id: int
    kind: str
    dataset: str
    file_name: str | None
    sha256: str | None
    size: int | None
    type: str | None
    encoding: str | None
    by_name: str
    at_utc: datetime
    rows_read: int | None
    rows_loaded: int | None
    rows_held: int | None
    ignored: dict[str, int]
    findings: list[dict[str, Any]]
    accepted: list[str]
    options: dict[str, Any]
    reason: str | None
    undoes: int | None
    undone: bool
    is_sample: bool
    app_version: str = __version__

    @property
    def releases(self) -> int | None:
        """The batch whose held rows it brings mended, where it is a release."""
        return self.options.get("release")

    @classmethod
    def of(cls, row: dict[str, Any]) -> Entry:
        """From a row of `ledger.batch`."""
        values = {**row, **{name: json.loads(row[name] or "null") for name in ("ignored", "findings", "accepted", "options")}}
        return cls(**values)


@dataclass(frozen=True)
class Review:
    """覆核: a second person has looked at a batch."""

    id: int
    batch_id: int
    by_name: str
    at_utc: datetime
    note: str | None
    app_version: str = __version__


@dataclass(frozen=True)
class Closing:
    """A quarter was closed (已鎖定), or opened again for a reason."""

    id: int
    quarter_start: date
    closed: bool
    by_name: str
    at_utc: datetime
    reason: str | None
    app_version: str = __version__

    @property
    def quarter(self) -> Quarter:
        """The quarter meant."""
        return Quarter.of(self.quarter_start)


@dataclass(frozen=True)
class Stamp:
    """When an entry was made, and by which version of the program."""

    at_utc: datetime
    app_version: str

    @classmethod
    def now(cls) -> Stamp:
        """This moment, this program."""
        return cls(datetime.now(UTC).replace(tzinfo=None), __version__)

    def today(self, options: dict[str, Any]) -> date:
        """The day that counted as today when the entry was made: as its options tell, else the moment's own day in Taipei."""
        told = options.get("today")
        return date.fromisoformat(told) if told else self.at_utc.replace(tzinfo=UTC).astimezone(period.TAIPEI).date()

    @classmethod
    def of(cls, receipt: dict[str, Any]) -> Stamp:
        """As a receipt has it."""
        return cls(datetime.fromisoformat(receipt["at"].removesuffix("Z")), receipt["app_version"])


def last_id(cursor: duckdb.DuckDBPyConnection) -> int:
    """The id of the newest entry of any kind; 0 in an empty ledger."""
    row = cursor.execute(f"select coalesce(max(id), 0) from ({_ALL_IDS}) as every").fetchone()
    assert row is not None
    return int(row[0])


#: Loads, forms, undos, reviews and closings draw their ids from one sequence, so that receipts and `--as-of` have one order.
_ALL_IDS = "select id from ledger.batch union all select id from ledger.review union all select id from ledger.closing"


def require(cursor: duckdb.DuckDBPyConnection, entry_id: int) -> None:
    """An id that no entry of any kind has is a `UsageError`."""
    if not query(cursor, f"select id from ({_ALL_IDS}) as every where id = ?", [entry_id]):
        raise UsageError(_unknown(entry_id))


def next_id(folder: Path, cursor: duckdb.DuckDBPyConnection) -> int:
    """The id of the entry about to be written: one that neither the ledger nor a receipt has, so that a lost entry's id is never used again."""
    return max(last_id(cursor), _last_receipt(_read_lines(receipts_path(folder)))) + 1


def next_slot(cursor: duckdb.DuckDBPyConnection) -> int:
    """The number of the next slot. Slots are numbered through the whole ledger, so that a row needs but one number to find its own."""
    row = cursor.execute("select coalesce(max(slot), 0) + 1 from ledger.batch_slot").fetchone()
    assert row is not None
    return int(row[0])


def append(
    cursor: duckdb.DuckDBPyConnection, entry: Entry, slots: Iterable[tuple[int, Slot, int]] = (), answers: Iterable[tuple[int, str, int, int]] = ()
) -> None:
    """Write an entry and the slots it covers: (number, (month, site, part), rows), with the answers counted in them: (slot, column, answer, rows).

    In the caller's transaction.
    """
    cursor.execute(
        f"insert into ledger.batch values ({', '.join('?' for _ in range(22))})",
        [
            entry.id, entry.kind, entry.dataset, entry.file_name, entry.sha256, entry.size, entry.type, entry.encoding, entry.by_name, entry.at_utc,
            entry.rows_read, entry.rows_loaded, entry.rows_held, *(json.dumps(value, ensure_ascii=False) for value in (entry.ignored, entry.findings, entry.accepted, entry.options)),
            entry.reason, entry.undoes, entry.undone, entry.is_sample, entry.app_version,
        ],
    )  # fmt: skip
    if entry.releases is not None:
        append_rows(cursor, "ledger.release", [(entry.id, entry.releases)])
    rows = [(entry.id, ordinal, entry.dataset, *slot, count) for ordinal, slot, count in slots]
    if rows:
        append_rows(cursor, "ledger.batch_slot", rows)
    counted = list(answers)
    if counted:
        append_rows(cursor, "ledger.slot_answer", counted)


def entries(cursor: duckdb.DuckDBPyConnection) -> list[Entry]:
    """All entries, oldest first."""
    return [Entry.of(row) for row in query(cursor, "select * from ledger.batch order by id")]


def entry(cursor: duckdb.DuckDBPyConnection, entry_id: int) -> Entry:
    """One entry; an unknown id is a `UsageError`."""
    rows = query(cursor, "select * from ledger.batch where id = ?", [entry_id])
    if not rows:
        raise UsageError(_unknown(entry_id))
    return Entry.of(rows[0])


def _unknown(entry_id: int) -> str:
    return f"上傳紀錄裡沒有第{entry_id}號"


def append_review(cursor: duckdb.DuckDBPyConnection, review: Review) -> None:
    """Write a review. In the caller's transaction."""
    append_rows(cursor, "ledger.review", [tuple(vars(review).values())])


def append_closing(cursor: duckdb.DuckDBPyConnection, closing: Closing) -> None:
    """Write that a quarter was closed or opened again. In the caller's transaction."""
    append_rows(cursor, "ledger.closing", [tuple(vars(closing).values())])


def reviews(cursor: duckdb.DuckDBPyConnection) -> dict[int, list[Review]]:
    """Batch → its reviews, the newest first."""
    found: dict[int, list[Review]] = {}
    for row in query(cursor, "select * from ledger.review order by id desc"):
        found.setdefault(row["batch_id"], []).append(Review(**row))
    return found


def closings(cursor: duckdb.DuckDBPyConnection) -> list[Closing]:
    """Every closing and reopening, oldest first."""
    return [Closing(**row) for row in query(cursor, "select * from ledger.closing order by id")]


def closed_quarters(cursor: duckdb.DuckDBPyConnection) -> dict[Quarter, Closing]:
    """The quarters that are closed now, in order, and by which entry."""
    newest = {closing.quarter: closing for closing in closings(cursor)}
    return {quarter: newest[quarter] for quarter in sorted(newest) if newest[quarter].closed}


def lock_on(closed: Mapping[Quarter, Closing], month: date, *, lasting: bool = False) -> Closing | None:
    """Of the closed quarters the first whose figures a month is part of: a quarter's report is of the year to its end, so all months to then are closed.

    lasting: what begins in that month goes on, as a target does, so that every quarter which ends later has part in it.
    """
    return next((closing for quarter, closing in closed.items() if month <= quarter.window.end and (lasting or quarter.year == month.year)), None)


def slots_of(cursor: duckdb.DuckDBPyConnection, entry_id: int) -> list[Slot]:
    """The slots an entry covers: month, site, part."""
    return cursor.execute(
        "select month, site_code, part from ledger.batch_slot where batch_id = ? order by month, site_code, part", [entry_id]
    ).fetchall()


def slots(cursor: duckdb.DuckDBPyConnection) -> dict[int, list[Slot]]:
    """Entry → the slots it covers, of all entries that cover any."""
    found: dict[int, list[Slot]] = {}
    for batch, *slot in cursor.execute("select batch_id, month, site_code, part from ledger.batch_slot order by all").fetchall():
        found.setdefault(batch, []).append((slot[0], slot[1], slot[2]))
    return found


def releases(cursor: duckdb.DuckDBPyConnection) -> dict[int, int]:
    """Release → the batch whose held rows it brings mended; those taken back too."""
    return dict(cursor.execute("select id, batch_id from ledger.release order by id").fetchall())


def held(cursor: duckdb.DuckDBPyConnection) -> dict[int, int]:
    """Batch → how many of its held rows still wait to be mended: of loads that show in any slot, less what standing releases brought."""
    rows = cursor.execute(
        """select batch.id, batch.rows_held - coalesce(sum(brought.rows_loaded), 0) as waiting
        from ledger.batch
        left join ledger.release as release on release.batch_id = batch.id
        left join ledger.batch as brought on brought.id = release.id and not brought.undone
        where batch.kind = 'load' and batch.rows_held > 0 and exists (select 1 from ledger.live_slot where live_slot.batch_id = batch.id)
        group by batch.id, batch.rows_held having waiting > 0 order by batch.id"""
    ).fetchall()
    return {batch: int(waiting) for batch, waiting in rows}


def live_batches(cursor: duckdb.DuckDBPyConnection, dataset: str, slots: Iterable[Slot]) -> dict[Slot, list[int]]:
    """Of these slots the ones with live rows, and the batches those are of, oldest first: the newest load that covers the slot, then the forms and releases after it."""
    rows = cursor.execute(
        "select month, site_code, part, list(batch_id order by batch_id) from ledger.live_slot where dataset = ? group by month, site_code, part", [dataset]
    ).fetchall()
    live = {(month, site, part): batches for month, site, part, batches in rows}
    return {slot: live[slot] for slot in slots if slot in live}


def live_from_file(cursor: duckdb.DuckDBPyConnection, sha256: str) -> list[Entry]:
    """The loads of this very file that alone make up every slot they cover, newest first: loading it again for those slots would change nothing."""
    found = []
    for row in query(cursor, "select * from ledger.batch where sha256 = ? and kind = 'load' and not undone order by id desc", [sha256]):
        entry_of_file = Entry.of(row)
        slots = slots_of(cursor, entry_of_file.id)
        live = live_batches(cursor, entry_of_file.dataset, slots)
        if slots and all(live.get(slot) == [entry_of_file.id] for slot in slots):
            found.append(entry_of_file)
    return found


def undone_at(cursor: duckdb.DuckDBPyConnection, entry_id: int) -> set[int]:
    """The entries that were undone right after the entry of this id: the undos replayed in order."""
    undone: set[int] = set()
    targets: dict[int, int] = {}
    for identity, target in undo_targets(cursor, entry_id).items():
        targets[identity] = target
        for other, gone in taken_back(target, targets):
            (undone.add if gone else undone.discard)(other)
    return undone


def undo_targets(cursor: duckdb.DuckDBPyConnection, entry_id: int | None = None) -> dict[int, int]:
    """Undo → the entry it took back, in order, up to an entry."""
    rows = cursor.execute("select id, undoes from ledger.batch where kind = 'undo' and id <= coalesce(?, id) order by id", [entry_id]).fetchall()
    return dict(rows)


def taken_back(entry_id: int, targets: Mapping[int, int]) -> Iterator[tuple[int, bool]]:
    """What taking an entry back means: (entry, whether it is undone now). It goes; if it is an undo, what it took back comes again, and so on."""
    gone, current = True, entry_id
    yield current, gone
    while current in targets:
        gone, current = not gone, targets[current]
        yield current, gone


def only_sample(cursor: duckdb.DuckDBPyConnection) -> bool:
    """Whether the warehouse holds the sample and nothing else."""
    row = cursor.execute("select count(*), bool_and(is_sample) from ledger.batch where kind <> 'undo'").fetchone()
    return bool(row and row[0] and row[1])


def holds_sample(cursor: duckdb.DuckDBPyConnection) -> bool:
    """Whether any live row is of the sample."""
    row = cursor.execute("select count(*) from ledger.batch where kind <> 'undo' and is_sample and not undone").fetchone()
    return bool(row and row[0])


# --- receipts ---------------------------------------------------------------------------------------------------------------


def receipts_path(folder: Path) -> Path:
    """Where receipts are kept."""
    return folder / "receipts.jsonl"


def write_receipts(folder: Path, cursor: duckdb.DuckDBPyConnection) -> int:
    """Write the receipts that are missing: of the entry just committed, or of one whose process died before it could. Returns how many."""
    lines = _read_lines(receipts_path(folder))
    missing = _receipts_due(cursor, after=_last_receipt(lines))
    if not missing:
        return 0
    previous = _line_hash(lines[-1]) if lines else ""
    fresh: list[str] = []
    for receipt in missing:
        line = json.dumps({**receipt, "previous": previous}, ensure_ascii=False, sort_keys=True)
        previous = _line_hash(line)
        fresh.append(line)
    path = receipts_path(folder)
    with path.open("ab") as stream:
        if stream.tell() and not path.read_bytes().endswith(b"\n"):
            stream.truncate(_end_of_last_line(path))
        stream.write("".join(line + "\n" for line in fresh).encode())
        stream.flush()
        os.fsync(stream.fileno())
    return len(fresh)


def settle(warehouse: Warehouse, *, quiet: bool = False) -> list[Finding]:
    """After a commit: log into file, receipt beside it. The entry stands whatever happens here: a receipt that cannot be written now follows
    with the next, and a note says so. quiet: without the checkpoint."""
    if not quiet:
        warehouse.checkpoint()
    try:
        with warehouse.exclusively(), warehouse.reading() as cursor:
            write_receipts(warehouse.folder, cursor)
    except (OSError, Unavailable) as error:
        found = f"資料已入庫，回條還沒能寫入（{type(error).__name__}）"
        return [Finding.of("W-RECEIPT", "note", found=found, expected="回條同時寫入", mend="磁碟恢復後，下次入庫或啟動時補寫")]
    return []


def receipts(folder: Path) -> list[dict[str, Any] | None]:
    """All receipts, oldest first: enough, with the kept files, to make the warehouse again. None for a line that is no receipt any more."""
    return [_parse(line) for line in _read_lines(receipts_path(folder))]


def receipt_faults(folder: Path, cursor: duckdb.DuckDBPyConnection) -> list[str]:
    """Where receipts and ledger disagree, in words; empty when sound."""
    lines = _read_lines(receipts_path(folder))
    due = {receipt["id"]: receipt for receipt in _receipts_due(cursor, after=0)}
    due_releases = [receipt for receipt in due.values() if "release" in receipt["options"]]
    marked = {identity for (identity,) in cursor.execute("select id from ledger.batch where undone").fetchall()}
    told = undone_at(cursor, last_id(cursor))
    faults: list[str] = []
    previous = ""
    for number, line in enumerate(lines, start=1):
        receipt = _parse(line)
        if receipt is None:
            faults.append(unreadable_receipt(number))
        elif receipt.pop("previous") != previous:
            faults.append(f"回條第{number}行與前一行接不上：回條檔被更動過")
        previous = _line_hash(line)
        if receipt is None:
            continue
        kept = due.pop(receipt["id"], None)
        if kept is None:
            what = receipt["file_name"] or KIND_WORDS.get(receipt["kind"], receipt["kind"])
            faults.append(f"回條記有第{receipt['id']}號（{what}），資料庫裡沒有：資料庫遺失了已完成的入庫")
        elif kept != receipt:
            faults.append(f"第{receipt['id']}號的回條與資料庫不符：其中之一被更動過")
    told_releases = {line["id"]: line["options"]["release"] for line in due_releases}
    faults += [f"第{identity}號補正的對象與紀錄不符：資料庫被更動過" for identity, _ in sorted(told_releases.items() ^ releases(cursor).items())]
    faults += [f"第{identity}號{KIND_WORDS.get(due[identity]['kind'], '')}沒有回條" for identity in sorted(due)]
    faults += [f"第{identity}號的撤回註記與撤回紀錄不符：資料庫被更動過" for identity in sorted(marked ^ told)]
    return faults


_KEPT = (
    "id", "kind", "dataset", "file_name", "sha256", "size", "by_name", "rows_read", "rows_loaded", "rows_held", "reason", "undoes", "is_sample",
    "app_version",
)  # fmt: skip


def unreadable_receipt(number: int) -> str:
    """What is said of a line that is no receipt any more."""
    return f"回條第{number}行無法辨認：回條檔已損壞或被更動過"


def _receipts_due(cursor: duckdb.DuckDBPyConnection, *, after: int) -> list[dict[str, Any]]:
    """What a receipt holds of each entry of any kind after an id, in order."""
    found = [_receipt(row, json.loads(row["options"] or "{}")) for row in query(cursor, "select * from ledger.batch where id > ?", [after])]
    for row in query(cursor, "select * from ledger.review where id > ?", [after]):
        found.append(_receipt({**row, "kind": "review", "dataset": "*", "reason": row["note"]}, {"batch": row["batch_id"]}))
    for closing in closings(cursor):
        if closing.id > after:
            kind = "close" if closing.closed else "reopen"
            found.append(_receipt({**vars(closing), "kind": kind, "dataset": "*"}, {"quarter": closing.quarter.code}))
    return sorted(found, key=lambda receipt: receipt["id"])


def _receipt(row: dict[str, Any], options: dict[str, Any]) -> dict[str, Any]:
    kept = {name: row.get(name) for name in _KEPT} | {"is_sample": bool(row.get("is_sample"))}
    return {**kept, "options": options, "at": row["at_utc"].isoformat(timespec="microseconds") + "Z"}


def _read_lines(path: Path) -> list[str]:
    """Whole lines only: what a crash left half written does not count."""
    if not path.exists():
        return []
    return [line for line in path.read_bytes().decode("utf-8", "replace").split("\n")[:-1] if line]


def _parse(line: str) -> dict[str, Any] | None:
    """A line as a receipt; None where it is not one, whatever happened to it."""
    try:
        receipt = json.loads(line)
    except json.JSONDecodeError:
        return None
    return receipt if isinstance(receipt, dict) and receipt.keys() >= {*_KEPT, "options", "at", "previous"} else None


def _last_receipt(lines: list[str]) -> int:
    """The newest id among the receipts, looked for from the end; a damaged line does not count."""
    return next((receipt["id"] for line in reversed(lines) if (receipt := _parse(line))), 0)


def _end_of_last_line(path: Path) -> int:
    return path.read_bytes().rfind(b"\n") + 1


def _line_hash(line: str) -> str:
    return hashlib.sha256(line.encode()).hexdigest()
