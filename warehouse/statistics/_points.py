"""What a control chart is made of and says: points, phases, settings."""

from __future__ import annotations

from typing import Literal, NamedTuple

from warehouse.statistics._intervals import Direction

ChartKind = Literal["xmr", "p_prime", "p", "run"]
Signal = Literal["common", "improvement", "concern", "neutral"]
RuleName = Literal["outside", "trend", "two_in_three", "shift"]
Variation = Literal["common", "improving_high", "improving_low", "concerning_high", "concerning_low", "neutral_high", "neutral_low"]
Assurance = Literal["pass", "fail", "hit_and_miss"]
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
