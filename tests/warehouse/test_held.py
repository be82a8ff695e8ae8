"""Rows held back: found again in the kept file, given to the clerk as a workbook, mended and released into the batch that held them."""

from __future__ import annotations

import hashlib
import io
from pathlib import Path

import pytest
import xlsxwriter

from warehouse import commands, ledger, scorecard
from warehouse.errors import Refused, UsageError
from warehouse.form import enter
from warehouse.held import held_rows, held_workbook
from warehouse.intake import Source, plain_grid
from warehouse.load import LoadResult, Request, load_file, undo
from warehouse.period import Window, parse_month_option
from warehouse.store import Warehouse

JULY = Window(parse_month_option("105-07"), parse_month_option("105-07"))
ALL = frozenset(["all"])
HEAD = "測試機關,日期,受測單位,總分\n"
GOOD = "花蓮分署,105/7/5,執行股甲,80\n"
LATE = "花蓮分署,105/7/6,執行股乙,很好\n"
LOST = "花蓮分署,105/17/7,執行股丙,70\n"


def load(warehouse: Warehouse, text: str, *, release: int | None = None, hold: bool = False, name: str = "七月.csv", **more: object) -> LoadResult:
    request = Request(by="承辦", accept=ALL, hold=hold, reason="待查明" if hold else None, release=release, **more)  # type: ignore[arg-type]
    return load_file(warehouse, Source(name, text.encode()), request)


@pytest.fixture
def holding(empty_warehouse: Warehouse) -> Warehouse:
    """A warehouse whose first load holds two of its three rows."""
    result = load(empty_warehouse, HEAD + GOOD + LATE + LOST, hold=True)
    assert (result.outcome, result.loaded, result.held) == ("loaded", 1, 2)
    return empty_warehouse


def waiting(warehouse: Warehouse) -> dict[int, int]:
    with warehouse.reading() as cursor:
        return ledger.held(cursor)


def scores(warehouse: Warehouse) -> list[tuple[int, float]]:
    with warehouse.reading() as cursor:
        return [(batch, float(total)) for batch, total in cursor.execute("select _batch_id, total from live.phone_test order by all").fetchall()]


def mean(warehouse: Warehouse, as_of: int | None = None) -> object:
    with warehouse.reading() as cursor:
        return scorecard.number(scorecard.figures(cursor, JULY, as_of=as_of, only=["phone_self_mean"])["phone_self_mean"].value)


def sound(warehouse: Warehouse) -> bool:
    return bool(commands.run(warehouse, "check", {}).document["sound"])


def test_held_rows_are_found_again_with_their_reasons(holding: Warehouse) -> None:
    found = held_rows(holding, 1)
    assert found.headings == ("測試機關", "日期", "受測單位", "總分") and found.waiting == 2
    assert [(row.number, row.cells) for row in found.rows] == [(3, tuple(LATE.strip().split(","))), (4, tuple(LOST.strip().split(",")))]
    assert [{finding.column for finding in row.findings} for row in found.rows] == [{"總分"}, {"日期"}]
    with pytest.raises(UsageError, match="沒有暫存待改正的列"):
        load(holding, HEAD + GOOD.replace("/7/", "/6/"))
        held_rows(holding, 2)


def test_the_workbook_of_held_rows_mended_is_their_release(holding: Warehouse) -> None:
    content = held_workbook(holding, 1)
    *_, [head, *rows] = plain_grid(Source("改正.xlsx", content))
    assert head == ["測試機關", "日期", "受測單位", "總分", "檢核說明"]
    assert [row[:4] for row in rows] == [line.strip().split(",") for line in (LATE, LOST)] and all(row[4] for row in rows)
    again = load_file(holding, Source("改正.xlsx", content), Request(by="承辦", release=1))
    assert again.outcome == "refused" and {finding.row for finding in again.findings if finding.level == "row"} == {2, 3}
    rows[0][3], rows[1][1] = "90", "105/7/7"
    out = io.BytesIO()
    with xlsxwriter.Workbook(out, {"in_memory": True}) as book:
        sheet = book.add_worksheet()
        for number, row in enumerate([head, *rows]):
            sheet.write_row(number, 0, row)
    result = load_file(holding, Source("改正.xlsx", out.getvalue()), Request(by="承辦", release=1))
    assert (result.outcome, result.batch, result.loaded) == ("loaded", 2, 2), result.findings
    assert scores(holding) == [(1, 80), (2, 70), (2, 90)] and mean(holding) == 80
    assert waiting(holding) == {} and sound(holding)


def test_a_release_adds_and_its_undo_holds_again(holding: Warehouse) -> None:
    assert mean(holding) == 80 and waiting(holding) == {1: 2}
    first = load(holding, HEAD + "花蓮分署,105/7/6,執行股乙,90\n", release=1)
    assert (first.outcome, first.batch, waiting(holding)) == ("loaded", 2, {1: 1})
    assert not [finding for finding in first.findings if finding.level == "ask"]
    load(holding, HEAD + "花蓮分署,105/7/7,執行股丙,70\n", release=1)
    assert (waiting(holding), mean(holding)) == ({}, 80)
    undo(holding, 2, by="主任", reason="還要再查")
    assert (waiting(holding), mean(holding)) == ({1: 1}, 75)
    undo(holding, 4, by="主任", reason="查好了")
    assert (waiting(holding), mean(holding)) == ({}, 80)
    assert [mean(holding, as_of) for as_of in (1, 2, 3, 4, 5)] == [80, 85, 80, 75, 80]
    [batch] = [line for line in commands.run(holding, "batches", {}).document if line["id"] == 2]
    assert (batch["kind"], batch["releases"]) == ("release", 1)
    assert sound(holding)


def test_a_release_goes_and_comes_with_its_batch(holding: Warehouse) -> None:
    load(holding, HEAD + "花蓮分署,105/7/6,執行股乙,90\n花蓮分署,105/8/6,執行股乙,60\n", release=1)
    undo(holding, 1, by="主任", reason="送錯")
    assert scores(holding) == [] and waiting(holding) == {} and mean(holding) is None
    undo(holding, 3, by="主任", reason="沒有錯")
    assert scores(holding) == [(1, 80), (2, 60), (2, 90)] and mean(holding) == 85
    with holding.reading() as cursor:
        assert scorecard.live_slots(cursor) == scorecard.live_slots(cursor, as_of=ledger.last_id(cursor))
    assert sound(holding)


def test_a_whole_file_takes_the_place_of_batch_and_release(holding: Warehouse) -> None:
    load(holding, HEAD + "花蓮分署,105/7/6,執行股乙,90\n", release=1)
    asked = load_file(holding, Source("七月.csv", (HEAD + GOOD).encode()), Request(by="承辦"))
    assert asked.outcome == "needs_confirmation" and "另有補正（第2號）" in asked.findings[0].message
    load(holding, HEAD + "花蓮分署,105/7/5,執行股甲,60\n")
    assert scores(holding) == [(3, 60)] and waiting(holding) == {}
    late = load(holding, HEAD + "花蓮分署,105/7/7,執行股丙,70\n", release=1)
    assert (late.outcome, [finding.code for finding in late.findings]) == ("refused", ["E-RELEASE"])


@pytest.mark.parametrize(
    ("rows", "code"),
    [
        (GOOD, "E-DUP-KEY"),
        ("花蓮分署,105/7/6,執行股乙,90\n花蓮分署,105/7/7,執行股丙,70\n花蓮分署,105/7/8,執行股丁,70\n", "E-RELEASE"),
        ("花蓮分署,105/7/6,執行股乙,仍然很好\n", "E-NUM-21"),
    ],
    ids=["a row that was loaded", "more than was held", "not mended"],
)
def test_what_no_release_may_bring(holding: Warehouse, rows: str, code: str) -> None:
    result = load(holding, HEAD + rows, release=1)
    assert result.outcome == "refused" and code in {finding.code for finding in result.findings}, result.findings
    assert scores(holding) == [(1, 80)] and waiting(holding) == {1: 2}


def test_a_release_into_a_month_of_another_batch_is_refused(holding: Warehouse) -> None:
    load(holding, HEAD + "花蓮分署,105/8/5,執行股甲,60\n")
    result = load(holding, HEAD + "花蓮分署,105/8/6,執行股乙,90\n", release=1)
    assert result.outcome == "refused" and "105年8月現在是第2號的資料" in result.findings[0].message


def test_only_a_batch_that_holds_rows_can_be_completed(holding: Warehouse) -> None:
    load(holding, HEAD + "花蓮分署,105/6/5,執行股甲,60\n")
    for batch in (2, 99):
        with pytest.raises(UsageError, match="沒有"):
            load(holding, HEAD + GOOD, release=batch)
    with pytest.raises(UsageError, match="不能以另一種報表補正"):
        load(holding, HEAD + GOOD, release=1, dataset="feedback_case")
    undo(holding, 1, by="主任", reason="送錯")
    assert "已撤回" in load(holding, HEAD + "花蓮分署,105/7/6,執行股乙,90\n", release=1).findings[0].message


def test_an_undo_may_not_bring_back_a_released_row_that_was_keyed_in(holding: Warehouse) -> None:
    load(holding, HEAD + "花蓮分署,105/7/6,執行股乙,90\n", release=1)
    undo(holding, 2, by="主任", reason="改用登錄")
    assert enter(holding, "phone_test", {"測試機關": "花蓮分署", "日期": "105/7/6", "受測單位": "執行股乙", "總分": "88"}, "承辦").outcome == "loaded"
    with pytest.raises(Refused, match="會有相同的一筆"):
        undo(holding, 3, by="主任", reason="試")
    assert scores(holding) == [(1, 80), (4, 88)]


def test_a_preview_of_a_release_writes_nothing(holding: Warehouse) -> None:
    preview = load(holding, HEAD + "花蓮分署,105/7/6,執行股乙,90\n", release=1, dry_run=True)
    assert preview.outcome == "dry_run" and waiting(holding) == {1: 2}
    assert [scorecard.number(impact.after.value) for impact in preview.impact if impact.indicator == "phone_self_mean"] == [85]


def test_releases_are_made_again_by_a_rebuild(holding: Warehouse) -> None:
    load(holding, HEAD + "花蓮分署,105/7/6,執行股乙,90\n", release=1)
    load(holding, HEAD + "花蓮分署,105/7/7,執行股丙,70\n", release=1)
    undo(holding, 2, by="主任", reason="再查")
    before = scores(holding)
    assert commands.run(holding, "rebuild", {}).document == {"rebuilt": True, "problems": [], "figures_equal": True}
    assert scores(holding) == before and waiting(holding) == {1: 1} and sound(holding)


def test_check_finds_a_release_that_was_put_to_another_batch(holding: Warehouse) -> None:
    load(holding, HEAD + "花蓮分署,105/7/6,執行股乙,90\n", release=1)
    assert sound(holding)
    with holding.writing(None) as cursor:
        cursor.execute("update ledger.release set batch_id = 2")
    assert "第2號補正的對象與紀錄不符" in str(commands.run(holding, "check", {}).document)


def test_the_kept_file_of_a_release_is_what_was_given(holding: Warehouse, tmp_path: Path) -> None:
    text = HEAD + "花蓮分署,105/7/6,執行股乙,90\n"
    (tmp_path / "補正.csv").write_text(text, encoding="utf-8")
    arguments = {"files": [{"name": "補正.csv", "path": str(tmp_path / "補正.csv")}], "by": "承辦", "release": 1}
    [told] = commands.run(holding, "load", arguments).document
    assert told["outcome"] == "loaded"
    assert (holding.folder / "files" / hashlib.sha256(text.encode()).hexdigest()).read_text(encoding="utf-8") == text
