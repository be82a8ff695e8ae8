"""Several sites beside each other."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

from warehouse import statistics
from warehouse.datasets import sites
from warehouse.indicators import indicator_named
from warehouse.period import Window
from warehouse.scorecard import Figure, Snapshot
from warehouse.statistics import FunnelLimits, Interval

#: Fewer sites than this are set side by side without funnel limits.
FEWEST_FOR_FUNNEL = 5


@dataclass(frozen=True)
class SiteFigure:
    """One site beside the others.

    tier: how much its answers bear in a breakdown (`statistics.tier`), None where n is not known; limits: in per cent, from five sites on;
    outside: how far it lies from the overall share, in which direction, None within the limits or without.
    """

    site: str
    figure: Figure
    tier: statistics.Tier | None
    limits: FunnelLimits | None
    outside: Literal["warning", "alarm"] | None
    side: Literal["high", "low"] | None


@dataclass(frozen=True)
class SideBySide:
    """Every site's figure over a window, and that of all together."""

    overall: Figure
    sites: tuple[SiteFigure, ...]


def sites_side_by_side(snapshot: Snapshot, name: str, window: Window) -> SideBySide:
    """Every site's figure, in the order of the sites; for shares of five sites or more with funnel limits around the overall share."""
    indicator = indicator_named(name)
    overall = snapshot.figures(window, only=[name])[name]
    figures = {site["code"]: snapshot.figures(window, site=site["code"], only=[name])[name] for site in sites()}
    counted = indicator.is_share and overall.n and sum(bool(figure.n) for figure in figures.values()) >= FEWEST_FOR_FUNNEL
    return SideBySide(overall, tuple(_site_figure(code, figure, overall if counted else None) for code, figure in figures.items()))


def _site_figure(code: str, figure: Figure, overall: Figure | None) -> SiteFigure:
    rank = None if figure.n is None else statistics.tier(figure.n, breakdown=True)
    if overall is None or not figure.n or overall.numerator is None or overall.n is None or figure.exact is None:
        return SiteFigure(code, figure, rank, None, None, None)
    limits = FunnelLimits(*(Interval(100 * low, 100 * high) for low, high in statistics.funnel_limits(int(overall.numerator), overall.n, figure.n)))
    value = float(figure.exact)
    outside = next((name for name, (low, high) in (("alarm", limits.alarm), ("warning", limits.warning)) if not low <= value <= high), None)
    side = None if outside is None else "high" if value > limits.warning.high else "low"
    return SiteFigure(code, figure, rank, limits, outside, side)  # type: ignore[arg-type]
