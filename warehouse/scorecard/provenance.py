"""計算依據: a figure walked back to its months, its files and their rows."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from typing import Any

import duckdb

from warehouse import ledger
from warehouse.indicators import Indicator, indicator_named
from warehouse.period import Window
from warehouse.scorecard.figure import ALL_SITES, Figure, number
from warehouse.scorecard.lineage import in_reach, references
from warehouse.scorecard.snapshot import cells_of, figures
from warehouse.scorecard.standing import slot_numbers

#: What stands between the runs of rows that a figure was made from.
ROWS_APART = "、"

#: The keys of a block that say how its figure is worked out.
_FORMULA = ("mart", "where", "numerator", "denominator", "latest", "sum", "grade", "rollup")


@dataclass(frozen=True)
class Step:
    """A month and site in the arithmetic of a figure."""

    month: date
    site: str
    numerator: Decimal | None
    denominator: Decimal | None
    latest_value: str | None

    def as_json(self) -> dict[str, Any]:
        """The contract's form."""
        return {
            "month": self.month.strftime("%Y-%m"),
            "site": self.site,
            "numerator": number(self.numerator),
            "denominator": number(self.denominator),
            "latest_value": self.latest_value,
        }


@dataclass(frozen=True)
class Origin:
    """A batch behind a figure: its file, and which of the file's rows count and which do not, with the reason."""

    entry: ledger.Entry
    rows_used: str
    used: int
    left_out: dict[str, int]

    def as_json(self) -> dict[str, Any]:
        """The contract's form."""
        return {
            "batch": self.entry.id,
            "dataset": self.entry.dataset,
            "file": self.entry.file_name,
            "sha256": self.entry.sha256,
            "by": self.entry.by_name,
            "at": self.entry.at_utc.isoformat(timespec="seconds") + "Z",
            "rows_used": self.rows_used,
            "used": self.used,
            "left_out": self.left_out,
        }


@dataclass(frozen=True)
class Trace:
    """計算依據: the figure, its arithmetic month by month, the batches and rows behind it."""

    figure: Figure
    steps: list[Step]
    origins: list[Origin]
    parts: list[Figure]

    def as_json(self) -> dict[str, Any]:
        """For `trace --json`."""
        indicator = self.figure.indicator
        return {
            **self.figure.as_json(),
            "definition": indicator.definition,
            "formula": {name: value for name in _FORMULA if (value := getattr(indicator, name))},
            "period": {"from": self.figure.window.iso_from, "to": self.figure.window.iso_to, "label": self.figure.window.label},
            "site": self.figure.site,
            "steps": [step.as_json() for step in self.steps],
            "origins": [origin.as_json() for origin in self.origins],
            "parts": [part.as_json() for part in self.parts],
        }


def trace(cursor: duckdb.DuckDBPyConnection, name: str, window: Window, *, site: str = ALL_SITES, as_of: int | None = None) -> Trace:
    """Walk a figure back to the rows of the files it was made from."""
    indicator = indicator_named(name)
    parts = [] if indicator.mart else list(figures(cursor, window, site=site, as_of=as_of, only=references(indicator)).values())
    figure = figures(cursor, window, site=site, as_of=as_of, only=[name])[name]
    members = [indicator] if indicator.mart else [part.indicator for part in parts]
    cells = cells_of(cursor, {member.id for member in members}, as_of)
    steps = [
        Step(month, where, numerator, denominator, latest)
        for member in members
        for (where, month), (numerator, denominator, _, latest) in sorted(cells.get(member.id, {}).items(), key=lambda item: (item[0][1], item[0][0]))
        if in_reach(member, month, window) and site in (ALL_SITES, where)
    ]
    return Trace(figure, steps, _origins(cursor, members, figure, window, site, as_of), parts)


def _origins(
    cursor: duckdb.DuckDBPyConnection, members: Iterable[Indicator], figure: Figure, window: Window, site: str, as_of: int | None
) -> list[Origin]:
    islands: dict[int, set[tuple[int, int]]] = defaultdict(set)
    for member in members:
        for dataset in member.source:
            for batch, first, last in _islands(cursor, member, dataset, window, site, as_of):
                islands[batch].add((first, last))
    origins = []
    for batch in figure.batches:
        entry = ledger.entry(cursor, batch)
        merged = _merged(islands[batch])
        used = sum(last - first + 1 for first, last in merged)
        left_out = dict(entry.ignored)
        if entry.rows_held:
            left_out["held"] = entry.rows_held
        if (entry.rows_loaded or 0) > used:
            left_out["not_counted_here"] = (entry.rows_loaded or 0) - used
        ranges = ROWS_APART.join(str(first) if first == last else f"{first}–{last}" for first, last in merged)
        origins.append(Origin(entry, ranges, used, left_out))
    return [origin for origin in origins if origin.used] or origins


def _islands(
    cursor: duckdb.DuckDBPyConnection, indicator: Indicator, dataset: str, window: Window, site: str, as_of: int | None
) -> list[tuple[int, int, int]]:
    """(batch, first row, last row) of unbroken stretches of file rows that are live in the window; only those that the block counts where it reads
    the rows themselves. The engine finds the stretches: a batch of a million rows is one line here."""
    slots = [
        slot
        for slot, name, month, where in slot_numbers(cursor, as_of)
        if name == dataset and in_reach(indicator, month, window) and site in (ALL_SITES, where)
    ]
    if not slots:
        return []
    numbers = ", ".join(map(str, slots))
    rows = f"select distinct _batch_id, _row from raw.{dataset} where _slot in ({numbers})"
    if as_of is None and indicator.mart == f"stg_{dataset}" and indicator.where:
        rows += f" and (_batch_id, _row) in (select (_batch_id, _row) from live.{dataset} where {indicator.where})"
    return cursor.execute(
        f"""select _batch_id, min(_row), max(_row) from (
            select _batch_id, _row, _row - row_number() over (partition by _batch_id order by _row) as island from ({rows}) as used
        ) as stretches group by _batch_id, island order by 1, 2"""
    ).fetchall()


def _merged(stretches: set[tuple[int, int]]) -> list[tuple[int, int]]:
    """Stretches that overlap or touch, made one."""
    merged: list[tuple[int, int]] = []
    for first, last in sorted(stretches):
        if merged and first <= merged[-1][1] + 1:
            merged[-1] = (merged[-1][0], max(merged[-1][1], last))
        else:
            merged.append((first, last))
    return merged
