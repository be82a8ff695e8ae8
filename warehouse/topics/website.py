"""網站與線上服務: the counter, the checks, the accessibility badge, and how soon rules were posted."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, timedelta
from typing import Literal

import duckdb

from warehouse import clock
from warehouse.period import Window
from warehouse.privacy import masked_if_any
from warehouse.store import query

#: How long the accessibility badge holds, and how long before its end it may be applied for again:
#: 各級機關機構學校網站無障礙檢測及認證標章核發辦法.
BADGE_YEARS = 3
REAPPLY_MONTHS = 3

#: Kinds of posting and of check in the order of the report.
RULES = ("admin_rule", "regulation", "weekly_query")
CHECKS = ("link", "a11y", "badge", "content", "tamper")

Outcome = Literal["agrees", "differs", "reset", "unchecked"]


@dataclass(frozen=True)
class Reading:
    """The counter in a month: visits as handed in, the reading at its end, that of the month before and their difference.

    last: the newest reading before it, be it of an earlier month. outcome: the difference is the visits, is not, the counter went back since the
    last reading, or there is no month before to hold it against.
    """

    month: date
    visits: int
    reading: int
    before: int | None
    difference: int | None
    last: int | None
    outcome: Outcome


@dataclass(frozen=True)
class Check:
    """A check of the website. note: masked. cleared: the first later check of its kind that found nothing, where this one found something."""

    day: date
    kind: str
    tested: int
    failed: int
    note: str | None
    cleared: date | None

    @property
    def days_open(self) -> int | None:
        """Days from the finding to the check that found nothing any more."""
        return (self.cleared - self.day).days if self.cleared else None


@dataclass(frozen=True)
class Badge:
    """The accessibility badge: its day, its last day, from when it can be applied for again, days left as of today (below 0: run out)."""

    obtained: date
    until: date
    reapply_from: date
    days_left: int


@dataclass(frozen=True)
class Posting:
    """A posting on the website. limit: the days it may take, None where none is set."""

    kind: str
    title: str | None
    promulgated: date
    posted: date
    days: int
    limit: int | None
    late: bool


@dataclass(frozen=True)
class Checked:
    """The checks of one kind: how many, findings in all, those not yet cleared, the day and the note of the newest and how much it looked at."""

    kind: str
    count: int
    failed: int
    still: int
    newest: Check


@dataclass(frozen=True)
class Posted:
    """The postings of one kind: how many, how many within their limit (all where none is set), the longest that one took, the limit in days."""

    kind: str
    count: int
    within: int
    longest: int
    limit: int | None


@dataclass(frozen=True)
class Website:
    """What the screen shows over a window, newest first. widest_gap: the longest time between two of the weekly postings, in days."""

    today: date
    readings: tuple[Reading, ...]
    checks: tuple[Check, ...]
    badge: Badge | None
    postings: tuple[Posting, ...]
    widest_gap: int | None

    @property
    def by_kind(self) -> tuple[Posted, ...]:
        """The postings summed up by kind."""
        found = []
        for kind in RULES:
            own = [posting for posting in self.postings if posting.kind == kind]
            if own:
                longest = max(posting.days for posting in own)
                found.append(Posted(kind, len(own), sum(not posting.late for posting in own), longest, own[0].limit))
        return tuple(found)

    @property
    def by_check(self) -> tuple[Checked, ...]:
        """The checks summed up by kind."""
        found = []
        for kind in CHECKS:
            own = [check for check in self.checks if check.kind == kind]
            if own:
                still = sum(check.failed > 0 and check.cleared is None for check in own)
                found.append(Checked(kind, len(own), sum(check.failed for check in own), still, own[0]))
        return tuple(found)

    @property
    def broken(self) -> tuple[Check, ...]:
        """The checks that found something."""
        return tuple(check for check in self.checks if check.failed)

    @property
    def late(self) -> tuple[Posting, ...]:
        """The postings that took longer than they may."""
        return tuple(posting for posting in self.postings if posting.late)


def read(cursor: duckdb.DuckDBPyConnection, window: Window, machine_day: date) -> Website:
    """The website over the months of a window; the badge as of today."""
    day, span = clock.today(cursor, machine_day), [window.start, window.end]
    readings = [
        Reading(row["month"], row["visits"], row["counter_reading"], row["reading_before"], row["difference"], row["last_reading"], row["outcome"])
        for row in query(cursor, "select * from mart_web_counter where month between ? and ? order by month desc", span)
    ]
    checks = [
        Check(row["check_date"], row["kind"], row["tested"], row["failed"], masked_if_any(row["note"]), row["cleared_on"])
        for row in query(cursor, "select * from mart_web_checks where month between ? and ? order by check_date desc, kind", span)
    ]
    postings = [
        Posting(row["rule_type"], row["title"], row["promulgated"], row["posted"], row["days"], row["limit_days"], bool(row["is_late"]))
        for row in query(cursor, "select * from mart_postings where month between ? and ? order by posted desc, promulgated desc, title", span)
    ]
    weekly = sorted(posting.posted for posting in postings if posting.kind == "weekly_query")
    gaps = [(later - earlier).days for earlier, later in zip(weekly, weekly[1:], strict=False)]
    return Website(day, tuple(readings), tuple(checks), _badge(cursor, day), tuple(postings), max(gaps, default=None))


def badge_of(obtained: date, day: date) -> Badge:
    """A badge obtained on a day, as of another: it holds to the day before the third anniversary."""
    end = _years_after(obtained, BADGE_YEARS) - timedelta(days=1)
    first = end.replace(day=1)
    for _ in range(REAPPLY_MONTHS):
        first = (first - timedelta(days=1)).replace(day=1)
    last = (first + timedelta(days=31)).replace(day=1) - timedelta(days=1)
    return Badge(obtained, end, first.replace(day=min(end.day, last.day)), (end - day).days)


def _badge(cursor: duckdb.DuckDBPyConnection, day: date) -> Badge | None:
    row = cursor.execute("select max(check_date) from stg_web_check where kind = 'badge' and failed = 0").fetchone()
    return badge_of(row[0], day) if row and row[0] else None


def _years_after(day: date, years: int) -> date:
    try:
        return day.replace(year=day.year + years)
    except ValueError:
        return date(day.year + years, 3, 1)
