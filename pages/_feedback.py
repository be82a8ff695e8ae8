"""The page of inquiries and petitions in pieces: summary, inquiries by channel, cases against their limits."""

from __future__ import annotations

from collections.abc import Sequence
from decimal import Decimal
from fractions import Fraction

from pages import _charts, _data, _data_feedback, _topic, _topic_charts
from pages._data import Choice
from pages._parts import Status, bare, section, show
from pages._topic import Cell, Month
from pages._topic_charts import Dot, Series
from warehouse import numerals
from warehouse.period import Window
from warehouse.scorecard import Figure
from warehouse.topics.feedback import CHANNELS, KINDS, Case, Feedback
from warehouse.web import say, words
from warehouse.web.markup import Markup, element
from warehouse.web.words import t

TABLES = ("inquiry_monthly", "feedback_case")
INQUIRIES = (
    "inquiry_total_corrected",
    "inquiry_phone",
    "inquiry_counter",
    "inquiry_web_email",
    "inquiry_copies",
    "inquiry_phone_share",
    "inquiry_counter_share",
)
CASES = (
    "petition_count",
    "petition_on_time",
    "petition_overdue",
    "petition_open",
    "mailbox_public_opinion",
    "mailbox_obligor_statement",
    "news_report_count",
)

#: A channel with a smaller part of the whole than this cannot be seen in the chart.
_SEEN = Fraction(1, 100)
_TONES = {"on_time": "good", "late": "concern", "overdue": "concern"}


def page(choice: Choice) -> None:
    """The whole page."""
    title = t("feedback.title", period=_topic.span(choice))
    found = _data_feedback.answer(choice)
    if not found.cases and not found.months:
        _topic.head(title, [])
        _topic.nothing(TABLES, choice)
        return
    total, cases = _data.dated(INQUIRIES[:1], choice)["inquiry_total_corrected"], _data.dated(CASES, choice)
    _topic.head(title, _lead(found, total.figure))
    _topic.attention([*_pressing(found), *_topic.missed(cases)], _topic.untold(("feedback_case",), choice))
    show(section(t("feedback.inquiries")))
    if found.months:
        _inquiries(found, choice)
        _by_month(found, choice)
        _topic.more(INQUIRIES, choice)
    else:
        _topic.absent("inquiry_monthly", choice)
    show(section(t("feedback.cases"), t("feedback.cases.note")))
    if found.cases:
        _cases(found, choice)
        _topic.figures(t("feedback.cases.figures"), cases, choice, "case_figures")
    else:
        _topic.absent("feedback_case", choice)


def _lead(found: Feedback, inquiries: Figure) -> list[str]:
    said = [t("feedback.lead.inquiries", count=bare(inquiries.value))] if found.months else []
    if found.cases:
        still = sum(case.closed is None for case in found.cases)
        said.append(t("feedback.lead.cases", count=len(found.cases), closed=len(found.cases) - still, open=still))
    if limited := [case.state for case in found.cases if case.limit is not None]:
        late = limited.count("late") + limited.count("overdue")
        said.append(t("feedback.lead.petitions", count=len(limited), on_time=limited.count("on_time"), late=late))
    return said


def _pressing(found: Feedback) -> list[tuple[Status, str | Markup, str | Markup]]:
    lines: list[tuple[Status, str | Markup, str | Markup]] = []
    for case in found.pressing:
        what = t(
            "feedback.pressing",
            id=say.quoted(case.case_id),
            kind=t(f"feedback.kind.{case.kind}"),
            unit=say.quoted(say.owner(case.unit)) if case.unit else t("value.dash"),
        )
        facts = {"received": say.day(case.received), "worked": case.worked}
        if case.limit is not None and case.due is not None:
            closed = {"closed": say.day(case.closed)} if case.closed else {}
            detail = t(f"feedback.pressing.{'late' if closed else 'limit'}", **facts, **closed, limit=case.limit, due=say.day(case.due))
        else:
            detail = t("feedback.pressing.free", **facts)
        lines.append((_state(case), what, detail))
    word = Status(t("feedback.negative.word"), "concern")
    for case in found.cases:
        if case.tone == "negative":
            what = t("feedback.negative", id=case.case_id, channel=say.quoted(case.channel) if case.channel else t("value.dash"))
            lines.append(
                (
                    word,
                    what,
                    t("feedback.negative.detail", received=say.day(case.received), reply=say.quoted(case.reply) if case.reply else t("value.dash")),
                )
            )
    return lines


def _state(case: Case) -> Status:
    return Status(t(f"feedback.state.{case.state}"), _TONES.get(case.state, "neutral"))


# --- inquiries ----------------------------------------------------------------------------------------------------------


def _inquiries(found: Feedback, choice: Choice) -> None:
    names = [f"inquiry_{channel}" for channel in CHANNELS]
    every = dict(zip(CHANNELS, _data.months(names, choice).values(), strict=True))
    by_channel = {channel: figures for channel, figures in every.items() if any(figure.exact is not None for figure in figures)}
    totals = {channel: sum((figure.exact or Fraction(0) for figure in figures), Fraction(0)) for channel, figures in by_channel.items()}
    total, months = sum(totals.values(), Fraction(0)), [figure.window.start for figure in every["phone"]]
    seen = [channel for channel in by_channel if total and totals[channel] / total >= _SEEN]
    small = [
        t("feedback.inquiries.small.item", channel=t(f"feedback.channel.{channel}"), count=bare(_whole(totals[channel])))
        for channel in by_channel
        if channel not in seen
    ]
    series = tuple(
        Series(t(f"feedback.channel.{channel}"), tuple(None if figure.exact is None else float(figure.exact) for figure in by_channel[channel]))
        for channel in seen
    )
    if not series:
        show(element("p", t("feedback.inquiries.zero", span=say.window(Window(months[0], months[-1]))), cls="sq-finding"))
        return
    spec = _topic_charts.columns(_charts.month_labels(months), series, t("topic.unit.cases"), words.language())
    notes = [t("feedback.inquiries.small", channels=t("list.comma").join(small))] if small else []
    gaps = [month for at, month in enumerate(months) if all(figures[at].exact is None for figures in by_channel.values())]
    notes += [t("topic.chart.gap", months=say.months(gaps))] if gaps else []
    span = say.window(Window(months[0], months[-1]))
    finding = t("feedback.inquiries.partial", span=span, total=bare(_whole(total))) if found.lacking else _finding(totals, total, span)
    _topic.framed(finding, t("feedback.inquiries"), t("topic.unit.cases"), spec, "inquiries", say.sentences(*notes))


def _finding(totals: dict[str, Fraction], total: Fraction, span: str) -> str:
    first, *rest = sorted(totals, key=lambda channel: totals[channel], reverse=True)
    if not rest or not totals[rest[0]]:
        return t("feedback.inquiries.one", span=span, total=bare(_whole(total)), first=t(f"feedback.channel.{first}"))
    second = rest[0]
    names = {"first": t(f"feedback.channel.{first}"), "second": t(f"feedback.channel.{second}")}
    shares = {"first_share": _share(totals[first], total), "second_share": _share(totals[second], total)}
    return t("feedback.inquiries.finding", span=span, total=bare(_whole(total)), **names, **shares)


def _share(part: Fraction | int, total: Fraction | int) -> str:
    return f"{numerals.round_half_up(Fraction(100 * part) / total, 2)}{t('value.unit.share')}"


def _whole(amount: Fraction) -> Decimal:
    return numerals.round_half_up(amount, 0)


def _by_month(found: Feedback, choice: Choice) -> None:
    totals = found.totals
    channels, total = list(totals), sum(totals.values())
    headings = [t("col.month"), *(t(f"feedback.channel.{channel}") for channel in channels), t("feedback.total")]
    rows: list[list[Cell]] = [
        [Month(month.month), *(month.counts.get(channel) for channel in channels), sum(month.counts.values())] for month in found.months
    ]
    rows.append([t("feedback.total"), *totals.values(), total])
    shared = bool(total) and not found.lacking
    if shared:
        rows.append([t("feedback.inquiries.share"), *(_share(count, total) for count in totals.values()), _share(total, total)])
    lacking = [t("named", name=t(f"feedback.channel.{channel}"), words=say.months(months)) for channel, months in found.lacking.items()]
    note = t("feedback.inquiries.lacking", channels=t("list.semicolon").join(lacking)) if lacking else None
    numeric, cls = range(1, len(headings)), "sums" if shared else "sum"
    _topic.listing(t("feedback.inquiries.table"), headings, rows, choice, "inquiries_by_month", most=len(rows), numeric=numeric, note=note, cls=cls)


# --- cases --------------------------------------------------------------------------------------------------------------


def _cases(found: Feedback, choice: Choice) -> None:
    limited = [case.state for case in found.cases if case.limit is not None]
    late, overdue = limited.count("late"), limited.count("overdue")
    key = "unlimited" if not limited else "late" if late or overdue else "good"
    show(element("p", t(f"feedback.cases.{key}", count=len(limited), late=late, overdue=overdue), cls="sq-finding"))
    _dots(found)
    names = ("kind", "count", "done", "on_time", "late", "open", "overdue", "middle", "longest", "limit")
    kinds: list[list[Cell]] = []
    for each in found.by_kind:
        states = each.states
        judged = [states.get("on_time", 0), states.get("late", 0)] if each.limit is not None else [None, None]
        waiting = each.count - each.closed
        past = states.get("overdue", 0) if each.limit is not None else None
        limit: Cell = each.limit if each.limit is not None else t("feedback.no_limit")
        middle = Decimal(str(each.middle)) if each.middle is not None else None
        kinds.append([t(f"feedback.kind.{each.kind}"), each.count, each.closed, *judged, waiting, past, middle, each.longest, limit])
    headings = [t(f"feedback.col.{name}") for name in names]
    _topic.listing(t("feedback.cases.by_kind"), headings, kinds, choice, "cases_by_kind", numeric=range(1, 10), note=t("feedback.cases.middle"))
    names = ("case", "kind", "received", "closed", "worked", "limit", "due", "state", "unit", "channel", "reply", "remark")
    headings = [t(f"feedback.col.{name}") for name in names]
    years = t("list.comma").join(str(year - 1911 if words.language() == "zh" else year) for year in found.uncounted_years)
    notes = [t("feedback.cases.masked")] + ([t("feedback.cases.calendar", years=years)] if years else [])
    rows = [_case(case) for case in found.cases]
    _topic.listing(t("feedback.cases.list"), headings, rows, choice, "cases", most=30, numeric=[4], note=say.sentences(*notes))


def _case(case: Case) -> list[Cell]:
    remarks = [t("feedback.extended")] if case.extended else []
    remarks += [t(f"feedback.tone.{case.tone}")] if case.tone else []
    limit: Cell = case.limit if case.limit is not None else t("feedback.no_limit")
    facts: list[Cell] = [case.case_id, t(f"feedback.kind.{case.kind}"), case.received, case.closed, case.worked, limit, case.due, _state(case)]
    return [*facts, say.owner(case.unit) if case.unit else None, case.channel, case.reply, t("list.comma").join(remarks) or None]


def _dots(found: Feedback) -> None:
    present = [kind for kind in KINDS if any(case.kind == kind for case in found.cases)]
    dots = tuple(
        Dot(case.received, case.worked, t(f"feedback.kind.{case.kind}"), case.state in ("late", "overdue"), _dot_text(case)) for case in found.cases
    )
    limit = next((case.limit for case in found.cases if case.limit is not None), None)
    kinds = tuple(t(f"feedback.kind.{kind}") for kind in present)
    spec = _topic_charts.dots(dots, kinds, limit, t("feedback.cases.limit", limit=limit) if limit else "", words.language())
    _topic.framed(_longest(found.cases), t("feedback.cases.chart"), t("topic.unit.days"), spec, "cases", t("feedback.cases.chart.note"))


def _dot_text(case: Case) -> str:
    kind, state = t(f"feedback.kind.{case.kind}"), t(f"feedback.state.{case.state}")
    return t("feedback.cases.dot", id=case.case_id, kind=kind, days=case.worked, state=state)


def _longest(cases: Sequence[Case]) -> str:
    closed = [case for case in cases if case.closed is not None]
    if not closed:
        return t("feedback.cases.finding.open", count=len(cases))
    longest = max(closed, key=lambda case: case.worked)
    kind = t(f"feedback.kind.{longest.kind}")
    return t("feedback.cases.finding", count=len(closed), days=longest.worked, id=longest.case_id, kind=kind)
