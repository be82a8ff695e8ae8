"""Figures that an earlier report printed and of which the warehouse has no rows: 季報登載值（無明細）. They stand beside figures, never in a sum."""

from __future__ import annotations

import csv
import io
from collections.abc import Collection, Mapping
from dataclasses import dataclass
from decimal import Decimal

import duckdb

from warehouse import reconcile, scorecard
from warehouse.indicators import indicator_named
from warehouse.intake import Source
from warehouse.load import LoadResult, Request, load_file
from warehouse.period import Quarter
from warehouse.store import Warehouse, query

#: How the words of a report mark such a figure.
MARK = "季報登載值，無明細"


@dataclass(frozen=True)
class Published:
    """A figure as an earlier report printed it, of the year up to the end of its quarter. value: a number where it is one, else the word."""

    indicator: str
    quarter: Quarter
    value: Decimal | str
    document: str
    batch: int

    @property
    def text(self) -> str:
        """As the report prints it now: 1萬6,853件."""
        return scorecard.printed(self.value, indicator_named(self.indicator).unit) or ""


def published(cursor: duckdb.DuckDBPyConnection, *, as_of: int | None = None) -> dict[tuple[str, Quarter], Published]:
    """(indicator, quarter) → its published figure, now or right after an entry of the ledger."""
    live = {(month, part, batch) for dataset, month, _, part, batch, _ in scorecard.live_slots(cursor, as_of) if dataset == "published_figure"}
    rows = query(cursor, "select quarter, indicator, value, document, _batch_id from raw.published_figure order by _batch_id, _row") if live else []
    found: dict[tuple[str, Quarter], Published] = {}
    for row in rows:
        if (row["quarter"], row["indicator"], row["_batch_id"]) in live:
            quarter, told = Quarter.of(row["quarter"]), reconcile.number_of(row["value"])
            value = row["value"] if told is None else told
            found[(row["indicator"], quarter)] = Published(row["indicator"], quarter, value, row["document"], row["_batch_id"])
    return found


def keep_published(
    warehouse: Warehouse, quarter: Quarter, values: Mapping[str, str], document: str, by: str, *, accept: Collection[str] = ()
) -> LoadResult:
    """Load figures that were confirmed one by one, through the ordinary loader. values: indicator → as printed; document: the name of the old report.

    A figure that was kept before and is another now asks, as any file does that replaces rows; `accept` answers.
    """
    stream = io.StringIO()
    writer = csv.writer(stream, lineterminator="\r\n")
    writer.writerow(["季別", "指標代碼", "登載值", "登載文件"])
    writer.writerows([quarter.label, indicator, value, document] for indicator, value in values.items())
    source = Source(f"{quarter.label}季報登載值.csv", stream.getvalue().encode("utf-8-sig"))
    return load_file(warehouse, source, Request(by=by, dataset="published_figure", accept=frozenset(accept)))
