"""資料繳交情形 in pieces: the grid of tables and months, who owes what with a text to remind them, what must be done by schedule."""

from __future__ import annotations

import streamlit as st

from pages._data import Choice
from pages._data_duty import Duty, sender_codes
from pages._parts import link, month_list, section, sender_list, show
from warehouse.duty import Cell, Row
from warehouse.period import Window
from warehouse.schedule import Item
from warehouse.web import markup, say
from warehouse.web.markup import Markup, element
from warehouse.web.words import t

_SHAPES = {"missing": "▲", "to_mend": "◆", "handed_in": "●", "reviewed": "✔", "ahead": "○", "partial": "◐"}
_TONES = {"missing": "concern", "to_mend": "concern", "handed_in": "good", "reviewed": "good", "ahead": "neutral", "partial": "concern"}
_KEPT_TONES = {"done": "good", "missed": "concern", "not_due": "neutral", "no_data": "neutral"}
_KEPT_SHAPES = {"done": "●", "missed": "▲", "not_due": "—", "no_data": "○"}


def summary(duty: Duty) -> None:
    """How much is owed, by how many; by which day; to which month there are any data, and what is owed after it."""
    count = sum(len(debt.items) for debt in duty.owed)
    late = sum(cell.late for debt in duty.owed for _, cell in debt.items)
    span = say.window(Window(duty.months[0], duty.months[-1]))
    words = t("duty.summary", count=count, owners=len(duty.owed), late=late) if count else t("duty.summary.none", period=span)
    after = [month for month in duty.months if month > duty.newest]
    newest = t("duty.newest", month=say.month(duty.newest), months=month_list(after)) if after else ""
    beyond = t("duty.beyond", months=month_list(duty.beyond)) if duty.beyond else ""
    show(
        element("h1", t("duty.title", day=say.day(duty.today)), cls="sq-h1"),
        element("p", element("strong", words), " ", say.sentences(newest, beyond, t("duty.due")), cls="sq-lead"),
    )


def grid(duty: Duty) -> None:
    """A row for each table, a column for each month; every state is a word beside its shape."""
    legend = element("p", [_chip(name) for name in ("handed_in", "reviewed", "partial", "to_mend", "missing", "ahead")], t("duty.blank"), cls="sq-note sq-legend")
    headings = [t("duty.col.table"), t("duty.col.owner"), t("duty.col.until"), *(_month(month, at == 0) for at, month in enumerate(duty.months))]
    rows = [
        [say.dataset(row.dataset), say.owner(row.owner), say.short_day(row.until) if row.until else t("value.none"), *(_cell(row, cell, duty) for cell in row.cells)]
        for row in duty.rows
    ]
    show(section(t("duty.grid")), legend, markup.table(t("duty.grid"), headings, rows, hide_caption=True, cls="sq-grid newest"))


def _month(month: object, first: bool) -> str:
    return say.month(month) if first or month.month == 1 else say.month_alone(month)  # type: ignore[attr-defined,arg-type]


def _kind(cell: Cell) -> str:
    return "partial" if cell.partial and cell.state != "to_mend" else cell.state


def _cell(row: Row, cell: Cell, duty: Duty) -> Markup | str:
    kind = _kind(cell)
    if kind == "not_required":
        return element("span", t("duty.state.not_required"), cls="sq-hidden")
    said = [t(f"duty.state.{kind}")]
    if cell.lacking and kind == "partial":
        said.append(t("duty.lacking", senders=sender_list(sender_codes(row, cell.lacking))))
    if cell.held:
        said.append(t("duty.held", count=cell.held))
    if cell.due is not None:
        said.append(t("duty.by", day=say.day(cell.due)))
    if cell.days_late:
        said.append(t("duty.days_late", days=cell.days_late))
    inside = [element("span", _SHAPES[kind], cls="sq-shape", aria_hidden="true"), t(f"duty.short.{kind}")]
    days = (duty.today - cell.due).days if cell.late and cell.due else 0
    late = element("span", t("duty.late", days=f"{days:,}"), cls="sq-late") if days else None
    chip = element("span", inside, late, cls=f"sq-state {_TONES[kind]}", title=t("list.semicolon").join(said))
    return element("a", chip, href=link("batches", entry=str(cell.batches[-1]))) if cell.batches else chip


def _chip(kind: str) -> Markup:
    return element("span", element("span", _SHAPES[kind], cls="sq-shape", aria_hidden="true"), t(f"duty.state.{kind}"), cls=f"sq-state {_TONES[kind]}")


def debts(duty: Duty) -> None:
    """Who owes what, each with a text to copy."""
    show(section(t("duty.owed"), t("duty.owed.note") if duty.owed else None))
    if not duty.owed:
        show(element("p", element("span", "●", cls="sq-shape", aria_hidden="true"), t("duty.owed.none"), cls="sq-calm"))
    for at, debt in enumerate(duty.owed):
        late = sum(cell.late for _, cell in debt.items)
        label = t("duty.owner.late" if late else "duty.owner", owner=say.owner(debt.owner), count=len(debt.items), late=late)
        with st.expander(label, key=f"owed_{at}"):
            st.code(debt.text, language=None, wrap_lines=True)


def kept(duty: Duty, choice: Choice) -> None:
    """What must be done every month or quarter: how often it was, and in which months."""
    if not duty.items or choice.window is None:
        return
    months = [month for month, _, _ in duty.items[0].months]
    headings = [t("col.indicator"), t("duty.col.kept"), *(_month(month, at == 0) for at, month in enumerate(months)), t("duty.col.missed")]
    rows = [_item(item, choice) for item in duty.items]
    title = t("duty.schedule", period=say.window(choice.window))
    show(section(title, t("duty.schedule.note")), markup.table(title, headings, rows, hide_caption=True, cls="sq-grid"))


def _item(item: Item, choice: Choice) -> list[Markup | str]:
    name = element("a", say.indicator(item.indicator), href=link("indicator", choice, id=item.indicator.id))
    marks = [
        element(
            "span",
            element("span", _KEPT_SHAPES[mark], cls="sq-shape", aria_hidden="true"),
            t(f"duty.kept.{mark}"),
            cls=f"sq-state {_KEPT_TONES[mark]}",
        )
        for _, mark, _ in item.months
    ]
    told = any(mark != "no_data" for _, mark, _ in item.months)
    times = t("duty.times", done=item.done, due=item.due) if told else t("duty.kept.no_data")
    return [name, times, *marks, month_list(item.missed) if item.missed else t("value.dash")]
