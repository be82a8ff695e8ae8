"""From draft to approval, and what a later correction changes."""

from __future__ import annotations

import csv
import io
from datetime import date
from pathlib import Path

import pytest

from warehouse import journal, scorecard
from warehouse.errors import Refused, Unavailable, UsageError
from warehouse.intake import Source, plain_grid
from warehouse.load import Request, load_file, open_warehouse
from warehouse.period import Window, parse_quarter
from warehouse.report import files
from warehouse.report.checks import check
from warehouse.report.content import build
from warehouse.report.issue import (
    Issue,
    approve,
    corrections,
    issued_files,
    issues,
    last_approved,
    made_again,
    send_back,
    stage_words,
    standing,
    submit,
)
from warehouse.report.ods import ods
from warehouse.report.texts import save_text
from warehouse.samples import FOLDER
from warehouse.store import Warehouse

QUARTER = parse_quarter("105Q3")
WINDOW = Window.year_to_quarter(QUARTER)


@pytest.fixture
def light(monkeypatch: pytest.MonkeyPatch) -> None:
    """Write the tables only: what a report goes through does not depend on its forms."""
    monkeypatch.setattr(files, "rendered", lambda report: {f"{report.title}{f'（修正版{report.edition}）' if report.edition else ''}.ods": ods(report)})


def ticks(warehouse: Warehouse) -> dict[str, str]:
    with warehouse.reading() as cursor:
        return {finding.key: "已確認" for finding in check(cursor, build(cursor, QUARTER))}


def approved(warehouse: Warehouse, reason: str | None = None) -> Issue:
    submit(warehouse, QUARTER, by="承辦", accepted=ticks(warehouse), reason=reason)
    return approve(warehouse, QUARTER, document="宜執秘字第1050000001號", approved=date(2016, 10, 12), by="分署長")


def change_one_answer(warehouse: Warehouse) -> None:
    """Load September's survey again with one respondent's 整體滿意度 turned from 很滿意 to 滿意."""
    path = FOLDER / "survey_response" / "105年09月問卷登錄清冊.csv"
    *_, grid = plain_grid(Source(path.name, path))
    header = next(at for at, row in enumerate(grid) if "整體滿意度" in [cell.strip() for cell in row])
    column = [cell.strip() for cell in grid[header]].index("整體滿意度")
    row = next(row for row in grid[header + 1 :] if row[column].strip() == "很滿意")
    row[column] = "滿意"
    text = io.StringIO()
    csv.writer(text).writerows(grid)
    result = load_file(warehouse, Source(path.name, text.getvalue().encode("utf-8-sig")), Request(by="承辦", accept=frozenset(["all"])))
    assert result.outcome == "loaded", result.findings


def test_a_report_goes_from_draft_to_approval(light: None, sample_warehouse: Warehouse) -> None:
    with sample_warehouse.reading() as cursor:
        assert standing(cursor, QUARTER) is None and stage_words(None) == "草稿"
    submitted = submit(sample_warehouse, QUARTER, by="承辦", accepted=ticks(sample_warehouse))
    assert (submitted.stage, stage_words(submitted), submitted.edition) == ("陳核中", "陳核中", 0)
    done = approve(sample_warehouse, QUARTER, document="宜執秘字第1號", approved=date(2016, 10, 12), by="分署長")
    assert stage_words(done) == "已核定（宜執秘字第1號、105年10月12日）"
    assert (done.data_version, done.entry_id, done.figures) == (submitted.data_version, submitted.entry_id, submitted.figures)
    assert done.figures["inquiry_total"] == "1萬6,865件" and len(done.figures) > 200
    with sample_warehouse.reading() as cursor:
        assert [issue.stage for issue in issues(cursor)] == ["陳核中", "已核定"]
        assert last_approved(cursor, QUARTER) == done


def test_nothing_goes_up_with_an_open_finding(light: None, sample_warehouse: Warehouse) -> None:
    with pytest.raises(Refused) as refusal:
        submit(sample_warehouse, QUARTER, by="承辦")
    assert {finding.code for finding in refusal.value.findings} == {"W-REPORT"}
    save_text(sample_warehouse, QUARTER, "參一(一)1", "{期間}共計服務49人次。午休時段受理諮詢。", by="承辦")
    with pytest.raises(Refused) as refusal:
        submit(sample_warehouse, QUARTER, by="承辦", accepted=ticks(sample_warehouse))
    assert [finding.value for finding in refusal.value.findings] == ["typed_figure:noon_service_persons"]


def test_steps_out_of_order_are_refused(light: None, sample_warehouse: Warehouse) -> None:
    with pytest.raises(UsageError):
        approve(sample_warehouse, QUARTER, document="x", approved=date(2016, 10, 12), by="分署長")
    submit(sample_warehouse, QUARTER, by="承辦", accepted=ticks(sample_warehouse))
    with pytest.raises(UsageError):
        submit(sample_warehouse, QUARTER, by="承辦", accepted=ticks(sample_warehouse))
    with pytest.raises(UsageError):
        approve(sample_warehouse, QUARTER, document=" ", approved=date(2016, 10, 12), by="分署長")
    with pytest.raises(UsageError):
        send_back(sample_warehouse, QUARTER, by="主任", reason=" ")
    assert send_back(sample_warehouse, QUARTER, by="主任", reason="文字修正").stage == "草稿"
    assert submit(sample_warehouse, QUARTER, by="承辦", accepted=ticks(sample_warehouse)).stage == "陳核中"


def test_one_changed_answer_changes_exactly_these_figures(light: None, sample_warehouse: Warehouse) -> None:
    done = approved(sample_warehouse)
    with sample_warehouse.reading() as cursor:
        before = {name: figure.text for name, figure in scorecard.figures(cursor, WINDOW).items()}
        assert corrections(cursor, QUARTER) == []
    change_one_answer(sample_warehouse)
    with sample_warehouse.reading() as cursor:
        after = {name: figure.text for name, figure in scorecard.figures(cursor, WINDOW).items()}
        found = {change.indicator: (change.issued, change.now) for change in corrections(cursor, QUARTER)}
    assert found == {name: (before[name], after[name]) for name in before if before[name] != after[name]}
    assert found == {
        "survey_overall_very_satisfied": ("58.86﹪", "58.29﹪"),
        "survey_overall_satisfied": ("40.57﹪", "41.14﹪"),
        "survey_combined_very_satisfied": ("59.52﹪", "59.43﹪"),
        "survey_combined_satisfied": ("38.57﹪", "38.67﹪"),
    }
    assert done.figures["survey_overall_very_satisfied"] == "58.86﹪"


def test_a_corrected_edition_lists_its_changes(light: None, sample_warehouse: Warehouse) -> None:
    approved(sample_warehouse)
    with pytest.raises(UsageError, match="理由"):
        submit(sample_warehouse, QUARTER, by="承辦", accepted=ticks(sample_warehouse))
    with pytest.raises(UsageError, match="不必修正"):
        submit(sample_warehouse, QUARTER, by="承辦", accepted=ticks(sample_warehouse), reason="更正")
    change_one_answer(sample_warehouse)
    second = approved(sample_warehouse, reason="問卷一份登錄錯誤")
    assert second.edition == 1
    assert "整體滿意度：很滿意：原登載58.86﹪，修正為58.29﹪" in second.changes
    assert all("（修正版1）" in name for name in second.files)
    with sample_warehouse.reading() as cursor:
        report = made_again(cursor, second)
        assert [heading.text for heading in report.headings][0] == "修正事項"
        assert corrections(cursor, QUARTER) == []
        assert [issue.edition for issue in issues(cursor) if issue.stage == "已核定"] == [0, 1]


def test_any_past_report_is_given_out_and_built_again_byte_for_byte(sample_warehouse: Warehouse) -> None:
    first = approved(sample_warehouse)
    kept = issued_files(sample_warehouse, first)
    assert {Path(name).suffix for name in kept} == {".odt", ".pdf", ".ods", ".docx"}
    change_one_answer(sample_warehouse)
    save_text(sample_warehouse, QUARTER, "參一(一)1", "另一段話", by="承辦")
    assert issued_files(sample_warehouse, first) == kept
    with sample_warehouse.reading() as cursor:
        again = files.rendered(made_again(cursor, first))
    assert again == kept


def test_a_kept_file_that_was_touched_is_not_given_out(light: None, sample_warehouse: Warehouse) -> None:
    done = approved(sample_warehouse)
    files.kept(sample_warehouse.folder, next(iter(done.files.values()))).write_bytes(b"other")
    with pytest.raises(Unavailable):
        issued_files(sample_warehouse, done)


def test_approvals_are_kept_beside_the_database_too(light: None, sample_warehouse: Warehouse, tmp_path: Path) -> None:
    done = approved(sample_warehouse)
    other = open_warehouse(tmp_path / "other")
    try:
        with other.writing(None) as cursor:
            assert journal.replay(sample_warehouse.folder, cursor) == 2
        with other.reading() as cursor:
            assert last_approved(cursor, QUARTER) == done
    finally:
        other.close()
