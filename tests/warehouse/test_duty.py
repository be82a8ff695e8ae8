"""資料繳交情形: what is in, owed, late, to be mended or reviewed, and what was done as often as it must be; the sample counted anew from its files."""

from __future__ import annotations

from datetime import date, datetime
from pathlib import Path
from typing import Any

import pytest

from tests import independent
from warehouse import oversight, samples
from warehouse.duty import Cell, Records, Row, duty_calendar, overdue, owed, reminder
from warehouse.form import enter
from warehouse.intake import Source
from warehouse.ledger import Stamp
from warehouse.load import LoadResult, Request, load_file, undo
from warehouse.period import Window
from warehouse.schedule import compliance
from warehouse.scorecard import Snapshot
from warehouse.store import Warehouse

YEAR = Window(date(2016, 1, 1), date(2016, 12, 1))
CHANNELS = ("電話查詢", "臨櫃查詢", "網路查詢(含電子信箱)", "資料影印")
SURVEY_HEAD = (
    "編號,填表日期,服務地點,洽辦公務時間,處理申請事項,機關洽公環境,接待志工警衛或替代役男的服務態度,其他人員服務態度,整體滿意度,問題處理解答詢問"
)


@pytest.fixture(autouse=True)
def in_october(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("SERVICE_QUALITY_TODAY", "2016-10-08")


def load(warehouse: Warehouse, content: str, on: datetime = datetime(2016, 10, 3, 2), **options: Any) -> LoadResult:
    """A file that arrived at a moment (UTC)."""
    request = Request(by="王承辦", accept=frozenset(["all"]), replay=Stamp(on, "1"), **options)
    result = load_file(warehouse, Source("月報.csv", content.encode()), request)
    assert result.outcome == "loaded", result.findings
    return result


def inquiries(*months: int) -> str:
    return "月份,查詢管道,件數\n" + "".join(f"105年{month}月,{channel},1\n" for month in months for channel in CHANNELS)


def surveys(month: int, *sites: str) -> str:
    lines = [f"{number},105/{month}/15,{site},15分鐘內,滿意,滿意,滿意,滿意,滿意,滿意" for number, site in enumerate(sites)]
    return "\n".join([SURVEY_HEAD, *lines, ""])


def calls(month: int, *organisers: str) -> str:
    return "測試機關,日期,受測單位,總分\n" + "".join(f"{organiser},105/{month}/9,執行股甲,90\n" for organiser in organisers)


def due(warehouse: Warehouse, report: str, day: str, parts: str = "", effective: str = "105/1/1") -> LoadResult:
    return enter(warehouse, "duty", {"報表": report, "每月幾日前": day, "應交單位": parts, "生效日期": effective}, "秘書室")


def rows(warehouse: Warehouse) -> dict[str, Row]:
    with warehouse.reading() as cursor:
        return {row.dataset: row for row in duty_calendar(Records.of(cursor), YEAR.months)}


def cell(warehouse: Warehouse, dataset: str, month: int) -> Cell:
    return rows(warehouse)[dataset].cells[month - 1]


def states(warehouse: Warehouse, dataset: str) -> list[str]:
    return [item.state for item in rows(warehouse)[dataset].cells]


# --- the sample, counted from its files -------------------------------------------------------------------------------------


def months_with(dataset: str, **cells: str) -> set[int]:
    """Months of the sample in which a row has these cells, read by the tests' own reader."""
    return {row.month.month for row in independent.table(dataset) if all(row[heading] == word for heading, word in cells.items())}


@pytest.mark.parametrize(
    ("indicator", "dataset", "words"),
    [
        ("water_test_count", "maintenance_log", {"設備": "飲水機", "項目": "水質檢測"}),
        ("water_filter_change_interval", "maintenance_log", {"設備": "飲水機", "項目": "更換濾心"}),
        ("po_box_opening_frequency", "maintenance_log", {"設備": "郵局租用信箱", "項目": "開啟信箱"}),
        ("star_of_month_frequency", "maintenance_log", {"設備": "執行之星公布欄", "項目": "更新"}),
        ("link_check_count", "web_check", {"檢測項目": "外部連結"}),
        ("accessibility_check_frequency", "web_check", {"檢測項目": "無障礙檢測"}),
        ("page_review_monthly", "web_check", {"檢測項目": "網頁內容檢視"}),
        ("environment_day_frequency", "outreach_event", {"類別": "環境清潔日"}),
    ],
)
def test_what_was_done_is_what_the_files_say(sample_warehouse: Warehouse, indicator: str, dataset: str, words: dict[str, str]) -> None:
    with sample_warehouse.reading() as cursor:
        item = next(item for item in compliance(Snapshot.of(cursor), YEAR) if item.indicator.id == indicator)
    assert {month.month for month, mark, _ in item.months if mark == "done"} == months_with(dataset, **words)
    assert {month.month for month, mark, _ in item.months if mark == "no_data"} == {10, 11, 12}
    assert item.missed == ()


def test_the_sample_owes_nothing_on_its_day(sample_warehouse: Warehouse, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delenv("SERVICE_QUALITY_TODAY")
    found = rows(sample_warehouse)
    assert owed(found.values()) == {}
    for name, row in found.items():
        sent = [item.month.month for item in row.cells if item.state == "handed_in"]
        if all(path.name[4:6].isdigit() for path in (Path(samples.__file__).parent / name).glob("*.csv")) and name != "phone_test":
            assert sent == sorted({int(path.name[4:6]) for path in (Path(samples.__file__).parent / name).glob("*.csv")}), name
    assert [item.state for item in found["payment_monthly"].cells] == ["handed_in"] * 9 + ["ahead"] * 3
    assert not any(item.late or item.days_late for row in found.values() for item in row.cells)


def test_a_month_later_the_sample_would_owe_what_is_due(sample_warehouse: Warehouse) -> None:
    with sample_warehouse.reading() as cursor:
        late = {row.dataset for row in duty_calendar(Records.of(cursor, today=date(2016, 11, 6)), YEAR.months) if row.cells[9].late}
    assert late == {"survey_response", "survey_tally", "phone_test", "attitude_score", "payment_monthly", "web_traffic_monthly", "inquiry_monthly", "edoc_monthly", "web_check", "maintenance_log"}


# --- states -----------------------------------------------------------------------------------------------------------------


def test_nothing_is_owed_of_an_empty_warehouse(empty_warehouse: Warehouse) -> None:
    assert {item.state for row in rows(empty_warehouse).values() for item in row.cells} == {"not_required"}
    assert owed(rows(empty_warehouse).values()) == {}


def test_without_a_due_date_nothing_is_late(empty_warehouse: Warehouse) -> None:
    load(empty_warehouse, inquiries(6, 7))
    assert states(empty_warehouse, "inquiry_monthly") == ["not_required"] * 5 + ["handed_in"] * 2 + ["missing"] * 2 + ["ahead"] * 3
    assert not any(item.late or item.due for row in rows(empty_warehouse).values() for item in row.cells)
    assert states(empty_warehouse, "payment_monthly")[5:9] == ["missing"] * 4, "months from the first one known of are owed"
    assert set(states(empty_warehouse, "meeting")) == {"not_required"}


def test_with_a_due_date_what_is_owed_after_it_is_late(empty_warehouse: Warehouse) -> None:
    load(empty_warehouse, inquiries(6, 7))
    due(empty_warehouse, "受理查詢件數月報表", "10", effective="105/8/1")
    september, august = cell(empty_warehouse, "inquiry_monthly", 9), cell(empty_warehouse, "inquiry_monthly", 8)
    assert (september.state, september.due, september.late) == ("ahead", date(2016, 10, 10), False)
    assert (august.state, august.due, august.late) == ("missing", date(2016, 9, 10), True)
    assert cell(empty_warehouse, "inquiry_monthly", 6).due is None, "the due date holds from its day on"
    due(empty_warehouse, "maintenance_log", "31")
    assert (cell(empty_warehouse, "maintenance_log", 1).due, cell(empty_warehouse, "maintenance_log", 1).late) == (date(2016, 2, 29), True)


def test_how_late_it_came_is_told_of_the_first_time_it_came(empty_warehouse: Warehouse) -> None:
    due(empty_warehouse, "inquiry_monthly", "5")
    load(empty_warehouse, inquiries(7), on=datetime(2016, 8, 5, 15, 59))
    load(empty_warehouse, inquiries(8), on=datetime(2016, 9, 5, 16, 0))
    load(empty_warehouse, inquiries(7).replace(",1\n", ",2\n"), on=datetime(2016, 10, 1))
    july, august = cell(empty_warehouse, "inquiry_monthly", 7), cell(empty_warehouse, "inquiry_monthly", 8)
    assert (july.handed_in_on, july.days_late) == (date(2016, 8, 5), None)
    assert (august.handed_in_on, august.days_late) == (date(2016, 9, 6), 1), "by the clock of Taipei"


def test_a_month_of_which_one_site_is_in_is_incomplete(empty_warehouse: Warehouse) -> None:
    load(empty_warehouse, surveys(7, "宜蘭", "基隆"))
    load(empty_warehouse, surveys(8, "宜蘭"))
    august = cell(empty_warehouse, "survey_response", 8)
    assert (august.state, august.partial, august.lacking, august.late) == ("handed_in", True, ("基隆",), False)
    assert not cell(empty_warehouse, "survey_response", 7).partial
    due(empty_warehouse, "survey_response", "5", "宜蘭、基隆")
    assert cell(empty_warehouse, "survey_response", 8).late
    load(empty_warehouse, surveys(8, "基隆"))
    assert cell(empty_warehouse, "survey_response", 8) == Cell(date(2016, 8, 1), "handed_in", (), date(2016, 9, 5), False, (2, 4), 0, date(2016, 10, 3), 28)


def test_a_month_of_which_one_testing_body_is_in_is_incomplete(empty_warehouse: Warehouse) -> None:
    load(empty_warehouse, calls(7, "花蓮分署"))
    assert not cell(empty_warehouse, "phone_test", 7).partial, "nobody has said that there is another"
    due(empty_warehouse, "phone_test", "10", "花蓮分署、執行署")
    assert cell(empty_warehouse, "phone_test", 7).lacking == ("執行署",)
    assert cell(empty_warehouse, "phone_test", 8).lacking == ("花蓮分署", "執行署")
    assert not cell(empty_warehouse, "phone_test", 8).partial


def test_an_office_need_keep_but_one_kind_of_survey(empty_warehouse: Warehouse) -> None:
    load(empty_warehouse, surveys(7, "宜蘭"))
    assert states(empty_warehouse, "survey_response")[6:9] == ["handed_in", "missing", "missing"]
    assert set(states(empty_warehouse, "survey_tally")) == {"not_required"}


def test_rows_held_back_are_to_be_mended_and_a_review_covers_every_batch(empty_warehouse: Warehouse) -> None:
    load(empty_warehouse, calls(7, "花蓮分署", "執行署") + "執行署,105/7/8,執行股乙,很好\n", hold=True, reason="待查")
    assert (cell(empty_warehouse, "phone_test", 7).state, cell(empty_warehouse, "phone_test", 7).held) == ("to_mend", 1)
    oversight.review(empty_warehouse, 1, by="李股長")
    assert cell(empty_warehouse, "phone_test", 7).state == "to_mend"
    load(empty_warehouse, calls(8, "花蓮分署"))
    load(empty_warehouse, calls(8, "執行署"))
    oversight.review(empty_warehouse, 3, by="李股長")
    assert cell(empty_warehouse, "phone_test", 8).state == "handed_in"
    oversight.review(empty_warehouse, 4, by="李股長")
    assert cell(empty_warehouse, "phone_test", 8).state == "reviewed"
    undo(empty_warehouse, 4, by="王承辦", reason="送錯")
    assert (cell(empty_warehouse, "phone_test", 8).state, cell(empty_warehouse, "phone_test", 8).lacking) == ("reviewed", ("執行署",))


def test_data_reach_to_the_last_day_of_rows_or_of_the_month(empty_warehouse: Warehouse) -> None:
    load(empty_warehouse, inquiries(8))
    load(empty_warehouse, calls(9, "花蓮分署"))
    load(empty_warehouse, surveys(10, "宜蘭").replace("105/10/15", "105/10/7"))
    found = rows(empty_warehouse)
    assert [found[name].until for name in ("inquiry_monthly", "phone_test", "survey_response", "meeting")] == [
        date(2016, 8, 31),
        date(2016, 9, 9),
        date(2016, 10, 8),
        None,
    ]


# --- what is late -----------------------------------------------------------------------------------------------------------


def test_what_is_late_is_the_same_in_the_calendar_and_without_it(empty_warehouse: Warehouse) -> None:
    due(empty_warehouse, "inquiry_monthly", "5", effective="105/5/1")
    due(empty_warehouse, "phone_test", "31", "花蓮分署、執行署", effective="105/7/1")
    due(empty_warehouse, "案款代收月報表", "8", effective="105/6/1")
    load(empty_warehouse, inquiries(6, 8))
    load(empty_warehouse, calls(7, "花蓮分署"))
    with empty_warehouse.reading() as cursor:
        snapshot = Snapshot.of(cursor)
    late = {(name, item.month) for name, row in rows(empty_warehouse).items() for item in row.cells if item.late}
    found = overdue(snapshot, YEAR.months, date(2016, 10, 8))
    assert {(item.dataset, item.month) for item in found} == late and late
    assert ("payment_monthly", date(2016, 9, 1)) not in late, "its last day is today"
    assert {item.month: (item.senders, item.last_day) for item in found if item.dataset == "phone_test"} == {
        date(2016, 6, 1): ((), date(2016, 7, 31)),
        date(2016, 7, 1): (("hq",), date(2016, 8, 31)),
        date(2016, 8, 1): ((), date(2016, 9, 30)),
    }
    assert overdue(snapshot, YEAR.months, date(2016, 5, 5)) == (), "what falls due that day is in time"


# --- who owes what ----------------------------------------------------------------------------------------------------------


def test_a_reminder_says_what_is_owed_by_when_and_how_late(empty_warehouse: Warehouse) -> None:
    due(empty_warehouse, "phone_test", "5", "花蓮分署、執行署", effective="105/9/1")
    load(empty_warehouse, calls(8, "花蓮分署", "執行署") + "執行署,105/8/8,執行股乙,很好\n", hold=True, reason="待查")
    load(empty_warehouse, calls(9, "花蓮分署"))
    found = owed(rows(empty_warehouse).values())
    mine = [item for item in found["秘書室"] if item[0].dataset == "phone_test"]
    assert reminder("秘書室", mine, date(2016, 10, 8)).splitlines() == [
        "秘書室：截至105年10月8日，下列報表尚待處理，請惠予辦理。",
        "・電話禮貌測試紀錄表　105年8月　有1列待修正",
        "・電話禮貌測試紀錄表　105年9月　缺執行署，應於105年10月5日前送交，已逾3日",
    ]
    assert reminder("統計室", found["統計室"], date(2016, 10, 8)).splitlines()[1:] == ["・網站檢測紀錄表　105年8月至9月　未交", "・網站瀏覽人次月報表　105年8月至9月　未交"]
    assert reminder("會計室", [], date(2016, 10, 8)) == ""


@pytest.mark.parametrize(
    ("report", "day", "parts", "code"),
    [("phone", "5", "", "E-REPORT"), ("phone_test", "5", "花蓮分署、宜蘭", "E-PART"), ("payment_monthly", "5", "宜蘭", "E-PART"), ("phone_test", "32", "", "E-BIZ-16")],
)
def test_a_due_date_of_a_table_or_part_that_is_not_there_is_refused(empty_warehouse: Warehouse, report: str, day: str, parts: str, code: str) -> None:
    result = due(empty_warehouse, report, day, parts)
    assert (result.outcome, [finding.code for finding in result.findings]) == ("refused", [code])
