"""Months, quarters and the windows of months that a report covers."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, timedelta

from warehouse.period.calendars import ROC_OFFSET
from warehouse.period.words import english_month, english_short, roc_month


@dataclass(frozen=True, slots=True, order=True)
class Quarter:
    """A quarter of an AD year; ValueError unless `number` is 1 to 4."""

    year: int
    number: int

    def __post_init__(self) -> None:
        if not 1 <= self.number <= 4:
            raise ValueError(f"a year has four quarters, not a quarter {self.number}")

    @classmethod
    def of(cls, day: date) -> Quarter:
        """The quarter a day lies in."""
        return cls(day.year, (day.month + 2) // 3)

    @property
    def label(self) -> str:
        """105年第3季."""
        return f"{self.year - ROC_OFFSET}年第{self.number}季"

    @property
    def code(self) -> str:
        """105Q3."""
        return f"{self.year - ROC_OFFSET}Q{self.number}"

    @property
    def window(self) -> Window:
        """Its three months."""
        last = date(self.year, self.number * 3, 1)
        return Window(add_months(last, -2), last)

    @property
    def label_en(self) -> str:
        """Q3 2016."""
        return f"Q{self.number} {self.year}"

    def previous(self) -> Quarter:
        """The quarter before."""
        return Quarter(self.year, self.number - 1) if self.number > 1 else Quarter(self.year - 1, 4)


@dataclass(frozen=True, slots=True)
class Window:
    """Whole months from `start` to `end`, both first days of a month and both counted; ValueError if they are not, or cross."""

    start: date
    end: date

    def __post_init__(self) -> None:
        if self.start.day != 1 or self.end.day != 1 or self.end < self.start:
            raise ValueError(f"no window of months: {self.start} to {self.end}")

    @classmethod
    def year_to_date(cls, month: date) -> Window:
        """January of the year to the month the day lies in."""
        return cls(date(month.year, 1, 1), month_of(month))

    @classmethod
    def of_quarter(cls, quarter: Quarter) -> Window:
        """The three months of a quarter."""
        return quarter.window

    @classmethod
    def year_to_quarter(cls, quarter: Quarter) -> Window:
        """January of the year to the last month of a quarter."""
        return cls.year_to_date(quarter.window.end)

    @property
    def months(self) -> list[date]:
        """Every month in it, in order."""
        return month_range(self.start, self.end)

    @property
    def last_day(self) -> date:
        """The last day of its last month."""
        return add_months(self.end, 1) - timedelta(days=1)

    @property
    def label(self) -> str:
        """105年1月至9月, 105年9月, 104年12月至105年2月."""
        if self.start == self.end:
            return roc_month(self.start)
        same_year = self.start.year == self.end.year
        return f"{roc_month(self.start)}至{f'{self.end.month}月' if same_year else roc_month(self.end)}"

    @property
    def label_en(self) -> str:
        """Jan–Sep 2016, Sep 2016, Dec 2015–Feb 2016."""
        if self.start == self.end:
            return english_month(self.start)
        same_year = self.start.year == self.end.year
        return f"{english_short(self.start) if same_year else english_month(self.start)}–{english_month(self.end)}"

    @property
    def iso_from(self) -> str:
        """The first month as 2016-01."""
        return f"{self.start:%Y-%m}"

    @property
    def iso_to(self) -> str:
        """The last month as 2016-09."""
        return f"{self.end:%Y-%m}"

    def previous_year(self) -> Window:
        """The same months a year earlier."""
        return Window(add_months(self.start, -12), add_months(self.end, -12))


def month_of(day: date) -> date:
    """The first day of the day's month."""
    return day.replace(day=1)


def add_months(day: date, n: int) -> date:
    """The first day of the month `n` months after (before, if negative) that of `day`."""
    years, month = divmod(day.month - 1 + n, 12)
    return date(day.year + years, month + 1, 1)


def month_range(first: date, last: date) -> list[date]:
    """The months from that of `first` to that of `last`, both counted; empty if they cross."""
    count = (last.year - first.year) * 12 + last.month - first.month + 1
    return [add_months(first, n) for n in range(count)]
