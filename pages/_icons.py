"""Icons of what a control chart says: own drawings, told apart by shape as well as colour. The word stands beside each on the page."""

from __future__ import annotations

from functools import cache

from warehouse.indicators import Direction
from warehouse.statistics import Assurance, Variation
from warehouse.web import markup
from warehouse.web.markup import Markup

GOOD, CONCERN, OTHER, COMMON = "#0072B2", "#D55E00", "#5b3a8e", "#767676"

_UP, _DOWN = "M12 18V7M7.5 11.5L12 7l4.5 4.5", "M12 6v11M7.5 12.5L12 17l4.5-4.5"
_WAVE = "M4.5 {y}c2 -4 4 -4 5.5 0s3.5 4 5.5 0s3 -3.5 4 -1"
_CIRCLE = '<circle cx="12" cy="12" r="10.5" {}/>'
_TRIANGLE = '<path d="M12 .8L23.6 22.6H.4Z" {}/>'
_SQUARE = '<rect x="2" y="2" width="20" height="20" rx="3" {}/>'


@cache
def variation(found: Variation) -> Markup:
    """A wave in a grey ring; an arrow in a blue disc (improving), a vermilion triangle (concern) or a violet square (neither)."""
    if found == "common":
        return _drawn(_ring(COMMON) + _stroke(_WAVE.format(y=13), COMMON))
    kind, side = found.rsplit("_", 1)
    shape, colour = {"improving": (_CIRCLE, GOOD), "concerning": (_TRIANGLE, CONCERN), "neutral": (_SQUARE, OTHER)}[kind]
    arrow = f'<g transform="translate(0 3) translate(3.6 3.6) scale(.7)">{_stroke(_UP if side == "high" else _DOWN, "#fff")}</g>'
    plain = _stroke(_UP if side == "high" else _DOWN, "#fff")
    return _drawn(shape.format(f'fill="{colour}"') + (arrow if kind == "concerning" else plain))


@cache
def assurance(found: Assurance, direction: Direction) -> Markup:
    """The months as a wave against the target as a dashed line: on the good side of it, on the other, or across."""
    colour = {"pass": GOOD, "fail": CONCERN, "hit_and_miss": COMMON}[found]
    above = found == "hit_and_miss" or (found == "pass") == (direction == "increase")
    wave, target = (13, 13) if found == "hit_and_miss" else (10, 17.5) if above else (16, 6.5)
    line = f'<path d="M2.5 {target}h19" fill="none" stroke="#1a1c1f" stroke-width="1.6" stroke-dasharray="3 2"/>'
    return _drawn(_ring(colour) + line + _stroke(_WAVE.format(y=wave), colour))


def _ring(colour: str) -> str:
    return _CIRCLE.format(f'fill="#fff" stroke="{colour}" stroke-width="1.8"')


def _stroke(path: str, colour: str) -> str:
    return f'<path d="{path}" fill="none" stroke="{colour}" stroke-width="2.2" stroke-linecap="round" stroke-linejoin="round"/>'


def _drawn(inside: str) -> Markup:
    return markup.picture(f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 24 24" width="22" height="22">{inside}</svg>', "", "sq-icon")
