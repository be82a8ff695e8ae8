"""Which months of which tables are in, wholly or in part, as the live slots tell.

A table that several sites or testing bodies each send a part of is complete when all of them have sent it that owe it by the table of due dates, or where
that names nobody, that had sent it before. Single survey forms and tallies stand in for each other.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection, Iterable
from dataclasses import dataclass, field
from datetime import date

from warehouse.datasets import all_datasets, handing_in
from warehouse.dues import Dues, owing
from warehouse.period import Window
from warehouse.scorecard import ALL_SITES, Snapshot

_TWINS = {"survey_response": ("survey_tally",), "survey_tally": ("survey_response",)}


@dataclass(frozen=True)
class Lacking:
    """A month of a table that is not whole. senders: the sites or bodies that have not sent it, by their codes; empty where nobody has."""

    month: date
    senders: tuple[str, ...] = ()


@dataclass(frozen=True)
class Coverage:
    """senders: dataset → month → the sites or bodies whose part is in; only tables that count something, only the site asked for (`site`)."""

    senders: dict[str, dict[date, frozenset[str]]]
    dues: Dues = field(default_factory=dict)
    site: str = ALL_SITES

    @classmethod
    def of(cls, snapshot: Snapshot, site: str = ALL_SITES, only: Collection[str] | None = None) -> Coverage:
        """What a snapshot holds for a site, or for all; of these tables only, where some are named."""
        found: dict[str, dict[date, set[str]]] = defaultdict(lambda: defaultdict(set))
        for name, month, where, part, *_ in snapshot.slots:
            if only is not None and name not in only:
                continue
            dataset = all_datasets()[name]
            if not dataset.reference and (site in (ALL_SITES, where) or dataset.site_column is None):
                found[name][month].add(part if _sent_by_part(name) else where)
        senders = {name: {month: frozenset(those) for month, those in months.items()} for name, months in found.items()}
        return cls(senders, snapshot.dues, site)

    def months(self, dataset: str) -> dict[date, frozenset[str]]:
        """month → who has sent the table, or the one that stands in for it."""
        found: dict[date, frozenset[str]] = {}
        for name in (dataset, *_TWINS.get(dataset, ())):
            for month, senders in self.senders.get(name, {}).items():
                found[month] = found.get(month, frozenset()) | senders
        return found

    def stood_in_for(self, dataset: str) -> bool:
        """Whether a table need not come, since the one that stands in for it does."""
        twins = _TWINS.get(dataset, ())
        return bool(twins) and not self.senders.get(dataset) and any(self.senders.get(twin) for twin in twins)

    def lacking(self, dataset: str, window: Window) -> tuple[Lacking, ...]:
        """The months of a window that a table sent before lacks, wholly or in part; none of a table that was never sent."""
        months = self.months(dataset)
        if not months:
            return ()
        before = frozenset[str]().union(*(senders for month, senders in months.items() if month < window.start))
        found = []
        for month in window.months:
            there = months.get(month, frozenset())
            before |= there
            absent = (self._named(dataset, month) or before) - there
            if month not in months:
                found.append(Lacking(month))
            elif absent:
                found.append(Lacking(month, tuple(sorted(absent))))
        return tuple(found)

    def _named(self, dataset: str, month: date) -> frozenset[str]:
        """Who owes a part of the table of a month by the due dates; empty where they name nobody, and then those owe it that had sent it before."""
        named = owing(self.dues, dataset, month)
        return named & {self.site} if self.site != ALL_SITES and not _sent_by_part(dataset) else named

    def only_sender(self, dataset: str) -> str | None:
        """The one site or body that has ever sent a table which several may send and no rule asks of the others; None otherwise."""
        ever = frozenset[str]().union(*self.months(dataset).values())
        return next(iter(ever)) if len(ever) == 1 and len(handing_in(all_datasets()[dataset])) > 1 else None


def incomplete(snapshot: Snapshot, sources: Iterable[str], window: Window) -> frozenset[date]:
    """The months of a window in which some sites have sent a monthly table among the sources and others have not, so that sums are too small."""
    by_site = [name for name in sources if all_datasets()[name].monthly and all_datasets()[name].site_column is not None]
    if not by_site:
        return frozenset()
    coverage = Coverage.of(snapshot, only={*by_site, *(twin for name in by_site for twin in _TWINS.get(name, ()))})
    return frozenset(lacking.month for name in by_site for lacking in coverage.lacking(name, window) if lacking.senders)


def _sent_by_part(name: str) -> bool:
    """Whether the parts of a table are bodies that each send theirs, as the two that test telephone courtesy."""
    dataset = all_datasets()[name]
    return dataset.part is not None and dataset.part in dataset.choices and dataset.site_column is None
