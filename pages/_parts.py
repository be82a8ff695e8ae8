"""Pieces that pages share: the frame, the period and site in the address, and how a figure is put into words."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from fractions import Fraction
from functools import cache
from pathlib import Path
from urllib.parse import urlencode

import streamlit as st

from pages import _data, _icons
from pages._data import Choice, Dated, Frame
from warehouse import numerals, period, scorecard, statistics
from warehouse.anonymity import guarded, hidden
from warehouse.datasets import all_datasets
from warehouse.indicators import Indicator, Target
from warehouse.period import Quarter, Window
from warehouse.scorecard import Figure
from warehouse.signals import Standing, Stretch
from warehouse.web import markup, say, site_map, words
from warehouse.web.markup import Markup, element
from warehouse.web.words import WORDS, t

NEWEST = "newest"

#: Where the link that skips the navigation leads.
_CONTENT = "content"
_STYLE = Path(markup.__file__).with_name("style.css")
_SHAPES = {"good": "●", "concern": "▲", "neutral": "■"}


def show(*pieces: Markup | None) -> None:
    """Put HTML on the page, one piece under the other."""
    st.html(element("div", *pieces, cls="sq-stack"))


# --- the frame ----------------------------------------------------------------------------------------------------------


@cache
def style() -> str:
    """The style sheet as an element."""
    return f"<style>{_STYLE.read_text(encoding='utf-8')}</style>"


def masthead(frame: Frame) -> None:
    """Whose dashboard this is, and what must be said on every page."""
    st.html(style())
    notice = element("p", t("app.sample"), cls="sq-notice", role="note") if frame.is_sample else None
    skip = element("a", t("app.skip"), href=f"#{_CONTENT}", cls="sq-skip")
    office = element("span", t("app.ministry", office=say.office()), cls="sq-office")
    show(skip, element("div", office, element("span", t("app.title"), cls="sq-product"), _other_language(), notice, cls="sq-masthead"))


def _other_language() -> Markup:
    """The link that turns the page into the other language: a full load, since `<html lang>` is said once for each."""
    other = next(each for each in words.LANGUAGES if each != words.language())
    here = {name: code for name, code in st.query_params.items() if name != "lang"}
    page = st.session_state["page"]
    return element(
        "a", t("app.other_language"), href=f"{page or '.'}?{urlencode({**here, 'lang': other})}", lang=words.TAGS[other], cls="sq-language"
    )


def navigation(groups: dict[str, list[st.Page]], current: st.Page) -> None:
    """The pages; a group leads to its first page, and the pages of the group that is open stand in a row of their own below."""
    with st.container(horizontal=True, key="navigation", gap="small", vertical_alignment="center"):
        for group, pages in groups.items():
            if not group:
                for page in pages:
                    st.page_link(page)
                continue
            with st.container(key="nav_here" if current in pages else f"nav_{group}", width="content"):
                st.page_link(pages[0], label=t(f"nav.{group}"), icon=site_map.ICONS[group])
    inside = next((pages for group, pages in groups.items() if group and current in pages), [])
    if inside:
        with st.container(horizontal=True, key="subnavigation", gap="small", vertical_alignment="center"):
            for page in inside:
                st.page_link(page)
    st.html(element("div", id=_CONTENT, tabindex="-1", cls="sq-content"))


def foot() -> None:
    """What stands under every page."""
    show(element("p", t("app.local"), cls="sq-foot"))


@st.fragment(run_every=2)
def watch() -> None:
    """Look every two seconds whether data have come in from elsewhere; if so the page is made again, its choices kept."""
    if _data.has_moved():
        st.rerun()


def heading(title: str, lead: str | Markup | None = None) -> None:
    """The title of a page, and its first sentence."""
    show(element("h1", title, cls="sq-h1"), element("p", lead, cls="sq-lead") if lead else None)


def section(title: str, note: str | None = None, *, printed: bool = True) -> Markup:
    """The heading of a part of a page. printed: False of a part that only works on a screen."""
    kind = "sq-section" if printed else "sq-section screen"
    return element("div", element("h2", title, cls="sq-h2"), element("p", note, cls="sq-note") if note else None, cls=kind)


def complaint(text: str) -> None:
    """Something that stands in the way, in words."""
    show(element("p", element("span", "▲", cls="sq-shape", aria_hidden="true"), text, cls="sq-complaint", role="alert"))


# --- what is chosen lives in the address --------------------------------------------------------------------------------


def addressed(label: str, name: str, options: Sequence[str], default: str, wording: Callable[[str], str], **place: object) -> str:
    """A choice whose code stands in the address as `?name=code`; the default stands there as nothing. Kept from page to page."""
    kept, written, drawn = (st.session_state.setdefault(word, {}) for word in ("kept", "written", "drawn"))
    key, told = f"choice_{name}", st.query_params.get(name)
    if told is not None and told not in written.get(name, ()):
        st.session_state[key] = told
    elif drawn.get(name) != st.session_state["page"]:
        st.session_state[key] = kept.get(name, default)
    drawn[name] = st.session_state["page"]
    if st.session_state.get(key) not in options:
        st.session_state[key] = default
    shown = {code: wording(code) for code in options}
    chosen = st.selectbox(label, options, format_func=shown.__getitem__, key=key, placeholder=t("filter.choose"), **place)
    kept[name] = chosen
    if chosen == default and told is not None:
        del st.query_params[name]
    elif chosen != default and told != chosen:
        st.query_params[name] = chosen
    written[name] = (chosen, *written.get(name, ())[:1])
    return chosen


def filters(frame: Frame) -> Choice:
    """The period and the site, chosen once for all pages."""
    if frame.newest is None or frame.first is None:
        return Choice(None, scorecard.ALL_SITES)
    months = [f"{month:%Y-%m}" for month in reversed(period.month_range(frame.first, frame.newest))]
    newest = t("filter.newest", month=say.month(frame.newest))

    def wording(code: str) -> str:
        return newest if code == NEWEST else say.month(_month(code))

    with st.container(horizontal=True, key="filters", vertical_alignment="bottom"):
        kind = addressed(t("filter.period"), "period", ["ytd", "quarter", "custom"], "ytd", lambda code: t(f"filter.period.{code}"), width=150)
        start = addressed(t("filter.from"), "from", months, months[-1], wording, width=150) if kind == "custom" else None
        to = addressed(t("filter.to"), "to", [NEWEST, *months], NEWEST, wording, width=190)
        site = addressed(t("filter.site"), "site", _data.site_options(), scorecard.ALL_SITES, say.site, width=240)
    end = frame.newest if to == NEWEST else _month(to)
    chosen = {"period": kind, "from": start, "to": to, "site": site}
    defaults = {"ytd", NEWEST, scorecard.ALL_SITES, None}
    address = tuple((name, code) for name, code in chosen.items() if code not in defaults)
    begin = {"ytd": end.replace(month=1), "quarter": Quarter.of(end).window.start}.get(kind) or _month(start or to)
    if begin > end:
        complaint(t("filter.crossed", month=say.month(end)))
    return Choice(Window(min(begin, end), end), site, address)


def link(page: str, choice: Choice | None = None, **parameters: str) -> str:
    """The address of a page with what is chosen now."""
    asked = {**parameters, **dict(choice.address if choice else ()), **({} if words.language() == "zh" else {"lang": words.language()})}
    return f"{page}?{urlencode(asked)}" if asked else page or "."


def _month(code: str) -> date:
    return date.fromisoformat(f"{code}-01")


# --- a figure in words --------------------------------------------------------------------------------------------------


@dataclass(frozen=True)
class Status:
    """word, and the tone in which it is said: good, concern or neutral."""

    word: str
    tone: str

    @property
    def markup(self) -> Markup:
        """As shape, colour and word."""
        return element("span", element("span", _SHAPES[self.tone], cls="sq-shape", aria_hidden="true"), self.word, cls=f"sq-chip {self.tone}")


def status(figure: Figure) -> Status:
    """The plain comparison, qualified where the sample is too small for it or months are lacking; colour only where it is neither luck nor provisional."""
    if figure.value is None:
        return Status(t("status.withheld" if hidden(figure) else "status.no_data"), "neutral")
    if figure.goal is None or figure.comparison is None:
        return Status(t("status.no_target"), "neutral")
    if figure.target and figure.target.basis == "provisional":
        side = {"meets": "better", "misses": "worse"}[figure.comparison]
        side = "equal" if figure.exact == Fraction(str(figure.goal)) else side
        return Status(t(f"status.provisional.{side}", goal=goal(figure)), "neutral")
    if figure.verdict == "cannot_tell":
        why = "few" if figure.indicator.interval != "none" else "unfinished"
        return Status(t(f"status.{figure.comparison}.{why}"), "neutral")
    return Status(t(f"status.{figure.comparison}"), "good" if figure.comparison == "meets" else "concern")


def unit_of(unit: str) -> str:
    """The unit as it stands on screen by itself."""
    return say.unit(unit)


def bare(value: Decimal | str | float | None) -> Markup | str:
    """A value without its unit."""
    if value is None:
        return t("value.none")
    if isinstance(value, str):
        return say.word(value)
    return numerals.format_number(value if isinstance(value, Decimal) else Decimal(str(value)))


def worded(value: Decimal | str | float | None, unit: str) -> Markup | str:
    """A value with its unit: 97.14％, 42,648件, 優等, 105年8月15日."""
    return bare(value) if value is None or isinstance(value, str) else say.amount(value, unit)


def signed_number(distance: Decimal) -> str:
    """＋2.10, without its unit."""
    return _with_sign(distance, f"{abs(distance):,.2f}")


def value(figure: Figure) -> Markup | str:
    """The value of a figure in words."""
    return _few_words(figure) or worded(figure.value, figure.indicator.unit)


def number(figure: Figure) -> Markup | str:
    """The value of a figure by itself, without its unit."""
    return _few_words(figure) or bare(figure.value)


def unit_beside(figure: Figure) -> Markup | None:
    """The unit beside `number`; None where that is a word."""
    amount = figure.value
    return None if _few_words(figure) or not isinstance(amount, Decimal) else element("span", say.unit(figure.indicator.unit, amount), cls="sq-unit")


def _few_words(figure: Figure) -> str:
    """Of answers too few for a percentage how many of how many, and of fewer still nothing; empty where they bear one."""
    if hidden(figure):
        return t("value.withheld")
    if not guarded(figure.indicator) or figure.value is None or not figure.n or statistics.tier(figure.n) != "counts_only":
        return ""
    return t("value.counts", part=bare(figure.numerator), whole=bare(figure.denominator))


def sample_size(figure: Figure) -> Markup | None:
    """n＝175，其中170; only where something is sampled."""
    if figure.n is None or figure.indicator.interval == "none":
        return None
    n = f"{figure.n:,}"
    known = figure.indicator.is_share and figure.numerator is not None
    words_of_n = t("value.n.of", n=n, part=bare(figure.numerator)) if known else t("value.n", n=n)
    return element("span", words_of_n, cls="sq-n")


def aligned(figure: Figure) -> Markup | str:
    """The value for a column: shares and means with all their decimals, so that the points stand under each other."""
    if isinstance(figure.value, Decimal) and (figure.indicator.is_share or figure.indicator.is_mean) and not _few_words(figure):
        return say.joined(f"{figure.value:,f}", figure.indicator.unit, figure.value)
    return value(figure)


def measured(figure: Figure) -> Markup | str:
    """The value for a column of figures with different units: the units stand under each other, and so do the numbers before them."""
    if not isinstance(figure.value, Decimal) or _few_words(figure):
        return value(figure)
    return markup.join([bare(figure.value), element("span", say.unit(figure.indicator.unit, figure.value), cls="sq-measure")])


def bound(amount: Decimal | None, unit: str) -> Markup | str:
    """An end of an interval, always with two decimals."""
    return t("value.dash") if amount is None else say.joined(f"{amount:,.2f}", unit, amount)


def goal(figure: Figure) -> str:
    """The target's value in words."""
    return worded(figure.goal, figure.indicator.unit)


def basis_words(target: Target) -> str:
    """On what a target rests."""
    return t(f"basis.{target.basis}")


def target_line(figure: Figure) -> str:
    """目標90分（參考標準）, or that there is none."""
    if figure.target is None or figure.goal is None:
        return t("target.none")
    return t("target.line", goal=goal(figure), basis=basis_words(figure.target))


def gap(figure: Figure) -> str:
    """How far from the target, in its unit; points for shares."""
    if figure.goal is None or figure.exact is None:
        return ""
    distance = figure.exact - Fraction(str(figure.goal))
    if not distance:
        return t("target.equal")
    amount = amount_of(abs(distance), figure)
    return t("target.above" if distance > 0 else "target.below", gap=amount)


def amount_of(distance: Fraction | Decimal, figure: Figure) -> str:
    """A difference in the figure's unit: percentage points for shares, with all their decimals; means too."""
    rounded = numerals.round_half_up(Fraction(distance), figure.indicator.decimals)
    number = f"{rounded:,f}" if figure.indicator.is_share or figure.indicator.is_mean else bare(rounded)
    return t("value.points", number=number) if figure.indicator.is_share else say.joined(number, figure.indicator.unit, rounded)


def signed(distance: Fraction | Decimal, figure: Figure) -> str:
    """＋2.10個百分點."""
    return _with_sign(distance, amount_of(abs(distance), figure))


def _with_sign(distance: Fraction | Decimal, amount: Markup | str) -> str:
    return t("value.plus" if distance > 0 else "value.minus", amount=amount) if distance else amount


def change(dated: Dated) -> str:
    """Against the same months a year before, where both are whole."""
    now, before = dated.figure, dated.before
    if hidden(now) or (before is not None and hidden(before)):
        return t("change.withheld")
    if before is None or now.exact is None or before.exact is None:
        return t("change.none")
    months = [period.add_months(month, 12) for month in before.months]
    counted = now.indicator.denominator is None
    if dated.lacking or (counted and (dated.partial or dated.running)) or (set(now.months) < set(months)):
        return t("change.unfinished")
    if months != list(now.months):
        return t("change.partial")
    distance = now.exact - before.exact
    if not distance:
        return t("change.equal")
    if dated.against is not None and dated.against.is_broken:
        return t("change.broken", month=say.month(dated.against.phases[-1].start))
    if dated.against is not None and dated.against.claim == "no_clear_change":
        return t("change.unclear", side=t("change.higher" if distance > 0 else "change.lower"), amount=amount_of(abs(distance), now))
    return t("change.up" if distance > 0 else "change.down", amount=amount_of(abs(distance), now))


def until(dated: Dated) -> str:
    """資料至105年9月30日, with the months that are not there, wholly or in part, those that are late, and the rows that wait to be mended; of what has no
    value, why."""
    if dated.until is None:
        return _why_nothing(dated)
    lacking = [t("data.lacking", months=month_list(dated.lacking))] if dated.lacking else []
    for senders in dict.fromkeys(each.senders for each in dated.partial):
        months = month_list(each.month for each in dated.partial if each.senders == senders)
        lacking.append(t("data.partial", months=months, senders=sender_list(senders)))
    if dated.running:
        lacking.append(t("data.running", month=say.month(dated.running)))
    if dated.alone and not dated.partial:
        lacking.append(t("data.alone", sender=sender_list([dated.alone])))
    if dated.late:
        lacking.append(t("data.late", months=month_list(dated.late)))
    if count := _data.waiting(dated.figure):
        lacking.append(t("data.waiting", count=f"{count:,}"))
    reach = t("data.since", month=say.month(dated.until)) if _stands(dated.figure.indicator) else t("data.until", day=say.day(dated.until))
    return t("list.semicolon").join([reach, *lacking])


def _why_nothing(dated: Dated) -> str:
    figure = dated.figure
    if hidden(figure) or figure.value is not None:
        return t("data.withheld" if hidden(figure) else "data.carried")
    if not figure.indicator.defined_in(figure.window):
        return t("data.undefined")
    return t("data.unsent", datasets=t("list.comma").join(map(say.dataset, dated.unsent))) if dated.unsent else t("data.nothing")


def _stands(indicator: Indicator) -> bool:
    """Whether it tells what stands until it is changed, so that its day is not how far the data reach."""
    return all(all_datasets()[name].reference for name in _data.sources_of(indicator))


def sender_list(senders: Iterable[str]) -> str:
    """Sites, or bodies that send a table, by their codes."""
    return t("list.comma").join(t(f"sender.{code}") if f"sender.{code}" in WORDS else say.site(code) for code in senders)


def month_list(months: Iterable[date]) -> str:
    """105年7月、8月, runs as 1月至3月."""
    return say.months(months)


# --- what a control chart says ------------------------------------------------------------------------------------------


def standing_words(standing: Standing | None, indicator: Indicator) -> Markup | None:
    """The icons of variation and assurance, each with its word; None where the chart says nothing yet."""
    if standing is None:
        return None
    parts = [_icons.variation(standing.variation), t(f"variation.{standing.variation}")]
    said = [element("span", parts, cls="sq-said", title=stretch_words(standing) or t("variation.explained"))]
    if standing.assurance:
        parts = [_icons.assurance(standing.assurance, indicator.direction), t(f"assurance.{standing.assurance}")]
        said.append(element("span", parts, cls="sq-said", title=t(f"assurance.{standing.assurance}.explained")))
    return markup.join(said)


def stretch_words(standing: Standing) -> str:
    """The rules that mark the last month, and since when."""
    return t("list.semicolon").join(map(stretch_word, standing.stretches))


def stretch_word(stretch: Stretch) -> str:
    """連續8個月低於平均（105年2月起）."""
    return t(f"rule.{stretch.rule}.{stretch.side}", months=stretch.months, start=say.month(stretch.start))


def hash_words(sha256: str) -> Markup | str:
    """The first twelve digits; all of them when asked."""
    return element("abbr", f"{sha256[:12]}…", title=sha256, cls="sq-hash") if sha256 else ""


def rules(counts: dict[str, int]) -> str:
    """Rows that do not count, by reason, in words."""
    return t("list.comma").join(t("trace.left", reason=_reason(rule), count=f"{count:,}") for rule, count in counts.items() if count)


def _reason(rule: str) -> str:
    return t(f"rule.{rule}") if f"rule.{rule}" in WORDS else t("rule.other", rule=rule)
