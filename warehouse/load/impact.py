"""What a change does to the indicators, told before it is committed."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date
from typing import Any

import duckdb

from warehouse import scorecard
from warehouse.period import Window


@dataclass(frozen=True)
class Impact:
    """What a change does to one indicator over the year to date of the newest month it touches."""

    indicator: str
    window: Window
    before: scorecard.Figure
    after: scorecard.Figure

    def as_json(self) -> dict[str, Any]:
        """The contract's form."""
        return {
            "indicator": self.indicator,
            "from": scorecard.number(self.before.value),
            "to": scorecard.number(self.after.value),
            "verdict_from": self.before.verdict,
            "verdict_to": self.after.verdict,
        }


@dataclass(frozen=True)
class Before:
    """The figures as they stand before a change; none where there is no month whose figures could change."""

    window: Window | None = None
    figures: Mapping[str, scorecard.Figure] | None = None

    @classmethod
    def of(cls, cursor: duckdb.DuckDBPyConnection, dataset: str, months: Iterable[date]) -> Before:
        """The figures that come from a dataset, to the newest of these months; a target may change every one."""
        newest = max(months, default=None)
        if newest is None:
            return cls()
        window = Window.year_to_date(newest)
        names = set(scorecard.all_indicators()) if dataset == "target" else {indicator.id for indicator in scorecard.dependents(dataset)}
        return cls(window, scorecard.figures(cursor, window, only=names))

    def impact(self, cursor: duckdb.DuckDBPyConnection) -> list[Impact]:
        """Which of them stand otherwise now: another value, another verdict, another goal."""
        if self.window is None or not self.figures:
            return []
        after = scorecard.figures(cursor, self.window, only=self.figures.keys())
        return [Impact(name, self.window, old, after[name]) for name, old in self.figures.items() if _told(old) != _told(after[name])]


def _told(figure: scorecard.Figure) -> tuple[Any, ...]:
    return figure.value, figure.verdict, figure.goal
