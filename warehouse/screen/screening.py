"""One file on its way from cells to canonical rows, block by block, and what is judged once the whole of it is read."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date

import numpy as np
import polars as pl

from warehouse import period
from warehouse.errors import Finding
from warehouse.intake import Block
from warehouse.screen import losses, titles
from warehouse.screen.account import Account
from warehouse.screen.cells import Cells
from warehouse.screen.habits import Habits
from warehouse.screen.keys import Keys
from warehouse.screen.labels import Labels
from warehouse.screen.rows import canonical_rows, judge
from warehouse.screen.slots import Slots
from warehouse.screen.table import Table
from warehouse.screen.totals import Totals


class Screening:
    """One file being understood.

    Iterate `frames()` once, to the end: each is a Polars frame of canonical columns with `_row` (the file's row) and `_slot` (an index into
    `slots`). After that `findings`, `slots`, `slot_rows`, `answers`, `cumulative` and the counts are complete:
    read: rows of the file; held: which of them wait to be mended; ignored: how many are left out, by rule; written: canonical rows.
    """

    def __init__(self, table: Table, findings: list[Finding]) -> None:
        self.source, self.sheet, self.dataset = table.source, table.sheet, table.dataset
        self.layout, self.context = table.layout, table.context
        self.read = self.written = 0
        self._table, self._account, self._habits = table, Account(table, findings), Habits(table)
        self._cells = Cells(table, self._account, self._habits)
        self._labels = Labels(table, self._account, self._cells)
        self._totals, self._keys, self._slots = Totals(table, self._account), Keys(table, self._account), Slots(table.dataset)
        self.findings, self.held, self.ignored = self._account.findings, self._account.held, self._account.ignored
        self.slots, self.slot_rows, self.answers = self._slots.found, self._slots.rows, self._slots.answers
        self.cumulative = self._totals.cumulative
        self._rows_seen = 0

    @property
    def months(self) -> list[date]:
        """The months for which the file has rows, in order."""
        return sorted({month for month, _, _ in self.slots})

    @property
    def refused(self) -> bool:
        """Whether the file as a whole cannot be taken, hold or no hold."""
        return self._account.refused

    @property
    def loaded(self) -> int:
        """Rows of the file that stand in the frames."""
        return self.read - len(self.held) - sum(self.ignored.values())

    def heading_of(self, column: str) -> str:
        """The heading in the file under which a canonical column stood."""
        return self._table.heading_of(column)

    def frames(self) -> Iterator[pl.DataFrame]:
        """Canonical rows, piece by piece; rows with a cell that was not understood are left out and counted as held."""
        for block in self.sheet.blocks():
            self._take_over(block)
            frame = self._rows_of(block)
            if frame is not None:
                yield frame
        self._finish()

    def _take_over(self, block: Block) -> None:
        """What intake found: rows of another width are held, blank ones ignored."""
        ragged = [finding.row for finding in block.findings if finding.code == "E-GRID"]
        self.read += block.height + sum(block.ignored.values()) + len(ragged)
        self.held.update(row for row in ragged if row is not None)
        self.ignored.update(block.ignored)
        self.findings += block.findings

    def _rows_of(self, block: Block) -> pl.DataFrame | None:
        block, totals = self._labels.set_aside(block)
        self._rows_seen += block.height
        if not block.height:
            self._totals.check(totals, block, {})
            return None
        losses.refuse_unnamed_values(self._table, self._account, block)
        losses.name_faults(self._table, self._account, block)
        values = self._cells.values(block)
        self._totals.check(totals, block, values)
        if self._table.across:
            self._totals.check_across(block, values)
        losses.refuse_gaps(self._table, self._account, block, values)
        frame = canonical_rows(self._table, self._account, block, values)
        if frame is None or not frame.height:
            self._count_unfilled(block.rows, set())
            return None
        return self._kept(frame, block)

    def _kept(self, frame: pl.DataFrame, block: Block) -> pl.DataFrame:
        """The canonical rows of a block that nothing is wrong with, each with its slot."""
        judge(self._table, self._account, frame)
        if self.held:
            frame = frame.filter(~pl.col("_row").is_in(list(self.held)))
        frame = self._slots.assign(self._keys.without_repeated(frame, block)).drop("_origin")
        if self.dataset.tallied:
            self._slots.tally(frame)
        self._keys.keep(frame)
        if self.layout is not self.dataset.long:
            self._count_unfilled(block.rows, set(frame["_row"].unique()))
        self.written += frame.height
        return frame

    def _count_unfilled(self, rows: np.ndarray, present: set[int]) -> None:
        """A row of a wide table in which no figure is filled in (a month to come) is ignored by name."""
        missing = sum(1 for row in rows.tolist() if row not in present and row not in self.held and row not in self._keys.repeated)
        if missing:
            self.ignored["unfilled"] += missing

    # --- the whole file ----------------------------------------------------------------------------------------------------

    def _finish(self) -> None:
        if self._table.across and self.context.year is None:
            self.findings.append(
                Finding.of("E-DAT-10", "file", found="表上只有月份，看不出是哪一年", expected="標題或檔名寫明年度", mend="請在標題列寫「105年」，或指定年度後重新上傳")
            )
            self.held.clear()
        self.findings += self._keys.findings()
        self.findings += self._habits.other_scales(self._totals.filled)
        self._account.put_questions()
        self._refuse_nothing()
        self.findings += self._running_month()
        self.findings += self._habits.both_calendars()
        self.findings += titles.contradictions(self._table, self.months)

    def _refuse_nothing(self) -> None:
        """`E-EMPTY`: no row at all; or months, places and names filled in, and not one figure or answer."""
        if self._has_nothing_but_keys():
            self.findings[:] = [finding for finding in self.findings if finding.code != "E-NUM-22"]
            found, expected = "各列只有日期、單位等欄，沒有任何數字或內容", "填好的報表"
            self.findings.append(Finding.of("E-EMPTY", "file", found=found, expected=expected, mend="請確認選到填好的檔案後重新上傳"))
        if not self.written and not any(finding.level in ("file", "row") for finding in self.findings):
            found, expected = "沒有資料列", "標題列之下至少一列資料"
            self.findings.append(Finding.of("E-EMPTY", "file", found=found, expected=expected, mend="請確認檔案內容後重新上傳"))

    def _has_nothing_but_keys(self) -> bool:
        identity = set(self._table.identity)
        telling = [index for index, column in self._table.columns.items() if not identity & set(column.outputs)]
        if self._table.single or not self._rows_seen or not telling:
            return False
        return not any(self._totals.filled.get(index) for index in telling) and not self._account.spoilt & set(telling)

    def _running_month(self) -> Iterator[Finding]:
        """`W-PARTIAL`: a month that is not over."""
        running = [month for month in self.months if period.add_months(month, 1) > self.context.today]
        if running and not self.dataset.reference:
            found, mend = f"{period.roc_month(running[-1])}還沒有結束", "若要先入庫，請確認；月底後請再交一次"
            yield Finding.of("W-PARTIAL", "ask", found=found, expected="整月的資料", mend=mend)
