"""The page of facilities and maintenance in pieces: summary, the grid of regular duties, the log, what changed and what stands."""

from __future__ import annotations

from dataclasses import replace
from datetime import date

from pages import _data, _data_facilities, _topic, _topic_charts
from pages._data import Choice
from pages._parts import Status, link, section, show, status, worded
from pages._topic import Cell, Link, Sign
from warehouse import scorecard
from warehouse.schedule import Item, Mark
from warehouse.topics.facilities import Facilities, Fact
from warehouse.web import say
from warehouse.web.markup import element
from warehouse.web.words import t

TABLES = ("maintenance_log", "facility_fact", "web_check", "outreach_event", "meeting")
FIGURES = (
    "seat_toilet_min",
    "signs_total",
    "nursing_rooms",
    "accessible_parking",
    "reading_rooms",
    "volunteers_on_rota",
    "stationed_total",
    "service_window_sites",
    "mobile_service_townships",
)

_SHAPES: dict[Mark, tuple[str, str]] = {"done": ("●", "good"), "missed": ("▲", "concern"), "not_due": ("·", "neutral"), "no_data": ("–", "neutral")}


def page(choice: Choice) -> None:
    """The whole page."""
    title, whole = t("facilities.title", period=_topic.span(choice)), replace(choice, site=scorecard.ALL_SITES)
    if not _data.tables_in(TABLES, choice):
        _topic.head(title, [])
        _topic.nothing(TABLES, choice)
        return
    found, items = _data_facilities.answer(choice), _judged(_data_facilities.items(choice))
    figures = _data.dated(FIGURES, choice)
    _topic.head(title, _lead(found, items, choice))
    _topic.attention([*_missed(items), *_topic.missed(figures)])
    _schedule(items, whole)
    _upkeep(found, whole)
    show(section(t("facilities.changes")))
    if found.changes:
        _facts(found.changes, t("facilities.changes"), choice, "facility_changes")
    else:
        show(element("p", t("facilities.changes.none"), cls="sq-calm none"))
    show(section(t("facilities.facts"), t("facilities.facts.note", day=_last_day(choice))))
    if found.facts:
        _topic.figures(t("facilities.figures"), figures, choice, "facility_figures")
        _facts(found.facts, t("facilities.facts"), choice, "facility_facts")
    else:
        _topic.absent("facility_fact", choice)


def _judged(items: tuple[Item, ...]) -> tuple[Item, ...]:
    """Those of which anything can be said in these months."""
    return tuple(item for item in items if any(mark != "no_data" for _, mark, _ in item.months))


def _last_day(choice: Choice) -> str:
    return say.day(choice.window.last_day) if choice.window else ""


def _lead(found: Facilities, items: tuple[Item, ...], choice: Choice) -> list[str]:
    missed = sum(bool(item.missed) for item in items)
    how = "none" if not items else "some" if missed else "all"
    said = [t(f"facilities.lead.{how}", items=len(items), missed=missed, due=sum(item.due for item in items))]
    if found.facts:
        said.append(t("facilities.lead.facts", day=_last_day(choice), count=len(found.facts), changes=len(found.changes)))
    return said


def _missed(items: tuple[Item, ...]) -> list[tuple[Status, str, str]]:
    lines = []
    for item in items:
        if item.missed:
            tone = "neutral" if item.target.basis == "provisional" else "concern"
            months = say.months(item.missed)
            detail = t(f"facilities.missed.{item.target.per}", months=months, times=_times(item))
            lines.append((Status(t("facilities.missed.word"), tone), say.indicator(item.indicator), detail))
    return lines


def _times(item: Item) -> str:
    return f"{item.target.value:g}"


# --- regular duties -----------------------------------------------------------------------------------------------------


def _schedule(items: tuple[Item, ...], whole: Choice) -> None:
    show(section(t("facilities.schedule"), t("facilities.schedule.note")))
    if not items:
        show(element("p", t("facilities.schedule.none", period=_topic.span(whole)), cls="sq-calm none"))
        return
    figures = _data.dated([item.indicator.id for item in items], whole)
    months = [month for month, _, _ in items[0].months]
    headings = [t("facilities.col.item"), t("facilities.col.often"), *_topic_charts.month_labels(months)]
    headings += [t(f"facilities.col.{name}") for name in ("done", "due", "state")]
    rows: list[list[Cell]] = [
        [
            Link(say.indicator(item.indicator), link("indicator", whole, id=item.indicator.id)),
            t(f"facilities.per.{item.target.per}", times=_times(item)),
            *(_sign(month, mark, count) for month, mark, count in item.months),
            item.done,
            item.due,
            status(figures[item.indicator.id].figure),
        ]
        for item in items
    ]
    note = t("facilities.schedule.basis")
    _topic.listing(t("facilities.schedule.table"), headings, rows, whole, "schedule", most=len(rows), numeric=[], note=note, cls="grid")


def _sign(month: date, mark: Mark, count: int) -> Sign:
    shape, tone = _SHAPES[mark]
    return Sign(shape, t(f"facilities.mark.{mark}", month=say.month(month), count=count), tone)


# --- log and facts ------------------------------------------------------------------------------------------------------


def _upkeep(found: Facilities, whole: Choice) -> None:
    show(section(t("facilities.upkeep")))
    if not found.upkeep:
        _topic.absent("maintenance_log", whole)
        return
    headings = [t(f"facilities.col.{name}") for name in ("day", "equipment", "action", "result")]
    rows: list[list[Cell]] = [[each.day, each.equipment, each.action, each.result] for each in found.upkeep]
    _topic.listing(t("facilities.upkeep"), headings, rows, whole, "maintenance")


def _facts(facts: tuple[Fact, ...], caption: str, choice: Choice, file: str) -> None:
    ended = any(fact.ended for fact in facts)
    headings = [t(f"facilities.col.{name}") for name in ("item", "value", "words", "site", "since", *(["ended"] if ended else []))]
    rows: list[list[Cell]] = [
        [
            fact.item,
            worded(fact.value, fact.unit or "") if fact.value is not None else None,
            fact.words,
            say.site(fact.site) if fact.site != scorecard.ALL_SITES else t("facilities.everywhere"),
            fact.since,
            *([fact.ended] if ended else []),
        ]
        for fact in facts
    ]
    _topic.listing(caption, headings, rows, choice, file, most=100, numeric=[1], cls="named tall")
