"""Control charts: limits and rules for a series of months (XmR, p, p′), what its last point signals and whether its target will be reached.

Everything is in the unit of the values: a share in per cent comes with the bounds (0, 100), a fraction with (0, 1).
"""

from __future__ import annotations

import math
from collections.abc import Iterable, Sequence
from typing import Literal

from warehouse.statistics._intervals import Direction, compare
from warehouse.statistics._limits import Limits, limits_of
from warehouse.statistics._points import (
    USUAL,
    Assurance,
    Bounds,
    ChartKind,
    ChartPhase,
    ChartPoint,
    ChartSettings,
    ControlChart,
    ControlPoint,
    RuleName,
    Signal,
    Variation,
)
from warehouse.statistics._rules import is_above, shifts, side_of, trends, two_in_three

#: From so much of the way to a limit on, a point is near it.
_NEAR = 2 / 3


def control_chart(
    points: Sequence[ChartPoint],
    *,
    direction: Direction,
    target: float | Sequence[float | None] | None = None,
    kind: Literal["auto", "xmr", "p_prime", "p", "run"] = "auto",
    phases: Iterable[int] = (),
    bounds: Bounds | None = None,
    settings: ChartSettings = USUAL,
) -> ControlChart:
    """Judge a series of equally spaced points by the four rules of NHS England's Making Data Count (R package NHSRplotthedots).

    target: one value, or that of each point; phases: indexes at which a new phase begins; bounds: the possible range (infinite where open), at
    which limits are clipped. kind: `auto` takes p′ (Laney) for shares whose n varies by more than `settings.ratio`, XmR otherwise; `run` draws no
    limits and applies no rule, and so does a phase of fewer than `settings.fewest` points.

    A missing value breaks runs, trends and moving ranges: what lies between is not known, so the points beside it are not neighbours. Neither are
    points of different phases. One departure from the package: large moving ranges stay in where only ranges between equal values would be left,
    as of a share that is 100 in all months but one: limits of hardly any width would put every point outside.
    Raises ValueError for a p or p′ chart without counts or bounds, a baseline below `settings.full`, targets that are not one for each point.
    """
    targets = _targets(target, len(points))
    if settings.baseline is not None and settings.baseline < settings.full:
        raise ValueError(f"control_chart: a baseline of {settings.baseline} points is fewer than {settings.full}")
    chosen = _chosen_kind(points, kind, bounds, settings)
    edges = sorted({0, len(points), *(start for start in phases if 0 < start < len(points))})
    judged: list[ControlPoint] = []
    described: list[ChartPhase] = []
    for number, (start, end) in enumerate(zip(edges, edges[1:], strict=False)):
        inside = points[start:end]
        known = [point.value for point in inside if point.value is not None]
        limits = limits_of(inside, chosen, bounds, settings)
        described.append(
            ChartPhase(
                start, end, len(known), chosen if limits else "run", bool(limits) and len(known) < settings.full,
                limits.mean if limits else None, _median(known), limits.sigma_z if limits else None, limits.screened if limits else 0,
            )  # fmt: skip
        )
        judged += _judge(inside, limits, number, direction, bounds, settings)
    last = max((at for at, point in enumerate(points) if point.value is not None), default=None)
    goal = targets[last] if last is not None else None
    return ControlChart(
        tuple(judged), tuple(described), chosen if any(phase.kind != "run" for phase in described) else "run", direction, settings, goal,
        _variation(judged[last]) if last is not None else None,
        _assurance(judged[last], described[-1], goal, direction, settings) if last is not None else None,
    )  # fmt: skip


def _targets(target: float | Sequence[float | None] | None, count: int) -> list[float | None]:
    if target is None or isinstance(target, int | float):
        return [target] * count
    if len(target) != count:
        raise ValueError(f"control_chart: {len(target)} targets for {count} points")
    return list(target)


def _chosen_kind(points: Sequence[ChartPoint], kind: str, bounds: Bounds | None, settings: ChartSettings) -> ChartKind:
    sizes = [point.denominator for point in points if point.value is not None]
    counted = bool(sizes) and all(sizes) and all(point.numerator is not None for point in points if point.value is not None)
    if kind in ("p", "p_prime") and sizes and (not counted or bounds is None):
        raise ValueError(f"control_chart: a {kind} chart wants the counts of every share and its bounds")
    if kind != "auto":
        return kind  # type: ignore[return-value]
    known = [size for size in sizes if size]
    return "p_prime" if counted and bounds is not None and max(known) > settings.ratio * min(known) else "xmr"


def _median(values: Sequence[float]) -> float | None:
    if not values:
        return None
    ordered, middle = sorted(values), len(values) // 2
    return ordered[middle] if len(values) % 2 else (ordered[middle - 1] + ordered[middle]) / 2


def _judge(
    points: Sequence[ChartPoint], limits: Limits | None, phase: int, direction: Direction, bounds: Bounds | None, settings: ChartSettings
) -> list[ControlPoint]:
    """The points of a phase with their limits and rules."""
    if limits is None:
        return [ControlPoint(point.value, None, None, None, None, None, "common", None, (), False, False, phase) for point in points]
    low, high = bounds or (-math.inf, math.inf)
    values, mean = [point.value for point in points], limits.mean
    wide = [None if half is None else (mean - half, mean + half) for half in limits.half]
    near = [None if half is None else (mean - _NEAR * half, mean + _NEAR * half) for half in limits.half]
    outside = [side_of(value, edges) for value, edges in zip(values, wide, strict=True)]
    close = [0 if out else side_of(value, edges) for out, value, edges in zip(outside, values, near, strict=True)]
    sides = [side_of(value, (mean, mean)) for value in values]
    fired: dict[RuleName, list[int]] = {
        "outside": outside,
        "trend": trends(values, settings.trend),
        "two_in_three": two_in_three(close, sides),
        "shift": shifts(sides, settings.shift),
    }
    judged = []
    for at, value in enumerate(values):
        rules = tuple(name for name, found in fired.items() if found[at])
        side = fired[rules[0]][at] if rules else 0
        edges, inner = wide[at], near[at]
        judged.append(
            ControlPoint(
                value,
                mean,
                None if edges is None else min(edges[1], high),
                None if edges is None else max(edges[0], low),
                None if inner is None else min(inner[1], high),
                None if inner is None else max(inner[0], low),
                _signal(side, direction),
                {1: "high", -1: "low"}.get(side),  # type: ignore[arg-type]
                rules,
                edges is not None and edges[1] >= high,
                edges is not None and edges[0] <= low,
                phase,
            )
        )
    return judged


def _signal(side: int, direction: Direction) -> Signal:
    if not side:
        return "common"
    if direction == "neutral":
        return "neutral"
    return "improvement" if (side > 0) == (direction == "increase") else "concern"


def _variation(point: ControlPoint) -> Variation | None:
    if point.mean is None:
        return None
    if point.side is None:
        return "common"
    word = {"improvement": "improving", "concern": "concerning", "neutral": "neutral"}[point.point]
    return f"{word}_{point.side}"  # type: ignore[return-value]


def _assurance(point: ControlPoint, phase: ChartPhase, goal: float | None, direction: Direction, settings: ChartSettings) -> Assurance | None:
    if goal is None or direction == "neutral" or phase.n < settings.full or point.upper is None or point.lower is None:
        return None
    if point.upper == point.lower:
        return "pass" if compare(point.upper, goal, direction) == "meets" else "fail"
    if is_above(goal, point.upper):
        return "fail" if direction == "increase" else "pass"
    if is_above(point.lower, goal):
        return "pass" if direction == "increase" else "fail"
    return "hit_and_miss"
