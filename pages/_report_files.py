"""The pages and the files of the report screen: of the draft as it stands, and of every step as it was."""

from __future__ import annotations

import base64

import streamlit as st

from pages import _data_report
from pages._parts import complaint, hash_words, section, show
from pages._report_parts import stage_words, taken_by
from warehouse.commands import failure
from warehouse.errors import WarehouseError
from warehouse.period import Quarter
from warehouse.report.steps import DRAFT
from warehouse.web import markup, say
from warehouse.web.markup import element
from warehouse.web.words import t

_TYPES = {
    "odt": "application/vnd.oasis.opendocument.text",
    "pdf": "application/pdf",
    "ods": "application/vnd.oasis.opendocument.spreadsheet",
    "docx": "application/vnd.openxmlformats-officedocument.wordprocessingml.document",
}


def preview(quarter: Quarter) -> None:
    """The pages as they will be printed, one at a time; those of a submitted or approved report as they were."""
    stands = _data_report.standing(quarter)
    taken = {step.id: step for step in reversed(stands.steps) if step.files}
    versions = [0, *taken] if stands.stage == DRAFT or stands.differs else [*taken, 0]
    show(section(t("report.preview"), t("report.preview.note")))
    with st.container(horizontal=True, vertical_alignment="bottom", key="report_pages"):
        chosen = st.selectbox(
            t("report.preview.which"), versions, format_func=lambda each: stage_words(taken[each]) if each else t("report.preview.draft"), key=f"report_step_{quarter.code}_{versions[0]}", width=320
        )
        with st.spinner(t("report.preview.making")):
            pictures = _data_report.pages(quarter, taken.get(chosen))
        at = min(st.session_state.get("report_page", 1), len(pictures))
        st.session_state["report_page"] = at
        st.button(t("report.preview.back"), key="page_back", disabled=at == 1, on_click=_turn, args=(-1,))
        numbers = list(range(1, len(pictures) + 1))
        at = st.selectbox(t("report.preview.page"), numbers, format_func=lambda each: t("report.preview.of", page=each, count=len(pictures)), key="report_page", width=160)
        st.button(t("report.preview.next"), key="page_next", disabled=at == len(pictures), on_click=_turn, args=(1,))
    coded = base64.b64encode(pictures[at - 1]).decode()
    show(element("img", src=f"data:image/png;base64,{coded}", alt=t("report.preview.alt", page=at, count=len(pictures)), cls="sq-page"))


def _turn(by: int) -> None:
    st.session_state["report_page"] += by


def files(quarter: Quarter) -> None:
    """The draft as files, written when asked for; what was submitted or approved, byte for byte as it was."""
    show(section(t("report.files"), t("report.files.note")))
    stands = _data_report.standing(quarter)
    wanted = (quarter.code, _data_report.mark(), st.session_state["data_version"])
    if st.button(t("report.files.make"), key="make_files", icon=":material/article:"):
        st.session_state["report_files"] = wanted
    if st.session_state.get("report_files") == wanted:
        with st.spinner(t("report.files.making")):
            made = _data_report.drafted_files(quarter)
        _downloads(made, "draft")
    for step in reversed(stands.steps):
        if not step.files:
            continue
        show(element("h3", stage_words(step), cls="sq-h3"), element("p", t("report.files.kept", who=taken_by(step), version=step.data_version), cls="sq-note"))
        try:
            _downloads(_data_report.issued_files(step), f"step_{step.id}")
        except WarehouseError as error:
            complaint(say.quoted(failure(error).text))
        hashes = [[name, hash_words(sha256)] for name, sha256 in step.files.items()]
        show(markup.table(t("report.files.hashes"), [t("report.files.name"), "SHA-256"], hashes, hide_caption=True))


def _downloads(made: dict[str, bytes], key: str) -> None:
    with st.container(horizontal=True, key=f"downloads_{key}"):
        for name, content in made.items():
            kind = name.rpartition(".")[2]
            size = f"{max(1, len(content) // 1000):,}"
            st.download_button(
                t("report.files.download", kind=kind, size=size), content, name, _TYPES[kind], icon=":material/download:", on_click="ignore", key=f"get_{key}_{kind}"
            )
