"""What is owed of a table, from which day on, by which day of the following month and by whom: the rows of the `duty` dataset, read as rules."""

from __future__ import annotations

import calendar
import re
from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

from warehouse import period
from warehouse.datasets import all_datasets, handing_in
from warehouse.intake.header import heading_key

_LIST_MARKS = re.compile("[、,，;；/]")


@dataclass(frozen=True)
class Due:
    """What is owed of a table from a day on: by which day of the following month (None: no due date), and by whom each (empty: nobody in particular)."""

    effective: date
    due_day: int | None
    parts: tuple[str, ...]

    def last_day(self, month: date) -> date | None:
        """The last day on which the table of a month is in time; None without a due date."""
        if self.due_day is None:
            return None
        following = period.add_months(month, 1)
        return following.replace(day=min(self.due_day, calendar.monthrange(following.year, following.month)[1]))


Dues = Mapping[str, Sequence[Due]]


def dues_of(rows: Iterable[Mapping[str, Any]]) -> dict[str, list[Due]]:
    """Dataset → its rules, oldest first. A table may be named by its title; of two rules of one day the later row stands."""
    titles = {heading_key(dataset.title): name for name, dataset in all_datasets().items()}
    found: dict[str, list[Due]] = defaultdict(list)
    for row in sorted(rows, key=lambda row: row["effective"]):
        parts = tuple(filter(None, _LIST_MARKS.split(row["parts"] or "")))
        found[titles.get(row["report"], row["report"])].append(Due(row["effective"], row["due_day"], parts))
    return dict(found)


def due_of(dues: Dues, dataset: str, month: date) -> Due | None:
    """The rule in force when the table of a month falls due, which is in the month after it."""
    return next((due for due in reversed(dues.get(dataset, ())) if due.effective <= period.add_months(month, 1)), None)


def owing(dues: Dues, dataset: str, month: date) -> frozenset[str]:
    """The codes of the sites or bodies that each owe their part of the table of a month; empty where the rules name nobody."""
    due = due_of(dues, dataset, month)
    codes = handing_in(all_datasets()[dataset])
    return frozenset(codes[name] for name in due.parts if name in codes) if due else frozenset()
