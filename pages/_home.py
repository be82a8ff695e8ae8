"""The director's page in pieces: summary, what needs attention, the eight cards, what changed, all other indicators by 評核項目."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from decimal import Decimal
from fractions import Fraction

import streamlit as st

from pages import _data_home, _drawn
from pages._data import Choice, Dated, Missing
from pages._data_home import Attention, Card, Changes, Home, Row, Step
from pages._parts import (
    aligned,
    bare,
    change,
    gap,
    link,
    measured,
    month_list,
    section,
    sender_list,
    show,
    signed,
    standing_words,
    status,
    stretch_words,
    target_line,
    until,
    value,
    worded,
)
from warehouse.indicators import Indicator
from warehouse.scorecard import Figure
from warehouse.signals import Standing
from warehouse.web import markup, say
from warehouse.web.markup import Markup, element
from warehouse.web.words import t

#: How many things that need attention are listed; the rest go into a fold.
_MOST = 8

#: How many missing tables the first sentence names.
_NAMED = 3


def summary(home: Home) -> None:
    """One sentence: how many on target, of how many; new signals; what is missing; to which month."""
    counts, total = home.counts, sum(home.counts.values())
    if total == counts["no_data"]:
        first = t("home.summary.none")
    else:
        lacking = t("home.summary.no_data", count=counts["no_data"]) if counts["no_data"] else ""
        first = t(
            "home.summary.counts", total=total, met=counts["met"], not_met=counts["not_met"], cannot_tell=counts["cannot_tell"], no_data=lacking
        )
    more = [t("home.summary.provisional", count=home.provisional)] if home.provisional else []
    if home.signals:
        names = t("list.comma").join(say.indicator(indicator) for indicator, _ in home.signals[:_NAMED])
        more.append(t("home.summary.signals", count=len(home.signals), names=names))
    show(
        element("h1", t("home.title", period=say.window(home.window)), cls="sq-h1"),
        element("p", element("strong", first), " ", say.sentences(*more, *_data_sentences(home)), cls="sq-lead"),
    )


def _data_sentences(home: Home) -> list[str]:
    month = say.month(home.window.end)
    unsent = t("home.summary.unsent", count=home.unsent) if home.unsent else ""
    if not home.missing:
        return [t("home.summary.to", month=month), unsent] if unsent else [t("home.summary.complete", month=month)]
    named = [_missing_words(item) for item in home.missing[:_NAMED]]
    more = t("home.missing.more", count=len(home.missing)) if len(home.missing) > len(named) else ""
    return [t("home.summary.missing", month=month, list=t("list.comma").join(named) + more), unsent]


def _missing_words(item: Missing) -> str:
    named = {"dataset": say.dataset(item.dataset), "months": month_list(item.months)}
    return t("home.missing.partial", **named, senders=sender_list(item.senders)) if item.senders else t("home.missing.item", **named)


def attention(home: Home, choice: Choice) -> None:
    """What needs attention, the most pressing first; plainly none where there is none."""
    if not home.attention:
        judged = sum(home.counts.values()) > home.counts["no_data"]
        body = element(
            "p",
            element("span", "●" if judged else "■", cls="sq-shape", aria_hidden="true"),
            t("home.attention.none"),
            cls="sq-calm" if judged else "sq-calm none",
        )
    else:
        items = [_attention_line(item, choice) for item in home.attention]
        body = markup.join(
            [element("ul", items[:_MOST], cls="sq-attention"), _fold(t("home.attention.more", count=len(items) - _MOST), items[_MOST:])]
        )
    show(section(t("home.attention")), body)


def _fold(summary: str, items: Sequence[Markup]) -> Markup | None:
    return element("details", element("summary", summary), element("ul", items, cls="sq-attention"), cls="sq-details") if items else None


def _attention_line(item: Attention, choice: Choice) -> Markup:
    if item.missing is not None:
        months, senders = month_list(item.missing.months), sender_list(item.missing.senders)
        said = t("home.attention.partial", months=months, senders=senders) if senders else t("home.attention.missing", months=months)
        words = element("span", element("span", "■", cls="sq-shape", aria_hidden="true"), said, cls="sq-chip neutral")
        return element("li", words, element("span", say.dataset(item.missing.dataset), cls="sq-what"))
    figure = item.figure
    assert figure is not None
    name = element("a", say.indicator(figure.indicator), href=link("indicator", choice, id=figure.indicator.id), cls="sq-what")
    detail = t("home.attention.detail", value=value(figure), target=target_line(figure))
    concern = item.kind == "concern" and item.standing is not None
    signal = element("span", t("home.attention.signal", rules=stretch_words(item.standing)), cls="sq-signal") if concern else None
    return element("li", status(figure).markup, name, element("span", detail, cls="sq-note"), signal)


def cards(home: Home, choice: Choice) -> None:
    """The eight cards, in their fixed order."""
    legend = t("home.legend") + (t("home.legend.icons") if any(card.standing for card in home.cards) else "")
    show(section(t("home.cards"), legend), element("div", [_card(card, choice) for card in home.cards], cls="sq-cards"))


def _card(card: Card, choice: Choice) -> Markup:
    figure = card.lead.figure
    judged = card.other if card.other is not None and figure.goal is None and card.other.goal is not None else figure
    title = element("a", t(f"card.{card.words}"), href=link("indicator", choice, id=figure.indicator.id), title=say.definition(figure.indicator))
    target = element("p", _target(judged), cls="sq-target", title=judged.target and say.document_text(judged.target))
    return element(
        "article",
        element("h3", title, cls="sq-card-title"),
        element("div", _values(card), cls="sq-values"),
        element("p", _sample(figure), cls="sq-period"),
        element("p", status(judged).markup, cls="sq-status"),
        target,
        element("p", change(card.lead), cls="sq-change"),
        element("div", _spark(card), cls="sq-spark-room"),
        element("p", standing_words(card.standing, figure.indicator), cls="sq-standing"),
        element("p", until(card.lead), cls="sq-until"),
        cls="sq-card",
    )


def _values(card: Card) -> list[Markup | None]:
    figure, other, month = card.lead.figure, card.other, card.month
    if card.words == "web" and month is not None:
        named = t("card.web.month", month=say.month(month.window.end))
        return [_big(month.value, month.indicator.unit, named), _small(other, t("card.web.total"))]
    if card.words == "petition":
        return [_big(figure.value, figure.indicator.unit, t("card.petition.received")), _small(other, t("card.petition.late"))]
    grade = other is not None and not other.indicator.unit
    beside = element("span", t("card.grade", grade=bare(other.value)), cls="sq-grade") if grade and other and other.value else None
    lead = _big(figure.value, figure.indicator.unit, None, beside)
    return [lead] if grade or other is None else [lead, _small(other, t("card.amount"))]


def _big(amount: Decimal | str | None, unit: str, name: str | None, beside: Markup | None = None) -> Markup:
    number = element("span", bare(amount), cls="sq-number" if amount is not None else "sq-number none")
    measure = element("span", say.unit(unit, amount if isinstance(amount, Decimal) else None), cls="sq-unit") if amount is not None else None
    return element("p", element("span", name, cls="sq-value-name") if name else None, number, measure, beside, cls="sq-big")


def _small(figure: Figure | None, name: str) -> Markup | None:
    if figure is None:
        return None
    return element(
        "p",
        element("span", name, cls="sq-value-name"),
        element("span", worded(figure.value, figure.indicator.unit), cls="sq-number-small"),
        cls="sq-small",
    )


def _sample(figure: Figure) -> Markup:
    sampled = figure.n is not None and figure.indicator.interval != "none"
    return markup.join(
        [say.window(figure.window), element("span", t("value.n", n=f"{figure.n:,}"), cls="sq-n") if sampled else None], t("list.apart")
    )


def _target(figure: Figure) -> Markup | str:
    distance = gap(figure)
    if figure.goal is None:
        return ""
    return markup.join([target_line(figure), *([element("br"), distance] if distance and figure.value is not None else [])])


def _spark(card: Card) -> Markup | None:
    known = [(month, amount) for month, amount in card.trail if amount is not None]
    if len(known) < 2 or card.lead.figure.indicator.kind == "derived":
        return None
    month, amount = known[-1]
    rounded = round(Decimal(str(amount)), card.lead.figure.indicator.decimals)
    named = t(
        "spark.text",
        name=t(f"card.{card.words}"),
        months=len(known),
        month=say.month(month),
        value=worded(rounded, card.lead.figure.indicator.unit),
    )
    indicator = card.lead.figure.indicator
    bounded = indicator.is_share or indicator.interval == "t"
    return _drawn.sparkline(card.trail, card.goals if bounded else (), named, bounded=bounded)


# --- what changed -------------------------------------------------------------------------------------------------------


def changes(home: Home, choice: Choice) -> None:
    """The newest month beside the month before it, in words that a single pair of months allows; verdicts that turned; what was loaded."""
    found = home.changes
    month = say.month(found.month)
    pieces = [section(t("home.changes", month=month), t("home.changes.note") if found.steps else None)]
    if found.steps:
        headings = [t("home.col.name"), month, say.month(found.steps[0].before.window.end), t("home.col.difference"), t("home.col.reading")]
        rows = [_step(step, choice) for step in found.steps]
        pieces.append(markup.table(t("home.changes", month=month), headings, rows, numeric=[1, 2, 3], hide_caption=True))
    pieces.append(element("ul", _change_lines(found, choice), cls="sq-plain"))
    show(*pieces)


def _step(step: Step, choice: Choice) -> list[Markup | str]:
    name = element("a", t(f"card.{step.words}"), href=link("indicator", choice, id=step.now.indicator.id))
    distance = (step.now.exact or Fraction(0)) - (step.before.exact or Fraction(0))
    reading: Markup | str | None = standing_words(step.standing, step.now.indicator) or t("home.reading.early")
    if step.partial:
        reading = t("home.reading.partial", senders=sender_list(step.partial))
    difference = signed(distance, step.now) if not step.partial else t("value.dash")
    return [name, aligned(step.now), aligned(step.before), difference, reading or ""]


def _change_lines(found: Changes, choice: Choice) -> list[Markup]:
    lines = [
        _line(
            turn.now.indicator,
            t("home.turn", before=status(turn.before).word, month=say.month(turn.before.window.end), now=status(turn.now).word),
            choice,
        )
        for turn in found.turns
    ]
    if not found.turns:
        lines.append(element("li", t("home.turn.none" if found.compared else "home.turn.first")))
    lines += [_line(indicator, _signal(standing), choice) for indicator, standing in found.signals]
    lines.append(element("li", _loads(found)))
    if found.later:
        lines.append(element("li", t("home.loads.later"), _entries(found.later)))
    return lines


def _line(indicator: Indicator, words: str, choice: Choice) -> Markup:
    name = element("a", say.indicator(indicator), href=link("indicator", choice, id=indicator.id))
    return element("li", t("named", name=name, words=words))


def _signal(standing: Standing) -> str:
    return t("home.signal.new", variation=t(f"variation.{standing.variation}"), rules=stretch_words(standing))


def _loads(found: Changes) -> Markup | str:
    if not found.loads:
        return t("home.loads.none", month=say.month(found.month))
    words = t("home.loads", month=say.month(found.month), count=len(found.loads))
    return element("details", element("summary", words), element("p", _entries(found.loads)), cls="sq-details")


def _entries(loads: Iterable[tuple[str, tuple[int, ...]]]) -> Markup:
    """為民服務意見調查表（第107號）、…, each number leading to the log."""
    named = []
    for dataset, entries in loads:
        numbers = [element("a", t("trace.number", id=entry), href=link("batches", entry=str(entry))) for entry in entries]
        named.append(t("bracketed", words=say.dataset(dataset), more=markup.join(numbers, t("list.comma"))))
    return markup.join(named, t("list.comma"))


# --- the others ---------------------------------------------------------------------------------------------------------


def others(home: Home, choice: Choice) -> None:
    """The other headline figures in a table, then every indicator, folded by 評核項目; a fold is made when it is opened."""
    headings = [t(f"home.col.{name}") for name in ("name", "value", "status", "target", "change", "reading", "until")]
    rows = [[*_row(row, choice), change(row.dated), *_end(row)] for row in home.rows]
    show(section(t("home.others")), markup.table(t("home.others"), headings, rows, numeric=[1], hide_caption=True))
    show(section(t("home.all"), t("home.all.note")))
    for at, code in enumerate(_data_home.item_codes()):
        fold = st.expander(t("home.item", code=say.section(code), title=say.heading(code)), key=f"item_{at}", on_change="rerun")
        if fold.open:
            with fold:
                _item(code, choice)


def _item(code: str, choice: Choice) -> None:
    found = next(item for item in _data_home.items(choice) if item.code == code)
    headings = [t(f"home.col.{name}") for name in ("name", "value", "status", "target", "reading", "until")]
    rows = [[*_row(row, choice), *_end(row)] for row in found.rows]
    show(markup.table(say.heading(code), headings, rows, numeric=[1], hide_caption=True))


def _row(row: Row, choice: Choice) -> list[Markup | str]:
    figure = row.dated.figure
    name = element("a", say.indicator(figure.indicator), href=link("indicator", choice, id=figure.indicator.id))
    return [name, measured(figure), status(figure).markup, target_line(figure) if figure.goal is not None else t("value.dash")]


def _end(row: Row) -> list[Markup | str]:
    return [standing_words(row.standing, row.dated.figure.indicator) or t("value.dash"), _until(row.dated)]


def _until(dated: Dated) -> str:
    return until(dated).removeprefix(t("data.until", day=""))


def first_steps() -> None:
    """What the page says before there are any data."""
    command = element("code", "service-quality sample")
    steps = element("ol", [element("li", t(f"empty.step{number}")) for number in (1, 2, 3)], cls="sq-steps-list")
    sample = t("empty.sample", command="{}").split("{}")
    show(
        element(
            "div",
            element("h1", t("empty.title"), cls="sq-h1"),
            element("p", t("empty.lead"), cls="sq-lead"),
            steps,
            element("p", element("a", t("empty.goto"), href="upload", cls="sq-button")),
            element("p", sample[0], command, sample[-1], cls="sq-note"),
            cls="sq-empty",
        )
    )
