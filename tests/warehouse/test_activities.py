"""Activities and training against the sample's files read a second way."""

from __future__ import annotations

from collections import Counter
from datetime import date
from fractions import Fraction

import pytest

from tests import independent
from warehouse.period import Window
from warehouse.store import Warehouse
from warehouse.topics import activities
from warehouse.topics.activities import Activities

WHOLE = Window(date(2016, 1, 1), date(2016, 9, 1))
SPRING = Window(date(2016, 3, 1), date(2016, 5, 1))
CATEGORIES = {
    "公益關懷": "charity",
    "社區清潔": "community_cleaning",
    "捐血": "blood",
    "授課": "lecture",
    "租稅宣導": "tax_promotion",
    "環境清潔日": "cleaning_day",
}
MEETINGS = {"工作會議": "work", "主管會議": "supervisor", "考核小組": "review_group", "品質獎工作小組": "award_group", "標竿參訪": "benchmark_visit"}


def read(warehouse: Warehouse, window: Window = WHOLE, site: str = "all") -> Activities:
    with warehouse.reading() as cursor:
        return activities.read(cursor, window, site)


def rows(dataset: str, window: Window, site: str = "all") -> list[independent.Row]:
    return [row for row in independent.table(dataset) if window.start <= row.month <= window.end and site in ("all", row.site)]


def total(amounts: list[Fraction | None]) -> Fraction | None:
    known = [amount for amount in amounts if amount is not None]
    return sum(known, Fraction(0)) if known else None


@pytest.mark.parametrize("site", ["all", "yilan", "keelung"])
@pytest.mark.parametrize("window", [WHOLE, SPRING], ids=["whole", "spring"])
def test_outreach_as_in_the_files(sample_warehouse: Warehouse, window: Window, site: str) -> None:
    found, expected = read(sample_warehouse, window, site), rows("outreach_event", window, site)
    assert sorted(event.event_id for event in found.events) == sorted(row["序號"] for row in expected)
    by_id = {row["序號"]: row for row in expected}
    for event in found.events:
        row = by_id[event.event_id]
        assert (event.first, event.last) == row.days("活動日期") and event.category == CATEGORIES[row["類別"]]
        assert (event.persons, event.sessions, event.amount) == (row.number("人次"), row.number("場次"), row.number("數量"))
    for each in found.categories:
        own = [row for row in expected if CATEGORIES[row["類別"]] == each.category]
        assert each.events == len(own)
        assert each.persons == total([row.number("人次") for row in own])
        assert each.sessions == total([row.number("場次") for row in own])
        assert each.beneficiaries == total([row.number("受益戶數") for row in own])
        assert each.cc == total([row.number("數量") for row in own if row["數量單位"] == "cc"])
    assert sum(each.events for each in found.categories) == len(expected)


@pytest.mark.parametrize("window", [WHOLE, SPRING], ids=["whole", "spring"])
def test_training_as_in_the_files(sample_warehouse: Warehouse, window: Window) -> None:
    found, expected = read(sample_warehouse, window), rows("training_session", window)
    assert sorted((session.day, session.persons) for session in found.sessions) == sorted((row.days("日期")[0], row.number("參加人次")) for row in expected)
    hours = {row.days("日期")[0]: independent.hours(row["起"], row["迄"]) for row in expected if row["起"]}
    assert {session.day: session.hours for session in found.sessions if session.hours is not None} == hours


def test_the_reports_training(sample_warehouse: Warehouse) -> None:
    found = read(sample_warehouse)
    assert len(found.sessions) == 13 and sum(session.persons for session in found.sessions) == 691


def test_meetings_as_in_the_files(sample_warehouse: Warehouse) -> None:
    found, expected = read(sample_warehouse), rows("meeting", WHOLE)
    for kind in found.meetings:
        own = [row for row in expected if MEETINGS[row["會議類別"]] == kind.kind]
        assert kind.count == len(own)
        assert kind.resolved == total([row.number("決議件數") for row in own]) and kind.done == total([row.number("完成件數") for row in own])
    left = [(row.days("日期")[0], row.number("決議件數"), row.number("完成件數")) for row in expected if row["決議件數"] > row["完成件數"]]
    assert [(each.day, each.resolved, each.done) for each in found.unfinished] == sorted(left) and len(left) == 9


def test_social_aid_as_in_the_files(sample_warehouse: Warehouse) -> None:
    found, expected = read(sample_warehouse), rows("social_aid_case", WHOLE)
    agencies = Counter(row[f"轉介單位{number}"] for row in expected for number in (1, 2, 3) if row[f"轉介單位{number}"])
    assert dict(found.agencies) == dict(agencies) and sum(count for _, count in found.agencies) == 16
    assert [count for _, count in found.agencies] == sorted(agencies.values(), reverse=True)
    assert {case.case_id: case.notified for case in found.aid} == {row["案號"]: row["通報機關"] for row in expected} and len(found.aid) == 7
    assert sum(len(case.referrals) for case in found.aid) == 16
    assert total([row.number("訪視慰問金") for row in expected]) == sum(case.cash or 0 for case in found.aid) == 10000


@pytest.mark.parametrize("site", ["all", "keelung"])
def test_months_as_in_the_files(sample_warehouse: Warehouse, site: str) -> None:
    for month in read(sample_warehouse, WHOLE, site).months:
        only = Window(month.month, month.month)
        assert month.outreach == total([row.number("人次") for row in rows("outreach_event", only, site)])
        assert month.training == total([row.number("參加人次") for row in rows("training_session", only)])
        assert month.noon == total([row.number("服務人次") for row in rows("noon_service", only, site)])
        assert month.weekdays == sum(day.weekday() < 5 for day in independent.days(month.month, independent.last_day(month.month)))


def test_nothing_there_is_nothing_found(empty_warehouse: Warehouse) -> None:
    found = read(empty_warehouse)
    assert not (found.events or found.categories or found.sessions or found.meetings or found.unfinished or found.aid or found.agencies)
    assert all(month.outreach is month.training is month.noon is None for month in found.months)
