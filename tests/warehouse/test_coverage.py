"""Which months of which tables are in, wholly or in part: told from slots made by hand, and of a warehouse in which it is known what lacks."""

from __future__ import annotations

import shutil
from dataclasses import replace
from datetime import date
from pathlib import Path

from tests.years import LACKING, MONTHS
from warehouse.coverage import Coverage, Lacking, incomplete
from warehouse.dues import dues_of
from warehouse.load import open_warehouse
from warehouse.period import Window
from warehouse.scorecard import Snapshot

JAN, FEB, MAR = date(2016, 1, 1), date(2016, 2, 1), date(2016, 3, 1)
SPRING = Window(JAN, MAR)


def holding(*slots: tuple[str, date, str, str]) -> Snapshot:
    return Snapshot({}, [], [(*slot, number, 1) for number, slot in enumerate(slots, start=1)])


def test_a_month_is_whole_when_all_have_sent_that_had_sent_before() -> None:
    survey = "survey_response"
    snapshot = holding((survey, JAN, "yilan", ""), (survey, FEB, "yilan", ""), (survey, FEB, "keelung", ""), (survey, MAR, "keelung", ""))
    assert Coverage.of(snapshot).lacking(survey, SPRING) == (Lacking(MAR, ("yilan",)),)
    assert Coverage.of(snapshot, "keelung").lacking(survey, SPRING) == (Lacking(JAN),)
    assert incomplete(snapshot, [survey], SPRING) == {MAR}


def test_those_who_owe_it_by_the_due_dates_are_missed_from_the_first_month_on() -> None:
    survey = "survey_response"
    dues = dues_of([{"report": survey, "due_day": 5, "parts": "宜蘭、基隆", "effective": date(2016, 3, 1)}])
    snapshot = replace(holding((survey, JAN, "yilan", ""), (survey, FEB, "yilan", ""), (survey, MAR, "yilan", "")), dues=dues)
    assert Coverage.of(snapshot).lacking(survey, SPRING) == (Lacking(FEB, ("keelung",)), Lacking(MAR, ("keelung",)))
    assert incomplete(snapshot, [survey], SPRING) == {FEB, MAR}
    assert Coverage.of(snapshot, "yilan").lacking(survey, SPRING) == ()


def test_one_that_alone_has_ever_sent_is_named() -> None:
    survey = "survey_response"
    alone = holding((survey, JAN, "yilan", ""), ("survey_tally", FEB, "yilan", ""), ("payment_monthly", JAN, "all", ""))
    assert Coverage.of(alone).only_sender(survey) == "yilan" and Coverage.of(alone).only_sender("payment_monthly") is None
    both = holding((survey, JAN, "yilan", ""), ("survey_tally", FEB, "keelung", ""))
    assert Coverage.of(both).only_sender(survey) is None and Coverage.of(both).only_sender("phone_test") is None


def test_a_month_without_anything_lacks_all_and_a_table_never_sent_lacks_nothing() -> None:
    snapshot = holding(("payment_monthly", JAN, "all", ""), ("payment_monthly", MAR, "all", ""))
    assert Coverage.of(snapshot).lacking("payment_monthly", SPRING) == (Lacking(FEB),)
    assert Coverage.of(snapshot).lacking("inquiry_monthly", SPRING) == ()
    assert incomplete(snapshot, ["payment_monthly"], SPRING) == set()


def test_bodies_that_test_send_each_theirs() -> None:
    snapshot = holding(("phone_test", JAN, "all", "hualien"), ("phone_test", JAN, "all", "hq"), ("phone_test", FEB, "all", "hq"), ("phone_test", MAR, "all", "hq"))
    assert Coverage.of(snapshot).lacking("phone_test", SPRING) == (Lacking(FEB, ("hualien",)), Lacking(MAR, ("hualien",)))
    assert incomplete(snapshot, ["phone_test"], SPRING) == set()


def test_forms_and_tallies_stand_in_for_each_other() -> None:
    snapshot = holding(("survey_response", JAN, "yilan", ""), ("survey_tally", FEB, "yilan", ""), ("survey_response", MAR, "yilan", ""))
    coverage = Coverage.of(snapshot)
    assert coverage.lacking("survey_response", SPRING) == coverage.lacking("survey_tally", SPRING) == ()
    assert not coverage.stood_in_for("survey_tally") and Coverage.of(holding(("survey_response", JAN, "yilan", ""))).stood_in_for("survey_tally")


def test_thirty_months(years_folder: Path, tmp_path: Path) -> None:
    shutil.copytree(years_folder, tmp_path / "data")
    warehouse = open_warehouse(tmp_path / "data")
    with warehouse.reading() as cursor:
        coverage = Coverage.of(Snapshot.of(cursor))
    warehouse.close()
    window = Window(MONTHS[0], MONTHS[-1])
    assert coverage.lacking("payment_monthly", window) == (Lacking(LACKING),)
    assert coverage.lacking("survey_response", window) == (Lacking(MONTHS[-1], ("yilan",)),)
    assert coverage.lacking("phone_test", window) == ()
