"""One cell read as a whole number or one with decimals."""

from __future__ import annotations

from decimal import Decimal
from fractions import Fraction

from warehouse.errors import Reading
from warehouse.numerals.affixes import unit_words, without_hedge, without_hedge_inside, without_sign_and_unit
from warehouse.numerals.cleaning import CELL_LIMIT, clean, has_odd_digits
from warehouse.numerals.column import MEND, MOST_DIGITS, Column
from warehouse.numerals.magnitudes import magnitude
from warehouse.numerals.refusals import ONLY_NUMBER_SIGNS, refuse_unread
from warehouse.numerals.writing import round_half_up

_INTEGER_EXPECTED = "整數，例如8571或8,571"
_FLOAT_TAIL = 6


def parse_integer(text: str, *, units: tuple[str, ...] = (), signed: bool = False, money: bool = False) -> Reading[int]:
    """Read a whole number.

    units: words that may stand behind the digits (`("件",)`); money also allows 元, NT$ and 1.2E+11.
    Plain: 8571, 8,571, 010, +5, 99.0, -0, 1萬6,853, 13萬0,292, 8,395萬2,914元, 1萬元.
    Asks: W-NUM-07 rounded or hedged (3.5萬, 3萬, 1億2千萬, 約300, 54萬9,203以上), W-NUM-11 negative (only if `signed`),
    W-NUM-15 shortened by Excel (only if `money`), W-NUM-17 leading apostrophe.
    Refused (CellError): E-NUM-03…E-NUM-08, E-NUM-11, E-NUM-13…E-NUM-16, E-NUM-19…E-NUM-22, E-NUM-25 not whole,
    E-NUM-26 too many digits, E-NUM-27 odd digits, E-EXCEL-DATE, E-FORMULA.
    """
    if len(text) <= MOST_DIGITS and text.isascii() and text.isdigit():
        return Reading(int(text))
    column = Column(_INTEGER_EXPECTED, unit_words(units, money), signed, money)
    value, ask = _read(text, column)
    return Reading(_whole(value, column), ask)


def parse_decimal(
    text: str,
    *,
    places: int = 2,
    units: tuple[str, ...] = (),
    signed: bool = False,
    percent: bool = False,
    money: bool = False,
) -> Reading[Decimal]:
    """Read a number with at most `places` decimals; percent allows a trailing % (95％, 95﹪), whose value is 95.

    A float tail (more than `places` + 6 decimals, as in 99.99999999999999) is rounded half-up; trailing zeros do not count.
    Asks and refusals as in `parse_integer`, but for E-NUM-25; in addition E-NUM-24 too many decimals, and E-NUM-26 if it does
    not fit DECIMAL(18, places).
    """
    words = unit_words(units + (("%",) if percent else ()), money)
    column = Column(f"數字，例如97.14，小數最多{places}位", words, signed, money)
    value, ask = _read(text, column)
    rounded = _to_places(value, places, column)
    if abs(rounded) >= 10 ** (MOST_DIGITS - places):
        column.refuse("E-NUM-26", "位數過多，" + MEND)
    return Reading(rounded, ask)


def _read(text: str, column: Column) -> tuple[Decimal, str | None]:
    """The exact value of the cell, and the gravest question about it."""
    body = _checked_text(text, column)
    apostrophe = body[0] in "'’"
    hedge_free, hedged = without_hedge(body[1:].strip() if apostrophe else body)
    core, negative, has_unit = without_sign_and_unit(hedge_free, column.units)
    core, inner_hedge = without_hedge_inside(core)
    value, ask = magnitude(core, has_unit, column) or refuse_unread(body, core, column)
    if hedged or inner_hedge:
        ask = "W-NUM-07"
    if negative and value:
        if not column.signed:
            column.refuse("E-NUM-11", "這一欄不能是負數，" + MEND)
        return -value, "W-NUM-11"
    return value, ask or ("W-NUM-17" if apostrophe else None)


def _checked_text(text: str, column: Column) -> str:
    body = clean(text)
    if not body:
        column.refuse("E-NUM-22", "這一欄不能空白，請在原檔補上後重新上傳")
    if has_odd_digits(text):
        column.refuse("E-NUM-27", "請改用阿拉伯數字0到9後重新上傳")
    if len(body) > CELL_LIMIT:
        column.refuse("E-NUM-26" if ONLY_NUMBER_SIGNS.fullmatch(body) else "E-NUM-20")
    if body.lstrip("'’ ")[:1] in ("=", "@"):
        column.refuse("E-FORMULA", "請貼上計算後的數值再重新上傳")
    if not body.strip("'’ "):
        column.refuse("E-NUM-21")
    return body


def _whole(value: Decimal, column: Column) -> int:
    """99.0 is 99; 99.99999999999999 (a float tail of 100) is 100; 99.5 and 33.333333333333336 are no counts."""
    whole = int(value)
    if whole == value:
        return whole
    tail = f"{abs(value):f}".partition(".")[2]
    if len(tail) > _FLOAT_TAIL and tail[:_FLOAT_TAIL] in ("0" * _FLOAT_TAIL, "9" * _FLOAT_TAIL):
        return int(round_half_up(Fraction(value), 0))
    column.refuse("E-NUM-25", "這一欄不能有小數，" + MEND)


def _to_places(value: Decimal, places: int, column: Column) -> Decimal:
    decimals = len(f"{value:f}".partition(".")[2])
    if decimals <= places:
        return value
    if decimals <= places + _FLOAT_TAIL:
        column.refuse("E-NUM-24", "小數位數過多，" + MEND)
    return round_half_up(Fraction(value), places)
