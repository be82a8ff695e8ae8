"""Numbers as clerks write them, and numbers as official documents print them.

Reading: `parse_integer` and `parse_decimal` take one cell and give a `Reading` (value, and the code of a question if the clerk
must confirm it) or raise `CellError` with the code of the finding. Nothing is guessed: what has two meanings is refused.
Writing: `format_number` (83,952,914) and `format_wan` (8,395萬2,914). Rounding is half-up on exact fractions, never on floats.

All patterns are linear and see at most `CELL_LIMIT` characters.
"""

from __future__ import annotations

import re
import unicodedata
from dataclasses import dataclass
from decimal import Decimal
from fractions import Fraction
from functools import lru_cache
from typing import NoReturn

from warehouse.errors import CellError, Reading

#: A cell with more characters than this (after cleaning) is no number and no date.
CELL_LIMIT = 100
#: The most significant digits a number may have: what DECIMAL(18, …) and BIGINT hold for certain.
MOST_DIGITS = 18

_ZERO_WIDTH = re.compile("[\u200b-\u200f\u2060\ufeff]")
_CARRIAGE_RETURN = "_x000D_"
_NORMALISE_AT_ONCE = 1000


def clean(text: str) -> str:
    """Give the cell without zero-width characters, `_x000D_` and surrounding spaces (half or full width), in NFKC form.

    Refuses nothing. NFKC turns ① and ½ into plain digits: number and date parsers ask `has_odd_digits` first.
    """
    if text.isascii():
        return text.replace(_CARRIAGE_RETURN, "").strip()
    return _nfkc(_ZERO_WIDTH.sub("", text)).replace(_CARRIAGE_RETURN, "").strip()


def is_blank(text: str) -> bool:
    """True if nothing is left after cleaning: empty, spaces, full-width spaces, zero-width characters."""
    return not clean(text)


def has_odd_digits(text: str) -> bool:
    """True if the raw text holds digits that are neither 0-9 nor full-width: ٣, Ⅷ, ½, ①, ², 𝟏, ㋈ (to be refused, E-NUM-27)."""
    return not text.isascii() and any(_is_odd_digit(char) for char in text)


def is_formula(text: str) -> bool:
    """True if the cleaned text would be run as a formula by a spreadsheet: =…, @…, +1+1, -A1."""
    return text[:1] in ("=", "@") or _SIGNED_FORMULA.match(text) is not None


_SIGNED_FORMULA = re.compile(r"[+-](?:[A-Za-z(]|[0-9.]++[-+*/(])")


def _nfkc(text: str) -> str:
    # In pieces when long: sorting one run of 50,000 combining marks would take seconds.
    if len(text) <= _NORMALISE_AT_ONCE:
        return unicodedata.normalize("NFKC", text)
    pieces = range(0, len(text), _NORMALISE_AT_ONCE)
    return "".join(unicodedata.normalize("NFKC", text[at : at + _NORMALISE_AT_ONCE]) for at in pieces)


@lru_cache(maxsize=4096)
def _is_odd_digit(char: str) -> bool:
    if char.isascii() or "０" <= char <= "９" or char == "〇":
        return False
    if unicodedata.category(char) in ("Nd", "Nl", "No"):
        return True
    return _ANY_DIGIT.search(unicodedata.normalize("NFKC", char)) is not None


_ANY_DIGIT = re.compile("[0-9]")


# --- reading ---------------------------------------------------------------------------------------------------------


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
    column = _Column(_INTEGER_EXPECTED, _unit_words(units, money), signed, money)
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
    words = _unit_words(units + (("%",) if percent else ()), money)
    column = _Column(f"數字，例如97.14，小數最多{places}位", words, signed, money)
    value, ask = _read(text, column)
    rounded = _to_places(value, places, column)
    if abs(rounded) >= 10 ** (MOST_DIGITS - places):
        column.refuse("E-NUM-26", "位數過多，" + _MEND)
    return Reading(rounded, ask)


_INTEGER_EXPECTED = "整數，例如8571或8,571"
_MEND = "請在原檔改正後重新上傳"


@dataclass(frozen=True, slots=True)
class _Column:
    """What the column allows, and how to refuse a cell of it."""

    expected: str
    units: tuple[str, ...]
    signed: bool
    exponent: bool

    def refuse(self, code: str, mend: str = _MEND) -> NoReturn:
        raise CellError(code, self.expected, mend)


def _unit_words(units: tuple[str, ...], money: bool) -> tuple[str, ...]:
    words = {clean(unit) for unit in units} - {""}
    if money or "元" in words:
        words |= {"元", "元整"}
    return tuple(sorted(words, key=len, reverse=True))


def _read(text: str, column: _Column) -> tuple[Decimal, str | None]:
    """The exact value of the cell, and the gravest question about it."""
    body = _checked_text(text, column)
    apostrophe = body[0] in "'’"
    hedge_free, hedged = _without_hedge(body[1:].strip() if apostrophe else body)
    core, negative, has_unit = _without_sign_and_unit(hedge_free, column.units)
    core, inner_hedge = _without_hedge_inside(core)
    value, ask = _magnitude(core, has_unit, column) or _refuse_unread(body, core, column)
    if hedged or inner_hedge:
        ask = "W-NUM-07"
    if negative and value:
        if not column.signed:
            column.refuse("E-NUM-11", "這一欄不能是負數，" + _MEND)
        return -value, "W-NUM-11"
    return value, ask or ("W-NUM-17" if apostrophe else None)


def _checked_text(text: str, column: _Column) -> str:
    body = clean(text)
    if not body:
        column.refuse("E-NUM-22", "這一欄不能空白，請在原檔補上後重新上傳")
    if has_odd_digits(text):
        column.refuse("E-NUM-27", "請改用阿拉伯數字0到9後重新上傳")
    if len(body) > CELL_LIMIT:
        column.refuse("E-NUM-26" if _ONLY_NUMBER_SIGNS.fullmatch(body) else "E-NUM-20")
    if body.lstrip("'’ ")[:1] in ("=", "@"):
        column.refuse("E-FORMULA", "請貼上計算後的數值再重新上傳")
    if not body.strip("'’ "):
        column.refuse("E-NUM-21")
    return body


_ONLY_NUMBER_SIGNS = re.compile("[0-9.,]++")

_HEDGES_BEFORE = re.compile("(?:已經|已|約)?(?:超過|將近|大約|接近|至少|高達|約計|約|近|逾|達|等) *+")
_HEDGES_AFTER = ("以上", "左右", "上下", "之譜", "餘", "多", "許")


def _without_hedge(body: str) -> tuple[str, bool]:
    """約、近、逾…before and 以上、左右…behind are taken off; the flag says whether there was one."""
    before = _HEDGES_BEFORE.match(body)
    rest = body[before.end() :] if before else body
    after = next((word for word in _HEDGES_AFTER if rest.endswith(word)), "")
    return rest.removesuffix(after).strip(), bool(before or after)


def _without_hedge_inside(core: str) -> tuple[str, bool]:
    """300多件 has lost its unit here: 300多. 10餘萬 hedges the 10."""
    rest, hedged = _without_hedge(core)
    bare = re.sub("[餘多](?=[萬億兆])", "", rest, count=1)
    return bare, hedged or bare != rest


_CURRENCY = re.compile(r"(?:新臺幣|新台幣|[Nn][Tt]\$?|[$¥]) *+")
_MINUS_BEFORE = ("-", "\u2212", "\u2013", "▲", "△")


def _without_sign_and_unit(body: str, units: tuple[str, ...]) -> tuple[str, bool, bool]:
    """-NT$5, NT$-5, (5元), (5)元, 5-, ▲5, +5 → the digits, whether negative, whether a unit was written."""
    rest, unit_outside = _without_unit(body, units)
    rest, negative = _without_sign(rest)
    rest, unit_inside = _without_unit(rest, units)
    return rest, negative, unit_outside or unit_inside


def _without_unit(body: str, units: tuple[str, ...]) -> tuple[str, bool]:
    currency = _CURRENCY.match(body) if "元" in units else None
    rest = body[currency.end() :] if currency else body
    unit = next((word for word in units if rest.endswith(word)), "")
    return rest.removesuffix(unit).strip(), bool(currency or unit)


def _without_sign(body: str) -> tuple[str, bool]:
    if len(body) > 2 and body[0] == "(" and body[-1] == ")":
        return body[1:-1].strip(), True
    if body.startswith(_MINUS_BEFORE):
        return body[1:].strip(), True
    if body.endswith(("-", "\u2212")):
        return body[:-1].strip(), True
    return body.removeprefix("+").strip(), False


_PLAIN = re.compile(r"(?:[0-9]++|[1-9][0-9]{0,2}(?:,[0-9]{3})++)(?:\.[0-9]++)?|\.[0-9]++")
_EXPONENT = re.compile(r"([0-9]++(?:\.[0-9]++)?)[eE]([+-]?)([0-9]++)")


def _magnitude(core: str, has_unit: bool, column: _Column) -> tuple[Decimal, str | None] | None:
    """The value of digits, groups, 萬 numerals or Excel's exponent form; None if it is none of these."""
    if _PLAIN.fullmatch(core):
        return _exact(core, column), None
    if shortened := _EXPONENT.fullmatch(core):
        return _expanded(shortened, column), "W-NUM-15"
    return _mixed_numeral(core, has_unit, column) if _WAN_SIGNS.search(core) else None


def _exact(digits: str, column: _Column) -> Decimal:
    whole, _, tail = digits.replace(",", "").partition(".")
    whole, tail = whole.lstrip("0"), tail.rstrip("0")
    if len(whole) > MOST_DIGITS or len((whole + tail).lstrip("0")) > MOST_DIGITS:
        column.refuse("E-NUM-26", "位數過多，" + _MEND)
    return Decimal(f"{whole or 0}.{tail}" if tail else whole or "0")


def _expanded(shortened: re.Match[str], column: _Column) -> Decimal:
    mantissa, sign, power = shortened[1], shortened[2], shortened[3].lstrip("0") or "0"
    if len(power) > 3 or int(power) >= 308:
        column.refuse("E-NUM-14", "數值超出範圍，" + _MEND)
    if not column.exponent:
        column.refuse("E-NUM-15", "Excel以科學記號縮寫，請將儲存格格式改為數值、補回完整數字後重新上傳")
    value = Fraction(_exact(mantissa, column)) * Fraction(10) ** int(sign + power)
    if value >= 10**MOST_DIGITS:
        column.refuse("E-NUM-26", "位數過多，" + _MEND)
    if value.denominator != 1:
        column.refuse("E-NUM-25")
    return Decimal(int(value))


# --- 萬, 億, 兆 --------------------------------------------------------------------------------------------------------

_WAN_WORDS = (("兆", 12), ("億", 8), ("萬", 4))
_WAN_SIGNS = re.compile("[兆億萬千百]")
_TOP = re.compile("[0-9]{1,18}|[1-9][0-9]{0,2}(?:,[0-9]{3}){1,5}")
_INNER = re.compile("[0-9]{1,4}|[0-9],[0-9]{3}")
_LOW_EXACT = re.compile(r"[0-9],?[0-9]{3}(?:\.[0-9]{1,12})?")
_LOW_SHORT = re.compile("[0-9]{2,3}")
_POINTED = re.compile(r"(?:[0-9]{1,18}|[1-9][0-9]{0,2}(?:,[0-9]{3}){1,5})\.[0-9]{1,12}")
_SPOKEN = re.compile(r"(?:([1-9](?:\.[0-9]{1,12})?)千)?(?:([1-9](?:\.[0-9]{1,12})?)百)?")


def _mixed_numeral(core: str, has_unit: bool, column: _Column) -> tuple[Decimal, str | None] | None:
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
        column.refuse("E-NUM-26", "位數過多，" + _MEND)
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


# --- to the column's scale -------------------------------------------------------------------------------------------

_FLOAT_TAIL = 6


def _whole(value: Decimal, column: _Column) -> int:
    """99.0 is 99; 99.99999999999999 (a float tail of 100) is 100; 99.5 and 33.333333333333336 are no counts."""
    whole = int(value)
    if whole == value:
        return whole
    tail = f"{abs(value):f}".partition(".")[2]
    if len(tail) > _FLOAT_TAIL and tail[:_FLOAT_TAIL] in ("0" * _FLOAT_TAIL, "9" * _FLOAT_TAIL):
        return int(round_half_up(Fraction(value), 0))
    column.refuse("E-NUM-25", "這一欄不能有小數，" + _MEND)


def _to_places(value: Decimal, places: int, column: _Column) -> Decimal:
    decimals = len(f"{value:f}".partition(".")[2])
    if decimals <= places:
        return value
    if decimals <= places + _FLOAT_TAIL:
        column.refuse("E-NUM-24", "小數位數過多，" + _MEND)
    return round_half_up(Fraction(value), places)


# --- why a cell was not read -----------------------------------------------------------------------------------------

_NO_NUMBER = re.compile(r"[+-]?(?:nan|inf|infinity|∞|1\.#[a-z]{3,4})", re.IGNORECASE)
_HEXADECIMAL = re.compile("[+-]?0(?:x[0-9a-f]++|o[0-7]++|b[01]++)", re.IGNORECASE)
_DATE_LIKE = re.compile(
    r"[0-9]{1,4}[-/][0-9]{1,2}(?:[-/][0-9]{1,4})?(?:[ T][0-9:.]++)?"
    r"|(?:[0-9]{1,4}年)? *(?:[0-9]{1,2}月)? *[0-9]{1,2}[月日]"
    r"|[0-9]{1,4}[- ][A-Za-z]{3}(?:[- ][0-9]{2,4})?|[A-Za-z]{3}-[0-9]{1,4}"
)
_UNDERSCORED = re.compile("[0-9]++(?:_[0-9]++)++(?:[.][0-9]++)?")
_SPACED = re.compile("[0-9]{1,3}(?:[ '’][0-9]{1,3})++(?:[.][0-9]++)?")
_FOREIGN_UNIT = re.compile(r"(?:[A-Za-z]{0,2}\$|新臺幣|新台幣|€|£|¥)? *[0-9][0-9,. 兆億萬千百]*+(?:[%‰℃°]|[一-鿿]{1,6})?")
_MALFORMED_WAN = re.compile("[0-9,. 兆億萬千百]++")
_CHINESE_WITH_COUNTER = re.compile(
    "([〇零○◯一二三四五六七八九十百千萬億兆廿卅兩壹貳參肆伍陸柒捌玖拾佰仟]++)[餘多]?[件人次個元分天日筆案場名位份通戶月]?"
)


def _refuse_unread(body: str, core: str, column: _Column) -> NoReturn:
    """Say why: `body` is the whole cell, `core` what is left of it without hedge, sign and unit."""
    if _NO_NUMBER.fullmatch(body):
        column.refuse("E-NUM-13")
    if _HEXADECIMAL.fullmatch(body):
        column.refuse("E-NUM-16")
    if is_formula(body) and not _CURRENCY.match(body[1:]):
        column.refuse("E-FORMULA", "請貼上計算後的數值再重新上傳")
    if _DATE_LIKE.fullmatch(body):
        column.refuse("E-EXCEL-DATE", "Excel已把數字轉成日期，請將儲存格格式改為文字、重新輸入後上傳")
    if _UNDERSCORED.fullmatch(core):
        column.refuse("E-NUM-06")
    if _ONLY_NUMBER_SIGNS.fullmatch(core) and _ANY_DIGIT.search(core):
        column.refuse(_separator_code(core), "千分位請每三位一個逗號，小數點請用「.」，改正後重新上傳")
    if _SPACED.fullmatch(core):
        column.refuse("E-NUM-04", "數字中間不能有空格或撇號，改正後重新上傳")
    _refuse_chinese(core, column)
    if _MALFORMED_WAN.fullmatch(core) and _WAN_SIGNS.search(core):
        column.refuse("E-NUM-07", "請改寫成完整的阿拉伯數字，例如16,853，再重新上傳")
    if _FOREIGN_UNIT.fullmatch(core):
        column.refuse("E-NUM-19", "單位與這一欄不符，" + _MEND)
    column.refuse("E-NUM-20" if _ANY_DIGIT.search(body) else "E-NUM-21")


def _separator_code(core: str) -> str:
    if core.count(".") > 1 or "." in core.rpartition(",")[0]:
        return "E-NUM-05"
    return "E-NUM-03" if "," in core else "E-NUM-20"


def _refuse_chinese(core: str, column: _Column) -> None:
    found = _CHINESE_WITH_COUNTER.fullmatch(core)
    if not found:
        return
    value = chinese_integer(found[1])
    hint = "請改寫成阿拉伯數字" if value is None else f"請改寫成阿拉伯數字{value}"
    column.refuse("E-NUM-08", hint + "後重新上傳")


# --- Chinese numerals ------------------------------------------------------------------------------------------------

#: The characters `chinese_digits` knows, for use inside a character class; Latin O and ○ serve as zero.
CHINESE_NUMERALS = "〇零○◯Oo一二三四五六七八九十百千廿卅兩壹貳參肆伍陸柒捌玖拾佰仟"
_PLAIN_CHINESE = str.maketrans("零○◯Oo兩壹貳參肆伍陸柒捌玖拾佰仟", "〇〇〇〇〇二一二三四五六七八九十百千")
_DIGIT_OF = {char: value for value, char in enumerate("〇一二三四五六七八九")} | {str(value): value for value in range(10)}
_PLAIN_DIGIT, _CHINESE_DIGIT = re.compile("[1-9]"), re.compile("[^0-9〇零○◯Oo]")
_LONGEST_CHINESE = 2 * MOST_DIGITS
_UNIT_OF = {"十": 10, "百": 100, "千": 1000}


def chinese_digits(text: str) -> str | None:
    """Give the digits of a numeral below 10,000: 一○五 → 105, 零五 → 05, 一百零五 → 105, 廿九 → 29; None if it is none.

    Read digit by digit the length is kept. 一百五 (105 or 150) is None. Zeros may be of the other kind (1○5, 一0五); else 1五 is None.
    """
    if _PLAIN_DIGIT.search(text) and _CHINESE_DIGIT.search(text):
        return None
    plain = text.translate(_PLAIN_CHINESE).replace("廿", "二十").replace("卅", "三十")
    if plain and all(char in _DIGIT_OF for char in plain):
        return "".join(str(_DIGIT_OF[char]) for char in plain)
    value = _spelled(plain)
    return None if value is None else str(value)


def chinese_integer(text: str) -> int | None:
    """Give the value of a Chinese numeral, 億 and 萬 included (三萬五千 → 35000); None if it cannot be told for certain."""
    if len(text) > _LONGEST_CHINESE:
        return None
    total, rest = 0, text
    for word, power in (("億", 10**8), ("萬", 10**4)):
        head, found, tail = rest.partition(word)
        if found:
            digits = chinese_digits(head)
            if digits is None:
                return None
            total, rest = total + int(digits) * power, tail
    if not rest:
        return total if text else None
    digits = chinese_digits(rest)
    if digits is None or (rest != text and int(digits) < 1000 and rest[0] not in "〇零○"):
        return None
    return total + int(digits)


def _spelled(plain: str) -> int | None:
    total, digit, last, zero = 0, None, 10_000, False
    for char in plain:
        unit = _UNIT_OF.get(char)
        if unit is None:
            if char not in _DIGIT_OF or digit is not None:
                return None
            zero, digit = (True, None) if char == "〇" else (zero, _DIGIT_OF[char])
            continue
        if unit >= last or (digit is None and unit != 10):
            return None
        total, digit, last, zero = total + (1 if digit is None else digit) * unit, None, unit, False
    if digit is None:
        return None if zero or not plain else total
    return total + digit if zero or last == 10 else None


# --- exact rounding and writing --------------------------------------------------------------------------------------


def round_half_up(value: Fraction, places: int) -> Decimal:
    """Round an exact fraction to `places` decimals; a tie goes away from zero (1.805 → 1.81, -0.5 → -1)."""
    scaled = value * 10**places
    quotient = (2 * abs(scaled.numerator) + scaled.denominator) // (2 * scaled.denominator)
    sign = 1 if value < 0 and quotient else 0
    return Decimal((sign, tuple(int(digit) for digit in str(quotient)), -places))


def share(numerator: int, denominator: int, places: int = 2) -> Decimal:
    """Give 100 × numerator / denominator in per cent, half-up, by integers only.

    ValueError unless the denominator is positive.
    """
    if denominator <= 0:
        raise ValueError(f"a share needs a positive denominator, not {denominator}")
    return round_half_up(Fraction(100 * numerator, denominator), places)


def format_wan(n: int) -> str:
    """Write a whole number as official documents do: 16853 → 1萬6,853, 130292 → 13萬0,292, 10000 → 1萬, 8571 → 8,571.

    Inner groups of four are padded with zeros, trailing groups of zeros dropped; beyond 兆 the first group just grows.
    """
    if n < 0:
        return "-" + format_wan(-n)
    groups = [(n // 10**12, "兆"), (n // 10**8 % 10**4, "億"), (n // 10**4 % 10**4, "萬"), (n % 10**4, "")]
    while len(groups) > 1 and not groups[0][0]:
        groups.pop(0)
    while len(groups) > 1 and not groups[-1][0]:
        groups.pop()
    first, *others = groups
    return f"{first[0]:,}{first[1]}" + "".join(f"{value // 1000},{value % 1000:03d}{word}" for value, word in others)


def format_number(value: Decimal | int) -> str:
    """Write a number with thousands commas and without idle zeros: 83,952,914; 97.14; 98.1; 20."""
    text = f"{value:,}" if isinstance(value, int) else f"{value:,f}"
    if "." in text:
        text = text.rstrip("0").removesuffix(".")
    return "0" if text == "-0" else text
