"""How a column is written throughout a file: in which calendar its days are, on which scale its scores and answers."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from decimal import Decimal
from functools import lru_cache
from typing import Any

from warehouse import numerals, period
from warehouse.datasets import Choice, Day, Days, Month
from warehouse.errors import Finding
from warehouse.screen.table import Table

#: Scores run to 100; where none in a file is above a tenth of it, they were given on another scale.
_FULL_SCORE, _OTHER_SCALE = 100, 10

#: Answers that were given as numbers.
_GRADES, _GRADED_CELLS = frozenset("12345"), 3

#: A day as a date cell of a workbook comes out: that is Excel's calendar, not the clerk's.
_ISO_DAY = re.compile("[0-9]{4}-[0-9]{2}-[0-9]{2}(?: [0-9:]{8})?")

_written_calendar = lru_cache(maxsize=65536)(period.written_calendar)


class Habits:
    """What no single cell tells."""

    def __init__(self, table: Table) -> None:
        self._table = table
        self._calendars: dict[int, set[str | None]] = {}
        self._highest: dict[int, Decimal] = {}
        self._graded: Counter[int] = Counter()

    def note(self, index: int, texts: Sequence[str], values: Sequence[Any]) -> None:
        """Take in the distinct spellings of a column and what they were read as."""
        column = self._table.columns[index]
        if isinstance(column.kind, Day | Days | Month):
            written = texts if self._table.sheet.encoding else [text for text in texts if not _ISO_DAY.fullmatch(text)]
            self._calendars.setdefault(index, set()).update(map(_written_calendar, written))
        if getattr(column.kind, "high", None) == _FULL_SCORE and not column.nullable:
            self._highest[index] = max([self._highest.get(index, Decimal(0)), *(value for value in values if value is not None)])

    def note_refused(self, index: int, text: str, times: int) -> None:
        """Take in a spelling that was not understood: a number where an answer should be."""
        if isinstance(self._table.columns[index].kind, Choice) and numerals.clean(text) in _GRADES:
            self._graded[index] += times

    def other_scales(self, filled: Mapping[int, int]) -> Iterator[Finding]:
        """`E-SCALE`: scores out of ten, answers as numbers. filled: cells understood, by column."""
        for index, highest in self._highest.items():
            if 0 < highest <= _OTHER_SCALE:
                yield Finding.of(
                    "E-SCALE",
                    "file",
                    column=self._table.heading(index),
                    found=f"最高只有{numerals.format_number(highest)}分，看來是別種評分尺度",
                    expected=f"滿分{_FULL_SCORE}的分數",
                    mend="請換算成百分制後重新上傳",
                )
        graded = [index for index in self._graded if not filled.get(index)]
        if sum(self._graded[index] for index in graded) >= _GRADED_CELLS:
            yield Finding.of(
                "E-SCALE",
                "file",
                column=self._table.heading(graded[0]),
                found="答案是數字，看不出1還是5代表滿意",
                expected="選項的文字",
                mend="請依問卷把數字換成選項文字後重新上傳",
            )

    def both_calendars(self) -> Iterator[Finding]:
        """`W-DAT-12`: days of one column in both calendars."""
        if any(len(written - {None}) > 1 for written in self._calendars.values()):
            yield Finding.of("W-DAT-12", "ask", found="同一份檔案裡民國與西元日期並用", expected="同一種紀年", mend="請確認日期都正確")
