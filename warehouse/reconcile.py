"""Printed figures against computed ones. Differences are stated, not judged."""

from __future__ import annotations

import re
from dataclasses import dataclass
from decimal import Decimal
from typing import Any, Literal

import duckdb

from warehouse import numerals, scorecard
from warehouse.errors import CellError, UsageError
from warehouse.indicators import all_indicators
from warehouse.intake import Source
from warehouse.intake.grid import text_grid
from warehouse.intake.header import heading_key
from warehouse.period import Window

#: A number as a program writes it: no infinity, and no power of ten that would fill a page.
_PLAIN_NUMBER = re.compile(r"[+-]?[0-9]{1,20}(?:\.[0-9]{1,12})?", re.ASCII)

Outcome = Literal["equal", "differs", "not_computed", "not_placed"]


@dataclass(frozen=True)
class Row:
    """One printed figure. computed: the warehouse's value; kind of a difference: rounding, total or other; text and passage: how and where a
    report prints it, empty in a table; at: where in the passage it begins, -1 where it is reckoned from words."""

    id: str
    printed: str
    computed: Decimal | str | None
    outcome: Outcome
    kind: str | None
    sentence: str
    text: str = ""
    passage: str = ""
    at: int = -1

    @property
    def subject(self) -> str:
        """What a decision on it refers to: the indicator, or the text that none was found for."""
        return self.id or f"{self.printed} {self.passage[:40]}"

    def as_json(self) -> dict[str, Any]:
        """The contract's form; `printed` is a number where it is one."""
        return {
            "id": self.id,
            "printed": _as_number(self.printed),
            "computed": scorecard.number(self.computed),
            "outcome": self.outcome,
            "kind": self.kind,
            "sentence": self.sentence,
        }


def is_table(content: bytes) -> bool:
    """Whether a file is a table of id and printed value, rather than the text of a report."""
    if content.startswith((b"%PDF", b"PK\x03\x04")):
        return False
    first = content[:4096].partition(b"\n")[0].decode("utf-8-sig", "replace")
    return {"id", "printed"} <= {heading_key(cell) for cell in first.split(",")}


def reconcile_table(cursor: duckdb.DuckDBPyConnection, content: bytes, window: Window) -> list[Row]:
    """Compare a CSV of id and printed value with the figures of the window, row by row in the file's order.

    Raises `UsageError` where the columns `id` and `printed` are not there.
    """
    _, _, grid = text_grid(Source("printed.csv", content))
    header = [heading_key(cell) for cell in grid[0]] if grid else []
    if "id" not in header or "printed" not in header:
        raise UsageError("核對檔應有 id 與 printed 兩欄，第一列是欄名")
    at_id, at_printed = header.index("id"), header.index("printed")
    found = scorecard.figures(cursor, window)
    for number, cells in enumerate(grid[1:], start=2):
        if any(cell.strip() for cell in cells) and len(cells) <= max(at_id, at_printed):
            raise UsageError(f"核對檔第{number}列只有{len(cells)}格，應有 id 與 printed 兩格")
    rows = [cells for cells in grid[1:] if any(cell.strip() for cell in cells)]
    return [compare(cells[at_id].strip(), cells[at_printed].strip(), found) for cells in rows]


def compare(name: str, printed: str, found: dict[str, scorecard.Figure]) -> Row:
    """One printed figure against the computed one, with a sentence that states the difference."""
    figure = found.get(name)
    if figure is None:
        return Row(name, printed, None, "not_computed", None, "資料庫不儲存也不計算這一項")
    if figure.value is None:
        return Row(name, printed, None, "not_computed", None, "這段期間沒有資料")
    told = number_of(printed)
    if isinstance(figure.value, str) or told is None:
        same = heading_key(str(figure.value)) == heading_key(printed) or figure.text == printed
        return Row(name, printed, figure.value, "equal" if same else "differs", None if same else "other", "相同" if same else f"原報告「{printed}」，計算為「{figure.value}」")
    if told == figure.value:
        return Row(name, printed, figure.value, "equal", None, "相同")
    return _difference(name, printed, told, figure, found)


def _difference(name: str, printed: str, told: Decimal, figure: scorecard.Figure, found: dict[str, scorecard.Figure]) -> Row:
    assert isinstance(figure.value, Decimal)
    gap = abs(figure.value - told)
    step = Decimal(1).scaleb(-figure.indicator.decimals)
    if figure.indicator.decimals and gap <= step:
        return Row(name, printed, figure.value, "differs", "rounding", f"尾數差{numerals.format_number(gap)}")
    if figure.indicator.mart and _parts_of(name):
        return Row(name, printed, figure.value, "differs", "total", _total_sentence(name, told, figure, found))
    return Row(name, printed, figure.value, "differs", "other", f"原報告{numerals.format_number(told)}，計算為{figure.text}，差{numerals.format_number(gap)}{figure.indicator.unit}")


def _parts_of(name: str) -> list[str]:
    """The indicators that split the same sum: same mart and numerator, a condition more. Totals are told apart from other counts by having them."""
    whole = all_indicators()[name]
    return [
        other.id
        for other in all_indicators().values()
        if other.id != name and other.mart == whole.mart and other.numerator == whole.numerator and other.where and not whole.where and other.denominator is None
    ]


def _total_sentence(name: str, told: Decimal, figure: scorecard.Figure, found: dict[str, scorecard.Figure]) -> str:
    unit = figure.indicator.unit
    assert isinstance(figure.value, Decimal)
    gap = figure.value - told
    sentence = f"各部分加總{numerals.format_number(figure.value)}{unit}；原報告{numerals.format_number(told)}{unit}，差{numerals.format_number(abs(gap))}{unit}"
    same = next((part for part in _parts_of(name) if found[part].value == abs(gap)), None)
    return sentence + (f"，等於{found[same].indicator.name}" if same else "") + "，待業務單位確認"


def number_of(text: str) -> Decimal | None:
    """The number that is printed, with its unit or without; None for a word."""
    if _PLAIN_NUMBER.fullmatch(text):
        return Decimal(text)
    try:
        return numerals.parse_decimal(text, places=4, units=("件", "筆", "元", "人", "人次", "次", "分", "個", "份"), percent=True).value
    except CellError:
        return None


def _as_number(text: str) -> Any:
    return scorecard.number(Decimal(text)) if _PLAIN_NUMBER.fullmatch(text) else text
