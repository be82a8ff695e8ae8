"""The page of activities and training in pieces: summary, outreach, training, meetings, social aid, service at noon."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from datetime import date
from fractions import Fraction

import streamlit as st

from pages import _charts, _data, _data_activities, _topic, _topic_charts
from pages._data import Choice, Dated
from pages._parts import Status, section, show, worded
from pages._topic import Cell, Fixed, Month
from pages._topic_charts import Series
from warehouse import scorecard
from warehouse.topics.activities import Activities, Event
from warehouse.web import markup, say, words
from warehouse.web.markup import Markup, element
from warehouse.web.words import t

TABLES = ("outreach_event", "training_session", "meeting", "social_aid_case", "noon_service")
OUTREACH = (
    "environment_day_frequency",
    "community_cleaning_count",
    "outreach_charity_persons_all",
    "blood_total_persons",
    "blood_total_cc",
    "lecture_count",
    "tax_promotion_event_count",
)
TRAINING = ("training_sessions", "training_persons", "training_mean_persons")
MEETINGS = ("work_meetings", "supervisor_meetings", "review_group_meetings", "award_group_meetings", "benchmark_visit_days", "benchmark_visit_sites")
AID = ("social_aid_cases", "social_aid_notifications", "social_aid_referrals", "care_visit_cash")
NOON = ("noon_service_persons", "noon_service_per_weekday")


def page(choice: Choice) -> None:
    """The whole page."""
    title, whole = t("activities.title", period=_topic.span(choice)), replace(choice, site=scorecard.ALL_SITES)
    if not _data.tables_in(TABLES, choice):
        _topic.head(title, [])
        _topic.nothing(TABLES, choice)
        return
    found = _data_activities.answer(choice)
    outreach, meetings = _data.dated(OUTREACH, choice), _data.dated(MEETINGS, whole)
    _topic.head(title, _lead(found))
    _topic.attention([*_topic.missed({**outreach, **meetings}), *_unfinished(found)], _topic.untold(("outreach_event", "meeting"), choice))
    _outreach(found, outreach, choice)
    _noon(found, choice)
    _training(found, choice, whole)
    _meetings(found, meetings, choice, whole)
    _aid(found, choice, whole)


def _lead(found: Activities) -> list[str]:
    said = []
    if found.events:
        persons = sum(event.persons or 0 for event in found.events)
        said.append(t("activities.lead.outreach", events=f"{len(found.events):,}", persons=f"{persons:,}"))
    if found.sessions:
        persons = sum(session.persons for session in found.sessions)
        said.append(t("activities.lead.training", sessions=len(found.sessions), persons=f"{persons:,}"))
    if resolved := sum(kind.resolved or 0 for kind in found.meetings):
        said.append(t("activities.lead.meetings", resolved=resolved, done=sum(kind.done or 0 for kind in found.meetings)))
    if found.aid:
        said.append(t("activities.lead.aid", cases=len(found.aid), referrals=sum(count for _, count in found.agencies)))
    if noon := [month.noon for month in found.months if month.noon is not None]:
        said.append(t("activities.lead.noon", persons=f"{sum(noon):,}"))
    return said


def _unfinished(found: Activities) -> list[tuple[Status, str | Markup, str | Markup]]:
    if not found.unfinished:
        return []
    left = sum(meeting.left for meeting in found.unfinished)
    detail = t("activities.unfinished.detail", count=len(found.unfinished), day=say.day(found.unfinished[0].day))
    return [(Status(t("activities.unfinished.word"), "neutral"), t("activities.unfinished", left=left), detail)]


def _whole_office(choice: Choice) -> str | None:
    return t("activities.whole") if choice.site != scorecard.ALL_SITES else None


def _columns(months: list[tuple[date, int | None]], name: str, key: str, unit: str, note: str | None = None) -> None:
    known = [(month, count) for month, count in months if count is not None]
    empty = [month for month, count in months if count is None]
    if known:
        labels = _charts.month_labels([month for month, _ in months])
        series = Series(name, tuple(None if count is None else float(count) for _, count in months))
        spec = _topic_charts.columns(labels, (series,), unit, words.language())
        notes = [note] if note else []
        notes += [t("activities.unrecorded", months=say.months(empty))] if empty else []
        _topic.framed(_topic.peak(known, unit), name, unit, spec, key, say.sentences(*notes))


# --- outreach -----------------------------------------------------------------------------------------------------------


def _outreach(found: Activities, figures: dict[str, Dated], choice: Choice) -> None:
    show(section(t("activities.outreach")))
    if not found.events:
        _topic.absent("outreach_event", choice)
        return
    months = [(month.month, month.outreach) for month in found.months]
    left, right = st.columns(2, gap="medium")
    with left:
        _columns(months, t("activities.outreach.chart"), "outreach", t("topic.unit.persons"), t("activities.outreach.note"))
    with right:
        _topic.figures(t("activities.outreach.figures"), figures, choice, "outreach_figures")
    headings = [t(f"activities.col.{name}") for name in ("category", "events", "sessions", "persons", "beneficiaries", "cc")]
    kinds: list[list[Cell]] = [
        [t(f"activities.category.{each.category}"), each.events, each.sessions, each.persons, each.beneficiaries, each.cc]
        for each in found.categories
    ]
    if len(kinds) > 1:
        counts = [sum(getattr(each, name) or 0 for each in found.categories) for name in ("events", "sessions", "persons")]
        kinds.append([t("activities.total"), *counts, None, None])
    cls = "sum" if len(kinds) > 1 else ""
    _topic.listing(t("activities.outreach.kinds"), headings, kinds, choice, "outreach_by_category", numeric=range(1, 6), cls=cls)
    headings = [t(f"activities.col.{name}") for name in ("title", "day", "category", "place", "partner", "sessions", "persons", "amount")]
    rows = [_event(event) for event in found.events]
    _topic.listing(t("activities.outreach.list"), headings, rows, choice, "outreach_events", numeric=[5, 6, 7], cls="named")


def _event(event: Event) -> list[Cell]:
    when: Cell = event.first
    if event.last != event.first:
        when = t("activities.until", first=say.short_day(event.first), last=say.short_day(event.last))
    amount = worded(event.amount, event.amount_unit or "") if event.amount is not None else None
    kind = t(f"activities.category.{event.category}")
    return [event.title, when, kind, event.place, event.partner, event.sessions, event.persons, amount]


# --- service at noon ----------------------------------------------------------------------------------------------------


def _noon(found: Activities, choice: Choice) -> None:
    show(section(t("activities.noon")))
    if all(month.noon is None for month in found.months):
        _topic.absent("noon_service", choice)
        return
    headings = [t("col.month"), t("activities.col.served"), t("activities.noon.weekdays"), t("activities.noon.per_day")]
    rows: list[list[Cell]] = [[Month(month.month), month.noon, month.weekdays, _per_day(month.noon, month.weekdays)] for month in found.months]
    known = [month for month in found.months if month.noon is not None]
    persons, days = sum(month.noon or 0 for month in known), sum(month.weekdays or 0 for month in known)
    if len(rows) > 1:
        rows.append([t("activities.total"), persons, days, _per_day(persons, days)])
    lacking = t("activities.noon.total") if len(known) < len(found.months) else None
    left, right = st.columns(2, gap="medium")
    with left:
        _columns([(month.month, month.noon) for month in found.months], t("activities.noon.chart"), "noon", t("topic.unit.visitors"))
        _topic.more(NOON, choice)
    with right:
        cls = "sum" if len(rows) > 1 else ""
        _topic.listing(t("activities.noon.table"), headings, rows, choice, "noon_months", most=len(rows), numeric=[1, 2, 3], note=lacking, cls=cls)


def _per_day(persons: int | None, days: int | None) -> Fixed | None:
    return Fixed.of(Fraction(persons, days), 2) if persons is not None and days else None


# --- training -----------------------------------------------------------------------------------------------------------


def _training(found: Activities, choice: Choice, whole: Choice) -> None:
    show(section(t("activities.training"), _whole_office(choice)))
    if not found.sessions:
        _topic.absent("training_session", choice)
        return
    left, right = st.columns(2, gap="medium")
    with left:
        _columns([(month.month, month.training) for month in found.months], t("activities.training.chart"), "training", t("topic.unit.persons"))
    with right:
        _topic.figures(t("activities.training.figures"), _data.dated(TRAINING, whole), whole, "training_figures")
    headings = [t(f"activities.col.{name}") for name in ("course", "day", "kind", "lecturers", "persons", "hours")]
    rows: list[list[Cell]] = [
        [session.title, session.day, session.category, session.lecturers, session.persons, session.hours] for session in found.sessions
    ]
    _topic.listing(t("activities.training.list"), headings, rows, whole, "training_sessions", most=20, numeric=[3, 4, 5], cls="named")


# --- meetings -----------------------------------------------------------------------------------------------------------


def _meetings(found: Activities, figures: dict[str, Dated], choice: Choice, whole: Choice) -> None:
    show(section(t("activities.meetings"), _whole_office(choice)))
    if not found.meetings:
        _topic.absent("meeting", choice)
        return
    resolved, done = sum(kind.resolved or 0 for kind in found.meetings), sum(kind.done or 0 for kind in found.meetings)
    if resolved:
        how = "some" if found.unfinished else "all"
        counts = {"resolved": resolved, "done": done, "left": resolved - done, "count": len(found.unfinished)}
        show(element("p", t(f"activities.meetings.{how}", **counts), cls="sq-finding"))
    headings = [t(f"activities.col.{name}") for name in ("meeting", "count", "resolved", "done")]
    kinds: list[list[Cell]] = [[t(f"activities.meeting.{kind.kind}"), kind.count, kind.resolved, kind.done] for kind in found.meetings]
    left, right = st.columns(2, gap="medium")
    with left:
        _topic.figures(t("activities.meetings.figures"), figures, whole, "meeting_figures")
    with right:
        _topic.listing(t("activities.meetings.kinds"), headings, kinds, whole, "meetings_by_kind", numeric=[1, 2, 3])
    if found.unfinished:
        headings = [t(f"activities.col.{name}") for name in ("meeting", "seq", "day", "resolved", "done", "left")]
        rows: list[list[Cell]] = [
            [t(f"activities.meeting.{each.kind}"), each.seq, each.day, each.resolved, each.done, each.left]
            for each in found.unfinished
        ]
        _topic.listing(t("activities.meetings.unfinished"), headings, rows, whole, "meetings_unfinished", most=20, numeric=[3, 4, 5])


def _quoted(names: Sequence[str]) -> Markup | None:
    return markup.join([say.quoted(name) for name in names], t("list.comma")) if names else None


# --- social aid ---------------------------------------------------------------------------------------------------------


def _aid(found: Activities, choice: Choice, whole: Choice) -> None:
    show(section(t("activities.aid"), _whole_office(choice) or t("activities.aid.note")))
    if not found.aid:
        _topic.absent("social_aid_case", choice)
        return
    agencies: list[list[Cell]] = [[agency, count] for agency, count in found.agencies]
    left, right = st.columns(2, gap="medium")
    with left:
        _topic.figures(t("activities.aid.figures"), _data.dated(AID, whole), whole, "aid_figures")
    with right:
        _topic.listing(t("activities.aid.agencies"), [t("activities.col.agency"), t("activities.col.referrals")], agencies, whole, "aid_agencies")
    fold = st.expander(t("activities.aid.list"), key="aid_cases", on_change="rerun")
    if not fold.open:
        return
    headings = [t(f"activities.col.{name}") for name in ("case", "reported", "notified", "referred", "aid", "cash")]
    rows: list[list[Cell]] = [[case.case_id, case.reported, case.notified, _quoted(case.referrals), case.aid, case.cash] for case in found.aid]
    with fold:
        show(element("p", t("activities.aid.masked"), cls="sq-note"))
        _topic.listing(t("activities.aid.list"), headings, rows, whole, "aid_cases", most=40, numeric=[5], hide_caption=True)
