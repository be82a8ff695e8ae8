"""查詢與陳情: inquiries by channel, and every case of feedback with its working days against its limit."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Literal

import duckdb

from warehouse import clock
from warehouse.period import Window
from warehouse.privacy import masked_if_any
from warehouse.store import query

#: Kinds of case and channels of inquiry in the order of the report.
KINDS = ("petition", "opinion_box", "obligor_box", "integrity_box", "news")
CHANNELS = ("phone", "counter", "web_email", "copies")

State = Literal["on_time", "late", "closed", "running", "overdue", "open"]


@dataclass(frozen=True)
class Case:
    """A case. worked: working days from the day after receipt to its close, or to today while open; limit: how many it may take, None where none is set;
    due: the last day on which it would be in time.

    state: closed in time or late; closed where there is no limit; running in time or overdue; open where there is no limit.
    """

    case_id: str
    kind: str
    channel: str | None
    unit: str | None
    received: date
    closed: date | None
    reply: str | None
    extended: bool
    tone: str | None
    worked: int
    limit: int | None
    due: date | None

    @property
    def state(self) -> State:
        """How the case stands against its limit."""
        if self.limit is None:
            return "closed" if self.closed else "open"
        if self.closed:
            return "late" if self.worked > self.limit else "on_time"
        return "overdue" if self.worked > self.limit else "running"


@dataclass(frozen=True)
class Kind:
    """The cases of one kind: how many, how many closed, how many in each state; working days of the closed ones, middle and longest; the limit."""

    kind: str
    count: int
    closed: int
    states: Mapping[State, int]
    middle: float | None
    longest: int | None
    limit: int | None


@dataclass(frozen=True)
class Month:
    """Inquiries of a month by channel; a channel that was not handed in is not there."""

    month: date
    counts: Mapping[str, int]


@dataclass(frozen=True)
class Feedback:
    """What the screen shows over a window. cases: received in it, and those received before that are still open; newest first.

    uncounted_years: years whose calendar is not there, so that Monday to Friday were taken as working days.
    """

    today: date
    months: tuple[Month, ...]
    cases: tuple[Case, ...]
    uncounted_years: tuple[int, ...]

    @property
    def by_kind(self) -> tuple[Kind, ...]:
        """The cases summed up by kind."""
        found = []
        for kind in KINDS:
            states = Counter(case.state for case in self.cases if case.kind == kind)
            worked = [case.worked for case in self.cases if case.kind == kind and case.closed]
            if states:
                limit = next(case.limit for case in self.cases if case.kind == kind)
                found.append(Kind(kind, states.total(), len(worked), states, _middle(worked), max(worked, default=None), limit))
        return tuple(found)

    @property
    def pressing(self) -> tuple[Case, ...]:
        """The cases past their limit, and those that are open; those past it first, then the oldest."""
        rank = {"overdue": 0, "late": 1, "running": 2, "open": 3}
        return tuple(sorted((case for case in self.cases if case.state in rank), key=lambda case: (rank[case.state], case.received, case.case_id)))

    @property
    def totals(self) -> Mapping[str, int]:
        """Inquiries of the window by channel."""
        return {
            channel: sum(month.counts.get(channel, 0) for month in self.months)
            for channel in CHANNELS
            if any(channel in month.counts for month in self.months)
        }


    @property
    def lacking(self) -> Mapping[str, tuple[date, ...]]:
        """Months that name some channels but not this one; a channel that no month names is not there: it may be none of the office's."""
        found = {channel: tuple(month.month for month in self.months if channel not in month.counts) for channel in self.totals}
        return {channel: months for channel, months in found.items() if months}


def read(cursor: duckdb.DuckDBPyConnection, window: Window, machine_day: date) -> Feedback:
    """Inquiries and cases over the months of a window; what is open as of today."""
    day, span = clock.today(cursor, machine_day), [window.start, window.end]
    calendar = dict(cursor.execute("select date, is_workday from stg_office_calendar").fetchall())
    rows = query(
        cursor,
        """select * from mart_feedback_cases
        where month between ? and ? or (is_open and month < ?) order by received desc, case_id desc""",
        [*span, window.start],
    )
    cases = tuple(_case(row, calendar, day) for row in rows)
    touched = {at.year for case in cases for at in (case.received, case.closed or day)}
    uncounted = tuple(sorted(touched - {at.year for at in calendar}))
    return Feedback(day, _months(cursor, span), cases, uncounted)


def working_days(calendar: Mapping[date, bool], after: date, until: date) -> int:
    """Office days from the day after the one to the other, that one counted; Monday to Friday beyond the calendar; 0 if they cross."""
    return sum(_works(calendar, after + timedelta(days=step)) for step in range(1, (until - after).days + 1))


def day_due(calendar: Mapping[date, bool], after: date, days: int) -> date:
    """The day that is so many working days after the one."""
    day = after
    while days > 0:
        day += timedelta(days=1)
        days -= _works(calendar, day)
    return day


def _middle(amounts: list[int]) -> float | None:
    ranked = sorted(amounts)
    return (ranked[(len(ranked) - 1) // 2] + ranked[len(ranked) // 2]) / 2 if ranked else None


def _works(calendar: Mapping[date, bool], day: date) -> bool:
    return calendar.get(day, day.weekday() < 5)


def _case(row: dict[str, object], calendar: Mapping[date, bool], day: date) -> Case:
    received, closed, limit = row["received"], row["closed"], row["limit_days"]
    assert isinstance(received, date)
    worked = row["working_days"] if closed else working_days(calendar, received, day)
    return Case(
        case_id=str(row["case_id"]),
        kind=str(row["type"]),
        channel=masked_if_any(row["channel"]),
        unit=masked_if_any(row["unit"]),
        received=received,
        closed=closed if isinstance(closed, date) else None,
        reply=masked_if_any(row["reply_mode"]),
        extended=bool(row["extended"]),
        tone=str(row["tone"]) if row["tone"] else None,
        worked=int(str(worked)),
        limit=int(str(limit)) if limit is not None else None,
        due=day_due(calendar, received, int(str(limit))) if limit is not None else None,
    )


def _months(cursor: duckdb.DuckDBPyConnection, span: list[date]) -> tuple[Month, ...]:
    found: dict[date, dict[str, int]] = {}
    rows = cursor.execute(
        "select month, channel, sum(n) from stg_inquiry_monthly where month between ? and ? group by month, channel order by month", span
    )
    for month, channel, count in rows.fetchall():
        found.setdefault(month, {})[channel] = int(count)
    return tuple(Month(month, counts) for month, counts in found.items())
