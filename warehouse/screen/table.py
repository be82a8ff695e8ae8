"""The table that a file turned out to hold: whose it is, how it is laid out, which column stands where."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property

from warehouse.datasets import Column, Context, Dataset, Long, MonthsAcross
from warehouse.intake import Sheet, Source


@dataclass(frozen=True)
class Table:
    """One table of one dataset, before its cells are understood.

    columns: position in the file → column; constants: cells that only the title tells, by canonical column;
    single: rows given by themselves, not a table that may have been left unfilled.
    """

    source: Source
    sheet: Sheet
    dataset: Dataset
    layout: Long
    columns: dict[int, Column]
    constants: dict[str, str]
    context: Context
    single: bool = False

    @property
    def across(self) -> MonthsAcross | None:
        """The layout, where its months run across."""
        return self.layout if isinstance(self.layout, MonthsAcross) else None

    @cached_property
    def identity(self) -> tuple[str, ...]:
        """The canonical columns that say which row it is: month, site, part and key."""
        names = (self.dataset.month_column, self.dataset.site_column, self.dataset.part, *self.dataset.key)
        return tuple(dict.fromkeys(name for name in names if name))

    def heading(self, index: int) -> str:
        """The heading at a position, as it stands in the file."""
        return clean_heading(self.sheet.names[index]) if index < len(self.sheet.names) else ""

    def heading_of(self, column: str, origin: int = 0) -> str:
        """The heading in the file under which a canonical column stood; origin: in which group or month."""
        for index, item in self.columns.items():
            if column in item.outputs:
                return self.heading(index)
        return self.layout.heading_for(column, origin)


def clean_heading(name: str) -> str:
    """A heading on one line, without marks that cannot be seen."""
    return " ".join(name.replace("\ufeff", "").split())
