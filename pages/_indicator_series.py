"""The page of one indicator, its series: months in a control chart and a table, earlier quarters, sites side by side, what was said of it."""

from __future__ import annotations

from collections.abc import Sequence
from decimal import Decimal

import streamlit as st

from pages import _charts, _control, _data, _data_indicator, _published
from pages._control import End, Point, Start
from pages._data import Choice
from pages._data_indicator import Detail, Quarters
from pages._parts import (
    aligned,
    bare,
    bound,
    complaint,
    goal,
    link,
    month_list,
    section,
    sender_list,
    show,
    signed,
    signed_number,
    status,
    stretch_word,
    unit_of,
    value,
    worded,
)
from warehouse import scorecard
from warehouse.anonymity import hidden
from warehouse.indicators import Indicator
from warehouse.scorecard import Figure, Phase
from warehouse.signals import Comparison, Series, SiteFigure
from warehouse.statistics import ControlPoint
from warehouse.web import export, markup, say
from warehouse.web.markup import Markup, element
from warehouse.web.words import t

#: Stretches that a rule marks named under the chart: those of the newest months.
_NAMED = 4

_WORD = 12


# --- months -------------------------------------------------------------------------------------------------------------


def months(detail: Detail) -> None:
    """The chart with a title that says what it shows, words under it, and the same numbers as a table to read or to take along."""
    figures, indicator, series = detail.months, detail.dated.figure.indicator, detail.series
    known = [figure for figure in figures if figure.exact is not None]
    gone = [figure.window.start for figure in figures if hidden(figure)]
    show(section(t("indicator.chart")))
    if indicator.kind == "fact" or any(isinstance(figure.value, str) for figure in figures) or indicator.period:
        show(element("p", t("indicator.no_series"), cls="sq-note"))
        return
    if not known:
        show(element("p", t("indicator.withheld", months=month_list(gone)) if gone else t("indicator.no_months"), cls="sq-note"))
        return
    finding = _finding(detail, known)
    scale = _scale(series, known)
    span = f"{say.month(figures[0].window.start)}–{say.month(figures[-1].window.end)}"
    with st.container(border=True, key="chart"):
        show(
            element("p", finding, cls="sq-finding"),
            element(
                "p",
                markup.join([say.indicator(indicator), t("named", name=t("col.unit"), words=unit_of(indicator.unit)), span], t("list.apart")),
                cls="sq-note",
            ),
        )
        starts = tuple(Start(phase.start, _short(phase.cause)) for phase in series.phases)
        spec = _control.drawing(_points(detail), _ends(series, scale), starts, scale, unit_of(indicator.unit), indicator.decimals)
        _charts.draw(spec, t("chart.alt", name=say.indicator(indicator), period=span, finding=finding), key="by_month")
        show(*[element("p", words, cls="sq-note") for words in (_rules_sentence(detail), _sentence(detail, known, scale), *_settings(series)) if words])
    show(_month_table(detail))
    name = f"{indicator.id}_{figures[0].window.iso_from}_{figures[-1].window.iso_to}.csv"
    st.download_button(t("indicator.download"), _csv(detail), name, "text/csv", icon=":material/download:", on_click="ignore")


def _is_bounded(indicator: Indicator) -> bool:
    return indicator.is_share or indicator.interval == "t"


def _scale(series: Series, known: Sequence[Figure]) -> _charts.Axis:
    drawn = [float(item) for figure in known for item in (figure.exact, figure.goal) if item is not None]
    limits = [float(edge) for point in series.chart.points for edge in (point.upper, point.lower) if edge is not None]
    return _charts.axis([*drawn, *limits], bounded=_is_bounded(series.indicator))


def _short(cause: str) -> str:
    return cause if len(cause) <= _WORD else cause[: _WORD - 1] + "…"


def _points(detail: Detail) -> tuple[Point, ...]:
    series, phases = detail.series, detail.series.chart.points
    corrections = {
        event.month: t("chart.correction", dataset=say.dataset(event.dataset), entries=t("list.comma").join(str(entry) for entry in event.entries))
        for event in detail.events
    }
    return tuple(
        Point(
            figure.window.start,
            None if figure.exact is None else float(figure.exact),
            figure.n,
            figure.goal,
            point.mean,
            point.upper,
            point.lower,
            _mark(series, figure, point),
            phases[at].phase,
            _signal_words(detail, figure, point),
            corrections.get(figure.window.start, ""),
        )
        for at, (figure, point) in enumerate(zip(series.figures, series.chart.points, strict=True))
    )


def _mark(series: Series, figure: Figure, point: ControlPoint) -> str:
    if figure.window.start in series.incomplete:
        return "incomplete"
    return point.point if point.mean is not None else "plain"


def _signal_words(detail: Detail, figure: Figure, point: ControlPoint) -> str:
    """The rules that mark a month, each with its side; or why it has no part in them."""
    month = figure.window.start
    if month in detail.series.incomplete:
        senders = dict.fromkeys(sender for each in detail.unsent if each.month == month for sender in each.senders)
        return t("chart.incomplete", senders=sender_list(senders))
    return t("list.comma").join(stretch_word(stretch) for stretch in detail.stretches if stretch.start <= month <= stretch.end and stretch.rule in point.rules)


def _ends(series: Series, scale: _charts.Axis) -> tuple[End, ...]:
    """Mean, limits and target, named at the right end."""
    unit, points = series.indicator.unit, series.chart.points
    drawn = ((name, next((edge for point in reversed(points) if (edge := getattr(point, name)) is not None), None)) for name in ("mean", "upper", "lower"))
    ends = [End(edge, t(f"chart.end.{name}", value=_limit(edge, unit)), "#5f6368") for name, edge in drawn if edge is not None]
    if series.targets[-1] is not None:
        ends.append(End(series.targets[-1], t("target.plain", goal=goal(series.figures[-1])), "#1a1c1f"))
    return tuple(ends)


def _limit(edge: float, unit: str) -> Markup | str:
    places = 1 if abs(edge) < 1000 else 0
    return say.joined(f"{edge:,.{places}f}", unit if unit == "﹪" else "", None)


def _finding(detail: Detail, known: Sequence[Figure]) -> str:
    """What the months say: a rule that reaches the last month, else a count or a range; nothing that chance could have said."""
    last, standing = known[-1], detail.standing
    if standing is not None and standing.stretches:
        return t("chart.title.signal", rules=t("list.semicolon").join(map(stretch_word, standing.stretches[:2])))
    if len(known) == 1:
        return t("chart.title.one", month=say.month(last.window.start), value=value(last))
    if all(figure.goal is not None for figure in known) and last.indicator.direction in ("increase", "decrease"):
        reached = sum(figure.comparison == "meets" for figure in known)
        kind = t("chart.kind.provisional" if last.target and last.target.basis == "provisional" else "chart.kind.set")
        words = t(
            "chart.title.target" if len({figure.goal for figure in known}) == 1 else "chart.title.targets",
            months=len(known),
            reached=reached,
            side=t(f"chart.side.{last.indicator.direction}"),
            kind=kind,
            goal=goal(last),
        )
        return say.joined_sentences(t("chart.title.calm"), words) if standing is not None else words
    low, high = min(known, key=lambda figure: figure.exact or 0), max(known, key=lambda figure: figure.exact or 0)
    if low.exact == high.exact:
        return t("chart.title.flat", months=len(known), value=value(last))
    ends = {"low": value(low), "high": value(high)}
    ends |= {"low_month": say.month(low.window.start), "high_month": say.month(high.window.start)}
    words = t("chart.title.range", months=len(known), **ends)
    return say.joined_sentences(t("chart.title.calm"), words) if standing is not None else words


def _rules_sentence(detail: Detail) -> str:
    """Which rules marked which months, since when."""
    chart = detail.series.chart
    if chart.kind == "run":
        return ""
    if not detail.stretches:
        return t("chart.rules.none")
    named = sorted(detail.stretches, key=lambda stretch: stretch.end)[-_NAMED:]
    words = t("list.semicolon").join(t("chart.rules.one", rule=stretch_word(stretch), point=t(f"point.{stretch.point}")) for stretch in reversed(named))
    more = len(detail.stretches) - len(named)
    return t("chart.rules", rules=words) + (t("chart.rules.more", count=more) if more else "")


def _settings(series: Series) -> list[str]:
    """What the limits rest on: kind of chart, settings, trial limits, why there are none."""
    chart, settings = series.chart, series.chart.settings
    if series.unruled is not None:
        return [t(f"unruled.{series.unruled}")]
    if chart.kind == "run":
        return [t("chart.run", fewest=settings.fewest)]
    said = [t("chart.settings", kind=t(f"kind.{chart.kind}"), trend=settings.trend, shift=settings.shift)]
    if chart.trial:
        said.append(t("chart.trial", full=settings.full))
    if chart.kind == "p_prime":
        said.append(t("chart.wobbly"))
    if any(point.upper_clipped or point.lower_clipped for point in chart.points):
        said.append(t("chart.clipped"))
    return [say.sentences(*said), *map(_phase, series.phases)]


def _phase(phase: Phase) -> str:
    named = {name: say.quoted(words) for name, words in (("cause", phase.cause), ("proposed", phase.proposed_by), ("agreed", phase.agreed_by))}
    return t("chart.phase", month=say.month(phase.start), **named)


def _sentence(detail: Detail, known: Sequence[Figure], scale: _charts.Axis) -> str:
    indicator, series = known[-1].indicator, detail.series
    sizes = [figure.n for figure in known if figure.n is not None]
    gaps = [figure.window.start for figure in series.figures if figure.exact is None and not hidden(figure)]
    gone = [figure.window.start for figure in series.figures if hidden(figure)]
    goals = [figure.goal for figure in known if figure.goal is not None]
    marks = {_mark(series, figure, point) for figure, point in zip(series.figures, series.chart.points, strict=True) if figure.exact is not None}
    words = [t("chart.note.target")] if goals else []
    if any(point.mean is not None for point in series.chart.points):
        words.append(t("chart.note.limits"))
    if marks & {"improvement", "concern", "neutral"}:
        words.append(t("chart.note.marks", marks=t("list.comma").join(t(f"chart.mark.{mark}") for mark in _control_order(marks))))
    if sizes and indicator.interval != "none":
        same = min(sizes) == max(sizes)
        words.append(t("chart.note.n.same", n=f"{sizes[0]:,}") if same else t("chart.note.n", low=f"{min(sizes):,}", high=f"{max(sizes):,}"))
    if scale.cut:
        words.append(t("chart.note.axis", low=worded(Decimal(str(scale.low)), indicator.unit)))
    if gaps:
        words.append(t("chart.note.gap", months=month_list(gaps)))
    if gone:
        words.append(t("indicator.withheld", months=month_list(gone)))
    if detail.dated.running and series.window.end < detail.dated.running:
        words.append(t("chart.note.running", month=say.month(detail.dated.running)))
    if series.incomplete:
        words.append(t("chart.note.incomplete", months=month_list(series.incomplete)))
    if detail.events:
        words.append(t("chart.note.corrections", months=month_list({event.month for event in detail.events})))
    return say.sentences(*words)


def _control_order(marks: set[str]) -> list[str]:
    return [mark for mark in ("improvement", "concern", "neutral") if mark in marks]


def _month_table(detail: Detail) -> Markup:
    """The same numbers, the newest month first."""
    indicator, series = detail.series.indicator, detail.series
    ratio, sampled = indicator.denominator is not None, indicator.interval != "none"
    limited = any(point.mean is not None for point in series.chart.points)
    names = ["month", "value"]
    names += ["numerator", "denominator"] if ratio else []
    names += ["interval"] if sampled else []
    names += ["target"] if any(goal is not None for goal in series.targets) else []
    names += ["mean", "limits"] if limited else []
    right = len(names)
    names += ["comparison"] if "target" in names else []
    names += ["signal"] if any(point.rules for point in series.chart.points) or series.incomplete else []
    rows = []
    for figure, point in zip(series.figures, series.chart.points, strict=True):
        cells = {
            "month": say.month(figure.window.start),
            "value": aligned(figure),
            "numerator": _or_dash(figure.numerator),
            "denominator": _or_dash(figure.denominator),
            "interval": _between(figure.low, figure.high, indicator.unit) if figure.interval != "none" else t("value.dash"),
            "target": goal(figure) if figure.goal is not None else t("value.dash"),
            "mean": t("value.dash") if point.mean is None else _limit(point.mean, indicator.unit),
            "limits": t("value.dash") if point.upper is None or point.lower is None else _edges(point, indicator.unit),
            "comparison": status(figure).markup,
            "signal": _signal_words(detail, figure, point),
        }
        rows.append([cells[name] for name in names])
    return markup.table(t("indicator.table"), [t(f"col.{name}") for name in names], reversed(rows), numeric=range(1, right), cls="tall months")


def _edges(point: ControlPoint, unit: str) -> str:
    return t("interval.between", low=_limit(point.lower or 0.0, unit), high=_limit(point.upper or 0.0, unit))


def _between(low: Decimal | None, high: Decimal | None, unit: str) -> Markup | str:
    if low is None or high is None:
        return t("value.dash")
    return t("interval.between", low=bound(low, unit), high=bound(high, unit))


def _or_dash(amount: Decimal | None) -> Markup | str:
    return bare(amount) if amount is not None else t("value.dash")


def _csv(detail: Detail) -> bytes:
    indicator, series = detail.series.indicator, detail.series
    names = ("indicator", "code", "month", "site", "value", "unit", "numerator", "denominator", "n", "low", "high", "target", "comparison")
    names += ("mean", "lower_limit", "upper_limit", "signal", "version")
    rows: list[list[object]] = [[t(f"col.{name}") for name in names]]
    for figure, point in zip(series.figures, series.chart.points, strict=True):
        low, high = (figure.low, figure.high) if figure.interval != "none" else (None, None)
        named = [say.indicator(indicator), indicator.id, figure.window.iso_from, say.site(figure.site)]
        parts = [scorecard.number(part) for part in (figure.numerator, figure.denominator)]
        bounds = [scorecard.number(edge) for edge in (low, high)]
        limits = [None if edge is None else round(edge, 4) for edge in (point.mean, point.lower, point.upper)]
        judged = [figure.goal, status(figure).word, *limits, _signal_words(detail, figure, point), detail.version]
        rows.append([*named, scorecard.number(figure.value), unit_of(indicator.unit), *parts, figure.n, *bounds, *judged])
    return export.csv_bytes(rows)


# --- earlier quarters ---------------------------------------------------------------------------------------------------


def quarters(detail: Detail) -> None:
    """The newest whole quarter against the one before and that of last year, in the words that their interval allows. What an old report printed of the
    year to such a quarter stands in its place where the warehouse has no rows of it, marked as such, never compared."""
    if not detail.quarters or detail.quarters[0].comparison.figure.value is None:
        return
    now = detail.quarters[0].comparison.figure
    headings = [t(f"quarter.col.{name}") for name in ("against", "now", "earlier", "difference", "interval", "reading")]
    rows = [_quarter(each) for each in detail.quarters]
    show(
        section(t("quarter.title", quarter=say.window(now.window)), t("quarter.note")),
        markup.table(t("quarter.title", quarter=say.window(now.window)), headings, rows, numeric=range(1, 5), hide_caption=True),
    )


def _quarter(each: Quarters) -> list[Markup | str]:
    found = each.comparison
    window = found.earlier.window
    against = t(f"quarter.{each.kind}", quarter=say.window(window))
    printed = _published.of_quarter(found.earlier)
    if printed is not None:
        value_then, words = printed
        return [against, aligned(found.figure), value_then or aligned(found.earlier), t("value.dash"), t("value.dash"), words]
    difference = t("value.dash") if found.difference is None or _uneven(found) else signed(found.difference, found.figure)
    interval = t("value.dash")
    if found.low is not None and found.high is not None and not found.is_broken:
        interval = t("interval.between", low=signed_number(found.low), high=signed(found.high, found.figure))
    return [against, aligned(found.figure), aligned(found.earlier), difference, interval, _reading(found)]


def _uneven(found: Comparison) -> bool:
    """Whether a count would be compared over unequal months."""
    return found.is_partial and found.figure.indicator.denominator is None


def _reading(found: Comparison) -> str:
    """Only what may be said."""
    if hidden(found.figure) or hidden(found.earlier):
        return t("data.withheld")
    if found.difference is None:
        return t("quarter.reading.no_data", period=say.window((found.figure if found.figure.exact is None else found.earlier).window))
    if _uneven(found):
        return t("quarter.reading.partial", months=month_list({*found.missing, *found.earlier_missing}))
    if found.is_broken:
        return t("quarter.reading.broken", month=say.month(found.phases[-1].start))
    lacking = t("quarter.reading.lacking", months=month_list({*found.missing, *found.earlier_missing})) if found.is_partial else ""
    if found.claim is not None:
        return say.sentences(t(f"claim.{found.claim}"), lacking)
    return t("quarter.reading.counted" if found.figure.indicator.interval == "none" else "quarter.reading.few")


# --- sites --------------------------------------------------------------------------------------------------------------


def sites(detail: Detail, choice: Choice) -> None:
    """Every site in the order of the office, each with its interval; from five sites on against funnel limits. Never ranked."""
    beside = detail.sites
    if beside is None:
        return
    indicator = detail.dated.figure.indicator
    funnel = any(site.limits for site in beside.sites)
    drawn = [float(edge) for site in beside.sites for edge in (site.figure.low, site.figure.high) if edge is not None and site.figure.interval != "none"]
    goals = [beside.overall.goal] if beside.overall.goal is not None else []
    scale = _charts.axis([*drawn, *goals], bounded=_is_bounded(indicator)) if drawn else None
    names = ["site", "value"] + (["n"] if indicator.denominator is not None else []) + (["interval", "drawn"] if drawn else [])
    right = len(names) - (1 if drawn else 0)
    names += (["funnel"] if funnel else []) + ["reading"]
    rows = [_site(site, detail, names, scale, choice) for site in beside.sites]
    note = t("sites.note.funnel" if funnel else "sites.note")
    show(
        section(t("sites.title", period=say.window(beside.overall.window)), note),
        markup.table(t("sites.title", period=say.window(beside.overall.window)), [t(f"sites.col.{name}") for name in names], rows, numeric=range(1, right), hide_caption=True),
    )


def _site(site: SiteFigure, detail: Detail, names: Sequence[str], scale: _charts.Axis | None, choice: Choice) -> list[Markup | str]:
    figure, unit = site.figure, detail.dated.figure.indicator.unit
    chosen = tuple((name, code) for name, code in choice.address if name != "site")
    name = element("a", say.site(site.site), href=link("indicator", Choice(choice.window, site.site, (*chosen, ("site", site.site))), id=figure.indicator.id))
    if hidden(figure):
        return [name, value(figure), *[t("value.dash")] * (len(names) - 3), t("data.withheld")]
    interval = figure.interval != "none" and figure.low is not None and figure.high is not None
    cells: dict[str, Markup | str] = {
        "site": name,
        "value": aligned(figure),
        "n": f"{figure.n:,}" if figure.n is not None else t("value.dash"),
        "interval": _between(figure.low, figure.high, unit) if interval else t("value.dash"),
        "drawn": _drawn(figure, scale) if interval and scale else "",
        "funnel": t("interval.between", low=f"{site.limits.warning.low:.1f}", high=f"{site.limits.warning.high:.1f}") if site.limits else t("value.dash"),
        "reading": _site_reading(site),
    }
    return [cells[name] for name in names]


def _drawn(figure: Figure, scale: _charts.Axis) -> Markup:
    words = t("interval.range", low=bound(figure.low, figure.indicator.unit), high=bound(figure.high, figure.indicator.unit))
    middle = float(figure.exact or 0)
    return _charts.spread(float(figure.low or 0), float(figure.high or 0), middle, figure.goal, scale, f"{say.site(figure.site)} {words}")


def _site_reading(site: SiteFigure) -> str:
    if site.figure.value is None:
        return t("value.none")
    said = [t(f"sites.outside.{site.outside}.{site.side}")] if site.outside else []
    if site.tier in ("counts_only", "indicative"):
        said.append(t(f"tier.{site.tier}"))
    return t("list.comma").join(said) if said else t("sites.within") if site.limits else status(site.figure).word


# --- what is said of it -------------------------------------------------------------------------------------------------


def explanations(name: str, choice: Choice) -> None:
    """What the working group says of this indicator in this period, the newest first, and a form to say something."""
    if choice.window is None:
        return
    told = _data_indicator.said(choice.window.end).get(name, [])
    period = say.window(choice.window)
    show(section(t("explain.title", period=period), t("explain.note")))
    if told:
        show(*[told_words(each) for each in told])
    else:
        show(element("p", t("explain.none"), cls="sq-note"))
    write(name, choice, key=f"explain_{name}")


def told_words(each: _data_indicator.Explanation) -> Markup:
    """An explanation: its text, who wrote it, who handed it in and when."""
    moment = say.moment(_data.taipei(each.at_utc))
    who = t("explain.by", author=say.quoted(each.author), at=moment)
    number = element("a", t("trace.number", id=each.batch), href=link("batches", entry=str(each.batch)))
    return element("blockquote", element("p", say.quoted(each.text)), element("p", who, t("list.apart"), number, cls="sq-note"), cls="sq-told")


def write(name: str, choice: Choice, key: str) -> None:
    """The form for an explanation of one indicator in the period chosen."""
    if choice.window is None:
        return
    with st.expander(t("explain.write"), key=f"fold_{key}"), st.form(key, border=False, clear_on_submit=False):
        text = st.text_area(t("explain.text"), key=f"{key}_text", max_chars=500)
        by = st.text_input(t("explain.author"), _data.user_name(), key=f"{key}_by", max_chars=40)
        if st.form_submit_button(t("explain.send"), type="primary"):
            if not text.strip() or not by.strip():
                complaint(t("explain.empty"))
                return
            findings = _data_indicator.write(name, choice.window.end, text.strip(), by.strip())
            if findings:
                complaint(findings[0].message)
            else:
                st.rerun()
