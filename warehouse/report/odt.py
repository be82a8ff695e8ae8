"""The report as .odt: real headings, A4, header and page numbers, captions, alternative text; Traditional Chinese by its language. No template is used:
those that come with libraries carry another country's language and outline."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from warehouse.report.odf import FACES, LANGUAGE, attribute, bold, document, fonts, meta, package, said
from warehouse.report.parts import Cell, Chart, Heading, Paragraph, Report, Run, Table

MIMETYPE = "application/vnd.oasis.opendocument.text"
#: Width between the margins and of a chart, in centimetres.
WIDTH, CHART_WIDTH = 17.0, 15.5
#: Headings down to this level stand in the contents.
CONTENTS_LEVEL = 2

_LINE = "0.5pt solid #8a8f98"
#: Looks of tables; a text document keeps them among its automatic styles.
_GRID = (
    f'<style:style style:name="Cell" style:family="table-cell"><style:table-cell-properties fo:border="{_LINE}" fo:padding="0.08cm" style:vertical-align="middle"/></style:style>'
    f'<style:style style:name="Head" style:family="table-cell"><style:table-cell-properties fo:border="{_LINE}" fo:padding="0.08cm" fo:background-color="#e9eef5" style:vertical-align="middle"/></style:style>'
    '<style:style style:name="Row" style:family="table-row"><style:table-row-properties fo:keep-together="always"/></style:style>'
    + "".join(
        f'<style:style style:name="{name}{noted}" style:family="table"><style:table-properties style:width="{WIDTH}cm" table:align="margins" table:border-model="collapsing" '
        f'style:may-break-between-rows="{split}"{keep}/></style:style>'
        for name, split in (("Grid", "true"), ("Whole", "false"))
        for noted, keep in (("", ""), ("_20_noted", ' fo:keep-with-next="always"'))
    )
)


def odt(report: Report, pictures: Mapping[str, bytes]) -> bytes:
    """The bytes of the .odt. pictures: chart id → PNG."""
    images = {f"Pictures/{name}.png": content for name, content in pictures.items()}
    return package(MIMETYPE, {"content.xml": _content(report, pictures), "styles.xml": _styles(report), "meta.xml": meta(report), **images}, report.made)


def _content(report: Report, pictures: Mapping[str, bytes]) -> str:
    written = {Heading: _heading, Paragraph: _paragraph, Table: _table}
    body = "".join(
        _chart(part, pictures[part.id]) if isinstance(part, Chart) else written[type(part)](part)  # type: ignore[operator]
        for part in report.parts
    )
    columns = "".join(_columns(table) for table in report.tables)
    return document("content", f"{FACES}<office:automatic-styles>{_GRID}{columns}</office:automatic-styles><office:body><office:text>{_front(report)}{body}</office:text></office:body>")


def _front(report: Report) -> str:
    lines = [f'<text:p text:style-name="Title">{said(report.full_title)}</text:p>']
    lines += [f'<text:p text:style-name="Subtitle">{said(line)}</text:p>' for line in report.front]
    return "".join(lines) + _contents([heading for heading in report.headings if heading.level <= CONTENTS_LEVEL])


def _contents(chapters: Sequence[Heading]) -> str:
    """A table of contents; its page numbers are references, which the reader's program reckons when it opens the file."""
    entries = "".join(
        f'<text:p text:style-name="Contents_20_{heading.level}"><text:a xlink:type="simple" xlink:href="#{_anchor(heading)}" text:style-name="Figure" text:visited-style-name="Figure">{said(heading.text)}'
        f'<text:tab/><text:bookmark-ref text:reference-format="page" text:ref-name={attribute(_anchor(heading))}>1</text:bookmark-ref></text:a></text:p>'
        for heading in chapters
    )
    levels = "".join(
        f'<text:table-of-content-entry-template text:outline-level="{level}" text:style-name="Contents_20_{level}"><text:index-entry-link-start/><text:index-entry-text/>'
        '<text:index-entry-tab-stop style:type="right" style:leader-char="."/><text:index-entry-page-number/><text:index-entry-link-end/></text:table-of-content-entry-template>'
        for level in range(1, CONTENTS_LEVEL + 1)
    )
    return (
        f'<text:table-of-content text:name="目錄" text:protected="false"><text:table-of-content-source text:outline-level="{CONTENTS_LEVEL}">{levels}</text:table-of-content-source>'
        f"<text:index-body>{entries}</text:index-body></text:table-of-content>"
    )


def _anchor(heading: Heading) -> str:
    return f"h-{heading.code or heading.text}"


def _heading(heading: Heading) -> str:
    words, name = said(heading.text), attribute(_anchor(heading))
    if heading.level <= CONTENTS_LEVEL:
        words = f"<text:bookmark-start text:name={name}/>{words}<text:bookmark-end text:name={name}/>"
    return f'<text:h text:style-name="Heading_20_{heading.level}" text:outline-level="{heading.level}">{words}</text:h>'


def _paragraph(paragraph: Paragraph) -> str:
    style = "Strong" if paragraph.strong else f"Item_20_{paragraph.depth}" if paragraph.depth else "Text_20_body"
    if paragraph.depth and not paragraph.label:
        style = f"More_20_{paragraph.depth}"
    if paragraph.leads and not paragraph.strong:
        style += "_20_lead"
    label = f"{said(paragraph.label)}<text:tab/>" if paragraph.label else ""
    return f'<text:p text:style-name="{style}">{label}{"".join(map(_run, paragraph.runs))}</text:p>'


def _run(run: Run) -> str:
    if run.indicator is None:
        return said(run.text)
    return f'<text:a xlink:type="simple" xlink:href="#f-{run.indicator}" text:style-name="Figure" text:visited-style-name="Figure">{said(run.text)}</text:a>'


def _columns(table: Table) -> str:
    return "".join(
        f'<style:style style:name="{_column_style(table, place)}" style:family="table-column"><style:table-column-properties style:column-width="{WIDTH * share:.3f}cm"/></style:style>'
        for place, share in enumerate(table.shares)
    )


def _column_style(table: Table, place: int) -> str:
    return f"t{table.number}c{place}"


def _table(table: Table) -> str:
    small = "_20_small" if table.is_long else ""
    columns = "".join(f'<table:table-column table:style-name="{_column_style(table, place)}"/>' for place in range(len(table.columns)))
    head = "".join(f'<table:table-cell table:style-name="Head" office:value-type="string"><text:p text:style-name="Cell_20_head{small}">{said(name)}</text:p></table:table-cell>' for name in table.columns)
    marked, look = table.id == "receipts", "Whole" if table.is_short else "Grid"
    look += "_20_noted" if table.note else ""
    rows = "".join(
        f'<table:table-row table:style-name="Row">{"".join(_cell(cell, place in table.numeric, small, marked) for place, cell in enumerate(row))}</table:table-row>' for row in table.rows
    )
    note = f'<text:p text:style-name="Note">{said(table.note)}</text:p>' if table.note else ""
    return (
        f'<text:p text:style-name="Caption">{said(table.caption)}</text:p>'
        f'<table:table table:name={attribute(f"表{table.number}")} table:style-name="{look}"><table:title>{said(table.title)}</table:title>{columns}'
        f'<table:table-header-rows><table:table-row table:style-name="Row">{head}</table:table-row></table:table-header-rows>{rows}</table:table>'
        f'{note}<text:p text:style-name="After"/>'
    )


def _cell(cell: Cell, numeric: bool, small: str, marked: bool) -> str:
    mark = f'<text:bookmark text:name="f-{cell.indicator}"/>' if marked and cell.indicator and not cell.period else ""
    style = f"Cell_20_{'number' if numeric else 'text'}{small}"
    return f'<table:table-cell table:style-name="Cell" office:value-type="string"><text:p text:style-name="{style}">{mark}{said(cell.text)}</text:p></table:table-cell>'


def _chart(chart: Chart, content: bytes) -> str:
    wide, high = picture_size(content)
    width = CHART_WIDTH
    return (
        f'<text:p text:style-name="Picture"><draw:frame draw:name={attribute(f"圖{chart.number}")} text:anchor-type="as-char" svg:width="{width:.2f}cm" svg:height="{width * high / wide:.2f}cm">'
        f'<draw:image xlink:href="Pictures/{chart.id}.png" xlink:type="simple" xlink:show="embed" xlink:actuate="onLoad" draw:mime-type="image/png"/>'
        f"<svg:title>{said(chart.title)}</svg:title><svg:desc>{said(chart.alt)}</svg:desc></draw:frame></text:p>"
        f'<text:p text:style-name="Caption_20_below">{said(chart.caption)}</text:p>'
    )


def picture_size(content: bytes) -> tuple[int, int]:
    """Width and height of a PNG in points of the picture."""
    return int.from_bytes(content[16:20], "big"), int.from_bytes(content[20:24], "big")


# --- styles -----------------------------------------------------------------------------------------------------------------


def _style(name: str, paragraph: str, text: str, *, parent: str = "Standard", shown: str = "", extra: str = "") -> str:
    display = f' style:display-name="{shown}"' if shown else ""
    parents = f' style:parent-style-name="{parent}"' if parent else ""
    return (
        f'<style:style style:name="{name}"{display} style:family="paragraph"{parents} {extra}><style:paragraph-properties {paragraph}/>'
        f"<style:text-properties {text}/></style:style>"
    )


#: Sizes of the headings: letters, line, space above.
_HEADS = {1: ("17pt", "25pt", "0.55cm"), 2: ("14.5pt", "22pt", "0.4cm"), 3: ("13pt", "20pt", "0.3cm"), 4: ("12.5pt", "19pt", "0.25cm")}
#: Where items of a depth stand: left margin, and how far their label hangs out of it.
_ITEMS = {1: ("0.9cm", "0.9cm"), 2: ("1.3cm", "1.3cm"), 3: ("2.5cm", "1.2cm")}
_KEEP = 'fo:keep-with-next="always"'


def _line(height: str) -> str:
    """Lines of a fixed height, as official documents have them: the same whichever font the reader's machine has."""
    return f'fo:line-height="{height}"'


def _paragraph_styles() -> list[str]:
    face = "標題"
    kinds = [
        _style("Standard", f'{_line("19pt")} fo:orphans="2" fo:widows="2"', fonts("12pt"), parent="", extra='style:class="text"'),
        _style("Title", f'fo:text-align="center" fo:margin-top="0.8cm" fo:margin-bottom="0.3cm" {_line("32pt")}', f"{fonts('20pt', face)} {bold()}", extra='style:class="chapter"'),
        _style("Subtitle", f'fo:text-align="center" {_line("20pt")}', fonts("12pt"), extra='style:class="chapter"'),
        _style("Strong", f'{_KEEP} fo:margin-top="0.15cm"', bold()),
        _style("Caption", f'{_KEEP} fo:margin-top="0.3cm" fo:margin-bottom="0.1cm" {_line("15pt")}', fonts("10.5pt", face), extra='style:class="extra"'),
        _style("Caption_20_below", f'fo:text-align="center" fo:margin-bottom="0.3cm" {_line("15pt")}', fonts("10.5pt", face), shown="Caption below"),
        _style("Picture", f'fo:text-align="center" {_KEEP} fo:line-height="100%" fo:margin-top="0.2cm"', ""),
        _style("Note", f'{_line("14pt")} fo:margin-top="0.08cm"', fonts("9.5pt")),
        _style("After", _line("8pt"), fonts("6pt")),
        _style("Header", _line("13pt"), fonts("9.5pt"), extra='style:class="extra"'),
        _style("Footer", f'fo:text-align="center" {_line("13pt")}', fonts("9.5pt"), extra='style:class="extra"'),
    ]
    kinds += [
        _style(f"Heading_20_{level}", f'{_KEEP} fo:margin-top="{above}" fo:margin-bottom="0.12cm" {_line(height)}', f"{fonts(size, face)} {bold()}",
               shown=f"Heading {level}", extra=f'style:class="chapter" style:default-outline-level="{level}" style:next-style-name="Text_20_body"')
        for level, (size, height, above) in _HEADS.items()
    ]  # fmt: skip
    for lead, shown, keep in (("", "", ""), ("_20_lead", " lead", f" {_KEEP}")):
        body = f'fo:text-indent="0.85cm" fo:margin-bottom="0.1cm" style:auto-text-indent="false" fo:text-align="justify"{keep}'
        kinds.append(_style(f"Text_20_body{lead}", body, "", shown=f"Text body{shown}", extra='style:class="text"'))
        for depth, (left, hang) in _ITEMS.items():
            form = f'fo:margin-left="{left}" fo:margin-bottom="0.06cm" fo:text-align="justify" style:auto-text-indent="false"{keep}'
            kinds.append(_style(f"Item_20_{depth}{lead}", f'{form} fo:text-indent="-{hang}"', "", shown=f"Item {depth}{shown}"))
            kinds.append(_style(f"More_20_{depth}{lead}", f'{form} fo:text-indent="0cm"', "", shown=f"More {depth}{shown}"))
    for small, size, height in (("", "10pt", "14pt"), ("_20_small", "8pt", "11pt")):
        for name, align in (("head", "center"), ("text", "start"), ("number", "end")):
            strong = bold() if name == "head" else ""
            kinds.append(_style(f"Cell_20_{name}{small}", f'fo:text-align="{align}" {_line(height)}', f"{fonts(size, face)} {strong}"))
    return kinds + [_contents_style(level) for level in range(1, CONTENTS_LEVEL + 1)]


def _contents_style(level: int) -> str:
    left = 0.8 * (level - 1)
    return (
        f'<style:style style:name="Contents_20_{level}" style:display-name="Contents {level}" style:family="paragraph" style:parent-style-name="Standard" style:class="index">'
        f'<style:paragraph-properties fo:margin-left="{left}cm" {_line("18pt")}><style:tab-stops>'
        f'<style:tab-stop style:position="{WIDTH - left}cm" style:type="right" style:leader-style="dotted" style:leader-text="."/></style:tab-stops></style:paragraph-properties>'
        f"<style:text-properties {fonts('11pt')}/></style:style>"
    )


def _styles(report: Report) -> str:
    figure = '<style:style style:name="Figure" style:family="text"><style:text-properties fo:color="#000000" style:text-underline-style="none"/></style:style>'
    defaults = (
        f'<style:default-style style:family="paragraph"><style:paragraph-properties style:text-autospace="ideograph-alpha" style:punctuation-wrap="hanging" style:line-break="strict" '
        f'style:tab-stop-distance="0.9cm"/><style:text-properties {fonts("12pt")} {LANGUAGE} fo:color="#000000"/></style:default-style>'
    )
    page = (
        '<style:page-layout style:name="A4"><style:page-layout-properties fo:page-width="21cm" fo:page-height="29.7cm" style:print-orientation="portrait" fo:margin-top="1.6cm" '
        'fo:margin-bottom="1.4cm" fo:margin-left="2cm" fo:margin-right="2cm"/><style:header-style><style:header-footer-properties fo:min-height="0.8cm" fo:margin-bottom="0.4cm"/></style:header-style>'
        '<style:footer-style><style:header-footer-properties fo:min-height="0.8cm" fo:margin-top="0.4cm"/></style:footer-style></style:page-layout>'
    )
    master = (
        f'<style:master-page style:name="Standard" style:page-layout-name="A4"><style:header><text:p text:style-name="Header">{said(report.running_head)}</text:p></style:header>'
        '<style:footer><text:p text:style-name="Footer">第<text:page-number text:select-page="current">1</text:page-number>頁，共<text:page-count>1</text:page-count>頁</text:p></style:footer></style:master-page>'
    )
    return document("styles", f"{FACES}<office:styles>{defaults}{''.join(_paragraph_styles())}{figure}</office:styles><office:automatic-styles>{page}</office:automatic-styles><office:master-styles>{master}</office:master-styles>")
