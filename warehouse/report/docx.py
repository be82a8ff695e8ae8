"""The report as .docx, an extra for offices that still ask for it: the same parts, styles and headings of Word, language Traditional Chinese."""

from __future__ import annotations

import io
import zipfile
from collections.abc import Mapping
from datetime import UTC
from xml.sax.saxutils import escape

from docx import Document
from docx.document import Document as DocumentType
from docx.enum.text import WD_ALIGN_PARAGRAPH
from docx.oxml import parse_xml
from docx.oxml.ns import nsdecls, qn
from docx.oxml.parser import OxmlElement
from docx.shared import Cm, Pt, RGBColor

from warehouse.report.odf import zipped
from warehouse.report.odt import stage_line
from warehouse.report.parts import Chart, Heading, Paragraph, Report, Table

_SERIF, _SANS = "標楷體", "微軟正黑體"
_WIDTH = 17.0
_INDENT = {0: (0.0, 0.85), 1: (0.9, -0.9), 2: (1.3, -1.3), 3: (2.3, -1.0)}


def docx(report: Report, pictures: Mapping[str, bytes]) -> bytes:
    """The bytes of the .docx. pictures: chart id → PNG."""
    document = Document()
    _look(document, report)
    edition = f"（修正版{report.edition}）" if report.edition else ""
    document.add_paragraph(report.title + edition, style="Title")
    for line in (f"陳報機關：{report.agency}", stage_line(report)):
        document.add_paragraph(line, style="Subtitle")
    for part in report.parts:
        if isinstance(part, Heading):
            document.add_heading(part.text, level=part.level)
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


def _paragraph(document: DocumentType, part: Paragraph) -> None:
    paragraph = document.add_paragraph()
    left, first = _INDENT[part.depth]
    if part.strong:
        paragraph.add_run(part.text).bold = True
        return
    form = paragraph.paragraph_format
    form.left_indent, form.first_line_indent = Cm(left), Cm(first if part.label or not part.depth else 0)
    if part.label:
        form.tab_stops.add_tab_stop(Cm(left))
        paragraph.add_run(part.label + "\t")
    paragraph.add_run("".join(run.text for run in part.runs))


def _table(document: DocumentType, table: Table) -> None:
    caption = document.add_paragraph(table.caption, style="Caption")
    caption.paragraph_format.keep_with_next = True
    widths = table.widths or (1.0,) * len(table.columns)
    twips = [round(_WIDTH * width / sum(widths) * 567) for width in widths]
    size = 16 if len(table.rows) > 40 else 20
    rows = _row(list(table.columns), twips, frozenset(), size, head=True)
    rows += "".join(_row([cell.text for cell in row], twips, table.numeric, size) for row in table.rows)
    borders = "".join(f'<w:{side} w:val="single" w:sz="4" w:color="8A8F98"/>' for side in ("top", "left", "bottom", "right", "insideH", "insideV"))
    grid = "".join(f'<w:gridCol w:w="{width}"/>' for width in twips)
    element = parse_xml(
        f'<w:tbl {nsdecls("w")}><w:tblPr><w:tblW w:w="{sum(twips)}" w:type="dxa"/><w:tblBorders>{borders}</w:tblBorders><w:tblLayout w:type="fixed"/>'
        f'<w:tblCaption w:val="{escape(table.title, {chr(34): "&quot;"})}"/></w:tblPr><w:tblGrid>{grid}</w:tblGrid>{rows}</w:tbl>'
    )
    caption._p.addnext(element)
    document.add_paragraph().add_run(table.note).font.size = Pt(9)


def _row(texts: list[str], twips: list[int], numeric: frozenset[int], size: int, *, head: bool = False) -> str:
    shade = '<w:shd w:val="clear" w:fill="E9EEF5"/>' if head else ""
    strong = "<w:b/>" if head else ""
    cells = "".join(
        f'<w:tc><w:tcPr><w:tcW w:w="{twips[place]}" w:type="dxa"/>{shade}</w:tcPr><w:p><w:pPr><w:spacing w:before="20" w:after="20" w:line="240" w:lineRule="auto"/>'
        f'<w:jc w:val="{"center" if head else "right" if place in numeric else "left"}"/></w:pPr>'
        f'<w:r><w:rPr>{strong}<w:sz w:val="{size}"/></w:rPr><w:t xml:space="preserve">{escape(text)}</w:t></w:r></w:p></w:tc>'
        for place, text in enumerate(texts)
    )
    return f'<w:tr><w:trPr><w:cantSplit/>{"<w:tblHeader/>" if head else ""}</w:trPr>{cells}</w:tr>'


def _chart(document: DocumentType, chart: Chart, content: bytes) -> None:
    document.add_picture(io.BytesIO(content), width=Cm(15))
    paragraph = document.paragraphs[-1]
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
        _faces(style, _SERIF if name in ("Normal", "Subtitle", "Caption") else _SANS)
    form = document.styles["Normal"].paragraph_format
    form.line_spacing, form.space_after = 1.3, Pt(2)
    for name in ("Title", "Subtitle"):
        document.styles[name].paragraph_format.alignment = WD_ALIGN_PARAGRAPH.CENTER
    sample = "　示範資料" if report.is_sample else ""
    page.header.paragraphs[0].text = f"{report.agency}　{report.title}　{report.stage}{sample}"
    footer = page.footer.paragraphs[0]
    footer.alignment = WD_ALIGN_PARAGRAPH.CENTER
    for words, code in (("第", "PAGE"), ("頁，共", "NUMPAGES"), ("頁", "")):
        footer.add_run(words)
        if code:
            field = OxmlElement("w:fldSimple")
            field.set(qn("w:instr"), code)
            footer._p.append(field)
    core = document.core_properties
    core.title, core.author, core.language, core.subject = report.title, report.agency, "zh-TW", report.window.label
    core.created = core.modified = report.made.replace(microsecond=0, tzinfo=UTC)
    core.last_modified_by, core.revision = report.agency, 1


def _faces(style: object, face: str) -> None:
    """The same face for Chinese and for Latin letters, and the language of the text."""
    properties = style.element.get_or_add_rPr()  # type: ignore[attr-defined]
    fonts = properties.get_or_add_rFonts()
    for theme in ("w:asciiTheme", "w:hAnsiTheme", "w:eastAsiaTheme", "w:cstheme"):
        fonts.attrib.pop(qn(theme), None)
    for letters in ("w:ascii", "w:hAnsi", "w:eastAsia"):
        fonts.set(qn(letters), face)
    for old in properties.findall(qn("w:lang")):
        properties.remove(old)
    language = OxmlElement("w:lang")
    language.set(qn("w:val"), "en-US")
    language.set(qn("w:eastAsia"), "zh-TW")
    properties.append(language)
