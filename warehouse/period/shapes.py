"""Shapes of a month or a day without its year, which several readers must tell apart."""

from __future__ import annotations

import re

from warehouse.period.calendars import ENGLISH_MONTHS
from warehouse.period.cell import NUMERAL

YEAR_MONTH = re.compile(f"({NUMERAL})年度?({NUMERAL})月份?")
MONTH_DAY = re.compile(f"({NUMERAL})月({NUMERAL})[日號]")
MONTH_ALONE = re.compile(f"({NUMERAL})月份?|([0-9]{{1,2}})")
SIGNED_PAIR = re.compile(r"([0-9]{1,8})([/.\-])([0-9]{1,8})")
ENGLISH_MONTH = re.compile("([A-Za-z]{3,9})(?:[-., ]{1,3}([0-9]{1,4}))?")


def month_named(name: str) -> int | None:
    """The number of an English month, whole or by its first letters."""
    short = name.lower()
    for number, full in enumerate(ENGLISH_MONTHS, 1):
        if short in (full, full[:3]) or short == "sept" == full[:4]:
            return number
    return None


def fits_compact_month(digits: str) -> bool:
    """Whether five digits are a month of our time, as 10509."""
    return 80 <= int(digits[:3]) <= 150 and 1 <= int(digits[3:]) <= 12


def is_month(text: str) -> bool:
    """True for a month where a day was due."""
    if YEAR_MONTH.fullmatch(text) or MONTH_ALONE.fullmatch(text) or SIGNED_PAIR.fullmatch(text):
        return True
    english = ENGLISH_MONTH.fullmatch(text)
    return english is not None and month_named(english[1]) is not None
