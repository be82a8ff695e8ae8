"""Which day counts as today for what is open, late or about to end."""

from __future__ import annotations

from datetime import date

import duckdb

from warehouse import ledger

#: In a warehouse that holds nothing but the sample it is always this day, so that nothing there is late.
SAMPLE_TODAY = date(2016, 10, 5)


def today(cursor: duckdb.DuckDBPyConnection, machine_day: date) -> date:
    """The machine's day, or `SAMPLE_TODAY` in a warehouse of the sample alone."""
    return SAMPLE_TODAY if ledger.only_sample(cursor) else machine_day
