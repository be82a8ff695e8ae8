"""改正活頁簿: the clerk's own table with the faulty cells marked and a column of reasons, to be mended in Excel and given back as it is.

Every cell is written as text, so nothing is turned into a date, a number or a formula on its way. The reasons' column is known to the intake and left out.
"""

from __future__ import annotations

import io
from collections import defaultdict
from collections.abc import Collection, Sequence
from dataclasses import replace

import xlsxwriter

from warehouse import period
from warehouse.errors import Finding, Refused
from warehouse.intake import Sheet, Source, heading_key, plain_grid
from warehouse.screen import REASONS, screen

_LEVELS = {"file": "整份退回", "row": "要改正", "ask": "請確認", "note": "說明"}
_WIDEST, _NARROWEST, _REASONS_WIDTH = 40, 9, 70

#: Larger tables are mended where they came from: Excel itself ends at a million rows.
ROW_LIMIT = 200_000


def correction_workbook(source: Source, findings: Sequence[Finding], dataset: str | None = None) -> bytes | None:
    """An .xlsx of the file with `findings` put to their places; second sheet: all findings in a list.

    None where no finding stands in a row, where the header was not understood, or where there are more than `ROW_LIMIT` rows: then the list is all.
    """
    if not any(finding.row for finding in findings):
        return None
    try:
        sheet = screen(source, today=period.taipei_today(), dataset=dataset).sheet
    except Refused:
        return None
    *_, rows = plain_grid(source, sheet)
    return None if len(rows) > ROW_LIMIT else _marked(rows, sheet, findings)


def workbook_of_rows(source: Source, sheet: Sheet, wanted: Collection[int], findings: Sequence[Finding]) -> bytes:
    """An .xlsx of some rows of a file under its titles and headings, with the findings that stand in them."""
    *_, rows = plain_grid(source, sheet)
    kept = [*range(1, sheet.header_row + 1), *sorted(wanted)]
    now = {old: new for new, old in enumerate(kept, start=1)}
    moved = [replace(finding, row=now[finding.row]) for finding in findings if finding.row in now]
    return _marked([rows[number - 1] for number in kept], sheet, moved)


def _marked(rows: Sequence[Sequence[str]], sheet: Sheet, findings: Sequence[Finding]) -> bytes:
    place = {heading_key(name): at for at, name in reversed(list(enumerate(sheet.names)))}
    marked: dict[int, set[int]] = defaultdict(set)
    reasons: dict[int, list[str]] = defaultdict(list)
    for finding in findings:
        if finding.row is None:
            continue
        reasons[finding.row].append(finding.message)
        if finding.column is not None and heading_key(finding.column) in place:
            marked[finding.row].add(place[heading_key(finding.column)])
    return _written(rows, sheet.header_row, len(sheet.names), marked, reasons, findings)


def findings_workbook(findings: Sequence[Finding]) -> bytes:
    """An .xlsx with the list of findings alone."""
    out = io.BytesIO()
    book = xlsxwriter.Workbook(out, {"in_memory": True})
    _listed(book, findings)
    book.close()
    return out.getvalue()


def _written(
    rows: Sequence[Sequence[str]],
    header_row: int,
    width: int,
    marked: dict[int, set[int]],
    reasons: dict[int, list[str]],
    findings: Sequence[Finding],
) -> bytes:
    out = io.BytesIO()
    book = xlsxwriter.Workbook(out, {"in_memory": True})
    plain, head = book.add_format({"num_format": "@"}), book.add_format({"num_format": "@", "bold": True, "bottom": 1})
    wrong = book.add_format({"num_format": "@", "bg_color": "#FDE3CF", "border": 1, "border_color": "#D55E00"})
    told = book.add_format({"num_format": "@", "font_color": "#8F3B00", "text_wrap": True})
    table = book.add_worksheet("改正")
    old = next((at for at, name in enumerate(rows[header_row - 1]) if heading_key(name) == heading_key(REASONS)), None)
    at_reasons = width if old is None else old
    for at in range(width):
        longest = max((len(row[at]) for row in rows[:200] if at < len(row)), default=0)
        table.set_column(at, at, min(_WIDEST, max(_NARROWEST, 2 * longest)))
    table.set_column(at_reasons, at_reasons, _REASONS_WIDTH)
    table.freeze_panes(header_row, 0)
    for number, row in enumerate(rows, start=1):
        for at, cell in enumerate(row):
            if at != at_reasons:
                table.write_string(number - 1, at, cell, wrong if at in marked.get(number, ()) else head if number == header_row else plain)
        if number == header_row:
            table.write_string(number - 1, at_reasons, REASONS, head)
        elif number in reasons:
            table.write_string(number - 1, at_reasons, "\n".join(reasons[number]), told)
    if rows:
        table.ignore_errors({"number_stored_as_text": f"A1:XFD{len(rows)}"})
    _listed(book, findings)
    book.close()
    return out.getvalue()


def _listed(book: xlsxwriter.Workbook, findings: Sequence[Finding]) -> None:
    sheet = book.add_worksheet("檢核結果")
    plain, head = book.add_format({"num_format": "@"}), book.add_format({"num_format": "@", "bold": True, "bottom": 1})
    for at, (heading, width) in enumerate((("處理", 10), ("代碼", 14), ("列", 8), ("欄", 22), ("內容", 24), ("說明", 90))):
        sheet.set_column(at, at, width)
        sheet.write_string(0, at, heading, head)
    for number, finding in enumerate(findings, start=1):
        cells = (_LEVELS[finding.level], finding.code, str(finding.row or ""), finding.column or "", finding.value or "", finding.message)
        for at, cell in enumerate(cells):
            sheet.write_string(number, at, cell, plain)
