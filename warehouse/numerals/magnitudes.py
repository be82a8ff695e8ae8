"""How much the digits are: plain, in groups of three, with 萬, 億 and 兆, or as Excel shortens them."""

from __future__ import annotations

import re
from decimal import Decimal
from fractions import Fraction

from warehouse.numerals.column import MEND, MOST_DIGITS, Column
from warehouse.numerals.writing import round_half_up

_PLAIN = re.compile(r"(?:[0-9]++|[1-9][0-9]{0,2}(?:,[0-9]{3})++)(?:\.[0-9]++)?|\.[0-9]++")
_EXPONENT = re.compile(r"([0-9]++(?:\.[0-9]++)?)[eE]([+-]?)([0-9]++)")
_WAN_WORDS = (("兆", 12), ("億", 8), ("萬", 4))
WAN_SIGNS = re.compile("[兆億萬千百]")
_TOP = re.compile("[0-9]{1,18}|[1-9][0-9]{0,2}(?:,[0-9]{3}){1,5}")
_INNER = re.compile("[0-9]{1,4}|[0-9],[0-9]{3}")
_LOW_EXACT = re.compile(r"[0-9],?[0-9]{3}(?:\.[0-9]{1,12})?")
_LOW_SHORT = re.compile("[0-9]{2,3}")
_POINTED = re.compile(r"(?:[0-9]{1,18}|[1-9][0-9]{0,2}(?:,[0-9]{3}){1,5})\.[0-9]{1,12}")
_SPOKEN = re.compile(r"(?:([1-9](?:\.[0-9]{1,12})?)千)?(?:([1-9](?:\.[0-9]{1,12})?)百)?")


def magnitude(core: str, has_unit: bool, column: Column) -> tuple[Decimal, str | None] | None:
    """The value of digits, groups, 萬 numerals or Excel's exponent form; None if it is none of these."""
    if _PLAIN.fullmatch(core):
        return _exact(core, column), None
    if shortened := _EXPONENT.fullmatch(core):
        return _expanded(shortened, column), "W-NUM-15"
    return _mixed_numeral(core, has_unit, column) if WAN_SIGNS.search(core) else None


def _exact(digits: str, column: Column) -> Decimal:
    whole, _, tail = digits.replace(",", "").partition(".")
    whole, tail = whole.lstrip("0"), tail.rstrip("0")
    if len(whole) > MOST_DIGITS or len((whole + tail).lstrip("0")) > MOST_DIGITS:
        column.refuse("E-NUM-26", "位數過多，" + MEND)
    return Decimal(f"{whole or 0}.{tail}" if tail else whole or "0")


def _expanded(shortened: re.Match[str], column: Column) -> Decimal:
    mantissa, sign, power = shortened[1], shortened[2], shortened[3].lstrip("0") or "0"
    if len(power) > 3 or int(power) >= 308:
        column.refuse("E-NUM-14", "數值超出範圍，" + MEND)
    if not column.exponent:
        column.refuse("E-NUM-15", "Excel以科學記號縮寫，請將儲存格格式改為數值、補回完整數字後重新上傳")
    value = Fraction(_exact(mantissa, column)) * Fraction(10) ** int(sign + power)
    if value >= 10**MOST_DIGITS:
        column.refuse("E-NUM-26", "位數過多，" + MEND)
    if value.denominator != 1:
        column.refuse("E-NUM-25")
    return Decimal(int(value))


def _mixed_numeral(core: str, has_unit: bool, column: Column) -> tuple[Decimal, str | None] | None:
    """1萬6,853 exact; 3.5萬, 1億2千萬 and a bare 3萬 with a question; 3萬5 and 1億2千, which have two meanings, None."""
    total, rest, loose, last_word = Fraction(0), core, False, ""
    for word, power in _WAN_WORDS:
        head, found, tail = rest.partition(word)
        if not found:
            continue
        rest = tail.strip()
        term = _coefficient(head.strip(), at_top=not last_word, last=not rest)
        if term is None:
            return None
        total, loose, last_word = total + term[0] * 10**power, loose or term[1], word
    lowest = _low_group(rest, last_word) if rest else (Fraction(0), not has_unit)
    if lowest is None:
        return None
    total, loose = total + lowest[0], loose or lowest[1]
    if total >= 10**MOST_DIGITS:
        column.refuse("E-NUM-26", "位數過多，" + MEND)
    return _as_decimal(total), "W-NUM-07" if loose else None


def _coefficient(text: str, at_top: bool, last: bool) -> tuple[Fraction, bool] | None:
    """What stands before 兆, 億 or 萬, and whether it reads like a rounded figure."""
    if (_TOP if at_top else _INNER).fullmatch(text):
        return Fraction(text.replace(",", "")), False
    if last and _POINTED.fullmatch(text):
        return Fraction(text.replace(",", "")), True
    return _spoken(text, pointed=last)


def _low_group(text: str, behind: str) -> tuple[Fraction, bool] | None:
    """What stands behind the last of 兆, 億, 萬: four digits are exact; behind 萬 two or three may lack a zero, one is ambiguous.

    Behind 億 anything else is ambiguous: 1億2千 is said for 120,000,000.
    """
    if _LOW_EXACT.fullmatch(text):
        return Fraction(text.replace(",", "")), False
    if behind in ("億", "兆"):
        return None
    if _LOW_SHORT.fullmatch(text):
        return Fraction(text), True
    return _spoken(text, pointed=True)


def _spoken(text: str, pointed: bool) -> tuple[Fraction, bool] | None:
    """2千, 2千5百, 1.5千: always a rounded way of speaking."""
    found = _SPOKEN.fullmatch(text)
    if not found or not text or ("." in text and not pointed) or ("." in (found[1] or "") and found[2]):
        return None
    return Fraction(found[1] or 0) * 1000 + Fraction(found[2] or 0) * 100, True


def _as_decimal(value: Fraction) -> Decimal:
    if value.denominator == 1:
        return Decimal(value.numerator)
    return Decimal(f"{round_half_up(value, 12):f}".rstrip("0"))
