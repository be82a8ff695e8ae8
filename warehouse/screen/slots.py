"""Slots: which month, site and part of a dataset each row belongs to, and how many answers of each kind a slot has."""

from __future__ import annotations

from collections import Counter
from datetime import date, timedelta
from typing import Any

import numpy as np
import polars as pl

from warehouse.datasets import Dataset, sites

#: More than any answer's number.
_NUMBERS = 256

#: From so many rows on, a table of days and sites is quicker than grouping them.
_MANY_ROWS = 10_000

Key = tuple[date, str, str]


class Slots:
    """The slots of one file in the order in which they were met.

    found: month, site and part of each; rows: how many it has, by its index in `found`; answers: (index, column, answer) → rows.
    """

    def __init__(self, dataset: Dataset) -> None:
        self.found: list[Key] = []
        self.rows: Counter[int] = Counter()
        self.answers: Counter[tuple[int, str, int]] = Counter()
        self._dataset = dataset
        self._index: dict[Key, int] = {}
        self._index_of_day: dict[tuple[int, int], int] = {}

    def assign(self, frame: pl.DataFrame) -> pl.DataFrame:
        """Add `_slot`: the slot of each row, as an index into `found`."""
        if self._dataset.part or frame.height < _MANY_ROWS:
            return frame.with_columns(self._by_group(frame).alias("_slot"))
        return frame.with_columns(pl.Series("_slot", self._by_day(frame), dtype=pl.Int32))

    def tally(self, frame: pl.DataFrame) -> None:
        """Count the answers of each list by slot."""
        slots = frame["_slot"].to_numpy().astype(np.int32) * _NUMBERS
        for name in self._dataset.choices:
            times = np.bincount(slots + frame[name].fill_null(0).to_numpy())
            self.answers.update({(at // _NUMBERS, name, at % _NUMBERS): int(times[at]) for at in np.flatnonzero(times).tolist() if at % _NUMBERS})

    def _by_group(self, frame: pl.DataFrame) -> pl.Series:
        keys = [pl.col(self._dataset.month_column).dt.month_start().alias("month")]
        if self._dataset.site_column:
            keys.append(pl.col(self._dataset.site_column).alias("site"))
        if self._dataset.part:
            keys.append(pl.col(self._dataset.part).alias("part"))
        wanted = frame.select(keys)
        groups = wanted.group_by(pl.all(), maintain_order=True).len("rows")
        indices = []
        for group in groups.iter_rows(named=True):
            key = (group["month"], _site_code(group.get("site")), self._part_text(group.get("part")))
            indices.append(self._slot(key, group["rows"]))
        lookup = groups.drop("rows").with_columns(pl.Series("_slot", indices, dtype=pl.Int32))
        return wanted.join(lookup, on=wanted.columns, how="left", nulls_equal=True, maintain_order="left")["_slot"]

    def _by_day(self, frame: pl.DataFrame) -> np.ndarray:
        """The slot of each row by a table of day × site, for slots without a further part."""
        days = frame[self._dataset.month_column].to_physical().to_numpy()
        first = int(days.min())
        place = frame[self._dataset.site_column].fill_null(0).to_numpy().astype(np.int64) if self._dataset.site_column else np.zeros(len(days), dtype=np.int64)
        width = int(place.max()) + 1
        cells = (days.astype(np.int64) - first) * width + place
        times = np.bincount(cells)
        table = np.zeros(len(times), dtype=np.int32)
        for cell in np.flatnonzero(times):
            table[cell] = self._slot_of_day(first + int(cell) // width, int(cell) % width)
        slots = table[cells]
        self.rows.update({slot: int(count) for slot, count in enumerate(np.bincount(slots)) if count})
        return slots

    def _slot_of_day(self, day: int, place: int) -> int:
        if (day, place) not in self._index_of_day:
            month = (date(1970, 1, 1) + timedelta(days=day)).replace(day=1)
            self._index_of_day[(day, place)] = self._slot((month, _site_code(place) if self._dataset.site_column else "all", ""), 0)
        return self._index_of_day[(day, place)]

    def _slot(self, key: Key, rows: int) -> int:
        index = self._index.setdefault(key, len(self.found))
        if index == len(self.found):
            self.found.append(key)
        self.rows[index] += rows
        return index

    def _part_text(self, value: Any) -> str:
        if value is None:
            return ""
        choice = self._dataset.choices.get(self._dataset.part or "")
        return next(option.code for option in choice.options if option.number == value) if choice else str(value)


def _site_code(number: int | None) -> str:
    return next((site["code"] for site in sites() if site["number"] == number), "all")
