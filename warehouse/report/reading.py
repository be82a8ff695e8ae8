"""Reading a report back: the printed figures next to the words that name them, whoever wrote it, and whether their parts add up.

A file is text (.txt), .odt, .docx or .pdf with text, told by its bytes. It becomes passages (paragraphs with the headings above them); the rules of
`placements.toml` say which indicator a number in a passage is.
"""

from __future__ import annotations

import io
import re
import tomllib
import unicodedata
import zipfile
from collections import Counter
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field, replace
from datetime import date
from decimal import Decimal
from functools import cache
from pathlib import Path
from typing import Any
from xml.etree import ElementTree

import duckdb

from warehouse import numerals, period, reconcile, scorecard
from warehouse.errors import CellError, UsageError
from warehouse.indicators import all_indicators
from warehouse.intake.decode import candidates, decode_head
from warehouse.period import Window
from warehouse.report.parts import Report

PLACEMENTS = Path(__file__).with_name("placements.toml")

#: A report of more bytes, or one that unpacks to more, is not read.
LARGEST_FILE, LARGEST_TEXT = 50_000_000, 20_000_000

_NUMBER = r"[0-9]{1,3}(?:,[0-9]{3})+(?:[兆億萬](?:[0-9][0-9,]*[0-9]|[0-9])?)*|[0-9]+(?:\.[0-9]+)?(?:[兆億萬](?:[0-9][0-9,]*[0-9]|[0-9])?)*"
_DAY = r"[0-9]{2,3}年[0-9]{1,2}月[0-9]{1,2}日"
_MONTH = r"[0-9]{2,3}年[0-9]{1,2}月"
_MACROS = {
    "⟨n⟩": rf"(?<![0-9.,])(?P<v>{_NUMBER})",
    "⟨p⟩": r"(?<![0-9.,])(?P<v>[0-9]+(?:\.[0-9]+)?)%",
    "⟨c⟩": r"(?P<v>[一二三四五六七八九十]+|[0-9]+)",
    "⟨d⟩": _DAY,
    "⟨m⟩": _MONTH,
}
#: Numbers that look like a figure: with a unit of counts, money or shares behind them.
_COUNTED = re.compile(rf"(?<![0-9.,第年月])(?:{_NUMBER})(?:件|份|人次|筆|元|%|cc|場次)")
#: How a sentence begins that compares other periods.
_OTHER_PERIODS = "本季("
_YEAR_OF_DAY = re.compile(_DAY)

# --- text to passages -------------------------------------------------------------------------------------------------------

_MARKERS: tuple[tuple[int, re.Pattern[str]], ...] = (
    (0, re.compile(r"[壹貳參肆伍]、")),
    (1, re.compile(r"[一二三四五六七八九十]{1,2}、")),
    (2, re.compile(r"\([一二三四五六七八九十]{1,2}\)、?")),
    (3, re.compile(r"[0-9]{1,2}\.(?![0-9])、?")),
    (4, re.compile(r"\([0-9]{1,2}\)、?")),
    (5, re.compile(r"○[0-9]{1,2}?(?=\s|[^0-9]|[0-9]{2,3}年)")),
    (6, re.compile(r"[※•●◎]")),
    (7, re.compile(r"(?=資料時間:|本季\()")),
    (8, re.compile(r"[圖表]\s?[0-9]{1,2}[\s:](?!\s*[件人份種個次筆項面台間位家戶場所元分])")),
    (9, re.compile(r"附錄[一二三四五六]?、?")),
)
#: What follows a picture's or table's caption is no running text until the next item, what follows the heading of an annex until the next chapter.
_CAPTION, _ANNEX, _CHAPTERS = 8, 9, (0, 1, 7, 9)
#: A line that stands this often in a file is a header or a footer.
_RUNNING = 3
_NOISE = re.compile(r"(?:第?\s*[0-9]{1,3}\s*(?:頁(?:[,，]\s*共\s*[0-9]{1,3}\s*頁)?)?|-\s*[0-9]{1,3}\s*-|https?://\S+)")


@dataclass(frozen=True)
class Passage:
    """A paragraph without spaces, NFKC; above: the headings and items it stands under, nearest first."""

    text: str
    above: tuple[str, ...] = ()


def passages(content: bytes) -> list[Passage]:
    """The passages of a report file. A file that is none of the kinds, is too large, or holds no text: `UsageError`."""
    if len(content) > LARGEST_FILE:
        raise UsageError(f"檔案{len(content) / 1e6:.0f} MB，超過{LARGEST_FILE / 1e6:.0f} MB的上限")
    found = list(_stacked(_lines(content)))
    if not found:
        raise UsageError("檔案裡沒有文字；掃描的PDF請先辨識文字，或改用.odt、.docx")
    return found


def _lines(content: bytes) -> Iterator[tuple[str, bool]]:
    """(line, whether it is a whole paragraph)."""
    if content.startswith(b"%PDF"):
        yield from ((line, False) for line in _pdf_text(content).splitlines())
    elif content.startswith(b"PK\x03\x04"):
        yield from ((line, True) for line in _zipped_text(content))
    else:
        yield from ((line, False) for line in _plain_text(content).splitlines())


def _plain_text(content: bytes) -> str:
    for encoding in candidates(content[:4096]):
        text = decode_head(content, encoding, strict=True)
        if text is not None:
            return text
    raise UsageError("看不懂這份文字檔的編碼，請存成UTF-8後再核對")


def _pdf_text(content: bytes) -> str:
    from pypdf import PdfReader
    from pypdf.errors import PyPdfError

    try:
        return "\n".join(page.extract_text() for page in PdfReader(io.BytesIO(content)).pages)
    except (PyPdfError, ValueError, KeyError) as error:
        raise UsageError("這份PDF無法讀取，可能已損壞或加密；請改用.odt、.docx或純文字") from error


def _zipped_text(content: bytes) -> Iterator[str]:
    try:
        with zipfile.ZipFile(io.BytesIO(content)) as archive:
            name = next((name for name in ("content.xml", "word/document.xml") if name in archive.namelist()), None)
            if name is None or archive.getinfo(name).file_size > LARGEST_TEXT:
                raise UsageError("這份壓縮檔不是.odt或.docx，或內容過大")
            root = ElementTree.fromstring(archive.read(name))
    except (zipfile.BadZipFile, ElementTree.ParseError, OSError) as error:
        raise UsageError("這份文件無法讀取，可能已損壞；請用原來的程式另存一次") from error
    yield from _paragraphs(root)


def _paragraphs(element: ElementTree.Element) -> Iterator[str]:
    """Paragraphs of .odt and .docx outside tables, tabs as spaces."""
    for child in element:
        kind = child.tag.rpartition("}")[2]
        if kind in ("table", "tbl", "table-of-content", "automatic-styles"):
            continue
        if kind in ("p", "h"):
            yield _inline(child)
        else:
            yield from _paragraphs(child)


def _inline(element: ElementTree.Element) -> str:
    parts = [element.text or ""]
    for child in element:
        kind = child.tag.rpartition("}")[2]
        parts.append(" " if kind in ("tab", "line-break", "s", "br") else "" if kind in ("frame", "drawing", "note") else _inline(child))
        parts.append(child.tail or "")
    return "".join(parts)


def _stacked(lines: Iterable[tuple[str, bool]]) -> Iterator[Passage]:
    """Lines joined to paragraphs at the markers they begin with, each under those of a higher rank."""
    stack: list[tuple[int, str]] = []
    rank, gathered = 7, ""
    normal = [(unicodedata.normalize("NFKC", raw).strip(), whole) for raw, whole in lines]
    running = {line for line, count in Counter(line for line, whole in normal if not whole).items() if count >= _RUNNING and len(line) > 8}
    for line, whole in [*normal, ("", True)]:
        if not whole and (line in running or _NOISE.fullmatch(line)):
            continue
        marker = next(((place, found) for place, pattern in _MARKERS if (found := pattern.match(line))), None)
        if marker and rank == _ANNEX and marker[0] not in _CHAPTERS:
            continue
        if marker or whole:
            if (text := _tight(gathered)) and rank < _CAPTION:
                stack = [item for item in stack if item[0] < rank]
                yield Passage(text, tuple(item for _, item in reversed(stack)))
                if rank < 7:
                    stack.append((rank, text))
            rank, gathered = (marker[0], line[marker[1].end() :]) if marker else (7, line)
        else:
            gathered += " " + line

def normalised(text: str) -> str:
    """A paragraph as a passage has it: NFKC, no spaces."""
    return _tight(unicodedata.normalize("NFKC", text))


def _tight(text: str) -> str:
    return re.sub(r"\s+", "", text)


# --- passages to figures ----------------------------------------------------------------------------------------------------


@dataclass(frozen=True)
class Printed:
    """A printed figure that was placed: indicator, the text as printed, its value (a number, or ISO text), the passage, where in it the text begins
    (-1 where it is reckoned from words)."""

    id: str
    text: str
    value: Decimal | str
    passage: str
    at: int = -1


@dataclass(frozen=True)
class Sum:
    """Parts that stand beside their printed total and do not add up to it."""

    total: Decimal
    parts: Decimal
    unit: str
    passage: str

    @property
    def kind(self) -> str:
        """rounding or total, as in a reconciliation."""
        return "rounding" if self.unit == "﹪" and abs(self.parts - self.total) <= Decimal("0.01") else "total"

    @property
    def subject(self) -> str:
        """What a decision on it refers to."""
        return f"{numerals.format_number(self.total)}{self.unit} {self.passage[:40]}"

    @property
    def sentence(self) -> str:
        """In stating words."""
        gap = numerals.format_number(abs(self.parts - self.total))
        return f"印出的合計{numerals.format_number(self.total)}{self.unit}，各項相加{numerals.format_number(self.parts)}{self.unit}，差{gap}{self.unit}"

    def as_json(self) -> dict[str, Any]:
        """For `reconcile --json`."""
        return {"total": scorecard.number(self.total), "parts": scorecard.number(self.parts), "unit": self.unit, "kind": self.kind, "sentence": self.sentence, "passage": self.passage[:120]}


@dataclass(frozen=True)
class ReadReport:
    """What was read: figures placed, numbers that no rule knows, sums that do not come out."""

    printed: tuple[Printed, ...]
    unplaced: tuple[tuple[str, str], ...]
    sums: tuple[Sum, ...]


@dataclass(frozen=True)
class Rule:
    """A block of `placements.toml`, its patterns compiled."""

    within: tuple[re.Pattern[str], ...]
    without: tuple[re.Pattern[str], ...]
    under: tuple[re.Pattern[str], ...]
    find: dict[str, tuple[re.Pattern[str], ...]] = field(default_factory=dict)
    reckon: dict[str, tuple[str, re.Pattern[str]]] = field(default_factory=dict)
    count: str | None = None

    def holds(self, passage: Passage) -> bool:
        """Whether the rule is about this passage."""
        return (
            all(pattern.search(passage.text) for pattern in self.within)
            and not any(pattern.search(passage.text) for pattern in self.without)
            and all(any(pattern.search(text) for text in passage.above) for pattern in self.under)
        )


@cache
def rules() -> tuple[Rule, ...]:
    """The rules of `placements.toml`; the questions of the survey are one for each."""
    with PLACEMENTS.open("rb") as stream:
        told = tomllib.load(stream)
    found = [_rule(block) for block in told["rule"]]
    for question, words in told["questions"].items():
        find = {f"survey_{question}_{answer}": patterns for answer, patterns in told["answers"].items()}
        found.append(_rule({"within": [words], "find": find}))
    return tuple(found)


def _rule(block: dict[str, Any]) -> Rule:
    def compiled(patterns: Iterable[str]) -> tuple[re.Pattern[str], ...]:
        return tuple(_pattern(pattern) for pattern in patterns)

    return Rule(
        compiled(block.get("within", ())),
        compiled(block.get("without", ())),
        compiled(block.get("under", ())),
        {name: compiled(patterns) for name, patterns in block.get("find", {}).items()},
        {name: (kind, _pattern(pattern)) for name, ways in block.get("reckon", {}).items() for kind, pattern in ways.items()},
        block.get("count"),
    )


def _pattern(text: str) -> re.Pattern[str]:
    for macro, pattern in _MACROS.items():
        text = text.replace(macro, pattern)
    return re.compile(text)


def read(content: bytes, window: Window) -> ReadReport:
    """Find and place the figures of a report file. window: what 每月 and 每季 come to."""
    return place(passages(content), window)


def place(found: list[Passage], window: Window) -> ReadReport:
    """`read`, of passages."""
    printed: list[Printed] = []
    reckoned: list[Printed] = []
    counts: dict[str, list[str]] = {}
    taken: dict[int, list[tuple[int, int]]] = {}
    for number, passage in enumerate(found):
        for rule in rules():
            if not rule.holds(passage):
                continue
            if rule.count:
                counts.setdefault(rule.count, []).append(passage.text)
            for name, patterns in rule.find.items():
                for figure, span in _found(name, patterns, passage.text):
                    printed.append(figure)
                    taken.setdefault(number, []).append(span)
            for name, (kind, pattern) in rule.reckon.items():
                match = pattern.search(passage.text)
                value = _reckoned(kind, match, passage.text, window) if match else None
                identity = _named(name, passage.text)
                if match and value is not None and identity:
                    reckoned.append(Printed(identity, match[0], value, passage.text))
    known = {figure.id for figure in printed}
    printed += [figure for figure in reckoned if figure.id not in known]
    known |= {figure.id for figure in reckoned}
    printed += [Printed(name, f"{len(texts)}段", Decimal(len(texts)), texts[0]) for name, texts in counts.items() if name not in known]
    unplaced = [
        (match[0], passage.text)
        for number, passage in enumerate(found)
        for match in _COUNTED.finditer(passage.text)
        if not passage.text.startswith(_OTHER_PERIODS) and not any(start <= match.start() < end for start, end in taken.get(number, ()))
    ]
    return ReadReport(tuple(_once(printed)), tuple(unplaced), tuple(sums(found)))


def _found(name: str, patterns: Iterable[re.Pattern[str]], text: str) -> Iterator[tuple[Printed, tuple[int, int]]]:
    identity = _named(name, text)
    if identity is None:
        return
    for pattern in patterns:
        match = pattern.search(text)
        if match and (value := value_of(match["v"])) is not None:
            yield Printed(identity, match["v"], value, text, match.start("v")), match.span()
            return


def _named(name: str, text: str) -> str | None:
    """The id with the day of the passage in it; None where there is no such indicator."""
    if "{day}" not in name:
        return name
    found = _YEAR_OF_DAY.search(text)
    if not found:
        return None
    year, month, day = (int(part) for part in re.findall("[0-9]+", found[0]))
    identity = name.format(day=f"{year}{month:02d}{day:02d}")
    return identity if identity in all_indicators() else None


def _once(printed: list[Printed]) -> Iterator[Printed]:
    """A figure that is printed at several places with one value is one figure."""
    seen: set[tuple[str, Any]] = set()
    for figure in printed:
        if (figure.id, figure.value) not in seen:
            seen.add((figure.id, figure.value))
            yield figure


def value_of(text: str) -> Decimal | str | None:
    """The value of what is printed: a number, or for days, months, periods and hours the form in which the warehouse keeps them; else the word."""
    if re.fullmatch("[一二三四五六七八九十]+", text):
        spoken = numerals.chinese_integer(text)
        return None if spoken is None else Decimal(spoken)
    try:
        if re.fullmatch(_DAY, text):
            return period.parse_date(text).value.isoformat()
        if re.fullmatch(_MONTH, text):
            return f"{period.parse_month(text).value:%Y-%m}"
        if found := re.fullmatch(rf"({_MONTH})至(?:({_MONTH})|([0-9]{{1,2}})月)", text):
            first = period.parse_month(found[1]).value
            last = period.parse_month(found[2]).value if found[2] else date(first.year, int(found[3]), 1)
            return f"{first:%Y-%m}..{last:%Y-%m}"
        if found := re.fullmatch(r"([上下]午)([0-9]{1,2}時)至([0-9]{1,2}時)", text):
            start, end = (period.parse_time(found[1] + hour).value if hour != "12時" else period.parse_time("12:00").value for hour in found.groups()[1:])
            return f"{start:%H:%M}-{end:%H:%M}"
        return numerals.parse_decimal(text, places=4).value
    except (CellError, ValueError):
        return text if not re.match("[0-9]", text) else None


def _reckoned(kind: str, match: re.Match[str], text: str, window: Window) -> Decimal | None:
    months = len(window.months)
    if kind == "months":
        return Decimal(months)
    if kind == "quarters":
        return Decimal(months // 3)
    if kind == "zero":
        return Decimal(0)
    if kind == "sites":
        return Decimal(2)
    if kind == "every":
        every = value_of(match["v"])
        return Decimal(months // int(every)) if isinstance(every, Decimal) and every else None
    listed = match["list"]
    if kind == "names":
        return Decimal(len([name for name in re.split("[、及]", listed) if name]))
    if kind == "years":
        return Decimal(len(re.findall("[0-9]+", listed)))
    if kind == "days":
        start, end = period.parse_date_range(listed).value
        return Decimal((end - start).days + 1)
    hours = value_of(listed)
    if kind == "hours" and isinstance(hours, str) and "-" in hours:
        start_hour, end_hour = (int(clock[:2]) for clock in hours.split("-"))
        return Decimal(end_hour - start_hour)
    return None


# --- sums that need no warehouse --------------------------------------------------------------------------------------------

_LISTED = re.compile(rf"(?P<total>{_NUMBER})(?P<unit>件|份|人次|人|筆|元|場)\((?P<parts>[^()]+(?:\([^()]*\)[^()]*)*)\)")


def sums(found: Iterable[Passage]) -> Iterator[Sum]:
    """Totals with their parts in brackets behind them, and shares of one question, that do not come out."""
    for passage in found:
        for match in _LISTED.finditer(passage.text):
            total = value_of(match["total"])
            lists = [_amounts(piece, match["unit"]) for piece in _cumulative(match["parts"])]
            if not isinstance(total, Decimal) or len(lists[-1]) < 2 or max(lists[-1]) > total:
                continue
            if total not in map(sum, lists):
                yield Sum(total, sum(lists[-1], Decimal(0)), match["unit"], passage.text)
        yield from _share_sums(passage)


def _cumulative(text: str) -> list[str]:
    """The list up to each place where another list may begin (並、另), longer and longer."""
    ends = [match.start() for match in re.finditer("[並另]", text)]
    return [text[:end] for end in [*ends, len(text)]]


def _amounts(text: str, unit: str) -> list[Decimal]:
    values = (value_of(found) for found in re.findall(rf"({_NUMBER}){unit}(?!次)", text))
    return [value for value in values if isinstance(value, Decimal)]


def _share_sums(passage: Passage) -> Iterator[Sum]:
    """很滿意＋滿意 against what is printed of both."""
    shares = {figure.id.rpartition("_top2")[0] or figure.id: figure for rule in rules() if rule.holds(passage) for name, patterns in rule.find.items()
              if name.startswith("survey_") for figure, _ in _found(name, patterns, passage.text)}  # fmt: skip
    for name, whole in shares.items():
        very, satisfied = shares.get(f"{name}_very_satisfied"), shares.get(f"{name}_satisfied")
        if very and satisfied and isinstance(whole.value, Decimal) and isinstance(very.value, Decimal) and isinstance(satisfied.value, Decimal):
            both = very.value + satisfied.value
            if both != whole.value:
                yield Sum(whole.value, both, "﹪", passage.text)


# --- against the warehouse --------------------------------------------------------------------------------------------------


def reconcile_file(cursor: duckdb.DuckDBPyConnection, content: bytes, window: Window) -> tuple[list[reconcile.Row], tuple[Sum, ...]]:
    """A table of id and printed value, or the text of a report, against the warehouse; told apart by the content."""
    if reconcile.is_table(content):
        return reconcile.reconcile_table(cursor, content, window), ()
    return reconcile_text(cursor, content, window)


def reconcile_text(cursor: duckdb.DuckDBPyConnection, content: bytes, window: Window) -> tuple[list[reconcile.Row], tuple[Sum, ...]]:
    """Every printed figure of a report against the warehouse, numbers that could not be placed, and sums that do not come out.

    Raises `UsageError` where no figure is found at all.
    """
    reading = read(content, window)
    if not reading.printed:
        raise UsageError("讀不到可以對應指標的數字。核對檔應有 id 與 printed 兩欄，或是一份成果報告的文字")
    return against(scorecard.figures(cursor, window), reading), reading.sums


def against(figures: dict[str, scorecard.Figure], reading: ReadReport) -> list[reconcile.Row]:
    """The rows of a reconciliation, in the report's order; numbers that no rule knows last."""
    order = {name: place for place, name in enumerate(all_indicators())}
    rows = [
        replace(reconcile.compare(figure.id, str(figure.value), figures), text=figure.text, passage=figure.passage, at=figure.at)
        for figure in sorted(reading.printed, key=lambda figure: order.get(figure.id, len(order)))
    ]
    rows += [reconcile.Row("", text, None, "not_placed", None, f"無法對應指標：「{_around(passage, text)}」", text, passage, passage.index(text)) for text, passage in reading.unplaced]
    return rows


def _around(passage: str, text: str) -> str:
    at = passage.index(text)
    return passage[max(0, at - 16) : at + len(text) + 4]


def differing(report: Report) -> list[reconcile.Row]:
    """Figures in the report's own texts that were typed by hand and are not what the warehouse says."""
    found = [Passage(normalised(paragraph.text)) for paragraph in report.paragraphs if not paragraph.generated]
    return [row for row in against(report.figures, place(found, report.window)) if row.outcome == "differs"]
