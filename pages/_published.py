"""Printed figures of earlier reports in words, marked as such."""

from __future__ import annotations

from pages import _data_published
from pages._parts import worded
from warehouse.period import Window
from warehouse.scorecard import Figure
from warehouse.web import markup, say
from warehouse.web.markup import Markup, element
from warehouse.web.words import t


def lines(figure: Figure) -> Markup:
    """One line for last year's and one for last quarter's printed figure; nothing where the warehouse has its own or none was kept."""
    return markup.join(
        element(
            "p",
            t(f"published.{kind}", period=say.window(Window.year_to_quarter(item.quarter)), value=worded(item.value, figure.indicator.unit)),
            title=item.document,
            cls="sq-change",
        )
        for kind, item in _data_published.beside(figure).items()
    )
