"""活動與訓練: outreach, training, meetings and visits, social aid, and the service at noon."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, time
from decimal import Decimal

import duckdb

from warehouse.period import Window
from warehouse.privacy import masked, masked_if_any
from warehouse.store import query

ALL_SITES = "all"

#: Categories of outreach and kinds of meeting in the order of the report.
CATEGORIES = ("charity", "community_cleaning", "cleaning_day", "blood", "lecture", "tax_promotion")
MEETINGS = ("work", "supervisor", "review_group", "award_group", "benchmark_visit")


@dataclass(frozen=True)
class Event:
    """An outreach event; `first` and `last` day are the same for most."""

    event_id: str
    first: date
    last: date
    category: str
    title: str
    partner: str | None
    site: str
    place: str | None
    sessions: int | None
    persons: int | None
    beneficiaries: int | None
    amount: Decimal | None
    amount_unit: str | None


@dataclass(frozen=True)
class Category:
    """A category's sums over the window; None where no event says it."""

    category: str
    events: int
    sessions: int | None
    persons: int | None
    beneficiaries: int | None
    cc: Decimal | None


@dataclass(frozen=True)
class Month:
    """Persons of a month: at outreach, in training, served at noon; None where nothing was handed in. weekdays: Monday to Friday of the month."""

    month: date
    outreach: int | None = None
    training: int | None = None
    noon: int | None = None
    weekdays: int | None = None


@dataclass(frozen=True)
class Session:
    """A training session. hours: None where its times are not told."""

    day: date
    title: str
    category: str | None
    lecturers: int | None
    persons: int
    hours: float | None


@dataclass(frozen=True)
class MeetingKind:
    """Meetings or visits of a kind: how many, resolutions taken, those done."""

    kind: str
    count: int
    resolved: int | None
    done: int | None


@dataclass(frozen=True)
class Unfinished:
    """A meeting with resolutions still to be done. done: None where it is not told, which counts as none."""

    day: date
    kind: str
    seq: str | None
    resolved: int
    done: int | None

    @property
    def left(self) -> int:
        """How many are still to be done."""
        return self.resolved - (self.done or 0)


@dataclass(frozen=True)
class AidCase:
    """A case of social aid by its code: whom it was notified and referred to."""

    case_id: str
    reported: date
    notified: str | None
    referrals: tuple[str, ...]
    aid: str | None
    cash: Decimal | None


@dataclass(frozen=True)
class Activities:
    """What the screen shows over a window, newest first; agencies: referrals by agency, most first."""

    events: tuple[Event, ...]
    categories: tuple[Category, ...]
    sessions: tuple[Session, ...]
    meetings: tuple[MeetingKind, ...]
    unfinished: tuple[Unfinished, ...]
    aid: tuple[AidCase, ...]
    agencies: tuple[tuple[str, int], ...]
    months: tuple[Month, ...]


def read(cursor: duckdb.DuckDBPyConnection, window: Window, site: str = ALL_SITES) -> Activities:
    """Activities over the months of a window. site: of outreach and the service at noon; the rest belongs to the office as a whole."""
    span: list[object] = [window.start, window.end]
    here = [*span, site, site]
    return Activities(
        _events(cursor, here),
        _categories(cursor, here),
        _sessions(cursor, span),
        _meetings(cursor, span),
        _unfinished(cursor, span),
        _aid(cursor, span),
        tuple(
            cursor.execute(
                "select agency, count(*) from mart_social_aid_referrals where month between ? and ? group by agency order by count(*) desc, agency", span
            ).fetchall()
        ),
        _months(cursor, window, site),
    )


def _events(cursor: duckdb.DuckDBPyConnection, here: list[object]) -> tuple[Event, ...]:
    rows = query(
        cursor,
        """select * from stg_outreach_event
        where month between ? and ? and (? = 'all' or site_code = ?) order by start_date desc, event_id desc""",
        here,
    )
    return tuple(
        Event(
            row["event_id"],
            row["start_date"],
            row["end_date"] or row["start_date"],
            row["category"],
            masked(row["title"]),
            masked_if_any(row["partner"]),
            row["site_code"],
            masked_if_any(row["place"]),
            row["sessions"],
            row["persons"],
            row["beneficiaries"],
            row["qty"],
            row["qty_unit"],
        )
        for row in rows
    )


def _categories(cursor: duckdb.DuckDBPyConnection, here: list[object]) -> tuple[Category, ...]:
    rows = cursor.execute(
        """select category, sum(events), sum(sessions), sum(persons), sum(beneficiaries), sum(cc) from mart_outreach_months
        where month between ? and ? and (? = 'all' or site_code = ?) group by category""",
        here,
    ).fetchall()
    found = {name: Category(name, int(events), *map(_whole, counts), cc) for name, events, *counts, cc in rows}
    return tuple(found[name] for name in CATEGORIES if name in found)


def _sessions(cursor: duckdb.DuckDBPyConnection, span: list[object]) -> tuple[Session, ...]:
    rows = query(cursor, "select * from stg_training_session where month between ? and ? order by date desc, title", span)
    return tuple(
        Session(
            row["date"], masked(row["title"]), masked_if_any(row["category"]), row["lecturers"], row["persons"], _hours(row["start_time"], row["end_time"])
        )
        for row in rows
    )


def _hours(start: time | None, end: time | None) -> float | None:
    return None if start is None or end is None else (60 * (end.hour - start.hour) + end.minute - start.minute) / 60


def _meetings(cursor: duckdb.DuckDBPyConnection, span: list[object]) -> tuple[MeetingKind, ...]:
    rows = cursor.execute(
        "select type, count(*), sum(action_items), sum(closed_items) from stg_meeting where month between ? and ? group by type", span
    ).fetchall()
    found = {kind: MeetingKind(kind, count, _whole(resolved), _whole(done)) for kind, count, resolved, done in rows}
    return tuple(found[kind] for kind in MEETINGS if kind in found)


def _unfinished(cursor: duckdb.DuckDBPyConnection, span: list[object]) -> tuple[Unfinished, ...]:
    rows = cursor.execute(
        """select start_date, type, seq, action_items, closed_items from stg_meeting
        where month between ? and ? and action_items > coalesce(closed_items, 0) order by start_date, type""",
        span,
    ).fetchall()
    return tuple(Unfinished(*row) for row in rows)


def _aid(cursor: duckdb.DuckDBPyConnection, span: list[object]) -> tuple[AidCase, ...]:
    rows = query(cursor, "select * from stg_social_aid_case where month between ? and ? order by reported desc, case_id desc", span)
    return tuple(
        AidCase(
            row["case_id"],
            row["reported"],
            row["notified_agency"],
            tuple(row[name] for name in ("referral_1", "referral_2", "referral_3") if row[name]),
            masked_if_any(row["aid_type"]),
            row["visit_cash"],
        )
        for row in rows
    )


def _months(cursor: duckdb.DuckDBPyConnection, window: Window, site: str) -> tuple[Month, ...]:
    span, here = [window.start, window.end], [window.start, window.end, site, site]
    outreach = cursor.execute(
        "select month, sum(persons) from mart_outreach_months where month between ? and ? and (? = 'all' or site_code = ?) group by month", here
    )
    found = {"outreach": dict(outreach.fetchall())}
    found["training"] = dict(
        cursor.execute("select month, sum(persons) from stg_training_session where month between ? and ? group by month", span).fetchall()
    )
    noon = cursor.execute(
        "select month, sum(persons) from stg_noon_service where month between ? and ? and (? = 'all' or site_code = ?) group by month", here
    )
    found["noon"] = dict(noon.fetchall())
    weekdays = dict(cursor.execute("select month, weekdays from dim_month where month between ? and ?", span).fetchall())
    return tuple(
        Month(month, *(_whole(found[name].get(month)) for name in ("outreach", "training", "noon")), weekdays.get(month)) for month in window.months
    )


def _whole(amount: Decimal | int | None) -> int | None:
    return None if amount is None else int(amount)
