"""What people other than the clerk do to the records: look at a batch (覆核), close a quarter (鎖定) and open it again.

Each is an entry with an id of the ledger's own sequence and a receipt; nothing of it changes a figure.
"""

from __future__ import annotations

import unicodedata
from typing import Any

from warehouse import ledger, period, recompute
from warehouse.errors import Finding, Refused, UsageError
from warehouse.ledger import Closing, Review, Stamp
from warehouse.period import Quarter
from warehouse.store import Warehouse


def review(warehouse: Warehouse, entry_id: int, *, by: str, note: str | None = None, replay: Stamp | None = None) -> Review:
    """Mark a batch as looked at by a second person. Refused to whoever handed it in (`E-REVIEW-SELF`), to one who has reviewed it already
    (`E-REVIEW-AGAIN`) and for a batch taken back (`E-REVIEW-UNDONE`); an unknown id, an undo or a missing name is a `UsageError`."""
    by = _named(by, "覆核")
    stamp = replay or Stamp.now()
    with warehouse.writing(None) as cursor:
        target = ledger.entry(cursor, entry_id)
        if target.kind == "undo":
            raise UsageError(f"第{entry_id}號是撤回；覆核的對象是入庫或表單")
        if target.undone:
            raise Refused([_refusal("E-REVIEW-UNDONE", entry_id, "已撤回", "未撤回的入庫或表單", "請覆核現在有效的那一筆")])
        if _plain(target.by_name) == _plain(by):
            raise Refused([_refusal("E-REVIEW-SELF", entry_id, f"是{target.by_name}本人交的", "上傳人以外的人", "請由另一位同仁覆核")])
        if any(_plain(earlier.by_name) == _plain(by) for earlier in ledger.reviews(cursor).get(entry_id, ())):
            raise Refused([_refusal("E-REVIEW-AGAIN", entry_id, f"{by}已經覆核過", "還沒有覆核過的人", "不必再覆核一次")])
        made = Review(ledger.next_id(warehouse.folder, cursor), entry_id, by, stamp.at_utc, (note or "").strip() or None, stamp.app_version)
        ledger.append_review(cursor, made)
        recompute.new_version(cursor, made.id)
    ledger.settle(warehouse)
    return made


def close(warehouse: Warehouse, quarter: Quarter, *, by: str, replay: Stamp | None = None) -> Closing:
    """Close a quarter: from then on nothing may change a month from January of its year to its end. A quarter that is closed already or not over
    is a `UsageError`."""
    if replay is None and quarter.window.last_day >= period.taipei_today():
        raise UsageError(f"{quarter.label}還沒有結束，不能鎖定")
    return _turn(warehouse, quarter, True, _named(by, "鎖定"), None, replay)


def reopen(warehouse: Warehouse, quarter: Quarter, *, by: str, reason: str, replay: Stamp | None = None) -> Closing:
    """Open a closed quarter again. One that is not closed, or no reason, is a `UsageError`."""
    if not reason.strip():
        raise UsageError("解除鎖定須說明理由")
    return _turn(warehouse, quarter, False, _named(by, "解除鎖定"), reason.strip(), replay)


def replay(warehouse: Warehouse, receipt: dict[str, Any], stamp: Stamp) -> None:
    """Do again what a receipt of a review, closing or reopening tells, for a rebuild."""
    by, reason = receipt["by_name"], receipt["reason"]
    if receipt["kind"] == "review":
        review(warehouse, receipt["options"]["batch"], by=by, note=reason, replay=stamp)
    elif receipt["kind"] == "close":
        close(warehouse, period.parse_quarter_option(receipt["options"]["quarter"]), by=by, replay=stamp)
    else:
        reopen(warehouse, period.parse_quarter_option(receipt["options"]["quarter"]), by=by, reason=reason, replay=stamp)


def _turn(warehouse: Warehouse, quarter: Quarter, closed: bool, by: str, reason: str | None, replay: Stamp | None) -> Closing:
    stamp = replay or Stamp.now()
    with warehouse.writing(None) as cursor:
        if (quarter in ledger.closed_quarters(cursor)) == closed:
            raise UsageError(f"{quarter.label}{'已經鎖定' if closed else '沒有鎖定'}")
        identity = ledger.next_id(warehouse.folder, cursor)
        made = Closing(identity, quarter.window.start, closed, by, stamp.at_utc, reason, stamp.app_version)
        ledger.append_closing(cursor, made)
        recompute.new_version(cursor, made.id)
    ledger.settle(warehouse)
    return made


def _named(by: str, what: str) -> str:
    if not _plain(by):
        raise UsageError(f"{what}須有姓名")
    return by.strip()


def _plain(name: str) -> str:
    """A name as compared: width, case, spaces and what cannot be seen do not make another person."""
    return "".join(char for char in unicodedata.normalize("NFKC", name).casefold() if unicodedata.category(char)[0] not in "CZ")


def _refusal(code: str, entry_id: int, found: str, expected: str, mend: str) -> Finding:
    return Finding.of(code, "file", where=f"第{entry_id}號", found=found, expected=expected, mend=mend)
