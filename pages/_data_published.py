"""Figures that earlier reports printed, for the screens that compare."""

from __future__ import annotations

import streamlit as st

from pages import _data
from warehouse import published
from warehouse.period import Quarter, Window
from warehouse.published import Published
from warehouse.scorecard import ALL_SITES, Figure


def kept() -> dict[tuple[str, Quarter], Published]:
    """What was kept of earlier reports."""
    return _data.ask(_kept)


@st.cache_resource(show_spinner=False, max_entries=2)
def _kept(folder: str, version: int) -> dict[tuple[str, Quarter], Published]:
    return _data.read(version, published.published)


def beside(figure: Figure) -> dict[str, Published]:
    """last_year, last_quarter → the printed figure of the year up to that quarter, where the warehouse has none of its own.

    Reports print the year to date of the whole branch, so nothing stands beside any other window or a single site.
    """
    name, quarter = figure.indicator.id, Quarter.of(figure.window.end)
    if figure.site != ALL_SITES or figure.window != Window.year_to_quarter(quarter):
        return {}
    others = {"last_year": Quarter(quarter.year - 1, quarter.number), "last_quarter": quarter.previous()}
    found = {kind: kept()[name, other] for kind, other in others.items() if (name, other) in kept()}
    return {kind: item for kind, item in found.items() if _own(name, item.quarter).value is None}


def to_quarter(figure: Figure) -> Published | None:
    """The printed figure of the year up to the quarter that a figure is of; None where the warehouse has its own of the quarter, or none was kept."""
    quarter = Quarter.of(figure.window.end)
    if figure.site != ALL_SITES or figure.window != quarter.window or figure.value is not None:
        return None
    return kept().get((figure.indicator.id, quarter))


def _own(name: str, quarter: Quarter) -> Figure:
    return _data.pinned().figures(Window.year_to_quarter(quarter), only=[name])[name]
