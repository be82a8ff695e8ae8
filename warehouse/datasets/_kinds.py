"""Kinds of cell: how one spelling becomes a value, and in what type the value is kept."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from datetime import date
from decimal import Decimal
from typing import Any

import polars as pl

from warehouse import numerals, period
from warehouse.errors import CellError, Reading
from warehouse.intake.header import heading_key

_NOTHING = frozenset({"無", "-", "－", "—", "─", "–"})
_CONTROL = re.compile("[\x00-\x08\x0b-\x1f\x7f-\x9f\ufffe\uffff]")
_DIRECTION = re.compile("[\u202a-\u202e\u2066-\u2069]")
_USER_DEFINED = re.compile("[\ue000-\uf8ff]")
_TEXT_MARK = re.compile("^['’](?=[0-9A-Za-z])")
_SPACES = re.compile("[ \t\u3000\xa0\u200b-\u200f\ufeff]+")


@dataclass(frozen=True)
class Context:
    """What a cell may need to know besides itself: the year its table is about (AD), today, and how sites are written."""

    today: date
    year: int | None = None
    sites: Mapping[str, int] = field(default_factory=dict)


class Kind:
    """How a column's cells are read. `dtype` and `sql` are the type kept; `blank_words` are spellings of "nothing"."""

    dtype: pl.DataType | type[pl.DataType]
    sql: str
    blank_words: frozenset[str] = frozenset()
    blank_value: Any = None
    is_number = False
    free_text = False

    def parse(self, text: str, context: Context) -> Reading[Any]:
        """The value of a cell that is not blank; raises `CellError`."""
        raise NotImplementedError

    def read(self, text: str, context: Context) -> Reading[Any]:
        """The value of any cell; None for a blank one."""
        if numerals.is_blank(text):
            return Reading(None)
        if self.blank_words and numerals.clean(text) in self.blank_words:
            return Reading(self.blank_value)
        return self.parse(text, context)


class Text(Kind):
    """Words kept as they are, without surrounding spaces. `key`: spaces and invisible characters inside are removed, an apostrophe
    before it too (Excel's mark of text), others refused."""

    dtype, sql = pl.String, "VARCHAR"
    blank_words = frozenset()

    def __init__(self, *, key: bool = False, free: bool = False, agency: bool = False, drop_dash: bool = False) -> None:
        self.key, self.agency = key, agency
        self.free_text = free or key
        if drop_dash:
            self.blank_words = _NOTHING

    def parse(self, text: str, context: Context) -> Reading[str]:
        """Refuses control characters (`E-CONTROL`) and, in a key, direction marks, U+FFFD, 造字 and line ends."""
        text = text.replace("_x000D_", "").strip(" \t\u3000\xa0\ufeff\u200b\n")
        if _CONTROL.search(text):
            raise CellError("E-CONTROL", "沒有控制字元的文字")
        if self.key or self.agency:
            return Reading(self._as_key(text))
        return Reading(text, "W-ENC-24" if "\ufffd" in text else None)

    def _as_key(self, text: str) -> str:
        if _DIRECTION.search(text):
            raise CellError("E-TXT-09", "沒有文字方向控制符的文字")
        if "\ufffd" in text:
            raise CellError("E-ENC-24", "沒有「\ufffd」（亂碼）的文字")
        if _USER_DEFINED.search(text):
            raise CellError("E-EUDC", "沒有造字的文字", "請改用一般字元後重新上傳")
        if "\n" in text or "\x0b" in text or "\u2028" in text or "\x85" in text:
            raise CellError("E-CSV-12", "不換行的文字")
        plain = _TEXT_MARK.sub("", _SPACES.sub("", unicodedata.normalize("NFKC", text)))
        return plain.replace("台", "臺") if self.agency else plain


class Integer(Kind):
    """A count. 「無」 and dashes mean 0; units named here may stand behind the figure."""

    dtype, sql, is_number = pl.Int64, "BIGINT", True
    blank_words, blank_value = _NOTHING, 0

    def __init__(self, *units: str, low: int | None = 0, high: int | None = None, nothing: int | None = 0) -> None:
        self.units, self.low, self.high = units, low, high
        self.blank_value = nothing

    def parse(self, text: str, context: Context) -> Reading[int]:
        """See `numerals.parse_integer`."""
        return numerals.parse_integer(text, units=self.units)


class Money(Integer):
    """Whole New Taiwan dollars; a refund may be negative after confirmation. Kept as DECIMAL(18,2)."""

    dtype, sql = pl.Decimal(18, 2), "DECIMAL(18,2)"

    def __init__(self, *, factor: int = 1, signed: bool = True) -> None:
        super().__init__("元", low=None)
        self.factor, self.signed = factor, signed
        self.blank_value = Decimal(0)

    def parse(self, text: str, context: Context) -> Reading[Decimal]:
        """See `numerals.parse_integer`; a negative amount asks `W-NUM-11`."""
        reading = numerals.parse_integer(text, units=self.units, signed=self.signed, money=True)
        return Reading(Decimal(reading.value * self.factor), reading.ask)


class Number(Kind):
    """A figure with decimals, between two bounds."""

    is_number = True
    blank_words, blank_value = _NOTHING, None

    def __init__(self, *units: str, places: int = 2, low: float | None = None, high: float | None = None, signed: bool = False) -> None:
        self.units, self.places, self.low, self.high, self.signed = units, places, low, high, signed
        self.dtype, self.sql = pl.Decimal(18, places), f"DECIMAL(18,{places})"

    def parse(self, text: str, context: Context) -> Reading[Decimal]:
        """See `numerals.parse_decimal`; a sign is no question where the column has one by nature (加減分)."""
        reading = numerals.parse_decimal(text, places=self.places, units=self.units, signed=self.signed)
        return Reading(reading.value) if reading.ask == "W-NUM-11" else reading


class Day(Kind):
    """A date, ROC or western; later than today is refused (`E-DAT-24`) unless `future`."""

    dtype, sql = pl.Date, "DATE"
    blank_words = _NOTHING

    def __init__(self, *, future: bool = False) -> None:
        self.future = future

    def parse(self, text: str, context: Context) -> Reading[date]:
        """See `period.parse_date`."""
        reading = period.parse_date(text, year=context.year)
        return Reading(_not_later(reading.value, context, self.future), reading.ask)


class Days(Kind):
    """One day or a range of days, 「105年1月18日至2月3日」; fills two columns."""

    dtype, sql = pl.Date, "DATE"

    def parse(self, text: str, context: Context) -> Reading[tuple[date, date]]:
        """See `period.parse_date_range`."""
        reading = period.parse_date_range(text)
        start, end = reading.value
        return Reading((start, _not_later(end, context, False)), reading.ask)


class Month(Kind):
    """A month, kept as its first day; the current or a later month is a question of the whole file."""

    dtype, sql = pl.Date, "DATE"

    def parse(self, text: str, context: Context) -> Reading[date]:
        """See `period.parse_month`."""
        reading = period.parse_month(text, year=context.year)
        return Reading(_not_later(reading.value, context, False), reading.ask)


class QuarterEnd(Month):
    """A quarter, kept as the first day of its last month."""

    def parse(self, text: str, context: Context) -> Reading[date]:
        """See `period.parse_quarter`."""
        quarter = period.parse_quarter(text, year=context.year)
        return Reading(_not_later(quarter.window.end, context, False))


class Clock(Kind):
    """A time of day."""

    dtype, sql = pl.Time, "TIME"
    blank_words = _NOTHING

    def parse(self, text: str, context: Context) -> Reading[Any]:
        """See `period.parse_time`."""
        return period.parse_time(text)


@dataclass(frozen=True)
class Option:
    """One answer of a list: the number kept, its code in SQL and in blocks, the word on paper, other spellings."""

    number: int
    code: str
    word: str
    others: tuple[str, ...] = ()


class Choice(Kind):
    """One of a list of answers; kept as a small integer, with `dim_option` for the words."""

    dtype, sql = pl.UInt8, "UTINYINT"

    def __init__(self, *options: Option, code: str = "E-CHOICE") -> None:
        self.options, self.code = options, code
        self._numbers = {heading_key(word): option.number for option in options for word in (option.word, option.code, *option.others)}

    def parse(self, text: str, context: Context) -> Reading[int]:
        """Refuses what is not on the list; the list is shown."""
        number = self._numbers.get(heading_key(text))
        if number is None:
            raise CellError(self.code, "「" + "」「".join(option.word for option in self.options) + "」之一")
        return Reading(number)


class Site(Kind):
    """A place of service by any of its names; kept as its number in `dim_site`. Never made by an upload."""

    dtype, sql = pl.UInt8, "UTINYINT"
    blank_words = _NOTHING

    def parse(self, text: str, context: Context) -> Reading[int]:
        """Refuses an unknown name with `E-OFFICE` and offers the nearest."""
        number = context.sites.get(heading_key(text))
        if number is None:
            raise CellError("E-OFFICE", "已登錄的服務處所名稱，例如宜蘭、基隆")
        return Reading(number)


class YesNo(Kind):
    """Yes or no in the usual marks."""

    dtype, sql = pl.Boolean, "BOOLEAN"
    blank_words, blank_value = _NOTHING, False

    #: As the office writes them.
    YES, NO = "是", "否"

    _MARKS: Mapping[str, bool] = {
        **dict.fromkeys(("是", "有", "y", "yes", "true", "v", "ˇ", "✓", "✔", "1", "○"), True),
        **dict.fromkeys(("否", "無", "n", "no", "false", "x", "✗", "0"), False),
    }

    def __init__(self, words: Mapping[str, bool] | None = None) -> None:
        self._marks = {heading_key(word): value for word, value in (words or self._MARKS).items()}

    def parse(self, text: str, context: Context) -> Reading[bool]:
        """Refuses any other mark with `E-TXT-25`."""
        value = self._marks.get(heading_key(text))
        if value is None:
            raise CellError("E-TXT-25", "「是」或「否」")
        return Reading(value)


def _not_later(day: date, context: Context, future: bool) -> date:
    if not future and day > context.today:
        raise CellError("E-DAT-24", f"不晚於今天（{period.roc_date(context.today)}）的日期")
    return day


Parser = Callable[[str, Context], Reading[Any]]
