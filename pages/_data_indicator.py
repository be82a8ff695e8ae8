"""What the page of one indicator knows: its months with limits, earlier quarters, sites side by side, what was said of it."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

import streamlit as st

from pages import _data
from pages._data import Choice, Dated, Reach
from warehouse import signals
from warehouse.datasets import all_datasets, sites
from warehouse.disclosure import withheld
from warehouse.errors import Finding
from warehouse.explanation import Explanation, explain, explanations
from warehouse.indicators import all_indicators
from warehouse.period import Quarter, Window
from warehouse.scorecard import ALL_SITES, Figure, Snapshot
from warehouse.signals import SPAN, Comparison, Series, SideBySide, Standing, Stretch


@dataclass(frozen=True)
class Event:
    """A month of a table that was handed in or corrected after a later month of it was in: the entries of the log that hold it."""

    month: date
    dataset: str
    entries: tuple[int, ...]


@dataclass(frozen=True)
class Quarters:
    """The newest whole quarter of the period against an earlier one. kind: previous or last_year; comparison: None where the indicator has no series."""

    kind: str
    comparison: Comparison


@dataclass(frozen=True)
class Detail:
    """The page of one indicator: months run back `SPAN` months, or to the start of the window where that is longer, from the first that has a value.
    withheld: sites whose figure must not be shown, since few persons stand behind it or since it would give such a one away."""

    dated: Dated
    series: Series
    stretches: tuple[Stretch, ...]
    standing: Standing | None
    quarters: tuple[Quarters, ...]
    sites: SideBySide | None
    withheld: frozenset[str]
    events: tuple[Event, ...]
    version: int

    @property
    def months(self) -> tuple[Figure, ...]:
        """The figures by month."""
        return self.series.figures


def detail(name: str, choice: Choice) -> Detail:
    """One indicator with its months."""
    return _data.ask(_detail, name, choice.window, choice.site)


@st.cache_data(show_spinner=False, max_entries=256)
def _detail(folder: str, version: int, name: str, window: Window, site: str) -> Detail:
    return detail_of(_data.snapshot_of(folder, version), name, window, site, version)


def detail_of(snapshot: Snapshot, name: str, window: Window, site: str, version: int) -> Detail:
    """The page from a snapshot alone."""
    span = _data.trail(window, SPAN)
    known = [month for month in span.months if month >= window.start or snapshot.figures(Window(month, month), site=site, only=[name])[name].value is not None]
    series = signals.series(snapshot, name, Window(known[0], span.end), site=site)
    now = snapshot.figures(window, site=site, only=[name])[name]
    before = snapshot.figures(window.previous_year(), site=site, only=[name])[name]
    beside = _side_by_side(snapshot, name, window) if site == ALL_SITES else None
    return Detail(
        Reach(snapshot, window, site).dated(now, before),
        series,
        signals.stretches(series),
        signals.standing(snapshot, name, span, site=site),
        _quarters(snapshot, name, window, site),
        beside,
        _withheld(beside),
        _events(snapshot, name, span, site),
        version,
    )


def whole_quarter(window: Window) -> Quarter:
    """The newest quarter that is over at the end of a window."""
    quarter = Quarter.of(window.end)
    return quarter if quarter.window.end == window.end else quarter.previous()


def _quarters(snapshot: Snapshot, name: str, window: Window, site: str) -> tuple[Quarters, ...]:
    block = all_indicators()[name]
    if block.kind not in ("additive", "derived") or block.grade or block.period:
        return ()
    quarter = whole_quarter(window)
    earlier = {"previous": quarter.previous(), "last_year": Quarter(quarter.year - 1, quarter.number)}
    return tuple(Quarters(kind, signals.comparison(snapshot, name, quarter.window, other.window, site=site)) for kind, other in earlier.items())


def _side_by_side(snapshot: Snapshot, name: str, window: Window) -> SideBySide | None:
    """Only where sites hand in their own and more than one has."""
    codes = {site["code"] for site in sites()}
    have = {where for where, month in snapshot.cells.get(name, ()) if where in codes and month <= window.end}
    return signals.sites_side_by_side(snapshot, name, window) if len(have) > 1 else None


def _withheld(beside: SideBySide | None) -> frozenset[str]:
    if beside is None or any(site.tier is None and site.figure.value is not None for site in beside.sites):
        return frozenset()
    counts = {site.site: site.figure.n or 0 for site in beside.sites}
    return withheld(counts, [list(counts)])


def _events(snapshot: Snapshot, name: str, span: Window, site: str) -> tuple[Event, ...]:
    sources = _data.sources_of(all_indicators()[name])
    slots = [slot for slot in snapshot.slots if slot[0] in sources and (site in (ALL_SITES, slot[2]) or all_datasets()[slot[0]].site_column is None)]
    found: dict[tuple[date, str], set[int]] = {}
    for dataset, month, _, _, batch, _ in slots:
        later = [other for name, at, _, _, other, _ in slots if name == dataset and at > month]
        if span.start <= month <= span.end and later and batch > min(later):
            found.setdefault((month, dataset), set()).add(batch)
    return tuple(Event(month, dataset, tuple(sorted(entries))) for (month, dataset), entries in sorted(found.items()))


# --- what is said of it -------------------------------------------------------------------------------------------------


def said(month: date) -> dict[str, list[Explanation]]:
    """Explanations of the period that ends in a month, by indicator, the newest first."""
    return _data.ask(_said, month)


@st.cache_data(show_spinner=False, max_entries=32)
def _said(folder: str, version: int, month: date) -> dict[str, list[Explanation]]:
    found = _data.read(version, lambda cursor: explanations(cursor, month=month))
    return {indicator: told for (indicator, _), told in found.items()}


def write(name: str, month: date, text: str, by: str) -> list[Finding]:
    """Write an explanation of an indicator for the period that ends in a month; what stands in the way, nothing where it was written."""
    result = _data.in_thread(("explain", name, month, text, by), lambda warehouse: explain(warehouse, name, month, text, by, accept=["all"]))
    return [] if result.outcome in ("loaded", "unchanged") else result.findings
