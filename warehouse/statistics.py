"""Intervals and verdicts, as pure functions: numbers in, numbers or words out. Nothing here knows where they came from.

Shares are fractions between 0 and 1 and come as counts; `z` is the normal quantile of the confidence wanted.
"""

from __future__ import annotations

import math
from typing import Literal, NamedTuple

Verdict = Literal["met", "not_met", "cannot_tell", "no_target", "no_data"]
Comparison = Literal["meets", "misses"]
Direction = Literal["increase", "decrease", "neutral"]

#: Two-sided 95 %.
Z95 = 1.959963984540054

#: A mean of fewer scores than this gets no interval: the scores themselves are shown.
FEWEST_FOR_T = 5

_MOST_ANSWERS = 1_000_000


class Interval(NamedTuple):
    """A range of values that the data allow, both ends included."""

    low: float
    high: float


def wilson(successes: int, n: int, z: float = Z95) -> Interval:
    """Wilson score interval of a share (Wilson 1927). successes of n answers, 0 ≤ successes ≤ n, n ≥ 1; returns shares in 0..1.

    Exactly 0 at no success and exactly 1 at all. Raises ValueError for counts that cannot be.
    """
    if not 0 <= successes <= n or n < 1:
        raise ValueError(f"wilson: {successes} of {n}")
    share = successes / n
    middle = 2 * successes + z * z
    spread = z * math.sqrt(z * z + 4 * successes * (1 - share))
    low, high = (middle - spread) / (2 * (n + z * z)), (middle + spread) / (2 * (n + z * z))
    return Interval(0.0 if successes == 0 else low, 1.0 if successes == n else high)


def t_interval(total: float, sum_of_squares: float, n: int, *, bounds: tuple[float, float] = (0.0, 100.0)) -> Interval | None:
    """95 % t interval of a mean score from its sum and sum of squares, clipped to the scale; None for fewer than five scores."""
    if n < FEWEST_FOR_T:
        return None
    mean = total / n
    variance = max(0.0, (sum_of_squares - total * mean) / (n - 1))
    half = t_quantile(0.975, n - 1) * math.sqrt(variance / n)
    return Interval(max(bounds[0], mean - half), min(bounds[1], mean + half))


def t_quantile(probability: float, degrees: int) -> float:
    """Quantile of Student's t: `degrees` ≥ 1, 0.5 ≤ probability < 1. By bisection on the regularised incomplete beta function."""
    if degrees < 1 or not 0.5 <= probability < 1:
        raise ValueError(f"t_quantile: {probability}, {degrees}")
    low, high = 0.0, 1.0
    while _t_cdf(high, degrees) < probability:
        high *= 2
    for _ in range(200):
        middle = (low + high) / 2
        if _t_cdf(middle, degrees) < probability:
            low = middle
        else:
            high = middle
    return (low + high) / 2


def _t_cdf(t: float, degrees: int) -> float:
    return 1 - _incomplete_beta(degrees / 2, 0.5, degrees / (degrees + t * t)) / 2


def _incomplete_beta(a: float, b: float, x: float) -> float:
    """Regularised incomplete beta function by its continued fraction (Lentz), as in Press et al., Numerical Recipes §6.4."""
    if x <= 0:
        return 0.0
    if x >= 1:
        return 1.0
    front = math.exp(math.lgamma(a + b) - math.lgamma(a) - math.lgamma(b) + a * math.log(x) + b * math.log1p(-x))
    if x > (a + 1) / (a + b + 2):
        return 1 - front * _beta_fraction(b, a, 1 - x) / b
    return front * _beta_fraction(a, b, x) / a


def _beta_fraction(a: float, b: float, x: float) -> float:
    tiny = 1e-300
    c, d = 1.0, 1 / max(abs(1 - (a + b) * x / (a + 1)), tiny) * math.copysign(1, 1 - (a + b) * x / (a + 1))
    result = d
    for m in range(1, 500):
        for numerator in (m * (b - m) * x / ((a + 2 * m - 1) * (a + 2 * m)), -(a + m) * (a + b + m) * x / ((a + 2 * m) * (a + 2 * m + 1))):
            d = 1 + numerator * d
            c = 1 + numerator / c
            d = 1 / (d if abs(d) > tiny else tiny)
            c = c if abs(c) > tiny else tiny
            result *= c * d
        if abs(c * d - 1) < 1e-15:
            break
    return result


def compare(value: float, target: float, direction: Direction) -> Comparison:
    """The plain administrative comparison: at least the target where high is good, at most it where low is good."""
    reached = value <= target if direction == "decrease" else value >= target
    return "meets" if reached else "misses"


def verdict(interval: Interval, target: float, direction: Direction) -> Verdict:
    """Met where the whole interval is on the good side, not met where all of it is on the bad side, cannot tell otherwise."""
    low, high = (-interval.high, -interval.low) if direction == "decrease" else interval
    goal = -target if direction == "decrease" else target
    if low >= goal:
        return "met"
    return "not_met" if high < goal else "cannot_tell"


def answers_needed(successes: int, n: int, target: float, direction: Direction) -> int | None:
    """How many answers in all would settle a verdict if the share stays as it is: the smallest number whose Wilson interval clears the target.

    target: a share in 0..1. None where the share equals the target, or a million answers would not do.
    """
    share = successes / n
    if share == target:
        return None
    low, high = n, n
    while not _settled(share, high, target, direction):
        low, high = high, high * 2
        if high > _MOST_ANSWERS:
            return None
    while low < high:
        middle = (low + high) // 2
        if _settled(share, middle, target, direction):
            high = middle
        else:
            low = middle + 1
    return high


def _settled(share: float, n: int, target: float, direction: Direction) -> bool:
    return verdict(_wilson_share(share, n), target, direction) != "cannot_tell"


def _wilson_share(share: float, n: int, z: float = Z95) -> Interval:
    spread = z * math.sqrt(z * z + 4 * n * share * (1 - share))
    middle = 2 * n * share + z * z
    return Interval((middle - spread) / (2 * (n + z * z)), (middle + spread) / (2 * (n + z * z)))


def can_ever_clear(n: int, target: float, direction: Direction) -> bool:
    """Whether n answers could clear the target at all, every one of them being good."""
    perfect = wilson(0, n) if direction == "decrease" else wilson(n, n)
    return verdict(perfect, target, direction) == "met"
