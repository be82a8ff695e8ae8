"""One figure, and how it is printed."""

from __future__ import annotations

import re
from dataclasses import dataclass
from datetime import date, time
from decimal import Decimal
from fractions import Fraction
from typing import Any

from warehouse import numerals, period, statistics
from warehouse.indicators import Indicator, Target
from warehouse.period import Window

ALL_SITES = "all"

#: How facts are kept, as words: a day, a month, a run of months, hours.
_ISO_DAY = re.compile(r"[0-9]{4}-[0-9]{2}-[0-9]{2}")
_ISO_MONTH = re.compile(r"[0-9]{4}-[0-9]{2}")
_ISO_MONTHS = re.compile(r"([0-9]{4}-[0-9]{2})\.\.([0-9]{4}-[0-9]{2})")
_HOURS = re.compile(r"([0-2][0-9]:[0-5][0-9])-([0-2][0-9]:[0-5][0-9])")


@dataclass(frozen=True)
class Figure:
    """One indicator over one window for one site.

    value: Decimal rounded as printed, a word or date as text, or None; exact: the same before rounding (per cent for shares);
    numerator, denominator: the sums; n: answers or scores behind a share or mean; low, high: the interval, or the value itself where all is counted;
    months: the months of the window that have data; needed: answers in all that would settle a `cannot_tell`; too_few: n could never clear the target.
    """

    indicator: Indicator
    window: Window
    site: str
    value: Decimal | str | None = None
    exact: Fraction | None = None
    numerator: Decimal | None = None
    denominator: Decimal | None = None
    n: int | None = None
    target: Target | None = None
    goal: float | None = None
    comparison: statistics.Comparison | None = None
    verdict: statistics.Verdict = "no_data"
    interval: str = "none"
    low: Decimal | None = None
    high: Decimal | None = None
    needed: int | None = None
    too_few: bool = False
    months: tuple[date, ...] = ()
    batches: tuple[int, ...] = ()

    @property
    def text(self) -> str | None:
        """What the report prints: 97.14﹪, 1萬6,865件, 優等, 105年8月15日."""
        return printed(self.value, self.indicator.unit)

    def as_json(self) -> dict[str, Any]:
        """The contract's form."""
        return {
            "id": self.indicator.id,
            "name": self.indicator.name,
            "name_en": self.indicator.name_en,
            "section": self.indicator.section,
            "kind": self.indicator.kind,
            "value": number(self.value),
            "text": self.text,
            "numerator": number(self.numerator),
            "denominator": number(self.denominator),
            "n": self.n,
            "unit": self.indicator.unit,
            "direction": self.indicator.direction,
            "target": self.goal,
            "target_basis": self.target.basis if self.target else None,
            "comparison": self.comparison,
            "verdict": self.verdict,
            "interval": self.interval,
            "low": number(self.low),
            "high": number(self.high),
            "batches": list(self.batches),
        }


def printed(value: Decimal | str | int | None, unit: str) -> str | None:
    """A value in the office's style: counts in 萬 and 億, shares and means without trailing zeros, days, months and hours in words.

    1萬6,865件, 97.14﹪, 105年8月15日, 105年1月至9月, 上午9時至12時; any other word as it is.
    """
    if value is None:
        return None
    if isinstance(value, str):
        return _in_words(value)
    if value == int(value):
        return f"{numerals.format_wan(int(value))}{unit}"
    return f"{numerals.format_number(value)}{unit}"


def _in_words(text: str) -> str:
    if _ISO_DAY.fullmatch(text):
        return period.roc_date(date.fromisoformat(text))
    if _ISO_MONTH.fullmatch(text):
        return period.roc_month(date.fromisoformat(text + "-01"))
    if found := _ISO_MONTHS.fullmatch(text):
        return Window(*(date.fromisoformat(f"{month}-01") for month in found.groups())).label
    if found := _HOURS.fullmatch(text):
        return period.hours_in_words(*(time.fromisoformat(clock) for clock in found.groups()))
    return text


def number(value: Decimal | str | int | None) -> float | int | str | None:
    """A value as JSON has it: whole numbers whole, words as they are."""
    if value is None or isinstance(value, str):
        return value
    return int(value) if value == int(value) else float(value)
