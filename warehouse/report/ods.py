"""The tables of the report as .ods: one sheet each, numbers as numbers, texts as texts. No cell is ever a formula."""

from __future__ import annotations

import re

from warehouse.report.odf import FACES, LANGUAGE, attribute, bold, document, fonts, meta, package, said
from warehouse.report.parts import Cell, Report, Table

MIMETYPE = "application/vnd.oasis.opendocument.spreadsheet"

#: What the columns of a sheet come to, in centimetres: an A4 page laid across.
_WIDTH = 26.0
#: How numbers are written, in groups of three.
_GROUPED = {base: f'number:min-integer-digits="1" number:grouping="true" number:decimal-places="{places}"' for base, places in (("Whole", 0), ("Decimal", 2))}
_SHEET = '<style:style style:name="Sheet" style:family="table" style:master-page-name="Default"/>'
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
    looks = "".join(map(_with_unit, sorted({_look(cell) for table in tables for row in table.rows for cell in row if cell.value is not None and _unit(cell)})))
    content = document("content", f"{FACES}<office:automatic-styles>{_SHEET}{columns}{looks}</office:automatic-styles><office:body><office:spreadsheet>{sheets}</office:spreadsheet></office:body>")
    return package(MIMETYPE, {"content.xml": content, "styles.xml": _styles(report), "meta.xml": meta(report)}, report.made)


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
    return f'<table:table table:name={attribute(name)} table:style-name="Sheet">{columns}{title}{head}{rows}{note}</table:table>'


def _cell(cell: Cell) -> str:
    if cell.value is None:
        return _text(cell.text, "Body")
    look = _look(cell)
    return f'<table:table-cell table:style-name={attribute(look)} office:value-type="float" office:value="{cell.value:f}"><text:p>{said(cell.text)}</text:p></table:table-cell>'


def _unit(cell: Cell) -> str:
    """The unit that is printed behind the number; none where the table tells it."""
    return cell.text.lstrip("-0123456789.,兆億萬")


def _look(cell: Cell) -> str:
    """The style of a number: with or without decimals, and its unit: Whole, Decimal, Whole件."""
    assert cell.value is not None
    return ("Whole" if cell.value == cell.value.to_integral_value() else "Decimal") + _unit(cell)


def _with_unit(look: str) -> str:
    """A style that writes the unit behind a number which stays one."""
    base = "Whole" if look.startswith("Whole") else "Decimal"
    number = f"<number:number {_GROUPED[base]}/><number:text>{said(look.removeprefix(base))}</number:text>"
    return (
        f"<number:number-style style:name={attribute(f'N{look}')}>{number}</number:number-style>"
        f'<style:style style:name={attribute(look)} style:family="table-cell" style:parent-style-name="{base}" style:data-style-name={attribute(f"N{look}")}/>'
    )


def _text(text: str, style: str) -> str:
    """A cell of text: its type is said, so that nothing in it is ever taken for a formula or a number."""
    return f'<table:table-cell table:style-name="{style}" office:value-type="string"><text:p>{said(text)}</text:p></table:table-cell>'


def _styles(report: Report) -> str:
    face = "標題"
    line = 'fo:border="0.5pt solid #8a8f98" style:vertical-align="middle"'
    #: Style → its cells, its letters, how its numbers are written.
    named = {
        "Default": ("", "", ""),
        "Title": ("", bold(), ""),
        "Head": (f'{line} fo:background-color="#e9eef5" fo:wrap-option="wrap"', bold(), ""),
        "Body": (f'{line} fo:wrap-option="wrap"', "", ""),
        "Whole": (line, "", ' style:data-style-name="NWhole"'),
        "Decimal": (line, "", ' style:data-style-name="NDecimal"'),
    }
    numbers = "".join(f'<number:number-style style:name="N{base}"><number:number {form}/></number:number-style>' for base, form in _GROUPED.items())
    cells = "".join(
        f'<style:style style:name="{name}" style:family="table-cell"{number}><style:table-cell-properties {look}/><style:text-properties {fonts("11pt", face)} {letters}/></style:style>'
        for name, (look, letters, number) in named.items()
    )
    default = f'<style:default-style style:family="table-cell"><style:text-properties {fonts("11pt", face)} {LANGUAGE}/></style:default-style>'
    page = (
        '<style:page-layout style:name="A4"><style:page-layout-properties fo:page-width="29.7cm" fo:page-height="21cm" style:print-orientation="landscape" fo:margin="1.5cm" '
        'style:scale-to-X="1" style:scale-to-Y="0"/><style:header-style><style:header-footer-properties fo:min-height="0.8cm" fo:margin-bottom="0.3cm"/></style:header-style>'
        '<style:footer-style><style:header-footer-properties fo:min-height="0.8cm" fo:margin-top="0.3cm"/></style:footer-style></style:page-layout>'
    )
    master = (
        f'<style:master-page style:name="Default" style:page-layout-name="A4"><style:header><text:p>{said(report.running_head)}</text:p></style:header>'
        "<style:footer><text:p>第<text:page-number>1</text:page-number>頁，共<text:page-count>1</text:page-count>頁</text:p></style:footer></style:master-page>"
    )
    return document(
        "styles",
        f"{FACES}<office:styles>{numbers}{default}{cells}</office:styles><office:automatic-styles>{page}</office:automatic-styles><office:master-styles>{master}</office:master-styles>",
    )
