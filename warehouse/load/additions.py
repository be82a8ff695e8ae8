"""Rows added to what a slot has, by form or mended: whether they can join it, and that none of them stands there twice."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import replace

import duckdb

from warehouse import ledger, period
from warehouse.datasets import Dataset, all_datasets, dataset_named
from warehouse.errors import Finding, Refused, UsageError
from warehouse.ledger import Slot
from warehouse.load.results import Request
from warehouse.load.staged import Staged


def told_by_batch(cursor: duckdb.DuckDBPyConnection, request: Request, batch: int) -> Request:
    """A release is of the dataset, and unless it says otherwise of the year, of the batch whose held rows it brings.

    Raises `UsageError` for a batch that held none, or that is of another dataset than asked for.
    """
    entry = ledger.entry(cursor, batch)
    if entry.kind != "load" or not entry.rows_held:
        raise UsageError(f"第{batch}號沒有暫存待改正的列")
    if request.dataset and dataset_named(request.dataset).name != entry.dataset:
        raise UsageError(f"第{batch}號是「{all_datasets()[entry.dataset].title}」，不能以另一種報表補正")
    return replace(request, dataset=entry.dataset, year=request.year or entry.options.get("year"))


def not_to_release(staged: Staged, batch: int) -> list[Finding]:
    """`E-RELEASE`: mended rows join only the batch that held them: while it shows, in no month that another file has taken, no more than it holds."""
    waiting = ledger.held(staged.cursor).get(batch, 0)
    if not waiting:
        undone = ledger.entry(staged.cursor, batch).undone
        found = f"第{batch}號{'已撤回' if undone else '待改正的列已全數補正，或已由後來的檔案取代'}"
        return [_no_release(found, "還有列待改正的入庫", "若要更動已入庫的資料，請把整份檔案改正後重新上傳")]
    findings = []
    if staged.screening.loaded > waiting:
        found = f"有{staged.screening.loaded:,}列，第{batch}號待改正的是{waiting:,}列"
        findings.append(_no_release(found, "只有暫存待改正的那幾列", "請刪去已入庫的列後重新上傳"))
    for slot, batches in staged.live_batches().items():
        owner = next((other for other in batches if ledger.entry(staged.cursor, other).kind == "load"), batch)
        if owner != batch:
            found = f"{period.roc_month(slot[0])}現在是第{owner}號的資料，不是第{batch}號"
            findings.append(_no_release(found, f"第{batch}號的月份與處所", "請把整份檔案改正後重新上傳"))
    return findings


def keys_already_there(staged: Staged) -> list[Finding]:
    """`E-DUP-KEY`: a row keyed into a form or mended whose key a live row of its slot has."""
    return [finding for slot in staged.screening.slots if (finding := _key_already_there(staged, slot))]


def _key_already_there(staged: Staged, slot: Slot) -> Finding | None:
    dataset = staged.dataset
    same = " and ".join(f"other.{name} is not distinct from mine.{name}" for name in dataset.key)
    rows = staged.query(
        f"""select live_slot.batch_id, other._row from raw.{dataset.name} as mine
        inner join raw.{dataset.name} as other on {same}
        inner join ledger.live_slot on live_slot.slot = other._slot and live_slot.dataset = ?
        where mine._batch_id = ? and live_slot.month = ? and live_slot.site_code = ? and live_slot.part = ? order by 1, 2 limit 1""",
        [dataset.name, staged.batch, *slot],
    )
    if not rows:
        return None
    batch, row = rows[0]
    entry = ledger.entry(staged.cursor, batch)
    place = f"第{entry.id}號（{entry.file_name}）第{row}列" if entry.file_name else f"第{entry.id}號表單"
    return _key_twice(dataset, f"{period.roc_month(slot[0])}已有相同的一筆，在{place}", "若同一筆不必再登錄；若不是同一筆，請改正後再送一次")


def refuse_key_twice(cursor: duckdb.DuckDBPyConnection, dataset: Dataset, slots: Iterable[Slot]) -> None:
    """An undo may not bring back a row whose key was meanwhile keyed in by form, or mended."""
    keyed = [slot for slot, batches in ledger.live_batches(cursor, dataset.name, slots).items() if len(batches) > 1]
    keys = ", ".join(f"raw.{name}" for name in dataset.key)
    for slot in keyed:
        row = cursor.execute(
            f"""select min(live_slot.batch_id), max(live_slot.batch_id) from raw.{dataset.name} as raw
            inner join ledger.live_slot on live_slot.slot = raw._slot and live_slot.dataset = ?
            where live_slot.month = ? and live_slot.site_code = ? and live_slot.part = ? group by {keys} having count(*) > 1 order by 2 limit 1""",
            [dataset.name, *slot],
        ).fetchone()
        if row:
            found = f"撤回後，{period.roc_month(slot[0])}的第{row[0]}號與第{row[1]}號會有相同的一筆"
            raise Refused([_key_twice(dataset, found, f"請先撤回第{row[1]}號，再撤回這一號")])


def _no_release(found: str, expected: str, mend: str) -> Finding:
    return Finding.of("E-RELEASE", "file", found=found, expected=expected, mend=mend)


def _key_twice(dataset: Dataset, found: str, mend: str) -> Finding:
    heading = dataset.column_of(dataset.key[0]).heading
    return Finding.of("E-DUP-KEY", "file", column=heading, found=found, expected="同一月份、同一處所內不重複", mend=mend)
