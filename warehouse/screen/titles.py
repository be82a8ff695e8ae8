"""What titles and the file's name tell of a table: its year, month and office, the unit of its amounts."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from datetime import date

from warehouse import period
from warehouse.datasets import Long, Money, sites
from warehouse.errors import CellError, Finding, quote
from warehouse.intake import Sheet, Source, heading_key
from warehouse.screen.table import Table

_MONTH = re.compile(r"([0-9]{2,4})年(?:度)?([0-9]{1,2})月")
_PRINTED_ON = re.compile("產生|產製|列印|印製|印表|製表|匯出|下載")
_YEARS = (
    re.compile(r"([0-9]{2,4})年(?:度)?(?:第?[1-4一二三四]季|[0-9]{1,2}月|[上下]半年)"),
    re.compile(r"([0-9]{2,4})年度"),
    re.compile(r"([0-9]{2,4})年"),
)
_LARGE_UNIT = re.compile("單位[:：]?[^元]{0,6}[千仟萬億]元")
_BRANCH = re.compile(r"[\u4e00-\u9fff]{2}分署")


def years_told(sheet: Sheet, source: Source) -> list[int]:
    """The years that titles and file name speak of, the likeliest first: with a quarter or month, then 年度, then bare; never of printing."""
    texts = [heading_key(text) for text in (*sheet.titles, source.name)]
    texts = [text for text in texts if not _PRINTED_ON.search(text)]
    found = [int(match.group(1)) for pattern in _YEARS for text in texts for match in pattern.finditer(text)]
    years = [year if year >= 1990 else year + 1911 for year in found]
    return list(dict.fromkeys(year for year in years if 1990 <= year <= 2100))


def which_year(year: int) -> Finding:
    """`W-DAT-10`: titles and file name speak of several years, of which this one was taken."""
    return Finding.of(
        "W-DAT-10", "ask", found=f"標題與檔名提到不只一個年度，這裡當作{year - 1911}年", expected="一個年度", mend="請確認年度，或在標題列只寫這份資料的年度"
    )


def large_units(sheet: Sheet, layout: Long) -> list[Finding]:
    """A unit over the table is part of the meaning: amounts in thousands are not taken for dollars."""
    if not any(isinstance(column.kind, Money) for column in layout.columns):
        return []
    return [
        Finding.of(
            "E-UNIT", "file", value=title, found=f"標題寫「{quote(title)}」，金額不是以元為單位", expected="以元為單位的金額", mend="請換算成元後重新上傳"
        )
        for title in sheet.titles
        if _LARGE_UNIT.search(heading_key(title))
    ]


def contradictions(table: Table, months: Sequence[date]) -> Iterator[Finding]:
    """`W-TITLE`: a title of another office, a title or file name of another month than the rows."""
    for title in table.sheet.titles:
        yield from _other_office(title)
        yield from _other_month(title, "標題", months)
    yield from _other_month(table.source.name, "檔名", months)


def _other_office(title: str) -> Iterator[Finding]:
    plain = heading_key(title)
    branches = set(_BRANCH.findall(plain))
    ours = {site["branch"] for site in sites()}
    if branches and not any(branch in our or our in branch for branch in branches for our in ours) and not any(our in plain for our in ours):
        expected = f"{'、'.join(sorted(ours))}的資料"
        yield Finding.of("W-TITLE", "ask", value=title, found=f"標題寫的是「{quote(title)}」", expected=expected, mend="請確認沒有選錯檔案")


def _other_month(title: str, where: str, months: Sequence[date]) -> Iterator[Finding]:
    month = _month_told(title)
    if month and months and month not in months:
        words = "、".join(period.roc_month(month) for month in months[:4]) + ("等" if len(months) > 4 else "")
        found = f"{where}寫{period.roc_month(month)}，資料是{words}"
        yield Finding.of("W-TITLE", "ask", value=title, found=found, expected=f"{where}與資料同一月份", mend="請確認沒有選錯檔案")


def _month_told(title: str) -> date | None:
    plain = heading_key(title)
    match = _MONTH.search(plain)
    if not match or _PRINTED_ON.search(plain):
        return None
    try:
        return period.parse_month(match.group(0)).value
    except CellError:
        return None
