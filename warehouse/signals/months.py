"""An indicator month by month: its figures, targets and chart side by side."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from typing import Any, Literal

import duckdb

from warehouse import period
from warehouse.indicators import Indicator, indicator_named
from warehouse.period import Window
from warehouse.scorecard import ALL_SITES, Figure, Phase, Snapshot, number
from warehouse.signals.charts import Unruled, chart_of, counted_points, incomplete_months, point_of, why_unruled
from warehouse.statistics import ChartSettings, ControlChart

#: How many months a control chart looks back.
SPAN = 24

#: Decimals of limits.
_DECIMALS = 4


@dataclass(frozen=True)
class Series:
    """An indicator month by month. figures, targets (what is to be reached in that month) and chart.points run side by side.

    chart: in the printed unit, shares in per cent; its target leaves provisional ones out, which decide nothing. phases: those registered that
    begin within the window; unruled: why the indicator has neither limits nor rules, None where it may have them; incomplete: months that only
    some sites have sent, which the chart leaves out: a count of them is too small, a share or mean is of other people than in the months beside.
    """

    indicator: Indicator
    window: Window
    site: str
    figures: tuple[Figure, ...]
    targets: tuple[float | None, ...]
    chart: ControlChart
    phases: tuple[Phase, ...]
    unruled: Unruled | None
    incomplete: frozenset[date] = frozenset()

    def as_json(self) -> list[dict[str, Any]]:
        """The contract's form, with comparison and verdict of each month. point: None where the chart has no point, or leaves it out."""
        return [
            {
                "month": figure.window.iso_from,
                "value": number(figure.value),
                "numerator": number(figure.numerator),
                "denominator": number(figure.denominator),
                "mean": _rounded(point.mean),
                "upper": _rounded(point.upper),
                "lower": _rounded(point.lower),
                "point": None if point.value is None else point.point,
                "rules": list(point.rules),
                "comparison": figure.comparison,
                "verdict": figure.verdict,
            }
            for figure, point in zip(self.figures, self.chart.points, strict=True)
        ]


def series(
    snapshot: Snapshot,
    name: str,
    window: Window,
    *,
    site: str = ALL_SITES,
    kind: Literal["auto", "xmr", "p_prime", "p"] = "auto",
    settings: ChartSettings | None = None,
) -> Series:
    """An indicator's months with targets, limits and rules. kind, settings: see `statistics.control_chart`. Unknown indicator or site: `UsageError`."""
    indicator = indicator_named(name)
    figures = tuple(snapshot.monthly([name], window, site=site)[name])
    goals = [None if figure.target is None or figure.target.basis == "provisional" else figure.goal for figure in figures]
    points = counted_points(snapshot, indicator, window, site) if why_unruled(indicator) is None else tuple(map(point_of, figures))
    chart, unruled = chart_of(snapshot, indicator, window, points, goals, kind, settings)
    phases = tuple(phase for phase in snapshot.phases.get(name, ()) if window.start < phase.start <= window.end)
    incomplete = incomplete_months(snapshot, indicator, window, site)
    return Series(indicator, window, site, figures, tuple(figure.goal for figure in figures), chart, phases, unruled, incomplete)


def series_of(cursor: duckdb.DuckDBPyConnection, name: str, window: Window, *, site: str = ALL_SITES, as_of: int | None = None) -> Series:
    """`series` of what stands now, or stood right after an entry of the ledger. Unknown indicator, site or entry: `UsageError`."""
    return series(Snapshot.of(cursor, as_of, [name]), name, window, site=site)


def look_back(window: Window, months: int = SPAN) -> Window:
    """So many months back from the end of a window, or to its start where that is longer."""
    return Window(min(window.start, period.add_months(window.end, 1 - months)), window.end)


def signalled(snapshot: Snapshot, name: str, window: Window) -> tuple[date, ...]:
    """The months of a window that a rule marks in the chart that looks back from its end; none while its limits are trial ones, which are drawn but
    ask nothing of anybody."""
    found = series(snapshot, name, look_back(window))
    pairs = zip(found.figures, found.chart.points, strict=True)
    return () if found.chart.trial else tuple(figure.window.start for figure, point in pairs if point.rules and figure.window.start >= window.start)


def _rounded(value: float | None) -> float | None:
    return None if value is None else round(value, _DECIMALS)
