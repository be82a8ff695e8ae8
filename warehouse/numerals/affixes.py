"""What stands round the digits: hedges, signs, currencies and units."""

from __future__ import annotations

import re

from warehouse.numerals.cleaning import clean

_HEDGES_BEFORE = re.compile("(?:已經|已|約)?(?:超過|將近|大約|接近|至少|高達|約計|約|近|逾|達|等) *+")
_HEDGES_AFTER = ("以上", "左右", "上下", "之譜", "餘", "多", "許")

#: What may stand before an amount.
CURRENCY = re.compile(r"(?:新臺幣|新台幣|[Nn][Tt]\$?|[$¥]) *+")

_MINUS_BEFORE = ("-", "\u2212", "\u2013", "▲", "△")


def unit_words(units: tuple[str, ...], money: bool) -> tuple[str, ...]:
    """The units that may stand behind the digits, the longest first; an amount is in 元 whatever else."""
    words = {clean(unit) for unit in units} - {""}
    if money or "元" in words:
        words |= {"元", "元整"}
    return tuple(sorted(words, key=len, reverse=True))


def without_hedge(body: str) -> tuple[str, bool]:
    """約、近、逾…before and 以上、左右…behind are taken off; the flag says whether there was one."""
    before = _HEDGES_BEFORE.match(body)
    rest = body[before.end() :] if before else body
    after = next((word for word in _HEDGES_AFTER if rest.endswith(word)), "")
    return rest.removesuffix(after).strip(), bool(before or after)


def without_hedge_inside(core: str) -> tuple[str, bool]:
    """300多件 has lost its unit here: 300多. 10餘萬 hedges the 10."""
    rest, hedged = without_hedge(core)
    bare = re.sub("[餘多](?=[萬億兆])", "", rest, count=1)
    return bare, hedged or bare != rest


def without_sign_and_unit(body: str, units: tuple[str, ...]) -> tuple[str, bool, bool]:
    """-NT$5, NT$-5, (5元), (5)元, 5-, ▲5, +5 → the digits, whether negative, whether a unit was written."""
    rest, unit_outside = _without_unit(body, units)
    rest, negative = _without_sign(rest)
    rest, unit_inside = _without_unit(rest, units)
    return rest, negative, unit_outside or unit_inside


def _without_unit(body: str, units: tuple[str, ...]) -> tuple[str, bool]:
    currency = CURRENCY.match(body) if "元" in units else None
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
