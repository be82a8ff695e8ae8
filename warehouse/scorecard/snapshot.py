"""All that figures are made of, read once: any window and site can then be asked without the database."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection
from dataclasses import dataclass, field
from datetime import date
from functools import cached_property
from typing import Any

import duckdb

from warehouse.datasets import all_datasets, sites
from warehouse.dues import Due, dues_of
from warehouse.errors import UsageError
from warehouse.indicators import Target, all_indicators, indicator_named
from warehouse.period import Window
from warehouse.scorecard.figure import ALL_SITES, Figure
from warehouse.scorecard.lineage import references
from warehouse.scorecard.making import Cells, Owners, make_figure
from warehouse.scorecard.standing import Slot, live_slots, version_at
from warehouse.store import query


@dataclass(frozen=True)
class Phase:
    """A decision that an indicator's control chart begins anew from a month on: why, on what evidence, who proposed it and who agreed."""

    start: date
    cause: str
    evidence: str | None
    proposed_by: str
    agreed_by: str


@dataclass(frozen=True)
class Snapshot:
    """All that figures are made of, read once in one transaction: any window and site can then be asked without the database.

    cells: indicator → (site, month) → numerator, denominator, sum of squares, latest; targets: rows of the `target` dataset, oldest first;
    slots: what is live, as `live_slots` tells; phases: indicator → its registered phases, oldest first; dues: dataset → what is owed of it, by whom.
    """

    cells: dict[str, Cells]
    targets: list[tuple[date, str, Target]]
    slots: list[Slot]
    phases: dict[str, list[Phase]] = field(default_factory=dict)
    dues: dict[str, list[Due]] = field(default_factory=dict)

    @classmethod
    def of(cls, cursor: duckdb.DuckDBPyConnection, as_of: int | None = None, only: Collection[str] | None = None) -> Snapshot:
        """What stands now, or stood right after an entry of the ledger. only: these indicators and what they are made of."""
        names = None if only is None else set(only) | {other for name in only for other in references(indicator_named(name))}
        slots = live_slots(cursor, as_of)
        dues = dues_of(sorted(_live_rows(cursor, "duty", slots), key=lambda row: row["_batch_id"]))
        return cls(cells_of(cursor, names, as_of), _targets(cursor, slots), slots, _phases(cursor, slots), dues)

    def figures(self, window: Window, *, site: str = ALL_SITES, only: Collection[str] | None = None) -> dict[str, Figure]:
        """Every indicator (or `only` those ids) over a window, in the order of the blocks. Unknown site: `UsageError`."""
        if site != ALL_SITES and site not in {row["code"] for row in sites()}:
            raise UsageError(f"沒有「{site}」這個服務處所")
        wanted = list(all_indicators()) if only is None else [name for name in all_indicators() if name in only]
        targets = {name: target for effective, name, target in self.targets if effective <= window.last_day}
        made: dict[str, Figure] = {}

        def figure(name: str) -> Figure:
            if name not in made:
                indicator = all_indicators()[name]
                made[name] = make_figure(indicator, window, site, self.cells.get(name, {}), targets.get(name, indicator.target), self._owners, figure)
            return made[name]

        return {name: figure(name) for name in wanted}

    def monthly(self, names: Collection[str], window: Window, *, site: str = ALL_SITES) -> dict[str, list[Figure]]:
        """Several indicators month by month through the window; months without data are figures with no value."""
        months = [self.figures(Window(month, month), site=site, only=names) for month in window.months]
        return {name: [figures[name] for figures in months] for name in names}

    @property
    def newest_month(self) -> date | None:
        """The newest month for which there are live rows of a dataset that counts something; None in an empty warehouse."""
        counting = {name for name, dataset in all_datasets().items() if not dataset.reference}
        return max((month for dataset, month, *_ in self.slots if dataset in counting), default=None)

    @cached_property
    def _owners(self) -> Owners:
        found: Owners = defaultdict(list)
        for dataset, month, site, _, batch, _ in self.slots:
            found[dataset].append((month, site, batch))
        return found


def cells_of(cursor: duckdb.DuckDBPyConnection, names: Collection[str] | None, as_of: int | None) -> dict[str, Cells]:
    """Indicator → what is summed up of each site and month; of these indicators only, where some are named."""
    conditions, parameters = ["true"], []
    if as_of is not None:
        conditions.append("_version <= ?")
        parameters.append(version_at(cursor, as_of))
    if names is not None:
        conditions.append(f"indicator_id in ({', '.join('?' for _ in names) or 'null'})")
        parameters += sorted(names)
    rows = cursor.execute(
        f"""select indicator_id, site_code, month, arg_max(row(numerator, denominator, sum_of_squares, latest_value), _version)
        from indicator_month where {" and ".join(conditions)} group by indicator_id, site_code, month""",
        parameters,
    ).fetchall()
    found: dict[str, Cells] = defaultdict(dict)
    for name, site, month, values in rows:
        if any(value is not None for value in values):
            found[name][(site, month)] = values
    return found


def _targets(cursor: duckdb.DuckDBPyConnection, slots: list[Slot]) -> list[tuple[date, str, Target]]:
    """Targets of the `target` dataset by effective date, oldest first; from that date on they stand above the blocks' defaults."""
    rows = _live_rows(cursor, "target", slots)
    words = {option.number: option.code for option in all_datasets()["target"].choices["basis"].options}
    found = []
    for row in sorted(rows, key=lambda row: (row["effective"], row["_batch_id"])):
        block = all_indicators().get(row["indicator"])
        per = block.target.per if block and block.target else None
        found.append((row["effective"], row["indicator"], Target(float(row["value"]), words[row["basis"]], per, row["document"])))
    return found


def _phases(cursor: duckdb.DuckDBPyConnection, slots: list[Slot]) -> dict[str, list[Phase]]:
    """The rows of the `phase` dataset by indicator, oldest first."""
    found: dict[str, list[Phase]] = defaultdict(list)
    for row in sorted(_live_rows(cursor, "phase", slots), key=lambda row: (row["start"], row["_batch_id"])):
        found[row["indicator"]].append(Phase(row["start"], row["cause"], row["evidence"], row["proposed_by"], row["agreed_by"]))
    return dict(found)


def _live_rows(cursor: duckdb.DuckDBPyConnection, dataset: str, slots: list[Slot]) -> list[dict[str, Any]]:
    """The raw rows of a dataset of decisions that these slots hold."""
    live = {(month, part, batch) for name, month, _, part, batch, _ in slots if name == dataset}
    if not live:
        return []
    rows = query(
        cursor,
        f"""select raw.*, batch_slot.month as slot_month, batch_slot.part as slot_part
        from raw.{dataset} as raw inner join ledger.batch_slot on batch_slot.batch_id = raw._batch_id and batch_slot.slot = raw._slot""",
    )
    return [row for row in rows if (row["slot_month"], row["slot_part"], row["_batch_id"]) in live]


def figures(
    cursor: duckdb.DuckDBPyConnection, window: Window, *, site: str = ALL_SITES, as_of: int | None = None, only: Collection[str] | None = None
) -> dict[str, Figure]:
    """`Snapshot.figures` of what stands now, or stood right after an entry. Unknown site or entry: `UsageError`."""
    return Snapshot.of(cursor, as_of, only).figures(window, site=site, only=only)


def monthly(cursor: duckdb.DuckDBPyConnection, name: str, window: Window, *, site: str = ALL_SITES, as_of: int | None = None) -> list[Figure]:
    """One indicator month by month through the window; months without data are figures with no value."""
    return monthly_of(cursor, [name], window, site=site, as_of=as_of)[name]


def monthly_of(
    cursor: duckdb.DuckDBPyConnection, names: Collection[str], window: Window, *, site: str = ALL_SITES, as_of: int | None = None
) -> dict[str, list[Figure]]:
    """Several indicators month by month, what they share read once."""
    return Snapshot.of(cursor, as_of, names).monthly(names, window, site=site)


def newest_month(cursor: duckdb.DuckDBPyConnection, as_of: int | None = None) -> date | None:
    """`Snapshot.newest_month` of what stands now, or stood right after an entry."""
    return Snapshot({}, [], live_slots(cursor, as_of)).newest_month


def default_window(cursor: duckdb.DuckDBPyConnection, as_of: int | None = None) -> Window | None:
    """Year to date to the newest month with data."""
    newest = newest_month(cursor, as_of)
    return Window.year_to_date(newest) if newest else None
