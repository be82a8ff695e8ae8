"""A warehouse that nothing is written into, and the day that counts as today."""

from __future__ import annotations

from collections.abc import Iterator

import pytest

from tests.warehouse.screen.tables import TODAY
from warehouse import ledger
from warehouse.load import open_warehouse
from warehouse.store import Warehouse


@pytest.fixture(scope="module")
def warehouse(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Warehouse]:
    """An empty warehouse, into which nothing may be written by any test of this module."""
    opened = open_warehouse(tmp_path_factory.mktemp("data"))
    yield opened
    with opened.reading() as cursor:
        assert ledger.entries(cursor) == []
    opened.close()


@pytest.fixture(autouse=True)
def _today(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("SERVICE_QUALITY_TODAY", TODAY.isoformat())
