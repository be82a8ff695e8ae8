"""One month."""

from __future__ import annotations

from datetime import date

from warehouse.errors import Reading
from warehouse.period.calendars import FIRST_YEAR, LAST_YEAR, Calendar, calendar_of
from warehouse.period.cell import checked_text, digits_of, number_of, tightened
from warehouse.period.days import read_day
from warehouse.period.refusal import expects, refuse
from warehouse.period.shapes import ENGLISH_MONTH, MONTH_ALONE, SIGNED_PAIR, YEAR_MONTH, fits_compact_month, month_named
from warehouse.period.years import ad_year, day_of, given_year, roc_year, year_of


@expects("月份，例如105年9月、105/09、10509")
def parse_month(text: str, *, year: int | None = None) -> Reading[date]:
    """Read one month and give its first day; a full date counts as its month.

    year: the year (AD, or ROC below 1000) for cells that hold only a month. Forms: 105年9月, 105年9月份, 105/09, 105.9, 10509,
    2016/09, 201609, Sep-16, 民國一○五年九月, and those of `parse_date` (six digits only as AD yyyymm).
    Asks: W-DAT-06 105.1, as which Excel shows 105.10 too, W-DAT-07 Excel serial number, W-DAT-10 year from `year` (1月, 一月, 元月, Jan, 1).
    Refused (CellError): as in `parse_date`; quarters E-DAT-08, half-years and years E-DAT-09, month without year E-DAT-10.
    """
    body = checked_text(text)
    reading = _month(tightened(body), year) or read_day(body, year, roc_column=False)
    return Reading(reading.value.replace(day=1), reading.ask)


def _month(text: str, year: int | None) -> Reading[date] | None:
    calendar, rest = calendar_of(text)
    if found := YEAR_MONTH.fullmatch(rest):
        return Reading(day_of(year_of(digits_of(found[1]), calendar, in_words=True), number_of(found[2]), 1))
    if found := SIGNED_PAIR.fullmatch(rest):
        return _signed_month(found[1], found[2], found[3], calendar)
    if rest.isascii() and rest.isdigit():
        return _compact_month(rest, calendar, year)
    if calendar is None and (found := MONTH_ALONE.fullmatch(rest)):
        return Reading(day_of(given_year(year), number_of(found[1]), 1), "W-DAT-10")
    return _month_in_english(rest, year)


def _signed_month(first: str, sign: str, second: str, calendar: Calendar | None) -> Reading[date] | None:
    """105/09, 105.9, 2016-09, 99/12; 9/2016 and 16/09 are ambiguous; 42643.5 is left to the serial numbers; 105.1 may have been 105.10."""
    if len(first) == 5 and calendar is None:
        return None
    if len(second) > 2:
        refuse("E-DATE-AMBIGUOUS")
    return Reading(day_of(year_of(first, calendar, in_words=False), int(second), 1), "W-DAT-06" if sign + second == ".1" else None)


def _compact_month(digits: str, calendar: Calendar | None, year: int | None) -> Reading[date] | None:
    """10509, 201609; 9 in the year the title gives; None leaves full dates and serial numbers to the reader of days."""
    if len(digits) <= 2 and calendar is None and 1 <= int(digits) <= 12:
        return Reading(day_of(given_year(year), int(digits), 1), "W-DAT-10")
    if len(digits) == 6 and calendar != "roc" and FIRST_YEAR <= int(digits[:4]) <= LAST_YEAR:
        return Reading(_compact_first(int(digits[:4]), digits[4:]))
    if len(digits) == 5 and (fits_compact_month(digits) or calendar == "roc"):
        return Reading(_compact_first(roc_year(int(digits[:3])), digits[3:]))
    if len(digits) == 5 and "19001" <= digits < "30000" and 1 <= int(digits[3:]) <= 12:
        refuse("E-DAT-26")
    if len(digits) == 4 and calendar is None and not FIRST_YEAR <= int(digits) <= LAST_YEAR:
        refuse("E-DATE-AMBIGUOUS" if int(digits[:2]) >= 80 and 1 <= int(digits[2:]) <= 12 else "E-DAT-34")
    return None


def _compact_first(year: int, month: str) -> date:
    return date(year, int(month), 1) if 1 <= int(month) <= 12 else refuse("E-DAT-34")


def _month_in_english(text: str, year: int | None) -> Reading[date] | None:
    """Sep-16 (as Excel shows September 2016), Sep 2016, September; 16-Sep is a day and left to the reader of days."""
    found = ENGLISH_MONTH.fullmatch(text)
    month = month_named(found[1]) if found else None
    if not found or month is None:
        return None
    written_year = found[2]
    if written_year is None:
        return Reading(day_of(given_year(year), month, 1), "W-DAT-10")
    if len(written_year) == 2:
        written_year = ("19" if int(written_year) >= 90 else "20") + written_year
    return Reading(day_of(ad_year(written_year), month, 1))
