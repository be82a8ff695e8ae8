"""The quarter's report: which quarter, where its report stands, and the parts of the work."""

from __future__ import annotations

from collections.abc import Callable

import streamlit as st

from pages import _data_report
from pages._data import Frame
from pages._data_report import Draft, Standing
from pages._parts import Status, addressed, heading, link, show
from pages._report_checks import checks
from pages._report_files import files, preview
from pages._report_parts import stage_words, taken_by
from pages._report_steps import approval
from pages._report_text import differences, text
from warehouse.indicators import all_indicators
from warehouse.period import Quarter
from warehouse.report import steps
from warehouse.report.printed import Change
from warehouse.web import markup, say
from warehouse.web.markup import Markup, element
from warehouse.web.words import t

_TONES = {steps.DRAFT: "neutral", steps.SUBMITTED: "neutral", steps.APPROVED: "good"}


def choose(frame: Frame) -> Quarter:
    """The title, and the quarter, by its code in the address."""
    heading(t("page.report"), t("report.lead"))
    quarters = {quarter.code: quarter for quarter in _data_report.quarters(frame)}
    with st.container(horizontal=True, key="filters", vertical_alignment="bottom"):
        code = addressed(t("report.quarter"), "quarter", list(quarters), next(iter(quarters)), lambda each: say.quarter(quarters[each]), width=220)
    return quarters[code]


def opening(quarter: Quarter) -> str:
    """Stage, version and counts; what a correction would change; then which part of the work is looked at."""
    stands = _data_report.standing(quarter)
    with st.spinner(t("report.building")):
        draft = _data_report.draft(quarter)
    show(_state(stands, draft), _corrections(stands))
    return _view()


def _state(stands: Standing, draft: Draft) -> Markup:
    report, approved = draft.report, stands.approved
    chip = Status(stage_words(stands.newest), _TONES[stands.stage]).markup
    facts = [
        (t("report.fact.period"), say.window(report.window)),
        (t("report.fact.figures"), t("report.fact.figures.value", count=len(report.said), texts=len(draft.rewritten))),
        (t("report.fact.checks"), t("report.fact.checks.value", block=len(draft.blocking), warn=len(draft.warnings))),
        (t("report.fact.version"), t("report.fact.version.value", version=report.data_version)),
    ]
    if stands.newest and stands.stage == steps.SUBMITTED:
        facts.append((t("report.fact.submitted"), taken_by(stands.newest)))
    if approved and stands.stage == steps.APPROVED:
        facts.append((t("report.fact.approved.version"), t("report.fact.version.value", version=approved.data_version)))
    elif approved:
        facts.append((t("report.fact.approved"), t("report.fact.approved.value", stage=stage_words(approved), version=approved.data_version)))
    cells = [element("div", element("dt", name), element("dd", words)) for name, words in facts]
    return element("div", element("p", chip, element("strong", t("report.title", quarter=say.quarter(report.quarter))), cls="sq-outcome"), element("dl", cells, cls="sq-report-facts"), cls="sq-panel")


def _corrections(stands: Standing) -> Markup | None:
    """What a 修正版 of an approved report would change; one that is submitted already says so itself."""
    if not stands.changes or stands.stage == steps.SUBMITTED:
        return None
    rows = [[_subject(change), say.quoted(change.issued), say.quoted(change.now)] for change in stands.changes]
    headings = [t("report.col.figure"), t("report.col.issued"), t("report.col.now")]
    return element(
        "div",
        element("p", t("report.corrections", count=len(rows)), cls="sq-complaint"),
        markup.table(t("report.corrections.caption"), headings, rows, numeric=[1, 2], hide_caption=True, cls="tall"),
    )


def _subject(change: Change) -> Markup | str:
    """The figure, with the way to its indicator, and of which time it is."""
    found = all_indicators().get(change.indicator or "")
    if found is None:
        return say.quoted(change.subject)
    name = element("a", say.indicator(found), href=link("indicator", id=found.id), target="_blank", rel="noopener")
    return element("span", name, " ", element("span", say.quoted(change.period), cls="sq-note")) if change.period else name


def _view() -> str:
    """Which part of the work: its name stands in the address."""
    names = list(VIEWS)
    told = st.query_params.get("view")
    if told in names and st.session_state.get("report_view_told") != told:
        st.session_state["report_view"] = told
    if st.session_state.get("report_view") not in names:
        st.session_state["report_view"] = names[0]
    chosen = st.segmented_control(t("report.view"), names, format_func=lambda name: t(f"report.view.{name}"), key="report_view", label_visibility="collapsed") or names[0]
    if told != chosen and (told or chosen != names[0]):
        st.query_params["view"] = chosen
    st.session_state["report_view_told"] = chosen
    return chosen


#: The parts of the work, by their names in the address.
VIEWS: dict[str, Callable[[Quarter], None]] = {
    "checks": checks, "text": text, "differences": differences, "preview": preview, "files": files, "steps": approval,
}  # fmt: skip
