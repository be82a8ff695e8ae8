"""A figure made of the sums behind it: added up, divided once, rounded exactly, judged against its target."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from dataclasses import replace
from datetime import date
from decimal import Decimal
from fractions import Fraction
from typing import Any

from warehouse import numerals, statistics
from warehouse.datasets import all_datasets
from warehouse.indicators import Indicator, Target
from warehouse.period import Window
from warehouse.scorecard.figure import ALL_SITES, Figure
from warehouse.scorecard.lineage import in_reach, references

#: Site and month → numerator, denominator, sum of squares, latest.
Cells = dict[tuple[str, date], tuple[Decimal | None, Decimal | None, Decimal | None, str | None]]

#: Dataset → month, site and batch of its live slots.
Owners = dict[str, list[tuple[date, str, int]]]


def make_figure(
    indicator: Indicator, window: Window, site: str, cells: Cells, target: Target | None, owners: Owners, other: Callable[[str], Figure]
) -> Figure:
    """The figure of an indicator. other: the figure of another one over the same window, for those that are derived."""
    bare = Figure(indicator, window, site, target=target, goal=_goal(indicator, target, window, site, owners), verdict="no_data")
    if not indicator.defined_in(window):
        return bare
    if indicator.kind == "derived":
        return _derived(bare, other, owners)
    inside = {key: cell for key, cell in cells.items() if in_reach(indicator, key[1], window) and site in (ALL_SITES, key[0])}
    if not inside:
        return bare
    covered = tuple(sorted({month for _, month in inside if month >= window.start}))
    slots = [slot for name in indicator.source for slot in owners.get(name, ())]
    batches = {batch for month, where, batch in slots if in_reach(indicator, month, window) and site in (ALL_SITES, where)}
    known = replace(bare, months=covered, batches=tuple(sorted(batches)))
    return _additive(known, inside) if indicator.kind == "additive" else _latest(known, inside)


def _goal(indicator: Indicator, target: Target | None, window: Window, site: str, owners: Owners) -> float | None:
    """What is to be reached. What is due by month or quarter is due of the office as a whole, and up to the newest month whose tables are in,
    if any are."""
    if target is None or (target.per and site != ALL_SITES):
        return None
    newest = max((month for name in indicator.source for month, _, _ in owners.get(name, ())), default=window.end)
    return target.due([month for month in window.months if month <= newest] if target.per else window.months)


def _additive(bare: Figure, inside: dict[Any, Any]) -> Figure:
    indicator = bare.indicator
    numerator = _total(cell[0] for cell in inside.values())
    denominator = _total(cell[1] for cell in inside.values())
    if numerator is None and indicator.denominator is None:
        return bare
    if indicator.denominator is not None and not denominator:
        return replace(bare, numerator=numerator, denominator=denominator)
    numerator = numerator or Decimal(0)
    exact = Fraction(numerator)
    if denominator:
        exact = Fraction(numerator) / Fraction(denominator) * (100 if indicator.is_share else 1)
    value = numerals.round_half_up(exact, indicator.decimals)
    n = int(denominator) if denominator is not None and denominator == int(denominator) and (indicator.is_share or indicator.is_mean) else None
    found = replace(bare, value=value, exact=exact, numerator=numerator, denominator=denominator, n=n, low=value, high=value)
    squares = _total(cell[2] for cell in inside.values())
    return _judged(found, _interval(found, squares))


def _interval(figure: Figure, squares: Decimal | None) -> statistics.Interval | None:
    if figure.numerator is None or not figure.n:
        return None
    if figure.indicator.interval == "wilson":
        low, high = statistics.wilson(int(figure.numerator), figure.n)
        return statistics.Interval(100 * low, 100 * high)
    if figure.indicator.interval == "t" and squares is not None:
        return statistics.t_interval(float(figure.numerator), float(squares), figure.n)
    return None


def _latest(bare: Figure, inside: dict[Any, Any]) -> Figure:
    """The newest reading of each site, an ended one left out; numbers of several sites add up, words and dates are those of the newest."""
    newest: dict[str, tuple[date, str | None]] = {}
    for (site, month), (_, _, _, latest) in sorted(inside.items(), key=lambda item: item[0][1]):
        newest[site] = (month, latest)
    indicator = bare.indicator
    readings = [cell[3] for cell in inside.values() if cell[3]] if indicator.rollup == "max" else [text for _, text in newest.values() if text]
    if not readings:
        return bare
    if indicator.kind == "fact":
        value: Decimal | str = max((item for item in newest.values() if item[1]), key=lambda item: item[0])[1] or readings[-1]
        return replace(bare, value=value, verdict="no_target")
    amounts = [Fraction(Decimal(text)) for text in readings]
    exact = max(amounts) if indicator.rollup == "max" or indicator.across_sites == "any" else sum(amounts, Fraction(0))
    rounded = numerals.round_half_up(exact, indicator.decimals)
    return _judged(replace(bare, value=rounded, exact=exact, low=rounded, high=rounded), None)


def _derived(bare: Figure, other: Callable[[str], Figure], owners: Owners) -> Figure:
    indicator = bare.indicator
    counted = [month for name, slots in owners.items() if not all_datasets()[name].reference for month, _, _ in slots]
    if indicator.period and not any(bare.window.start <= month <= bare.window.end for month in counted):
        return bare
    if indicator.period:
        return replace(bare, value=f"{bare.window.iso_from}..{bare.window.iso_to}", verdict="no_target")
    parts = [other(name) for name in references(indicator)]
    known = [part for part in parts if part.exact is not None]
    batches = tuple(sorted({batch for part in parts for batch in part.batches}))
    months = tuple(sorted({month for part in parts for month in part.months}))
    if not known:
        return bare
    if indicator.grade:
        score = known[0].exact or Fraction(0)
        word = next((word for bound, word in sorted(indicator.bands, reverse=True) if score >= Fraction(str(bound))), None)
        return replace(bare, value=word, n=known[0].n, verdict="no_target", batches=batches, months=months)
    exact = sum((part.exact or Fraction(0) for part in known), Fraction(0))
    value = numerals.round_half_up(exact, indicator.decimals)
    return _judged(replace(bare, value=value, exact=exact, numerator=Decimal(value), low=value, high=value, batches=batches, months=months), None)


def _judged(figure: Figure, interval: statistics.Interval | None) -> Figure:
    """Add comparison and verdict: by the interval where something is sampled, directly where all is counted; a provisional target gives no verdict."""
    indicator, goal = figure.indicator, figure.goal
    sampled = indicator.interval != "none"
    if interval:
        figure = replace(figure, interval=indicator.interval, low=_cents(interval.low), high=_cents(interval.high))
    elif sampled:
        figure = replace(figure, low=None, high=None)
    if goal is None or figure.exact is None:
        return replace(figure, verdict="no_target")
    comparison = statistics.compare(float(figure.exact), goal, indicator.direction)
    verdict: statistics.Verdict = "met" if comparison == "meets" else "not_met"
    if sampled:
        verdict = statistics.verdict(interval, goal, indicator.direction) if interval else "cannot_tell"
    needed, too_few = None, False
    if indicator.interval == "wilson" and figure.n and figure.numerator is not None:
        if verdict == "cannot_tell":
            needed = statistics.answers_needed(int(figure.numerator), figure.n, goal / 100, indicator.direction)
        too_few = not statistics.can_ever_clear(figure.n, goal / 100, indicator.direction)
    if figure.target and figure.target.basis == "provisional":
        verdict = "no_target"
    return replace(figure, comparison=comparison, verdict=verdict, needed=needed, too_few=too_few)


def _cents(value: float) -> Decimal:
    return numerals.round_half_up(Fraction(value), 2)


def _total(values: Iterator[Decimal | None] | Iterable[Decimal | None]) -> Decimal | None:
    known = [value for value in values if value is not None]
    return sum(known, Decimal(0)) if known else None
