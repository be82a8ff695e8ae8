"""資料繳交情形: which table of which month is in, owed, to be mended or reviewed, by whom, and the words to remind them.

Due dates are data (`duty`): without one nothing is called late. What must be done every month or quarter is another matter (`schedule`).
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass, field
from datetime import UTC, date, datetime
from typing import Literal

import duckdb

from warehouse import clock, ledger, period
from warehouse.datasets import Dataset, Day, Days, all_datasets, handing_in
from warehouse.dues import Due, due_of, dues_of
from warehouse.ledger import Entry, Slot
from warehouse.period import Window
from warehouse.scorecard import Snapshot, live_slots
from warehouse.store import query

#: missing 未交, handed_in 已交, to_mend 待修正 (rows held back), reviewed 已覆核, ahead 未到期, not_required 免交.
State = Literal["missing", "handed_in", "to_mend", "reviewed", "ahead", "not_required"]


@dataclass(frozen=True)
class Cell:
    """One table in one month.

    lacking: the sites or bodies that have not handed in theirs while others have, or all of those named where nobody has; due: None without a due date;
    late: still owed after that day; days_late: how late the whole of it came, None where in time, unknown or of the sample; held: rows kept back.
    """

    month: date
    state: State
    lacking: tuple[str, ...] = ()
    due: date | None = None
    late: bool = False
    batches: tuple[int, ...] = ()
    held: int = 0
    handed_in_on: date | None = None
    days_late: int | None = None

    @property
    def partial(self) -> bool:
        """Whether some have handed in and others have not."""
        return bool(self.batches and self.lacking)

    @property
    def owed(self) -> bool:
        """Whether someone has something to do: send it, the rest of it, or mend it."""
        return self.state in ("missing", "to_mend") or self.partial


@dataclass(frozen=True)
class Row:
    """One table over the months. until: the last day of which there are data."""

    dataset: str
    title: str
    owner: str
    until: date | None
    cells: tuple[Cell, ...]


@dataclass(frozen=True)
class Records:
    """All that the calendar is made of, read once: live slots, entries, reviews, due dates, last days, and when each slot was first handed in."""

    today: date
    slots: list[tuple[str, date, str, str, int, int]]
    entries: Mapping[int, Entry]
    reviewed: frozenset[int]
    dues: Mapping[str, list[Due]]
    until: Mapping[str, date]
    first: Mapping[tuple[str, Slot], datetime] = field(default_factory=dict)

    @classmethod
    def of(cls, cursor: duckdb.DuckDBPyConnection, today: date | None = None) -> Records:
        """As the warehouse stands; on `clock.today` unless another day is said."""
        rows = cursor.execute(
            """select dataset, month, site_code, part, min(at_utc) from ledger.batch_slot
            inner join (select id, at_utc from ledger.batch where not undone) as standing on standing.id = batch_slot.batch_id group by all"""
        ).fetchall()
        first = {(dataset, (month, site, part)): at for dataset, month, site, part, at in rows}
        entries = {entry.id: entry for entry in ledger.entries(cursor)}
        slots, today = live_slots(cursor), today or clock.today(cursor, period.taipei_today())
        dues = dues_of(query(cursor, "select report, due_day, parts, effective from stg_duty"))
        return cls(today, slots, entries, frozenset(ledger.reviews(cursor)), dues, _last_days(cursor, slots, today), first)


def duty_calendar(records: Records, months: Collection[date]) -> list[Row]:
    """Every table that counts something, month by month, in the order of the datasets."""
    monthly = [month for name, month, *_ in records.slots if all_datasets()[name].monthly]
    since = min(monthly, default=None)
    live = _by_month(records.slots)
    return [
        Row(
            name,
            dataset.title,
            dataset.owner,
            records.until.get(name),
            tuple(_cell(records, dataset, month, live[name], since, kept=_is_kept(name, live)) for month in sorted(months)),
        )
        for name, dataset in all_datasets().items()
        if not dataset.reference
    ]


@dataclass(frozen=True)
class Overdue:
    """A table of which a month, or some senders' part of it, is still owed after its last day. senders: their codes; empty where nobody has sent any."""

    dataset: str
    month: date
    senders: tuple[str, ...]
    last_day: date


def overdue(snapshot: Snapshot, months: Iterable[date], today: date) -> tuple[Overdue, ...]:
    """What is late on a day, of the tables that count something; the cells of the calendar that are `late`, from a snapshot alone."""
    live = _by_month(snapshot.slots)
    found = []
    for month in sorted(months):
        for name, dataset in all_datasets().items():
            due = None if dataset.reference else due_of(snapshot.dues, name, month)
            last_day = due.last_day(month) if due else None
            if due is None or last_day is None or today <= last_day:
                continue
            there, codes = live[name].get(month, []), handing_in(dataset)
            lacking = _lacking(dataset, due, there, live[name])
            if not there or lacking:
                found.append(Overdue(name, month, tuple(codes[sender] for sender in lacking if sender in codes) if there else (), last_day))
    return tuple(found)


def owed(rows: Iterable[Row]) -> dict[str, list[tuple[Row, Cell]]]:
    """Owner → what is still owed or to be mended, oldest month first."""
    found: dict[str, list[tuple[Row, Cell]]] = defaultdict(list)
    for row in rows:
        for cell in row.cells:
            if cell.owed:
                found[row.owner].append((row, cell))
    return {owner: sorted(items, key=lambda item: item[1].month) for owner, items in sorted(found.items())}


def reminder(owner: str, items: Iterable[tuple[Row, Cell]], today: date) -> str:
    """The text to send to an owner: what is owed, by when, how late; months in a row of which the same is owed in one line. Empty where nothing is."""
    runs: list[tuple[Row, list[Cell]]] = []
    for row, cell in sorted(items, key=lambda item: (item[0].dataset, item[1].month)):
        last = runs[-1] if runs else None
        same = last and last[0].dataset == row.dataset and period.add_months(last[1][-1].month, 1) == cell.month
        if last and same and (_what(last[1][-1]), _when(last[1][-1], today)) == (_what(cell), _when(cell, today)):
            last[1].append(cell)
        else:
            runs.append((row, [cell]))
    runs.sort(key=lambda run: run[1][0].month)
    lines = [f"・{row.title}　{Window(cells[0].month, cells[-1].month).label}　{_what(cells[0])}{_when(cells[0], today)}" for row, cells in runs]
    return "\n".join([f"{owner}：截至{period.roc_date(today)}，下列報表尚待處理，請惠予辦理。", *lines]) if lines else ""


# --- pieces -----------------------------------------------------------------------------------------------------------------


def _by_month(slots: Iterable[tuple[str, date, str, str, int, int]]) -> dict[str, dict[date, list[tuple[str, str, int]]]]:
    """Dataset → month → (site, part, batch) of what is live."""
    found: dict[str, dict[date, list[tuple[str, str, int]]]] = defaultdict(lambda: defaultdict(list))
    for name, month, site, part, batch, _ in slots:
        found[name][month].append((site, part, batch))
    return found


def _is_kept(name: str, live: Mapping[str, Mapping[date, object]]) -> bool:
    """Whether the office keeps a table: of single forms and tallies it need keep but one, single forms where it has sent neither."""
    other = {"survey_response": "survey_tally", "survey_tally": "survey_response"}.get(name)
    return other is None or bool(live.get(name)) or (name == "survey_response" and not live.get(other))


def _cell(
    records: Records, dataset: Dataset, month: date, live: Mapping[date, list[tuple[str, str, int]]], since: date | None, *, kept: bool
) -> Cell:
    due = due_of(records.dues, dataset.name, month)
    there = live.get(month, [])
    lacking = _lacking(dataset, due, there, live)
    last_day = due.last_day(month) if due else None
    if not there:
        required = due is not None or (dataset.monthly and kept and since is not None and month >= since)
        open_until = last_day or period.Window(month, month).last_day
        state: State = "not_required" if not required else "ahead" if records.today <= open_until else "missing"
        return Cell(month, state, lacking if state != "not_required" else (), last_day, state == "missing" and last_day is not None)
    batches = tuple(sorted({batch for _, _, batch in there}))
    held = sum(records.entries[batch].rows_held or 0 for batch in batches)
    state = "to_mend" if held else "reviewed" if records.reviewed.issuperset(batches) else "handed_in"
    came = max(records.first[(dataset.name, (month, site, part))] for site, part, _ in there)
    on = came.replace(tzinfo=UTC).astimezone(period.TAIPEI).date()
    told = last_day is not None and not lacking and not any(records.entries[batch].is_sample for batch in batches)
    days_late = (on - last_day).days if told and last_day and on > last_day else None
    late = bool(lacking) and last_day is not None and records.today > last_day
    return Cell(month, state, lacking, last_day, late, batches, held, on, days_late)


def _lacking(
    dataset: Dataset, due: Due | None, there: list[tuple[str, str, int]], live: Mapping[date, list[tuple[str, str, int]]]
) -> tuple[str, ...]:
    """Who has not handed in: of those the due date names, else, of a table due each month, of those who ever have."""
    if due is None and not dataset.monthly:
        return ()
    names = handing_in(dataset)
    in_part = 1 if dataset.choices.get(dataset.part or "") else 0
    have = {slot[in_part] for slot in there}
    ever = {slot[in_part] for slots in live.values() for slot in slots}
    wanted = due.parts if due and due.parts else tuple(name for name, code in names.items() if code in ever)
    return tuple(name for name in wanted if names.get(name) not in have)


def _last_days(cursor: duckdb.DuckDBPyConnection, slots: list[tuple[str, date, str, str, int, int]], today: date) -> dict[str, date]:
    """Dataset → the last day of which it has rows; of tables by month, and of those too long to look through, the end of the newest month."""
    found = {}
    for name in {slot[0] for slot in slots}:
        dataset = all_datasets()[name]
        newest = max(month for other, month, *_ in slots if other == name)
        found[name] = min(Window(newest, newest).last_day, today)
        if isinstance(dataset.stored[dataset.month_column], Day | Days) and not dataset.tallied:
            column = dataset.column_of(dataset.month_column).outputs[-1]
            row = cursor.execute(f"select max({column}) from live.{name}").fetchone()
            found[name] = row[0] if row and row[0] else found[name]
    return found


def _what(cell: Cell) -> str:
    said = [] if cell.batches else ["未交"]
    if cell.lacking:
        said.append(f"缺{'、'.join(cell.lacking)}")
    if cell.held:
        said.append(f"有{cell.held}列待修正")
    return "，".join(said)


def _when(cell: Cell, today: date) -> str:
    if cell.due is None or not (cell.lacking or not cell.batches):
        return ""
    return f"，應於{period.roc_date(cell.due)}前送交" + (f"，已逾{(today - cell.due).days}日" if cell.late else "")
