"""One month's table saved in twelve ways: the same figures, byte for byte."""

from __future__ import annotations

import csv
import io
from pathlib import Path
from typing import Any

import pytest

from tests.warehouse.intake.books import ods, xlsx
from warehouse import commands
from warehouse.load import open_warehouse

ROWS = [
    ["月份", "管道", "件數", "金額"],
    ["105年7月", "便利商店", 4861, 9_402_118],
    ["105年7月", "臨櫃代收", 511, 29_110_442],
    ["105年8月", "便利商店", 4902, 9_512_007],
    ["105年8月", "臨櫃代收", 498, 28_450_113],
]
_FULL_WIDTH = str.maketrans("0123456789", "０１２３４５６７８９")


def text(*, end: str = "\n", delimiter: str = ",", quoting: Any = csv.QUOTE_MINIMAL, full_width: bool = False) -> str:
    """The table as text."""
    stream = io.StringIO()
    rows = [[str(cell).translate(_FULL_WIDTH) for cell in row] for row in ROWS] if full_width else ROWS
    csv.writer(stream, delimiter=delimiter, lineterminator=end, quoting=quoting).writerows(rows)
    return stream.getvalue()


#: XLS-29 among them: a workbook and a text file of one table.
WAYS = {
    "UTF-8": ("表.csv", text().encode()),
    "BOM": ("表.csv", text().encode("utf-8-sig")),
    "UTF-16": ("表.txt", text(delimiter="\t").encode("utf-16")),
    "CP950": ("表.csv", text().encode("cp950")),
    "LF": ("表.csv", text(end="\n").encode("cp950")),
    "CRLF": ("表.csv", text(end="\r\n").encode()),
    "CR": ("表.csv", text(end="\r").encode()),
    "TAB": ("表.txt", text(delimiter="\t").encode()),
    "quoted": ("表.csv", text(quoting=csv.QUOTE_ALL).encode()),
    "XLSX": ("表.xlsx", xlsx(ROWS)),
    "ODS": ("表.ods", ods(ROWS)),
    "full width": ("表.csv", text(full_width=True).encode()),
}


def figures(folder: Path, name: str, content: bytes) -> str:
    """What `indicators --json` prints after this file alone was loaded."""
    path = folder / "given"
    folder.mkdir()
    path.write_bytes(content)
    warehouse = open_warehouse(folder / "data")
    try:
        loaded = commands.run(warehouse, "load", {"files": [{"name": name, "path": str(path)}], "by": "測試"})
        assert [(item["outcome"], item["rows"]["loaded"]) for item in loaded.document] == [("loaded", 4)], loaded.text
        assert (loaded.document[0]["type"] == "csv") == (loaded.document[0]["encoding"] is not None)
        answer = commands.run(warehouse, "indicators", {"quarter": "105Q3"})
        assert answer.code == commands.DONE
        return commands.as_json(answer.document)
    finally:
        warehouse.close()


@pytest.fixture(scope="module")
def plain(tmp_path_factory: pytest.TempPathFactory) -> str:
    """The figures of the plainest way, which are not nothing."""
    answer = figures(tmp_path_factory.mktemp("plain") / "way", *WAYS["UTF-8"])
    assert str(4861 + 4902) in answer
    return answer


@pytest.fixture(autouse=True)
def _today(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("SERVICE_QUALITY_TODAY", "2016-10-05")


@pytest.mark.parametrize("way", WAYS)
def test_the_figures_are_the_same_however_the_table_was_saved(tmp_path: Path, plain: str, way: str) -> None:
    assert figures(tmp_path / "way", *WAYS[way]) == plain
