"""What the report says: the award's headings, the office's texts with the figures put in, sentences made from rows, tables, charts and annexes.

One value, `Report`, made at one data version; how it is written is the business of `odt`, `pdf`, `ods` and `docx`.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from dataclasses import replace
from datetime import datetime

import duckdb

from warehouse import ledger, period, scorecard
from warehouse.datasets import sites
from warehouse.indicators import award_headings
from warehouse.period import ROC_OFFSET, Quarter
from warehouse.report import annexes
from warehouse.report.parts import Chart, Heading, Paragraph, Part, Report, Run, Table
from warehouse.report.summary import summary
from warehouse.report.texts import texts
from warehouse.report.writer import Writer
from warehouse.store import query

_CODE = re.compile(r"([壹貳參肆伍陸柒捌玖拾])([一二三四五六七八九十]+)?(?:\(([一二三四五六七八九十]+)\))?([0-9]+)?")


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
    writer = Writer.of(cursor, quarter, as_of)
    version = scorecard.version_now(cursor) if as_of is None else scorecard.version_at(cursor, as_of)
    chosen = texts(cursor, quarter, upto) if blocks is None else {heading: blocks.get(heading, "") for heading in award_headings()}
    entry = ledger.last_id(cursor) if as_of is None else as_of
    parts = [
        *_corrected(changes),
        *summary(cursor, writer, entry),
        *(part for code, title in award_headings().items() for part in (heading_of(code, title), *writer.parts(code, chosen[code]))),
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
        is_sample=_only_sample(cursor, entry),
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
    return (heading_of(heading, award_headings()[heading]), *Writer.of(cursor, quarter, None).parts(heading, text))


def heading_of(code: str, title: str) -> Heading:
    """壹一(一)2 as the heading that is printed: level 4, number 2."""
    found = _CODE.fullmatch(code)
    assert found is not None
    words = [word for word in found.groups() if word]
    number = (f"{words[-1]}、", f"{words[-1]}、", f"（{words[-1]}）", f"{words[-1]}.")[len(words) - 1]
    return Heading(len(words), number, title, code)


def _corrected(changes: tuple[str, ...]) -> Iterator[Part]:
    """What a corrected edition says of itself, before all else."""
    if changes:
        yield Heading(1, "", "修正事項")
    for number, change in enumerate(changes, start=1):
        yield Paragraph((Run(change),), 1, f"{number}.", generated=True)


def _annexes(cursor: duckdb.DuckDBPyConnection, writer: Writer) -> Iterator[Part]:
    known = [figure for figure in writer.figures.values() if figure.value is not None]
    yield Heading(1, "附錄一、", "各指標累計、本季、上季及去年同季")
    yield annexes.comparison_table(writer.snapshot, writer.figures, writer.quarter, writer.window)
    yield Heading(1, "附錄二、", "指標定義")
    yield annexes.definition_table(figure.indicator for figure in known)
    yield Heading(1, "附錄三、", "計算依據")
    yield Paragraph((Run(f"各數據由下列上傳紀錄的資料計算，期間為{writer.window.label}；比率一律以份數精確四捨五入，不先四捨五入後再相加。"),), generated=True)
    yield annexes.receipt_table(known)
    used = {batch for figure in known for batch in figure.batches}
    yield annexes.batch_table([entry for entry in ledger.entries(cursor) if entry.id in used])


def _numbered(parts: Iterable[Part]) -> Iterator[Part]:
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
