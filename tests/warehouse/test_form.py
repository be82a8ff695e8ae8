"""Entry by form: one row under the same checks and in the same ledger as a file, added to its slot until a file covers the slot again."""

from __future__ import annotations

import csv
import hashlib
import io
import json
from collections.abc import Mapping
from pathlib import Path
from typing import Any

import pytest

from warehouse import commands, ledger, scorecard
from warehouse.errors import Refused, UsageError
from warehouse.form import enter
from warehouse.inspect import template_bytes
from warehouse.intake import Source
from warehouse.keep import kept_file
from warehouse.load import LoadResult, Request, load_file, open_warehouse, undo
from warehouse.period import Window, parse_month_option
from warehouse.store import Warehouse

JULY = Window(parse_month_option("105-07"), parse_month_option("105-07"))
CALL = {"測試機關": "花蓮分署", "日期": "105/7/5", "受測單位": "執行股甲", "總分": "91.5"}
EVERYTHING = frozenset(["all"])


def calls(*scores: str) -> bytes:
    rows = "".join(f"花蓮分署,105/7/{day},執行股乙,{score}\n" for day, score in enumerate(scores, start=11))
    return f"測試機關,日期,受測單位,總分\n{rows}".encode()


def load(warehouse: Warehouse, content: bytes, accept: frozenset[str] = EVERYTHING) -> LoadResult:
    return load_file(warehouse, Source("測試.csv", content), Request(by="承辦", accept=accept))


def codes(result: LoadResult) -> list[str]:
    return [finding.code for finding in result.findings]


def scores(warehouse: Warehouse) -> list[tuple[int, float]]:
    with warehouse.reading() as cursor:
        return [(batch, float(total)) for batch, total in cursor.execute("select _batch_id, total from live.phone_test order by all").fetchall()]


def mean(warehouse: Warehouse, as_of: int | None = None) -> Any:
    with warehouse.reading() as cursor:
        return scorecard.number(scorecard.figures(cursor, JULY, as_of=as_of, only=["phone_self_mean"])["phone_self_mean"].value)


def entered(warehouse: Warehouse, **changes: str) -> int:
    result = enter(warehouse, "phone_test", CALL | changes, "王承辦")
    assert result.outcome == "loaded", result.findings
    assert result.batch is not None
    return result.batch


def test_an_entry_is_a_line_of_the_ledger_with_a_kept_file_and_a_receipt(empty_warehouse: Warehouse) -> None:
    result = enter(empty_warehouse, "phone_test", CALL, "王承辦")
    assert (result.outcome, result.batch, result.read, result.loaded, result.held) == ("loaded", 1, 1, 1, 0)
    kept = kept_file(empty_warehouse.folder, result.sha256).read_bytes()
    assert hashlib.sha256(kept).hexdigest() == result.sha256
    head, row = csv.reader(io.StringIO(kept.decode("utf-8-sig"), newline=""))
    assert kept.startswith(template_bytes("phone_test"))
    assert {name: cell for name, cell in zip(head, row, strict=True) if cell} == CALL
    receipt = json.loads((empty_warehouse.folder / "receipts.jsonl").read_text(encoding="utf-8"))
    assert (receipt["kind"], receipt["by_name"], receipt["sha256"], receipt["file_name"]) == ("form", "王承辦", result.sha256, None)
    [batch] = commands.run(empty_warehouse, "batches", {}).document
    assert (batch["kind"], batch["dataset"], batch["file"], batch["rows"]) == ("form", "phone_test", None, 1)
    assert batch["slots"] == [{"month": "2016-07", "site": "all", "part": "hualien"}]
    assert [(impact.indicator, scorecard.number(impact.after.value)) for impact in result.impact if impact.indicator == "phone_self_mean"] == [
        ("phone_self_mean", 91.5)
    ]


def test_entries_are_added_to_the_file_of_their_slot_and_go_with_the_next_file(empty_warehouse: Warehouse) -> None:
    load(empty_warehouse, calls("80", "90"))
    assert entered(empty_warehouse, 總分="100") == 2
    assert scores(empty_warehouse) == [(1, 80), (1, 90), (2, 100)]
    assert mean(empty_warehouse) == 90
    assert entered(empty_warehouse, 日期="105/7/6", 總分="70") == 3
    assert mean(empty_warehouse) == 85
    load(empty_warehouse, calls("60"))
    assert scores(empty_warehouse) == [(4, 60)]
    assert [mean(empty_warehouse, as_of) for as_of in (1, 2, 3, 4)] == [85, 90, 85, 60]


def test_a_file_that_would_replace_entries_says_so_even_when_it_is_the_very_same_file(empty_warehouse: Warehouse) -> None:
    load(empty_warehouse, calls("80", "90"))
    assert load(empty_warehouse, calls("80", "90")).outcome == "unchanged"
    entered(empty_warehouse)
    again = load(empty_warehouse, calls("80", "90"), accept=frozenset())
    assert (again.outcome, codes(again)) == ("needs_confirmation", ["W-BIZ-03"])
    assert "另有表單登錄1筆（第2號）" in again.findings[0].message
    assert load(empty_warehouse, calls("80", "90")).outcome == "loaded"
    assert mean(empty_warehouse) == 85


def test_taking_back_either_leaves_the_other(empty_warehouse: Warehouse) -> None:
    load(empty_warehouse, calls("80"))
    entered(empty_warehouse, 總分="100")
    load(empty_warehouse, calls("60"))
    undo(empty_warehouse, 3, by="主任", reason="送錯")
    assert scores(empty_warehouse) == [(1, 80), (2, 100)]
    undo(empty_warehouse, 1, by="主任", reason="送錯")
    assert scores(empty_warehouse) == [(2, 100)]
    undo(empty_warehouse, 2, by="主任", reason="重複")
    assert scores(empty_warehouse) == []
    undo(empty_warehouse, 5, by="主任", reason="沒有錯")
    assert scores(empty_warehouse) == [(1, 80)]
    assert commands.run(empty_warehouse, "check", {}).document["sound"]


@pytest.mark.parametrize("other", [{}, {"總分": "12"}, {"日期": "1050705"}, {"受測單位": " 執行股 甲 "}], ids=["same", "other score", "other spelling", "spaces"])
def test_what_is_there_already_is_refused(empty_warehouse: Warehouse, other: Mapping[str, str]) -> None:
    entered(empty_warehouse)
    again = enter(empty_warehouse, "phone_test", {**CALL, **other}, "李承辦")
    assert (again.outcome, codes(again)) == ("refused", ["E-DUP-KEY"])
    assert "第1號表單" in again.findings[0].message
    assert again.findings[0].row is None
    assert scores(empty_warehouse) == [(1, 91.5)]


def test_a_row_of_a_file_is_there_already_too_and_is_named(empty_warehouse: Warehouse) -> None:
    load(empty_warehouse, calls("80", "90"))
    again = enter(empty_warehouse, "phone_test", {**CALL, "受測單位": "執行股乙", "日期": "105/7/12"}, "王承辦")
    assert codes(again) == ["E-DUP-KEY"]
    assert "第1號（測試.csv）第3列" in again.findings[0].message


def test_an_undo_that_would_bring_a_key_back_twice_is_refused(empty_warehouse: Warehouse) -> None:
    load(empty_warehouse, calls("80", "90"))
    load(empty_warehouse, calls("85"))
    entered(empty_warehouse, 受測單位="執行股乙", 日期="105/7/12")
    with pytest.raises(Refused, match="第1號與第3號會有相同的一筆.*請先撤回第3號"):
        undo(empty_warehouse, 2, by="主任", reason="送錯")
    assert scores(empty_warehouse) == [(2, 85), (3, 91.5)]
    undo(empty_warehouse, 3, by="主任", reason="重複")
    undo(empty_warehouse, 2, by="主任", reason="送錯")
    assert scores(empty_warehouse) == [(1, 80), (1, 90)]


@pytest.mark.parametrize(
    ("values", "code", "words"),
    [
        (CALL | {"總分": "很好"}, "E-NUM", "「總分」欄：讀到「很好」"),
        (CALL | {"總分": "101"}, "E-BIZ-16", "「總分」欄：讀到「101」，應為0到100的數字"),
        (CALL | {"日期": "105/2/30"}, "E-DAT", "「日期」欄"),
        (CALL | {"測試機關": "臺北分署"}, "E-CHOICE", "花蓮分署"),
        (CALL | {"受測單位": "=1+1"}, "E-FORMULA", "不是公式"),
        ({"日期": "105/7/5"}, "E-NUM-22", "「總分」欄：這一格是空白"),
        ({}, "E-EMPTY", "這一筆"),
    ],
)
def test_what_refuses_a_row_of_a_file_refuses_an_entry_in_words_for_a_form(
    empty_warehouse: Warehouse, values: dict[str, str], code: str, words: str
) -> None:
    result = enter(empty_warehouse, "phone_test", values, "王承辦")
    assert result.outcome == "refused"
    assert any(finding.code.startswith(code) and words in finding.message for finding in result.findings), result.findings
    assert not any("上傳" in finding.message or "原檔" in finding.message or "列" in finding.message for finding in result.findings)
    assert commands.run(empty_warehouse, "batches", {}).document == []
    assert not list((empty_warehouse.folder / "files").glob("*"))


def test_free_text_is_kept_as_typed_and_personal_data_are_asked_about(empty_warehouse: Warehouse) -> None:
    said = '他說：\n"慢了", =不是公式；A123456789'
    first = enter(empty_warehouse, "phone_test", CALL | {"扣分原因": said}, "王承辦")
    assert (first.outcome, codes(first)) == ("needs_confirmation", ["W-PII"])
    assert enter(empty_warehouse, "phone_test", CALL | {"扣分原因": said}, "王承辦", accept=["W-PII"], dry_run=True).outcome == "dry_run"
    assert scores(empty_warehouse) == []
    assert enter(empty_warehouse, "phone_test", CALL | {"扣分原因": said}, "王承辦", accept=["W-PII"]).outcome == "loaded"
    with empty_warehouse.reading() as cursor:
        assert cursor.execute("select deduction_reason from live.phone_test").fetchall() == [(said,)]


def test_a_month_that_is_not_over_is_no_question_of_an_entry(empty_warehouse: Warehouse, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("SERVICE_QUALITY_TODAY", "2016-07-10")
    assert load(empty_warehouse, calls("80").replace(b"105/7/11", b"105/7/4"), accept=frozenset()).outcome == "needs_confirmation"
    assert entered(empty_warehouse) == 1


def test_singles_and_tallies_stay_apart_by_form_too(empty_warehouse: Warehouse) -> None:
    counted = {"月份": "105年7月", "服務地點": "宜蘭", "題目": "洽辦公務時間", "選項": "15分鐘內", "份數": "8"}
    assert enter(empty_warehouse, "survey_tally", counted, "王承辦").outcome == "loaded"
    questions = ("處理申請事項", "機關洽公環境", "接待志工警衛或替代役男的服務態度", "其他人員服務態度", "整體滿意度", "問題處理解答詢問")
    single = {"編號": "1", "填表日期": "105/7/4", "服務地點": "宜蘭", "洽辦公務時間": "15分鐘內", **dict.fromkeys(questions, "滿意")}
    assert codes(enter(empty_warehouse, "survey_response", single, "王承辦")) == ["E-SURVEY-TWICE"]
    assert enter(empty_warehouse, "survey_response", single | {"服務地點": "基隆"}, "王承辦").outcome == "loaded"


@pytest.mark.parametrize(
    ("dataset", "values", "words"),
    [
        ("phone_test", CALL | {"顏色": "紅"}, "沒有「顏色」這一欄"),
        ("phone_test", CALL | {"total": "90"}, "「總分」給了兩次"),
        ("phone", CALL, "沒有「phone」這種報表"),
    ],
)
def test_an_unknown_column_or_dataset_is_wrong_usage(empty_warehouse: Warehouse, dataset: str, values: dict[str, str], words: str) -> None:
    with pytest.raises(UsageError, match=words):
        enter(empty_warehouse, dataset, values, "王承辦")
    with pytest.raises(UsageError, match="姓名"):
        enter(empty_warehouse, "phone_test", CALL, "　")


def test_columns_go_by_name_heading_and_title_alike(empty_warehouse: Warehouse) -> None:
    result = enter(empty_warehouse, "電話禮貌測試紀錄表", {"organiser": "hq", "測試日期": "１０５／７／５", "受測科室": "秘書室", "得分": "９１．５"}, "王承辦")
    assert result.outcome == "loaded"
    assert scores(empty_warehouse) == [(1, 91.5)]


def test_a_warehouse_with_entries_is_rebuilt_from_receipts_and_kept_files(empty_warehouse: Warehouse) -> None:
    load(empty_warehouse, calls("80"))
    entered(empty_warehouse, 總分="100")
    load(empty_warehouse, calls("60"))
    entered(empty_warehouse, 日期="105/7/6", 總分="40")
    undo(empty_warehouse, 3, by="主任", reason="送錯")
    before = scores(empty_warehouse), [mean(empty_warehouse, number) for number in range(1, 6)]
    assert before[0] == [(1, 80), (2, 100), (4, 40)]
    assert commands.run(empty_warehouse, "rebuild", {}).document == {"rebuilt": True, "problems": [], "figures_equal": True}
    assert (scores(empty_warehouse), [mean(empty_warehouse, number) for number in range(1, 6)]) == before
    assert commands.run(empty_warehouse, "check", {}).document["sound"]


def test_an_entry_is_walked_back_to_its_form(empty_warehouse: Warehouse) -> None:
    entered(empty_warehouse)
    answer = commands.run(empty_warehouse, "trace", {"indicator": "phone_self_mean", "quarter": "105Q3"})
    [origin] = answer.document["origins"]
    assert (origin["batch"], origin["file"], origin["rows_used"]) == (1, None, "2")
    assert "第1號 表單" in answer.text


def test_the_slots_of_an_entry_as_of_any_id_agree_with_the_view(sample_warehouse: Warehouse) -> None:
    result = enter(sample_warehouse, "feedback_case", {"編號": "105-900", "收件日期": "105/9/20", "類別": "陳情", "管道": "書面", "承辦單位": "執行科", "是否延期": "否"}, "王承辦")
    assert result.outcome == "loaded", result.findings
    with sample_warehouse.reading() as cursor:
        assert scorecard.live_slots(cursor) == scorecard.live_slots(cursor, as_of=ledger.last_id(cursor))


def test_the_ledger_of_another_folder_is_not_needed(tmp_path: Path) -> None:
    """A kept entry is an ordinary file: loaded by hand elsewhere it is the same row."""
    first, second = open_warehouse(tmp_path / "a"), open_warehouse(tmp_path / "b")
    result = enter(first, "phone_test", CALL, "王承辦")
    again = load_file(second, Source("一筆.csv", kept_file(first.folder, result.sha256)), Request(by="李", accept=EVERYTHING))
    assert again.outcome == "loaded"
    assert scores(second) == scores(first)
    first.close()
    second.close()


def test_what_is_required_is_enough(empty_warehouse: Warehouse) -> None:
    """A meeting that has no minutes yet is no table that somebody forgot to fill."""
    assert enter(empty_warehouse, "meeting", {"日期": "105/7/1", "會議類別": "工作會議"}, "王承辦").outcome == "loaded"
    assert codes(enter(empty_warehouse, "meeting", {}, "王承辦")) == ["E-EMPTY"]
