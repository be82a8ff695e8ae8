"""The director's page in pieces: summary, what needs attention, the eight cards, what changed, all other indicators by 評核項目."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from datetime import date
from decimal import Decimal
from fractions import Fraction

import streamlit as st

from pages import _data_home, _drawn, _published
from pages._data import Choice, Dated, Missing
from pages._data_home import Attention, Card, Changes, Home, Row, Step
from pages._parts import (
    Status,
    aligned,
    bare,
    change,
    gap,
    link,
    measured,
    month_list,
    number,
    sample_size,
    section,
    sender_list,
    show,
    signed,
    standing_words,
    status,
    stretch_words,
    target_line,
    unit_beside,
    until,
    value,
    worded,
)
from warehouse.anonymity import hidden
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


def summary(home: Home, choice: Choice) -> None:
    """One sentence: how many on target, of how many; new signals; what is missing and late; to which month; and where to look at each."""
    counts, total = home.counts, sum(home.counts.values())
    if total == counts["no_data"]:
        first = t("home.summary.none")
    else:
        lacking = t("home.summary.no_data", count=counts["no_data"]) if counts["no_data"] else ""
        unsure = t("home.summary.unsure") if counts["cannot_tell"] else ""
        first = t(
            "home.summary.counts",
            total=total,
            met=counts["met"],
            not_met=counts["not_met"],
            cannot_tell=counts["cannot_tell"],
            unsure=unsure,
            no_data=lacking,
        )
    more = [t("home.summary.provisional", count=home.provisional)] if home.provisional else []
    if home.signals:
        names = t("list.comma").join(say.indicator(indicator) for indicator, _ in home.signals[:_NAMED])
        more.append(t("home.summary.signals", count=len(home.signals), names=names))
    ways = [element("a", t("home.way.review"), href=link("review", choice, show="target"))]
    if home.late or home.missing or home.unsent:
        ways.append(element("a", t("home.way.duty"), href=link("duty", choice)))
    show(
        element("h1", t("home.title", period=say.window(home.window)), cls="sq-h1"),
        element("p", element("strong", first), " ", say.sentences(*more, *_data_sentences(home)), cls="sq-lead"),
        element("p", ways, cls="sq-ways"),
    )


def _data_sentences(home: Home) -> list[str]:
    month = say.month(home.window.end)
    unsent = t("home.summary.unsent", count=home.unsent) if home.unsent else ""
    late = t("home.summary.late", count=home.late) if home.late else ""
    if not home.missing:
        return [t("home.summary.to" if unsent else "home.summary.complete", month=month), unsent]
    named = [_missing_words(item) for item in home.missing[:_NAMED]]
    more = t("home.missing.more", count=len(home.missing)) if len(home.missing) > len(named) else ""
    return [t("home.summary.missing", month=month, list=t("list.comma").join(named) + more), late, unsent]


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
        items = _attention_lines(home.attention, choice)
        body = markup.join(
            [element("ul", items[:_MOST], cls="sq-attention"), _fold(t("home.attention.more", count=len(items) - _MOST), items[_MOST:])]
        )
    show(section(t("home.attention")), body)


def _fold(summary: str, items: Sequence[Markup]) -> Markup | None:
    return element("details", element("summary", summary), element("ul", items, cls="sq-attention"), cls="sq-details") if items else None


def _attention_lines(attention: Sequence[Attention], choice: Choice) -> list[Markup]:
    """A line for each; one for all counts that only the same missing months keep open."""
    lines: list[Markup] = []
    grouped: dict[tuple[date, ...], list[Figure]] = {}
    for item in attention:
        if item.figure is not None and item.lacking and item.kind == "cannot_tell" and item.figure.interval == "none":
            grouped.setdefault(item.lacking, []).append(item.figure)
    for item in attention:
        if item.figure is None or item.figure not in grouped.get(item.lacking, ()):
            lines.append(_attention_line(item, choice))
        elif (figures := grouped[item.lacking])[0] is item.figure:
            names = [element("a", say.indicator(each.indicator), href=link("indicator", choice, id=each.indicator.id)) for each in figures]
            said = Status(t("home.attention.unfinished", months=month_list(item.lacking)), "neutral").markup
            lines.append(element("li", said, element("span", markup.join(names, t("list.comma")), cls="sq-names")))
    return lines


def _attention_line(item: Attention, choice: Choice) -> Markup:
    if item.missing is not None:
        return _missing_line(item.missing, choice)
    figure = item.figure
    assert figure is not None
    name = element("a", say.indicator(figure.indicator), href=link("indicator", choice, id=figure.indicator.id), cls="sq-what")
    detail = t("home.attention.detail", value=value(figure), target=target_line(figure))
    if item.lacking:
        detail += t("list.semicolon") + t("data.lacking", months=month_list(item.lacking))
    concern = item.kind == "concern" and item.standing is not None
    signal = element("span", t("home.attention.signal", rules=stretch_words(item.standing)), cls="sq-signal") if concern else None
    return element("li", status(figure).markup, name, element("span", detail, cls="sq-note"), signal)


def _missing_line(missing: Missing, choice: Choice) -> Markup:
    months, senders = month_list(missing.months), sender_list(missing.senders)
    kind = "late" if missing.late else "missing"
    said = t(f"home.attention.{kind}.partial", months=months, senders=senders) if senders else t(f"home.attention.{kind}", months=months)
    name = element("a", say.dataset(missing.dataset), href=link("duty", choice), cls="sq-what")
    return element("li", Status(said, "concern" if missing.late else "neutral").markup, name)


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
        element("p", _sample(card), cls="sq-period"),
        element("p", status(judged).markup if judged.value is not None or hidden(judged) else None, cls="sq-status"),
        target,
        element("p", _change(card), cls="sq-change"),
        element("div", _spark(card), cls="sq-spark-room"),
        element("p", standing_words(card.standing, figure.indicator), cls="sq-standing"),
        element("p", until(card.lead), cls="sq-until"),
        cls="sq-card",
    )


def _change(card: Card) -> Markup | str:
    """Against last year; where the warehouse has nothing of it, what a report printed then, marked as such; nothing where there is nothing to compare."""
    return _published.last_year(card.lead.figure) or (change(card.lead) if card.lead.figure.value is not None else "")


def _values(card: Card) -> list[Markup | None]:
    figure, other, month = card.lead.figure, card.other, card.month
    if card.words == "web" and month is not None:
        named = t("card.web.month", month=say.month(month.window.end))
        return [_big(month, named), _small(other, t("card.web.total"))]
    if card.words == "petition":
        return [_big(figure, t("card.petition.received")), _small(other, t("card.petition.late"))]
    grade = other is not None and not other.indicator.unit
    beside = element("span", t("card.grade", grade=bare(other.value)), cls="sq-grade") if grade and other and other.value else None
    lead = _big(figure, None, beside)
    return [lead] if grade or other is None else [lead, _small(other, t("card.amount"))]


def _big(figure: Figure, name: str | None, beside: Markup | None = None) -> Markup:
    shown = element("span", number(figure), cls="sq-number" if figure.value is not None else "sq-number none")
    return element("p", element("span", name, cls="sq-value-name") if name else None, shown, unit_beside(figure), beside, cls="sq-big")


def _small(figure: Figure | None, name: str) -> Markup | None:
    if figure is None or figure.value is None:
        return None
    return element("p", element("span", name, cls="sq-value-name"), element("span", value(figure), cls="sq-number-small"), cls="sq-small")


def _sample(card: Card) -> Markup:
    """The period, with n; where the large number is of a month alone, with the sum over the period that is compared."""
    figure = card.lead.figure
    if card.words == "web" and figure.value is not None and figure.window.start < figure.window.end:
        return element("span", t("card.web.period", period=say.window(figure.window), value=value(figure)))
    return markup.join([say.window(figure.window), sample_size(figure)], t("list.apart"))


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
    early = bool(found.steps) and all(step.early for step in found.steps)
    note = t("home.changes.early" if early else "home.changes.note") if found.steps else None
    pieces = [section(t("home.changes", month=month), note)]
    if found.steps:
        readings = [_reading(step, early=early) for step in found.steps]
        told = any(readings)
        headings = [t("home.col.name"), month, say.month(found.steps[0].before.window.end), t("home.col.difference"), *([t("home.col.reading")] if told else [])]
        rows = [[*_step(step, choice), *([reading or t("value.dash")] if told else [])] for step, reading in zip(found.steps, readings, strict=True)]
        pieces.append(markup.table(t("home.changes", month=month), headings, rows, numeric=[1, 2, 3], hide_caption=True))
    pieces.append(element("ul", _change_lines(found, choice), cls="sq-plain"))
    show(*pieces)


def _step(step: Step, choice: Choice) -> list[Markup | str]:
    name = element("a", t(f"card.{step.words}"), href=link("indicator", choice, id=step.now.indicator.id))
    distance = (step.now.exact or Fraction(0)) - (step.before.exact or Fraction(0))
    return [name, aligned(step.now), aligned(step.before), t("value.dash") if step.partial or step.running else signed(distance, step.now)]


def _reading(step: Step, *, early: bool) -> Markup | str | None:
    """What may be said of the two months. early: that all of them are too early has been said above the table."""
    if step.partial:
        return t("home.reading.partial", senders=sender_list(step.partial))
    if step.running:
        return t("home.reading.running")
    if step.standing is not None:
        return standing_words(step.standing, step.now.indicator)
    if step.early:
        return None if early else t("home.reading.early")
    return t("home.reading.anew" if step.anew else "home.reading.rare")


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
    read = any(row.standing for row in home.rows)
    names = ("name", "value", "status", "target", "change", *(["reading"] if read else []), "until")
    rows = [[*_row(row, choice), _published.last_year(row.dated.figure) or change(row.dated), *_end(row, read=read)] for row in home.rows]
    headings = [t(f"home.col.{name}") for name in names]
    show(section(t("home.others")), markup.table(t("home.others"), headings, rows, numeric=[1], hide_caption=True))
    show(section(t("home.all"), t("home.all.note"), printed=False))
    for at, code in enumerate(_data_home.item_codes()):
        fold = st.expander(t("home.item", code=say.section(code), title=say.heading(code)), key=f"item_{at}", on_change="rerun")
        if fold.open:
            with fold:
                _item(code, choice)


def _item(code: str, choice: Choice) -> None:
    found = next(item for item in _data_home.items(choice) if item.code == code)
    read = any(row.standing for row in found.rows)
    headings = [t(f"home.col.{name}") for name in ("name", "value", "status", "target", *(["reading"] if read else []), "until")]
    rows = [[*_row(row, choice), *_end(row, read=read)] for row in found.rows]
    show(markup.table(say.heading(code), headings, rows, numeric=[1], hide_caption=True))


def _row(row: Row, choice: Choice) -> list[Markup | str]:
    figure = row.dated.figure
    name = element("a", say.indicator(figure.indicator), href=link("indicator", choice, id=figure.indicator.id))
    return [name, measured(figure), status(figure).markup, target_line(figure) if figure.goal is not None else t("value.dash")]


def _end(row: Row, *, read: bool) -> list[Markup | str]:
    reading = [standing_words(row.standing, row.dated.figure.indicator) or t("value.dash")] if read else []
    return [*reading, _until(row.dated)]


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
