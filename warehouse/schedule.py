"""What must be done each month or quarter, month by month: done, missed, not due. Every indicator whose target falls due so is an item."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date
from fractions import Fraction
from typing import Literal

from warehouse import period
from warehouse.datasets import all_datasets
from warehouse.indicators import Indicator, Target, all_indicators
from warehouse.period import Window
from warehouse.scorecard import ALL_SITES, Figure, Snapshot

#: done: as often as due, or something of what a quarter asks; missed: due by the end of this month and not done; not_due: nothing was due, or it is
#: still time; no_data: the tables of this month have not come in, so that nothing can be said.
Mark = Literal["done", "missed", "not_due", "no_data"]


@dataclass(frozen=True)
class Item:
    """Something to be done: the indicator that counts it, its target, (month, mark, times done) through the window, times due and done over it."""

    indicator: Indicator
    target: Target
    months: tuple[tuple[date, Mark, int], ...]
    due: int
    done: int

    @property
    def missed(self) -> tuple[date, ...]:
        """The months at whose end it was missing."""
        return tuple(month for month, mark, _ in self.months if mark == "missed")


def compliance(snapshot: Snapshot, window: Window) -> tuple[Item, ...]:
    """Every item over the months of a window, of the office as a whole. What a quarter asks is judged at the end of its last month,
    with the months of the quarter before the window counted in, and only where all three tell."""
    wanted = [name for name, block in all_indicators().items() if block.target and block.target.per and block.kind == "additive"]
    reach = Window(period.Quarter.of(window.start).window.start, window.end)
    now = snapshot.figures(window, only=wanted)
    counts = snapshot.monthly(wanted, reach, site=ALL_SITES)
    return tuple(item for name in wanted if (item := _item(now[name], counts[name], window, _told(snapshot, now[name].indicator, reach))) is not None)


def _told(snapshot: Snapshot, indicator: Indicator, reach: Window) -> set[date]:
    """The months of which its tables tell: those that came in; of a register, which a month without entries does not reach, all from its first to its
    newest."""
    came = {month for name, month, *_ in snapshot.slots if name in indicator.source}
    if all(all_datasets()[name].monthly for name in indicator.source):
        return came
    return {month for month in reach.months if came and min(came) <= month <= max(came)}


def _item(now: Figure, counts: Iterable[Figure], window: Window, told: set[date]) -> Item | None:
    target = now.target
    if target is None or target.per is None:
        return None
    done = {figure.window.start: int(figure.exact or 0) for figure in counts}
    months = tuple((month, _mark(month, done, target, told), done[month]) for month in window.months)
    return Item(now.indicator, target, months, int(now.goal or 0), int(now.exact or 0))


def _mark(month: date, done: dict[date, int], target: Target, told: set[date]) -> Mark:
    if month not in told:
        return "no_data"
    asked = Fraction(str(target.value))
    if target.per == "month":
        return "done" if done[month] >= asked else "missed"
    quarter = period.Quarter.of(month).window
    through = sum(count for at, count in done.items() if quarter.start <= at <= month)
    if month == quarter.end and through < asked and set(quarter.months) <= told:
        return "missed"
    return "done" if done[month] else "not_due"
