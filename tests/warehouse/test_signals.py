"""Signals read from a snapshot: what is charted and how, targets and phases by month, periods and sites against each other."""

from __future__ import annotations

import math
from datetime import date
from decimal import Decimal
from pathlib import Path
from statistics import fmean

import pytest
from scipy import stats

from warehouse import commands, scorecard, signals
from warehouse.errors import UsageError
from warehouse.indicators import Target, all_indicators
from warehouse.intake import Source
from warehouse.load import LoadResult, Request, load_file, undo
from warehouse.period import Window, month_range
from warehouse.scorecard import Cells, Phase, Snapshot
from warehouse.store import Warehouse

FIRST, LAST = date(2015, 1, 1), date(2016, 12, 1)
YEAR = Window(date(2016, 1, 1), date(2016, 12, 1))
BOTH = Window(FIRST, LAST)

#: A share of a sample, a count, a mean of scores; each has neither parts nor months of its own.
SHARE, COUNT, MEAN = "survey_time_within_30", "cvs_payment_count", "phone_self_mean"

HEADER = "指標代碼,起始月份,原因,佐證,提出人,同意人"


def cells(*values: tuple[float | None, ...], first: date = date(2016, 1, 1), site: str = "yilan") -> Cells:
    """Numerator, denominator and sum of squares by month; None leaves a month out."""
    months = month_range(first, LAST)
    return {
        (site, month): (*(None if item is None else Decimal(str(item)) for item in (*value, None, None)[:3]), None)
        for month, value in zip(months, values, strict=False)
        if value[0] is not None
    }  # type: ignore[return-value]


def snapshot(name: str, inside: Cells, *, targets: list[tuple[date, str, Target]] | None = None, phases: list[Phase] | None = None) -> Snapshot:
    return Snapshot({name: inside}, targets or [], [], {name: phases or []})


def phase(month: int, year: int = 2016) -> Phase:
    return Phase(date(year, month, 1), "問卷改版", None, "王小明", "李大華")


VARYING = [(18, 20), (55, 60), (180, 200), (17, 20), (88, 95), (28, 30), (140, 160), (18, 20), (66, 75), (45, 50), (172, 200), (27, 30)]
CALLS = [4817, 3555, 4961, 4616, 5065, 5027, 5007, 4861, 4739, 4900, 5100, 4800]


# --- a series ---------------------------------------------------------------------------------------------------------------


def test_a_share_of_varying_n_is_charted_in_per_cent_by_laney() -> None:
    found = signals.series(snapshot(SHARE, cells(*VARYING)), SHARE, YEAR)
    mean = 100 * sum(x for x, _ in VARYING) / sum(n for _, n in VARYING)
    assert (found.chart.kind, found.unruled, found.chart.trial) == ("p_prime", None, False)
    assert [point.value for point in found.chart.points] == pytest.approx([100 * x / n for x, n in VARYING])
    assert [point.mean for point in found.chart.points] == pytest.approx([mean] * 12)
    assert found.chart.points[2].lower > found.chart.points[0].lower  # type: ignore[operator]
    assert max(point.upper or 0 for point in found.chart.points) <= 100


def test_a_share_can_be_charted_in_the_plain_style() -> None:
    whole = snapshot(SHARE, cells(*VARYING))
    values = [100 * x / n for x, n in VARYING]
    ranges = [abs(b - a) for a, b in zip(values, values[1:], strict=False)]
    kept = [size for size in ranges if size < 3.267 * fmean(ranges)]
    found = signals.series(whole, SHARE, YEAR, kind="xmr").chart
    assert (found.kind, found.points[0].lower) == ("xmr", pytest.approx(fmean(values) - 2.66 * fmean(kept)))
    assert signals.series(snapshot(COUNT, cells(*((call,) for call in CALLS))), COUNT, YEAR, kind="p_prime").chart.kind == "xmr"


def test_a_count_is_charted_as_its_monthly_sum_over_the_sites() -> None:
    both = cells(*((call,) for call in CALLS)) | cells(*((100,) for _ in CALLS), site="keelung")
    whole = snapshot(COUNT, both)
    found, own = signals.series(whole, COUNT, YEAR), signals.series(whole, COUNT, YEAR, site="yilan")
    assert [point.value for point in found.chart.points] == [call + 100 for call in CALLS]
    assert [point.value for point in own.chart.points] == CALLS
    spread = [abs(b - a) for a, b in zip(CALLS, CALLS[1:], strict=False)]
    kept = [size for size in spread if size < 3.267 * fmean(spread)]
    assert len(kept) < len(spread)
    assert own.chart.points[0].upper == pytest.approx(fmean(CALLS) + 2.66 * fmean(kept))
    assert own.chart.points[1].rules == ("outside",)


def test_a_month_without_data_is_a_gap_and_not_a_nought() -> None:
    found = signals.series(snapshot(COUNT, cells(*((None,) if at == 4 else (call,) for at, call in enumerate(CALLS)))), COUNT, YEAR)
    assert [point.value is None for point in found.chart.points] == [at == 4 for at in range(12)]
    assert (found.as_json()[4]["value"], found.as_json()[4]["point"], found.as_json()[3]["point"]) == (None, None, "common")
    assert (found.chart.phases[0].n, found.chart.phases[0].trial) == (11, True)


@pytest.mark.parametrize(
    ("name", "unruled"),
    [
        ("website_visits_cumulative", "reading"),
        ("volunteers_on_rota", "reading"),
        ("update_days_regulation", "reading"),
        ("accessibility_badge_date", "fact"),
        ("mailbox_total", "derived"),
        ("phone_self_grade", "derived"),
        ("attitude_consecutive_last", "rolling"),
        (SHARE, None),
        (COUNT, None),
        (MEAN, None),
        ("cvs_avg_payment", None),
    ],
)
def test_only_months_that_stand_for_themselves_have_limits(name: str, unruled: str | None) -> None:
    indicator = all_indicators()[name]
    reading = {("yilan", month): (None, None, None, str(300 + at)) for at, month in enumerate(YEAR.months)}
    amounts = cells(*((40 + at % 3, 50, 9000) for at in range(12))) if indicator.denominator else cells(*((40 + at % 3,) for at in range(12)))
    found = signals.series(snapshot(name, reading if indicator.latest else amounts), name, YEAR)
    assert found.unruled == unruled
    assert (found.chart.kind == "run") == bool(unruled)
    if unruled:
        assert not any(point.rules or point.upper for point in found.chart.points)


def test_a_climbing_counter_is_drawn_and_signals_nothing() -> None:
    readings = {("yilan", month): (None, None, None, str(500_000 + 6000 * at)) for at, month in enumerate(YEAR.months)}
    found = signals.series(snapshot("website_visits_cumulative", readings), "website_visits_cumulative", YEAR)  # type: ignore[arg-type]
    assert [point.value for point in found.chart.points] == [500_000 + 6000 * at for at in range(12)]
    assert {point.point for point in found.chart.points} == {"common"}


@pytest.mark.parametrize(
    ("name", "values", "unruled"),
    [
        ("petition_count", [(1 if at == 4 else 0,) for at in range(12)], "rare"),
        ("petition_count", [(at % 3,) for at in range(12)], None),
        ("petition_count", [(0,)] * 12, None),
        (SHARE, [(19 if at == 3 else 20, 20) for at in range(12)], "rare"),
        (SHARE, [(1 if at == 3 else 0, 20) for at in range(12)], "rare"),
        (SHARE, [(18 if at % 2 else 19, 20) for at in range(12)], None),
        (SHARE, [(20, 20)] * 12, None),
    ],
)
def test_what_hardly_ever_happens_has_no_limits_that_a_single_case_would_cross(name: str, values: list[tuple[int, ...]], unruled: str | None) -> None:
    assert signals.series(snapshot(name, cells(*values)), name, YEAR).unruled == unruled


def test_targets_are_those_in_force_in_their_month_and_the_last_one_counts() -> None:
    targets = [(date(2016, 1, 1), SHARE, Target(90, "decision")), (date(2016, 12, 1), SHARE, Target(60, "decision"))]
    whole = snapshot(SHARE, cells(*VARYING), targets=targets)
    found = signals.series(whole, SHARE, YEAR)
    assert found.targets == (90,) * 11 + (60,)
    assert (found.chart.target, found.chart.assurance) == (60, "pass")
    until = signals.series(whole, SHARE, Window(FIRST, date(2016, 11, 1)))
    assert (until.chart.target, until.chart.assurance, until.chart.trial) == (90, None, True)
    before = signals.series(snapshot(SHARE, cells(*VARYING), targets=targets[:1]), SHARE, YEAR)
    assert (before.chart.target, before.chart.assurance) == (90, "hit_and_miss")


def test_a_provisional_target_is_drawn_and_assures_nothing() -> None:
    whole = snapshot(SHARE, cells(*VARYING), targets=[(FIRST, SHARE, Target(60, "provisional"))])
    found = signals.series(whole, SHARE, YEAR)
    assert (found.targets, found.chart.target, found.chart.assurance) == ((60,) * 12, None, None)
    decided = snapshot(SHARE, cells(*VARYING), targets=[(FIRST, SHARE, Target(60, "decision"))])
    assert signals.series(decided, SHARE, YEAR).chart.assurance == "pass"


def test_a_phase_begins_limits_anew_from_its_month_on() -> None:
    higher = [(call + 5000,) for call in CALLS]
    both = cells(*((call,) for call in CALLS), *higher, first=FIRST)
    plain = signals.series(snapshot(COUNT, both), COUNT, BOTH)
    split = signals.series(snapshot(COUNT, both, phases=[phase(1), phase(1, 2015), phase(1, 2017)]), COUNT, BOTH)
    assert (plain.phases, len(plain.chart.phases)) == ((), 1)
    assert split.phases == (phase(1),)
    assert [(part.start, part.n) for part in split.chart.phases] == [(0, 12), (12, 12)]
    assert split.chart.points[12].mean - split.chart.points[0].mean == pytest.approx(5000)  # type: ignore[operator]
    assert [point.value for point in split.chart.points] == [point.value for point in plain.chart.points]
    assert split.figures == plain.figures


@pytest.mark.parametrize("name", ["survey_time_within_30", "phone_self_mean", "attitude_mean"])
def test_scores_and_shares_are_bound_at_both_ends_and_amounts_below(name: str) -> None:
    high = cells(*((97 + at % 3, 100, 9500) for at in range(12))) if name == SHARE else cells(*((970 + 29 * (at % 2), 10, 99999) for at in range(12)))
    point = signals.series(snapshot(name, high), name, YEAR).chart.points[0]
    assert (point.upper == 100, point.upper_clipped) == ((False, False) if name == "attitude_mean" else (True, True))


def test_a_refund_opens_the_lower_bound() -> None:
    amounts = [(100,), (900,), (50,), (800,), (60,), (700,), (90,), (900,)]
    assert signals.series(snapshot("cvs_payment_amount", cells(*amounts)), "cvs_payment_amount", YEAR).chart.points[0].lower == 0
    refund = signals.series(snapshot("cvs_payment_amount", cells(*amounts, (-20,))), "cvs_payment_amount", YEAR).chart.points[0]
    assert refund.lower is not None and refund.lower < 0


def test_nothing_known_is_a_series_of_gaps() -> None:
    found = signals.series(Snapshot({}, [], []), SHARE, YEAR)
    assert [step["value"] for step in found.as_json()] == [None] * 12
    assert (found.chart.variation, found.chart.assurance, found.unruled, found.chart.kind) == (None, None, None, "run")


@pytest.mark.parametrize(("name", "site"), [("nothing", "all"), (SHARE, "taipei")])
def test_an_unknown_indicator_or_site_is_wrong_usage(name: str, site: str) -> None:
    with pytest.raises(UsageError, match="沒有"):
        signals.series(Snapshot({}, [], []), name, YEAR, site=site)


# --- two periods ------------------------------------------------------------------------------------------------------------

Q1, Q2 = Window(date(2016, 1, 1), date(2016, 3, 1)), Window(date(2016, 4, 1), date(2016, 6, 1))


@pytest.mark.parametrize(
    ("before", "after", "difference", "low", "high", "said"),
    [((18, 72), (23, 60), "13.33", "-2.46", "28.61", "no_clear_change"), ((340, 400), (372, 400), "8", "3.7", "12.4", "rose"), ((372, 400), (340, 400), "-8", "-12.4", "-3.7", "fell")],
)  # fmt: skip
def test_shares_are_compared_by_newcombe(
    before: tuple[int, int], after: tuple[int, int], difference: str, low: str, high: str, said: str
) -> None:
    """Each quarter's counts are spread over its months: the sums are compared, not the months' percentages."""
    thirds = [(before[0] - 7, before[1] - 9), (5, 6), (2, 3), (after[0] - 7, after[1] - 9), (5, 6), (2, 3)]
    found = signals.comparison(snapshot(SHARE, cells(*thirds)), SHARE, Q2, Q1)
    places = 2 if "." in low and len(low.split(".")[1]) == 2 else 1
    assert found.difference == Decimal(difference)
    assert [round(value, places) for value in (found.low, found.high)] == [Decimal(low), Decimal(high)]  # type: ignore[arg-type]
    assert (found.interval, found.claim, found.is_partial, found.is_broken) == ("newcombe", said, False, False)


def test_means_are_compared_by_welch() -> None:
    """Calls of six months, three by three, with their sums and sums of squares as they are kept."""
    calls = [[90.5, 92, 95], [88, 91.5], [93, 90], [97, 96.5, 95], [98, 94.5], [97.5]]
    kept = cells(*((sum(month), len(month), sum(call * call for call in month)) for month in calls))
    found = signals.comparison(snapshot(MEAN, kept), MEAN, Q2, Q1)
    before, after = sum(calls[:3], []), sum(calls[3:], [])
    expected = stats.ttest_ind(after, before, equal_var=False).confidence_interval(0.95)
    assert (float(found.low or 0), float(found.high or 0)) == pytest.approx((expected.low, expected.high), abs=0.006)
    assert (found.interval, found.claim) == ("t", "rose")
    assert float(found.difference or 0) == pytest.approx(fmean(after) - fmean(before), abs=0.006)
    elsewhere = cells(*((50, 1, 2500) for _ in range(6)), site="keelung")
    assert signals.comparison(snapshot(MEAN, kept | elsewhere), MEAN, Q2, Q1, site="yilan").low == found.low
    assert signals.comparison(snapshot(MEAN, kept | elsewhere), MEAN, Q2, Q1).low != found.low


def test_few_scores_have_a_difference_and_no_interval() -> None:
    found = signals.comparison(snapshot(MEAN, cells((270, 3, 24301), (0, 0, 0), (0, 0, 0), (280, 3, 26135))), MEAN, Q2, Q1)
    assert (found.difference, found.interval, found.low, found.claim) == (Decimal("3.33"), "none", None, None)
    assert found.earlier_missing == ()
    assert found.missing == (date(2016, 5, 1), date(2016, 6, 1))


def test_counts_have_a_difference_and_no_claim() -> None:
    found = signals.comparison(snapshot(COUNT, cells(*((call,) for call in CALLS))), COUNT, Q2, Q1)
    assert (found.difference, found.interval, found.low, found.high, found.claim) == (sum(CALLS[3:6]) - sum(CALLS[:3]), "none", None, None, None)


def test_a_period_that_lacks_months_says_which() -> None:
    found = signals.comparison(snapshot(SHARE, cells((340, 400), (None,), (1, 1), (372, 400))), SHARE, Q2, Q1)
    assert (found.is_partial, found.earlier_missing, found.missing) == (True, (date(2016, 2, 1),), (date(2016, 5, 1), date(2016, 6, 1)))


@pytest.mark.parametrize(("month", "broken"), [(1, False), (2, True), (4, True), (6, True), (7, False)])
def test_nothing_is_claimed_over_a_new_phase(month: int, broken: bool) -> None:
    rows = cells((340, 400), (1, 1), (1, 1), (372, 400), (1, 1), (1, 1))
    found = signals.comparison(snapshot(SHARE, rows, phases=[phase(month)]), SHARE, Q2, Q1)
    assert (found.is_broken, found.phases) == (broken, (phase(month),) if broken else ())
    assert found.claim == ("no_clear_change" if broken else "rose")
    assert found.low is not None and found.low > 0


def test_a_period_without_data_has_no_difference() -> None:
    found = signals.comparison(snapshot(SHARE, cells((340, 400))), SHARE, Q2, Q1)
    assert (found.difference, found.low, found.interval, found.claim) == (None, None, "none", None)


@pytest.mark.parametrize("earlier", [Q2, Window(date(2016, 3, 1), date(2016, 4, 1)), Window(date(2016, 7, 1), date(2016, 7, 1))])
def test_periods_that_overlap_are_not_compared(earlier: Window) -> None:
    with pytest.raises(UsageError, match="不重疊"):
        signals.comparison(snapshot(SHARE, cells((340, 400))), SHARE, Q2, earlier)


# --- sites ------------------------------------------------------------------------------------------------------------------


@pytest.fixture
def six_sites(monkeypatch: pytest.MonkeyPatch) -> list[str]:
    """An office of six sites."""
    codes = ["a", "b", "c", "d", "e", "f"]
    for module in (signals, scorecard):
        monkeypatch.setattr(module, "sites", lambda: [{"code": code} for code in codes])
    return codes


OF_SITES = {"a": (90, 100), "b": (45, 50), "c": (190, 200), "d": (60, 90), "e": (41, 50), "f": (2, 3)}


def test_five_sites_and_more_have_a_funnel(six_sites: list[str]) -> None:
    kept: Cells = {}
    for code, counts in OF_SITES.items():
        kept |= cells(counts, site=code)
    found = signals.sites_side_by_side(snapshot(SHARE, kept), SHARE, YEAR)
    share = 428 / 493
    assert found.overall.n == 493
    assert [item.site for item in found.sites] == six_sites
    for item in found.sites:
        x, n = OF_SITES[item.site]
        half = 1.959964 * math.sqrt(share * (1 - share) / n)
        assert item.limits is not None
        assert item.limits.warning == pytest.approx((100 * max(0, share - half), 100 * min(1, share + half)), abs=1e-4)
        wilson = stats.binomtest(x, n).proportion_ci(method="wilson")
        assert (float(item.figure.low or 0), float(item.figure.high or 0)) == pytest.approx((100 * wilson.low, 100 * wilson.high), abs=0.006)
    assert {item.site: (item.outside, item.side) for item in found.sites if item.outside} == {"c": ("alarm", "high"), "d": ("alarm", "low")}
    assert [item.tier for item in found.sites] == ["normal"] * 5 + ["suppressed"]


def test_five_sites_with_answers_are_enough(six_sites: list[str]) -> None:
    kept: Cells = {}
    for code in six_sites[:5]:
        kept |= cells(OF_SITES[code], site=code)
    found = signals.sites_side_by_side(snapshot(SHARE, kept), SHARE, YEAR)
    assert [item.limits is not None for item in found.sites] == [True] * 5 + [False]


def test_four_sites_with_answers_have_none(six_sites: list[str]) -> None:
    kept: Cells = {}
    for code in six_sites[:4]:
        kept |= cells(OF_SITES[code], site=code)
    found = signals.sites_side_by_side(snapshot(SHARE, kept), SHARE, YEAR)
    assert [(item.limits, item.outside, item.side) for item in found.sites] == [(None, None, None)] * 6
    assert [item.tier for item in found.sites] == ["normal"] * 4 + [None] * 2
    assert [item.figure.verdict for item in found.sites][4:] == ["no_data"] * 2


def test_counts_stand_side_by_side_without_a_funnel(six_sites: list[str]) -> None:
    kept: Cells = {}
    for code, (x, _) in OF_SITES.items():
        kept |= cells((x,), site=code)
    found = signals.sites_side_by_side(snapshot(COUNT, kept), COUNT, YEAR)
    assert [item.figure.value for item in found.sites] == [x for x, _ in OF_SITES.values()]
    assert {(item.limits, item.tier) for item in found.sites} == {(None, None)}


def test_the_office_of_the_sample_has_two_sites(sample_warehouse: Warehouse) -> None:
    with sample_warehouse.reading() as cursor:
        found = signals.sites_side_by_side(Snapshot.of(cursor, only=["survey_overall_top2"]), "survey_overall_top2", Window(YEAR.start, date(2016, 9, 1)))
    assert [item.site for item in found.sites] == ["yilan", "keelung"]
    assert sum(item.figure.n or 0 for item in found.sites) == found.overall.n == 175
    assert [item.limits for item in found.sites] == [None, None]


# --- the register of phases, and the command --------------------------------------------------------------------------------


def load(warehouse: Warehouse, *rows: str) -> LoadResult:
    text = "\n".join([HEADER, *rows])
    return load_file(warehouse, Source("分段.csv", text.encode()), Request(by="測試", accept=frozenset(["all"])))


def months(warehouse: Warehouse) -> list[tuple]:
    with warehouse.reading() as cursor:
        return cursor.execute("select * from indicator_month order by all").fetchall()


def phases_at(warehouse: Warehouse, as_of: int | None = None) -> dict[str, list[Phase]]:
    with warehouse.reading() as cursor:
        return Snapshot.of(cursor, as_of).phases


def test_a_phase_is_registered_superseded_and_taken_back_without_touching_a_figure(sample_warehouse: Warehouse) -> None:
    before = months(sample_warehouse)
    first = load(sample_warehouse, "cvs_payment_count,105年4月,代收通路增加,宜執秘字第1號,王小明,李大華", "website_visits,105年6月,改版,,王小明,李大華")
    assert (first.outcome, first.impact, phases_at(sample_warehouse)["cvs_payment_count"]) == (
        "loaded", [], [Phase(date(2016, 4, 1), "代收通路增加", "宜執秘字第1號", "王小明", "李大華")],
    )  # fmt: skip
    second = load(sample_warehouse, "cvs_payment_count,105年4月,代收通路增加一家,,王小明,陳主任")
    assert phases_at(sample_warehouse)["cvs_payment_count"] == [Phase(date(2016, 4, 1), "代收通路增加一家", None, "王小明", "陳主任")]
    assert phases_at(sample_warehouse)["website_visits"] == [Phase(date(2016, 6, 1), "改版", None, "王小明", "李大華")]
    undo(sample_warehouse, second.batch or 0, by="測試", reason="誤植")
    undo(sample_warehouse, first.batch or 0, by="測試", reason="誤植")
    assert phases_at(sample_warehouse) == {}
    assert [item.cause for item in phases_at(sample_warehouse, first.batch)["cvs_payment_count"]] == ["代收通路增加"]
    assert [item.cause for item in phases_at(sample_warehouse, second.batch)["cvs_payment_count"]] == ["代收通路增加一家"]
    assert months(sample_warehouse) == before


def test_phases_stand_in_the_order_of_their_months(empty_warehouse: Warehouse) -> None:
    load(empty_warehouse, "cvs_payment_count,105年8月,乙,,王小明,李大華", "cvs_payment_count,105年3月,甲,,王小明,李大華")
    load(empty_warehouse, "cvs_payment_count,105年5月,丙,,王小明,李大華")
    assert [item.cause for item in phases_at(empty_warehouse)["cvs_payment_count"]] == ["甲", "丙", "乙"]


@pytest.mark.parametrize(
    ("row", "code"),
    [
        ("cvs_payment_count,105年4月,改版,,王小明,王小明", "E-SAME-PERSON"),
        ("cvs_payment_count,105年4月,改版,,王小明,王 小明", "E-SAME-PERSON"),
        ("cvs_payment_count,105年4月,－,,王小明,李大華", "E-NUM-22"),
        ("cvs_payment_count,105年4月,,,王小明,李大華", "E-NUM-22"),
        ("cvs_payment_count,105年4月,改版,,王小明,", "E-NUM-22"),
        ("nothing,105年4月,改版,,王小明,李大華", "E-INDICATOR"),
    ],
)
def test_a_phase_wants_a_cause_two_people_and_an_indicator_that_there_is(empty_warehouse: Warehouse, row: str, code: str) -> None:
    result = load(empty_warehouse, row)
    assert (result.outcome, [finding.code for finding in result.findings]) == ("refused", [code])
    assert phases_at(empty_warehouse) == {}


def said(warehouse: Warehouse, **options: object) -> commands.Answer:
    return commands.run(warehouse, "series", {"indicator": "inquiry_phone_share", "from": "105-01", "to": "105-09", **options})


def test_the_command_tells_limits_and_rules_in_both_forms(sample_warehouse: Warehouse) -> None:
    answer = said(sample_warehouse)
    counts = [(step["numerator"], step["denominator"]) for step in answer.document]
    mean = 100 * sum(x for x, _ in counts) / sum(n for _, n in counts)
    assert {step["mean"] for step in answer.document} == {round(mean, 4)}
    widths = [(step["upper"] - step["mean"]) * math.sqrt(n) for step, (_, n) in zip(answer.document, counts, strict=True)]
    assert widths == pytest.approx([widths[0]] * 9, abs=0.02)
    assert [step["upper"] + step["lower"] for step in answer.document] == pytest.approx([2 * round(mean, 4)] * 9, abs=2e-4)
    assert "比率管制圖（p′）" in answer.text
    assert "界限為試算" in answer.text
    fallen = said(sample_warehouse, indicator="inquiry_phone")
    assert [step["rules"] for step in fallen.document] == [[], ["outside"], *[[]] * 7]
    assert fallen.document[1]["point"] == "neutral"
    assert "有變化：超出管制界限" in fallen.text.splitlines()[3]


def test_the_command_tells_the_state_after_an_entry(sample_warehouse: Warehouse) -> None:
    batch = load(sample_warehouse, "inquiry_phone_share,105年5月,話務系統更新,,王小明,李大華").batch or 0
    now, earlier = said(sample_warehouse), said(sample_warehouse, as_of=batch - 1)
    assert "105年5月起重新分段：話務系統更新（王小明提出，李大華同意）" in now.text
    assert "重新分段" not in earlier.text
    assert {step["upper"] for step in now.document} == {None}
    assert None not in {step["upper"] for step in earlier.document}
    assert [step["value"] for step in now.document] == [step["value"] for step in earlier.document]
    assert said(sample_warehouse, as_of=batch + 9).code == commands.USAGE


def test_the_command_reads_one_site(sample_warehouse: Warehouse, tmp_path: Path) -> None:
    options = {"indicator": SHARE}
    whole, part = (said(sample_warehouse, **options, site=site).document for site in (None, "宜蘭"))
    assert all(one["denominator"] > other["denominator"] for one, other in zip(whole, part, strict=True))
    assert said(sample_warehouse, site="臺北").code == commands.USAGE
    assert "不設管制界限" in said(sample_warehouse, indicator="website_visits_cumulative").text
