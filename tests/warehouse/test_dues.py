"""What is owed of a table: by which day, by whom, from which day on; read from rows as a clerk writes them."""

from __future__ import annotations

from datetime import date

from warehouse.dues import due_of, dues_of, owing

JUNE, JULY, AUGUST = date(2016, 6, 1), date(2016, 7, 1), date(2016, 8, 1)


def row(report: str, day: int | None, effective: date, parts: str | None = None) -> dict[str, object]:
    return {"report": report, "due_day": day, "parts": parts, "effective": effective}


def test_the_rule_in_force_when_the_table_falls_due_is_the_one_that_counts() -> None:
    dues = dues_of([row("inquiry_monthly", 10, date(2016, 8, 1)), row("inquiry_monthly", 5, date(2016, 1, 1))])
    assert [due_of(dues, "inquiry_monthly", month).due_day for month in (JUNE, JULY, AUGUST)] == [5, 10, 10]  # type: ignore[union-attr]
    assert due_of(dues, "inquiry_monthly", date(2015, 11, 1)) is None and due_of(dues, "payment_monthly", JULY) is None


def test_a_day_that_the_month_does_not_have_is_its_last() -> None:
    (due,) = dues_of([row("案款代收月報表", 31, date(2016, 1, 1))])["payment_monthly"]
    assert [due.last_day(month) for month in (date(2016, 1, 1), JUNE)] == [date(2016, 2, 29), date(2016, 7, 31)]
    assert dues_of([row("payment_monthly", None, JUNE)])["payment_monthly"][0].last_day(JUNE) is None


def test_those_who_owe_a_part_are_known_by_their_codes() -> None:
    dues = dues_of([row("phone_test", 5, date(2016, 1, 1), "花蓮分署，執行署"), row("survey_response", 5, date(2016, 7, 15), "宜蘭/基隆")])
    assert owing(dues, "phone_test", JULY) == {"hualien", "hq"}
    assert (owing(dues, "survey_response", JUNE), owing(dues, "survey_response", JULY)) == (frozenset(), {"yilan", "keelung"})
