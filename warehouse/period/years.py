"""Years of either calendar: which are taken, which are slips."""

from __future__ import annotations

from datetime import date

from warehouse.period.calendars import FIRST_YEAR, LAST_YEAR, ROC_OFFSET, Calendar
from warehouse.period.refusal import MEND, refuse


def year_of(digits: str, calendar: Calendar | None, *, in_words: bool) -> int:
    """The AD year of written digits; in_words: 年 stands behind it (79年 can only be ROC, 79/1/5 could be anything)."""
    value = int(digits)
    if calendar == "roc":
        return roc_year(value)
    if calendar == "ad" or len(digits) >= 4:
        return ad_year(digits)
    if len(digits) == 3:
        return roc_year(value)
    if value >= 80 or (in_words and value == FIRST_YEAR - ROC_OFFSET):
        return roc_year(value)
    refuse("E-DAT-20" if in_words and not value else "E-DATE-AMBIGUOUS")


def roc_year(value: int) -> int:
    """The AD year of a year of the Republic."""
    if FIRST_YEAR <= value + ROC_OFFSET <= LAST_YEAR:
        return value + ROC_OFFSET
    if value == 0:
        refuse("E-DAT-20", "沒有民國0年，" + MEND)
    if value < FIRST_YEAR - ROC_OFFSET:
        refuse("E-DAT-19")
    refuse("E-DAT-26" if value < 1000 else "E-DAT-28")


def ad_year(digits: str) -> int:
    """The AD year as it is written."""
    value = int(digits)
    if len(digits) == 4 and FIRST_YEAR <= value <= LAST_YEAR:
        return value
    if FIRST_YEAR <= value - ROC_OFFSET <= LAST_YEAR:
        refuse("E-DAT-28")
    refuse("E-DAT-26" if len(digits) == 4 and digits.startswith("21") else "E-DAT-18")


def given_year(year: int | None) -> int:
    """The year the title or the caller gives, AD or ROC."""
    if year is None:
        refuse("E-DAT-10")
    return ad_year(str(year)) if year >= 1000 else roc_year(year)


def day_of(year: int, month: int, day: int) -> date:
    """That day, where there is one (`E-DAT-17`)."""
    try:
        return date(year, month, day)
    except ValueError:
        refuse("E-DAT-17")
