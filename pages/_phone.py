"""The screen of telephone courtesy in pieces: what needs attention, each testing body for itself, sections in last place, single calls for reviewers."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from decimal import Decimal
from fractions import Fraction

import streamlit as st

from pages import _charts, _data, _data_phone, _figures, _topic
from pages._charts import Point
from pages._data import Choice, Dated
from pages._parts import Status, bare, goal, month_list, section, show, unit_of, worded
from pages._topic import Cell, Fixed, Month
from warehouse import numerals, scorecard
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

#: The body that is to test every month.
_MONTHLY = "hualien"

#: Calls that are listed in the fold; all are in the file.
_CALLS = 60


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
    means = {f"{indicator}_mean": asked.figures[f"{indicator}_mean"] for indicator in BODIES.values()}
    _topic.attention([*_untested(asked), *_topic.missed(means), *_below(asked), *_last_runs(asked)], _topic.untold(("phone_test",), asked.choice))


def _untested(asked: Asked) -> list[tuple[Status, str | Markup, str | Markup]]:
    """Months without a test by the body that is to test every month."""
    months = asked.found.bodies[_MONTHLY].untested
    if not months or not asked.found.bodies[_MONTHLY].all.n:
        return []
    detail = t("phone.untested.detail", months=month_list(months))
    return [(Status(t("phone.untested.word"), "concern"), t(f"phone.body.{_MONTHLY}"), detail)]


def _below(asked: Asked) -> list[tuple[Status, str | Markup, str | Markup]]:
    """Calls below the highest grade: each wants a note on what is done about it."""
    counts = [(code, body.below_first) for code, body in asked.found.bodies.items() if body.all.n and body.below_first]
    if not counts:
        return []
    first = say.word(phone.bands()[0][1])
    told = [t("phone.below.body", body=t(f"phone.body.{code}"), calls=count) for code, count in counts]
    return [(Status(t("phone.below.word", grade=first), "neutral"), t("list.comma").join(told), t("phone.below.detail", grade=first))]


def _last_runs(asked: Asked) -> list[tuple[Status, str | Markup, str | Markup]]:
    word = Status(t("phone.last.word"), "concern")
    return [(word, say.quoted(run.section), say.window(run.months)) for run in asked.found.last_runs]


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
    left, right = st.columns(2, gap="medium")
    with left:
        _months(asked, found, name)
    with right:
        if found.losses:
            _items(asked, found)
        else:
            _reasons(asked, found, name)
    if found.losses:
        _reasons(asked, found, name)
    left, right = st.columns(2, gap="medium")
    with left:
        _sections(asked, found)
    with right:
        _grades(asked, found)


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


def _months(asked: Asked, found: Body, name: str) -> None:
    rows: list[list[Cell]] = [
        [Month(month), scores.n, Fixed.of(scores.mean, 2)] if scores.n else [Month(month), t("phone.no_test"), None]
        for month, scores in found.months.items()
    ]
    headings = [t(f"phone.col.{column}") for column in ("month", "calls", "mean")]
    _topic.listing(t("phone.months.caption", body=name), headings, rows, asked.choice, f"phone_{found.code}_months", most=len(rows), numeric=[1, 2])


# --- items and reasons --------------------------------------------------------------------------------------------------


def _items(asked: Asked, found: Body) -> None:
    most = found.losses[0]
    finding = t("phone.items.finding.none")
    if most.lost:
        finding = t("phone.items.finding", item=_item(most.item), lost=_points(most.lost), most=most.most)
    rows: list[list[Cell]] = []
    for loss in found.losses:
        share = f"{loss.share:.2f}{t('value.unit.share')}"
        drawn = element("div", element("span", style=f"width:{loss.share}%"), cls="sq-loss", role="img", aria_label=t("phone.loss.text", share=share))
        lost = [Fixed.of(loss.lost, 2), Fixed(loss.share, t("value.unit.share"))]
        rows.append([t("phone.item", item=_item(loss.item), most=loss.most), loss.n, *lost, drawn])
    headings = [t(f"phone.col.{column}") for column in ("item", "calls", "lost", "lost_share", "drawn")]
    show(element("h3", t("phone.items"), cls="sq-h3"), element("p", finding, cls="sq-finding"))
    _topic.listing(t("phone.items.caption"), headings, rows, asked.choice, f"phone_{found.code}_items", numeric=[1, 2, 3])


def _item(item: str) -> str:
    return t(f"phone.item.{item}")


def _points(lost: Fraction) -> str:
    return f"{numerals.round_half_up(lost, 2):.2f}"


def _reasons(asked: Asked, found: Body, name: str) -> None:
    show(element("h3", t("phone.reasons"), cls="sq-h3"))
    lacking = "" if found.losses else t("phone.items.none", body=name)
    if not found.reasons:
        show(element("p", say.sentences(t("phone.reasons.none"), lacking), cls="sq-note"))
        return
    items = [item for item in MAXIMA if any(item in reason.losses for reason in found.reasons)]
    headings = [t("phone.col.reason"), t("phone.col.calls"), *(t("phone.item", item=_item(item), most=MAXIMA[item][1]) for item in items)]
    rows: list[list[Cell]] = [
        [reason.text, reason.calls, *(Fixed.of(reason.losses.get(item), 2) for item in items)] for reason in found.reasons
    ]
    first = found.reasons[0]
    show(element("p", t("phone.reasons.finding", reason=say.quoted(first.text), calls=first.calls), cls="sq-finding"))
    note = t("phone.reasons.items") if items else lacking
    numeric = range(1, len(headings))
    _topic.listing(t("phone.reasons"), headings, rows, asked.choice, f"phone_{found.code}_reasons", numeric=numeric, note=note, hide_caption=True)


# --- sections and grades ------------------------------------------------------------------------------------------------


def _sections(asked: Asked, found: Body) -> None:
    """Sections in order of calls. The mean of a few calls is next to the calls themselves: it stands in the fold for reviewers."""
    if found.anonymous:
        show(element("h3", t("phone.sections"), cls="sq-h3"), element("p", t("phone.sections.anonymous"), cls="sq-note"))
        return
    hidden = found.withheld
    rows: list[list[Cell]] = []
    for name, scores in found.sections.items():
        told = [Fixed.of(scores.mean, 2), _range(scores)] if name not in hidden else [t("phone.sections.hidden"), None]
        rows.append([name, scores.n, *told])
    headings = [t(f"phone.col.{column}") for column in ("section", "calls", "mean", "range")]
    note = t("phone.sections.why") if hidden else None
    show(element("h3", t("phone.sections"), cls="sq-h3"), element("p", t("phone.sections.note"), cls="sq-note"))
    file = f"phone_{found.code}_sections"
    _topic.listing(t("phone.sections"), headings, rows, asked.choice, file, most=len(rows), numeric=[1, 2, 3], note=note, hide_caption=True)


def _range(scores: Scores) -> str | None:
    return t("phone.range", low=_score(scores.bounds[0]), high=_score(scores.bounds[1])) if scores.bounds else None


def _grades(asked: Asked, found: Body) -> None:
    bands = phone.bands()
    spans = [t("phone.grades.top", bound=f"{bands[0][0]}")]
    spans += [
        t("phone.grades.below", bound=f"{bound}", above=f"{above}") if bound else t("phone.grades.lowest", above=f"{above}")
        for (above, _), (bound, _) in zip(bands, bands[1:], strict=False)
    ]
    rows: list[list[Cell]] = [[say.word(word), span, found.grades[word]] for (_, word), span in zip(bands, spans, strict=True)]
    first = bands[0][1]
    how = "phone.grades.finding" if found.below_first else "phone.grades.all"
    finding = t(how, calls=found.all.n, grade=say.word(first), top=found.grades[first], below=found.below_first)
    show(element("h3", t("phone.grades"), cls="sq-h3"), element("p", finding, cls="sq-finding"))
    headings = [t(f"phone.col.{column}") for column in ("grade", "band", "calls")]
    _topic.listing(t("phone.grades"), headings, rows, asked.choice, f"phone_{found.code}_grades", numeric=[2], hide_caption=True)


# --- last place, single calls ---------------------------------------------------------------------------------------------


def last_place(asked: Asked) -> None:
    """Sections that stood last in two months running."""
    found = asked.found
    show(section(t("phone.last"), t("phone.last.note")))
    if not found.attitude_months:
        show(element("p", t("phone.last.no_data"), cls="sq-note"))
        return
    runs = found.last_runs
    said: str | Markup = t("phone.last.none", months=len(found.attitude_months))
    if runs:
        items = [t("phone.last.item", section=say.quoted(run.section), months=say.window(run.months), count=len(run.months.months)) for run in runs]
        sections = len({run.section for run in runs})
        said = t("phone.last.found", sections=sections, list=markup.join(items, t("list.semicolon")), count=len(found.twice_last))
    show(element("p", said, cls="sq-finding"), _figures.cards([asked.figures[_LAST]], asked.choice))


def calls(asked: Asked) -> None:
    """Every single call, and the scores of each section, behind a fold; read only when it is opened."""
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
        numeric = range(len(columns), len(columns) + len(items) + 1)
        _topic.listing(t("phone.calls.caption"), headings, rows, asked.choice, "phone_calls", most=_CALLS, numeric=numeric, cls="tall")
        headings = [t(f"phone.col.{column}") for column in ("section", "body", "calls", "mean", "scores")]
        by_section: list[list[Cell]] = [
            [name, t(f"phone.body.{code}"), scores.n, Fixed.of(scores.mean, 2), t("list.comma").join(map(_score, scores.scores))]
            for code, body in asked.found.bodies.items()
            for name, scores in body.sections.items()
        ]
        _topic.listing(t("phone.calls.sections"), headings, by_section, asked.choice, "phone_call_sections", most=_CALLS, numeric=[2, 3])


def _call(code: str, call: Call, items: Sequence[str]) -> list[Cell]:
    given = [Fixed.of(call.items[item], 2) for item in items]
    total = [Fixed.of(call.total, 2), say.word(call.grade) if call.grade else None, call.reason]
    return [t(f"phone.body.{code}"), call.day, f"{call.at:%H:%M}" if call.at else None, call.section, call.extension, *given, *total]
