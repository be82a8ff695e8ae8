"""Names in a file that must be names of something: indicators, reports, and who hands those in."""

from __future__ import annotations

import re

from warehouse import scorecard
from warehouse.datasets import Dataset, all_datasets, handing_in
from warehouse.errors import Finding, quote
from warehouse.intake import heading_key
from warehouse.load.staged import Staged

#: Between the names of a list in one cell.
_LIST_MARKS = re.compile("[、,，;；/]")

_MEND = "請改正後重新上傳"


def unknown_indicators(staged: Staged) -> list[Finding]:
    """`E-INDICATOR`: a target, a phase, an explanation or a published figure must name an indicator that there is."""
    if "indicator" not in staged.dataset.stored:
        return []
    rows = staged.query(f"select _row, indicator from raw.{staged.dataset.name} where _batch_id = ? order by _row", [staged.batch])
    return [
        Finding.of(
            "E-INDICATOR",
            "file",
            row=row,
            column="指標代碼",
            value=name,
            found=f"沒有「{quote(name)}」這個指標",
            expected="指標代碼，例如 survey_time_within_30",
            mend="請以 indicators 指令或指標頁查代碼，改正後重新上傳",
        )
        for row, name in rows
        if name not in scorecard.all_indicators()
    ]


def unknown_reports(staged: Staged) -> list[Finding]:
    """`E-REPORT`, `E-PART`: a due date must name a table that there is, and of its parts only such as it has."""
    if staged.dataset.name != "duty":
        return []
    rows = staged.query("select _row, report, parts from raw.duty where _batch_id = ? order by _row", [staged.batch])
    return [finding for row, name, parts in rows for finding in _of_duty(row, name, parts or "")]


def _of_duty(row: int, name: str, parts: str) -> list[Finding]:
    report = next((dataset for dataset in all_datasets().values() if name in (dataset.name, heading_key(dataset.title))), None)
    if report is None:
        found, expected = f"沒有「{quote(name)}」這種報表", "報表代碼或名稱，例如 survey_response"
        return [Finding.of("E-REPORT", "file", row=row, column="報表", value=name, found=found, expected=expected, mend=_MEND)]
    return [_no_part(row, report, part) for part in _LIST_MARKS.split(parts) if part and part not in handing_in(report)]


def _no_part(row: int, report: Dataset, part: str) -> Finding:
    found, expected = f"「{report.title}」沒有「{quote(part)}」", f"「{'」「'.join(handing_in(report)) or '空白'}」"
    return Finding.of("E-PART", "file", row=row, column="應交單位", value=part, found=found, expected=expected, mend=_MEND)
