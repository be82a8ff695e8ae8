"""The checks of the report screen: what blocks with the way to its text, what warns with a tick and a reason."""

from __future__ import annotations

import streamlit as st

from pages import _data_report
from pages._data_report import Draft
from pages._parts import Status, complaint, link, section, show
from pages._report_parts import go, heading_words, kind_words
from warehouse.period import Quarter
from warehouse.report.checks import Finding
from warehouse.web import markup, say
from warehouse.web.markup import element
from warehouse.web.words import t

#: How many findings of a heading stand on the page; the rest in a fold.
_FIRST = 5


def checks(quarter: Quarter) -> None:
    """What was found: what blocks with the way to its text, what warns with a tick and a reason."""
    draft = _data_report.draft(quarter)
    show(section(t("report.checks"), t("report.checks.note")))
    if not draft.findings:
        show(element("p", element("span", "●", cls="sq-shape", aria_hidden="true"), t("report.checks.none"), cls="sq-calm"))
    if draft.blocking:
        show(element("p", Status(t("report.level.block"), "concern").markup))
        _blocking(draft)
    if draft.warnings:
        show(element("p", Status(t("report.level.warn"), "neutral").markup, " ", t("report.warn.note"), cls="sq-note"))
        _ticks(quarter, draft)


def _blocking(draft: Draft) -> None:
    """What blocks, by the heading whose text is to be mended."""
    groups: dict[str | None, list[Finding]] = {}
    for finding in draft.blocking:
        groups.setdefault(_heading_about(draft, finding), []).append(finding)
    for code, found in groups.items():
        items = [element("li", say.quoted(finding.sentence)) for finding in found]
        rest = element("details", element("summary", t("report.block.more", count=len(items) - _FIRST)), element("ul", items[_FIRST:]), cls="sq-details")
        show(element("div", element("strong", heading_words(code)) if code else None, element("ul", items[:_FIRST]), rest if len(items) > _FIRST else None, cls="sq-group"))
        if code:
            st.button(t("report.mend"), key=f"mend_{code}", on_click=go, args=("text", code))


def _heading_about(draft: Draft, finding: Finding) -> str | None:
    """The heading under which a finding is to be mended, or the one whose text prints the indicator it is about."""
    return finding.heading or next((code for code, text in draft.report.texts.items() if f"{{{finding.subject}}}" in text), None)


def _ticks(quarter: Quarter, draft: Draft) -> None:
    """A tick and a reason for each warning; they stay while other parts are looked at, and are kept for good with the submission."""
    given = reasons(quarter)
    shared = st.text_input(t("report.reason.shared"), max_chars=200, key=f"shared_{quarter.code}")
    kinds = list(dict.fromkeys(finding.code for finding in draft.warnings))
    for kind in kinds:
        found = [finding for finding in draft.warnings if finding.code == kind]
        with st.expander(t("report.kind", kind=kind_words(kind), count=len(found)), expanded=len(found) <= 3 or kind == kinds[0]):
            for at, finding in enumerate(found):
                _tick(finding, given, shared, f"{quarter.code}_{kind}_{at}_{finding.subject}")


def _tick(finding: Finding, given: dict[str, str], shared: str, key: str) -> None:
    """One warning: what it says, the way to mend it, and once it is ticked its reason."""
    if say.is_english():
        show(element("p", say.quoted(finding.sentence)))
    label = t("report.tick") if say.is_english() else markup.label(finding.sentence)
    ticked = st.checkbox(label, value=finding.key in given, key=f"tick_{key}")
    _way(finding, key)
    if not ticked:
        given.pop(finding.key, None)
        return
    given[finding.key] = st.text_input(t("report.reason"), value=given.get(finding.key) or shared, max_chars=200, key=f"reason_{key}").strip()
    if not given[finding.key]:
        complaint(t("report.reason.missing"))


def _way(finding: Finding, key: str) -> None:
    """Where it is mended: the text, the indicator's page or that of the uploads, which open beside this one so that no tick is lost."""
    if finding.heading:
        st.button(t("report.mend"), key=f"way_{key}", type="tertiary", on_click=go, args=("text", finding.heading))
        return
    page = {"signal": (link("indicator", id=finding.subject), "report.explain"), "unreviewed": (link("batches"), "report.review")}.get(finding.code)
    if page:
        show(element("p", element("a", t(page[1]), href=page[0], target="_blank", rel="noopener"), cls="sq-note"))


def reasons(quarter: Quarter) -> dict[str, str]:
    """What was ticked in this visit: finding → reason."""
    return st.session_state.setdefault("report_reasons", {}).setdefault(quarter.code, {})
