"""Headings: how names are compared, which row is the header, and which name is nearest to an unknown one."""

from __future__ import annotations

from dataclasses import dataclass

import pytest

from warehouse.datasets import all_datasets
from warehouse.intake.header import HEADER_SEARCH_ROWS, find_header, heading_key, nearest


@dataclass(frozen=True)
class Names:
    """A layout that is nothing but names."""

    needed: tuple[str, ...]
    others: tuple[str, ...] = ()
    title: str = ""

    def knows(self, heading: str) -> bool:
        return heading_key(heading) in map(heading_key, self.needed + self.others)

    def missing(self, headings: list[str]) -> list[str]:
        return [name for name in self.needed if heading_key(name) not in map(heading_key, headings)]

    def known_names(self) -> tuple[str, ...]:
        return self.needed + self.others


PAYMENT = Names(("月份", "管道", "金額"), ("備註",))
TRAFFIC = Names(("月份", "人次"))


@pytest.mark.parametrize(
    "written",
    ["件數", " 件數 ", "件　數", "件\u200b數", "\ufeff件數", "件\n數", "件_x000D_數", "件 數", "\u2060件數", "件數\xa0"],
)
def test_spaces_and_invisible_characters_are_no_part_of_a_name(written: str) -> None:
    assert heading_key(written) == heading_key("件數")


@pytest.mark.parametrize(
    ("written", "name"),
    [
        ("Ｑ１", "q1"),
        ("SITE", "site"),
        ("ｓｉｔｅ", "site"),
        ("台北", "臺北"),
        ("宜蘭巿", "宜蘭市"),
        ("總機接聽速度（25）", "總機接聽速度"),
        ("總分(100分)", "總分"),
        ("金額（元）", "金額(元)"),
    ],
)
def test_width_case_and_variants_are_no_difference(written: str, name: str) -> None:
    assert heading_key(written) == heading_key(name)


@pytest.mark.parametrize(("one", "other"), [("金額(千元)", "金額"), ("件數", "案件數"), ("件數(百件)", "件數"), ("本月", "累計")])
def test_a_unit_is_part_of_a_name(one: str, other: str) -> None:
    assert heading_key(one) != heading_key(other)


def test_the_header_is_the_row_that_knows_most_and_lacks_nothing() -> None:
    rows = [["105年案款", ""], ["月份", "管道", "備註"], ["月份", "人次", "管道", "備註"], ["月份", "管道", "金額"]]
    found = find_header(rows, [PAYMENT, TRAFFIC])
    assert found is not None
    assert (found.index, found.layout, found.matched, found.fits) == (3, PAYMENT, 3, True)


def test_a_header_that_lacks_a_name_is_found_and_says_which() -> None:
    found = find_header([["標題"], ["月份", "管道", "款項"]], [PAYMENT])
    assert found is not None
    assert (found.index, found.missing, found.fits) == (1, ("金額",), False)


def test_a_complete_header_is_better_than_a_wider_one_that_is_not() -> None:
    found = find_header([["月份", "管道", "備註", "人次"]], [PAYMENT, TRAFFIC])
    assert found is not None
    assert found.layout is TRAFFIC


@pytest.mark.parametrize("rows", [[], [[]], [["", ""]], [["月份"]], [["月份", "別的"]], [["105年7月", "便利商店", "10"]]])
def test_a_row_with_fewer_than_two_known_names_is_no_header(rows: list[list[str]]) -> None:
    assert find_header(rows, [PAYMENT, TRAFFIC]) is None


def test_the_header_is_looked_for_in_the_first_ten_rows() -> None:
    above: list[list[str]] = [["標題"]]
    assert HEADER_SEARCH_ROWS == 10
    assert find_header(above * 9 + [["月份", "管道", "金額"]], [PAYMENT]) is not None
    assert find_header(above * 10 + [["月份", "管道", "金額"]], [PAYMENT]) is None


def test_the_nearest_names_are_offered_and_none_that_are_not_alike() -> None:
    assert nearest("案件數", ["件數", "金額", "月份"])[0] == "件數"
    assert nearest("ＡＢＣ", ["件數", "金額"]) == []


@pytest.mark.parametrize("name", all_datasets())
def test_each_template_is_told_from_every_other(name: str) -> None:
    """The headings of each layout lead back to its dataset, among all the layouts of the office."""
    layouts = {id(layout): dataset.name for dataset in all_datasets().values() for layout in dataset.all_layouts}
    everything = [layout for dataset in all_datasets().values() for layout in dataset.all_layouts]
    for layout in all_datasets()[name].all_layouts:
        for headings in (layout.known_names(), [column.heading for column in layout.columns if column.required] + layout.known_names()[-1:]):
            found = find_header([["標題"], headings], everything)
            assert found is not None
            assert layouts[id(found.layout)] == name


@pytest.mark.parametrize("name", all_datasets())
def test_no_heading_of_a_layout_means_two_columns(name: str) -> None:
    for layout in all_datasets()[name].all_layouts:
        keys = [key for column in layout.columns for key in column.keys]
        assert len(keys) == len(set(keys))
