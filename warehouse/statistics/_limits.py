"""Limits of a phase: how far its months vary by themselves (XmR, p, p′)."""

from __future__ import annotations

import math
from collections.abc import Sequence
from typing import NamedTuple

from warehouse.statistics._points import Bounds, ChartKind, ChartPoint, ChartSettings

#: Natural limits of an XmR chart lie 3/1.128 mean moving ranges from the mean; a moving range of 3.267 means or more is left out of the mean.
_LIMIT, _SCREEN, _SIGMAS_PER_RANGE = 2.66, 3.267, 1.128


class Limits(NamedTuple):
    """mean; half: distance from mean to limit by point (None: no limits there)."""

    mean: float
    half: list[float | None]
    sigma_z: float | None
    screened: int


def limits_of(points: Sequence[ChartPoint], kind: ChartKind, bounds: Bounds | None, settings: ChartSettings) -> Limits | None:
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
        return Limits(mean, [_LIMIT * spread] * len(points), None, screened)
    scale = bounds[1] if bounds else 1.0
    share = math.fsum(points[at].numerator for at in known) / math.fsum(points[at].denominator for at in known)
    mean = values[0] if constant else scale * share
    errors = [math.sqrt(share * (1 - share) / point.denominator) if point.value is not None else None for point in points]
    if not 0 < share < 1:
        return Limits(mean, [None if error is None else 0.0 for error in errors], None, 0)
    scores = [(points[at].numerator / points[at].denominator - share) / errors[at] for at in known]
    spread, screened = _mean_range(known, scores, values, settings)
    sigma = spread / _SIGMAS_PER_RANGE
    if kind == "p_prime" and not constant and not sigma:
        return None
    width = 3 * scale * (sigma if kind == "p_prime" else 1.0)
    return Limits(mean, [None if error is None else width * error for error in errors], sigma, screened)


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
