"""From draft to approval, and what a later correction changes."""

from __future__ import annotations

import csv
import io
import re
from dataclasses import replace
from datetime import date
from pathlib import Path
from random import Random

import pytest

from warehouse import commands, journal, scorecard
from warehouse.backup import back_up, restore
from warehouse.doctor import file_faults
from warehouse.errors import Refused, Unavailable, UsageError
from warehouse.indicators import all_indicators
from warehouse.intake import Source, plain_grid
from warehouse.load import Request, load_file, open_warehouse
from warehouse.period import Window, parse_quarter
from warehouse.report import files
from warehouse.report.checks import check
from warehouse.report.content import build
from warehouse.report.issue import approve, corrections, from_the_data, issued_files, made_again, send_back, submit
from warehouse.report.ods import ods
from warehouse.report.steps import Issue, issues, last_approved, stage_words, standing
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


def printed_at_all_times(warehouse: Warehouse) -> dict[str, str]:
    """Every figure that the report prints, reckoned by the scorecard for each time by itself: year to date, the three quarters, the months."""
    times = {"": WINDOW, "本季": QUARTER.window, "上季": QUARTER.previous().window, "去年同季": Window.of_quarter(parse_quarter("104Q3"))}
    times |= {f"{month.month}月": Window(month, month) for month in WINDOW.months}
    with warehouse.reading() as cursor:
        snapshot = scorecard.Snapshot.of(cursor)
        return {
            f"{name}@{word}" if word else name: figure.text for word, window in times.items() for name, figure in snapshot.figures(window).items() if figure.text is not None
        }


def test_one_changed_answer_changes_exactly_these_figures(light: None, sample_warehouse: Warehouse) -> None:
    done = approved(sample_warehouse)
    with sample_warehouse.reading() as cursor:
        assert corrections(cursor, QUARTER) == []
    change_one_answer(sample_warehouse)
    with sample_warehouse.reading() as cursor:
        found = {change.key: (change.issued, change.now) for change in corrections(cursor, QUARTER)}
    assert found == {
        "survey_overall_very_satisfied": ("58.86﹪", "58.29﹪"),
        "survey_overall_satisfied": ("40.57﹪", "41.14﹪"),
        "survey_combined_very_satisfied": ("59.52﹪", "59.43﹪"),
        "survey_combined_satisfied": ("38.57﹪", "38.67﹪"),
        "survey_overall_very_satisfied@本季": ("63.49﹪", "61.9﹪"),
        "survey_overall_satisfied@本季": ("36.51﹪", "38.1﹪"),
        "survey_combined_very_satisfied@本季": ("65.34﹪", "65.08﹪"),
        "survey_combined_satisfied@本季": ("33.07﹪", "33.33﹪"),
    }
    assert done.figures["survey_overall_very_satisfied"] == "58.86﹪"


def resent(warehouse: Warehouse, path: Path, random: Random) -> None:
    """Load a sample file again with the numbers of one row changed a little."""
    *_, grid = plain_grid(Source(path.name, path))
    numeric = [(at, place) for at, row in enumerate(grid) for place, cell in enumerate(row) if place and re.fullmatch(r"[0-9]{1,3}", cell.strip()) and len(row) > 2]
    at, place = random.choice(numeric)
    grid[at][place] = str(int(grid[at][place]) + random.randint(1, 3))
    grid = [row for row in grid if not row or row[0].strip() not in ("合計", "累計", "平均")]
    text = io.StringIO()
    csv.writer(text).writerows(grid)
    result = load_file(warehouse, Source(path.name, text.getvalue().encode("utf-8-sig")), Request(by="承辦", accept=frozenset(["all"])))
    assert result.outcome == "loaded", (path.name, grid[at], result.findings)


@pytest.mark.parametrize("seed", range(4))
def test_the_list_of_corrections_is_every_figure_that_prints_otherwise_and_no_other(light: None, sample_warehouse: Warehouse, seed: int) -> None:
    """Random corrections of counts; which figures move is reckoned for each time by itself, and every one of them that the report printed is told."""
    random = Random(seed)
    issued = approved(sample_warehouse)
    before = printed_at_all_times(sample_warehouse)
    for dataset in random.sample(["noon_service", "training_session", "edoc_monthly", "outreach_event"], 2):
        resent(sample_warehouse, random.choice(sorted((FOLDER / dataset).glob("*.csv"))), random)
    after = printed_at_all_times(sample_warehouse)
    expected = {key: (before.get(key, "—"), after.get(key, "—")) for key in before | after if before.get(key) != after.get(key) and ("@" not in key or key in issued.figures)}
    with sample_warehouse.reading() as cursor:
        found = corrections(cursor, QUARTER)
    told = {change.key: (change.issued, change.now) for change in found if change.period in ("", "本季", "上季", "去年同季") or change.period.endswith("月")}
    assert told == expected | {change.key: (change.issued, change.now) for change in found if change.key.startswith("list:")}
    assert expected and {"判定", *(change.period for change in found)} >= {change.period for change in found}


def test_a_month_put_right_without_a_new_total_is_a_correction_too(light: None, sample_warehouse: Warehouse) -> None:
    """Five inquiries by telephone belong to August, not to July: year to date and quarter stand, the months do not."""
    approved(sample_warehouse)
    with sample_warehouse.reading() as cursor:
        before = scorecard.figures(cursor, WINDOW)["inquiry_phone"].text
    path = next(path for path in (FOLDER / "inquiry_monthly").glob("*.csv") if "第3季" in path.name)
    *_, grid = plain_grid(Source(path.name, path))
    for row in grid:
        if row and row[0].startswith(("電話查詢", "合計")):
            row[1], row[2] = (str(int(cell.replace(",", "")) + step) for cell, step in ((row[1], -5), (row[2], 5)))
    text = io.StringIO()
    csv.writer(text).writerows(grid)
    assert load_file(sample_warehouse, Source(path.name, text.getvalue().encode("utf-8-sig")), Request(by="承辦", accept=frozenset(["all"]))).outcome == "loaded"
    with sample_warehouse.reading() as cursor:
        assert scorecard.figures(cursor, WINDOW)["inquiry_phone"].text == before
        found = {change.key for change in corrections(cursor, QUARTER)}
    assert found == {"inquiry_phone@7月", "inquiry_phone@8月", "inquiry_total@7月", "inquiry_total@8月"}
    assert approved(sample_warehouse, reason="七月誤計").edition == 1


def test_an_event_named_otherwise_is_told_line_by_line(light: None, sample_warehouse: Warehouse) -> None:
    approved(sample_warehouse)
    path = next(path for path in sorted((FOLDER / "training_session").glob("*.csv")) if "消失的" in "".join(map(str, plain_grid(Source(path.name, path))[-1])) or "人權" in str(plain_grid(Source(path.name, path))[-1]))
    *_, grid = plain_grid(Source(path.name, path))
    text = io.StringIO()
    csv.writer(text).writerows([[cell.replace("人權教育訓練", "人權教育講座") for cell in row] for row in grid])
    assert load_file(sample_warehouse, Source(path.name, text.getvalue().encode("utf-8-sig")), Request(by="承辦", accept=frozenset(["all"]))).outcome == "loaded"
    with sample_warehouse.reading() as cursor:
        found = corrections(cursor, QUARTER)
    assert [(change.subject, "人權教育訓練" in change.issued, "人權教育講座" in change.now) for change in found] == [("教育訓練", True, True)]


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
    report = made_again(sample_warehouse, second)
    assert [heading.text for heading in report.headings][0] == "修正事項"
    with sample_warehouse.reading() as cursor:
        assert corrections(cursor, QUARTER) == []
        assert [issue.edition for issue in issues(cursor) if issue.stage == "已核定"] == [0, 1]


def test_any_past_report_is_given_out_and_built_again_byte_for_byte(sample_warehouse: Warehouse, monkeypatch: pytest.MonkeyPatch) -> None:
    first = approved(sample_warehouse)
    kept = issued_files(sample_warehouse, first)
    assert {Path(name).suffix for name in kept} == {".odt", ".pdf", ".ods", ".docx"}
    change_one_answer(sample_warehouse)
    save_text(sample_warehouse, QUARTER, "參一(一)1", "另一段話", by="承辦")
    assert issued_files(sample_warehouse, first) == kept
    with sample_warehouse.reading() as cursor:
        assert files.rendered(from_the_data(cursor, first)) == kept, "from the data of then"
    indicators = all_indicators()
    renamed = {name: replace(indicator, name=f"新{indicator.name}", definition="另一個定義", decimals=1) for name, indicator in indicators.items()}
    monkeypatch.setattr("warehouse.indicators.all_indicators", lambda: renamed)
    for module in ("annexes", "writer", "monthly", "printed", "comparison"):
        monkeypatch.setattr(f"warehouse.report.{module}.all_indicators", lambda: renamed, raising=False)
    monkeypatch.setattr("warehouse.report.texts.shipped", dict)
    assert files.rendered(made_again(sample_warehouse, first)) == kept, "after definitions and blocks changed"


def test_a_text_alone_that_was_rewritten_makes_a_correction_that_names_it(light: None, sample_warehouse: Warehouse) -> None:
    approved(sample_warehouse)
    save_text(sample_warehouse, QUARTER, "參一(一)1", "{期間}午休服務{noon_service_persons}。", by="承辦")
    second = approved(sample_warehouse, reason="文字更正")
    assert second.changes == ("內文修正：參一(一)1服務時間彈性調整",)


def test_what_was_issued_is_in_the_backup_and_comes_back_with_it(light: None, sample_warehouse: Warehouse, tmp_path: Path) -> None:
    done = approved(sample_warehouse)
    kept = issued_files(sample_warehouse, done)
    back_up(sample_warehouse, tmp_path / "backup.zip")
    other = open_warehouse(tmp_path / "other")
    try:
        restore(other, tmp_path / "backup.zip")
        assert issued_files(other, done) == kept
        assert made_again(other, done).parts == made_again(sample_warehouse, done).parts
        with other.reading() as cursor:
            assert file_faults(other.folder, cursor) == []
            files.kept(other.folder, next(iter(done.files.values()))).unlink()
            assert ["105年第3季報告（已核定" in fault and ".ods" in fault for fault in file_faults(other.folder, cursor)] == [True]
    finally:
        other.close()


def test_the_command_gives_out_what_was_issued_and_says_what_would_change(light: None, sample_warehouse: Warehouse) -> None:
    asked = {"quarter": "105Q3", "issued": True}
    assert "沒有核定過" in commands.run(sample_warehouse, "report", asked).text
    done = approved(sample_warehouse)
    change_one_answer(sample_warehouse)
    answer = commands.run(sample_warehouse, "report", asked)
    assert {file["name"]: file["sha256"] for file in answer.document["files"]} == done.files
    assert {"indicator": "survey_overall_satisfied", "period": "本季", "issued": "36.51﹪", "now": "38.1﹪"} in answer.document["changes"]
    assert len(answer.document["changes"]) == 8 and answer.document["document"] == "宜執秘字第1050000001號"


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
