"""Figures made of so few people's answers that one of them might be told: screens show that there is something, not what.

Only answers of the public are guarded: a site's, and a single month's. What all sites together say over several months is what the report prints.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Mapping
from dataclasses import replace
from datetime import date

from warehouse import statistics
from warehouse.disclosure import withheld
from warehouse.indicators import Indicator, all_indicators
from warehouse.period import Window
from warehouse.scorecard import ALL_SITES, Figure, Snapshot

#: Counts the people behind the answers; an indicator over all questions has several answers of each.
_PEOPLE = "survey_valid_n"


def guarded(indicator: Indicator) -> bool:
    """Whether an indicator tells what people answered."""
    return indicator.is_share and set(indicator.source) == set(all_indicators()[_PEOPLE].source)


def hidden(figure: Figure) -> bool:
    """Whether a figure was withheld: people answered, but what they answered is not told."""
    return figure.value is None and bool(figure.n)


class Few:
    """Which figures of a snapshot must be withheld."""

    def __init__(self, snapshot: Snapshot) -> None:
        self._people: dict[str, dict[date, int]] = defaultdict(dict)
        for (site, month), (count, *_) in snapshot.cells.get(_PEOPLE, {}).items():
            self._people[site][month] = int(count or 0)

    def figure(self, figure: Figure) -> Figure:
        """The figure, without anything but its n where it must be withheld."""
        return _without(figure) if guarded(figure.indicator) and figure.value is not None and self._hides(figure.window, figure.site) else figure

    def figures(self, figures: Mapping[str, Figure]) -> dict[str, Figure]:
        """Several at once."""
        return {name: self.figure(figure) for name, figure in figures.items()}

    def by_month(self, figures: tuple[Figure, ...] | list[Figure]) -> list[Figure]:
        """Figures month by month, those withheld that are of few people or that would give such a month away."""
        if not figures or not guarded(figures[0].indicator):
            return list(figures)
        gone = self.months(Window(figures[0].window.start, figures[-1].window.end), figures[0].site)
        return [_without(figure) if figure.window.start in gone and figure.value is not None else figure for figure in figures]

    def months(self, window: Window, site: str) -> frozenset[date]:
        """The months of a series that must be withheld: so that neither the months of all sites nor the whole series of one gives them away."""
        cells = self.cells(window)
        if site == ALL_SITES:
            counts = {month: self._count(Window(month, month), ALL_SITES) for month in window.months}
            return withheld(counts, [counts])
        return frozenset(month for where, month in cells if where == site)

    def cells(self, window: Window) -> frozenset[tuple[str, date]]:
        """The (site, month) that must be withheld where both are told apart."""
        counts = {(site, month): months.get(month, 0) for site, months in self._people.items() for month in window.months}
        rows = [[(site, month) for site in self._people] for month in window.months]
        columns = [[(site, month) for month in window.months] for site in self._people]
        return withheld(counts, [*rows, *columns])

    def _hides(self, window: Window, site: str) -> bool:
        if site == ALL_SITES:
            return window.start == window.end and statistics.tier(self._count(window, site), breakdown=True) == "suppressed"
        counts = {each: self._count(window, each) for each in self._people}
        return site in withheld(counts, [counts])

    def _count(self, window: Window, site: str) -> int:
        inside = [months for where, months in self._people.items() if site in (ALL_SITES, where)]
        return sum(count for months in inside for month, count in months.items() if window.start <= month <= window.end)


def _without(figure: Figure) -> Figure:
    nothing = dict.fromkeys(("value", "exact", "numerator", "denominator", "low", "high", "comparison", "needed"))
    return replace(figure, **nothing, verdict="no_data", interval="none", too_few=False)  # type: ignore[arg-type]
