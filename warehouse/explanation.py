"""What the working group says of an indicator in a period: written by form, never overwritten, the newest counts."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection
from dataclasses import dataclass
from datetime import date, datetime

import duckdb

from warehouse import period, scorecard
from warehouse.form import enter
from warehouse.load import LoadResult
from warehouse.store import Warehouse, query


@dataclass(frozen=True)
class Explanation:
    """One explanation. month: the last of its period; author: who it is by; batch, by_name, at_utc: the entry of the ledger, who made it and when."""

    indicator: str
    month: date
    text: str
    author: str
    batch: int
    by_name: str
    at_utc: datetime


def explain(warehouse: Warehouse, indicator: str, month: date, text: str, by: str, *, accept: Collection[str] = ()) -> LoadResult:
    """Write an explanation of an indicator for the period that ends in a month. Refused as an entry by form is; an unknown indicator with `E-INDICATOR`."""
    values = {"indicator": indicator, "month": period.roc_month(month), "text": text, "author": by}
    return enter(warehouse, "explanation", values, by, accept=accept)


def explanations(cursor: duckdb.DuckDBPyConnection, *, month: date | None = None, as_of: int | None = None) -> dict[tuple[str, date], list[Explanation]]:
    """(indicator, month) → its explanations, the newest first; of one month only, or as they stood right after an entry of the ledger."""
    live = {(slot_month, part, batch) for dataset, slot_month, _, part, batch, _ in scorecard.live_slots(cursor, as_of) if dataset == "explanation"}
    rows = query(
        cursor,
        """select raw.indicator, raw.month, raw.text, raw.author, raw._batch_id as batch, batch.by_name, batch.at_utc
        from raw.explanation as raw inner join ledger.batch on batch.id = raw._batch_id
        where raw.month = coalesce(?, raw.month) order by raw._batch_id desc, raw._row desc""",
        [month],
    )
    found: dict[tuple[str, date], list[Explanation]] = defaultdict(list)
    for row in rows:
        if (row["month"], row["indicator"], row["batch"]) in live:
            found[(row["indicator"], row["month"])].append(Explanation(**row))
    return dict(found)
