"""The tables of the report as .ods: one sheet each, numbers as numbers, texts as texts. No cell is ever a formula."""

from __future__ import annotations

import re

from warehouse.report.odf import FACES, LANGUAGE, attribute, bold, document, fonts, meta, package, said
from warehouse.report.parts import Cell, Report, Table

MIMETYPE = "application/vnd.oasis.opendocument.spreadsheet"

#: What the columns of a sheet come to, in centimetres.
_WIDTH = 26.0
_NOT_IN_A_NAME = re.compile(r"[\\/*?:\[\]'（）]")


def ods(report: Report) -> bytes:
    """The bytes of the .ods: a first sheet that says what this is, then every table of the report."""
    cover = Table(
        "cover",
        "說明",
        ("項目", "內容"),
        tuple(
            (Cell(name), Cell(words))
            for name, words in (
                ("報告", report.full_title),
                ("陳報機關", report.agency),
                ("資料時間", report.window.label),
                ("資料版本", str(report.data_version)),
                ("狀態", report.stage),
                *((("註", "示範資料，各月及分處所數字為虛構"),) if report.is_sample else ()),
            )
        ),
    )
    tables = (cover, *report.tables)
    sheets, columns = "".join(map(_sheet, tables)), "".join(map(_columns, tables))
    content = document("content", f"{FACES}<office:automatic-styles>{columns}</office:automatic-styles><office:body><office:spreadsheet>{sheets}</office:spreadsheet></office:body>")
    return package(MIMETYPE, {"content.xml": content, "styles.xml": _styles(), "meta.xml": meta(report)}, report.made)


def _columns(table: Table) -> str:
    """The widths of the columns as on paper, and some room."""
    return "".join(
        f'<style:style style:name="{_column(table, place)}" style:family="table-column"><style:table-column-properties style:column-width="{max(1.8, _WIDTH * share):.2f}cm"/></style:style>'
        for place, share in enumerate(table.shares)
    )


def _column(table: Table, place: int) -> str:
    return f"t{table.number}c{place}"


def _sheet(table: Table) -> str:
    name = _NOT_IN_A_NAME.sub("", f"表{table.number} {table.title.partition('（')[0]}" if table.number else table.title)[:31]
    columns = "".join(f'<table:table-column table:style-name="{_column(table, place)}"/>' for place in range(len(table.columns)))
    title = f"<table:table-row>{_text(table.caption, 'Title')}</table:table-row>"
    head = f"<table:table-header-rows><table:table-row>{''.join(_text(column, 'Head') for column in table.columns)}</table:table-row></table:table-header-rows>"
    rows = "".join(f"<table:table-row>{''.join(map(_cell, row))}</table:table-row>" for row in table.rows)
    note = f"<table:table-row>{_text(table.note, 'Default')}</table:table-row>" if table.note else ""
    return f"<table:table table:name={attribute(name)}>{columns}{title}{head}{rows}{note}</table:table>"


def _cell(cell: Cell) -> str:
    if cell.value is None:
        return _text(cell.text, "Body")
    style = "Whole" if cell.value == cell.value.to_integral_value() else "Decimal"
    return f'<table:table-cell table:style-name="{style}" office:value-type="float" office:value="{cell.value:f}"><text:p>{said(cell.text)}</text:p></table:table-cell>'


def _text(text: str, style: str) -> str:
    """A cell of text: its type is said, so that nothing in it is ever taken for a formula or a number."""
    return f'<table:table-cell table:style-name="{style}" office:value-type="string"><text:p>{said(text)}</text:p></table:table-cell>'


def _styles() -> str:
    face = "標題"
    line = 'fo:border="0.5pt solid #8a8f98" style:vertical-align="middle"'
    #: Style → its cells, its letters, how its numbers are written.
    named = {
        "Default": ("", "", ""),
        "Title": ("", bold(), ""),
        "Head": (f'{line} fo:background-color="#e9eef5" fo:wrap-option="wrap"', bold(), ""),
        "Body": (f'{line} fo:wrap-option="wrap"', "", ""),
        "Whole": (line, "", ' style:data-style-name="Grouped0"'),
        "Decimal": (line, "", ' style:data-style-name="Grouped2"'),
    }
    numbers = "".join(
        f'<number:number-style style:name="Grouped{places}"><number:number number:min-integer-digits="1" number:grouping="true" number:decimal-places="{places}"/></number:number-style>'
        for places in (0, 2)
    )
    cells = "".join(
        f'<style:style style:name="{name}" style:family="table-cell"{number}><style:table-cell-properties {look}/><style:text-properties {fonts("11pt", face)} {letters}/></style:style>'
        for name, (look, letters, number) in named.items()
    )
    default = f'<style:default-style style:family="table-cell"><style:text-properties {fonts("11pt", face)} {LANGUAGE}/></style:default-style>'
    return document("styles", f"{FACES}<office:styles>{numbers}{default}{cells}</office:styles>")
