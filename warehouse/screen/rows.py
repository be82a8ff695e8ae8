"""From the columns of a table to canonical rows, and what is wrong with a row whose cells were all understood."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date
from decimal import Decimal
from typing import Any

import polars as pl

from warehouse import numerals, period
from warehouse.datasets import Dataset
from warehouse.errors import Finding, quote
from warehouse.intake import Block
from warehouse.screen.account import Account
from warehouse.screen.table import Table


def canonical_rows(table: Table, account: Account, block: Block, values: Mapping[int, pl.Series]) -> pl.DataFrame | None:
    """The columns that are kept, with `_row` (in the file) and `_origin` (in which group or month of it); None where the year cannot be told."""
    physical = _physical(table, block, values)
    if table.across is None:
        frame = table.layout.reshape(physical)
    elif table.context.year is None:
        return None
    else:
        frame = table.across.unpivot(physical, table.context.year)
        _refuse_months_to_come(table, account, frame)
    if "_origin" not in frame.columns:
        frame = frame.with_columns(pl.lit(0, dtype=pl.UInt8).alias("_origin"))
    absent = [pl.lit(None, dtype=kind.dtype).alias(name) for name, kind in table.dataset.stored.items() if name not in frame.columns]
    return frame.with_columns(absent).select("_row", "_origin", *table.dataset.stored)


def _physical(table: Table, block: Block, values: Mapping[int, pl.Series]) -> pl.DataFrame:
    """One column for each of the layout, and the cells that only the title tells."""
    frame: dict[str, pl.Series] = {}
    for index, column in table.columns.items():
        if column.until:
            frame[column.name], frame[column.until] = values[index].arr.get(0), values[index].arr.get(1)
        else:
            frame[column.name] = values[index]
    physical = pl.DataFrame(frame).with_columns(pl.Series("_row", block.rows, dtype=pl.Int32))
    for name, text in table.constants.items():
        kind = table.dataset.stored[name]
        physical = physical.with_columns(pl.lit(kind.read(text, table.context).value, dtype=kind.dtype).alias(name))
    return physical


def _refuse_months_to_come(table: Table, account: Account, frame: pl.DataFrame) -> None:
    late = frame.filter(pl.col("month") > table.context.today)
    for row, origin in late.select("_row", "_origin").iter_rows():
        account.add(
            Finding.of("E-DAT-24", "row", row=row, column=f"{origin}月", found="這個月還沒到卻有數字", expected="空白", mend="請在原檔改正後重新上傳")
        )


def judge(table: Table, account: Account, frame: pl.DataFrame) -> None:
    """Let pandera judge the typed rows: what may not be blank, bounds, and the dataset's own rules."""
    from warehouse.datasets._schema import broken_rules  # pandera takes a third of the server's start, and no page needs it

    for broken in broken_rules(table.dataset, frame):
        for row, origin, value in broken.cells:
            if (row, broken.column) in account.unread:
                continue
            shown = None if value is None else shown_value(value, table.dataset, broken.column)
            account.add(
                Finding.of(
                    broken.code,
                    "ask" if broken.asks else "row",
                    row=row,
                    column=table.heading_of(broken.column, origin),
                    value=shown,
                    found=broken.found if shown is None else f"讀到「{quote(shown)}」" + ("" if broken.bound else f"，{broken.found}"),
                    expected=broken.expected,
                    mend="請查明，無誤請確認" if broken.asks else "請在原檔改正後重新上傳",
                )
            )


def shown_value(value: Any, dataset: Dataset, column: str) -> str:
    """A canonical value as the office writes it."""
    if choice := dataset.choices.get(column):
        return next((option.word for option in choice.options if option.number == value), str(value))
    if isinstance(value, date):
        return period.roc_date(value)
    if isinstance(value, Decimal):
        return numerals.format_number(value)
    return "" if value is None else str(value)
