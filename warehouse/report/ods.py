"""The tables of the report as .ods: one sheet each, numbers as numbers, texts as texts. No cell is ever a formula."""

from __future__ import annotations

import re

from warehouse.report.odf import FACES, LANGUAGE, attribute, bold, document, fonts, meta, package, said
from warehouse.report.parts import Cell, Report, Table

MIMETYPE = "application/vnd.oasis.opendocument.spreadsheet"

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
                ("報告", report.title),
                ("陳報機關", report.agency),
                ("資料時間", report.window.label),
                ("資料版本", str(report.data_version)),
                ("狀態", report.stage),
                *((("註", "示範資料，各月及分處所數字為虛構"),) if report.is_sample else ()),
            )
        ),
    )
    sheets = "".join(_sheet(table) for table in (cover, *report.tables))
    content = document("content", f"{FACES}<office:body><office:spreadsheet>{sheets}</office:spreadsheet></office:body>")
    return package(MIMETYPE, {"content.xml": content, "styles.xml": _styles(), "meta.xml": meta(report)}, report.made)


def _sheet(table: Table) -> str:
    name = _NOT_IN_A_NAME.sub("", f"表{table.number} {table.title.partition('（')[0]}" if table.number else table.title)[:31]
    title = f"<table:table-row>{_text(table.caption, 'Title')}</table:table-row>"
    head = f"<table:table-row>{''.join(_text(column, 'Head') for column in table.columns)}</table:table-row>"
    rows = "".join(f"<table:table-row>{''.join(map(_cell, row))}</table:table-row>" for row in table.rows)
    note = f"<table:table-row>{_text(table.note, 'Default')}</table:table-row>" if table.note else ""
    return f'<table:table table:name={attribute(name)}><table:table-column table:style-name="Column" table:number-columns-repeated="{len(table.columns)}"/>{title}{head}{rows}{note}</table:table>'


def _cell(cell: Cell) -> str:
    if cell.value is None:
        return _text(cell.text, "Default")
    return f'<table:table-cell table:style-name="Default" office:value-type="float" office:value="{cell.value:f}"><text:p>{said(cell.text)}</text:p></table:table-cell>'


def _text(text: str, style: str) -> str:
    """A cell of text: its type is said, so that nothing in it is ever taken for a formula or a number."""
    return f'<table:table-cell table:style-name="{style}" office:value-type="string"><text:p>{said(text)}</text:p></table:table-cell>'


def _styles() -> str:
    face = "標題"
    line = 'fo:border="0.5pt solid #8a8f98" style:vertical-align="middle"'
    named = {"Default": "", "Head": f'{line} fo:background-color="#e9eef5"', "Title": ""}
    cells = "".join(
        f'<style:style style:name="{name}" style:family="table-cell"><style:table-cell-properties {look}/><style:text-properties {fonts("11pt", face)} {bold() if name != "Default" else ""}/></style:style>'
        for name, look in named.items()
    )
    return document(
        "styles",
        f'{FACES}<office:styles><style:default-style style:family="table-cell"><style:text-properties {fonts("11pt", face)} {LANGUAGE}/></style:default-style>{cells}'
        '<style:style style:name="Column" style:family="table-column"><style:table-column-properties style:column-width="3.6cm"/></style:style></office:styles>',
    )
