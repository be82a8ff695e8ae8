"""Stretches of months that a rule marks, and what a chart says at its last month."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from typing import Literal, get_args

from warehouse import period, statistics
from warehouse.indicators import indicator_named
from warehouse.period import Window
from warehouse.scorecard import ALL_SITES, Snapshot
from warehouse.signals.charts import Charted, charted, why_unruled
from warehouse.signals.months import Series


@dataclass(frozen=True)
class Stretch:
    """Months in a row that one rule marks on one side: above or below the mean, of a trend rising (high) or falling (low)."""

    rule: statistics.RuleName
    side: Literal["high", "low"]
    point: statistics.Signal
    start: date
    end: date
    months: int


@dataclass(frozen=True)
class Standing:
    """What the chart of an indicator says now. month: of its last point; stretches: those that reach it, by precedence of their rules;
    is_new: whether the chart without that month said nothing of the kind."""

    month: date
    variation: statistics.Variation
    assurance: statistics.Assurance | None
    stretches: tuple[Stretch, ...]
    is_new: bool


def stretches(found: Series | Charted) -> tuple[Stretch, ...]:
    """Every stretch of months that a rule marks, by their first month, those of one month by precedence."""
    told: list[Stretch] = []
    for rule in get_args(statistics.RuleName):
        run: list[int] = []
        for at, point in enumerate((*found.chart.points, None)):
            side = _side(found, at, rule) if point is not None and rule in point.rules else None
            if run and (side != _side(found, run[-1], rule) or found.chart.points[run[-1]].phase != found.chart.points[at].phase):
                told.append(_stretch(found, rule, run))
                run = []
            if side is not None:
                run.append(at)
    return tuple(sorted(told, key=lambda stretch: stretch.start))


def standing(snapshot: Snapshot, name: str, window: Window, *, site: str = ALL_SITES) -> Standing | None:
    """What the chart of an indicator says at its last month, without the figures of the other months; None where it has no limits, or trial limits only.
    Unknown indicator or site: `UsageError`."""
    indicator = indicator_named(name)
    if why_unruled(indicator) is not None:
        return None
    found = charted(snapshot, indicator, window, site)
    at = max((at for at, point in enumerate(found.chart.points) if point.value is not None), default=None)
    if at is None or found.chart.variation is None or found.chart.trial:
        return None
    month = window.months[at]
    reaching = tuple(stretch for stretch in stretches(found) if stretch.end == month)
    ranks = get_args(statistics.RuleName)
    is_new = False
    if reaching:
        before = charted(snapshot, indicator, Window(window.start, period.add_months(month, -1)), site) if at else None
        is_new = before is None or before.chart.variation != found.chart.variation
    return Standing(month, found.chart.variation, found.chart.assurance, tuple(sorted(reaching, key=lambda item: ranks.index(item.rule))), is_new)


def _side(found: Series | Charted, at: int, rule: statistics.RuleName) -> Literal["high", "low"]:
    """On which side a rule marks a point: the mean's, of a trend the way it goes."""
    point, points = found.chart.points[at], found.chart.points
    if rule != "trend":
        return "high" if (point.value or 0) > (point.mean or 0) else "low"
    beside = next(each for each in (at - 1, at + 1) if 0 <= each < len(points) and rule in points[each].rules and points[each].phase == point.phase)
    earlier, later = sorted((beside, at))
    return "high" if (points[later].value or 0) > (points[earlier].value or 0) else "low"


def _stretch(found: Series | Charted, rule: statistics.RuleName, run: Sequence[int]) -> Stretch:
    side = _side(found, run[0], rule)
    direction = found.indicator.direction
    point: statistics.Signal = "neutral" if direction == "neutral" else "improvement" if (side == "high") == (direction == "increase") else "concern"
    months = found.window.months
    return Stretch(rule, side, point, months[run[0]], months[run[-1]], len(run))
