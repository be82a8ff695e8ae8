"""What the page of one indicator knows: its months with limits, earlier quarters, sites side by side, what was said of it."""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import date

import streamlit as st

from pages import _data
from pages._data import Choice, Dated, Reach
from warehouse import signals
from warehouse.anonymity import Few, hidden
from warehouse.coverage import Lacking
from warehouse.datasets import all_datasets, sites
from warehouse.errors import Finding
from warehouse.explanation import Explanation, explain, explanations
from warehouse.indicators import Indicator, all_indicators
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
    What few people are behind is withheld. unsent: months of its tables that some have sent and others have not."""

    dated: Dated
    series: Series
    stretches: tuple[Stretch, ...]
    standing: Standing | None
    quarters: tuple[Quarters, ...]
    sites: SideBySide | None
    unsent: tuple[Lacking, ...]
    events: tuple[Event, ...]
    version: int

    @property
    def months(self) -> tuple[Figure, ...]:
        """The figures by month."""
        return self.series.figures


def detail(name: str, choice: Choice) -> Detail:
    """One indicator with its months."""
    return _data.ask(_detail, name, choice.window, choice.site, _data.frame().today)


@st.cache_data(show_spinner=False, max_entries=256)
def _detail(folder: str, version: int, name: str, window: Window, site: str, today: date) -> Detail:
    return detail_of(_data.snapshot_of(folder, version), name, window, site, version, today)


def detail_of(snapshot: Snapshot, name: str, window: Window, site: str, version: int, today: date) -> Detail:
    """The page from a snapshot alone."""
    span = _data.trail(window, SPAN)
    known = [month for month in span.months if month >= window.start or snapshot.figures(Window(month, month), site=site, only=[name])[name].value is not None]
    reach = Reach(snapshot, window, site, today)
    whole = _data.over(span, today) if all_indicators()[name].kind == "additive" and all_indicators()[name].denominator is None else span
    series = signals.series(snapshot, name, Window(min(known[0], whole.end), whole.end), site=site)
    series = replace(series, figures=tuple(reach.few.by_month(series.figures)))
    now = snapshot.figures(window, site=site, only=[name])[name]
    before = snapshot.figures(window.previous_year(), site=site, only=[name])[name]
    beside = _side_by_side(snapshot, name, window) if site == ALL_SITES else None
    return Detail(
        reach.dated(now, before),
        series,
        signals.stretches(series),
        signals.standing(snapshot, name, whole, site=site),
        _quarters(snapshot, name, window, site, reach.few),
        _guarded_sites(beside, reach.few),
        tuple(each for source in _data.sources_of(all_indicators()[name]) for each in reach.coverage.lacking(source, series.window) if each.senders),
        _events(snapshot, name, span, site),
        version,
    )


def whole_quarter(window: Window) -> Quarter:
    """The newest quarter that is over at the end of a window."""
    quarter = Quarter.of(window.end)
    return quarter if quarter.window.end == window.end else quarter.previous()


def _quarters(snapshot: Snapshot, name: str, window: Window, site: str, few: Few) -> tuple[Quarters, ...]:
    block = all_indicators()[name]
    if not _counts(block):
        return ()
    quarter = whole_quarter(window)
    earlier = {"previous": quarter.previous(), "last_year": Quarter(quarter.year - 1, quarter.number)}
    found = {kind: signals.comparison(snapshot, name, quarter.window, other.window, site=site) for kind, other in earlier.items()}
    return tuple(Quarters(kind, _guarded(each, few)) for kind, each in found.items())


def _counts(block: Indicator) -> bool:
    """Whether it is counted month by month, or made of what is."""
    return block.kind == "additive" or (bool(block.sum) and all(_counts(all_indicators()[part]) for part in block.sum))


def _guarded(found: Comparison, few: Few) -> Comparison:
    """Without the figure of a quarter in which too few people answered, and then without the difference."""
    figure, earlier = few.figure(found.figure), few.figure(found.earlier)
    if hidden(figure) or hidden(earlier):
        return replace(found, figure=figure, earlier=earlier, difference=None, low=None, high=None, claim=None)
    return found


def _side_by_side(snapshot: Snapshot, name: str, window: Window) -> SideBySide | None:
    """Only where sites hand in their own and more than one has."""
    codes = {site["code"] for site in sites()}
    have = {where for where, month in snapshot.cells.get(name, ()) if where in codes and month <= window.end}
    return signals.sites_side_by_side(snapshot, name, window) if len(have) > 1 else None


def _guarded_sites(beside: SideBySide | None, few: Few) -> SideBySide | None:
    """Without the figures of sites that too few people answered at."""
    return beside and replace(beside, sites=tuple(replace(site, figure=few.figure(site.figure)) for site in beside.sites))


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
