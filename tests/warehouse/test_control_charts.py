"""Control charts against a second implementation in whole numbers, against published rates, and at every edge there is."""

from __future__ import annotations

import math
import random
from collections.abc import Iterator, Sequence
from itertools import groupby, pairwise, product

import numpy as np
import pytest

from warehouse.statistics import ChartPoint, ChartSettings, ControlChart, control_chart

WAVE = [50, 53, 49, 52, 50, 54, 48, 51, 53, 50, 49, 52]


def chart(values: Sequence[float | None], direction: str = "increase", **options: object) -> ControlChart:
    return control_chart([ChartPoint(value) for value in values], direction=direction, **options)  # type: ignore[arg-type]


def shares(counts: Sequence[tuple[int, int] | None], direction: str = "increase", **options: object) -> ControlChart:
    points = [ChartPoint(None) if count is None else ChartPoint(100 * count[0] / count[1], *count) for count in counts]
    return control_chart(points, direction=direction, bounds=(0, 100), **options)  # type: ignore[arg-type]


def signals(found: ControlChart) -> list[str]:
    return [point.point for point in found.points]


def rules(found: ControlChart) -> list[tuple[str, ...]]:
    return [point.rules for point in found.points]


# --- the second implementation ----------------------------------------------------------------------------------------------


def stretches(values: Sequence[int | None]) -> Iterator[list[int]]:
    for known, group in groupby(range(len(values)), key=lambda at: values[at] is not None):
        if known:
            yield list(group)


def second_opinion(values: Sequence[int | None], starts: set[int], direction: str) -> list[tuple[str, frozenset[str]]]:
    """Signal and rules of each point of an XmR chart, in integers: every comparison is multiplied out."""
    told: list[tuple[str, frozenset[str]]] = []
    edges = sorted({0, len(values)} | {start for start in starts if 0 < start < len(values)})
    for begin, end in pairwise(edges):
        told += one_phase(values[begin:end], direction)
    return told


def one_phase(values: Sequence[int | None], direction: str) -> list[tuple[str, frozenset[str]]]:
    known = [value for value in values if value is not None]
    n, total = len(known), sum(known)
    ranges = [abs(a - b) for a, b in pairwise(values) if a is not None and b is not None]
    nothing = [("common", frozenset[str]())] * len(values)
    if n < 6 or not ranges:
        return nothing
    kept = [size for size in ranges if 1000 * len(ranges) * size < 3267 * sum(ranges)]
    kept = kept if sum(kept) else ranges
    spread, count = sum(kept), len(kept)
    if spread == 0 and len(set(known)) > 1:
        return nothing
    height = [None if value is None else 300 * count * (n * value - total) for value in values]
    limit, near = 798 * n * spread, 532 * n * spread
    sign = {"increase": 1, "decrease": -1}.get(direction, 0)
    fired: list[dict[str, int]] = [{} for _ in values]
    for at, high in enumerate(height):
        if high is not None and abs(high) > limit:
            fired[at]["outside"] = 1 if high > 0 else -1
    close = [high is not None and near < abs(high) <= limit for high in height]
    for stretch in stretches(values):
        steps = [(values[b] > values[a]) - (values[b] < values[a]) for a, b in pairwise(stretch)]  # type: ignore[operator]
        place = 0
        for way, group in groupby(steps):
            length = len(list(group))
            if way and length >= 6:
                for at in stretch[place : place + length + 1]:
                    fired[at].setdefault("trend", way)
            place += length
        for at in stretch:
            for three in (range(at - 2, at + 1), range(at - 1, at + 2), range(at, at + 3)):
                inside = set(three) <= set(stretch)
                if inside and close[at] and sum(close[i] for i in three) >= 2:
                    if all(height[i] > 0 for i in three):  # type: ignore[operator]
                        fired[at]["two_in_three"] = 1
                    elif all(height[i] < 0 for i in three):  # type: ignore[operator]
                        fired[at]["two_in_three"] = -1
        for side, group in groupby(stretch, key=lambda at: (height[at] > 0) - (height[at] < 0)):  # type: ignore[operator]
            together = list(group)
            if side and len(together) >= 7:
                for at in together:
                    fired[at]["shift"] = side
    told = []
    for found in fired:
        first = next((found[name] for name in ("outside", "trend", "two_in_three", "shift") if name in found), 0)
        word = "common" if not first else {1: "improvement", -1: "concern", 0: "neutral"}[first * sign]
        told.append((word, frozenset(found)))
    return told


def random_series(chance: random.Random) -> list[int | None]:
    """Noise, a walk, a slow or steady climb or fall, steps, or nearly always the same; with ties and gaps."""
    length, kind, way = chance.randint(1, 40), chance.randrange(6), chance.choice((-1, 1))
    level, values = chance.randint(-5, 60), []
    for _ in range(length):
        step = {1: chance.choice((-1, 0, 1)), 2: chance.choice((0, 0, way)), 5: way * chance.choice((0, 1, 2, 3, 4, 5, 6, 7))}.get(kind, 0)
        level += step + (chance.choice((-9, 9)) if kind == 3 and chance.random() < 0.1 else 0)
        noise = {0: chance.randint(-6, 6), 1: 0, 2: chance.randint(0, 1), 3: chance.randint(-3, 3), 4: chance.choice((0, 0, 0, 0, 0, 0, 7)), 5: 0}[kind]
        values.append(None if chance.random() < 0.03 else level + noise)
    return values


def test_ten_thousand_random_series_are_judged_alike_by_a_second_implementation() -> None:
    chance = random.Random(20160930)
    seen: dict[str, int] = {}
    for _ in range(10_000):
        values = random_series(chance)
        starts = {chance.randint(0, 42) for _ in range(chance.choice((0, 0, 0, 1, 2)))}
        direction = chance.choice(("increase", "decrease", "neutral"))
        found = chart(values, direction, phases=starts)
        expected = second_opinion(values, starts, direction)
        assert [(point.point, frozenset(point.rules)) for point in found.points] == expected, (values, starts, direction)
        for _, names in expected:
            for name in names:
                seen[name] = seen.get(name, 0) + 1
    assert all(seen[name] > 1000 for name in ("outside", "trend", "two_in_three", "shift")), seen


@pytest.mark.parametrize(("points", "published"), [(12, 5.5)])
def test_a_run_of_seven_in_noise_is_as_frequent_as_published(points: int, published: float) -> None:
    """Every way in which twelve points can lie above or below a known centre, set by a baseline that is kept apart by a gap."""
    baseline = [-1.0, 1.0] * 6
    settings = ChartSettings(baseline=12)
    alarms = sum(
        any("shift" in rule for rule in rules(chart([*baseline, None, *signs], settings=settings))) for signs in product((-1.0, 1.0), repeat=points)
    )
    assert round(100 * alarms / 2**points, 1) == published


# --- XmR, step by step ------------------------------------------------------------------------------------------------------


def test_limits_are_those_worked_by_hand() -> None:
    """Sum 611, twelve values; moving ranges 3 4 3 2 4 6 3 2 3 1 3, sum 34, eleven ranges, none of them 3.267 times the mean."""
    found = chart(WAVE)
    (phase,) = found.phases
    mean, spread = 611 / 12, 34 / 11
    assert (found.kind, phase.kind, phase.trial, phase.n, phase.screened, found.sigma_z) == ("xmr", "xmr", False, 12, 0, None)
    for point in found.points:
        assert (point.mean, point.upper, point.lower) == pytest.approx((mean, mean + 2.66 * spread, mean - 2.66 * spread))
        assert (point.near_upper, point.near_lower) == pytest.approx((mean + 1.77333 * spread, mean - 1.77333 * spread), abs=1e-4)
    assert set(signals(found)) == {"common"}
    assert found.variation == "common"


def test_a_large_moving_range_is_left_out_once() -> None:
    values = [10, 11, 10, 11, 10, 11, 40, 11, 10, 11, 10, 11]
    found = chart(values)
    assert found.phases[0].screened == 2
    assert found.points[0].upper == pytest.approx(sum(values) / 12 + 2.66)
    plain = chart(values, settings=ChartSettings(screening=False))
    assert (plain.phases[0].screened, plain.points[0].upper) == (0, pytest.approx(sum(values) / 12 + 2.66 * (29 + 29 + 9) / 11))


def test_a_moving_range_of_just_the_measure_is_left_out() -> None:
    """Eleven ranges of 1000 on average, one of them 3267."""
    steps = [773, -773, 773, -773, 773, 3267, -773, 773, -773, 773, -776]
    values = [sum(steps[:at], 5000) for at in range(12)]
    assert chart(values).phases[0].screened == 1


def test_limits_have_width_where_all_months_but_one_are_equal() -> None:
    found = chart([100] * 8 + [90] + [100] * 3, bounds=(0, 100))
    assert [point.point for point in found.points].count("concern") == 1
    assert found.points[8].rules == ("outside",)
    assert found.points[0].lower == pytest.approx(100 - 10 / 12 - 2.66 * 20 / 11)
    counted = shares([(20, 20)] * 4 + [(11, 12)] + [(40, 40)] * 8)
    assert (counted.kind, counted.phases[0].screened) == ("p_prime", 0)
    assert not any("outside" in rule for at, rule in enumerate(rules(counted)) if at != 4)


def test_two_in_three_flags_the_near_points_only_and_not_those_beyond() -> None:
    base = [50, 52] * 10
    near = chart([*base, 56, 51.5, 56])
    assert [("two_in_three" in rule) for rule in rules(near)[-3:]] == [True, False, True]
    assert "outside" not in rules(near)[-1]
    assert not any("two_in_three" in rule for rule in rules(chart([*base, 56, 50, 56])))
    beyond = chart([*base, 75, 53, 57])
    assert "outside" in rules(beyond)[-3]
    assert not any("two_in_three" in rule for rule in rules(beyond))


def test_a_tie_breaks_a_trend_and_a_point_on_the_mean_a_shift() -> None:
    rising = [1, 2, 3, 4, 5, 6, 7]
    assert rules(chart(rising)) == [("outside", "trend"), *[("trend",)] * 5, ("outside", "trend")]
    assert [point.side for point in chart(rising).points] == ["low", *["high"] * 6]
    assert signals(chart(rising)) == ["concern", *["improvement"] * 6]
    assert signals(chart(rising, "decrease")) == ["improvement", *["concern"] * 6]
    assert signals(chart(rising, "neutral")) == ["neutral"] * 7
    assert not any("trend" in rule for rule in rules(chart([1, 2, 3, 3, 4, 5, 6])))
    on_mean = [12, 8] * 3 + [11, 11, 11, 10, 11, 11, 11] + [9] * 6
    assert sum(on_mean) / len(on_mean) == 10
    assert not any("shift" in rule for rule in rules(chart(on_mean)))
    above = [12, 8] * 3 + [11] * 7 + [9] * 7
    assert sum(above) / len(above) == 10
    assert [("shift" in rule) for rule in rules(chart(above))] == [False] * 6 + [True] * 14


def test_what_is_equal_in_decimals_is_equal_here() -> None:
    """The mean is 90.4, which the fourth point equals; in binary the sum divided by fourteen lies just below."""
    values = [90.6, 90.8, 90.8, 90.4, 90.5, 90.8, 90.5, 90.0, 90.3, 90.2, 90.3, 90.0, 90.3, 90.1]
    assert math.fsum(values) / 14 < 90.4
    assert ["shift" in rule for rule in rules(chart(values))] == [False] * 7 + [True] * 7
    assert rules(chart(values)) == rules(chart([round(10 * value) for value in values]))


def test_the_first_rule_in_order_decides() -> None:
    found = chart([*[50, 51] * 6, 60, 59.5, 60, 61, 60, 62, 90])
    last = found.points[-1]
    assert last.rules[0] == "outside"
    assert "shift" in last.rules
    assert (last.point, last.side) == ("improvement", "high")


def test_a_turning_point_belongs_to_the_trend_that_led_to_it() -> None:
    found = chart([1, 2, 3, 4, 5, 6, 7, 6, 5, 4, 3, 2, 1])
    assert ["trend" in rule for rule in rules(found)] == [True] * 13
    inside = chart([20, -12] * 6 + [None] + [1, 2, 3, 4, 5, 6, 7, 6, 5, 4, 3, 2, 1])
    assert [rule[0] for rule in rules(inside)[13:]] == ["trend"] * 13
    assert [point.side for point in inside.points[13:]] == ["high"] * 7 + ["low"] * 6
    assert found.points[7].side == "low"


# --- gaps, phases, few points -----------------------------------------------------------------------------------------------


def test_a_gap_breaks_runs_trends_and_moving_ranges() -> None:
    assert all("trend" in rule for rule in rules(chart([1, 2, 3, 4, 5, 6, 7, 8])))
    assert not any("trend" in rule for rule in rules(chart([1, 2, 3, 4, None, 5, 6, 7, 8])))
    spread = chart([10, 12, 10, 12, 10, 12, None, 90, 92, 90, 92, 90, 92], settings=ChartSettings(screening=False))
    assert spread.points[0].upper == pytest.approx(51 + 2.66 * 2)
    assert spread.points[6].value is None
    assert (spread.points[6].point, spread.points[6].mean) == ("common", 51)


def test_points_that_have_no_neighbour_have_no_limits() -> None:
    found = chart([10, None, 12, None, 9, None, 11, None, 10, None, 12, None, 9])
    assert (found.kind, found.phases[0].n, found.phases[0].kind, found.variation) == ("run", 7, "run", None)


@pytest.mark.parametrize(
    ("count", "kind", "trial", "assurance"), [(1, "run", False, None), (5, "run", False, None), (6, "xmr", True, None), (11, "xmr", True, None), (12, "xmr", False, "pass")]
)
def test_limits_come_with_six_points_and_stop_being_trial_with_twelve(count: int, kind: str, trial: bool, assurance: str | None) -> None:
    found = chart(WAVE[:count], target=20)
    assert (found.kind, found.trial, found.assurance) == (kind, trial, assurance)
    assert found.phases[0].median == float(np.median(WAVE[:count]))
    assert all((point.upper is None) == (kind == "run") for point in found.points)
    assert found.variation == (None if kind == "run" else "common")


def test_nothing_is_an_empty_chart() -> None:
    found = chart([], target=[])
    assert (found.points, found.phases, found.kind, found.variation, found.assurance, found.sigma_z, found.trial, found.last) == (
        (), (), "run", None, None, None, False, None,
    )  # fmt: skip
    unknown = chart([None, None, None], target=3)
    assert (signals(unknown), unknown.variation, unknown.last, unknown.phases[0].median) == (["common"] * 3, None, None, None)


def test_a_phase_has_limits_of_its_own() -> None:
    found = chart([*WAVE, *(value + 40 for value in WAVE)], phases=[12], target=80)
    assert [(phase.start, phase.end, phase.n) for phase in found.phases] == [(0, 12, 12), (12, 24, 12)]
    assert (found.points[23].mean or 0) - (found.points[0].mean or 0) == pytest.approx(40)
    assert set(signals(found)) == {"common"}
    assert found.assurance == "pass"
    assert chart([*WAVE, *(value + 40 for value in WAVE)], target=80).assurance != "pass"


def test_a_phase_that_begins_with_the_last_point_says_nothing_yet() -> None:
    found = chart([*WAVE, 90], phases=[12], target=20)
    assert [phase.kind for phase in found.phases] == ["xmr", "run"]
    assert (found.points[-1].upper, found.points[-1].rules, found.variation, found.assurance) == (None, (), None, None)
    assert chart([*WAVE, 90], target=20).variation == "improving_high"
    assert chart([*WAVE, 90], phases=[12]).points[:12] == chart(WAVE).points


def test_phases_at_the_ends_or_outside_split_nothing() -> None:
    assert chart(WAVE, phases=[0, 12, 40, -3]) == chart(WAVE)


def test_a_run_does_not_reach_over_a_new_phase() -> None:
    rising = list(range(1, 13))
    assert all("trend" in rule for rule in rules(chart(rising)))
    assert not any("trend" in rule for rule in rules(chart(rising, phases=[6])))


def test_a_baseline_fixes_the_limits_of_later_points() -> None:
    found = chart([*WAVE, 70, 71, 72], settings=ChartSettings(baseline=12))
    assert found.points[14].upper == chart(WAVE).points[0].upper
    assert [rule[0] for rule in rules(found)[-3:]] == ["outside"] * 3
    with pytest.raises(ValueError, match="baseline"):
        chart(WAVE, settings=ChartSettings(baseline=11))


def test_a_run_chart_is_drawn_without_limits_and_rules() -> None:
    found = chart(range(1, 20), kind="run")
    assert (found.kind, found.variation, found.phases[0].median) == ("run", None, 10)
    assert not any(point.rules or point.upper or point.mean for point in found.points)


def test_the_length_of_trend_and_shift_can_be_set() -> None:
    assert not any("trend" in rule for rule in rules(chart([1, 2, 3, 4, 5, 6])))
    assert all("trend" in rule for rule in rules(chart([1, 2, 3, 4, 5, 6], settings=ChartSettings(trend=6))))
    steps = [*[10, 9] * 6, 12, 11, 12, 11, 12, 11]
    assert not any("shift" in rule for rule in rules(chart(steps))[-6:])
    assert all("shift" in rule for rule in rules(chart(steps, settings=ChartSettings(shift=6)))[-6:])


# --- what the last point says -----------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("last", "direction", "variation"),
    [
        (90, "increase", "improving_high"),
        (10, "increase", "concerning_low"),
        (90, "decrease", "concerning_high"),
        (10, "decrease", "improving_low"),
        (90, "neutral", "neutral_high"),
        (10, "neutral", "neutral_low"),
        (51, "increase", "common"),
    ],
)
def test_the_variation_is_that_of_the_last_known_point(last: float, direction: str, variation: str) -> None:
    assert chart([*WAVE, last], direction).variation == variation
    assert chart([*WAVE, last, None, None], direction).variation == variation


LIMITS = (611 / 12 - 2.66 * 34 / 11, 611 / 12 + 2.66 * 34 / 11)


@pytest.mark.parametrize(
    ("target", "increase", "decrease"),
    [
        (LIMITS[0] - 0.01, "pass", "fail"),
        (LIMITS[0] + 0.01, "hit_and_miss", "hit_and_miss"),
        (LIMITS[0], "hit_and_miss", "hit_and_miss"),
        (LIMITS[1], "hit_and_miss", "hit_and_miss"),
        (LIMITS[1] + 0.01, "fail", "pass"),
        (None, None, None),
    ],
)
def test_assurance_is_where_the_target_lies_to_the_limits(target: float | None, increase: str | None, decrease: str | None) -> None:
    assert chart(WAVE, target=target).assurance == increase
    assert chart(WAVE, "decrease", target=target).assurance == decrease
    assert chart(WAVE, "neutral", target=target).assurance is None


def test_the_target_is_the_one_in_force_at_the_last_point() -> None:
    changed = [20.0] * 11 + [80.0]
    assert (chart(WAVE, target=changed).target, chart(WAVE, target=changed).assurance) == (80, "fail")
    assert chart(WAVE, target=changed[::-1]).assurance == "pass"
    assert chart([*WAVE, None], target=[*changed, 20.0]).assurance == "fail"
    assert chart(WAVE, target=[20.0] * 11 + [None]).assurance is None
    with pytest.raises(ValueError, match="2 targets for 12 points"):
        chart(WAVE, target=[1, 2])


def test_a_series_that_never_changes_passes_where_it_meets_its_target() -> None:
    for value in (100.0, 0.1, 97.14, 1 / 3):
        found = chart([value] * 12, target=value, bounds=(0, 100))
        assert (found.kind, set(signals(found)), found.variation, found.assurance) == ("xmr", {"common"}, "common", "pass")
        assert (found.points[0].upper, found.points[0].lower) == (value, value)
    assert chart([97] * 12, target=98).assurance == "fail"
    assert chart([97] * 12, "decrease", target=98).assurance == "pass"
    counted = shares([(10 * at, 10 * at) for at in range(1, 13)], target=100)
    assert (counted.kind, counted.assurance, set(signals(counted))) == ("p_prime", "pass", {"common"})
    even = shares([(9 * at, 10 * at) for at in range(1, 13)], target=95)
    assert (even.kind, even.assurance, set(signals(even))) == ("p_prime", "fail", {"common"})


# --- bounds -----------------------------------------------------------------------------------------------------------------


def test_a_limit_beyond_the_bound_is_drawn_at_it_and_says_so() -> None:
    values = [97, 99, 96, 100, 97, 99, 98, 100, 96, 99, 97, 100]
    found = chart(values, bounds=(0, 100))
    free = chart(values)
    assert all((point.upper, point.upper_clipped, point.lower_clipped) == (100, True, False) for point in found.points)
    assert (free.points[0].upper or 0) > 100
    assert not free.points[0].upper_clipped
    assert not any("outside" in rule for rule in rules(found))
    assert chart(WAVE, bounds=(0, LIMITS[1] - 0.4)).points[0].upper_clipped
    assert not chart(WAVE, bounds=(0, LIMITS[1] + 0.4)).points[0].upper_clipped
    assert chart(WAVE, bounds=(LIMITS[0] + 0.4, 100)).points[0].lower_clipped
    low = chart([3, 0, 2, 1, 4, 0, 2, 1, 3, 0, 2, 1], "decrease", bounds=(0, math.inf))
    assert (low.points[0].lower, low.points[0].lower_clipped, low.points[0].upper_clipped) == (0, True, False)


# --- shares -----------------------------------------------------------------------------------------------------------------

VARYING = [(18, 20), (55, 60), (190, 200), (17, 20), (88, 95), (28, 30), (140, 160), (19, 20), (66, 75), (45, 50), (172, 200), (27, 30)]


def laney(counts: Sequence[tuple[int, int]]) -> tuple[float, np.ndarray, float]:
    """Mean, upper limits and σ_z of a p′ chart, with arrays."""
    x, n = np.array(counts, dtype=float).T
    mean = x.sum() / n.sum()
    sigma = np.sqrt(mean * (1 - mean) / n)
    ranges = np.abs(np.diff((x / n - mean) / sigma))
    kept = ranges[ranges < 3.267 * ranges.mean()]
    return mean, mean + 3 * sigma * kept.mean() / 1.128, kept.mean() / 1.128


def test_shares_of_varying_n_have_laneys_limits() -> None:
    found = shares(VARYING)
    mean, upper, sigma = laney(VARYING)
    assert (found.kind, found.sigma_z) == ("p_prime", pytest.approx(sigma))
    assert [point.mean for point in found.points] == pytest.approx([100 * mean] * 12)
    assert [point.upper for point in found.points] == pytest.approx(np.minimum(100, 100 * upper))
    assert [point.lower for point in found.points] == pytest.approx(100 * (2 * mean - upper))
    assert found.points[2].lower > found.points[0].lower  # type: ignore[operator]


def test_random_shares_have_laneys_limits() -> None:
    chance = np.random.default_rng(105)
    for _ in range(300):
        n = chance.integers(20, 400, size=chance.integers(6, 30))
        counts = list(zip(chance.binomial(n, chance.uniform(0.3, 0.9)).tolist(), n.tolist(), strict=True))
        found = shares(counts, kind="p_prime")
        mean, upper, sigma = laney(counts)
        assert found.sigma_z == pytest.approx(sigma)
        assert [point.upper for point in found.points] == pytest.approx(np.minimum(100, 100 * upper))


def test_large_n_that_vary_by_chance_have_sigma_near_one() -> None:
    chance = np.random.default_rng(9)
    n = chance.integers(200, 2000, size=400)
    counts = list(zip(chance.binomial(n, 0.8).tolist(), n.tolist(), strict=True))
    assert shares(counts).sigma_z == pytest.approx(1, abs=0.1)
    wide = [(round(x * (0.9 if at % 2 else 1.1)), size) for at, (x, size) in enumerate(counts)]
    assert shares(wide).sigma_z > 3  # type: ignore[operator]


def test_the_p_chart_takes_chance_alone() -> None:
    found = shares(VARYING, kind="p")
    mean = sum(x for x, _ in VARYING) / sum(n for _, n in VARYING)
    assert found.kind == "p"
    for (_, n), point in zip(VARYING, found.points, strict=True):
        half = 3 * math.sqrt(mean * (1 - mean) / n)
        assert (point.upper, point.lower) == pytest.approx((min(100, 100 * (mean + half)), 100 * (mean - half)))


def test_shares_of_even_n_are_charted_as_values() -> None:
    even = [(9, 10), (12, 15), (11, 13), (10, 12), (9, 11), (12, 14), (13, 15)]
    assert shares(even).kind == "xmr"
    assert shares([*even, (15, 16)]).kind == "p_prime"
    assert shares(even, settings=ChartSettings(ratio=1.2)).kind == "p_prime"
    assert shares(even, kind="p_prime").kind == "p_prime"
    assert shares(VARYING, kind="xmr").kind == "xmr"
    assert chart(WAVE, bounds=(0, 100)).kind == "xmr"


def test_fractions_have_the_limits_of_per_cents() -> None:
    points = [ChartPoint(x / n, x, n) for x, n in VARYING]
    found = control_chart(points, direction="increase", bounds=(0, 1))
    assert [point.upper for point in found.points] == pytest.approx([(point.upper or 0) / 100 for point in shares(VARYING).points])


def test_a_month_without_answers_is_a_gap_in_the_limits_too() -> None:
    found = shares([*VARYING[:6], None, *VARYING[6:]])
    gap = found.points[6]
    assert (gap.value, gap.upper, gap.lower, gap.point) == (None, None, None, "common")
    assert gap.mean == found.points[0].mean
    assert found.sigma_z != shares(VARYING).sigma_z


def test_n_ten_times_as_large_is_judged_by_narrower_limits() -> None:
    steady = [(45, 50), (430, 500), (46, 50), (455, 500), (44, 50), (445, 500), (45, 50), (460, 500), (44, 50), (440, 500), (46, 50), (452, 500)]
    fallen = (39, 50), (390, 500)
    assert "outside" not in shares([*steady, fallen[0]]).points[-1].rules
    assert "outside" in shares([*steady, fallen[1]]).points[-1].rules
    assert shares([*steady, fallen[1]]).variation == "concerning_low"
    assert shares([*steady, fallen[1]], "decrease").variation == "improving_low"


@pytest.mark.parametrize("kind", ["p", "p_prime"])
def test_a_share_chart_wants_counts_and_bounds(kind: str) -> None:
    with pytest.raises(ValueError, match=kind):
        chart(WAVE, kind=kind, bounds=(0, 100))
    with pytest.raises(ValueError, match=kind):
        control_chart([ChartPoint(90.0, 9, 10)] * 8, direction="increase", kind=kind)  # type: ignore[arg-type]
