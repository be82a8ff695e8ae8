"""Many rows find their slots by a table of days, few by grouping: either way a row is of the month, site and part that stand in it."""

from __future__ import annotations

from datetime import date, timedelta

import polars as pl
import pytest

from warehouse.datasets import dataset_named, sites
from warehouse.screen.slots import Slots

FIRST = date(2015, 12, 30)


def forms(rows: int) -> pl.DataFrame:
    """Forms of 45 days in turn, of every site in turn and of none."""
    numbers = [site["number"] for site in sites()] + [None]
    days = [FIRST + timedelta(days=row % 45) for row in range(rows)]
    return pl.DataFrame({"response_date": days, "site": pl.Series([numbers[row % len(numbers)] for row in range(rows)], dtype=pl.UInt8)})


@pytest.mark.parametrize("rows", [1, 50, 9_999, 10_000, 12_345])
def test_each_row_is_of_the_slot_of_its_own_month_and_site(rows: int) -> None:
    slots, frame = Slots(dataset_named("survey_response")), forms(rows)
    assigned = [slots.found[slot] for slot in slots.assign(frame)["_slot"]]
    codes = {site["number"]: site["code"] for site in sites()} | {None: "all"}
    assert assigned == [(day.replace(day=1), codes[site], "") for day, site in frame.iter_rows()]
    assert slots.rows == {slot: assigned.count(key) for slot, key in enumerate(slots.found)}


def test_a_slot_met_again_in_a_later_piece_is_the_same_one() -> None:
    slots = Slots(dataset_named("survey_response"))
    first, second = slots.assign(forms(20_000))["_slot"], slots.assign(forms(90))["_slot"]
    assert first.head(90).to_list() == second.to_list()
    assert sum(slots.rows.values()) == 20_090
