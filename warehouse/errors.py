"""What can go wrong, as one tree, and the one shape in which it is told.

    WarehouseError                  every error of ours; its text is for people, in Traditional Chinese
    ├── DefinitionError             a dataset, indicator block, target or SQL file is wrong: ours to mend
    ├── UsageError                  the request itself is wrong (unknown indicator, bad period); exit code 2
    ├── Refused                     an intake was refused or wants confirmation; carries findings; exit code 1
    │   └── Conflict                another load was quicker, or the preview is stale
    ├── Unavailable                 locked, read-only, disk full, damaged; exit code 3
    └── CellError                   one cell cannot be understood; becomes a Finding with its row

A `Finding` is one thing that was found in a file. A `Reading` is one cell understood.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any, Generic, Literal, NamedTuple, TypeVar

Value = TypeVar("Value")
Level = Literal["file", "row", "ask", "note"]

#: How many characters of a cell are quoted back to the clerk.
QUOTE_LIMIT = 40


class WarehouseError(Exception):
    """Base of every error this package raises on purpose."""


class DefinitionError(WarehouseError):
    """A definition (dataset, indicator block, award tree, SQL file) contradicts itself; names file and key."""


class UsageError(WarehouseError):
    """What was asked for does not exist or cannot be read as a period, site, indicator or dataset."""


class Unavailable(WarehouseError):
    """The store cannot be used now: another process holds it, the disk is full or read-only, the file is damaged."""


class CellError(WarehouseError):
    """One cell that cannot be understood.

    code: finding code such as `E-NUM-08`; expected: what the cell should hold; mend: what to do (both zh-TW, no full stop).
    """

    def __init__(self, code: str, expected: str, mend: str = "請在原檔改正後重新上傳") -> None:
        super().__init__(f"{code}: {expected}")
        self.code, self.expected, self.mend = code, expected, mend


class Reading(NamedTuple, Generic[Value]):
    """A cell understood: its value, and the code of the question to put to the clerk, if there is one (`W-NUM-07`)."""

    value: Value
    ask: str | None = None


@dataclass(frozen=True, slots=True)
class Finding:
    """One thing found in a file.

    code: as in the catalogue of bad inputs; level: `file` refuses the file, `row` holds the row, `ask` wants a tick, `note` informs;
    row: the row as Excel shows it (1 is the first line); column: the heading in the file; value: the cell, escaped and cut at 40 characters;
    message: where, what was found, what was expected, how to mend.
    """

    code: str
    level: Level
    message: str
    row: int | None = None
    column: str | None = None
    value: str | None = None

    @classmethod
    def of(
        cls,
        code: str,
        level: Level,
        *,
        found: str,
        expected: str,
        mend: str,
        row: int | None = None,
        column: str | None = None,
        value: str | None = None,
        where: str | None = None,
    ) -> Finding:
        """Put the four parts together in one sentence order: 「where：found，應為expected。mend。」"""
        place = where or _place(row, column)
        shown = None if value is None else quote(value)
        return cls(code, level, f"{place}：{found}，應為{expected}。{mend}。", row, column, shown)

    def as_json(self) -> dict[str, Any]:
        """The contract's form: code, level, row, column, value, message."""
        return {
            "code": self.code,
            "level": self.level,
            "row": self.row,
            "column": self.column,
            "value": self.value,
            "message": self.message,
        }


class Refused(WarehouseError):
    """Nothing was written; `findings` say why, one for each thing to mend or confirm."""

    def __init__(self, findings: list[Finding]) -> None:
        super().__init__("\n".join(finding.message for finding in findings))
        self.findings = findings


class Conflict(Refused):
    """Another load changed the same dataset in between: nothing was written, look again and repeat."""


def quote(text: str) -> str:
    """Show a cell safely: control and direction characters as ⟦U+XXXX⟧, at most 40 characters."""
    shown = "".join(f"⟦U+{ord(c):04X}⟧" if _is_invisible(c) else c for c in text[: QUOTE_LIMIT + 1])
    return shown if len(text) <= QUOTE_LIMIT else shown[:QUOTE_LIMIT] + "…"


def _is_invisible(char: str) -> bool:
    point = ord(char)
    return point < 0x20 or 0x7F <= point < 0xA0 or point in _DIRECTION_MARKS or 0xD800 <= point <= 0xDFFF


_DIRECTION_MARKS = frozenset([*range(0x200B, 0x2010), *range(0x2028, 0x202F), *range(0x2060, 0x206A), 0xFEFF, 0xFFFE, 0xFFFF])


def _place(row: int | None, column: str | None) -> str:
    if row is not None and column is not None:
        return f"第{row}列「{column}」欄"
    if row is not None:
        return f"第{row}列"
    return f"「{column}」欄" if column is not None else "整份檔案"
