"""Rows behind the lists of the report, as they stood at an entry of the ledger, and which of the figures each of them is."""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import Any

import duckdb

from warehouse import scorecard
from warehouse.datasets import dataset_named
from warehouse.indicators import Indicator, all_indicators
from warehouse.period import Window
from warehouse.privacy import masked
from warehouse.store import query, rows_of

_SUM_OF = re.compile(r"sum\((\w+)\)")


@dataclass(frozen=True)
class Row:
    """A row of a dataset: its columns, and for a column that is a figure of its own the indicator (`persons` → `outreach_1050303_persons`)."""

    values: dict[str, Any]
    figures: dict[str, str]

    def __getitem__(self, column: str) -> Any:
        return self.values[column]


def rows(cursor: duckdb.DuckDBPyConnection, name: str, window: Window, as_of: int | None = None) -> list[Row]:
    """The rows of a dataset whose slot lies in the window (of one that holds until changed: up to its end), oldest first.

    Columns of free text are left out, and what tells who somebody is is masked in the others.
    """
    dataset = dataset_named(name)
    slots = [slot for slot, owner, *_ in scorecard.slot_numbers(cursor, as_of) if owner == name]
    if not slots:
        return []
    relation = f"(select * from ledger.batch_slot where slot in ({', '.join(map(str, slots))}))"
    plain = {*dataset.choices, *dataset.key, "site_code"}
    free = {column.name for column in dataset.columns if column.kind.free_text and column.name not in dataset.key}
    found = [
        {column: masked(value) if isinstance(value, str) and column not in plain else value for column, value in row.items() if column not in free}
        for row in query(cursor, f"select * from ({rows_of(dataset, relation)}) order by month, _batch_id, _row")
        if row["month"] <= window.end and (dataset.reference or row["month"] >= window.start)
    ]
    figures = _figures_of_rows(cursor, name, rows_of(dataset, relation))
    return [Row(row, figures.get((row["_batch_id"], row["_row"]), {})) for row in found]


def _figures_of_rows(cursor: duckdb.DuckDBPyConnection, name: str, relation: str) -> dict[tuple[int, int], dict[str, str]]:
    """(batch, row) → column → the indicator that is this very cell: those whose condition picks rows and whose sum takes one column of them."""
    found: dict[tuple[int, int], dict[str, str]] = {}
    for indicator in all_indicators().values():
        column = _column(indicator)
        if column is None or name not in indicator.source or not indicator.where:
            continue
        picked = cursor.execute(f"select _batch_id, _row from ({relation}) as picked where {indicator.where}").fetchall()
        if len(picked) == 1:
            found.setdefault(picked[0], {})[column] = indicator.id
    return found


def _column(indicator: Indicator) -> str | None:
    """The column of which a block takes a single cell: of events listed one by one, and of facts."""
    if indicator.from_month and indicator.numerator:
        if "date_diff" in indicator.numerator:
            return "hours"
        taken = _SUM_OF.match(indicator.numerator)
        return taken[1] if taken else None
    return "value" if indicator.mart == "mart_facility_facts" else None
