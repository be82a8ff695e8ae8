"""Signals: an indicator's months against their control limits, two periods or several sites against each other. Read from a `Snapshot`, nothing else.

What is charted follows the indicator: shares by p′ or XmR, means, counts and amounts by XmR, each on its monthly values. Readings, facts, derived
figures and rolling counts are drawn without limits or rules, since their months are not independent of each other; so is what is rare,
a count of fewer than one event a month or a share that fewer than one answer a month keeps from 0 or 100, since any single one would lie outside.
"""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from fractions import Fraction
from typing import Any, Literal, get_args

import duckdb

from warehouse import coverage, numerals, period, statistics
from warehouse.datasets import sites
from warehouse.errors import UsageError
from warehouse.indicators import Indicator, indicator_named
from warehouse.period import Window
from warehouse.scorecard import ALL_SITES, Figure, Phase, Snapshot, number
from warehouse.statistics import ChartPoint, ChartSettings, ControlChart, FunnelLimits, Interval, Scores

#: How many months a control chart looks back.
SPAN = 24

#: Fewer sites than this are set side by side without funnel limits.
FEWEST_FOR_FUNNEL = 5

#: What happens less often than this a month is rare (Wheeler, Understanding Variation: chart the time between such events instead).
_RARE = 1

#: Decimals of limits.
_DECIMALS = 4

Unruled = Literal["fact", "reading", "derived", "rolling", "rare"]


@dataclass(frozen=True)
class Series:
    """An indicator month by month. figures, targets (what is to be reached in that month) and chart.points run side by side.

    chart: in the printed unit, shares in per cent; its target leaves provisional ones out, which decide nothing. phases: those registered that
    begin within the window; unruled: why the indicator has neither limits nor rules, None where it may have them; incomplete: months that only
    some sites have sent, which the chart leaves out: a count of them is too small, a share or mean is of other people than in the months beside.
    """

    indicator: Indicator
    window: Window
    site: str
    figures: tuple[Figure, ...]
    targets: tuple[float | None, ...]
    chart: ControlChart
    phases: tuple[Phase, ...]
    unruled: Unruled | None
    incomplete: frozenset[date] = frozenset()

    def as_json(self) -> list[dict[str, Any]]:
        """The contract's form, with comparison and verdict of each month. point: None where the chart has no point, or leaves it out."""
        return [
            {
                "month": figure.window.iso_from,
                "value": number(figure.value),
                "numerator": number(figure.numerator),
                "denominator": number(figure.denominator),
                "mean": _rounded(point.mean),
                "upper": _rounded(point.upper),
                "lower": _rounded(point.lower),
                "point": None if point.value is None else point.point,
                "rules": list(point.rules),
                "comparison": figure.comparison,
                "verdict": figure.verdict,
            }
            for figure, point in zip(self.figures, self.chart.points, strict=True)
        ]


@dataclass(frozen=True)
class Stretch:
    """Months in a row that one rule marks on one side: above or below the mean, of a trend rising (high) or falling (low)."""

    rule: statistics.RuleName
    side: Literal["high", "low"]
    point: statistics.Signal
    start: date
    end: date
    months: int


@dataclass(frozen=True)
class Standing:
    """What the chart of an indicator says now. month: of its last point; stretches: those that reach it, by precedence of their rules;
    is_new: whether the chart without that month said nothing of the kind."""

    month: date
    variation: statistics.Variation
    assurance: statistics.Assurance | None
    stretches: tuple[Stretch, ...]
    is_new: bool


@dataclass(frozen=True)
class Charted:
    """The control chart of an indicator over a window of months."""

    indicator: Indicator
    window: Window
    chart: ControlChart


@dataclass(frozen=True)
class Comparison:
    """One period (`figure`) against an `earlier` one.

    difference: figure − earlier in the printed unit (points for shares), None where either has no number; low, high: its 95 % interval by
    `interval` (newcombe for samples' shares, t for their means, none where all is counted); claim: what the interval allows to be said, None
    without one; missing, earlier_missing: months of each period without data, or sent by some sites only; phases: registered ones that begin
    between the two or inside.
    """

    figure: Figure
    earlier: Figure
    difference: Decimal | None
    low: Decimal | None
    high: Decimal | None
    interval: Literal["newcombe", "t", "none"]
    claim: statistics.Claim | None
    missing: tuple[date, ...]
    earlier_missing: tuple[date, ...]
    phases: tuple[Phase, ...]

    @property
    def is_partial(self) -> bool:
        """Whether months of either period are lacking, so that counts must not be compared."""
        return bool(self.missing or self.earlier_missing)

    @property
    def is_broken(self) -> bool:
        """Whether the series was broken between the two periods or inside them, so that nothing may be claimed."""
        return bool(self.phases)


@dataclass(frozen=True)
class SiteFigure:
    """One site beside the others.

    tier: how much its answers bear in a breakdown (`statistics.tier`), None where n is not known; limits: in per cent, from five sites on;
    outside: how far it lies from the overall share, in which direction, None within the limits or without.
    """

    site: str
    figure: Figure
    tier: statistics.Tier | None
    limits: FunnelLimits | None
    outside: Literal["warning", "alarm"] | None
    side: Literal["high", "low"] | None


@dataclass(frozen=True)
class SideBySide:
    """Every site's figure over a window, and that of all together."""

    overall: Figure
    sites: tuple[SiteFigure, ...]


def series(
    snapshot: Snapshot,
    name: str,
    window: Window,
    *,
    site: str = ALL_SITES,
    kind: Literal["auto", "xmr", "p_prime", "p"] = "auto",
    settings: ChartSettings | None = None,
) -> Series:
    """An indicator's months with targets, limits and rules. kind, settings: see `statistics.control_chart`. Unknown indicator or site: `UsageError`."""
    indicator = indicator_named(name)
    figures = tuple(snapshot.monthly([name], window, site=site)[name])
    goals = [None if figure.target is None or figure.target.basis == "provisional" else figure.goal for figure in figures]
    points = _counted(snapshot, indicator, window, site) if _unruled(indicator) is None else tuple(map(_point, figures))
    chart, unruled = _chart(snapshot, indicator, window, points, goals, kind, settings)
    phases = tuple(phase for phase in snapshot.phases.get(name, ()) if window.start < phase.start <= window.end)
    incomplete = _incomplete(snapshot, indicator, window, site)
    return Series(indicator, window, site, figures, tuple(figure.goal for figure in figures), chart, phases, unruled, incomplete)


def series_of(cursor: duckdb.DuckDBPyConnection, name: str, window: Window, *, site: str = ALL_SITES, as_of: int | None = None) -> Series:
    """`series` of what stands now, or stood right after an entry of the ledger. Unknown indicator, site or entry: `UsageError`."""
    return series(Snapshot.of(cursor, as_of, [name]), name, window, site=site)


def look_back(window: Window, months: int = SPAN) -> Window:
    """So many months back from the end of a window, or to its start where that is longer."""
    return Window(min(window.start, period.add_months(window.end, 1 - months)), window.end)


def signalled(snapshot: Snapshot, name: str, window: Window) -> tuple[date, ...]:
    """The months of a window that a rule marks in the chart that looks back from its end; none while its limits are trial ones, which are drawn but
    ask nothing of anybody."""
    found = series(snapshot, name, look_back(window))
    pairs = zip(found.figures, found.chart.points, strict=True)
    return () if found.chart.trial else tuple(figure.window.start for figure, point in pairs if point.rules and figure.window.start >= window.start)


def stretches(found: Series | Charted) -> tuple[Stretch, ...]:
    """Every stretch of months that a rule marks, by their first month, those of one month by precedence."""
    told: list[Stretch] = []
    for rule in get_args(statistics.RuleName):
        run: list[int] = []
        for at, point in enumerate((*found.chart.points, None)):
            side = _side(found, at, rule) if point is not None and rule in point.rules else None
            if run and (side != _side(found, run[-1], rule) or found.chart.points[run[-1]].phase != found.chart.points[at].phase):
                told.append(_stretch(found, rule, run))
                run = []
            if side is not None:
                run.append(at)
    return tuple(sorted(told, key=lambda stretch: stretch.start))


def standing(snapshot: Snapshot, name: str, window: Window, *, site: str = ALL_SITES) -> Standing | None:
    """What the chart of an indicator says at its last month, without the figures of the other months; None where it has no limits, or trial limits only.
    Unknown indicator or site: `UsageError`."""
    indicator = indicator_named(name)
    if _unruled(indicator) is not None:
        return None
    found = _charted(snapshot, indicator, window, site)
    at = max((at for at, point in enumerate(found.chart.points) if point.value is not None), default=None)
    if at is None or found.chart.variation is None or found.chart.trial:
        return None
    month = window.months[at]
    reaching = tuple(stretch for stretch in stretches(found) if stretch.end == month)
    ranks = get_args(statistics.RuleName)
    is_new = False
    if reaching:
        before = _charted(snapshot, indicator, Window(window.start, period.add_months(month, -1)), site) if at else None
        is_new = before is None or before.chart.variation != found.chart.variation
    return Standing(month, found.chart.variation, found.chart.assurance, tuple(sorted(reaching, key=lambda item: ranks.index(item.rule))), is_new)


def _side(found: Series | Charted, at: int, rule: statistics.RuleName) -> Literal["high", "low"]:
    """On which side a rule marks a point: the mean's, of a trend the way it goes."""
    point, points = found.chart.points[at], found.chart.points
    if rule != "trend":
        return "high" if (point.value or 0) > (point.mean or 0) else "low"
    beside = next(each for each in (at - 1, at + 1) if 0 <= each < len(points) and rule in points[each].rules and points[each].phase == point.phase)
    earlier, later = sorted((beside, at))
    return "high" if (points[later].value or 0) > (points[earlier].value or 0) else "low"


def _stretch(found: Series | Charted, rule: statistics.RuleName, run: Sequence[int]) -> Stretch:
    side = _side(found, run[0], rule)
    direction = found.indicator.direction
    point: statistics.Signal = "neutral" if direction == "neutral" else "improvement" if (side == "high") == (direction == "increase") else "concern"
    months = found.window.months
    return Stretch(rule, side, point, months[run[0]], months[run[-1]], len(run))


def comparison(snapshot: Snapshot, name: str, window: Window, earlier: Window, *, site: str = ALL_SITES) -> Comparison:
    """A period against an earlier one. Unknown indicator or site, and periods that overlap or stand the wrong way round: `UsageError`."""
    if earlier.end >= window.start:
        raise UsageError(f"「{earlier.label}」應在「{window.label}」之前，且不重疊")
    indicator = indicator_named(name)
    before, after = (snapshot.figures(period, site=site, only=[name])[name] for period in (earlier, window))
    phases = tuple(phase for phase in snapshot.phases.get(name, ()) if earlier.start < phase.start <= window.end)
    known = before.exact is not None and after.exact is not None
    interval = _difference(snapshot, before, after) if known else None
    return Comparison(
        figure=after,
        earlier=before,
        difference=numerals.round_half_up(after.exact - before.exact, indicator.decimals) if known else None,
        low=_cents(interval.low) if interval else None,
        high=_cents(interval.high) if interval else None,
        interval="none" if interval is None else "t" if indicator.interval == "t" else "newcombe",
        claim=statistics.claim(interval, broken=bool(phases)) if interval else None,
        missing=_missing(snapshot, after),
        earlier_missing=_missing(snapshot, before),
        phases=phases,
    )


def sites_side_by_side(snapshot: Snapshot, name: str, window: Window) -> SideBySide:
    """Every site's figure, in the order of the sites; for shares of five sites or more with funnel limits around the overall share."""
    indicator = indicator_named(name)
    overall = snapshot.figures(window, only=[name])[name]
    figures = {site["code"]: snapshot.figures(window, site=site["code"], only=[name])[name] for site in sites()}
    counted = indicator.is_share and overall.n and sum(bool(figure.n) for figure in figures.values()) >= FEWEST_FOR_FUNNEL
    return SideBySide(overall, tuple(_site_figure(code, figure, overall if counted else None) for code, figure in figures.items()))


def _site_figure(code: str, figure: Figure, overall: Figure | None) -> SiteFigure:
    rank = None if figure.n is None else statistics.tier(figure.n, breakdown=True)
    if overall is None or not figure.n or overall.numerator is None or overall.n is None or figure.exact is None:
        return SiteFigure(code, figure, rank, None, None, None)
    limits = FunnelLimits(*(Interval(100 * low, 100 * high) for low, high in statistics.funnel_limits(int(overall.numerator), overall.n, figure.n)))
    value = float(figure.exact)
    outside = next((name for name, (low, high) in (("alarm", limits.alarm), ("warning", limits.warning)) if not low <= value <= high), None)
    side = None if outside is None else "high" if value > limits.warning.high else "low"
    return SiteFigure(code, figure, rank, limits, outside, side)  # type: ignore[arg-type]


def _unruled(indicator: Indicator) -> Unruled | None:
    """Why the months of an indicator are not points of a control chart."""
    if indicator.kind == "fact":
        return "fact"
    if indicator.kind == "derived":
        return "derived"
    if indicator.kind == "latest" or indicator.carry or indicator.rollup != "sum":
        return "reading"
    return "rolling" if indicator.lookback else None


def _rare(indicator: Indicator, points: Sequence[ChartPoint]) -> Literal["rare"] | None:
    """Whether it counts what most months are without, events or the rarer kind of answer. What never changes is as steady as can be, not rare."""
    known = [point for point in points if point.value is not None]
    if indicator.is_mean or len({point.value for point in known}) < 2:
        return None
    events = sum(point.value if point.numerator is None else point.numerator for point in known)
    others = sum(point.denominator - point.numerator for point in known if point.numerator is not None and point.denominator is not None)
    return "rare" if min(events, others if indicator.is_share else events) < _RARE * len(known) else None


def counted_by_month(snapshot: Snapshot, indicator: Indicator, window: Window, site: str = ALL_SITES) -> tuple[float | None, ...]:
    """The months of an indicator that is counted month by month, without their figures; nothing for readings, facts and what is made of others."""
    return () if _unruled(indicator) is not None else tuple(point.value for point in _counted(snapshot, indicator, window, site))


def _chart(
    snapshot: Snapshot,
    indicator: Indicator,
    window: Window,
    points: Sequence[ChartPoint],
    goals: float | Sequence[float | None] | None,
    kind: Literal["auto", "xmr", "p_prime", "p"] = "auto",
    settings: ChartSettings | None = None,
) -> tuple[ControlChart, Unruled | None]:
    """The chart of points month by month, and why it has neither limits nor rules where it may not."""
    months = window.months
    starts = [phase.start for phase in snapshot.phases.get(indicator.id, ()) if window.start < phase.start <= window.end]
    unruled = _unruled(indicator) or _rare(indicator, points)
    chart = statistics.control_chart(
        points,
        direction=indicator.direction,
        target=goals,
        kind="run" if unruled else "xmr" if kind != "auto" and not indicator.is_share else kind,
        phases=[months.index(start) for start in starts],
        bounds=_bounds(indicator, points),
        settings=settings or ChartSettings(),
    )
    return chart, unruled


def _charted(snapshot: Snapshot, indicator: Indicator, window: Window, site: str) -> Charted:
    """The chart of what is counted by month, its target that of the last month known."""
    points = _counted(snapshot, indicator, window, site)
    last = next((month for month, point in zip(reversed(window.months), reversed(points), strict=True) if point.value is not None), window.end)
    figure = snapshot.figures(Window(last, last), site=site, only=[indicator.id])[indicator.id]
    goal = None if figure.target is None or figure.target.basis == "provisional" else figure.goal
    return Charted(indicator, window, _chart(snapshot, indicator, window, points, goal)[0])


def _counted(snapshot: Snapshot, indicator: Indicator, window: Window, site: str) -> tuple[ChartPoint, ...]:
    """The months of what adds up, straight from what it is made of: sums over the sites, one division."""
    incomplete = _incomplete(snapshot, indicator, window, site)
    numerators: dict[date, Decimal] = {}
    denominators: dict[date, Decimal] = {}
    for (where, month), (numerator, denominator, *_) in snapshot.cells.get(indicator.id, {}).items():
        if site not in (ALL_SITES, where) or not window.start <= month <= window.end:
            continue
        if numerator is not None:
            numerators[month] = numerators.get(month, Decimal(0)) + numerator
        if denominator is not None:
            denominators[month] = denominators.get(month, Decimal(0)) + denominator
    points = []
    for month in window.months:
        numerator, denominator = numerators.get(month), denominators.get(month)
        known = numerator is not None if indicator.denominator is None else bool(denominator)
        if not known or month in incomplete or not indicator.defined_in(Window(month, month)):
            points.append(ChartPoint(None))
        elif indicator.denominator is None or not denominator:
            points.append(ChartPoint(float(numerator or 0)))
        else:
            exact = Fraction(numerator or 0) / Fraction(denominator) * (100 if indicator.is_share else 1)
            parts = (float(numerator or 0), float(denominator)) if indicator.is_share else ()
            points.append(ChartPoint(float(exact), *parts))
    return tuple(points)


def _point(figure: Figure) -> ChartPoint:
    if figure.exact is None:
        return ChartPoint(None)
    if figure.indicator.is_share and figure.numerator is not None and figure.denominator is not None:
        return ChartPoint(float(figure.exact), float(figure.numerator), float(figure.denominator))
    return ChartPoint(float(figure.exact))


def _bounds(indicator: Indicator, points: Sequence[ChartPoint]) -> statistics.Bounds:
    """What values there can be: per cent and tested scores to 100, all others from 0 unless one is below (a refund)."""
    if indicator.is_share or indicator.interval == "t":
        return 0.0, 100.0
    return (-math.inf if any(point.value is not None and point.value < 0 for point in points) else 0.0), math.inf


def _difference(snapshot: Snapshot, before: Figure, after: Figure) -> Interval | None:
    """The interval of after − before in the printed unit, where both are samples."""
    indicator = after.indicator
    if indicator.interval == "wilson" and before.n and after.n and before.numerator is not None and after.numerator is not None:
        low, high = statistics.newcombe(int(before.numerator), before.n, int(after.numerator), after.n)
        return Interval(100 * low, 100 * high)
    if indicator.interval == "t":
        scores = _scores(snapshot, before), _scores(snapshot, after)
        return statistics.welch(*scores) if all(scores) else None  # type: ignore[arg-type]
    return None


def _scores(snapshot: Snapshot, figure: Figure) -> Scores | None:
    cells = snapshot.cells.get(figure.indicator.id, {})
    inside = [cell for (where, month), cell in cells.items() if figure.window.start <= month <= figure.window.end and figure.site in (ALL_SITES, where)]
    if not figure.n or figure.numerator is None or any(cell[2] is None for cell in inside if cell[1]):
        return None
    return Scores(float(figure.numerator), float(sum((cell[2] or Decimal(0) for cell in inside), Decimal(0))), figure.n)


def _missing(snapshot: Snapshot, figure: Figure) -> tuple[date, ...]:
    incomplete = _incomplete(snapshot, figure.indicator, figure.window, figure.site)
    return tuple(month for month in figure.window.months if month not in figure.months or month in incomplete)


def _incomplete(snapshot: Snapshot, indicator: Indicator, window: Window, site: str) -> frozenset[date]:
    """Months in which what is counted of all sites lacks some of them."""
    return coverage.incomplete(snapshot, indicator.source, window) if indicator.kind == "additive" and site == ALL_SITES else frozenset()


def _cents(value: float) -> Decimal:
    return numerals.round_half_up(Fraction(value), 2)


def _rounded(value: float | None) -> float | None:
    return None if value is None else round(value, _DECIMALS)
