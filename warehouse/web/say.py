"""Names, dates and amounts in the language of the visit. What is data and has no English is quoted as the Chinese it is.

Nothing here may be kept in a cache that visits share, unless the language is part of its key.
"""

from __future__ import annotations

import re
from collections.abc import Iterable
from datetime import date, datetime, time
from decimal import Decimal

from warehouse import numerals, period, scorecard
from warehouse.datasets import Option, all_datasets, sites
from warehouse.indicators import Indicator, Target, award_headings, award_headings_en
from warehouse.period import Quarter, Window
from warehouse.web import words
from warehouse.web.markup import Markup, element
from warehouse.web.words import WORDS, t

#: Chinese characters and the signs that go with them.
CHINESE = re.compile("[\u3000-\u303f\u3400-\u9fff\uf900-\ufaff\uff00-\uffef]")

_HOURS = re.compile(r"(\d\d:\d\d)-(\d\d:\d\d)")
_ISO_DAY, _ISO_MONTH = re.compile(r"\d{4}-\d\d-\d\d"), re.compile(r"\d{4}-\d\d")
_NUMERALS = str.maketrans({"壹": "I.", "貳": "II.", "參": "III.", **{digit: str(at) for at, digit in enumerate("一二三四五六七八九", 1)}})


def is_english() -> bool:
    """Whether the visit reads English."""
    return words.language() == "en"


def sentences(*of: str) -> str:
    """Sentences one after another, as the language sets them; empty ones are none."""
    return (" " if is_english() else "").join(filter(None, of))


def joined_sentences(first: str, second: str) -> str:
    """Two findings in one title."""
    return t("list.semicolon").join((first, second))


# --- days and months ----------------------------------------------------------------------------------------------------


def day(of: date) -> str:
    """105年9月30日, 30 Sep 2016."""
    return period.english_date(of) if is_english() else period.roc_date(of)


def short_day(of: date) -> str:
    """105/09/30, 2016-09-30: for the columns of a list."""
    return of.isoformat() if is_english() else period.roc_short(of)


def moment(of: datetime) -> str:
    """105年9月30日 14:05, 30 Sep 2016 14:05."""
    return f"{day(of.date())} {of:%H:%M}"


def month(of: date) -> str:
    """105年9月, Sep 2016."""
    return period.english_month(of) if is_english() else period.roc_month(of)


def year(of: date) -> str:
    """105年, 2016."""
    return str(of.year) if is_english() else t("year.alone", number=of.year - period.ROC_OFFSET)


def month_alone(of: date) -> str:
    """9月, Sep: where the year stands elsewhere."""
    return period.english_month(of).split()[0] if is_english() else t("month.alone", number=of.month)


def window(of: Window) -> str:
    """105年1月至9月, Jan–Sep 2016."""
    return of.label_en if is_english() else of.label


def months(of: Iterable[date]) -> str:
    """105年7月、8月, runs as 1月至3月."""
    runs: list[list[date]] = []
    for each in sorted(of):
        if runs and period.add_months(runs[-1][-1], 1) == each:
            runs[-1].append(each)
        else:
            runs.append([each])
    return t("list.comma").join(window(Window(run[0], run[-1])) for run in runs)


# --- names that definitions give ----------------------------------------------------------------------------------------


def indicator(of: Indicator) -> str:
    """The name of an indicator."""
    return of.name_en if is_english() else of.name


def definition(of: Indicator) -> str:
    """What it counts."""
    return of.definition_en if is_english() else of.definition


def why(of: Indicator) -> str | None:
    """Why it matters, where its block says so."""
    return of.why_it_matters_en if is_english() else of.why_it_matters


def document(of: Target | None) -> Markup | str | None:
    """The document on which a target rests; one that a clerk gave is in Chinese only."""
    if of is None:
        return None
    return of.document_en if is_english() and of.document_en else quoted(of.document) if of.document else None


def document_text(of: Target) -> str | None:
    """The same as plain text, for the title of an element."""
    return of.document_en if is_english() and of.document_en else of.document


def dataset(name: str) -> str:
    """The name of a dataset; a name that no dataset has stays as it is."""
    found = all_datasets().get(name)
    return name if found is None else found.title_en if is_english() else found.title


def column(name: str, output: str) -> str:
    """The heading of a column of a dataset, by the canonical name it fills."""
    return _plain(output) if is_english() else all_datasets()[name].column_of(output).heading


def option(of: Option) -> str:
    """One of the answers of a column."""
    return _plain(of.code) if is_english() else of.word


def _plain(code: str) -> str:
    words_of_code = code.replace("_", " ")
    return words_of_code[:1].upper() + words_of_code[1:]


def quarter(of: Quarter) -> str:
    """105年第3季, Q3 2016."""
    return of.label_en if is_english() else of.label


def site(code: str) -> str:
    """The name of a site, or of all of them."""
    if not is_english():
        return scorecard.site_name(code)
    return next((each["name_en"] for each in sites() if each["code"] == code), t("site.all"))


def office() -> str:
    """The branch whose dashboard this is."""
    return sites()[0]["branch_en" if is_english() else "branch"]


def owner(name: str) -> str:
    """Who answers for an indicator or a dataset."""
    return _listed("owner", name)


def heading(code: str) -> str:
    """The title of a heading of the award."""
    return (award_headings_en() if is_english() else award_headings())[code]


def section(code: str) -> str:
    """The place of an indicator in the report: 壹二(一)2 親和(1), I.2(1)2 Courtesy (1)."""
    if not is_english():
        return code
    for key in (key for key in WORDS if key.startswith("section.")):
        code = code.replace(key.removeprefix("section."), f"{t(key)} ")
    return code.translate(_NUMERALS)


# --- values -------------------------------------------------------------------------------------------------------------


def unit(of: str, amount: Decimal | float | None = None) -> str:
    """A unit as it stands on screen, beside an amount or by itself; one that is not in the list stays as it is."""
    one, _, many = _listed("unit", of).partition("|")
    return one if amount == 1 or not many else many


def amount(value: Decimal | float, of: str) -> str:
    """A number with its unit: 97.14％, 42,648件; 97.14%, 42,648 cases."""
    exact = value if isinstance(value, Decimal) else Decimal(str(value))
    return joined(numerals.format_number(exact), of, exact)


def joined(number: str, of: str, value: Decimal | float | None = None) -> str:
    """A number already written, with its unit."""
    words_of_unit = unit(of, value)
    return f"{number} {words_of_unit}" if is_english() and words_of_unit not in ("%", "") else f"{number}{words_of_unit}"


def word(value: str) -> Markup | str:
    """A value that is a word, a date, hours or a range of months: 優等, 105年8月15日, 上午9時至12時; Excellent, 15 Aug 2016, 09:00-12:00."""
    if len(ends := value.split("..")) == 2 and all(map(_ISO_MONTH.fullmatch, ends)):
        return window(Window(*(date.fromisoformat(f"{end}-01") for end in ends)))
    if _ISO_DAY.fullmatch(value):
        return day(date.fromisoformat(value))
    if _ISO_MONTH.fullmatch(value):
        return month(date.fromisoformat(f"{value}-01"))
    if found := _HOURS.fullmatch(value):
        return value if is_english() else period.hours_in_words(*(time.fromisoformat(clock) for clock in found.groups()))
    return _listed("word", value) if f"word.{value}" in WORDS else quoted(value)


def quoted(text: str) -> Markup | str:
    """What a clerk or a file wrote: on an English page marked as the Chinese it is, so that it is read aloud as such."""
    if not is_english() or isinstance(text, Markup) or not CHINESE.search(text):
        return text
    return element("span", text, lang=words.TAGS["zh"], cls="sq-quoted")


def _listed(kind: str, text: str) -> str:
    return t(f"{kind}.{text}") if f"{kind}.{text}" in WORDS else text
