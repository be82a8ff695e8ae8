"""Screen, preview, commit, undo: how a file gets into the warehouse, or not.

One load is one transaction: claim, raw rows, ledger entry, slots, recomputed months. A preview is the same transaction, rolled back.
The file's own bytes are kept under their hash before the commit; the receipt is written after it. Nothing here talks to a page.
"""

from __future__ import annotations

import re
import shutil
from collections.abc import Callable, Collection, Iterable, Iterator
from contextlib import suppress
from dataclasses import dataclass, field, replace
from datetime import UTC, date
from decimal import Decimal
from pathlib import Path
from typing import Any, Literal

import duckdb
import polars as pl

from warehouse import exchange, history, journal, ledger, numerals, oversight, period, recompute, scorecard
from warehouse.datasets import Dataset, all_datasets, dataset_named, handing_in
from warehouse.errors import Conflict, Finding, Refused, Unavailable, UsageError, quote
from warehouse.intake import NotPlain, Source
from warehouse.intake.header import heading_key
from warehouse.keep import Keeper, kept_file
from warehouse.ledger import Entry, Slot
from warehouse.period import Window
from warehouse.screen import CumulativeCheck, Screening, screen
from warehouse.store import DATABASE, Warehouse, insert_frames, query

Outcome = Literal["loaded", "unchanged", "refused", "needs_confirmation", "dry_run"]

#: Exit code of the command for each outcome.
EXIT_CODES: dict[Outcome, int] = {"loaded": 0, "unchanged": 0, "dry_run": 0, "refused": 1, "needs_confirmation": 1}


#: What a form is called where a file has its name.
FORM = "表單"


@dataclass(frozen=True)
class Impact:
    """What a change does to one indicator over the year to date of the newest month it touches."""

    indicator: str
    window: Window
    before: scorecard.Figure
    after: scorecard.Figure

    def as_json(self) -> dict[str, Any]:
        """The contract's form."""
        return {
            "indicator": self.indicator,
            "from": scorecard.number(self.before.value),
            "to": scorecard.number(self.after.value),
            "verdict_from": self.before.verdict,
            "verdict_to": self.after.verdict,
        }


@dataclass
class LoadResult:
    """The answer to one file: what was understood, what was found, what changed or would change."""

    file: str
    sha256: str
    outcome: Outcome
    type: str | None = None
    encoding: str | None = None
    dataset: str | None = None
    batch: int | None = None
    months: list[date] = field(default_factory=list)
    sites: list[str] = field(default_factory=list)
    read: int = 0
    loaded: int = 0
    held: int = 0
    ignored: dict[str, int] = field(default_factory=dict)
    findings: list[Finding] = field(default_factory=list)
    impact: list[Impact] = field(default_factory=list)
    generation: int = 0

    def as_json(self) -> dict[str, Any]:
        """The contract's form."""
        return {
            "file": self.file,
            "sha256": self.sha256,
            "type": self.type,
            "encoding": self.encoding,
            "dataset": self.dataset,
            "outcome": self.outcome,
            "batch": self.batch,
            "months": [month.strftime("%Y-%m") for month in self.months],
            "sites": self.sites,
            "rows": {"read": self.read, "loaded": self.loaded, "held": self.held, "ignored": self.ignored},
            "findings": [finding.as_json() for finding in self.findings],
            "impact": [impact.as_json() for impact in self.impact],
        }


@dataclass(frozen=True)
class Request:
    """How a file is to be taken. accept: codes of questions answered yes, or `all`; hold: leave faulty rows out, with a reason;
    expected: hash and generation of the preview this confirms; form: one row keyed into a form, which is added to its slot (see `form`);
    release: the batch whose held rows the file brings mended: they are added to what it loaded;
    replay, today: when and by which version it was first taken, and the day that counted as today (rebuilding only)."""

    by: str
    dataset: str | None = None
    year: int | None = None
    accept: frozenset[str] = frozenset()
    hold: bool = False
    reason: str | None = None
    dry_run: bool = False
    is_sample: bool = False
    expected: tuple[str, int] | None = None
    form: bool = False
    release: int | None = None
    replay: ledger.Stamp | None = None
    today: date | None = None

    @property
    def kind(self) -> Literal["load", "form", "release"]:
        """What the entry of the ledger is; all but a load are added to their slots and replace nothing."""
        return "form" if self.form else "load" if self.release is None else "release"


@dataclass(frozen=True)
class UndoResult:
    """An undo: its own id, what it took back, and what changed."""

    id: int
    undone: int
    impact: list[Impact]

    def as_json(self) -> dict[str, Any]:
        """The contract's form."""
        return {"id": self.id, "undone": self.undone, "impact": [impact.as_json() for impact in self.impact]}


def open_warehouse(folder: Path, *, read_only: bool = False) -> Warehouse:
    """Open the store and bring it to order after a crash or a new version: a restore half done, receipts unwritten, copies without a name,
    changed definitions."""
    warehouse = Warehouse.open(folder, read_only=read_only)
    if not read_only:
        try:
            if exchange.is_sealed(folder):
                with warehouse.set_aside():
                    exchange.finish(folder)
            bring_to_order(warehouse)
        except BaseException:
            warehouse.close()
            raise
    return warehouse


def bring_to_order(warehouse: Warehouse) -> None:
    """What is done whenever a database file is opened: figures by today's definitions, receipts, and what was never finished removed."""
    with warehouse.reading() as cursor:
        stale = recompute.definitions_in_use(cursor) != recompute.structure_hash()
        newest = ledger.last_id(cursor)
    if stale and newest:
        with warehouse.writing(None) as cursor:
            recompute.refresh_all(cursor, newest)
    with warehouse.reading() as cursor:
        ledger.write_receipts(warehouse.folder, cursor)
        journal.write(warehouse.folder, cursor)
    for unfinished in (warehouse.folder / "files").glob(".*"):
        unfinished.unlink(missing_ok=True)
    for unfinished in (*warehouse.folder.glob(".backup-*"), exchange.staged(warehouse.folder)):
        shutil.rmtree(unfinished, ignore_errors=True)


def load_file(warehouse: Warehouse, source: Source, request: Request, *, progress: Callable[[str], None] = lambda _: None) -> LoadResult:
    """Take one file in, or say why not. Refused and unanswered files leave the warehouse exactly as it was.

    Raises `UsageError` for a hold without a reason, an unknown dataset or a batch that holds nothing to release, `Unavailable` where the store cannot be written.
    """
    if request.hold and not (request.reason or "").strip():
        raise UsageError("暫存待改正的列（--hold-bad-rows）須以 --reason 說明理由")
    if request.release is not None:
        request = _told_by_batch(warehouse, request, request.release)
    result = LoadResult(source.name, "", "refused")
    try:
        if request.kind == "load" and _same_size_is_known(warehouse, source):
            with warehouse.reading() as cursor:
                known = _told_alike(ledger.live_from_file(cursor, source.sha256), source, request)
            if known:
                result.sha256 = source.sha256
                _tell_unchanged(result, known)
                return result
        try:
            return _take(warehouse, source, request, result, progress, strict=False)
        except NotPlain:
            return _take(warehouse, source, request, result, progress, strict=True)
    except Refused as refusal:  # also a commit that was lost to another: whatever was answered so far no longer holds
        return LoadResult(source.name, source.sha256, "refused", result.type, result.encoding, result.dataset, findings=refusal.findings)


def undo(warehouse: Warehouse, entry_id: int, *, by: str, reason: str, replay: ledger.Stamp | None = None) -> UndoResult:
    """Take an entry back: the slots it covered show again what they showed before it. Taking back an undo reinstates.

    The undo is an entry of its own. Raises `UsageError` for an unknown or already undone id, or without a reason.
    """
    if not reason.strip():
        raise UsageError("撤回須以 --reason 說明理由")
    with warehouse.reading() as cursor:
        target = ledger.entry(cursor, entry_id)
    with warehouse.writing(target.dataset) as cursor:
        target = ledger.entry(cursor, entry_id)
        if target.undone:
            raise UsageError(f"第{entry_id}號已經撤回，不能再撤回一次")
        flags = list(ledger.taken_back(entry_id, ledger.undo_targets(cursor)))
        covered = ledger.entry(cursor, flags[-1][0])
        completing = [release for release, batch in ledger.releases(cursor).items() if batch == covered.id]
        slots = sorted({slot for batch in (covered.id, *completing) for slot in ledger.slots_of(cursor, batch)})
        months = sorted({month for month, _, _ in slots})
        if locks := _locks(cursor, all_datasets()[covered.dataset], months):
            raise Refused([_closed(locks, "再撤回")])
        window = _impact_window(months)
        before = _figures_of(cursor, covered.dataset, window)
        identity = ledger.next_id(warehouse.folder, cursor)
        for changed_id, gone in flags:
            cursor.execute("update ledger.batch set undone = ? where id = ?", [gone, changed_id])
        _refuse_survey_twice(cursor, covered.dataset)
        _refuse_key_twice(cursor, covered.dataset, slots)
        ledger.append(cursor, _undo_entry(identity, target, by, reason, replay or ledger.Stamp.now()))
        changed = recompute.refresh(cursor, covered.dataset, months, identity)
        impact = _impact(cursor, window, before, changed)
    ledger.settle(warehouse)
    return UndoResult(identity, entry_id, impact)


def rebuild(warehouse: Warehouse, progress: Callable[[str], None] = lambda _: None) -> tuple[list[str], bool]:
    """Make the database again from receipts and kept files, entry by entry under the same ids, and put it in the place of the old one.

    Returns what stood in the way, in words (kept files missing or no longer of their hash; the old database stays then), and whether
    every figure is what it was. A database too damaged to be read through is kept beside the new one.
    """
    aside, database = warehouse.folder / ".rebuild", warehouse.folder / DATABASE
    with warehouse.exclusively():
        before = None
        with suppress(Unavailable), warehouse.reading() as cursor:
            ledger.write_receipts(warehouse.folder, cursor)
            before = recompute.compute(cursor, scorecard.all_indicators().values(), None)
        problems, after = rebuild_aside(warehouse.folder, aside, progress)
        if not problems:
            if before is None:
                shutil.copyfile(database, _damaged_name(database))
            warehouse.replace_with(aside / DATABASE)
    shutil.rmtree(aside, ignore_errors=True)
    return problems, before == after


def rebuild_aside(folder: Path, aside: Path, progress: Callable[[str], None] = lambda _: None) -> tuple[list[str], dict[Any, Any]]:
    """Replay the receipts of `folder` into a new database in `aside`. Returns problems in words, and the figures it ends with."""
    shutil.rmtree(aside, ignore_errors=True)
    fresh = open_warehouse(aside)
    try:
        problems = []
        for number, receipt in enumerate(ledger.receipts(folder), start=1):
            if receipt is None:
                problems.append(ledger.unreadable_receipt(number))
                break
            progress(f"第{receipt['id']}號 {receipt['file_name'] or ledger.KIND_WORDS.get(receipt['kind'], receipt['kind'])}")
            problem = _replay(folder, fresh, receipt)
            if problem:
                problems.append(problem)
                break
        with fresh.writing(None) as cursor:
            journal.replay(folder, cursor)
        with fresh.reading() as cursor:
            return problems, recompute.compute(cursor, scorecard.all_indicators().values(), None)
    finally:
        fresh.checkpoint()
        fresh.close()


# --- one load ---------------------------------------------------------------------------------------------------------------


class _NotCommitted(BaseException):
    """Leaves the transaction without committing it: a preview, a refusal, an unanswered question."""


def _take(
    warehouse: Warehouse, source: Source, request: Request, result: LoadResult, progress: Callable[[str], None], *, strict: bool
) -> LoadResult:
    screening = screen(source, today=request.today or period.taipei_today(), dataset=request.dataset, year=request.year, strict=strict, single=request.kind != "load")
    _note_detection(result, screening)
    dataset = screening.dataset
    keeper = Keeper(source, None if request.dry_run else warehouse.folder)
    try:
        with suppress(_NotCommitted), warehouse.writing(dataset.name) as cursor:
            identity = ledger.next_id(warehouse.folder, cursor)
            result = _decide(cursor, identity, source, request, screening, result, progress, keeper)
        result.sha256 = keeper.sha256()
    finally:
        keeper.abandon()
    if result.outcome == "loaded":
        result.findings += ledger.settle(warehouse, quiet=request.is_sample)
    return result


def _decide(
    cursor: duckdb.DuckDBPyConnection,
    identity: int,
    source: Source,
    request: Request,
    screening: Screening,
    result: LoadResult,
    progress: Callable[[str], None],
    keeper: Keeper,
) -> LoadResult:
    """The load itself, inside the transaction. Returns to commit; whatever is not to be committed leaves by `_NotCommitted`, the answer filled in."""
    dataset = screening.dataset
    result.generation = _generation(cursor, dataset.name) - 1
    if request.expected and request.expected != (keeper.sha256(), result.generation):
        raise Conflict([_stale_preview()])
    live = ledger.live_from_file(cursor, keeper.sha256()) if request.kind == "load" and _same_size_in(cursor, source) else []
    known = _told_alike(live, source, request)
    if known:
        _tell_unchanged(result, known)
        raise _NotCommitted
    first_slot = ledger.next_slot(cursor)
    frames = _wanted(screening, request, progress)
    insert_frames(cursor, f"raw.{dataset.name}", frames, constants={"_batch_id": identity}, raised={"_slot": first_slot})
    _conserve(screening)
    known = next((entry for entry in live if set(ledger.slots_of(cursor, entry.id)) == set(screening.slots)), None)
    if known:
        _tell_unchanged(result, known)
        raise _NotCommitted
    if request.kind != "load":
        screening.findings[:] = [finding for finding in screening.findings if finding.code != "W-PARTIAL"]
    screening.findings += _questions_of_history(cursor, screening, identity, request)
    result.outcome = _outcome(screening, request)
    if result.outcome != "refused":
        keeper.sha256()
        result.impact = _write(cursor, identity, first_slot, source, request, screening)
        screening.findings += _cumulative_questions(cursor, screening)
        result.outcome = _outcome(screening, request)
    _note_counts(result, screening)
    if result.outcome != "loaded":
        raise _NotCommitted
    keeper.keep()
    result.batch = identity
    return result


def _wanted(screening: Screening, request: Request, progress: Callable[[str], None]) -> Iterator[pl.DataFrame]:
    """The frames to write; once the file is bound to be refused it is only read on, for the rest of its findings."""
    for frame in screening.frames():
        if not (screening.refused or (screening.held and not request.hold)):
            yield frame
        progress(f"已讀{screening.read:,}列")


def _write(
    cursor: duckdb.DuckDBPyConnection, identity: int, first_slot: int, source: Source, request: Request, screening: Screening
) -> list[Impact]:
    dataset = screening.dataset
    window = _impact_window(screening.months)
    before = {} if request.is_sample else _figures_of(cursor, dataset.name, window)
    entry = _load_entry(identity, source, request, screening)
    slots = [(first_slot + ordinal, slot, screening.slot_rows[ordinal]) for ordinal, slot in enumerate(screening.slots)]
    answers = [(first_slot + ordinal, name, answer, count) for (ordinal, name, answer), count in sorted(screening.answers.items())]
    ledger.append(cursor, entry, slots, answers)
    changed = recompute.refresh(cursor, dataset.name, screening.months, identity)
    return _impact(cursor, window, before, changed)


def _outcome(screening: Screening, request: Request) -> Outcome:
    if screening.refused or (screening.held and not request.hold):
        return "refused"
    if not screening.written:
        return "refused"
    open_questions = {finding.code for finding in screening.findings if finding.level == "ask"} - request.accept
    if open_questions and "all" not in request.accept:
        return "needs_confirmation"
    return "dry_run" if request.dry_run else "loaded"


def _conserve(screening: Screening) -> None:
    """The conservation law: every row of the file is loaded, held, or ignored by a named rule."""
    accounted = screening.loaded + len(screening.held) + sum(screening.ignored.values())
    if accounted != screening.read or screening.loaded < 0:
        raise AssertionError(f"rows read {screening.read}, accounted for {accounted}")
    if screening.layout is screening.dataset.long and screening.written != screening.loaded:
        raise AssertionError(f"rows written {screening.written}, loaded {screening.loaded}")


def _questions_of_history(cursor: duckdb.DuckDBPyConnection, screening: Screening, identity: int, request: Request) -> list[Finding]:
    """What only the warehouse can tell: months already there, months skipped, the other kind of survey data. A form or a release is added to its slots:
    it replaces nothing, so that its keys must be new there."""
    dataset = screening.dataset
    findings = _excluded(cursor, screening, identity) + _unknown_indicators(cursor, screening, identity)
    findings += _unknown_reports(cursor, screening, identity) + _changes_of_closed(cursor, screening)
    if request.release is not None:
        findings += _not_to_release(cursor, screening, request.release)
    if request.kind != "load":
        return findings + _keys_already_there(cursor, screening, identity)
    live = ledger.live_batches(cursor, dataset.name, screening.slots)
    if live:
        findings.append(history.same_content(cursor, screening, identity) or _replacing(cursor, live))
    gap = _gap(cursor, screening)
    return findings + ([gap] if gap else []) + ([] if screening.refused or screening.held else history.questions(cursor, screening, identity))


def _replacing(cursor: duckdb.DuckDBPyConnection, live: dict[Slot, list[int]]) -> Finding:
    months = "、".join(period.roc_month(month) for month in sorted({month for month, _, _ in live})[:4])
    standing = [ledger.entry(cursor, batch) for batch in sorted({batch for batches in live.values() for batch in batches})]
    entry = next((entry for entry in reversed(standing) if entry.kind == "load"), standing[-1])
    forms = [str(other.id) for other in standing if other.kind == "form" and other is not entry]
    keyed = f"，另有表單登錄{len(forms)}筆（第{'、'.join(forms[:6])}{'…' if len(forms) > 6 else ''}號）" if forms else ""
    mended = [str(other.id) for other in standing if other.kind == "release" and other is not entry]
    keyed += f"，另有補正（第{'、'.join(mended)}號）" if mended else ""
    return Finding.of(
        "W-BIZ-03",
        "ask",
        found=f"{months}已由第{entry.id}號（{entry.file_name or '表單'}，{entry.by_name}）入庫{keyed}，內容不同",
        expected="尚未入庫的月份",
        mend="確認後以這份取代，舊的仍留存並可撤回",
    )


def _keys_already_there(cursor: duckdb.DuckDBPyConnection, screening: Screening, identity: int) -> list[Finding]:
    """A row keyed into a form or mended whose key a live row of its slot has."""
    dataset = screening.dataset
    same = " and ".join(f"other.{name} is not distinct from mine.{name}" for name in dataset.key)
    findings = []
    for month, site, part in screening.slots:
        row = cursor.execute(
            f"""select live_slot.batch_id, other._row, cast(mine.{dataset.key[0]} as varchar) from raw.{dataset.name} as mine
            inner join raw.{dataset.name} as other on {same}
            inner join ledger.live_slot on live_slot.slot = other._slot and live_slot.dataset = ?
            where mine._batch_id = ? and live_slot.month = ? and live_slot.site_code = ? and live_slot.part = ? order by 1, 2 limit 1""",
            [dataset.name, identity, month, site, part],
        ).fetchone()
        if row:
            entry = ledger.entry(cursor, row[0])
            place = f"第{entry.id}號（{entry.file_name}）第{row[1]}列" if entry.file_name else f"第{entry.id}號表單"
            found = f"{period.roc_month(month)}已有相同的一筆，在{place}"
            findings.append(_key_twice(dataset, found, "若同一筆不必再登錄；若不是同一筆，請改正後再送一次"))
    return findings


def _told_by_batch(warehouse: Warehouse, request: Request, batch: int) -> Request:
    """A release is of the dataset, and unless it says otherwise of the year, of the batch whose held rows it brings."""
    with warehouse.reading() as cursor:
        entry = ledger.entry(cursor, batch)
    if entry.kind != "load" or not entry.rows_held:
        raise UsageError(f"第{batch}號沒有暫存待改正的列")
    if request.dataset and dataset_named(request.dataset).name != entry.dataset:
        raise UsageError(f"第{batch}號是「{all_datasets()[entry.dataset].title}」，不能以另一種報表補正")
    return replace(request, dataset=entry.dataset, year=request.year or entry.options.get("year"))


def _not_to_release(cursor: duckdb.DuckDBPyConnection, screening: Screening, batch: int) -> list[Finding]:
    """Mended rows can join only the batch that held them: while it shows, in no month that another file has taken, and no more than it holds."""
    waiting = ledger.held(cursor).get(batch, 0)
    if not waiting:
        undone = ledger.entry(cursor, batch).undone
        found = f"第{batch}號{'已撤回' if undone else '待改正的列已全數補正，或已由後來的檔案取代'}"
        return [Finding.of("E-RELEASE", "file", found=found, expected="還有列待改正的入庫", mend="若要更動已入庫的資料，請把整份檔案改正後重新上傳")]
    findings = []
    if screening.loaded > waiting:
        found = f"有{screening.loaded:,}列，第{batch}號待改正的是{waiting:,}列"
        findings.append(Finding.of("E-RELEASE", "file", found=found, expected="只有暫存待改正的那幾列", mend="請刪去已入庫的列後重新上傳"))
    for slot, batches in ledger.live_batches(cursor, screening.dataset.name, screening.slots).items():
        owner = next((other for other in batches if ledger.entry(cursor, other).kind == "load"), batch)
        if owner != batch:
            found = f"{period.roc_month(slot[0])}現在是第{owner}號的資料，不是第{batch}號"
            findings.append(Finding.of("E-RELEASE", "file", found=found, expected=f"第{batch}號的月份與處所", mend="請把整份檔案改正後重新上傳"))
    return findings


def _refuse_key_twice(cursor: duckdb.DuckDBPyConnection, dataset_name: str, slots: list[Slot]) -> None:
    """An undo may not bring back a row whose key was meanwhile keyed in by form, or mended."""
    dataset = all_datasets()[dataset_name]
    keyed = [slot for slot, batches in ledger.live_batches(cursor, dataset_name, slots).items() if len(batches) > 1]
    keys = ", ".join(f"raw.{name}" for name in dataset.key)
    for month, site, part in keyed:
        row = cursor.execute(
            f"""select min(live_slot.batch_id), max(live_slot.batch_id) from raw.{dataset_name} as raw
            inner join ledger.live_slot on live_slot.slot = raw._slot and live_slot.dataset = ?
            where live_slot.month = ? and live_slot.site_code = ? and live_slot.part = ? group by {keys} having count(*) > 1 order by 2 limit 1""",
            [dataset_name, month, site, part],
        ).fetchone()
        if row:
            found = f"撤回後，{period.roc_month(month)}的第{row[0]}號與第{row[1]}號會有相同的一筆"
            raise Refused([_key_twice(dataset, found, f"請先撤回第{row[1]}號，再撤回這一號")])


def _changes_of_closed(cursor: duckdb.DuckDBPyConnection, screening: Screening) -> list[Finding]:
    """A closed quarter stays as it was closed; slots that the file has just as they are do not count."""
    dataset = screening.dataset
    locks = _locks(cursor, dataset, screening.months)
    if not locks:
        return []
    first = ledger.next_slot(cursor)
    columns = ", ".join(f"raw.{name}" for name in dataset.stored)
    told = f"select {columns} from raw.{dataset.name} as raw where raw._slot = ?"
    there = f"""select {columns} from raw.{dataset.name} as raw inner join ledger.live_slot on live_slot.slot = raw._slot and live_slot.dataset = ?
        where live_slot.month = ? and live_slot.site_code = ? and live_slot.part = ?"""
    touched = {}
    for ordinal, slot in enumerate(screening.slots):
        if slot[0] in locks and slot[0] not in touched:
            mine, theirs = [first + ordinal], [dataset.name, *slot]
            differing = f"({told} except all {there}) union all ({there} except all {told}) limit 1"
            if cursor.execute(differing, [*mine, *theirs, *theirs, *mine]).fetchone():
                touched[slot[0]] = locks[slot[0]]
    return [_closed(touched, "再重新上傳")] if touched else []


def _locks(cursor: duckdb.DuckDBPyConnection, dataset: Dataset, months: Iterable[date]) -> dict[date, ledger.Closing]:
    """Of these months the closed ones. What no figure or target comes from may be written at any time."""
    if dataset.reference and dataset.name != "target" and not scorecard.dependents(dataset.name):
        return {}
    closed = ledger.closed_quarters(cursor)
    return {month: lock for month in months if (lock := ledger.lock_on(closed, month, lasting=dataset.reference))}


def _closed(locks: dict[date, ledger.Closing], then: str) -> Finding:
    months = "、".join(period.roc_month(month) for month in sorted(locks)[:4])
    lock = max(locks.values(), key=lambda closing: closing.quarter)
    when = period.roc_date(lock.at_utc.replace(tzinfo=UTC).astimezone(period.TAIPEI).date())
    return Finding.of(
        "E-BIZ-30",
        "file",
        found=f"會更動{months}，而{lock.quarter.label}已鎖定（{lock.by_name}，{when}；該季報告累計自1月起）",
        expected="未鎖定的期間",
        mend=f"如確須更動，請主管先解除鎖定並填寫理由，{then}",
    )


def _key_twice(dataset: Dataset, found: str, mend: str) -> Finding:
    heading = dataset.column_of(dataset.key[0]).heading
    return Finding.of("E-DUP-KEY", "file", column=heading, found=found, expected="同一月份、同一處所內不重複", mend=mend)


#: Between the names of a list in one cell.
_LIST_MARKS = re.compile("[、,，;；/]")

_OTHER_SURVEY = {"survey_response": "survey_tally", "survey_tally": "survey_response"}


def _excluded(cursor: duckdb.DuckDBPyConnection, screening: Screening, identity: int) -> list[Finding]:
    """Single forms and tallies of the same month and site never stand side by side."""
    other = _OTHER_SURVEY.get(screening.dataset.name)
    if other is None:
        return []
    rows = _surveyed(cursor, other)
    mine = {(month, site) for month, site, _ in _slots_with_answers(cursor, screening, identity)}
    return _survey_twice(rows & mine, other)


def _refuse_survey_twice(cursor: duckdb.DuckDBPyConnection, dataset: str) -> None:
    """An undo may not bring back single forms beside a tally, nor the other way round."""
    other = _OTHER_SURVEY.get(dataset)
    findings = _survey_twice(_surveyed(cursor, dataset) & _surveyed(cursor, other), other) if other else []
    if findings:
        raise Refused(findings)


def _surveyed(cursor: duckdb.DuckDBPyConnection, dataset: str) -> set[tuple[date, str]]:
    """Months and sites with live answers, single or tallied; forms merely counted are none."""
    tallied = """and exists (select 1 from raw.survey_tally as tally
        where tally._batch_id = live_slot.batch_id and tally._slot = live_slot.slot and tally.question <> 9)"""
    only = tallied if dataset == "survey_tally" else ""
    return set(cursor.execute(f"select distinct month, site_code from ledger.live_slot where dataset = ? {only}", [dataset]).fetchall())


def _survey_twice(clash: set[tuple[date, str]], other: str) -> list[Finding]:
    if not clash:
        return []
    month, site = min(clash)
    return [
        Finding.of(
            "E-SURVEY-TWICE",
            "file",
            found=f"{period.roc_month(month)}{scorecard.site_name(site)}已有「{all_datasets()[other].title}」",
            expected="同一月份、同一處所只有逐份或統計其中一種",
            mend="請先撤回另一種，再重新上傳",
        )
    ]


def _unknown_indicators(cursor: duckdb.DuckDBPyConnection, screening: Screening, identity: int) -> list[Finding]:
    """A target, a phase, an explanation or a published figure must name an indicator that there is."""
    if "indicator" not in screening.dataset.stored:
        return []
    rows = cursor.execute(f"select _row, indicator from raw.{screening.dataset.name} where _batch_id = ? order by _row", [identity]).fetchall()
    return [
        Finding.of(
            "E-INDICATOR",
            "file",
            row=row,
            column="指標代碼",
            value=name,
            found=f"沒有「{quote(name)}」這個指標",
            expected="指標代碼，例如 survey_time_within_30",
            mend="請以 indicators 指令或指標頁查代碼，改正後重新上傳",
        )
        for row, name in rows
        if name not in scorecard.all_indicators()
    ]


def _unknown_reports(cursor: duckdb.DuckDBPyConnection, screening: Screening, identity: int) -> list[Finding]:
    """A due date must name a table that there is, and of its parts only such as it has."""
    if screening.dataset.name != "duty":
        return []
    findings = []
    for row, name, parts in cursor.execute("select _row, report, parts from raw.duty where _batch_id = ? order by _row", [identity]).fetchall():
        report = next((dataset for dataset in all_datasets().values() if name in (dataset.name, heading_key(dataset.title))), None)
        if report is None:
            found, expected = f"沒有「{quote(name)}」這種報表", "報表代碼或名稱，例如 survey_response"
            findings.append(Finding.of("E-REPORT", "file", row=row, column="報表", value=name, found=found, expected=expected, mend="請改正後重新上傳"))
            continue
        known = handing_in(report)
        for part in filter(None, _LIST_MARKS.split(parts or "")):
            if part not in known:
                found, expected = f"「{report.title}」沒有「{quote(part)}」", f"「{'」「'.join(known) or '空白'}」"
                findings.append(Finding.of("E-PART", "file", row=row, column="應交單位", value=part, found=found, expected=expected, mend="請改正後重新上傳"))
    return findings


def _slots_with_answers(cursor: duckdb.DuckDBPyConnection, screening: Screening, identity: int) -> Iterable[Slot]:
    if screening.dataset.name == "survey_response":
        return screening.slots
    rows = cursor.execute("select distinct _slot from raw.survey_tally where _batch_id = ? and question <> 9", [identity]).fetchall()
    return [screening.slots[slot - ledger.next_slot(cursor)] for (slot,) in rows]


def _gap(cursor: duckdb.DuckDBPyConnection, screening: Screening) -> Finding | None:
    if not screening.dataset.monthly or not screening.months:
        return None
    first = screening.months[0]
    row = cursor.execute("select max(month) from ledger.live_slot where dataset = ? and month < ?", [screening.dataset.name, first]).fetchone()
    before = row[0] if row else None
    inside = [month for month in period.month_range(first, screening.months[-1]) if month not in screening.months]
    missing = ([] if before is None else period.month_range(period.add_months(before, 1), period.add_months(first, -1))) + inside
    if not missing:
        return None
    words = "、".join(period.roc_month(month) for month in missing[:4])
    return Finding.of("W-GAP", "ask", found=f"還沒有{words}的資料", expected="逐月不缺", mend="可先入庫，缺的月份會標示為缺，不當成0")


def _cumulative_questions(cursor: duckdb.DuckDBPyConnection, screening: Screening) -> list[Finding]:
    """累計 is the year so far in the warehouse, this file included; where it is not, it is asked about."""
    return [finding for check in screening.cumulative if (finding := _cumulative_question(cursor, screening, check))]


def _cumulative_question(cursor: duckdb.DuckDBPyConnection, screening: Screening, check: CumulativeCheck) -> Finding | None:
    last = screening.months[-1]
    kinds = screening.dataset.stored
    conditions = " ".join(f"and {name}{'_no' if name in screening.dataset.choices else ''} = ?" for name in check.constants if name in kinds)
    row = cursor.execute(
        f"select coalesce(sum({check.column}), 0) from live.{screening.dataset.name} where month between ? and ? {conditions}",
        [last.replace(month=1), last, *check.constants.values()],
    ).fetchone()
    computed = Decimal(row[0]) if row else Decimal(0)
    if computed == check.stated:
        return None
    return Finding.of(
        "W-CUMULATIVE",
        "ask",
        row=check.row,
        column=check.heading,
        value=str(check.stated),
        found=f"累計寫{numerals.format_number(check.stated)}，資料庫到{period.roc_month(last)}是{numerals.format_number(computed)}",
        expected="累計等於已入庫的各月加這份檔案",
        mend="請查明是否有月份未交或累計有誤；各月數字無誤可確認入庫",
    )


# --- impact -----------------------------------------------------------------------------------------------------------------


def _impact_window(months: Iterable[date]) -> Window | None:
    newest = max(months, default=None)
    return Window.year_to_date(newest) if newest else None


def _figures_of(cursor: duckdb.DuckDBPyConnection, dataset: str, window: Window | None) -> dict[str, scorecard.Figure]:
    if window is None:
        return {}
    names = {indicator.id for indicator in scorecard.dependents(dataset)}
    if dataset == "target":
        names = set(scorecard.all_indicators())
    return scorecard.figures(cursor, window, only=names)


def _impact(cursor: duckdb.DuckDBPyConnection, window: Window | None, before: dict[str, scorecard.Figure], changed: Collection[str]) -> list[Impact]:
    if window is None:
        return []
    after = scorecard.figures(cursor, window, only=before.keys())
    return [
        Impact(name, window, old, after[name])
        for name, old in before.items()
        if (old.value, old.verdict, old.goal) != (after[name].value, after[name].verdict, after[name].goal)
    ]


# --- entries, files, receipts -----------------------------------------------------------------------------------------------


def _load_entry(identity: int, source: Source, request: Request, screening: Screening) -> Entry:
    questions = sorted({finding.code for finding in screening.findings if finding.level == "ask"})
    stamp = request.replay or ledger.Stamp.now()
    return Entry(
        id=identity,
        kind=request.kind,
        dataset=screening.dataset.name,
        file_name=None if request.form else source.name,
        sha256=source.sha256,
        size=source.size,
        type=screening.sheet.type,
        encoding=screening.sheet.encoding,
        by_name=request.by,
        at_utc=stamp.at_utc,
        rows_read=screening.read,
        rows_loaded=screening.loaded,
        rows_held=len(screening.held),
        ignored=dict(screening.ignored),
        findings=[finding.as_json() for finding in screening.findings[:1000]],
        accepted=questions,
        options={"dataset": request.dataset, "year": request.year, "hold": request.hold, "today": screening.context.today.isoformat()}
        | ({} if request.release is None else {"release": request.release}),
        reason=request.reason,
        undoes=None,
        undone=False,
        is_sample=request.is_sample,
        app_version=stamp.app_version,
    )


def _undo_entry(identity: int, target: Entry, by: str, reason: str, stamp: ledger.Stamp) -> Entry:
    return Entry(
        id=identity, kind="undo", dataset=target.dataset, file_name=target.file_name, sha256=None, size=None, type=None, encoding=None, by_name=by,
        at_utc=stamp.at_utc, rows_read=None, rows_loaded=None, rows_held=None, ignored={}, findings=[], accepted=[], options={}, reason=reason,
        undoes=target.id, undone=False, is_sample=target.is_sample, app_version=stamp.app_version,
    )  # fmt: skip


def _replay(folder: Path, fresh: Warehouse, receipt: dict[str, Any]) -> str | None:
    stamp = ledger.Stamp.of(receipt)
    if receipt["kind"] == "undo":
        undo(fresh, receipt["undoes"], by=receipt["by_name"], reason=receipt["reason"] or "—", replay=stamp)
        return None
    if receipt["kind"] in ("review", "close", "reopen"):
        oversight.replay(fresh, receipt, stamp)
        return None
    path = kept_file(folder, receipt["sha256"] or "")
    if not path.exists():
        return f"第{receipt['id']}號：留存的原始檔不見了（{receipt['file_name'] or FORM}）"
    source = Source(receipt["file_name"] or FORM, path)
    if source.sha256 != receipt["sha256"]:
        return f"第{receipt['id']}號：留存的原始檔內容已變（{receipt['file_name'] or FORM}）"
    options = receipt["options"]
    request = Request(
        by=receipt["by_name"],
        dataset=options.get("dataset"),
        year=options.get("year"),
        accept=frozenset(["all"]),
        hold=bool(options.get("hold")),
        reason=receipt["reason"],
        is_sample=receipt["is_sample"],
        form=receipt["kind"] == "form",
        release=options.get("release"),
        replay=stamp,
        today=stamp.today(options),
    )
    try:
        result = load_file(fresh, source, request)
    except UsageError as error:
        return f"第{receipt['id']}號：{error}（{receipt['file_name'] or FORM}）"
    if result.outcome != "loaded" or result.batch != receipt["id"]:
        return f"第{receipt['id']}號：重建時為「{result.outcome}」（{receipt['file_name'] or FORM}）"
    return None


# --- small things -----------------------------------------------------------------------------------------------------------


def _generation(cursor: duckdb.DuckDBPyConnection, dataset: str) -> int:
    row = cursor.execute("select generation from ledger.claim where dataset = ?", [dataset]).fetchone()
    return int(row[0]) if row else 0


def _same_size_is_known(warehouse: Warehouse, source: Source) -> bool:
    with warehouse.reading() as cursor:
        return _same_size_in(cursor, source)


def _same_size_in(cursor: duckdb.DuckDBPyConnection, source: Source) -> bool:
    """Whether a file of this size was ever loaded: only then its hash is worth knowing before it is read."""
    return bool(query(cursor, "select 1 from ledger.batch where size = ? and kind = 'load' limit 1", [source.size]))


def _told_alike(entries: list[Entry], source: Source, request: Request) -> Entry | None:
    """Of the loads of these very bytes the one under the same name and year: either may say which months a table is of."""
    return next((entry for entry in entries if (entry.file_name, entry.options.get("year")) == (source.name, request.year)), None)


def _tell_unchanged(result: LoadResult, known: Entry) -> None:
    when = period.roc_date(known.at_utc.replace(tzinfo=UTC).astimezone(period.TAIPEI).date())
    finding = Finding.of(
        "BIZ-01", "note", found=f"內容與{when}由{known.by_name}入庫的第{known.id}號相同", expected="新的內容", mend="內容相同，未重複入庫"
    )
    read = known.rows_read or 0
    result.outcome, result.batch, result.findings = "unchanged", known.id, [finding]
    result.type, result.encoding, result.dataset = known.type, known.encoding, known.dataset
    result.read, result.ignored = read, {"unchanged": read}


def _stale_preview() -> Finding:
    return Finding.of("E-STALE", "file", found="檢查之後，檔案或資料庫已有變動", expected="與檢查時相同", mend="本次沒有寫入任何資料，請重新檢查後再確認入庫")


def _note_detection(result: LoadResult, screening: Screening) -> None:
    result.type, result.encoding, result.dataset = screening.sheet.type, screening.sheet.encoding, screening.dataset.name


def _note_counts(result: LoadResult, screening: Screening) -> None:
    result.read, result.held, result.ignored = screening.read, len(screening.held), dict(screening.ignored)
    result.loaded = screening.loaded if result.outcome == "loaded" else (screening.loaded if result.outcome != "refused" else 0)
    if result.outcome == "refused":
        result.held = screening.read - sum(screening.ignored.values())
    result.months = screening.months
    result.sites = sorted({site for _, site, _ in screening.slots})
    result.findings = sorted(screening.findings, key=lambda finding: ({"file": 0, "row": 1, "ask": 2, "note": 3}[finding.level], finding.row or 0))


def rebuild_offline(folder: Path, progress: Callable[[str], None]) -> tuple[dict[str, Any], str, int]:
    """Rebuild where the database cannot even be opened: the damaged file is set aside, never deleted. Returns document, words, exit code."""
    aside = folder / ".rebuild"
    problems, _ = rebuild_aside(folder, aside, progress)
    if problems:
        return {"rebuilt": False, "problems": problems}, "無法完整重建，資料庫維持原狀：\n" + "\n".join(problems), 1
    damaged, log = _damaged_name(folder / DATABASE), folder / f"{DATABASE}.wal"
    if log.exists():
        log.rename(f"{damaged}.wal")
    (folder / DATABASE).rename(damaged)
    (aside / DATABASE).replace(folder / DATABASE)
    shutil.rmtree(aside, ignore_errors=True)
    return {"rebuilt": True, "problems": [], "figures_equal": None, "damaged": damaged.name}, f"已由留存的原始檔重建；損壞的檔案留為「{damaged.name}」", 0


def _damaged_name(database: Path) -> Path:
    return database.with_name(f"{database.name}.damaged-{ledger.Stamp.now().at_utc:%Y%m%d%H%M%S}")
