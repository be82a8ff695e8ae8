"""What a file looks like beside what the office handed in before: the same again, ten times the usual, half of it missing, more answers than forms.

Each function looks at rows that stand in `raw` under a batch id but are no entry yet, and gives questions for the clerk. Nothing is written.
"""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date
from decimal import Decimal
from statistics import median
from typing import Any

import duckdb

from warehouse import numerals, period
from warehouse.datasets import Dataset, Integer, Money, Month, sites
from warehouse.errors import Finding
from warehouse.screen import Screening

#: The usual is the middle of so many months before; fewer than two say nothing.
_MONTHS_BEFORE, _FEWEST_MONTHS = 12, 2

#: A digit too many makes ten times of what the month would have been, which itself varies: seven times of the usual is asked about.
#: Of figures smaller than this a rise, than that a fall by so much is nothing rare.
_TIMES, _LEAST_TO_RISE, _LEAST_TO_FALL = 7, 10, 20

#: A month is a copy of the last where more than so many in a hundred of its cells are equal, and it has rows or cells enough to tell.
_EQUAL_PERCENT, _FEWEST_ROWS, _FEWEST_CELLS = 95, 10, 4

#: Where the forms handed out and returned stand in a tally.
_FORMS, _SENT, _RETURNED, _VALID, _INVALID = 9, 21, 22, 23, 24


def questions(cursor: duckdb.DuckDBPyConnection, screening: Screening, batch: int) -> list[Finding]:
    """Every question that months before give rise to: `W-ROWS`, `W-MAGNITUDE`, `W-SAME-AS-LAST`, `W-BIZ-21`; and `E-SUM`."""
    findings = _forms_and_answers(cursor, screening, batch)
    if screening.dataset.monthly:
        for month in screening.months:
            findings += _too_few(cursor, screening, month)
            findings += _as_last_month(cursor, screening.dataset, batch, month)
        findings += _far_from_usual(cursor, screening, batch)
    return findings


def same_content(cursor: duckdb.DuckDBPyConnection, screening: Screening, batch: int) -> Finding | None:
    """`W-BIZ-02` where the live rows of every slot of the file are the file's own rows, whatever its name and encoding."""
    dataset = screening.dataset
    wanted = set(screening.slots)
    rows = _rows(cursor, "select slot, month, site_code, part, row_count from ledger.live_slot where dataset = ?", [dataset.name])
    live = {slot: (month, site, part) for slot, month, site, part, _ in rows if (month, site, part) in wanted}
    count = sum(int(row[4]) for row in rows if row[0] in live)
    if set(live.values()) != wanted or count != screening.written:
        return None
    columns = ", ".join(dataset.stored)
    fingerprint = f"select count(*), sum(cast(hash({columns}) as hugeint)) from raw.{dataset.name}"
    mine = _rows(cursor, f"{fingerprint} where _batch_id = ?", [batch])
    theirs = _rows(cursor, f"{fingerprint} where _slot in (select unnest(?))", [list(live)])
    if mine != theirs:
        return None
    months = "、".join(period.roc_month(month) for month in screening.months[:4])
    return Finding.of(
        "W-BIZ-02", "ask", found=f"各列與已入庫的{months}完全相同，只是檔名、編碼或寫法不同", expected="新的內容", mend="不必再入庫；若要改以這份為準請確認"
    )


# --- rows -------------------------------------------------------------------------------------------------------------------


def _too_few(cursor: duckdb.DuckDBPyConnection, screening: Screening, month: date) -> list[Finding]:
    """Fewer rows than half of the usual, or a place missing that the month before had in the same file."""
    dataset = screening.dataset
    before = _rows(
        cursor,
        "select month, batch_id, site_code, part, row_count from ledger.live_slot where dataset = ? and month < ? order by month desc",
        [dataset.name, month],
    )
    here = {(site, part) for slot_month, site, part in screening.slots if slot_month == month}
    by_month: dict[date, int] = {}
    for earlier, _, site, part, count in before:
        if (site, part) in here:
            by_month[earlier] = by_month.get(earlier, 0) + int(count)
    counts = list(by_month.values())[:_MONTHS_BEFORE]
    mine = sum(count for number, count in screening.slot_rows.items() if screening.slots[number][0] == month)
    findings = []
    usual = median(counts) if len(counts) >= _FEWEST_MONTHS else 0
    if mine * 2 < usual:
        found = f"{period.roc_month(month)}只有{mine:,}列，以往每月約{numerals.format_number(Decimal(usual))}列"
        findings.append(Finding.of("W-ROWS", "ask", found=found, expected="與以往相近的列數", mend="若確實較少請確認，否則請補齊後重新上傳"))
    absent = _absent_sites(cursor, screening, month, [row for row in before if row[0] == before[0][0]] if before else [])
    if absent and not findings:
        found = f"{period.roc_month(month)}沒有{'、'.join(absent)}的資料，上次同一份檔案裡有"
        findings.append(Finding.of("W-ROWS", "ask", found=found, expected="各服務處所的資料齊全", mend="若另有檔案請確認，否則請補齊後重新上傳"))
    return findings


def _absent_sites(cursor: duckdb.DuckDBPyConnection, screening: Screening, month: date, last: Sequence[Any]) -> list[str]:
    here = {site for slot_month, site, _ in screening.slots if slot_month == month}
    known = _rows(cursor, "select distinct site_code from ledger.live_slot where dataset = ? and month = ?", [screening.dataset.name, month])
    together: dict[int, set[str]] = {}
    for _, batch, site, _, _ in last:
        together.setdefault(batch, set()).add(site)
    absent = {site for found in together.values() if found & here for site in found - here} - {site for (site,) in known}
    return [str(site["name"]) for site in sites() if site["code"] in absent]


# --- values -----------------------------------------------------------------------------------------------------------------


def _far_from_usual(cursor: duckdb.DuckDBPyConnection, screening: Screening, batch: int) -> list[Finding]:
    """A figure of a month that is ten times what it used to be, or a tenth: a slip, or another unit."""
    dataset = screening.dataset
    if not isinstance(dataset.stored[dataset.month_column], Month):
        return []
    groups = _identity(dataset)
    for name, kind in dataset.stored.items():
        if not isinstance(kind, Integer | Money):
            continue
        same = " and ".join(f"old.{column} is not distinct from mine.{column}" for column in groups) or "true"
        rows = _rows(
            cursor,
            f"""select mine._row, mine.{dataset.month_column}, mine.{name}, median(old.{name})
            from raw.{dataset.name} as mine
            inner join (
                select raw.*, dense_rank() over (order by live_slot.month desc) as back from raw.{dataset.name} as raw
                inner join ledger.live_slot on live_slot.slot = raw._slot and live_slot.dataset = ? and live_slot.month < ?
            ) as old on {same} and old.back <= {_MONTHS_BEFORE}
            where mine._batch_id = ? and mine.{name} <> 0 group by all having count(*) >= {_FEWEST_MONTHS} order by 1""",
            [dataset.name, screening.months[0], batch],
        )
        for row, month, value, usual in rows:
            value, usual = abs(Decimal(value)), abs(Decimal(str(usual)))
            if (usual >= _LEAST_TO_RISE and value >= _TIMES * usual) or (usual >= _LEAST_TO_FALL and value * _TIMES <= usual):
                found = f"{period.roc_month(month)}是{numerals.format_number(value)}，以往約{numerals.format_number(usual)}"
                heading = screening.heading_of(name)
                return [
                    Finding.of(
                        "W-MAGNITUDE",
                        "ask",
                        row=row,
                        column=heading,
                        found=found,
                        expected="與以往相近的數字",
                        mend="請查明有無多打或少打數字、單位是否相同，無誤請確認",
                    )
                ]
    return []


def _as_last_month(cursor: duckdb.DuckDBPyConnection, dataset: Dataset, batch: int, month: date) -> list[Finding]:
    """The last month's values over again."""
    aggregated = isinstance(dataset.stored[dataset.month_column], Month)
    identity = _identity(dataset)
    left = {dataset.month_column, *identity, *dataset.column_of(dataset.month_column).outputs}
    values = [name for name, kind in dataset.stored.items() if name not in left and not kind.free_text and (not aggregated or kind.is_number)]
    if not values:
        return []
    told = [f"mine.{name} is not null" + (f" and mine.{name} <> 0" if aggregated else "") for name in values]
    equal = [f"{condition} and old.{name} = mine.{name}" for condition, name in zip(told, values, strict=True)]
    same = " and ".join(f"old.{name} is not distinct from mine.{name}" for name in identity) or "true"
    cells, alike, matched, rows = _rows(
        cursor,
        f"""with mine as (select * from raw.{dataset.name} where _batch_id = ? and date_trunc('month', {dataset.month_column}) = ?),
        old as (
            select raw.* from raw.{dataset.name} as raw
            inner join ledger.live_slot on live_slot.slot = raw._slot and live_slot.dataset = ? and live_slot.month = ?
        )
        select coalesce(sum({" + ".join(f"cast({part} as integer)" for part in told)}), 0),
            coalesce(sum({" + ".join(f"cast(coalesce({part}, false) as integer)" for part in equal)}), 0),
            count(distinct mine._row), (select count(distinct _row) from mine)
        from mine inner join old on {same}""",
        [batch, month, dataset.name, period.add_months(month, -1)],
    )[0]
    enough = cells >= _FEWEST_CELLS if aggregated else matched >= _FEWEST_ROWS
    if not enough or alike * 100 <= cells * _EQUAL_PERCENT or matched * 100 < rows * _EQUAL_PERCENT:
        return []
    before = period.roc_month(period.add_months(month, -1))
    return [
        Finding.of(
            "W-SAME-AS-LAST",
            "ask",
            found=f"{period.roc_month(month)}的內容與{before}幾乎全部相同",
            expected="這個月自己的數字",
            mend="請確認不是把上個月的檔案改了月份，無誤請確認",
        )
    ]


def _identity(dataset: Dataset) -> list[str]:
    """The columns by which a row of one month is found again in another: place, part and key, without the month or day."""
    names = [dataset.site_column, dataset.part, *dataset.key]
    months = set(dataset.column_of(dataset.month_column).outputs)
    return [name for name in dict.fromkeys(names) if name is not None and name not in months]


# --- forms and answers ------------------------------------------------------------------------------------------------------


def _forms_and_answers(cursor: duckdb.DuckDBPyConnection, screening: Screening, batch: int) -> list[Finding]:
    """No more forms come back than were handed out, and no question has more answers than there are valid forms."""
    if screening.dataset.name == "survey_tally":
        return _tallied(cursor, screening, batch)
    if screening.dataset.name != "survey_response":
        return []
    findings = []
    for number, (month, site, _) in enumerate(screening.slots):
        valid = _live_forms(cursor, month, site)
        if valid is not None and screening.slot_rows[number] > valid:
            findings.append(_more(month, site, f"逐份登錄{screening.slot_rows[number]:,}份", f"有效問卷{valid:,}份"))
    return findings


def _tallied(cursor: duckdb.DuckDBPyConnection, screening: Screening, batch: int) -> list[Finding]:
    rows = _rows(
        cursor,
        "select date_trunc('month', month), site, question, option, max(_row), sum(n) from raw.survey_tally where _batch_id = ? group by all order by all",
        [batch],
    )
    forms = {(month, site, option): int(n) for month, site, question, option, _, n in rows if question == _FORMS}
    findings: list[Finding] = []
    answered: dict[tuple[date, int, int], tuple[int, int]] = {}
    for month, site, question, _, row, n in rows:
        if question != _FORMS:
            last, total = answered.get((month, site, question), (0, 0))
            answered[(month, site, question)] = max(last, row), total + int(n)
    for (month, site, _), (row, total) in answered.items():
        valid = forms.get((month, site, _VALID))
        if valid is not None and total > valid:
            found = f"這一題的答案合計{total:,}份，多於有效問卷{valid:,}份"
            findings.append(Finding.of("E-SUM", "file", row=row, found=found, expected="不多於有效份數", mend="請查明後改正，重新上傳"))
    codes = {entry["number"]: entry["code"] for entry in sites()}
    for month, site in sorted({(month, site) for month, site, _ in forms}):
        sent, returned, valid, invalid = (forms.get((month, site, option)) for option in (_SENT, _RETURNED, _VALID, _INVALID))
        code = str(codes.get(site, ""))
        if sent is not None and returned is not None and returned > sent:
            findings.append(_more(month, code, f"回收{returned:,}份", f"發出{sent:,}份"))
        if returned is not None and valid is not None and valid + (invalid or 0) > returned:
            findings.append(_more(month, code, f"有效與無效共{valid + (invalid or 0):,}份", f"回收{returned:,}份"))
        single = _rows(
            cursor, "select sum(row_count) from ledger.live_slot where dataset = 'survey_response' and month = ? and site_code = ?", [month, code]
        )[0][0]
        if valid is not None and single is not None and int(single) > valid:
            findings.append(_more(month, code, f"已登錄的問卷{int(single):,}份", f"有效問卷{valid:,}份"))
    return findings


def _live_forms(cursor: duckdb.DuckDBPyConnection, month: date, site: str) -> int | None:
    rows = _rows(
        cursor,
        """select sum(raw.n) from raw.survey_tally as raw
        inner join ledger.live_slot on live_slot.slot = raw._slot and live_slot.dataset = 'survey_tally'
        where live_slot.month = ? and live_slot.site_code = ? and raw.question = ? and raw.option = ?""",
        [month, site, _FORMS, _VALID],
    )
    return None if rows[0][0] is None else int(rows[0][0])


def _more(month: date, site: str, more: str, than: str) -> Finding:
    place = next((str(entry["name"]) for entry in sites() if entry["code"] == site), "")
    return Finding.of("W-BIZ-21", "ask", found=f"{period.roc_month(month)}{place}{more}，多於{than}", expected="前後相符的份數", mend="請查明份數，無誤請確認")


def _rows(cursor: duckdb.DuckDBPyConnection, text: str, parameters: Sequence[Any] = ()) -> list[Any]:
    return cursor.execute(text, list(parameters)).fetchall()
