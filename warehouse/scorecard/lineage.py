"""What is made from what: the indicators behind an indicator, those that a dataset feeds, the months that bear on a window."""

from __future__ import annotations

from datetime import date

from warehouse.indicators import Indicator, all_indicators
from warehouse.period import Window
from warehouse.store import datasets_behind


def references(indicator: Indicator) -> tuple[str, ...]:
    """The indicators that it is made of, where it is derived."""
    return (*indicator.sum, *([indicator.grade] if indicator.grade else []))


def dependents(dataset: str) -> list[Indicator]:
    """The indicators that are made from a dataset, directly or not."""
    direct = {name for name, indicator in all_indicators().items() if indicator.mart and dataset in datasets_behind(indicator.mart)}
    return [indicator for name, indicator in all_indicators().items() if name in direct or set(references(indicator)) & direct]


def in_reach(indicator: Indicator, month: date, window: Window) -> bool:
    """Whether what is known of a month bears on a window: a reading that is carried on does so from before it."""
    return month <= window.end and (indicator.carry or month >= window.start)
