"""Undo (撤回): an entry taken back by another entry, so that its slots show again what they showed before it."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import duckdb

from warehouse import ledger, recompute
from warehouse.datasets import Dataset, all_datasets
from warehouse.errors import Refused, UsageError
from warehouse.ledger import Entry, Slot, Stamp
from warehouse.load import additions, closed, surveys
from warehouse.load.impact import Before, Impact
from warehouse.store import Warehouse


@dataclass(frozen=True)
class UndoResult:
    """An undo: its own id, what it took back, and what changed."""

    id: int
    undone: int
    impact: list[Impact]

    def as_json(self) -> dict[str, Any]:
        """The contract's form."""
        return {"id": self.id, "undone": self.undone, "impact": [impact.as_json() for impact in self.impact]}


def undo(warehouse: Warehouse, entry_id: int, *, by: str, reason: str, replay: Stamp | None = None) -> UndoResult:
    """Take an entry back: the slots it covered show again what they showed before it. Taking back an undo reinstates.

    The undo is an entry of its own. Raises `UsageError` for an unknown or already undone id, or without a reason, `Refused` where a closed
    quarter would change or rows would stand there twice.
    """
    if not reason.strip():
        raise UsageError("撤回須以 --reason 說明理由")
    with warehouse.reading() as cursor:
        target = ledger.entry(cursor, entry_id)
    with warehouse.writing(target.dataset) as cursor:
        target = ledger.entry(cursor, entry_id)
        if target.undone:
            raise UsageError(f"第{entry_id}號已經撤回，不能再撤回一次")
        flags, dataset, slots = _reach(cursor, entry_id)
        months = sorted({month for month, _, _ in slots})
        if locks := closed.locks_on(cursor, dataset, months):
            raise Refused([closed.refusal(locks, "再撤回")])
        before = Before.of(cursor, dataset.name, months)
        identity = ledger.next_id(warehouse.folder, cursor)
        for changed, gone in flags:
            cursor.execute("update ledger.batch set undone = ? where id = ?", [gone, changed])
        surveys.refuse_both(cursor, dataset.name)
        additions.refuse_key_twice(cursor, dataset, slots)
        ledger.append(cursor, _entry(identity, target, by, reason, replay or Stamp.now()))
        recompute.refresh(cursor, dataset.name, months, identity)
        impact = before.impact(cursor)
    ledger.settle(warehouse)
    return UndoResult(identity, entry_id, impact)


def _reach(cursor: duckdb.DuckDBPyConnection, entry_id: int) -> tuple[list[tuple[int, bool]], Dataset, list[Slot]]:
    """What taking an entry back means: which entries go or come again, and the slots that show something else then."""
    flags = list(ledger.taken_back(entry_id, ledger.undo_targets(cursor)))
    covered = ledger.entry(cursor, flags[-1][0])
    completing = [release for release, batch in ledger.releases(cursor).items() if batch == covered.id]
    slots = sorted({slot for batch in (covered.id, *completing) for slot in ledger.slots_of(cursor, batch)})
    return flags, all_datasets()[covered.dataset], slots


def _entry(identity: int, target: Entry, by: str, reason: str, stamp: Stamp) -> Entry:
    return Entry(
        id=identity, kind="undo", dataset=target.dataset, file_name=target.file_name, sha256=None, size=None, type=None, encoding=None, by_name=by,
        at_utc=stamp.at_utc, rows_read=None, rows_loaded=None, rows_held=None, ignored={}, findings=[], accepted=[], options={}, reason=reason,
        undoes=target.id, undone=False, is_sample=target.is_sample, app_version=stamp.app_version,
    )  # fmt: skip
