"""Rows that stand in a file more than once: the same row again, another row under the same key."""

from __future__ import annotations

from collections.abc import Iterator

import polars as pl

from warehouse.errors import Finding, quote
from warehouse.intake import Block
from warehouse.screen.account import Account
from warehouse.screen.rows import shown_value
from warehouse.screen.table import Table


class Keys:
    """What tells the rows of one file apart. repeated: rows of the file left out because they stand in it once already."""

    def __init__(self, table: Table, account: Account) -> None:
        self.repeated: set[int] = set()
        self._table, self._account = table, account
        self._dataset = table.dataset
        self._kept: list[pl.DataFrame] = []
        self._example: tuple[int, int] | None = None

    def without_repeated(self, frame: pl.DataFrame, block: Block) -> pl.DataFrame:
        """Leave out rows that stand in the block once more, cell for cell: counted as `duplicate`, and asked about."""
        keys = frame.select(pl.struct(*self._table.identity).hash(0)).to_series()
        if keys.n_unique() == frame.height:
            return frame
        repeated = _repeated(frame, frame.filter(keys.is_duplicated()), block)
        if not repeated:
            return frame
        self._example = self._example or next(iter(repeated.items()))
        self.repeated.update(repeated)
        self._account.ignored["duplicate"] += len(repeated)
        return frame.filter(~pl.col("_row").is_in(list(repeated)))

    def keep(self, frame: pl.DataFrame) -> None:
        """Remember the keys of rows that are taken."""
        self._kept.append(frame.select("_row", "_slot", *self._dataset.key))

    def findings(self) -> Iterator[Finding]:
        """`W-BIZ-04` for rows left out, `W-BIZ-32` for what seldom meets twice, and `E-DUP-KEY` for a key twice in a slot."""
        if self._example:
            row, first = self._example
            found = f"有{self._account.ignored['duplicate']}列與前面的列完全相同（例如與第{first}列）"
            yield Finding.of(
                "W-BIZ-04", "ask", row=row, found=found, expected="每一列只出現一次", mend="確認後相同的只計一次，否則請改正後重新上傳"
            )
        if self._kept:
            keys = pl.concat(self._kept, rechunk=False)
            yield from self._seldom(keys)
            yield from self._twice(keys)

    def _seldom(self, keys: pl.DataFrame) -> Iterator[Finding]:
        if not self._dataset.seldom:
            return
        names = ["_slot", *self._dataset.seldom]
        known = keys.drop_nulls(names)
        again = known.filter(known.select(names).is_duplicated()).filter(pl.struct(names).is_first_distinct().not_())
        if again.height:
            found = f"同一天同一人測了不只一次（有{again.height}列）"
            yield Finding.of("W-BIZ-32", "ask", row=int(again["_row"][0]), found=found, expected="一天一次", mend="若確實測了兩次請確認")

    def _twice(self, keys: pl.DataFrame) -> Iterator[Finding]:
        """Each later row with a key that its slot has: a 64-bit hash is compared first, and only rows that share one are looked at closely."""
        names = ["_slot", *self._dataset.key]
        hashes = keys.select(pl.struct(*names).hash(0)).to_series()
        if hashes.n_unique() == keys.height:
            return
        shared = keys.filter(hashes.is_duplicated())
        again = shared.with_columns(pl.col("_row").first().over(names).alias("_first")).filter(pl.col("_row") != pl.col("_first"))
        shown = self._dataset.key[0]
        for values in again.iter_rows(named=True):
            text = shown_value(values[shown], self._dataset, shown)
            yield Finding.of(
                "E-DUP-KEY",
                "file",
                row=values["_row"],
                column=self._table.heading_of(shown),
                value=text,
                found=f"「{quote(text)}」與第{values['_first']}列重複",
                expected="同一月份、同一處所內不重複",
                mend="請刪去重複的一列，或改正編號後重新上傳",
            )


def _repeated(frame: pl.DataFrame, suspects: pl.DataFrame, block: Block) -> dict[int, int]:
    """Rows of the file that are an earlier one again, with all that they became → that earlier row. Keys that meet only once they are
    cleaned were meant as two, so the text of every cell must be the same."""
    cells = [name for name in frame.columns if name != "_row"]
    told = suspects.with_columns(pl.col("_row").first().over(cells).alias("_first"))
    again = told.filter(pl.col("_row") != pl.col("_first")).group_by("_row").agg(pl.len(), pl.col("_first").unique()).sort("_row")
    times = dict(frame.group_by("_row").len().iter_rows())
    at = {int(row): position for position, row in enumerate(block.rows)}
    return {
        row: firsts[0]
        for row, count, firsts in again.iter_rows()
        if count == times[row] and len(firsts) == 1 and _is_spelt_alike(block, at[row], at[firsts[0]])
    }


def _is_spelt_alike(block: Block, one: int, other: int) -> bool:
    return all(mine.strip() == theirs.strip() for mine, theirs in zip(block.texts(one), block.texts(other), strict=True))
