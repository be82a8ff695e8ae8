"""Two batches of one dataset beside each other: which rows are new, gone or changed, and what the figures were right after each."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, time
from decimal import Decimal
from typing import Any, Literal

import duckdb

from warehouse import ledger, numerals, period, scorecard
from warehouse.datasets import Choice, Kind, Site, all_datasets, sites
from warehouse.errors import UsageError
from warehouse.ledger import Entry, Slot
from warehouse.load import Impact
from warehouse.period import Window

#: Differences that are told one by one, and that a list to download may have; of the rest the number is told.
FIRST, MOST = 200, 100_000

Change = Literal["new", "gone", "changed"]


@dataclass(frozen=True)
class Cell:
    """A column in which two rows differ, by its name, with what stands in each; empty where there is no row."""

    column: str
    before: str
    after: str


@dataclass(frozen=True)
class Difference:
    """A row that only one batch has, or that both have differently. key: what it is known by; rows: its numbers in the two files."""

    kind: Change
    slot: Slot
    key: tuple[str, ...]
    rows: tuple[int | None, int | None]
    cells: tuple[Cell, ...]


@dataclass(frozen=True)
class Comparison:
    """What a later batch has otherwise than an earlier one, in the slots that both cover.

    months: of the slots compared; counts: new, gone, changed and equal rows; first: the first `FIRST` differences;
    impact: figures that were otherwise right after the later entry than right after the earlier, over the months compared.
    """

    earlier: Entry
    later: Entry
    months: tuple[date, ...]
    counts: dict[str, int]
    first: tuple[Difference, ...]
    impact: tuple[Impact, ...]


def compare(cursor: duckdb.DuckDBPyConnection, earlier: int, later: int) -> Comparison:
    """Compare two batches by the key of their dataset. Of two datasets, without a slot in common, an undo, or one with itself: `UsageError`."""
    before, after = _comparable(cursor, earlier, later)
    months = sorted({month for month, _, _ in set(ledger.slots_of(cursor, earlier)) & set(ledger.slots_of(cursor, later))})
    window = Window(months[0], months[-1])
    names = [indicator.id for indicator in scorecard.dependents(before.dataset)]
    was, now = (scorecard.figures(cursor, window, as_of=entry.id, only=names) for entry in (before, after))
    impact = tuple(Impact(name, window, was[name], now[name]) for name in was if _shown(was[name]) != _shown(now[name]))
    first = tuple(differences(cursor, earlier, later, FIRST))
    return Comparison(before, after, tuple(months), _counts(cursor, before, after), first, impact)


def differences(cursor: duckdb.DuckDBPyConnection, earlier: int, later: int, most: int = MOST) -> list[Difference]:
    """The differences in the order of months and rows, at most so many. Errors as those of `compare`."""
    before, after = _comparable(cursor, earlier, later)
    dataset = all_datasets()[before.dataset]
    kinds = list(dataset.stored.items())
    columns = ", ".join(f"earlier.{name}, later.{name}" for name, _ in kinds)
    rows = cursor.execute(
        f"""select coalesce(earlier._month, later._month), coalesce(earlier._site, later._site), coalesce(earlier._part, later._part),
        earlier._row, later._row, {columns} {_side_by_side(before, after)} where {_differ(before)}
        order by 1, 2, 3, coalesce(later._row, earlier._row), earlier._row limit ?""",
        [most],
    ).fetchall()
    return [_difference(dataset.key, kinds, row) for row in rows]


def _comparable(cursor: duckdb.DuckDBPyConnection, earlier: int, later: int) -> tuple[Entry, Entry]:
    before, after = ledger.entry(cursor, earlier), ledger.entry(cursor, later)
    if earlier == later or "undo" in (before.kind, after.kind):
        raise UsageError("請選兩筆不同的入庫來比較")
    if before.dataset != after.dataset:
        raise UsageError(f"第{earlier}號與第{later}號不是同一種報表，不能比較")
    if not set(ledger.slots_of(cursor, earlier)) & set(ledger.slots_of(cursor, later)):
        raise UsageError(f"第{earlier}號與第{later}號沒有共同的月份與處所，不能比較")
    return before, after


def _counts(cursor: duckdb.DuckDBPyConnection, before: Entry, after: Entry) -> dict[str, int]:
    row = cursor.execute(
        f"""select count(*) filter (where earlier._row is null) as new, count(*) filter (where later._row is null) as gone,
        count(*) filter (where earlier._row is not null and later._row is not null and ({_differ(before)})) as changed,
        count(*) filter (where not ({_differ(before)})) as equal {_side_by_side(before, after)}"""
    ).fetchone()
    assert row is not None
    return dict(zip(("new", "gone", "changed", "equal"), map(int, row), strict=True))


def _side_by_side(before: Entry, after: Entry) -> str:
    """Both batches' rows in the slots that both cover, joined by slot and key."""
    same = ["earlier._month = later._month", "earlier._site = later._site", "earlier._part = later._part"]
    same += [f"earlier.{name} is not distinct from later.{name}" for name in all_datasets()[before.dataset].key]
    return f"from ({_rows(before, after)}) as earlier full join ({_rows(after, before)}) as later on {' and '.join(same)}"


def _rows(own: Entry, other: Entry) -> str:
    return f"""select slots.month as _month, slots.site_code as _site, slots.part as _part, raw.* from raw.{own.dataset} as raw
        inner join ledger.batch_slot as slots on slots.slot = raw._slot and slots.batch_id = raw._batch_id
        inner join ledger.batch_slot as others on others.batch_id = {other.id} and others.month = slots.month
            and others.site_code = slots.site_code and others.part = slots.part
        where raw._batch_id = {own.id}"""


def _differ(of: Entry) -> str:
    return " or ".join(["earlier._row is null", "later._row is null", *(f"earlier.{name} is distinct from later.{name}" for name in all_datasets()[of.dataset].stored)])


def _difference(key: tuple[str, ...], kinds: list[tuple[str, Kind]], row: tuple[Any, ...]) -> Difference:
    month, site, part, first, second, *values = row
    words = {name: (_word(kind, values[2 * at]), _word(kind, values[2 * at + 1])) for at, (name, kind) in enumerate(kinds)}
    change: Change = "new" if first is None else "gone" if second is None else "changed"
    cells = tuple(Cell(name, *pair) for name, pair in words.items() if pair[0] != pair[1])
    return Difference(change, (month, site, part), tuple(words[name][first is None] for name in key), (first, second), cells)


def _word(kind: Kind, value: Any) -> str:
    """A value as the office writes it."""
    if value is None:
        return ""
    if isinstance(kind, Choice):
        return next((option.word for option in kind.options if option.number == value), str(value))
    if isinstance(kind, Site):
        return next((site["short"] for site in sites() if site["number"] == value), str(value))
    if isinstance(value, bool):
        return "是" if value else "否"
    if isinstance(value, date):
        return period.roc_date(value)
    if isinstance(value, time):
        return f"{value:%H:%M}"
    return numerals.format_number(Decimal(value)) if isinstance(value, Decimal | int) else str(value)


def _shown(figure: scorecard.Figure) -> tuple[Any, ...]:
    return figure.value, figure.verdict, figure.goal
