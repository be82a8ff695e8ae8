"""What a column allows, and how a cell of it is refused."""

from __future__ import annotations

from dataclasses import dataclass
from typing import NoReturn

from warehouse.errors import CellError

#: The most significant digits a number may have: what DECIMAL(18, …) and BIGINT hold for certain.
MOST_DIGITS = 18

#: How a cell is mended where its code says nothing more of it.
MEND = "請在原檔改正後重新上傳"


@dataclass(frozen=True, slots=True)
class Column:
    """What the column allows, and how to refuse a cell of it."""

    expected: str
    units: tuple[str, ...]
    signed: bool
    exponent: bool

    def refuse(self, code: str, mend: str = MEND) -> NoReturn:
        """Raise the `CellError` of a code, with what the column expects."""
        raise CellError(code, self.expected, mend)
