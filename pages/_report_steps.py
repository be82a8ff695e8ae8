"""Submission and approval on the report screen: 陳核, 退回, 核定, 修正版; and every step that was taken."""

from __future__ import annotations

from collections.abc import Callable, Sequence

import streamlit as st

from pages import _data_report
from pages._data_report import Standing
from pages._parts import complaint, section, show
from pages._report_checks import reasons
from pages._report_parts import go, moment, stage_words, who
from warehouse import period
from warehouse.commands import failure
from warehouse.errors import CellError, WarehouseError
from warehouse.period import Quarter
from warehouse.report import steps
from warehouse.web import markup, say
from warehouse.web.markup import Markup, element
from warehouse.web.words import t


def approval(quarter: Quarter) -> None:
    """陳核, 退回, 核定, 修正版; and every step that was taken."""
    stands = _data_report.standing(quarter)
    show(section(t("report.steps"), t("report.steps.note")))
    if stands.stage == steps.SUBMITTED:
        _approval(quarter)
        _sending_back(quarter)
    else:
        _submission(quarter, stands)
    _steps_taken(stands)


def _submission(quarter: Quarter, stands: Standing) -> None:
    draft = _data_report.draft(quarter)
    if stands.approved and not stands.differs:
        show(element("p", element("span", "●", cls="sq-shape", aria_hidden="true"), t("report.correction.none"), cls="sq-calm"))
        return
    given = reasons(quarter)
    unanswered = [finding for finding in draft.warnings if not given.get(finding.key)]
    if draft.blocking or unanswered:
        with st.container(horizontal=True, vertical_alignment="center", key="submit_blocked"):
            show(element("p", t("report.submit.blocked", block=len(draft.blocking), warn=len(unanswered)), cls="sq-note"))
            st.button(t("report.submit.look"), key="look", on_click=go, args=("checks",))
    with st.form("submit_report"):
        by = who("submit")
        reason = st.text_input(t("report.correction.reason"), max_chars=200, key="correction_reason") if stands.approved else ""
        label = t("report.submit.correction") if stands.approved else t("report.submit")
        pressed = st.form_submit_button(label, type="primary", disabled=bool(draft.blocking or unanswered))
    if pressed and _named(by):
        current = {finding.key for finding in draft.warnings}
        accepted = {key: words for key, words in given.items() if key in current}
        _do(t("report.submitting"), lambda: _data_report.submit(quarter, by, accepted, reason))


def _approval(quarter: Quarter) -> None:
    with st.form("approve_report"):
        document = st.text_input(t("report.document"), max_chars=60, key="document", placeholder=t("report.document.example"))
        typed = st.text_input(t("report.approved_on"), value=say.day(_data_report.today()), max_chars=20, key="approved_on", width=260)
        by = st.text_input(t("report.approved_by"), max_chars=40, key="approved_by", width=260).strip()
        pressed = st.form_submit_button(t("report.approve"), type="primary")
    if not pressed:
        return
    try:
        day = period.parse_date(typed).value
    except CellError:
        complaint(t("report.approved_on.wrong"))
        return
    if not document.strip():
        complaint(t("report.document.missing"))
    elif _named(by):
        _do(t("report.approving"), lambda: _data_report.approve(quarter, document, day, by))


def _sending_back(quarter: Quarter) -> None:
    with st.expander(t("report.send_back"), icon=":material/undo:"), st.form("send_back_report", border=False):
        by = who("send_back")
        reason = st.text_input(t("report.send_back.reason"), max_chars=200, key="send_back_reason")
        pressed = st.form_submit_button(t("report.send_back"))
    if not pressed:
        return
    if not reason.strip():
        complaint(t("report.send_back.missing"))
    elif _named(by):
        _do(t("report.sending_back"), lambda: _data_report.send_back(quarter, by, reason))


def _named(by: str) -> bool:
    if not by:
        complaint(t("report.by.missing"))
    return bool(by)


def _do(words: str, work: Callable[[], object]) -> None:
    """A step; what stands in its way is said, and nothing typed is lost."""
    try:
        with st.spinner(words):
            work()
    except WarehouseError as error:
        complaint(say.quoted(failure(error).text))
        return
    st.rerun()


def _steps_taken(stands: Standing) -> None:
    if not stands.steps:
        show(element("p", t("report.steps.none"), cls="sq-note"))
        return
    rows = [
        [moment(step.at_utc), stage_words(step), step.by_name, step.data_version, say.quoted(step.reason or ""), _fold([t("named", name=sentence, words=reason) for sentence, reason in step.accepted.items()]), _fold(step.changes)]
        for step in reversed(stands.steps)
    ]
    names = ("at", "stage", "by", "version", "reason", "accepted", "changes")
    show(markup.table(t("report.steps.caption", count=len(rows)), [t(f"report.col.{name}") for name in names], rows, numeric=[3], cls="tall"))


def _fold(sentences: Sequence[str]) -> Markup | str:
    """How many there are, and what they say once it is opened."""
    if not sentences:
        return ""
    items = [element("li", say.quoted(sentence)) for sentence in sentences]
    return element("details", element("summary", t("report.accepted", count=len(items))), element("ul", items), cls="sq-details")
