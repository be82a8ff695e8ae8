"""The report as tagged PDF (PDF/UA-1): the same parts, set by Typst with the fonts that are shipped, never with those of the machine."""

from __future__ import annotations

import json
import tempfile
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from datetime import UTC
from pathlib import Path
from typing import Any

import typst

from warehouse.report.charts import FONTS
from warehouse.report.parts import Cell, Chart, Heading, Paragraph, Part, Report

_TEMPLATE = Path(__file__).with_name("report.typ")
#: Between the name of a figure and its text in a cell that links lead to.
_UNIT_SEPARATOR = "\x1f"


def pdf(report: Report, pictures: Mapping[str, bytes]) -> bytes:
    """The bytes of the PDF. pictures: chart id → PNG."""
    with _compiler(report, pictures) as compiler:
        made = compiler.compile(format="pdf", pdf_standards=["ua-1"], timestamp=report.made.replace(microsecond=0, tzinfo=UTC))
    assert isinstance(made, bytes)
    return made


def pages(report: Report, pictures: Mapping[str, bytes], dots_per_inch: float = 110.0) -> list[bytes]:
    """The pages of the PDF as PNG, in order."""
    with _compiler(report, pictures) as compiler:
        made = compiler.compile(format="png", ppi=dots_per_inch)
    return [made] if isinstance(made, bytes) else list(made)


@contextmanager
def _compiler(report: Report, pictures: Mapping[str, bytes]) -> Iterator[typst.Compiler]:
    with tempfile.TemporaryDirectory(prefix="service-quality-") as name:
        folder = Path(name)
        for chart, content in pictures.items():
            (folder / f"{chart}.png").write_bytes(content)
        (folder / "report.json").write_text(json.dumps(_document(report), ensure_ascii=False), encoding="utf-8")
        source = folder / "report.typ"
        source.write_bytes(_TEMPLATE.read_bytes())
        yield typst.Compiler(str(source), root=str(folder), font_paths=[str(FONTS)], ignore_system_fonts=True)


def _document(report: Report) -> dict[str, Any]:
    known = _with_receipt(report)
    return {
        "title": report.full_title,
        "agency": report.agency,
        "front": report.front,
        "header": report.running_head,
        "made": {"year": report.made.year, "month": report.made.month, "day": report.made.day},
        "parts": [_part(part, known) for part in report.parts],
    }


def _with_receipt(report: Report) -> set[str]:
    """The figures to whose 計算依據 a link can lead."""
    return {cell.indicator for table in report.tables if table.id == "receipts" for row in table.rows for cell in row if cell.indicator and not cell.period}


def _part(part: Part, known: set[str]) -> dict[str, Any]:
    if isinstance(part, Heading):
        return {"kind": "heading", "level": part.level, "text": part.text}
    if isinstance(part, Paragraph):
        runs = [[run.text, run.indicator if run.indicator in known else None] for run in part.runs]
        return {"kind": "paragraph", "depth": part.depth, "label": part.label.strip(), "strong": part.strong, "leads": part.leads, "runs": runs}
    if isinstance(part, Chart):
        return {"kind": "chart", "file": f"{part.id}.png", "alt": part.alt, "caption": part.caption}
    rows = [[_cell(cell, part.id == "receipts") for cell in row] for row in part.rows]
    return {
        "kind": "table", "caption": part.caption, "columns": part.columns, "widths": part.shares, "numeric": sorted(part.numeric), "rows": rows, "note": part.note,
        "long": part.is_long, "short": part.is_short,
    }  # fmt: skip


def _cell(cell: Cell, marked: bool) -> str:
    """The text; where links lead to, with the name of the figure before it. A text that begins with @ is kept from being taken for one."""
    if marked and cell.indicator and not cell.period:
        return f"@{cell.indicator}{_UNIT_SEPARATOR}{cell.text}"
    return f"\u2060{cell.text}" if cell.text.startswith("@") else cell.text
