"""The 105 sample: one file per dataset and month as the office would send it. Totals equal the report of 105年第3季; months and sites are invented."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

from warehouse.intake import Source
from warehouse.load import LoadResult, Request, load_file
from warehouse.store import Warehouse

FOLDER = Path(__file__).parent

#: Said on every page while any live row is of the sample.
NOTICE = "示範資料：累計同105年第3季報告，各月及分處所數字為虛構"


def sample_files() -> list[Path]:
    """The files, dataset by dataset, in the order in which the office would send them."""
    return sorted(FOLDER.glob("*/*.csv")) + sorted(FOLDER.glob("*/*.txt"))


def load_sample(warehouse: Warehouse, progress: Callable[[str], None] = lambda _: None) -> list[LoadResult]:
    """Load the sample through the ordinary loader; files already there are `unchanged`."""
    results = []
    for path in sample_files():
        progress(path.name)
        results.append(load_file(warehouse, Source(path.name, path), Request(by="示範", is_sample=True)))
    warehouse.checkpoint()
    return results
