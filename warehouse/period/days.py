"""One day, with or without a time of day behind it."""

from __future__ import annotations

import re
from datetime import date, datetime, timedelta
from typing import NoReturn

from warehouse.errors import Reading
from warehouse.numerals import is_formula
from warehouse.period.calendars import FIRST_YEAR, LAST_YEAR, Calendar, calendar_of
from warehouse.period.cell import NUMERAL, checked_text, digits_of, number_of, tightened, two_digits
from warehouse.period.refusal import MEND, expects, refuse
from warehouse.period.shapes import MONTH_DAY, SIGNED_PAIR, fits_compact_month, is_month, month_named
from warehouse.period.times import read_clock
from warehouse.period.years import ad_year, day_of, given_year, year_of

_YEAR_MONTH_DAY = re.compile(f"({NUMERAL})年度?({NUMERAL})月份?({NUMERAL})[日號]?")
_SIGNED_DAY = re.compile(r"([0-9]{1,8})([/.\-])([0-9]{1,8})\2([0-9]{1,8})")
_ENGLISH_DAY = re.compile("([0-9]{1,2})[- ]([A-Za-z]{3,9})(?:[- ,]{1,2}([0-9]{1,4}))?")
_ENGLISH_DAY_US = re.compile(r"([A-Za-z]{3,9})[. ]{1,2}([0-9]{1,2})[, ]{1,2}([0-9]{1,4})")
_SERIAL = re.compile(r"([0-9]{5})\.[0-9]{1,15}|([0-9]{1,5})")
_WEEKDAY = re.compile(r" *(?:\((?:星期|週|周|禮拜)?([一二三四五六日天])\)|(?:星期|週|周|禮拜)([一二三四五六日天]))$")
_CLOCK_BEHIND = re.compile(
    r"(?:T| +|(?<=日)|(?<=[0-9])(?=[上下]午))((?:上午|下午|早上|中午|晚上|凌晨)? *[0-9]{1,2} *[:時點].*)", re.DOTALL
)
_QUARTER_WORDS = re.compile("季|[0-9年/-][Qq][0-9]|^[Qq][0-9]|[0-9][Qq]$")
_YEAR_WORDS = re.compile("半年|全年|年度")
_YEAR_ALONE = re.compile(f"({NUMERAL})年度?|([0-9]{{3,4}})")


@expects("民國或西元日期，例如105年9月30日、105/09/30")
def parse_date(text: str, *, year: int | None = None, roc_column: bool = True) -> Reading[date]:
    """Read one day; a time of day behind it is checked and dropped.

    year: the year (AD, or ROC below 1000) for cells that hold only month and day; roc_column: whether six digits (990105) are
    ROC yymmdd. Forms: 105年9月30日, 民國…, 105/09/30, 105-9-30, 105.9.30, 1050930, 990105, 99/12/31, 2016/9/30, 20160930,
    民國一百零五年九月三十日, 30-Sep-2016, …(五), …上午 09:30, ISO with zone.
    Asks: W-DAT-07 Excel serial number, W-DAT-10 year from `year`, W-DAT-33 moved to Taipei time.
    Refused (CellError): E-DATE-AMBIGUOUS (16/01/05), E-DAT-01 no date at all, E-DAT-06 only a month, E-DAT-07 and E-DAT-31
    serials out of range, E-DAT-08/-09 quarters, half-years, years, E-DAT-10 no year, E-DAT-17 impossible day or wrong weekday,
    E-DAT-18/-19/-20/-26/-28 impossible year, E-DAT-23 Japanese era, E-DAT-32 impossible time, E-DAT-33 unknown zone, E-DAT-34
    compact digits with an impossible month, E-DAT-35 week numbers and lunar dates, E-NUM-22 blank, E-NUM-27 odd digits, E-FORMULA.
    """
    return read_day(checked_text(text), year, roc_column)


def read_day(body: str, year: int | None, roc_column: bool) -> Reading[date]:
    """A day with or without a time of day; with a zone other than Taipei's the day it is in Taipei."""
    clock = _CLOCK_BEHIND.search(body)
    reading = _day(body[: clock.start()] if clock else body, year, roc_column)
    if not clock:
        return reading
    moment, zone = read_clock(clock[1])
    if zone is None or zone == timedelta(hours=8):
        return reading
    local = (datetime.combine(reading.value, moment) - zone + timedelta(hours=8)).date()
    ad_year(str(local.year))
    return Reading(local, "W-DAT-33")


def _day(body: str, year: int | None, roc_column: bool) -> Reading[date]:
    written, weekday = without_weekday(body)
    calendar, rest = calendar_of(tightened(written))
    reading = (
        _whole_day(rest, calendar, roc_column)
        or _english_day(rest, year)
        or _day_without_year(rest, year)
        or _refuse_unread(rest, calendar)
    )
    if weekday is not None and reading.value.weekday() != weekday:
        refuse("E-DAT-17", "日期與星期不符，請核對後重新上傳")
    return reading


def without_weekday(body: str) -> tuple[str, int | None]:
    """The text before a day of the week, and that day from 0, Monday, on."""
    found = _WEEKDAY.search(body) if body[-1:] in ")一二三四五六日天" else None
    if not found:
        return body, None
    return body[: found.start()], "一二三四五六日".index((found[1] or found[2]).replace("天", "日"))


def _whole_day(text: str, calendar: Calendar | None, roc_column: bool) -> Reading[date] | None:
    if found := _SIGNED_DAY.fullmatch(text):
        first, month, day = found[1], found[3], found[4]
        if len(day) > 2 and len(first) <= 2 and calendar is None:
            refuse("E-DATE-AMBIGUOUS")
        year = year_of(first, calendar, in_words=False)
        return Reading(day_of(year, two_digits(month), two_digits(day)))
    if found := _YEAR_MONTH_DAY.fullmatch(text):
        year = year_of(digits_of(found[1]), calendar, in_words=True)
        return Reading(day_of(year, number_of(found[2]), number_of(found[3])))
    if text.isascii() and text.isdigit() and len(text) >= 6:
        return Reading(_compact_day(text, calendar, roc_column))
    return _serial_day(text) if calendar is None else None


def _compact_day(digits: str, calendar: Calendar | None, roc_column: bool) -> date:
    """20160105, 1050105, and in ROC columns 990105."""
    if len(digits) > 8:
        refuse("E-DAT-01")
    written_year, month, day = digits[:-4], int(digits[-4:-2]), int(digits[-2:])
    if len(written_year) == 2 and calendar is None and not (roc_column and int(written_year) >= 80):
        refuse("E-DATE-AMBIGUOUS")
    year = year_of(written_year, calendar, in_words=False)
    if not 1 <= month <= 12:
        refuse("E-DAT-34")
    return day_of(year, month, day)


def _serial_day(text: str) -> Reading[date] | None:
    """Excel's day number, with a question; 60 is the day that never was, 29 February 1900."""
    found = _SERIAL.fullmatch(text)
    digits = (found[1] or found[2]) if found else ""
    if len(digits) in (0, 3, 4):
        return None
    serial = int(digits)
    if serial == 60:
        refuse("E-DAT-31", "1900年沒有2月29日，" + MEND)
    if len(digits) == 5 and fits_compact_month(digits):
        refuse("E-DAT-06")
    day = date(1899, 12, 30) + timedelta(days=serial)
    if not FIRST_YEAR <= day.year <= LAST_YEAR:
        refuse("E-DAT-34" if len(digits) == 5 else "E-DAT-07")
    return Reading(day, "W-DAT-07")


def _day_without_year(text: str, year: int | None) -> Reading[date] | None:
    """9月30日 and 9/30 in the year the title gives."""
    found = MONTH_DAY.fullmatch(text)
    if not found:
        found = SIGNED_PAIR.fullmatch(text)
        if not found or len(found[1]) > 2 or len(found[3]) > 2 or int(found[1]) >= 80:
            return None
    month, day = number_of(found[1]), number_of(found[found.lastindex or 2])
    return Reading(day_of(given_year(year), month, day), "W-DAT-10")


def _english_day(text: str, year: int | None) -> Reading[date] | None:
    """30-Sep-2016 and Sep 30, 2016; two-digit years are ambiguous; 30-Sep in the year the title gives."""
    if found := _ENGLISH_DAY.fullmatch(text):
        day, name, written_year = found.groups()
    elif found := _ENGLISH_DAY_US.fullmatch(text):
        name, day, written_year = found.groups()
    else:
        return None
    month = month_named(name)
    if month is None:
        return None
    if written_year is None:
        return Reading(day_of(given_year(year), month, int(day)), "W-DAT-10")
    if len(written_year) < 4:
        refuse("E-DATE-AMBIGUOUS")
    return Reading(day_of(ad_year(written_year), month, int(day)))


def _refuse_unread(text: str, calendar: Calendar | None) -> NoReturn:
    """Say what the text is, as it is no day."""
    if found := _YEAR_ALONE.fullmatch(text):
        year_of(digits_of(found[1] or found[2]), calendar, in_words=True)
        refuse("E-DAT-09")
    if _QUARTER_WORDS.search(text):
        refuse("E-DAT-08")
    if is_month(text):
        refuse("E-DAT-06")
    if _YEAR_WORDS.search(text):
        refuse("E-DAT-09")
    refuse("E-FORMULA" if is_formula(text) else "E-DAT-01")
