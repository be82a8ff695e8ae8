"""What the pages know: with the other `_data…` files of the topics, the only one in pages/ that asks the warehouse.

A run is pinned to one data version at its start. Figures come from a snapshot of that version, read once in one transaction and kept; answers
that need more are read in a transaction that sees that very version. Where the data have moved on in between, the run starts again: a screen
never mixes two versions.
"""

from __future__ import annotations

import getpass
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, replace
from datetime import UTC, date, datetime
from functools import cache, partial
from typing import Any, TypeVar

import streamlit as st

from warehouse import clock, ledger, load, period, scorecard, signals
from warehouse.anonymity import Few, guarded
from warehouse.commands import failure
from warehouse.coverage import Coverage, Lacking
from warehouse.datasets import all_datasets, sites
from warehouse.duty import Overdue, overdue
from warehouse.errors import Finding
from warehouse.indicators import Indicator, all_indicators, award_headings
from warehouse.inspect import template_bytes
from warehouse.intake import Source
from warehouse.load import LoadResult, Request, UndoResult
from warehouse.period import Window
from warehouse.scorecard import Figure, Snapshot
from warehouse.signals import Comparison
from warehouse.store import Warehouse
from warehouse.web import say, state
from warehouse.web.jobs import Desk, Steps

Answer = TypeVar("Answer")

#: How many months a line runs back from the end of the window.
TRAIL = 12

#: Rows that the browser takes in one file; the command line has no limit.
ROW_LIMIT = 200_000


@dataclass(frozen=True)
class Frame:
    """What every page needs: the data version, the months there are, whether any of it is the sample, the day that counts as today."""

    version: int
    first: date | None
    newest: date | None
    is_sample: bool
    today: date


@dataclass(frozen=True)
class Choice:
    """The period and the site chosen; window is None in an empty warehouse. address: what of it stands in links."""

    window: Window | None
    site: str
    address: tuple[tuple[str, str], ...] = ()
    crossed: bool = False


@dataclass(frozen=True)
class Dated:
    """A figure with its neighbours: the same a year before, its data day, the months its tables lack wholly or in part, and of a sample the
    comparison with the year before. late: months after the window that its tables owe past their last day; unsent: its tables that were never
    sent; alone: the one site or body that has ever sent them; running: the last month of the window, where it is not over."""

    figure: Figure
    before: Figure | None
    until: date | None
    lacking: tuple[date, ...]
    partial: tuple[Lacking, ...] = ()
    against: Comparison | None = None
    late: tuple[date, ...] = ()
    unsent: tuple[str, ...] = ()
    alone: str | None = None
    running: date | None = None


@dataclass(frozen=True)
class Missing:
    """Months that a table lacks; senders: who has not sent it while others have, empty where nobody has; late: whether its last day is past."""

    dataset: str
    months: tuple[date, ...]
    senders: tuple[str, ...] = ()
    late: bool = False


@dataclass(frozen=True)
class FileRows:
    """A file behind a figure, and which of its rows count, in runs. dataset: its name."""

    entry: int
    dataset: str
    file: str
    sha256: str
    by: str
    at: datetime
    used: int
    rows: tuple[str, ...]
    left_out: dict[str, int]


@dataclass(frozen=True)
class Basis:
    """計算依據 of a figure. withheld: the (site, month) of its steps at which too few people answered, and those that would give one away."""

    figure: Figure
    steps: tuple[scorecard.Step, ...]
    parts: tuple[Figure, ...]
    files: tuple[FileRows, ...]
    withheld: frozenset[tuple[str, date]] = frozenset()


# --- one version a run --------------------------------------------------------------------------------------------------


def begin() -> Frame:
    """Pin this run to the data as they stand now. The shell calls it first."""
    warehouse = state.current()
    st.session_state["data_version"] = warehouse.data_version()
    return frame()


def frame() -> Frame:
    """What the run was pinned to."""
    return ask(_frame, period.taipei_today())


def has_moved() -> bool:
    """Whether data newer than this screen's have come in."""
    return state.current().data_version() != st.session_state.get("data_version")


def ask(reader: Callable[..., Answer], *question: Any) -> Answer:
    """A cached answer of the pinned version; a run that the data have overtaken starts again."""
    try:
        return reader(str(state.current().folder), st.session_state["data_version"], *question)
    except _Overtaken:
        st.rerun()


class _Overtaken(Exception):
    """The data changed between the start of the run and this question."""


def read(version: int, question: Callable[[Any], Answer]) -> Answer:
    """The answer to a question put to a cursor that sees the pinned version and no other."""
    with state.current().reading() as cursor:
        if scorecard.version_now(cursor) != version:
            raise _Overtaken
        return question(cursor)


@st.cache_resource(show_spinner=False, max_entries=4)
def snapshot_of(folder: str, version: int) -> Snapshot:
    """All that figures are made of at a data version."""
    return read(version, Snapshot.of)


@st.cache_data(show_spinner=False, max_entries=16)
def _frame(folder: str, version: int, machine_day: date) -> Frame:
    months = [month for month, _, _ in _counted(snapshot_of(folder, version).slots)]
    is_sample, today = read(version, lambda cursor: (ledger.holds_sample(cursor), clock.today(cursor, machine_day)))
    return Frame(version, min(months, default=None), max(months, default=None), is_sample, today)


def _counted(slots: Iterable[tuple[Any, ...]]) -> list[tuple[date, str, str]]:
    """(month, dataset, site) of live slots of tables that count something."""
    datasets = all_datasets()
    return [(month, name, site) for name, month, site, *_ in slots if not datasets[name].reference]


# --- how far the tables reach -----------------------------------------------------------------------------------------


def months_owed(snapshot: Snapshot, window: Window, today: date) -> tuple[date, ...]:
    """The months of which tables are owed by a day: of the window, no more than the last twelve and none before the first that anything was sent of; and
    where the window reaches the newest data, those after it that are over, no more than twelve."""
    first = min((month for name, month, *_ in snapshot.slots if all_datasets()[name].monthly), default=window.start)
    inside = [month for month in trail(window).months[-TRAIL:] if month >= first] or [window.end]
    if window.end != snapshot.newest_month:
        return tuple(inside)
    after = period.month_range(window.end, period.add_months(today.replace(day=1), -1))[1:] if today > window.last_day else []
    return (*inside, *after[:TRAIL])


class Reach:
    """How far the tables reach in a window, what they lack, and what of it must not be told. today: the day by which something is late."""

    def __init__(self, snapshot: Snapshot, window: Window, site: str, today: date) -> None:
        self.snapshot, self.window, self.site, self.today = snapshot, window, site, today
        self.running = window.end if today <= window.last_day else None
        self.coverage, self.few = Coverage.of(snapshot, site), Few(snapshot)
        asked = [item for item in overdue(snapshot, months_owed(snapshot, window, today), today) if self._concerns(item)]
        self.late: dict[str, list[Overdue]] = {item.dataset: [each for each in asked if each.dataset == item.dataset] for item in asked}
        self._lacks = cache(lambda name: self.coverage.lacking(name, window))

    def _concerns(self, item: Overdue) -> bool:
        """Whether what is late is of the site that is looked at."""
        of_sites = all_datasets()[item.dataset].site_column is not None
        return self.site == scorecard.ALL_SITES or not of_sites or not item.senders or self.site in item.senders

    def missing(self) -> tuple[tuple[Missing, ...], int]:
        """What the monthly tables lack in the window or are late with after it, what is late first; and how many of them were never sent."""
        found, unsent = [], 0
        for name, dataset in all_datasets().items():
            if dataset.reference:
                continue
            late = {item.month: item.senders for item in self.late.get(name, ())}
            found += self._grouped(name, late.items(), late=True)
            if not dataset.monthly or self.coverage.stood_in_for(name):
                continue
            lacking = [(each.month, each.senders) for each in self._lacks(name) if each.month not in late]
            found += self._grouped(name, lacking, late=False)
            unsent += not self.coverage.months(name)
        return tuple(sorted(found, key=lambda item: not item.late)), unsent

    @staticmethod
    def _grouped(name: str, lacking: Iterable[tuple[date, tuple[str, ...]]], *, late: bool) -> list[Missing]:
        """One for the months of which nobody has sent anything, and one for each group of senders."""
        groups: dict[tuple[str, ...], list[date]] = {}
        for month, senders in sorted(lacking, key=lambda item: (bool(item[1]), item[0])):
            groups.setdefault(senders, []).append(month)
        return [Missing(name, tuple(months), senders, late) for senders, months in groups.items()]

    def dated(self, figure: Figure, before: Figure | None) -> Dated:
        """The figure with its data day and what it lacks; withheld where few people are behind it."""
        figure, before = self.few.figure(figure), before and self.few.figure(before)
        sources = sources_of(figure.indicator)
        reached = [month for name in sources for month in self.coverage.months(name) if month <= self.window.end]
        newest = max((*figure.months, *reached), default=None) if figure.value is not None else None
        lacking, partial = self._lacking(figure)
        return Dated(
            self._judged(figure, bool(lacking or partial or self.running)),
            before,
            min(Window(newest, newest).last_day, self.today) if newest else None,
            lacking,
            partial,
            self._against(figure, before),
            tuple(sorted({item.month for name in sources for item in self.late.get(name, ()) if item.month > self.window.end})),
            tuple(name for name in sources if not self.coverage.months(name) and not all_datasets()[name].reference),
            self._alone(sources),
            self.running if newest == self.running else None,
        )

    def _lacking(self, figure: Figure) -> tuple[tuple[date, ...], tuple[Lacking, ...]]:
        """The months of the window of which its tables are not in at all, and those of which some senders' parts are not."""
        sources = sources_of(figure.indicator)
        monthly = [name for name in sources if all_datasets()[name].monthly]
        covered = set().union(*(self.coverage.months(name) for name in monthly))
        lacking = tuple(month for month in self.window.months if month not in covered) if covered and len(monthly) == len(sources) else ()
        partial = tuple(
            each
            for name in monthly
            for each in self._lacks(name)
            if each.senders and (all_datasets()[name].site_column or each.month not in figure.months)
        )
        return lacking, tuple(dict.fromkeys(partial))

    def _judged(self, figure: Figure, unfinished: bool) -> Figure:
        """A count that lacks months is not said to miss what the months could still bring, nor to keep within what they could still exceed."""
        open_side = {"increase": "misses", "decrease": "meets"}.get(figure.indicator.direction)
        counted = figure.indicator.kind == "additive" and figure.indicator.denominator is None and figure.verdict in ("met", "not_met")
        return replace(figure, verdict="cannot_tell") if counted and unfinished and figure.comparison == open_side else figure

    def _alone(self, sources: Iterable[str]) -> str | None:
        """Who alone has ever sent the tables by site, where all sites are asked for."""
        by_site = [name for name in sources if all_datasets()[name].site_column and all_datasets()[name].monthly]
        return next(filter(None, map(self.coverage.only_sender, by_site)), None) if self.site == scorecard.ALL_SITES else None

    def _against(self, figure: Figure, before: Figure | None) -> Comparison | None:
        """The difference of two samples."""
        if figure.indicator.interval == "none" or before is None or before.exact is None or figure.exact is None:
            return None
        return signals.comparison(self.snapshot, figure.indicator.id, figure.window, before.window, site=self.site)


def sources_of(indicator: Indicator) -> tuple[str, ...]:
    """The tables that an indicator, or what it is made of, is counted from."""
    parts = (*indicator.sum, *filter(None, [indicator.grade]))
    return indicator.source or tuple(sorted({name for part in parts for name in sources_of(all_indicators()[part])}))


def over(window: Window, today: date) -> Window:
    """The window without its last month where that is not over, so that a part of a month is not held against whole ones; as it is where it is no longer."""
    return window if today > window.last_day or window.start == window.end else Window(window.start, period.add_months(window.end, -1))


def trail(window: Window, months: int = TRAIL) -> Window:
    """So many months back from the end of a window, or to its start where that is longer."""
    return signals.look_back(window, months)


# --- one indicator ------------------------------------------------------------------------------------------------------


def basis(name: str, choice: Choice) -> Basis:
    """計算依據 of one indicator. Its cost grows with the rows behind the figure, so it is asked for only when looked at."""
    return ask(_basis, name, choice.window, choice.site)


@st.cache_data(show_spinner=False, max_entries=64)
def _basis(folder: str, version: int, name: str, window: Window, site: str) -> Basis:
    def question(cursor: Any) -> Basis:
        found = scorecard.trace(cursor, name, window, site=site)
        few = Few(snapshot_of(folder, version))
        gone = few.cells(window) if guarded(found.figure.indicator) else frozenset()
        return Basis(few.figure(found.figure), tuple(found.steps), tuple(found.parts), tuple(map(_file_rows, found.origins)), gone)

    return read(version, question)


def _file_rows(origin: scorecard.Origin) -> FileRows:
    entry = origin.entry
    return FileRows(
        entry.id,
        entry.dataset,
        entry.file_name or "",
        entry.sha256 or "",
        entry.by_name,
        entry.at_utc,
        origin.used,
        tuple(origin.rows_used.split(scorecard.ROWS_APART)),
        origin.left_out,
    )


def indicator_options() -> dict[str, str]:
    """Every indicator's id with the heading of the report under which it stands."""
    return {name: heading_of(block) for name, block in all_indicators().items()}


def heading_of(indicator: Indicator) -> str:
    """The nearest heading of the award's tree above an indicator, as 「壹一(一)2 申辦案件流程簡化情形」; empty for the period itself."""
    codes = _codes_above(indicator)
    return f"{say.section(codes[-1])} {say.heading(codes[-1])}" if codes else ""


def headings_above(indicator: Indicator) -> list[str]:
    """All headings above an indicator, from the top."""
    return [say.heading(code) for code in _codes_above(indicator)]


def _codes_above(indicator: Indicator) -> list[str]:
    return sorted((code for code in award_headings() if indicator.section and indicator.section.startswith(code)), key=len)


# --- figures of a topic -------------------------------------------------------------------------------------------------


def pinned() -> Snapshot:
    """All that the figures of this run's version are made of."""
    return ask(snapshot_of)


def dated(names: Iterable[str], choice: Choice) -> dict[str, Dated]:
    """Some indicators over the window, each with its neighbours, in the order asked for."""
    return ask(_dated, tuple(names), choice.window, choice.site, frame().today)


@st.cache_data(show_spinner=False, max_entries=128)
def _dated(folder: str, version: int, names: tuple[str, ...], window: Window, site: str, today: date) -> dict[str, Dated]:
    snapshot = snapshot_of(folder, version)
    reach = Reach(snapshot, window, site, today)
    now = snapshot.figures(window, site=site, only=names)
    before = snapshot.figures(window.previous_year(), site=site, only=names)
    return {name: reach.dated(now[name], before[name]) for name in names}


def months(names: Iterable[str], choice: Choice) -> dict[str, list[Figure]]:
    """Some indicators month by month, `TRAIL` months back from the end of the window or to its start where that is longer; from the first month
    that any of them has."""
    return ask(_months, tuple(names), choice.window, choice.site)


@st.cache_data(show_spinner=False, max_entries=128)
def _months(folder: str, version: int, names: tuple[str, ...], window: Window, site: str) -> dict[str, list[Figure]]:
    found = snapshot_of(folder, version).monthly(names, trail(window), site=site)
    known = [at for figures in found.values() for at, figure in enumerate(figures) if figure.value is not None]
    return {name: figures[min(known, default=0) :] for name, figures in found.items()}


def tables_in(names: Iterable[str], choice: Choice) -> set[str]:
    """Those of the tables that have rows in the window, or at any time before its end where they tell what stands."""
    return ask(_tables_in, tuple(names), choice.window)


@st.cache_data(show_spinner=False, max_entries=64)
def _tables_in(folder: str, version: int, names: tuple[str, ...], window: Window) -> set[str]:
    datasets = all_datasets()
    return {
        name
        for name, month, *_ in snapshot_of(folder, version).slots
        if name in names and month <= window.end and (datasets[name].reference or month >= window.start)
    }


def waiting(figure: Figure) -> int:
    """Rows held back from the batches behind a figure, that wait to be mended."""
    held = ask(_held)
    return sum(held.get(batch, 0) for batch in figure.batches)


@st.cache_data(show_spinner=False, max_entries=16)
def _held(folder: str, version: int) -> dict[int, int]:
    return read(version, ledger.held)


# --- datasets -----------------------------------------------------------------------------------------------------------


def dataset_title(name: str) -> str:
    """A dataset's name on screen, in the language of the visit."""
    return say.dataset(name)


def dataset_titles() -> dict[str, str]:
    """Every dataset's name on screen, by its name."""
    return {name: say.dataset(name) for name in all_datasets()}


def template_columns(name: str) -> list[str]:
    """The headings of a dataset's template."""
    return all_datasets()[name].long.known_names()


@st.cache_data(show_spinner=False, max_entries=64)
def template(name: str) -> bytes:
    """The empty file of a dataset."""
    return template_bytes(name)


# --- upload -------------------------------------------------------------------------------------------------------------


@dataclass(frozen=True)
class Upload:
    """A file as the visitor gave it, and how it is to be read."""

    name: str
    content: bytes
    by: str
    dataset: str | None = None
    year: int | None = None
    hold: bool = False
    reason: str | None = None
    release: int | None = None

    @property
    def key(self) -> tuple[Any, ...]:
        """What makes a check of it stale when it changes."""
        return (self.name, Source(self.name, self.content).sha256, self.dataset, self.year, self.hold, self.reason, self.release)

    @property
    def too_many(self) -> int | None:
        """Its rows where they are more than the browser may send."""
        rows = self.content.count(b"\n")
        return rows if rows > ROW_LIMIT else None


def check(upload: Upload) -> LoadResult:
    """What the file would do: nothing is written."""
    source, request = _request(upload, dry_run=True)
    return in_thread(("check", upload.key), lambda warehouse: load.load_file(warehouse, source, request))


def commit(upload: Upload, checked: LoadResult, accepted: frozenset[str]) -> LoadResult:
    """Load the file that was checked, in a thread that no click can end. A second click waits for the first one's answer."""
    source, request = _request(upload, accept=accepted, expected=(checked.sha256, checked.generation))
    return in_thread(("commit", upload.key), lambda warehouse: load.load_file(warehouse, source, request))


def check_all(uploads: Sequence[Upload]) -> Steps:
    """What each of several files would do by itself, one after another, in a thread that no click can end."""
    warehouse = state.current()
    return Steps([partial(_answered, warehouse, *_request(upload, dry_run=True)) for upload in uploads])


def commit_all(uploads: Sequence[Upload], checked: Sequence[LoadResult], accepted: Sequence[frozenset[str]]) -> Steps:
    """Load several files that were checked together. Each must find the data as they were checked, but for what those before it have changed."""
    warehouse = state.current()
    generations: dict[str | None, int] = {}

    def one(upload: Upload, seen: LoadResult, answers: frozenset[str]) -> LoadResult:
        expected = generations.setdefault(seen.dataset, seen.generation)
        done = _answered(warehouse, *_request(upload, accept=answers, expected=(seen.sha256, expected)))
        generations[seen.dataset] += done.outcome == "loaded"
        return done

    return Steps([partial(one, *each) for each in zip(uploads, checked, accepted, strict=True)])


def _answered(warehouse: Warehouse, source: Source, request: Request) -> LoadResult:
    """The answer to a file, whatever happens: what is in the way of one must not hide the answers to the others."""
    try:
        return load.load_file(warehouse, source, request)
    except Exception as error:
        said = failure(error).text
        return LoadResult(source.name, source.sha256, "refused", findings=[Finding("E-STORE", "file", said)])


def correction(upload: Upload, checked: LoadResult) -> bytes:
    """The file as a workbook with its findings where they stand; a list of the findings where that cannot be."""
    from warehouse.correction import correction_workbook, findings_workbook  # a writer of workbooks that only this download wants

    made = correction_workbook(Source(upload.name, upload.content), checked.findings, upload.dataset)
    return made or findings_workbook(checked.findings)


def undo(entry: int, by: str, reason: str) -> UndoResult:
    """Take an entry back, in a thread that no click can end."""
    return in_thread(("undo", entry), lambda warehouse: load.undo(warehouse, entry, by=by, reason=reason))


def in_thread(key: tuple[Any, ...], work: Callable[[Warehouse], Answer]) -> Answer:
    """Do work in a thread that no click can end; the same key again waits for the first one's answer."""
    warehouse = state.current()
    desk: Desk = st.session_state.setdefault("desk", Desk())
    return desk.run(key, lambda: work(warehouse))


def user_name() -> str:
    """Who sits at this machine, as a first guess for 辦理人."""
    try:
        return getpass.getuser()
    except (KeyError, OSError):
        return ""


def _request(upload: Upload, **more: Any) -> tuple[Source, Request]:
    request = Request(by=upload.by, dataset=upload.dataset, year=upload.year, hold=upload.hold, reason=upload.reason, release=upload.release, **more)
    return Source(upload.name, upload.content), request


def finding_rows(findings: Iterable[Finding | dict[str, Any]]) -> list[dict[str, Any]]:
    """Findings in one shape, whether just made or kept with an entry."""
    return [finding if isinstance(finding, dict) else finding.as_json() for finding in findings]


def taipei(moment: datetime) -> datetime:
    """A moment of the ledger in Taipei."""
    return moment.replace(tzinfo=UTC).astimezone(period.TAIPEI)


def site_options() -> list[str]:
    """All sites together, then each."""
    return [scorecard.ALL_SITES, *(site["code"] for site in sites())]
