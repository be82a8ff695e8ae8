"""Inquiries and petitions against the sample's files read a second way, and against cases the sample does not have."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable
from datetime import date
from pathlib import Path

import pytest

from tests import independent
from warehouse.intake import Source
from warehouse.load import Request, load_file
from warehouse.period import Window
from warehouse.samples import FOLDER as SAMPLES
from warehouse.store import Warehouse
from warehouse.topics import feedback
from warehouse.topics.feedback import CHANNELS, Feedback, day_due, working_days

WHOLE = Window(date(2016, 1, 1), date(2016, 9, 1))
KINDS = {"陳情": "petition", "民意信箱": "opinion_box", "義務人陳述信箱": "obligor_box", "新聞輿情": "news"}
HEAD = "編號,收件日期,類別,管道,案由摘要,輿情屬性,承辦單位,辦結日期,回復方式,是否延期\n"


def read(warehouse: Warehouse, window: Window = WHOLE, day: date = date(2016, 6, 30)) -> Feedback:
    with warehouse.reading() as cursor:
        return feedback.read(cursor, window, day)


@pytest.fixture
def give(empty_warehouse: Warehouse, tmp_path: Path) -> Callable[[str], Warehouse]:
    """Load the calendar of 2016, then these cases."""

    def loaded(rows: str) -> Warehouse:
        path = tmp_path / "民眾意見登記簿.csv"
        path.write_text(HEAD + rows, encoding="utf-8")
        for each in (*sorted((SAMPLES / "office_calendar").glob("*.csv")), path):
            result = load_file(empty_warehouse, Source(each.name, each), Request(by="測試", accept=frozenset({"all"})))
            assert result.outcome == "loaded", result.findings
        return empty_warehouse

    return loaded


def test_inquiries_as_in_the_files(sample_warehouse: Warehouse) -> None:
    found = read(sample_warehouse)
    words = {"電話查詢": "phone", "臨櫃查詢": "counter", "網路查詢(含電子信箱)": "web_email", "資料影印": "copies"}
    expected: dict[date, dict[str, int]] = {}
    for row in independent.table("inquiry_monthly"):
        expected.setdefault(row.month, {})[words[row["查詢管道"]]] = int(row.number("件數") or 0)
    assert {month.month: dict(month.counts) for month in found.months} == expected
    assert dict(found.totals) == {channel: sum(month[channel] for month in expected.values()) for channel in CHANNELS}
    assert sum(found.totals.values()) == 16865


def test_every_case_with_its_working_days(sample_warehouse: Warehouse) -> None:
    found = {case.case_id: case for case in read(sample_warehouse).cases}
    rows = independent.table("feedback_case")
    assert len(rows) == len(found) == 17
    for row in rows:
        received, closed = row.days("收件日期")[0], row.days("辦結日期")[0]
        case = found[row["編號"]]
        assert (case.kind, case.received, case.closed, case.unit) == (KINDS[row["類別"]], received, closed, row["承辦單位"])
        assert case.worked == independent.working_days(received, closed)
        assert case.state == ("on_time" if case.kind == "petition" else "closed")


def test_by_kind_sums_the_cases(sample_warehouse: Warehouse) -> None:
    found = read(sample_warehouse)
    counts = Counter(KINDS[row["類別"]] for row in independent.table("feedback_case"))
    assert {each.kind: each.count for each in found.by_kind} == counts
    for each in found.by_kind:
        days = sorted(
            independent.working_days(row.days("收件日期")[0], row.days("辦結日期")[0])
            for row in independent.table("feedback_case")
            if KINDS[row["類別"]] == each.kind
        )
        half = len(days) // 2
        middle = days[half] if len(days) % 2 else (days[half - 1] + days[half]) / 2
        assert (each.closed, each.longest, each.middle) == (len(days), days[-1], middle)
    assert found.pressing == () and found.uncounted_years == ()


def test_holidays_and_make_up_days_are_respected(give: Callable[[str], Warehouse]) -> None:
    """In 2016 the Lunar New Year ran from 6 to 14 February, and Saturday 30 January was worked in exchange for the 12th."""
    warehouse = give("A-1,105/01/29,陳情,書面,x,,執行科,105/02/15,公文,否\n")
    (case,) = read(warehouse).cases
    assert case.worked == independent.working_days(date(2016, 1, 29), date(2016, 2, 15)) == 7
    assert case.worked != sum(date.fromordinal(day).weekday() < 5 for day in range(date(2016, 1, 30).toordinal(), date(2016, 2, 15).toordinal() + 1))


def test_states_and_what_presses(give: Callable[[str], Warehouse]) -> None:
    rows = (
        "A-1,105/03/01,陳情,書面,x,,執行科,105/04/15,公文,否\nA-2,105/03/01,陳情,書面,x,,執行科,105/04/18,公文,是\n"
        "A-3,105/05/02,陳情,書面,x,,執行科,,,否\nA-4,105/06/20,陳情,書面,x,,執行科,,,否\nM-1,105/06/01,民意信箱,網站,x,,秘書室,,,否\n"
        "N-1,105/06/02,新聞輿情,報紙,x,負面,秘書室,105/06/02,澄清,-\n"
    )
    found = read(give(rows))
    states = {case.case_id: (case.state, case.worked) for case in found.cases}
    assert independent.working_days(date(2016, 3, 1), date(2016, 4, 15)) == 31
    assert states == {
        "A-1": ("late", 31),
        "A-2": ("late", 32),
        "A-3": ("overdue", independent.working_days(date(2016, 5, 2), date(2016, 6, 30))),
        "A-4": ("running", independent.working_days(date(2016, 6, 20), date(2016, 6, 30))),
        "M-1": ("open", independent.working_days(date(2016, 6, 1), date(2016, 6, 30))),
        "N-1": ("closed", 0),
    }
    assert [case.case_id for case in found.pressing] == ["A-3", "A-1", "A-2", "A-4", "M-1"]
    assert {case.case_id: case.extended for case in found.cases}["A-2"]
    (petitions,) = [each for each in found.by_kind if each.kind == "petition"]
    assert dict(petitions.states) == {"late": 2, "overdue": 1, "running": 1} and petitions.closed == 2


def test_the_last_day_in_time_is_the_thirtieth_working_day(give: Callable[[str], Warehouse]) -> None:
    found = read(give("A-1,105/03/01,陳情,書面,x,,執行科,105/04/14,公文,否\n"))
    (case,) = found.cases
    assert case.due == date(2016, 4, 14) and case.worked == 30 and case.state == "on_time"
    assert independent.working_days(case.received, case.due) == 30


def test_open_cases_of_earlier_months_stay_on_the_list(give: Callable[[str], Warehouse]) -> None:
    warehouse = give("A-1,105/01/04,陳情,書面,x,,執行科,,,否\nA-2,105/01/05,陳情,書面,x,,執行科,105/01/20,公文,否\nA-3,105/06/01,陳情,書面,x,,執行科,105/06/02,公文,否\n")
    found = read(warehouse, Window(date(2016, 6, 1), date(2016, 6, 1)))
    assert [case.case_id for case in found.cases] == ["A-3", "A-1"]


def test_a_year_without_calendar_is_said(empty_warehouse: Warehouse, tmp_path: Path) -> None:
    path = tmp_path / "民眾意見登記簿.csv"
    path.write_text(HEAD + "A-1,105/01/08,陳情,書面,x,,執行科,105/01/18,公文,否\n", encoding="utf-8")
    assert load_file(empty_warehouse, Source(path.name, path), Request(by="測試", accept=frozenset({"all"}))).outcome == "loaded"
    found = read(empty_warehouse)
    assert found.uncounted_years == (2016,) and found.cases[0].worked == 6


def test_words_of_cases_are_masked(give: Callable[[str], Warehouse]) -> None:
    found = read(give("A-1,105/03/01,陳情,王小明先生來電,x,,執行科,105/03/02,電話0912345678,否\n"))
    (case,) = found.cases
    assert case.channel == "王○○先生來電" and "0912345678" not in (case.reply or "")


@pytest.mark.parametrize("days", [1, 5, 30, 60])
def test_due_day_and_working_days_are_each_others_inverse(days: int) -> None:
    calendar = {date(2016, 2, day): False for day in range(6, 15)} | {date(2016, 1, 30): True}
    for first in (date(2016, 1, 1), date(2016, 1, 29), date(2016, 2, 8)):
        due = day_due(calendar, first, days)
        assert working_days(calendar, first, due) == days
        assert working_days(calendar, first, date.fromordinal(due.toordinal() - 1)) == days - 1


def test_nothing_there_is_nothing_found(empty_warehouse: Warehouse) -> None:
    found = read(empty_warehouse)
    assert (found.months, found.cases, found.by_kind, dict(found.totals)) == ((), (), (), {})
