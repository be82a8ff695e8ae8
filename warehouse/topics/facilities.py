"""設施與維護: what stands now and since when, what changed, and what was done to keep it."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from decimal import Decimal

import duckdb

from warehouse.period import Window
from warehouse.privacy import masked, masked_if_any
from warehouse.store import query


@dataclass(frozen=True)
class Fact:
    """A facility or service as it stands on the last day of the window. ended: its last day, where that is told; before: what it was before this,
    where it was anything (its value, or its words)."""

    item: str
    site: str
    value: Decimal | None
    words: str | None
    unit: str | None
    since: date
    ended: date | None
    before: Decimal | str | None


@dataclass(frozen=True)
class Upkeep:
    """One piece of maintenance. failed: its result says that it did not pass."""

    day: date
    equipment: str
    action: str
    result: str | None

    @property
    def failed(self) -> bool:
        """Whether something did not pass a test."""
        return "不合格" in (self.result or "")


@dataclass(frozen=True)
class Facilities:
    """What the screen shows over a window. changes: facts that began in it, but for the first inventory, or ended in it, newest first."""

    facts: tuple[Fact, ...]
    changes: tuple[Fact, ...]
    upkeep: tuple[Upkeep, ...]

    @property
    def failing(self) -> tuple[Upkeep, ...]:
        """What did not pass and has not been done again since with a better result."""
        newest: dict[tuple[str, str], Upkeep] = {}
        for each in sorted(self.upkeep, key=lambda each: each.day):
            newest[each.equipment, each.action] = each
        return tuple(each for each in newest.values() if each.failed)


def read(cursor: duckdb.DuckDBPyConnection, window: Window, site: str = "all") -> Facilities:
    """Facilities as they stand on the last day of a window, those of a site or of all; maintenance of its months, which is of the office as a whole."""
    last = window.last_day
    rows = query(
        cursor,
        """select item, site_code, value, text_value, unit, valid_from, valid_to,
            lag(value) over earlier as value_before, lag(text_value) over earlier as words_before from stg_facility_fact
        where valid_from <= ? and (? = 'all' or site_code = ?)
        window earlier as (partition by item, site_code order by valid_from)
        qualify row_number() over (partition by item, site_code order by valid_from desc) = 1 order by item, site_code""",
        [last, site, site],
    )
    known = [
        Fact(
            row["item"],
            row["site_code"],
            row["value"],
            masked_if_any(row["text_value"]),
            row["unit"],
            row["valid_from"],
            row["valid_to"],
            row["value_before"] if row["value_before"] is not None else masked_if_any(row["words_before"]),
        )
        for row in rows
    ]
    inventory = min((fact.since for fact in known), default=last)
    changes = [fact for fact in known if fact.since >= window.start and fact.since > inventory or (fact.ended is not None and window.start <= fact.ended <= last)]
    upkeep = cursor.execute(
        "select done_on, equipment, action, result from stg_maintenance_log where month between ? and ? order by done_on desc, equipment, action",
        [window.start, window.end],
    ).fetchall()
    return Facilities(
        tuple(fact for fact in known if fact.ended is None or fact.ended > last),
        tuple(sorted(changes, key=lambda fact: fact.since, reverse=True)),
        tuple(Upkeep(day, equipment, masked(action), masked_if_any(result)) for day, equipment, action, result in upkeep),
    )
