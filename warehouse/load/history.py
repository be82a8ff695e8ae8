"""What a file looks like beside what the office handed in before: the same again, half of it missing, ten times the usual, the last month over again."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Iterator
from datetime import date
from decimal import Decimal
from statistics import median
from typing import Any

from warehouse import numerals, period
from warehouse.datasets import Dataset, Integer, Money, Month, sites
from warehouse.errors import Finding
from warehouse.load.staged import Staged

#: The usual is the middle of so many months before; fewer than two say nothing.
_MONTHS_BEFORE, _FEWEST_MONTHS = 12, 2

#: A digit too many makes ten times of what the month would have been, which itself varies: seven times of the usual is asked about.
#: Of figures smaller than this a rise, than that a fall by so much is nothing rare.
_TIMES, _LEAST_TO_RISE, _LEAST_TO_FALL = 7, 10, 20

#: A month is a copy of the last where more than so many in a hundred of its cells are equal, and it has rows or cells enough to tell.
_EQUAL_PERCENT, _FEWEST_ROWS, _FEWEST_CELLS = 95, 10, 4


def questions(staged: Staged) -> list[Finding]:
    """Every question that months before give rise to: `W-ROWS`, `W-SAME-AS-LAST`, `W-MAGNITUDE`."""
    if not staged.dataset.monthly:
        return []
    findings = []
    for month in staged.screening.months:
        findings += _fewer_rows(staged, month)
        findings += _as_last_month(staged, month)
    return [*findings, *_far_from_usual(staged)]


def same_content(staged: Staged) -> Finding | None:
    """`W-BIZ-02` where the live rows of every slot of the file are the file's own rows, whatever its name and encoding."""
    dataset, wanted = staged.dataset, set(staged.screening.slots)
    rows = staged.query("select slot, month, site_code, part, row_count from ledger.live_slot where dataset = ?", [dataset.name])
    live = {slot: (month, site, part) for slot, month, site, part, _ in rows if (month, site, part) in wanted}
    count = sum(int(row[4]) for row in rows if row[0] in live)
    if set(live.values()) != wanted or count != staged.screening.written:
        return None
    fingerprint = f"select count(*), sum(cast(hash({', '.join(dataset.stored)}) as hugeint)) from raw.{dataset.name}"
    mine = staged.query(f"{fingerprint} where _batch_id = ?", [staged.batch])
    if mine != staged.query(f"{fingerprint} where _slot in (select unnest(?))", [list(live)]):
        return None
    months = "、".join(period.roc_month(month) for month in staged.screening.months[:4])
    found = f"各列與已入庫的{months}完全相同，只是檔名、編碼或寫法不同"
    return Finding.of("W-BIZ-02", "ask", found=found, expected="新的內容", mend="不必再入庫；若要改以這份為準請確認")


# --- rows -------------------------------------------------------------------------------------------------------------------


def _fewer_rows(staged: Staged, month: date) -> list[Finding]:
    """`W-ROWS`: fewer rows than half of the usual, or a place missing that the month before had in the same file."""
    screening = staged.screening
    before = staged.query(
        "select month, batch_id, site_code, part, row_count from ledger.live_slot where dataset = ? and month < ? order by month desc",
        [staged.dataset.name, month],
    )
    mine = sum(count for number, count in screening.slot_rows.items() if screening.slots[number][0] == month)
    usual = _usual_rows(before, {(site, part) for slot_month, site, part in screening.slots if slot_month == month})
    if mine * 2 < usual:
        found = f"{period.roc_month(month)}只有{mine:,}列，以往每月約{numerals.format_number(Decimal(usual))}列"
        return [Finding.of("W-ROWS", "ask", found=found, expected="與以往相近的列數", mend="若確實較少請確認，否則請補齊後重新上傳")]
    if absent := _absent_sites(staged, month, [row for row in before if row[0] == before[0][0]]):
        found = f"{period.roc_month(month)}沒有{'、'.join(absent)}的資料，上次同一份檔案裡有"
        return [Finding.of("W-ROWS", "ask", found=found, expected="各服務處所的資料齊全", mend="若另有檔案請確認，否則請補齊後重新上傳")]
    return []


def _usual_rows(before: list[Any], here: set[tuple[str, str]]) -> float:
    """The middle number of rows of the months before, newest first, in the places that the file has; 0 where they are too few."""
    by_month: Counter[date] = Counter()
    for month, _, site, part, count in before:
        if (site, part) in here:
            by_month[month] += int(count)
    counts = list(by_month.values())[:_MONTHS_BEFORE]
    return median(counts) if len(counts) >= _FEWEST_MONTHS else 0


def _absent_sites(staged: Staged, month: date, last: list[Any]) -> list[str]:
    """Sites that stood in the last file beside one of this file's, and that nobody has handed in for this month."""
    here = {site for slot_month, site, _ in staged.screening.slots if slot_month == month}
    known = staged.query("select distinct site_code from ledger.live_slot where dataset = ? and month = ?", [staged.dataset.name, month])
    together: defaultdict[int, set[str]] = defaultdict(set)
    for _, batch, site, _, _ in last:
        together[batch].add(site)
    absent = {site for found in together.values() if found & here for site in found - here} - {site for (site,) in known}
    return [str(site["name"]) for site in sites() if site["code"] in absent]


# --- values -----------------------------------------------------------------------------------------------------------------


def _far_from_usual(staged: Staged) -> list[Finding]:
    """`W-MAGNITUDE`: the first figure of a month that is ten times what it used to be, or a tenth: a slip, or another unit."""
    dataset = staged.dataset
    if not isinstance(dataset.stored[dataset.month_column], Month):
        return []
    figures = [name for name, kind in dataset.stored.items() if isinstance(kind, Integer | Money)]
    return next(([finding] for name in figures for finding in _far(staged, name)), [])


def _far(staged: Staged, name: str) -> Iterator[Finding]:
    dataset = staged.dataset
    rows = staged.query(
        f"""select mine._row, mine.{dataset.month_column}, mine.{name}, median(old.{name})
        from raw.{dataset.name} as mine
        inner join (
            select raw.*, dense_rank() over (order by live_slot.month desc) as back from raw.{dataset.name} as raw
            inner join ledger.live_slot on live_slot.slot = raw._slot and live_slot.dataset = ? and live_slot.month < ?
        ) as old on {_same_row(dataset)} and old.back <= {_MONTHS_BEFORE}
        where mine._batch_id = ? and mine.{name} <> 0 group by all having count(*) >= {_FEWEST_MONTHS} order by 1""",
        [dataset.name, staged.screening.months[0], staged.batch],
    )
    for row, month, told, middle in rows:
        value, usual = abs(Decimal(told)), abs(Decimal(str(middle)))
        if (usual >= _LEAST_TO_RISE and value >= _TIMES * usual) or (usual >= _LEAST_TO_FALL and value * _TIMES <= usual):
            found = f"{period.roc_month(month)}是{numerals.format_number(value)}，以往約{numerals.format_number(usual)}"
            heading, mend = staged.screening.heading_of(name), "請查明有無多打或少打數字、單位是否相同，無誤請確認"
            yield Finding.of("W-MAGNITUDE", "ask", row=row, column=heading, found=found, expected="與以往相近的數字", mend=mend)


def _as_last_month(staged: Staged, month: date) -> list[Finding]:
    """`W-SAME-AS-LAST`: the last month's values over again."""
    dataset, before = staged.dataset, period.add_months(month, -1)
    aggregated = isinstance(dataset.stored[dataset.month_column], Month)
    values = _values(dataset, aggregated)
    if not values:
        return []
    told = [f"mine.{name} is not null" + (f" and mine.{name} <> 0" if aggregated else "") for name in values]
    equal = [f"{condition} and old.{name} = mine.{name}" for condition, name in zip(told, values, strict=True)]
    ((cells, alike, matched, rows),) = staged.query(
        f"""with mine as (select * from raw.{dataset.name} where _batch_id = ? and date_trunc('month', {dataset.month_column}) = ?),
        old as (
            select raw.* from raw.{dataset.name} as raw
            inner join ledger.live_slot on live_slot.slot = raw._slot and live_slot.dataset = ? and live_slot.month = ?
        )
        select coalesce(sum({" + ".join(f"cast({part} as integer)" for part in told)}), 0),
            coalesce(sum({" + ".join(f"cast(coalesce({part}, false) as integer)" for part in equal)}), 0),
            count(distinct mine._row), (select count(distinct _row) from mine)
        from mine inner join old on {_same_row(dataset)}""",
        [staged.batch, month, dataset.name, before],
    )
    enough = cells >= _FEWEST_CELLS if aggregated else matched >= _FEWEST_ROWS
    if not enough or alike * 100 <= cells * _EQUAL_PERCENT or matched * 100 < rows * _EQUAL_PERCENT:
        return []
    found, mend = f"{period.roc_month(month)}的內容與{period.roc_month(before)}幾乎全部相同", "請確認不是把上個月的檔案改了月份，無誤請確認"
    return [Finding.of("W-SAME-AS-LAST", "ask", found=found, expected="這個月自己的數字", mend=mend)]


def _values(dataset: Dataset, aggregated: bool) -> list[str]:
    """The columns that are compared: no words of one's own, and of a table of figures only those."""
    left = {*_identity(dataset), *dataset.column_of(dataset.month_column).outputs}
    return [name for name, kind in dataset.stored.items() if name not in left and not kind.free_text and (not aggregated or kind.is_number)]


def _same_row(dataset: Dataset) -> str:
    return " and ".join(f"old.{name} is not distinct from mine.{name}" for name in _identity(dataset)) or "true"


def _identity(dataset: Dataset) -> list[str]:
    """The columns by which a row of one month is found again in another: place, part and key, without the month or day."""
    names = [dataset.site_column, dataset.part, *dataset.key]
    months = set(dataset.column_of(dataset.month_column).outputs)
    return [name for name in dict.fromkeys(names) if name is not None and name not in months]
