"""The report as .docx, an extra for offices that still ask for it: the same parts, styles and headings of Word, language Traditional Chinese."""

from __future__ import annotations

import io
import zipfile
from collections.abc import Mapping
from datetime import UTC
from xml.sax.saxutils import escape

from docx import Document
from docx.document import Document as DocumentType
from docx.enum.style import WD_STYLE_TYPE
from docx.enum.text import WD_ALIGN_PARAGRAPH
from docx.oxml import parse_xml
from docx.oxml.ns import nsdecls, qn
from docx.oxml.parser import OxmlElement
from docx.shared import Cm, Pt, RGBColor

from warehouse.report.odf import SANS, SERIF, zipped
from warehouse.report.odt import CHART_WIDTH, CONTENTS_LEVEL, WIDTH
from warehouse.report.parts import Chart, Heading, Paragraph, Report, Table

_INDENT = {0: (0.0, 0.85), 1: (0.9, -0.9), 2: (1.3, -1.3), 3: (2.5, -1.2)}


def docx(report: Report, pictures: Mapping[str, bytes]) -> bytes:
    """The bytes of the .docx. pictures: chart id → PNG."""
    document = Document()
    _look(document, report)
    document.add_paragraph(report.full_title, style="Title")
    for line in report.front:
        document.add_paragraph(line, style="Subtitle")
    chapters = [heading for heading in report.headings if heading.level <= CONTENTS_LEVEL]
    for number, heading in enumerate(chapters):
        _entry(document, heading, number)
    for part in report.parts:
        if isinstance(part, Heading):
            _heading(document, part, chapters.index(part) if part in chapters else None)
        elif isinstance(part, Paragraph):
            _paragraph(document, part)
        elif isinstance(part, Table):
            _table(document, part)
        else:
            _chart(document, part, pictures[part.id])
    stream = io.BytesIO()
    document.save(stream)
    with zipfile.ZipFile(stream) as archive:
        return zipped({name: archive.read(name) for name in archive.namelist()}, report.made)


def _entry(document: DocumentType, heading: Heading, number: int) -> None:
    """A line of the contents that leads to its heading."""
    paragraph = document.add_paragraph()
    paragraph.paragraph_format.left_indent = Cm(0.8 * (heading.level - 1))
    link = parse_xml(f'<w:hyperlink {nsdecls("w")} w:anchor="h{number}" w:history="1"><w:r><w:t>{escape(heading.text)}</w:t></w:r></w:hyperlink>')
    paragraph._p.append(link)


def _heading(document: DocumentType, heading: Heading, number: int | None) -> None:
    """A heading; one that stands in the contents is where its line leads."""
    paragraph = document.add_heading(heading.text, level=heading.level)
    if number is not None:
        paragraph._p.insert(1, parse_xml(f'<w:bookmarkStart {nsdecls("w")} w:id="{number}" w:name="h{number}"/>'))
        paragraph._p.append(parse_xml(f'<w:bookmarkEnd {nsdecls("w")} w:id="{number}"/>'))


def _paragraph(document: DocumentType, part: Paragraph) -> None:
    paragraph = document.add_paragraph()
    left, first = _INDENT[part.depth]
    form = paragraph.paragraph_format
    form.keep_with_next = part.leads
    if part.strong:
        paragraph.add_run(part.text).bold = True
        form.keep_with_next = True
        return
    form.left_indent, form.first_line_indent = Cm(left), Cm(first if part.label or not part.depth else 0)
    if part.label:
        form.tab_stops.add_tab_stop(Cm(left))
        paragraph.add_run(part.label + "\t")
    paragraph.add_run("".join(run.text for run in part.runs))


def _table(document: DocumentType, table: Table) -> None:
    caption = document.add_paragraph(table.caption, style="Caption")
    caption.paragraph_format.keep_with_next = True
    twips = [round(WIDTH * share * 567) for share in table.shares]
    size = 16 if table.is_long else 20
    rows = _row(list(table.columns), twips, frozenset(), size, head=True, kept=table.is_short)
    for at, row in enumerate(table.rows, start=1):
        rows += _row([cell.text for cell in row], twips, table.numeric, size, kept=table.is_short and (at < len(table.rows) or bool(table.note)))
    borders = "".join(f'<w:{side} w:val="single" w:sz="4" w:color="8A8F98"/>' for side in ("top", "left", "bottom", "right", "insideH", "insideV"))
    grid = "".join(f'<w:gridCol w:w="{width}"/>' for width in twips)
    element = parse_xml(
        f'<w:tbl {nsdecls("w")}><w:tblPr><w:tblW w:w="{sum(twips)}" w:type="dxa"/><w:tblInd w:w="60" w:type="dxa"/><w:tblBorders>{borders}</w:tblBorders><w:tblLayout w:type="fixed"/>'
        '<w:tblCellMar><w:left w:w="60" w:type="dxa"/><w:right w:w="60" w:type="dxa"/></w:tblCellMar>'
        f'<w:tblCaption w:val="{escape(table.title, {chr(34): "&quot;"})}"/></w:tblPr><w:tblGrid>{grid}</w:tblGrid>{rows}</w:tbl>'
    )
    caption._p.addnext(element)
    note = document.add_paragraph(style="Note" if table.note else "After")
    note.add_run(table.note)


def _row(texts: list[str], twips: list[int], numeric: frozenset[int], size: int, *, head: bool = False, kept: bool = False) -> str:
    """A row. size: of the letters, in half points; head: repeated on every page; kept: on one page with the row after it."""
    keep = "<w:keepNext/>" if kept else ""
    shade = '<w:shd w:val="clear" w:fill="E9EEF5"/>' if head else ""
    strong = "<w:b/>" if head else ""
    cells = "".join(
        f'<w:tc><w:tcPr><w:tcW w:w="{twips[place]}" w:type="dxa"/>{shade}</w:tcPr><w:p><w:pPr>{keep}<w:spacing w:before="20" w:after="20" w:line="{size * 14}" w:lineRule="exact"/>'
        f'<w:jc w:val="{"center" if head else "right" if place in numeric else "left"}"/></w:pPr>'
        f'<w:r><w:rPr>{strong}<w:sz w:val="{size}"/></w:rPr><w:t xml:space="preserve">{escape(text)}</w:t></w:r></w:p></w:tc>'
        for place, text in enumerate(texts)
    )
    return f'<w:tr><w:trPr><w:cantSplit/>{"<w:tblHeader/>" if head else ""}</w:trPr>{cells}</w:tr>'


def _chart(document: DocumentType, chart: Chart, content: bytes) -> None:
    document.add_picture(io.BytesIO(content), width=Cm(CHART_WIDTH))
    paragraph = document.paragraphs[-1]
    paragraph.paragraph_format.line_spacing = 1.0
    paragraph.alignment = WD_ALIGN_PARAGRAPH.CENTER
    paragraph.paragraph_format.keep_with_next = True
    properties = paragraph._p.xpath(".//wp:docPr")[0]
    properties.set("descr", chart.alt)
    properties.set("title", chart.title)
    document.add_paragraph(chart.caption, style="Caption").alignment = WD_ALIGN_PARAGRAPH.CENTER


# --- styles -----------------------------------------------------------------------------------------------------------------


def _look(document: DocumentType, report: Report) -> None:
    page = document.sections[0]
    page.page_width, page.page_height = Cm(21), Cm(29.7)
    page.left_margin = page.right_margin = Cm(2)
    page.top_margin, page.bottom_margin = Cm(2.4), Cm(2)
    sizes = {"Normal": 12, "Title": 21, "Subtitle": 12, "Heading 1": 17, "Heading 2": 14.5, "Heading 3": 13, "Heading 4": 12.5, "Caption": 10.5}
    for name, size in sizes.items():
        style = document.styles[name]
        style.font.size, style.font.color.rgb, style.font.italic = Pt(size), RGBColor(0, 0, 0), False
        _faces(style, *(SERIF if name in ("Normal", "Subtitle") else SANS))
    form = document.styles["Normal"].paragraph_format
    form.line_spacing, form.space_after = Pt(19), Pt(2)
    for name, size, height in (("Note", 9.5, 14), ("After", 6, 8)):
        style = document.styles.add_style(name, WD_STYLE_TYPE.PARAGRAPH)
        style.base_style, style.font.size, style.paragraph_format.line_spacing = document.styles["Normal"], Pt(size), Pt(height)
    for name, height in {"Title": 32, "Heading 1": 25, "Heading 2": 22, "Heading 3": 20, "Heading 4": 19, "Caption": 15, "Header": 13, "Footer": 13}.items():
        document.styles[name].paragraph_format.line_spacing = Pt(height)
    for name in ("Title", "Subtitle"):
        document.styles[name].paragraph_format.alignment = WD_ALIGN_PARAGRAPH.CENTER
    page.header.paragraphs[0].text = report.running_head
    footer = page.footer.paragraphs[0]
    footer.alignment = WD_ALIGN_PARAGRAPH.CENTER
    for words, code in (("第", "PAGE"), ("頁，共", "NUMPAGES"), ("頁", "")):
        footer.add_run(words)
        if code:
            field = OxmlElement("w:fldSimple")
            field.set(qn("w:instr"), code)
            footer._p.append(field)
    core = document.core_properties
    core.title, core.author, core.language, core.subject = report.full_title, report.agency, "zh-TW", report.window.label
    core.created = core.modified = report.made.replace(microsecond=0, tzinfo=UTC)
    core.last_modified_by, core.revision = report.agency, 1


def _faces(style: object, chinese: str, latin: str) -> None:
    """The faces of Chinese and of Latin letters, and the language of the text."""
    properties = style.element.get_or_add_rPr()  # type: ignore[attr-defined]
    fonts = properties.get_or_add_rFonts()
    for theme in ("w:asciiTheme", "w:hAnsiTheme", "w:eastAsiaTheme", "w:cstheme"):
        fonts.attrib.pop(qn(theme), None)
    for letters, face in (("w:ascii", latin), ("w:hAnsi", latin), ("w:eastAsia", chinese)):
        fonts.set(qn(letters), face)
    for old in properties.findall(qn("w:lang")):
        properties.remove(old)
    language = OxmlElement("w:lang")
    language.set(qn("w:val"), "en-US")
    language.set(qn("w:eastAsia"), "zh-TW")
    properties.append(language)
