"""Fixtures: an empty warehouse, and one that holds the sample (loaded once for a run, opened read-write by nobody else)."""

from __future__ import annotations

import shutil
from collections.abc import Iterator
from pathlib import Path

import pytest

from warehouse.load import open_warehouse
from warehouse.samples import load_sample
from warehouse.store import Warehouse


@pytest.fixture
def empty_warehouse(tmp_path: Path) -> Iterator[Warehouse]:
    """A new warehouse, nothing in it."""
    warehouse = open_warehouse(tmp_path / "data")
    yield warehouse
    warehouse.close()


@pytest.fixture(scope="session")
def sample_folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A data folder into which the sample was loaded; copy it, do not write into it."""
    folder = tmp_path_factory.mktemp("sample")
    warehouse = open_warehouse(folder)
    load_sample(warehouse)
    warehouse.close()
    return folder


@pytest.fixture
def sample_warehouse(sample_folder: Path, tmp_path: Path) -> Iterator[Warehouse]:
    """A copy of the sample warehouse of one's own."""
    folder = tmp_path / "data"
    shutil.copytree(sample_folder, folder)
    warehouse = open_warehouse(folder)
    yield warehouse
    warehouse.close()


@pytest.fixture(scope="session")
def years_folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A data folder with thirty months in which it is known what happened; copy it, do not write into it."""
    from tests import years

    return years.fill(tmp_path_factory.mktemp("years") / "data")
