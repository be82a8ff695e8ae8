"""One period against an earlier one."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from fractions import Fraction
from typing import Literal

from warehouse import numerals, statistics
from warehouse.errors import UsageError
from warehouse.indicators import indicator_named
from warehouse.period import Window
from warehouse.scorecard import ALL_SITES, Figure, Phase, Snapshot
from warehouse.signals.charts import incomplete_months
from warehouse.statistics import Interval, Scores


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
    incomplete = incomplete_months(snapshot, figure.indicator, figure.window, figure.site)
    return tuple(month for month in figure.window.months if month not in figure.months or month in incomplete)


def _cents(value: float) -> Decimal:
    return numerals.round_half_up(Fraction(value), 2)
