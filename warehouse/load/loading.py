"""The load itself: one file, one transaction, committed whole or not at all."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import suppress
from dataclasses import dataclass

import duckdb
import polars as pl

from warehouse import ledger, period, recompute
from warehouse.errors import Conflict, Finding, Refused, UsageError
from warehouse.intake import NotPlain, Source
from warehouse.keep import Keeper
from warehouse.ledger import Entry
from warehouse.load.additions import told_by_batch
from warehouse.load.impact import Before, Impact
from warehouse.load.questions import cumulative_questions, questions
from warehouse.load.results import LoadResult, Outcome, Request
from warehouse.load.staged import Staged
from warehouse.screen import Screening, screen
from warehouse.store import Warehouse, insert_frames, query

Progress = Callable[[str], None]

#: How many findings the ledger keeps of a load.
_FINDINGS_KEPT = 1000


def load_file(warehouse: Warehouse, source: Source, request: Request, *, progress: Progress = lambda _: None) -> LoadResult:
    """Take one file in, or say why not. Refused and unanswered files leave the warehouse exactly as it was.

    Raises `UsageError` for a hold without a reason, an unknown dataset or a batch that holds nothing to release, `Unavailable` where the store cannot be written.
    """
    if request.hold and not (request.reason or "").strip():
        raise UsageError("暫存待改正的列（--hold-bad-rows）須以 --reason 說明理由")
    if request.release is not None:
        with warehouse.reading() as cursor:
            request = told_by_batch(cursor, request, request.release)
    result = LoadResult(source.name, "", "refused")
    if known := _known(warehouse, source, request):
        result.sha256 = source.sha256
        result.tell_unchanged(known)
        return result
    try:
        try:
            return _take(warehouse, source, request, result, progress, strict=False)
        except NotPlain:
            return _take(warehouse, source, request, result, progress, strict=True)
    except Refused as refusal:  # also a commit that was lost to another: whatever was answered so far no longer holds
        return LoadResult(source.name, source.sha256, "refused", result.type, result.encoding, result.dataset, findings=refusal.findings)


def _known(warehouse: Warehouse, source: Source, request: Request) -> Entry | None:
    """The load by which this very file, under the same name and year, is what the warehouse shows: then it need not be read again."""
    if request.kind != "load":
        return None
    with warehouse.reading() as cursor:
        return _told_alike(_live_from(cursor, source, lambda: source.sha256), source, request)


def _live_from(cursor: duckdb.DuckDBPyConnection, source: Source, sha256: Callable[[], str]) -> list[Entry]:
    """Loads of this very file that still show whole. Its hash is worth knowing only where a file of its size was ever loaded."""
    same_size = query(cursor, "select 1 from ledger.batch where size = ? and kind = 'load' limit 1", [source.size])
    return ledger.live_from_file(cursor, sha256()) if same_size else []


def _told_alike(entries: list[Entry], source: Source, request: Request) -> Entry | None:
    """Of the loads of these very bytes the one under the same name and year: either may say which months a table is of."""
    return next((entry for entry in entries if (entry.file_name, entry.options.get("year")) == (source.name, request.year)), None)


def _take(warehouse: Warehouse, source: Source, request: Request, result: LoadResult, progress: Progress, *, strict: bool) -> LoadResult:
    today = request.today or period.taipei_today()
    screening = screen(source, today=today, dataset=request.dataset, year=request.year, strict=strict, single=request.kind != "load")
    result.tell_detection(screening)
    keeper = Keeper(source, None if request.dry_run else warehouse.folder)
    try:
        with suppress(_NotCommitted), warehouse.writing(screening.dataset.name) as cursor:
            identity = ledger.next_id(warehouse.folder, cursor)
            _Load(cursor, identity, source, request, screening, keeper, result).decide(progress)
        result.sha256 = keeper.sha256()
    finally:
        keeper.abandon()
    if result.outcome == "loaded":
        result.findings += ledger.settle(warehouse, quiet=request.is_sample)
    return result


class _NotCommitted(BaseException):
    """Leaves the transaction without committing it: a preview, a refusal, an unanswered question."""


@dataclass
class _Load:
    """One file within the transaction of its load; the answer is filled in as it becomes known."""

    cursor: duckdb.DuckDBPyConnection
    identity: int
    source: Source
    request: Request
    screening: Screening
    keeper: Keeper
    result: LoadResult

    def decide(self, progress: Progress) -> None:
        """Returns to commit; whatever is not to be committed leaves by `_NotCommitted`."""
        self._refuse_if_stale()
        live = _live_from(self.cursor, self.source, self.keeper.sha256) if self.request.kind == "load" else []
        self._leave_if(_told_alike(live, self.source, self.request))
        staged = self._stage(progress)
        self._leave_if(next((entry for entry in live if set(ledger.slots_of(self.cursor, entry.id)) == set(self.screening.slots)), None))
        self._ask(staged)
        self.result.tell_rows(self.screening)
        if self.result.outcome != "loaded":
            raise _NotCommitted
        self.keeper.keep()
        self.result.batch = self.identity

    def _refuse_if_stale(self) -> None:
        """A preview holds only as long as file and dataset are as they were."""
        ((generation,),) = self.cursor.execute("select generation from ledger.claim where dataset = ?", [self.screening.dataset.name]).fetchall()
        self.result.generation = generation - 1
        if self.request.expected and self.request.expected != (self.keeper.sha256(), self.result.generation):
            found, mend = "檢查之後，檔案或資料庫已有變動", "本次沒有寫入任何資料，請重新檢查後再確認入庫"
            raise Conflict([Finding.of("E-STALE", "file", found=found, expected="與檢查時相同", mend=mend)])

    def _leave_if(self, known: Entry | None) -> None:
        """The file is there already: nothing is written."""
        if known:
            self.result.tell_unchanged(known)
            raise _NotCommitted

    def _stage(self, progress: Progress) -> Staged:
        """Read the file and write its rows under the id of the entry to be."""
        staged = Staged(self.cursor, self.screening, self.identity, ledger.next_slot(self.cursor))
        constants, raised = {"_batch_id": self.identity}, {"_slot": staged.first_slot}
        insert_frames(self.cursor, f"raw.{staged.dataset.name}", self._wanted(progress), constants=constants, raised=raised)
        _conserve(self.screening)
        return staged

    def _wanted(self, progress: Progress) -> Iterator[pl.DataFrame]:
        """The frames to write; once the file is bound to be refused it is only read on, for the rest of its findings."""
        for frame in self.screening.frames():
            if not self._is_refused():
                yield frame
            progress(f"已讀{self.screening.read:,}列")

    def _ask(self, staged: Staged) -> None:
        """Put every question; those about the figures need the entry to be there, and the transaction to be taken back if one stays open."""
        if self.request.kind != "load":
            self.screening.findings[:] = [finding for finding in self.screening.findings if finding.code != "W-PARTIAL"]
        self.screening.findings += questions(staged, self.request)
        self.result.outcome = self._outcome()
        if self.result.outcome != "refused":
            self.keeper.sha256()
            self.result.impact = self._write(staged)
            self.screening.findings += cumulative_questions(staged)
            self.result.outcome = self._outcome()

    def _write(self, staged: Staged) -> list[Impact]:
        screening, first = self.screening, staged.first_slot
        before = Before() if self.request.is_sample else Before.of(self.cursor, staged.dataset.name, screening.months)
        slots = [(first + ordinal, slot, screening.slot_rows[ordinal]) for ordinal, slot in enumerate(screening.slots)]
        answers = [(first + ordinal, name, answer, count) for (ordinal, name, answer), count in sorted(screening.answers.items())]
        ledger.append(self.cursor, self._entry(), slots, answers)
        recompute.refresh(self.cursor, staged.dataset.name, screening.months, self.identity)
        return before.impact(self.cursor)

    def _is_refused(self) -> bool:
        return self.screening.refused or bool(self.screening.held and not self.request.hold)

    def _outcome(self) -> Outcome:
        if self._is_refused() or not self.screening.written:
            return "refused"
        open_questions = {finding.code for finding in self.screening.findings if finding.level == "ask"} - self.request.accept
        if open_questions and "all" not in self.request.accept:
            return "needs_confirmation"
        return "dry_run" if self.request.dry_run else "loaded"

    def _entry(self) -> Entry:
        source, request, screening = self.source, self.request, self.screening
        stamp = request.replay or ledger.Stamp.now()
        options = {"dataset": request.dataset, "year": request.year, "hold": request.hold, "today": screening.context.today.isoformat()}
        return Entry(
            id=self.identity,
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
            findings=[finding.as_json() for finding in screening.findings[:_FINDINGS_KEPT]],
            accepted=sorted({finding.code for finding in screening.findings if finding.level == "ask"}),
            options=options if request.release is None else options | {"release": request.release},
            reason=request.reason,
            undoes=None,
            undone=False,
            is_sample=request.is_sample,
            app_version=stamp.app_version,
        )


def _conserve(screening: Screening) -> None:
    """The conservation law: every row of the file is loaded, held, or ignored by a named rule."""
    accounted = screening.loaded + len(screening.held) + sum(screening.ignored.values())
    if accounted != screening.read or screening.loaded < 0:
        raise AssertionError(f"rows read {screening.read}, accounted for {accounted}")
    if screening.layout is screening.dataset.long and screening.written != screening.loaded:
        raise AssertionError(f"rows written {screening.written}, loaded {screening.loaded}")
