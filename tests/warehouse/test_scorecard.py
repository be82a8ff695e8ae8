"""Figures: exact half-up cells, windows and sites, targets and verdicts, months without data, and the state after any entry."""

from __future__ import annotations

import math
from collections.abc import Iterator
from datetime import date
from decimal import ROUND_HALF_UP, Decimal
from fractions import Fraction
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from scipy import stats

from warehouse import scorecard
from warehouse.errors import UsageError
from warehouse.indicators import all_indicators, indicator_named
from warehouse.intake import Source
from warehouse.load import Request, load_file, open_warehouse, undo
from warehouse.numerals import share
from warehouse.period import Window, parse_quarter
from warehouse.scorecard import Figure
from warehouse.store import Warehouse

#: A busy machine is no fault of the code.
unhurried = settings(deadline=None)

#: domain.md §2.1: how the 175 forms of the report were answered.
COUNTS = {
    "time": {"15分鐘內": 135, "30分鐘內": 35, "45分鐘內": 5},
    "application": {"很滿意": 95, "滿意": 78, "尚滿意": 2},
    "environment": {"很滿意": 95, "滿意": 74, "尚滿意": 5, "不滿意": 1},
    "reception": {"很滿意": 127, "滿意": 46, "尚滿意": 2},
    "staff": {"很滿意": 95, "滿意": 75, "尚滿意": 5},
    "overall": {"很滿意": 103, "滿意": 71, "尚滿意": 1},
    "answer": {"很滿意": 110, "滿意": 61, "尚滿意": 4},
}
FORMS = 175
SURVEY = "編號,填表日期,服務地點,洽辦公務時間,處理申請事項,機關洽公環境,接待志工警衛或替代役男的服務態度,其他人員服務態度,整體滿意度,問題處理解答詢問"
PAYMENTS = {1: (10, 1000), 2: (20, 2000), 3: (30, 3000), 4: (40, 4000), 7: (70, 7000), 9: (90, 9000)}
CALLS = {7: [92.5, 95.0], 8: [88.0], 9: [91.5, 93.5, 96.0]}
YEAR = Window(date(2016, 1, 1), date(2016, 9, 1))


def answers() -> list[list[str]]:
    """One list of seven answers for each form."""
    columns = [[word for word, count in options.items() for _ in range(count)] for options in COUNTS.values()]
    return [list(row) for row in zip(*columns, strict=True)]


def month_of(number: int) -> int:
    return number % 9 + 1


def site_of(number: int) -> str:
    return "基隆" if number % 2 == 0 else "宜蘭"


def survey_file() -> bytes:
    rows = [f"{number:03d},105/{month_of(number)}/{number % 28 + 1},{site_of(number)},{','.join(row)}" for number, row in enumerate(answers())]
    return "\n".join([SURVEY, *rows]).encode()


def payment_file(months: dict[int, tuple[int, int]] = PAYMENTS) -> bytes:
    return "\n".join(["月份,管道,件數,金額", *(f"105年{month}月,便利商店,{n},{amount}" for month, (n, amount) in months.items())]).encode()


def calls_file(calls: dict[int, list[float]] = CALLS) -> bytes:
    rows = [f"105/{month}/{day},股{day},花蓮分署,{total}" for month, totals in calls.items() for day, total in enumerate(totals, start=1)]
    return "\n".join(["日期,受測單位,測試機關,總分", *rows]).encode()


def target_file(*rows: str) -> bytes:
    return "\n".join(["指標代碼,目標值,生效日期,依據,文號,核定人", *rows]).encode()


def load(warehouse: Warehouse, name: str, content: bytes) -> int:
    result = load_file(warehouse, Source(name, content), Request(by="測試", accept=frozenset(["all"])))
    assert result.outcome == "loaded", [finding.message for finding in result.findings]
    assert result.batch is not None
    return result.batch


@pytest.fixture(autouse=True)
def _today(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("SERVICE_QUALITY_TODAY", "2016-10-05")


@pytest.fixture(scope="module")
def office(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Warehouse]:
    """The forms of the report over nine months and two sites, six months of payments, six calls. Read only."""
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("SERVICE_QUALITY_TODAY", "2016-10-05")
        opened = open_warehouse(tmp_path_factory.mktemp("data"))
        load(opened, "survey.csv", survey_file())
        load(opened, "payment.csv", payment_file())
        load(opened, "calls.csv", calls_file())
    yield opened
    opened.close()


@pytest.fixture
def desk(tmp_path: Path) -> Iterator[Warehouse]:
    """The forms of the report alone, to be written to."""
    opened = open_warehouse(tmp_path / "data")
    load(opened, "survey.csv", survey_file())
    yield opened
    opened.close()


def figure(warehouse: Warehouse, name: str, window: Window = YEAR, site: str = "all", as_of: int | None = None) -> Figure:
    with warehouse.reading() as cursor:
        return scorecard.figures(cursor, window, site=site, as_of=as_of, only=[name])[name]


def half_up(numerator: int, denominator: int) -> Decimal:
    exact = Fraction(100 * numerator, denominator)
    return (Decimal(exact.numerator) / Decimal(exact.denominator)).quantize(Decimal("0.01"), ROUND_HALF_UP)


# --- exact cells ------------------------------------------------------------------------------------------------------------

WORDS = {"很滿意": "very_satisfied", "滿意": "satisfied", "尚滿意": "fair", "不滿意": "dissatisfied"}
BANDS = {"15分鐘內": "within_15", "30分鐘內": "15_30", "45分鐘內": "30_45"}


def cells() -> Iterator[tuple[str, int, int]]:
    """Indicator, answers counted, answers given: those of the report's 33 percentages that are indicators."""
    for question, options in COUNTS.items():
        for word, count in options.items():
            yield f"survey_{question}_{(BANDS if question == 'time' else WORDS)[word]}", count, FORMS
    yield "survey_time_within_30", 170, FORMS
    yield from ((f"survey_{question}_top2", options["很滿意"] + options["滿意"], FORMS) for question, options in COUNTS.items() if question != "time")
    pooled = {word: sum(options.get(word, 0) for question, options in COUNTS.items() if question != "time") for word in WORDS}
    yield from ((f"survey_combined_{name}", pooled[word], 6 * FORMS) for word, name in WORDS.items())
    yield "survey_combined_top2", pooled["很滿意"] + pooled["滿意"], 6 * FORMS


def test_the_cells_are_the_33_percentages_of_the_report() -> None:
    assert len(answers()) == FORMS
    assert len([name for name, *_ in cells() if name in all_indicators()]) == 33
    assert {(count, of) for name, count, of in cells() if "combined" in name} == {(625, 1050), (405, 1050), (19, 1050), (1, 1050), (1030, 1050)}


@pytest.mark.parametrize(("name", "count", "of"), [cell for cell in cells() if cell[0] in all_indicators()])
def test_a_share_is_rounded_half_up_from_counts(office: Warehouse, name: str, count: int, of: int) -> None:
    found = figure(office, name)
    assert (found.numerator, found.denominator, found.n) == (count, of, of)
    assert found.value == half_up(count, of)


@pytest.mark.parametrize(
    ("count", "of", "printed"),
    [(135, 175, "77.14"), (5, 175, "2.86"), (35, 175, "20.00"), (170, 175, "97.14"), (169, 175, "96.57"), (4, 175, "2.29"), (171, 175, "97.71"),
     (1, 1050, "0.10"), (625, 1050, "59.52"), (19, 1050, "1.81"), (1030, 1050, "98.10"), (1, 8, "12.50"), (1, 160, "0.63"), (3, 160, "1.88")],
)  # fmt: skip
def test_the_cells_that_floats_get_wrong_are_right(count: int, of: int, printed: str) -> None:
    assert str(share(count, of)) == printed


@unhurried
@given(st.integers(1, 10**9).flatmap(lambda of: st.tuples(st.integers(0, of), st.just(of))))
def test_half_up_is_that_of_integers(pair: tuple[int, int]) -> None:
    count, of = pair
    hundredths = (20000 * count + of) // (2 * of)
    assert share(count, of) == Decimal(hundredths).scaleb(-2)


@pytest.mark.parametrize(
    ("name", "text"),
    [("survey_time_within_30", "97.14﹪"), ("survey_combined_top2", "98.1﹪"), ("survey_time_15_30", "20﹪"), ("cvs_payment_count", "260件")],
)
def test_a_figure_is_printed_in_the_offices_style(office: Warehouse, name: str, text: str) -> None:
    assert figure(office, name).text == text


def test_an_interval_stands_beside_what_is_sampled_only(office: Warehouse) -> None:
    sampled, counted = figure(office, "survey_overall_top2"), figure(office, "cvs_payment_count")
    expected = stats.binomtest(174, 175).proportion_ci(method="wilson")
    assert (sampled.interval, float(sampled.low or 0), float(sampled.high or 0)) == (
        "wilson",
        round(100 * expected.low, 2),
        round(100 * expected.high, 2),
    )
    assert (counted.interval, counted.low, counted.high, counted.n, counted.denominator) == ("none", counted.value, counted.value, None, None)


def test_a_mean_of_calls_has_the_interval_of_students_t(office: Warehouse) -> None:
    scores = [score for month in CALLS.values() for score in month]
    low, high = stats.t.interval(0.95, len(scores) - 1, loc=sum(scores) / len(scores), scale=stats.sem(scores))
    found = figure(office, "phone_self_mean")
    assert (found.interval, found.n, found.numerator) == ("t", 6, Decimal(str(sum(scores))))
    assert found.value == Decimal(str(sum(scores))) / 6 == Decimal("92.75")
    assert (float(found.low or 0), float(found.high or 0)) == (pytest.approx(low, abs=0.005), pytest.approx(min(high, 100.0), abs=0.005))


def test_fewer_than_five_calls_have_a_mean_and_no_interval(office: Warehouse) -> None:
    found = figure(office, "phone_self_mean", Window(date(2016, 7, 1), date(2016, 8, 1)))
    assert (found.value, found.interval, found.low, found.high, found.verdict) == (Decimal("91.83"), "none", None, None, "cannot_tell")


# --- windows and sites ------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    "window",
    [YEAR, Window(date(2016, 7, 1), date(2016, 9, 1)), Window(date(2016, 2, 1), date(2016, 2, 1)), Window(date(2015, 11, 1), date(2016, 3, 1))],
)
@pytest.mark.parametrize("site", ["all", "yilan", "keelung"])
def test_a_window_counts_exactly_its_months_and_site(office: Warehouse, window: Window, site: str) -> None:
    inside = [
        row
        for number, row in enumerate(answers())
        if date(2016, month_of(number), 1) in window.months and site in ("all", {"宜蘭": "yilan", "基隆": "keelung"}[site_of(number)])
    ]
    found = figure(office, "survey_overall_top2", window, site)
    good = sum(row[5] in ("很滿意", "滿意") for row in inside)
    assert (found.numerator, found.denominator, found.value) == (good, len(inside), half_up(good, len(inside)))


def test_sites_add_up_to_all(office: Warehouse) -> None:
    parts = [figure(office, "survey_overall_top2", site=site) for site in ("yilan", "keelung")]
    assert sum(part.n or 0 for part in parts) == FORMS


@pytest.mark.parametrize("name", ["cvs_payment_count", "phone_self_mean"])
@pytest.mark.parametrize("site", ["yilan", "keelung"])
def test_a_dataset_without_a_site_has_no_data_for_one(office: Warehouse, name: str, site: str) -> None:
    found = figure(office, name, site=site)
    assert (found.value, found.verdict, found.text) == (None, "no_data", None)
    assert figure(office, name).value is not None


def option(office: Warehouse, **chosen: str) -> Window:
    with office.reading() as cursor:
        return scorecard.window_option(cursor, **{"quarter": None, "window": None, "start": None, "end": None, **chosen})  # type: ignore[arg-type]


@pytest.mark.parametrize(
    ("chosen", "first", "last"),
    [
        ({}, 1, 9),
        ({"quarter": "105Q3"}, 1, 9),
        ({"quarter": "105年第2季"}, 1, 6),
        ({"quarter": "2016Q3", "window": "ytd"}, 1, 9),
        ({"quarter": "105Q3", "window": "quarter"}, 7, 9),
        ({"quarter": "105Q1", "window": "quarter"}, 1, 3),
        ({"start": "105-02", "end": "105-04"}, 2, 4),
        ({"start": "2016-05"}, 5, 5),
        ({"end": "105年6月"}, 6, 6),
    ],
)
def test_a_quarter_means_year_to_date_unless_the_quarter_is_asked_for(office: Warehouse, chosen: dict[str, str], first: int, last: int) -> None:
    assert option(office, **chosen) == Window(date(2016, first, 1), date(2016, last, 1))


@pytest.mark.parametrize(
    "chosen",
    [
        {"quarter": "105Q5"},
        {"quarter": "上季"},
        {"quarter": "105Q3", "start": "105-01"},
        {"quarter": "105Q3", "window": "month"},
        {"start": "105-09", "end": "105-01"},
        {"start": "9月"},
    ],
)
def test_a_period_that_is_none_is_wrong_usage(office: Warehouse, chosen: dict[str, str]) -> None:
    with pytest.raises(UsageError):
        option(office, **chosen)


def test_year_to_date_and_quarter_are_different_sums(office: Warehouse) -> None:
    quarter = parse_quarter("105Q3")
    assert figure(office, "cvs_payment_count", Window.year_to_quarter(quarter)).value == 260
    assert figure(office, "cvs_payment_count", quarter.window).value == 160


@pytest.mark.parametrize(
    ("text", "code"),
    [
        ("宜蘭", "yilan"),
        ("本分署", "yilan"),
        ("keelung", "keelung"),
        ("基隆行政執行官辦公室", "keelung"),
        ("全分署", "all"),
        ("ALL", "all"),
        (None, "all"),
    ],
)
def test_a_site_is_asked_for_by_any_of_its_names(text: str | None, code: str) -> None:
    assert scorecard.site_code(text) == code


def test_a_site_that_is_none_is_wrong_usage(office: Warehouse) -> None:
    with pytest.raises(UsageError, match="臺北"):
        scorecard.site_code("臺北")
    with office.reading() as cursor, pytest.raises(UsageError):
        scorecard.figures(cursor, YEAR, site="taipei")


def test_a_month_without_data_is_missing_and_not_nought(office: Warehouse) -> None:
    with office.reading() as cursor:
        found = scorecard.monthly(cursor, "cvs_payment_count", YEAR)
    assert [item.value for item in found] == [PAYMENTS[month][0] if month in PAYMENTS else None for month in range(1, 10)]
    assert {item.verdict for item in found if item.value is None} == {"no_data"}


def test_the_months_of_a_series_add_up_to_its_window(office: Warehouse) -> None:
    with office.reading() as cursor:
        found = scorecard.monthly(cursor, "survey_overall_top2", YEAR)
    assert (sum(item.numerator or 0 for item in found), sum(item.denominator or 0 for item in found)) == (174, 175)


# --- targets and verdicts ---------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("name", "target", "comparison", "verdict"),
    [
        ("survey_overall_top2", 95, "meets", "met"),
        ("survey_overall_top2", 99, "meets", "cannot_tell"),
        ("survey_overall_top2", 99.6, "misses", "cannot_tell"),
        ("survey_environment_top2", 99.9, "misses", "not_met"),
        ("survey_environment_fair", 3, "meets", "cannot_tell"),
        ("survey_environment_fair", 10, "meets", "met"),
        ("survey_environment_fair", 1, "misses", "not_met"),
        ("survey_time_within_15", 77.14, "meets", "cannot_tell"),
    ],
)
def test_a_decided_target_gives_comparison_and_verdict(desk: Warehouse, name: str, target: float, comparison: str, verdict: str) -> None:
    """Worked out again with scipy: the whole Wilson interval on the good side, on the bad side, or across."""
    load(desk, "target.csv", target_file(f"{name},{target},105/01/01,核定,宜執秘字第1號,分署長"))
    found = figure(desk, name)
    low, high = (100 * limit for limit in stats.binomtest(int(found.numerator or 0), FORMS).proportion_ci(method="wilson"))
    good, bad = (low >= target, high < target) if found.indicator.direction == "increase" else (high <= target, low > target)
    assert (found.goal, found.target and found.target.basis, found.target and found.target.document) == (target, "decision", "宜執秘字第1號")
    assert found.verdict == verdict == ("met" if good else "not_met" if bad else "cannot_tell")
    assert found.comparison == comparison


def test_a_provisional_target_gives_a_comparison_and_never_a_verdict(desk: Warehouse) -> None:
    default = figure(desk, "survey_time_within_30")
    assert (default.goal, default.target and default.target.basis, default.comparison, default.verdict) == (95, "provisional", "meets", "no_target")
    load(desk, "target.csv", target_file("survey_time_within_30,98,105/01/01,暫定,,"))
    raised = figure(desk, "survey_time_within_30")
    assert (raised.goal, raised.comparison, raised.verdict) == (98, "misses", "no_target")


def test_a_target_holds_from_its_day_on_and_the_older_before_it(desk: Warehouse) -> None:
    load(desk, "target.csv", target_file("survey_overall_top2,95,105/01/01,核定,甲號,分署長", "survey_overall_top2,99.9,105/07/01,核定,乙號,分署長"))
    goals = {month: figure(desk, "survey_overall_top2", Window(date(2016, month, 1), date(2016, month, 1))).goal for month in (1, 6, 7, 9)}
    assert goals == {1: 95, 6: 95, 7: 99.9, 9: 99.9}
    assert figure(desk, "survey_overall_top2", Window(date(2015, 12, 1), date(2015, 12, 1))).verdict == "no_data"
    with desk.reading() as cursor:
        series = scorecard.monthly(cursor, "survey_overall_top2", YEAR)
    assert [item.goal for item in series] == [95] * 6 + [99.9] * 3


def test_a_target_taken_back_leaves_the_default(desk: Warehouse) -> None:
    batch = load(desk, "target.csv", target_file("survey_overall_top2,95,105/01/01,核定,甲號,分署長"))
    assert figure(desk, "survey_overall_top2").verdict == "met"
    undo(desk, batch, by="測試", reason="誤植")
    assert (figure(desk, "survey_overall_top2").goal, figure(desk, "survey_overall_top2").verdict) == (90, "no_target")


def test_a_count_is_compared_directly_with_what_is_due_by_the_month(desk: Warehouse) -> None:
    """Calls in three of nine months against one round a month: 達標 needs nine."""
    load(desk, "calls.csv", calls_file())
    rounds = figure(desk, "phone_self_rounds")
    due = len(YEAR.months)
    assert (rounds.goal, rounds.interval) == (due, "none")
    assert rounds.verdict == ("met" if (rounds.value or 0) >= due else "not_met")  # type: ignore[operator]
    third = figure(desk, "phone_self_rounds", Window(date(2016, 7, 1), date(2016, 9, 1)))
    assert (third.value, third.goal, third.verdict) == (3, 3, "met")


def test_how_many_answers_are_needed_stands_beside_what_cannot_be_told(desk: Warehouse) -> None:
    load(desk, "target.csv", target_file("survey_overall_top2,98,105/01/01,核定,甲號,分署長"))
    found = figure(desk, "survey_overall_top2")
    assert found.verdict == "cannot_tell"
    assert found.needed == math.ceil(stats.norm.ppf(0.975) ** 2 * 0.98 * 0.02 / (174 / 175 - 0.98) ** 2)
    small = figure(desk, "survey_overall_top2", Window(date(2016, 1, 1), date(2016, 1, 1)))
    assert small.too_few


def test_a_target_without_data_is_no_verdict(desk: Warehouse) -> None:
    found = figure(desk, "phone_self_mean")
    assert (found.value, found.goal, found.comparison, found.verdict) == (None, 90, None, "no_data")


def test_an_indicator_without_a_target_says_so(office: Warehouse) -> None:
    found = figure(office, "cvs_payment_count")
    assert (found.goal, found.target, found.comparison, found.verdict) == (None, None, None, "no_target")


def test_a_grade_is_the_word_of_its_band(office: Warehouse) -> None:
    block = indicator_named("phone_self_grade")
    mean = figure(office, block.grade or "").exact
    assert mean is not None
    expected = next(word for bound, word in sorted(block.bands, reverse=True) if mean >= Fraction(str(bound)))
    assert figure(office, "phone_self_grade").value == expected == "優等"


# --- as it was --------------------------------------------------------------------------------------------------------------


def test_any_earlier_state_is_shown_as_it_was(desk: Warehouse) -> None:
    first = load(desk, "a.csv", payment_file({1: (10, 100), 2: (20, 200)}))
    second = load(desk, "b.csv", payment_file({2: (25, 250), 3: (30, 300)}))
    third = undo(desk, second, by="測試", reason="誤植").id
    assert {entry: figure(desk, "cvs_payment_count", as_of=entry).value for entry in (1, first, second, third)} == {
        1: None,
        first: 30,
        second: 65,
        third: 30,
    }
    assert figure(desk, "cvs_payment_count").value == 30
    assert figure(desk, "cvs_payment_count", as_of=second).batches == (first, second)


def test_an_entry_that_never_was_is_wrong_usage(office: Warehouse) -> None:
    with pytest.raises(UsageError, match="999"):
        figure(office, "cvs_payment_count", as_of=999)


def test_a_trace_adds_up_to_its_figure_and_names_its_rows(office: Warehouse) -> None:
    with office.reading() as cursor:
        found = scorecard.trace(cursor, "cvs_payment_count", YEAR)
    assert sum(step.numerator or 0 for step in found.steps) == found.figure.value == 260
    (origin,) = found.origins
    assert (origin.entry.file_name, origin.rows_used, origin.used) == ("payment.csv", "2–7", 6)


def test_the_json_of_a_figure_has_numbers_as_numbers(office: Warehouse) -> None:
    found = figure(office, "survey_time_within_30").as_json()
    assert found["value"] == 97.14
    assert (found["numerator"], found["denominator"], found["n"], found["target"]) == (170, 175, 175, 95)
    assert all(not isinstance(value, Decimal | Fraction) for value in found.values())
