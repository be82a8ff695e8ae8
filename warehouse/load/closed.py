"""Closed quarters (已鎖定): what a file or an undo would change in them."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from datetime import UTC, date

import duckdb

from warehouse import ledger, period, scorecard
from warehouse.datasets import Dataset
from warehouse.errors import Finding
from warehouse.ledger import Closing
from warehouse.load.staged import Staged


def changes(staged: Staged) -> list[Finding]:
    """`E-BIZ-30`: a closed quarter stays as it was closed; slots that the file has just as they are do not count."""
    locks = locks_on(staged.cursor, staged.dataset, staged.screening.months)
    touched = {
        slot[0]: locks[slot[0]]
        for ordinal, slot in enumerate(staged.screening.slots)
        if slot[0] in locks and _differs(staged, staged.first_slot + ordinal, slot)
    }
    return [refusal(touched, "再重新上傳")] if touched else []


def locks_on(cursor: duckdb.DuckDBPyConnection, dataset: Dataset, months: Iterable[date]) -> dict[date, Closing]:
    """Of these months the closed ones. What no figure or target comes from may be written at any time."""
    if dataset.reference and dataset.name != "target" and not scorecard.dependents(dataset.name):
        return {}
    closed = ledger.closed_quarters(cursor)
    return {month: lock for month in months if (lock := ledger.lock_on(closed, month, lasting=dataset.reference))}


def refusal(locks: Mapping[date, Closing], then: str) -> Finding:
    """`E-BIZ-30` for these months; then: what to do once the quarter is opened again."""
    months = "、".join(period.roc_month(month) for month in sorted(locks)[:4])
    lock = max(locks.values(), key=lambda closing: closing.quarter)
    when = period.roc_date(lock.at_utc.replace(tzinfo=UTC).astimezone(period.TAIPEI).date())
    return Finding.of(
        "E-BIZ-30",
        "file",
        found=f"會更動{months}，而{lock.quarter.label}已鎖定（{lock.by_name}，{when}；該季報告累計自1月起）",
        expected="未鎖定的期間",
        mend=f"如確須更動，請主管先解除鎖定並填寫理由，{then}",
    )


def _differs(staged: Staged, number: int, slot: ledger.Slot) -> bool:
    """Whether the rows of the file's slot are others than the live ones."""
    dataset = staged.dataset
    columns = ", ".join(f"raw.{name}" for name in dataset.stored)
    mine = f"select {columns} from raw.{dataset.name} as raw where raw._slot = ?"
    live = f"""select {columns} from raw.{dataset.name} as raw inner join ledger.live_slot on live_slot.slot = raw._slot and live_slot.dataset = ?
        where live_slot.month = ? and live_slot.site_code = ? and live_slot.part = ?"""
    there = [dataset.name, *slot]
    return bool(staged.query(f"({mine} except all {live}) union all ({live} except all {mine}) limit 1", [number, *there, *there, number]))
