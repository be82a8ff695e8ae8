"""Drawings small enough to be written by hand: a spark line, an interval, and the range of an axis. The first page needs no other."""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

from warehouse.web import markup
from warehouse.web.markup import Markup

LINE, TARGET, INK, GRID, SIGNAL = "#0072B2", "#1a1c1f", "#3c4043", "#e3e7ec", "#D55E00"
_WIDTH, _HEIGHT, _EDGE = 220.0, 44.0, 5.0


def sparkline(months: Sequence[tuple[date, float | None]], goals: Sequence[float | None], text: str, *, bounded: bool) -> Markup:
    """A line through the months, broken where there is none, its last point marked, the target dashed; on the scale of the large chart."""
    known = [value for _, value in months if value is not None]
    if len(known) < 2:
        return Markup("")
    scale = axis([*known, *(goal for goal in goals if goal is not None)], bounded=bounded)
    low, high = scale.low, scale.high
    across = (_WIDTH - 2 * _EDGE) / max(len(months) - 1, 1)

    def place(at: int, value: float) -> tuple[float, float]:
        share = (value - low) / (high - low) if high > low else 0.5
        return _EDGE + at * across, _HEIGHT - _EDGE - share * (_HEIGHT - 2 * _EDGE)

    parts = [f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {_WIDTH:g} {_HEIGHT:g}" width="{_WIDTH:g}" height="{_HEIGHT:g}">']
    if goals and goals[-1] is not None:
        y = place(0, goals[-1])[1]
        parts.append(f'<line x1="0" y1="{y:.1f}" x2="{_WIDTH:g}" y2="{y:.1f}" stroke="{INK}" stroke-width="1" stroke-dasharray="4 3"/>')
    for run in _runs([value for _, value in months]):
        points = [place(at, months[at][1] or 0.0) for at in run]
        joined = " ".join(f"{x:.1f},{y:.1f}" for x, y in points)
        parts.append(f'<polyline points="{joined}" fill="none" stroke="{LINE}" stroke-width="2" stroke-linejoin="round" stroke-linecap="round"/>')
        if len(points) == 1:
            parts.append(f'<circle cx="{points[0][0]:.1f}" cy="{points[0][1]:.1f}" r="1.8" fill="{LINE}"/>')
    last = max(at for at, (_, value) in enumerate(months) if value is not None)
    x, y = place(last, months[last][1] or 0.0)
    parts.append(f'<circle cx="{x:.1f}" cy="{y:.1f}" r="3.6" fill="{LINE}" stroke="#fff" stroke-width="1.2"/></svg>')
    return markup.picture("".join(parts), text, "sq-spark")


def _runs(values: Sequence[float | None]) -> list[list[int]]:
    runs: list[list[int]] = []
    for at, value in enumerate(values):
        if value is None:
            continue
        if runs and runs[-1][-1] == at - 1:
            runs[-1].append(at)
        else:
            runs.append([at])
    return runs


@dataclass(frozen=True)
class Axis:
    """The range of the upright axis; `cut` where it does not begin at 0."""

    low: float
    high: float

    @property
    def cut(self) -> bool:
        """Whether the reader must be told that it does not begin at 0."""
        return self.low > 0


def axis(values: Sequence[float], *, bounded: bool) -> Axis:
    """From 0 for amounts; for shares and scores out of 100 from the ten below the lowest value to 100."""
    low, high = min(values), max(values)
    if bounded and high <= 100:
        floor = 10 * math.floor(max(low - 2, 0) / 10)
        return Axis(float(0 if floor < 50 else floor), 100.0)
    return Axis(0.0 if low >= 0 else low * 1.1, (high * 1.12) or 1.0)


def spread(low: float, high: float, middle: float, target: float | None, scale: Axis, text: str) -> Markup:
    """An interval on one line: a bar from low to high, its middle marked, the target a dashed stroke."""
    width, height = 150.0, 20.0

    def place(value: float) -> float:
        return 4 + (min(max(value, scale.low), scale.high) - scale.low) / (scale.high - scale.low) * (width - 8)

    parts = [f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {width:g} {height:g}" width="{width:g}" height="{height:g}">']
    parts.append(f'<line x1="4" y1="10" x2="{width - 4:g}" y2="10" stroke="{GRID}" stroke-width="2"/>')
    if target is not None:
        x = place(target)
        parts.append(f'<line x1="{x:.1f}" y1="1" x2="{x:.1f}" y2="19" stroke="{INK}" stroke-width="1.2" stroke-dasharray="3 2"/>')
    parts.append(f'<line x1="{place(low):.1f}" y1="10" x2="{place(high):.1f}" y2="10" stroke="{LINE}" stroke-width="3" stroke-linecap="round"/>')
    parts.append(f'<circle cx="{place(middle):.1f}" cy="10" r="4.5" fill="{LINE}" stroke="#fff" stroke-width="1.2"/></svg>')
    return markup.picture("".join(parts), text, "sq-spread")
