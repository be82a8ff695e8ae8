"""Charts of the topic pages: columns by month, and days by case against a limit. Written as plain specifications; data go as a named Arrow stream."""

from __future__ import annotations

import io
import json
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

import polars as pl
import streamlit as st

from pages._charts import GRID, INK, LINE, TARGET, month_labels
from warehouse import period
from warehouse.web.words import t

CONCERN = "#D55E00"
#: Fills of a stack from the ground up: told apart by how light they are, not by hue alone.
FILLS = ("#0072B2", "#9ccbe8", "#3c4043", "#c9ced4")
_SHAPES = ("circle", "square", "triangle-up", "diamond", "cross")
#: The room that the number on a column wants.
_NUMBER = 36
_FONT = "Noto Sans CJK TC, Noto Sans TC, PingFang TC, Microsoft JhengHei, sans-serif"
_LEGEND = {"orient": "top", "title": None, "labelColor": INK, "labelFontSize": 13, "labelLimit": 260, "columns": {"expr": "width < 460 ? 2 : 5"}}


@dataclass(frozen=True)
class Series:
    """One layer of the columns: its name, and a value for each month."""

    name: str
    values: tuple[float | None, ...]


@dataclass(frozen=True)
class Dot:
    """One case: the day it came, days it took, its kind in words, whether past its limit, and what the pointer reads."""

    on: date
    days: int
    kind: str
    past: bool
    text: str


@st.cache_data(show_spinner=False, max_entries=128)
def columns(months: tuple[str, ...], series: tuple[Series, ...], unit: str, language: str) -> dict[str, Any]:
    """Columns by month; more than one series stand on each other. A month without a value has no column. language: of the words in it."""
    frame = pl.DataFrame(
        [
            {"at": at, "label": label, "series": each.name, "layer": layer, "value": each.values[at]}
            for layer, each in enumerate(series)
            for at, label in enumerate(months)
        ],
        schema={"at": pl.Int64, "label": pl.String, "series": pl.String, "layer": pl.Int64, "value": pl.Float64},
    )
    several = len(series) > 1
    across = {
        "field": "label",
        "type": "ordinal",
        "sort": list(months),
        "title": None,
        "axis": {"labelAngle": 0, "labelOverlap": "greedy", "labelSeparation": 8, "tickSize": 0, "domainColor": INK, "labelPadding": 8},
        "scale": {"paddingInner": 0.35, "paddingOuter": 0.2},
    }
    upright = {
        "field": "value",
        "type": "quantitative",
        "title": None,
        "stack": "zero" if several else None,
        "axis": {"tickCount": 4, "gridColor": GRID, "domain": False, "tickSize": 0, "format": ",~f", "tickMinStep": 1},
    }
    known = [value for each in series for value in each.values if value is not None]
    if not several and min(known, default=0.0) < 0:
        upright["scale"] = {"domainMin": min(known) - 0.12 * (max(known) - min(known))}
    said = [
        {"field": "label", "type": "nominal", "title": t("col.month")},
        *([{"field": "series", "type": "nominal", "title": t("col.item")}] if several else []),
        {"field": "value", "type": "quantitative", "title": unit, "format": ",.1~f"},
    ]
    bar: dict[str, Any] = {"mark": {"type": "bar", "color": FILLS[0]}, "encoding": {"x": across, "y": upright, "tooltip": said}}
    layers = [bar]
    if several:
        names = [each.name for each in series]
        scale = {"domain": names, "range": list(FILLS[: len(names)])}
        bar["encoding"] |= {
            "color": {"field": "series", "type": "nominal", "scale": scale, "legend": _LEGEND},
            "order": {"field": "layer", "type": "quantitative"},
        }
    else:
        layers += _numbers(series[0].values, across, upright)
    return {**_frame(240), "layer": layers, **_data(frame)}


def _numbers(values: Sequence[float | None], across: dict[str, Any], upright: dict[str, Any]) -> list[dict[str, Any]]:
    """The number of each column at its end, where there is room for all of them; a line at 0 where a column hangs below it."""
    below = any(value is not None and value < 0 for value in values)
    text = {"field": "value", "type": "quantitative", "format": ",.0f"}
    found = []
    for test, away in (("datum.value >= 0", -7), *([("datum.value < 0", 13)] if below else [])):
        mark = {"type": "text", "dy": away, "color": INK, "fontSize": 12, "opacity": {"expr": f"width < {len(values) * _NUMBER} ? 0 : 1"}}
        found.append({"transform": [{"filter": test}], "mark": mark, "encoding": {"x": across, "y": upright, "text": text}})
    if below:
        once = [{"aggregate": [{"op": "count", "as": "count"}]}]
        found.append({"transform": once, "mark": {"type": "rule", "color": INK}, "encoding": {"y": {"datum": 0, "type": "quantitative"}}})
    return found


@st.cache_data(show_spinner=False, max_entries=128)
def dots(cases: tuple[Dot, ...], kinds: tuple[str, ...], limit: int | None, limit_word: str, language: str) -> dict[str, Any]:
    """Days by case, one dot each at the day it came: the shape tells the kind, a thick ring that it is past its limit; the limit as a dashed line."""
    frame = pl.DataFrame(
        [{"on": case.on, "days": case.days, "kind": case.kind, "past": case.past, "text": case.text} for case in cases],
        schema={"on": pl.Date, "days": pl.Int64, "kind": pl.String, "past": pl.Boolean, "text": pl.String},
    )
    days = [case.on for case in cases]
    top = max([case.days for case in cases] + [limit or 0]) * 1.15 + 1
    months = period.month_range(min(days), period.add_months(max(days), 1))
    named = dict(zip([f"{month:%Y-%m}" for month in months], month_labels(months), strict=True))
    labels = f"({json.dumps(named)})[utcFormat(datum.value, '%Y-%m')]"
    across = {
        "field": "on",
        "type": "temporal",
        "scale": {"type": "utc", "nice": "month"},
        "title": None,
        "axis": {"tickCount": "month", "labelExpr": labels, "labelOverlap": "greedy", "grid": False, "domainColor": INK, "labelPadding": 6},
    }
    upright = {
        "field": "days",
        "type": "quantitative",
        "title": None,
        "scale": {"domain": [-top / 12, top], "nice": False},
        "axis": {"values": [step * _round(top / 4) for step in range(5)], "gridColor": GRID, "domain": False, "tickSize": 0},
    }
    shape = {"field": "kind", "type": "nominal", "scale": {"domain": list(kinds), "range": list(_SHAPES[: len(kinds)])}, "legend": _LEGEND}
    said = [{"field": "text", "type": "nominal", "title": t("feedback.col.case")}]
    past = {"condition": {"test": "datum.past", "value": CONCERN}, "value": LINE}
    wide = {"condition": {"test": "datum.past", "value": 3}, "value": 1.6}
    layers: list[dict[str, Any]] = [
        {
            "mark": {"type": "point", "size": 110, "opacity": 1, "fill": "#ffffff"},
            "encoding": {"x": across, "y": upright, "shape": shape, "stroke": past, "strokeWidth": wide, "tooltip": said},
        }
    ]
    if limit is not None:
        level = {"datum": limit, "type": "quantitative"}
        once = {"transform": [{"aggregate": [{"op": "count", "as": "count"}]}]}
        layers.append({**once, "mark": {"type": "rule", "color": TARGET, "strokeDash": [6, 4], "strokeWidth": 1.5}, "encoding": {"y": level}})
        mark = {"type": "text", "align": "right", "dy": -9, "color": TARGET, "fontSize": 12, "fontWeight": "bold", "x": {"expr": "width"}}
        layers.append({**once, "mark": mark, "encoding": {"y": level, "text": {"value": limit_word}}})
    return {**_frame(260), "layer": layers, **_data(frame)}


def _round(step: float) -> int:
    """A step between ticks that reads well: 1, 2, 5, 10, 20, 50 …"""
    return next((size * ten for ten in (1, 10, 100, 1000) for size in (1, 2, 5) if size * ten >= step), 5000)


def _frame(height: int) -> dict[str, Any]:
    config = {"font": _FONT, "background": "transparent", "view": {"stroke": None}, "axis": {"labelColor": INK, "labelFontSize": 12}}
    return {"width": "container", "height": height, "config": config}


def _data(frame: pl.DataFrame) -> dict[str, Any]:
    buffer = io.BytesIO()
    frame.write_ipc_stream(buffer, compat_level=pl.CompatLevel.oldest())
    return {"data": {"name": "d"}, "datasets": {"d": buffer.getvalue()}}
