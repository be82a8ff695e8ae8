"""One spelling of a cell: what it is read as, and which texts of a column want reading at all."""

from __future__ import annotations

import re
from typing import Any

import numpy as np
import polars as pl
import pyarrow as pa

from warehouse import numerals
from warehouse.datasets import Column, Context, Text
from warehouse.errors import CellError, Reading
from warehouse.intake import first_bytes

_KEY_ODD = r"[^\x21-\x7e]|^[=@+'-]|_x000D_"
_TEXT_ODD = (
    r"^[ \t\u3000\xa0\ufeff\u200b\n]|[ \t\u3000\xa0\ufeff\u200b\n]$|[\x00-\x08\x0b-\x1f\x7f-\x9f\ufffd\ufffe\uffff\ue000-\uf8ff\U000f0000-\U0010fffd]|_x000D_"
    r"|[A-Z][12][0-9]{8}|09[0-9]{2}-?[0-9]{3}-?[0-9]{3}"
)
_PERSONAL = re.compile(r"[A-Z][12][0-9]{8}|09[0-9]{2}-?[0-9]{3}-?[0-9]{3}")
_USER_DEFINED = re.compile("[\ue000-\uf8ff]")
_PRIVATE_USE = re.compile("[\U000f0000-\U0010fffd]")


def read_spelling(column: Column, text: str, context: Context) -> Reading[Any]:
    """The value of a cell and the question it gives rise to, if any; raises `CellError`."""
    reading = column.kind.read(text, context)
    if isinstance(column.kind, Text) and isinstance(reading.value, str) and reading.ask is None:
        return Reading(reading.value, _question(column.kind, reading.value))
    return reading


def _question(kind: Text, text: str) -> str | None:
    """What is asked about words; a key that is a formula is refused."""
    if kind.key and numerals.is_formula(text):
        raise CellError("E-FORMULA", "文字或編號，不是公式")
    if kind.free_text and not kind.key and _PERSONAL.search(text):
        return "W-PII"
    if _USER_DEFINED.search(text):
        return "W-ENC-15"
    return "W-ENC-16" if _PRIVATE_USE.search(text) else None


def odd_texts(series: pl.Series, array: pa.Array, kind: Text) -> pl.Series:
    """Positions of the texts that want a closer look: most need none, and repeated ones are looked at once."""
    if kind.key and _is_plain_ascii(array):
        return pl.Series(np.flatnonzero(np.isin(first_bytes(array), [ord(mark) for mark in "=@+-'"])))
    pattern = _KEY_ODD if kind.key else _TEXT_ODD
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
