"""The report as .odt: real headings, A4, header and page numbers, captions, alternative text; Traditional Chinese by its language. No template is used:
those that come with libraries carry another country's language and outline."""

from __future__ import annotations

from collections.abc import Mapping

from warehouse.report.odf import FACES, LANGUAGE, attribute, bold, document, fonts, meta, package, said
from warehouse.report.parts import Cell, Chart, Heading, Paragraph, Report, Run, Table

MIMETYPE = "application/vnd.oasis.opendocument.text"
#: Width between the margins, in centimetres.
_WIDTH = 17.0
#: Tables of more rows than this are set small.
_MANY_ROWS = 40
#: Tables of no more rows than this are not broken over two pages.
_KEPT_WHOLE = 20

_LINE = "0.5pt solid #8a8f98"
#: Looks of tables; a text document keeps them among its automatic styles.
_GRID = (
    f'<style:style style:name="Cell" style:family="table-cell"><style:table-cell-properties fo:border="{_LINE}" fo:padding="0.08cm" style:vertical-align="middle"/></style:style>'
    f'<style:style style:name="Head" style:family="table-cell"><style:table-cell-properties fo:border="{_LINE}" fo:padding="0.08cm" fo:background-color="#e9eef5" style:vertical-align="middle"/></style:style>'
    '<style:style style:name="Row" style:family="table-row"><style:table-row-properties fo:keep-together="always"/></style:style>' + "".join(
        f'<style:style style:name="{name}" style:family="table"><style:table-properties style:width="{_WIDTH}cm" table:align="margins" table:border-model="collapsing" style:may-break-between-rows="{split}"/></style:style>'
        for name, split in (("Grid", "true"), ("Whole", "false"))
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
    edition = f"（修正版{report.edition}）" if report.edition else ""
    lines = [f'<text:p text:style-name="Title">{said(report.title + edition)}</text:p>', f'<text:p text:style-name="Subtitle">陳報機關：{said(report.agency)}</text:p>']
    lines.append(f'<text:p text:style-name="Subtitle">{said(stage_line(report))}</text:p>')
    chapters = [heading for heading in report.headings if heading.level <= 2]
    lines += [
        f'<text:p text:style-name="Contents_20_{heading.level}"><text:a xlink:type="simple" xlink:href="#{_anchor(heading)}" text:style-name="Figure">{said(heading.text)}</text:a></text:p>'
        for heading in chapters
    ]
    return "".join(lines)


def stage_line(report: Report) -> str:
    """草稿　資料版本150 · 已核定　文號…　105年10月12日　資料版本150."""
    from warehouse.period import roc_date

    words = [report.stage, report.document, roc_date(report.approved) if report.approved else "", f"資料版本{report.data_version}"]
    return "　".join(word for word in words if word)


def _anchor(heading: Heading) -> str:
    return f"h-{heading.code or heading.text}"


def _heading(heading: Heading) -> str:
    mark = f"<text:bookmark text:name={attribute(_anchor(heading))}/>" if heading.level <= 2 else ""
    return f'<text:h text:style-name="Heading_20_{heading.level}" text:outline-level="{heading.level}">{mark}{said(heading.text)}</text:h>'


def _paragraph(paragraph: Paragraph) -> str:
    style = "Strong" if paragraph.strong else f"Item_20_{paragraph.depth}" if paragraph.depth else "Text_20_body"
    if paragraph.depth and not paragraph.label:
        style = f"More_20_{paragraph.depth}"
    label = f"{said(paragraph.label)}<text:tab/>" if paragraph.label else ""
    return f'<text:p text:style-name="{style}">{label}{"".join(map(_run, paragraph.runs))}</text:p>'


def _run(run: Run) -> str:
    if run.indicator is None:
        return said(run.text)
    return f'<text:a xlink:type="simple" xlink:href="#f-{run.indicator}" text:style-name="Figure" text:visited-style-name="Figure">{said(run.text)}</text:a>'


def _columns(table: Table) -> str:
    widths = table.widths or (1.0,) * len(table.columns)
    total = sum(widths)
    return "".join(
        f'<style:style style:name="{_column_style(table, place)}" style:family="table-column"><style:table-column-properties style:column-width="{_WIDTH * width / total:.3f}cm"/></style:style>'
        for place, width in enumerate(widths)
    )


def _column_style(table: Table, place: int) -> str:
    return f"t{table.number}c{place}"


def _table(table: Table) -> str:
    small = "_20_small" if len(table.rows) > _MANY_ROWS else ""
    columns = "".join(f'<table:table-column table:style-name="{_column_style(table, place)}"/>' for place in range(len(table.columns)))
    head = "".join(f'<table:table-cell table:style-name="Head" office:value-type="string"><text:p text:style-name="Cell_20_head{small}">{said(name)}</text:p></table:table-cell>' for name in table.columns)
    marked, look = table.id == "receipts", "Whole" if len(table.rows) <= _KEPT_WHOLE else "Grid"
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
    mark = f'<text:bookmark text:name="f-{cell.indicator}"/>' if marked and cell.indicator else ""
    style = f"Cell_20_{'number' if numeric else 'text'}{small}"
    return f'<table:table-cell table:style-name="Cell" office:value-type="string"><text:p text:style-name="{style}">{mark}{said(cell.text)}</text:p></table:table-cell>'


def _chart(chart: Chart, content: bytes) -> str:
    wide, high = picture_size(content)
    width = min(_WIDTH, 15.5)
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


def _styles(report: Report) -> str:
    face = "標題"
    heads = {1: ("17pt", "0.55cm"), 2: ("14.5pt", "0.4cm"), 3: ("13pt", "0.3cm"), 4: ("12.5pt", "0.25cm")}
    kinds = [
        _style("Standard", 'fo:line-height="140%" fo:orphans="2" fo:widows="2"', fonts("12pt"), parent="", extra='style:class="text"'),
        _style("Text_20_body", 'fo:text-indent="0.85cm" fo:margin-bottom="0.1cm" style:auto-text-indent="false" fo:text-align="justify"', "", shown="Text body", extra='style:class="text"'),
        _style("Title", 'fo:text-align="center" fo:margin-top="0.8cm" fo:margin-bottom="0.3cm"', f"{fonts('21pt', face)} {bold()}", extra='style:class="chapter"'),
        _style("Subtitle", 'fo:text-align="center" fo:line-height="140%"', fonts("12pt"), extra='style:class="chapter"'),
        _style("Strong", 'fo:keep-with-next="always" fo:margin-top="0.15cm"', bold()),
        _style("Caption", 'fo:keep-with-next="always" fo:margin-top="0.3cm" fo:margin-bottom="0.1cm" fo:line-height="120%"', fonts("10.5pt", face), extra='style:class="extra"'),
        _style("Caption_20_below", 'fo:text-align="center" fo:margin-bottom="0.3cm" fo:line-height="120%"', fonts("10.5pt", face), shown="Caption below"),
        _style("Picture", 'fo:text-align="center" fo:keep-with-next="always" fo:line-height="100%" fo:margin-top="0.2cm"', ""),
        _style("Note", 'fo:line-height="130%" fo:margin-top="0.08cm"', fonts("9.5pt")),
        _style("After", 'fo:line-height="60%"', fonts("6pt")),
        _style("Header", 'fo:line-height="100%"', fonts("9.5pt"), extra='style:class="extra"'),
        _style("Footer", 'fo:text-align="center" fo:line-height="100%"', fonts("9.5pt"), extra='style:class="extra"'),
    ]
    kinds += [
        _style(f"Heading_20_{level}", f'fo:keep-with-next="always" fo:margin-top="{above}" fo:margin-bottom="0.12cm" fo:line-height="130%"', f"{fonts(size, face)} {bold()}",
               shown=f"Heading {level}", extra=f'style:class="chapter" style:default-outline-level="{level}" style:next-style-name="Text_20_body"')
        for level, (size, above) in heads.items()
    ]  # fmt: skip
    for depth, (left, hang) in {1: ("0.9cm", "0.9cm"), 2: ("1.3cm", "1.3cm"), 3: ("2.3cm", "1.0cm")}.items():
        tab = f'fo:margin-left="{left}" fo:margin-bottom="0.06cm" fo:text-align="justify" style:auto-text-indent="false"'
        kinds.append(_style(f"Item_20_{depth}", f'{tab} fo:text-indent="-{hang}"', "", shown=f"Item {depth}"))
        kinds.append(_style(f"More_20_{depth}", f'{tab} fo:text-indent="0cm"', "", shown=f"More {depth}"))
    for small, size in (("", "10pt"), ("_20_small", "8pt")):
        for name, align in (("head", "center"), ("text", "start"), ("number", "end")):
            strong = bold() if name == "head" else ""
            kinds.append(_style(f"Cell_20_{name}{small}", f'fo:text-align="{align}" fo:line-height="120%"', f"{fonts(size)} {strong}"))
    for level in (1, 2):
        kinds.append(_style(f"Contents_20_{level}", f'fo:margin-left="{1.5 + level * 0.8}cm" fo:line-height="125%"', fonts("11pt"), shown=f"Contents {level}", extra='style:class="index"'))
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
    sample = "　示範資料" if report.is_sample else ""
    master = (
        f'<style:master-page style:name="Standard" style:page-layout-name="A4"><style:header><text:p text:style-name="Header">{said(report.agency)}　{said(report.title)}　{said(report.stage)}{sample}</text:p></style:header>'
        '<style:footer><text:p text:style-name="Footer">第<text:page-number text:select-page="current">1</text:page-number>頁，共<text:page-count>1</text:page-count>頁</text:p></style:footer></style:master-page>'
    )
    return document("styles", f"{FACES}<office:styles>{defaults}{''.join(kinds)}{figure}</office:styles><office:automatic-styles>{page}</office:automatic-styles><office:master-styles>{master}</office:master-styles>")
