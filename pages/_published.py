"""Printed figures of earlier reports in words, marked as such."""

from __future__ import annotations

from pages import _data_published
from pages._parts import worded
from warehouse.period import Window
from warehouse.published import Published
from warehouse.scorecard import Figure
from warehouse.web import markup, say
from warehouse.web.markup import Markup, element
from warehouse.web.words import t


def lines(figure: Figure) -> Markup:
    """One line for last year's and one for last quarter's printed figure; nothing where the warehouse has its own or none was kept."""
    return markup.join(element("p", _said(figure, kind, item), cls="sq-change") for kind, item in _data_published.beside(figure).items())


def last_year(figure: Figure) -> Markup | None:
    """Last year's printed figure by itself; None where the warehouse has its own or none was kept."""
    item = _data_published.beside(figure).get("last_year")
    return _said(figure, "last_year", item) if item else None


def last_quarter(figure: Figure) -> Markup | None:
    """The printed figure of the year to the quarter before."""
    item = _data_published.beside(figure).get("last_quarter")
    return _said(figure, "last_quarter", item) if item else None


def of_quarter(figure: Figure) -> tuple[Markup | None, str] | None:
    """Of a quarter without rows: what a report printed of it, and what may be said. Reports print the year to date: of the first quarter the same; of a
    later one it stands with the year to date, to which the reader is sent. None where no report's figure was kept."""
    item = _data_published.to_quarter(figure)
    if item is None:
        return None
    if item.quarter.number > 1:
        return None, t("published.elsewhere")
    value = worded(item.value, figure.indicator.unit)
    return element("span", t("published.quarter", value=value), title=item.document), t("published.reading")


def _said(figure: Figure, kind: str, item: Published) -> Markup:
    period = say.window(Window.year_to_quarter(item.quarter))
    return element("span", t(f"published.{kind}", period=period, value=worded(item.value, figure.indicator.unit)), title=item.document)
