"""The texts of the report screen: one heading's text with what it prints, and what differs from the quarter before under every heading."""

from __future__ import annotations

import streamlit as st

from pages import _data_report
from pages._data_report import Draft
from pages._parts import addressed, complaint, link, section, show
from pages._report_parts import heading_words, moment, who
from warehouse.commands import failure
from warehouse.errors import WarehouseError
from warehouse.indicators import all_indicators
from warehouse.period import Quarter
from warehouse.report.differences import Piece
from warehouse.report.parts import Chart, Heading, Paragraph, Part, Table
from warehouse.report.texts import GOAL, TIMES, lines
from warehouse.web import markup, say
from warehouse.web.markup import Markup, element
from warehouse.web.words import t

_TAGS = {"added": "ins", "removed": "del"}

#: Rows of a table that the text view shows; the rest is on the page itself.
_ROWS_SHOWN = 13


def text(quarter: Quarter) -> None:
    """One heading's text: written on the left of the day, printed below with what differs from last quarter."""
    draft = _data_report.draft(quarter)
    headings = _data_report.headings(draft)
    show(section(t("report.text"), t("report.text.note")), _rewritten(draft, headings))
    first = next((code for code, kept in draft.report.texts.items() if kept), next(iter(headings)))
    st.session_state.setdefault("choice_heading", st.session_state.get("kept", {}).get("heading", first))
    code = addressed(t("report.heading"), "heading", list(headings), first, heading_words)
    if change := draft.rewritten.get(code):
        show(element("p", t("report.heading.rewritten", by=change.by, at=moment(change.at)), cls="sq-note"))
    kept = draft.report.texts[code]
    typed = _editor(quarter, code, kept)
    _codes(draft)
    _save(quarter, code, kept, typed)
    _printed(quarter, code, typed)
    _history(quarter, code)


def _rewritten(draft: Draft, headings: dict[str, Heading]) -> Markup | None:
    if not draft.rewritten:
        return None
    rows = [
        [heading_words(code), change.by, moment(change.at)]
        for code, change in draft.rewritten.items()
        if code in headings
    ]
    table = markup.table(t("report.rewritten"), [t("report.heading"), t("report.by"), t("report.at")], rows, hide_caption=True)
    return element("details", element("summary", t("report.rewritten.count", count=len(rows))), table, cls="sq-details")


def _editor(quarter: Quarter, code: str, kept: str) -> str:
    """The text area. What was typed stays when another heading or part is looked at, when saving fails, and when somebody else saves meanwhile."""
    key, drafts = f"text_{quarter.code}_{code}", st.session_state.setdefault("report_drafts", {})
    base, typed = drafts.get(key, (kept, kept))
    if key not in st.session_state or st.session_state[key] == base:
        st.session_state[key] = typed if typed != base else kept
    now = st.text_area(t("report.text.area"), key=key, height=260, max_chars=20_000)
    if now == kept:
        drafts.pop(key, None)
    else:
        drafts[key] = (base if key in drafts else kept, now)
        if drafts[key][0] != kept:
            complaint(t("report.text.moved"))
        show(element("p", t("report.text.unsaved"), cls="sq-note"))
    return now


def _codes(draft: Draft) -> None:
    """A figure's code to put into the text."""
    with st.expander(t("report.codes")):
        names = list(all_indicators())
        name = st.selectbox(t("report.codes.choose"), names, format_func=lambda each: t("bracketed", words=say.indicator(all_indicators()[each]), more=each), key="report_code")
        figure = draft.report.figures[name]
        st.code(f"{{{name}}}", language=None)
        show(element("p", t("report.codes.prints", text=say.quoted(figure.text) if figure.text else t("value.none")), cls="sq-note"))
        times = say.quoted(t("list.comma").join(f"{{{word}}}" for word in TIMES))
        more = t("report.codes.more", times=times, goal=say.quoted(f"{{{name}:{GOAL}}}"), compare=f"{{compare:{name}}}")
        show(element("p", more, cls="sq-note"))


def _save(quarter: Quarter, code: str, kept: str, typed: str) -> None:
    with st.container(horizontal=True, vertical_alignment="bottom", key="report_save"):
        by = who("text")
        pressed = st.button(t("report.save"), key="save_text", type="primary", disabled=typed == kept)
    if not pressed:
        if saved := st.session_state.pop("report_saved", None):
            show(element("p", element("span", "●", cls="sq-shape", aria_hidden="true"), t("report.saved", heading=saved), cls="sq-calm", role="status"))
        return
    if not by:
        complaint(t("report.by.missing"))
        return
    try:
        _data_report.save(quarter, code, typed, by)
    except WarehouseError as error:
        complaint(say.quoted(failure(error).text))
        return
    st.session_state["report_drafts"].pop(f"text_{quarter.code}_{code}", None)
    st.session_state["report_saved"] = heading_words(code)
    st.rerun()


def _printed(quarter: Quarter, code: str, typed: str) -> None:
    with st.spinner(t("report.building")):
        made = _data_report.printing(quarter, code, typed)
    differs = any(piece.change != "same" for line in made.marked for piece in line)
    marks = st.toggle(t("report.marks", quarter=say.quarter(quarter.previous())), key="report_marks", disabled=not differs)
    parts = [_marked(line) for line in made.marked] if marks and differs else list(map(_part, made.parts))
    body = parts if lines(typed) else [element("p", t("report.text.none"), cls="sq-note")]
    show(element("h3", t("report.printed"), cls="sq-h3"), element("div", body, cls="sq-printed", lang="zh-Hant"))


def _marked(line: tuple[Piece, ...]) -> Markup:
    return element("p", [element(_TAGS[piece.change], piece.text) if piece.change in _TAGS else piece.text for piece in line])


def _part(part: Part) -> Markup:
    if isinstance(part, Heading):
        return element("h4", part.text, cls="sq-printed-heading")
    if isinstance(part, Paragraph):
        runs = [_figure(run.text, run.indicator) if run.indicator else run.text for run in part.printed]
        return element("p", element("strong", runs) if part.strong else runs, cls=f"depth{part.depth}")
    if isinstance(part, Chart):
        return element("p", t("report.part.chart", title=part.title, alt=part.alt), cls="sq-note")
    rows = [[cell.text for cell in row] for row in part.rows[:_ROWS_SHOWN]]
    return _table(part, rows)


def _figure(text: str, name: str) -> Markup:
    return element("a", text, href=link("indicator", id=name), target="_blank", rel="noopener", title=say.indicator(all_indicators()[name]), cls="sq-figure")


def _table(part: Table, rows: list[list[str]]) -> Markup:
    more = len(part.rows) - len(rows)
    note = element("p", t("report.part.more", count=more), cls="sq-note") if more > 0 else None
    return element("div", markup.table(part.title, part.columns, rows, numeric=part.numeric), note)


def _history(quarter: Quarter, code: str) -> None:
    versions = _data_report.history(quarter, code)
    with st.expander(t("report.history", count=len(versions))):
        if not versions:
            show(element("p", t("report.history.none"), cls="sq-note"))
        for version in versions:
            told = t("report.history.line", quarter=version.quarter, by=version.by_name, at=moment(version.at_utc))
            show(element("details", element("summary", told), element("pre", version.text, cls="sq-source"), cls="sq-details"))


# --- what differs from the quarter before -----------------------------------------------------------------------------------


def differences(quarter: Quarter) -> None:
    """Every heading that prints otherwise than a quarter before, its changed paragraphs marked; which texts were rewritten and which have only new figures."""
    draft = _data_report.draft(quarter)
    before = say.quarter(quarter.previous())
    with st.spinner(t("report.building")):
        compared = _data_report.compared(quarter)
    if compared is None:
        show(section(t("report.differences", quarter=before)), element("p", t("report.differences.none", quarter=before), cls="sq-note"))
        return
    changed = {code: marked for code, marked in compared.items() if marked}
    rewritten = [code for code in changed if code in draft.rewritten]
    show(
        section(t("report.differences", quarter=before), t("report.differences.note")),
        element("p", t("report.differences.count", quarter=before, count=len(changed), rewritten=len(rewritten), same=len(compared) - len(changed))),
    )
    sheet = [
        part
        for code, marked in changed.items()
        for part in (
            element("h4", heading_words(code), " ", element("span", t("report.differences.rewritten"), cls="sq-tag") if code in draft.rewritten else None, cls="sq-printed-heading"),
            *map(_marked, marked),
        )
    ]
    if sheet:
        show(element("div", sheet, cls="sq-printed", lang="zh-Hant"))
