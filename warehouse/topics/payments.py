"""案款代收: what each channel took in by month, this year beside the last, and months made comparable by their working days.

Convenience stores count 件, collectors count 筆: the two are never added. 悠遊卡 pays fees, not case money.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from fractions import Fraction
from typing import Literal

import duckdb

from warehouse import period, statistics
from warehouse.period import Window
from warehouse.statistics import ChartPoint, ControlChart, ControlPoint
from warehouse.store import query

Measure = Literal["n", "amount"]

#: The two channels of case money, and the others that the monthly table may name.
CHANNELS = ("cvs", "counter")
OTHERS = ("credit_card", "online_card", "other", "easycard")


@dataclass(frozen=True)
class Taken:
    """What came in: how many times, and New Taiwan dollars."""

    n: int
    amount: Fraction

    @property
    def average(self) -> Fraction | None:
        """Dollars a time, None without any."""
        return self.amount / self.n if self.n else None

    def __add__(self, other: Taken) -> Taken:
        return Taken(self.n + other.n, self.amount + other.amount)


NOTHING = Taken(0, Fraction(0))


@dataclass(frozen=True)
class Beside:
    """Sums since January to a month, and to the same month of the year before; None where a month is missing on the way."""

    month: date
    now: Taken | None
    before: Taken | None

    @property
    def gap(self) -> Fraction | None:
        """How much more this year, in dollars; None where either is not known."""
        return self.now.amount - self.before.amount if self.now and self.before else None


@dataclass(frozen=True)
class Adjusted:
    """A month as it would have been with the mean number of working days; value is None where either is not known."""

    month: date
    working_days: int | None
    per_day: Fraction | None
    value: Fraction | None


@dataclass(frozen=True)
class Adjustment:
    """Months made comparable, and judged against each other."""

    mean_days: Fraction | None
    months: tuple[Adjusted, ...]
    chart: ControlChart

    @property
    def known(self) -> int:
        """Months that could be adjusted."""
        return sum(month.value is not None for month in self.months)

    @property
    def in_wan(self) -> ControlChart:
        """The chart of an amount in units of ten thousand dollars, for a drawing."""
        return self.chart._replace(points=tuple(map(_point_in_wan, self.chart.points)))


@dataclass(frozen=True)
class Payments:
    """(channel, month) → what came in, and month → working days, where the office calendar holds the whole month."""

    taken: dict[tuple[str, date], Taken]
    working_days: dict[date, int]

    @classmethod
    def read(cls, cursor: duckdb.DuckDBPyConnection, window: Window) -> Payments:
        """What stands in the months of a window."""
        span = [window.start, window.end]
        rows = query(
            cursor,
            """select channel, month, sum(n) as n, sum(amount) as amount from stg_payment_monthly
            where month between ? and ? group by channel, month""",
            span,
        )
        days = query(cursor, "select month, working_days from mart_office_days where month between ? and ?", span)
        return cls(
            {(row["channel"], row["month"]): Taken(int(row["n"] or 0), Fraction(row["amount"] or 0)) for row in rows},
            {row["month"]: int(row["working_days"]) for row in days},
        )

    @property
    def channels(self) -> set[str]:
        """The channels that have any month."""
        return {channel for channel, _ in self.taken}

    def month(self, channel: str, month: date) -> Taken | None:
        """What a channel took in in a month."""
        return self.taken.get((channel, month))

    def total(self, channel: str, window: Window) -> Taken | None:
        """What a channel took in over a window, None where there is no month of it."""
        known = [taken for month in window.months if (taken := self.taken.get((channel, month)))]
        return sum(known, NOTHING) if known else None

    def missing(self, channel: str, window: Window) -> tuple[date, ...]:
        """Months of a window in which a channel has nothing, though others may have."""
        return tuple(month for month in window.months if (channel, month) not in self.taken)

    def refunds(self, channel: str, window: Window) -> tuple[date, ...]:
        """Months of a window in which more was paid back than came in."""
        return tuple(month for month in window.months if (taken := self.taken.get((channel, month))) and taken.amount < 0)

    def running(self, channel: str, window: Window) -> list[Taken | None]:
        """What a channel took in since the window began, month by month; None from the first month on that is missing, since a sum without it
        would be too low."""
        found: list[Taken | None] = []
        so_far: Taken | None = NOTHING
        for month in window.months:
            taken = self.taken.get((channel, month))
            so_far = None if so_far is None or taken is None else so_far + taken
            found.append(so_far)
        return found

    def beside_last_year(self, channel: str, window: Window) -> list[Beside]:
        """Sums since January, beside those of the same months a year before."""
        this, before = years(window)
        sums = zip(self.running(channel, this), self.running(channel, before), strict=True)
        return [Beside(month, now, then) for month, (now, then) in zip(this.months, sums, strict=True)]

    def adjusted(self, channel: str, window: Window, measure: Measure) -> Adjustment:
        """A channel's months at the mean number of working days of the months that have both: value ÷ days × mean days; and those months as an XmR
        chart, on which no month is good or bad in itself. Its limits end at 0, but not where refunds have made a month less than nothing."""
        both = [month for month in window.months if (channel, month) in self.taken and self.working_days.get(month)]
        mean = Fraction(sum(self.working_days[month] for month in both), len(both)) if both else None
        months = []
        for month in window.months:
            taken, days = self.taken.get((channel, month)), self.working_days.get(month)
            per_day = Fraction(getattr(taken, measure)) / days if taken and days else None
            months.append(Adjusted(month, days, per_day, None if per_day is None or mean is None else per_day * mean))
        points = [ChartPoint(None if month.value is None else float(month.value)) for month in months]
        least = float("-inf") if any(month.value is not None and month.value < 0 for month in months) else 0.0
        return Adjustment(mean, tuple(months), statistics.control_chart(points, direction="neutral", kind="xmr", bounds=(least, float("inf"))))


def in_wan(amount: Fraction | None) -> float | None:
    """Dollars in units of ten thousand, for a drawing."""
    return None if amount is None else float(amount / 10_000)


def _point_in_wan(point: ControlPoint) -> ControlPoint:
    names = ("value", "mean", "upper", "lower", "near_upper", "near_lower")
    return point._replace(**{name: amount / 10_000 for name in names if (amount := getattr(point, name)) is not None})


def years(window: Window) -> tuple[Window, Window]:
    """January to the end of the window, and the same months a year before."""
    this = Window.year_to_date(window.end)
    return this, this.previous_year()


def trail(found: Payments, window: Window, most: int) -> Window:
    """The months that charts show: `most` months back from the end of the window, or to its start where that is longer, but none before the first
    that has anything."""
    first = min((month for _, month in found.taken if month <= window.end), default=window.start)
    return Window(max(first, min(window.start, period.add_months(window.end, 1 - most))), window.end)


def reach(window: Window, trail: int) -> Window:
    """The months that the screen needs: the window, `trail` months back from its end, and the year before the last of them."""
    _, before = years(window)
    return Window(min(window.start, before.start, period.add_months(window.end, 1 - trail)), window.end)
