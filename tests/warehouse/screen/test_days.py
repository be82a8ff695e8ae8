"""Days and months in either calendar, and what is none; months that are missing, running or to come."""

from __future__ import annotations

from datetime import date

import pytest

from tests.warehouse.screen.tables import form, look, outcome, payment, quoted, rows_of, survey
from warehouse.errors import UsageError
from warehouse.screen import year_option
from warehouse.store import Warehouse

DAYS = {
    "105/01/05": (2016, 1, 5), "105-1-5": (2016, 1, 5), "105.1.5": (2016, 1, 5), "105年1月5日": (2016, 1, 5), "民國105年1月5日": (2016, 1, 5),
    "中華民國105年01月05日": (2016, 1, 5), "102年01月01日 03時00分": (2013, 1, 1), "102年01月01日 03時00分00秒": (2013, 1, 1), "1050105": (2016, 1, 5),
    "990105": (2010, 1, 5), "2016/1/5": (2016, 1, 5), "2016-01-05": (2016, 1, 5), "20160105": (2016, 1, 5), "99/12/31": (2010, 12, 31),
    "099/12/31": (2010, 12, 31), "105/02/29": (2016, 2, 29), "101/02/29": (2012, 2, 29), "民國一百零五年一月五日": (2016, 1, 5), "民國一○五年一月五日": (2016, 1, 5),
    "民國一〇五年一月五日": (2016, 1, 5), "１０５／１／５": (2016, 1, 5), "2016/1/5 00:00:00": (2016, 1, 5), "105/1/5 上午 09:30": (2016, 1, 5),
    "105年 9月 30日": (2016, 9, 30), "105/10/05": (2016, 10, 5),
}  # fmt: skip


@pytest.mark.parametrize(("cell", "day"), DAYS.items())
def test_a_day_is_read_in_either_calendar(warehouse: Warehouse, cell: str, day: tuple[int, int, int]) -> None:
    result = look(warehouse, survey(form(day=quoted(cell))))
    assert outcome(result) == (("needs_confirmation", {"W-PARTIAL"}) if day[:2] == (2016, 10) else ("dry_run", set()))
    assert rows_of(survey(form(day=quoted(cell))))["response_date"].to_list() == [date(*day)]
    assert result.months == [date(day[0], day[1], 1)]


NO_DAYS = {
    "16/01/05": "E-DATE-AMBIGUOUS", "05/01/16": "E-DATE-AMBIGUOUS", "1/5/2016": "E-DATE-AMBIGUOUS", "43/1/5": "E-DATE-AMBIGUOUS", "104/02/29": "E-DAT-17",
    "105/02/30": "E-DAT-17", "105/13/01": "E-DAT-17", "105/00/10": "E-DAT-17", "0105/01/05": "E-DAT-18", "民國元年1月1日": "E-DAT-19", "民國1年1月1日": "E-DAT-19",
    "民國前1年1月1日": "E-DAT-20", "-1/1/1": "E-DAT-20", "民國0年1月1日": "E-DAT-20", "H28/1/5": "E-DAT-23", "R5/1/5": "E-DAT-23", "㍻28年1月5日": "E-DAT-23",
    "令和5年1月5日": "E-DAT-23", "105/10/06": "E-DAT-24", "105/12/31": "E-DAT-24", "2105/01/05": "E-DAT-26", "205/01/05": "E-DAT-26", "3927/01/05": "E-DAT-28",
    "60": "E-DAT-31", "2016/1/5 24:00": "E-DAT-32", "1051301": "E-DAT-34", "105W03": "E-DAT-35", "正月初一": "E-DAT-35", "105年1月": "E-DAT-06", "105Q3": "E-DAT-08",
    "105年上半年": "E-DAT-09", "1月5日": "E-DAT-10", "": "E-NUM-22", "=TODAY()": "E-FORMULA", "(" * 30_000: "E-DAT-01", "1" * 30_000: "E-DAT-01",
}  # fmt: skip


@pytest.mark.parametrize(("cell", "code"), NO_DAYS.items(), ids=lambda text: text[:20])
def test_what_is_no_day_or_may_be_two_is_held(warehouse: Warehouse, cell: str, code: str) -> None:
    result = look(warehouse, survey(form(day=quoted(cell))))
    assert outcome(result) == ("refused", {code})
    assert (result.findings[0].row, result.findings[0].column, result.held) == (2, "填表日期", 1)


@pytest.mark.parametrize(("cell", "code", "day"), [("42375", "W-DAT-07", date(2016, 1, 6)), ("2016-01-05T23:00:00Z", "W-DAT-33", date(2016, 1, 6))])
def test_a_serial_number_and_a_foreign_clock_are_asked_about(warehouse: Warehouse, cell: str, code: str, day: date) -> None:
    assert outcome(look(warehouse, survey(form(day=cell)))) == ("needs_confirmation", {code})
    assert rows_of(survey(form(day=cell)))["response_date"].to_list() == [day]


def test_two_calendars_in_one_column_are_asked_about(warehouse: Warehouse) -> None:
    text = survey(form("1", "105/07/05"), form("2", "2016/07/06"))
    assert outcome(look(warehouse, text)) == ("needs_confirmation", {"W-DAT-12"})
    assert rows_of(text)["response_date"].to_list() == [date(2016, 7, 5), date(2016, 7, 6)]


MONTHS = ["105年7月", "105年7月份", "105/07", "105.7", "10507", "民國105年7月", "１０５年７月", "2016/07", "Jul-16", "201607", "105/07/15"]


@pytest.mark.parametrize("cell", MONTHS)
def test_a_month_is_read_in_every_spelling_of_the_office(warehouse: Warehouse, cell: str) -> None:
    assert outcome(look(warehouse, payment(f"{cell},便利商店,10,1200"))) == ("dry_run", set())
    assert rows_of(payment(f"{cell},便利商店,10,1200"))["month"].to_list() == [date(2016, 7, 1)]


@pytest.mark.parametrize(
    ("cell", "code"),
    [("105Q3", "E-DAT-08"), ("第三季", "E-DAT-08"), ("105Q5", "E-DAT-08"), ("105年上半年", "E-DAT-09"), ("105年度", "E-DAT-09"), ("10513", "E-DAT-34"),
     ("7月", "E-DAT-10"), ("16/07", "E-DATE-AMBIGUOUS"), ("105年11月", "E-DAT-24")],
)  # fmt: skip
def test_what_is_no_single_month_is_held(warehouse: Warehouse, cell: str, code: str) -> None:
    assert outcome(look(warehouse, payment(f"{cell},便利商店,10,1200"))) == ("refused", {code})


@pytest.mark.parametrize("cell", ["7月", "七月", "Jul", "7"])
@pytest.mark.parametrize("told_by", ["title", "name", "request"])
def test_a_month_without_a_year_takes_it_from_title_name_or_request_and_asks(warehouse: Warehouse, cell: str, told_by: str) -> None:
    text = ("105年案款代收月報表,,,\n" if told_by == "title" else "") + payment(f"{cell},便利商店,10,1200")
    result = look(warehouse, text, name="105年案款.csv" if told_by == "name" else "案款.csv", year=2016 if told_by == "request" else None)
    assert outcome(result) == ("needs_confirmation", {"W-DAT-10"})
    assert result.months == [date(2016, 7, 1)]


def test_a_month_that_is_not_over_is_asked_about(warehouse: Warehouse) -> None:
    assert outcome(look(warehouse, payment("105年10月,便利商店,10,1200"))) == ("needs_confirmation", {"W-PARTIAL"})


def test_a_month_left_out_between_two_is_asked_about(warehouse: Warehouse) -> None:
    result = look(warehouse, payment("105年5月,便利商店,1,2", "105年7月,便利商店,1,2"))
    assert outcome(result) == ("needs_confirmation", {"W-GAP"})
    assert "105年6月" in result.findings[0].message


@pytest.mark.parametrize(("text", "year"), [("105", 2016), ("2016", 2016), ("99", 2010), (None, None)])
def test_a_year_may_be_given_in_either_calendar(text: str | None, year: int | None) -> None:
    assert year_option(text) == year


@pytest.mark.parametrize("text", ["1", "16", "abc", "3927", "１０５", ""])
def test_a_year_that_may_be_two_is_wrong_usage(text: str) -> None:
    with pytest.raises(UsageError):
        year_option(text)
