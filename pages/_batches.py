"""The log in pieces: the list and its filters; one entry with its file, its held rows, its reviews, beside another; closed quarters."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from functools import partial
from typing import Any

import streamlit as st

from pages import _data, _data_batches
from pages._data_batches import Line
from pages._parts import Status, addressed, complaint, heading, link, rules, section, show
from pages._receipts import XLSX, encoding, facts_table, findings, impact_table, months, take_back
from warehouse.commands import failure
from warehouse.compare import FIRST, Comparison, Difference
from warehouse.errors import Refused, WarehouseError
from warehouse.held import Held
from warehouse.privacy import masked
from warehouse.web import export, markup, say
from warehouse.web.markup import Markup, element
from warehouse.web.words import t

#: Lines of the log, and held rows, that stand on the page at once.
_LINES, _HELD = 200, 50

#: What the log can be cut down to: a word, and which lines it keeps.
_STATES: dict[str, Callable[[Line], bool]] = {
    "": lambda line: True,
    "live": lambda line: line.state == "live",
    "replaced": lambda line: line.state == "replaced",
    "undone": lambda line: line.state == "undone",
    "unreviewed": lambda line: line.is_unreviewed,
    "waiting": lambda line: line.waiting > 0,
}


# --- the list -----------------------------------------------------------------------------------------------------------


def log(lines: Sequence[Line]) -> Line | None:
    """The list, newest first, cut down and turned over by choices that stand in the address; gives the one that is opened."""
    heading(t("page.batches"), t("batches.lead"))
    if not lines:
        show(element("p", t("batches.none"), cls="sq-calm none"))
        return None
    titles = {"": t("batches.filter.all")} | {line.dataset: say.dataset(line.dataset) for line in lines if line.dataset}
    known = {f"{month:%Y-%m}": month for month in sorted({month for line in lines for month in line.months}, reverse=True)}
    by_id = {str(line.id): line for line in lines}
    with st.container(horizontal=True, key="log_filters", vertical_alignment="bottom"):
        dataset = addressed(t("batches.filter"), "dataset", list(titles), "", titles.__getitem__, width=260)
        month = addressed(t("batches.filter.month"), "month", ["", *known], "", lambda code: say.month(known[code]) if code else t("batches.all"), width=150)
        state = addressed(t("batches.filter.state"), "state", list(_STATES), "", lambda code: t(f"batches.only.{code}") if code else t("batches.all"), width=150)
        chosen = [line for line in lines if dataset in ("", line.dataset) and (not month or known[month] in line.months) and _STATES[state](line)]
        shown = _leaf(chosen)
        here = [str(line.id) for line in shown]
        told = st.query_params.get("entry", "")
        if told in by_id and told not in here:
            here.append(told)
        opened = addressed(t("batches.open"), "entry", ["", *here], "", lambda code: _option(by_id.get(code)), width=320)
    if opened:
        return by_id[opened]
    _table(shown, len(chosen))
    return None


def _leaf(chosen: Sequence[Line]) -> Sequence[Line]:
    """The lines of the page that is open; how many pages there are decides whether there is a choice."""
    pages = [str(number) for number in range(1, -(-len(chosen) // _LINES) + 1)]
    if len(pages) < 2:
        return chosen
    leaf = int(addressed(t("batches.page"), "leaf", pages, "1", lambda code: _span(int(code), len(chosen)), width=170))
    return chosen[(leaf - 1) * _LINES : leaf * _LINES]


def _span(leaf: int, count: int) -> str:
    return t("batches.page.of", first=(leaf - 1) * _LINES + 1, last=min(leaf * _LINES, count), count=count)


def _table(shown: Sequence[Line], count: int) -> None:
    if not shown:
        show(element("p", t("batches.none.such"), cls="sq-calm none"))
        return
    headings = [t(f"batches.col.{name}") for name in ("id", "at", "by", "kind", "dataset", "file", "months", "rows", "state", "review")]
    show(markup.table(t("batches.caption", count=f"{count:,}"), headings, map(_row, shown), numeric=[7], cls="tall"))


def _option(line: Line | None) -> str:
    if line is None:
        return t("batches.open.none")
    name = say.dataset(line.dataset) if line.dataset else say.quarter(line.quarter) if line.quarter else ""
    return t("batches.option", id=line.id, kind=t(f"kind.{line.kind}"), name=name)


def _row(line: Line) -> list[Any]:
    entry = line.entry
    return [
        element("a", line.id, href=link("batches", entry=str(line.id))),
        element("span", say.moment(_data.taipei(line.at)), cls="sq-n"),
        element("span", say.quoted(line.by), cls="sq-n"),
        t(f"kind.{line.kind}"),
        say.dataset(line.dataset) if line.dataset else "",
        element("span", say.quoted(entry.file_name), cls="wide") if entry and entry.file_name else "",
        say.quarter(line.quarter) if line.quarter else months(line.months),
        f"{entry.rows_loaded:,}" if entry and entry.rows_loaded is not None else "",
        _state(line),
        _reviewed(line),
    ]


def _state(line: Line) -> Markup:
    """What has become of an entry, and what it is about."""
    about = element("a", t("trace.number", id=line.about), href=link("batches", entry=str(line.about))) if line.about else None
    if not line.is_batch:
        return markup.join([t(f"batches.said.{line.kind}", number=about)] if about else [t(f"batches.said.{line.kind}")])
    words = t(f"batches.state.{line.state}")
    if line.undone_by:
        words = t("bracketed", words=words, more=t("trace.number", id=line.undone_by))
    pieces = [element("span", words) if line.state == "live" else Status(words, "neutral").markup]
    if line.waiting:
        pieces.append(Status(t("batches.waiting", count=f"{line.waiting:,}"), "concern").markup)
    if about:
        pieces.append(element("span", t("batches.said.release", number=about), cls="sq-note"))
    return element("span", pieces, cls="sq-marks")


def _reviewed(line: Line) -> str | Markup:
    if not line.is_batch or line.state == "undone":
        return ""
    if not line.reviews:
        return t("batches.unreviewed")
    newest = line.reviews[0]
    return t("batches.reviewed", name=say.quoted(newest.by_name), day=say.day(_data.taipei(newest.at_utc).date()))


# --- one entry ----------------------------------------------------------------------------------------------------------


def entry(line: Line, lines: Sequence[Line]) -> None:
    """One line of the log, opened: what came in, what was held back, who has looked at it, what it changed, and 撤回 while it stands."""
    show(element("p", element("a", t("batches.back"), href=link("batches")), cls="sq-note"), section(t("batches.detail", id=line.id)), _facts(line))
    kept = line.entry
    if kept is None:
        return
    if kept.sha256:
        st.download_button(
            t("batches.original"),
            partial(_data_batches.original, kept.sha256),
            kept.file_name or t("batches.original.form", id=kept.id),
            "application/octet-stream",
            icon=":material/download:",
            on_click="ignore",
            key=f"original_{kept.id}",
        )
    if line.is_batch:
        if line.state != "undone":
            _review(line)
        if kept.kind == "load" and kept.rows_held:
            _held(line)
        findings(_data.finding_rows(kept.findings), f"entry_{kept.id}")
        _compare(line, lines)
    if not kept.undone:
        take_back(kept.id)


def _facts(line: Line) -> Markup:
    kept = line.entry
    sample = t("batches.sample") if kept and kept.is_sample else ""
    facts: list[tuple[str, Any]] = [
        (t("batches.col.kind"), t("bracketed", words=t(f"kind.{line.kind}"), more=sample) if sample else t(f"kind.{line.kind}")),
        (t("batches.col.state"), _state(line)),
        (t("batches.col.review"), _reviewed(line)),
        (t("batches.col.at"), say.moment(_data.taipei(line.at))),
        (t("batches.col.by"), say.quoted(line.by)),
        (t("batches.col.dataset"), say.dataset(line.dataset) if line.dataset else None),
        (t("batches.quarter"), say.quarter(line.quarter) if line.quarter else None),
        (t("batches.col.months"), months(line.months)),
        (t("upload.fact.sites"), t("list.comma").join(map(say.site, line.sites))),
        (t("batches.reason"), say.quoted(line.reason) if line.reason else t("batches.reason.none")),
    ]
    if kept:
        facts[6:6] = [
            (t("batches.col.file"), say.quoted(kept.file_name or "")),
            (t("upload.fact.encoding"), encoding(kept.encoding)),
            (t("batches.col.rows"), _rows_of(line)),
        ]
        facts += [
            (t("batches.accepted"), t("list.comma").join(kept.accepted)),
            (t("upload.fact.hash"), element("span", kept.sha256, cls="sq-hash") if kept.sha256 else None),
            (t("col.version.app"), kept.app_version),
        ]
    return facts_table(t("batches.detail", id=line.id), [(name, words) for name, words in facts if words])


def _rows_of(line: Line) -> str:
    kept = line.entry
    if kept is None or kept.rows_read is None:
        return ""
    ignored = sum(kept.ignored.values())
    words = t(
        "upload.rows.loaded", read=f"{kept.rows_read:,}", loaded=f"{kept.rows_loaded or 0:,}", held=f"{kept.rows_held or 0:,}", ignored=f"{ignored:,}"
    )
    return words + (t("list.semicolon") + t("upload.rows.rules", list=rules(kept.ignored)) if ignored else "")


def _review(line: Line) -> None:
    """覆核: who has looked at it, and the form for the next who has."""
    told = [
        element(
            "li",
            t("batches.reviewed", name=say.quoted(each.by_name), day=say.day(_data.taipei(each.at_utc).date())),
            [t("list.apart"), say.quoted(each.note)] if each.note else None,
        )
        for each in line.reviews
    ]
    show(section(t("batches.review")), element("ul", told, cls="sq-plain") if told else element("p", t("batches.review.none"), cls="sq-note"))
    with st.expander(t("batches.review.do"), icon=":material/fact_check:"), st.form(f"review_{line.id}", border=False):
        show(element("p", t("batches.review.lead"), cls="sq-note"))
        by = st.text_input(t("batches.review.by"), max_chars=40, key=f"review_by_{line.id}", width=260)
        note = st.text_input(t("batches.review.note"), max_chars=200, key=f"review_note_{line.id}")
        pressed = st.form_submit_button(t("batches.review.do"), key=f"review_press_{line.id}")
    if not pressed:
        return
    if not by.strip():
        complaint(t("batches.name.missing"))
    elif _done(partial(_data_batches.review, line.id, by.strip(), note.strip())):
        st.rerun()


def _done(work: Callable[[], object]) -> bool:
    """Do it; what stands in the way is said in words."""
    try:
        work()
    except (WarehouseError, Refused) as error:
        complaint(say.quoted(failure(error).text))
        return False
    return True


# --- what was held back -------------------------------------------------------------------------------------------------


def _held(line: Line) -> None:
    """待改正: the rows themselves with their reasons, the workbook to mend them in, and the way to bring them back."""
    assert line.entry is not None
    held, waiting = line.entry.rows_held or 0, line.waiting
    words = t("batches.held.count", held=f"{held:,}", waiting=f"{waiting:,}")
    if line.releases:
        words += t("batches.held.releases", list=t("list.comma").join(t("trace.number", id=release) for release in line.releases))
    if line.state != "live":
        words += t("batches.held.gone")
    show(section(t("batches.held")), element("p", words, cls="sq-note"))
    try:
        found = _data_batches.held_rows(line.id)
    except WarehouseError as error:
        complaint(say.quoted(failure(error).text))
        return
    show(_held_table(found))
    with st.container(horizontal=True, key="held_ways", vertical_alignment="center"):
        st.download_button(
            t("batches.held.workbook"),
            partial(_data_batches.held_workbook, line.id),
            t("batches.held.file", id=line.id),
            XLSX,
            icon=":material/edit_note:",
            on_click="ignore",
            key=f"held_{line.id}",
        )
        if waiting:
            show(element("p", element("a", t("batches.held.release"), href=link("upload", release=str(line.id)), cls="sq-button")))


def _held_table(found: Held) -> Markup:
    headings = [t("finding.row"), t("finding.message"), *map(say.quoted, found.headings)]
    rows = [
        [
            str(row.number),
            element("div", [element("span", say.quoted(each.message), cls="sq-line") for each in row.findings], cls="sq-lines"),
            *(say.quoted(masked(cell)) for cell in row.cells),
        ]
        for row in found.rows[:_HELD]
    ]
    return markup.table(t("batches.held.caption", shown=len(rows), count=f"{len(found.rows):,}"), headings, rows, cls="tall")


# --- two batches --------------------------------------------------------------------------------------------------------


def _compare(line: Line, lines: Sequence[Line]) -> None:
    """Beside another batch of the same dataset: rows new, gone and changed, and the figures right after each."""
    others = {
        str(other.id): other for other in lines if other.is_batch and other.dataset == line.dataset and other.id != line.id and set(other.slots) & set(line.slots)
    }
    show(section(t("batches.compare")))
    if not others:
        show(element("p", t("batches.compare.none"), cls="sq-note"))
        return
    other = addressed(t("batches.compare.with"), "with", ["", *others], "", lambda code: _other(others.get(code)), width=420)
    if not other:
        return
    earlier, later = sorted((line.id, int(other)))
    try:
        found = _data_batches.compared(earlier, later)
    except WarehouseError as error:
        complaint(say.quoted(failure(error).text))
        return
    show(*_compared(found))
    if found.first:
        st.download_button(
            t("batches.compare.download"),
            partial(_differences_csv, earlier, later, _headings(earlier, later), {kind: t(f"compare.{kind}") for kind in ("new", "gone", "changed")}),
            t("batches.compare.file", earlier=earlier, later=later),
            "text/csv",
            icon=":material/download:",
            on_click="ignore",
            key=f"compare_{earlier}_{later}",
        )
    show(
        impact_table(found.impact, "batches.compare.impact")
        if found.impact
        else element("p", t("batches.compare.impact.none", months=say.months(found.months)), cls="sq-note")
    )


def _other(line: Line | None) -> str:
    if line is None:
        return t("batches.compare.choose")
    return t("batches.compare.option", id=line.id, kind=t(f"kind.{line.kind}"), day=say.day(_data.taipei(line.at).date()))


def _compared(found: Comparison) -> list[Markup]:
    counts = {name: f"{count:,}" for name, count in found.counts.items()}
    told = t("batches.compare.counts", earlier=found.earlier.id, later=found.later.id, months=say.months(found.months), **counts)
    if not found.first:
        return [element("p", told, cls="sq-lead"), element("p", t("batches.compare.equal"), cls="sq-calm none")]
    headings = [t(f"compare.col.{name}") for name in ("change", "where", "row", "key", "cells")]
    dataset = found.later.dataset
    rows = [[t(f"compare.{each.kind}"), _where(each), _numbers(each), _key(each), _cells(dataset, each)] for each in found.first]
    shown = t("batches.compare.caption", count=len(rows)) if len(rows) < FIRST else t("batches.compare.caption.first", count=FIRST)
    return [element("p", told, cls="sq-lead"), markup.table(shown, headings, rows, cls="tall")]


def _where(of: Difference) -> str:
    month, site, _ = of.slot
    return t("list.apart").join([say.month(month), say.site(site)])


def _numbers(of: Difference) -> str:
    before, after = ("" if row is None else str(row) for row in of.rows)
    return f"{before} → {after}" if before and after and before != after else before or after


def _key(of: Difference) -> Markup:
    return markup.join([say.quoted(masked(each)) for each in of.key if each], t("list.apart"))


def _cells(dataset: str, of: Difference) -> Markup:
    """What changed, cell by cell; of a row that only one has, what it holds."""
    lines = []
    for cell in of.cells:
        before, after = (say.quoted(masked(each)) if each else t("value.dash") for each in (cell.before, cell.after))
        words = markup.join([before, " → ", after]) if of.kind == "changed" else after if of.kind == "new" else before
        lines.append(t("named", name=say.column(dataset, cell.column), words=words))
    if of.kind == "changed":
        return element("div", [element("span", line, cls="sq-line") for line in lines], cls="sq-lines")
    return element("div", markup.join(lines, t("list.semicolon")), cls="sq-lines")


def _headings(earlier: int, later: int) -> list[str]:
    numbers = [t("trace.number", id=number) for number in (earlier, later)]
    rows = [t("named", name=number, words=t("compare.col.row")) for number in numbers]
    return [t("compare.col.change"), t("finding.month"), t("upload.fact.sites"), t("compare.col.key"), *rows, t("finding.column"), *numbers]


def _differences_csv(earlier: int, later: int, headings: Sequence[str], words: dict[str, str]) -> bytes:
    """All differences, a line for each cell. It runs beside the page, so that the words of the visit are given to it."""
    rows: list[Sequence[Any]] = [headings]
    for each in _data_batches.differences(earlier, later):
        month, site, _ = each.slot
        where = [f"{month:%Y-%m}", site, " ".join(each.key), *each.rows]
        rows += [[words[each.kind], *where, cell.column, cell.before, cell.after] for cell in each.cells]
    return export.csv_bytes(rows)


# --- closed quarters ----------------------------------------------------------------------------------------------------


def quarters() -> None:
    """已鎖定: which quarters are closed, by whom; closing one that is over, and opening one again for a reason."""
    closed, closable = _data_batches.closed(), _data_batches.closable()
    if not closed and not closable:
        return
    show(section(t("closed.title"), t("closed.lead")))
    if closed:
        headings = [t(f"closed.col.{name}") for name in ("quarter", "months", "by", "at")]
        rows = [
            [
                say.quarter(closing.quarter),
                say.window(closing.quarter.window.year_to_date(closing.quarter.window.end)),
                say.quoted(closing.by_name),
                element("a", say.day(_data.taipei(closing.at_utc).date()), href=link("batches", entry=str(closing.id))),
            ]
            for closing in closed
        ]
        show(markup.table(t("closed.title"), headings, rows, hide_caption=True))
    else:
        show(element("p", t("closed.none"), cls="sq-note"))
    with st.container(horizontal=True, key="closing", vertical_alignment="top"):
        _close({quarter.code: quarter for quarter in closable})
        _reopen({closing.quarter.code: closing.quarter for closing in reversed(closed)})


def _close(choices: dict[str, Any]) -> None:
    if not choices:
        return
    words = {code: say.quarter(quarter) for code, quarter in choices.items()}
    with st.expander(t("closed.close"), icon=":material/lock:"), st.form("close", border=False):
        show(element("p", t("closed.close.lead"), cls="sq-note"))
        code = st.selectbox(t("closed.col.quarter"), list(words), format_func=words.__getitem__, key="close_quarter", width=260)
        by = st.text_input(t("closed.by"), max_chars=40, key="close_by", width=260)
        pressed = st.form_submit_button(t("closed.close"), key="close_press")
    if not pressed:
        return
    if not by.strip():
        complaint(t("batches.name.missing"))
    elif _done(partial(_data_batches.close, choices[code], by.strip())):
        st.rerun()


def _reopen(choices: dict[str, Any]) -> None:
    if not choices:
        return
    words = {code: say.quarter(quarter) for code, quarter in choices.items()}
    with st.expander(t("closed.reopen"), icon=":material/lock_open:"), st.form("reopen", border=False):
        show(element("p", t("closed.reopen.lead"), cls="sq-note"))
        code = st.selectbox(t("closed.col.quarter"), list(words), format_func=words.__getitem__, key="reopen_quarter", width=260)
        by = st.text_input(t("closed.by"), max_chars=40, key="reopen_by", width=260)
        reason = st.text_input(t("closed.reason"), max_chars=200, key="reopen_reason")
        pressed = st.form_submit_button(t("closed.reopen"), key="reopen_press")
    if not pressed:
        return
    if not by.strip() or not reason.strip():
        complaint(t("closed.reason.missing") if by.strip() else t("batches.name.missing"))
    elif _done(partial(_data_batches.reopen, choices[code], by.strip(), reason.strip())):
        st.rerun()
