"""A file whose rows stand in the warehouse and are no entry yet: what every question about it is asked of."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import duckdb

from warehouse import ledger
from warehouse.datasets import Dataset
from warehouse.ledger import Slot
from warehouse.screen import Screening


@dataclass(frozen=True)
class Staged:
    """Rows in `raw` under the id of the entry to be, within a transaction that may still be rolled back.

    batch: that id; first_slot: the number of the first of its slots, from which the others count on.
    """

    cursor: duckdb.DuckDBPyConnection
    screening: Screening
    batch: int
    first_slot: int

    @property
    def dataset(self) -> Dataset:
        """Which dataset the file is of."""
        return self.screening.dataset

    def query(self, text: str, parameters: Sequence[Any] = ()) -> list[Any]:
        """Rows of a select."""
        return self.cursor.execute(text, list(parameters)).fetchall()

    def live_batches(self) -> dict[Slot, list[int]]:
        """Of the file's slots those that have live rows, and the batches these are of."""
        return ledger.live_batches(self.cursor, self.dataset.name, self.screening.slots)
