"""Workbooks made by hand, part by part, so that a test decides every byte: .xlsx and .ods of a table of cells, and the parts to make odd ones of."""

from __future__ import annotations

import io
import zipfile
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any
from xml.sax.saxutils import escape, quoteattr

MAIN = "http://schemas.openxmlformats.org/spreadsheetml/2006/main"
RELATIONS = "http://schemas.openxmlformats.org/officeDocument/2006/relationships"
PACKAGE = "http://schemas.openxmlformats.org/package/2006"
SHEET_TYPE = "application/vnd.openxmlformats-officedocument.spreadsheetml"

#: Number formats by the index a cell names: general, a day, ROC, a percentage, a time, hours that run on, 1.2萬, day and time.
FORMATS = ("General", "yyyy/m/d", "[$-404]e/m/d", "0.0%", "h:mm", "[h]:mm:ss", '0.0,"萬"', "yyyy/m/d h:mm")


@dataclass(frozen=True)
class Cell:
    """A cell that is more than text or a number. type: as in the format (`e`, `b`, `str` …); style: index into FORMATS."""

    value: str | None
    type: str = "n"
    style: int = 0
    formula: str | None = None


def letters(column: int) -> str:
    """0 → A, 26 → AA."""
    name = ""
    column += 1
    while column:
        column, rest = divmod(column - 1, 26)
        name = chr(65 + rest) + name
    return name


def sheet_xml(rows: Sequence[Sequence[Any]], *, before: str = "", after: str = "", row_attributes: Mapping[int, str] | None = None) -> str:
    """The XML of a sheet; text inline, numbers as numbers, None left out. before, after: what stands round sheetData."""
    lines = []
    for number, row in enumerate(rows, start=1):
        cells = "".join(cell_xml(f"{letters(at)}{number}", value) for at, value in enumerate(row) if value is not None)
        lines.append(f'<row r="{number}" {(row_attributes or {}).get(number, "")}>{cells}</row>')
    return f'<?xml version="1.0"?><worksheet xmlns="{MAIN}">{before}<sheetData>{"".join(lines)}</sheetData>{after}</worksheet>'


def cell_xml(reference: str, value: Any) -> str:
    """One cell."""
    if isinstance(value, Cell):
        formula = f"<f>{escape(value.formula)}</f>" if value.formula is not None else ""
        shown = f"<v>{escape(value.value)}</v>" if value.value is not None else ""
        return f'<c r="{reference}" t="{value.type}" s="{value.style}">{formula}{shown}</c>'
    if isinstance(value, str):
        return f'<c r="{reference}" t="inlineStr"><is><t xml:space="preserve">{escape(value)}</t></is></c>'
    return f'<c r="{reference}"><v>{value}</v></c>'


def xlsx_parts(sheets: Mapping[str, str], *, states: Mapping[str, str] | None = None, base_1904: bool = False) -> dict[str, str]:
    """The parts of a workbook whose sheets are given as XML by name."""
    names = list(sheets)
    numbered = range(1, len(names) + 1)
    overrides = "".join(f'<Override PartName="/xl/worksheets/sheet{n}.xml" ContentType="{SHEET_TYPE}.worksheet+xml"/>' for n in numbered)
    entries = "".join(
        f'<sheet name={quoteattr(name)} sheetId="{n}" state="{(states or {}).get(name, "visible")}" r:id="rId{n}"/>'
        for n, name in zip(numbered, names, strict=True)
    )
    links = "".join(f'<Relationship Id="rId{n}" Type="{RELATIONS}/worksheet" Target="worksheets/sheet{n}.xml"/>' for n in numbered)
    formats = "".join(f'<numFmt numFmtId="{164 + at}" formatCode={quoteattr(code)}/>' for at, code in enumerate(FORMATS))
    styles = "".join(f'<xf numFmtId="{164 + at if at else 0}"/>' for at in range(len(FORMATS)))
    return {
        "[Content_Types].xml": f'<Types xmlns="{PACKAGE}/content-types"><Default Extension="rels" ContentType="application/xml"/>'
        f'<Override PartName="/xl/workbook.xml" ContentType="{SHEET_TYPE}.sheet.main+xml"/>{overrides}</Types>',
        "_rels/.rels": f'<Relationships xmlns="{PACKAGE}/relationships">'
        f'<Relationship Id="rId1" Type="{RELATIONS}/officeDocument" Target="xl/workbook.xml"/></Relationships>',
        "xl/workbook.xml": f'<workbook xmlns="{MAIN}" xmlns:r="{RELATIONS}"><workbookPr date1904="{int(base_1904)}"/><sheets>{entries}</sheets></workbook>',
        "xl/_rels/workbook.xml.rels": f'<Relationships xmlns="{PACKAGE}/relationships">{links}'
        f'<Relationship Id="rId900" Type="{RELATIONS}/styles" Target="styles.xml"/></Relationships>',
        "xl/styles.xml": f'<styleSheet xmlns="{MAIN}"><numFmts>{formats}</numFmts><cellXfs>{styles}</cellXfs></styleSheet>',
        **{f"xl/worksheets/sheet{n}.xml": sheets[name] for n, name in zip(numbered, names, strict=True)},
    }


def xlsx(rows: Sequence[Sequence[Any]], **options: Any) -> bytes:
    """A workbook of one sheet."""
    return zipped(xlsx_parts({"工作表1": sheet_xml(rows, **options)}))


def zipped(parts: Mapping[str, str | bytes]) -> bytes:
    """A zip of these parts."""
    stream = io.BytesIO()
    with zipfile.ZipFile(stream, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, content in parts.items():
            archive.writestr(name, content)
    return stream.getvalue()


ODS_TYPE = "application/vnd.oasis.opendocument.spreadsheet"
_SPACES = " ".join(
    f'xmlns:{prefix}="urn:oasis:names:tc:opendocument:xmlns:{name}:1.0"'
    for prefix, name in (("office", "office"), ("table", "table"), ("text", "text"), ("style", "style"), ("draw", "drawing"))
)
_CALCEXT = 'xmlns:calcext="urn:org:documentfoundation:names:experimental:calc:xmlns:calcext:1.0"'


def ods_row(row: Sequence[Any], attributes: str = "") -> str:
    """One row; text as text, numbers as numbers, None empty, a `Cell` as the XML in its value."""
    return f"<table:table-row {attributes}>{''.join(map(_ods_cell, row))}</table:table-row>"


def _ods_cell(value: Any) -> str:
    if isinstance(value, Cell):
        return value.value or ""
    if value is None:
        return "<table:table-cell/>"
    if isinstance(value, str):
        return f'<table:table-cell office:value-type="string"><text:p>{escape(value)}</text:p></table:table-cell>'
    return f'<table:table-cell office:value-type="float" office:value="{value}"><text:p>{value}</text:p></table:table-cell>'


def ods_parts(tables: Mapping[str, str], *, styles: str = "", table_attributes: Mapping[str, str] | None = None) -> dict[str, str]:
    """The parts of a spreadsheet whose tables are given as the XML of their rows, by name."""
    inside = "".join(
        f"<table:table table:name={quoteattr(name)} {(table_attributes or {}).get(name, '')}>{rows}</table:table>" for name, rows in tables.items()
    )
    return {
        "mimetype": ODS_TYPE,
        "content.xml": f'<?xml version="1.0"?><office:document-content {_SPACES} {_CALCEXT}><office:automatic-styles>{styles}</office:automatic-styles>'
        f"<office:body><office:spreadsheet>{inside}</office:spreadsheet></office:body></office:document-content>",
        "META-INF/manifest.xml": '<manifest:manifest xmlns:manifest="urn:oasis:names:tc:opendocument:xmlns:manifest:1.0"/>',
    }


def ods(rows: Sequence[Sequence[Any]], **options: Any) -> bytes:
    """A spreadsheet of one table."""
    return zipped(ods_parts({"工作表1": "".join(map(ods_row, rows))}, **options))
