"""The screen of the satisfaction survey in pieces: key figures, every level of every question, time taken, sites, forms, comments, health."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Decimal

import streamlit as st

from pages import _charts, _data, _data_survey, _figures, _topic_charts
from pages._charts import Point
from pages._data import Choice, Dated
from pages._parts import bare, basis_words, goal, month_list, section, show, status, target_line, worded
from warehouse import scorecard
from warehouse.period import Window
from warehouse.topics import survey
from warehouse.topics.survey import QUESTIONS, SATISFACTION, TIME, Question, Survey, percent
from warehouse.web import markup, say, words
from warehouse.web.markup import Markup, element
from warehouse.web.words import t

#: The cards: the indicators that lead the page.
_LEADING = ("survey_time_within_30", "survey_overall_top2", "survey_combined_top2", "survey_return_rate")

#: The indicator that holds the target of each question.
_JUDGED = {
    "q_time": "survey_time_within_30",
    "q_application": "survey_application_top2",
    "q_environment": "survey_environment_top2",
    "q_reception": "survey_reception_top2",
    "q_staff": "survey_staff_top2",
    "q_overall": "survey_overall_top2",
    "q_answer": "survey_answer_top2",
    "combined": "survey_combined_top2",
}

#: A piece of a bar narrower than this has no number in it: the table has.
_ROOM = 9


@dataclass(frozen=True)
class Asked:
    """What the pieces show: the counts, and the figures with their targets."""

    choice: Choice
    window: Window
    site: str
    counts: Survey
    questions: tuple[Question, ...]
    figures: dict[str, Dated]

    @property
    def valid(self) -> int:
        """Valid forms."""
        return self.counts.all_forms(self.window, self.site).valid or 0

    @property
    def time(self) -> Question:
        """How long it took."""
        return self.questions[0]

    @property
    def satisfaction(self) -> tuple[Question, ...]:
        """The six questions, and all of them together."""
        return (*self.questions[1:], survey.combined(self.questions))

    @property
    def is_empty(self) -> bool:
        """Whether there is neither an answer nor a form."""
        return not self.valid and not any(question.n for question in self.questions)

    @property
    def is_hidden(self) -> bool:
        """Whether the forms of this period, or of the site chosen, are too few."""
        return self.counts.is_small(self.window, self.site)


def ask(choice: Choice) -> Asked:
    """All that the page shows but what goes through the forms."""
    counts = _data_survey.counts(choice)
    questions = tuple(counts.question(code, choice.window, choice.site) for code in QUESTIONS)
    names = dict.fromkeys((*_LEADING, *_JUDGED.values()))
    return Asked(choice, choice.window, choice.site, counts, questions, _data.dated(names, choice))


# --- the head -----------------------------------------------------------------------------------------------------------


def opening(asked: Asked) -> None:
    """Title, first sentence and key figures."""
    title = element("h1", t("survey.title", period=say.window(asked.window)), cls="sq-h1")
    if asked.is_empty or asked.is_hidden:
        show(title)
        of_site = asked.site != scorecard.ALL_SITES
        hidden = t("survey.hidden", site=say.site(asked.site)) if of_site else t("survey.hidden.period", period=say.window(asked.window))
        _figures.nothing(t("survey.none") if asked.is_empty else hidden)
        return
    overall = next(question for question in asked.questions if question.code == "q_overall")
    lead = t("survey.lead", n=f"{asked.valid:,}", time_share=_share(asked.time), overall_share=_share(overall))
    show(
        title,
        element("p", say.sentences(lead, t("survey.lead.limits")), cls="sq-lead"),
        _figures.cards([asked.figures[name] for name in _LEADING], asked.choice),
    )


def _share(question: Question, count: int | None = None) -> str:
    """The good share, or that of `count` answers, as its tier allows."""
    part = question.good if count is None else count
    if question.tier == "no_data":
        return t("value.none")
    if question.tier == "suppressed":
        return t("survey.tier.suppressed")
    if question.tier == "counts_only":
        return t("survey.of", count=f"{part:,}", n=f"{question.n:,}")
    return _percent(percent(part, question.n))


def _percent(share: Decimal | None) -> str:
    return t("value.dash") if share is None else f"{share:.2f}{t('value.unit.share')}"


def _size(question: Question) -> str:
    """n, marked where it bears no more than an indication."""
    if question.tier == "suppressed":
        return t("value.dash")
    return t("survey.tier.mark", n=f"{question.n:,}") if question.tier in ("indicative", "counts_only") else f"{question.n:,}"


def _range(question: Question) -> str:
    if question.bounds is None:
        return t("value.dash")
    low, high = question.bounds
    return t("survey.range", low=_percent(low), high=_percent(high))


# --- every level of every question ----------------------------------------------------------------------------------------


def levels(asked: Asked) -> None:
    """The six questions of satisfaction, each with all the levels of the form, as bars and as a table."""
    questions = asked.satisfaction
    codes = survey.levels_of(SATISFACTION[0])
    show(
        section(t("survey.levels"), t("survey.levels.note")),
        element("div", element("p", _finding(questions[:-1]), cls="sq-finding"), _legend(codes), _bars(questions), cls="sq-panel"),
        _level_table(t("survey.levels.caption"), asked, questions, codes),
        element("p", t("survey.tier.legend"), cls="sq-note"),
    )
    caption = t("survey.levels.caption")
    _figures.download("levels", t("topic.download", caption=caption), f"survey_levels_{_span(asked)}", _level_headings(), _level_rows(asked))


def _finding(questions: Sequence[Question]) -> str:
    known = [question for question in questions if question.bounds is not None]
    if not known:
        return t("survey.levels.few")
    shares = {question.code: question.share for question in known if question.share is not None}
    low, high = min(shares.values()), max(shares.values())
    if low == high:
        return t("survey.levels.flat", high=_percent(high))
    lowest, highest = (t("list.comma").join(t(f"survey.q.{code}") for code, share in shares.items() if share == end) for end in (low, high))
    return t("survey.levels.finding", low=_percent(low), high=_percent(high), low_questions=lowest, high_questions=highest)


def _legend(codes: Sequence[str]) -> Markup:
    keys = [
        element("li", element("span", cls=f"sq-key level{at}", aria_hidden="true"), t(f"survey.level.{code}")) for at, code in enumerate(codes, 1)
    ]
    return element("ul", keys, cls="sq-legend", aria_label=t("survey.legend"))


def _bars(questions: Iterable[Question]) -> Markup:
    return element("div", [_bar(question) for question in questions], cls="sq-bars")


def _bar(question: Question) -> Markup:
    name = element("div", t(f"survey.q.{question.code}"), element("span", t("value.n", n=_size(question)), cls="sq-n"), cls="sq-bar-name")
    if question.tier in ("suppressed", "no_data"):
        words = t("survey.bar.hidden") if question.tier == "suppressed" else t("value.none")
        return element("div", name, element("div", words, cls="sq-bar none"), cls="sq-bar-row")
    pieces = []
    for at, count in enumerate(question.counts.values(), 1):
        share = percent(count, question.n)
        label = (
            _share(question, count) if share >= _ROOM and question.tier != "counts_only" else f"{count}" if question.tier == "counts_only" else None
        )
        if count:
            pieces.append(element("span", element("b", label) if label else None, cls=f"level{at}", style=f"width:{share}%"))
    return element("div", name, element("div", pieces, cls="sq-bar", role="img", aria_label=_heard(question)), cls="sq-bar-row")


def _heard(question: Question) -> str:
    """A bar in words."""
    plain = question.tier == "counts_only"
    said = [
        t("survey.bar.level.count", level=t(f"survey.level.{level}"), count=f"{count:,}")
        if plain
        else t("survey.bar.level", level=t(f"survey.level.{level}"), count=f"{count:,}", share=_share(question, count))
        for level, count in question.counts.items()
    ]
    return t("survey.bar.text", question=t(f"survey.q.{question.code}"), n=f"{question.n:,}", levels=t("list.comma").join(said))


def _level_table(caption: str, asked: Asked, questions: Iterable[Question], codes: Sequence[str]) -> Markup:
    headings = [t("survey.col.question"), t("survey.col.n"), *(t(f"survey.level.{code}") for code in codes)]
    headings += [t(f"survey.col.{name}") for name in ("good", "range", "comparison")]
    rows = []
    for question in questions:
        figure = asked.figures[_JUDGED[question.code]].figure
        judged = element("span", status(figure).markup, title=target_line(figure)) if question.bounds is not None else t("value.dash")
        cells = [_cell(question, question.counts[code]) for code in codes]
        rows.append([t(f"survey.q.{question.code}"), _size(question), *cells, _share(question), _range(question), judged])
    return markup.table(caption, headings, rows, numeric=range(1, len(codes) + 4))


def _cell(question: Question, count: int) -> str:
    if question.tier in ("suppressed", "no_data"):
        return t("value.dash")
    if question.tier == "counts_only":
        return f"{count:,}"
    return t("survey.cell", count=f"{count:,}", share=_share(question, count))


def _level_headings() -> list[str]:
    return [t(f"survey.col.{name}") for name in ("question", "level", "count", "n", "share", "note")]


def _level_rows(asked: Asked) -> list[list[object]]:
    rows: list[list[object]] = []
    for question in (asked.time, *asked.satisfaction):
        shown, rated = question.tier not in ("suppressed", "no_data"), question.bounds is not None
        for level, count in question.counts.items():
            counted = [count, question.n] if shown else [None, None]
            share = _figures.plain(percent(count, question.n)) if rated else None
            rows.append([t(f"survey.q.{question.code}"), t(f"survey.level.{level}"), *counted, share, _note(question)])
    return rows


def _note(question: Question) -> str:
    """What must be known of a number of answers, for a file; nothing where they are enough."""
    return "" if question.tier == "normal" else t(f"survey.tier.{question.tier}")


# --- time taken ---------------------------------------------------------------------------------------------------------


def time_taken(asked: Asked) -> None:
    """The bands of the form, the share within 30 minutes, and that share by month."""
    question, codes = asked.time, survey.levels_of(TIME)
    rated = question.bounds is not None
    words = {"n": f"{question.n:,}", "good": f"{question.good:,}"}
    finding = t("survey.time.finding", share=_share(question), **words) if rated else t("survey.time.finding.few", **words)
    figure = asked.figures[_JUDGED[TIME]].figure
    judged = element("p", status(figure).markup, " ", target_line(figure)) if rated else None
    between = element("p", _figures.interval(*question.bounds, figure.indicator.unit), cls="sq-note") if question.bounds else None
    show(
        section(t("survey.time")),
        _figures.side_by_side(
            element("div", element("p", finding, cls="sq-finding"), _legend(codes), _bars([question]), judged, between, cls="sq-panel"),
            _band_table(question),
        ),
    )
    _time_by_month(asked)


def _band_table(question: Question) -> Markup:
    rows: list[list[str]] = [
        [t(f"survey.level.{level}"), _count(question, count), _share(question, count)] for level, count in question.counts.items()
    ]
    rows.append([t("survey.time.within"), _count(question, question.good), _share(question)])
    rows.append([t("survey.col.total"), _size(question), t("value.dash")])
    return markup.table(t("survey.time.caption"), [t(f"survey.col.{name}") for name in ("level", "count", "share")], rows, numeric=[1, 2])


def _count(question: Question, count: int) -> str:
    return t("value.dash") if question.tier in ("suppressed", "no_data") else f"{count:,}"


def _time_by_month(asked: Asked) -> None:
    figures = _data.months(["survey_time_within_30"], asked.choice)["survey_time_within_30"]
    span = Window(figures[0].window.start, figures[-1].window.end)
    answers = asked.counts.by_month(TIME, span, asked.site)
    known = [(month, question) for month, question in answers.items() if question.bounds is not None]
    if len(known) < 2:
        show(element("p", t("survey.time.months.few"), cls="sq-note"))
        return
    shares = {month: question.share for month, question in known if question.share is not None}
    low, high = min(shares.values()), max(shares.values())
    lowest, highest = (say.some_months((month for month, share in shares.items() if share == end), span) for end in (low, high))
    ends = {"low": _percent(low), "low_months": lowest, "high": _percent(high), "high_months": highest}
    finding = t(f"survey.time.months.{'flat' if low == high else 'finding'}", months=len(known), **ends)
    points = tuple(
        Point(figure.window.start, _drawn(answers[figure.window.start]), figure.goal, answers[figure.window.start].n) for figure in figures
    )
    goals = [figure.goal for figure in figures if figure.goal is not None]
    scale = _charts.axis([*(point.value for point in points if point.value is not None), *goals], bounded=True)
    last = figures[-1]
    spec = _charts.by_month(points, scale, t("value.unit.share"), 2, t("target.plain", goal=goal(last)) if last.goal is not None else "")
    withheld = [month for month, question in answers.items() if question.hidden]
    empty = [month for month, question in answers.items() if not question.n]
    sizes = [question.n for _, question in known]
    _figures.chart(
        "time",
        finding,
        t("list.apart").join([t("survey.time.months"), say.window(span)]),
        spec,
        t("survey.time.alt", period=say.window(span), finding=finding),
        t("survey.time.target", basis=basis_words(last.target)) if last.target else "",
        t("chart.note.n", low=min(sizes), high=max(sizes)),
        t("chart.note.axis", low=worded(Decimal(str(scale.low)), last.indicator.unit)) if scale.cut else "",
        t("survey.time.months.hidden", months=month_list(withheld)) if withheld else "",
        t("chart.note.gap", months=month_list(empty)) if empty else "",
    )


def _drawn(question: Question) -> float | None:
    return float(question.share) if question.bounds is not None and question.share is not None else None


# --- sites --------------------------------------------------------------------------------------------------------------


def sites(asked: Asked) -> None:
    """Every measure at every site with its interval; two sites with their difference."""
    if asked.site != scorecard.ALL_SITES:
        return
    measures = {code: asked.counts.sites_side_by_side(code, asked.window) for code in QUESTIONS}
    places = [site for site in _data.site_options() if site in asked.counts.sites and any(found[site].n for found in measures.values())]
    show(section(t("survey.sites"), t("survey.sites.note")))
    if len(places) < 2:
        show(element("p", t("survey.sites.one", site=say.site(places[0]) if places else t("value.none")), cls="sq-note"))
        return
    pair = len(places) == 2
    headings = [t("survey.col.question"), *map(say.site, places), *([t("survey.sites.difference")] if pair else [])]
    shares = [float(bound) for found in measures.values() for site in places if found[site].bounds for bound in found[site].bounds]
    goals = [dated.figure.goal for dated in asked.figures.values() if dated.figure.goal is not None]
    scale = _charts.axis([*shares, *goals] or [0.0, 100.0], bounded=True)
    rows = []
    for code, found in measures.items():
        due = asked.figures[_JUDGED[code]].figure.goal
        apart = [_difference(survey.difference(found[places[0]], found[places[1]]))] if pair else []
        rows.append([_measure(code), *(_place(found[site], due, scale) for site in places), *apart])
    show(
        element("p", _sites_finding(measures, places), cls="sq-finding"),
        markup.table(t("survey.sites"), headings, rows, hide_caption=True),
        element("p", say.sentences(t("survey.tier.legend"), t("survey.sites.foot") if pair else ""), cls="sq-note"),
    )
    caption = t("topic.download", caption=t("survey.sites"))
    _figures.download("sites", caption, f"survey_sites_{_span(asked)}", _site_headings(), _site_rows(measures, places))


def _measure(code: str) -> str:
    return t("survey.measure.q_time") if code == TIME else t(f"survey.q.{code}")


def _place(question: Question, due: float | None, scale: _charts.Axis) -> Markup | str:
    if question.bounds is None or question.share is None:
        return _share(question)
    low, high = question.bounds
    words = t("survey.sites.spread", share=_percent(question.share), low=_percent(low), high=_percent(high))
    drawing = _charts.spread(float(low), float(high), float(question.share), due, scale, words)
    detail = element("span", _range(question), t("list.apart"), element("span", t("survey.sites.n", n=_size(question)), cls="sq-n"), cls="sq-note")
    return markup.join([element("span", _percent(question.share), cls="sq-strong"), drawing, element("br"), detail])


def _difference(found: survey.Difference | None) -> Markup:
    words = t("survey.sites.cannot")
    if found is not None:
        words = t("survey.sites.clear" if found.clear else "survey.sites.same", points=bare(abs(found.points)))
    return element("span", words, cls="wide")


def _sites_finding(measures: dict[str, dict[str, Question]], places: Sequence[str]) -> str:
    if len(places) > 2:
        return t("survey.sites.plain", questions=len(measures))
    differences = [survey.difference(found[places[0]], found[places[1]]) for found in measures.values()]
    known = [found for found in differences if found is not None]
    if not known:
        return t("survey.sites.finding.few")
    clear = [found for found in known if found.clear]
    return t("survey.sites.finding", questions=len(known), clear=len(clear)) if clear else t("survey.sites.finding.none", questions=len(known))


def _site_headings() -> list[str]:
    return [
        t("survey.col.question"),
        t("col.site"),
        t("col.numerator"),
        t("col.n"),
        t("survey.col.share"),
        t("col.low"),
        t("col.high"),
        t("survey.col.note"),
    ]


def _site_rows(measures: dict[str, dict[str, Question]], places: Sequence[str]) -> list[list[object]]:
    rows: list[list[object]] = []
    for code, found in measures.items():
        for site in places:
            question = found[site]
            counted = [question.good, question.n] if question.tier != "suppressed" else [None, None]
            rated = [question.share, *question.bounds] if question.bounds else [None] * 3
            rows.append([_measure(code), say.site(site), *counted, *map(_figures.plain, rated), _note(question)])
    return rows


# --- forms by month -----------------------------------------------------------------------------------------------------


def forms(asked: Asked) -> None:
    """Forms sent, returned and valid by month, with their rates and n."""
    total = asked.counts.all_forms(asked.window, asked.site)
    by_month = asked.counts.forms_by_month(asked.window, asked.site)
    finding = _forms_finding(asked, total)
    empty = [month for month, found in by_month.items() if not found.valid]
    show(section(t("survey.months")))
    if len(by_month) > 1:
        series = _topic_charts.Series(t("survey.months"), tuple(None if found.valid is None else float(found.valid) for found in by_month.values()))
        spec = _topic_charts.columns(_charts.month_labels(list(by_month)), (series,), t("topic.unit.forms"), words.language())
        gap = t("survey.months.gap", months=month_list(empty)) if empty else ""
        _figures.chart(
            "forms", finding, t("survey.months.measure"), spec, t("survey.months.alt", period=say.window(asked.window), finding=finding), gap
        )
    else:
        show(element("p", finding, cls="sq-finding"))
    show(_form_table(asked, by_month), element("p", say.sentences(t("survey.rates"), t("survey.tier.legend")), cls="sq-note"))
    caption = t("topic.download", caption=t("survey.months.caption"))
    _figures.download("forms", caption, f"survey_forms_{_span(asked)}", _form_headings(), _form_rows(asked, by_month))


def _forms_finding(asked: Asked, total: survey.Forms) -> str:
    """How many were sent, came back and were valid; rates are of the months that tell both of their numbers, which may not be all."""
    returned, valid = asked.counts.rates(asked.window, asked.site)
    counted = {"valid": f"{total.valid or 0:,}", "sent": f"{returned.whole:,}", "returned": f"{returned.part:,}", "return_rate": _percent(returned.share)}
    if returned.share is None:
        return t("survey.months.finding.valid", **counted)
    if (total.sent, total.returned, total.valid) == (returned.whole, returned.part, valid.part):
        return t("survey.months.finding", **counted, valid_rate=_percent(valid.share))
    return t("survey.months.finding.part", **counted)


_FORM_COLUMNS = ("month", "sent", "returned", "return_rate", "valid", "valid_rate", "invalid", "within30", "overall")


def _form_headings() -> list[str]:
    return [t(f"survey.col.{name}") for name in _FORM_COLUMNS]


def _form_table(asked: Asked, by_month: dict[date, survey.Forms]) -> Markup:
    within, overall = (asked.counts.by_month(code, asked.window, asked.site) for code in (TIME, "q_overall"))
    rows = []
    for month, found in by_month.items():
        rows.append([say.month(month), *_form_cells(asked, found, Window(month, month)), _rated(within[month]), _rated(overall[month])])
    whole = {code: asked.counts.question(code, asked.window, asked.site) for code in (TIME, "q_overall")}
    total = _form_cells(asked, asked.counts.all_forms(asked.window, asked.site), asked.window)
    rows.append([t("survey.col.total"), *total, _rated(whole[TIME]), _rated(whole["q_overall"])])
    return markup.table(t("survey.months.caption"), _form_headings(), rows, numeric=range(1, len(_FORM_COLUMNS)))


def _form_cells(asked: Asked, found: survey.Forms, window: Window) -> list[str]:
    sent, returned, valid, invalid = (
        t("value.dash") if count is None else f"{count:,}" for count in (found.sent, found.returned, found.valid, found.invalid)
    )
    return_rate, valid_rate = (_percent(rate.share) for rate in asked.counts.rates(window, asked.site))
    return [sent, returned, return_rate, valid, valid_rate, invalid]


def _rated(question: Question) -> str:
    """A share with a star where it is only an indication."""
    if question.tier == "no_data":
        return t("value.dash")
    return t("survey.tier.mark", n=_share(question)) if question.tier == "indicative" else _share(question)


def _form_rows(asked: Asked, by_month: dict[date, survey.Forms]) -> list[list[object]]:
    within, overall = (asked.counts.by_month(code, asked.window, asked.site) for code in (TIME, "q_overall"))
    rows: list[list[object]] = []
    for month, found in by_month.items():
        rates = [_figures.plain(rate.share) for rate in asked.counts.rates(Window(month, month), asked.site)]
        shares = [_figures.plain(asked_of.share) if asked_of.bounds else None for asked_of in (within[month], overall[month])]
        rows.append([f"{month:%Y-%m}", found.sent, found.returned, rates[0], found.valid, rates[1], found.invalid, *shares])
    return rows


# --- what goes through the forms ------------------------------------------------------------------------------------------


def comments(asked: Asked) -> None:
    """What people wrote; read only when it is opened."""
    fold = st.expander(t("survey.comments"), key="comments", on_change="rerun")
    if not fold.open:
        return
    found = _data_survey.comments(asked.choice)
    with fold:
        if not found.listed:
            show(element("p", t("survey.comments.none"), cls="sq-note"))
            return
        months = [[element("span", say.month(month), cls="sq-n") for month in (item.first, item.last)] for item in found.listed]
        rows = [[say.quoted(item.text), f"{item.forms:,}", *ends] for item, ends in zip(found.listed, months, strict=True)]
        headings = [t(f"survey.col.{name}") for name in ("text", "forms", "first", "last")]
        most = t("survey.comments.most", count=len(found.listed)) if found.texts > len(found.listed) else ""
        show(
            element("p", t("survey.comments.finding", forms=f"{found.forms:,}", texts=f"{found.texts:,}"), cls="sq-finding"),
            element("p", say.sentences(most, t("survey.comments.note")), cls="sq-note"),
            markup.table(t("survey.comments.caption"), headings, rows, numeric=[1], hide_caption=True, cls="tall"),
        )
        kept = [[item.text, item.forms, f"{item.first:%Y-%m}", f"{item.last:%Y-%m}"] for item in found.listed]
        caption = t("topic.download", caption=t("survey.comments.caption"))
        _figures.download("comments", caption, f"survey_comments_{_span(asked)}", headings, kept)


def health(asked: Asked) -> None:
    """Blanks, straight lines, repeated forms, months with few; read only when it is opened."""
    fold = st.expander(t("survey.health"), key="health", on_change="rerun")
    if not fold.open:
        return
    found = _data_survey.health(asked.choice)
    straight, repeated = t("survey.health.straight.none"), t("survey.health.repeated.none")
    if found.full:
        share = _percent(percent(found.straight, found.full))
        straight = t("survey.health.straight", full=f"{found.full:,}", straight=f"{found.straight:,}", share=share)
    if found.repeated:
        repeated = t("survey.health.repeated", repeated=f"{found.repeated:,}")
    with fold:
        sayings = [straight, *([repeated] if found.forms else []), *_few(asked)]
        show(element("ul", [element("li", saying) for saying in sayings], cls="sq-sayings"), _blanks(asked))
        headings = [t("survey.col.question"), t("survey.col.blank"), t("survey.col.valid"), t("survey.col.blank_share")]
        caption = t("topic.download", caption=t("survey.health.blank"))
        _figures.download("health", caption, f"survey_blanks_{_span(asked)}", headings, _blank_rows(asked))


def _few(asked: Asked) -> list[str]:
    by_month = asked.counts.forms_by_month(asked.window, asked.site)
    kinds = {month: survey.bearing(found.valid) for month, found in by_month.items()}
    said = []
    for key, tiers in (("few", ("indicative",)), ("fewest", ("counts_only",)), ("missing", ("no_data",))):
        months = [month for month, tier in kinds.items() if tier in tiers]
        if months:
            said.append(t(f"survey.health.{key}", months=month_list(months)))
    return said or [t("survey.health.fine")]


def _blanks(asked: Asked) -> Markup:
    known = [question for question in asked.questions if question.blank is not None]
    if not known:
        return element("p", t("survey.health.blank.unknown"), cls="sq-note")
    if not any(question.blank for question in known):
        return element("p", t("survey.health.blank.none"), cls="sq-note")
    headings = [t("survey.col.question"), t("survey.col.blank"), t("survey.col.blank_share")]
    rows = [[t(f"survey.q.{question.code}"), f"{question.blank:,}", _percent(percent(question.blank, question.asked))] for question in known]
    return markup.table(t("survey.health.blank"), headings, rows, numeric=[1, 2], cls="narrow")


def _blank_rows(asked: Asked) -> list[list[object]]:
    return [
        [t(f"survey.q.{question.code}"), question.blank, question.asked, _figures.plain(percent(question.blank, question.asked))]
        for question in asked.questions
    ]


def _span(asked: Asked) -> str:
    return f"{asked.window.iso_from}_{asked.window.iso_to}_{asked.site}"
