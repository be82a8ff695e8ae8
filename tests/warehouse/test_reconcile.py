"""The office's report of 105年第3季, figure by figure, against the sample."""

from collections import Counter
from pathlib import Path

import pytest

from warehouse import recompute
from warehouse.period import Window, parse_quarter
from warehouse.reconcile import reconcile_table
from warehouse.store import Warehouse

GOLDEN = Path(__file__).parents[1] / "golden" / "105q3.csv"
WINDOW = Window.year_to_quarter(parse_quarter("105Q3"))


def outcomes(warehouse: Warehouse) -> dict[str, tuple[str, str | None]]:
    with warehouse.reading() as cursor:
        return {row.id: (row.outcome, row.kind) for row in reconcile_table(cursor, GOLDEN.read_bytes(), WINDOW)}


def test_the_report_of_105q3_is_reproduced_figure_by_figure(sample_warehouse: Warehouse) -> None:
    found = outcomes(sample_warehouse)
    expected = {}
    for line in GOLDEN.read_text(encoding="utf-8").splitlines()[1:]:
        name, *_, outcome, kind = line.split(",")
        expected[name] = (outcome, kind or None)
    assert found == expected
    assert Counter(outcome for outcome, _ in found.values()) == {"equal": 168, "differs": 12, "not_computed": 1}


def test_the_inquiry_total_is_stated_with_the_channel_it_left_out(sample_warehouse: Warehouse) -> None:
    with sample_warehouse.reading() as cursor:
        row = next(row for row in reconcile_table(cursor, GOLDEN.read_bytes(), WINDOW) if row.id == "inquiry_total")
    assert row.sentence == "各部分加總16,865件；原報告16,853件，差12件，等於資料影印件數，待業務單位確認"


@pytest.mark.parametrize("dataset", ["survey_response", "inquiry_monthly", "training_session"])
def test_one_row_taken_away_shows(sample_warehouse: Warehouse, dataset: str) -> None:
    before = outcomes(sample_warehouse)
    with sample_warehouse.writing(dataset) as cursor:
        row = cursor.execute(f"select _batch_id, _row from raw.{dataset} order by _batch_id, _row limit 1").fetchone()
        cursor.execute(f"delete from raw.{dataset} where _batch_id = ? and _row = ?", list(row))
        newest = cursor.execute("select max(id) from ledger.batch").fetchone()[0]
        recompute.refresh_all(cursor, newest)
    assert outcomes(sample_warehouse) != before
