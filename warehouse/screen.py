"""From a file to canonical rows and findings. Writes nothing.

Each distinct spelling of a column is parsed once by a strict Python function and gathered back by its positions: that is what
makes strict and fast the same thing. What was not understood is null from then on, and pandera judges the typed frame.

Conservation: rows in the file = rows in the frames + rows held + rows ignored by a named rule. `Screening.finish` asserts it.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from datetime import date, timedelta
from decimal import Decimal
from functools import lru_cache
from typing import Any

import numpy as np
import polars as pl
import pyarrow as pa

from warehouse import numerals, period
from warehouse.datasets import (
    Choice,
    Column,
    Context,
    Dataset,
    Day,
    Days,
    Long,
    Money,
    Month,
    MonthsAcross,
    Text,
    all_datasets,
    dataset_named,
    site_numbers,
    sites,
)  # fmt: skip
from warehouse.errors import CellError, Finding, Level, Reading, Refused, UsageError, quote
from warehouse.intake import Block, Sheet, Source, first_bytes, heading_key, open_sheet
from warehouse.intake.grid import two_tables
from warehouse.intake.header import nearest, without_unit

#: Scores run to 100; where none in a file is above a tenth of it, they were given on another scale.
_FULL_SCORE, _OTHER_SCALE = 100, 10

_TOTALS = frozenset({"合計", "總計", "總和", "計", "total", "sum"})
_SUBTOTALS = frozenset({"小計", "subtotal"})
_NOTES = ("備註", "附註", "註:", "註：", "說明", "填表", "製表", "審核", "覆核", "主管", "單位主管", "資料截止", "資料提供", "資料來源", "統計截止", "列印", "※", "*")
_MONTH_IN_TITLE = re.compile(r"([0-9]{2,4})年(?:度)?([0-9]{1,2})月")
_PRINTED_ON = re.compile("產生|產製|列印|印製|印表|製表|匯出|下載")
_YEARS_IN_TITLE = (
    re.compile(r"([0-9]{2,4})年(?:度)?(?:第?[1-4一二三四]季|[0-9]{1,2}月|[上下]半年)"),
    re.compile(r"([0-9]{2,4})年度"),
    re.compile(r"([0-9]{2,4})年"),
)
_LARGE_UNIT = re.compile("單位[:：]?[^元]{0,6}[千仟萬億]元")
_BRANCH = re.compile(r"[\u4e00-\u9fff]{2}分署")
_KEY_ODD = r"[^\x21-\x7e]|^[=@+'-]|_x000D_"
_TEXT_ODD = (
    r"^[ \t\u3000\xa0\ufeff\u200b\n]|[ \t\u3000\xa0\ufeff\u200b\n]$|[\x00-\x08\x0b-\x1f\x7f-\x9f\ufffd\ufffe\uffff\ue000-\uf8ff\U000f0000-\U0010fffd]|_x000D_"
    r"|[A-Z][12][0-9]{8}|09[0-9]{2}-?[0-9]{3}-?[0-9]{3}"
)
_PERSONAL = re.compile(r"[A-Z][12][0-9]{8}|09[0-9]{2}-?[0-9]{3}-?[0-9]{3}")
_USER_DEFINED = re.compile("[\ue000-\uf8ff]")
_PRIVATE_USE = re.compile("[\U000f0000-\U0010fffd]")

#: What the rules are called by which a row is left out.
RULES = {
    "blank": "空白列",
    "header": "重複的標題列",
    "total": "合計列",
    "subtotal": "小計列",
    "cumulative": "累計列",
    "average": "平均列",
    "note": "備註或簽章列",
    "duplicate": "重複列",
    "unfilled": "未填數字的列",
    "unchanged": "已入庫的列",
    "held": "暫存待改正",
    "not_counted_here": "不計入本指標",
}

#: The column that a correction workbook adds (see `correction`); given back, it is no column of the table.
REASONS = "檢核說明"

#: What a cell of a workbook may be instead of text: level, what was found, what is expected, how to mend.
_FAULTS: dict[str, tuple[Level, str, str, str]] = {
    "E-CELL-ERROR": ("row", "這一格是錯誤值「{value}」", "文字、數字或日期", "請在Excel改正公式或改填數值後重新上傳"),
    "E-FORMULA-EMPTY": ("file", "這一格的公式還沒有計算結果（{value}）", "已計算的數值", "請用Excel開啟、存檔後重新上傳，或貼上值"),
    "E-XLS-04": ("row", "這一格併在別的儲存格裡", "每一列各自填寫", "請取消合併儲存格、逐列填寫後重新上傳"),
}

#: A day as a date cell of a workbook comes out.
_ISO_DAY = re.compile("[0-9]{4}-[0-9]{2}-[0-9]{2}(?: [0-9:]{8})?")

#: Answers that were given as numbers.
_GRADES, _GRADED_CELLS = frozenset("12345"), 3

#: More than any answer's number.
_NUMBERS = 256

#: What is asked, by code: what was found, what is expected, how to go on. `{n}` is how many cells.
_ASKS: dict[str, tuple[str, str, str]] = {
    "W-NUM-07": ("有{n}格是概數或萬、億、千等縮寫（例如「{value}」）", "確實的數字", "請確認換算後的數字，或在原檔改成完整數字"),
    "W-NUM-11": ("有{n}格是負數（例如「{value}」）", "不小於0的數字", "若確為退款或沖正，請確認"),
    "W-NUM-15": ("有{n}格是科學記號（例如「{value}」），尾數可能已遺失", "完整的數字", "請確認，或在Excel改成數值格式後另存"),
    "W-NUM-17": ("有{n}格的數字前有單引號（例如「{value}」）", "數字", "請確認"),
    "W-NUM-22": ("有{n}列在其他列有數字的月份是空白", "每個月都有數字，沒有數量填0或「無」", "空白的月份不入庫、不當成0，請確認或補齊後重新上傳"),
    "W-DAT-06": ("有{n}格寫「{value}」，也可能是10月（Excel把105.10顯示成105.1）", "看得出月份的寫法，例如105.01或105年10月", "若是1月請確認，否則請改寫後重新上傳"),
    "W-DAT-07": ("有{n}格是Excel日期序號（例如「{value}」）", "日期", "請確認換算後的日期，或在Excel改成日期格式後另存"),
    "W-DAT-10": ("有{n}格只寫月份（例如「{value}」），年度取自標題、檔名或指定", "含年度的月份", "請確認年度"),
    "W-DAT-33": ("有{n}格的時間帶時區（例如「{value}」），已換成臺北時間", "臺北時間的日期", "請確認"),
    "W-ENC-15": ("有{n}格含造字（例如「{value}」）", "一般字元", "請確認"),
    "W-ENC-16": ("有{n}格含私人使用區的字（例如「{value}」），照原樣保留", "一般字元", "請確認"),
    "W-ENC-24": ("有{n}格含「\ufffd」（亂碼，例如「{value}」）", "完整的文字", "請確認，或改正後重新上傳"),
    "W-PII": ("有{n}格疑似含身分證字號或電話", "不含個人資料的文字", "請刪去個人資料後重新上傳；確認後仍會遮蔽"),
}


@dataclass
class _Total:
    """A 合計, 小計, 累計 or 平均 row: a check, never loaded. cells: physical column → text."""

    kind: str
    row: int
    cells: dict[int, str]


@dataclass
class CumulativeCheck:
    """What a 累計 row says of one column: the warehouse with this file must agree (see `load`)."""

    row: int
    heading: str
    column: str
    constants: dict[str, Any]
    stated: Decimal


@dataclass
class Screening:
    """One file being understood.

    Iterate `frames()` once, to the end: each is a Polars frame of canonical columns with `_row` (the file's row) and `_slot` (an index into
    `slots`). After that `findings`, the counts, `slots` and `answers` are complete.
    """

    source: Source
    sheet: Sheet
    dataset: Dataset
    layout: Long
    context: Context
    columns: dict[int, Column]
    constants: dict[str, str]
    findings: list[Finding] = field(default_factory=list)
    read: int = 0
    held: set[int] = field(default_factory=set)
    ignored: Counter[str] = field(default_factory=Counter)
    slots: list[tuple[date, str, str]] = field(default_factory=list)
    slot_rows: Counter[int] = field(default_factory=Counter)
    answers: Counter[tuple[int, str, int]] = field(default_factory=Counter)
    cumulative: list[CumulativeCheck] = field(default_factory=list)
    written: int = 0
    single: bool = False

    def __post_init__(self) -> None:
        self._memo: dict[int, dict[str, Any]] = {}
        self._asked: dict[str, tuple[int, str, str]] = {}
        self._sums: dict[int, Decimal] = {}
        self._since: dict[int, Decimal] = {}
        self._counts: Counter[int] = Counter()
        self._counts_since: Counter[int] = Counter()
        self._spoilt: set[int] = set()
        self._slot_of: dict[tuple[date, str, str], int] = {}
        self._slot_of_cell: dict[tuple[int, int], int] = {}
        self._keys: list[pl.DataFrame] = []
        self._taken = 0
        self._calendars: dict[int, set[str | None]] = {}
        self._highest: dict[int, Decimal] = {}
        self._gaps: dict[int, int] = {}
        self._numbered: Counter[int] = Counter()
        self._again: tuple[int, str] | None = None
        self._repeated: set[int] = set()
        self._rows_seen = 0

    @property
    def months(self) -> list[date]:
        """The months for which the file has rows, in order."""
        return sorted({month for month, _, _ in self.slots})

    @property
    def refused(self) -> bool:
        """Whether the file as a whole cannot be taken, hold or no hold."""
        return any(finding.level == "file" for finding in self.findings)

    @property
    def loaded(self) -> int:
        """Rows of the file that stand in the frames."""
        return self.read - len(self.held) - sum(self.ignored.values())

    def frames(self) -> Iterator[pl.DataFrame]:
        """Canonical rows, piece by piece; rows with a cell that was not understood are left out and counted as held."""
        for block in self.sheet.blocks():
            yield from self._block(block)
        self._finish()

    # --- one block ---------------------------------------------------------------------------------------------------------

    def _block(self, block: Block) -> Iterator[pl.DataFrame]:
        self.read += block.height + sum(block.ignored.values()) + sum(finding.code == "E-GRID" for finding in block.findings)
        self.held.update(finding.row for finding in block.findings if finding.code == "E-GRID" and finding.row is not None)
        self.ignored.update(block.ignored)
        self.findings += block.findings
        block, totals = self._set_aside(block)
        self._rows_seen += block.height
        if not block.height:
            self._check_totals(totals, block, {})
            return
        self._refuse_unnamed_values(block)
        series: dict[int, pl.Series] = {}
        bad: dict[tuple[int, str], None] = {}
        if block.faults:
            self._name_faults(block, bad)
        for index, column in self.columns.items():
            series[index] = self._understand(index, column, block, bad)
        self._check_totals(totals, block, series)
        if isinstance(self.layout, MonthsAcross):
            self._check_row_totals(block, series)
        self._refuse_gaps(block, series)
        canonical = self._canonical(series, block)
        if canonical is None or not canonical.height:
            self._count_unfilled(block.rows, set())
            return
        self._judge(canonical, bad)
        if self.held:
            canonical = canonical.filter(~pl.col("_row").is_in(list(self.held)))
        canonical = self._without_repeated(canonical, block)
        canonical = self._with_slots(canonical)
        kept = canonical.drop("_origin", strict=False)
        if self.dataset.tallied:
            self._tally(kept)
        self._keys.append(kept.select("_row", "_slot", *self.dataset.key))
        self._count_unfilled(block.rows, None if self.layout is self.dataset.long else set(kept["_row"].unique()))
        self.written += kept.height
        yield kept

    def _refuse_gaps(self, block: Block, series: dict[int, pl.Series]) -> None:
        """An empty cell among filled ones in a wide table (`E-NUM-22`), or in a month that other rows have (`W-NUM-22`): a figure lost without a word."""
        figures = [index for index, column in self.columns.items() if "__" in column.name]
        if not figures:
            return
        filled = {index: series[index].is_not_null().to_numpy() for index in figures}
        some = np.logical_or.reduce(list(filled.values()))
        for index in figures:
            if isinstance(self.layout, MonthsAcross) and not filled[index].any():
                continue
            for at in np.flatnonzero(some & ~filled[index]):
                row = int(block.rows[at])
                if row not in self.held:
                    self._gaps[row] = index
        if isinstance(self.layout, MonthsAcross):
            for index in self._gaps.values():
                self._ask("W-NUM-22", 1, "", self._heading(index))
            self._gaps.clear()
        for row, index in self._gaps.items():
            if row not in self.held:
                self.held.add(row)
                heading = self._heading(index)
                mend = "沒有數量請填0或「無」，改正後重新上傳"
                self.findings.append(Finding.of("E-NUM-22", "row", row=row, column=heading, found="這一格是空白", expected="數字", mend=mend))

    def _count_unfilled(self, rows: np.ndarray, present: set[int] | None) -> None:
        """A row of a wide table in which no figure is filled in (a month to come) is ignored by name."""
        if present is None:
            return
        missing = sum(1 for row in rows if int(row) not in present and int(row) not in self.held and int(row) not in self._repeated)
        if missing:
            self.ignored["unfilled"] += missing

    def _set_aside(self, block: Block) -> tuple[Block, list[_Total]]:
        """Take out totals, averages, notes, signatures and repeated headers: never loaded, each counted by its rule."""
        candidates = _label_candidates(block)
        totals: list[_Total] = []
        keep = np.ones(block.height, dtype=bool)
        for at in candidates:
            cells = [_cell(column, int(at)) for column in block.columns]
            rule = _rule_of(cells, self.sheet.names)
            if rule == "header" and not self._is_same_header(cells):
                if all(heading_key(cell) in _all_headings() for cell in cells if cell.strip()):
                    self.findings.append(two_tables(int(block.rows[at])))
                continue
            if rule is None or (rule not in ("header", "blank") and self._is_data(cells)):
                continue
            if cells[0].startswith("\ufeff"):
                self.findings.append(_joined_files(int(block.rows[at])))
            keep[at] = False
            self.ignored[rule] += 1
            if rule in ("total", "subtotal", "cumulative", "average"):
                label = next(index for index, cell in enumerate(cells) if cell.strip())
                others = {index: cell for index, cell in enumerate(cells) if index != label and not numerals.is_blank(cell)}
                totals.append(_Total(rule, int(block.rows[at]), others))
        return block.keep(keep), totals

    def _is_same_header(self, cells: Sequence[str]) -> bool:
        """Whether each cell names the very column it stands in: a header with its columns in another order starts another table."""
        named = {index: column.name for index, column in self.layout.physical(cells).items()}
        return self._knows_all(cells) and named == {index: column.name for index, column in self.columns.items()}

    def _is_data(self, cells: Sequence[str]) -> bool:
        """Whether the day, month, site and choices that a row must have are all there: then it is no note or total, whatever its first word."""
        telling = [
            index
            for index, column in self.columns.items()
            if column.required and not column.nullable and not column.kind.is_number and not isinstance(column.kind, Text)
        ]
        return bool(telling) and all(
            not numerals.is_blank(cells[index]) and not isinstance(self._one(index, self.columns[index], cells[index]), CellError) for index in telling
        )

    def _refuse_unnamed_values(self, block: Block) -> None:
        """A column without a heading may stand there empty; values in it would be lost."""
        for index, name in enumerate(self.sheet.names):
            if heading_key(name):
                continue
            filled = next(iter(np.flatnonzero(~_maybe_label(block.columns[index])[1])), None)
            if filled is not None:
                self.findings.append(
                    Finding.of(
                        "E-HEADER",
                        "file",
                        row=int(block.rows[filled]),
                        value=_cell(block.columns[index], int(filled)),
                        found=f"第{index + 1}欄沒有欄名卻有資料",
                        expected="有資料的欄都有欄名",
                        mend="請補上欄名，或刪去這一欄後重新上傳",
                    )
                )

    def _name_faults(self, block: Block, bad: dict[tuple[int, str], None]) -> None:
        """Cells of a workbook that hold an error, an uncalculated formula or lie under another cell: never taken for empty ones."""
        rows = set(block.rows.tolist())
        for fault in block.faults:
            column = self.columns.get(fault.column)
            if column is None or fault.row not in rows:
                continue
            level, found, expected, mend = _FAULTS[fault.code]
            self._spoilt.add(fault.column)
            self.held.add(fault.row)
            bad.update(dict.fromkeys((fault.row, output.split("__")[0]) for output in column.outputs))
            shown = found.format(value=quote(fault.text))
            heading = self._heading(fault.column)
            self.findings.append(Finding.of(fault.code, level, row=fault.row, column=heading, value=fault.text, found=shown, expected=expected, mend=mend))

    def _knows_all(self, cells: Sequence[str]) -> bool:
        return all(self.layout.knows(cell) for cell in cells if cell.strip())

    def _understand(self, index: int, column: Column, block: Block, bad: dict[tuple[int, str], None]) -> pl.Series:
        array = block.columns[index]
        if isinstance(column.kind, Text) and not isinstance(array, pa.DictionaryArray):
            return self._understand_text(index, column, array, block.rows, bad)
        if not isinstance(array, pa.DictionaryArray):
            array = array.dictionary_encode()
        texts = array.dictionary.to_pylist()
        positions = array.indices.to_numpy()
        values, failed = [], np.zeros(len(texts), dtype=bool)
        asked = np.zeros(len(texts), dtype=bool)
        for at, text in enumerate(texts):
            outcome = self._one(index, column, text)
            if isinstance(outcome, CellError):
                failed[at] = True
                values.append(None)
                if isinstance(column.kind, Choice) and numerals.clean(text) in _GRADES:
                    self._numbered[index] += int(np.count_nonzero(positions == at))
            else:
                values.append(outcome.value)
                asked[at] = outcome.ask is not None
        self._remember(index, column, texts, values)
        if failed.any():
            for at in np.flatnonzero(failed[positions]):
                text = texts[positions[at]]
                self._cell_finding(int(block.rows[at]), index, column, text, self._one(index, column, text), bad)
        if asked.any():
            times = np.bincount(positions, minlength=len(texts))
            for at in np.flatnonzero(asked & (times > 0)):
                self._ask(self._one(index, column, texts[at]).ask, int(times[at]), texts[at], self._heading(index))
        if column.until:
            return pl.Series([value or (None, None) for value in values], dtype=pl.Array(pl.Date, 2)).gather(positions)
        return pl.Series(values, dtype=column.kind.dtype, strict=True).gather(positions)

    def _remember(self, index: int, column: Column, texts: Sequence[str], values: Sequence[Any]) -> None:
        """Keep what is judged over the whole file: in which calendar the days are written, and the highest score."""
        if isinstance(column.kind, Day | Days | Month):
            written = texts if self.sheet.encoding else [text for text in texts if not _ISO_DAY.fullmatch(text)]
            self._calendars.setdefault(index, set()).update(map(_written_calendar, written))
        if getattr(column.kind, "high", None) == _FULL_SCORE and not column.nullable:
            self._highest[index] = max([self._highest.get(index, Decimal(0)), *(value for value in values if value is not None)])

    def _understand_text(
        self, index: int, column: Column, array: pa.Array, rows: np.ndarray, bad: dict[tuple[int, str], None]
    ) -> pl.Series:
        series = pl.Series(pl.from_arrow(array), dtype=pl.String)
        empty = series == ""
        at = _odd_texts(series, array, isinstance(column.kind, Text) and column.kind.key)
        if len(at):
            mended: list[str | None] = []
            for position, text in zip(at.to_list(), series.gather(at).to_list(), strict=True):
                outcome = self._one(index, column, text)
                if isinstance(outcome, CellError):
                    self._cell_finding(int(rows[position]), index, column, text, outcome, bad)
                    mended.append(None)
                else:
                    mended.append(outcome.value)
                    if outcome.ask:
                        self._ask(outcome.ask, 1, text, self._heading(index))
            series = series.scatter(at, mended)
        return pl.select(pl.when(series == "").then(None).otherwise(series)).to_series() if empty.any() else series

    def _one(self, index: int, column: Column, text: str) -> Any:
        """The reading of one spelling, or the CellError it deserves; remembered."""
        memo = self._memo.setdefault(index, {})
        if text not in memo:
            try:
                memo[text] = _read(column, text, self.context)
            except CellError as error:
                memo[text] = error
        return memo[text]

    def _cell_finding(self, row: int, index: int, column: Column, text: str, error: CellError, bad: dict[tuple[int, str], None]) -> None:
        self._spoilt.add(index)
        self.held.add(row)
        for output in column.outputs:
            bad[(row, output.split("__")[0])] = None
        self.findings.append(
            Finding.of(
                error.code, "row", row=row, column=self._heading(index), value=text, found=f"讀到「{quote(text)}」", expected=error.expected, mend=error.mend
            )
        )

    def _ask(self, code: str, times: int, text: str, heading: str) -> None:
        count, first, column = self._asked.get(code, (0, text, heading))
        self._asked[code] = (count + times, first, column)

    def _heading(self, index: int) -> str:
        return _clean_heading(self.sheet.names[index]) if index < len(self.sheet.names) else ""

    # --- from physical to canonical ----------------------------------------------------------------------------------------

    def _canonical(self, series: dict[int, pl.Series], block: Block) -> pl.DataFrame | None:
        frame: dict[str, pl.Series] = {}
        for index, column in self.columns.items():
            if column.until:
                frame[column.name] = series[index].arr.get(0)
                frame[column.until] = series[index].arr.get(1)
            else:
                frame[column.name] = series[index]
        physical = pl.DataFrame(frame).with_columns(pl.Series("_row", block.rows, dtype=pl.Int32))
        for name, text in self.constants.items():
            kind = self.dataset.stored[name]
            physical = physical.with_columns(pl.lit(kind.read(text, self.context).value, dtype=kind.dtype).alias(name))
        if isinstance(self.layout, MonthsAcross):
            if self.context.year is None:
                return None
            canonical = self.layout.unpivot(physical, self.context.year)
            canonical = self._refuse_future_months(canonical)
        else:
            canonical = self.layout.reshape(physical)
        if "_origin" not in canonical.columns:
            canonical = canonical.with_columns(pl.lit(0, dtype=pl.UInt8).alias("_origin"))
        absent = [pl.lit(None, dtype=kind.dtype).alias(name) for name, kind in self.dataset.stored.items() if name not in canonical.columns]
        return canonical.with_columns(absent).select("_row", "_origin", *self.dataset.stored)

    def _refuse_future_months(self, frame: pl.DataFrame) -> pl.DataFrame:
        late = frame.filter(pl.col("month") > self.context.today)
        for row, origin in late.select("_row", "_origin").iter_rows():
            self.held.add(row)
            self.findings.append(
                Finding.of(
                    "E-DAT-24", "row", row=row, column=f"{origin}月", found="這個月還沒到卻有數字", expected="空白", mend="請在原檔改正後重新上傳"
                )
            )
        return frame

    def _judge(self, frame: pl.DataFrame, bad: dict[tuple[int, str], None]) -> None:
        """Let pandera judge the typed rows: what may not be blank, bounds, and the dataset's own rules."""
        from warehouse.datasets._schema import broken_rules  # pandera takes a third of the server's start, and no page needs it

        for broken in broken_rules(self.dataset, frame):
            for row, origin, value in broken.cells:
                if (row, broken.column) in bad:
                    continue
                if not broken.asks:
                    self.held.add(row)
                shown = None if value is None else _shown(value, self.dataset, broken.column)
                self.findings.append(
                    Finding.of(
                        broken.code,
                        "ask" if broken.asks else "row",
                        row=row,
                        column=self._heading_of(broken.column, origin),
                        value=shown,
                        found=broken.found if shown is None else f"讀到「{quote(shown)}」" + ("" if broken.bound else f"，{broken.found}"),
                        expected=broken.expected,
                        mend="請查明，無誤請確認" if broken.asks else "請在原檔改正後重新上傳",
                    )
                )

    def heading_of(self, column: str) -> str:
        """The heading in the file under which a canonical column stood."""
        return self._heading_of(column, 0)

    def _heading_of(self, column: str, origin: int) -> str:
        for index, item in self.columns.items():
            if column in item.outputs:
                return self._heading(index)
        return self.layout.heading_for(column, origin)

    def _tally(self, frame: pl.DataFrame) -> None:
        """Count the answers of each list by slot: (slot, column, number) → rows."""
        slots = frame["_slot"].to_numpy().astype(np.int32) * _NUMBERS
        for name in self.dataset.choices:
            times = np.bincount(slots + frame[name].fill_null(0).to_numpy())
            self.answers.update({(at // _NUMBERS, name, at % _NUMBERS): int(times[at]) for at in np.flatnonzero(times).tolist() if at % _NUMBERS})

    def _without_repeated(self, frame: pl.DataFrame, block: Block) -> pl.DataFrame:
        """Leave out rows that stand in the file once more, cell for cell: counted as `duplicate`, and asked about."""
        names = [self.dataset.month_column, self.dataset.site_column, self.dataset.part, *self.dataset.key]
        keys = frame.select(pl.struct(*dict.fromkeys(name for name in names if name)).hash(0)).to_series()
        if keys.n_unique() == frame.height:
            return frame
        cells = [name for name in frame.columns if name != "_row"]
        first = frame.filter(keys.is_duplicated()).with_columns(pl.col("_row").first().over(cells).alias("_first"))
        times = dict(frame.group_by("_row").len().iter_rows())
        again = first.filter(pl.col("_row") != pl.col("_first")).group_by("_row").agg(pl.len(), pl.col("_first").unique()).sort("_row")
        at = {int(row): position for position, row in enumerate(block.rows)}
        repeated = [
            row
            for row, count, firsts in again.iter_rows()
            if count == times[row] and len(firsts) == 1 and self._is_spelt_alike(block, at[row], at[firsts[0]])
        ]
        if not repeated:
            return frame
        self._again = self._again or (repeated[0], str(again.filter(pl.col("_row") == repeated[0])["_first"][0][0]))
        self._repeated.update(repeated)
        self.ignored["duplicate"] += len(repeated)
        return frame.filter(~pl.col("_row").is_in(repeated))

    def _is_spelt_alike(self, block: Block, one: int, other: int) -> bool:
        """Whether two rows have the same text in every cell; keys that meet only once they are cleaned were meant as two."""
        return all(_cell(column, one).strip() == _cell(column, other).strip() for column in block.columns)

    def _with_slots(self, frame: pl.DataFrame) -> pl.DataFrame:
        """Add `_slot`: which dataset × month × site (× part) a row belongs to, as an index into `slots`."""
        numbers = self._few_slots(frame)
        if numbers is not None:
            return frame.with_columns(pl.Series("_slot", numbers, dtype=pl.Int32))
        keys = [pl.col(self.dataset.month_column).dt.month_start().alias("_m")]
        if self.dataset.site_column:
            keys.append(pl.col(self.dataset.site_column).alias("_s"))
        if self.dataset.part:
            keys.append(pl.col(self.dataset.part).alias("_p"))
        wanted = frame.select(keys)
        groups = wanted.group_by(pl.all(), maintain_order=True).len()
        numbers = []
        for values in groups.iter_rows(named=True):
            key = (values["_m"], self._site_code(values.get("_s")), self._part_text(values.get("_p")))
            numbers.append(self._slot_number(key, values["len"]))
        if len(numbers) == 1:
            return frame.with_columns(pl.lit(numbers[0], dtype=pl.Int32).alias("_slot"))
        lookup = groups.drop("len").with_columns(pl.Series("_slot", numbers, dtype=pl.Int32))
        joined = wanted.join(lookup, on=wanted.columns, how="left", nulls_equal=True, maintain_order="left")
        return frame.with_columns(joined["_slot"])

    def _few_slots(self, frame: pl.DataFrame) -> np.ndarray | None:
        """The slot of each row by a table of day × site, where the part is no further column; None where it is, or there are few rows."""
        if self.dataset.part or frame.height < 10_000:
            return None
        days = frame[self.dataset.month_column].to_physical().to_numpy()
        first = int(days.min())
        place = frame[self.dataset.site_column].fill_null(0).to_numpy().astype(np.int64) if self.dataset.site_column else np.zeros(len(days), dtype=np.int64)
        width = int(place.max()) + 1
        cells = (days.astype(np.int64) - first) * width + place
        times = np.bincount(cells)
        table = np.zeros(len(times), dtype=np.int32)
        for cell in np.flatnonzero(times):
            table[cell] = self._slot_of_day(first + int(cell) // width, int(cell) % width)
        found = table[cells]
        self.slot_rows.update({slot: int(count) for slot, count in enumerate(np.bincount(found)) if count})
        return found

    def _slot_of_day(self, day: int, place: int) -> int:
        if (day, place) not in self._slot_of_cell:
            month = (date(1970, 1, 1) + timedelta(days=day)).replace(day=1)
            self._slot_of_cell[(day, place)] = self._slot_number((month, self._site_code(place) if self.dataset.site_column else "all", ""), 0)
        return self._slot_of_cell[(day, place)]

    def _slot_number(self, key: tuple[date, str, str], rows: int) -> int:
        slot = self._slot_of.setdefault(key, len(self._slot_of))
        if slot == len(self.slots):
            self.slots.append(key)
        self.slot_rows[slot] += rows
        return slot

    def _site_code(self, number: int | None) -> str:
        return next((site["code"] for site in sites() if site["number"] == number), "all")

    def _part_text(self, value: Any) -> str:
        if value is None:
            return ""
        choice = self.dataset.choices.get(self.dataset.part or "")
        return next(option.code for option in choice.options if option.number == value) if choice else str(value)

    # --- the whole file ----------------------------------------------------------------------------------------------------

    def _finish(self) -> None:
        if self.layout.__class__ is MonthsAcross and self.context.year is None:
            self.findings.append(
                Finding.of("E-DAT-10", "file", found="表上只有月份，看不出是哪一年", expected="標題或檔名寫明年度", mend="請在標題列寫「105年」，或指定年度後重新上傳")
            )
            self.held.clear()
        self._find_duplicates()
        self._check_scales()
        self._emit_asks()
        self._refuse_nothing_but_keys()
        if not self.written and not any(finding.level in ("file", "row") for finding in self.findings):
            self.findings.append(Finding.of("E-EMPTY", "file", found="沒有資料列", expected="標題列之下至少一列資料", mend="請確認檔案內容後重新上傳"))
        self._check_months()

    def _refuse_nothing_but_keys(self) -> None:
        """A table in which months, places and names are filled in, and not one figure or answer."""
        identity = {self.dataset.month_column, self.dataset.site_column, self.dataset.part, *self.dataset.key}
        told = [index for index, column in self.columns.items() if not identity & set(column.outputs)]
        if self.single or not self._rows_seen or not told or any(self._counts[index] for index in told) or self._spoilt & set(told):
            return
        self.findings = [finding for finding in self.findings if finding.code != "E-NUM-22"]
        self.findings.append(
            Finding.of("E-EMPTY", "file", found="各列只有日期、單位等欄，沒有任何數字或內容", expected="填好的報表", mend="請確認選到填好的檔案後重新上傳")
        )

    def _check_scales(self) -> None:
        for index, highest in self._highest.items():
            if 0 < highest <= _OTHER_SCALE:
                self.findings.append(
                    Finding.of(
                        "E-SCALE",
                        "file",
                        column=self._heading(index),
                        found=f"最高只有{numerals.format_number(highest)}分，看來是別種評分尺度",
                        expected=f"滿分{_FULL_SCORE}的分數",
                        mend="請換算成百分制後重新上傳",
                    )
                )

        graded = [index for index in self._numbered if not self._counts[index]]
        if sum(self._numbered[index] for index in graded) >= _GRADED_CELLS:
            self.findings.append(
                Finding.of(
                    "E-SCALE",
                    "file",
                    column=self._heading(graded[0]),
                    found="答案是數字，看不出1還是5代表滿意",
                    expected="選項的文字",
                    mend="請依問卷把數字換成選項文字後重新上傳",
                )
            )

    def _emit_asks(self) -> None:
        for code, (count, text, heading) in sorted(self._asked.items()):
            found, expected, mend = _ASKS[code]
            shown = None if code == "W-PII" else text
            self.findings.append(
                Finding.of(
                    code, "ask", column=heading, value=shown, found=found.format(n=count, value=quote(text)), expected=expected, mend=mend
                )
            )

    def _find_duplicates(self) -> None:
        """The same key twice in a slot: `E-DUP-KEY`, each later row named.

        A 64-bit hash of the key is compared first: all different means no duplicate, and only rows that share a hash are looked at closely.
        """
        if self._again:
            row, first = self._again
            self.findings.append(
                Finding.of(
                    "W-BIZ-04",
                    "ask",
                    row=row,
                    found=f"有{self.ignored['duplicate']}列與前面的列完全相同（例如與第{first}列）",
                    expected="每一列只出現一次",
                    mend="確認後相同的只計一次，否則請改正後重新上傳",
                )
            )
        if not self._keys:
            return
        keys = pl.concat(self._keys, rechunk=False)
        self._ask_seldom(keys)
        hashes = keys.select(pl.struct("_slot", *self.dataset.key).hash(0)).to_series()
        if hashes.n_unique() == keys.height:
            return
        names = ["_slot", *self.dataset.key]
        shared = keys.filter(hashes.is_duplicated())
        again = shared.with_columns(pl.col("_row").first().over(names).alias("_first")).filter(pl.col("_row") != pl.col("_first"))
        shown = self.dataset.key[0]
        for values in again.iter_rows(named=True):
            text = _shown(values[shown], self.dataset, shown)
            self.findings.append(
                Finding.of(
                    "E-DUP-KEY",
                    "file",
                    row=values["_row"],
                    column=self._heading_of(shown, 0),
                    value=text,
                    found=f"「{quote(text)}」與第{values['_first']}列重複",
                    expected="同一月份、同一處所內不重複",
                    mend="請刪去重複的一列，或改正編號後重新上傳",
                )
            )

    def _ask_seldom(self, keys: pl.DataFrame) -> None:
        names = ["_slot", *self.dataset.seldom]
        if not self.dataset.seldom:
            return
        known = keys.drop_nulls(names)
        again = known.filter(known.select(names).is_duplicated()).filter(pl.struct(names).is_first_distinct().not_())
        if again.height:
            row = int(again["_row"][0])
            found = f"同一天同一人測了不只一次（有{again.height}列）"
            self.findings.append(Finding.of("W-BIZ-32", "ask", row=row, found=found, expected="一天一次", mend="若確實測了兩次請確認"))

    def _check_months(self) -> None:
        """A month that is not over, and a title that speaks of another month or another office."""
        running = [month for month in self.months if period.add_months(month, 1) > self.context.today]
        if running and not self.dataset.reference:
            self.findings.append(
                Finding.of(
                    "W-PARTIAL", "ask", found=f"{period.roc_month(running[-1])}還沒有結束", expected="整月的資料", mend="若要先入庫，請確認；月底後請再交一次"
                )
            )
        if any(len(written - {None}) > 1 for written in self._calendars.values()):
            self.findings.append(
                Finding.of("W-DAT-12", "ask", found="同一份檔案裡民國與西元日期並用", expected="同一種紀年", mend="請確認日期都正確")
            )
        for title in self.sheet.titles:
            self._check_branch(title)
            self._check_title(title, "標題")
        self._check_title(self.source.name, "檔名")

    def _check_branch(self, title: str) -> None:
        plain = heading_key(title)
        branches = set(_BRANCH.findall(plain))
        ours = {site["branch"] for site in sites()}
        if branches and not any(branch in our or our in branch for branch in branches for our in ours) and not any(our in plain for our in ours):
            self.findings.append(
                Finding.of("W-TITLE", "ask", value=title, found=f"標題寫的是「{quote(title)}」", expected=f"{'、'.join(sorted(ours))}的資料", mend="請確認沒有選錯檔案")
            )

    def _check_title(self, title: str, where: str) -> None:
        plain = heading_key(title)
        match = _MONTH_IN_TITLE.search(plain)
        if match and self.months and not _PRINTED_ON.search(plain):
            try:
                month = period.parse_month(match.group(0)).value
            except CellError:
                return
            if month not in self.months:
                self.findings.append(
                    Finding.of(
                        "W-TITLE",
                        "ask",
                        value=title,
                        found=f"{where}寫{period.roc_month(month)}，資料是{_months_in_words(self.months)}",
                        expected=f"{where}與資料同一月份",
                        mend="請確認沒有選錯檔案",
                    )
                )

    # --- totals ------------------------------------------------------------------------------------------------------------

    def _check_totals(self, totals: list[_Total], block: Block, series: dict[int, pl.Series]) -> None:
        """Add this block up and hold it against the 合計, 小計 and 平均 rows in it; keep what 累計 rows say for later."""
        start = 0
        order = sorted(totals, key=lambda total: total.row)
        for total in order:
            stop = int(np.searchsorted(block.rows, total.row)) if block.height else 0
            self._add_up(series, start, stop)
            start = max(start, stop)
            self._compare(total)
        self._add_up(series, start, block.height)

    def _check_row_totals(self, block: Block, series: dict[int, pl.Series]) -> None:
        """合計 at the right of a table whose months run across is the sum of its row."""
        index = next((index for index, name in enumerate(self.sheet.names) if heading_key(name) in _TOTALS), None)
        months = [column for column in self.columns if self.columns[column].kind.is_number]
        if index is None or self._spoilt:
            return
        for at, row in enumerate(block.rows):
            text = _cell(block.columns[index], at)
            computed = Decimal(sum(series[month][at] or 0 for month in months))
            if not numerals.is_blank(text) and _stated(text, self.columns[months[0]]) != computed:
                self._total_finding(int(row), index, text, computed)

    def _add_up(self, series: dict[int, pl.Series], start: int, stop: int) -> None:
        for index, values in series.items():
            part = values[start:stop]
            filled = len(part) - part.null_count()
            self._counts[index] += filled
            self._counts_since[index] += filled
            if self.columns[index].kind.is_number:
                total = Decimal(part.sum() or 0)
                self._sums[index] = self._sums.get(index, Decimal(0)) + total
                self._since[index] = self._since.get(index, Decimal(0)) + total

    def _compare(self, total: _Total) -> None:
        for index, text in total.cells.items():
            column = self.columns.get(index)
            if column is None or index in self._spoilt:
                continue
            stated = _stated(text, column)
            if total.kind == "cumulative":
                if column.kind.is_number and stated is not None:
                    self._keep_cumulative(total.row, index, column, stated)
            elif total.kind == "average":
                self._compare_average(total.row, index, column, text, stated)
            else:
                part = total.kind == "subtotal"
                computed = (self._since if part else self._sums).get(index)
                if not column.kind.is_number:
                    computed = Decimal((self._counts_since if part else self._counts)[index]) if stated is not None else None
                if computed is not None and stated != computed:
                    self._total_finding(total.row, index, text, computed)
        if total.kind in ("subtotal", "average"):
            self._since.clear()
            self._counts_since.clear()

    def _total_finding(self, row: int, index: int, text: str, computed: Decimal) -> None:
        self.findings.append(
            Finding.of(
                "E-TOTAL",
                "file",
                row=row,
                column=self._heading(index),
                value=text,
                found=f"合計寫「{quote(text)}」，各列加總是{numerals.format_number(computed)}",
                expected="合計等於各列加總",
                mend="請查明是合計或某一列有誤，改正後重新上傳",
            )
        )

    def _compare_average(self, row: int, index: int, column: Column, text: str, stated: Decimal | None) -> None:
        count = self._counts[index]
        if not column.kind.is_number or not count or stated is None:
            return
        mean = self._sums[index] / count
        of_part = self._since[index] / self._counts_since[index] if self._counts_since[index] else mean
        places = max(0, -stated.as_tuple().exponent)  # type: ignore[operator]
        if min(abs(mean - stated), abs(of_part - stated)) > Decimal(1).scaleb(-places) / 2:
            self.findings.append(
                Finding.of(
                    "W-BIZ-23",
                    "ask",
                    row=row,
                    column=self._heading(index),
                    value=text,
                    found=f"平均寫「{quote(text)}」，計算是{numerals.format_number(round(mean, places + 2))}",
                    expected="平均與各列相符",
                    mend="將採用計算值，請確認",
                )
            )

    def _keep_cumulative(self, row: int, index: int, column: Column, stated: Decimal) -> None:
        name, _, group = column.name.partition("__")
        groups = getattr(self.layout, "groups", ())
        constants = dict(groups[int(group)].constants) if group and groups else {}
        self.cumulative.append(CumulativeCheck(row, self._heading(index), name, constants, stated))


def screen(
    source: Source, *, today: date, dataset: str | None = None, year: int | None = None, strict: bool = False, single: bool = False
) -> Screening:
    """Find out which dataset a file is, map its headings, and stand ready to read it.

    dataset: only this one may match (`E-TABLE` says which one it looks like instead); year: AD year for tables that name none;
    single: rows given by themselves, not a table that may have been left unfilled.
    Raises `Refused` where the file as a whole cannot be read (see `open_sheet`, `E-HEADER`, `E-DUP-COLUMN`, `E-UNIT`), `UsageError` for an unknown dataset.
    """
    chosen = dataset_named(dataset) if dataset else None
    owners = {id(layout): item for item in all_datasets().values() for layout in item.all_layouts}
    sheet = open_sheet(source, [layout for item in all_datasets().values() for layout in item.all_layouts], strict=strict)
    found = owners[id(sheet.layout)]
    if chosen is not None and found is not chosen:
        sheet = _reopen_as(source, chosen, found, strict)
        found = chosen
    layout = sheet.layout
    assert isinstance(layout, Long)
    findings, columns = _map_headings(sheet, layout)
    findings += [*sheet.findings, *_unit_in_titles(sheet, layout)]
    told = _told_by_title(sheet, source, found)
    constants = {name: text for name, text in told.items() if name not in {column.name for column in columns.values()}}
    missing = [heading for heading in sheet.missing if not any(found.column_of(name).heading == heading for name in constants)]
    if missing:
        findings.append(_missing_finding(sheet, missing, layout, found))
    if any(finding.level == "file" for finding in findings):
        raise Refused(findings)
    told_years = _years_told(sheet, source)
    context = Context(today=today, year=year or next(iter(told_years), None), sites=site_numbers())
    if isinstance(layout, MonthsAcross) and len({*told_years, *([year] if year else [])}) > 1:
        findings.append(_which_year(context.year or 0))
    return Screening(source, sheet, found, layout, context, columns, constants, findings, single=single)


def _which_year(year: int) -> Finding:
    return Finding.of(
        "W-DAT-10", "ask", found=f"標題與檔名提到不只一個年度，這裡當作{year - 1911}年", expected="一個年度", mend="請確認年度，或在標題列只寫這份資料的年度"
    )


def _unit_in_titles(sheet: Sheet, layout: Long) -> list[Finding]:
    """A unit over the table is part of the meaning: amounts in thousands are not taken for dollars."""
    if not any(isinstance(column.kind, Money) for column in layout.columns):
        return []
    return [
        Finding.of(
            "E-UNIT", "file", value=title, found=f"標題寫「{quote(title)}」，金額不是以元為單位", expected="以元為單位的金額", mend="請換算成元後重新上傳"
        )
        for title in sheet.titles
        if _LARGE_UNIT.search(heading_key(title))
    ]


def _reopen_as(source: Source, chosen: Dataset, found: Dataset, strict: bool) -> Sheet:
    try:
        sheet = open_sheet(source, chosen.all_layouts, strict=strict)
        if not sheet.missing:
            return sheet
    except Refused:
        pass
    raise Refused(
        [
            Finding.of(
                "E-TABLE", "file", found=f"這份檔案看來是「{found.title}」", expected=f"「{chosen.title}」", mend="請改選報表，或選正確的檔案後重新上傳"
            )
        ]
    )


def _map_headings(sheet: Sheet, layout: Long) -> tuple[list[Finding], dict[int, Column]]:
    findings: list[Finding] = []
    columns = layout.physical(sheet.names)
    seen: dict[str, int] = {}
    for index, name in enumerate(sheet.names):
        key = heading_key(name)
        column = columns.get(index)
        identity = column.name if column else key
        if not key or key == heading_key(REASONS):
            continue
        if identity in seen:
            findings.append(
                Finding.of(
                    "E-DUP-COLUMN",
                    "file",
                    row=sheet.header_row,
                    column=_clean_heading(name),
                    found=f"與「{_clean_heading(sheet.names[seen[identity]])}」是同一欄",
                    expected="每一欄只出現一次",
                    mend="請刪去或更名後重新上傳",
                )
            )
        seen[identity] = index
        if column is None and not layout.knows(name):
            findings.append(_unknown_heading(sheet, name, layout))
    return findings, columns


def _unknown_heading(sheet: Sheet, name: str, layout: Long) -> Finding:
    base = without_unit(name)
    if base != heading_key(name) and layout.knows(base):
        printed = next((column.heading for column in layout.columns if base in column.keys), base)
        return Finding.of(
            "E-UNIT",
            "file",
            row=sheet.header_row,
            column=_clean_heading(name),
            found=f"欄名「{_clean_heading(name)}」帶有不認得的單位",
            expected=f"「{printed}」，以範本的單位填寫",
            mend=f"請把數字換算成範本的單位，欄名改為「{printed}」後重新上傳",
        )
    near = nearest(name, layout.known_names())
    hint = f"；相近的欄名有「{'」「'.join(near)}」" if near else ""
    return Finding.of(
        "W-HDR-07",
        "ask",
        row=sheet.header_row,
        column=_clean_heading(name),
        found="這一欄不認得，不會入庫",
        expected=f"範本上的欄名{hint}",
        mend="若可略過請確認，否則請更正欄名後重新上傳",
    )


def _missing_finding(sheet: Sheet, missing: Sequence[str], layout: Long, dataset: Dataset) -> Finding:
    unknown = [_clean_heading(name) for name in sheet.names if heading_key(name) and not layout.knows(name)]
    also = f"；另有不認得的「{'」「'.join(unknown)}」" if unknown else ""
    return Finding.of(
        "E-HEADER",
        "file",
        row=sheet.header_row,
        found=f"看來是「{dataset.title}」，但缺「{'」「'.join(missing)}」欄{also}",
        expected="必填欄名齊全，與範本相同",
        mend="請更正欄名或補上該欄後重新上傳",
    )


def _told_by_title(sheet: Sheet, source: Source, dataset: Dataset) -> dict[str, str]:
    if dataset.from_title is None:
        return {}
    return dict(dataset.from_title(" ".join([*sheet.titles, source.name])))


def _years_told(sheet: Sheet, source: Source) -> list[int]:
    """The years that titles and file name speak of, the likeliest first: with a quarter or month, then 年度, then bare; never of printing."""
    texts = [heading_key(text) for text in (*sheet.titles, source.name)]
    texts = [text for text in texts if not _PRINTED_ON.search(text)]
    found = [int(match.group(1)) for pattern in _YEARS_IN_TITLE for text in texts for match in pattern.finditer(text)]
    years = [year if year >= 1990 else year + 1911 for year in found]
    return list(dict.fromkeys(year for year in years if 1990 <= year <= 2100))


def _read(column: Column, text: str, context: Context) -> Reading[Any]:
    reading = column.kind.read(text, context)
    if isinstance(column.kind, Text) and isinstance(reading.value, str) and reading.ask is None:
        if column.kind.key and numerals.is_formula(reading.value):
            raise CellError("E-FORMULA", "文字或編號，不是公式")
        if column.kind.free_text and not column.kind.key and _PERSONAL.search(reading.value):
            return Reading(reading.value, "W-PII")
        if _USER_DEFINED.search(reading.value):
            return Reading(reading.value, "W-ENC-15")
        if _PRIVATE_USE.search(reading.value):
            return Reading(reading.value, "W-ENC-16")
    return reading


_written_calendar = lru_cache(maxsize=65536)(period.written_calendar)


@lru_cache(maxsize=65536)
def _label_rule(text: str) -> str | None:
    """The rule that a row's first word suggests."""
    key = heading_key(text)
    if key in _TOTALS:
        return "total"
    if key in _SUBTOTALS:
        return "subtotal"
    if key.startswith(("累計", "累積")):
        return "cumulative"
    if key.startswith("平均") or key == "average":
        return "average"
    if key.startswith(_NOTES):
        return "note"
    return None


def _rule_of(cells: Sequence[str], names: Sequence[str]) -> str | None:
    filled = [cell for cell in cells if not numerals.is_blank(cell)]
    if not filled:
        return "blank"
    if all(heading_key(cell) == heading_key(name) for cell, name in zip(cells, names, strict=True)):
        return "header"
    rule = _label_rule(filled[0])
    if rule is None and len(filled) == 1 and len(cells) > 2 and len(filled[0]) > 6 and not filled[0].isascii():
        return "note"
    if rule is None and len(filled) > 1 and heading_key(filled[0]) in _all_headings():
        return "header"
    return rule


def _label_candidates(block: Block) -> list[int]:
    """Positions of rows whose first filled cell may be a label (合計, 備註 …): a handful, found without reading every row in Python."""
    if not block.height:
        return []
    found: set[int] = set()
    unlabelled = np.ones(block.height, dtype=bool)
    if len(block.columns) > 2:
        found.update(np.flatnonzero(_maybe_label(block.columns[1])[1] & _maybe_label(block.columns[2])[1]).tolist())
    for column in block.columns[:4]:
        mask, blank = _maybe_label(column)
        found.update(np.flatnonzero(mask & unlabelled).tolist())
        unlabelled &= blank
        if not unlabelled.any():
            break
    return sorted(found)


def _odd_texts(series: pl.Series, array: pa.Array, key: bool) -> pl.Series:
    """Positions of the texts that want a closer look: most need none, and repeated ones are looked at once."""
    if key and _is_plain_ascii(array):
        return pl.Series(np.flatnonzero(np.isin(first_bytes(array), [ord(mark) for mark in "=@+-'"])))
    pattern = _KEY_ODD if key else _TEXT_ODD
    distinct = series.unique()
    if len(distinct) > len(series) // 2:
        return series.str.contains(pattern).arg_true()
    odd = distinct.filter(distinct.str.contains(pattern))
    return series.is_in(odd.implode()).arg_true() if len(odd) else pl.Series([], dtype=pl.UInt32)


def _is_plain_ascii(array: pa.Array) -> bool:
    """Whether no text of the array holds a space, a control character or anything beyond ASCII."""
    data = array.buffers()[2]
    if data is None or not data.size or array.offset:
        return False
    octets = np.frombuffer(data, dtype=np.uint8)
    return bool(octets.min() > ord(" ") and octets.max() < 0x7F) and b"_x000D_" not in data.to_pybytes()


def _maybe_label(column: pa.Array) -> tuple[np.ndarray, np.ndarray]:
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


@lru_cache(maxsize=65536)
def _may_be_label(text: str) -> bool:
    if _label_rule(text) is not None or (len(text) > 6 and not text.isascii()):
        return True
    key = heading_key(text)
    return key in _all_headings()


@lru_cache(maxsize=1)
def _all_headings() -> frozenset[str]:
    return frozenset(key for dataset in all_datasets().values() for layout in dataset.all_layouts for column in layout.columns for key in column.keys)


def _cell(column: pa.Array, at: int) -> str:
    return column[at].as_py() or ""


def _stated(text: str, column: Column) -> Decimal | None:
    if numerals.clean(text) in column.kind.blank_words:
        return Decimal(0)
    units = getattr(column.kind, "units", ()) or ("份", "件", "筆", "元", "人次", "人", "場")
    try:
        return Decimal(numerals.parse_decimal(text, places=4, units=units, signed=True).value)
    except CellError:
        return None


def _shown(value: Any, dataset: Dataset, column: str) -> str:
    choice = dataset.choices.get(column)
    if choice:
        return next((option.word for option in choice.options if option.number == value), str(value))
    if isinstance(value, date):
        return period.roc_date(value)
    if isinstance(value, Decimal):
        return numerals.format_number(value)
    return "" if value is None else str(value)


def _months_in_words(months: Sequence[date]) -> str:
    return "、".join(period.roc_month(month) for month in months[:4]) + ("等" if len(months) > 4 else "")


def _joined_files(row: int) -> Finding:
    return Finding.of("E-CONCAT", "file", row=row, found="這一列是另一份檔案的開頭", expected="一份檔案", mend="檔案可能是用copy指令接起來的，請分別上傳")


def _clean_heading(name: str) -> str:
    return " ".join(name.replace("\ufeff", "").split())


def year_option(text: str | None) -> int | None:
    """The `--year` option, ROC or AD, as an AD year; anything else is a `UsageError`."""
    if text is None:
        return None
    if not text.isascii() or not text.isdigit() or not (79 <= int(text) <= 189 or 1990 <= int(text) <= 2100):
        raise UsageError(f"年度「{text}」應為民國年（例如105）或西元年（例如2016）")
    return int(text) if int(text) >= 1990 else int(text) + 1911
