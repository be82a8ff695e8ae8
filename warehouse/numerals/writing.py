"""Exact rounding, and numbers as official documents print them."""

from __future__ import annotations

from decimal import Decimal
from fractions import Fraction


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
