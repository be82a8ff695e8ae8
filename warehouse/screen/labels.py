"""Rows that are no data: totals, averages, notes, signatures, the header again. Never loaded, each counted by its rule."""

from __future__ import annotations

from collections.abc import Sequence
from functools import lru_cache

import numpy as np
import pyarrow as pa

from warehouse import numerals
from warehouse.datasets import Text
from warehouse.errors import CellError, Finding
from warehouse.intake import Block, first_bytes, heading_key
from warehouse.intake.grid import two_tables
from warehouse.screen.account import Account
from warehouse.screen.cells import Cells
from warehouse.screen.headings import all_headings
from warehouse.screen.table import Table
from warehouse.screen.totals import TOTALS, Total

_SUBTOTALS = frozenset({"小計", "subtotal"})
_NOTES = ("備註", "附註", "註:", "註：", "說明", "填表", "製表", "審核", "覆核", "主管", "單位主管", "資料截止", "資料提供", "資料來源", "統計截止", "列印", "※", "*")

#: How many columns from the left a row's label may stand in.
_LABEL_COLUMNS = 4


class Labels:
    """Finds rows by their first word, and looks at the rest of the row before it is believed."""

    def __init__(self, table: Table, account: Account, cells: Cells) -> None:
        self._table, self._account, self._cells = table, account, cells
        self._telling = [
            index
            for index, column in table.columns.items()
            if column.required and not column.nullable and not column.kind.is_number and not isinstance(column.kind, Text)
        ]

    def set_aside(self, block: Block) -> tuple[Block, list[Total]]:
        """The rows that may be data; and the totals and averages among the others, which are checks."""
        totals: list[Total] = []
        keep = np.ones(block.height, dtype=bool)
        for at in _candidates(block):
            cells, row = block.texts(at), int(block.rows[at])
            rule = self._rule(cells, row)
            if rule is None:
                continue
            if cells[0].startswith("\ufeff"):
                self._account.add(_joined_files(row))
            keep[at] = False
            self._account.ignored[rule] += 1
            if rule in ("total", "subtotal", "cumulative", "average"):
                totals.append(Total.of(rule, row, cells))
        return block.keep(keep), totals

    def _rule(self, cells: Sequence[str], row: int) -> str | None:
        """The rule by which a row is left out; None for data, and for the header of another table, which is told."""
        rule = _suggested(cells, self._table.sheet.names)
        if rule in (None, "blank"):
            return rule
        if rule != "header":
            return None if self._is_data(cells) else rule
        if self._is_same_header(cells):
            return rule
        if all(heading_key(cell) in all_headings() for cell in cells if cell.strip()):
            self._account.add(two_tables(row))
        return None

    def _is_same_header(self, cells: Sequence[str]) -> bool:
        """Whether each cell names the very column it stands in: a header with its columns in another order starts another table."""
        layout = self._table.layout
        named = {index: column.name for index, column in layout.physical(cells).items()}
        ours = {index: column.name for index, column in self._table.columns.items()}
        return named == ours and all(layout.knows(cell) for cell in cells if cell.strip())

    def _is_data(self, cells: Sequence[str]) -> bool:
        """Whether the day, month, site and choices that a row must have are all there: then it is no note or total, whatever its first word."""
        return bool(self._telling) and all(
            not numerals.is_blank(cells[index]) and not isinstance(self._cells.outcome(index, cells[index]), CellError) for index in self._telling
        )


def maybe_label(column: pa.Array) -> tuple[np.ndarray, np.ndarray]:
    """Which cells of a column may be a label (合計, 備註 …), and which are blank."""
    if isinstance(column, pa.DictionaryArray):
        texts = column.dictionary.to_pylist()
        label = np.array([_may_be_label(text) for text in texts] or [False])
        blank = np.array([numerals.is_blank(text) for text in texts] or [False])
        positions = column.indices.to_numpy()
        return label[positions], blank[positions]
    first, second = first_bytes(column), first_bytes(column, 1)
    label = (first >= 0x80) | (first == ord("*")) | (first <= ord(" ")) | ((first > ord("9")) & (second > ord("9")))
    blank = np.zeros(len(column), dtype=bool)
    for at in np.flatnonzero(label):
        text = column[int(at)].as_py()
        label[at], blank[at] = _may_be_label(text), numerals.is_blank(text)
    return label, blank


def _candidates(block: Block) -> list[int]:
    """Positions of rows whose first filled cell may be a label: a handful, found without reading every row in Python."""
    if not block.height:
        return []
    found: set[int] = set()
    unlabelled = np.ones(block.height, dtype=bool)
    if len(block.columns) > 2:
        found.update(np.flatnonzero(maybe_label(block.columns[1])[1] & maybe_label(block.columns[2])[1]).tolist())
    for column in block.columns[:_LABEL_COLUMNS]:
        mask, blank = maybe_label(column)
        found.update(np.flatnonzero(mask & unlabelled).tolist())
        unlabelled &= blank
        if not unlabelled.any():
            break
    return sorted(found)


@lru_cache(maxsize=65536)
def _may_be_label(text: str) -> bool:
    return _rule_of_word(text) is not None or (len(text) > 6 and not text.isascii()) or heading_key(text) in all_headings()


def _suggested(cells: Sequence[str], names: Sequence[str]) -> str | None:
    """The rule that the words of a row suggest."""
    filled = [cell for cell in cells if not numerals.is_blank(cell)]
    if not filled:
        return "blank"
    if all(heading_key(cell) == heading_key(name) for cell, name in zip(cells, names, strict=True)):
        return "header"
    rule = _rule_of_word(filled[0])
    if rule is None and len(filled) == 1 and len(cells) > 2 and len(filled[0]) > 6 and not filled[0].isascii():
        return "note"
    if rule is None and len(filled) > 1 and heading_key(filled[0]) in all_headings():
        return "header"
    return rule


@lru_cache(maxsize=65536)
def _rule_of_word(text: str) -> str | None:
    """The rule that a row's first word suggests."""
    key = heading_key(text)
    if key in TOTALS:
        return "total"
    if key in _SUBTOTALS:
        return "subtotal"
    if key.startswith(("累計", "累積")):
        return "cumulative"
    if key.startswith("平均") or key == "average":
        return "average"
    return "note" if key.startswith(_NOTES) else None


def _joined_files(row: int) -> Finding:
    return Finding.of("E-CONCAT", "file", row=row, found="這一列是另一份檔案的開頭", expected="一份檔案", mend="檔案可能是用copy指令接起來的，請分別上傳")
