"""Cells understood: text of the file to typed values, each distinct spelling of a column read once."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import numpy as np
import polars as pl
import pyarrow as pa

from warehouse.datasets import Text
from warehouse.errors import CellError, Finding, Reading, quote
from warehouse.intake import Block
from warehouse.screen.account import Account
from warehouse.screen.habits import Habits
from warehouse.screen.spelling import odd_texts, read_spelling
from warehouse.screen.table import Table

Outcome = Reading[Any] | CellError


class Cells:
    """Reads the cells of one file. What was not understood is null from then on, a finding, and its row held."""

    def __init__(self, table: Table, account: Account, habits: Habits) -> None:
        self._table, self._account, self._habits = table, account, habits
        self._memo: dict[int, dict[str, Outcome]] = {index: {} for index in table.columns}

    def values(self, block: Block) -> dict[int, pl.Series]:
        """The typed values of a block, by the column's position in the file."""
        return {index: self._column(index, block) for index in self._table.columns}

    def outcome(self, index: int, text: str) -> Outcome:
        """The reading of one spelling in a column, or the error it deserves; remembered."""
        memo = self._memo[index]
        if text not in memo:
            try:
                memo[text] = read_spelling(self._table.columns[index], text, self._table.context)
            except CellError as error:
                memo[text] = error
        return memo[text]

    def _column(self, index: int, block: Block) -> pl.Series:
        column, array = self._table.columns[index], block.columns[index]
        encoded = isinstance(array, pa.DictionaryArray)
        if isinstance(column.kind, Text) and not encoded:
            return self._words(index, column.kind, array, block.rows)
        array = array if encoded else array.dictionary_encode()
        texts, positions = array.dictionary.to_pylist(), array.indices.to_numpy()
        outcomes = [self.outcome(index, text) for text in texts]
        self._tell(index, texts, outcomes, positions, block.rows)
        values = [None if isinstance(outcome, CellError) else outcome.value for outcome in outcomes]
        self._habits.note(index, texts, values)
        if column.until:
            return pl.Series([value or (None, None) for value in values], dtype=pl.Array(pl.Date, 2)).gather(positions)
        return pl.Series(values, dtype=column.kind.dtype, strict=True).gather(positions)

    def _tell(self, index: int, texts: Sequence[str], outcomes: Sequence[Outcome], positions: np.ndarray, rows: np.ndarray) -> None:
        """A finding for each cell that was not understood; those that give rise to a question are counted."""
        failed = np.array([isinstance(outcome, CellError) for outcome in outcomes], dtype=bool)
        asking = [at for at, outcome in enumerate(outcomes) if isinstance(outcome, Reading) and outcome.ask]
        if failed.any():
            for at in np.flatnonzero(failed[positions]):
                self._refuse(int(rows[at]), index, texts[positions[at]])
        if asking or failed.any():
            times = np.bincount(positions, minlength=len(texts))
            for at in asking:
                self._ask(index, texts[at], int(times[at]))
            for at in np.flatnonzero(failed):
                self._habits.note_refused(index, texts[at], int(times[at]))

    def _words(self, index: int, kind: Text, array: pa.Array, rows: np.ndarray) -> pl.Series:
        """A column of words of which nearly every one is another: only those that look odd are read one by one."""
        series = pl.Series(pl.from_arrow(array), dtype=pl.String)
        empty = series == ""
        at = odd_texts(series, array, kind)
        if len(at):
            mended = [self._word(int(rows[position]), index, text) for position, text in zip(at.to_list(), series.gather(at).to_list(), strict=True)]
            series = series.scatter(at, mended)
        return pl.select(pl.when(series == "").then(None).otherwise(series)).to_series() if empty.any() else series

    def _word(self, row: int, index: int, text: str) -> str | None:
        outcome = self.outcome(index, text)
        if isinstance(outcome, CellError):
            self._refuse(row, index, text)
            return None
        self._ask(index, text, 1)
        return outcome.value

    def _ask(self, index: int, text: str, times: int) -> None:
        outcome = self.outcome(index, text)
        if isinstance(outcome, Reading) and outcome.ask and times:
            self._account.ask(outcome.ask, index, text, times)

    def _refuse(self, row: int, index: int, text: str) -> None:
        error = self.outcome(index, text)
        assert isinstance(error, CellError)
        self._account.spoil(row, index)
        heading, found = self._table.heading(index), f"讀到「{quote(text)}」"
        finding = Finding.of(error.code, "row", row=row, column=heading, value=text, found=found, expected=error.expected, mend=error.mend)
        self._account.add(finding)
