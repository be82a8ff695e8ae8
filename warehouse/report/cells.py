"""Figures as cells of a table: the number, what it prints, and of which indicator and time it is."""

from __future__ import annotations

from decimal import Decimal

from warehouse import numerals
from warehouse.report.parts import Cell
from warehouse.scorecard import Figure

#: What stands where there is no figure.
NONE = "—"


def bare(figure: Figure | None, period: str = "") -> Cell:
    """The number without its unit, which the table tells; a word as it is."""
    if figure is None or figure.text is None:
        return Cell(NONE)
    if not isinstance(figure.value, Decimal):
        return Cell(figure.text, None, figure.indicator.id, period)
    return Cell(numerals.format_number(figure.value), figure.value, figure.indicator.id, period)


def printed(figure: Figure, period: str = "") -> Cell:
    """As the text prints it, unit and all."""
    if figure.text is None:
        return Cell(NONE)
    return Cell(figure.text, figure.value if isinstance(figure.value, Decimal) else None, figure.indicator.id, period)


def told(text: str | None, indicator: str, what: str) -> Cell:
    """What is told of an indicator beside its figure: 判定, 95％參考範圍."""
    return Cell(NONE) if text is None else Cell(text, None, indicator, what)


def count(number: int | None, indicator: str | None = None, what: str = "") -> Cell:
    """A whole number."""
    return Cell(NONE) if number is None else Cell(f"{number:,}", Decimal(number), indicator, what)
