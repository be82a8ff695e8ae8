"""The screen of payments in pieces: each channel for itself, both amounts together, other channels, fees apart."""

from __future__ import annotations

from dataclasses import dataclass
from fractions import Fraction

import streamlit as st

from pages import _charts, _data, _data_payments, _figures
from pages._charts import Bar, Line
from pages._data import TRAIL, Choice, Dated
from pages._parts import month_list, section, show, value
from warehouse import numerals, period, scorecard
from warehouse.period import Window
from warehouse.topics import payments
from warehouse.topics.payments import CHANNELS, OTHERS, Adjustment, Beside, Measure, Payments, Taken
from warehouse.web import markup, say
from warehouse.web.markup import Markup, element
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
    if len(asked.trail.months) > 1:
        for place, measure in zip(st.columns(2), _MEASURES, strict=True):
            with place:
                _by_month(asked, code, name, measure)
    show(_month_table(asked, code, name))
    _beside_last_year(asked, code, name)
    _control(asked, code, name)
    with st.container(horizontal=True, gap="small"):
        for what, (headings, rows) in {"months": _month_file(asked, code), "years": _year_file(asked, code)}.items():
            file = f"payments_{code}_{what}_{asked.window.iso_from}_{asked.window.iso_to}"
            _figures.download(f"{code}_{what}", t(f"payments.download.{what}", channel=name), file, headings, rows)


def _unit(code: str) -> str:
    return t(f"payments.unit.{code}")


def _amount(amount: Fraction | None) -> str:
    return t("value.dash") if amount is None else f"{numerals.round_half_up(amount, 0):,}"


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
    known = {month: taken for month, taken in months.items() if taken is not None}
    low, high = (of(known, key=lambda month: getattr(known[month], measure)) for of in (min, max))
    kind = (
        "payments.finding.one"
        if len(known) == 1
        else "payments.finding"
        if _worded(known[low], code, measure) != _worded(known[high], code, measure)
        else "payments.finding.flat"
    )
    ends = {"months": len(known), "low": _worded(known[low], code, measure), "low_month": say.month(low)}
    finding = t(kind, **ends, high=_worded(known[high], code, measure), high_month=say.month(high))
    words = {"channel": name, "unit": _unit(code), "period": say.window(asked.trail)}
    empty = [month for month, taken in months.items() if taken is None]
    _figures.chart(
        f"{code}_{measure}",
        finding,
        t(f"payments.{measure}.measure", **words),
        _charts.bars(tuple(Bar(month, _drawn(taken, measure)) for month, taken in months.items()), ""),
        t(f"payments.{measure}.alt", **words, finding=finding),
        t("payments.gap", months=month_list(empty)) if empty else "",
    )


def _month_headings(code: str) -> list[str]:
    unit = _unit(code)
    return [t(f"payments.col.{name}", unit=unit) for name in ("month", "n", "amount", "average", "days", "per_day", "adjusted_n", "adjusted_amount")]


def _month_table(asked: Asked, code: str, name: str) -> Markup:
    by_n, by_amount = (asked.found.adjusted(code, asked.trail, measure) for measure in _MEASURES)
    rows = []
    for one, other in zip(by_n.months, by_amount.months, strict=True):
        taken = asked.found.month(code, one.month)
        counted = [f"{taken.n:,}", _amount(taken.amount), _two(taken.average)] if taken else [t("value.none"), *[t("value.dash")] * 2]
        days = t("value.dash") if one.working_days is None else str(one.working_days)
        rows.append([say.month(one.month), *counted, days, _two(one.per_day), _amount(one.value), _amount(other.value)])
    total = asked.found.total(code, asked.trail)
    if total is not None:
        rows.append([t("payments.col.total"), f"{total.n:,}", _amount(total.amount), _two(total.average), *[t("value.dash")] * 4])
    return markup.table(t("payments.months", channel=name), _month_headings(code), rows, numeric=range(1, 8))


def _two(amount: Fraction | None) -> str:
    return t("value.dash") if amount is None else f"{numerals.round_half_up(amount, 2):,}"


def _month_file(asked: Asked, code: str) -> tuple[list[str], list[list[object]]]:
    by_n, by_amount = (asked.found.adjusted(code, asked.trail, measure) for measure in _MEASURES)
    rows: list[list[object]] = []
    for one, other in zip(by_n.months, by_amount.months, strict=True):
        taken = asked.found.month(code, one.month)
        counted = [taken.n, _kept(taken.amount, 0), _kept(taken.average, 2)] if taken else [None] * 3
        rows.append([f"{one.month:%Y-%m}", *counted, one.working_days, _kept(one.per_day, 2), _kept(one.value, 2), _kept(other.value, 2)])
    return _month_headings(code), rows


def _kept(amount: Fraction | None, places: int) -> object:
    return None if amount is None else _figures.plain(numerals.round_half_up(amount, places))


# --- year to date beside last year ----------------------------------------------------------------------------------------


def _beside_last_year(asked: Asked, code: str, name: str) -> None:
    beside = asked.found.beside_last_year(code, asked.window)
    months = tuple(each.month for each in beside)
    span = Window(months[0], months[-1])
    finding = _year_finding(beside[-1])
    drawn = [Line(say.year(months[0]), tuple(_drawn(each.now, "amount") for each in beside))]
    if any(each.before for each in beside):
        drawn.append(Line(say.year(period.add_months(months[0], -12)), tuple(_drawn(each.before, "amount") for each in beside), dashed=True))
    table = _year_table(asked, code, name)
    show(element("h3", t("payments.years"), cls="sq-h3"))
    if len(months) < 2 or not any(each.now for each in beside):
        show(element("p", finding, cls="sq-finding"), table)
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
        show(table)


def _year_table(asked: Asked, code: str, name: str) -> Markup:
    """This year beside the last; columns of the last only where there is anything of it."""
    headings, _ = _year_file(asked, code)
    beside = asked.found.beside_last_year(code, asked.window)
    kept = [0, 1, 2, 3, 4] if any(each.before for each in beside) else [0, 1, 3]
    rows = []
    for each in beside:
        counts = [t("value.dash") if taken is None else f"{taken.n:,}" for taken in (each.now, each.before)]
        amounts = [_amount(taken.amount if taken else None) for taken in (each.now, each.before)]
        cells = [say.month(each.month), *counts, *amounts]
        rows.append([cells[at] for at in kept])
    return markup.table(t("payments.years.caption", channel=name), [headings[at] for at in kept], rows, numeric=range(1, len(kept)))


def _year_finding(last: Beside) -> str:
    month = say.month(last.month)
    if last.now is None:
        return t("payments.years.finding.broken", month=month)
    amount = t("payments.dollars", amount=_amount(last.now.amount))
    if last.gap is None:
        return t("payments.years.finding.alone", month=month, amount=amount)
    kind = "up" if last.gap > 0 else "down" if last.gap < 0 else "same"
    more = {"gap": t("payments.dollars", amount=_amount(abs(last.gap)))} if last.gap else {}
    return t(f"payments.years.finding.{kind}", month=month, amount=amount, **more)


def _year_file(asked: Asked, code: str) -> tuple[list[str], list[list[object]]]:
    rows: list[list[object]] = []
    for each in asked.found.beside_last_year(code, asked.window):
        counts = [taken.n if taken else None for taken in (each.now, each.before)]
        rows.append([f"{each.month:%Y-%m}", *counts, *(_kept(taken.amount, 0) if taken else None for taken in (each.now, each.before))])
    return [t(f"payments.col.{name}", unit=_unit(code)) for name in ("month", "now_n", "before_n", "now_amount", "before_amount")], rows


# --- months adjusted for working days -------------------------------------------------------------------------------------


def _control(asked: Asked, code: str, name: str) -> None:
    show(element("h3", t("payments.control"), cls="sq-h3"), element("p", t("payments.control.note"), cls="sq-note"))
    adjusted = {measure: asked.found.adjusted(code, asked.trail, measure) for measure in _MEASURES}
    if adjusted["n"].known < 2:
        show(element("p", t("payments.control.none"), cls="sq-note"))
        return
    for place, (measure, found) in zip(st.columns(2), adjusted.items(), strict=True):
        with place:
            finding = _control_finding(found)
            words = t(f"payments.control.{measure}", channel=name, unit=_unit(code), period=say.window(asked.trail))
            chart = found.chart if measure == "n" else found.in_wan
            months = tuple(each.month for each in found.months)
            spec = _charts.controlled(months, chart, "")
            _figures.chart(
                f"{code}_{measure}_control", finding, words, spec, t("payments.control.alt", measure=words, finding=finding), *_signals(found)
            )
    one = adjusted["n"]
    settings, lacking = one.chart.settings, [each.month for each in one.months if each.working_days is None]
    notes = (
        t("payments.control.days", days=_two(one.mean_days)),
        t("payments.control.lacking", months=month_list(lacking)) if lacking else "",
        t("payments.control.trial", full=settings.full) if one.chart.trial else "",
        t("payments.control.settings", trend=settings.trend, shift=settings.shift) if one.chart.kind != "run" else "",
        t("payments.control.axis"),
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
    """The two amounts together, which is not all that the office collected."""
    show(section(t("payments.both"), t("payments.both.note")), _figures.cards([asked.figures[_BOTH]], asked.choice))


def others(asked: Asked) -> None:
    """The channels that the monthly table may name besides, and fees paid by EasyCard apart from all of them."""
    taken = {code: found for code in OTHERS if (found := asked.found.total(code, asked.window))}
    headings = [t(f"payments.col.{name}") for name in ("channel", "pieces", "amount")]
    rows = [[t(f"payments.channel.{code}"), f"{found.n:,}", _amount(found.amount)] for code, found in taken.items() if code != "easycard"]
    table = markup.table(t("payments.others.caption"), headings, rows, numeric=[1, 2], hide_caption=True, cls="narrow")
    since = [line for name in _SINCE if (line := _since(asked.figures[name]))]
    show(
        section(t("payments.others")),
        table if rows else element("p", t("payments.others.none"), cls="sq-note"),
        element("p", say.sentences(*since), cls="sq-note") if since else None,
        section(t("payments.easycard"), t("payments.easycard.note")),
        element("p", say.sentences(_easycard(taken.get("easycard")), _since(asked.figures[_EASYCARD]))),
    )
    if taken:
        kept = [[t(f"payments.channel.{code}"), found.n, _kept(found.amount, 0)] for code, found in taken.items()]
        name = f"payments_others_{asked.window.iso_from}_{asked.window.iso_to}"
        _figures.download("others", t("payments.download.others"), name, headings, kept)


def _easycard(taken: Taken | None) -> str:
    if taken is None:
        return t("payments.easycard.none")
    return t("payments.easycard.taken", n=f"{taken.n:,}", amount=_amount(taken.amount))


def _since(dated: Dated) -> str:
    figure = dated.figure
    return t("payments.since", what=say.indicator(figure.indicator), day=value(figure)) if figure.value is not None else ""
