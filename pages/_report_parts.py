"""What the pieces of the report screen share: names of stages and headings, moments, who does it, and the way from one part of the work to another."""

from __future__ import annotations

from datetime import datetime

import streamlit as st

from pages import _data
from warehouse.report import steps
from warehouse.report.steps import Issue
from warehouse.web import say
from warehouse.web.words import WORDS, t


def stage_words(step: Issue | None) -> str:
    """草稿, 陳核中, 已核定（文號、日期）, with 修正版 where it is one."""
    if step is None or step.stage == steps.DRAFT:
        return t("report.stage.draft")
    edition = t("report.edition", number=step.edition) if step.edition else ""
    if step.stage == steps.SUBMITTED or step.approved is None:
        return t("report.stage.submitted") + edition
    return t("report.stage.approved", document=step.document, day=say.day(step.approved)) + edition


def taken_by(step: Issue) -> str:
    """Who took a step and when."""
    return t("report.who", by=step.by_name, at=moment(step.at_utc))


def moment(at: datetime) -> str:
    """A moment of the ledger in Taipei, to the minute."""
    return say.moment(_data.taipei(at))


def heading_words(code: str) -> str:
    """壹一(一)2 申辦案件流程簡化情形."""
    return f"{say.section(code)} {say.heading(code)}"


def kind_words(code: str) -> str:
    """What a check is called."""
    return t(f"report.check.{code}") if f"report.check.{code}" in WORDS else code


def who(key: str) -> str:
    """The name of whoever does it, kept for the visit."""
    by = st.text_input(t("report.by"), value=st.session_state.get("by_kept", _data.user_name()), max_chars=40, key=f"by_{key}", width=260)
    st.session_state["by_kept"] = by
    return by.strip()


def go(view: str, code: str | None = None) -> None:
    """Turn to another part of the work: within the visit, so that nothing typed is lost."""
    st.session_state["report_view"] = view
    if code:
        st.session_state["choice_heading"] = st.session_state.setdefault("kept", {})["heading"] = code
