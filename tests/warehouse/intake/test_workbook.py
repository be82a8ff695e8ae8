"""Workbooks: what a cell says, which sheet is meant, what is hidden, and zips made to hurt. Nothing they do ends the process that asked."""

from __future__ import annotations

import io
import os
import re
import struct
import subprocess
import sys
import time
import zipfile
from collections.abc import Iterator
from datetime import date
from pathlib import Path
from typing import Any

import polars as pl
import pytest

from tests.warehouse.intake.books import (
    MAIN,
    ODS_TYPE,
    PACKAGE,
    RELATIONS,
    Cell,
    ods,
    ods_parts,
    ods_row,
    sheet_xml,
    xlsx,
    xlsx_parts,
    zipped,
)
from warehouse import ledger
from warehouse.errors import Refused
from warehouse.intake import Source, plain_grid, workbook
from warehouse.load import LoadResult, Request, load_file, open_warehouse
from warehouse.screen import screen
from warehouse.store import Warehouse

TODAY = date(2016, 10, 5)
HEADER = ["月份", "管道", "件數", "金額"]
JULY = ["105年7月", "便利商店", 10, 1200]
AUGUST = ["105年8月", "便利商店", 12, 1500]
CALLS = ["測試機關", "測試日期", "測試時間", "受測單位", "分機", "總分"]


@pytest.fixture(scope="module")
def warehouse(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Warehouse]:
    """An empty warehouse, into which nothing may be written by any test of this module."""
    opened = open_warehouse(tmp_path_factory.mktemp("data"))
    yield opened
    with opened.reading() as cursor:
        assert ledger.entries(cursor) == []
    opened.close()


@pytest.fixture(autouse=True)
def _today(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("SERVICE_QUALITY_TODAY", TODAY.isoformat())


def look(warehouse: Warehouse, content: bytes, name: str = "七月") -> LoadResult:
    """What the loader answers, without writing; each finding is a sentence in four parts, in Chinese."""
    result = load_file(warehouse, Source(name, content), Request(by="測試", dry_run=True))
    assert result.read == result.loaded + result.held + sum(result.ignored.values())
    for finding in result.findings:
        assert re.fullmatch(r"(整份檔案|第[0-9]+列|(第[0-9]+列)?「.*」欄)：.+，應為.+。.+。", finding.message, re.S), finding.message
        words = set(re.findall("[A-Za-z]{3,}", re.sub("「.*?」|（=.*?）", "", finding.message)))
        assert not words - {"Excel", "xlsx", "xls", "ods", "ODS", "CSV", "csv", "DOCTYPE", "IRM", "LibreOffice"}, finding.message
    return result


def outcome(result: LoadResult) -> tuple[str, set[str]]:
    return result.outcome, {finding.code for finding in result.findings}


def grid(content: bytes) -> list[list[str]]:
    return plain_grid(Source("表", content))[3]


def rows_of(content: bytes) -> pl.DataFrame:
    return pl.concat(screen(Source("表", content), today=TODAY).frames())


# --- what a cell says -------------------------------------------------------------------------------------------------------

XLSX_CELLS = [
    (12, "12"),
    (Cell("12.0"), "12"),
    (Cell("0.30000000000000004"), "0.3"),
    (Cell("99.99999999999999"), "100"),
    (Cell("97.14"), "97.14"),
    (Cell("-5"), "-5"),
    (Cell("0"), "0"),
    (Cell("-0"), "0"),
    (Cell("1E5"), "100000"),
    (Cell("123456789012345"), "123456789012345"),
    (Cell("1234567890123456789"), "1.23456789012346E+18"),
    (Cell("1.0000000000000001E-5"), "0.00001"),
    (Cell("1E400"), "1E400"),
    (Cell("42552", style=1), "2016-07-01"),
    (Cell("42552", style=2), "2016-07-01"),
    (Cell("42552.5", style=7), "2016-07-01 12:00:00"),
    (Cell("60", style=1), "1900-02-29"),
    (Cell("61", style=1), "1900-03-01"),
    (Cell("1", style=1), "1900-01-01"),
    (Cell("-3", style=1), "-3"),
    (Cell("0.953", style=3), "95.3%"),
    (Cell("0.395833333333333", style=4), "09:30:00"),
    (Cell("1.5", style=5), "36:00:00"),
    (Cell("12345", style=6), "12345"),
    (Cell("1", "b"), "TRUE"),
    (Cell("0", "b"), "FALSE"),
    (Cell("2016-07-01T00:00:00", "d"), "2016-07-01"),
    (Cell("文字", "str", formula='"文字"'), "文字"),
    (Cell("", "str", formula='""'), ""),
    (Cell("3", formula="1+2"), "3"),
    (Cell("#N/A", "e"), "#N/A"),
    ("007", "007"),
    ("105/7/1", "105/7/1"),
    ("滿_x000D_\n意_x005F_", "滿\n意_"),
    ("&lt;br&gt;", "&lt;br&gt;"),
    (" 兩端空白 ", " 兩端空白 "),
]


@pytest.mark.parametrize(("cell", "text"), XLSX_CELLS, ids=lambda value: getattr(value, "value", value))
def test_a_cell_comes_out_as_its_text(cell: Any, text: str) -> None:
    assert grid(xlsx([["甲", cell, "乙"]])) == [["甲", text, "乙"]]


@pytest.mark.parametrize(
    ("code", "kind"),
    [
        ("General", None),
        ("0.00", None),
        ("0.00E+00", None),
        ("#,##0;[Red]-#,##0", None),
        ("@", None),
        ('0"年"', None),
        ("[$-404]e/m/d", "date"),
        ('[$-F800]dddd, mmmm dd, yyyy', "date"),
        ('e"年"m"月"d"日"', "date"),
        ("mmm-yy", "date"),
        ("h:mm AM/PM", "time"),
        ("上午/下午h時mm分", "time"),
        ("mm:ss", "time"),
        ("[h]:mm", "duration"),
        ("yyyy/m/d h:mm", "moment"),
        ("0%", "percent"),
        (r"0.0\d", None),
    ],
)
def test_the_format_tells_days_times_and_shares_from_numbers(code: str, kind: str | None) -> None:
    from warehouse.intake._workbook_child import kind_of_format

    assert kind_of_format(code) == kind


def test_the_calendar_of_1904_is_the_workbooks_own() -> None:
    parts = xlsx_parts({"甲": sheet_xml([[Cell("41090", style=1)]])}, base_1904=True)
    assert grid(zipped(parts)) == [["2016-07-01"]]


def test_shared_text_is_joined_without_its_reading_aid() -> None:
    shared = f'<sst xmlns="{MAIN}"><si><r><t>宜</t></r><r><t>蘭</t></r><rPh sb="0" eb="1"><t>ㄧˊ</t></rPh></si><si><t>基隆</t></si></sst>'
    parts = xlsx_parts({"甲": sheet_xml([[Cell("1", "s"), Cell("0", "s")]])})
    parts["xl/sharedStrings.xml"] = shared
    parts["xl/_rels/workbook.xml.rels"] = parts["xl/_rels/workbook.xml.rels"].replace(
        "</Relationships>", f'<Relationship Id="rId901" Type="{RELATIONS}/sharedStrings" Target="/xl/sharedStrings.xml"/></Relationships>'
    )
    assert grid(zipped(parts)) == [["基隆", "宜蘭"]]


def test_prefixes_and_the_strict_names_are_read_too() -> None:
    """XLS-27: Strict OOXML has other namespaces, some programs prefix every element."""
    parts = xlsx_parts({"甲": sheet_xml([HEADER, JULY])})
    strict = {name: text.replace(MAIN, "http://purl.oclc.org/ooxml/spreadsheetml/main") for name, text in parts.items()}
    assert grid(zipped(strict))[1] == ["105年7月", "便利商店", "10", "1200"]
    sheet = parts["xl/worksheets/sheet1.xml"].replace(f'xmlns="{MAIN}"', f'xmlns:x="{MAIN}"')
    parts["xl/worksheets/sheet1.xml"] = re.sub("<(/?)([a-z])", r"<\1x:\2", sheet, flags=re.I).replace("<?x:xml", "<?xml")
    assert grid(zipped(parts))[1] == ["105年7月", "便利商店", "10", "1200"]


ODS_CELLS = [
    ('<table:table-cell office:value-type="float" office:value="12"><text:p>12.00</text:p></table:table-cell>', "12"),
    ('<table:table-cell office:value-type="percentage" office:value="0.953"><text:p>95%</text:p></table:table-cell>', "95.3%"),
    ('<table:table-cell office:value-type="date" office:date-value="2016-07-01"><text:p>105/7/1</text:p></table:table-cell>', "2016-07-01"),
    ('<table:table-cell office:value-type="date" office:date-value="2016-07-01T09:30:00.5"/>', "2016-07-01 09:30:00"),
    ('<table:table-cell office:value-type="time" office:time-value="PT09H30M00S"><text:p>9:30</text:p></table:table-cell>', "09:30:00"),
    ('<table:table-cell office:value-type="boolean" office:boolean-value="true"/>', "TRUE"),
    ('<table:table-cell office:value-type="string"><text:p>兩<text:s text:c="2"/>行</text:p><text:p>二</text:p></table:table-cell>', "兩  行\n二"),
    (
        '<table:table-cell office:value-type="string"><office:annotation><text:p>註解</text:p></office:annotation><text:p>本文</text:p></table:table-cell>',
        "本文",
    ),
    ('<table:table-cell table:formula="of:=1/0" calcext:value-type="error"><text:p>#DIV/0!</text:p></table:table-cell>', "#DIV/0!"),
]


@pytest.mark.parametrize(("cell", "text"), ODS_CELLS, ids=lambda value: value[-30:])
def test_a_cell_of_an_ods_comes_out_as_its_text(cell: str, text: str) -> None:
    assert grid(ods([["甲", Cell(cell), "乙"]])) == [["甲", text, "乙"]]


def test_repeated_cells_and_rows_of_an_ods_are_written_out() -> None:
    repeated = Cell('<table:table-cell table:number-columns-repeated="2" office:value-type="float" office:value="3"/>')
    empty = Cell('<table:table-cell table:number-columns-repeated="16000"/>')
    rows = ods_row(["甲", repeated, empty], 'table:number-rows-repeated="2"') + ods_row([empty], 'table:number-rows-repeated="1000000"')
    assert grid(zipped(ods_parts({"一": rows}))) == [["甲", "3", "3"]] * 2


# --- a table in a workbook --------------------------------------------------------------------------------------------------


def test_rows_keep_their_numbers_and_missing_rows_are_blank(warehouse: Warehouse) -> None:
    content = xlsx([["105年案款代收"], [], HEADER, JULY, [], ["105年8月", "便利商店", "x", 1], ["合計", None, 10, 1201]])
    result = look(warehouse, content)
    assert (result.type, result.encoding, result.dataset) == ("xlsx", None, "payment_monthly")
    assert [(finding.code, finding.row, finding.column, finding.value) for finding in result.findings] == [("E-NUM-21", 6, "件數", "x")]
    assert result.ignored == {"blank": 1, "total": 1}


def test_a_note_under_the_table_that_spans_it_is_a_note(warehouse: Warehouse) -> None:
    content = xlsx([HEADER, JULY, ["備註：以入帳日計"]], after='<mergeCells count="1"><mergeCell ref="A3:D3"/></mergeCells>')
    assert look(warehouse, content).ignored == {"note": 1}


def test_a_merged_title_is_a_title(warehouse: Warehouse) -> None:
    content = xlsx([["105年7月案款代收"], HEADER, JULY], after='<mergeCells><mergeCell ref="A1:D1"/></mergeCells>')
    assert outcome(look(warehouse, content)) == ("dry_run", set())


def faulty(cell: Any, **options: Any) -> bytes:
    return xlsx([HEADER, JULY, ["105年7月", "臨櫃代收", cell, 300]], **options)


ODS_ERROR = Cell('<table:table-cell table:formula="of:=1/0" calcext:value-type="error"><text:p>#DIV/0!</text:p></table:table-cell>')
ODS_FORMULA = Cell('<table:table-cell table:formula="of:=1+1"/>')
ODS_SPAN = Cell('<table:table-cell table:number-rows-spanned="2" office:value-type="string"><text:p>105年7月</text:p></table:table-cell>')
ODS_COVERED = Cell("<table:covered-table-cell/>")

ANSWERS = [
    ("XLS-04", xlsx([HEADER, JULY, [None, "臨櫃代收", 5, 300]], after='<mergeCells><mergeCell ref="A2:A3"/></mergeCells>'), "refused", {"E-XLS-04"}),
    ("XLS-04 ods", ods([HEADER, [ODS_SPAN, *JULY[1:]], [ODS_COVERED, "臨櫃代收", 5, 300]]), "refused", {"E-XLS-04"}),
    ("XLS-06", faulty(Cell("5", formula="2+3")), "dry_run", set()),
    ("XLS-07", faulty(Cell(None, formula="2+3")), "refused", {"E-FORMULA-EMPTY"}),
    ("XLS-07 ods", ods([HEADER, JULY, ["105年7月", "臨櫃代收", ODS_FORMULA, 300]]), "refused", {"E-FORMULA-EMPTY"}),
    ("XLS-08", faulty(Cell("#N/A", "e")), "refused", {"E-CELL-ERROR"}),
    ("XLS-08 in text", xlsx([HEADER, JULY, ["105年7月", Cell("#REF!", "e"), 5, 300]]), "refused", {"E-CELL-ERROR"}),
    ("XLS-08 ods", ods([HEADER, JULY, ["105年7月", "臨櫃代收", ODS_ERROR, 300]]), "refused", {"E-CELL-ERROR"}),
    ("XLS-10", faulty(Cell("0.953", style=3)), "refused", {"E-NUM-19"}),
    ("XLS-11", faulty(Cell("12000", style=6)), "dry_run", set()),
    ("XLS-12", xlsx([HEADER, JULY, [Cell("42583", style=1), "便利商店", 5, 300]]), "dry_run", set()),
    ("NUM-18", faulty("5"), "dry_run", set()),
    ("NUM-25", faulty(Cell("99.5")), "refused", {"E-NUM-25"}),
    ("NUM-29", faulty(Cell("42552", style=1)), "refused", {"E-EXCEL-DATE"}),
    ("XLS-03 row", faulty(5, row_attributes={3: 'hidden="1"'}), "needs_confirmation", {"W-HIDDEN"}),
    ("XLS-03 column", faulty(5, before='<cols><col min="3" max="3" hidden="1"/></cols>'), "needs_confirmation", {"W-HIDDEN"}),
    ("XLS-03 far columns", faulty(5, before='<cols><col min="300" max="16384" hidden="1"/></cols>'), "dry_run", set()),
    ("HDR-11", xlsx([HEADER, [*JULY, None, "手寫備註"]]), "refused", {"E-HEADER"}),
    ("HDR-31", xlsx([[None, None, *HEADER], [None, None, *JULY]]), "dry_run", set()),
    ("HDR-23", xlsx([JULY, AUGUST]), "refused", {"E-HEADER"}),
    ("BIZ-27", xlsx([HEADER]), "refused", {"E-EMPTY"}),
    ("FIL-01", xlsx([[]]), "refused", {"E-EMPTY"}),
    ("TXT-20", xlsx([HEADER, ["105年7月", "x" * 40_000, 1, 1]]), "refused", {"E-CELL-SIZE"}),
    ("HDR-33", xlsx([[f"欄{n}" for n in range(300)], JULY]), "refused", {"E-COLUMNS"}),
]  # fmt: skip


@pytest.mark.parametrize(("name", "content", "expected", "codes"), ANSWERS, ids=[name for name, *_ in ANSWERS])
def test_a_workbook_gets_the_answer_its_cells_deserve(warehouse: Warehouse, name: str, content: bytes, expected: str, codes: set[str]) -> None:
    assert outcome(look(warehouse, content)) == (expected, codes)


def test_a_value_of_another_workbook_is_asked_about(warehouse: Warehouse) -> None:
    parts = xlsx_parts({"甲": sheet_xml([HEADER, ["105年7月", "便利商店", Cell("5", formula="[1]Sheet1!A1"), 300]])})
    parts["xl/_rels/workbook.xml.rels"] = parts["xl/_rels/workbook.xml.rels"].replace(
        "</Relationships>", f'<Relationship Id="rId5" Type="{RELATIONS}/externalLink" Target="externalLinks/externalLink1.xml"/></Relationships>'
    )
    parts["xl/externalLinks/externalLink1.xml"] = "<externalLink/>"
    assert outcome(look(warehouse, zipped(parts))) == ("needs_confirmation", {"W-XLS-09"})


def test_an_embedded_object_is_not_opened_but_asked_about(warehouse: Warehouse) -> None:
    parts = {**xlsx_parts({"甲": sheet_xml([HEADER, JULY])}), "xl/embeddings/oleObject1.bin": "x"}
    assert outcome(look(warehouse, zipped(parts))) == ("needs_confirmation", {"W-XLS-30"})


# --- which sheet ------------------------------------------------------------------------------------------------------------


def test_the_sheet_with_a_known_header_is_read_among_others(warehouse: Warehouse) -> None:
    content = zipped(xlsx_parts({"說明": sheet_xml([["填表說明"]]), "資料": sheet_xml([HEADER, JULY])}))
    result = look(warehouse, content)
    assert outcome(result) == ("dry_run", set()) and result.loaded == 1
    content = zipped(ods_parts({"說明": ods_row(["填表說明"]), "資料": ods_row(HEADER) + ods_row(JULY)}))
    assert outcome(look(warehouse, content)) == ("dry_run", set())


def test_two_sheets_that_match_are_asked_about(warehouse: Warehouse) -> None:
    content = zipped(xlsx_parts({"七月": sheet_xml([HEADER, JULY]), "八月": sheet_xml([HEADER, AUGUST])}))
    result = look(warehouse, content)
    assert outcome(result) == ("needs_confirmation", {"W-XLS-01"}) and "「七月」" in result.findings[0].message
    assert [f"{month:%Y-%m}" for month in result.months] == ["2016-07"]


@pytest.mark.parametrize("state", ["hidden", "veryHidden"])
def test_a_hidden_sheet_is_read_only_where_no_other_matches_and_then_asked_about(warehouse: Warehouse, state: str) -> None:
    sheets = {"七月": sheet_xml([HEADER, JULY]), "八月": sheet_xml([HEADER, AUGUST])}
    result = look(warehouse, zipped(xlsx_parts(sheets, states={"七月": state})))
    assert outcome(result) == ("dry_run", set()) and [f"{month:%m}" for month in result.months] == ["08"]
    only = zipped(xlsx_parts({"七月": sheets["七月"], "說明": sheet_xml([["說明"]])}, states={"七月": state}))
    assert outcome(look(warehouse, only)) == ("needs_confirmation", {"W-XLS-02"})


def test_a_hidden_sheet_of_an_ods_is_known_by_its_style(warehouse: Warehouse) -> None:
    style = '<style:style style:name="ta1"><style:table-properties table:display="false"/></style:style>'
    content = zipped(ods_parts({"七月": ods_row(HEADER) + ods_row(JULY)}, styles=style, table_attributes={"七月": 'table:style-name="ta1"'}))
    assert outcome(look(warehouse, content)) == ("needs_confirmation", {"W-XLS-02"})


def test_the_name_of_a_sheet_is_shown_as_text(warehouse: Warehouse) -> None:
    content = zipped(xlsx_parts({"'; DROP\u202e": sheet_xml([HEADER, JULY]), "<script>": sheet_xml([HEADER, JULY])}))
    assert "⟦U+202E⟧" in look(warehouse, content).findings[0].message


# --- what is no workbook of ours --------------------------------------------------------------------------------------------


def ole(stream_name: str) -> bytes:
    return b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + bytes(600) + stream_name.encode("utf-16-le") + bytes(600)


def typed(main: str, **more: str) -> bytes:
    types = f'<Types xmlns="{PACKAGE}/content-types"><Override PartName="/main.xml" ContentType="{main}"/></Types>'
    return zipped({"[Content_Types].xml": types, "main.xml": "<x/>", **more})


GOOD = xlsx_parts({"甲": sheet_xml([HEADER, JULY])})
OTHERS = [
    ("FIL-10", ole("Workbook"), "E-XLS"),
    ("XLS-16", ole("EncryptedPackage"), "E-PASSWORD"),
    ("XLS-17 IRM", ole("DRMEncryptedDataSpace"), "E-XLS-17"),
    ("XLS-17 signed", zipped({**GOOD, "_xmlsignatures/sig1.xml": "<x/>"}), "E-XLS-17"),
    ("XLS-16 ods", zipped({**ods_parts({"甲": ""}), "META-INF/manifest.xml": "<m><encryption-data/></m>"}), "E-PASSWORD"),
    ("FIL-11", typed("application/vnd.ms-excel.sheet.macroEnabled.main+xml"), "E-TYPE"),
    ("FIL-11 in disguise", zipped({**GOOD, "xl/vbaProject.bin": "x"}), "E-TYPE"),
    ("FIL-12 xlsb", typed("application/vnd.ms-excel.sheet.binary.macroEnabled.main"), "E-TYPE"),
    ("FIL-12 docx", typed("application/vnd.openxmlformats-officedocument.wordprocessingml.document.main+xml"), "E-TYPE"),
    ("FIL-12 odt", zipped({"mimetype": ODS_TYPE.replace("spreadsheet", "text"), "content.xml": "<x/>"}), "E-TYPE"),
    ("FIL-12 numbers", zipped({"Index/Document.iwa": "x"}), "E-TYPE"),
    ("FIL-14", zipped({"表.csv": "月份,管道,件數,金額\n105年7月,便利商店,10,1200\n"}), "E-TYPE"),
    ("FIL-16", zipped(GOOD)[:-300], "E-TRUNCATED"),
    ("FIL-16 half", zipped(GOOD)[:700], "E-TRUNCATED"),
    ("XLS-22 nested", zipped({"a.zip": zipped(GOOD)}), "E-XLS-22"),
    ("XLS-22 outside", zipped({**GOOD, "../../etc/x": "x"}), "E-XLS-22"),
    ("XLS-22 absolute", zipped({**GOOD, "/etc/x": "x"}), "E-XLS-22"),
    ("XLS-25", zipped({**GOOD, "xl/workbook.xml": '<!DOCTYPE x [<!ENTITY a "b">]>' + GOOD["xl/workbook.xml"]}), "E-XLS-25"),
    (
        "XLS-25 in the sheet",
        zipped({**GOOD, "xl/worksheets/sheet1.xml": GOOD["xl/worksheets/sheet1.xml"].replace("?>", '?><!DOCTYPE w SYSTEM "file:///etc/passwd">', 1)}),
        "E-XLS-25",
    ),
    ("no sheet", zipped({name: text for name, text in GOOD.items() if "sheet1" not in name}), "E-TRUNCATED"),
    ("broken XML", zipped({**GOOD, "xl/worksheets/sheet1.xml": "<worksheet><sheetData><row"}), "E-PARSER"),
    ("no number", xlsx([HEADER, [*JULY[:3], Cell("１２")]]), "E-PARSER"),
    ("rows back and forth", zipped({**GOOD, "xl/worksheets/sheet1.xml": sheet_xml([HEADER, JULY]).replace('r="2"', 'r="1"')}), "E-PARSER"),
]  # fmt: skip


@pytest.mark.parametrize(("name", "content", "code"), OTHERS, ids=[name for name, *_ in OTHERS])
def test_what_is_no_workbook_of_ours_is_refused_by_name(warehouse: Warehouse, name: str, content: bytes, code: str) -> None:
    assert outcome(look(warehouse, content)) == ("refused", {code})


def test_a_symbolic_link_in_the_zip_is_refused(warehouse: Warehouse) -> None:
    stream = io.BytesIO(zipped(GOOD))
    with zipfile.ZipFile(stream, "a") as archive:
        link = zipfile.ZipInfo("xl/link")
        link.external_attr = 0o120777 << 16
        archive.writestr(link, "/etc/passwd")
    assert outcome(look(warehouse, stream.getvalue())) == ("refused", {"E-XLS-22"})


def test_the_same_name_twice_in_the_zip_is_refused(warehouse: Warehouse) -> None:
    stream = io.BytesIO(zipped(GOOD))
    with zipfile.ZipFile(stream, "a") as archive, pytest.warns(UserWarning, match="Duplicate"):
        archive.writestr("xl/workbook.xml", "<x/>")
    assert outcome(look(warehouse, stream.getvalue())) == ("refused", {"E-XLS-22"})


@pytest.mark.parametrize(
    ("name", "content"), [("表.csv", xlsx([HEADER, JULY])), ("表.ods", xlsx([HEADER, JULY])), ("表.xlsx", ods([HEADER, JULY])), ("表.xlsx", b"a,b\n1,2\n")]
)
def test_a_name_that_tells_another_type_than_the_content_is_refused(warehouse: Warehouse, name: str, content: bytes) -> None:
    """FIL-09: the content decides, and the clerk is told."""
    assert look(warehouse, content, name).outcome == "refused"
    table = "月份,管道,件數,金額\n105年7月,便利商店,10,1200\n".encode()
    assert outcome(look(warehouse, table if name.endswith("x") and content[:2] != b"PK" else content, name)) == ("refused", {"E-TYPE"})


# --- zips made to hurt ------------------------------------------------------------------------------------------------------


def two_cells() -> bytes:
    """XLS-18: A1 and XFD1048576; 17 billion cells if the dimension is believed."""
    cells = '<row r="1"><c r="A1"><v>1</v></c></row><row r="1048576"><c r="XFD1048576"><v>1</v></c></row>'
    return zipped(xlsx_parts({"甲": f'<worksheet xmlns="{MAIN}"><dimension ref="A1:XFD1048576"/><sheetData>{cells}</sheetData></worksheet>'}))


def big_sheet(row: str, times: int, **parts: str) -> bytes:
    head = sheet_xml([HEADER, JULY]).replace("</sheetData></worksheet>", "")
    return zipped({**xlsx_parts({"甲": head + row * times + "</sheetData></worksheet>"}), **parts})


def lying() -> bytes:
    """XLS-21: the directory says that a sheet of 30 MB has 100 bytes."""
    content = bytearray(big_sheet(" " * 1024, 30_000))
    with zipfile.ZipFile(io.BytesIO(bytes(content))) as archive:
        size = archive.getinfo("xl/worksheets/sheet1.xml").file_size
    return bytes(content.replace(struct.pack("<L", size), struct.pack("<L", 100)))


def many_entries() -> bytes:
    return zipped({**GOOD, **{f"x/{number}": "" for number in range(100_000)}})


def shared_bomb() -> bytes:
    """One text of 32,000 characters, named by 400,000 cells: 13 GB of text."""
    shared = f'<sst xmlns="{MAIN}"><si><t>{"滿" * 32_000}</t></si></sst>'
    cells = "".join(f'<row r="{number}"><c t="s"><v>0</v></c><c t="s"><v>0</v></c></row>' for number in range(3, 200_000))
    parts = xlsx_parts({"甲": sheet_xml([HEADER, JULY]).replace("</sheetData>", cells + "</sheetData>")})
    parts["xl/sharedStrings.xml"] = shared
    parts["xl/_rels/workbook.xml.rels"] = parts["xl/_rels/workbook.xml.rels"].replace(
        "</Relationships>", f'<Relationship Id="rId901" Type="{RELATIONS}/sharedStrings" Target="sharedStrings.xml"/></Relationships>'
    )
    return zipped(parts)


def laughs() -> bytes:
    entities = "".join(f'<!ENTITY a{n} "{f"&a{n - 1};" * 10}">' for n in range(1, 12))
    return zipped({**GOOD, "xl/styles.xml": f'<!DOCTYPE x [<!ENTITY a0 "lol">{entities}]><x>&a11;</x>'})


def ods_rows() -> bytes:
    """XLS-23: one row with values, a million times."""
    return zipped(ods_parts({"甲": ods_row(HEADER) + ods_row(JULY, 'table:number-rows-repeated="1048576"')}))


def ods_cells() -> bytes:
    """XLS-24: 16,384 × 1,048,576 cells with a value."""
    cell = Cell('<table:table-cell table:number-columns-repeated="16384" office:value-type="float" office:value="1"/>')
    return zipped(ods_parts({"甲": ods_row(HEADER) + ods_row([cell], 'table:number-rows-repeated="1048576"')}))


HOSTILE = [
    ("XLS-18", two_cells, {"E-RANGE"}),
    ("XLS-19 blanks", lambda: big_sheet(" " * 1024, 300_000), {"E-UNPACK"}),
    ("XLS-20", lambda: big_sheet("<row><c><v>1</v></c></row>", 8_000_000), {"E-UNPACK"}),
    ("XLS-21", lying, {"E-TRUNCATED"}),
    ("XLS-22", many_entries, {"E-XLS-22"}),
    ("XLS-23", ods_rows, {"E-ROWS"}),
    ("XLS-24", ods_cells, {"E-COLUMNS"}),
    ("XLS-25", laughs, {"E-XLS-25"}),
    ("shared text", shared_bomb, {"E-CELL-SIZE", "E-UNPACK", "E-DAT-01", "E-CHOICE", "E-NUM-22"}),
    ("one element for ever", lambda: zipped({**GOOD, "xl/worksheets/sheet1.xml": "<a>" * 3_000_000}), {"E-PARSER", "E-UNPACK"}),
    ("one attribute for ever", lambda: zipped({**GOOD, "xl/worksheets/sheet1.xml": f'<worksheet a="{"x" * 19_000_000}"/>'}), {"E-EMPTY"}),
]


@pytest.mark.parametrize(("name", "make", "codes"), HOSTILE, ids=[name for name, *_ in HOSTILE])
def test_a_hostile_workbook_is_refused_within_three_seconds(warehouse: Warehouse, name: str, make: Any, codes: set[str]) -> None:
    content = make()
    assert len(content) < 12 << 20
    began = time.process_time() + sum(os.times()[2:4])
    result = look(warehouse, content)
    spent = time.process_time() + sum(os.times()[2:4]) - began
    assert result.outcome == "refused" and {finding.code for finding in result.findings} <= codes
    assert spent < 3, f"{spent:.1f} s of processor time"


def test_rows_with_formatting_only_cost_little(warehouse: Warehouse) -> None:
    """XLS-19: a column formatted down to the last row."""
    head = sheet_xml([HEADER, JULY]).replace("</sheetData></worksheet>", "")
    rows = "".join(f'<row r="{number}"><c r="A{number}" s="1"/></row>' for number in range(3, 200_000))
    assert outcome(look(warehouse, zipped(xlsx_parts({"甲": f"{head}{rows}</sheetData></worksheet>"})))) == ("dry_run", set())


# --- the child --------------------------------------------------------------------------------------------------------------


def test_a_child_that_is_killed_is_a_finding(warehouse: Warehouse, monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    child = tmp_path / "child.py"
    child.write_text("import os, signal\nos.kill(os.getpid(), signal.SIGKILL)\n")
    monkeypatch.setattr(workbook, "_CHILD", child)
    assert outcome(look(warehouse, xlsx([HEADER, JULY]))) == ("refused", {"E-PARSER"})


def test_a_child_that_hangs_is_ended(warehouse: Warehouse, monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    child = tmp_path / "child.py"
    child.write_text("import time\ntime.sleep(60)\n")
    monkeypatch.setattr(workbook, "_CHILD", child)
    monkeypatch.setattr(workbook, "WALL_SECONDS", 0.5)
    began = time.monotonic()
    assert outcome(look(warehouse, xlsx([HEADER, JULY]))) == ("refused", {"E-PARSER"})
    assert time.monotonic() - began < 10


def test_a_child_that_dies_over_a_line_is_a_finding(warehouse: Warehouse, monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    """Rows read so far are not taken for the whole table."""
    child = tmp_path / "child.py"
    real = workbook._CHILD.read_text(encoding="utf-8")
    child.write_text(real.replace("    table.flush()\n    tell(", "    table.flush()\n    sys.stdout.flush()\n    import os; os._exit(9)\n    tell("))
    monkeypatch.setattr(workbook, "_CHILD", child)
    assert outcome(look(warehouse, xlsx([HEADER, JULY]))) == ("refused", {"E-PARSER"})


def test_a_child_keeps_to_its_limits() -> None:
    """280 MB of address space: what asks for more ends there, and not here."""
    code = "import sys; sys.path.insert(0, sys.argv[1]); import _workbook_child as child; child.limit(); bytearray(290 << 20)"
    done = subprocess.run([sys.executable, "-I", "-S", "-c", code, str(workbook._CHILD.parent)], capture_output=True, text=True, check=False)
    assert done.returncode == 1 and "MemoryError" in done.stderr


def test_no_child_is_left_behind(warehouse: Warehouse) -> None:
    before = set(_children())
    for content in (xlsx([HEADER, JULY]), two_cells(), faulty("x")):
        look(warehouse, content)
    with pytest.raises(Refused):
        screen(Source("表", two_cells()), today=TODAY)
    blocks = screen(Source("表", xlsx([HEADER, *[JULY] * 20_000])), today=TODAY).sheet.blocks()
    next(blocks)
    blocks.close()
    assert set(_children()) <= before


def _children() -> Iterator[int]:
    for task in Path("/proc/self/task").iterdir():
        yield from map(int, (task / "children").read_text().split())


def test_a_large_workbook_passes_through_in_little_memory(tmp_path: Path) -> None:
    """40,000 rows, in a process of its own: what it adds at the most is counted by the system."""
    write = """
import sys
from tests.warehouse.intake.books import sheet_xml, xlsx_parts, zipped
header = ["編號", "填表日期", "服務地點", "洽辦公務時間", "處理申請事項", "機關洽公環境", "接待志工警衛或替代役男的服務態度", "其他人員服務態度", "整體滿意度", "問題處理解答詢問"]
rows = [header, *([n, "105/07/05", "宜蘭", "15分鐘內", *["滿意"] * 6] for n in range(40_000))]
open(sys.argv[1], "wb").write(zipped(xlsx_parts({"甲": sheet_xml(rows)})))
"""
    measure = """
import resource, sys
from datetime import date
from pathlib import Path
from warehouse.intake import Source
from warehouse.screen import screen
list(screen(Source("a", b"\\xe6\\x9c\\x88\\xe4\\xbb\\xbd,\\xe7\\xae\\xa1\\xe9\\x81\\x93,\\xe4\\xbb\\xb6\\xe6\\x95\\xb8,\\xe9\\x87\\x91\\xe9\\xa1\\x8d\\n105/7,\\xe4\\xbe\\xbf\\xe5\\x88\\xa9\\xe5\\x95\\x86\\xe5\\xba\\x97,1,1\\n"), today=date(2016, 10, 5)).frames())
before = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
found = screen(Source("a", Path(sys.argv[1])), today=date(2016, 10, 5))
rows = sum(frame.height for frame in found.frames())
print(rows, (resource.getrusage(resource.RUSAGE_SELF).ru_maxrss - before) // 1024)
"""
    root = Path(__file__).parents[3]
    path = str(tmp_path / "a")
    for text in (write, measure):
        done = subprocess.run([sys.executable, "-c", text, path], capture_output=True, text=True, check=True, env={**os.environ, "PYTHONPATH": str(root)})
    rows, added = map(int, done.stdout.split())
    assert rows == 40_000 and added < 300 - 60


def test_a_file_on_disk_and_in_memory_is_the_same(tmp_path: Path) -> None:
    path = tmp_path / "表.xlsx"
    path.write_bytes(xlsx([HEADER, JULY, AUGUST]))
    assert rows_of(path.read_bytes()).equals(pl.concat(screen(Source(path.name, path), today=TODAY).frames()))


def test_a_workbook_of_the_usual_library_is_read(warehouse: Warehouse) -> None:
    """XLS-28: what XlsxWriter writes, with shared text, styles and a formula that has its value."""
    xlsxwriter = pytest.importorskip("xlsxwriter")
    stream = io.BytesIO()
    book = xlsxwriter.Workbook(stream)
    sheet = book.add_worksheet("資料")
    sheet.write_row(0, 0, HEADER)
    sheet.write_datetime(1, 0, date(2016, 7, 1), book.add_format({"num_format": "[$-404]e/m"}))
    sheet.write_row(1, 1, ["便利商店", 10, 1200])
    sheet.write_row(2, 0, ["105年8月", "便利商店"])
    sheet.write_formula(2, 2, "=5+7", None, 12)
    sheet.write_number(2, 3, 1500)
    book.close()
    assert rows_of(stream.getvalue()).select("month", "n").rows() == [(date(2016, 7, 1), 10), (date(2016, 8, 1), 12)]
