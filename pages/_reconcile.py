"""Reconciliation in pieces: the document, its figures beside the computed ones, sums, decisions, and what is kept of an earlier report."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from decimal import Decimal
from typing import Any

import streamlit as st

from pages import _data, _data_published, _data_reconcile
from pages._data import Frame
from pages._data_reconcile import OUTCOMES, Reconciled, outcome
from pages._parts import Status, addressed, complaint, heading, link, section, show, worded
from pages._report_parts import who
from warehouse import numerals, scorecard
from warehouse.commands import failure
from warehouse.decisions import DECISIONS, LONGEST_NOTE, Decision
from warehouse.errors import WarehouseError
from warehouse.indicators import all_indicators
from warehouse.period import Window
from warehouse.reconcile import Row, number_of
from warehouse.web import export, markup, say
from warehouse.web.markup import Markup, element
from warehouse.web.words import t

_TONES = {"differs": "concern", "rounding": "neutral", "not_placed": "neutral", "not_computed": "neutral", "equal": "good"}

#: How much of a passage stands on each side of the figure.
_AROUND = 28


def choose(frame: Frame) -> Reconciled | None:
    """The quarter and the document; None until both are there and could be read."""
    heading(t("page.reconcile"), t("reconcile.lead"))
    quarters = {quarter.code: quarter for quarter in _data_reconcile.quarters(frame)}
    newest = next(code for code, quarter in quarters.items() if quarter.window.start <= frame.newest)  # type: ignore[operator]
    with st.container(border=True, key="choose"):
        code = addressed(t("report.quarter"), "quarter", list(quarters), newest, lambda each: say.quarter(quarters[each]), width=220)
        file = st.file_uploader(t("reconcile.file"), key="printed", help=t("reconcile.file.help"))
    if file is None:
        show(element("p", t("reconcile.none"), cls="sq-note"))
        return None
    try:
        with st.spinner(t("reconcile.reading")):
            found = _data_reconcile.reconciled(file.name, file.getvalue(), quarters[code])
    except WarehouseError as error:
        complaint(say.quoted(failure(error).text))
        return None
    if found.is_of_another_period and found.told:
        complaint(t("reconcile.other_period", told=say.word(found.told), quarter=say.quarter(found.quarter)))
    return found


# --- the figures --------------------------------------------------------------------------------------------------------


def result(found: Reconciled) -> None:
    """Counts, the figures of one outcome or all, and the whole list to take along."""
    counts = Counter(map(outcome, found.rows))
    decided = _data_reconcile.decided(found)
    show(
        section(t("reconcile.result"), t("reconcile.result.note", file=say.quoted(found.name), period=say.window(Window.year_to_quarter(found.quarter)))),
        element("p", [_chip(name, counts[name]) for name in OUTCOMES if counts[name]], cls="sq-outcome", role="status"),
    )
    options = ["all", *(name for name in OUTCOMES if counts[name])]
    words = {"all": t("reconcile.all", count=len(found.rows))} | {name: t("reconcile.count", word=t(f"reconcile.outcome.{name}"), count=counts[name]) for name in OUTCOMES}
    with st.container(horizontal=True, vertical_alignment="bottom", key="reconcile_filter"):
        chosen = addressed(t("reconcile.filter"), "outcome", options, "all", words.__getitem__, width=260)
        st.download_button(
            t("reconcile.download"), _csv(found, decided), t("reconcile.download.file", quarter=found.quarter.code), "text/csv",
            icon=":material/download:", on_click="ignore", key="csv_reconcile",
        )  # fmt: skip
    rows = [_line(row, decided.get(row.subject)) for row in found.rows if chosen in ("all", outcome(row))]
    names = ("figure", "printed", "computed", "outcome", "stated", "passage", "decision")
    show(markup.table(t("reconcile.caption", count=len(rows)), [t(f"reconcile.col.{name}") for name in names], rows, numeric=[1, 2], cls="tall named tops"))


def _chip(name: str, count: int) -> Markup:
    return Status(t("reconcile.count", word=t(f"reconcile.outcome.{name}"), count=count), _TONES[name]).markup


def _line(row: Row, decision: Decision | None) -> list[Any]:
    return [
        _figure(row),
        _printed(row),
        _value(row.id, row.computed),
        Status(t(f"reconcile.outcome.{outcome(row)}"), _TONES[outcome(row)]).markup,
        element("span", say.quoted(row.sentence), cls="sq-stated") if row.outcome != "equal" else "",
        _around(row),
        _decided(decision),
    ]


def _figure(row: Row) -> Markup | str:
    found = all_indicators().get(row.id)
    if found is None:
        return row.id or t("reconcile.no_figure")
    return element("a", say.indicator(found), href=link("indicator", id=row.id), target="_blank", rel="noopener")


def _printed(row: Row) -> Markup | str:
    told = number_of(row.printed)
    return say.quoted(row.text) if told is None and row.text else _value(row.id, row.printed if told is None else told)


def _value(name: str, value: Decimal | str | None) -> Markup | str:
    found = all_indicators().get(name)
    if value is None:
        return t("value.dash")
    return worded(value, found.unit) if found else numerals.format_number(value) if isinstance(value, Decimal) else value


def _around(row: Row) -> Markup | str:
    """The sentence, the figure in it marked."""
    if not row.passage:
        return ""
    at = row.at
    if at < 0:
        return element("span", say.quoted(row.passage[: 2 * _AROUND]), cls="sq-note")
    end = at + len(row.text)
    before, after = row.passage[max(0, at - _AROUND) : at], row.passage[end : end + _AROUND]
    parts = ["…" if at > _AROUND else "", before, element("mark", row.text), after, "…" if end + _AROUND < len(row.passage) else ""]
    return element("span", parts, lang="zh-Hant", cls="sq-passage", title=row.passage)


def _decided(decision: Decision | None) -> Markup | str:
    if decision is None:
        return ""
    note = element("span", t("list.apart"), say.quoted(decision.note)) if decision.note else None
    told = t("report.who", by=decision.by_name, at=say.moment(_data.taipei(decision.at_utc)))
    return element("span", t(f"decision.{decision.decision}"), note, element("br"), element("small", told))


def _csv(found: Reconciled, decided: dict[str, Decision]) -> bytes:
    names = ("id", "figure", "printed", "computed", "outcome", "stated", "passage", "decision", "note", "by", "at")
    lines: list[Sequence[Any]] = [[t(f"reconcile.col.{name}") for name in names]]
    for row in found.rows:
        indicator, decision = all_indicators().get(row.id), decided.get(row.subject)
        words = [decision.word, decision.note, decision.by_name, f"{_data.taipei(decision.at_utc):%Y-%m-%d %H:%M}"] if decision else [None] * 4
        lines.append(
            [row.id, say.indicator(indicator) if indicator else None, row.printed, scorecard.number(row.computed), t(f"reconcile.outcome.{outcome(row)}"), row.sentence, row.passage, *words]
        )
    return export.csv_bytes(lines)


# --- sums ---------------------------------------------------------------------------------------------------------------


def sums(found: Reconciled) -> None:
    """Totals of the document that are not their parts; the warehouse has no say in it."""
    show(section(t("reconcile.sums"), t("reconcile.sums.note")))
    if not found.sums:
        show(element("p", element("span", "●", cls="sq-shape", aria_hidden="true"), t("reconcile.sums.none"), cls="sq-calm"))
        return
    decided = _data_reconcile.decided(found)
    kinds = {"rounding": "rounding", "total": "differs"}
    rows = [
        [Status(t(f"reconcile.outcome.{kinds[each.kind]}"), _TONES[kinds[each.kind]]).markup, element("span", say.quoted(each.sentence), cls="sq-stated"), element("span", say.quoted(each.passage[:120]), cls="sq-passage"), _decided(decided.get(each.subject))]
        for each in found.sums
    ]
    headings = [t(f"reconcile.col.{name}") for name in ("outcome", "stated", "passage", "decision")]
    show(markup.table(t("reconcile.sums.caption", count=len(rows)), headings, rows, cls="tops"))


# --- decisions ----------------------------------------------------------------------------------------------------------


def decide(found: Reconciled) -> None:
    """One difference at a time: what is done about it, who says so."""
    open_ones = {row.subject: row.sentence for row in found.rows if row.outcome in ("differs", "not_placed")} | {each.subject: each.sentence for each in found.sums}
    if not open_ones:
        return
    decided = _data_reconcile.decided(found)
    left = [subject for subject in open_ones if subject not in decided]
    show(section(t("reconcile.decide"), t("reconcile.decide.left", left=len(left), count=len(open_ones))))
    names = {row.subject: _plain_name(row) for row in found.rows}

    def words(subject: str) -> str:
        mark = t("reconcile.decided.mark") if subject in decided else ""
        return t("named", name=names.get(subject, subject), words=open_ones[subject]) + mark

    with st.form(f"decide_{found.sha256[:12]}"):
        subject = st.selectbox(t("reconcile.difference"), [*left, *(each for each in open_ones if each in decided)], format_func=words, key="difference")
        decision = st.radio(t("reconcile.col.decision"), list(DECISIONS), format_func=lambda each: t(f"decision.{each}"), key="decision", horizontal=True)
        note = st.text_input(t("reconcile.col.note"), max_chars=LONGEST_NOTE, key="decision_note")
        by = who("decide")
        pressed = st.form_submit_button(t("reconcile.decide.press"), type="primary")
    if not pressed:
        return
    try:
        _data_reconcile.decide(found, subject, open_ones[subject], decision, by, note)
    except WarehouseError as error:
        complaint(say.quoted(failure(error).text))
        return
    st.rerun()


def _plain_name(row: Row) -> str:
    found = all_indicators().get(row.id)
    return say.indicator(found) if found else row.printed


# --- what is kept of an earlier report ----------------------------------------------------------------------------------


def keep(found: Reconciled) -> None:
    """舊季報匯入: heading by heading, each figure ticked where the document says it; then kept together."""
    rows = _data_reconcile.importable(found)
    stored = {name: item for (name, quarter), item in _data_published.kept().items() if quarter == found.quarter}
    show(section(t("reconcile.keep"), t("reconcile.keep.note", quarter=say.quarter(found.quarter))))
    if stored:
        show(element("p", t("reconcile.keep.stored", count=len(stored), quarter=say.quarter(found.quarter)), cls="sq-note"))
    if not rows or found.is_of_another_period:
        show(element("p", t("reconcile.keep.other" if rows else "reconcile.keep.nothing"), cls="sq-note"))
        return
    confirmed: dict[str, str] = st.session_state.setdefault("confirmed", {}).setdefault((found.sha256, found.quarter.code), {})
    groups: dict[str, list[Row]] = {}
    for row in rows:
        groups.setdefault(_data.heading_of(all_indicators()[row.id]) or t("indicator.no_heading"), []).append(row)

    title = st.selectbox(t("report.heading"), list(groups), format_func=lambda each: t("reconcile.keep.group", heading=each, count=len(groups[each])), key="keep_group")
    _ticks(found, groups[title], confirmed)
    show(element("p", t("reconcile.keep.progress", done=len(confirmed), count=len(rows)), cls="sq-note"))
    _store(found, confirmed)


def _ticks(found: Reconciled, rows: list[Row], confirmed: dict[str, str]) -> None:
    keys = {row.id: f"keep_{found.sha256[:8]}_{found.quarter.code}_{row.id}" for row in rows}
    if st.button(t("reconcile.keep.all"), key="keep_all"):
        confirmed |= {row.id: row.printed for row in rows}
        st.session_state.update(dict.fromkeys(keys.values(), True))
    for row in rows:
        name = say.indicator(all_indicators()[row.id])
        st.session_state.setdefault(keys[row.id], row.id in confirmed)
        ticked = st.checkbox(markup.label(t("named", name=name, words=markup.plain(markup.escaped(_printed(row))))), key=keys[row.id])
        if row.passage:
            show(element("p", _around(row), cls="sq-note sq-indent"))
        if ticked:
            confirmed[row.id] = row.printed
        else:
            confirmed.pop(row.id, None)


def _store(found: Reconciled, confirmed: dict[str, str]) -> None:
    asked: frozenset[str] = st.session_state.get("keep_asked", frozenset())
    with st.container(horizontal=True, vertical_alignment="bottom", key="keep_store"):
        by = who("keep")
        label = t("reconcile.keep.again" if asked else "reconcile.keep.press", count=len(confirmed))
        pressed = st.button(label, key="keep_press", type="primary", disabled=not confirmed)
    if not pressed:
        if done := st.session_state.pop("keep_done", None):
            show(element("p", element("span", "●", cls="sq-shape", aria_hidden="true"), t("reconcile.keep.done", count=done[0], id=done[1]), cls="sq-calm", role="status"))
        return
    if not by:
        complaint(t("report.by.missing"))
        return
    try:
        with st.spinner(t("upload.loading")):
            done = _data_reconcile.keep(found, confirmed, by, asked)
    except WarehouseError as error:
        complaint(say.quoted(failure(error).text))
        return
    st.session_state.pop("keep_asked", None)
    if done.outcome in ("loaded", "unchanged"):
        st.session_state["keep_done"] = (len(confirmed), done.batch)
        confirmed.clear()
        for key in [key for key in st.session_state if str(key).startswith(f"keep_{found.sha256[:8]}_")]:
            del st.session_state[key]
        st.rerun()
    if done.outcome == "needs_confirmation":
        st.session_state["keep_asked"] = frozenset(finding.code for finding in done.findings if finding.level == "ask")
    for finding in done.findings:
        complaint(say.quoted(finding.message))
