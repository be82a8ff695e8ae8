"""The office's report of 105年第3季, figure by figure, against the sample."""

import csv
import io
from collections import Counter
from pathlib import Path

import pytest

from warehouse.intake import Source
from warehouse.intake.grid import text_grid
from warehouse.load import Request, load_file
from warehouse.period import Window, parse_quarter
from warehouse.reconcile import reconcile_table
from warehouse.samples import FOLDER
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
def test_one_row_left_out_of_a_file_shows(sample_warehouse: Warehouse, dataset: str) -> None:
    before = outcomes(sample_warehouse)
    path = max((FOLDER / dataset).glob("*.csv"), key=lambda file: file.read_bytes().count(b"\n"))
    encoding, _, grid = text_grid(Source(path.name, path))
    rows = [cells for cells in grid if not any("合計" in cell for cell in cells[:2])]
    header = max(range(len(rows)), key=lambda at: sum(bool(cell.strip()) for cell in rows[at][:4]) if at < 4 else 0)
    del rows[header + 1]
    text = io.StringIO()
    csv.writer(text).writerows(rows)
    result = load_file(sample_warehouse, Source(path.name, text.getvalue().encode()), Request(by="測試", accept=frozenset(["all"])))
    assert result.outcome == "loaded", result.findings
    assert outcomes(sample_warehouse) != before
