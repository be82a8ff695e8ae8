"""The website's screen against the sample's files read a second way, and against cases the sample does not have."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date
from pathlib import Path

import pytest

from tests import independent
from warehouse.intake import Source
from warehouse.load import Request, load_file
from warehouse.period import Window
from warehouse.store import Warehouse
from warehouse.topics import website
from warehouse.topics.website import Website, badge_of

WHOLE = Window(date(2016, 1, 1), date(2016, 9, 1))
DAY = date(2026, 1, 1)
KINDS = {"行政規則": ("admin_rule", 5), "法規命令": ("regulation", 3), "綜合查詢": ("weekly_query", None)}
CHECKS = {"外部連結": "link", "無障礙檢測": "a11y", "無障礙標章": "badge", "網頁內容檢視": "content"}


def read(warehouse: Warehouse, window: Window = WHOLE, day: date = DAY) -> Website:
    with warehouse.reading() as cursor:
        return website.read(cursor, window, day)


@pytest.fixture
def give(empty_warehouse: Warehouse, tmp_path: Path) -> Callable[[str, str], Warehouse]:
    def loaded(name: str, text: str) -> Warehouse:
        path = tmp_path / name
        path.write_text(text, encoding="utf-8")
        result = load_file(empty_warehouse, Source(path.name, path), Request(by="測試", accept=frozenset({"all"})))
        assert result.outcome == "loaded", result.findings
        return empty_warehouse

    return loaded


def test_counter_and_visits_as_in_the_files(sample_warehouse: Warehouse) -> None:
    rows = sorted(independent.table("web_traffic_monthly"), key=lambda row: row.month)
    found = {reading.month: reading for reading in read(sample_warehouse).readings}
    before = None
    for row in rows:
        reading = found[row.month]
        assert (reading.visits, reading.reading, reading.before) == (row.number("本月瀏覽人次"), row.number("累計瀏覽人次"), before)
        expected = "unchecked" if before is None else "agrees" if row.number("累計瀏覽人次") - before == row.number("本月瀏覽人次") else "differs"
        assert reading.outcome == expected
        before = row.number("累計瀏覽人次")
    assert len(found) == len(rows) == 9


def test_a_month_inside_is_held_against_the_month_before_the_window(sample_warehouse: Warehouse) -> None:
    (only,) = read(sample_warehouse, Window(date(2016, 6, 1), date(2016, 6, 1))).readings
    assert only.before == 525115 and only.outcome == "agrees"


def test_difference_reset_and_gap_are_told_apart(give: Callable[[str, str], Warehouse]) -> None:
    text = "統計月份,本月瀏覽人次,累計瀏覽人次\n10501,100,1000\n10502,50,1051\n10503,70,70\n10505,10,200\n10506,20,220\n"
    found = {reading.month.month: reading.outcome for reading in read(give("網站瀏覽人次.csv", text)).readings}
    assert found == {1: "unchecked", 2: "differs", 3: "reset", 5: "unchecked", 6: "agrees"}


def test_a_reset_is_seen_across_a_month_that_is_missing(give: Callable[[str, str], Warehouse]) -> None:
    text = "統計月份,本月瀏覽人次,累計瀏覽人次\n10501,100,1000\n10503,70,70\n10505,10,200\n"
    found = {reading.month.month: (reading.outcome, reading.last, reading.difference) for reading in read(give("網站瀏覽人次.csv", text)).readings}
    assert found == {1: ("unchecked", None, None), 3: ("reset", 1000, None), 5: ("unchecked", 70, None)}


def test_what_was_written_of_a_check_is_masked(give: Callable[[str, str], Warehouse]) -> None:
    text = "檢測日期,檢測項目,受測數,異常數,處理情形\n105/01/04,外部連結,63,2,聯絡王小明先生0912345678\n"
    (check,) = read(give("網站檢測紀錄表.csv", text)).checks
    assert check.note is not None and check.note.startswith("聯絡王○○先生○") and "345678" not in check.note


def test_checks_as_in_the_files(sample_warehouse: Warehouse) -> None:
    found = sorted((check.day, check.kind, check.tested, check.failed, check.note) for check in read(sample_warehouse).checks)
    rows = independent.table("web_check")
    expected = sorted(
        (row.days("檢測日期")[0], CHECKS[row["檢測項目"]], row.number("受測數"), row.number("異常數"), row["處理情形"]) for row in rows
    )
    assert [check[:4] for check in found] == [check[:4] for check in expected] and len(found) == 28


def test_broken_links_are_cleared_by_the_first_clean_check(give: Callable[[str, str], Warehouse]) -> None:
    text = (
        "檢測日期,檢測項目,受測數,異常數,處理情形\n105/01/04,外部連結,63,2,通知修正\n105/01/11,外部連結,63,1,\n105/01/20,外部連結,63,0,正常\n"
        "105/02/01,外部連結,63,3,\n105/02/02,無障礙檢測,1,0,合格\n"
    )
    found = read(give("網站檢測紀錄表.csv", text))
    links = {check.day: (check.cleared, check.days_open) for check in found.checks if check.kind == "link"}
    assert links == {
        date(2016, 1, 4): (date(2016, 1, 20), 16),
        date(2016, 1, 11): (date(2016, 1, 20), 9),
        date(2016, 1, 20): (None, None),
        date(2016, 2, 1): (None, None),
    }
    by_kind = {each.kind: (each.count, each.failed, each.still) for each in found.by_check}
    assert by_kind == {"link": (4, 6, 1), "a11y": (1, 0, 0)} and len(found.broken) == 3


@pytest.mark.parametrize(
    ("obtained", "day", "until", "left", "again"),
    [
        (date(2016, 8, 15), date(2016, 10, 5), date(2019, 8, 14), 1043, date(2019, 5, 14)),
        (date(2016, 8, 15), date(2019, 8, 15), date(2019, 8, 14), -1, date(2019, 5, 14)),
        (date(2016, 2, 29), date(2019, 2, 28), date(2019, 2, 28), 0, date(2018, 11, 28)),
        (date(2016, 6, 1), date(2016, 6, 1), date(2019, 5, 31), 1094, date(2019, 2, 28)),
    ],
)
def test_badge_holds_three_years(obtained: date, day: date, until: date, left: int, again: date) -> None:
    badge = badge_of(obtained, day)
    assert (badge.until, badge.days_left, badge.reapply_from) == (until, left, again)


def test_today_of_the_sample_is_its_own(sample_warehouse: Warehouse) -> None:
    found = read(sample_warehouse)
    assert found.today == date(2016, 10, 5) and found.badge is not None and found.badge.days_left == 1043


def test_today_of_an_offices_own_data_is_the_machines(give: Callable[[str, str], Warehouse]) -> None:
    found = read(give("網站檢測紀錄表.csv", "檢測日期,檢測項目,受測數,異常數,處理情形\n105/08/15,無障礙標章,1,0,取得標章\n105/08/16,無障礙標章,1,1,未通過\n"))
    assert found.today == DAY and found.badge is not None and found.badge.obtained == date(2016, 8, 15)
    assert found.badge.days_left == (date(2019, 8, 14) - DAY).days


def test_days_to_post_as_in_the_files(sample_warehouse: Warehouse) -> None:
    found = read(sample_warehouse)
    assert len(found.postings) == len(independent.table("update_log")) and not found.late
    for word, (kind, limit) in KINDS.items():
        days = [(row.days("上網日期")[0] - row.days("發布日期")[0]).days for row in independent.table("update_log") if row["類別"] == word]
        within = sum(limit is None or each <= limit for each in days)
        (posted,) = [each for each in found.by_kind if each.kind == kind]
        assert (posted.count, posted.within, posted.longest, posted.limit) == (len(days), within, max(days), limit)
    weekly = sorted(row.days("上網日期")[0] for row in independent.table("update_log") if row["類別"] == "綜合查詢")
    assert found.widest_gap == max((later - earlier).days for earlier, later in zip(weekly, weekly[1:], strict=False)) == 9


def test_the_day_after_the_limit_is_late(give: Callable[[str, str], Warehouse]) -> None:
    text = (
        "類別,名稱,發布日期,上網日期\n行政規則,甲,105/01/04,105/01/09\n行政規則,乙,105/01/04,105/01/10\n法規命令,丙,105/01/04,105/01/07\n"
        "法規命令,丁,105/01/04,105/01/08\n綜合查詢,戊,105/01/04,105/01/29\n"
    )
    found = read(give("網站資訊更新紀錄表.csv", text))
    assert sorted(posting.title or "" for posting in found.late) == sorted(["乙", "丁"])
    assert {each.kind: (each.count, each.within) for each in found.by_kind} == {"admin_rule": (2, 1), "regulation": (2, 1), "weekly_query": (1, 1)}


def test_nothing_there_is_nothing_found(empty_warehouse: Warehouse) -> None:
    found = read(empty_warehouse)
    assert (found.readings, found.checks, found.badge, found.postings, found.widest_gap) == ((), (), None, (), None)
