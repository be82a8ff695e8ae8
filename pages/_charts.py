"""Charts of several kinds by month, and the small drawings of `_drawn`. Numbers come in, drawings go out; nothing is judged here."""

from __future__ import annotations

import io
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from functools import cache
from itertools import pairwise
from typing import Any

import altair as alt
import polars as pl
import streamlit as st

from pages._drawn import GRID, INK, LINE, SIGNAL, TARGET, Axis, axis, sparkline, spread
from warehouse.statistics import ControlChart
from warehouse.web import say, words
from warehouse.web.words import t

__all__ = ["Axis", "axis", "sparkline", "spread"]

_FONT = "Noto Sans CJK TC, Noto Sans TC, PingFang TC, Microsoft JhengHei, sans-serif"


@cache
def _spec(low: float, high: float, named: tuple[str, int] | None, unit: str, decimals: int, language: words.Language) -> dict[str, Any]:
    """The drawing without data, built once for each shape it can have in each language."""
    base = alt.Chart()
    places = f",.{decimals}f"
    across = alt.X("label:O", sort=None, title=None, axis=alt.Axis(labelAngle=0, labelOverlap="greedy", tickSize=0, domainColor=INK, labelPadding=8))
    upright = alt.Y(
        "value:Q",
        title=None,
        scale=alt.Scale(domain=[low, high], nice=False, zero=False),
        axis=alt.Axis(tickCount=5, gridColor=GRID, domain=False, tickSize=0, format=",~f"),
    )
    said = [
        alt.Tooltip("label:N", title=t("col.month")),
        alt.Tooltip("value:Q", title=t("chart.value", unit=unit) if unit else t("col.value"), format=places),
        alt.Tooltip("n:Q", title="n", format=","),
    ]
    layers = []
    if named:
        layers.append(
            base.mark_line(color=TARGET, strokeDash=[6, 4], strokeWidth=1.5, interpolate="step").encode(
                x=across, y=alt.Y("target:Q", title=None), order="at:Q"
            )
        )
        side, away = named
        end = base.transform_filter("datum.named").mark_text(align=side, dy=away, color=TARGET, fontSize=12, fontWeight="bold")
        layers.append(end.encode(x=across, y=alt.Y("target:Q"), text="target_word:N"))
    layers.append(base.mark_line(color=LINE, strokeWidth=2.5).encode(x=across, y=upright, order="at:Q"))
    layers.append(base.mark_point(color=LINE, filled=True, size=70, opacity=1).encode(x=across, y=upright, tooltip=said))
    layers.append(
        base.transform_filter("datum.newest")
        .mark_point(color=LINE, filled=True, size=150, shape="diamond", opacity=1)
        .encode(x=across, y=upright, tooltip=said)
    )
    chart = alt.layer(*layers).properties(width="container", height=300)
    chart = chart.configure(font=_FONT, background="transparent").configure_view(stroke=None).configure_axis(labelColor=INK, labelFontSize=12)
    spec = _without_data(chart.to_dict(validate=False))
    spec.pop("datasets", None)
    return spec


def _without_data(piece: Any) -> Any:
    """Every layer made on an empty chart names an empty data set; left in, nothing would be drawn."""
    if isinstance(piece, dict):
        return {key: _without_data(inner) for key, inner in piece.items() if key != "data"}
    return [_without_data(inner) for inner in piece] if isinstance(piece, list) else piece


@dataclass(frozen=True)
class Point:
    """One month of a chart."""

    month: date
    value: float | None
    target: float | None
    n: int | None


def by_month(points: tuple[Point, ...], scale: Axis, unit: str, decimals: int, target_word: str) -> dict[str, Any]:
    """The specification with its data as an Arrow stream."""
    return _by_month(points, scale, unit, decimals, target_word, words.language())


@st.cache_data(show_spinner=False, max_entries=256)
def _by_month(points: tuple[Point, ...], scale: Axis, unit: str, decimals: int, target_word: str, language: words.Language) -> dict[str, Any]:
    newest = max((at for at, point in enumerate(points) if point.value is not None), default=-1)
    named = _corner(points, scale) if any(point.target is not None for point in points) else None
    frame = pl.DataFrame(
        {
            "at": range(len(points)),
            "label": month_labels([point.month for point in points]),
            "value": [point.value for point in points],
            "target": [point.target for point in points],
            "n": [point.n for point in points],
            "newest": [at == newest for at in range(len(points))],
            "named": [named is not None and at == (len(points) - 1 if named[0] == "right" else 0) for at in range(len(points))],
            "target_word": [target_word] * len(points),
        },
        schema_overrides={"value": pl.Float64, "target": pl.Float64, "n": pl.Int64},
    )
    buffer = io.BytesIO()
    frame.write_ipc_stream(buffer, compat_level=pl.CompatLevel.oldest())
    return {**_spec(scale.low, scale.high, named, unit, decimals, language), "data": {"name": "d"}, "datasets": {"d": buffer.getvalue()}}


def _corner(points: Sequence[Point], scale: Axis) -> tuple[str, int]:
    """At which end of the line of the target its name stands, and how far below it: the first where the values leave it room, else where they leave most."""
    reach, height = max(2, round(0.35 * len(points))), 0.05 * (scale.high - scale.low)
    best: tuple[str, int] = ("right", -9)
    widest = -1.0
    for side, end, near in (("right", points[-1], points[-reach:]), ("left", points[0], points[:reach])):
        drawn = _between([point.value for point in near])
        for away, up in ((-9, height), (13, -height)):
            if end.target is None or end.target != points[-1].target or end.target + 2 * up < scale.low:
                continue
            free = min((abs(value - end.target - up) for value in drawn), default=scale.high)
            if free > 1.2 * height:
                return side, away
            if free > widest:
                best, widest = (side, away), free
    return best


def _between(values: Sequence[float | None]) -> list[float]:
    """The values that a line through these passes, in tenths of the way from one to the next; none across one that is missing."""
    passed = [value for value in values if value is not None]
    for one, two in pairwise(values):
        if one is not None and two is not None:
            passed += [one + (two - one) * tenth / 10 for tenth in range(1, 10)]
    return passed


def month_labels(months: Sequence[date]) -> tuple[str, ...]:
    """105年1月, 2月 … with the year at the first and where it begins; with the year at each where they are more than twelve, so that no two are alike."""
    return tuple(say.month(month) if at == 0 or month.month == 1 or len(months) > 12 else say.month_alone(month) for at, month in enumerate(months))


def draw(spec: dict[str, Any], text: str, key: str) -> None:
    """Put the chart on the page; `text` is what a reader hears, at most 220 characters, and no single mark beside it."""
    config = spec.get("config", {})
    spec = {**spec, "config": {**config, "mark": {**config.get("mark", {}), "aria": False}}}
    st.vega_lite_chart(None, spec, key=key, width="stretch", theme=None, alt=text[:220])


# --- topics -------------------------------------------------------------------------------------------------------------


@dataclass(frozen=True)
class Line:
    """A line of its own name through the months; solid or dashed."""

    name: str
    values: tuple[float | None, ...]
    dashed: bool = False


def lines(months: tuple[date, ...], drawn: tuple[Line, ...], unit: str) -> dict[str, Any]:
    """Several lines on one scale, each named at its end; told apart by colour, dash and shape."""
    return _lines(months, drawn, unit, words.language())


@st.cache_data(show_spinner=False, max_entries=256)
def _lines(months: tuple[date, ...], drawn: tuple[Line, ...], unit: str, language: words.Language) -> dict[str, Any]:
    known = [value for line in drawn for value in line.values if value is not None]
    scale = axis(known or [1.0], bounded=False)
    labels = [say.month_alone(month) for month in months]
    rows = [
        {"at": at, "label": labels[at], "name": line.name, "value": value, "dashed": line.dashed, "last": at == _last(line.values)}
        for line in drawn
        for at, value in enumerate(line.values)
    ]
    return {**_lines_spec(scale.high, unit, len(drawn), language), **_data_of(pl.DataFrame(rows, schema_overrides={"value": pl.Float64}))}


@cache
def _lines_spec(high: float, unit: str, count: int, language: words.Language) -> dict[str, Any]:
    base = alt.Chart()
    across, upright = _across(), _upright(0.0, high)
    said = [alt.Tooltip("name:N", title=t("col.item")), alt.Tooltip("label:N", title=t("col.month"))]
    said.append(alt.Tooltip("value:Q", title=_measured(unit), format=","))
    colour = alt.condition("datum.dashed", alt.value(INK), alt.value(LINE))
    through = base.mark_line(strokeWidth=2.5).encode(
        x=across,
        y=upright,
        order="at:Q",
        detail="name:N",
        color=colour,
        strokeDash=alt.condition("datum.dashed", alt.value([6, 4]), alt.value([1, 0])),
    )
    points = base.mark_point(filled=True, size=60, opacity=1).encode(
        x=across, y=upright, color=colour, shape=alt.condition("datum.dashed", alt.value("square"), alt.value("circle")), tooltip=said
    )
    layers = [through, points]
    if count > 1:
        ends = base.transform_filter("datum.last").mark_text(align="right", dy=-12, fontSize=12, fontWeight="bold")
        layers.append(ends.encode(x=across, y=upright, text="name:N", color=colour))
    return _finished(alt.layer(*layers))


def control_axis(chart: ControlChart) -> Axis:
    """Around the values and their limits; below 0 only where a value is."""
    edges = [edge for point in chart.points for edge in (point.value, point.upper, point.lower) if edge is not None]
    low, high = min(edges), max(edges)
    room = (high - low) * 0.15 or abs(high) * 0.05 or 1.0
    return Axis(low - room if low < 0 else max(0.0, low - room), high + room)


def controlled(months: tuple[date, ...], chart: ControlChart, unit: str) -> dict[str, Any]:
    """A control chart: the months, their mean and limits named right of it with their values, points that a rule marks as large triangles."""
    return _controlled(months, chart, unit, words.language())


@st.cache_data(show_spinner=False, max_entries=256)
def _controlled(months: tuple[date, ...], chart: ControlChart, unit: str, language: words.Language) -> dict[str, Any]:
    points, scale = chart.points, control_axis(chart)
    end = max((at for at, point in enumerate(points) if point.upper is not None), default=-1)
    frame = pl.DataFrame(
        {
            "at": range(len(points)),
            "label": month_labels(months),
            "value": [point.value for point in points],
            "signal": [bool(point.rules) for point in points],
            "end": [at == end for at in range(len(points))],
            **{name: [getattr(point, name) for point in points] for name in _LIMITS},
            **{f"{name}_word": [_limit_word(name, getattr(point, name)) for point in points] for name in _LIMITS},
        },
        schema_overrides=dict.fromkeys(("value", *_LIMITS), pl.Float64),
    )
    return {**_controlled_spec(scale.low, scale.high, unit, end >= 0, language), **_data_of(frame)}


#: What is drawn across a control chart, each with its dash.
_LIMITS = {"mean": [1, 0], "upper": [2, 3], "lower": [2, 3]}


def _limit_word(name: str, value: float | None) -> str | None:
    return None if value is None else f"{t(f'control.{name}')}\n{value:,.0f}"


@cache
def _controlled_spec(low: float, high: float, unit: str, limited: bool, language: words.Language) -> dict[str, Any]:
    base = alt.Chart()
    across, upright = _across(), _upright(low, high)
    said = [alt.Tooltip("label:N", title=t("col.month")), alt.Tooltip("value:Q", title=_measured(unit), format=",.0f")]
    layers = []
    if limited:
        for name, dash in _LIMITS.items():
            height = alt.Y(f"{name}:Q", title=None)
            layers.append(base.mark_line(color=INK, strokeDash=dash, strokeWidth=1.2).encode(x=across, y=height, order="at:Q"))
            word = base.transform_filter("datum.end").mark_text(align="left", dx=6, lineBreak="\n", fontSize=12, color=INK, x={"expr": "width"})
            layers.append(word.encode(y=height, text=f"{name}_word:N"))
    layers.append(base.mark_line(color=LINE, strokeWidth=2.5).encode(x=across, y=upright, order="at:Q"))
    calm, marked = base.transform_filter("!datum.signal"), base.transform_filter("datum.signal")
    layers.append(calm.mark_point(color=LINE, filled=True, size=70, opacity=1).encode(x=across, y=upright, tooltip=said))
    layers.append(marked.mark_point(color=SIGNAL, filled=True, size=170, shape="triangle-up", opacity=1).encode(x=across, y=upright, tooltip=said))
    return _finished(alt.layer(*layers))


def _measured(unit: str) -> str:
    return t("chart.value", unit=unit) if unit else t("col.value")


def _across() -> alt.X:
    return alt.X("label:O", sort=None, title=None, axis=alt.Axis(labelAngle=0, labelOverlap="greedy", tickSize=0, domainColor=INK, labelPadding=8))


def _upright(low: float, high: float) -> alt.Y:
    shown = alt.Axis(tickCount=5, gridColor=GRID, domain=False, tickSize=0, format=",~f")
    return alt.Y("value:Q", title=None, scale=alt.Scale(domain=[low, high], nice=False, zero=False), axis=shown)


def _finished(chart: alt.LayerChart) -> dict[str, Any]:
    drawn = chart.properties(width="container", height=280).configure(font=_FONT, background="transparent")
    drawn = drawn.configure_view(stroke=None).configure_axis(labelColor=INK, labelFontSize=12)
    spec = _without_data(drawn.to_dict(validate=False))
    spec.pop("datasets", None)
    return spec


def _data_of(frame: pl.DataFrame) -> dict[str, Any]:
    buffer = io.BytesIO()
    frame.write_ipc_stream(buffer, compat_level=pl.CompatLevel.oldest())
    return {"data": {"name": "d"}, "datasets": {"d": buffer.getvalue()}}


def _last(values: Sequence[float | None]) -> int:
    return max((at for at, value in enumerate(values) if value is not None), default=-1)
