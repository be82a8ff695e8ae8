"""The correction workbook: the clerk's table as it was, marks and reasons where they belong, and fit to be given back."""

from __future__ import annotations

import csv
import io
import xml.etree.ElementTree as ElementTree
import zipfile

import pytest

from warehouse.correction import correction_workbook
from warehouse.intake import Source
from warehouse.load import LoadResult, Request, load_file
from warehouse.screen import REASONS
from warehouse.store import Warehouse

TITLE = "105年案款代收月報表"
HEADER = ["月份", "代收管道", "件數", "金額"]
ROWS = [["105/01", "便利商店", "4,700", "9300000"], ["105/13", "便利商店", "12", "100"], ["105/02", "郵差", "7", "=1+2"], ["105/03", "便利商店", "5", "300"]]
SPACE = "{http://schemas.openxmlformats.org/spreadsheetml/2006/main}"


def table(rows: list[list[str]], header: list[str] | None = None) -> bytes:
    out = io.StringIO()
    writer = csv.writer(out, lineterminator="\r\n")
    writer.writerows([[TITLE], header or HEADER, *rows])
    return out.getvalue().encode("utf-8-sig")


def checked(warehouse: Warehouse, content: bytes) -> LoadResult:
    return load_file(warehouse, Source("案款.csv", content), Request(by="測試", dry_run=True))


def cells(book: bytes, sheet: int = 1) -> dict[str, tuple[str, int]]:
    """Address → (text, format number), read from the XML apart from any library."""
    with zipfile.ZipFile(io.BytesIO(book)) as archive:
        root = ElementTree.fromstring(archive.read(f"xl/worksheets/sheet{sheet}.xml"))
        assert not root.findall(f".//{SPACE}f"), "a formula"
        shared = ["".join(item.itertext()) for item in ElementTree.fromstring(archive.read("xl/sharedStrings.xml")).iter(f"{SPACE}si")]
    found = [cell for cell in root.iter(f"{SPACE}c") if cell.find(f"{SPACE}v") is not None]
    assert {cell.get("t") for cell in found} == {"s"}, "a cell that is no text"
    return {cell.get("r", ""): (shared[int("".join(cell.itertext()))], int(cell.get("s", "0"))) for cell in found}


@pytest.fixture
def book(empty_warehouse: Warehouse) -> dict[str, tuple[str, int]]:
    content = table(ROWS)
    result = checked(empty_warehouse, content)
    assert result.outcome == "refused"
    made = correction_workbook(Source("案款.csv", content), result.findings)
    assert made is not None
    return cells(made)


def test_every_cell_stands_where_it_stood_as_text(book: dict[str, tuple[str, int]]) -> None:
    assert book["A1"][0] == TITLE
    for number, row in enumerate([HEADER, *ROWS], start=2):
        for at, cell in enumerate(row):
            assert book[f"{'ABCD'[at]}{number}"][0] == cell
    assert book["E2"][0] == REASONS


def test_faulty_cells_are_marked_and_only_those(book: dict[str, tuple[str, int]]) -> None:
    plain = book["A3"][1]
    marked = {address for address, (_, look) in book.items() if look != plain and address[0] != "E" and int(address[1:]) > 2}
    assert marked == {"A4", "B5", "D5"}
    reasons = {address for address in book if address[0] == "E"} - {"E2"}
    assert reasons == {"E4", "E5"} and "「月份」" in book["E4"][0] and book["E5"][0].count("\n") == 1


def test_given_back_mended_it_is_loaded_and_the_reasons_are_no_column(empty_warehouse: Warehouse) -> None:
    mended = [*ROWS[:1], ["105/04", "便利商店", "12", "100"], ["105/02", "便利商店", "7", "12"], ROWS[3]]
    told = ["", "第4列「月份」欄：……", "", ""]
    content = table([[*row, reason] for row, reason in zip(mended, told, strict=True)], [*HEADER, REASONS])
    result = load_file(empty_warehouse, Source("案款.csv", content), Request(by="測試"))
    assert (result.outcome, result.findings, result.loaded) == ("loaded", [], 4)


def test_given_back_unmended_it_finds_the_same(empty_warehouse: Warehouse) -> None:
    first = checked(empty_warehouse, table(ROWS))
    again = checked(empty_warehouse, table([[*row, "理由"] for row in ROWS], [*HEADER, REASONS]))
    assert [(finding.code, finding.row, finding.column) for finding in first.findings] == [
        (finding.code, finding.row, finding.column) for finding in again.findings
    ]
    second = correction_workbook(Source("案款.csv", table([[*row, "舊理由"] for row in ROWS], [*HEADER, REASONS])), again.findings)
    assert second is not None and "舊理由" not in {text for text, _ in cells(second).values()} and "F2" not in cells(second)


def test_the_second_sheet_lists_every_finding(empty_warehouse: Warehouse) -> None:
    result = checked(empty_warehouse, table(ROWS))
    made = correction_workbook(Source("案款.csv", table(ROWS)), result.findings)
    assert made is not None
    listed = cells(made, 2)
    assert [listed[f"F{number}"][0] for number in range(2, 2 + len(result.findings))] == [finding.message for finding in result.findings]


def test_none_where_no_row_can_be_marked(empty_warehouse: Warehouse) -> None:
    content = b"\x89PNG\r\n\x1a\n" + bytes(200)
    assert correction_workbook(Source("照片.csv", content), checked(empty_warehouse, content).findings) is None
    clean = table(ROWS[:1])
    assert correction_workbook(Source("案款.csv", clean), checked(empty_warehouse, clean).findings) is None


def test_given_back_as_the_workbook_it_is(empty_warehouse: Warehouse) -> None:
    """The very bytes, nothing mended: the same findings in the same places; so what Excel saves of it is read the same."""
    first = checked(empty_warehouse, table(ROWS))
    made = correction_workbook(Source("案款.csv", table(ROWS)), first.findings)
    assert made is not None
    again = load_file(empty_warehouse, Source("案款.xlsx", made), Request(by="測試", dry_run=True))
    assert [(finding.code, finding.row, finding.column) for finding in first.findings] == [
        (finding.code, finding.row, finding.column) for finding in again.findings
    ]
    assert correction_workbook(Source("案款.xlsx", made), again.findings) is not None
