"""What a control chart says at its last month: against series made from figures, and of thirty months in which it is known what happened."""

from __future__ import annotations

import shutil
from collections.abc import Iterator
from datetime import date
from pathlib import Path

import pytest

from tests.years import FELL, MONTHS, ROSE
from warehouse import signals
from warehouse.indicators import all_indicators
from warehouse.load import open_warehouse
from warehouse.period import Window, add_months
from warehouse.scorecard import Snapshot

ALL = Window(MONTHS[0], MONTHS[-1])


@pytest.fixture(scope="module")
def snapshot(years_folder: Path, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Snapshot]:
    folder = tmp_path_factory.mktemp("standing") / "data"
    shutil.copytree(years_folder, folder)
    warehouse = open_warehouse(folder)
    with warehouse.reading() as cursor:
        yield Snapshot.of(cursor)
    warehouse.close()


@pytest.mark.parametrize("site", ["all", "keelung"])
def test_the_short_way_tells_what_the_series_tells(snapshot: Snapshot, site: str) -> None:
    told = 0
    for name in snapshot.cells:
        series = signals.series(snapshot, name, ALL, site=site)
        standing = signals.standing(snapshot, name, ALL, site=site)
        if series.unruled is not None and standing is None:
            continue
        if standing is None:
            assert series.chart.variation is None or series.chart.trial, name
            continue
        told += 1
        last = max(at for at, point in enumerate(series.chart.points) if point.value is not None)
        assert (standing.month, standing.variation, standing.assurance) == (ALL.months[last], series.chart.variation, series.chart.assurance), name
        assert {stretch.rule for stretch in standing.stretches} == set(series.chart.points[last].rules), name
    assert told > (15 if site == "all" else 5)


def test_points_are_the_figures(snapshot: Snapshot) -> None:
    for name in snapshot.cells:
        values = signals.counted_by_month(snapshot, all_indicators()[name], ALL)
        figures = snapshot.monthly([name], ALL)[name]
        left_out = signals.series(snapshot, name, ALL).incomplete
        if values:
            assert list(values) == [None if figure.exact is None or figure.window.start in left_out else float(figure.exact) for figure in figures], name


def test_what_fell_is_told_since_when(snapshot: Snapshot) -> None:
    standing = signals.standing(snapshot, "survey_time_within_30", ALL)
    assert standing is not None and standing.variation == "concerning_low" and not standing.is_new
    shift = next(stretch for stretch in standing.stretches if stretch.rule == "shift")
    assert (shift.side, shift.point, shift.start, shift.end, shift.months) == ("low", "concern", FELL, MONTHS[-2], 9), "of June only one site has sent its forms"


def test_a_signal_is_new_in_the_month_in_which_the_chart_first_tells_it(snapshot: Snapshot) -> None:
    fresh = []
    for months in range(12, len(MONTHS) + 1):
        window = Window(MONTHS[0], MONTHS[months - 1])
        standing = signals.standing(snapshot, "survey_time_within_30", window)
        before = signals.standing(snapshot, "survey_time_within_30", Window(MONTHS[0], add_months(window.end, -1)))
        assert standing is not None
        if standing.is_new:
            assert standing.stretches and (before is None or before.variation != standing.variation)
            fresh.append(window.end)
    assert fresh and min(fresh) >= date(2016, 1, 1) and any(FELL <= month <= add_months(FELL, 7) for month in fresh)


def test_a_phase_begins_anew(snapshot: Snapshot) -> None:
    series = signals.series(snapshot, "phone_self_mean", ALL)
    assert [phase.start for phase in series.phases] == [ROSE]
    standing = signals.standing(snapshot, "phone_self_mean", ALL)
    assert standing is not None and (standing.variation, standing.assurance) == ("common", "pass")
    early = signals.standing(snapshot, "phone_self_mean", Window(MONTHS[0], add_months(ROSE, 8)))
    assert early is None


def test_stretches_cover_every_mark_and_no_other(snapshot: Snapshot) -> None:
    for name in ("survey_time_within_30", "survey_overall_top2", "cvs_payment_count", "inquiry_total"):
        series = signals.series(snapshot, name, ALL)
        marked = {(rule, month) for month, point in zip(ALL.months, series.chart.points, strict=True) for rule in point.rules}
        stretches = signals.stretches(series)
        covered = [(stretch.rule, month) for stretch in stretches for month in Window(stretch.start, stretch.end).months]
        assert sorted(covered) == sorted(marked), name
        assert [stretch.start for stretch in stretches] == sorted(stretch.start for stretch in stretches)


@pytest.mark.parametrize("name", ["survey_valid_n", "survey_time_within_30"])
def test_what_some_sites_have_not_sent_is_no_signal(snapshot: Snapshot, name: str) -> None:
    """A count of them is too small; a share is of other people than in the months beside."""
    series = signals.series(snapshot, name, ALL)
    assert series.incomplete == {MONTHS[-1]} and series.chart.points[-1].value is None and series.figures[-1].value is not None
    assert (series.as_json()[-1]["point"], series.as_json()[-2]["point"] is None) == (None, False)
    assert signals.series(snapshot, name, ALL, site="keelung").incomplete == frozenset()
