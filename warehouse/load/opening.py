"""The warehouse opened and brought to order after a crash or a new version."""

from __future__ import annotations

import shutil
from pathlib import Path

from warehouse import exchange, journal, ledger, recompute
from warehouse.store import Warehouse


def open_warehouse(folder: Path, *, read_only: bool = False) -> Warehouse:
    """Open the store and bring it to order after a crash or a new version: a restore half done, receipts unwritten, copies without a name,
    changed definitions."""
    warehouse = Warehouse.open(folder, read_only=read_only)
    if not read_only:
        try:
            if exchange.is_sealed(folder):
                with warehouse.set_aside():
                    exchange.finish(folder)
            bring_to_order(warehouse)
        except BaseException:
            warehouse.close()
            raise
    return warehouse


def bring_to_order(warehouse: Warehouse) -> None:
    """What is done whenever a database file is opened: figures by today's definitions, receipts, and what was never finished removed."""
    with warehouse.reading() as cursor:
        stale = recompute.definitions_in_use(cursor) != recompute.structure_hash()
        newest = ledger.last_id(cursor)
    if stale and newest:
        with warehouse.writing(None) as cursor:
            recompute.refresh_all(cursor, newest)
    with warehouse.reading() as cursor:
        ledger.write_receipts(warehouse.folder, cursor)
        journal.write(warehouse.folder, cursor)
    for unfinished in (warehouse.folder / "files").glob(".*"):
        unfinished.unlink(missing_ok=True)
    for unfinished in (*warehouse.folder.glob(".backup-*"), exchange.staged(warehouse.folder)):
        shutil.rmtree(unfinished, ignore_errors=True)
