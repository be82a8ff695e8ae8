"""Charts as pictures: Vega-Lite drawn with the font that is shipped, the same bytes for the same values on any machine."""

from __future__ import annotations

import json
from functools import cache
from pathlib import Path
from typing import Any

import pylopdf_fonts_zh_tw
import vl_convert

from warehouse.report.parts import Chart

#: Where the shipped fonts lie; their family names.
FONTS = Path(pylopdf_fonts_zh_tw.__file__).parent
SANS, SERIF = "Noto Sans TC", "Noto Serif TC"

WIDTH, HEIGHT = 620, 180
_COLOURS = ["#0072B2", "#D55E00", "#009E73", "#999999"]
_DASHES = [[1, 0], [6, 3], [2, 2], [8, 2, 2, 2]]
_INK = "#3c4043"


def picture(chart: Chart) -> bytes:
    """A chart as PNG, twice as fine as the screen."""
    _register_fonts()
    return vl_convert.vegalite_to_png(json.dumps(specification(chart), ensure_ascii=False), scale=2)


def specification(chart: Chart) -> dict[str, Any]:
    """A chart as Vega-Lite. Lines begin at their own scale and say so by their axis; bars and shares begin at zero."""
    values = [
        {"x": category, "y": value, "s": series.name, "o": place}
        for place, series in enumerate(chart.series)
        for category, value in zip(chart.categories, series.values, strict=True)
        if value is not None
    ]
    names = [series.name for series in chart.series]
    colour = {"field": "s", "type": "nominal", "sort": names, "scale": {"domain": names, "range": _COLOURS[: len(names)]}, "title": None}
    across = {"field": "x", "type": "nominal", "sort": list(chart.categories), "title": None, "axis": {"labelAngle": 0, "labelLimit": 220}}
    measure: dict[str, Any] = {"field": "y", "type": "quantitative", "title": chart.unit}
    if chart.kind != "shares":
        measure |= {"axis": {"titleAngle": 0, "titleAlign": "left", "titleX": -26, "titleY": -8}}
    if len(names) == 1:
        colour |= {"legend": None}
    elif chart.kind != "lines":
        colour |= {"legend": {"symbolType": "square"}}
    body = {"lines": _lines, "bars": _bars, "shares": _shares}[chart.kind](across, measure, colour, names)
    if chart.goal is not None and chart.kind == "lines":
        body["layer"] += _goal(chart.goal, chart.unit)
    return {
        "$schema": "https://vega.github.io/schema/vega-lite/v5.json",
        "width": WIDTH,
        "height": 26 * len(chart.categories) if chart.kind == "shares" else HEIGHT,
        "background": "white",
        "data": {"values": values},
        "config": _CONFIG,
        **body,
    }


def _lines(across: dict[str, Any], measure: dict[str, Any], colour: dict[str, Any], names: list[str]) -> dict[str, Any]:
    dash = {"field": "s", "type": "nominal", "sort": names, "scale": {"domain": names, "range": _DASHES[: len(names)]}, "title": None}
    encoding = {"x": across, "y": measure | {"scale": {"zero": False, "nice": True}}, "color": colour}
    return {"layer": [{"mark": {"type": "line", "strokeWidth": 2}, "encoding": encoding | {"strokeDash": dash}}, {"mark": {"type": "point", "filled": True, "size": 40}, "encoding": encoding}]}


def _goal(goal: float, unit: str) -> list[dict[str, Any]]:
    """The target as a line across, with its words at its end."""
    data = {"values": [{"goal": goal, "words": f"目標{goal:g}{unit}"}]}
    rule = {"data": data, "mark": {"type": "rule", "color": _INK, "strokeDash": [2, 3]}, "encoding": {"y": {"field": "goal", "type": "quantitative"}}}
    mark = {"type": "text", "align": "right", "dx": -4, "dy": -7, "font": SANS, "fontSize": 11, "color": _INK}
    words = {"data": data, "mark": mark, "encoding": {"y": {"field": "goal", "type": "quantitative"}, "x": {"value": WIDTH}, "text": {"field": "words"}}}
    return [rule, words]


def _bars(across: dict[str, Any], measure: dict[str, Any], colour: dict[str, Any], names: list[str]) -> dict[str, Any]:
    encoding = {"x": across, "y": measure | {"stack": "zero"}, "color": colour, "order": {"field": "o", "type": "quantitative"}}
    return {"mark": {"type": "bar", "width": {"band": 0.6}}, "encoding": encoding}


def _shares(across: dict[str, Any], measure: dict[str, Any], colour: dict[str, Any], names: list[str]) -> dict[str, Any]:
    encoding = {
        "y": across | {"axis": {"labelLimit": 260}},
        "x": measure | {"stack": "zero", "scale": {"domain": [0, 100]}},
        "color": colour,
        "order": {"field": "o", "type": "quantitative"},
    }
    return {"mark": {"type": "bar", "height": {"band": 0.65}}, "encoding": encoding}


_CONFIG: dict[str, Any] = {
    "font": SANS,
    "view": {"stroke": None},
    "axis": {"labelFont": SANS, "titleFont": SANS, "labelFontSize": 11, "titleFontSize": 11, "labelColor": _INK, "titleColor": _INK, "gridColor": "#e3e7ec", "titleFontWeight": "normal"},
    "legend": {"labelFont": SANS, "labelFontSize": 11, "labelColor": _INK, "orient": "bottom", "labelLimit": 260},
}


@cache
def _register_fonts() -> None:
    vl_convert.register_font_directory(str(FONTS))
