"""The page of facilities and maintenance in pieces: summary, the grid of regular duties, the log, what changed and what stands."""

from __future__ import annotations

from dataclasses import replace
from datetime import date
from decimal import Decimal

from pages import _charts, _data, _data_facilities, _topic
from pages._data import Choice
from pages._parts import Status, link, section, show, worded
from pages._topic import Cell, Link, Sign
from warehouse import scorecard
from warehouse.period import Quarter
from warehouse.schedule import Item, Mark
from warehouse.topics.facilities import Facilities, Fact
from warehouse.web import say
from warehouse.web.markup import Markup, element
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
    _topic.attention([*_failing(found), *_missed(items), *_topic.missed(figures)], _topic.untold(("maintenance_log", "facility_fact"), choice))
    _schedule(items, whole)
    _upkeep(found, whole)
    show(section(t("facilities.changes")))
    if found.changes:
        _facts(found.changes, t("facilities.changes"), choice, "facility_changes", changed=True)
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


def _missed(items: tuple[Item, ...]) -> list[tuple[Status, str | Markup, str | Markup]]:
    lines: list[tuple[Status, str | Markup, str | Markup]] = []
    for item in items:
        if item.missed:
            tone = "neutral" if item.target.basis == "provisional" else "concern"
            lines.append((Status(t("facilities.missed.word"), tone), say.indicator(item.indicator), _missed_when(item)))
    return lines


def _missed_when(item: Item) -> str:
    """105年2月至3月沒有紀錄，應每月1次; 105年第1季沒有紀錄，應每季1次."""
    quarters = t("list.comma").join(say.quarter(Quarter.of(month)) for month in item.missed)
    when = quarters if item.target.per == "quarter" else say.months(item.missed)
    return t(f"facilities.missed.{item.target.per}", when=when, times=_times(item))


def _failing(found: Facilities) -> list[tuple[Status, str | Markup, str | Markup]]:
    """What did not pass and has not passed since."""
    word = Status(t("facilities.failing.word"), "concern")
    what = [(each, t("facilities.failing", equipment=say.quoted(each.equipment), action=say.quoted(each.action))) for each in found.failing]
    return [(word, words, t("facilities.failing.detail", day=say.day(each.day), result=say.quoted(each.result or ""))) for each, words in what]


def _times(item: Item) -> str:
    return f"{item.target.value:g}"


# --- regular duties -----------------------------------------------------------------------------------------------------


def _schedule(items: tuple[Item, ...], whole: Choice) -> None:
    show(section(t("facilities.schedule"), t("facilities.schedule.note")))
    if not items:
        show(element("p", t("facilities.schedule.none", period=_topic.span(whole)), cls="sq-calm none"))
        return
    months = [month for month, _, _ in items[0].months]
    headings = [t("facilities.col.item"), t("facilities.col.often"), *_charts.month_labels(months)]
    headings += [t(f"facilities.col.{name}") for name in ("done", "due", "state")]
    rows: list[list[Cell]] = [
        [
            Link(say.indicator(item.indicator), link("indicator", whole, id=item.indicator.id)),
            t(f"facilities.per.{item.target.per}", times=_times(item)),
            *(_sign(month, mark, count) for month, mark, count in item.months),
            item.done,
            item.due,
            _state(item),
        ]
        for item in items
    ]
    note = t("facilities.schedule.basis")
    _topic.listing(t("facilities.schedule.table"), headings, rows, whole, "schedule", most=len(rows), numeric=[], note=note, cls="grid")


def _state(item: Item) -> Status:
    """Whether anything due was missed: many times in one month do not make up for another."""
    if item.missed:
        return Status(t("facilities.state.missed", count=len(item.missed)), "neutral" if item.target.basis == "provisional" else "concern")
    if not item.due:
        return Status(t("facilities.state.not_due"), "neutral")
    unknown = any(mark == "no_data" for _, mark, _ in item.months)
    return Status(t("facilities.state.part"), "neutral") if unknown else Status(t("facilities.state.kept"), "good")


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
    rows: list[list[Cell]] = [
        [each.day, each.equipment, each.action, Status(each.result or "", "concern") if each.failed else each.result] for each in found.upkeep
    ]
    _topic.listing(t("facilities.upkeep"), headings, rows, whole, "maintenance", hide_caption=True)


def _facts(facts: tuple[Fact, ...], caption: str, choice: Choice, file: str, *, changed: bool = False) -> None:
    """Facts with their last day, where any of them has one; of those that changed, with what they were before."""
    before, ended = changed and any(fact.before is not None for fact in facts), any(fact.ended for fact in facts)
    names = ("item", "value", *(["before"] if before else []), "words", "site", "since", *(["ended"] if ended else []))
    headings = [t(f"facilities.col.{name}") for name in names]
    rows: list[list[Cell]] = [
        [
            fact.item,
            _measured(fact.value, fact),
            *([_measured(fact.before, fact)] if before else []),
            fact.words,
            say.site(fact.site) if fact.site != scorecard.ALL_SITES else t("facilities.everywhere"),
            fact.since,
            *([fact.ended] if ended else []),
        ]
        for fact in facts
    ]
    numeric = [1, 2] if before else [1]
    _topic.listing(caption, headings, rows, choice, file, most=100, numeric=numeric, cls="named tall", hide_caption=True)


def _measured(value: Decimal | str | None, fact: Fact) -> str | Markup | None:
    return value if value is None or isinstance(value, str) else worded(value, fact.unit or "")
