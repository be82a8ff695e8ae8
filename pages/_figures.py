"""Pieces of the topic screens: cards of figures against their targets, charts in their frame, tables to take along."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from decimal import Decimal
from typing import Any

import streamlit as st

from pages import _charts
from pages._data import Dated
from pages._parts import bound, change, gap, link, number, show, status, target_line, unit_beside, until
from warehouse import scorecard
from warehouse.web import export, markup, say
from warehouse.web.markup import Markup, element
from warehouse.web.words import t


def cards(shown: Iterable[Dated], choice: Any) -> Markup:
    """Figures with period, n, comparison, target, change on last year and interval; each leads to its own page. Shares and means have all their
    decimals: 98.10 here is 98.10 in the table below."""
    return element("div", [_card(dated, choice) for dated in shown], cls="sq-cards")


def _card(dated: Dated, choice: Any) -> Markup:
    figure = dated.figure
    counted = figure.n is not None and (figure.indicator.interval != "none" or figure.indicator.is_share)
    told, measure = number(figure), unit_beside(figure)
    bears = figure.value is not None and (measure is not None or isinstance(figure.value, str))
    if measure is not None and (figure.indicator.is_share or figure.indicator.is_mean):
        told = f"{figure.value:,f}"
    size = element("span", t("value.n", n=f"{figure.n:,}"), cls="sq-n") if counted else None
    distance = gap(figure) if figure.goal is not None and bears else None
    aim = markup.join([target_line(figure), *([element("br"), distance] if distance else [])]) if figure.goal is not None else ""
    between = interval(figure.low, figure.high, figure.indicator.unit) if figure.interval != "none" and bears else ""
    return element(
        "article",
        element("h2", element("a", say.indicator(figure.indicator), href=link("indicator", choice, id=figure.indicator.id)), cls="sq-card-title"),
        element("div", element("p", element("span", told, cls="sq-number" if bears else "sq-number none"), measure, cls="sq-big"), cls="sq-values"),
        element("p", markup.join([say.window(figure.window), size], t("list.apart")), cls="sq-period"),
        element("p", status(figure).markup, cls="sq-status"),
        element("p", aim, cls="sq-target"),
        element("p", change(dated), cls="sq-change"),
        element("p", between, cls="sq-change"),
        element("p", until(dated), cls="sq-until"),
        cls="sq-card",
    )


def interval(low: Decimal | None, high: Decimal | None, unit: str) -> str:
    """95％參考範圍 93.49％至98.77％ in words."""
    return t("interval.range", low=bound(low, unit), high=bound(high, unit))


def nothing(text: str) -> None:
    """That there is nothing to show, and why."""
    show(element("p", element("span", "■", cls="sq-shape", aria_hidden="true"), text, cls="sq-calm none"))


def chart(key: str, finding: str, measure: str, spec: dict[str, Any], text: str, *notes: str) -> None:
    """A drawing under the sentence that it shows, with what it measures above it and what must be known below it."""
    with st.container(border=True, key=f"chart_{key}"):
        show(element("p", finding, cls="sq-finding"), element("p", measure, cls="sq-note"))
        _charts.draw(spec, text, key=f"drawn_{key}")
        below = say.sentences(*notes)
        if below:
            show(element("p", below, cls="sq-note"))


def download(key: str, label: str, name: str, headings: Sequence[str], rows: Iterable[Sequence[Any]]) -> None:
    """The same numbers as a file, without the markup of what is quoted."""
    content = export.csv_bytes([headings, *([markup.plain(cell) if isinstance(cell, Markup) else cell for cell in row] for row in rows)])
    st.download_button(label, content, f"{name}.csv", "text/csv", icon=":material/download:", type="tertiary", on_click="ignore", key=f"csv_{key}")


def side_by_side(*pieces: Markup | None) -> Markup:
    """Pieces beside each other where there is room, else one under the other."""
    return element("div", [element("div", piece, cls="sq-stack") for piece in pieces if piece], cls="sq-pair")


def plain(amount: Any) -> Any:
    """A number for a file: whole numbers whole, fractions as decimals."""
    return scorecard.number(amount)
