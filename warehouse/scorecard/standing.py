"""What stands, now or right after an entry of the ledger: live slots, and the version of the figures."""

from __future__ import annotations

from collections import defaultdict
from datetime import date

import duckdb

from warehouse import ledger

#: A slot's live rows of one batch: dataset, month, site, part, batch, how many.
Slot = tuple[str, date, str, str, int, int]


def live_slots(cursor: duckdb.DuckDBPyConnection, as_of: int | None = None) -> list[Slot]:
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


def slot_numbers(cursor: duckdb.DuckDBPyConnection, as_of: int | None) -> list[tuple[int, str, date, str]]:
    """(slot, dataset, month, site) of what is live, now or right after an entry."""
    live = {(batch, dataset, month, site, part) for dataset, month, site, part, batch, _ in live_slots(cursor, as_of)}
    rows = cursor.execute("select slot, batch_id, dataset, month, site_code, part from ledger.batch_slot").fetchall()
    return [(slot, dataset, month, site) for slot, batch, dataset, month, site, part in rows if (batch, dataset, month, site, part) in live]


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
