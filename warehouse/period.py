"""Days, months, quarters and times as offices write them; the windows of months a report covers.

Readers take one cell and give a `Reading` (value, and the code of a question if the clerk must confirm it) or raise `CellError`
with the code of the finding. Both calendars are read: ROC years 79-189 and AD years 1990-2100 are the same years. What can be
read in two ways (16/01/05) is refused, and nothing is judged against today: a future date is the caller's business.

A month is a `date` on its first day. `Window` is a run of months, `Quarter` a quarter of an AD year.
"""

from __future__ import annotations

import os
import re
from collections.abc import Callable
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta, timezone
from functools import wraps
from typing import Any, Literal, NoReturn, TypeVar

from warehouse.errors import CellError, Reading, UsageError
from warehouse.numerals import CELL_LIMIT, CHINESE_NUMERALS, chinese_digits, clean, has_odd_digits, is_formula

FIRST_YEAR, LAST_YEAR = 1990, 2100
ROC_OFFSET = 1911
TAIPEI = timezone(timedelta(hours=8), "Asia/Taipei")
#: Environment variable that sets another today (YYYY-MM-DD).
TODAY_VARIABLE = "SERVICE_QUALITY_TODAY"

Calendar = Literal["roc", "ad"]
_Function = TypeVar("_Function", bound=Callable[..., Any])

_MEND = "請在原檔改正後重新上傳"
_MENDS = {
    "E-NUM-22": "請在原檔補上後重新上傳",
    "E-NUM-27": "請改用阿拉伯數字0到9後重新上傳",
    "E-FORMULA": "請貼上計算後的值再重新上傳",
    "E-DATE-AMBIGUOUS": "這個寫法有兩種解讀，請寫出完整年份，例如105/01/05或2016/01/05，再重新上傳",
    "E-DAT-06": "只有月份沒有日期，請補上日期後重新上傳",
    "E-DAT-08": "這是一季而不是單一月份，請改用單月資料後重新上傳",
    "E-DAT-09": "這是半年或全年而不是單一月份，請改用單月資料後重新上傳",
    "E-DAT-10": "沒有年份，請補上年份後重新上傳",
    "E-DAT-17": "沒有這一天，請核對後重新上傳",
    "E-DAT-18": f"西元年必須在{FIRST_YEAR}到{LAST_YEAR}之間，請核對後重新上傳",
    "E-DAT-19": f"民國年必須在{FIRST_YEAR - ROC_OFFSET}到{LAST_YEAR - ROC_OFFSET}之間，請核對後重新上傳",
    "E-DAT-23": "不收日本年號，請改用民國年或西元年後重新上傳",
    "E-DAT-26": "年份疑為筆誤（例如把105打成205或2105），請核對後重新上傳",
    "E-DAT-28": "年份疑為民國與西元重複換算，請核對後重新上傳",
    "E-DAT-32": "時間必須在00:00到23:59之間，請核對後重新上傳",
    "E-DAT-35": "不收週次與農曆，請改用國曆日期後重新上傳",
}


def _refuse(code: str, mend: str | None = None) -> NoReturn:
    raise CellError(code, "", mend or _MENDS.get(code, _MEND))


def _expects(expected: str) -> Callable[[_Function], _Function]:
    """Give every CellError of a reader the sentence that says what the cell should hold."""

    def wrap(reader: _Function) -> _Function:
        @wraps(reader)
        def read(*args: Any, **options: Any) -> Any:
            try:
                return reader(*args, **options)
            except CellError as error:
                raise CellError(error.code, expected, error.mend) from None

        return read  # type: ignore[return-value]

    return wrap


# --- the readers -----------------------------------------------------------------------------------------------------


@_expects("民國或西元日期，例如105年9月30日、105/09/30")
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
    return _moment(_checked_text(text), year, roc_column)


@_expects("月份，例如105年9月、105/09、10509")
def parse_month(text: str, *, year: int | None = None) -> Reading[date]:
    """Read one month and give its first day; a full date counts as its month.

    year: the year (AD, or ROC below 1000) for cells that hold only a month. Forms: 105年9月, 105年9月份, 105/09, 105.9, 10509,
    2016/09, 201609, Sep-16, 民國一○五年九月, and those of `parse_date` (six digits only as AD yyyymm).
    Asks: W-DAT-06 105.1, as which Excel shows 105.10 too, W-DAT-07 Excel serial number, W-DAT-10 year from `year` (1月, 一月, 元月, Jan, 1).
    Refused (CellError): as in `parse_date`; quarters E-DAT-08, half-years and years E-DAT-09, month without year E-DAT-10.
    """
    body = _checked_text(text)
    reading = _month(_tight(body), year) or _moment(body, year, roc_column=False)
    return Reading(reading.value.replace(day=1), reading.ask)


@_expects("日期或起訖日期，例如105年1月18日至2月3日")
def parse_date_range(text: str) -> Reading[tuple[date, date]]:
    """Read a first and last day; year and month may be left out in the second; a single day is both.

    Forms: 105年1月18日至2月3日, 105年2月18日至19日, 105/1/18-2/3, 105.1.18~105.2.3, 自…起至…止.
    Asks and refusals: those of `parse_date` for either end; E-DAT-17 also if the end is before the start.
    """
    first_text, last_text = _halves(_checked_text(text))
    first = _moment(first_text, None, True)
    last = first if last_text is None else _second_day(_without_weekday(last_text)[0], first.value)
    if last.value < first.value:
        _refuse("E-DAT-17", "結束日早於開始日，跨年請寫出年份，改正後重新上傳")
    return Reading((first.value, last.value), first.ask or last.ask)


@_expects("時間，例如14:00、上午9時、下午2時30分")
def parse_time(text: str) -> Reading[time]:
    """Read a time of day: 14:00, 14:00:30, 上午9時, 下午2時30分, 09時00分, 下午 02:00, 下午2點半, 2:00 PM.

    Refused (CellError): E-DAT-32 no time of day (24:00, 25時, 上午13:00, and 上午12時, which may be noon or midnight);
    E-NUM-22 blank, E-NUM-27 odd digits, E-FORMULA.
    """
    return Reading(_clock(_checked_text(text))[0])


@_expects("季別，例如105年第3季、105Q3")
def parse_quarter(text: str, *, year: int | None = None) -> Quarter:
    """Read a quarter: 105Q3, 105年第3季, 105年度第三季, 2016Q3, 民國105年第3季度.

    year: the year (AD, or ROC below 1000) for 第三季 and Q3; the caller then asks W-DAT-10.
    Refused (CellError): E-DAT-08 no quarter, or Q5; E-DAT-10 no year; impossible years as in `parse_date`.
    """
    calendar, rest = _calendar(_LOOSE_SPACE.sub("", _checked_text(text)))
    if found := _QUARTER_IN_WORDS.fullmatch(rest) or _QUARTER_LETTER.fullmatch(rest):
        number = _quarter_number(found[2])
        return Quarter(_year(_digits(found[1]), calendar, in_words=True), number)
    if found := _QUARTER_ALONE.fullmatch(rest):
        number = _quarter_number(found[1] or found[2])
        return Quarter(_given_year(year), number)
    _refuse("E-DAT-08", "請寫成105年第3季或105Q3後重新上傳")


def _quarter_number(token: str) -> int:
    number = _number(token)
    return number if 1 <= number <= 4 else _refuse("E-DAT-08", "季別只有第1季到第4季，請核對後重新上傳")


def written_calendar(text: str) -> Calendar | None:
    """Tell in which calendar the year of a date or month cell is written, `roc` or `ad`; None if no year can be told.

    For the question whether one column mixes both (W-DAT-12). Refuses nothing.
    """
    calendar, rest = _calendar(clean(text).lstrip("'’ "))
    if calendar:
        return calendar
    if re.search("[A-Za-z]{3}", rest):
        return "ad" if rest[-2:].isdigit() else None
    leading = re.match(f"[0-9{CHINESE_NUMERALS}]{{2,10}}", rest)
    digits = chinese_digits(leading[0]) if leading else None
    if not digits:
        return None
    if len(digits) in (4, 8) or (len(digits) == 6 and digits[:2] in ("19", "20", "21")):
        return "ad"
    is_roc = len(digits) in (3, 6, 7) or (len(digits) == 2 and int(digits) >= 79) or (len(digits) == 5 and int(digits) < 20_000)
    return "roc" if is_roc else None


# --- one cell before it is matched -----------------------------------------------------------------------------------

_BEFORE_THE_REPUBLIC = re.compile("(?:中華)?民國?前|-[0-9]++[/.-][0-9]++[/.-]")
_JAPANESE = re.compile("(?:[MTSHRmtshr][0-9]{1,2}(?![0-9A-Za-z])|令和|平成|昭和|大正|明治)")
_WEEK_OR_LUNAR = re.compile("[0-9-][Ww][0-9]|第[^週周]{1,3}[週周]|農曆|陰曆|正月|臘月|除夕|初[一二三四五六七八九十]")


def _checked_text(text: str) -> str:
    """Cleaned text, without what no date, month, quarter or time may hold."""
    body = clean(text)
    if not body:
        _refuse("E-NUM-22")
    if has_odd_digits(text):
        _refuse("E-NUM-27")
    if len(body) > CELL_LIMIT:
        _refuse("E-DAT-01")
    body = body.removeprefix("'").removeprefix("’").strip()
    if body[:1] in ("=", "@"):
        _refuse("E-FORMULA")
    if _BEFORE_THE_REPUBLIC.match(body):
        _refuse("E-DAT-20", "沒有民國前的資料，" + _MEND)
    if _JAPANESE.match(body):
        _refuse("E-DAT-23")
    if _WEEK_OR_LUNAR.search(body):
        _refuse("E-DAT-35")
    return body


_ROUND_SIGNS = re.compile(r" *([年月日號時點分秒季度第/.\-~至到]) *")
_FLOAT_ZERO = re.compile(r"([0-9]{5,8})\.0++")


def _tight(body: str) -> str:
    """Without spaces round the signs of a date, and without the idle decimals of a number cell (10509.0)."""
    tight = _ROUND_SIGNS.sub(r"\1", body) if " " in body else body
    idle = _FLOAT_ZERO.fullmatch(tight)
    return idle[1] if idle else tight


_CALENDARS: tuple[tuple[str, Calendar], ...] = (("中華民國", "roc"), ("民國", "roc"), ("西元", "ad"), ("公元", "ad"))


def _calendar(body: str) -> tuple[Calendar | None, str]:
    for word, calendar in _CALENDARS:
        if body.startswith(word):
            return calendar, body[len(word) :].strip()
    return None, body


def _digits(token: str) -> str:
    """The digits of a year, month or day in words: 105, 一○五, 一百零五, 元."""
    if token.isascii() and token.isdigit():
        return token
    return "1" if token == "元" else chinese_digits(token) or _refuse("E-DAT-01")


def _number(token: str) -> int:
    return int(_digits(token))


# --- years -----------------------------------------------------------------------------------------------------------


def _year(digits: str, calendar: Calendar | None, *, in_words: bool) -> int:
    """The AD year of written digits; in_words: 年 stands behind it (79年 can only be ROC, 79/1/5 could be anything)."""
    value = int(digits)
    if calendar == "roc":
        return _roc_year(value)
    if calendar == "ad" or len(digits) >= 4:
        return _ad_year(digits)
    if len(digits) == 3:
        return _roc_year(value)
    if value >= 80 or (in_words and value == FIRST_YEAR - ROC_OFFSET):
        return _roc_year(value)
    _refuse("E-DAT-20" if in_words and not value else "E-DATE-AMBIGUOUS")


def _roc_year(value: int) -> int:
    if FIRST_YEAR <= value + ROC_OFFSET <= LAST_YEAR:
        return value + ROC_OFFSET
    if value == 0:
        _refuse("E-DAT-20", "沒有民國0年，" + _MEND)
    if value < FIRST_YEAR - ROC_OFFSET:
        _refuse("E-DAT-19")
    _refuse("E-DAT-26" if value < 1000 else "E-DAT-28")


def _ad_year(digits: str) -> int:
    value = int(digits)
    if len(digits) == 4 and FIRST_YEAR <= value <= LAST_YEAR:
        return value
    if FIRST_YEAR <= value - ROC_OFFSET <= LAST_YEAR:
        _refuse("E-DAT-28")
    _refuse("E-DAT-26" if len(digits) == 4 and digits.startswith("21") else "E-DAT-18")


def _given_year(year: int | None) -> int:
    """The year the title or the caller gives, AD or ROC."""
    if year is None:
        _refuse("E-DAT-10")
    return _ad_year(str(year)) if year >= 1000 else _roc_year(year)


def _day_of(year: int, month: int, day: int) -> date:
    try:
        return date(year, month, day)
    except ValueError:
        _refuse("E-DAT-17")


# --- one day ---------------------------------------------------------------------------------------------------------

_N = f"[0-9元{CHINESE_NUMERALS}]{{1,10}}"
_YEAR_MONTH_DAY = re.compile(f"({_N})年度?({_N})月份?({_N})[日號]?")
_SIGNED_DAY = re.compile(r"([0-9]{1,8})([/.\-])([0-9]{1,8})\2([0-9]{1,8})")
_MONTH_DAY = re.compile(f"({_N})月({_N})[日號]")
_SIGNED_PAIR = re.compile(r"([0-9]{1,8})([/.\-])([0-9]{1,8})")
_ENGLISH_DAY = re.compile("([0-9]{1,2})[- ]([A-Za-z]{3,9})(?:[- ,]{1,2}([0-9]{1,4}))?")
_ENGLISH_DAY_US = re.compile(r"([A-Za-z]{3,9})[. ]{1,2}([0-9]{1,2})[, ]{1,2}([0-9]{1,4})")
_SERIAL = re.compile(r"([0-9]{5})\.[0-9]{1,15}|([0-9]{1,5})")
_WEEKDAY = re.compile(r" *(?:\((?:星期|週|周|禮拜)?([一二三四五六日天])\)|(?:星期|週|周|禮拜)([一二三四五六日天]))$")
_CLOCK_BEHIND = re.compile(
    r"(?:T| +|(?<=日)|(?<=[0-9])(?=[上下]午))((?:上午|下午|早上|中午|晚上|凌晨)? *[0-9]{1,2} *[:時點].*)", re.DOTALL
)


def _moment(body: str, year: int | None, roc_column: bool) -> Reading[date]:
    """A day with or without a time of day; with a zone other than Taipei's the day it is in Taipei."""
    clock = _CLOCK_BEHIND.search(body)
    reading = _day(body[: clock.start()] if clock else body, year, roc_column)
    if not clock:
        return reading
    moment, zone = _clock(clock[1])
    if zone is None or zone == timedelta(hours=8):
        return reading
    local = (datetime.combine(reading.value, moment) - zone + timedelta(hours=8)).date()
    _ad_year(str(local.year))
    return Reading(local, "W-DAT-33")


def _day(body: str, year: int | None, roc_column: bool) -> Reading[date]:
    written, weekday = _without_weekday(body)
    tight = _tight(written)
    calendar, rest = _calendar(tight)
    reading = (
        _whole_day(rest, calendar, roc_column)
        or _english_day(rest, year)
        or _day_without_year(rest, year)
        or _refuse_unread(rest, calendar)
    )
    if weekday is not None and reading.value.weekday() != weekday:
        _refuse("E-DAT-17", "日期與星期不符，請核對後重新上傳")
    return reading


def _without_weekday(body: str) -> tuple[str, int | None]:
    found = _WEEKDAY.search(body) if body[-1:] in ")一二三四五六日天" else None
    if not found:
        return body, None
    return body[: found.start()], "一二三四五六日".index((found[1] or found[2]).replace("天", "日"))


def _whole_day(text: str, calendar: Calendar | None, roc_column: bool) -> Reading[date] | None:
    if found := _SIGNED_DAY.fullmatch(text):
        first, month, day = found[1], found[3], found[4]
        if len(day) > 2 and len(first) <= 2 and calendar is None:
            _refuse("E-DATE-AMBIGUOUS")
        year = _year(first, calendar, in_words=False)
        return Reading(_day_of(year, _two_digits(month), _two_digits(day)))
    if found := _YEAR_MONTH_DAY.fullmatch(text):
        year = _year(_digits(found[1]), calendar, in_words=True)
        return Reading(_day_of(year, _number(found[2]), _number(found[3])))
    if text.isascii() and text.isdigit() and len(text) >= 6:
        return Reading(_compact_day(text, calendar, roc_column))
    return _serial_day(text) if calendar is None else None


def _two_digits(digits: str) -> int:
    return int(digits) if len(digits) <= 2 else _refuse("E-DAT-17")


def _compact_day(digits: str, calendar: Calendar | None, roc_column: bool) -> date:
    """20160105, 1050105, and in ROC columns 990105."""
    if len(digits) > 8:
        _refuse("E-DAT-01")
    written_year, month, day = digits[:-4], int(digits[-4:-2]), int(digits[-2:])
    if len(written_year) == 2 and calendar is None and not (roc_column and int(written_year) >= 80):
        _refuse("E-DATE-AMBIGUOUS")
    year = _year(written_year, calendar, in_words=False)
    if not 1 <= month <= 12:
        _refuse("E-DAT-34")
    return _day_of(year, month, day)


def _serial_day(text: str) -> Reading[date] | None:
    """Excel's day number, with a question; 60 is the day that never was, 29 February 1900."""
    found = _SERIAL.fullmatch(text)
    digits = (found[1] or found[2]) if found else ""
    if len(digits) in (0, 3, 4):
        return None
    serial = int(digits)
    if serial == 60:
        _refuse("E-DAT-31", "1900年沒有2月29日，" + _MEND)
    if len(digits) == 5 and _fits_compact_month(digits):
        _refuse("E-DAT-06")
    day = date(1899, 12, 30) + timedelta(days=serial)
    if not FIRST_YEAR <= day.year <= LAST_YEAR:
        _refuse("E-DAT-34" if len(digits) == 5 else "E-DAT-07")
    return Reading(day, "W-DAT-07")


def _fits_compact_month(digits: str) -> bool:
    return 80 <= int(digits[:3]) <= 150 and 1 <= int(digits[3:]) <= 12


def _day_without_year(text: str, year: int | None) -> Reading[date] | None:
    """9月30日 and 9/30 in the year the title gives."""
    found = _MONTH_DAY.fullmatch(text)
    if not found:
        found = _SIGNED_PAIR.fullmatch(text)
        if not found or len(found[1]) > 2 or len(found[3]) > 2 or int(found[1]) >= 80:
            return None
    month, day = _number(found[1]), _number(found[found.lastindex or 2])
    return Reading(_day_of(_given_year(year), month, day), "W-DAT-10")


_ENGLISH_MONTHS = ("january", "february", "march", "april", "may", "june", "july")
_ENGLISH_MONTHS += ("august", "september", "october", "november", "december")


def _english_month(name: str) -> int | None:
    short = name.lower()
    for number, full in enumerate(_ENGLISH_MONTHS, 1):
        if short in (full, full[:3]) or short == "sept" == full[:4]:
            return number
    return None


def _english_day(text: str, year: int | None) -> Reading[date] | None:
    """30-Sep-2016 and Sep 30, 2016; two-digit years are ambiguous; 30-Sep in the year the title gives."""
    if found := _ENGLISH_DAY.fullmatch(text):
        day, name, written_year = found.groups()
    elif found := _ENGLISH_DAY_US.fullmatch(text):
        name, day, written_year = found.groups()
    else:
        return None
    month = _english_month(name)
    if month is None:
        return None
    if written_year is None:
        return Reading(_day_of(_given_year(year), month, int(day)), "W-DAT-10")
    if len(written_year) < 4:
        _refuse("E-DATE-AMBIGUOUS")
    return Reading(_day_of(_ad_year(written_year), month, int(day)))


_QUARTER_WORDS = re.compile("季|[0-9年/-][Qq][0-9]|^[Qq][0-9]|[0-9][Qq]$")
_YEAR_WORDS = re.compile("半年|全年|年度")
_YEAR_ALONE = re.compile(f"({_N})年度?|([0-9]{{3,4}})")


def _refuse_unread(text: str, calendar: Calendar | None) -> NoReturn:
    """Say what the text is, as it is no day."""
    if found := _YEAR_ALONE.fullmatch(text):
        _year(_digits(found[1] or found[2]), calendar, in_words=True)
        _refuse("E-DAT-09")
    if _QUARTER_WORDS.search(text):
        _refuse("E-DAT-08")
    if _month_written(text):
        _refuse("E-DAT-06")
    if _YEAR_WORDS.search(text):
        _refuse("E-DAT-09")
    _refuse("E-FORMULA" if is_formula(text) else "E-DAT-01")


# --- one month -------------------------------------------------------------------------------------------------------

_YEAR_MONTH = re.compile(f"({_N})年度?({_N})月份?")
_MONTH_ALONE = re.compile(f"({_N})月份?|([0-9]{{1,2}})")
_ENGLISH_MONTH = re.compile("([A-Za-z]{3,9})(?:[-., ]{1,3}([0-9]{1,4}))?")


def _month_written(text: str) -> bool:
    """True for a month where a day was due."""
    if _YEAR_MONTH.fullmatch(text) or _MONTH_ALONE.fullmatch(text) or _SIGNED_PAIR.fullmatch(text):
        return True
    english = _ENGLISH_MONTH.fullmatch(text)
    return english is not None and _english_month(english[1]) is not None


def _month(text: str, year: int | None) -> Reading[date] | None:
    calendar, rest = _calendar(text)
    if found := _YEAR_MONTH.fullmatch(rest):
        return Reading(_day_of(_year(_digits(found[1]), calendar, in_words=True), _number(found[2]), 1))
    if found := _SIGNED_PAIR.fullmatch(rest):
        return _signed_month(found[1], found[2], found[3], calendar)
    if rest.isascii() and rest.isdigit():
        return _compact_month(rest, calendar, year)
    if calendar is None and (found := _MONTH_ALONE.fullmatch(rest)):
        return Reading(_day_of(_given_year(year), _number(found[1]), 1), "W-DAT-10")
    return _month_in_english(rest, year)


def _signed_month(first: str, sign: str, second: str, calendar: Calendar | None) -> Reading[date] | None:
    """105/09, 105.9, 2016-09, 99/12; 9/2016 and 16/09 are ambiguous; 42643.5 is left to the serial numbers; 105.1 may have been 105.10."""
    if len(first) == 5 and calendar is None:
        return None
    if len(second) > 2:
        _refuse("E-DATE-AMBIGUOUS")
    return Reading(_day_of(_year(first, calendar, in_words=False), int(second), 1), "W-DAT-06" if sign + second == ".1" else None)


def _compact_month(digits: str, calendar: Calendar | None, year: int | None) -> Reading[date] | None:
    """10509, 201609; 9 in the year the title gives; None leaves full dates and serial numbers to the reader of days."""
    if len(digits) <= 2 and calendar is None and 1 <= int(digits) <= 12:
        return Reading(_day_of(_given_year(year), int(digits), 1), "W-DAT-10")
    if len(digits) == 6 and calendar != "roc" and FIRST_YEAR <= int(digits[:4]) <= LAST_YEAR:
        return Reading(_compact_first(int(digits[:4]), digits[4:]))
    if len(digits) == 5 and (_fits_compact_month(digits) or calendar == "roc"):
        return Reading(_compact_first(_roc_year(int(digits[:3])), digits[3:]))
    if len(digits) == 5 and "19001" <= digits < "30000" and 1 <= int(digits[3:]) <= 12:
        _refuse("E-DAT-26")
    if len(digits) == 4 and calendar is None and not FIRST_YEAR <= int(digits) <= LAST_YEAR:
        _refuse("E-DATE-AMBIGUOUS" if int(digits[:2]) >= 80 and 1 <= int(digits[2:]) <= 12 else "E-DAT-34")
    return None


def _compact_first(year: int, month: str) -> date:
    return date(year, int(month), 1) if 1 <= int(month) <= 12 else _refuse("E-DAT-34")


def _month_in_english(text: str, year: int | None) -> Reading[date] | None:
    """Sep-16 (as Excel shows September 2016), Sep 2016, September; 16-Sep is a day and left to the reader of days."""
    found = _ENGLISH_MONTH.fullmatch(text)
    month = _english_month(found[1]) if found else None
    if not found or month is None:
        return None
    written_year = found[2]
    if written_year is None:
        return Reading(_day_of(_given_year(year), month, 1), "W-DAT-10")
    if len(written_year) == 2:
        written_year = ("19" if int(written_year) >= 90 else "20") + written_year
    return Reading(_day_of(_ad_year(written_year), month, 1))


# --- from day to day -------------------------------------------------------------------------------------------------

_BETWEEN = re.compile(" *(?:起?[至到]|[~〜∼–—―]| - ) *")
_DAY_ALONE = re.compile(f"({_N})[日號]|([0-9]{{1,2}})")


def _halves(body: str) -> tuple[str, str | None]:
    """The two ends; a hyphen parts them only where it is the only one (2016-01-18 is one day)."""
    core = body.removeprefix("自").removeprefix("從").removesuffix("止").strip()
    parts = _BETWEEN.split(core)
    if len(parts) == 1 and core.count("-") == 1:
        parts = core.split("-")
    if len(parts) > 2 or not all(parts):
        _refuse("E-DAT-01")
    return parts[0], parts[1] if len(parts) == 2 else None


def _second_day(text: str, first: date) -> Reading[date]:
    tight = _tight(text)
    if found := _DAY_ALONE.fullmatch(tight):
        return Reading(_day_of(first.year, first.month, _number(found[1] or found[2])))
    found = _MONTH_DAY.fullmatch(tight) or _SIGNED_PAIR.fullmatch(tight)
    if found:
        return Reading(_day_of(first.year, _number(found[1]), _two_digits(_digits(found[found.lastindex or 2]))))
    return _moment(text, None, True)


# --- time of day -----------------------------------------------------------------------------------------------------

_HALF = "上午|下午|早上|中午|晚上|凌晨|[AaPp]\\.?[Mm]\\.?"
_COLON_TIME = re.compile(
    rf"({_HALF})?([0-9]{{1,2}}):([0-9]{{1,2}})(?::([0-9]{{1,2}})(?:\.[0-9]{{1,9}})?)?({_HALF})?(Z|[+-][0-9]{{2}}:?[0-9]{{2}})?"
)
_WORD_TIME = re.compile(rf"({_HALF})?({_N})[時點](?:整|(半)|({_N})分?(?:({_N})秒)?)?")
_LOOSE_SPACE = re.compile("(?<![0-9]) +| +(?![0-9])")
_WITH_MIDNIGHT = ("上午", "AM", "凌晨")
_MORNINGS = (*_WITH_MIDNIGHT, "早上")
_NO_HOUR = 24


def _clock(text: str) -> tuple[time, timedelta | None]:
    """A time of day, and its distance from UTC if a zone is written."""
    tight = _LOOSE_SPACE.sub("", text)
    if found := _COLON_TIME.fullmatch(tight):
        before, hour, minute, second, behind, zone = found.groups()
        if before and behind:
            _refuse("E-DAT-32")
        return _time_of(before or behind, int(hour), int(minute), int(second or 0)), _offset(zone)
    if found := _WORD_TIME.fullmatch(tight):
        half, hour, thirty, minute, second = found.groups()
        if half in _WITH_MIDNIGHT and _number(hour) == 12:
            _refuse("E-DAT-32", "可能是中午或半夜，請寫成12:00或00:00後重新上傳")
        return _time_of(half, _number(hour), 30 if thirty else _number(minute or "0"), _number(second or "0")), None
    _refuse("E-DAT-32")


def _time_of(half: str | None, hour: int, minute: int, second: int) -> time:
    try:
        return time(_hour_of_day((half or "").upper().replace(".", ""), hour), minute, second)
    except ValueError:
        _refuse("E-DAT-32")


def _hour_of_day(half: str, hour: int) -> int:
    """The hour from 0 to 23; 下午14時 is taken as it stands; `_NO_HOUR` where half and hour do not go together."""
    if not half:
        return hour
    if half in _MORNINGS:
        midnight = hour == 12 and half in _WITH_MIDNIGHT
        return 0 if midnight else hour if hour < 12 else _NO_HOUR
    if half == "中午":
        return {11: 11, 12: 12, 1: 13}.get(hour, _NO_HOUR)
    if half == "晚上" and hour in (0, 12):
        return _NO_HOUR
    return hour + 12 if hour < 12 else hour


def _offset(zone: str | None) -> timedelta | None:
    if zone is None or zone == "Z":
        return None if zone is None else timedelta(0)
    hours, minutes = int(zone[1:3]), int(zone[-2:])
    if hours > 14 or minutes > 59:
        _refuse("E-DAT-33", "時區寫法不明，" + _MEND)
    return timedelta(hours=hours, minutes=minutes) * (-1 if zone[0] == "-" else 1)


# --- quarters and windows --------------------------------------------------------------------------------------------

_QUARTER_IN_WORDS = re.compile(f"({_N})(?:年度?第?|第)({_N})季度?")
_QUARTER_LETTER = re.compile(f"({_N})(?:年度?)?[-/.]?[Qq]([0-9]{{1,2}})")
_QUARTER_ALONE = re.compile(f"第?({_N})季度?|[Qq]([0-9]{{1,2}})")


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
        return f"{_english_short(self.start) if same_year else english_month(self.start)}–{english_month(self.end)}"

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


# --- small helpers ---------------------------------------------------------------------------------------------------


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


def roc_date(day: date) -> str:
    """105年9月30日."""
    return f"{roc_month(day)}{day.day}日"


def roc_month(day: date) -> str:
    """105年9月."""
    return f"{day.year - ROC_OFFSET}年{day.month}月"


def english_date(day: date) -> str:
    """30 Sep 2016."""
    return f"{day.day} {english_month(day)}"


def english_month(day: date) -> str:
    """Sep 2016."""
    return f"{_english_short(day)} {day.year}"


def _english_short(day: date) -> str:
    return _ENGLISH_MONTHS[day.month - 1][:3].capitalize()


def roc_short(day: date) -> str:
    """105/09/30, for tables."""
    return f"{day.year - ROC_OFFSET}/{day.month:02d}/{day.day:02d}"


def clock_in_words(moment: time) -> str:
    """上午9時, 下午2時30分, 中午12時."""
    half = "中午" if moment.hour == 12 else "上午" if moment.hour < 12 else "下午"
    minutes = f"{moment.minute}分" if moment.minute else ""
    return f"{half}{moment.hour - 12 if moment.hour > 12 else moment.hour}時{minutes}"


def hours_in_words(start: time, end: time) -> str:
    """上午9時至12時, 下午2時至5時: the half of the day is said once where both ends lie in it."""
    first, last = clock_in_words(start), clock_in_words(end)
    if last.startswith("中午") or last[:2] == first[:2]:
        last = last[2:]
    return f"{first}至{last}"


def parse_month_option(text: str) -> date:
    """Read a month on a command line (105-01, 2016-01, 105年1月, 10501) and give its first day; else UsageError."""
    try:
        reading = parse_month(text)
    except CellError as error:
        raise UsageError(f"看不懂月份「{text[:20]}」，請寫成105-01、2016-01或105年1月") from error
    if reading.ask:
        raise UsageError(f"月份「{text[:20]}」不明確，請寫成105-01、2016-01或105年1月")
    return reading.value


def parse_quarter_option(text: str) -> Quarter:
    """Read a quarter on a command line (105Q3, 2016Q3, 105年第3季); else UsageError."""
    try:
        return parse_quarter(text)
    except CellError as error:
        raise UsageError(f"看不懂季別「{text[:20]}」，請寫成105Q3或105年第3季") from error


def taipei_today() -> date:
    """Today in Taipei, or the day SERVICE_QUALITY_TODAY (YYYY-MM-DD) sets; UsageError if that is no day."""
    chosen = os.environ.get(TODAY_VARIABLE, "").strip()
    if not chosen:
        return datetime.now(TAIPEI).date()
    try:
        return datetime.strptime(chosen, "%Y-%m-%d").date()
    except ValueError as error:
        raise UsageError(f"環境變數{TODAY_VARIABLE}必須是YYYY-MM-DD，例如2016-10-05") from error
