"""A cell before it is read: cleaned, and what kinds of sign are in it."""

from __future__ import annotations

import re
import unicodedata
from functools import lru_cache

#: A cell with more characters than this (after cleaning) is no number and no date.
CELL_LIMIT = 100
_ZERO_WIDTH = re.compile("[\u200b-\u200f\u2060\ufeff]")
_CARRIAGE_RETURN = "_x000D_"
_NORMALISE_AT_ONCE = 1000
_SIGNED_FORMULA = re.compile(r"[+-](?:[A-Za-z(]|[0-9.]++[-+*/(])")
ANY_DIGIT = re.compile("[0-9]")


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
    return ANY_DIGIT.search(unicodedata.normalize("NFKC", char)) is not None
