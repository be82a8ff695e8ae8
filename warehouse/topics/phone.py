"""電話禮貌: calls of the two testing bodies apart — items lost, sections, grades, reasons — and sections in last place twice running.

A handful of calls a month, so the calls themselves are read. Neither extension nor day of a call leaves here but by `calls`.
"""

from __future__ import annotations

import re
from collections import Counter, defaultdict
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, time
from decimal import Decimal
from fractions import Fraction
from typing import Any

import duckdb

from warehouse import numerals, period, privacy, statistics
from warehouse.datasets.phone_test import ITEMS
from warehouse.disclosure import withheld
from warehouse.indicators import all_indicators
from warehouse.period import Window
from warehouse.store import query

#: The testing bodies in the order of the report, each with the indicator of its mean.
BODIES = {"hualien": "phone_self", "hq": "phone_hq"}

#: Item → its name and the most that it gives, as the form's heading prints them: 總機接聽速度(25).
MAXIMA = {name: (heading.partition("(")[0], int(re.sub(r"\D", "", heading.partition("(")[2]))) for name, heading in ITEMS.items()}


#: What stands between several reasons of one call: signs and line ends, or numbers: 1. or (2).
_APART = re.compile(r"[；;。\n]+|(?:^|(?<=\s))[(（]?\d{1,2}[.)）．]")
_NUMBER = re.compile(r"^[(（]?\d{1,2}[.)）．、]")

#: Words on both sides of 、 are reasons of their own from so many characters on: 未說您好、謝謝 is one.
_REASON = 4


@dataclass(frozen=True)
class Scores:
    """Scores of several calls. scores: from the lowest up."""

    scores: tuple[Decimal, ...]

    @property
    def n(self) -> int:
        """How many calls."""
        return len(self.scores)

    @property
    def mean(self) -> Decimal | None:
        """Their mean to two decimals, half up; None without any."""
        return numerals.round_half_up(sum(map(Fraction, self.scores), Fraction(0)) / self.n, 2) if self.scores else None

    @property
    def bounds(self) -> tuple[Decimal, Decimal] | None:
        """95 % t interval of the mean, within 0 and 100; None for fewer than five scores."""
        found = statistics.t_interval(float(sum(self.scores)), float(sum(score * score for score in self.scores)), self.n)
        return (numerals.round_half_up(Fraction(found.low), 2), numerals.round_half_up(Fraction(found.high), 2)) if found else None

    @classmethod
    def of(cls, calls: Iterable[Call]) -> Scores:
        """The scores of calls."""
        return cls(tuple(sorted(call.total for call in calls)))


@dataclass(frozen=True)
class Loss:
    """What was lost on one item. n: calls that give the item; lost: the mean of the points lost."""

    item: str
    name: str
    most: int
    n: int
    lost: Fraction

    @property
    def share(self) -> Decimal:
        """The same as a share of what the item gives, in per cent."""
        return numerals.round_half_up(100 * self.lost / self.most, 2)


@dataclass(frozen=True)
class Reason:
    """Why points were taken off. text is safe to be shown; calls: how many name it, several reasons of one call each for itself; losses: mean points lost by item, where items are given."""

    text: str
    calls: int
    losses: dict[str, Fraction]


@dataclass(frozen=True)
class Call:
    """One call as it was recorded: for reviewers only."""

    month: date
    day: date
    at: time | None
    section: str
    extension: str | None
    items: dict[str, Decimal | None]
    total: Decimal
    grade: str | None
    reason: str | None


@dataclass(frozen=True)
class Body:
    """One testing body over a window. months: every month of the window, without calls where no test is on record; grades: calls by grade of their own
    score; losses: items that were given, the dearest first (by the share of their points that was lost)."""

    code: str
    all: Scores
    months: dict[date, Scores]
    sections: dict[str, Scores]
    grades: dict[str, int]
    losses: tuple[Loss, ...]
    reasons: tuple[Reason, ...]

    @property
    def anonymous(self) -> bool:
        """Whether the calls are so few that their mean, beside the names of the sections, would tell single calls."""
        return statistics.tier(self.all.n, breakdown=True) == "suppressed"

    @property
    def withheld(self) -> frozenset[str]:
        """Sections of too few calls for their mean to be shown: it would be next to a single call, which is for reviewers; and one more where the
        mean of all would tell it."""
        counts = {section: scores.n for section, scores in self.sections.items()}
        return withheld(counts, [counts])

    @property
    def untested(self) -> tuple[date, ...]:
        """Months without a test on record."""
        return tuple(month for month, scores in self.months.items() if not scores.n)

    @property
    def below_first(self) -> int:
        """Calls below the highest grade: each is to be looked into."""
        return self.all.n - next(iter(self.grades.values()))


@dataclass(frozen=True)
class LastPlace:
    """A section that stood last in this month and the one before."""

    section: str
    month: date


@dataclass(frozen=True)
class LastRun:
    """A section that stood last from one month to another, two months running or more."""

    section: str
    months: Window


@dataclass(frozen=True)
class Phone:
    """The topic over a window. attitude_months: months for which sections were ranked."""

    bodies: dict[str, Body]
    twice_last: tuple[LastPlace, ...]
    attitude_months: tuple[date, ...]

    @property
    def last_runs(self) -> tuple[LastRun, ...]:
        """Last places two months running put together: three months running are one run, not two; the first to begin first."""
        runs: list[LastRun] = []
        for place in sorted(self.twice_last, key=lambda place: (place.section, place.month)):
            before = period.add_months(place.month, -1)
            if runs and runs[-1].section == place.section and runs[-1].months.end == before:
                runs[-1] = LastRun(place.section, Window(runs[-1].months.start, place.month))
            else:
                runs.append(LastRun(place.section, Window(before, place.month)))
        return tuple(sorted(runs, key=lambda run: (run.months.start, run.section)))


def read(cursor: duckdb.DuckDBPyConnection, window: Window) -> Phone:
    """What stands in the months of a window."""
    calls = _calls(cursor, window)
    last = query(cursor, "select month, section, is_last and was_last_before as is_twice from mart_last_place where month between ? and ?", _span(window))
    return Phone(
        {code: _body(code, calls.get(code, []), window) for code in BODIES},
        tuple(sorted((LastPlace(row["section"], row["month"]) for row in last if row["is_twice"]), key=lambda place: (place.month, place.section))),
        tuple(sorted({row["month"] for row in last})),
    )


def calls(cursor: duckdb.DuckDBPyConnection, window: Window) -> dict[str, list[Call]]:
    """The calls of each testing body, the newest first, with day, section and extension: for reviewers only."""
    return {code: sorted(found, key=lambda call: (call.day, call.at or time()), reverse=True) for code, found in _calls(cursor, window).items()}


def bands() -> list[tuple[Fraction, str]]:
    """Grades by the score from which they are given, the highest first."""
    return [(Fraction(str(bound)), word) for bound, word in sorted(all_indicators()["phone_self_grade"].bands, reverse=True)]


def grade_of(score: Decimal) -> str:
    """The grade of one score."""
    return next(word for bound, word in bands() if score >= bound)


def _calls(cursor: duckdb.DuckDBPyConnection, window: Window) -> dict[str, list[Call]]:
    found: dict[str, list[Call]] = defaultdict(list)
    for row in query(cursor, "select * from stg_phone_test where month between ? and ? and total is not null", _span(window)):
        found[row["organiser"]].append(
            Call(
                row["month"], row["test_date"], row["test_time"], row["section"], row["ext"], {name: row[name] for name in ITEMS},
                row["total"], row["grade"], row["deduction_reason"],
            )  # fmt: skip
        )
    return found


def _body(code: str, calls: list[Call], window: Window) -> Body:
    by_month, by_section = defaultdict(list), defaultdict(list)
    for call in calls:
        by_month[call.month].append(call)
        by_section[call.section].append(call)
    grades = Counter(grade_of(call.total) for call in calls)
    losses = [loss for item in ITEMS if (loss := _loss(item, calls))]
    return Body(
        code,
        Scores.of(calls),
        {month: Scores.of(by_month[month]) for month in window.months},
        {section: Scores.of(by_section[section]) for section in sorted(by_section, key=lambda name: (-len(by_section[name]), name))},
        {word: grades[word] for _, word in bands()},
        tuple(sorted(losses, key=lambda loss: loss.lost / loss.most, reverse=True)),
        _reasons(calls),
    )


def _loss(item: str, calls: Iterable[Call]) -> Loss | None:
    name, most = MAXIMA[item]
    given = [score for call in calls if (score := call.items[item]) is not None]
    return Loss(item, name, most, len(given), sum((most - Fraction(score) for score in given), Fraction(0)) / len(given)) if given else None


def _reasons(calls: Iterable[Call]) -> tuple[Reason, ...]:
    by_reason: dict[str, list[Call]] = defaultdict(list)
    for call in calls:
        for reason in dict.fromkeys(_apart(privacy.masked(call.reason or ""))):
            by_reason[reason].append(call)
    found = []
    for text, said in by_reason.items():
        losses = [loss for item in ITEMS if (loss := _loss(item, said))]
        found.append(Reason(text, len(said), {loss.item: loss.lost for loss in losses}))
    return tuple(sorted(found, key=lambda reason: (-reason.calls, reason.text)))


def _apart(text: str) -> Iterable[str]:
    """The reasons that a call gives, each for itself."""
    for piece in _APART.split(text):
        parts = [part.strip() for part in _NUMBER.sub("", piece.strip()).split("、")]
        yield from filter(None, parts if all(len(part) >= _REASON for part in parts) else ["、".join(parts)])


def _span(window: Window) -> list[Any]:
    return [window.start, window.end]
