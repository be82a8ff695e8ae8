"""滿意度調查: answers by question and level, forms sent and returned, how carefully the forms were filled in, what people wrote.

Answers and forms are read from what was counted while the forms were loaded, so the cost does not grow with them; `health` and `comments` go
through the forms themselves and are for those who ask.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import dataclass, replace
from datetime import date
from decimal import Decimal
from fractions import Fraction
from functools import cached_property
from typing import Any

import duckdb

from warehouse import numerals, privacy, statistics
from warehouse.datasets import all_datasets
from warehouse.disclosure import withheld
from warehouse.period import Window
from warehouse.scorecard import ALL_SITES
from warehouse.statistics import Tier
from warehouse.store import query

#: The questions in the order of the form; the first asks how long it took, the others how satisfied people were.
TIME = "q_time"
SATISFACTION = ("q_application", "q_environment", "q_reception", "q_staff", "q_overall", "q_answer")
QUESTIONS = (TIME, *SATISFACTION)

#: Stands for the forms themselves where a question is asked for.
_FORMS = "forms"

#: The levels that count as good.
GOOD = frozenset({"le15", "15_30", "very_satisfied", "satisfied"})

#: The most texts that are listed.
MOST_COMMENTS = 200


def levels_of(question: str) -> tuple[str, ...]:
    """Every level that the form offers for a question, the best first."""
    return tuple(option.code for option in all_datasets()["survey_response"].choices[question].options)


@dataclass(frozen=True)
class Question:
    """The answers to one question. counts: by level, the best first; asked: single forms that put it, blank: those that leave it open, both None
    where only tallies are there; hidden: too few answers, or such that another breakdown could be told from them."""

    code: str
    counts: dict[str, int]
    asked: int | None
    blank: int | None
    hidden: bool

    @property
    def n(self) -> int:
        """Answers in all."""
        return sum(self.counts.values())

    @property
    def good(self) -> int:
        """Answers of the levels that count as good."""
        return sum(count for level, count in self.counts.items() if level in GOOD)

    @property
    def share(self) -> Decimal | None:
        """The good share in per cent; None without answers."""
        return percent(self.good, self.n)

    @property
    def tier(self) -> Tier:
        """How much the answers bear."""
        return "suppressed" if self.hidden else statistics.tier(self.n)

    @property
    def bounds(self) -> tuple[Decimal, Decimal] | None:
        """95 % interval of the good share in per cent; None where there are too few answers for a percentage."""
        if self.tier not in ("indicative", "normal"):
            return None
        low, high = statistics.wilson(self.good, self.n)
        return numerals.round_half_up(Fraction(100 * low), 2), numerals.round_half_up(Fraction(100 * high), 2)


@dataclass(frozen=True)
class Forms:
    """Forms of a month (or a site, or all): None what nobody tallied. valid: counted from the forms themselves where they are there."""

    sent: int | None
    returned: int | None
    valid: int | None
    invalid: int | None

    @classmethod
    def summed(cls, parts: Iterable[Forms]) -> Forms:
        """Several together; what one of them lacks counts as nothing there."""
        together = list(parts)

        def total(of: Callable[[Forms], int | None]) -> int | None:
            known = [count for count in map(of, together) if count is not None]
            return sum(known) if known else None

        return cls(
            total(lambda part: part.sent), total(lambda part: part.returned), total(lambda part: part.valid), total(lambda part: part.invalid)
        )


@dataclass(frozen=True)
class Rate:
    """A part of a whole, both counted in the same months at the same sites."""

    part: int
    whole: int

    @property
    def share(self) -> Decimal | None:
        """In per cent; None without a whole."""
        return percent(self.part, self.whole)


@dataclass(frozen=True)
class Survey:
    """All answers and forms of some months, at every site: (month, site) → question → level → answers, and (month, site) → forms."""

    answers: dict[tuple[date, str], dict[str, dict[str, int]]]
    forms: dict[tuple[date, str], Forms]
    keyed: frozenset[tuple[date, str]]

    @classmethod
    def read(cls, cursor: duckdb.DuckDBPyConnection, window: Window) -> Survey:
        """What stands in the months of a window."""
        span = [window.start, window.end]
        answers: dict[tuple[date, str], dict[str, dict[str, int]]] = {}
        valid: dict[tuple[date, str], int] = {}
        for row in query(cursor, "select month, site_code, question, option, answers from mart_survey_answers where month between ? and ?", span):
            where = (row["month"], row["site_code"])
            if row["question"] == "forms":
                valid[where] = int(row["answers"])
            else:
                answers.setdefault(where, {}).setdefault(row["question"], {})[row["option"]] = int(row["answers"])
        tallied = {
            (row["month"], row["site_code"]): row
            for row in query(
                cursor, "select month, site_code, sent, returned, valid, invalid from mart_survey_forms where month between ? and ?", span
            )
        }
        forms = {}
        for where in sorted(valid.keys() | tallied.keys()):
            tally = tallied.get(where, {})
            sent, returned, counted, invalid = (_whole(tally.get(name)) for name in ("sent", "returned", "valid", "invalid"))
            forms[where] = Forms(sent, returned, valid.get(where, counted), invalid)
        keyed = cursor.execute("select month, site_code from stg_survey_response_rows where month between ? and ?", span).fetchall()
        return cls(answers, forms, frozenset(keyed))

    @cached_property
    def sites(self) -> list[str]:
        """The sites that have answers or forms."""
        return sorted({site for _, site in (*self.answers, *self.forms)})

    def question(self, code: str, window: Window, site: str = ALL_SITES) -> Question:
        """The answers to a question over a window; hidden where they are too few to be told from those of the other sites, or from the months beside them."""
        return replace(self._answered(code, window, site), hidden=self._is_hidden(code, window, site))

    def _answered(self, code: str, window: Window, site: str) -> Question:
        places = [where for where in self.answers if _within(where, window, site)]
        counts = {level: sum(self.answers[where].get(code, {}).get(level, 0) for where in places) for level in levels_of(code)}
        keyed = [where for where in places if where in self.keyed]
        asked = sum(self.forms[where].valid or 0 for where in keyed) if keyed else None
        answered = sum(sum(self.answers[where].get(code, {}).values()) for where in keyed)
        blank = None if asked is None else asked - answered
        return Question(code, counts, asked, blank, False)

    def sites_side_by_side(self, code: str, window: Window) -> dict[str, Question]:
        """The answers to a question at each site."""
        return {site: self.question(code, window, site) for site in self.sites}

    def by_month(self, code: str, window: Window, site: str = ALL_SITES) -> dict[date, Question]:
        """The answers to a question month by month; hidden where they are few, or the months beside them would tell."""
        hidden = self._small_months(code, window, site) | self._withheld_months(code, site)
        found = {}
        for month in window.months:
            found[month] = replace(self._answered(code, Window(month, month), site), hidden=month in hidden)
        return found

    def forms_by_month(self, window: Window, site: str = ALL_SITES) -> dict[date, Forms]:
        """Forms month by month."""
        return {month: self.all_forms(Window(month, month), site) for month in window.months}

    def all_forms(self, window: Window, site: str = ALL_SITES) -> Forms:
        """Forms over a window."""
        return Forms.summed(forms for where, forms in self.forms.items() if _within(where, window, site))

    def rates(self, window: Window, site: str = ALL_SITES) -> tuple[Rate, Rate]:
        """Returned of those sent, and valid of those returned: where both numbers of a rate are known."""
        found = [forms for where, forms in self.forms.items() if _within(where, window, site)]
        returned = [(forms.returned, forms.sent) for forms in found if forms.sent is not None and forms.returned is not None]
        valid = [(forms.valid, forms.returned) for forms in found if forms.returned is not None and forms.valid is not None]
        first, second = (Rate(sum(part for part, _ in pairs), sum(whole for _, whole in pairs)) for pairs in (returned, valid))
        return first, second

    def is_small(self, window: Window, site: str = ALL_SITES) -> bool:
        """Whether the forms of a window are too few for what people answered and wrote to be shown: as a month that the table withholds, so the same
        month looked at by itself."""
        return self._is_hidden(_FORMS, window, site)

    def _is_hidden(self, code: str, window: Window, site: str) -> bool:
        if site != ALL_SITES and site in self._small_sites(code, window):
            return True
        if all(window.start <= month <= window.end for month in self._months):
            return False
        if statistics.tier(self._n(code, window, site), breakdown=True) == "suppressed":
            return True
        return window.start == window.end and window.start in self._withheld_months(code, site)

    @cached_property
    def _months(self) -> tuple[date, ...]:
        return tuple(sorted({month for month, _ in (*self.answers, *self.forms)}))

    @cached_property
    def _sizes(self) -> dict[tuple[date, str], dict[str, int]]:
        """(month, site) → question → answers, and forms."""
        sizes = {where: {code: sum(levels.values()) for code, levels in asked.items()} for where, asked in self.answers.items()}
        for where, forms in self.forms.items():
            sizes.setdefault(where, {})[_FORMS] = forms.valid or 0
        return sizes

    def _withheld_months(self, code: str, site: str) -> frozenset[date]:
        """The months that no table of a whole year, or of all months, shows."""
        years = [[month for month in self._months if month.year == year] for year in {month.year for month in self._months}]
        return frozenset().union(*(self._small_months(code, Window(months[0], months[-1]), site) for months in (*years, self._months) if months))

    def _small_sites(self, code: str, window: Window) -> frozenset[str]:
        counts = {site: self._n(code, window, site) for site in self.sites}
        return withheld(counts, [counts])

    def _small_months(self, code: str, window: Window, site: str) -> frozenset[date]:
        if site == ALL_SITES:
            counts = {month: sum(self._size(code, month, each) for each in self.sites) for month in window.months}
            return withheld(counts, [counts])
        cells = {(month, each): self._size(code, month, each) for month in window.months for each in self.sites}
        rows = [[(month, each) for each in self.sites] for month in window.months]
        columns = [[(month, each) for month in window.months] for each in self.sites]
        return frozenset(month for month, each in withheld(cells, [*rows, *columns]) if each == site)

    def _size(self, code: str, month: date, site: str) -> int:
        return self._sizes.get((month, site), {}).get(code, 0)

    def _n(self, code: str, window: Window, site: str) -> int:
        return sum(asked.get(code, 0) for where, asked in self._sizes.items() if _within(where, window, site))


def combined(questions: Iterable[Question]) -> Question:
    """The six questions of satisfaction put together: answers, not forms, are counted."""
    parts = [question for question in questions if question.code != TIME]
    counts = {level: sum(part.counts[level] for part in parts) for level in levels_of(SATISFACTION[0])}
    keyed = [part for part in parts if part.asked is not None]
    asked, blank = (sum(numbers) if keyed else None for numbers in ([part.asked or 0 for part in keyed], [part.blank or 0 for part in keyed]))
    return Question("combined", counts, asked, blank, any(part.hidden for part in parts))


def percent(part: int | None, whole: int | None) -> Decimal | None:
    """A share in per cent to two decimals, half up; None without a whole."""
    return numerals.round_half_up(Fraction(100 * part, whole), 2) if part is not None and whole else None


def bearing(n: int | None) -> Tier:
    """How much so many forms bear."""
    return statistics.tier(n or 0)


@dataclass(frozen=True)
class Difference:
    """How far the good share of one place lies above that of another, in percentage points; low, high: its 99.8 % interval (many questions are
    compared at once); clear: whether it leaves 0 out."""

    points: Decimal
    low: Decimal
    high: Decimal

    @property
    def clear(self) -> bool:
        """Whether there is a difference that chance does not explain."""
        return self.low > 0 or self.high < 0


def difference(one: Question, other: Question) -> Difference | None:
    """One place less the other; None where either has too few answers for a percentage."""
    if one.bounds is None or other.bounds is None:
        return None
    low, high = statistics.newcombe(other.good, other.n, one.good, one.n, statistics.Z998)
    points = Fraction(100 * one.good, one.n) - Fraction(100 * other.good, other.n)
    return Difference(*(numerals.round_half_up(Fraction(number), 2) for number in (points, 100 * low, 100 * high)))


def _within(where: tuple[date, str], window: Window, site: str) -> bool:
    return window.start <= where[0] <= window.end and site in (ALL_SITES, where[1])


def _whole(count: Any) -> int | None:
    return None if count is None else int(count)


# --- the forms themselves -------------------------------------------------------------------------------------------------


@dataclass(frozen=True)
class Health:
    """How carefully the forms were filled in. full: forms that answer all six questions of satisfaction; straight: those of them that answer all
    alike; repeated: forms that agree with another of the same day and site in every answer and in what is written."""

    forms: int
    full: int
    straight: int
    repeated: int


def health(cursor: duckdb.DuckDBPyConnection, window: Window, site: str = ALL_SITES) -> Health:
    """Goes through the forms of a window."""
    condition, parameters = _condition(window, site)
    row = query(
        cursor,
        f"""select coalesce(sum(forms), 0) as forms, coalesce(sum(full_forms), 0) as complete, coalesce(sum(straight_forms), 0) as straight,
        coalesce(sum(repeated_forms), 0) as repeated from mart_survey_health where {condition}""",
        parameters,
    )[0]
    return Health(int(row["forms"]), int(row["complete"]), int(row["straight"]), int(row["repeated"]))


@dataclass(frozen=True)
class Comment:
    """What was written, made safe to be shown; forms that say so, and the first and last month of them."""

    text: str
    forms: int
    first: date
    last: date


@dataclass(frozen=True)
class Comments:
    """What was written most often first, the newest before the older. forms: all forms that say something; texts: different texts in all."""

    forms: int
    texts: int
    listed: tuple[Comment, ...]


def comments(cursor: duckdb.DuckDBPyConnection, window: Window, site: str = ALL_SITES) -> Comments:
    """Goes through the forms of a window for what people wrote; names, numbers and addresses masked (`privacy.masked`)."""
    condition, parameters = _condition(window, site)
    rows = query(
        cursor,
        f"""select comment, forms, first_month, last_month, sum(forms) over () as said, count(*) over () as texts from (
            select comment, count(*) as forms, min(month) as first_month, max(month) as last_month
            from stg_survey_response where comment is not null and {condition} group by comment
        ) as written order by forms desc, last_month desc, comment limit {MOST_COMMENTS}""",
        parameters,
    )
    listed = tuple(Comment(privacy.masked(row["comment"]), int(row["forms"]), row["first_month"], row["last_month"]) for row in rows)
    return Comments(int(rows[0]["said"]) if rows else 0, int(rows[0]["texts"]) if rows else 0, listed)


def _condition(window: Window, site: str) -> tuple[str, list[Any]]:
    if site == ALL_SITES:
        return "month between ? and ?", [window.start, window.end]
    return "month between ? and ? and site_code = ?", [window.start, window.end, site]
