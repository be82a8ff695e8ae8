"""Decisions on differences: the newest counts, all are kept, and what is not one is refused."""

from __future__ import annotations

import json

import pytest

from warehouse import journal
from warehouse.decisions import decide, decisions
from warehouse.errors import UsageError
from warehouse.period import Quarter
from warehouse.store import Warehouse

QUARTER, SHA = Quarter(2016, 3), "a" * 64


def test_the_newest_decision_counts_and_every_one_is_a_line_of_the_journal(empty_warehouse: Warehouse) -> None:
    decide(empty_warehouse, QUARTER, SHA, "季報.odt", "inquiry_total", "差12件", "ask", by="王組員")
    decide(empty_warehouse, QUARTER, SHA, "季報.odt", "inquiry_total", "差12件", "computed", by="李組長", note="影印計入")
    decide(empty_warehouse, QUARTER, "b" * 64, "別份.odt", "inquiry_total", "差1件", "rounding", by="王組員")
    with empty_warehouse.reading() as cursor:
        found = decisions(cursor, QUARTER, SHA)
        assert decisions(cursor, Quarter(2016, 2), SHA) == {}
    assert {subject: (item.decision, item.by_name, item.note) for subject, item in found.items()} == {"inquiry_total": ("computed", "李組長", "影印計入")}
    assert found["inquiry_total"].word == "以資料庫的數字為準"
    lines = [json.loads(line) for line in journal.journal_path(empty_warehouse.folder).read_text(encoding="utf-8").splitlines()]
    assert [(line["table"], line["row"]["decision"]) for line in lines] == [("reconcile_decision", word) for word in ("ask", "computed", "rounding")]


@pytest.mark.parametrize(("decision", "by", "note"), [("guess", "王", ""), ("ask", " ", ""), ("other", "王", " "), ("ask", "王", "字" * 501)])
def test_what_is_no_decision_is_refused(empty_warehouse: Warehouse, decision: str, by: str, note: str) -> None:
    with pytest.raises(UsageError):
        decide(empty_warehouse, QUARTER, SHA, "季報.odt", "inquiry_total", "差12件", decision, by=by, note=note)
    with empty_warehouse.reading() as cursor:
        assert decisions(cursor, QUARTER, SHA) == {}
