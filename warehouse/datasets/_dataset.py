"""What a dataset is: its columns, how its table may be laid out, its grain, slot and keys. One file beside this one defines each."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from functools import cached_property
from typing import Any

import polars as pl

from warehouse.datasets._kinds import Choice, Days, Kind, Site
from warehouse.intake.header import heading_key

#: Where a finding stands when a dataset does not say otherwise.
MEND = "請在原檔改正後重新上傳"


@dataclass(frozen=True)
class Column:
    """One column of a table.

    name: canonical; heading: as printed on the template; kind: how cells are read; others: other headings for it;
    required: the heading must be there; nullable: a cell may be blank; until: a `Days` column's second name; english: its heading on an English screen,
    where its name does not read as one.
    """

    name: str
    heading: str
    kind: Kind
    others: tuple[str, ...] = ()
    required: bool = True
    nullable: bool = False
    until: str | None = None
    english: str = ""

    @cached_property
    def keys(self) -> frozenset[str]:
        """Every heading under which it is known, compared by `heading_key`."""
        return frozenset(heading_key(name) for name in (self.heading, self.name, *self.others))

    @property
    def outputs(self) -> tuple[str, ...]:
        """The canonical columns it fills: one, or two for a range of days."""
        return (self.name, self.until) if self.until else (self.name,)


@dataclass(frozen=True)
class Rule:
    """A rule over one row: `holds` is a Polars expression, null or true where it is kept; column: the canonical column to blame;
    asks: a row that breaks it is asked about, not held."""

    code: str
    column: str
    holds: pl.Expr
    expected: str
    found: str = "與同列其他欄位不符"
    asks: bool = False


@dataclass(frozen=True)
class Long:
    """One heading for each column: the canonical layout, and the one the template is made in."""

    columns: tuple[Column, ...]
    ignored: tuple[str, ...] = ()
    title: str = ""

    def physical(self, headings: Sequence[str]) -> dict[int, Column]:
        """Position in the file → column, for the headings that are known."""
        by_key = {key: column for column in self.columns for key in column.keys}
        found = ((index, by_key.get(heading_key(heading))) for index, heading in enumerate(headings))
        return {index: column for index, column in found if column is not None}

    def knows(self, heading: str) -> bool:
        """Whether the heading is one of its own, or one that is known and not kept."""
        key = heading_key(heading)
        return any(key in column.keys for column in self.columns) or key in {heading_key(name) for name in self.ignored}

    def missing(self, headings: Iterable[str]) -> list[str]:
        """Required headings that are not there."""
        keys = {heading_key(heading) for heading in headings}
        return [column.heading for column in self.columns if column.required and not column.keys & keys]

    def known_names(self) -> list[str]:
        """Headings as printed on the template."""
        return [column.heading for column in self.columns]

    def is_free_text(self, heading: str) -> bool:
        """Whether nearly every cell of the column is spelt differently."""
        key = heading_key(heading)
        return any(column.kind.free_text for column in self.columns if key in column.keys)

    def reshape(self, frame: pl.DataFrame) -> pl.DataFrame:
        """Physical columns (named by heading position) to canonical rows: here they are the same."""
        return frame

    def heading_for(self, column: str, origin: int) -> str:
        """The heading under which a canonical cell stood in the file."""
        return next((item.heading for item in self.columns if column in item.outputs), column)


@dataclass(frozen=True)
class Group:
    """Columns of a wide table that belong to one canonical row: the constants of that row, and its own columns."""

    constants: Mapping[str, Any]
    columns: tuple[Column, ...]


@dataclass(frozen=True)
class Wide(Long):
    """A printed table with one group of columns for each canonical row, as 便利商店代收件數・金額 beside 臨櫃代收筆數・金額."""

    groups: tuple[Group, ...] = ()

    @classmethod
    def of(cls, keys: tuple[Column, ...], groups: tuple[Group, ...], ignored: tuple[str, ...] = ()) -> Wide:
        """keys: columns shared by the groups."""
        named = tuple(
            Column(f"{column.name}__{index}", column.heading, column.kind, column.others, column.required, True)
            for index, group in enumerate(groups)
            for column in group.columns
        )
        return cls(columns=keys + named, ignored=ignored, groups=groups)

    def reshape(self, frame: pl.DataFrame) -> pl.DataFrame:
        """One row of the file becomes a row for each group that has any figure."""
        shared = [name for name in frame.columns if "__" not in name]
        parts = []
        for index, group in enumerate(self.groups):
            own = {f"{column.name}__{index}": column.name for column in group.columns if f"{column.name}__{index}" in frame.columns}
            if not own:
                continue
            part = frame.select(*shared, *(pl.col(old).alias(new) for old, new in own.items())).filter(
                pl.any_horizontal(pl.col(new).is_not_null() for new in own.values())
            )
            constants = [pl.lit(value, dtype=_literal_type(value)).alias(name) for name, value in group.constants.items()]
            parts.append(part.with_columns(*constants, pl.lit(index, dtype=pl.UInt8).alias("_origin")))
        return pl.concat(parts, how="diagonal").sort("_row", maintain_order=True) if parts else frame

    def heading_for(self, column: str, origin: int) -> str:
        """The heading of the column in its group."""
        if origin < len(self.groups):
            for item in self.groups[origin].columns:
                if item.name == column:
                    return item.heading
        return super().heading_for(column, origin)


@dataclass(frozen=True)
class MonthsAcross(Long):
    """A table whose months run across, 1月 … 12月 and 合計; the year comes from the title, the file name or the request."""

    value: Column | None = None

    @classmethod
    def of(cls, keys: tuple[Column, ...], value: Column, ignored: tuple[str, ...] = ("合計", "總計", "累計", "備註")) -> MonthsAcross:
        """keys: the columns at the left; value: what stands in each month's column."""
        months = tuple(
            Column(f"{value.name}__{month}", f"{month}月", value.kind, (f"{month:02d}月", f"{month}月份"), False, True) for month in range(1, 13)
        )
        return cls(columns=keys + months, ignored=ignored, value=value)

    def missing(self, headings: Iterable[str]) -> list[str]:
        """Its keys, and at least one month."""
        headings = list(headings)
        lacking = super().missing(headings)
        months = [column for column in self.columns if "__" in column.name]
        keys = {heading_key(heading) for heading in headings}
        return lacking if any(column.keys & keys for column in months) else [*lacking, "1月"]

    def months_in(self, frame: pl.DataFrame) -> list[int]:
        """The months that have a column in the frame."""
        return [int(name.rsplit("__", 1)[1]) for name in frame.columns if "__" in name]

    def unpivot(self, frame: pl.DataFrame, year: int) -> pl.DataFrame:
        """One row of the file becomes a row for each month that is filled in."""
        assert self.value is not None
        shared = [name for name in frame.columns if "__" not in name]
        parts = [
            frame.select(
                *shared,
                pl.date(year, month, 1).alias("month"),
                pl.col(f"{self.value.name}__{month}").alias(self.value.name),
                pl.lit(month, dtype=pl.UInt8).alias("_origin"),
            ).filter(pl.col(self.value.name).is_not_null())
            for month in self.months_in(frame)
        ]
        return pl.concat(parts).sort("_row", maintain_order=True)

    def heading_for(self, column: str, origin: int) -> str:
        """The month's column for the value."""
        assert self.value is not None
        return f"{origin}月" if column in (self.value.name, "month") else super().heading_for(column, origin)


def _literal_type(value: Any) -> Any:
    return {bool: pl.Boolean, int: pl.UInt8, str: pl.String}[type(value)]


@dataclass(frozen=True)
class Dataset:
    """One kind of table that the office keeps.

    name: as in the contract; title, title_en: on screen; grain: what one row is; owner: who hands it in;
    columns: the canonical ones (their `Long` layout is the template); layouts: other ways the table arrives;
    month_column: the date that says which month a row belongs to; part: a further column of the slot;
    key: what is unique within a slot; rules: over one row; monthly: a table is due each month;
    reference: describes rather than counts, so it does not tell how far the data reach;
    from_title: cells that only the title tells, by canonical column;
    seldom: columns of the key that seldom meet twice within a slot, and are asked about where they do (`W-BIZ-32`);
    by_form: made for one row at a time, as things happen, so that the screens offer a form for it;
    tallied: answers are counted by slot while they are loaded, so that figures need not read the rows again
    (`live.<name>__answers`, `live.<name>__rows`).
    """

    name: str
    title: str
    title_en: str
    grain: str
    owner: str
    columns: tuple[Column, ...]
    month_column: str
    key: tuple[str, ...]
    layouts: tuple[Long, ...] = ()
    ignored: tuple[str, ...] = ()
    part: str | None = None
    rules: tuple[Rule, ...] = ()
    monthly: bool = True
    reference: bool = False
    from_title: Callable[[str], Mapping[str, str]] | None = None
    excludes: Mapping[str, str] = field(default_factory=dict)
    by_form: bool = False
    tallied: bool = False
    seldom: tuple[str, ...] = ()

    @cached_property
    def long(self) -> Long:
        """The canonical layout."""
        return Long(self.columns, self.ignored)

    @cached_property
    def all_layouts(self) -> tuple[Long, ...]:
        """The canonical layout, then the others."""
        return (self.long, *self.layouts)

    @cached_property
    def site_column(self) -> str | None:
        """The column that names the site, where the table has one."""
        return next((column.name for column in self.columns if isinstance(column.kind, Site)), None)

    @cached_property
    def stored(self) -> dict[str, Kind]:
        """Canonical column → kind, in the order of the raw table."""
        return {name: column.kind for column in self.columns for name in column.outputs}

    @cached_property
    def choices(self) -> dict[str, Choice]:
        """The columns with a list of answers."""
        return {name: kind for name, kind in self.stored.items() if isinstance(kind, Choice)}

    def column_of(self, output: str) -> Column:
        """The column that fills a canonical name."""
        return next(column for column in self.columns if output in column.outputs)

    @property
    def is_range(self) -> bool:
        """Whether the month column is a range of days."""
        return isinstance(self.stored[self.month_column], Days)
