"""覆核 and 鎖定: a second person looks at a batch; a closed quarter does not move until someone opens it again and says why."""

from __future__ import annotations

import json
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from warehouse import commands, ledger, oversight, scorecard
from warehouse.errors import Refused, UsageError
from warehouse.explanation import explain
from warehouse.form import enter
from warehouse.intake import Source
from warehouse.load import LoadResult, Request, load_file, undo
from warehouse.period import Quarter, Window, parse_month_option
from warehouse.store import Warehouse

Q1, Q2, Q3, Q4 = (Quarter(2016, number) for number in (1, 2, 3, 4))
YEAR = Window(parse_month_option("105-01"), parse_month_option("105-12"))
CHANNELS = ("電話查詢", "臨櫃查詢", "網路查詢(含電子信箱)", "資料影印")
CALL = {"測試機關": "花蓮分署", "日期": "105/7/5", "受測單位": "執行股甲", "總分": "91.5"}


def inquiries(*months: int, count: int = 10) -> bytes:
    rows = "".join(f"105年{month}月,{channel},{count}\n" for month in months for channel in CHANNELS)
    return f"月份,查詢管道,件數\n{rows}".encode()


def load(warehouse: Warehouse, content: bytes, **options: Any) -> LoadResult:
    return load_file(warehouse, Source("月報.csv", content), Request(by="王承辦", accept=frozenset(["all"]), **options))


def codes(result: LoadResult) -> list[str]:
    return [finding.code for finding in result.findings if finding.level in ("file", "row")]


def batches(warehouse: Warehouse) -> list[dict[str, Any]]:
    return commands.run(warehouse, "batches", {}).document


def is_sound(warehouse: Warehouse) -> bool:
    return commands.run(warehouse, "check", {}).document["sound"]


def figures(warehouse: Warehouse, as_of: int | None = None) -> dict[str, scorecard.Figure]:
    with warehouse.reading() as cursor:
        return scorecard.figures(cursor, YEAR, as_of=as_of)


def refusal(work: Callable[[], Any]) -> tuple[str, str]:
    with pytest.raises(Refused) as refused:
        work()
    [finding] = refused.value.findings
    return finding.code, finding.message


# --- 覆核 -------------------------------------------------------------------------------------------------------------------


def test_a_second_person_marks_a_batch_as_looked_at(empty_warehouse: Warehouse) -> None:
    load(empty_warehouse, inquiries(7))
    version, before = empty_warehouse.data_version(), figures(empty_warehouse)
    made = oversight.review(empty_warehouse, 1, by="李股長", note="與原簿相符")
    assert (made.id, made.batch_id, made.by_name, made.note) == (2, 1, "李股長", "與原簿相符")
    [batch] = batches(empty_warehouse)
    assert (batch["reviewed"]["by"], batch["reviewed"]["note"]) == ("李股長", "與原簿相符")
    assert batch["reviewed"]["at"].endswith("Z")
    assert figures(empty_warehouse) == before == figures(empty_warehouse, as_of=2)
    assert empty_warehouse.data_version() == version + 1, "an open page must notice"
    assert is_sound(empty_warehouse)


@pytest.mark.parametrize("name", ["王承辦", " 王 承辦　", "王承辦"])
def test_nobody_reviews_what_they_handed_in(empty_warehouse: Warehouse, name: str) -> None:
    load(empty_warehouse, inquiries(7))
    code, message = refusal(lambda: oversight.review(empty_warehouse, 1, by=name))
    assert (code, message) == ("E-REVIEW-SELF", "第1號：是王承辦本人交的，應為上傳人以外的人。請由另一位同仁覆核。")
    assert batches(empty_warehouse)[0]["reviewed"] is None


def test_what_was_taken_back_or_reviewed_or_is_not_there_is_not_reviewed(empty_warehouse: Warehouse) -> None:
    load(empty_warehouse, inquiries(7))
    oversight.review(empty_warehouse, 1, by="李股長")
    assert refusal(lambda: oversight.review(empty_warehouse, 1, by="李股長"))[0] == "E-REVIEW-AGAIN"
    assert oversight.review(empty_warehouse, 1, by="張主任").id == 3
    undo(empty_warehouse, 1, by="王承辦", reason="送錯")
    assert refusal(lambda: oversight.review(empty_warehouse, 1, by="陳科員"))[0] == "E-REVIEW-UNDONE"
    for unknown, words in ((4, "是撤回"), (2, "沒有第2號"), (99, "沒有第99號")):
        with pytest.raises(UsageError, match=words):
            oversight.review(empty_warehouse, unknown, by="李股長")
    with pytest.raises(UsageError, match="姓名"):
        oversight.review(empty_warehouse, 1, by=" ")
    assert [batch["reviewed"] and batch["reviewed"]["by"] for batch in batches(empty_warehouse)] == ["張主任", None]


def test_an_entry_by_form_is_reviewed_too(empty_warehouse: Warehouse) -> None:
    enter(empty_warehouse, "phone_test", CALL, "王承辦")
    assert refusal(lambda: oversight.review(empty_warehouse, 1, by="王承辦"))[0] == "E-REVIEW-SELF"
    assert oversight.review(empty_warehouse, 1, by="李股長").batch_id == 1


# --- 鎖定 -------------------------------------------------------------------------------------------------------------------


def test_a_closed_quarter_refuses_what_would_change_it(empty_warehouse: Warehouse) -> None:
    load(empty_warehouse, inquiries(*range(1, 10)))
    oversight.close(empty_warehouse, Q3, by="張主任")
    before = figures(empty_warehouse)
    refused = load(empty_warehouse, inquiries(8, count=11))
    assert (refused.outcome, codes(refused)) == ("refused", ["E-BIZ-30"])
    assert "105年第3季已鎖定（張主任" in refused.findings[0].message
    assert load(empty_warehouse, inquiries(8, count=11), dry_run=True).outcome == "refused"
    assert refusal(lambda: undo(empty_warehouse, 1, by="王承辦", reason="送錯"))[0] == "E-BIZ-30"
    assert codes(enter(empty_warehouse, "phone_test", CALL, "王承辦")) == ["E-BIZ-30"]
    assert figures(empty_warehouse) == before
    assert load(empty_warehouse, inquiries(10)).outcome == "loaded"


@pytest.mark.parametrize(("month", "outcome"), [(1, "refused"), (6, "refused"), (7, "loaded")])
def test_a_report_is_of_the_year_to_its_end_so_all_months_to_then_are_closed(empty_warehouse: Warehouse, month: int, outcome: str) -> None:
    oversight.close(empty_warehouse, Q2, by="張主任")
    assert load(empty_warehouse, inquiries(month)).outcome == outcome
    assert load(empty_warehouse, inquiries(month).replace("105年".encode(), "104年".encode())).outcome == "loaded"


def test_a_file_that_repeats_the_closed_months_and_adds_a_new_one_is_taken(empty_warehouse: Warehouse) -> None:
    load(empty_warehouse, inquiries(7, 8, 9))
    oversight.close(empty_warehouse, Q3, by="張主任")
    assert load(empty_warehouse, inquiries(7, 8, 9, 10)).outcome == "loaded"
    fewer = inquiries(9, 10, 11).replace("105年9月,資料影印,10\n".encode(), b"")
    refused = load(empty_warehouse, fewer)
    assert codes(refused) == ["E-BIZ-30"]
    assert "會更動105年9月，" in refused.findings[0].message


def test_opened_again_it_takes_files_again(empty_warehouse: Warehouse) -> None:
    load(empty_warehouse, inquiries(8))
    oversight.close(empty_warehouse, Q3, by="張主任")
    made = oversight.reopen(empty_warehouse, Q3, by="張主任", reason="執行科更正8月件數")
    assert (made.closed, made.reason) == (False, "執行科更正8月件數")
    assert load(empty_warehouse, inquiries(8, count=11)).outcome == "loaded"
    oversight.close(empty_warehouse, Q3, by="張主任")
    assert load(empty_warehouse, inquiries(8, count=12)).outcome == "refused"


def test_closing_and_opening_twice_too_early_or_without_a_reason(empty_warehouse: Warehouse, monkeypatch: pytest.MonkeyPatch) -> None:
    with pytest.raises(UsageError, match="105年第3季沒有鎖定"):
        oversight.reopen(empty_warehouse, Q3, by="張主任", reason="更正")
    oversight.close(empty_warehouse, Q3, by="張主任")
    with pytest.raises(UsageError, match="105年第3季已經鎖定"):
        oversight.close(empty_warehouse, Q3, by="張主任")
    with pytest.raises(UsageError, match="理由"):
        oversight.reopen(empty_warehouse, Q3, by="張主任", reason=" ")
    with pytest.raises(UsageError, match="姓名"):
        oversight.reopen(empty_warehouse, Q3, by="", reason="更正")
    monkeypatch.setenv("SERVICE_QUALITY_TODAY", "2016-12-31")
    with pytest.raises(UsageError, match="105年第4季還沒有結束"):
        oversight.close(empty_warehouse, Q4, by="張主任")
    monkeypatch.setenv("SERVICE_QUALITY_TODAY", "2017-01-01")
    assert oversight.close(empty_warehouse, Q4, by="張主任").quarter == Q4


def test_explanations_go_on_and_targets_do_not(empty_warehouse: Warehouse) -> None:
    oversight.close(empty_warehouse, Q3, by="張主任")
    assert explain(empty_warehouse, "inquiry_total", parse_month_option("105-09"), "說明", "王承辦").outcome == "loaded"
    target = {"指標代碼": "inquiry_total", "目標值": "5", "生效日期": "105/7/1", "依據": "核定"}
    assert codes(enter(empty_warehouse, "target", target, "王承辦")) == ["E-BIZ-30"]
    assert enter(empty_warehouse, "target", target | {"生效日期": "105/10/1"}, "王承辦").outcome == "loaded"


# --- the ledger of it -------------------------------------------------------------------------------------------------------


@pytest.fixture
def overseen(empty_warehouse: Warehouse) -> Warehouse:
    """Entries of every kind: 1 load, 2 review, 3 form, 4 undo, 5 closing, 6 reopening, 7 load, 8 review, 9 closing."""
    load(empty_warehouse, inquiries(7))
    oversight.review(empty_warehouse, 1, by="李股長", note="相符")
    enter(empty_warehouse, "phone_test", CALL, "王承辦")
    undo(empty_warehouse, 3, by="王承辦", reason="重複")
    oversight.close(empty_warehouse, Q3, by="張主任")
    oversight.reopen(empty_warehouse, Q3, by="張主任", reason="更正")
    load(empty_warehouse, inquiries(7, count=20))
    oversight.review(empty_warehouse, 7, by="李股長")
    oversight.close(empty_warehouse, Q3, by="張主任")
    return empty_warehouse


def receipts(folder: Path) -> list[dict[str, Any]]:
    return [json.loads(line) for line in (folder / "receipts.jsonl").read_text(encoding="utf-8").splitlines()]


def test_ids_run_through_all_kinds_and_each_has_its_receipt(overseen: Warehouse) -> None:
    told = [(receipt["id"], receipt["kind"], receipt["by_name"], receipt["options"]) for receipt in receipts(overseen.folder) if "batch" in receipt["options"] or "quarter" in receipt["options"]]
    assert told == [
        (2, "review", "李股長", {"batch": 1}),
        (5, "close", "張主任", {"quarter": "105Q3"}),
        (6, "reopen", "張主任", {"quarter": "105Q3"}),
        (8, "review", "李股長", {"batch": 7}),
        (9, "close", "張主任", {"quarter": "105Q3"}),
    ]
    assert [receipt["id"] for receipt in receipts(overseen.folder)] == list(range(1, 10))
    assert [batch["id"] for batch in batches(overseen)] == [1, 3, 4, 7]
    assert {batch["kind"] for batch in batches(overseen)} == {"load", "form", "undo"}
    assert is_sound(overseen)


def test_every_entry_is_an_as_of(overseen: Warehouse) -> None:
    totals = [figures(overseen, as_of=number)["inquiry_total"].value for number in range(1, 10)]
    assert totals == [40, 40, 40, 40, 40, 40, 80, 80, 80]
    calls = [figures(overseen, as_of=number)["phone_self_mean"].value for number in range(1, 5)]
    assert [value is not None for value in calls] == [False, False, True, False]


def test_a_rebuild_keeps_reviews_and_closings(overseen: Warehouse) -> None:
    with overseen.reading() as cursor:
        before = ledger.reviews(cursor), ledger.closings(cursor), ledger.closed_quarters(cursor)
    assert set(before[2]) == {Q3}
    assert commands.run(overseen, "rebuild", {}).document == {"rebuilt": True, "problems": [], "figures_equal": True}
    with overseen.reading() as cursor:
        assert (ledger.reviews(cursor), ledger.closings(cursor), ledger.closed_quarters(cursor)) == before
    assert is_sound(overseen)
    assert load(overseen, inquiries(8)).outcome == "refused"


@pytest.mark.parametrize(
    ("statement", "words"),
    [
        ("delete from ledger.review where id = 2", "第2號（覆核），資料庫裡沒有"),
        ("delete from ledger.closing where id = 9", "第9號（鎖定），資料庫裡沒有"),
        ("update ledger.review set by_name = '別人' where id = 8", "第8號的回條與資料庫不符"),
        ("update ledger.closing set closed = false where id = 9", "第9號的回條與資料庫不符"),
        ("insert into ledger.review values (12, 7, '某', timestamp '2016-10-01', null, '1')", "第12號覆核沒有回條"),
    ],
)
def test_a_review_or_closing_lost_or_edited_is_found(overseen: Warehouse, statement: str, words: str) -> None:
    overseen.cursor().execute(statement)
    checks = {check["check"]: check["faults"] for check in commands.run(overseen, "check", {}).document["checks"]}
    assert any(words in fault for fault in checks["receipts"]), checks["receipts"]


def test_receipts_that_a_crash_left_unwritten_follow_with_the_next(overseen: Warehouse) -> None:
    path = overseen.folder / "receipts.jsonl"
    whole = path.read_bytes()
    path.write_bytes(b"".join(line + b"\n" for line in whole.split(b"\n")[:7]))
    oversight.reopen(overseen, Q3, by="張主任", reason="更正")
    assert path.read_bytes().startswith(whole)
    assert is_sound(overseen)


# --- commands ---------------------------------------------------------------------------------------------------------------


def test_the_commands_answer_in_words_and_documents(empty_warehouse: Warehouse) -> None:
    load(empty_warehouse, inquiries(7))
    reviewed = commands.run(empty_warehouse, "review", {"id": 1, "by": "李股長", "note": None})
    assert (reviewed.code, reviewed.document["id"], reviewed.document["batch"], reviewed.document["by"]) == (0, 2, 1, "李股長")
    assert "已覆核：李股長" in commands.run(empty_warehouse, "batches", {}).text
    own = commands.run(empty_warehouse, "review", {"id": 1, "by": "王承辦"})
    assert (own.code, own.document["findings"][0]["code"]) == (1, "E-REVIEW-SELF")
    closed = commands.run(empty_warehouse, "close", {"quarter": "105Q3", "by": "張主任"})
    assert (closed.code, closed.document["quarter"], closed.document["closed"]) == (0, "105Q3", True)
    assert commands.run(empty_warehouse, "close", {"quarter": "105Q3", "by": "張主任"}).code == 2
    opened = commands.run(empty_warehouse, "reopen", {"quarter": "105年第3季", "by": "張主任", "reason": "更正"})
    assert (opened.code, opened.document["closed"], opened.document["reason"]) == (0, False, "更正")
    assert commands.run(empty_warehouse, "close", {"quarter": "第七季", "by": "張主任"}).code == 2
