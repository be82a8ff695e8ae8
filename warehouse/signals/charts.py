"""Months as points of a control chart, and which indicators have none.

What is charted follows the indicator: shares by p′ or XmR, means, counts and amounts by XmR, each on its monthly values. Readings, facts, derived
figures and rolling counts are drawn without limits or rules, since their months are not independent of each other; so is what is rare,
a count of fewer than one event a month or a share that fewer than one answer a month keeps from 0 or 100, since any single one would lie outside.
"""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from fractions import Fraction
from typing import Literal

from warehouse import coverage, statistics
from warehouse.indicators import Indicator
from warehouse.period import Window
from warehouse.scorecard import ALL_SITES, Figure, Snapshot
from warehouse.statistics import ChartPoint, ChartSettings, ControlChart

#: What happens less often than this a month is rare (Wheeler, Understanding Variation: chart the time between such events instead).
_RARE = 1

Unruled = Literal["fact", "reading", "derived", "rolling", "rare"]


@dataclass(frozen=True)
class Charted:
    """The control chart of an indicator over a window of months."""

    indicator: Indicator
    window: Window
    chart: ControlChart


def why_unruled(indicator: Indicator) -> Unruled | None:
    """Why the months of an indicator are not points of a control chart."""
    if indicator.kind == "fact":
        return "fact"
    if indicator.kind == "derived":
        return "derived"
    if indicator.kind == "latest" or indicator.carry or indicator.rollup != "sum":
        return "reading"
    return "rolling" if indicator.lookback else None


def _rare(indicator: Indicator, points: Sequence[ChartPoint]) -> Literal["rare"] | None:
    """Whether it counts what most months are without, events or the rarer kind of answer. What never changes is as steady as can be, not rare."""
    known = [point for point in points if point.value is not None]
    if indicator.is_mean or len({point.value for point in known}) < 2:
        return None
    events = sum(point.value if point.numerator is None else point.numerator for point in known)
    others = sum(point.denominator - point.numerator for point in known if point.numerator is not None and point.denominator is not None)
    return "rare" if min(events, others if indicator.is_share else events) < _RARE * len(known) else None


def counted_by_month(snapshot: Snapshot, indicator: Indicator, window: Window, site: str = ALL_SITES) -> tuple[float | None, ...]:
    """The months of an indicator that is counted month by month, without their figures; nothing for readings, facts and what is made of others."""
    return () if why_unruled(indicator) is not None else tuple(point.value for point in counted_points(snapshot, indicator, window, site))


def chart_of(
    snapshot: Snapshot,
    indicator: Indicator,
    window: Window,
    points: Sequence[ChartPoint],
    goals: float | Sequence[float | None] | None,
    kind: Literal["auto", "xmr", "p_prime", "p"] = "auto",
    settings: ChartSettings | None = None,
) -> tuple[ControlChart, Unruled | None]:
    """The chart of points month by month, and why it has neither limits nor rules where it may not."""
    months = window.months
    starts = [phase.start for phase in snapshot.phases.get(indicator.id, ()) if window.start < phase.start <= window.end]
    unruled = why_unruled(indicator) or _rare(indicator, points)
    chart = statistics.control_chart(
        points,
        direction=indicator.direction,
        target=goals,
        kind="run" if unruled else "xmr" if kind != "auto" and not indicator.is_share else kind,
        phases=[months.index(start) for start in starts],
        bounds=_bounds(indicator, points),
        settings=settings or ChartSettings(),
    )
    return chart, unruled


def charted(snapshot: Snapshot, indicator: Indicator, window: Window, site: str) -> Charted:
    """The chart of what is counted by month, its target that of the last month known."""
    points = counted_points(snapshot, indicator, window, site)
    last = next((month for month, point in zip(reversed(window.months), reversed(points), strict=True) if point.value is not None), window.end)
    figure = snapshot.figures(Window(last, last), site=site, only=[indicator.id])[indicator.id]
    goal = None if figure.target is None or figure.target.basis == "provisional" else figure.goal
    return Charted(indicator, window, chart_of(snapshot, indicator, window, points, goal)[0])


def counted_points(snapshot: Snapshot, indicator: Indicator, window: Window, site: str) -> tuple[ChartPoint, ...]:
    """The months of what adds up, straight from what it is made of: sums over the sites, one division."""
    incomplete = incomplete_months(snapshot, indicator, window, site)
    numerators: dict[date, Decimal] = {}
    denominators: dict[date, Decimal] = {}
    for (where, month), (numerator, denominator, *_) in snapshot.cells.get(indicator.id, {}).items():
        if site not in (ALL_SITES, where) or not window.start <= month <= window.end:
            continue
        if numerator is not None:
            numerators[month] = numerators.get(month, Decimal(0)) + numerator
        if denominator is not None:
            denominators[month] = denominators.get(month, Decimal(0)) + denominator
    points = []
    for month in window.months:
        numerator, denominator = numerators.get(month), denominators.get(month)
        known = numerator is not None if indicator.denominator is None else bool(denominator)
        if not known or month in incomplete or not indicator.defined_in(Window(month, month)):
            points.append(ChartPoint(None))
        elif indicator.denominator is None or not denominator:
            points.append(ChartPoint(float(numerator or 0)))
        else:
            exact = Fraction(numerator or 0) / Fraction(denominator) * (100 if indicator.is_share else 1)
            parts = (float(numerator or 0), float(denominator)) if indicator.is_share else ()
            points.append(ChartPoint(float(exact), *parts))
    return tuple(points)


def point_of(figure: Figure) -> ChartPoint:
    """A month's figure as a point, shares with what they are of."""
    if figure.exact is None:
        return ChartPoint(None)
    if figure.indicator.is_share and figure.numerator is not None and figure.denominator is not None:
        return ChartPoint(float(figure.exact), float(figure.numerator), float(figure.denominator))
    return ChartPoint(float(figure.exact))


def _bounds(indicator: Indicator, points: Sequence[ChartPoint]) -> statistics.Bounds:
    """What values there can be: per cent and tested scores to 100, all others from 0 unless one is below (a refund)."""
    if indicator.is_share or indicator.interval == "t":
        return 0.0, 100.0
    return (-math.inf if any(point.value is not None and point.value < 0 for point in points) else 0.0), math.inf


def incomplete_months(snapshot: Snapshot, indicator: Indicator, window: Window, site: str) -> frozenset[date]:
    """Months in which what is counted of all sites lacks some of them."""
    return coverage.incomplete(snapshot, indicator.source, window) if indicator.kind == "additive" and site == ALL_SITES else frozenset()
