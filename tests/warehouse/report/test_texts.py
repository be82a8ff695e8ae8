"""Texts of the office: kept by quarter with their history, carried on into the next, and never lost."""

from __future__ import annotations

import json

import pytest

from warehouse import journal
from warehouse.errors import UsageError
from warehouse.indicators import award_headings
from warehouse.load import open_warehouse, rebuild
from warehouse.period import parse_quarter
from warehouse.report.content import build
from warehouse.report.texts import (
    changes_since_last_quarter,
    history,
    lines,
    newest_text,
    placeholders,
    save_text,
    shipped,
    texts,
    unknown_placeholders,
)
from warehouse.store import Warehouse

Q2, Q3, Q4 = parse_quarter("105Q2"), parse_quarter("105Q3"), parse_quarter("105Q4")
HEADING = "參一(一)1"


def now(warehouse: Warehouse, quarter: object, heading: str = HEADING) -> str:
    with warehouse.reading() as cursor:
        return texts(cursor, quarter)[heading]  # type: ignore[arg-type]


def test_the_shipped_texts_stand_under_the_awards_headings_and_name_what_there_is() -> None:
    assert list(shipped()) == [heading for heading in award_headings() if heading in shipped()]
    assert {heading: unknown_placeholders(text) for heading, text in shipped().items() if unknown_placeholders(text)} == {}
    assert sum(len(placeholders(text)) for text in shipped().values()) > 150


def test_a_quarter_begins_with_the_text_of_the_last(empty_warehouse: Warehouse) -> None:
    assert now(empty_warehouse, Q3) == shipped()[HEADING]
    assert save_text(empty_warehouse, Q3, HEADING, "第三季的話", by="甲") == 1
    assert [now(empty_warehouse, quarter) for quarter in (Q2, Q3, Q4)] == [shipped()[HEADING], "第三季的話", "第三季的話"]
    save_text(empty_warehouse, Q4, HEADING, "第四季的話", by="乙")
    assert [now(empty_warehouse, quarter) for quarter in (Q3, Q4)] == ["第三季的話", "第四季的話"]
    save_text(empty_warehouse, Q3, HEADING, "第三季改過的話", by="丙")
    assert [now(empty_warehouse, quarter) for quarter in (Q3, Q4)] == ["第三季改過的話", "第四季的話"]


def test_every_version_stays_and_what_changed_is_told(empty_warehouse: Warehouse) -> None:
    for text in ("一", "二", "二", "三"):
        save_text(empty_warehouse, Q3, HEADING, text, by="甲")
    with empty_warehouse.reading() as cursor:
        assert [version.text for version in history(cursor, Q3, HEADING)] == ["三", "二", "一"]
        changes = changes_since_last_quarter(cursor, Q3)
        assert [(change.heading, change.before, change.after, change.by) for change in changes] == [(HEADING, shipped()[HEADING], "三", "甲")]
        assert changes_since_last_quarter(cursor, Q4) == []
        assert texts(cursor, Q3, upto=2)[HEADING] == "二" and newest_text(cursor) == 3


@pytest.mark.parametrize(
    ("heading", "text"),
    [("肆一", "x"), (HEADING, "{no_such_indicator}"), (HEADING, "{list:nothing}"), (HEADING, "一個 { 括號"), (HEADING, "{chart:nothing}"), (HEADING, "{inquiry_total:亂寫}"), (HEADING, "字" * 20_001)],
)  # fmt: skip
def test_what_would_not_print_is_refused(empty_warehouse: Warehouse, heading: str, text: str) -> None:
    with pytest.raises(UsageError):
        save_text(empty_warehouse, Q3, heading, text, by="甲")
    with empty_warehouse.reading() as cursor:
        assert newest_text(cursor) == 0


def test_lines_have_depths() -> None:
    found = lines("內文\n\n# 甲\n## 乙\n### 丙\n= 小標\n{list:training}")
    assert [(line.text, line.depth, line.strong) for line in found] == [
        ("內文", 0, False), ("甲", 1, False), ("乙", 2, False), ("丙", 3, False), ("小標", 0, True), ("{list:training}", 0, False),
    ]  # fmt: skip


def test_a_saved_text_is_in_the_report_with_its_figures(sample_warehouse: Warehouse) -> None:
    save_text(sample_warehouse, Q3, HEADING, "{期間}午休服務{noon_service_persons}，目標由{季別}起檢討。", by="甲")
    with sample_warehouse.reading() as cursor:
        report = build(cursor, Q3)
    assert "105年1月至9月午休服務48人次，目標由105年第3季起檢討。" in [paragraph.text for paragraph in report.paragraphs]


def test_texts_survive_a_rebuild(empty_warehouse: Warehouse) -> None:
    save_text(empty_warehouse, Q3, HEADING, "留得住的話\n## 第二行", by="甲")
    with empty_warehouse.reading() as cursor:
        before = history(cursor, Q3, HEADING)
    assert rebuild(empty_warehouse) == ([], True)
    with empty_warehouse.reading() as cursor:
        assert history(cursor, Q3, HEADING) == before


def test_a_line_that_a_crash_left_half_written_is_written_again(empty_warehouse: Warehouse) -> None:
    save_text(empty_warehouse, Q3, HEADING, "一", by="甲")
    save_text(empty_warehouse, Q3, HEADING, "二", by="甲")
    path = journal.journal_path(empty_warehouse.folder)
    whole = path.read_bytes()
    path.write_bytes(whole[:-20])
    folder = empty_warehouse.folder
    empty_warehouse.close()
    again = open_warehouse(folder)
    again.close()
    assert path.read_bytes() == whole
    assert [json.loads(line)["row"]["text"] for line in path.read_text(encoding="utf-8").splitlines()] == ["一", "二"]
