"""Pieces that the topic pages share: figures against their targets, lists to read and to take along, what needs attention, what is not there."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date
from decimal import Decimal
from fractions import Fraction
from typing import Any

from pages import _charts, _data, _figures, _topic_charts
from pages._data import Choice, Dated
from pages._parts import Status, aligned, bare, basis_words, change, gap, goal, heading, link, section, show, status, target_line, until, value
from warehouse import numerals, scorecard
from warehouse.datasets import all_datasets
from warehouse.indicators import all_indicators
from warehouse.period import Window
from warehouse.scorecard import Figure
from warehouse.web import markup, say, words
from warehouse.web.markup import Markup, element
from warehouse.web.words import t

#: Rows of a list on screen; the rest are counted, and are in the file.
MOST = 12

#: Things that need attention that are listed; the rest are counted.
_PRESSING = 10


@dataclass(frozen=True)
class Link:
    """Words that lead somewhere."""

    text: str
    href: str


@dataclass(frozen=True)
class Sign:
    """A shape in a grid, and the word it stands for. tone: good, concern or neutral."""

    shape: str
    word: str
    tone: str = "neutral"


@dataclass(frozen=True)
class Month:
    """A month: 105年9月 on screen, 2016-09 in the file."""

    of: date


@dataclass(frozen=True)
class Fixed:
    """A number with all its decimals, so that the points of a column stand under each other; its unit is on screen only."""

    amount: Decimal
    unit: str = ""

    @classmethod
    def of(cls, amount: Fraction | Decimal | None, places: int, unit: str = "") -> Fixed | None:
        """Rounded half up; nothing stays nothing."""
        return None if amount is None else cls(numerals.round_half_up(Fraction(amount), places), unit)


Cell = str | Markup | int | float | Decimal | date | Month | Fixed | Status | Link | Sign | None


def span(choice: Choice) -> str:
    """The window in words: 105年1月至9月."""
    return say.window(choice.window) if choice.window else ""


# --- the head of a page -------------------------------------------------------------------------------------------------


def whole_office(choice: Choice) -> Choice:
    """The same months for all sites together: for tables that tell no site. Says so where one site is chosen."""
    if choice.site != scorecard.ALL_SITES:
        show(element("p", t("topic.no_site", site=say.site(choice.site)), cls="sq-calm none", role="note"))
    return replace(choice, site=scorecard.ALL_SITES)


def head(title: str, sentences: Iterable[str]) -> None:
    """The title, and the page in a sentence or two."""
    heading(title, say.sentences(*sentences))


def attention(items: Sequence[tuple[Status, str | Markup, str | Markup]], untold: Sequence[str] = ()) -> None:
    """What needs attention (status, what, detail), what must concern first; or that nothing does. untold: tables without which nothing can be said."""
    titles = _data.dataset_titles()
    unsaid = t("topic.untold", datasets=t("list.comma").join(t("topic.named", dataset=titles[name]) for name in untold)) if untold else ""
    if not items:
        shape, words_of_calm = ("■", t("topic.calm.part")) if untold else ("●", t("topic.calm"))
        calm = element("p", element("span", shape, cls="sq-shape", aria_hidden="true"), say.sentences(words_of_calm, unsaid), cls="sq-calm")
        show(section(t("topic.attention")), calm)
        return
    ordered = sorted(items, key=lambda item: item[0].tone != "concern")
    lines = [
        element("li", word.markup, element("span", what, cls="sq-what"), element("span", detail, cls="sq-note") if detail else None)
        for word, what, detail in ordered[:_PRESSING]
    ]
    more = t("topic.attention.more", count=len(items) - len(lines)) if len(items) > len(lines) else ""
    rest = element("p", say.sentences(more, unsaid), cls="sq-note") if more or unsaid else None
    show(section(t("topic.attention")), element("ul", lines, cls="sq-attention"), rest)


def untold(datasets: Iterable[str], choice: Choice) -> list[str]:
    """Those of the tables that have nothing in the window."""
    names = list(datasets)
    known = _data.tables_in(names, choice)
    return [name for name in names if name not in known]


def missed(figures: Mapping[str, Dated]) -> list[tuple[Status, str, str]]:
    """The figures that miss a target that counts, as lines for `attention`."""
    found = [dated.figure for dated in figures.values() if dated.figure.verdict == "not_met"]
    return [
        (status(figure), say.indicator(figure.indicator), t("topic.missed", value=value(figure), target=target_line(figure), gap=gap(figure)))
        for figure in found
    ]


def nothing(datasets: Sequence[str], choice: Choice) -> bool:
    """Where none of the tables behind a page has come in for the window: say which, lead to the upload, and tell the page to stop."""
    if _data.tables_in(datasets, choice):
        return False
    titles = _data.dataset_titles()
    show(
        element(
            "div",
            element("p", t("topic.nothing", period=span(choice)), cls="sq-h3"),
            element("ul", [element("li", titles[name]) for name in datasets]),
            element("p", element("a", t("empty.goto"), href=link("upload", choice), cls="sq-button")),
            cls="sq-panel",
        )
    )
    return True


def absent(dataset: str, choice: Choice) -> None:
    """That a part of a page has nothing to show, and which table would bring it."""
    show(element("p", t("topic.absent", period=span(choice), dataset=_data.dataset_titles()[dataset]), cls="sq-calm none"))


# --- tables -------------------------------------------------------------------------------------------------------------


def figures(caption: str, found: Mapping[str, Dated], choice: Choice, file: str, *, hide_caption: bool = False) -> None:
    """Figures with target, comparison, change on last year and data day; each leads to its page. What is the same of all is said once, below."""
    if all(dated.figure.value is None for dated in found.values()):
        names = t("list.comma").join(say.indicator(dated.figure.indicator) for dated in found.values())
        show(element("p", t("topic.figures.none", period=span(choice), names=names), cls="sq-calm none"))
        return
    rows: list[list[Cell]] = [
        [
            Link(say.indicator(dated.figure.indicator), link("indicator", choice, id=name)),
            aligned(dated.figure),
            status(dated.figure),
            t("target.cell", goal=goal(dated.figure), basis=basis_words(dated.figure.target)) if dated.figure.target else None,
            change(dated),
            until(dated).removeprefix(t("data.until", day="")) if dated.until and not _stands(dated) else None,
        ]
        for name, dated in found.items()
    ]
    kept, said = [0, 1], []
    if all(dated.figure.goal is None for dated in found.values()):
        said.append(t("topic.figures.no_target"))
    else:
        kept += [2, 3]
    for at, sentence in ((4, "{}"), (5, t("data.until", day="{}"))):
        words_of_all = {str(row[at]) for row in rows if row[at] is not None and row[1] != t("value.none")}
        if len(words_of_all) > 1:
            kept.append(at)
        elif words_of_all:
            said.append(sentence.format(*words_of_all))
    headings = [t(f"home.col.{name}") for name in ("name", "value", "status", "target", "change", "until")]
    note = t("topic.figures.note", said=t("list.semicolon").join(map(_within, said))) if said else None
    listing(caption, headings, rows, choice, file, most=len(rows), numeric=[1], kept=kept, note=note, cls="figures", hide_caption=hide_caption)


def _stands(dated: Dated) -> bool:
    """Whether a figure tells what stands until it changes: the day of its newest row is not how far its data reach."""
    return all(all_datasets()[name].reference for name in _data.sources_of(dated.figure.indicator))


def _within(sentence: str) -> str:
    """A sentence as part of another."""
    return sentence[:1].lower() + sentence[1:]


def listing(
    caption: str,
    headings: Sequence[str],
    rows: Sequence[Sequence[Cell]],
    choice: Choice,
    file: str,
    *,
    most: int = MOST,
    numeric: Iterable[int] | None = None,
    kept: Sequence[int] | None = None,
    note: str | None = None,
    cls: str = "",
    hide_caption: bool = False,
) -> None:
    """A table of at most so many rows, how many there are in all, and all of them as CSV: days as ISO, numbers as numbers, signs as words.

    kept: the columns on screen; all are in the file. note: a sentence under the table. hide_caption: where a heading right above says it already.
    """
    if numeric is None:
        numeric = [at for at in range(1, len(headings)) if _is_numeric([row[at] for row in rows])]
    columns = range(len(headings)) if kept is None else kept
    shown = [[_displayed(row[at]) for at in columns] for row in rows[:most]]
    right = [place for place, at in enumerate(columns) if at in set(numeric)]
    cut = element("p", t("topic.cut", count=f"{len(rows):,}", shown=most), cls="sq-note") if len(rows) > most else None
    said = element("p", note, cls="sq-note") if note else None
    show(markup.table(caption, [headings[at] for at in columns], shown, numeric=right, cls=cls, hide_caption=hide_caption), said, cut)
    window = choice.window
    name = f"{file}_{window.iso_from}_{window.iso_to}" if window else file
    _figures.download(file, t("topic.download", caption=caption), name, headings, ([_written(cell) for cell in row] for row in rows))


def _is_numeric(cells: Sequence[Cell]) -> bool:
    known = [cell for cell in cells if cell is not None]
    return bool(known) and all(isinstance(cell, int | float | Decimal | Fixed) for cell in known)


def _displayed(cell: Cell) -> Markup | str:
    if cell is None:
        return t("value.dash")
    if isinstance(cell, date):
        return element("span", say.short_day(cell), cls="sq-n")
    if isinstance(cell, Month):
        return element("span", say.month(cell.of), cls="sq-n")
    if isinstance(cell, Fixed):
        return f"{cell.amount:,f}{cell.unit}"
    if isinstance(cell, int | float | Decimal):
        return bare(Decimal(cell) if isinstance(cell, int) else cell)
    if isinstance(cell, Status):
        return cell.markup
    if isinstance(cell, Link):
        return element("a", cell.text, href=cell.href)
    if isinstance(cell, Sign):
        return element("span", cell.shape, cls=f"sq-sign {cell.tone}", role="img", aria_label=cell.word, title=cell.word)
    return say.quoted(cell)


def _written(cell: Cell) -> object:
    if isinstance(cell, Status | Sign):
        return cell.word
    if isinstance(cell, Link):
        return cell.text
    if isinstance(cell, Month):
        return f"{cell.of:%Y-%m}"
    if isinstance(cell, Fixed):
        return cell.amount
    return cell.isoformat() if isinstance(cell, date) else cell


# --- charts -------------------------------------------------------------------------------------------------------------


def month_columns(figures: Sequence[Figure], name: str, unit: str, key: str) -> None:
    """One figure by month as columns, under a title that says what the months say, with its months without data named."""
    known = [figure for figure in figures if figure.exact is not None]
    if not known:
        return
    finding = peak([(figure.window.start, figure.exact) for figure in known if figure.exact is not None], unit)
    gaps = [figure.window.start for figure in figures if figure.exact is None]
    labels = _charts.month_labels([figure.window.start for figure in figures])
    series = _topic_charts.Series(name, tuple(None if figure.exact is None else float(figure.exact) for figure in figures))
    spec = _topic_charts.columns(labels, (series,), unit, words.language())
    framed(finding, name, unit, spec, key, t("topic.chart.gap", months=say.months(gaps)) if gaps else None)


def framed(finding: str, name: str, unit: str, spec: dict[str, Any], key: str, note: str | None = None) -> None:
    """A chart in its frame: what it shows as title, what is measured under it, with its unit where the name does not tell it."""
    measure = name if unit.lower() in name.lower() else t("topic.measure", name=name, unit=unit)
    _figures.chart(key, finding, measure, spec, t("topic.chart.alt", name=name, finding=finding), note or "")


def peak(known: Sequence[tuple[date, Fraction | int]], unit: str) -> str:
    """The sum of the months, and the highest and lowest of them, with all months that share them."""
    if len(known) == 1:
        return t("topic.one_month", month=say.month(known[0][0]), value=bare(_amount(known[0][1])), unit=unit)
    amounts = {month: _amount(amount) for month, amount in known}
    window, low, high = Window(known[0][0], known[-1][0]), min(amounts.values()), max(amounts.values())
    total = bare(_amount(sum((amount for _, amount in known), Fraction(0))))
    ends = {"high": bare(high), "high_months": _those(amounts, high, window), "low": bare(low), "low_months": _those(amounts, low, window)}
    return t("topic.level" if low == high else "topic.peak", span=say.window(window), total=total, unit=unit, **ends)


def _those(amounts: Mapping[date, Decimal], wanted: Decimal, window: Window) -> str:
    return say.some_months((month for month, amount in amounts.items() if amount == wanted), window)


def _amount(number: Fraction | int) -> Decimal:
    return numerals.round_half_up(Fraction(number), 0)


def more(names: Iterable[str], choice: Choice) -> None:
    """Where the trend, the definition and the arithmetic of figures stand that a table of the page shows already."""
    blocks = all_indicators()
    links = [element("a", say.indicator(blocks[name]), href=link("indicator", choice, id=name)) for name in names]
    show(element("p", t("topic.more"), markup.join(links, t("list.comma")), cls="sq-note"))
