"""A cell before it is matched: cleaned, and the digits of its words told."""

from __future__ import annotations

import re

from warehouse.numerals import CELL_LIMIT, CHINESE_NUMERALS, chinese_digits, clean, has_odd_digits
from warehouse.period.refusal import MEND, refuse

#: A year, month or day in digits or in words.
NUMERAL = f"[0-9元{CHINESE_NUMERALS}]{{1,10}}"

_BEFORE_THE_REPUBLIC = re.compile("(?:中華)?民國?前|-[0-9]++[/.-][0-9]++[/.-]")
_JAPANESE = re.compile("(?:[MTSHRmtshr][0-9]{1,2}(?![0-9A-Za-z])|令和|平成|昭和|大正|明治)")
_WEEK_OR_LUNAR = re.compile("[0-9-][Ww][0-9]|第[^週周]{1,3}[週周]|農曆|陰曆|正月|臘月|除夕|初[一二三四五六七八九十]")
_ROUND_SIGNS = re.compile(r" *([年月日號時點分秒季度第/.\-~至到]) *")
_FLOAT_ZERO = re.compile(r"([0-9]{5,8})\.0++")

#: Spaces that part no two numbers.
LOOSE_SPACE = re.compile("(?<![0-9]) +| +(?![0-9])")


def checked_text(text: str) -> str:
    """Cleaned text, without what no date, month, quarter or time may hold."""
    body = clean(text)
    if not body:
        refuse("E-NUM-22")
    if has_odd_digits(text):
        refuse("E-NUM-27")
    if len(body) > CELL_LIMIT:
        refuse("E-DAT-01")
    body = body.removeprefix("'").removeprefix("’").strip()
    if body[:1] in ("=", "@"):
        refuse("E-FORMULA")
    if _BEFORE_THE_REPUBLIC.match(body):
        refuse("E-DAT-20", "沒有民國前的資料，" + MEND)
    if _JAPANESE.match(body):
        refuse("E-DAT-23")
    if _WEEK_OR_LUNAR.search(body):
        refuse("E-DAT-35")
    return body


def tightened(body: str) -> str:
    """Without spaces round the signs of a date, and without the idle decimals of a number cell (10509.0)."""
    tight = _ROUND_SIGNS.sub(r"\1", body) if " " in body else body
    idle = _FLOAT_ZERO.fullmatch(tight)
    return idle[1] if idle else tight


def digits_of(token: str) -> str:
    """The digits of a year, month or day in words: 105, 一○五, 一百零五, 元."""
    if token.isascii() and token.isdigit():
        return token
    return "1" if token == "元" else chinese_digits(token) or refuse("E-DAT-01")


def number_of(token: str) -> int:
    """The number that digits or words are."""
    return int(digits_of(token))


def two_digits(digits: str) -> int:
    """A month or day in digits: more than two are none."""
    return int(digits) if len(digits) <= 2 else refuse("E-DAT-17")
