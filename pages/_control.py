"""The drawing of one indicator month by month: values, target, limits, points that a rule marks, phases, corrections. Nothing is judged here."""

from __future__ import annotations

import io
from collections.abc import Sequence
from datetime import date
from typing import Any, NamedTuple

import polars as pl
import streamlit as st

from pages._charts import GRID, INK, LINE, TARGET, Axis
from pages._icons import COMMON, CONCERN, GOOD, OTHER
from warehouse.web import say, words
from warehouse.web.words import t

_FONT = "Noto Sans CJK TC, Noto Sans TC, PingFang TC, Microsoft JhengHei, sans-serif"
_HEIGHT, _APART = 320, 17

#: Of 105/01, 105/02, 105/03: the year where it begins, the month alone after it.
_YEAR_ONCE = (
    "datum.index === 0 || split(datum['label'], '/').length < 2 || split(datum['label'], '/')[1] === '01' "
    "? datum['label'] : split(datum['label'], '/')[1]"
)

#: What a point is drawn as: shape, size, colour, filled.
_MARKS = {
    "plain": ("circle", 70, LINE, True),
    "common": ("circle", 60, COMMON, True),
    "improvement": ("diamond", 150, GOOD, True),
    "concern": ("triangle-up", 150, CONCERN, True),
    "neutral": ("square", 110, OTHER, True),
    "incomplete": ("circle", 80, COMMON, False),
}


class Point(NamedTuple):
    """One month. mark: of `_MARKS`; phase: number of the stretch in which lines run on; text: what the pointer reads; correction: what was handed in later."""

    month: date
    value: float | None
    n: int | None
    target: float | None
    mean: float | None
    upper: float | None
    lower: float | None
    mark: str
    phase: int
    text: str
    correction: str


class End(NamedTuple):
    """A word at the right end of a line."""

    value: float
    word: str
    colour: str


class Start(NamedTuple):
    """A word where a new phase begins."""

    month: date
    word: str


def drawing(points: tuple[Point, ...], ends: tuple[End, ...], starts: tuple[Start, ...], scale: Axis, unit: str, decimals: int) -> dict[str, Any]:
    """The specification with its data as Arrow streams."""
    return _drawing(points, ends, starts, scale, unit, decimals, words.language())


@st.cache_data(show_spinner=False, max_entries=256)
def _drawing(
    points: tuple[Point, ...], ends: tuple[End, ...], starts: tuple[Start, ...], scale: Axis, unit: str, decimals: int, language: words.Language
) -> dict[str, Any]:
    labels = _labels([point.month for point in points])
    by_month = dict(zip([point.month for point in points], labels, strict=True))
    floats = dict.fromkeys(("value", "target", "mean", "upper", "lower"), pl.Float64)
    months = pl.DataFrame(
        [{**point._asdict(), "month": None, "label": label, "at": at} for at, (label, point) in enumerate(zip(labels, points, strict=True))],
        schema_overrides={**floats, "n": pl.Int64, "month": pl.Null},
    ).drop("month")
    heights = _apart([end.value for end in ends], scale)
    named = pl.DataFrame(
        [{"label": labels[-1], "y": height, "word": end.word, "colour": end.colour} for end, height in zip(ends, heights, strict=True)],
        schema={"label": pl.String, "y": pl.Float64, "word": pl.String, "colour": pl.String},
    )
    begun = pl.DataFrame(
        [{"label": by_month[start.month], "word": start.word} for start in starts if start.month in by_month],
        schema={"label": pl.String, "word": pl.String},
    )
    return {
        "width": "container",
        "height": _HEIGHT,
        "padding": {"left": 4, "right": 8, "top": 16, "bottom": 4},
        "autosize": {"type": "fit", "contains": "padding"},
        "config": {"font": _FONT, "background": "transparent", "view": {"stroke": None}, "axis": {"labelColor": INK, "labelFontSize": 12}},
        "layer": _layers(labels, scale, unit, decimals, points),
        "data": {"name": "months"},
        "datasets": {"months": _arrow(months), "ends": _arrow(named), "starts": _arrow(begun)},
    }


def _layers(labels: Sequence[str], scale: Axis, unit: str, decimals: int, points: Sequence[Point]) -> list[dict[str, Any]]:
    across = {
        "field": "label",
        "type": "ordinal",
        "sort": None,
        "scale": {"domain": list(labels)},
        "title": None,
        "axis": {"labelAngle": 0, "labelOverlap": "greedy", "labelSeparation": 4, "labelExpr": _YEAR_ONCE, "tickSize": 0, "domainColor": INK, "labelPadding": 8},
    }

    def upright(field: str) -> dict[str, Any]:
        return {
            "field": field,
            "type": "quantitative",
            "title": None,
            "scale": {"domain": [scale.low, scale.high], "nice": False, "zero": False},
            "axis": {"tickCount": 5, "gridColor": GRID, "domain": False, "tickSize": 0, "format": ",~f"},
        }

    def line(field: str, mark: dict[str, Any], detail: str | None = "phase") -> dict[str, Any]:
        encoding = {"x": across, "y": upright(field), "order": {"field": "at", "type": "quantitative"}}
        return {"mark": {"type": "line", **mark}, "encoding": encoding | ({"detail": {"field": detail, "type": "nominal"}} if detail else {})}

    layers: list[dict[str, Any]] = [
        {
            "data": {"name": "starts"},
            "mark": {"type": "rule", "color": COMMON, "strokeDash": [2, 3], "strokeWidth": 1.2},
            "encoding": {"x": across},
        },
        {
            "data": {"name": "starts"},
            "mark": {"type": "text", "align": "left", "baseline": "bottom", "dx": 2, "y": -3, "color": INK, "fontSize": 12},
            "encoding": {"x": across, "text": {"field": "word", "type": "nominal"}},
        },
    ]
    if any(point.target is not None for point in points):
        layers.append(line("target", {"color": TARGET, "strokeDash": [6, 4], "strokeWidth": 1.5, "interpolate": "step"}, None))
    if any(point.mean is not None for point in points):
        layers.append(line("mean", {"color": COMMON, "strokeWidth": 1.4, "interpolate": "step"}))
    for field in ("upper", "lower"):
        if any(getattr(point, field) is not None for point in points):
            layers.append(line(field, {"color": COMMON, "strokeDash": [1, 3], "strokeWidth": 1.8, "strokeCap": "round", "interpolate": "step"}))
    layers.append(line("value", {"color": LINE, "strokeWidth": 2}))
    said = [
        {"field": "label", "type": "nominal", "title": t("col.month")},
        {"field": "value", "type": "quantitative", "title": t("chart.value", unit=unit) if unit else t("col.value"), "format": f",.{decimals}f"},
        {"field": "n", "type": "quantitative", "title": "n", "format": ","},
        {"field": "text", "type": "nominal", "title": t("col.signal")},
    ]
    for name in dict.fromkeys(point.mark for point in points if point.value is not None):
        shape, size, colour, filled = _MARKS[name]
        mark = {"type": "point", "shape": shape, "size": size, "opacity": 1, "color": colour, "filled": filled}
        layers.append(
            {
                "transform": [{"filter": f"datum.mark === '{name}'"}],
                "mark": mark if filled else {**mark, "fill": "#ffffff", "strokeWidth": 2},
                "encoding": {"x": across, "y": upright("value"), "tooltip": said},
            }
        )
    if any(point.correction for point in points):
        layers.append(
            {
                "transform": [{"filter": "datum.correction !== ''"}],
                "mark": {"type": "point", "shape": "triangle-down", "size": 60, "color": INK, "filled": True, "opacity": 1, "y": _HEIGHT - 46},
                "encoding": {"x": across, "tooltip": [{"field": "correction", "type": "nominal", "title": t("col.correction")}]},
            }
        )
    layers.append(
        {
            "data": {"name": "ends"},
            "mark": {"type": "text", "align": "left", "dx": 12, "fontSize": 12, "clip": False},
            "encoding": {
                "x": across,
                "y": upright("y"),
                "text": {"field": "word", "type": "nominal"},
                "color": {"field": "colour", "type": "nominal", "scale": None},
            },
        }
    )
    return layers


def _apart(values: Sequence[float], scale: Axis) -> list[float]:
    """Heights for words so that none covers another: in their order, each at least a line above the one below."""
    step = (scale.high - scale.low) * _APART / _HEIGHT
    heights = dict[int, float]()
    below = scale.low - step
    for at in sorted(range(len(values)), key=lambda at: values[at]):
        heights[at] = below = max(values[at], below + step)
    excess = max(0.0, below - scale.high)
    return [heights[at] - excess for at in range(len(values))]


def _labels(months: Sequence[date]) -> list[str]:
    """105年1月, 2月 … with the year where it begins; the year at each where they are more than twelve, since a label must be of one month alone."""
    if len(months) > 12:
        return [t("month.short", year=month.year - (0 if say.is_english() else 1911), month=f"{month.month:02d}") for month in months]
    return [say.month(month) if at == 0 or month.month == 1 else say.month_alone(month) for at, month in enumerate(months)]


def _arrow(frame: pl.DataFrame) -> bytes:
    buffer = io.BytesIO()
    frame.write_ipc_stream(buffer, compat_level=pl.CompatLevel.oldest())
    return buffer.getvalue()
