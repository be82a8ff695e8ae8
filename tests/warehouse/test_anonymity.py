"""Figures of few people: withheld, and with them what would give them away; counted from cells made by hand and from the sample's forms."""

from __future__ import annotations

from datetime import date
from decimal import Decimal

import pytest

from tests import independent
from warehouse.anonymity import Few, guarded, hidden
from warehouse.indicators import all_indicators
from warehouse.period import Window, month_range
from warehouse.scorecard import Cells, Snapshot
from warehouse.store import Warehouse

SHARE = "survey_time_within_30"
MONTHS = month_range(date(2016, 1, 1), date(2016, 4, 1))
SPAN = Window(MONTHS[0], MONTHS[-1])


def snapshot(**people: tuple[int, ...]) -> Snapshot:
    """Forms by site and month, all but one of each month in time."""
    counts: Cells = {(site, month): (Decimal(n), None, None, None) for site, months in people.items() for month, n in zip(MONTHS, months, strict=True)}
    shares: Cells = {where: (max(n - 1, Decimal(0)), n, None, None) for where, (n, *_) in counts.items() if n}
    return Snapshot({"survey_valid_n": counts, SHARE: shares}, [], [])


def shown(of: Snapshot, window: Window, site: str) -> bool:
    figure = Few(of).figure(of.figures(window, site=site, only=[SHARE])[SHARE])
    assert hidden(figure) == (figure.value is None)
    assert not hidden(figure) or (figure.n and figure.numerator is figure.denominator is figure.low is figure.comparison is None)
    return figure.value is not None


def test_a_site_of_few_is_withheld_and_with_two_sites_the_other_too() -> None:
    of = snapshot(yilan=(20, 20, 20, 20), keelung=(1, 1, 1, 1))
    assert [shown(of, SPAN, site) for site in ("yilan", "keelung", "all")] == [False, False, True]
    assert [shown(snapshot(yilan=(20, 20, 20, 20), keelung=(1, 1, 1, 2)), SPAN, site) for site in ("yilan", "keelung")] == [True, True]


def test_a_month_of_few_is_withheld_but_not_what_all_say_over_several() -> None:
    of = snapshot(yilan=(3, 20, 20, 20), keelung=(0, 0, 0, 0))
    assert [shown(of, Window(month, month), "all") for month in MONTHS] == [False, True, True, True]
    assert shown(of, Window(MONTHS[0], MONTHS[1]), "all")


def test_a_series_withholds_a_second_month_so_that_its_sum_gives_nothing_away() -> None:
    of = snapshot(yilan=(3, 20, 12, 20), keelung=(0, 0, 0, 0))
    assert [hidden(figure) for figure in Few(of).by_month(of.monthly([SHARE], SPAN)[SHARE])] == [True, False, True, False]


def test_of_each_month_and_each_site_no_one_cell_alone_is_withheld() -> None:
    of = snapshot(yilan=(20, 15, 30, 40), keelung=(10, 4, 7, 12))
    gone = Few(of).cells(SPAN)
    assert ("keelung", MONTHS[1]) in gone
    for lines in ([[(site, month) for site in ("yilan", "keelung")] for month in MONTHS], [[(site, month) for month in MONTHS] for site in ("yilan", "keelung")]):
        assert all(sum(cell in gone for cell in line) != 1 for line in lines)
    assert {month for month in MONTHS if Few(of).months(SPAN, "keelung") >= {month}} == {month for site, month in gone if site == "keelung"}


@pytest.mark.parametrize("name", ["cvs_payment_count", "phone_self_mean", "survey_valid_n", "survey_return_rate", "petition_on_time"])
def test_only_what_people_answered_is_guarded(name: str) -> None:
    assert not guarded(all_indicators()[name]) and guarded(all_indicators()["survey_combined_top2"])


def test_the_sample_withholds_the_month_in_which_keelung_had_four_forms(sample_warehouse: Warehouse) -> None:
    forms = [(row.month, row.site) for row in independent.table("survey_response")]
    few = {(site, month) for month, site in set(forms) if forms.count((month, site)) < 5}
    assert few == {("keelung", date(2016, 2, 1))}
    with sample_warehouse.reading() as cursor:
        of = Snapshot.of(cursor)
    window = Window(date(2016, 1, 1), date(2016, 9, 1))
    gone = Few(of).cells(window)
    assert few < gone and ("yilan", date(2016, 2, 1)) in gone and len(gone) == 4
    every = of.figures(Window(date(2016, 2, 1), date(2016, 2, 1)), site="keelung")
    kept = Few(of).figures(every)
    assert {name for name in kept if hidden(kept[name])} == {name for name, figure in every.items() if guarded(figure.indicator) and figure.value is not None}
