"""The page of one indicator in pieces: value and verdict, its definition, its 計算依據."""

from __future__ import annotations

from collections.abc import Sequence
from decimal import Decimal

import streamlit as st

from pages import _data, _published
from pages._data import Basis, Choice, FileRows
from pages._data_indicator import Detail
from pages._parts import (
    addressed,
    bare,
    basis_words,
    bound,
    change,
    gap,
    hash_words,
    link,
    number,
    rules,
    sample_size,
    section,
    show,
    standing_words,
    status,
    target_line,
    unit_beside,
    unit_of,
    until,
    value,
    worded,
)
from warehouse import numerals
from warehouse.anonymity import hidden
from warehouse.indicators import Indicator, all_indicators
from warehouse.scorecard import Figure, Step
from warehouse.web import markup, say
from warehouse.web.markup import Markup, element
from warehouse.web.words import t

#: Steps of the arithmetic that are listed in full; more go into a fold.
_STEPS_SHOWN = 24

#: Runs of rows of one file that are listed.
_RANGES_SHOWN = 40


def choose() -> str:
    """The indicator, by its id in the address."""
    headings = _data.indicator_options()
    names = all_indicators()

    def words(name: str) -> str:
        return t("indicator.option", heading=headings[name] or t("indicator.no_heading"), name=say.indicator(names[name]))

    return addressed(t("indicator.choose"), "id", list(headings), "survey_time_within_30", words)


# --- value and verdict --------------------------------------------------------------------------------------------------


def value_and_verdict(detail: Detail) -> None:
    """The value with n, the comparison, and what the statistics allow to be said."""
    figure = detail.dated.figure
    shown = element("span", number(figure), cls="sq-number none" if figure.value is None else "sq-number")
    left = element(
        "div",
        element("h2", t("indicator.value"), cls="sq-h2"),
        element("p", shown, unit_beside(figure), cls="sq-big"),
        element(
            "p",
            markup.join([say.window(figure.window), say.site(figure.site), sample_size(figure)], t("list.apart")),
            cls="sq-period",
        ),
        element("p", change(detail.dated) if figure.value is not None else None, cls="sq-change"),
        element("p", standing_words(detail.standing, figure.indicator), cls="sq-standing"),
        _published.lines(figure),
        element("p", until(detail.dated), cls="sq-until"),
        cls="sq-panel",
    )
    show(
        element("p", markup.join(_data.headings_above(figure.indicator), " › "), cls="sq-crumbs"),
        element("h1", say.indicator(figure.indicator), cls="sq-h1"),
        element("div", left, _judgement(figure), cls="sq-facts"),
    )


def _judgement(figure: Figure) -> Markup:
    lines: list[Markup | None] = [element("p", status(figure).markup)]
    distance = gap(figure)
    if figure.goal is not None:
        lines.append(element("p", target_line(figure) + (t("list.semicolon") + distance if distance else "")))
    if figure.target and figure.target.document and figure.goal is not None:
        lines.append(element("p", say.document(figure.target), cls="sq-note"))
    if figure.value is not None:
        lines += [_range(figure), _verdict(figure), element("p", _caution(figure), cls="sq-note")]
    return element("div", element("h2", t("indicator.judgement"), cls="sq-h2"), lines, cls="sq-panel sq-judge")


def _range(figure: Figure) -> Markup | None:
    if figure.interval == "none" or figure.low is None or figure.high is None:
        return None
    unit = figure.indicator.unit
    return element("p", t("interval.range", low=bound(figure.low, unit), high=bound(figure.high, unit)))


def _verdict(figure: Figure) -> Markup | None:
    if figure.goal is None:
        return None
    if figure.target and figure.target.basis == "provisional":
        return element("p", t("verdict.provisional"))
    if figure.verdict == "cannot_tell":
        return element("p", element("strong", t("verdict.cannot_tell")), _price(figure))
    return element("p", t(f"verdict.sure.{figure.verdict}")) if figure.interval != "none" and figure.verdict in ("met", "not_met") else None


def _price(figure: Figure) -> str:
    """Why a verdict cannot be told yet, and what would settle it."""
    whole = figure.window.start.month == 1 and figure.window.start < figure.window.end
    if figure.indicator.interval == "none":
        words = t("verdict.unfinished")
    elif figure.indicator.interval == "t":
        few = "verdict.scores_too_few.year" if whole else "verdict.scores_too_few"
        words = t("verdict.across_scores") if figure.interval != "none" else t(few)
    elif figure.too_few:
        words = t("verdict.too_few.year" if whole else "verdict.too_few")
    elif figure.needed is None:
        words = t("verdict.never")
    else:
        words = t("verdict.needed", count=f"{max(figure.needed - (figure.n or 0), 1):,}")
    return t("list.colon") + words


def _caution(figure: Figure) -> str:
    if figure.indicator.interval == "none":
        return t("interval.none") if figure.goal is not None else ""
    if any(name.startswith("survey") for name in figure.indicator.source):
        return t("interval.survey")
    return t("interval.scores", n=f"{figure.n:,}") if figure.n else ""


# --- definition ---------------------------------------------------------------------------------------------------------


def definition(detail: Detail) -> None:
    """The definition card."""
    figure, indicator = detail.dated.figure, detail.dated.figure.indicator
    rows: list[tuple[str, Markup | str | None]] = [
        ("definition", say.definition(indicator)),
        ("why", say.why(indicator)),
        ("formula", _formula(indicator)),
        ("unit", unit_of(indicator.unit) or t("definition.unit.none")),
        ("direction", t(f"direction.{indicator.direction}")),
        ("owner", say.owner(indicator.owner)),
        ("section", say.section(indicator.section)),
        ("source", _source(indicator)),
        ("target", _target(figure)),
        ("document", say.document(figure.target)),
    ]
    coded: list[tuple[str, Markup | str | None]] = [
        ("code", _code(indicator.id)),
        ("numerator", _code(indicator.numerator or indicator.latest)),
        ("denominator", _code(indicator.denominator)),
        ("where", _code(indicator.where)),
    ]
    fold = element("details", element("summary", t("definition.coded")), _facts(t("definition.coded"), coded), cls="sq-details")
    show(section(t("indicator.card")), _facts(t("definition.caption"), rows), fold)


def _facts(caption: str, rows: Sequence[tuple[str, Markup | str | None]]) -> Markup:
    kept = [[t(f"definition.{name}"), words] for name, words in rows if words]
    return markup.table(caption, [t("col.item"), t("col.content")], kept, hide_caption=True, cls="card-table")


def _code(text: str | None) -> Markup | None:
    return element("span", element("code", say.quoted(text)), cls="sq-fact") if text else None


def _names(ids: Sequence[str]) -> str:
    return t("list.comma").join(say.indicator(all_indicators()[name]) for name in ids)


def _formula(indicator: Indicator) -> str:
    if indicator.sum:
        return t("definition.formula.parts", parts=_names(indicator.sum))
    if indicator.grade:
        bands = t("list.comma").join(t("definition.band", bound=f"{bound:g}", word=say.word(word)) for bound, word in indicator.bands)
        return t("definition.formula.grade", part=_names([indicator.grade]), bands=bands)
    if indicator.period:
        return t("definition.formula.period")
    if indicator.kind in ("latest", "fact"):
        return t("definition.formula.max" if indicator.rollup == "max" else "definition.formula.latest")
    return t(f"definition.formula.{'share' if indicator.is_share else 'mean' if indicator.is_mean else 'sum'}")


def _source(indicator: Indicator) -> str:
    return t("list.comma").join(map(say.dataset, _data.sources_of(indicator)))


def _target(figure: Figure) -> str:
    target = figure.target
    if target is None:
        return t("target.none")
    amount = worded(target.value, figure.indicator.unit)
    return t("target.line", goal=t(f"definition.per.{target.per}", value=amount) if target.per else amount, basis=basis_words(target))


# --- 計算依據 -----------------------------------------------------------------------------------------------------------


def basis(name: str, choice: Choice) -> None:
    """How the figure was made, down to files and rows; read only when it is opened."""
    show(section(t("indicator.trace"), t("indicator.trace.lead"), printed=False))
    fold = st.expander(t("indicator.trace.open"), expanded=False, key="basis", on_change="rerun")
    if not fold.open:
        return
    found = _data.basis(name, choice)
    with fold:
        if found.figure.value is None:
            show(element("p", t("data.withheld" if hidden(found.figure) else "trace.none"), cls="sq-note"))
            return
        show(element("p", _sum(found), cls="sq-sum"), _parts_of(found, choice), _files(found), _steps(found))


def _sum(found: Basis) -> str:
    figure, where = found.figure, say.window(found.figure.window)
    if figure.denominator is not None and figure.numerator is not None and figure.exact is not None:
        exact = numerals.format_number(numerals.round_half_up(figure.exact, figure.indicator.decimals + 4))
        times = t("trace.times100") if figure.indicator.is_share else ""
        return t(
            "trace.sum",
            period=where,
            numerator=bare(figure.numerator),
            denominator=bare(figure.denominator),
            times=times,
            exact=exact,
            value=value(figure),
        )
    if found.parts and not figure.indicator.grade:
        return t("trace.count", period=where, terms=t("list.plus").join(bare(part.value) for part in found.parts), value=value(figure))
    if figure.indicator.kind == "additive":
        by_month: dict[object, Decimal] = {}
        for step in found.steps:
            by_month[step.month] = by_month.get(step.month, Decimal(0)) + (step.numerator or Decimal(0))
        return t("trace.count", period=where, terms=t("list.plus").join(bare(amount) for amount in by_month.values()), value=value(figure))
    return t("trace.latest", period=where, value=value(figure))


def _parts_of(found: Basis, choice: Choice) -> Markup | None:
    if not found.parts:
        return None
    rows = [[element("a", say.indicator(part.indicator), href=link("indicator", choice, id=part.indicator.id)), value(part)] for part in found.parts]
    return markup.table(t("trace.parts"), [t("col.indicator"), t("col.value")], rows, numeric=[1])


def _files(found: Basis) -> Markup | None:
    if not found.files:
        return None
    headings = [t(f"trace.col.{name}") for name in ("batch", "file", "used", "left", "hash", "who")]
    rows = [
        [
            element("a", t("trace.number", id=file.entry), href=link("batches", entry=str(file.entry))),
            markup.join(
                [element("span", say.quoted(file.file), cls="wide"), element("br"), element("span", say.dataset(file.dataset), cls="sq-note")]
            ),
            t("trace.used", count=f"{file.used:,}", rows=_rows(file.rows)) if file.used else t("trace.used.none"),
            _left(file),
            hash_words(file.sha256),
            markup.join([say.quoted(file.by), element("br"), element("span", say.moment(_data.taipei(file.at)), cls="sq-note")]),
        ]
        for file in found.files
    ]
    hashes = [element("p", t("trace.number", id=file.entry), t("list.apart"), element("span", file.sha256, cls="sq-hash")) for file in found.files]
    fold = element("details", element("summary", t("trace.hashes")), hashes, cls="sq-details")
    return markup.join([markup.table(t("trace.origins"), headings, rows, cls="tall"), fold])


def _rows(ranges: Sequence[str]) -> str:
    more = [] if len(ranges) <= _RANGES_SHOWN else [t("trace.used.more")]
    return t("list.comma").join([*ranges[:_RANGES_SHOWN], *more])


def _left(file: FileRows) -> str:
    return rules(file.left_out) or t("trace.left.none")


def _steps(found: Basis) -> Markup | None:
    if not found.steps:
        return None
    ratio = any(step.denominator is not None for step in found.steps)
    reading = any(step.latest_value is not None for step in found.steps)
    headings = [t("col.month"), t("col.site")] + (
        [t("trace.col.reading")] if reading else [t("col.numerator"), t("col.denominator")] if ratio else [t("col.value")]
    )
    gone = [t("value.withheld")] * (len(headings) - 2)
    rows = [
        [say.month(step.month), say.site(step.site), *(gone if (step.site, step.month) in found.withheld else _step(step, ratio, reading))]
        for step in found.steps
    ]
    body = markup.table(t("trace.steps"), headings, rows, numeric=range(2, len(headings)), cls="tall")
    return body if len(rows) <= _STEPS_SHOWN else element("details", element("summary", t("trace.steps")), body, cls="sq-details")


def _or_dash(amount: Decimal | None) -> Markup | str:
    return bare(amount) if amount is not None else t("value.dash")


def _step(step: Step, ratio: bool, reading: bool) -> list[Markup | str]:
    if reading:
        return [say.word(step.latest_value) if step.latest_value else t("value.dash")]
    return [_or_dash(step.numerator), _or_dash(step.denominator)] if ratio else [_or_dash(step.numerator)]
