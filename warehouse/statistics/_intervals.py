"""Intervals and what they allow to be said: verdicts, claims, tiers of small numbers, funnel limits.

Shares are fractions between 0 and 1 and come as counts; `z` is the normal quantile of the confidence wanted.
"""

from __future__ import annotations

import math
from functools import lru_cache
from typing import Literal, NamedTuple

Verdict = Literal["met", "not_met", "cannot_tell", "no_target", "no_data"]
Comparison = Literal["meets", "misses"]
Direction = Literal["increase", "decrease", "neutral"]
Claim = Literal["rose", "fell", "no_clear_change"]
Tier = Literal["no_data", "suppressed", "counts_only", "indicative", "normal"]

#: Two-sided 95 % and 99.8 %.
Z95 = 1.959963984540054
Z998 = 3.090232306167813

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


class Scores(NamedTuple):
    """What is kept of n scores: their sum and the sum of their squares."""

    total: float
    sum_of_squares: float
    n: int

    @property
    def mean(self) -> float:
        """Their mean."""
        return self.total / self.n

    @property
    def error(self) -> float:
        """The square of the standard error of their mean."""
        return max(0.0, (self.sum_of_squares - self.total * self.mean) / (self.n - 1)) / self.n


def welch(earlier: Scores, later: Scores) -> Interval | None:
    """95 % t interval of mean(later) − mean(earlier) with variances of their own (Welch 1947); None where either has fewer than five scores."""
    if min(earlier.n, later.n) < FEWEST_FOR_T:
        return None
    difference = later.mean - earlier.mean
    error = earlier.error + later.error
    if error == 0:
        return Interval(difference, difference)
    degrees = error**2 / (earlier.error**2 / (earlier.n - 1) + later.error**2 / (later.n - 1))
    half = t_quantile(0.975, degrees) * math.sqrt(error)
    return Interval(difference - half, difference + half)


def newcombe(x1: int, n1: int, x2: int, n2: int, z: float = Z95) -> Interval:
    """Interval of the difference of two independent shares, x2/n2 − x1/n1, by Newcombe's hybrid score method (1998, method 10).

    Returns fractions in −1..1. Raises ValueError for counts that cannot be.
    """
    first, second = wilson(x1, n1, z), wilson(x2, n2, z)
    p1, p2 = x1 / n1, x2 / n2
    difference = p2 - p1
    return Interval(
        difference - math.hypot(p2 - second.low, first.high - p1),
        difference + math.hypot(second.high - p2, p1 - first.low),
    )


def byar(count: int, z: float = Z95) -> Interval:
    """Byar's approximation of the interval of a Poisson count (Breslow and Day 1987); exactly 0 below for no event. Negative: ValueError."""
    if count < 0:
        raise ValueError(f"byar: {count}")
    above = count + 1
    high = above * (1 - 1 / (9 * above) + z / (3 * math.sqrt(above))) ** 3
    low = count * max(0.0, 1 - 1 / (9 * count) - z / (3 * math.sqrt(count))) ** 3 if count else 0.0
    return Interval(low, high)


class FunnelLimits(NamedTuple):
    """Where shares of n answers lie when only chance sets them apart from the overall share: 95 % (`warning`) and 99.8 % (`alarm`)."""

    warning: Interval
    alarm: Interval


def funnel_limits(successes: int, total: int, n: int) -> FunnelLimits:
    """Limits around the overall share successes/total for a unit of n answers, as fractions clipped to 0..1.

    p ± z·sqrt(p(1−p)/n): a share lies outside exactly where its own Wilson interval leaves the overall share out. Raises ValueError for counts
    that cannot be.
    """
    if not 0 <= successes <= total or min(total, n) < 1:
        raise ValueError(f"funnel_limits: {successes} of {total}, {n}")
    share = successes / total
    error = math.sqrt(share * (1 - share) / n)
    warning, alarm = (Interval(max(0.0, share - z * error), min(1.0, share + z * error)) for z in (Z95, Z998))
    return FunnelLimits(warning, alarm)


def claim(interval: Interval, *, broken: bool) -> Claim:
    """What may be said of a difference (later − earlier): that it rose or fell only where its interval leaves 0 out and the series was not broken
    in between (another definition, questionnaire or counter)."""
    if broken:
        return "no_clear_change"
    return "rose" if interval.low > 0 else "fell" if interval.high < 0 else "no_clear_change"


class Tiers(NamedTuple):
    """From how many answers on a figure is shown (`shown`, in a breakdown), as a percentage (`percent`), and without the word indicative (`normal`)."""

    shown: int = 5
    percent: int = 10
    normal: int = 30


_TIERS = Tiers()


def tier(n: int, *, breakdown: bool = False, tiers: Tiers = _TIERS) -> Tier:
    """How much n answers bear: with the usual tiers none is `no_data`, 1–4 in a breakdown `suppressed` (a person might be recognised), up to 9
    `counts_only` ("x of n"), up to 29 `indicative`, else `normal`. Negative: ValueError."""
    if n < 0:
        raise ValueError(f"tier: {n}")
    if n == 0:
        return "no_data"
    if breakdown and n < tiers.shown:
        return "suppressed"
    if n < tiers.percent:
        return "counts_only"
    return "indicative" if n < tiers.normal else "normal"


@lru_cache(maxsize=4096)
def t_quantile(probability: float, degrees: float) -> float:
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


def _t_cdf(t: float, degrees: float) -> float:
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
