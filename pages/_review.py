"""評核項目檢視 in pieces: a table for each 評核項目, in the order of the report, and a form to say something of an indicator."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from decimal import Decimal

import streamlit as st

from pages import _charts, _data, _data_indicator, _indicator_series, _published
from pages._data import Choice
from pages._data_indicator import Explanation
from pages._data_review import Heading, Line, Review, Section
from pages._parts import addressed, aligned, link, section, show, standing_words, status, target_line, until, worded
from warehouse import scorecard
from warehouse.anonymity import hidden
from warehouse.indicators import all_indicators
from warehouse.web import export, markup, say
from warehouse.web.markup import Markup, element
from warehouse.web.words import t

_KEPT: dict[str, Callable[[Line], bool]] = {
    "all": lambda line: True,
    "target": lambda line: line.has_target,
    "open": lambda line: line.is_missing or line.is_below,
    "missing": lambda line: line.is_missing,
    "below": lambda line: line.is_below,
}


def choose() -> str:
    """Which indicators are listed, by its code in the address."""
    return addressed(t("review.show"), "show", list(_KEPT), "all", lambda code: t(f"review.show.{code}"), width=280)


def paper(review: Review, kept: str, choice: Choice) -> None:
    """The title, how many there are of what, the items with what is open in each, and a table for each of them."""
    lines = [line for part in review.sections for heading in part.headings for line in heading.lines]
    counts = {name: sum(keep(line) for line in lines) for name, keep in _KEPT.items()}
    told = _data_indicator.said(review.window.end)
    period = say.window(review.window)
    site = say.site(choice.site)
    show(
        element("h1", t("review.title", period=period), cls="sq-h1"),
        element("p", t("review.summary", site=site, total=counts["all"], missing=counts["missing"], below=counts["below"], told=len(told)), cls="sq-lead"),
        element("p", t("review.quarters", quarter=say.window(review.quarter.window)), cls="sq-note"),
        _agenda(review, kept),
    )
    parts = [_section(at, part, kept, told, choice) for at, part in enumerate(review.sections)]
    if any(parts):
        show(*[part for part in parts if part])
    else:
        show(element("p", element("span", "■", cls="sq-shape", aria_hidden="true"), t(f"review.none.{kept}"), cls="sq-calm none"))
    name = f"review_{review.window.iso_from}_{review.window.iso_to}.csv"
    st.download_button(t("review.download"), _csv(lines, told, choice), name, "text/csv", icon=":material/download:", on_click="ignore")


def _agenda(review: Review, kept: str) -> Markup:
    """The five items, each leading to its table, with how many indicators it has, how they stand, and how many lack data."""
    rows = []
    for at, part in enumerate(review.sections):
        lines = [line for heading in part.headings for line in heading.lines]
        title = t("home.item", code=say.section(part.code), title=say.heading(part.code))
        listed = any(_KEPT[kept](line) for line in lines)
        verdicts = [line.dated.figure.verdict for line in lines if line.is_decided]
        provisional = sum(line.has_target and not line.is_decided for line in lines)
        counts = [len(lines), *map(verdicts.count, ("met", "not_met", "cannot_tell")), provisional, sum(line.is_missing for line in lines)]
        rows.append([element("a", title, href=f"#{_anchor(at)}") if listed else title, *map(str, counts)])
    headings = [t(f"review.agenda.{name}") for name in ("item", "all", "met", "not_met", "cannot_tell", "provisional", "missing")]
    return markup.table(t("review.agenda"), headings, rows, numeric=range(1, 7), hide_caption=True, cls="agenda")


def _anchor(at: int) -> str:
    return f"item-{at + 1}"


def _section(at: int, part: Section, kept: str, told: dict[str, list[Explanation]], choice: Choice) -> Markup | None:
    title = t("home.item", code=say.section(part.code), title=say.heading(part.code))
    headings = [t(f"review.col.{name}") for name in ("name", "value", "status", "quarter", "previous", "last_year", "trail", "source", "told")]
    bodies = [_heading(heading, kept, told, choice, len(headings)) for heading in part.headings]
    if not any(bodies):
        return None
    head = element("tr", [element("th", words, scope="col", cls="num" if at in (1, 3, 4, 5) else None) for at, words in enumerate(headings)])
    table = element("table", element("caption", title, cls="hidden"), element("thead", head), bodies)
    region = element("div", table, cls="sq-table sq-review", role="region", tabindex="0", aria_label=title)
    return element("div", section(title), region, cls="sq-stack sq-item", id=_anchor(at), tabindex="-1")


def _heading(heading: Heading, kept: str, told: dict[str, list[Explanation]], choice: Choice, columns: int) -> Markup | None:
    lines = [line for line in heading.lines if _KEPT[kept](line)]
    if not lines:
        return None
    words = t("home.item", code=say.section(heading.code), title=say.heading(heading.code))
    title = element("tr", element("th", words, colspan=columns, scope="rowgroup"), cls="sq-row-group")
    return element("tbody", title, [_line(line, told.get(line.indicator.id, []), choice) for line in lines])


def _line(line: Line, told: Sequence[Explanation], choice: Choice) -> Markup:
    figure = line.dated.figure
    name = element("a", say.indicator(line.indicator), href=link("indicator", choice, id=line.indicator.id))
    target = element("span", target_line(figure), cls="sq-note") if figure.goal is not None else None
    quarters = [element("td", _short(each), cls="num") for each in (line.quarter, line.previous, line.last_year)]
    printed = _published.lines(figure)
    return element(
        "tr",
        element("th", name, scope="row"),
        element("td", aligned(figure), cls="num"),
        element("td", status(figure).markup, element("br") if target else None, target, printed or None),
        quarters,
        element("td", _trail(line)),
        element("td", _source(line), cls="sq-small-cell"),
        element("td", _told(told), cls="sq-small-cell"),
    )


def _short(figure: scorecard.Figure) -> Markup | str:
    return aligned(figure) if figure.value is not None or hidden(figure) else t("value.dash")


def _trail(line: Line) -> list[Markup | None]:
    known = [amount for _, amount in line.trail if amount is not None]
    if len(known) < 2:
        return [standing_words(line.standing, line.indicator)]
    bounded = line.indicator.is_share or line.indicator.interval == "t"
    last = round(Decimal(str(known[-1])), line.indicator.decimals)
    month = next(month for month, amount in reversed(line.trail) if amount is not None)
    named = t(
        "spark.text",
        name=say.indicator(line.indicator),
        months=len(known),
        month=say.month(month),
        value=worded(last, line.indicator.unit),
    )
    first = next(at for at, (_, amount) in enumerate(line.trail) if amount is not None)
    return [_charts.sparkline(line.trail[first:], (), named, bounded=bounded), standing_words(line.standing, line.indicator)]


def _source(line: Line) -> list[Markup | str | None]:
    sources = t("list.comma").join(map(say.dataset, _data.sources_of(line.indicator)))
    return [sources, element("br") if sources else None, element("span", until(line.dated), cls="sq-lack" if line.is_missing else "sq-note")]


def _told(told: Sequence[Explanation]) -> Markup | str:
    if not told:
        return ""
    newest = told[0]
    who = t("explain.by", author=say.quoted(newest.author), at=say.day(_data.taipei(newest.at_utc).date()))
    return markup.join([say.quoted(newest.text), element("br"), element("span", who, cls="sq-note")])


def _csv(lines: Sequence[Line], told: dict[str, list[Explanation]], choice: Choice) -> bytes:
    names = ("section", "name", "code", "value", "unit", "n", "target", "basis", "status", "quarter", "previous", "last_year", "lacking", "told", "author")
    rows: list[list[object]] = [[t(f"review.csv.{name}") for name in names]]
    for line in lines:
        figure, newest = line.dated.figure, next(iter(told.get(line.indicator.id, [])), None)
        values = [scorecard.number(each.value) for each in (line.quarter, line.previous, line.last_year)]
        rows.append(
            [
                say.section(line.indicator.section),
                say.indicator(line.indicator),
                line.indicator.id,
                scorecard.number(figure.value),
                say.unit(line.indicator.unit),
                figure.n,
                figure.goal,
                t(f"basis.{figure.target.basis}") if figure.target and figure.goal is not None else None,
                status(figure).word,
                *values,
                until(line.dated) if line.is_missing else None,
                newest.text if newest else None,
                newest.author if newest else None,
            ]
        )
    return export.csv_bytes(rows)


def write(choice: Choice) -> None:
    """A form to say something of any indicator in this period."""
    headings, names = _data.indicator_options(), all_indicators()
    wording = {name: t("indicator.option", heading=headings[name], name=say.indicator(names[name])) for name in names if headings[name]}
    show(section(t("review.write"), t("explain.note"), printed=False))
    name = st.selectbox(t("indicator.choose"), list(wording), format_func=wording.__getitem__, key="review_indicator")
    _indicator_series.write(name, choice, key="review_explain")
