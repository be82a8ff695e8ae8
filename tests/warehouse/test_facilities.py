"""Facilities, their upkeep and the grid of regular duties, against the sample's files read a second way and cases the sample does not have."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date
from pathlib import Path

import pytest

from tests import independent
from warehouse.intake import Source
from warehouse.load import Request, load_file
from warehouse.period import Window
from warehouse.schedule import Item, compliance
from warehouse.scorecard import Snapshot
from warehouse.store import Warehouse
from warehouse.topics import facilities
from warehouse.topics.facilities import Facilities

WHOLE = Window(date(2016, 1, 1), date(2016, 9, 1))

Give = Callable[[str, str], None]


def read(warehouse: Warehouse, window: Window = WHOLE, site: str = "all") -> Facilities:
    with warehouse.reading() as cursor:
        return facilities.read(cursor, window, site)


def items(warehouse: Warehouse, window: Window = WHOLE) -> dict[str, Item]:
    with warehouse.reading() as cursor:
        return {item.indicator.id: item for item in compliance(Snapshot.of(cursor), window)}


def marks(item: Item) -> str:
    return "".join({"done": "●", "missed": "▲", "not_due": "·", "no_data": "－"}[mark] for _, mark, _ in item.months)


@pytest.fixture
def give(empty_warehouse: Warehouse, tmp_path: Path) -> Give:
    def load(name: str, text: str) -> None:
        path = tmp_path / name
        path.write_text(text, encoding="utf-8")
        result = load_file(empty_warehouse, Source(path.name, path), Request(by="測試", accept=frozenset({"all"})))
        assert result.outcome == "loaded", result.findings

    return load


def log(*rows: str) -> str:
    return "設備,維護日期,項目,結果\n" + "".join(f"{row}\n" for row in rows)


def facts(*rows: str) -> str:
    return "項目,數量,內容,單位,地點,啟用日期,停用日期\n" + "".join(f"{row}\n" for row in rows)


# --- what stands --------------------------------------------------------------------------------------------------------


def test_facts_as_in_the_file(sample_warehouse: Warehouse) -> None:
    found, rows = read(sample_warehouse), independent.table("facility_fact")
    assert len(found.facts) == len(rows)
    assert sorted((fact.item, fact.since, fact.value) for fact in found.facts if fact.value is not None) == sorted(
        (row["項目"], row.days("啟用日期")[0], row.number("數量")) for row in rows if row["數量"]
    )
    later = sorted((row["項目"], row.days("啟用日期")[0]) for row in rows if row.days("啟用日期")[0] > date(2016, 1, 1))
    assert sorted((fact.item, fact.since) for fact in found.changes) == later and len(later) == 5


def test_facts_of_a_site_and_of_an_earlier_day(sample_warehouse: Warehouse) -> None:
    rows = [row for row in independent.table("facility_fact") if row.site == "keelung"]
    assert len(read(sample_warehouse, site="keelung").facts) == len(rows) > 0
    early = read(sample_warehouse, Window(date(2016, 1, 1), date(2016, 2, 1)))
    assert len(early.facts) == sum(row.days("啟用日期")[0] <= date(2016, 2, 29) for row in independent.table("facility_fact"))
    assert early.changes == ()


def test_a_newer_row_replaces_and_an_end_takes_away(give: Give, empty_warehouse: Warehouse) -> None:
    give("設施與服務一覽表.csv", facts("無障礙停車位,1,,位,宜蘭,105年1月1日,", "公開閱覽室,1,,間,宜蘭,105年1月1日,105年5月31日"))
    give("設施與服務一覽表2.csv", facts("無障礙停車位,2,,位,宜蘭,105年4月10日,"))
    march, may, june = (read(empty_warehouse, Window(date(2016, 1, 1), date(2016, month, 1))) for month in (3, 5, 6))
    assert {(fact.item, fact.value) for fact in march.facts} == {("無障礙停車位", 1), ("公開閱覽室", 1)}
    assert {(fact.item, fact.value) for fact in may.facts} == {("無障礙停車位", 2)}
    assert {(fact.item, fact.ended) for fact in june.changes} == {("無障礙停車位", None), ("公開閱覽室", date(2016, 5, 31))}
    assert {fact.item for fact in read(empty_warehouse, Window(date(2016, 6, 1), date(2016, 6, 1))).changes} == set()


def test_log_as_in_the_files(sample_warehouse: Warehouse) -> None:
    found = [(each.day, each.equipment, each.action, each.result) for each in read(sample_warehouse).upkeep]
    rows = [(row.days("維護日期")[0], row["設備"], row["項目"], row["結果"]) for row in independent.table("maintenance_log")]
    assert sorted(found) == sorted(rows) and [day for day, *_ in found] == sorted((day for day, *_ in found), reverse=True)


# --- regular duties -----------------------------------------------------------------------------------------------------


def test_the_samples_grid(sample_warehouse: Warehouse) -> None:
    found = items(sample_warehouse)
    rows = independent.table("maintenance_log")
    for name, equipment, action in (
        ("water_filter_change_interval", "飲水機", "更換濾心"),
        ("water_test_count", "飲水機", "水質檢測"),
        ("po_box_opening_frequency", "郵局租用信箱", "開啟信箱"),
        ("star_of_month_frequency", "執行之星公布欄", "更新"),
    ):
        by_month = {month: sum(row.month == month and row.reads(設備=equipment, 項目=action) for row in rows) for month in WHOLE.months}
        assert {month: count for month, _, count in found[name].months} == by_month
        assert found[name].done == sum(by_month.values()) and not found[name].missed
    assert marks(found["water_filter_change_interval"]) == "●··●··●··" and found["water_filter_change_interval"].due == 3
    assert marks(found["review_group_meetings"]) == "··●··●··●"
    assert marks(found["link_check_count"]) == "●" * 9 and found["link_check_count"].due == 9
    assert {item.target.per for item in found.values()} == {"month", "quarter"}


def test_missed_not_due_and_not_in_yet(give: Give, empty_warehouse: Warehouse) -> None:
    give("設備維護保養紀錄表.csv", log("飲水機,105/01/06,更換濾心,完成", "郵局租用信箱,105/01/06,開啟信箱,無投書", "郵局租用信箱,105/03/06,開啟信箱,無投書", "飲水機,105/07/06,水質檢測,合格"))
    found = items(empty_warehouse)
    assert marks(found["po_box_opening_frequency"]) == "●▲●▲▲▲▲－－"
    assert found["po_box_opening_frequency"].missed == tuple(date(2016, month, 1) for month in (2, 4, 5, 6, 7))
    assert marks(found["water_filter_change_interval"]) == "●····▲·－－"
    assert marks(found["water_test_count"]) == "··▲··▲●－－"
    assert marks(found["link_check_count"]) == "－" * 9
    assert (found["po_box_opening_frequency"].done, found["po_box_opening_frequency"].due) == (2, 7)


def test_a_month_whose_monthly_table_is_owed_is_not_missed(give: Give, empty_warehouse: Warehouse) -> None:
    give("網站檢測紀錄表.csv", "檢測日期,檢測項目,受測數,異常數,處理情形\n105/01/04,外部連結,63,0,\n105/03/04,無障礙檢測,1,0,\n105/04/04,外部連結,63,0,\n")
    found = items(empty_warehouse)
    assert marks(found["link_check_count"]) == "●－▲●－－－－－"
    assert marks(found["accessibility_check_frequency"]) == "▲－●▲－－－－－"


def test_nothing_is_missed_before_the_register_began(give: Give, empty_warehouse: Warehouse) -> None:
    give("設備維護保養紀錄表.csv", log("郵局租用信箱,105/03/06,開啟信箱,無投書", "郵局租用信箱,105/06/06,開啟信箱,無投書"))
    found = items(empty_warehouse)
    assert marks(found["po_box_opening_frequency"]) == "－－●▲▲●－－－"
    assert marks(found["water_filter_change_interval"]) == "－－···▲－－－"


def test_a_quarter_begun_before_the_window_counts(give: Give, empty_warehouse: Warehouse) -> None:
    give("設備維護保養紀錄表.csv", log("飲水機,105/01/06,更換濾心,完成", "飲水機,105/03/06,水質檢測,合格"))
    only = items(empty_warehouse, Window(date(2016, 3, 1), date(2016, 3, 1)))
    assert marks(only["water_filter_change_interval"]) == "·" and marks(only["water_test_count"]) == "●"


def test_nothing_there_is_nothing_found(empty_warehouse: Warehouse) -> None:
    found = read(empty_warehouse)
    assert (found.facts, found.changes, found.upkeep) == ((), (), ())
    assert {marks(item) for item in items(empty_warehouse).values()} == {"－" * 9}
