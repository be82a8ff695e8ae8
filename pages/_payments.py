"""The screen of payments in pieces: each channel for itself, both amounts together, other channels, fees apart."""

from __future__ import annotations

from dataclasses import dataclass
from fractions import Fraction

import streamlit as st

from pages import _charts, _data, _data_payments, _figures, _topic, _topic_charts
from pages._charts import Line
from pages._data import TRAIL, Choice, Dated
from pages._parts import complaint, month_list, section, show, value
from pages._topic import Cell, Fixed, Month
from pages._topic_charts import Series
from warehouse import numerals, period, scorecard
from warehouse.period import Window
from warehouse.topics import payments
from warehouse.topics.payments import CHANNELS, OTHERS, Adjustment, Beside, Measure, Payments, Taken
from warehouse.web import say, words
from warehouse.web.markup import element
from warehouse.web.words import t

_CARDS = {
    "cvs": ("cvs_payment_count", "cvs_payment_amount", "cvs_avg_payment"),
    "counter": ("counter_payment_count", "counter_payment_amount", "counter_avg_payment"),
}
_BOTH = "payment_amount_two_channels"
_SINCE = ("credit_card_launch", "online_card_request")
_EASYCARD = "easycard_launch"

#: The measures of a channel in their order: how many, how much.
_MEASURES: tuple[Measure, ...] = ("n", "amount")


@dataclass(frozen=True)
class Asked:
    """What the pieces show. choice: always of all sites, since the table is; trail: the months that charts run back."""

    choice: Choice
    window: Window
    trail: Window
    by_site: bool
    found: Payments
    figures: dict[str, Dated]

    @property
    def is_empty(self) -> bool:
        """Whether no channel has anything in the window."""
        return all(self.found.total(channel, self.window) is None for channel in (*CHANNELS, *OTHERS))


def ask(choice: Choice) -> Asked:
    """All that the page shows."""
    whole = Choice(choice.window, scorecard.ALL_SITES, tuple(item for item in choice.address if item[0] != "site"))
    names = (*(name for names in _CARDS.values() for name in names), _BOTH, *_SINCE, _EASYCARD)
    found = _data_payments.taken(whole)
    return Asked(
        whole, choice.window, payments.trail(found, choice.window, TRAIL), choice.site != scorecard.ALL_SITES, found, _data.dated(names, whole)
    )


def opening(asked: Asked) -> None:
    """Title and first sentence."""
    title = element("h1", t("payments.title", period=say.window(asked.window)), cls="sq-h1")
    if asked.is_empty:
        show(title)
        _figures.nothing(t("payments.none"))
        return
    said = []
    for channel in CHANNELS:
        taken, name = asked.found.total(channel, asked.window), t(f"payments.channel.{channel}")
        if taken is None:
            said.append(t("payments.lead.none", channel=name))
        else:
            said.append(t("payments.lead.channel", channel=name, n=f"{taken.n:,}", unit=_unit(channel), amount=_amount(taken.amount)))
    note = element("p", t("payments.no_site"), cls="sq-note") if asked.by_site else None
    show(title, element("p", t("payments.lead", channels=t("list.semicolon").join(said)), cls="sq-lead"), note)


def channel(asked: Asked, code: str) -> None:
    """One channel: figures, months, year to date, months adjusted for working days."""
    name = t(f"payments.channel.{code}")
    show(section(name))
    if asked.found.total(code, asked.window) is None:
        _figures.nothing(t("payments.channel.none", channel=name))
        return
    show(_figures.cards([asked.figures[card] for card in _CARDS[code]], asked.choice))
    if missing := asked.found.missing(code, asked.window):
        complaint(t("payments.channel.missing", channel=name, months=month_list(missing)))
    if len(asked.trail.months) > 1:
        for place, measure in zip(st.columns(2), _MEASURES, strict=True):
            with place:
                _by_month(asked, code, name, measure)
    _month_table(asked, code, name)
    _beside_last_year(asked, code, name)
    _control(asked, code, name)


def _unit(code: str) -> str:
    return t(f"payments.unit.{code}")


def _amount(amount: Fraction) -> str:
    return f"{numerals.round_half_up(amount, 0):,}"


def _worded(taken: Taken, code: str, measure: Measure) -> str:
    """How many, or how much, in words."""
    if measure == "n":
        return t("payments.counted", n=f"{taken.n:,}", unit=_unit(code))
    return t("payments.dollars", amount=_amount(taken.amount))


def _drawn(taken: Taken | None, measure: Measure) -> float | None:
    """For a drawing: how many, or ten thousands of dollars."""
    if taken is None:
        return None
    return float(taken.n) if measure == "n" else payments.in_wan(taken.amount)


# --- by month -----------------------------------------------------------------------------------------------------------


def _by_month(asked: Asked, code: str, name: str, measure: Measure) -> None:
    months = {month: asked.found.month(code, month) for month in asked.trail.months}
    known = {month: _worded(taken, code, measure) for month, taken in months.items() if taken is not None}
    low, high = (of((taken for taken in months.values() if taken), key=lambda taken: getattr(taken, measure)) for of in (min, max))
    ends = {name: _worded(taken, code, measure) for name, taken in (("low", low), ("high", high))}
    kind = "one" if len(known) == 1 else "flat" if ends["low"] == ends["high"] else "ends"
    at = {f"{name}_months": say.some_months((month for month, said in known.items() if said == word), asked.trail) for name, word in ends.items()}
    finding = t(f"payments.finding.{kind}", months=len(known), month=say.month(next(iter(known))), **ends, **at)
    unit = _unit(code) if measure == "n" else t("payments.unit.amount")
    told = {"channel": name, "unit": _unit(code), "period": say.window(asked.trail)}
    empty = [month for month, taken in months.items() if taken is None]
    refunds = asked.found.refunds(code, asked.trail) if measure == "amount" else ()
    series = Series(name, tuple(_drawn(taken, measure) for taken in months.values()))
    _figures.chart(
        f"{code}_{measure}",
        finding,
        t(f"payments.{measure}.measure", **told),
        _topic_charts.columns(_charts.month_labels(list(months)), (series,), unit, words.language()),
        t(f"payments.{measure}.alt", **told, finding=finding),
        t("payments.gap", months=month_list(empty)) if empty else "",
        t("payments.refund", months=month_list(refunds)) if refunds else "",
    )


_MONTH_COLUMNS = ("month", "n", "amount", "average", "days", "per_day", "adjusted_n", "adjusted_amount")


def _month_table(asked: Asked, code: str, name: str) -> None:
    """Month by month with the sum; what needs the office calendar only where it is there. The file has every month as it is."""
    by_n, by_amount = (asked.found.adjusted(code, asked.trail, measure) for measure in _MEASURES)
    kept = range(8) if any(one.working_days is not None for one in by_n.months) else range(4)
    rows: list[list[Cell]] = []
    for one, other in zip(by_n.months, by_amount.months, strict=True):
        taken = asked.found.month(code, one.month)
        counted: list[Cell] = [taken.n, Fixed.of(taken.amount, 0), Fixed.of(taken.average, 2)] if taken else [t("value.none"), None, None]
        adjusted = [Fixed.of(one.per_day, 2), Fixed.of(one.value, 0), Fixed.of(other.value, 0)]
        rows.append([Month(one.month), *counted, one.working_days, *adjusted])
    total = asked.found.total(code, asked.trail)
    if total is not None and len(rows) > 1:
        both = [one for one in by_n.months if one.per_day is not None]
        days = sum(one.working_days or 0 for one in both)
        counted_days = sum(taken.n for one in both if (taken := asked.found.month(code, one.month)))
        per_day = [days, Fixed.of(Fraction(counted_days, days), 2)] if days else [None, None]
        rows.append([t("payments.col.total"), total.n, Fixed.of(total.amount, 0), Fixed.of(total.average, 2), *per_day, None, None])
    headings = [t(f"payments.col.{column}", unit=_unit(code)) for column in _MONTH_COLUMNS]
    caption = t("payments.months", channel=name)
    note = t("payments.months.note") if len(kept) == 8 else None
    _topic.listing(caption, headings, rows, asked.choice, f"payments_{code}_months", most=len(rows), numeric=range(1, 8), kept=kept, note=note)


# --- year to date beside last year ----------------------------------------------------------------------------------------


def _beside_last_year(asked: Asked, code: str, name: str) -> None:
    beside = asked.found.beside_last_year(code, asked.window)
    months = tuple(each.month for each in beside)
    span = Window(months[0], months[-1])
    finding = _year_finding(asked, code, beside)
    drawn = [Line(say.year(months[0]), tuple(_drawn(each.now, "amount") for each in beside))]
    if any(each.before for each in beside):
        drawn.append(Line(say.year(period.add_months(months[0], -12)), tuple(_drawn(each.before, "amount") for each in beside), dashed=True))
    show(element("h3", t("payments.years"), cls="sq-h3"))
    if len(months) < 2 or sum(each.now is not None for each in beside) < 2:
        show(element("p", finding, cls="sq-finding"))
        _year_table(asked, code, name)
        return
    left, right = st.columns(2)
    with left:
        _figures.chart(
            f"{code}_years",
            finding,
            t("payments.years.measure", channel=name, period=say.window(span)),
            _charts.lines(months, tuple(drawn), ""),
            t("payments.years.alt", channel=name, period=say.window(span), finding=finding),
            t("payments.years.note"),
        )
    with right:
        _year_table(asked, code, name)


def _year_table(asked: Asked, code: str, name: str) -> None:
    """This year beside the last; columns of the last only where there is anything of it."""
    beside = asked.found.beside_last_year(code, asked.window)
    rows: list[list[Cell]] = []
    for each in beside:
        counts = [None if taken is None else taken.n for taken in (each.now, each.before)]
        amounts = [None if taken is None else Fixed.of(taken.amount, 0) for taken in (each.now, each.before)]
        rows.append([Month(each.month), *counts, *amounts])
    headings = [t(f"payments.col.{column}", unit=_unit(code)) for column in ("month", "now_n", "before_n", "now_amount", "before_amount")]
    kept = range(5) if any(each.before for each in beside) else (0, 1, 3)
    caption = t("payments.years.caption", channel=name)
    _topic.listing(caption, headings, rows, asked.choice, f"payments_{code}_years", most=len(rows), numeric=range(1, 5), kept=kept)


def _year_finding(asked: Asked, code: str, beside: list[Beside]) -> str:
    last = beside[-1]
    if last.now is None:
        missing = asked.found.missing(code, Window(beside[0].month, last.month))
        told = [each for each in beside if each.now is not None]
        if not told or told[-1].now is None:
            return t("payments.years.finding.none", months=month_list(missing))
        amount = t("payments.dollars", amount=_amount(told[-1].now.amount))
        return t("payments.years.finding.broken", months=month_list(missing), month=say.month(told[-1].month), amount=amount)
    month, amount = say.month(last.month), t("payments.dollars", amount=_amount(last.now.amount))
    if last.gap is None:
        return t("payments.years.finding.alone", month=month, amount=amount)
    kind = "up" if last.gap > 0 else "down" if last.gap < 0 else "same"
    more = {"gap": t("payments.dollars", amount=_amount(abs(last.gap)))} if last.gap else {}
    return t(f"payments.years.finding.{kind}", month=month, amount=amount, **more)


# --- months adjusted for working days -------------------------------------------------------------------------------------


def _control(asked: Asked, code: str, name: str) -> None:
    show(element("h3", t("payments.control"), cls="sq-h3"), element("p", t("payments.control.note"), cls="sq-note"))
    adjusted = {measure: asked.found.adjusted(code, asked.trail, measure) for measure in _MEASURES}
    if adjusted["n"].known < 2:
        show(element("p", t("payments.control.one" if adjusted["n"].known else "payments.control.none"), cls="sq-note"))
        return
    for place, (measure, found) in zip(st.columns(2), adjusted.items(), strict=True):
        with place:
            finding = _control_finding(found)
            told = t(f"payments.control.{measure}", channel=name, unit=_unit(code), period=say.window(asked.trail))
            chart = found.chart if measure == "n" else found.in_wan
            months = tuple(each.month for each in found.months)
            spec = _charts.controlled(months, chart, "")
            cut = t("payments.control.axis") if _charts.control_axis(chart).cut else ""
            heard = t("payments.control.alt", measure=told, finding=finding)
            _figures.chart(f"{code}_{measure}_control", finding, told, spec, heard, *_signals(found), cut)
    one = adjusted["n"]
    settings, lacking = one.chart.settings, [each.month for each in one.months if each.working_days is None]
    notes = (
        t("payments.control.days", days=f"{numerals.round_half_up(one.mean_days or Fraction(0), 2)}"),
        t("payments.control.lacking", months=month_list(lacking)) if lacking else "",
        t("payments.control.trial", full=settings.full) if one.chart.trial else "",
        t("payments.control.settings", trend=settings.trend, shift=settings.shift) if one.chart.kind != "run" else "",
    )
    show(element("p", say.sentences(*notes), cls="sq-note"))


def _control_finding(found: Adjustment) -> str:
    if found.chart.kind == "run":
        return t("payments.control.few", months=found.known)
    marked = [each.month for each, point in zip(found.months, found.chart.points, strict=True) if point.rules]
    return t("payments.control.signal", months=month_list(marked)) if marked else t("payments.control.calm", months=found.known)


def _signals(found: Adjustment) -> list[str]:
    """Which rule marks which month."""
    counts = {"trend": found.chart.settings.trend, "shift": found.chart.settings.shift}
    said = []
    for each, point in zip(found.months, found.chart.points, strict=True):
        if point.rules:
            rules = [t(f"payments.control.{rule}", **({"count": counts[rule]} if rule in counts else {})) for rule in point.rules]
            said.append(t("payments.control.rule", month=say.month(each.month), rules=t("list.comma").join(rules)))
    return [t("list.semicolon").join(said)] if said else []


# --- together, others, fees -----------------------------------------------------------------------------------------------


def both(asked: Asked) -> None:
    """The two amounts together, which is not all that the office collected; months in which only one channel has anything are named."""
    show(section(t("payments.both"), t("payments.both.note")), _figures.cards([asked.figures[_BOTH]], asked.choice))
    lacking = {code: set(asked.found.missing(code, asked.window)) for code in CHANNELS}
    said = []
    for code, other in zip(CHANNELS, reversed(CHANNELS), strict=True):
        if months := lacking[code] - lacking[other]:
            names = {"missing": t(f"payments.channel.{code}"), "other": t(f"payments.channel.{other}")}
            said.append(t("payments.both.lacking", months=month_list(months), **names))
    if said:
        complaint(say.sentences(*said))


def others(asked: Asked) -> None:
    """The channels that the monthly table may name besides, and fees paid by EasyCard apart from all of them."""
    taken = {code: found for code in OTHERS if (found := asked.found.total(code, asked.window))}
    headings = [t(f"payments.col.{name}") for name in ("channel", "pieces", "amount")]
    rows: list[list[Cell]] = [[t(f"payments.channel.{code}"), found.n, Fixed.of(found.amount, 0)] for code, found in taken.items() if code != "easycard"]
    show(section(t("payments.others")))
    if rows:
        caption = t("payments.others.caption")
        _topic.listing(caption, headings, rows, asked.choice, "payments_others", numeric=[1, 2], hide_caption=True, cls="narrow")
    else:
        show(element("p", t("payments.others.none"), cls="sq-note"))
    since = [line for name in _SINCE if (line := _since(asked.figures[name]))]
    show(
        element("p", say.sentences(*since), cls="sq-note") if since else None,
        section(t("payments.easycard"), t("payments.easycard.note")),
        element("p", say.sentences(_easycard(taken.get("easycard")), _since(asked.figures[_EASYCARD]))),
    )


def _easycard(taken: Taken | None) -> str:
    if taken is None:
        return t("payments.easycard.none")
    return t("payments.easycard.taken", n=f"{taken.n:,}", amount=_amount(taken.amount))


def _since(dated: Dated) -> str:
    figure = dated.figure
    return t("payments.since", what=say.indicator(figure.indicator), day=value(figure)) if figure.value is not None else ""
