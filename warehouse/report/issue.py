"""From draft to an approved report, and 修正版 where data or texts were mended later. Every step is a row that stays.

What goes up for approval keeps its data version, its content, every figure that it prints and the bytes of its files; what is approved is that content
under its document number. So it can be given out again exactly, and a later correction can say which of its figures would change.
"""

from __future__ import annotations

import hashlib
import json
from dataclasses import replace
from datetime import date
from pathlib import Path
from typing import Any

import duckdb

from warehouse import journal, ledger
from warehouse.errors import Conflict, Finding, Refused, Unavailable, UsageError
from warehouse.indicators import award_headings
from warehouse.period import Quarter
from warehouse.report import checks, files, kept, printed
from warehouse.report.content import build
from warehouse.report.parts import Report
from warehouse.report.printed import Change
from warehouse.report.steps import APPROVED, CONTENT, DRAFT, SUBMITTED, Issue, issues, last_approved, standing
from warehouse.report.texts import newest_text, quarter_key, texts
from warehouse.store import Warehouse


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
            edition = issued.edition + 1
            changes = (*(change.sentence for change in corrections(cursor, quarter)), *rewritten(warehouse, cursor, issued))
            if not (reason or "").strip():
                raise UsageError("修正版須說明理由")
            if not changes:
                raise UsageError(f"{quarter.label}的數據與文字都與已核定的相同，不必修正")
        report = build(cursor, quarter, stage=SUBMITTED, edition=edition, changes=changes, upto=text_id)
        findings = checks.check(cursor, report)
    _must_pass(findings, ticks)
    told = {finding.sentence: ticks[finding.key] for finding in findings if finding.key in ticks}
    content = files.keep(warehouse.folder, kept.content_of(report))
    values = {
        "quarter": quarter_key(quarter), "edition": edition, "stage": SUBMITTED, "document": None, "approved": None, "data_version": report.data_version,
        "entry_id": report.entry, "text_id": text_id, "files": _keep(warehouse, report), "content": content, "figures": printed.figures(report),
        "changes": changes, "accepted": told, "reason": (reason or "").strip() or None, "by_name": by,
    }  # fmt: skip
    return _append(warehouse, quarter, before, values)


def send_back(warehouse: Warehouse, quarter: Quarter, *, by: str, reason: str) -> Issue:
    """陳核中 → 草稿, with a reason."""
    if not reason.strip():
        raise UsageError("退回須說明理由")
    before = _submitted(warehouse, quarter)
    return _write(warehouse, before, {"stage": DRAFT, "reason": reason.strip(), "by_name": by, "files": {}, "content": None})


def approve(warehouse: Warehouse, quarter: Quarter, *, document: str, approved: date, by: str) -> Issue:
    """陳核中 → 已核定: what was submitted, and nothing newer, under its document number and day."""
    if not document.strip():
        raise UsageError("核定須填文號")
    before = _submitted(warehouse, quarter)
    signed = {"stage": APPROVED, "document": document.strip(), "approved": approved}
    report = replace(made_again(warehouse, before), **signed)  # type: ignore[arg-type]
    return _write(warehouse, before, signed | {"by_name": by, "files": _keep(warehouse, report)})


def corrections(cursor: duckdb.DuckDBPyConnection, quarter: Quarter) -> list[Change]:
    """Which figures of the approved report would print otherwise now, under the texts it was issued with; empty where all stand, or nothing was approved."""
    issued = last_approved(cursor, quarter)
    if issued is None:
        return []
    now = build(cursor, quarter, upto=issued.text_id, edition=issued.edition, changes=issued.changes)
    return printed.changes(issued.figures, printed.figures(now))


def rewritten(warehouse: Warehouse, cursor: duckdb.DuckDBPyConnection, issued: Issue) -> list[str]:
    """The headings whose text is another than that of an issued report, each as a sentence."""
    try:
        then = made_again(warehouse, issued).texts
    except Unavailable:
        then = texts(cursor, issued.quarter, issued.text_id)
    now = texts(cursor, issued.quarter)
    return [f"內文修正：{code}{title}" for code, title in award_headings().items() if then.get(code, "") != now[code]]


def issued_files(warehouse: Warehouse, issue: Issue) -> dict[str, bytes]:
    """The files as they were kept, name → bytes. `Unavailable` where one is gone or is not what it was."""
    return {name: _kept(warehouse.folder, sha256, f"留存的報告檔不見了或內容已變（{name}）；可由留存的內容重新產生") for name, sha256 in issue.files.items()}


def made_again(warehouse: Warehouse, issue: Issue) -> Report:
    """The report of a step as it was, from the content that was kept: definitions, blocks and data may have changed since. `Unavailable` where that is gone."""
    content = _kept(warehouse.folder, issue.content or "", "留存的報告內容不見了或已變；可用 report --as-of 由當時的資料重新產生")
    return replace(kept.report_of(content), stage=issue.stage, document=issue.document or "", approved=issue.approved)


def from_the_data(cursor: duckdb.DuckDBPyConnection, issue: Issue) -> Report:
    """The report of a step built anew from the data and texts of then, by the definitions of today."""
    return build(
        cursor, issue.quarter, as_of=issue.entry_id, upto=issue.text_id, stage=issue.stage, document=issue.document or "", approved=issue.approved,
        edition=issue.edition, changes=issue.changes,
    )  # fmt: skip


# --- pieces -----------------------------------------------------------------------------------------------------------------


def _keep(warehouse: Warehouse, report: Report) -> dict[str, str]:
    return {name: files.keep(warehouse.folder, content) for name, content in files.rendered(report).items()}


def _kept(folder: Path, sha256: str, otherwise: str) -> bytes:
    path = files.kept(folder, sha256)
    content = path.read_bytes() if sha256 and path.is_file() else b""
    if hashlib.sha256(content).hexdigest() != sha256:
        raise Unavailable(otherwise)
    return content


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


def _write(warehouse: Warehouse, before: Issue, changed: dict[str, Any]) -> Issue:
    """The next step of what was submitted."""
    values = {name: getattr(before, name) for name in _COLUMNS} | {"quarter": quarter_key(before.quarter), "document": None, "approved": None, "reason": None} | changed
    return _append(warehouse, before.quarter, before, values)


_COLUMNS = ("edition", "data_version", "entry_id", "text_id", "figures", "changes", "accepted", "content")


def _append(warehouse: Warehouse, quarter: Quarter, before: Issue | None, values: dict[str, Any]) -> Issue:
    """Write a step, unless somebody else took one since `before` was looked at (`Conflict`)."""
    content = values.pop("content")
    values["files"] = values["files"] | ({CONTENT: content} if content else {})
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
