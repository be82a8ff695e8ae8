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
    Scores,
    Tiers,
    answers_needed,
    byar,
    can_ever_clear,
    claim,
    compare,
    funnel_limits,
    newcombe,
    t_interval,
    t_quantile,
    tier,
    verdict,
    welch,
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


# --- differences ------------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("earlier", "later", "low", "high"),
    [
        ((18, 72), (23, 60), -2.46, 28.61),
        ((85, 100), (90, 100), -4.4, 14.4),
        ((170, 200), (186, 200), 1.9, 14.3),
        ((340, 400), (372, 400), 3.7, 12.4),
    ],
)
def test_the_difference_of_two_shares_is_that_of_the_published_examples(
    earlier: tuple[int, int], later: tuple[int, int], low: float, high: float
) -> None:
    found = newcombe(*earlier, *later)
    places = 2 if low == -2.46 else 1
    assert (round(100 * found.low, places), round(100 * found.high, places)) == (low, high)


@unhurried
@given(counts(), counts())
def test_the_difference_turns_with_the_order_and_holds_what_was_seen(first: tuple[int, int], second: tuple[int, int]) -> None:
    found, turned = newcombe(*first, *second), newcombe(*second, *first)
    seen = second[0] / second[1] - first[0] / first[1]
    assert found == pytest.approx((-turned.high, -turned.low), abs=1e-12)
    assert -1 - 1e-12 <= found.low <= seen <= found.high <= 1 + 1e-12


@unhurried
@given(counts(), counts())
def test_the_difference_is_newcombes_of_scipys_wilson_limits(first: tuple[int, int], second: tuple[int, int]) -> None:
    one, two = (stats.binomtest(*count).proportion_ci(method="wilson") for count in (first, second))
    p1, p2 = first[0] / first[1], second[0] / second[1]
    low = p2 - p1 - math.sqrt((p2 - two.low) ** 2 + (one.high - p1) ** 2)
    high = p2 - p1 + math.sqrt((two.high - p2) ** 2 + (p1 - one.low) ** 2)
    assert newcombe(*first, *second) == pytest.approx((low, high), abs=1e-9)


@pytest.mark.parametrize("wrong", [(1, 0, 1, 2), (1, 2, 3, 2), (-1, 2, 1, 2)])
def test_shares_that_cannot_be_have_no_difference(wrong: tuple[int, int, int, int]) -> None:
    with pytest.raises(ValueError, match="wilson"):
        newcombe(*wrong)


def summed(scores: list[float]) -> Scores:
    return Scores(sum(scores), sum(score * score for score in scores), len(scores))


SCORES = st.lists(st.integers(0, 400).map(lambda quarters: quarters / 4), min_size=5, max_size=40)


@unhurried
@given(SCORES, SCORES)
def test_the_difference_of_two_means_is_scipys(first: list[float], second: list[float]) -> None:
    found = welch(summed(first), summed(second))
    assert found is not None
    if variance(first) + variance(second) == 0:
        assert found == Interval(second[0] - first[0], second[0] - first[0])
    else:
        expected = stats.ttest_ind(second, first, equal_var=False).confidence_interval(0.95)
        assert found == pytest.approx((expected.low, expected.high), abs=1e-5)


def test_means_of_four_scores_are_not_compared() -> None:
    assert welch(summed([90, 91, 92, 93]), summed([90, 91, 92, 93, 94])) is None
    assert welch(summed([90, 91, 92, 93, 94]), summed([90, 91, 92, 93])) is None


@pytest.mark.parametrize(
    ("interval", "broken", "said"),
    [
        ((0.019, 0.143), False, "rose"),
        ((-0.143, -0.019), False, "fell"),
        ((-0.044, 0.144), False, "no_clear_change"),
        ((0.0, 0.1), False, "no_clear_change"),
        ((-0.1, 0.0), False, "no_clear_change"),
        ((0.019, 0.143), True, "no_clear_change"),
        ((-0.143, -0.019), True, "no_clear_change"),
    ],
)
def test_a_claim_wants_an_interval_without_nought_and_a_series_without_break(interval: tuple[float, float], broken: bool, said: str) -> None:
    assert claim(Interval(*interval), broken=broken) == said


# --- counts of events, funnels, small numbers -------------------------------------------------------------------------------


@pytest.mark.parametrize(("count", "low", "high"), [(10, 4.79, 18.39), (25, 16.17, 36.91), (100, 81.36, 121.63)])
def test_byars_limits_are_those_worked_by_hand(count: int, low: float, high: float) -> None:
    found = byar(count)
    assert (round(found.low, 2), round(found.high, 2)) == (low, high)


@unhurried
@given(st.integers(10, 5000))
def test_byars_limits_are_near_the_exact_poisson_ones(count: int) -> None:
    exact = stats.chi2.ppf(0.025, 2 * count) / 2, stats.chi2.ppf(0.975, 2 * count + 2) / 2
    assert byar(count) == pytest.approx(exact, rel=2e-3)


def test_no_event_has_a_limit_of_exactly_nought_below() -> None:
    assert byar(0).low == 0.0
    assert byar(0).high == pytest.approx(stats.chi2.ppf(0.975, 2) / 2, rel=0.01)
    assert byar(1, 3.0902323061678132).low >= 0
    with pytest.raises(ValueError, match="-1"):
        byar(-1)


@unhurried
@given(counts(), counts(most=400))
def test_a_unit_lies_outside_its_funnel_where_its_own_interval_leaves_the_overall_share_out(whole: tuple[int, int], unit: tuple[int, int]) -> None:
    share, seen = whole[0] / whole[1], unit[0] / unit[1]
    for limits, confidence in zip(funnel_limits(*whole, unit[1]), (0.95, 0.998), strict=True):
        own = stats.binomtest(*unit).proportion_ci(confidence, method="wilson")
        if min(abs(seen - limits.low), abs(seen - limits.high)) > 1e-9:
            assert (limits.low <= seen <= limits.high) == (own.low <= share <= own.high)


def test_a_funnel_narrows_with_n_and_stays_between_nought_and_one() -> None:
    small, large = funnel_limits(90, 100, 10), funnel_limits(90, 100, 1000)
    assert small.alarm.low < small.warning.low < large.warning.low < 0.9 < large.warning.high < large.alarm.high < small.warning.high == 1.0
    assert large.warning == pytest.approx((0.9 - 1.959964 * math.sqrt(0.09 / 1000), 0.9 + 1.959964 * math.sqrt(0.09 / 1000)), abs=1e-7)
    assert large.alarm == pytest.approx((0.9 - 3.090232 * math.sqrt(0.09 / 1000), 0.9 + 3.090232 * math.sqrt(0.09 / 1000)), abs=1e-7)


@pytest.mark.parametrize("wrong", [(5, 4, 10), (-1, 4, 10), (0, 0, 10), (1, 4, 0)])
def test_a_funnel_of_nothing_is_refused(wrong: tuple[int, int, int]) -> None:
    with pytest.raises(ValueError, match="funnel_limits"):
        funnel_limits(*wrong)


@pytest.mark.parametrize(
    ("n", "whole", "part"),
    [
        (0, "no_data", "no_data"),
        (1, "counts_only", "suppressed"),
        (4, "counts_only", "suppressed"),
        (5, "counts_only", "counts_only"),
        (9, "counts_only", "counts_only"),
        (10, "indicative", "indicative"),
        (29, "indicative", "indicative"),
        (30, "normal", "normal"),
    ],
)
def test_small_numbers_are_told_with_the_care_they_want(n: int, whole: str, part: str) -> None:
    assert (tier(n), tier(n, breakdown=True)) == (whole, part)


def test_the_tiers_can_be_set() -> None:
    strict = Tiers(shown=10, percent=20, normal=100)
    assert [tier(n, breakdown=True, tiers=strict) for n in (9, 10, 20, 99, 100)] == ["suppressed", "counts_only", "indicative", "indicative", "normal"]
    with pytest.raises(ValueError, match="-1"):
        tier(-1)
