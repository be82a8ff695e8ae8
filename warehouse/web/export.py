"""CSV for Excel: UTF-8 with BOM, CRLF, and no cell that a spreadsheet would take for a formula."""

from __future__ import annotations

import csv
import io
from collections.abc import Iterable, Sequence
from typing import Any

_FORMULA_STARTS = ("=", "+", "-", "@", "\t", "\r", "\n", "＝", "＋", "－", "＠")


def neutral(cell: Any) -> Any:
    """A text that begins like a formula gets an apostrophe before it; numbers stay numbers."""
    if not isinstance(cell, str) or not cell.lstrip(" \u3000").startswith(_FORMULA_STARTS) or cell in ("-", "－"):
        return cell
    return "'" + cell


def csv_bytes(rows: Iterable[Sequence[Any]]) -> bytes:
    """The rows as a file to download."""
    text = io.StringIO()
    writer = csv.writer(text, lineterminator="\r\n")
    for row in rows:
        writer.writerow(["" if cell is None else neutral(cell) for cell in row])
    return text.getvalue().encode("utf-8-sig")
