"""The data checks find nothing in the sample, and something in rows made to break them."""

from pathlib import Path

import pytest

from warehouse import commands
from warehouse.intake import Source
from warehouse.load import Request, load_file
from warehouse.store import Warehouse, sql_files

CHECKS = [path.stem for path in sql_files() if path.parent.name == "90_checks"]

#: Check → the file that breaks its rule.
BREAKING = {
    "check_web_traffic_monthly__reading_follows_visits": "統計月份,本月瀏覽人次,累計瀏覽人次\n10501,10,100\n10502,10,111\n",
    "check_survey_forms__fewer_at_each_step": "月份,服務地點,發出份數,回收份數,有效份數,無效份數\n10501,宜蘭,10,12,11,1\n",
    "check_survey_answers__no_more_than_forms": None,
    "check_target__one_a_day": None,
    "check_feedback_cases__closed_after_received": None,
    "check_survey_forms__tally_agrees_with_forms": None,
    "check_survey_response__answers_as_counted": None,
}


def load(warehouse: Warehouse, text: str) -> None:
    result = load_file(warehouse, Source("x.csv", text.encode()), Request(by="測試", accept=frozenset(["all"])))
    assert result.outcome == "loaded", result.findings


def rows(warehouse: Warehouse, check: str) -> list[tuple]:
    with warehouse.reading() as cursor:
        return cursor.execute(f"select * from {check}").fetchall()


@pytest.mark.parametrize("check", CHECKS)
def test_the_sample_breaks_no_rule(sample_warehouse: Warehouse, check: str) -> None:
    assert rows(sample_warehouse, check) == []


@pytest.mark.parametrize("check", [name for name, text in BREAKING.items() if text])
def test_a_file_that_breaks_the_rule_is_found(empty_warehouse: Warehouse, check: str) -> None:
    load(empty_warehouse, BREAKING[check])
    assert rows(empty_warehouse, check)


def test_a_tally_that_disagrees_with_the_single_forms_is_found(empty_warehouse: Warehouse) -> None:
    load(empty_warehouse, "編號,填表日期,服務地點,洽辦公務時間,處理申請事項,機關洽公環境,接待志工警衛或替代役男的服務態度,其他人員服務態度,整體滿意度,問題處理解答詢問\n1,105/01/05,宜蘭,15分鐘內,滿意,滿意,滿意,滿意,滿意,滿意\n")
    load(empty_warehouse, "月份,服務地點,發出份數,回收份數,有效份數,無效份數\n10501,宜蘭,10,3,2,1\n")
    assert rows(empty_warehouse, "check_survey_forms__tally_agrees_with_forms")


@pytest.mark.parametrize(
    ("dataset", "change", "check"),
    [
        ("survey_response", "update raw.survey_response set q_overall = 1 where _row = 5", "check_survey_response__answers_as_counted"),
        ("feedback_case", "update raw.feedback_case set closed = received - 1 where closed is not null", "check_feedback_cases__closed_after_received"),
    ],
)
def test_a_row_changed_by_hand_is_found(sample_warehouse: Warehouse, dataset: str, change: str, check: str) -> None:
    with sample_warehouse.writing(dataset) as cursor:
        cursor.execute(change)
    assert rows(sample_warehouse, check)


def test_more_answers_than_forms_are_found(empty_warehouse: Warehouse) -> None:
    load(empty_warehouse, "月份,服務地點,題目,選項,份數\n10501,宜蘭,問卷份數,有效份數,5\n10501,宜蘭,整體滿意度,很滿意,4\n")
    with empty_warehouse.writing("survey_tally") as cursor:
        cursor.execute("update raw.survey_tally set n = 6 where n = 4")
    assert rows(empty_warehouse, "check_survey_answers__no_more_than_forms")


def test_two_targets_of_one_day_are_found(empty_warehouse: Warehouse) -> None:
    load(empty_warehouse, "指標代碼,目標值,生效日期,依據\nsurvey_overall_top2,90,105/01/01,核定\n")
    with empty_warehouse.writing("target") as cursor:
        cursor.execute("insert into raw.target select * from raw.target")
    assert rows(empty_warehouse, "check_target__one_a_day")


def test_every_check_is_made_to_break(sample_warehouse: Warehouse) -> None:
    assert set(CHECKS) == set(BREAKING)


def test_a_row_deleted_by_hand_is_found(sample_warehouse: Warehouse) -> None:
    with sample_warehouse.writing("inquiry_monthly") as cursor:
        cursor.execute("delete from raw.inquiry_monthly where _row = 4")
    answer = commands.run(sample_warehouse, "check", {})
    assert answer.code == commands.REFUSED
    assert any(check["check"] == "rows" and check["faults"] for check in answer.document["checks"])


def test_each_file_of_sql_states_its_grain_or_its_rule() -> None:
    for path in sql_files():
        first = Path(path).read_text(encoding="utf-8").split("\n", 1)[0]
        assert first.startswith("-- rows that break the rule: " if path.parent.name == "90_checks" else "-- one row per "), path
