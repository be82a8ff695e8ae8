"""Control charts: limits and rules for a series of months (XmR, p, p′), what its last point signals and whether its target will be reached.

Everything is in the unit of the values: a share in per cent comes with the bounds (0, 100), a fraction with (0, 1).
"""

from __future__ import annotations

import math
from collections.abc import Iterable, Sequence
from typing import Literal, NamedTuple

from warehouse.statistics._intervals import Direction, compare

ChartKind = Literal["xmr", "p_prime", "p", "run"]
Signal = Literal["common", "improvement", "concern", "neutral"]
RuleName = Literal["outside", "trend", "two_in_three", "shift"]
Variation = Literal["common", "improving_high", "improving_low", "concerning_high", "concerning_low", "neutral_high", "neutral_low"]
Assurance = Literal["pass", "fail", "hit_and_miss"]

#: Natural limits of an XmR chart lie 3/1.128 mean moving ranges from the mean; a moving range of 3.267 means or more is left out of the mean.
_LIMIT, _SCREEN, _SIGMAS_PER_RANGE = 2.66, 3.267, 1.128
_NEAR = 2 / 3

Bounds = tuple[float, float]


class ChartSettings(NamedTuple):
    """What practice differs in; to be told under the chart.

    trend, shift: how many points make one; screening: leave out large moving ranges once; fewest: points for (trial) limits; full: points for
    limits that are not trial; ratio: largest over smallest n up to which a share is charted as XmR; baseline: only the first so many points of a
    phase set its limits (not fewer than `full`).
    """

    trend: int = 7
    shift: int = 7
    screening: bool = True
    fewest: int = 6
    full: int = 12
    ratio: float = 1.5
    baseline: int | None = None


USUAL = ChartSettings()


class ChartPoint(NamedTuple):
    """One month: its value, None where there is none; of a share also the counts it is made of (value = upper bound × numerator / denominator)."""

    value: float | None
    numerator: float | None = None
    denominator: float | None = None


class ControlPoint(NamedTuple):
    """A point with its limits (None where there are none) and what it signals.

    rules: all that fire, in order of precedence; the first decides `point` and `side`. upper_clipped, lower_clipped: the limit stands at the
    bound, so no point can lie outside it on that side. phase: index into the chart's phases.
    """

    value: float | None
    mean: float | None
    upper: float | None
    lower: float | None
    near_upper: float | None
    near_lower: float | None
    point: Signal
    side: Literal["high", "low"] | None
    rules: tuple[RuleName, ...]
    upper_clipped: bool
    lower_clipped: bool
    phase: int


class ChartPhase(NamedTuple):
    """A stretch of points with limits of its own: points[start:end], n of them known.

    kind: `run` where the points are too few (or never two in a row) for limits; trial: fewer points than full limits want; sigma_z: of a share,
    how far its months vary beyond (> 1) or within (< 1) what chance alone would make; screened: moving ranges left out.
    """

    start: int
    end: int
    n: int
    kind: ChartKind
    trial: bool
    mean: float | None
    median: float | None
    sigma_z: float | None
    screened: int


class ControlChart(NamedTuple):
    """The points judged, their phases, the kind of chart used, and what the last point says.

    variation: of the last known point, None where its phase has no limits; assurance: whether the process will reach the target that is in force
    at the last known point, None without a target or a direction, or with fewer than `full` points since the last phase began.
    """

    points: tuple[ControlPoint, ...]
    phases: tuple[ChartPhase, ...]
    kind: ChartKind
    direction: Direction
    settings: ChartSettings
    target: float | None
    variation: Variation | None
    assurance: Assurance | None

    @property
    def sigma_z(self) -> float | None:
        """That of the last phase."""
        return self.phases[-1].sigma_z if self.phases else None

    @property
    def trial(self) -> bool:
        """Whether the last phase has trial limits only."""
        return bool(self.phases) and self.phases[-1].trial

    @property
    def last(self) -> ControlPoint | None:
        """The last known point."""
        return next((point for point in reversed(self.points) if point.value is not None), None)


class _Limits(NamedTuple):
    """mean; half: distance from mean to limit by point (None: no limits there)."""

    mean: float
    half: list[float | None]
    sigma_z: float | None
    screened: int


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
        limits = _limits(inside, chosen, bounds, settings)
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


def _limits(points: Sequence[ChartPoint], kind: ChartKind, bounds: Bounds | None, settings: ChartSettings) -> _Limits | None:
    """Those of a phase; None where there are too few points, or no two in a row that differ while others do."""
    known = [at for at, point in enumerate(points) if point.value is not None]
    if kind == "run" or len(known) < settings.fewest:
        return None
    if settings.baseline is not None:
        known = known[: settings.baseline]
    values = [points[at].value for at in known]
    constant = all(value == values[0] for value in values)
    if kind == "xmr":
        mean = values[0] if constant else math.fsum(values) / len(values)
        spread, screened = _mean_range(known, values, values, settings)
        if not constant and not spread:
            return None
        return _Limits(mean, [_LIMIT * spread] * len(points), None, screened)
    scale = bounds[1] if bounds else 1.0
    share = math.fsum(points[at].numerator for at in known) / math.fsum(points[at].denominator for at in known)
    mean = values[0] if constant else scale * share
    errors = [math.sqrt(share * (1 - share) / point.denominator) if point.value is not None else None for point in points]
    if not 0 < share < 1:
        return _Limits(mean, [None if error is None else 0.0 for error in errors], None, 0)
    scores = [(points[at].numerator / points[at].denominator - share) / errors[at] for at in known]
    spread, screened = _mean_range(known, scores, values, settings)
    sigma = spread / _SIGMAS_PER_RANGE
    if kind == "p_prime" and not constant and not sigma:
        return None
    width = 3 * scale * (sigma if kind == "p_prime" else 1.0)
    return _Limits(mean, [None if error is None else width * error for error in errors], sigma, screened)


def _mean_range(places: Sequence[int], scores: Sequence[float], values: Sequence[float], settings: ChartSettings) -> tuple[float, int]:
    """Mean moving range of the scores of neighbours (`places` are their indexes), and how many ranges were left out of it."""
    neighbours = [at for at in range(1, len(places)) if places[at] == places[at - 1] + 1]
    ranges = {at: abs(scores[at] - scores[at - 1]) for at in neighbours}
    if not ranges:
        return 0.0, 0
    mean = math.fsum(ranges.values()) / len(ranges)
    kept = [at for at in neighbours if not settings.screening or ranges[at] < _SCREEN * mean]
    if all(values[at] == values[at - 1] for at in kept):
        kept = neighbours
    return math.fsum(ranges[at] for at in kept) / len(kept), len(ranges) - len(kept)


def _median(values: Sequence[float]) -> float | None:
    if not values:
        return None
    ordered, middle = sorted(values), len(values) // 2
    return ordered[middle] if len(values) % 2 else (ordered[middle - 1] + ordered[middle]) / 2


def _above(value: float, other: float) -> bool:
    """Strictly above, what only rounding in binary sets apart being equal."""
    return value > other and not math.isclose(value, other, rel_tol=1e-9, abs_tol=1e-9)


def _judge(
    points: Sequence[ChartPoint], limits: _Limits | None, phase: int, direction: Direction, bounds: Bounds | None, settings: ChartSettings
) -> list[ControlPoint]:
    """The points of a phase with their limits and rules."""
    if limits is None:
        return [ControlPoint(point.value, None, None, None, None, None, "common", None, (), False, False, phase) for point in points]
    low, high = bounds or (-math.inf, math.inf)
    values, mean = [point.value for point in points], limits.mean
    wide = [None if half is None else (mean - half, mean + half) for half in limits.half]
    near = [None if half is None else (mean - _NEAR * half, mean + _NEAR * half) for half in limits.half]
    outside = [_side(value, edges) for value, edges in zip(values, wide, strict=True)]
    close = [0 if out else _side(value, edges) for out, value, edges in zip(outside, values, near, strict=True)]
    sides = [_side(value, (mean, mean)) for value in values]
    fired: dict[RuleName, list[int]] = {
        "outside": outside,
        "trend": _trend(values, settings.trend),
        "two_in_three": _two_in_three(close, sides),
        "shift": _shift(sides, settings.shift),
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


def _side(value: float | None, edges: tuple[float, float] | None) -> int:
    """1 above the upper edge, −1 below the lower one, 0 between them, on them, or unknown."""
    if value is None or edges is None:
        return 0
    return 1 if _above(value, edges[1]) else -1 if _above(edges[0], value) else 0


def _trend(values: Sequence[float | None], length: int) -> list[int]:
    """±1 for every point of `length` in a row that each rise or each fall; a turning point belongs to the trend that led to it."""
    steps = [0 if None in pair else (pair[1] > pair[0]) - (pair[1] < pair[0]) for pair in zip(values, values[1:], strict=False)]
    found = [0] * len(values)
    for start in range(len(values) - length + 1):
        inside = steps[start : start + length - 1]
        if inside[0] and all(step == inside[0] for step in inside):
            for at in range(start, start + length):
                found[at] = found[at] or inside[0]
    return found


def _shift(sides: Sequence[int], length: int) -> list[int]:
    """±1 for every point of `length` or more in a row on one side of the mean."""
    found = [0] * len(sides)
    for start in range(len(sides) - length + 1):
        inside = sides[start : start + length]
        if inside[0] and all(side == inside[0] for side in inside):
            found[start : start + length] = inside
    return found


def _two_in_three(close: Sequence[int], sides: Sequence[int]) -> list[int]:
    """±1 for points near a limit, two of three in a row, all three on that side of the mean."""
    found = [0] * len(sides)
    for start in range(len(sides) - 2):
        side = sides[start]
        near = [at for at in range(start, start + 3) if close[at]]
        if side and len(near) >= 2 and all(sides[at] == side for at in range(start, start + 3)):
            for at in near:
                found[at] = side
    return found


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
    if _above(goal, point.upper):
        return "fail" if direction == "increase" else "pass"
    if _above(point.lower, goal):
        return "pass" if direction == "increase" else "fail"
    return "hit_and_miss"
