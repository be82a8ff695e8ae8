"""Small numbers in breakdowns: which cells to withhold so that no published total gives one of them away."""

from __future__ import annotations

from collections.abc import Collection, Hashable, Mapping
from typing import TypeVar

from warehouse import statistics

Cell = TypeVar("Cell", bound=Hashable)


def withheld(counts: Mapping[Cell, int], totals: Collection[Collection[Cell]]) -> frozenset[Cell]:
    """The cells that must not be shown: those of too few answers, and others so that each published total holds none of them or at least two.

    counts: answers by cell; totals: for each total that readers can see, the cells it adds up. Of the cells that could hide another the smallest
    goes first; a total with nothing else to withhold is left as it is.
    """
    gone = {cell for cell, n in counts.items() if statistics.tier(n, breakdown=True) == "suppressed"}
    settled = False
    while not settled:
        settled = True
        for total in totals:
            if sum(cell in gone for cell in total) != 1:
                continue
            others = [cell for cell in total if counts.get(cell, 0) and cell not in gone]
            if others:
                gone.add(min(others, key=lambda cell: (counts[cell], repr(cell))))
                settled = False
    return frozenset(gone)
