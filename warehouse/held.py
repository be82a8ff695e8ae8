"""Rows held back from a load: found again in the kept file, to be shown, mended and released.

Only their number stands in the ledger; the rows themselves stand where they were given, in the file's own bytes.
"""

from __future__ import annotations

from collections import defaultdict
from dataclasses import dataclass

from warehouse import ledger
from warehouse.correction import workbook_of_rows
from warehouse.errors import Finding, Unavailable, UsageError
from warehouse.intake import NotPlain, Source, plain_grid
from warehouse.keep import kept_file
from warehouse.ledger import Entry, Stamp
from warehouse.screen import Screening, screen
from warehouse.store import Warehouse


@dataclass(frozen=True)
class HeldRow:
    """A row as it stands in the file, under its number there, and why it was held."""

    number: int
    cells: tuple[str, ...]
    findings: tuple[Finding, ...]


@dataclass(frozen=True)
class Held:
    """What a batch holds back: the headings of its file, the rows, and how many of them no release has brought yet."""

    headings: tuple[str, ...]
    rows: tuple[HeldRow, ...]
    waiting: int


def held_rows(warehouse: Warehouse, batch: int) -> Held:
    """The rows that a load held, read again from its kept file as of the day it was loaded.

    A batch that held none is a `UsageError`; a kept file that is gone is `Unavailable`.
    """
    with warehouse.reading() as cursor:
        entry, waiting = ledger.entry(cursor, batch), ledger.held(cursor).get(batch, 0)
    screening = _screened(warehouse, entry)
    *_, rows = plain_grid(screening.source, screening.sheet)
    reasons: dict[int, list[Finding]] = defaultdict(list)
    for finding in screening.findings:
        if finding.row is not None and finding.level == "row":
            reasons[finding.row].append(finding)
    width = len(screening.sheet.names)
    held = tuple(HeldRow(number, tuple(rows[number - 1][:width]), tuple(reasons[number])) for number in sorted(screening.held))
    return Held(tuple(screening.sheet.names), held, waiting)


def held_workbook(warehouse: Warehouse, batch: int) -> bytes:
    """The held rows as a correction workbook: mended, it is given back as the release of its batch. Errors as those of `held_rows`."""
    with warehouse.reading() as cursor:
        entry = ledger.entry(cursor, batch)
    screening = _screened(warehouse, entry)
    return workbook_of_rows(screening.source, screening.sheet, screening.held, screening.findings)


def _screened(warehouse: Warehouse, entry: Entry) -> Screening:
    if not entry.rows_held or not entry.sha256:
        raise UsageError(f"第{entry.id}號沒有暫存待改正的列")
    path = kept_file(warehouse.folder, entry.sha256)
    if not path.is_file():
        raise Unavailable(f"第{entry.id}號留存的原始檔不見了，無法列出待改正的列")
    source = Source(entry.file_name or "", path)
    try:
        return _read(source, entry, strict=False)
    except NotPlain:
        return _read(source, entry, strict=True)


def _read(source: Source, entry: Entry, *, strict: bool) -> Screening:
    today = Stamp(entry.at_utc, entry.app_version).today(entry.options)
    screening = screen(source, today=today, dataset=entry.dataset, year=entry.options.get("year"), strict=strict)
    for _ in screening.frames():
        pass
    return screening
