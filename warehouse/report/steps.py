"""The steps a quarter's report has taken, as the ledger tells: 草稿 → 陳核中 → 已核定（文號、日期）, and 修正版 after it."""

from __future__ import annotations

import json
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any, Literal

import duckdb

from warehouse.period import Quarter, roc_date
from warehouse.report.texts import quarter_key, quarter_of
from warehouse.store import query

Stage = Literal["草稿", "陳核中", "已核定"]
DRAFT: Stage = "草稿"
SUBMITTED: Stage = "陳核中"
APPROVED: Stage = "已核定"

#: Under which name the content of a report is kept among the files of its step.
CONTENT = "content.json"


@dataclass(frozen=True)
class Issue:
    """One step of a report.

    edition: 0 for the first report of a quarter, 1 and on for 修正版; entry_id, text_id: up to where data and texts count; files: name → SHA-256;
    content: SHA-256 of what the report says (`kept`); figures: everything it prints, by the keys of `printed`; accepted: what was warned of and ticked,
    with the reason; changes: sentences of what a 修正版 changes.
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
    content: str | None
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
        content = told["files"].pop(CONTENT, None)
        return cls(**row | told | {"quarter": quarter_of(row["quarter"]), "changes": tuple(told["changes"]), "content": content})


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


def stage_words(issue: Issue | None) -> str:
    """草稿 · 陳核中 · 已核定（文號、日期）."""
    if issue is None or issue.stage == DRAFT:
        return DRAFT
    if issue.stage == SUBMITTED or issue.approved is None:
        return SUBMITTED
    return f"{APPROVED}（{issue.document}、{roc_date(issue.approved)}）"
