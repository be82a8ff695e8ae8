"""What was decided on a difference between a printed report and the warehouse: rows that stay, the newest counts."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

import duckdb

from warehouse import journal, ledger
from warehouse.errors import UsageError
from warehouse.period import Quarter
from warehouse.store import Warehouse, query

#: What can be decided, with the word for it.
DECISIONS: dict[str, str] = {
    "computed": "以資料庫的數字為準",
    "printed": "原報告正確，另行更正資料",
    "rounding": "尾數差，不另更正",
    "ask": "待業務單位確認",
    "other": "其他（見說明）",
}
LONGEST_NOTE = 500


@dataclass(frozen=True)
class Decision:
    """One decision. sha256, file_name: the report it is about; subject: an indicator or the text that could not be placed; sentence: the difference as stated."""

    id: int
    quarter: str
    sha256: str
    file_name: str
    subject: str
    sentence: str
    decision: str
    note: str | None
    by_name: str
    at_utc: datetime

    @property
    def word(self) -> str:
        """What was decided, in words."""
        return DECISIONS[self.decision]


def decisions(cursor: duckdb.DuckDBPyConnection, quarter: Quarter, sha256: str) -> dict[str, Decision]:
    """Subject → the newest decision on a report of a quarter."""
    rows = query(cursor, "select * from ledger.reconcile_decision where quarter = ? and sha256 = ? order by id", [quarter.code, sha256])
    return {row["subject"]: Decision(**row) for row in rows}


def decide(
    warehouse: Warehouse, quarter: Quarter, sha256: str, file_name: str, subject: str, sentence: str, decision: str, *, by: str, note: str = ""
) -> int:
    """Keep a decision; its id is returned. Unknown decision, no name, no note with `other` or one too long: `UsageError`."""
    if decision not in DECISIONS:
        raise UsageError(f"沒有「{decision}」這種處理；可用的有：{'、'.join(DECISIONS)}")
    if not by.strip():
        raise UsageError("請填辦理人")
    if decision == "other" and not note.strip():
        raise UsageError("「其他」須寫說明")
    if len(note) > LONGEST_NOTE:
        raise UsageError(f"說明有{len(note):,}字，超過{LONGEST_NOTE}字的上限")
    values = {
        "quarter": quarter.code, "sha256": sha256, "file_name": file_name, "subject": subject, "sentence": sentence,
        "decision": decision, "note": note.strip() or None, "by_name": by.strip(), "at_utc": ledger.Stamp.now().at_utc,
    }  # fmt: skip
    with warehouse.writing(None) as cursor:
        identity = journal.add(cursor, "reconcile_decision", values)
    with warehouse.reading() as cursor:
        journal.write(warehouse.folder, cursor)
    return identity
