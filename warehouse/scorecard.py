"""Figures: the value of each indicator over a window of months, for a site, as of any entry of the ledger, with target, verdict and provenance.

Everything is read from `indicator_month`, so the cost does not grow with the rows behind it. Sums first, one division last, exact rounding.
"""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Callable, Collection, Iterable, Iterator
from dataclasses import dataclass, field
from datetime import date, time
from decimal import Decimal
from fractions import Fraction
from functools import cached_property
from typing import Any

import duckdb

from warehouse import ledger, numerals, period, statistics
from warehouse.datasets import all_datasets, sites
from warehouse.dues import Due, dues_of
from warehouse.errors import CellError, UsageError
from warehouse.indicators import Indicator, Target, all_indicators, indicator_named
from warehouse.intake.header import heading_key
from warehouse.period import Window
from warehouse.store import datasets_behind, query

ALL_SITES = "all"

#: What stands between the runs of rows that a figure was made from.
ROWS_APART = "、"

_ISO_DAY = re.compile(r"[0-9]{4}-[0-9]{2}-[0-9]{2}")
_ISO_MONTH = re.compile(r"[0-9]{4}-[0-9]{2}")
_ISO_MONTHS = re.compile(r"([0-9]{4}-[0-9]{2})\.\.([0-9]{4}-[0-9]{2})")
_HOURS = re.compile(r"([0-2][0-9]:[0-5][0-9])-([0-2][0-9]:[0-5][0-9])")


@dataclass(frozen=True)
class Figure:
    """One indicator over one window for one site.

    value: Decimal rounded as printed, a word or date as text, or None; exact: the same before rounding (per cent for shares);
    numerator, denominator: the sums; n: answers or scores behind a share or mean; low, high: the interval, or the value itself where all is counted;
    months: the months of the window that have data; needed: answers in all that would settle a `cannot_tell`; too_few: n could never clear the target.
    """

    indicator: Indicator
    window: Window
    site: str
    value: Decimal | str | None = None
    exact: Fraction | None = None
    numerator: Decimal | None = None
    denominator: Decimal | None = None
    n: int | None = None
    target: Target | None = None
    goal: float | None = None
    comparison: statistics.Comparison | None = None
    verdict: statistics.Verdict = "no_data"
    interval: str = "none"
    low: Decimal | None = None
    high: Decimal | None = None
    needed: int | None = None
    too_few: bool = False
    months: tuple[date, ...] = ()
    batches: tuple[int, ...] = ()

    @property
    def text(self) -> str | None:
        """What the report prints: 97.14﹪, 1萬6,865件, 優等, 105年8月15日."""
        return printed(self.value, self.indicator.unit)

    def as_json(self) -> dict[str, Any]:
        """The contract's form."""
        return {
            "id": self.indicator.id,
            "name": self.indicator.name,
            "name_en": self.indicator.name_en,
            "section": self.indicator.section,
            "kind": self.indicator.kind,
            "value": number(self.value),
            "text": self.text,
            "numerator": number(self.numerator),
            "denominator": number(self.denominator),
            "n": self.n,
            "unit": self.indicator.unit,
            "direction": self.indicator.direction,
            "target": self.goal,
            "target_basis": self.target.basis if self.target else None,
            "comparison": self.comparison,
            "verdict": self.verdict,
            "interval": self.interval,
            "low": number(self.low),
            "high": number(self.high),
            "batches": list(self.batches),
        }


@dataclass(frozen=True)
class Phase:
    """A decision that an indicator's control chart begins anew from a month on: why, on what evidence, who proposed it and who agreed."""

    start: date
    cause: str
    evidence: str | None
    proposed_by: str
    agreed_by: str


Cells = dict[tuple[str, date], tuple[Decimal | None, Decimal | None, Decimal | None, str | None]]


@dataclass(frozen=True)
class Snapshot:
    """All that figures are made of, read once in one transaction: any window and site can then be asked without the database.

    cells: indicator → (site, month) → numerator, denominator, sum of squares, latest; targets: rows of the `target` dataset, oldest first;
    slots: what is live, as `live_slots` tells; phases: indicator → its registered phases, oldest first; dues: dataset → what is owed of it, by whom.
    """

    cells: dict[str, Cells]
    targets: list[tuple[date, str, Target]]
    slots: list[tuple[str, date, str, str, int, int]]
    phases: dict[str, list[Phase]] = field(default_factory=dict)
    dues: dict[str, list[Due]] = field(default_factory=dict)

    @classmethod
    def of(cls, cursor: duckdb.DuckDBPyConnection, as_of: int | None = None, only: Collection[str] | None = None) -> Snapshot:
        """What stands now, or stood right after an entry of the ledger. only: these indicators and what they are made of."""
        names = None if only is None else set(only) | {other for name in only for other in _references(indicator_named(name))}
        slots = live_slots(cursor, as_of)
        dues = dues_of(sorted(_live_rows(cursor, "duty", slots), key=lambda row: row["_batch_id"]))
        return cls(_cells(cursor, names, as_of), _targets(cursor, slots), slots, _phases(cursor, slots), dues)

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
                made[name] = _figure(indicator, window, site, self.cells.get(name, {}), targets.get(name, indicator.target), self._owners, figure)
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
    def _owners(self) -> dict[str, list[tuple[date, str, int]]]:
        found: dict[str, list[tuple[date, str, int]]] = defaultdict(list)
        for dataset, month, site, _, batch, _ in self.slots:
            found[dataset].append((month, site, batch))
        return found


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


def live_slots(cursor: duckdb.DuckDBPyConnection, as_of: int | None = None) -> list[tuple[str, date, str, str, int, int]]:
    """(dataset, month, site, part, batch, rows) of every slot's live rows, now or right after an entry."""
    if as_of is None:
        return cursor.execute("select dataset, month, site_code, part, batch_id, row_count from ledger.live_slot order by all").fetchall()
    undone = ledger.undone_at(cursor, as_of)
    rows = cursor.execute(
        """select batch_slot.dataset, month, site_code, part, batch_slot.batch_id, row_count, batch.kind, release.batch_id
        from ledger.batch_slot inner join ledger.batch on batch.id = batch_slot.batch_id left join ledger.release as release on release.id = batch.id
        where batch_slot.batch_id <= ? order by batch_slot.batch_id""",
        [as_of],
    ).fetchall()
    standing: dict[tuple[str, date, str, str], list[tuple[int, int]]] = defaultdict(list)
    for dataset, month, site, part, batch, count, kind, completed in rows:
        if batch in undone or completed in undone:
            continue
        if kind == "load":
            standing[(dataset, month, site, part)] = []
        standing[(dataset, month, site, part)].append((batch, count))
    return [(*slot, batch, count) for slot, batches in sorted(standing.items()) for batch, count in batches]


def version_now(cursor: duckdb.DuckDBPyConnection) -> int:
    """The data version that this cursor's transaction sees."""
    row = cursor.execute("select coalesce(max(version), 0) from ledger.version").fetchone()
    return int(row[0]) if row else 0


def version_at(cursor: duckdb.DuckDBPyConnection, as_of: int) -> int:
    """The data version right after an entry; an entry that is not in the ledger is a `UsageError`."""
    ledger.require(cursor, as_of)
    row = cursor.execute("select min(version) from ledger.version where entry_id = ?", [as_of]).fetchone()
    if row is None or row[0] is None:
        row = cursor.execute("select max(version) from ledger.version where entry_id <= ?", [as_of]).fetchone()
    return int(row[0]) if row and row[0] is not None else 0


def site_code(text: str | None) -> str:
    """A site by any of its names, its code, or 全分署/all; anything else is a `UsageError`."""
    if text is None or heading_key(text) in ("all", "全分署", "全部"):
        return ALL_SITES
    for site in sites():
        if heading_key(text) in {heading_key(name) for name in (site["code"], site["name"], site["short"], *site["others"])}:
            return str(site["code"])
    raise UsageError(f"沒有「{text}」這個服務處所；可用：全分署、{'、'.join(site['short'] for site in sites())}")


def site_name(code: str) -> str:
    """What a site is called on screen."""
    return next((site["name"] for site in sites() if site["code"] == code), "全分署")


def printed(value: Decimal | str | int | None, unit: str) -> str | None:
    """A value in the office's style: counts in 萬 and 億, shares and means without trailing zeros, days, months and hours in words.

    1萬6,865件, 97.14﹪, 105年8月15日, 105年1月至9月, 上午9時至12時; any other word as it is.
    """
    if value is None:
        return None
    if isinstance(value, str):
        return _in_words(value)
    if value == int(value):
        return f"{numerals.format_wan(int(value))}{unit}"
    return f"{numerals.format_number(value)}{unit}"


def _in_words(text: str) -> str:
    if _ISO_DAY.fullmatch(text):
        return period.roc_date(date.fromisoformat(text))
    if _ISO_MONTH.fullmatch(text):
        return period.roc_month(date.fromisoformat(text + "-01"))
    if found := _ISO_MONTHS.fullmatch(text):
        return Window(*(date.fromisoformat(f"{month}-01") for month in found.groups())).label
    if found := _HOURS.fullmatch(text):
        return period.hours_in_words(*(time.fromisoformat(clock) for clock in found.groups()))
    return text


def number(value: Decimal | str | int | None) -> float | int | str | None:
    """A value as JSON has it: whole numbers whole, words as they are."""
    if value is None or isinstance(value, str):
        return value
    return int(value) if value == int(value) else float(value)


# --- where numbers come from ------------------------------------------------------------------------------------------------


@dataclass(frozen=True)
class Step:
    """A month and site in the arithmetic of a figure."""

    month: date
    site: str
    numerator: Decimal | None
    denominator: Decimal | None
    latest_value: str | None


@dataclass(frozen=True)
class Origin:
    """A batch behind a figure: its file, and which of the file's rows count and which do not, with the reason."""

    entry: ledger.Entry
    rows_used: str
    used: int
    left_out: dict[str, int]


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
            "formula": {
                name: value
                for name in ("mart", "where", "numerator", "denominator", "latest", "sum", "grade", "rollup")
                if (value := getattr(indicator, name))
            },
            "period": {"from": self.figure.window.iso_from, "to": self.figure.window.iso_to, "label": self.figure.window.label},
            "site": self.figure.site,
            "steps": [
                {
                    "month": step.month.strftime("%Y-%m"),
                    "site": step.site,
                    "numerator": number(step.numerator),
                    "denominator": number(step.denominator),
                    "latest_value": step.latest_value,
                }
                for step in self.steps
            ],
            "origins": [
                {
                    "batch": origin.entry.id,
                    "dataset": origin.entry.dataset,
                    "file": origin.entry.file_name,
                    "sha256": origin.entry.sha256,
                    "by": origin.entry.by_name,
                    "at": origin.entry.at_utc.isoformat(timespec="seconds") + "Z",
                    "rows_used": origin.rows_used,
                    "used": origin.used,
                    "left_out": origin.left_out,
                }
                for origin in self.origins
            ],
            "parts": [part.as_json() for part in self.parts],
        }


def trace(cursor: duckdb.DuckDBPyConnection, name: str, window: Window, *, site: str = ALL_SITES, as_of: int | None = None) -> Trace:
    """Walk a figure back to the rows of the files it was made from."""
    indicator = indicator_named(name)
    parts = [] if indicator.mart else list(figures(cursor, window, site=site, as_of=as_of, only=_references(indicator)).values())
    figure = figures(cursor, window, site=site, as_of=as_of, only=[name])[name]
    members = [indicator] if indicator.mart else [part.indicator for part in parts]
    cells = _cells(cursor, {member.id for member in members}, as_of)
    steps = [
        Step(month, where, numerator, denominator, latest)
        for member in members
        for (where, month), (numerator, denominator, _, latest) in sorted(cells.get(member.id, {}).items(), key=lambda item: (item[0][1], item[0][0]))
        if _in_reach(member, month, window) and site in (ALL_SITES, where)
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
        if name == dataset and _in_reach(indicator, month, window) and site in (ALL_SITES, where)
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


def slot_numbers(cursor: duckdb.DuckDBPyConnection, as_of: int | None) -> list[tuple[int, str, date, str]]:
    """(slot, dataset, month, site) of what is live, now or right after an entry."""
    live = {(batch, dataset, month, site, part) for dataset, month, site, part, batch, _ in live_slots(cursor, as_of)}
    rows = cursor.execute("select slot, batch_id, dataset, month, site_code, part from ledger.batch_slot").fetchall()
    return [(slot, dataset, month, site) for slot, batch, dataset, month, site, part in rows if (batch, dataset, month, site, part) in live]


def _merged(stretches: set[tuple[int, int]]) -> list[tuple[int, int]]:
    """Stretches that overlap or touch, made one."""
    merged: list[tuple[int, int]] = []
    for first, last in sorted(stretches):
        if merged and first <= merged[-1][1] + 1:
            merged[-1] = (merged[-1][0], max(merged[-1][1], last))
        else:
            merged.append((first, last))
    return merged


# --- pieces -----------------------------------------------------------------------------------------------------------------


def _references(indicator: Indicator) -> tuple[str, ...]:
    return (*indicator.sum, *([indicator.grade] if indicator.grade else []))


def _cells(cursor: duckdb.DuckDBPyConnection, names: Collection[str] | None, as_of: int | None) -> dict[str, Cells]:
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


def _targets(cursor: duckdb.DuckDBPyConnection, slots: list[tuple[str, date, str, str, int, int]]) -> list[tuple[date, str, Target]]:
    """Targets of the `target` dataset by effective date, oldest first; from that date on they stand above the blocks' defaults."""
    rows = _live_rows(cursor, "target", slots)
    words = {option.number: option.code for option in all_datasets()["target"].choices["basis"].options}
    found = []
    for row in sorted(rows, key=lambda row: (row["effective"], row["_batch_id"])):
        block = all_indicators().get(row["indicator"])
        per = block.target.per if block and block.target else None
        found.append((row["effective"], row["indicator"], Target(float(row["value"]), words[row["basis"]], per, row["document"])))
    return found


def _phases(cursor: duckdb.DuckDBPyConnection, slots: list[tuple[str, date, str, str, int, int]]) -> dict[str, list[Phase]]:
    """The rows of the `phase` dataset by indicator, oldest first."""
    found: dict[str, list[Phase]] = defaultdict(list)
    for row in sorted(_live_rows(cursor, "phase", slots), key=lambda row: (row["start"], row["_batch_id"])):
        found[row["indicator"]].append(Phase(row["start"], row["cause"], row["evidence"], row["proposed_by"], row["agreed_by"]))
    return dict(found)


def _live_rows(cursor: duckdb.DuckDBPyConnection, dataset: str, slots: list[tuple[str, date, str, str, int, int]]) -> list[dict[str, Any]]:
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


def _in_reach(indicator: Indicator, month: date, window: Window) -> bool:
    return month <= window.end and (indicator.carry or month >= window.start)


def _figure(
    indicator: Indicator,
    window: Window,
    site: str,
    cells: Cells,
    target: Target | None,
    owners: dict[str, list[tuple[date, str, int]]],
    other: Callable[[str], Figure],
) -> Figure:
    bare = Figure(indicator, window, site, target=target, goal=_goal(indicator, target, window, site, owners), verdict="no_data")
    if not indicator.defined_in(window):
        return bare
    if indicator.kind == "derived":
        return _derived(bare, other, owners)
    inside = {
        key: cell for key, cell in cells.items() if _in_reach(indicator, key[1], window) and site in (ALL_SITES, key[0])
    }
    if not inside:
        return bare
    covered = tuple(sorted({month for _, month in inside if month >= window.start}))
    batches = tuple(
        sorted({batch for name in indicator.source for month, where, batch in owners.get(name, ()) if _in_reach(indicator, month, window) and site in (ALL_SITES, where)})
    )
    known = _replace(bare, months=covered, batches=batches)
    return _additive(known, inside) if indicator.kind == "additive" else _latest(known, inside)


def _goal(
    indicator: Indicator, target: Target | None, window: Window, site: str, owners: dict[str, list[tuple[date, str, int]]]
) -> float | None:
    """What is to be reached. What is due by month or quarter is due of the office as a whole, and up to the newest month whose tables are in,
    if any are."""
    if target is None or (target.per and site != ALL_SITES):
        return None
    newest = max((month for name in indicator.source for month, _, _ in owners.get(name, ())), default=window.end)
    return target.due([month for month in window.months if month <= newest] if target.per else window.months)


def _additive(bare: Figure, inside: dict[Any, Any]) -> Figure:
    indicator = bare.indicator
    numerator = _total(cell[0] for cell in inside.values())
    denominator = _total(cell[1] for cell in inside.values())
    if numerator is None and indicator.denominator is None:
        return bare
    if indicator.denominator is not None and not denominator:
        return _replace(bare, numerator=numerator, denominator=denominator)
    numerator = numerator or Decimal(0)
    exact = Fraction(numerator)
    if denominator:
        exact = Fraction(numerator) / Fraction(denominator) * (100 if indicator.is_share else 1)
    value = numerals.round_half_up(exact, indicator.decimals)
    n = int(denominator) if denominator is not None and denominator == int(denominator) and (indicator.is_share or indicator.is_mean) else None
    found = _replace(bare, value=value, exact=exact, numerator=numerator, denominator=denominator, n=n, low=value, high=value)
    squares = _total(cell[2] for cell in inside.values())
    return _judged(found, _interval(found, squares))


def _interval(figure: Figure, squares: Decimal | None) -> statistics.Interval | None:
    if figure.numerator is None or not figure.n:
        return None
    if figure.indicator.interval == "wilson":
        low, high = statistics.wilson(int(figure.numerator), figure.n)
        return statistics.Interval(100 * low, 100 * high)
    if figure.indicator.interval == "t" and squares is not None:
        return statistics.t_interval(float(figure.numerator), float(squares), figure.n)
    return None


def _latest(bare: Figure, inside: dict[Any, Any]) -> Figure:
    """The newest reading of each site, an ended one left out; numbers of several sites add up, words and dates are those of the newest."""
    newest: dict[str, tuple[date, str | None]] = {}
    for (site, month), (_, _, _, latest) in sorted(inside.items(), key=lambda item: item[0][1]):
        newest[site] = (month, latest)
    indicator = bare.indicator
    readings = [cell[3] for cell in inside.values() if cell[3]] if indicator.rollup == "max" else [text for _, text in newest.values() if text]
    if not readings:
        return bare
    if indicator.kind == "fact":
        value: Decimal | str = max((item for item in newest.values() if item[1]), key=lambda item: item[0])[1] or readings[-1]
        return _replace(bare, value=value, verdict="no_target")
    amounts = [Fraction(Decimal(text)) for text in readings]
    exact = max(amounts) if indicator.rollup == "max" or indicator.across_sites == "any" else sum(amounts, Fraction(0))
    rounded = numerals.round_half_up(exact, indicator.decimals)
    return _judged(_replace(bare, value=rounded, exact=exact, low=rounded, high=rounded), None)


def _derived(bare: Figure, other: Callable[[str], Figure], owners: dict[str, list[tuple[date, str, int]]]) -> Figure:
    indicator = bare.indicator
    counted = [month for name, slots in owners.items() if not all_datasets()[name].reference for month, _, _ in slots]
    if indicator.period and not any(bare.window.start <= month <= bare.window.end for month in counted):
        return bare
    if indicator.period:
        return _replace(bare, value=f"{bare.window.iso_from}..{bare.window.iso_to}", verdict="no_target")
    parts = [other(name) for name in _references(indicator)]
    known = [part for part in parts if part.exact is not None]
    batches = tuple(sorted({batch for part in parts for batch in part.batches}))
    months = tuple(sorted({month for part in parts for month in part.months}))
    if not known:
        return bare
    if indicator.grade:
        score = known[0].exact or Fraction(0)
        word = next((word for bound, word in sorted(indicator.bands, reverse=True) if score >= Fraction(str(bound))), None)
        return _replace(bare, value=word, n=known[0].n, verdict="no_target", batches=batches, months=months)
    exact = sum((part.exact or Fraction(0) for part in known), Fraction(0))
    value = numerals.round_half_up(exact, indicator.decimals)
    return _judged(_replace(bare, value=value, exact=exact, numerator=Decimal(value), low=value, high=value, batches=batches, months=months), None)


def _judged(figure: Figure, interval: statistics.Interval | None) -> Figure:
    """Add comparison and verdict: by the interval where something is sampled, directly where all is counted; a provisional target gives no verdict."""
    indicator, goal = figure.indicator, figure.goal
    sampled = indicator.interval != "none"
    if interval:
        figure = _replace(figure, interval=indicator.interval, low=_cents(interval.low), high=_cents(interval.high))
    elif sampled:
        figure = _replace(figure, low=None, high=None)
    if goal is None or figure.exact is None:
        return _replace(figure, verdict="no_target")
    comparison = statistics.compare(float(figure.exact), goal, indicator.direction)
    verdict: statistics.Verdict = "met" if comparison == "meets" else "not_met"
    if sampled:
        verdict = statistics.verdict(interval, goal, indicator.direction) if interval else "cannot_tell"
    needed, too_few = None, False
    if indicator.interval == "wilson" and figure.n and figure.numerator is not None:
        if verdict == "cannot_tell":
            needed = statistics.answers_needed(int(figure.numerator), figure.n, goal / 100, indicator.direction)
        too_few = not statistics.can_ever_clear(figure.n, goal / 100, indicator.direction)
    if figure.target and figure.target.basis == "provisional":
        verdict = "no_target"
    return _replace(figure, comparison=comparison, verdict=verdict, needed=needed, too_few=too_few)


def _cents(value: float) -> Decimal:
    return numerals.round_half_up(Fraction(value), 2)


def _total(values: Iterator[Decimal | None] | Iterable[Decimal | None]) -> Decimal | None:
    known = [value for value in values if value is not None]
    return sum(known, Decimal(0)) if known else None


def _replace(figure: Figure, **changes: Any) -> Figure:
    from dataclasses import replace

    return replace(figure, **changes)


def window_option(
    cursor: duckdb.DuckDBPyConnection, *, quarter: str | None, window: str | None, start: str | None, end: str | None, as_of: int | None = None
) -> Window:
    """The window that options ask for: a quarter means year to date unless `window` is quarter; from/to exactly those; neither, year to date to the newest month."""
    if quarter and (start or end):
        raise UsageError("--quarter 與 --from／--to 不能同時使用")
    if window not in (None, "ytd", "quarter"):
        raise UsageError(f"--window「{window}」應為 ytd 或 quarter")
    try:
        if quarter:
            chosen = period.parse_quarter(quarter)
            return chosen.window if window == "quarter" else Window.year_to_quarter(chosen)
        if start or end:
            first = period.parse_month_option(start or end or "")
            last = period.parse_month_option(end or start or "")
            if first > last:
                raise UsageError("--from 不可晚於 --to")
            return Window(first, last)
    except CellError as error:
        raise UsageError(f"期間應為{error.expected}，例如 105Q3、105-01") from error
    found = default_window(cursor, as_of)
    if window == "quarter" and found is not None:
        return period.Quarter.of(found.end).window
    if found is None:
        today = period.taipei_today()
        return Window.year_to_date(today.replace(day=1))
    return found


def dependents(dataset: str) -> list[Indicator]:
    """The indicators that are made from a dataset, directly or not."""
    direct = {name for name, indicator in all_indicators().items() if indicator.mart and dataset in datasets_behind(indicator.mart)}
    return [indicator for name, indicator in all_indicators().items() if name in direct or set(_references(indicator)) & direct]
