"""Which day counts as today for what is open, late or about to end."""

from __future__ import annotations

from datetime import date

import duckdb

from warehouse import ledger

#: In a warehouse that holds nothing but the sample it is always this day, so that nothing there is late.
SAMPLE_TODAY = date(2016, 10, 5)


def today(cursor: duckdb.DuckDBPyConnection, machine_day: date) -> date:
    """The machine's day, or `SAMPLE_TODAY` where all that is live is the sample."""
    own = cursor.execute("select count(*) from ledger.batch where kind <> 'undo' and not is_sample and not undone").fetchone()
    return SAMPLE_TODAY if ledger.holds_sample(cursor) and own is not None and not own[0] else machine_day
