"""From draft to an approved report: 草稿 → 陳核中 → 已核定（文號、日期）, and 修正版 where the data were mended later. Every step is a row that stays.

What goes up for approval keeps its data version, its texts, its figures and the bytes of its files; the same are kept of what was approved. So it can be
given out again exactly, and a later correction can say which of its figures would change.
"""

from __future__ import annotations

import hashlib
import json
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any, Literal

import duckdb

from warehouse import journal, ledger, scorecard
from warehouse.errors import Conflict, Finding, Refused, Unavailable, UsageError
from warehouse.indicators import all_indicators
from warehouse.period import Quarter, Window, roc_date
from warehouse.report import checks, files
from warehouse.report.content import build
from warehouse.report.parts import Report
from warehouse.report.texts import newest_text, quarter_key, quarter_of
from warehouse.store import Warehouse, query

Stage = Literal["草稿", "陳核中", "已核定"]
DRAFT: Stage = "草稿"
SUBMITTED: Stage = "陳核中"
APPROVED: Stage = "已核定"


@dataclass(frozen=True)
class Change:
    """A figure that is not what was issued."""

    indicator: str
    issued: str
    now: str

    @property
    def sentence(self) -> str:
        """For the list of changes."""
        name = all_indicators()[self.indicator].name if self.indicator in all_indicators() else self.indicator
        return f"{name}：原登載{self.issued}，修正為{self.now}"


@dataclass(frozen=True)
class Issue:
    """One step of a report.

    edition: 0 for the first report of a quarter, 1 and on for 修正版; entry_id, text_id: up to where data and texts count; files: name → SHA-256;
    figures: indicator → as printed; accepted: warnings that were ticked, with the reason; changes: sentences of what a 修正版 changes.
    """

    id: int
    quarter: Quarter
    edition: int
    stage: Stage
    document: str | None
    approved: date | None
    data_version: int
    entry_id: int
    text_id: int
    files: dict[str, str]
    figures: dict[str, str]
    changes: tuple[str, ...]
    accepted: dict[str, str]
    reason: str | None
    by_name: str
    at_utc: datetime

    @classmethod
    def of(cls, row: dict[str, Any]) -> Issue:
        """A row of the table."""
        told = {name: json.loads(row[name]) for name in ("files", "figures", "changes", "accepted")}
        return cls(**row | told | {"quarter": quarter_of(row["quarter"]), "changes": tuple(told["changes"])})


def issues(cursor: duckdb.DuckDBPyConnection, quarter: Quarter | None = None) -> list[Issue]:
    """Every step of every report, or of one quarter's, oldest first."""
    key = quarter_key(quarter) if quarter else None
    return [Issue.of(row) for row in query(cursor, "select * from ledger.report_issue where quarter = coalesce(?, quarter) order by id", [key])]


def standing(cursor: duckdb.DuckDBPyConnection, quarter: Quarter) -> Issue | None:
    """The newest step of a quarter's report; None where it was never more than a draft."""
    found = issues(cursor, quarter)
    return found[-1] if found else None


def last_approved(cursor: duckdb.DuckDBPyConnection, quarter: Quarter) -> Issue | None:
    """What stands as the office's report of a quarter: the newest edition that was approved."""
    return next((issue for issue in reversed(issues(cursor, quarter)) if issue.stage == APPROVED), None)


def submit(warehouse: Warehouse, quarter: Quarter, *, by: str, accepted: dict[str, str] | None = None, reason: str | None = None) -> Issue:
    """草稿 → 陳核中: build the report as data and texts stand, check it, keep it.

    accepted: key of a warning → why it may stand. Refused (`Refused`) while a finding blocks or a warning has no reason. After an approval this begins a
    修正版, which wants a reason and at least one figure or text that changes.
    """
    ticks = {key: why.strip() for key, why in (accepted or {}).items() if why.strip()}
    with warehouse.reading() as cursor:
        before = standing(cursor, quarter)
        if before and before.stage == SUBMITTED:
            raise UsageError(f"{quarter.label}的報告已在陳核中")
        edition, changes, text_id = 0, (), newest_text(cursor)
        issued = last_approved(cursor, quarter)
        if issued:
            edition, changes = issued.edition + 1, tuple(change.sentence for change in _changes(cursor, issued))
            if not (reason or "").strip():
                raise UsageError("修正版須說明理由")
            if not changes and text_id == issued.text_id:
                raise UsageError(f"{quarter.label}的數據與文字都與已核定的相同，不必修正")
        report = build(cursor, quarter, stage=SUBMITTED, edition=edition, changes=changes, upto=text_id)
        findings = checks.check(cursor, report)
    _must_pass(findings, ticks)
    return _record(warehouse, report, before, text_id, changes, by=by, reason=reason, accepted=ticks)


def send_back(warehouse: Warehouse, quarter: Quarter, *, by: str, reason: str) -> Issue:
    """陳核中 → 草稿, with a reason."""
    if not reason.strip():
        raise UsageError("退回須說明理由")
    before = _submitted(warehouse, quarter)
    return _write(warehouse, before, {"stage": DRAFT, "reason": reason.strip(), "by_name": by, "files": {}})


def approve(warehouse: Warehouse, quarter: Quarter, *, document: str, approved: date, by: str) -> Issue:
    """陳核中 → 已核定: what was submitted, and nothing newer, under its document number and day."""
    if not document.strip():
        raise UsageError("核定須填文號")
    before = _submitted(warehouse, quarter)
    with warehouse.reading() as cursor:
        report = build(
            cursor, quarter, as_of=before.entry_id, upto=before.text_id, stage=APPROVED, document=document.strip(), approved=approved, edition=before.edition,
            changes=before.changes,
        )  # fmt: skip
    if _figures(report) != before.figures:
        raise Conflict([_moved(quarter)])
    kept = {name: files.keep(warehouse.folder, content) for name, content in files.rendered(report).items()}
    return _write(warehouse, before, {"stage": APPROVED, "document": document.strip(), "approved": approved, "by_name": by, "files": kept})


def corrections(cursor: duckdb.DuckDBPyConnection, quarter: Quarter) -> list[Change]:
    """Which figures of the approved report would be others now; empty where all stand, or nothing was approved."""
    issued = last_approved(cursor, quarter)
    return _changes(cursor, issued) if issued else []


def issued_files(warehouse: Warehouse, issue: Issue) -> dict[str, bytes]:
    """The files as they were kept, name → bytes. `Unavailable` where one is gone or is not what it was."""
    found = {}
    for name, sha256 in issue.files.items():
        path = files.kept(warehouse.folder, sha256)
        content = path.read_bytes() if path.is_file() else b""
        if hashlib.sha256(content).hexdigest() != sha256:
            raise Unavailable(f"留存的報告檔不見了或內容已變（{name}）；可由資料版本{issue.data_version}重新產生")
        found[name] = content
    return found


def made_again(cursor: duckdb.DuckDBPyConnection, issue: Issue) -> Report:
    """The report of a step built anew from the data and texts of then."""
    return build(
        cursor, issue.quarter, as_of=issue.entry_id, upto=issue.text_id, stage=issue.stage, document=issue.document or "", approved=issue.approved,
        edition=issue.edition, changes=issue.changes,
    )  # fmt: skip


# --- pieces -----------------------------------------------------------------------------------------------------------------


def _changes(cursor: duckdb.DuckDBPyConnection, issued: Issue) -> list[Change]:
    figures = scorecard.figures(cursor, Window.year_to_quarter(issued.quarter))
    now = {name: figure.text for name, figure in figures.items() if figure.text is not None}
    names = [name for name in all_indicators() if name in issued.figures or name in now]
    names += [name for name in issued.figures if name not in all_indicators()]
    return [Change(name, issued.figures.get(name, "—"), now.get(name, "—")) for name in names if issued.figures.get(name) != now.get(name)]


def _figures(report: Report) -> dict[str, str]:
    return {name: figure.text for name, figure in report.figures.items() if figure.text is not None}


def _must_pass(findings: list[checks.Finding], ticks: dict[str, str]) -> None:
    open_ones = [finding for finding in findings if finding.level == "block" or finding.key not in ticks]
    if open_ones:
        raise Refused(
            [
                Finding("E-REPORT" if finding.level == "block" else "W-REPORT", "file" if finding.level == "block" else "ask", finding.sentence, value=finding.key)
                for finding in open_ones
            ]
        )


def _submitted(warehouse: Warehouse, quarter: Quarter) -> Issue:
    with warehouse.reading() as cursor:
        before = standing(cursor, quarter)
    if before is None or before.stage != SUBMITTED:
        raise UsageError(f"{quarter.label}沒有陳核中的報告")
    return before


def _record(
    warehouse: Warehouse, report: Report, before: Issue | None, text_id: int, changes: tuple[str, ...], *, by: str, reason: str | None, accepted: dict[str, str]
) -> Issue:
    kept = {name: files.keep(warehouse.folder, content) for name, content in files.rendered(report).items()}
    values = {
        "quarter": quarter_key(report.quarter), "edition": report.edition, "stage": SUBMITTED, "document": None, "approved": None,
        "data_version": report.data_version, "entry_id": report.entry, "text_id": text_id, "files": kept, "figures": _figures(report),
        "changes": changes, "accepted": accepted, "reason": (reason or "").strip() or None, "by_name": by,
    }  # fmt: skip
    return _append(warehouse, report.quarter, before, values)


def _write(warehouse: Warehouse, before: Issue, changed: dict[str, Any]) -> Issue:
    """The next step of what was submitted."""
    values = {name: getattr(before, name) for name in _COLUMNS} | {"quarter": quarter_key(before.quarter), "document": None, "approved": None, "reason": None} | changed
    return _append(warehouse, before.quarter, before, values)


_COLUMNS = ("edition", "data_version", "entry_id", "text_id", "figures", "changes", "accepted")


def _append(warehouse: Warehouse, quarter: Quarter, before: Issue | None, values: dict[str, Any]) -> Issue:
    """Write a step, unless somebody else took one since `before` was looked at (`Conflict`)."""
    told = {name: json.dumps(values[name], ensure_ascii=False) for name in ("files", "figures", "changes", "accepted")}
    with warehouse.writing(None) as cursor:
        newest = standing(cursor, quarter)
        if (newest.id if newest else 0) != (before.id if before else 0):
            raise Conflict([_moved(quarter)])
        identity = journal.add(cursor, "report_issue", values | told | {"at_utc": ledger.Stamp.now().at_utc})
    with warehouse.reading() as cursor:
        journal.write(warehouse.folder, cursor)
        return next(issue for issue in issues(cursor, quarter) if issue.id == identity)


def _moved(quarter: Quarter) -> Finding:
    return Finding.of("E-CONFLICT", "file", where=f"{quarter.label}報告", found="剛剛有人送陳、退回或核定", expected="沒有人同時辦理", mend="請重新整理後再辦")


def stage_words(issue: Issue | None) -> str:
    """草稿 · 陳核中 · 已核定（文號、日期）."""
    if issue is None or issue.stage == DRAFT:
        return DRAFT
    if issue.stage == SUBMITTED or issue.approved is None:
        return SUBMITTED
    return f"{APPROVED}（{issue.document}、{roc_date(issue.approved)}）"
