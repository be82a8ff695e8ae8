"""The director's page in pieces: summary, what needs attention, the eight cards, the table of the others."""

from __future__ import annotations

from decimal import Decimal

from pages import _charts
from pages._data import Attention, Card, Choice, Dated, Home
from pages._parts import bare, change, gap, link, month_list, section, show, status, target_line, until, value, worded
from warehouse.scorecard import Figure
from warehouse.web import markup, say
from warehouse.web.markup import Markup, element
from warehouse.web.words import t

#: How many things that need attention are listed; the rest are counted.
_MOST = 8


def summary(home: Home) -> None:
    """One sentence: how many on target, of how many; what is missing; to which month."""
    counts, total = home.counts, sum(home.counts.values())
    if total == counts["no_data"]:
        first = t("home.summary.none")
    else:
        lacking = t("home.summary.no_data", count=counts["no_data"]) if counts["no_data"] else ""
        first = t(
            "home.summary.counts", total=total, met=counts["met"], not_met=counts["not_met"], cannot_tell=counts["cannot_tell"], no_data=lacking
        )
    more = t("home.summary.provisional", count=home.provisional) if home.provisional else ""
    show(
        element("h1", t("home.title", period=say.window(home.window)), cls="sq-h1"),
        element("p", element("strong", first), " ", say.sentences(more, *_data_sentences(home)), cls="sq-lead"),
    )


def _data_sentences(home: Home) -> list[str]:
    month = say.month(home.window.end)
    unsent = t("home.summary.unsent", count=home.unsent) if home.unsent else ""
    if not home.missing:
        return [t("home.summary.to", month=month), unsent] if unsent else [t("home.summary.complete", month=month)]
    named = [t("home.missing.item", dataset=say.dataset(item.dataset or ""), months=month_list(item.months)) for item in home.missing[:3]]
    more = t("home.missing.more", count=len(home.missing)) if len(home.missing) > len(named) else ""
    return [t("home.summary.missing", month=month, list=t("list.comma").join(named) + more), unsent]


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
        items = [_attention_line(item, choice) for item in home.attention[:_MOST]]
        more = len(home.attention) - len(items)
        body = markup.join(
            [element("ul", items, cls="sq-attention"), element("p", t("home.attention.more", count=more), cls="sq-note") if more > 0 else None]
        )
    show(section(t("home.attention")), body)


def _attention_line(item: Attention, choice: Choice) -> Markup:
    if item.figure is None:
        words = element(
            "span",
            element("span", "■", cls="sq-shape", aria_hidden="true"),
            t("home.attention.missing", months=month_list(item.months)),
            cls="sq-chip neutral",
        )
        return element("li", words, element("span", say.dataset(item.dataset or ""), cls="sq-what"))
    figure = item.figure
    name = element("a", say.indicator(figure.indicator), href=link("indicator", choice, id=figure.indicator.id), cls="sq-what")
    detail = t("home.attention.detail", value=value(figure), target=target_line(figure))
    return element("li", status(figure).markup, name, element("span", detail, cls="sq-note"))


def cards(home: Home, choice: Choice) -> None:
    """The eight cards, in their fixed order."""
    show(section(t("home.cards"), t("home.legend")), element("div", [_card(card, choice) for card in home.cards], cls="sq-cards"))


def _card(card: Card, choice: Choice) -> Markup:
    figure = card.lead.figure
    judged = card.other if card.other is not None and figure.goal is None and card.other.goal is not None else figure
    title = element("a", t(f"card.{card.words}"), href=link("indicator", choice, id=figure.indicator.id))
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
        element("p", until(card.lead), cls="sq-until"),
        cls="sq-card",
    )


def _values(card: Card) -> list[Markup]:
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
    return _charts.sparkline(card.trail, card.goals if bounded else (), named, bounded=bounded)


def others(home: Home, choice: Choice) -> None:
    """The rest of the headline figures, in a table."""
    headings = [t(f"home.col.{name}") for name in ("name", "value", "status", "target", "change", "until")]
    rows = [_row(dated, choice) for dated in home.rows]
    show(
        section(t("home.others")),
        markup.table(t("home.others"), headings, rows, numeric=[1], hide_caption=True),
        element("p", element("a", t("home.others.all", count=home.total), href=link("indicator", choice)), cls="sq-note"),
    )


def _row(dated: Dated, choice: Choice) -> list[Markup | str]:
    figure = dated.figure
    name = element("a", say.indicator(figure.indicator), href=link("indicator", choice, id=figure.indicator.id))
    return [name, value(figure), status(figure).markup, target_line(figure), change(dated), until(dated).removeprefix(t("data.until", day=""))]


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
