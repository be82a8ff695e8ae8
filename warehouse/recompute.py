"""From marts to `indicator_month`: numerator and denominator by indicator, site and month, append-only by data version.

Only the months that a change touched are computed; a row is appended where the outcome differs from the newest one, and a row of nulls where
there is nothing any more. The division happens elsewhere, and last.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection, Iterable
from datetime import UTC, date, datetime
from decimal import Decimal
from typing import NamedTuple

import duckdb

from warehouse import period
from warehouse.datasets import all_datasets
from warehouse.errors import DefinitionError
from warehouse.indicators import Indicator, all_indicators
from warehouse.store import append_rows, datasets_behind, structure_hash


class Cell(NamedTuple):
    """What is kept of one indicator, site and month; all null where there are no data."""

    numerator: Decimal | None
    denominator: Decimal | None
    sum_of_squares: Decimal | None
    latest_value: str | None


_EMPTY = Cell(None, None, None, None)
_NOUGHT = Cell(Decimal("0.0000"), None, None, None)
Key = tuple[str, str, date]


def compute(cursor: duckdb.DuckDBPyConnection, indicators: Iterable[Indicator], months: Collection[date] | None) -> dict[Key, Cell]:
    """Compute indicators afresh from the marts, for these months (None: all of them). One statement for each mart."""
    by_mart: dict[str, list[Indicator]] = defaultdict(list)
    for indicator in indicators:
        if indicator.mart:
            by_mart[indicator.mart].append(indicator)
    found: dict[Key, Cell] = {}
    for mart, members in by_mart.items():
        try:
            rows = cursor.execute(_statement(mart, members, months), list(months or [])).fetchall()
        except (duckdb.ProgrammingError, duckdb.DataError) as error:
            raise DefinitionError(f"指標區塊的運算式有誤（{mart}）：{error}") from error
        for name, site, month, *values in rows:
            cell = Cell(*values)
            if name is None:
                for indicator in filter(_counts_a_register, members):
                    found.setdefault((indicator.id, site, month), _NOUGHT)
            elif cell != _EMPTY:
                found[(name, site, month)] = cell
    return found


def refresh(cursor: duckdb.DuckDBPyConnection, dataset: str, months: Collection[date], entry_id: int) -> list[str]:
    """Bring `indicator_month` up to date after rows of a dataset changed in these months, as a new data version. In the caller's transaction.

    Returns the ids of the indicators of which any month changed.
    """
    version = new_version(cursor, entry_id)
    changed: list[str] = []
    for scope, members in _affected(dataset, months).items():
        changed += _append(cursor, members, None if scope is None else set(scope), version)
    return changed + _derived_from(changed)


def refresh_all(cursor: duckdb.DuckDBPyConnection, entry_id: int) -> list[str]:
    """Recompute everything as a new version: after definitions changed, or for `rebuild`. Rows of indicators that are gone become null."""
    version = new_version(cursor, entry_id)
    return _append(cursor, list(all_indicators().values()), None, version, gone=True)


def definitions_in_use(cursor: duckdb.DuckDBPyConnection) -> str | None:
    """The hash of the definitions by which the newest version was computed."""
    row = cursor.execute("select arg_max(definitions, version) from ledger.version").fetchone()
    return row[0] if row else None


def differences(cursor: duckdb.DuckDBPyConnection) -> list[tuple[Key, Cell, Cell]]:
    """Where `indicator_month` is not what a full recomputation gives: key, kept, computed. Empty when sound."""
    kept = _current(cursor, None, None)
    fresh = compute(cursor, all_indicators().values(), None)
    keys = kept.keys() | fresh.keys()
    return [(key, kept.get(key, _EMPTY), fresh.get(key, _EMPTY)) for key in sorted(keys) if kept.get(key, _EMPTY) != fresh.get(key, _EMPTY)]


def _statement(mart: str, members: list[Indicator], months: Collection[date] | None) -> str:
    scope = "" if months is None else f"where month in ({', '.join('?' for _ in months)})"
    parts = [
        f"""select '{indicator.id}' as indicator_id, site_code, month,
            cast({indicator.numerator or "null"} as decimal(30,4)), cast({indicator.denominator or "null"} as decimal(30,4)),
            cast({indicator.sum_of_squares or "null"} as decimal(34,4)), {_latest_of(indicator)}
            from rows_of_mart {f"where {indicator.where}" if indicator.where else ""} group by site_code, month"""
        for indicator in members
    ]
    parts.append("select null, site_code, month, null, null, null, null from rows_of_mart group by site_code, month")
    return f"with rows_of_mart as materialized (select * from {mart} {scope}) " + " union all ".join(parts)


def _counts_a_register(indicator: Indicator) -> bool:
    """Whether a month that has entries, but none of this kind, counts nought: so in a register of events, not in a table that lacks a figure,
    nor for a single listed event."""
    kept_as_register = all(not all_datasets()[name].monthly and not all_datasets()[name].reference for name in indicator.source)
    return indicator.kind == "additive" and indicator.denominator is None and indicator.where is not None and indicator.from_month is None and kept_as_register


def _latest_of(indicator: Indicator) -> str:
    """A fact that ended is kept as an empty word, so that it is told from one that nobody knows of."""
    plain = f"cast({indicator.latest or 'null'} as varchar)"
    return f"coalesce({plain}, '')" if indicator.carry else plain


def _affected(dataset: str, months: Collection[date]) -> dict[tuple[date, ...] | None, list[Indicator]]:
    """Indicators that depend on a dataset, by the months of theirs that a change in these months may alter (None: any month)."""
    found: dict[tuple[date, ...] | None, list[Indicator]] = defaultdict(list)
    for indicator in all_indicators().values():
        if indicator.mart is None or dataset not in datasets_behind(indicator.mart):
            continue
        if indicator.carry or all_datasets()[dataset].reference:
            found[None].append(indicator)
        else:
            reach = {period.add_months(month, ahead) for month in months for ahead in range(indicator.lookback + 1)}
            found[tuple(sorted(reach))].append(indicator)
    return found


def _derived_from(changed: list[str]) -> list[str]:
    return [
        indicator.id
        for indicator in all_indicators().values()
        if indicator.kind == "derived" and (set(indicator.sum) & set(changed) or indicator.grade in changed)
    ]


def _append(
    cursor: duckdb.DuckDBPyConnection, members: list[Indicator], months: set[date] | None, version: int, *, gone: bool = False
) -> list[str]:
    kept = _current(cursor, None if gone else [indicator.id for indicator in members], months)
    fresh = compute(cursor, members, months)
    rows = [
        (*key, *fresh.get(key, _EMPTY), version)
        for key in sorted(kept.keys() | fresh.keys())
        if kept.get(key, _EMPTY) != fresh.get(key, _EMPTY)
    ]
    if rows:
        append_rows(cursor, "indicator_month", rows)
    return list(dict.fromkeys(row[0] for row in rows))


def _current(cursor: duckdb.DuckDBPyConnection, names: list[str] | None, months: set[date] | None) -> dict[Key, Cell]:
    rows = cursor.execute(
        "select indicator_id, site_code, month, numerator, denominator, sum_of_squares, latest_value from indicator_now"
    ).fetchall()
    wanted = None if names is None else set(names)
    return {
        (name, site, month): Cell(*values)
        for name, site, month, *values in rows
        if (wanted is None or name in wanted) and (months is None or month in months) and Cell(*values) != _EMPTY
    }


def new_version(cursor: duckdb.DuckDBPyConnection, entry_id: int, *, above: int = 0) -> int:
    """A data version for an entry of the ledger, whether figures change by it or not; higher than `above`. In the caller's transaction."""
    row = cursor.execute("select greatest(coalesce(max(version), 0), ?) + 1 from ledger.version", [above]).fetchone()
    assert row is not None
    moment = datetime.now(UTC).replace(tzinfo=None)
    cursor.execute("insert into ledger.version values (?, ?, ?, ?)", [row[0], entry_id, structure_hash(), moment])
    return int(row[0])
