"""Figures that would be lost without a word: under no heading, in a cell that holds an error, missing among others."""

from __future__ import annotations

from collections.abc import Mapping

import numpy as np
import polars as pl

from warehouse.errors import Finding, quote
from warehouse.intake import Block, heading_key
from warehouse.screen.account import Account
from warehouse.screen.labels import maybe_label
from warehouse.screen.table import Table
from warehouse.screen.words import FAULTS


def refuse_unnamed_values(table: Table, account: Account, block: Block) -> None:
    """A column without a heading may stand there empty; values in it would be lost."""
    for index, name in enumerate(table.sheet.names):
        if heading_key(name):
            continue
        filled = next(iter(np.flatnonzero(~maybe_label(block.columns[index])[1])), None)
        if filled is not None:
            account.add(
                Finding.of(
                    "E-HEADER",
                    "file",
                    row=int(block.rows[filled]),
                    value=block.text(index, int(filled)),
                    found=f"第{index + 1}欄沒有欄名卻有資料",
                    expected="有資料的欄都有欄名",
                    mend="請補上欄名，或刪去這一欄後重新上傳",
                )
            )


def name_faults(table: Table, account: Account, block: Block) -> None:
    """Cells of a workbook that hold an error, an uncalculated formula or lie under another cell: never taken for empty ones."""
    rows = set(block.rows.tolist()) if block.faults else set()
    for fault in block.faults:
        if fault.column not in table.columns or fault.row not in rows:
            continue
        level, found, expected, mend = FAULTS[fault.code]
        account.spoil(fault.row, fault.column)
        shown, heading = found.format(value=quote(fault.text)), table.heading(fault.column)
        account.add(Finding.of(fault.code, level, row=fault.row, column=heading, value=fault.text, found=shown, expected=expected, mend=mend))


def refuse_gaps(table: Table, account: Account, block: Block, values: Mapping[int, pl.Series]) -> None:
    """An empty cell among filled ones in a wide table (`E-NUM-22`), or in a month that other rows have (`W-NUM-22`)."""
    for row, index in _gaps(table, block, values).items():
        if row in account.held:
            continue
        if table.across:
            account.ask("W-NUM-22", index, "")
        else:
            mend = "沒有數量請填0或「無」，改正後重新上傳"
            account.add(Finding.of("E-NUM-22", "row", row=row, column=table.heading(index), found="這一格是空白", expected="數字", mend=mend))


def _gaps(table: Table, block: Block, values: Mapping[int, pl.Series]) -> dict[int, int]:
    """Rows with some figures but not all → the last column that lacks one. A month that no row has is no gap."""
    filled = {index: values[index].is_not_null().to_numpy() for index, column in table.columns.items() if "__" in column.name}
    if not filled:
        return {}
    some = np.logical_or.reduce(list(filled.values()))
    return {
        int(block.rows[at]): index for index, there in filled.items() if not table.across or there.any() for at in np.flatnonzero(some & ~there)
    }
