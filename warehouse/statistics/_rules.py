"""Rules: which points lie outside, run a trend, keep to one side of the mean or come near a limit."""

from __future__ import annotations

import math
from collections.abc import Sequence


def is_above(value: float, other: float) -> bool:
    """Strictly above, what only rounding in binary sets apart being equal."""
    return value > other and not math.isclose(value, other, rel_tol=1e-9, abs_tol=1e-9)


def side_of(value: float | None, edges: tuple[float, float] | None) -> int:
    """1 above the upper edge, −1 below the lower one, 0 between them, on them, or unknown."""
    if value is None or edges is None:
        return 0
    return 1 if is_above(value, edges[1]) else -1 if is_above(edges[0], value) else 0


def trends(values: Sequence[float | None], length: int) -> list[int]:
    """±1 for every point of `length` in a row that each rise or each fall; a turning point belongs to the trend that led to it."""
    steps = [0 if None in pair else (pair[1] > pair[0]) - (pair[1] < pair[0]) for pair in zip(values, values[1:], strict=False)]
    found = [0] * len(values)
    for start in range(len(values) - length + 1):
        inside = steps[start : start + length - 1]
        if inside[0] and all(step == inside[0] for step in inside):
            for at in range(start, start + length):
                found[at] = found[at] or inside[0]
    return found


def shifts(sides: Sequence[int], length: int) -> list[int]:
    """±1 for every point of `length` or more in a row on one side of the mean."""
    found = [0] * len(sides)
    for start in range(len(sides) - length + 1):
        inside = sides[start : start + length]
        if inside[0] and all(side == inside[0] for side in inside):
            found[start : start + length] = inside
    return found


def two_in_three(close: Sequence[int], sides: Sequence[int]) -> list[int]:
    """±1 for points near a limit, two of three in a row, all three on that side of the mean."""
    found = [0] * len(sides)
    for start in range(len(sides) - 2):
        side = sides[start]
        near = [at for at in range(start, start + 3) if close[at]]
        if side and len(near) >= 2 and all(sides[at] == side for at in range(start, start + 3)):
            for at in near:
                found[at] = side
    return found
