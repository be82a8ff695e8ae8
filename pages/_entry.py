"""Entry by form in pieces: which register, its fields, what the row would change, confirmation, receipt."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import streamlit as st

from pages import _data, _data_entry
from pages._data_entry import Field
from pages._parts import Status, addressed, complaint, heading, link, section, show
from pages._receipts import TONES, facts_table, finding_group, impact_table, take_back, taken_back, ticks
from warehouse.form import beside
from warehouse.load import LoadResult
from warehouse.web import say
from warehouse.web.markup import element
from warehouse.web.words import t

#: How many changed indicators stand in the receipt.
_FIRST_IN_RECEIPT = 3

_LONGEST = {"long": 2000, "text": 200}


def lead() -> None:
    """What the page is for, and that personal data stay out."""
    heading(t("page.entry"), t("entry.lead"))
    show(element("p", t("entry.privacy"), cls="sq-privacy", role="note"))


def is_done() -> bool:
    """Whether a row was just entered and its receipt is looked at."""
    return "entry_receipt" in st.session_state


def choose() -> str:
    """The register to write in; its name."""
    titles = _data_entry.datasets()
    return addressed(t("entry.dataset"), "form", list(titles), next(iter(titles)), titles.__getitem__, width=420)


# --- the form -----------------------------------------------------------------------------------------------------------


def form(dataset: str) -> None:
    """The fields with what was typed and what is wrong with it; sent together, checked before anything is written."""
    drafts: dict[str, dict[str, str]] = st.session_state.setdefault("entry_drafts", {})
    draft, checked = drafts.get(dataset, {}), _checked(dataset)
    wrong = _wrong(checked)
    fields = _data_entry.fields(dataset)
    with st.form(f"entry_{dataset}", border=True):
        show(element("p", t("entry.required"), cls="sq-note"))
        values: dict[str, str] = {}
        short = [field for field in fields if field.kind != "long"]
        for first in range(0, len(short), 2):
            for column, field in zip(st.columns(2), short[first : first + 2], strict=False):
                with column:
                    values[field.name] = _field(dataset, field, draft, wrong)
        for field in fields:
            if field.kind == "long":
                values[field.name] = _field(dataset, field, draft, wrong)
        by = st.text_input(t("upload.by"), value=st.session_state.get("by_kept", _data.user_name()), max_chars=40, key="entry_by", width=260)
        pressed = st.form_submit_button(t("entry.check"), key="entry_check", type="secondary" if checked else "primary")
    if not pressed:
        return
    st.session_state["by_kept"] = by
    drafts[dataset] = values
    st.session_state.pop("entry_checked", None)
    if not by.strip():
        complaint(t("upload.by.missing"))
        return
    typed = {name: text for name, text in values.items() if text.strip()}
    with st.spinner(t("upload.checking")):
        st.session_state["entry_checked"] = (dataset, typed, by.strip(), _data_entry.check(dataset, typed, by.strip()))
    st.rerun()


def _field(dataset: str, field: Field, draft: Mapping[str, str], wrong: Mapping[str, list[str]]) -> str:
    """One field with its widget; what is wrong with it stands under it."""
    label = t("entry.required.title", title=field.title) if field.required else field.title
    key, typed = f"entry_{st.session_state.get('entry_round', 0)}_{dataset}_{field.name}", draft.get(field.name, "")
    if field.kind == "choice":
        options = ["", *field.options]
        words = {"": t("entry.choose" if field.required else "entry.blank"), **field.options}
        at = options.index(typed) if typed in options else 0
        text = st.selectbox(label, options, index=at, format_func=words.__getitem__, key=key)
    elif field.kind == "long":
        text = st.text_area(label, value=typed, max_chars=_LONGEST["long"], key=key, height=110)
    else:
        text = st.text_input(label, value=typed, max_chars=_LONGEST["text"], key=key, placeholder=_hint(field))
    for message in wrong.get(field.heading, ()):
        show(element("p", element("span", "▲", cls="sq-shape", aria_hidden="true"), say.quoted(message), cls="sq-field-error", role="alert"))
    return text


def _hint(field: Field) -> str:
    if field.kind == "number":
        return t("entry.hint.unit", unit=say.unit(field.unit)) if field.unit else ""
    return "" if field.kind == "text" else t(f"entry.hint.{field.kind}")


def _checked(dataset: str) -> LoadResult | None:
    """What the last check of this form said."""
    known = st.session_state.get("entry_checked")
    return known[3] if known and known[0] == dataset else None


def _wrong(checked: LoadResult | None) -> dict[str, list[str]]:
    """Heading of a column → what is wrong with it."""
    found: dict[str, list[str]] = {}
    for finding in checked.findings if checked else ():
        if finding.level in ("file", "row") and finding.column:
            found.setdefault(finding.column, []).append(beside(finding))
    return found


# --- what it would do ---------------------------------------------------------------------------------------------------


def confirm(dataset: str) -> None:
    """What the row would change, each question with its tick, then the button."""
    checked = _checked(dataset)
    if checked is None:
        return
    _, typed, by, _ = st.session_state["entry_checked"]
    chip = Status(t(f"entry.outcome.{checked.outcome}"), TONES[checked.outcome]).markup
    show(section(t("entry.result")), element("div", chip, element("span", t(f"entry.explain.{checked.outcome}")), cls="sq-outcome", role="status"))
    if checked.outcome not in ("dry_run", "needs_confirmation"):
        _rest(dataset, checked)
        return
    show(facts_table(t("entry.content"), _facts(dataset, typed)))
    accepted = ticks(checked)
    show(impact_table(checked.impact, "entry.impact"))
    questions = {finding.code for finding in checked.findings if finding.level == "ask"}
    if not st.button(t("entry.confirm"), key="entry_confirm", type="primary", disabled=bool(questions - accepted)):
        return
    with st.spinner(t("upload.loading")):
        done = _data_entry.enter(dataset, typed, by, accepted, checked)
    if done.outcome == "loaded":
        st.session_state["entry_receipt"] = (dataset, typed, done)
        st.session_state["entry_drafts"].pop(dataset, None)
        st.session_state.pop("entry_checked", None)
    else:
        st.session_state["entry_checked"] = (dataset, typed, by, done)
    st.rerun()


def _rest(dataset: str, checked: LoadResult) -> None:
    """What is wrong with the row as a whole, or with a column that has no field."""
    headings = {field.heading for field in _data_entry.fields(dataset)}
    rest = [finding for finding in checked.findings if finding.level in ("file", "row") and finding.column not in headings]
    show(*(finding_group(finding.level, finding.code, _data.finding_rows([finding])) for finding in rest))


def _facts(dataset: str, typed: Mapping[str, str]) -> list[tuple[str, Any]]:
    """What was typed, field by field."""
    return [(field.title, field.options.get(typed[field.name]) or say.quoted(typed[field.name])) for field in _data_entry.fields(dataset) if field.name in typed]


# --- the receipt --------------------------------------------------------------------------------------------------------


def receipt() -> None:
    """What was entered, under which number, what it changed; on to the next, or take it back."""
    dataset, typed, done = st.session_state["entry_receipt"]
    undone = taken_back(done.batch)
    number = element("a", t("receipt.number", id=done.batch), href=link("batches", entry=str(done.batch)))
    undone_words = t("receipt.undone", undone=undone.undone, id=undone.id) if undone else ""
    show(
        section(t("entry.receipt")),
        element("div", Status(t("entry.outcome.loaded"), "good").markup, element("strong", number), cls="sq-outcome", role="status"),
        element("p", element("span", "■", cls="sq-shape", aria_hidden="true"), undone_words, cls="sq-calm") if undone else None,
        facts_table(t("entry.content"), [(t("batches.col.dataset"), say.dataset(dataset)), *_facts(dataset, typed)]),
    )
    with st.container(horizontal=True, vertical_alignment="center", key="entry_next"):
        pressed = st.button(t("entry.another"), key="entry_another", type="primary")
        show(element("p", element("a", t("upload.next"), href=link("")), cls="sq-note"))
    if pressed:
        for name in ("entry_receipt", "undone"):
            st.session_state.pop(name, None)
        st.session_state["entry_round"] = st.session_state.get("entry_round", 0) + 1
        st.rerun()
    show(impact_table(undone.impact if undone else done.impact, "upload.impact.undone" if undone else "upload.impact.done", _FIRST_IN_RECEIPT))
    if undone is None and done.batch is not None:
        take_back(done.batch)
