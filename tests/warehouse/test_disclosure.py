"""Which small cells are withheld: those of fewer than five, and others that would give them away."""

from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st

from warehouse.disclosure import withheld


def test_enough_answers_are_all_shown() -> None:
    assert withheld({"a": 5, "b": 40}, [["a", "b"]]) == frozenset()


def test_none_is_not_few() -> None:
    assert withheld({"a": 0, "b": 40}, [["a", "b"]]) == frozenset()


def test_few_take_the_smallest_other_with_them() -> None:
    assert withheld({"a": 3, "b": 40, "c": 9}, [["a", "b", "c"]]) == {"a", "c"}


def test_two_small_ones_hide_each_other() -> None:
    assert withheld({"a": 3, "b": 4, "c": 9}, [["a", "b", "c"]]) == {"a", "b"}


def test_where_there_is_no_other_nothing_else_goes() -> None:
    assert withheld({"a": 3}, [["a"]]) == {"a"}
    assert withheld({"a": 3, "b": 0}, [["a", "b"]]) == {"a"}


def test_a_table_with_both_totals_hides_a_rectangle() -> None:
    counts = {("jan", "x"): 12, ("jan", "y"): 7, ("feb", "x"): 8, ("feb", "y"): 4, ("mar", "x"): 14, ("mar", "y"): 9}
    months, sites = ("jan", "feb", "mar"), ("x", "y")
    totals = [[(month, site) for site in sites] for month in months] + [[(month, site) for month in months] for site in sites]
    assert withheld(counts, totals) == {("feb", "y"), ("feb", "x"), ("jan", "y"), ("jan", "x")}


@given(st.lists(st.lists(st.integers(0, 30), min_size=3, max_size=3), min_size=1, max_size=6))
def test_no_total_gives_a_withheld_cell_away(table: list[list[int]]) -> None:
    counts = {(row, column): n for row, line in enumerate(table) for column, n in enumerate(line)}
    totals = [[cell for cell in counts if cell[0] == row] for row in range(len(table))] + [[cell for cell in counts if cell[1] == at] for at in range(3)]
    gone = withheld(counts, totals)
    assert {cell for cell, n in counts.items() if 1 <= n <= 4} <= gone
    for total in totals:
        inside = [cell for cell in total if cell in gone]
        assert len(inside) != 1 or not any(counts[cell] for cell in total if cell not in gone)
