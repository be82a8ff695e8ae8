"""摘要: what whoever signs the report must know, in sentences made from the figures and in words that the data allow."""

from __future__ import annotations

from collections.abc import Iterator

import duckdb

from warehouse import period, privacy, signals
from warehouse.explanation import explanations
from warehouse.indicators import all_indicators
from warehouse.report import annexes, comparison, tables
from warehouse.report.parts import Heading, Paragraph, Part, Run
from warehouse.report.writer import MISSING, Writer
from warehouse.scorecard import Figure, printed
from warehouse.signals import Comparison

#: No more of those that miss their target are named one by one.
_NAMED = 8


def summary(cursor: duckdb.DuckDBPyConnection, writer: Writer, entry: int) -> Iterator[Part]:
    """The heading, its sentences, and the table of the first page."""
    yield Heading(1, "", "摘要")
    sentences = [
        _period(writer),
        _targets(writer),
        _counts(writer),
        _samples(writer),
        _lacking(writer),
        *_explained(cursor, writer, entry),
    ]
    for number, runs in enumerate((runs for runs in sentences if runs), start=1):
        yield Paragraph(runs, 1, f"{number}.", generated=True)
    yield tables.headline_table(writer.snapshot, writer.figures, writer.quarter, writer.window)


def _period(writer: Writer) -> tuple[Run, ...]:
    told = writer.figures["report_period"].text or MISSING
    return (Run("資料時間："), Run(told, "report_period"), Run(f"。內文數字未另註明者為自1月起的累計；本季指{writer.quarter.window.label}。"))


def _targets(writer: Writer) -> tuple[Run, ...]:
    """How many figures with a target reach it, and which do not."""
    held = [figure for figure in writer.figures.values() if tables.is_judged(figure)]
    if not held:
        return ()
    missed = [figure for figure in held if figure.comparison == "misses"]
    few = sum(figure.verdict == "cannot_tell" for figure in held)
    counted = f"目標與判定：設有目標（報告明載、法規規定、參考標準或核定）的指標{len(held)}項，達標{len(held) - len(missed)}項、未達標{len(missed)}項"
    counted += f"，其中{few}項樣本尚少。" if few else "。"
    if not missed:
        return (Run(counted),)
    named = "、".join(f"{figure.indicator.name}{figure.text}（{tables.judged(figure)}）" for figure in missed[:_NAMED])
    return (Run(f"{counted}未達標者：{named}{'等' if len(missed) > _NAMED else ''}。"),)


def _counts(writer: Writer) -> tuple[Run, ...]:
    """Counts of the quarter beside the quarter before: more or fewer, nothing else."""
    told = [_more_or_fewer(found) for found in _compared(writer) if found.claim is None and found.figure.indicator.denominator is None and not found.is_partial]
    known = "；".join(words for words in told if words)
    return (Run(f"{_now(writer)}業務量與上季相比：{known}。"),) if known else ()


def _now(writer: Writer) -> str:
    return f"本季（{writer.quarter.window.label}）"


def _more_or_fewer(found: Comparison) -> str:
    said = comparison.difference(found).removeprefix("，")
    return f"{found.figure.indicator.name}{found.figure.text}（{said}）" if said else ""


def _samples(writer: Writer) -> tuple[Run, ...]:
    """Shares and means of samples: which have risen or fallen beyond what chance explains."""
    found = [each for each in _compared(writer) if each.claim is not None and not each.is_partial and not each.is_broken]
    if not found:
        return ()
    moved = [each for each in found if each.difference and each.claim in ("rose", "fell")]
    words = "；".join(f"{each.figure.indicator.name}{_value(each.earlier)}→{_value(each.figure)}{comparison.difference(each)}" for each in moved)
    rest = "" if len(moved) == len(found) else f"{'；其餘' if moved else ''}差異均未逾95％參考範圍，不作升降的陳述"
    return (Run(f"{_now(writer)}抽樣的比率與分數與上季相比：{words}{rest}。"),)


def _value(figure: Figure) -> str:
    return printed(figure.value, figure.indicator.unit) or MISSING


def _compared(writer: Writer) -> list[Comparison]:
    quarter, before = writer.quarter.window, writer.quarter.previous().window
    return [signals.comparison(writer.snapshot, name, quarter, before) for name in tables.HEADLINES]


def _lacking(writer: Writer) -> tuple[Run, ...]:
    gone = annexes.missing_months(writer.snapshot, writer.figures, writer.window)
    named = "；".join(f"{title}缺{'、'.join(months)}" for title, months in gone.items())
    return (Run(f"資料未齊：{named}。累計數不含未到的資料。"),) if gone else ()


def _explained(cursor: duckdb.DuckDBPyConnection, writer: Writer, entry: int) -> Iterator[tuple[Run, ...]]:
    """What the working group says of an indicator in a month of the quarter, its newest words; whoever is told of in them is masked."""
    said = explanations(cursor, as_of=entry)
    for name, indicator in all_indicators().items():
        for month in writer.quarter.window.months:
            if found := said.get((name, month)):
                yield (Run(f"說明：{indicator.name}（{period.roc_month(month)}）：{privacy.masked(found[0].text).rstrip('。')}。"),)
