"""What the working group's page knows: every indicator under the headings of the report, this period and the quarters before it, and what is missing."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date

import streamlit as st

from pages import _data, _data_home
from pages._data import Choice, Dated, Reach
from pages._data_indicator import whole_quarter
from warehouse import signals
from warehouse.anonymity import guarded
from warehouse.indicators import Indicator, award_headings
from warehouse.period import Quarter, Window
from warehouse.scorecard import Figure, Snapshot
from warehouse.signals import SPAN, Standing

#: How many months the small line of a row shows.
_SHOWN = 12


@dataclass(frozen=True)
class Line:
    """One indicator. quarter, previous, last_year: the newest whole quarter, the one before, that of last year; trail: (month, value)
    of the last twelve months, empty for what is not counted by month."""

    dated: Dated
    quarter: Figure
    previous: Figure
    last_year: Figure
    standing: Standing | None
    trail: tuple[tuple[date, float | None], ...]

    @property
    def indicator(self) -> Indicator:
        """Which one."""
        return self.dated.figure.indicator

    @property
    def is_missing(self) -> bool:
        """Whether it has no value, or some of the months it is made of are not in."""
        return self.dated.figure.value is None or bool(self.dated.lacking or self.dated.partial)

    @property
    def is_below(self) -> bool:
        """Whether it misses a target, whatever its basis; not where months that are missing could still bring it there."""
        figure = self.dated.figure
        return figure.comparison == "misses" and not (figure.verdict == "cannot_tell" and figure.indicator.interval == "none")

    @property
    def has_target(self) -> bool:
        """Whether there is a target in this period, whatever its basis."""
        return self.dated.figure.goal is not None

    @property
    def is_decided(self) -> bool:
        """Whether that target has been decided on, so that it gives a verdict."""
        return self.has_target and self.dated.figure.target is not None and self.dated.figure.target.basis != "provisional"


@dataclass(frozen=True)
class Heading:
    """A heading of the report and the indicators that stand right under it."""

    code: str
    lines: tuple[Line, ...]


@dataclass(frozen=True)
class Section:
    """One of the five 評核項目."""

    code: str
    headings: tuple[Heading, ...]


@dataclass(frozen=True)
class Review:
    """The page. quarter: the newest whole one of the period."""

    window: Window
    quarter: Quarter
    sections: tuple[Section, ...]


def review(choice: Choice) -> Review:
    """Every indicator over a window and site."""
    return _data.ask(_review, choice.window, choice.site, _data.frame().today)


@st.cache_data(show_spinner=False, max_entries=32)
def _review(folder: str, version: int, window: Window, site: str, today: date) -> Review:
    standings = _data_home.standings(folder, version, _data.over(_data.trail(window, SPAN), today), site)
    return review_of(_data.snapshot_of(folder, version), window, site, today, standings)


def review_of(snapshot: Snapshot, window: Window, site: str, today: date, standings: Mapping[str, Standing]) -> Review:
    """The page from a snapshot alone."""
    quarter = whole_quarter(window)
    periods = (window, quarter.window, quarter.previous().window, Quarter(quarter.year - 1, quarter.number).window)
    reach, trail = Reach(snapshot, window, site, today), _data.trail(window, _SHOWN)
    now, *quarters = (reach.few.figures(snapshot.figures(period, site=site)) for period in periods)
    lines: dict[str, list[Line]] = defaultdict(list)
    for name, figure in now.items():
        indicator = figure.indicator
        if not indicator.section or not indicator.defined_in(window):
            continue
        values = signals.counted_by_month(snapshot, indicator, trail, site)
        gone = reach.few.months(trail, site) if guarded(indicator) else ()
        lines[_heading(indicator)].append(
            Line(
                reach.dated(figure, None),
                *(found[name] for found in quarters),
                standings.get(name),
                tuple((month, None if month in gone else value) for month, value in zip(trail.months, values, strict=True)) if values else (),
            )
        )
    headings = [Heading(code, tuple(lines[code])) for code in award_headings() if lines[code]]
    sections = [Section(code, tuple(heading for heading in headings if heading.code.startswith(code))) for code in _data_home.item_codes()]
    return Review(window, quarter, tuple(sections))


def _heading(indicator: Indicator) -> str:
    """The nearest heading above an indicator."""
    return max((code for code in award_headings() if indicator.section.startswith(code)), key=len)
