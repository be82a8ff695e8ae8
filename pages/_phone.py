"""The screen of telephone courtesy in pieces: each testing body for itself, sections in last place, single calls for reviewers."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from decimal import Decimal
from fractions import Fraction

import streamlit as st

from pages import _charts, _data, _data_phone, _figures
from pages._charts import Point
from pages._data import Choice, Dated
from pages._parts import bare, goal, month_list, section, show, unit_of, worded
from warehouse import numerals, period, scorecard
from warehouse.period import Window
from warehouse.scorecard import Figure
from warehouse.topics import phone
from warehouse.topics.phone import BODIES, MAXIMA, Body, Call, Phone, Scores
from warehouse.web import markup, say
from warehouse.web.markup import Markup, element
from warehouse.web.words import t

#: The cards of each testing body, after its mean.
_CARDS = {"hualien": ("phone_self_mean", "phone_self_grade", "phone_self_rounds", "phone_self_persons"), "hq": ("phone_hq_mean", "phone_hq_persons")}
_LAST = "attitude_consecutive_last"


@dataclass(frozen=True)
class Asked:
    """What the pieces show. choice: always of all sites, since the tests are."""

    choice: Choice
    window: Window
    by_site: bool
    found: Phone
    figures: dict[str, Dated]

    @property
    def is_empty(self) -> bool:
        """Whether there is neither a call nor a ranking."""
        return not any(body.all.n for body in self.found.bodies.values()) and not self.found.attitude_months


def ask(choice: Choice) -> Asked:
    """All that the page shows but the single calls."""
    whole = Choice(choice.window, scorecard.ALL_SITES, tuple(item for item in choice.address if item[0] != "site"))
    names = (*(name for names in _CARDS.values() for name in names), _LAST)
    return Asked(whole, choice.window, choice.site != scorecard.ALL_SITES, _data_phone.bodies(whole), _data.dated(names, whole))


def opening(asked: Asked) -> None:
    """Title and first sentence."""
    title = element("h1", t("phone.title", period=say.window(asked.window)), cls="sq-h1")
    if asked.is_empty:
        show(title)
        _figures.nothing(t("phone.none"))
        return
    said = []
    for code, body in asked.found.bodies.items():
        name = t(f"phone.body.{code}")
        said.append(t("phone.lead.body", body=name, calls=body.all.n, mean=_score(body.all.mean)) if body.all.n else t("phone.lead.none", body=name))
    note = element("p", t("phone.no_site"), cls="sq-note") if asked.by_site else None
    show(title, element("p", t("phone.lead", bodies=t("list.semicolon").join(said)), cls="sq-lead"), note)


def body(asked: Asked, code: str) -> None:
    """One testing body: figures, months, items, reasons, sections, grades."""
    found = asked.found.bodies[code]
    name = t(f"phone.body.{code}")
    show(section(name, t(f"phone.body.{code}.note")))
    if not found.all.n:
        _figures.nothing(t("phone.body.none", body=name))
        return
    show(_figures.cards([asked.figures[card] for card in _CARDS[code]], asked.choice))
    _chart(asked, found, name)
    months, losses, reasons = _month_table(found, name), _items(found, name), _reasons(found)
    if found.losses:
        show(_figures.side_by_side(months, losses), reasons)
    else:
        show(_figures.side_by_side(months, markup.join([reasons, losses])))
    show(_figures.side_by_side(_sections(found), _grades(found)))
    _downloads(found)


def _score(score: Decimal | None) -> str:
    return t("value.dash") if score is None else f"{score:.2f}"


# --- months -------------------------------------------------------------------------------------------------------------


def _chart(asked: Asked, found: Body, name: str) -> None:
    indicator = f"{BODIES[found.code]}_mean"
    figures = _data.months([indicator], asked.choice)[indicator]
    span = Window(figures[0].window.start, figures[-1].window.end)
    known = [figure for figure in figures if figure.exact is not None]
    untested = t("phone.untested", months=month_list(found.untested)) if found.untested else t("phone.untested.none")
    if len(known) < 2:
        show(element("p", untested, cls="sq-note"))
        return
    finding = _finding(known)
    points = tuple(Point(each.window.start, None if each.exact is None else float(each.exact), each.goal, each.n) for each in figures)
    goals = [figure.goal for figure in figures if figure.goal is not None]
    scale = _charts.axis([*(float(figure.exact) for figure in known if figure.exact is not None), *goals], bounded=True)
    due = t("target.plain", goal=goal(figures[-1])) if figures[-1].goal is not None else ""
    few, many = min(figure.n or 0 for figure in known), max(figure.n or 0 for figure in known)
    _figures.chart(
        found.code,
        finding,
        t("phone.months.measure", body=name, period=say.window(span)),
        _charts.by_month(points, scale, unit_of(known[-1].indicator.unit), 2, due),
        t("phone.months.alt", body=name, period=say.window(span), finding=finding),
        t("chart.note.target") if goals else "",
        t("phone.months.n.one", low=few) if few == many else t("phone.months.n", low=few, high=many),
        t("chart.note.axis", low=worded(Decimal(str(scale.low)), known[-1].indicator.unit)) if scale.cut else "",
        untested,
    )


def _finding(known: Sequence[Figure]) -> str:
    if all(figure.goal is not None for figure in known):
        reached = sum(figure.comparison == "meets" for figure in known)
        return t("phone.months.finding", tested=len(known), reached=reached, goal=goal(known[-1]))
    low, high = min(figure.value for figure in known), max(figure.value for figure in known)
    return t("phone.months.plain", tested=len(known), low=bare(low), high=bare(high))


_MONTH_COLUMNS = ("month", "calls", "mean", "lowest", "highest")


def _month_table(found: Body, name: str) -> Markup:
    rows = [[say.month(month), *_row(scores)] for month, scores in found.months.items()]
    return markup.table(t("phone.months.caption", body=name), [t(f"phone.col.{column}") for column in _MONTH_COLUMNS], rows, numeric=range(1, 5))


def _row(scores: Scores) -> list[str]:
    if not scores.n:
        return [t("phone.no_test"), *[t("value.dash")] * 3]
    low, high = _ends(scores)
    return [f"{scores.n:,}", _score(scores.mean), _score(low), _score(high)]


def _ends(scores: Scores) -> tuple[Decimal | None, Decimal | None]:
    return (scores.scores[0], scores.scores[-1]) if scores.n else (None, None)


# --- items and reasons --------------------------------------------------------------------------------------------------


def _items(found: Body, name: str) -> Markup:
    if not found.losses:
        return element("p", t("phone.items.none", body=name), cls="sq-note")
    most = found.losses[0]
    finding = t("phone.items.finding.none")
    if most.lost:
        finding = t("phone.items.finding", item=_item(most.item), lost=_points(most.lost), most=most.most)
    rows = []
    for loss in found.losses:
        share = f"{loss.share:.2f}{t('value.unit.share')}"
        drawn = element("div", element("span", style=f"width:{loss.share}%"), cls="sq-loss", role="img", aria_label=t("phone.loss.text", share=share))
        rows.append([t("phone.item", item=_item(loss.item), most=loss.most), f"{loss.n:,}", _points(loss.lost), share, drawn])
    headings = [t(f"phone.col.{column}") for column in ("item", "calls", "lost", "lost_share", "drawn")]
    return markup.join(
        [
            element("h3", t("phone.items"), cls="sq-h3"),
            element("p", finding, cls="sq-finding"),
            markup.table(t("phone.items.caption"), headings, rows, numeric=[1, 2, 3]),
        ]
    )


def _item(item: str) -> str:
    return t(f"phone.item.{item}")


def _points(lost: Fraction) -> str:
    return f"{numerals.round_half_up(lost, 2):.2f}"


def _reasons(found: Body) -> Markup:
    head = element("h3", t("phone.reasons"), cls="sq-h3")
    if not found.reasons:
        return markup.join([head, element("p", t("phone.reasons.none"), cls="sq-note")])
    headings, rows = _reason_table(found)
    first, narrow = found.reasons[0], len(headings) == 2
    return markup.join(
        [
            head,
            element("p", t("phone.reasons.finding", reason=say.quoted(first.text), calls=first.calls), cls="sq-finding"),
            markup.table(t("phone.reasons"), headings, rows, numeric=range(1, len(headings)), hide_caption=True, cls="narrow" if narrow else ""),
            None if narrow else element("p", t("phone.reasons.items"), cls="sq-note"),
        ]
    )


def _reason_table(found: Body) -> tuple[list[str], list[list[str]]]:
    items = [item for item in MAXIMA if any(item in reason.losses for reason in found.reasons)]
    headings = [t("phone.col.reason"), t("phone.col.calls"), *(t("phone.item", item=_item(item), most=MAXIMA[item][1]) for item in items)]
    rows = [
        [
            say.quoted(reason.text),
            f"{reason.calls:,}",
            *(_points(reason.losses[item]) if item in reason.losses else t("value.dash") for item in items),
        ]
        for reason in found.reasons
    ]
    return headings, rows


# --- sections and grades ------------------------------------------------------------------------------------------------


def _sections(found: Body) -> Markup:
    headings, rows = _section_table(found)
    return markup.join(
        [
            element("h3", t("phone.sections"), cls="sq-h3"),
            element("p", t("phone.sections.note"), cls="sq-note"),
            markup.table(t("phone.sections"), headings, rows, numeric=[1, 2], hide_caption=True),
        ]
    )


def _section_table(found: Body) -> tuple[list[str], list[list[str]]]:
    rows = []
    for name, scores in found.sections.items():
        between = t("phone.range", low=_score(scores.bounds[0]), high=_score(scores.bounds[1])) if scores.bounds else t("value.dash")
        listed = t("value.dash") if scores.bounds else t("list.comma").join(map(_score, scores.scores))
        rows.append([say.quoted(name), f"{scores.n:,}", _score(scores.mean), between, listed])
    return [t(f"phone.col.{column}") for column in ("section", "calls", "mean", "range", "scores")], rows


def _grades(found: Body) -> Markup:
    first = next(iter(found.grades))
    headings, rows = _grade_table(found)
    finding = t("phone.grades.finding", calls=found.all.n, grade=say.word(first), top=found.grades[first], below=found.below_first)
    return markup.join(
        [
            element("h3", t("phone.grades"), cls="sq-h3"),
            element("p", finding, cls="sq-finding"),
            markup.table(t("phone.grades"), headings, rows, numeric=[2], hide_caption=True),
        ]
    )


def _grade_table(found: Body) -> tuple[list[str], list[list[str]]]:
    bands = phone.bands()
    spans = [t("phone.grades.top", bound=f"{bands[0][0]}")]
    spans += [
        t("phone.grades.below", bound=f"{bound}", above=f"{above}") if bound else t("phone.grades.lowest", above=f"{above}")
        for (above, _), (bound, _) in zip(bands, bands[1:], strict=False)
    ]
    rows = [[say.word(word), span, f"{found.grades[word]:,}"] for (_, word), span in zip(bands, spans, strict=True)]
    return [t(f"phone.col.{column}") for column in ("grade", "band", "calls")], rows


def _downloads(found: Body) -> None:
    """Every table of a testing body as a file."""
    months = [[f"{month:%Y-%m}", scores.n, *map(_figures.plain, (scores.mean, *_ends(scores)))] for month, scores in found.months.items()]
    items = [[_item(loss.item), loss.most, loss.n, _points(loss.lost), _figures.plain(loss.share)] for loss in found.losses]
    item_headings = [t("phone.col.item"), t("phone.items.most"), *(t(f"phone.col.{column}") for column in ("calls", "lost", "lost_share"))]
    files = {
        "months": ([t(f"phone.col.{column}") for column in _MONTH_COLUMNS], months),
        "items": (item_headings, items),
        "reasons": _reason_table(found),
        "sections": _section_table(found),
        "grades": _grade_table(found),
    }
    span = Window(min(found.months), max(found.months))
    with st.container(horizontal=True, gap="small"):
        for what, (headings, rows) in files.items():
            if rows:
                name = f"phone_{found.code}_{what}_{span.iso_from}_{span.iso_to}"
                _figures.download(f"{found.code}_{what}", t(f"phone.download.{what}"), name, headings, rows)


# --- last place, single calls ---------------------------------------------------------------------------------------------


def last_place(asked: Asked) -> None:
    """Sections that stood last in two months running."""
    found = asked.found
    show(section(t("phone.last"), t("phone.last.note")))
    if not found.attitude_months:
        show(element("p", t("phone.last.no_data"), cls="sq-note"))
        return
    said = t("phone.last.none", months=len(found.attitude_months))
    if found.twice_last:
        items = [
            t(
                "phone.last.item",
                section=say.quoted(place.section),
                before=say.month(period.add_months(place.month, -1)),
                month=say.month_alone(place.month),
            )
            for place in found.twice_last
        ]
        said = t("phone.last.found", count=len(items), list=markup.join(items, t("list.comma")))
    show(element("p", said, cls="sq-finding"), _figures.cards([asked.figures[_LAST]], asked.choice))


def calls(asked: Asked) -> None:
    """Every single call, behind a fold; read only when it is opened."""
    fold = st.expander(t("phone.calls"), key="calls", on_change="rerun")
    if not fold.open:
        return
    found = _data_phone.calls(asked.choice)
    listed = [(code, call) for code in BODIES for call in found.get(code, ())]
    with fold:
        show(element("p", t("phone.calls.note"), cls="sq-note"))
        if not listed:
            show(element("p", t("phone.calls.none"), cls="sq-note"))
            return
        columns = ("body", "day", "time", "section", "extension")
        items = [item for item in MAXIMA if any(call.items[item] is not None for _, call in listed)]
        headings = [t(f"phone.col.{column}") for column in columns]
        headings += [t("phone.item", item=t(f"phone.item.{item}"), most=MAXIMA[item][1]) for item in items]
        headings += [t(f"phone.col.{column}") for column in ("total", "grade", "reason")]
        rows = [_call(code, call, items) for code, call in listed]
        show(
            markup.table(t("phone.calls"), headings, rows, numeric=range(len(columns), len(columns) + len(items) + 1), hide_caption=True, cls="tall")
        )
        name = f"phone_calls_{asked.window.iso_from}_{asked.window.iso_to}"
        _figures.download("calls", t("phone.download.calls"), name, headings, rows)


def _call(code: str, call: Call, items: Sequence[str]) -> list[Markup | str]:
    clock = f"{call.at:%H:%M}" if call.at else t("value.dash")
    given = [_score(call.items[item]) for item in items]
    known = [say.word(call.grade) if call.grade else t("value.dash"), say.quoted(call.reason) if call.reason else t("value.dash")]
    return [
        t(f"phone.body.{code}"),
        say.day(call.day),
        clock,
        say.quoted(call.section),
        call.extension or t("value.dash"),
        *given,
        _score(call.total),
        *known,
    ]
