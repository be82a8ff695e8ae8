"""What the director's page knows: counts of verdicts, what needs attention, the eight cards, what changed, and every other indicator by 評核項目."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection, Mapping
from dataclasses import dataclass
from datetime import date

import streamlit as st

from pages import _data
from pages._data import Choice, Dated, Missing, Reach
from warehouse import period, signals
from warehouse.datasets import all_datasets
from warehouse.indicators import Indicator, all_indicators, award_headings, headline_indicators
from warehouse.period import Window
from warehouse.scorecard import ALL_SITES, Figure, Snapshot
from warehouse.signals import SPAN, Standing

#: The eight cards of the first page in their order: words, the indicator that leads, the one that stands beside it.
CARDS = (
    ("survey_time", "survey_time_within_30", None),
    ("survey_overall", "survey_overall_top2", None),
    ("phone_self", "phone_self_mean", "phone_self_grade"),
    ("phone_hq", "phone_hq_mean", None),
    ("cvs", "cvs_payment_count", "cvs_payment_amount"),
    ("counter", "counter_payment_count", "counter_payment_amount"),
    ("web", "website_visits", "website_visits_cumulative"),
    ("petition", "petition_count", "petition_overdue"),
)

#: With fewer months known than this a control chart says nothing outside its own page.
_FEWEST = 12

#: Letters of the code of a 評核項目: 壹一.
_ITEM = 2


@dataclass(frozen=True)
class Card:
    """One of the eight: `words` names its title; `trail` are (month, value) with None where there is nothing; standing: what its control chart says."""

    words: str
    lead: Dated
    other: Figure | None
    month: Figure | None
    trail: tuple[tuple[date, float | None], ...]
    goals: tuple[float | None, ...]
    standing: Standing | None


@dataclass(frozen=True)
class Attention:
    """Something to look at. kind: concern (not met, and its chart signals concern), not_met, cannot_tell or missing; lacking: months that the tables of
    the figure lack."""

    kind: str
    figure: Figure | None = None
    standing: Standing | None = None
    missing: Missing | None = None
    lacking: tuple[date, ...] = ()


@dataclass(frozen=True)
class Turn:
    """An indicator whose plain comparison with its target is another one with the newest month in it than without."""

    now: Figure
    before: Figure


@dataclass(frozen=True)
class Step:
    """The newest month of a card beside the month before it, what the chart allows to be said of it, and who has not sent the newest month yet.
    early: fewer than twelve months are known, so that no chart says anything; anew: a phase began not twelve months ago; running: it is a count of a
    month that is not over."""

    words: str
    now: Figure
    before: Figure
    standing: Standing | None
    partial: tuple[str, ...]
    early: bool
    anew: bool
    running: bool


@dataclass(frozen=True)
class Changes:
    """What the newest month brought. compared: whether the period without it could be held against targets at all; loads: table → entries of the log with rows of that month; later: table → entries that changed earlier months
    since that month came in."""

    month: date
    steps: tuple[Step, ...]
    compared: bool
    turns: tuple[Turn, ...]
    signals: tuple[tuple[Indicator, Standing], ...]
    loads: tuple[tuple[str, tuple[int, ...]], ...]
    later: tuple[tuple[str, tuple[int, ...]], ...]


@dataclass(frozen=True)
class Row:
    """One indicator in a table."""

    dated: Dated
    standing: Standing | None


@dataclass(frozen=True)
class Item:
    """A 評核項目 with its indicators."""

    code: str
    rows: tuple[Row, ...]


@dataclass(frozen=True)
class Home:
    """The director's page. counts: indicators with a target that counts, by verdict; signals: those whose charts newly signal something; missing: what
    tables lack, what is late first; late: how many months of tables are late; unsent: monthly tables that were never sent."""

    window: Window
    site: str
    counts: dict[str, int]
    provisional: int
    signals: tuple[tuple[Indicator, Standing], ...]
    missing: tuple[Missing, ...]
    late: int
    unsent: int
    attention: tuple[Attention, ...]
    cards: tuple[Card, ...]
    changes: Changes
    rows: tuple[Row, ...]


def home(choice: Choice) -> Home:
    """The first page for a window and site."""
    return _data.ask(_home, choice.window, choice.site, _data.frame().today)


def items(choice: Choice) -> tuple[Item, ...]:
    """Every indicator by 評核項目; asked for only where a fold is opened."""
    return _data.ask(_items, choice.window, choice.site, _data.frame().today)


def item_codes() -> list[str]:
    """Codes of the five 評核項目, in their order."""
    return [code for code in award_headings() if len(code) == _ITEM]


@st.cache_data(show_spinner=False, max_entries=128)
def _home(folder: str, version: int, window: Window, site: str, today: date) -> Home:
    snapshot = _data.snapshot_of(folder, version)
    return home_of(snapshot, window, site, today, standings(folder, version, _data.over(_data.trail(window, SPAN), today), site))


@st.cache_data(show_spinner=False, max_entries=32)
def standings(folder: str, version: int, span: Window, site: str) -> dict[str, Standing]:
    """`standings_of` at a data version."""
    return standings_of(_data.snapshot_of(folder, version), span, site)


@st.cache_data(show_spinner=False, max_entries=32)
def _items(folder: str, version: int, window: Window, site: str, today: date) -> tuple[Item, ...]:
    snapshot = _data.snapshot_of(folder, version)
    return items_of(snapshot, window, site, today, standings(folder, version, _data.over(_data.trail(window, SPAN), today), site))


def standings_of(snapshot: Snapshot, span: Window, site: str = ALL_SITES) -> dict[str, Standing]:
    """What the control chart of each indicator says, of those that have twelve months of data to say it from."""
    found: dict[str, Standing] = {}
    for name, block in all_indicators().items():
        months = {month for where, month in snapshot.cells.get(name, ()) if span.start <= month <= span.end and site in (ALL_SITES, where)}
        if block.kind != "additive" or len(months) < _FEWEST:
            continue
        standing = signals.standing(snapshot, name, span, site=site)
        if standing is not None:
            found[name] = standing
    return found


def home_of(snapshot: Snapshot, window: Window, site: str, today: date, standings: Mapping[str, Standing]) -> Home:
    """The page from a snapshot alone."""
    leads = [lead for _, lead, _ in CARDS]
    shown = {name for _, lead, other in CARDS for name in (lead, other) if name}
    others = [block.id for block in headline_indicators() if block.id not in shown]
    before = snapshot.figures(window.previous_year(), site=site, only=[*leads, *others])
    reach = Reach(snapshot, window, site, today)
    figures = snapshot.figures(window, site=site)
    decided = {name for name, figure in figures.items() if figure.target and figure.target.basis != "provisional"}
    dated = {name: reach.dated(figure, before.get(name)) for name, figure in figures.items() if name in decided | shown | set(others)}
    monthly = snapshot.monthly(leads, _data.trail(window, SPAN), site=site)
    months = {name: reach.few.by_month(figures) for name, figures in monthly.items()}
    missing, unsent = reach.missing()
    counting = [dated[name] for name in figures if name in decided]
    fresh = tuple((all_indicators()[name], standing) for name, standing in standings.items() if standing.is_new and standing.month == window.end)
    return Home(
        window=window,
        site=site,
        counts={word: sum(each.figure.verdict == word for each in counting) for word in ("met", "not_met", "cannot_tell", "no_data")},
        provisional=sum(bool(figure.target and figure.target.basis == "provisional" and figure.value is not None) for figure in figures.values()),
        signals=fresh,
        missing=missing,
        late=sum(len(items) for items in reach.late.values()),
        unsent=unsent,
        attention=_attention(counting, standings, missing),
        cards=tuple(_card(words, dated, months[lead], lead, other, standings) for words, lead, other in CARDS),
        changes=_changes(snapshot, window, site, reach, [each.figure for each in counting], months, standings, fresh),
        rows=tuple(Row(dated[name], standings.get(name)) for name in others),
    )


def items_of(snapshot: Snapshot, window: Window, site: str, today: date, standings: Mapping[str, Standing]) -> tuple[Item, ...]:
    """Every indicator but those that are not defined in the window, under the five 評核項目."""
    figures = snapshot.figures(window, site=site)
    reach = Reach(snapshot, window, site, today)
    rows: dict[str, list[Row]] = defaultdict(list)
    for name, figure in figures.items():
        if figure.indicator.section and figure.indicator.defined_in(window):
            rows[figure.indicator.section[:_ITEM]].append(Row(reach.dated(figure, None), standings.get(name)))
    return tuple(Item(code, tuple(rows[code])) for code in item_codes())


def _attention(counting: Collection[Dated], standings: Mapping[str, Standing], missing: tuple[Missing, ...]) -> tuple[Attention, ...]:
    """Not met with a signal of concern, not met, cannot tell, then what is late or missing."""

    def kind(figure: Figure) -> str:
        standing = standings.get(figure.indicator.id)
        return "concern" if figure.verdict == "not_met" and standing and standing.variation.startswith("concerning") else figure.verdict

    listed = [
        Attention(word, each.figure, standings.get(each.figure.indicator.id), lacking=each.lacking)
        for word in ("concern", "not_met", "cannot_tell")
        for each in counting
        if kind(each.figure) == word
    ]
    return (*listed, *(Attention("missing", missing=each) for each in missing))


def _card(
    words: str, dated: Mapping[str, Dated], months: list[Figure], lead: str, other: str | None, standings: Mapping[str, Standing]
) -> Card:
    known = next((at for at, figure in enumerate(months) if figure.value is not None), len(months))
    trail = tuple((figure.window.start, None if figure.exact is None else float(figure.exact)) for figure in months[known:])
    goals = tuple(figure.goal for figure in months[known:])
    return Card(words, dated[lead], dated[other].figure if other else None, months[-1] if months else None, trail, goals, standings.get(lead))


def _absent(reach: Reach, figure: Figure) -> tuple[str, ...]:
    """Who has not sent the month of a figure."""
    senders = [each.senders for each in reach.dated(figure, None).partial if each.month == figure.window.end]
    return tuple(dict.fromkeys(sender for some in senders for sender in some))


def _step(snapshot: Snapshot, words: str, months: list[Figure], reach: Reach, standing: Standing | None) -> Step:
    now, before = months[-1], months[-2]
    early = sum(figure.exact is not None for figure in months) < _FEWEST
    started = [phase.start for phase in snapshot.phases.get(now.indicator.id, ()) if phase.start <= now.window.end]
    anew = bool(started) and period.add_months(max(started), _FEWEST - 1) > now.window.end
    running = reach.running is not None and now.indicator.denominator is None
    return Step(words, now, before, standing, _absent(reach, now), early, anew, running)


def _changes(
    snapshot: Snapshot,
    window: Window,
    site: str,
    reach: Reach,
    counting: Collection[Figure],
    months: Mapping[str, list[Figure]],
    standings: Mapping[str, Standing],
    fresh: tuple[tuple[Indicator, Standing], ...],
) -> Changes:
    steps = tuple(
        _step(snapshot, words, months[lead], reach, standings.get(lead))
        for words, lead, _ in CARDS
        if len(months[lead]) > 1 and months[lead][-1].exact is not None and months[lead][-2].exact is not None
    )
    compared, turns = False, ()
    if window.start < window.end:
        names = [figure.indicator.id for figure in counting]
        earlier = snapshot.figures(Window(window.start, period.add_months(window.end, -1)), site=site, only=names)
        pairs = [(figure, earlier[figure.indicator.id]) for figure in counting]
        compared = any(before.comparison for _, before in pairs)
        told = [(now, before) for now, before in pairs if before.comparison and now.comparison and not (now.verdict == "cannot_tell" and now.interval == "none")]
        turns = tuple(Turn(now, before) for now, before in told if now.comparison != before.comparison)
    entries: dict[str, dict[bool, set[int]]] = defaultdict(lambda: {True: set(), False: set()})
    for name, month, where, _, batch, _ in snapshot.slots:
        if not all_datasets()[name].reference and month <= window.end and (site in (ALL_SITES, where) or all_datasets()[name].site_column is None):
            entries[name][month == window.end].add(batch)
    loads = {name: tuple(sorted(found[True])) for name, found in entries.items() if found[True]}
    later = {name: tuple(sorted(batch for batch in entries[name][False] if batch > min(loads[name]) and batch not in loads[name])) for name in loads}
    return Changes(
        window.end,
        steps,
        compared,
        turns,
        fresh,
        tuple(sorted(loads.items())),
        tuple((name, batches) for name, batches in sorted(later.items()) if batches),
    )
