"""A report's content as bytes, and back: what was issued can be written out again as it was, whatever has become of definitions, blocks and data."""

from __future__ import annotations

import json
from collections.abc import Callable
from datetime import date, datetime
from decimal import Decimal
from typing import Any

from warehouse.period import Quarter, Window
from warehouse.report.parts import Cell, Chart, Heading, Paragraph, Part, Report, Run, Series, Table

_FORMAT = 1


def content_of(report: Report) -> bytes:
    """Everything that is printed, as JSON; always the same for the same report. Not the figures behind it, nor how far it has come."""
    told = {
        "format": _FORMAT,
        "title": report.title,
        "agency": report.agency,
        "quarter": [report.quarter.year, report.quarter.number],
        "window": [report.window.start.isoformat(), report.window.end.isoformat()],
        "data_version": report.data_version,
        "entry": report.entry,
        "made": report.made.isoformat(),
        "is_sample": report.is_sample,
        "edition": report.edition,
        "texts": report.texts,
        "parts": [_TOLD[type(part)](part) for part in report.parts],
    }
    return json.dumps(told, ensure_ascii=False, separators=(",", ":"), sort_keys=True).encode()


def report_of(content: bytes) -> Report:
    """The report, a draft until it is said otherwise; ValueError where these are not the bytes of one."""
    told = json.loads(content)
    if not isinstance(told, dict) or told.get("format") != _FORMAT:
        raise ValueError("not the content of a report")
    start, end = map(date.fromisoformat, told["window"])
    return Report(
        title=told["title"],
        agency=told["agency"],
        quarter=Quarter(*told["quarter"]),
        window=Window(start, end),
        data_version=told["data_version"],
        entry=told["entry"],
        made=datetime.fromisoformat(told["made"]),
        is_sample=told["is_sample"],
        parts=tuple(_MADE[part["kind"]](part) for part in told["parts"]),
        texts=told["texts"],
        edition=told["edition"],
    )


# --- parts ------------------------------------------------------------------------------------------------------------------


def _heading(part: Heading) -> dict[str, Any]:
    return {"kind": "heading", "level": part.level, "number": part.number, "title": part.title, "code": part.code}


def _heading_of(told: dict[str, Any]) -> Heading:
    return Heading(told["level"], told["number"], told["title"], told["code"])


def _paragraph(part: Paragraph) -> dict[str, Any]:
    runs = [[run.text, run.indicator, run.source] for run in part.runs]
    return {
        "kind": "paragraph", "runs": runs, "depth": part.depth, "label": part.label, "code": part.code, "strong": part.strong, "generated": part.generated,
    }  # fmt: skip


def _paragraph_of(told: dict[str, Any]) -> Paragraph:
    runs = tuple(Run(*run) for run in told["runs"])
    return Paragraph(runs, told["depth"], told["label"], told["code"], told["strong"], told["generated"])


def _table(part: Table) -> dict[str, Any]:
    rows = [[[cell.text, None if cell.value is None else str(cell.value), cell.indicator, cell.period] for cell in row] for row in part.rows]
    return {
        "kind": "table", "id": part.id, "title": part.title, "columns": part.columns, "rows": rows, "widths": part.widths, "numeric": sorted(part.numeric),
        "note": part.note, "number": part.number,
    }  # fmt: skip


def _table_of(told: dict[str, Any]) -> Table:
    rows = tuple(
        tuple(Cell(text, None if value is None else Decimal(value), indicator, period) for text, value, indicator, period in row) for row in told["rows"]
    )
    return Table(told["id"], told["title"], tuple(told["columns"]), rows, tuple(told["widths"]), frozenset(told["numeric"]), told["note"], told["number"])


def _chart(part: Chart) -> dict[str, Any]:
    return {
        "kind": "chart", "id": part.id, "title": part.title, "drawn": part.kind, "categories": part.categories, "unit": part.unit, "alt": part.alt,
        "series": [[series.name, series.values] for series in part.series], "number": part.number, "goal": part.goal,
    }  # fmt: skip


def _chart_of(told: dict[str, Any]) -> Chart:
    series = tuple(Series(name, tuple(values)) for name, values in told["series"])
    return Chart(told["id"], told["title"], told["drawn"], tuple(told["categories"]), series, told["unit"], told["alt"], told["number"], told["goal"])


_TOLD: dict[type, Callable[[Any], dict[str, Any]]] = {Heading: _heading, Paragraph: _paragraph, Table: _table, Chart: _chart}
_MADE: dict[str, Callable[[dict[str, Any]], Part]] = {"heading": _heading_of, "paragraph": _paragraph_of, "table": _table_of, "chart": _chart_of}
