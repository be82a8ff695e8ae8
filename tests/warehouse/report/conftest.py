"""The sample's report, built and written once for all tests of this folder."""

from __future__ import annotations

import shutil
from pathlib import Path

import pytest

from warehouse.load import open_warehouse
from warehouse.period import parse_quarter
from warehouse.report.content import build
from warehouse.report.files import rendered
from warehouse.report.parts import Report

QUARTER = parse_quarter("105Q3")


@pytest.fixture(scope="session")
def report(sample_folder: Path, tmp_path_factory: pytest.TempPathFactory) -> Report:
    """The report of the sample."""
    folder = tmp_path_factory.mktemp("report") / "data"
    shutil.copytree(sample_folder, folder)
    warehouse = open_warehouse(folder)
    try:
        with warehouse.reading() as cursor:
            return build(cursor, QUARTER)
    finally:
        warehouse.close()


@pytest.fixture(scope="session")
def written(report: Report) -> dict[str, bytes]:
    """Suffix → bytes of the report's files."""
    return {name.rpartition(".")[2]: content for name, content in rendered(report).items()}
