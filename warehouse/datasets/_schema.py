"""The pandera schema of a dataset, made from its columns and rules, and its verdict on a typed frame."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from functools import cache
from typing import Any

import pandera.polars as pa
import polars as pl
from pandera.errors import SchemaErrors
from pandera.polars import PolarsData

from warehouse.datasets._dataset import Dataset, Rule


@dataclass(frozen=True)
class Broken:
    """A rule that some rows break. cells: (file row, origin in a wide table, value); bound: the value itself is out of bounds;
    asks: asked about, not held."""

    code: str
    column: str
    expected: str
    found: str
    bound: bool
    asks: bool
    cells: list[tuple[int, int, Any]]


@cache
def schema_of(name: str) -> pa.DataFrameSchema:
    """The pandera schema of the canonical frame of a dataset: types, what may be blank, bounds, and the dataset's own rules by position."""
    from warehouse.datasets import all_datasets

    dataset = all_datasets()[name]
    columns = {}
    for output, kind in dataset.stored.items():
        checks = []
        if getattr(kind, "low", None) is not None:
            checks.append(pa.Check.ge(_bound(kind, kind.low)))
        if getattr(kind, "high", None) is not None:
            checks.append(pa.Check.le(_bound(kind, kind.high)))
        columns[output] = pa.Column(kind.dtype, checks=checks, nullable=dataset.column_of(output).nullable)
    checks = [pa.Check(_holds(rule), name=f"rule:{index}") for index, rule in enumerate(dataset.rules)]
    return pa.DataFrameSchema({**columns, "_row": pa.Column(pl.Int32), "_origin": pa.Column(pl.UInt8)}, checks=checks, strict=True, name=name)


def broken_rules(dataset: Dataset, frame: pl.DataFrame) -> Iterator[Broken]:
    """What pandera finds wrong in a frame, rule by rule; nothing for a sound one. The frame must be eager: a lazy one is judged by its schema only."""
    try:
        schema_of(dataset.name).validate(frame, lazy=True)
    except SchemaErrors as errors:
        yield from _explain(dataset, frame, errors.failure_cases)


def _explain(dataset: Dataset, frame: pl.DataFrame, cases: pl.DataFrame) -> Iterator[Broken]:
    for (column, check), group in cases.group_by(["column", "check"], maintain_order=True):
        positions = group["index"].drop_nulls().cast(pl.Int64)
        if not len(positions):
            raise AssertionError(f"{dataset.name}: {check} on {column}: {group.row(0)}")
        at = frame.select("_row", "_origin").gather(positions) if hasattr(frame, "gather") else frame[positions.to_list()].select("_row", "_origin")
        if check.startswith("rule:"):
            rule = dataset.rules[int(check.split(":")[1])]
            yield Broken(rule.code, rule.column, rule.expected, rule.found, False, rule.asks, _cells(at, frame[rule.column].gather(positions)))
        elif check == "not_nullable":
            yield Broken("E-NUM-22", column, "有內容", "這一格是空白", False, False, _cells(at, None))
        else:
            yield Broken("E-BIZ-16", column, _bounds_in_words(dataset, column), "", True, False, _cells(at, frame[column].gather(positions)))


def _cells(at: pl.DataFrame, values: pl.Series | None) -> list[tuple[int, int, Any]]:
    shown = values.to_list() if values is not None else [None] * at.height
    return [(row, origin, value) for (row, origin), value in zip(at.iter_rows(), shown, strict=True)]


def _holds(rule: Rule) -> Any:
    def check(data: PolarsData) -> pl.LazyFrame:
        return data.lazyframe.select(rule.holds.fill_null(True))

    return check


def _bound(kind: Any, value: float) -> Any:
    from decimal import Decimal

    return Decimal(str(value)) if isinstance(kind.dtype, pl.Decimal) else value


def _bounds_in_words(dataset: Dataset, column: str) -> str:
    kind = dataset.stored[column]
    low, high = getattr(kind, "low", None), getattr(kind, "high", None)
    if low is not None and high is not None:
        return f"{low:g}到{high:g}的數字"
    return f"不小於{low:g}的數字" if low is not None else f"不大於{high:g}的數字"
