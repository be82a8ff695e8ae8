"""The files: they open, they say the same, they are accessible, and the same data give the same bytes."""

from __future__ import annotations

import csv
import io
import re
import shutil
import subprocess
import zipfile
from collections.abc import Iterator
from decimal import Decimal
from pathlib import Path
from xml.etree import ElementTree

import docx
import pypdf
import pytest

from warehouse.period import parse_quarter
from warehouse.report.charts import FONTS, SANS, picture
from warehouse.report.content import build
from warehouse.report.files import handed_over, keep, kept, rendered
from warehouse.report.ods import ods
from warehouse.report.parts import Cell, Report, Table
from warehouse.report.pdf import pages, pdf
from warehouse.store import Warehouse

TEXT = "{urn:oasis:names:tc:opendocument:xmlns:text:1.0}"
TABLE = "{urn:oasis:names:tc:opendocument:xmlns:table:1.0}"
STYLE = "{urn:oasis:names:tc:opendocument:xmlns:style:1.0}"
FO = "{urn:oasis:names:tc:opendocument:xmlns:xsl-fo-compatible:1.0}"
SVG = "{urn:oasis:names:tc:opendocument:xmlns:svg-compatible:1.0}"
OFFICE = "{urn:oasis:names:tc:opendocument:xmlns:office:1.0}"
DRAW = "{urn:oasis:names:tc:opendocument:xmlns:drawing:1.0}"
W = "{http://schemas.openxmlformats.org/wordprocessingml/2006/main}"
DC = "{http://purl.org/dc/elements/1.1/}"


def part(content: bytes, name: str) -> ElementTree.Element:
    with zipfile.ZipFile(io.BytesIO(content)) as archive:
        assert archive.testzip() is None
        return ElementTree.fromstring(archive.read(name))


def words(element: ElementTree.Element) -> str:
    return "".join(element.itertext())


def paragraphs(root: ElementTree.Element) -> Iterator[str]:
    return (words(element) for element in root.iter(f"{TEXT}p"))


# --- .odt -------------------------------------------------------------------------------------------------------------------


def test_the_odt_says_every_paragraph_of_the_report(report: Report, written: dict[str, bytes]) -> None:
    said = set(paragraphs(part(written["odt"], "content.xml")))
    assert [paragraph.text for paragraph in report.paragraphs if paragraph.text not in said] == []


def amount(text: str) -> Decimal:
    """2億5,104萬6,629 read a second way: nothing of the product reads here."""
    total = Decimal(0)
    for sign, power in (("億", 10**8), ("萬", 10**4), ("", 1)):
        head, found, text = text.partition(sign) if sign else (text, "", "")
        head, text = (head, text) if found or not sign else ("", head)
        total += Decimal(head.replace(",", "") or 0) * power
    return total


#: What the words and days of the hand-made report's catalogue are on paper.
ON_PAPER = {
    "2016-01..2016-09": "105年1月至9月",
    "09:00-12:00": "上午9時至12時",
    "14:00-17:00": "下午2時至5時",
    "2016-08-15": "105年8月15日",
    "2016-03-01": "105年3月1日",
    "2016-06-01": "105年6月1日",
    "2016-08-23": "105年8月23日",
    "2016-09": "105年9月",
}
#: The twelve that the hand-made report prints otherwise: what the forms come to, exactly, and the total of the four channels.
COMPUTED = {
    "survey_time_within_15": "77.14", "survey_time_30_45": "2.86", "survey_time_within_30": "97.14", "inquiry_total": "16865", "survey_environment_fair": "2.86",
    "survey_environment_top2": "96.57", "survey_staff_fair": "2.86", "survey_staff_top2": "97.14", "survey_answer_fair": "2.29", "survey_answer_top2": "97.71",
    "survey_combined_very_satisfied": "59.52", "survey_combined_dissatisfied": "0.10",
}  # fmt: skip


def test_180_figures_are_found_in_the_text_of_the_odt_and_are_those_of_the_old_report_but_twelve(written: dict[str, bytes]) -> None:
    golden = Path(__file__).parents[2] / "golden" / "105q3.csv"
    with golden.open(encoding="utf-8", newline="") as stream:
        catalogued = {row["id"]: row for row in csv.DictReader(stream)}
    root = part(written["odt"], "content.xml")
    body = [paragraph for paragraph in root.iter(f"{TEXT}p") if paragraph.get(f"{TEXT}style-name", "").startswith(("Text", "Item", "More"))]
    printed = {link.get("{http://www.w3.org/1999/xlink}href", "").removeprefix("#f-"): words(link) for paragraph in body for link in paragraph.iter(f"{TEXT}a")}
    assert set(catalogued) - set(printed) == {"care_visit_children"} and len(catalogued) == 181
    different = {}
    for name, row in catalogued.items():
        if name not in printed:
            continue
        text = printed[name].removesuffix(row["unit"])
        if row["form"] != "number":
            assert text == ON_PAPER.get(row["printed"], row["printed"]), name
        elif amount(text) != Decimal(row["printed"]):
            different[name] = amount(text)
    assert different == {name: Decimal(value) for name, value in COMPUTED.items()}
    bookmarks = {mark.get(f"{TEXT}name") for mark in root.iter(f"{TEXT}bookmark")}
    assert {f"f-{name}" for name in printed} <= bookmarks


def test_the_odt_is_a_package_as_the_standard_wants_it(written: dict[str, bytes]) -> None:
    with zipfile.ZipFile(io.BytesIO(written["odt"])) as archive:
        first = archive.infolist()[0]
        assert (first.filename, first.compress_type, archive.read(first)) == ("mimetype", zipfile.ZIP_STORED, b"application/vnd.oasis.opendocument.text")
        listed = set(re.findall(r'full-path="([^"]+)"', archive.read("META-INF/manifest.xml").decode()))
        assert listed == {name for name in archive.namelist() if name not in ("mimetype", "META-INF/manifest.xml")} | {"/"}


def test_the_headings_of_the_odt_are_headings_in_order(report: Report, written: dict[str, bytes]) -> None:
    root = part(written["odt"], "content.xml")
    found = [(int(heading.get(f"{TEXT}outline-level", 0)), words(heading)) for heading in root.iter(f"{TEXT}h")]
    assert found == [(heading.level, heading.text) for heading in report.headings]


def test_the_odt_is_a4_and_in_the_language_of_the_office(report: Report, written: dict[str, bytes]) -> None:
    styles = part(written["odt"], "styles.xml")
    page = next(styles.iter(f"{STYLE}page-layout-properties"))
    assert (page.get(f"{FO}page-width"), page.get(f"{FO}page-height")) == ("21cm", "29.7cm")
    default = next(styles.iter(f"{STYLE}default-style")).find(f"{STYLE}text-properties")
    assert default is not None and (default.get(f"{STYLE}language-asian"), default.get(f"{STYLE}country-asian")) == ("zh", "TW")
    assert list(styles.iter(f"{TEXT}page-number")) and list(styles.iter(f"{TEXT}page-count"))
    assert report.title in words(next(styles.iter(f"{STYLE}header")))
    assert words(next(part(written["odt"], "meta.xml").iter(f"{DC}language"))) == "zh-TW"


def test_every_style_that_is_used_is_there(written: dict[str, bytes]) -> None:
    content, styles = part(written["odt"], "content.xml"), part(written["odt"], "styles.xml")
    defined = {style.get(f"{STYLE}name") for root in (content, styles) for style in root.iter(f"{STYLE}style")}
    used = {element.get(f"{space}style-name") for element in content.iter() for space in (TEXT, TABLE)} - {None}
    assert used <= defined


def test_every_picture_has_words_and_is_in_the_package(report: Report, written: dict[str, bytes]) -> None:
    root = part(written["odt"], "content.xml")
    frames = list(root.iter(f"{DRAW}frame"))
    assert [words(frame.find(f"{SVG}desc")) for frame in frames] == [chart.alt for chart in report.charts]  # type: ignore[arg-type]
    with zipfile.ZipFile(io.BytesIO(written["odt"])) as archive:
        assert all(archive.read(f"Pictures/{chart.id}.png").startswith(b"\x89PNG") for chart in report.charts)


def test_tables_repeat_their_header_rows(report: Report, written: dict[str, bytes]) -> None:
    tables = list(part(written["odt"], "content.xml").iter(f"{TABLE}table"))
    assert len(tables) == len(report.tables)
    assert all(table.find(f"{TABLE}table-header-rows") is not None for table in tables)


def test_the_contents_of_the_odt_lead_to_every_chapter_with_a_page_number(report: Report, written: dict[str, bytes]) -> None:
    root = part(written["odt"], "content.xml")
    contents = next(root.iter(f"{TEXT}table-of-content"))
    marks = {mark.get(f"{TEXT}name") for mark in root.iter(f"{TEXT}bookmark-start")}
    entries = list(contents.iter(f"{TEXT}p"))
    assert [words(entry).removesuffix("1") for entry in entries] == [heading.text for heading in report.headings if heading.level <= 2]
    references = [next(entry.iter(f"{TEXT}bookmark-ref")) for entry in entries]
    assert all(reference.get(f"{TEXT}ref-name") in marks and reference.get(f"{TEXT}reference-format") == "page" for reference in references)


def test_nothing_that_announces_stands_alone_at_the_foot_of_a_page(report: Report, written: dict[str, bytes]) -> None:
    """Headings, captions, and lines that end with a colon are kept with what follows; tables of a page are not broken."""
    styles, root = part(written["odt"], "styles.xml"), part(written["odt"], "content.xml")
    kept = {
        style.get(f"{STYLE}name")
        for style in styles.iter(f"{STYLE}style")
        if (form := style.find(f"{STYLE}paragraph-properties")) is not None and form.get(f"{FO}keep-with-next") == "always"
    }
    assert all(heading.get(f"{TEXT}style-name") in kept for heading in root.iter(f"{TEXT}h"))
    announcing = [paragraph for paragraph in root.iter(f"{TEXT}p") if words(paragraph).endswith("：")]
    assert len(announcing) >= 8 and all(paragraph.get(f"{TEXT}style-name") in kept for paragraph in announcing)
    whole = {
        style.get(f"{STYLE}name")
        for style in root.iter(f"{STYLE}style")
        if (form := style.find(f"{STYLE}table-properties")) is not None and form.get(f"{STYLE}may-break-between-rows") == "false"
    }
    tables = zip(report.tables, root.iter(f"{TABLE}table"), strict=True)
    assert all((element.get(f"{TABLE}style-name") in whole) == (len(table.rows) <= 20) for table, element in tables)


# --- .ods -------------------------------------------------------------------------------------------------------------------


def test_no_cell_of_the_ods_is_a_formula_and_numbers_are_numbers(report: Report, written: dict[str, bytes]) -> None:
    root = part(written["ods"], "content.xml")
    assert [cell for cell in root.iter(f"{TABLE}table-cell") if cell.get(f"{TABLE}formula") is not None] == []
    sheets = list(root.iter(f"{TABLE}table"))
    assert len(sheets) == len(report.tables) + 1
    assert len({sheet.get(f"{TABLE}name") for sheet in sheets}) == len(sheets)
    numbers = [cell.get(f"{OFFICE}value") for cell in root.iter(f"{TABLE}table-cell") if cell.get(f"{OFFICE}value-type") == "float"]
    assert "16865" in numbers and "251046629" in numbers
    defined = {style.get(f"{STYLE}name") for name in ("content.xml", "styles.xml") for style in part(written["ods"], name).iter(f"{STYLE}style")}
    written_as = {cell.get(f"{TABLE}style-name") for cell in root.iter(f"{TABLE}table-cell")}
    assert written_as <= defined and {"Whole", "Decimal", "Whole件", "Decimal﹪", "Whole元"} <= written_as


def test_what_looks_like_a_formula_stays_text(report: Report) -> None:
    from dataclasses import replace

    evil = '=HYPERLINK("http://127.0.0.1/x")'
    table = Table("evil", "表", ("名", "值"), ((Cell(evil), Cell("+1+1")),), number=1)
    root = part(ods(replace(report, parts=(table,))), "content.xml")
    cells = [cell for cell in root.iter(f"{TABLE}table-cell") if words(cell) in (evil, "+1+1")]
    assert len(cells) == 2
    assert all(cell.get(f"{OFFICE}value-type") == "string" and cell.get(f"{TABLE}formula") is None for cell in cells)


# --- .docx ------------------------------------------------------------------------------------------------------------------


def test_the_docx_has_headings_tables_and_words_for_its_pictures(report: Report, written: dict[str, bytes]) -> None:
    document = docx.Document(io.BytesIO(written["docx"]))
    headings = [(int(paragraph.style.name[-1]), paragraph.text) for paragraph in document.paragraphs if paragraph.style.name.startswith("Heading")]
    assert headings == [(heading.level, heading.text) for heading in report.headings]
    assert len(document.tables) == len(report.tables)
    assert [shape._inline.docPr.get("descr") for shape in document.inline_shapes] == [chart.alt for chart in report.charts]
    assert document.core_properties.language == "zh-TW" and document.core_properties.title == report.title
    assert all(table.rows[0]._tr.trPr.xpath("w:tblHeader") for table in document.tables)
    anchors = {link.get(W + "anchor") for link in document.element.body.iter(W + "hyperlink")}
    assert anchors and anchors <= {mark.get(W + "name") for mark in document.element.body.iter(W + "bookmarkStart")}
    fonts = document.styles["Normal"].element.rPr.rFonts
    assert fonts.get(W + "eastAsia") == "標楷體"


# --- .pdf -------------------------------------------------------------------------------------------------------------------


def test_the_pdf_is_tagged_named_and_in_traditional_chinese(report: Report, reader: pypdf.PdfReader) -> None:
    root = reader.trailer["/Root"]
    assert bool(root["/MarkInfo"]["/Marked"])
    assert root["/Lang"] == "zh-TW"
    assert root["/ViewerPreferences"]["/DisplayDocTitle"]
    assert reader.metadata is not None and reader.metadata.title == report.title
    told = root["/Metadata"].get_object().get_data().decode()
    assert "<pdfuaid:part>1</pdfuaid:part>" in told and f">{report.title}</rdf:li>" in told and "zh-TW" in told
    assert root["/MarkInfo"].get("/Suspects", False) == False  # noqa: E712
    assert "/StructTreeRoot" in root and "/Outlines" in root


def tags(node: object) -> Iterator[pypdf.generic.DictionaryObject]:
    """The elements of a structure tree, each before those within."""
    node = node.get_object()  # type: ignore[attr-defined]
    if isinstance(node, list):
        for child in node:
            yield from tags(child)
    elif isinstance(node, dict):
        if "/S" in node:
            yield node
        if "/K" in node and not isinstance(node["/K"], int):
            yield from tags(node["/K"])


@pytest.fixture(scope="session")
def reader(written: dict[str, bytes]) -> pypdf.PdfReader:
    """The PDF, opened once."""
    return pypdf.PdfReader(io.BytesIO(written["pdf"]))


@pytest.fixture(scope="session")
def structure(reader: pypdf.PdfReader) -> list[pypdf.generic.DictionaryObject]:
    """Its structure elements in reading order."""
    return list(tags(reader.trailer["/Root"]["/StructTreeRoot"]["/K"]))


def test_the_pdfs_structure_has_headings_table_headers_and_described_figures(report: Report, structure: list[pypdf.generic.DictionaryObject]) -> None:
    kinds = [str(element["/S"]) for element in structure]
    levels = [int(kind[2]) for kind in kinds if re.fullmatch("/H[1-6]", kind)]
    assert levels == [heading.level for heading in report.headings], "headings in order, no level left out"
    assert kinds.count("/Table") == len(report.tables)
    heads = [element for element in structure if element["/S"] == "/TH"]
    assert len(heads) >= sum(len(table.columns) for table in report.tables)
    assert all("/Scope" in str(element.get("/A")) or "/Scope" in str(element["/A"].get_object()) for element in heads)
    figures = [element for element in structure if element["/S"] == "/Figure"]
    assert [element.get("/Alt") for element in figures] == [chart.alt for chart in report.charts]


def test_every_kind_of_tag_is_one_of_the_standard(reader: pypdf.PdfReader, structure: list[pypdf.generic.DictionaryObject]) -> None:
    standard = {*["/Document", "/Part", "/Sect", "/Div", "/P", "/H1", "/H2", "/H3", "/H4", "/L", "/LI", "/Lbl", "/LBody", "/Table", "/TR", "/TH", "/TD", "/THead", "/TBody", "/TOC", "/TOCI", "/Reference", "/Link", "/Span", "/Figure", "/Caption"]}
    roles = reader.trailer["/Root"]["/StructTreeRoot"].get("/RoleMap", {})
    strange = {str(element["/S"]) for element in structure} - standard
    assert all(roles.get(kind) in standard for kind in strange), strange


def marked_content(page: pypdf.PageObject) -> tuple[set[int], list[bytes]]:
    """The ids of the marked content of a page, and what is drawn on it outside of any mark and of any artifact."""
    open_marks: list[int | None] = []
    ids, loose = set(), []
    contents = page.get_contents()
    assert contents is not None
    for operands, operator in contents.operations:
        if operator in (b"BDC", b"BMC"):
            told = operands[1] if len(operands) > 1 and isinstance(operands[1], dict) else {}
            open_marks.append(told.get("/MCID", -1 if operands[0] == "/Artifact" else None))
            ids |= {told["/MCID"]} if "/MCID" in told else set()
        elif operator == b"EMC":
            open_marks.pop()
        elif operator in (b"Tj", b"TJ", b"'", b'"', b"Do", b"S", b"s", b"f", b"f*", b"B", b"b", b"sh") and not any(mark is not None for mark in open_marks):
            loose.append(operator)
    assert open_marks == []
    return ids, loose


def test_nothing_on_a_page_is_outside_the_structure(reader: pypdf.PdfReader) -> None:
    parents = reader.trailer["/Root"]["/StructTreeRoot"]["/ParentTree"]

    def numbered(node: object) -> Iterator[tuple[int, object]]:
        node = node.get_object()  # type: ignore[attr-defined]
        for child in node.get("/Kids", []):  # type: ignore[attr-defined]
            yield from numbered(child)
        pairs = node.get("/Nums", [])  # type: ignore[attr-defined]
        yield from zip(pairs[::2], pairs[1::2], strict=True)

    owners = dict(numbered(parents))
    for number, page in enumerate(reader.pages, start=1):
        ids, loose = marked_content(page)
        assert loose == [], f"page {number}: drawn outside the structure"
        owned = owners[page["/StructParents"]].get_object()  # type: ignore[attr-defined]
        assert ids <= set(range(len(owned))) and ids, f"page {number}: content that no element owns"
        assert page["/Tabs"] == "/S"


def test_every_link_of_the_pdf_says_where_it_leads_and_has_its_place_in_the_structure(reader: pypdf.PdfReader) -> None:
    links = [link.get_object() for page in reader.pages for link in page.get("/Annots", [])]
    assert len(links) > 180
    for link in links:
        assert link["/Subtype"] == "/Link" and "/StructParent" in link and link["/Contents"]
        page, *_ = link["/Dest"]
        assert page.get_object()["/Type"] == "/Page"


def test_every_font_of_the_pdf_is_in_it_and_can_be_read_as_text(reader: pypdf.PdfReader) -> None:
    fonts = {reference.idnum: reference.get_object() for page in reader.pages for reference in page["/Resources"].get("/Font", {}).values()}
    assert fonts
    for font in fonts.values():
        inner = font["/DescendantFonts"][0].get_object()["/FontDescriptor"].get_object()
        assert {"/FontFile2", "/FontFile3"} & inner.keys() and "/ToUnicode" in font


def test_the_pdf_uses_only_the_fonts_that_are_shipped(reader: pypdf.PdfReader) -> None:
    fonts = {str(font.get_object()["/BaseFont"]) for page in reader.pages for font in page["/Resources"].get("/Font", {}).values()}
    assert fonts and all("NotoSansTC" in name or "NotoSerifTC" in name for name in fonts)


# --- all --------------------------------------------------------------------------------------------------------------------


def test_the_same_data_give_the_same_bytes(report: Report, written: dict[str, bytes]) -> None:
    again = {name.rpartition(".")[2]: content for name, content in rendered(report).items()}
    assert {suffix for suffix in written if written[suffix] != again[suffix]} == set()


def test_the_shipped_font_has_the_signs_the_report_uses(report: Report) -> None:
    from PIL import ImageFont

    font = ImageFont.truetype(str(FONTS / "NotoSansTC-Regular.otf"), 20)
    assert font.getname()[0] == SANS
    blank = font.getmask("\U0010fffd").getbbox()
    signs = {sign for paragraph in report.paragraphs for sign in paragraph.text if not sign.isspace()}
    missing = font.getmask("\U0010fffd")
    assert [sign for sign in sorted(signs) if font.getmask(sign).getbbox() == blank and bytes(font.getmask(sign)) == bytes(missing)] == []


def test_kept_files_lie_under_their_hash_and_handed_over_ones_in_the_outbox(tmp_path: Path) -> None:
    sha256 = keep(tmp_path, b"bytes")
    assert kept(tmp_path, sha256).read_bytes() == b"bytes" and keep(tmp_path, b"bytes") == sha256
    handed = handed_over(tmp_path, {"報告.odt": b"bytes"})
    assert handed[0]["sha256"] == sha256 and Path(handed[0]["path"]).parent == tmp_path / "outbox"
    assert Path(handed[0]["path"]).read_bytes() == b"bytes"


@pytest.mark.skipif(shutil.which("soffice") is None, reason="LibreOffice is not here")
@pytest.mark.parametrize(("suffix", "target"), [("odt", "pdf"), ("docx", "pdf"), ("ods", "xlsx")])
def test_libreoffice_opens_and_converts_it(written: dict[str, bytes], tmp_path: Path, suffix: str, target: str) -> None:
    source = tmp_path / f"report.{suffix}"
    source.write_bytes(written[suffix])
    command = ["soffice", f"-env:UserInstallation=file://{tmp_path}/profile", "--headless", "--convert-to", target, "--outdir", str(tmp_path), str(source)]
    subprocess.run(command, check=True, capture_output=True, timeout=180)
    made = (tmp_path / f"report.{target}").read_bytes()
    if target == "pdf":
        texts = [page.extract_text() for page in pypdf.PdfReader(io.BytesIO(made)).pages]
        assert any(re.search("1\\s*萬\\s*6,865\\s*件", text) for text in texts)
        if suffix == "odt":
            told = re.search(r"附錄三、計算依據[.\s]*([0-9]+)", texts[0])
            assert told and "附錄三、計算依據" in texts[int(told[1]) - 1], "the page numbers of the contents are reckoned on opening"
    else:
        with zipfile.ZipFile(io.BytesIO(made)) as archive:
            assert "資料版本" in archive.read("xl/sharedStrings.xml").decode()
            assert not any(b"<f>" in archive.read(name) for name in archive.namelist() if name.startswith("xl/worksheets/"))


def test_a_draft_without_data_is_set_all_the_same(empty_warehouse: Warehouse) -> None:
    """A figure that has no value has no receipt to which a link could lead."""
    with empty_warehouse.reading() as cursor:
        draft = build(cursor, parse_quarter("105Q3"))
    assert not [cell for table in draft.tables if table.id == "receipts" for row in table.rows for cell in row if cell.indicator]
    pictures = {chart.id: picture(chart) for chart in draft.charts}
    assert pdf(draft, pictures).startswith(b"%PDF")
    made = pages(draft, pictures, 40.0)
    assert len(made) > 3 and all(page.startswith(b"\x89PNG") for page in made)
