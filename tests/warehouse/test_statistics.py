"""Intervals and verdicts against scipy, against the published tables, and against what the words mean."""

from __future__ import annotations

import math
from fractions import Fraction
from statistics import fmean, variance

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from scipy import stats

from warehouse.statistics import (
    Interval,
    answers_needed,
    can_ever_clear,
    compare,
    t_interval,
    t_quantile,
    verdict,
    wilson,
)

#: A busy machine is no fault of the code.
unhurried = settings(deadline=None)

DIRECTIONS = ("increase", "decrease")


@st.composite
def counts(draw: st.DrawFn, most: int = 3000) -> tuple[int, int]:
    n = draw(st.integers(1, most))
    return draw(st.integers(0, n)), n


# --- Wilson -----------------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("n", "low", "high"), [(10, 59.6, 98.2), (30, 74.4, 96.5), (50, 78.6, 95.7), (100, 82.6, 94.5), (200, 85.1, 93.4), (400, 86.7, 92.6)]
)
def test_the_interval_of_90_per_cent_is_that_of_the_published_table(n: int, low: float, high: float) -> None:
    found = wilson(n * 9 // 10, n)
    assert (round(100 * found.low, 1), round(100 * found.high, 1)) == (low, high)


@unhurried
@given(counts())
def test_the_interval_is_scipys(count: tuple[int, int]) -> None:
    successes, n = count
    expected = stats.binomtest(successes, n).proportion_ci(confidence_level=0.95, method="wilson")
    assert wilson(successes, n) == pytest.approx((expected.low, expected.high), abs=1e-12)


@unhurried
@given(counts())
def test_the_interval_solves_its_equation(count: tuple[int, int]) -> None:
    """Wilson's limits are the shares p for which |x/n − p| = z·sqrt(p(1−p)/n)."""
    successes, n = count
    for limit in wilson(successes, n):
        distance = abs(successes / n - limit)
        assert distance == pytest.approx(1.959963984540054 * math.sqrt(limit * (1 - limit) / n), abs=1e-9)


@unhurried
@given(st.integers(1, 10_000))
def test_none_and_all_end_exactly_at_the_bounds(n: int) -> None:
    assert wilson(0, n).low == 0.0
    assert wilson(n, n).high == 1.0
    assert 0.0 < wilson(0, n).high < 1.0
    assert 0.0 < wilson(n, n).low < 1.0


@unhurried
@given(counts())
def test_low_is_the_mirror_of_high(count: tuple[int, int]) -> None:
    successes, n = count
    mirrored = wilson(n - successes, n)
    assert wilson(successes, n) == pytest.approx((1 - mirrored.high, 1 - mirrored.low), abs=1e-12)


def test_alerts_take_a_wider_interval() -> None:
    expected = stats.binomtest(23, 60).proportion_ci(confidence_level=0.998, method="wilson")
    assert wilson(23, 60, 3.0902323061678132) == pytest.approx((expected.low, expected.high), abs=1e-12)


@pytest.mark.parametrize(("successes", "n"), [(-1, 5), (6, 5), (0, 0), (1, 0)])
def test_counts_that_cannot_be_are_refused(successes: int, n: int) -> None:
    with pytest.raises(ValueError, match=f"{successes} of {n}"):
        wilson(successes, n)


# --- means ------------------------------------------------------------------------------------------------------------------


@unhurried
@given(st.floats(0.75, 0.9999), st.integers(1, 400))
def test_quantiles_of_t_are_scipys(probability: float, degrees: int) -> None:
    assert t_quantile(probability, degrees) == pytest.approx(stats.t.ppf(probability, degrees), rel=1e-7)


@pytest.mark.parametrize(("degrees", "printed"), [(4, 2.776), (8, 2.306), (9, 2.262), (17, 2.110), (29, 2.045), (120, 1.980)])
def test_quantiles_of_t_are_those_of_the_printed_table(degrees: int, printed: float) -> None:
    assert round(t_quantile(0.975, degrees), 3) == printed


@pytest.mark.parametrize(("probability", "degrees"), [(0.4, 5), (1.0, 5), (0.9, 0)])
def test_quantiles_that_do_not_exist_are_refused(probability: float, degrees: int) -> None:
    with pytest.raises(ValueError, match="t_quantile"):
        t_quantile(probability, degrees)


@unhurried
@given(st.lists(st.integers(0, 1000).map(lambda tenths: tenths / 10), min_size=5, max_size=60))
def test_the_interval_of_a_mean_is_scipys_clipped_to_the_scale(scores: list[float]) -> None:
    found = t_interval(sum(scores), sum(score * score for score in scores), len(scores))
    assert found is not None
    half = stats.t.ppf(0.975, len(scores) - 1) * math.sqrt(variance(scores) / len(scores))
    expected = (max(0.0, fmean(scores) - half), min(100.0, fmean(scores) + half))
    assert found == pytest.approx(expected, abs=1e-4)


def test_a_mean_of_four_scores_has_no_interval() -> None:
    assert t_interval(360.0, 32400.0, 4) is None


def test_equal_scores_have_an_interval_of_no_width() -> None:
    assert t_interval(450.0, 40500.0, 5) == Interval(90.0, 90.0)


# --- verdicts ---------------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("interval", "target", "direction", "expected"),
    [
        ((91, 95), 90, "increase", "met"),
        ((90, 95), 90, "increase", "met"),
        ((85, 89.9), 90, "increase", "not_met"),
        ((85, 90), 90, "increase", "cannot_tell"),
        ((85, 95), 90, "increase", "cannot_tell"),
        ((1, 4), 5, "decrease", "met"),
        ((1, 5), 5, "decrease", "met"),
        ((5.1, 8), 5, "decrease", "not_met"),
        ((5, 8), 5, "decrease", "cannot_tell"),
        ((91, 95), 90, "neutral", "met"),
    ],
)
def test_a_verdict_needs_the_whole_interval_on_one_side(interval: tuple[float, float], target: float, direction: str, expected: str) -> None:
    assert verdict(Interval(*interval), target, direction) == expected  # type: ignore[arg-type]


@unhurried
@given(counts(), st.integers(0, 100), st.sampled_from(DIRECTIONS))
def test_a_verdict_never_contradicts_the_plain_comparison(count: tuple[int, int], target: int, direction: str) -> None:
    successes, n = count
    told = verdict(wilson(successes, n), target / 100, direction)  # type: ignore[arg-type]
    plain = compare(successes / n, target / 100, direction)  # type: ignore[arg-type]
    if told == "met":
        assert plain == "meets"
    if told == "not_met":
        assert plain == "misses"


@unhurried
@given(counts(), st.integers(1, 99), st.sampled_from(DIRECTIONS))
def test_low_is_good_is_the_mirror_of_high_is_good(count: tuple[int, int], target: int, direction: str) -> None:
    found = wilson(*count)
    mirrored = Interval(1 - found.high, 1 - found.low)
    other = {"increase": "decrease", "decrease": "increase"}[direction]
    if min(abs(limit - target / 100) for limit in found) > 1e-9:
        assert verdict(found, target / 100, direction) == verdict(mirrored, 1 - target / 100, other)  # type: ignore[arg-type]


@pytest.mark.parametrize(
    ("value", "target", "direction", "expected"),
    [
        (90, 90, "increase", "meets"),
        (89.99, 90, "increase", "misses"),
        (0, 0, "decrease", "meets"),
        (1, 0, "decrease", "misses"),
        (90, 90, "neutral", "meets"),
    ],
)
def test_the_plain_comparison_counts_the_target_itself_as_met(value: float, target: float, direction: str, expected: str) -> None:
    assert compare(value, target, direction) == expected  # type: ignore[arg-type]


# --- how many more answers --------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(("share", "target", "published"), [(92, 90, 830), (93, 90, 362), (95, 90, 127), (97, 90, 69), (100, 90, 35), (100, 95, 73)])
def test_the_published_list_of_answers_needed_is_reproduced(share: int, target: int, published: int) -> None:
    """Published: the first n at which the share, rounded to whole answers, clears the target."""
    sizes = (n for n in range(1, 2000) if wilson((2 * share * n + 100) // 200, n).low >= target / 100)
    assert next(sizes) == published


@pytest.mark.parametrize(("share", "target"), [(92, 90), (93, 90), (95, 90), (97, 90), (100, 90), (100, 95), (80, 90), (1, 5), (50, 90)])
def test_the_answers_needed_at_exactly_this_share_follow_from_the_score_test(share: int, target: int) -> None:
    """The lower limit reaches T where (p − T)² = z²·T(1 − T)/n; the whole number above that n."""
    exact = stats.norm.ppf(0.975) ** 2 * target * (100 - target) / (share - target) ** 2
    small = Fraction(share, 100)
    assert answers_needed(small.numerator, small.denominator, target / 100, "increase") == max(math.ceil(exact), small.denominator)


@unhurried
@given(counts(most=60), st.integers(50, 99), st.sampled_from(DIRECTIONS))
def test_the_answers_needed_settle_it_and_one_fewer_would_not(count: tuple[int, int], target: int, direction: str) -> None:
    """Recomputed with scipy's normal quantile and the quadratic of Wilson's limits, at the present share."""
    successes, n = count
    share, goal = successes / n, target / 100
    needed = answers_needed(successes, n, goal, direction)  # type: ignore[arg-type]

    def settled(size: int) -> bool:
        z2 = stats.norm.ppf(0.975) ** 2
        middle, half = share + z2 / (2 * size), math.sqrt(z2 * (share * (1 - share) / size + z2 / (4 * size * size)))
        low, high = (middle - half) / (1 + z2 / size), (middle + half) / (1 + z2 / size)
        return high < goal or low >= goal if direction == "increase" else high <= goal or low > goal

    if share == goal:
        assert needed is None
    elif needed is not None:
        assert settled(needed)
        assert needed == n or not settled(needed - 1)


def test_a_share_equal_to_the_target_is_never_settled() -> None:
    assert answers_needed(9, 10, 0.9, "increase") is None


def test_more_than_a_million_answers_are_not_asked_for() -> None:
    assert answers_needed(899_999, 1_000_000, 0.9, "increase") is None


@pytest.mark.parametrize(("n", "target", "possible"), [(34, 0.90, False), (35, 0.90, True), (72, 0.95, False), (73, 0.95, True)])
def test_a_window_can_be_too_small_ever_to_clear_its_target(n: int, target: float, possible: bool) -> None:
    assert can_ever_clear(n, target, "increase") is possible
    assert can_ever_clear(n, 1 - target, "decrease") is possible
