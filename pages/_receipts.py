"""Pieces of what a load was, shared by the pages that make one and the log that shows it later: findings, questions, figures that change, 撤回."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from datetime import date
from typing import Any

import streamlit as st

from pages import _data
from pages._parts import Status, complaint, measured, show, status
from warehouse.commands import failure
from warehouse.errors import Refused, WarehouseError
from warehouse.load import Impact, LoadResult, UndoResult
from warehouse.web import export, markup, say
from warehouse.web.markup import Markup, element
from warehouse.web.words import WORDS, t

#: How many findings of one kind, and how many changed indicators, stand on the page; the rest in a list to download, or a fold.
_FIRST_FINDINGS, _FIRST_IMPACT = 5, 12

#: The type of a workbook.
XLSX = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"

#: In which tone the outcome of a load is said.
TONES = {"dry_run": "good", "loaded": "good", "unchanged": "neutral", "needs_confirmation": "neutral", "refused": "concern"}


def facts_table(caption: str, facts: Iterable[tuple[str, Any]]) -> Markup:
    """Names and what they are, two columns."""
    return markup.table(caption, [t("col.item"), t("col.content")], facts, hide_caption=True, cls="card-table")


def encoding(name: str | None) -> str:
    """An encoding in words."""
    key = f"encoding.{name}"
    return t(key) if key in WORDS else name or ""


def months(found: Sequence[date]) -> str:
    """The months of a load, a long list by its ends."""
    if len(found) > 3:
        return t("batches.months.many", first=say.month(found[0]), last=say.month(found[-1]), count=len(found))
    return t("list.comma").join(map(say.month, found))


def findings(found: Sequence[dict[str, Any]], key: str, correction: Callable[[], bytes] | None = None, *, quiet: bool = False) -> None:
    """Every kind of finding with its count and first five, the whole list to download, and the table with its faults marked; none said plainly."""
    if not found:
        if not quiet:
            show(element("p", element("span", "●", cls="sq-shape", aria_hidden="true"), t("upload.findings.none"), cls="sq-calm"))
        return
    groups: dict[tuple[str, str], list[dict[str, Any]]] = {}
    for item in found:
        groups.setdefault((item["level"], item["code"]), []).append(item)
    original = element("p", t("said.in_chinese"), cls="sq-note") if say.is_english() else None
    show(
        element("h3", t("upload.findings", count=len(found)), cls="sq-h3"),
        original,
        [finding_group(level, code, items) for (level, code), items in groups.items()],
    )
    columns = ("level", "code", "row", "column", "value", "message")
    rows = [[t(f"finding.{name}") for name in columns], *([t(f"level.{item['level']}"), *(item[name] for name in columns[1:])] for item in found)]
    with st.container(horizontal=True, key=f"downloads_{key}"):
        st.download_button(
            t("upload.findings.download"),
            export.csv_bytes(rows),
            t("finding.file"),
            "text/csv",
            icon=":material/download:",
            on_click="ignore",
            key=f"findings_{key}",
        )
        if correction is not None:
            st.download_button(
                t("upload.correction"), correction, t("upload.correction.file"), XLSX, icon=":material/edit_note:", on_click="ignore", key=f"correction_{key}"
            )


def finding_group(level: str, code: str, items: Sequence[dict[str, Any]]) -> Markup:
    """Findings of one kind: what it means, how many, the first few."""
    tone = "concern" if level in ("file", "row") else "neutral"
    lines = [element("li", _told(item)) for item in items[:_FIRST_FINDINGS]]
    more = len(items) - len(lines)
    return element(
        "div",
        Status(t(f"level.{level}"), tone).markup,
        element("span", t("list.apart"), t("upload.findings.group", code=code, count=f"{len(items):,}"), cls="sq-note"),
        element("ul", lines),
        element("p", t("upload.findings.more", count=f"{more:,}"), cls="sq-note") if more > 0 else None,
        cls="sq-group",
    )


def _told(item: dict[str, Any]) -> Markup:
    cell = t("finding.cell", value=say.quoted(item["value"])) if item["value"] and item["value"] not in item["message"] else None
    return markup.join([say.quoted(item["message"]), cell])


def questions(checked: LoadResult) -> list[str]:
    """The codes of what a file asks."""
    return sorted({finding.code for finding in checked.findings if finding.level == "ask"})


def ticks(checked: LoadResult) -> frozenset[str]:
    """The questions of a file, each with what asks it and a tick; the codes that are ticked."""
    codes = questions(checked)
    if codes:
        show(element("h3", t("upload.questions"), cls="sq-h3"))
    ticked = set()
    for code in codes:
        show(finding_group("ask", code, _data.finding_rows(item for item in checked.findings if (item.level, item.code) == ("ask", code))))
        if st.checkbox(t("upload.tick", code=code), key=f"tick_{code}_{checked.sha256[:12]}"):
            ticked.add(code)
    return frozenset(ticked)


def impact_table(impact: Sequence[Impact], words: str, most: int = _FIRST_IMPACT) -> Markup:
    """Figures before and after a change, the most prominent first; beyond `most` in a fold."""
    if not impact:
        return element("p", t("upload.impact.none"), cls="sq-note")
    ordered = sorted(impact, key=lambda item: item.after.indicator.headline or 1000)
    headings = [t("col.indicator"), t("upload.col.before"), t("upload.col.after"), t("upload.col.status")]
    rows = [[say.indicator(item.after.indicator), measured(item.before), measured(item.after), _shift(item)] for item in ordered]
    caption = t(words, count=len(impact), period=say.window(ordered[0].window))
    first = markup.table(caption, headings, rows[:most], numeric=[1, 2])
    if len(rows) <= most:
        return first
    more = t("upload.impact.more", count=len(rows) - most)
    others = markup.table(more, headings, rows[most:], numeric=[1, 2], hide_caption=True)
    rest = element("details", element("summary", more), others, cls="sq-details")
    return markup.join([first, rest])


def _shift(item: Impact) -> Markup:
    before, after = status(item.before), status(item.after)
    known = item.before.value is not None and item.after.value is not None
    return markup.join([before.markup, " → ", after.markup]) if known and before != after else after.markup


def taken_back(entry: int | None) -> UndoResult | None:
    """The undo of an entry, where this visit has made it."""
    undone: UndoResult | None = st.session_state.get("undone")
    return undone if undone is not None and undone.undone == entry else None


def take_back(entry: int) -> None:
    """撤回, with its reason."""
    with st.expander(t("receipt.undo"), icon=":material/undo:"), st.form(f"undo_{entry}", border=False):
        show(element("p", t("receipt.undo.lead"), cls="sq-note"))
        by = st.text_input(t("upload.by"), value=st.session_state.get("by_kept", _data.user_name()), max_chars=40, key=f"undo_by_{entry}", width=260)
        reason = st.text_input(t("receipt.undo.reason"), max_chars=200, key=f"undo_reason_{entry}")
        pressed = st.form_submit_button(t("receipt.undo"), key=f"undo_press_{entry}")
    if not pressed:
        return
    if not reason.strip() or not by.strip():
        complaint(t("upload.by.missing") if reason.strip() else t("receipt.undo.missing"))
        return
    try:
        with st.spinner(t("upload.undoing")):
            st.session_state["undone"] = _data.undo(entry, by.strip(), reason.strip())
    except (WarehouseError, Refused) as error:
        complaint(say.quoted(failure(error).text))
        return
    st.rerun()
