"""How a report says what it says: words that claim more than the data allow, slips of the pen, one thing named in two ways.

The words are data (`words.toml`); what is found is told as `Remark`s, which `checks` makes findings of.
"""

from __future__ import annotations

import re
import tomllib
from collections.abc import Iterator
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Literal

from warehouse import signals
from warehouse.indicators import all_indicators
from warehouse.period import Quarter
from warehouse.report.parts import Paragraph, Report, Run
from warehouse.scorecard import Snapshot
from warehouse.signals import Comparison

_WORDS = Path(__file__).with_name("words.toml")

_SENTENCE = re.compile(r"[^。；]+")
#: A sentence with none of these speaks of no figure.
_OF_FIGURES = re.compile(r"[0-9]|滿意|比率|件數|人次|分數|(?:較|比)(?:上季|上期|去年|上年|前一年|以往|往年)")
#: A word written twice; 隨問隨答, 越來越好 and the like are none.
_DOUBLED = re.compile(r"((?:(?![隨越邊一])[一-鿿]){2,6})\1")
_COUNTER = re.compile(r"(?:問卷|調查表)[^，。；、0-9]{0,6}[0-9][0-9,]*件")
_WITHOUT_SHARE = re.compile(r"(?:很|尚|不)?滿意者\s*[0-9][0-9.]*\s*[﹪%％]")
_QUARTER = re.compile(r"第\s*[0-9一二三四]\s*季度")
_YEAR_BEFORE = re.compile(r"去年|上年|前一年")

Direction = Literal["rise", "fall"]


@dataclass(frozen=True)
class Remark:
    """One thing found in a paragraph. kind: claim, contrary (the data say the opposite), slip or names; words: what is found; sentence: what to do."""

    kind: Literal["claim", "contrary", "slip", "names"]
    paragraph: Paragraph
    words: str
    sentence: str


@dataclass(frozen=True)
class _Words:
    wrong: dict[str, str]
    same: tuple[tuple[str, ...], ...]
    rise: re.Pattern[str]
    fall: re.Pattern[str]
    boast: re.Pattern[str]


@cache
def _words() -> _Words:
    told = tomllib.loads(_WORDS.read_text(encoding="utf-8"))
    claims = {name: re.compile("|".join(patterns)) for name, patterns in told["claims"].items()}
    return _Words(told["wrong"], tuple(tuple(group["names"]) for group in told["same"]), claims["rise"], claims["fall"], claims["boast"])


def remarks(snapshot: Snapshot, report: Report) -> Iterator[Remark]:
    """Everything found, paragraph by paragraph; what is made from rows and figures is not asked for its claims, but for the names it uses."""
    for paragraph in report.paragraphs:
        yield from _slips(paragraph)
        if not paragraph.generated:
            yield from _claims(snapshot, report.quarter, paragraph)
    yield from _names(report)


# --- claims -----------------------------------------------------------------------------------------------------------------


def _claims(snapshot: Snapshot, quarter: Quarter, paragraph: Paragraph) -> Iterator[Remark]:
    for sentence, runs in _sentences(paragraph):
        if not _OF_FIGURES.search(sentence):
            continue
        if boast := _words().boast.search(sentence):
            yield Remark("claim", paragraph, boast[0], f"「{boast[0]}」沒有資料可以支持，請改為並列數字或刪去")
        for direction in ("rise", "fall"):
            claim = getattr(_words(), direction).search(sentence)
            if claim:
                yield from _unsupported(snapshot, quarter, paragraph, sentence, runs, claim[0], direction)


def _unsupported(
    snapshot: Snapshot, quarter: Quarter, paragraph: Paragraph, sentence: str, runs: list[Run], claim: str, direction: Direction
) -> Iterator[Remark]:
    """A claim of a change, unless the figures that its sentence prints have changed so, beyond what chance explains."""
    other = Quarter(quarter.year - 1, quarter.number) if _YEAR_BEFORE.search(sentence) else quarter.previous()
    names = dict.fromkeys(run.indicator for run in runs if run.indicator and all_indicators()[run.indicator].kind in ("additive", "derived"))
    found = [signals.comparison(snapshot, name, quarter.window, other.window) for name in names]
    if any(_bears(each, direction) for each in found):
        return
    against = next((each for each in found if _bears(each, "fall" if direction == "rise" else "rise")), None)
    if against is not None:
        told = f"{other.label}{against.earlier.text}、{quarter.label}{against.figure.text}"
        yield Remark("contrary", paragraph, claim, f"「{claim}」與資料相反：{against.figure.indicator.name}{told}")
        return
    yield Remark("claim", paragraph, claim, f"「{claim}」須有參考範圍支持，或改為並列兩期數字")


def _bears(found: Comparison, direction: Direction) -> bool:
    """Whether the data say so: a sample beyond its interval, a count by being more or fewer."""
    if found.is_partial or found.is_broken or not found.difference:
        return False
    if found.claim is not None:
        return found.claim == ("rose" if direction == "rise" else "fell")
    return (found.difference > 0) == (direction == "rise")


def _sentences(paragraph: Paragraph) -> Iterator[tuple[str, list[Run]]]:
    """The sentences of a paragraph, each with the runs that reach into it."""
    spans, at = [], 0
    for run in paragraph.runs:
        spans.append((at, at + len(run.text), run))
        at += len(run.text)
    for match in _SENTENCE.finditer("".join(run.text for run in paragraph.runs)):
        yield match[0], [run for start, end, run in spans if start < match.end() and end > match.start()]


# --- slips ------------------------------------------------------------------------------------------------------------------


def _slips(paragraph: Paragraph) -> Iterator[Remark]:
    text = paragraph.text
    longer: list[str] = []
    for wrong, right in _words().wrong.items():
        if wrong in text and not any(wrong in told for told in longer):
            longer.append(wrong)
            yield Remark("slip", paragraph, wrong, f"「{wrong}」應為「{right}」")
    if doubled := _DOUBLED.search(text):
        yield Remark("slip", paragraph, doubled[0], f"「{doubled[0]}」重複，應為「{doubled[1]}」")
    if counter := _COUNTER.search(text):
        yield Remark("slip", paragraph, counter[0], f"問卷以「份」計，此處「{counter[0]}」寫「件」")
    if share := _WITHOUT_SHARE.search(text):
        yield Remark("slip", paragraph, share[0], f"「{share[0]}」缺「占」字")
    if quarter := _QUARTER.search(text):
        yield Remark("slip", paragraph, quarter[0], f"「{quarter[0]}」應為「{quarter[0].removesuffix('度')}」")


def _names(report: Report) -> Iterator[Remark]:
    """Words of which a report uses more than one way of writing; told at the first place of the one used less."""
    for names in _words().same:
        used: dict[str, list[Paragraph]] = {}
        pattern = re.compile("|".join(sorted(map(re.escape, names), key=len, reverse=True)))
        for paragraph in report.paragraphs:
            for found in pattern.findall(paragraph.text):
                used.setdefault(found, []).append(paragraph)
        if len(used) > 1:
            rarest = min(used, key=lambda name: len(used[name]))
            told = "、".join(f"「{name}」{len(places)}處" for name, places in sorted(used.items(), key=lambda item: -len(item[1])))
            yield Remark("names", used[rarest][0], "／".join(sorted(used)), f"同一名稱有不同寫法：{told}，請擇一")
