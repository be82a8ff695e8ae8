"""Chinese numerals."""

from __future__ import annotations

import re

from warehouse.numerals.column import MOST_DIGITS

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
