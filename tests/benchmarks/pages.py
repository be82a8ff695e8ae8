"""The first page's data over 10^4, 10^6 and 10^7 survey answers: the cost must not grow with the rows.

    python -m tests.benchmarks.pages                 # 10,000 and 1,000,000 rows
    python -m tests.benchmarks.pages --largest       # and 10,000,000

All three warehouses hold the sample besides; what the director's page asks for is fetched uncached, interleaved, 25 times each.
"""

from __future__ import annotations

import argparse
import shutil
import statistics
import tempfile
import time
from pathlib import Path

from pages import _data, _data_home
from tests.benchmarks.load import make
from warehouse import ledger
from warehouse.intake import Source
from warehouse.load import Request, load_file, open_warehouse
from warehouse.period import Window
from warehouse.samples import load_sample
from warehouse.scorecard import ALL_SITES, Snapshot
from warehouse.store import Warehouse


def first_page(warehouse: Warehouse) -> float:
    """Seconds for what the director's page does uncached: one transaction for all that figures are made of, then the page from that alone."""
    start = time.perf_counter()
    with warehouse.reading() as cursor:
        snapshot = Snapshot.of(cursor)
        ledger.holds_sample(cursor)
    assert snapshot.newest_month is not None
    window = Window.year_to_date(snapshot.newest_month)
    standings = _data_home.standings_of(snapshot, _data.trail(window, _data_home.SPAN))
    _data_home.home_of(snapshot, window, ALL_SITES, window.last_day, standings)
    return time.perf_counter() - start


def main() -> None:
    parser = argparse.ArgumentParser()
    parser.add_argument("--largest", action="store_true")
    options = parser.parse_args()
    sizes = [10_000, 1_000_000] + ([10_000_000] if options.largest else [])
    scratch = Path(tempfile.mkdtemp(prefix="service-quality-benchmark-"))
    try:
        warehouses = {}
        for rows in sizes:
            csv = scratch / f"{rows}.csv"
            make(csv, rows, 0.0)
            warehouse = open_warehouse(scratch / str(rows))
            load_sample(warehouse)
            result = load_file(warehouse, Source(csv.name, csv), Request(by="benchmark", accept=frozenset(["all"])))
            print(f"{rows:>12,} rows: {result.outcome}")
            csv.unlink()
            warehouses[rows] = warehouse
        times: dict[int, list[float]] = {rows: [] for rows in sizes}
        for _ in range(25):
            for rows, warehouse in warehouses.items():
                times[rows].append(first_page(warehouse))
        base = statistics.median(times[sizes[0]])
        for rows in sizes:
            middle = statistics.median(times[rows])
            print(f"{rows:>12,} rows: {1000 * middle:.1f} ms, {middle / base:.2f} of the smallest")
    finally:
        shutil.rmtree(scratch, ignore_errors=True)


if __name__ == "__main__":
    main()
