"""Totals, subtotals and averages that a file states, held against the sum of its rows; what it calls cumulative is kept for the warehouse."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from decimal import Decimal
from typing import Any

import numpy as np
import polars as pl

from warehouse import numerals
from warehouse.datasets import Column
from warehouse.errors import CellError, Finding, quote
from warehouse.intake import Block, heading_key
from warehouse.screen.account import Account
from warehouse.screen.table import Table

#: What a row or a column of totals is called.
TOTALS = frozenset({"合計", "總計", "總和", "計", "total", "sum"})

#: What may stand behind a stated figure where the column names no units.
_UNITS = ("份", "件", "筆", "元", "人次", "人", "場")


@dataclass(frozen=True)
class Total:
    """A 合計, 小計, 累計 or 平均 row: a check, never loaded. kind: its rule; cells: position in the file → text."""

    kind: str
    row: int
    cells: dict[int, str]

    @classmethod
    def of(cls, kind: str, row: int, cells: Sequence[str]) -> Total:
        """The row without its label and its blank cells."""
        label = next(index for index, cell in enumerate(cells) if cell.strip())
        return cls(kind, row, {index: cell for index, cell in enumerate(cells) if index != label and not numerals.is_blank(cell)})


@dataclass(frozen=True)
class CumulativeCheck:
    """What a 累計 row says of one column: the warehouse with this file must agree (see `load`)."""

    row: int
    heading: str
    column: str
    constants: dict[str, Any]
    stated: Decimal


@dataclass
class _Sum:
    """Cells that are filled, and what numbers among them come to, by position in the file."""

    filled: Counter[int] = field(default_factory=Counter)
    sums: dict[int, Decimal] = field(default_factory=dict)

    def add(self, index: int, filled: int, amount: Decimal | None) -> None:
        self.filled[index] += filled
        if amount is not None:
            self.sums[index] = self.sums.get(index, Decimal(0)) + amount

    def stated_as(self, index: int, column: Column) -> Decimal | None:
        """What a total of the column should say: the sum of numbers, of anything else how many there are."""
        return self.sums.get(index) if column.kind.is_number else Decimal(self.filled[index])

    def mean(self, index: int) -> Decimal | None:
        return self.sums[index] / self.filled[index] if self.filled[index] else None


class Totals:
    """Adds the rows of one file up. cumulative: what its 累計 rows say, for the warehouse to check."""

    def __init__(self, table: Table, account: Account) -> None:
        self.cumulative: list[CumulativeCheck] = []
        self._table, self._account = table, account
        self._whole, self._part = _Sum(), _Sum()

    @property
    def filled(self) -> Mapping[int, int]:
        """How many cells of each column were understood and not blank."""
        return self._whole.filled

    def check(self, totals: Sequence[Total], block: Block, values: Mapping[int, pl.Series]) -> None:
        """Add a block up and hold it against the totals that stand in it."""
        start = 0
        for total in sorted(totals, key=lambda total: total.row):
            stop = int(np.searchsorted(block.rows, total.row)) if block.height else 0
            self._add_up(values, start, stop)
            start = max(start, stop)
            self._compare(total)
        self._add_up(values, start, block.height)

    def check_across(self, block: Block, values: Mapping[int, pl.Series]) -> None:
        """合計 at the right of a table whose months run across is the sum of its row."""
        index = next((index for index, name in enumerate(self._table.sheet.names) if heading_key(name) in TOTALS), None)
        months = [index for index, column in self._table.columns.items() if column.kind.is_number]
        if index is None or self._account.spoilt:
            return
        for at, row in enumerate(block.rows):
            text = block.text(index, at)
            computed = Decimal(sum(values[month][at] or 0 for month in months))
            if not numerals.is_blank(text) and _stated(text, self._table.columns[months[0]]) != computed:
                self._refuse(int(row), index, text, computed)

    def _add_up(self, values: Mapping[int, pl.Series], start: int, stop: int) -> None:
        for index, series in values.items():
            part = series[start:stop]
            amount = Decimal(part.sum() or 0) if self._table.columns[index].kind.is_number else None
            for running in (self._whole, self._part):
                running.add(index, len(part) - part.null_count(), amount)

    def _compare(self, total: Total) -> None:
        for index, text in total.cells.items():
            column = self._table.columns.get(index)
            if column is None or index in self._account.spoilt:
                continue
            stated = _stated(text, column)
            if total.kind == "cumulative":
                self._keep_cumulative(total.row, index, column, stated)
            elif total.kind == "average":
                self._compare_average(total.row, index, column, text, stated)
            else:
                running = self._part if total.kind == "subtotal" else self._whole
                computed = running.stated_as(index, column)
                told = stated is not None or column.kind.is_number
                if told and computed is not None and stated != computed:
                    self._refuse(total.row, index, text, computed)
        if total.kind in ("subtotal", "average"):
            self._part = _Sum()

    def _refuse(self, row: int, index: int, text: str, computed: Decimal) -> None:
        self._account.add(
            Finding.of(
                "E-TOTAL",
                "file",
                row=row,
                column=self._table.heading(index),
                value=text,
                found=f"合計寫「{quote(text)}」，各列加總是{numerals.format_number(computed)}",
                expected="合計等於各列加總",
                mend="請查明是合計或某一列有誤，改正後重新上傳",
            )
        )

    def _compare_average(self, row: int, index: int, column: Column, text: str, stated: Decimal | None) -> None:
        """Of the whole file, or of the rows since the last subtotal: either is an average."""
        mean = self._whole.mean(index) if column.kind.is_number else None
        if mean is None or stated is None:
            return
        of_part = self._part.mean(index)
        places = max(0, -stated.as_tuple().exponent)  # type: ignore[operator]
        if min(abs(mean - stated), abs((mean if of_part is None else of_part) - stated)) <= Decimal(1).scaleb(-places) / 2:
            return
        self._account.add(
            Finding.of(
                "W-BIZ-23",
                "ask",
                row=row,
                column=self._table.heading(index),
                value=text,
                found=f"平均寫「{quote(text)}」，計算是{numerals.format_number(round(mean, places + 2))}",
                expected="平均與各列相符",
                mend="將採用計算值，請確認",
            )
        )

    def _keep_cumulative(self, row: int, index: int, column: Column, stated: Decimal | None) -> None:
        if stated is None or not column.kind.is_number:
            return
        name, _, group = column.name.partition("__")
        groups = getattr(self._table.layout, "groups", ())
        constants = dict(groups[int(group)].constants) if group and groups else {}
        self.cumulative.append(CumulativeCheck(row, self._table.heading(index), name, constants, stated))


def _stated(text: str, column: Column) -> Decimal | None:
    """The figure that a total's cell states; None where it states none."""
    if numerals.clean(text) in column.kind.blank_words:
        return Decimal(0)
    units = getattr(column.kind, "units", ()) or _UNITS
    try:
        return Decimal(numerals.parse_decimal(text, places=4, units=units, signed=True).value)
    except CellError:
        return None
