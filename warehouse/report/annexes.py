"""The annexes: every figure beside other times, what each means, how each was made, the files behind them, and the months that are lacking."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from datetime import UTC
from decimal import Decimal

from warehouse import coverage, ledger, numerals, period
from warehouse.coverage import Coverage
from warehouse.datasets import Dataset, all_datasets, sites
from warehouse.indicators import Indicator
from warehouse.period import Quarter, Window
from warehouse.report import cells
from warehouse.report.parts import Cell, Table
from warehouse.report.tables import BEFORE, NOW, YEAR_BEFORE
from warehouse.scorecard import Figure, Snapshot

#: What a receipt tells beside the figure.
PARTS = "分子／分母"


def comparison_table(snapshot: Snapshot, figures: dict[str, Figure], quarter: Quarter, window: Window) -> Table:
    """Every counted figure for the year to date, the quarter, the quarter before and the same quarter of last year."""
    times = {NOW: quarter, BEFORE: quarter.previous(), YEAR_BEFORE: Quarter(quarter.year - 1, quarter.number)}
    others = {word: snapshot.figures(chosen.window) for word, chosen in times.items()}
    rows = []
    for name, figure in figures.items():
        if figure.indicator.kind == "fact" or figure.indicator.from_month or figure.indicator.carry or not isinstance(figure.value, Decimal):
            continue
        rows.append((Cell(figure.indicator.name), Cell(figure.indicator.unit), cells.bare(figure), *(cells.bare(other[name], word) for word, other in others.items())))
    columns = ("指標", "單位", f"累計（{window.label}）", *(f"{word}（{chosen.label}）" for word, chosen in times.items()))
    note = f"「{cells.NONE}」為資料庫中該期間沒有資料。"
    return Table("comparison", "各指標累計、本季、上季及去年同季", columns, tuple(rows), (3.6, 1.0, 2.1, 2.0, 2.0, 2.1), frozenset(range(2, 6)), note)


def definition_table(indicators: Iterable[Indicator]) -> Table:
    """What each figure means, by heading. What is told of a single event or session is the row itself and wants no definition."""
    rows = tuple(
        (Cell(indicator.section), Cell(indicator.name), Cell(indicator.definition), Cell(indicator.owner)) for indicator in indicators if indicator.from_month is None
    )
    note = "逐項列出的活動、訓練與轉介，數字即該列登記的人數、血量或時數，不另定義。"
    return Table("definitions", "指標定義", ("標題", "指標", "定義", "承辦"), rows, (1.8, 2.8, 6.0, 1.2), note=note)


def receipt_table(figures: Iterable[Figure]) -> Table:
    """How each figure was made: its parts and the entries of the ledger behind it."""
    rows = tuple(
        (
            Cell(figure.indicator.id),
            Cell(figure.indicator.name),
            cells.printed(figure),
            cells.told(_parts(figure), figure.indicator.id, PARTS),
            Cell(ranges(figure.batches) or cells.NONE),
        )
        for figure in figures
    )
    return Table("receipts", "各數據計算依據", ("代碼", "指標", "登載值", PARTS, "上傳紀錄編號"), rows, (3.4, 3.0, 2.2, 2.4, 1.9), frozenset({2, 3}))


def batch_table(entries: Sequence[ledger.Entry]) -> Table:
    """The files behind the figures: number, name, hash, rows, who handed it in and on which day in Taipei."""
    rows = tuple(
        (
            Cell(str(entry.id), Decimal(entry.id)),
            Cell(entry.file_name or {"form": "表單登錄"}.get(entry.kind, entry.kind)),
            Cell((entry.sha256 or cells.NONE)[:12]),
            cells.count(entry.rows_loaded),
            Cell(entry.by_name),
            Cell(period.roc_short(entry.at_utc.replace(tzinfo=UTC).astimezone(period.TAIPEI).date())),
        )
        for entry in entries
    )
    return Table("batches", "所用檔案（SHA-256取前12碼）", ("編號", "檔名", "SHA-256", "入庫列數", "上傳人", "入庫日"), rows, (0.9, 5.0, 2.3, 1.3, 1.5, 1.4), frozenset({0, 3}))


def missing_months(snapshot: Snapshot, figures: dict[str, Figure], window: Window) -> dict[str, list[str]]:
    """Months of the window that a monthly table lacks, wholly or of some who send it: its title → 9月, 8月（基隆）."""
    held = Coverage.of(snapshot)
    used = {source for figure in figures.values() for source in figure.indicator.source if figure.months}
    found = {}
    for name, dataset in all_datasets().items():
        if dataset.monthly and name in used and not held.stood_in_for(name) and (gone := held.lacking(name, window)):
            found[dataset.title] = [_month(dataset, lacking) for lacking in gone]
    return found


def ranges(numbers: Sequence[int]) -> str:
    """1–3、7: unbroken runs of numbers."""
    stretches: list[list[int]] = []
    for number in sorted(numbers):
        if stretches and number == stretches[-1][1] + 1:
            stretches[-1][1] = number
        else:
            stretches.append([number, number])
    return "、".join(str(first) if first == last else f"{first}–{last}" for first, last in stretches)


def _month(dataset: Dataset, lacking: coverage.Lacking) -> str:
    """9月, 8月（基隆）: the month, and which of several senders have not sent theirs."""
    names = {site["code"]: site["short"] for site in sites()}
    if dataset.part in dataset.choices:
        names |= {option.code: option.word for option in dataset.choices[dataset.part].options}
    who = f"（{'、'.join(names.get(sender, sender) for sender in lacking.senders)}）" if lacking.senders else ""
    return f"{lacking.month.month}月{who}"


def _parts(figure: Figure) -> str | None:
    if figure.numerator is None:
        return None
    over = f"／{numerals.format_number(figure.denominator)}" if figure.denominator is not None else ""
    return numerals.format_number(figure.numerator) + over
