"""What the report says: the award's headings, the office's texts with the figures put in, sentences made from rows, tables, charts and annexes.

One value, `Report`, made at one data version; how it is written is the business of `odt`, `pdf`, `ods` and `docx`.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass, field, replace
from datetime import datetime
from decimal import Decimal

import duckdb

from warehouse import ledger, period, scorecard
from warehouse.datasets import sites
from warehouse.indicators import all_indicators, award_headings
from warehouse.period import ROC_OFFSET, Quarter, Window
from warehouse.published import published
from warehouse.report import comparison, tables
from warehouse.report.lists import ITEMS, PHRASES, Material
from warehouse.report.parts import Chart, Heading, Paragraph, Part, Report, Run, Table
from warehouse.report.rows import Row, rows
from warehouse.report.texts import GOAL, PLACEHOLDER, Line, lines, texts
from warehouse.scorecard import Figure, Snapshot
from warehouse.store import query

#: What stands for a figure that the period has no data for; a report that says so is not issued.
MISSING = "（無資料）"
#: What stands for a placeholder that stands for nothing.
UNRESOLVED = "｛{}｝"
SAMPLE_WORDS = "示範資料：累計同105年第3季報告，各月及分處所數字為虛構"

_CODE = re.compile(r"([壹貳參肆伍陸柒捌玖拾])([一二三四五六七八九十]+)?(?:\(([一二三四五六七八九十]+)\))?([0-9]+)?")
_ALONE = re.compile(r"\{(list|compare|chart|table):([^{}]*)\}")


def build(
    cursor: duckdb.DuckDBPyConnection,
    quarter: Quarter,
    *,
    as_of: int | None = None,
    blocks: dict[str, str] | None = None,
    upto: int | None = None,
    stage: str = "草稿",
    document: str = "",
    approved: period.date | None = None,
    edition: int = 0,
    changes: tuple[str, ...] = (),
) -> Report:
    """The report of a quarter, year to date, as the data stand now or stood right after an entry of the ledger.

    blocks: heading → text instead of the texts kept for the quarter; upto: the newest id of the texts that counts; changes: what a corrected edition says of itself.
    In a transaction of the caller (`Warehouse.reading`), so that everything is of one version. Unknown entry: `UsageError`.
    """
    writer = _writer(cursor, quarter, as_of)
    version = scorecard.version_now(cursor) if as_of is None else scorecard.version_at(cursor, as_of)
    chosen = texts(cursor, quarter, upto) if blocks is None else {heading: blocks.get(heading, "") for heading in award_headings()}
    entry = ledger.last_id(cursor) if as_of is None else as_of
    is_sample = _only_sample(cursor, entry)
    parts = [
        *_front(writer, is_sample, changes),
        *(part for code, title in award_headings().items() for part in _under_heading(writer, code, title, chosen[code])),
        *_annexes(cursor, writer),
    ]
    return Report(
        title=f"{quarter.year - ROC_OFFSET}年度第{quarter.number}季提升服務品質執行成果報告",
        agency=f"法務部行政執行署{sites()[0]['branch']}",
        quarter=quarter,
        window=writer.window,
        data_version=version,
        entry=entry,
        made=_made(cursor, version),
        is_sample=is_sample,
        parts=tuple(_numbered(parts)),
        figures=writer.figures,
        texts=chosen,
        stage=stage,
        document=document,
        approved=approved,
        edition=edition,
    )


def block(cursor: duckdb.DuckDBPyConnection, quarter: Quarter, heading: str, text: str) -> tuple[Part, ...]:
    """The parts of one heading as this text would print them now; tables and charts have no number yet."""
    return tuple(_under_heading(_writer(cursor, quarter, None), heading, award_headings()[heading], text))


def heading_of(code: str, title: str) -> Heading:
    """壹一(一)2 as the heading that is printed: level 4, number 2."""
    found = _CODE.fullmatch(code)
    assert found is not None
    words = [word for word in found.groups() if word]
    number = (f"{words[-1]}、", f"{words[-1]}、", f"（{words[-1]}）", f"{words[-1]}.")[len(words) - 1]
    return Heading(len(words), number, title, code)


@dataclass
class _Writer:
    """Puts figures, times and lists into lines of text. Counts the items under each heading."""

    snapshot: Snapshot
    figures: dict[str, Figure]
    quarter: Quarter
    window: Window
    material: Material
    earlier: comparison.Earlier
    counters: list[int] = field(default_factory=lambda: [0, 0, 0, 0])

    def restart(self, depth: int = 0) -> None:
        """Begin anew below a depth."""
        self.counters[depth + 1 :] = [0] * (3 - depth)

    def label(self, depth: int) -> str:
        """The next label at a depth: 1. · （1） · ○1."""
        self.counters[depth] += 1
        self.restart(depth)
        number = self.counters[depth]
        return ("", f"{number}.", f"（{number}）", f"○{number} ")[depth]

    def runs(self, text: str) -> tuple[Run, ...]:
        """A line with its placeholders resolved; a figure keeps the name of its indicator."""
        found: list[Run] = []
        rest = 0
        for match in PLACEHOLDER.finditer(text):
            if match.start() > rest:
                found.append(Run(text[rest : match.start()]))
            found += self._resolved(match[1])
            rest = match.end()
        if rest < len(text):
            found.append(Run(text[rest:]))
        return tuple(found)

    def _resolved(self, name: str) -> list[Run]:
        head, _, tail = name.partition(":")
        if name in self._times:
            return [Run(self._times[name])]
        if head == "list" and tail in PHRASES:
            return list(PHRASES[tail](self.material))
        if head not in self.figures or tail not in ("", GOAL):
            return [Run(UNRESOLVED.format(name))]
        figure = self.figures[head]
        if tail == GOAL:
            goal = None if figure.goal is None else Decimal(str(figure.goal))
            return [Run(scorecard.printed(goal, figure.indicator.unit) or MISSING)]
        return [Run(figure.text or MISSING, head)]

    @property
    def _times(self) -> dict[str, str]:
        day = period.roc_date(self.window.last_day)
        return {"截至": f"截至{day}", "截止日": day, "期間": self.window.label, "季別": self.quarter.label}


def _writer(cursor: duckdb.DuckDBPyConnection, quarter: Quarter, as_of: int | None) -> _Writer:
    window = Window.year_to_quarter(quarter)
    snapshot = Snapshot.of(cursor, as_of)
    kept: dict[str, list[Row]] = {}

    def rows_of(name: str) -> list[Row]:
        if name not in kept:
            kept[name] = rows(cursor, name, window, as_of)
        return kept[name]

    return _Writer(snapshot, snapshot.figures(window), quarter, window, Material(rows_of, window.last_day), published(cursor, as_of=as_of))


def _front(writer: _Writer, is_sample: bool, changes: tuple[str, ...]) -> Iterator[Part]:
    yield Paragraph((Run("資料時間："), Run(writer.figures["report_period"].text or MISSING, "report_period")), generated=True)
    if is_sample:
        yield Paragraph((Run(SAMPLE_WORDS),), generated=True)
    if changes:
        yield Heading(1, "", "修正事項")
        for number, change in enumerate(changes, start=1):
            yield Paragraph((Run(change),), 1, f"{number}.", generated=True)
    yield Heading(1, "", "摘要")
    yield tables.headline_table(writer.snapshot, writer.figures, writer.quarter, writer.window)
    gone = tables.missing_months(writer.figures, writer.window)
    if gone:
        named = "；".join(f"{title}缺{'、'.join(months)}" for title, months in gone.items())
        yield Paragraph((Run(f"資料未齊：{named}。累計數不含未到月份。"),), generated=True)


def _under_heading(writer: _Writer, code: str, title: str, text: str) -> Iterator[Part]:
    yield heading_of(code, title)
    writer.restart()
    depth = 0
    for line in lines(text):
        made = _ALONE.fullmatch(line.text)
        if made:
            yield from _made_parts(writer, made[1], made[2], depth, code)
            continue
        yield _paragraph(writer, line, code)
        depth = line.depth


def _paragraph(writer: _Writer, line: Line, code: str) -> Paragraph:
    if line.strong:
        writer.restart()
    return Paragraph(writer.runs(line.text), line.depth, writer.label(line.depth) if line.depth else "", code, line.strong)


def _made_parts(writer: _Writer, kind: str, name: str, depth: int, code: str) -> Iterator[Part]:
    if kind == "list" and name in ITEMS:
        items = ITEMS[name](writer.material)
        for item in items:
            mark = "※" if name.startswith("stationed") else writer.label(3)
            yield Paragraph(item, 3, mark, code, generated=True)
        if not items:
            yield Paragraph((Run("本期間無登記資料。"),), depth, "", code, generated=True)
    elif kind == "compare" and name in all_indicators():
        yield Paragraph((Run(comparison.sentence(writer.snapshot, name, writer.quarter, writer.earlier)),), depth, "", code, generated=True)
    elif kind == "chart" and (chart := _chart(writer, name)):
        yield chart
    elif kind == "table" and (table := _table(writer, name)):
        yield table
    elif kind == "list" and name in PHRASES:
        yield Paragraph(PHRASES[name](writer.material), depth, "", code, generated=True)
    elif (kind == "chart" and name not in (*tables.MONTHLY, "survey")) or kind in ("list", "compare", "table"):
        yield Paragraph((Run(UNRESOLVED.format(f"{kind}:{name}")),), depth, "", code)


def _chart(writer: _Writer, name: str) -> Chart | None:
    if name == "survey":
        return tables.survey_chart(writer.figures, writer.window)
    return tables.monthly_chart(name, writer.snapshot, writer.window) if name in tables.MONTHLY else None


def _table(writer: _Writer, name: str) -> Table | None:
    if name == "survey":
        return tables.survey_table(writer.figures, writer.window)
    if name == "time":
        return tables.time_table(writer.figures, writer.window)
    return tables.monthly_table(name, writer.snapshot, writer.window) if name in tables.MONTHLY else None


def _annexes(cursor: duckdb.DuckDBPyConnection, writer: _Writer) -> Iterator[Part]:
    known = [figure for figure in writer.figures.values() if figure.value is not None]
    yield Heading(1, "附錄一、", "各指標累計、本季、上季及去年同季")
    yield tables.comparison_table(writer.snapshot, writer.figures, writer.quarter, writer.window)
    yield Heading(1, "附錄二、", "指標定義")
    yield tables.definition_table(figure.indicator for figure in known)
    yield Heading(1, "附錄三、", "計算依據")
    yield Paragraph((Run(f"各數據由下列上傳紀錄的資料計算，期間為{writer.window.label}；比率一律以份數精確四捨五入，不先四捨五入後再相加。"),), generated=True)
    yield tables.receipt_table(known)
    used = {batch for figure in known for batch in figure.batches}
    yield tables.batch_table([entry for entry in ledger.entries(cursor) if entry.id in used])


def _numbered(parts: list[Part]) -> Iterator[Part]:
    """Tables and charts numbered through the report."""
    counts = {Table: 0, Chart: 0}
    for part in parts:
        if isinstance(part, Table | Chart):
            counts[type(part)] += 1
            yield replace(part, number=counts[type(part)])
        else:
            yield part


def _only_sample(cursor: duckdb.DuckDBPyConnection, entry: int) -> bool:
    """Whether all that was ever handed in up to an entry is the sample."""
    row = cursor.execute("select coalesce(bool_and(is_sample), false) from ledger.batch where kind <> 'undo' and id <= ?", [entry]).fetchone()
    return bool(row and row[0])


def _made(cursor: duckdb.DuckDBPyConnection, version: int) -> datetime:
    found = query(cursor, "select at_utc from ledger.version where version = ?", [version])
    return found[0]["at_utc"] if found else datetime(2000, 1, 1)
