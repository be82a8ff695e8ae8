"""The sample files read a second way: nothing of the product reads, decodes, parses or counts here.

Shared by the tests that recompute figures. It knows the shapes of `warehouse/samples` and no others; what it does not know it raises.
"""

from __future__ import annotations

import csv
import io
import re
import unicodedata
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, timedelta
from fractions import Fraction
from functools import cache
from pathlib import Path

SAMPLES = Path(__file__).parents[1] / "warehouse" / "samples"
SITES = {"宜蘭": "yilan", "基隆": "keelung"}
SITE_HEADINGS = ("服務處所", "服務地點", "地點")
NOT_ROWS = ("合計", "累計", "平均", "備註", "填表人", "資料截止日")

#: The column that says to which month a row of a table belongs; the wide inquiry table has it in its header.
DATED_BY = {
    "attitude_score": "月份",
    "edoc_monthly": "月份",
    "facility_fact": "啟用日期",
    "feedback_case": "收件日期",
    "maintenance_log": "維護日期",
    "meeting": "日期",
    "noon_service": "日期",
    "office_calendar": "西元日期",
    "outreach_event": "活動日期",
    "payment_monthly": "月份",
    "phone_test": ("測試日期", "日期"),
    "social_aid_case": "通報日期",
    "survey_response": "填表日期",
    "survey_tally": "月份",
    "training_session": "日期",
    "update_log": "上網日期",
    "web_check": "檢測日期",
    "web_traffic_monthly": "統計月份",
}


@dataclass(frozen=True)
class Row:
    """A row of a sample file: its month, its site (None: the table or the row names none), its cells by heading, the title above it."""

    month: date
    site: str | None
    cells: dict[str, str]
    title: str

    def __getitem__(self, heading: str) -> str:
        return self.cells.get(heading, "")

    def number(self, heading: str) -> Fraction | None:
        """The number of a cell, None where it is blank."""
        return number(self[heading])

    def days(self, *headings: str) -> tuple[date, date]:
        """First and last day of the first of these columns that the row has."""
        return span(next(self[heading] for heading in headings if self[heading]))

    def reads(self, **cells: str | tuple[str, ...]) -> bool:
        """Whether each named cell holds this word, or one of these."""
        return all(self[heading] in ((words,) if isinstance(words, str) else words) for heading, words in cells.items())


@cache
def table(dataset: str) -> tuple[Row, ...]:
    """All rows of all files of a dataset; titles, totals, averages and notes are left out."""
    found = tuple(row for path in sorted((SAMPLES / dataset).glob("*.csv")) for row in _rows(dataset, grid(path)))
    if not found:
        raise ValueError(f"no sample of {dataset}")
    return found


def grid(path: Path) -> list[list[str]]:
    """The cells of a file, full-width digits and signs made plain."""
    data = path.read_bytes()
    if data.startswith((b"\xff\xfe", b"\xfe\xff")):
        text = data.decode("utf-16")
    else:
        try:
            text = data.decode("utf-8-sig")
        except UnicodeDecodeError:
            text = data.decode("cp950")
    lines = csv.reader(io.StringIO(text, newline=""), delimiter="\t" if "\t" in text else ",")
    return [[unicodedata.normalize("NFKC", cell).strip() for cell in line] for line in lines]


def _rows(dataset: str, cells: list[list[str]]) -> Iterator[Row]:
    top = next(index for index, line in enumerate(cells) if sum(map(bool, line)) > 2)
    title = "".join("".join(line) for line in cells[:top])
    for line in cells[top + 1 :]:
        if not any(line) or line[0].startswith(NOT_ROWS):
            continue
        named = dict(zip(cells[top], line, strict=True))
        months = {heading: text for heading, text in named.items() if re.fullmatch(r"\d+月", heading)}
        if months:
            year = _year(re.findall(r"\d+", title)[0])
            for heading, text in months.items():
                yield Row(date(year, int(heading[:-1]), 1), None, {cells[top][0]: line[0], "件數": text}, title)
        else:
            yield Row(_month(named, DATED_BY[dataset]), _site(named), named, title)


def _site(named: dict[str, str]) -> str | None:
    return next((SITES[named[heading]] for heading in SITE_HEADINGS if named.get(heading) in SITES), None)


def _month(named: dict[str, str], headings: str | tuple[str, ...]) -> date:
    heading = next(heading for heading in ((headings,) if isinstance(headings, str) else headings) if heading in named)
    return month(named[heading]) if heading.endswith("月份") else span(named[heading])[0].replace(day=1)


# --- cells ------------------------------------------------------------------------------------------------------------------


def number(text: str) -> Fraction | None:
    """4,861 · 18.5 · 2,911萬0,442 · blank is None."""
    text = text.replace(",", "")
    if not text:
        return None
    total = Fraction(0)
    for word, worth in (("億", 10**8), ("萬", 10**4)):
        high, found, rest = text.partition(word)
        if found:
            total, text = total + Fraction(high) * worth, rest
    return total + Fraction(text or 0)


def month(text: str) -> date:
    """105年8月 · 105/08 · 10508 · 105年08月份"""
    digits = re.findall(r"\d+", text)
    year, number = (digits[0][:-2], digits[0][-2:]) if len(digits) == 1 else digits
    return date(_year(year), int(number), 1)


def span(text: str) -> tuple[date, date]:
    """First and last day: 105.3.7 · 1050307 · 20160307 · 105年1月18日至2月3日 · 105年2月18日至19日"""
    first_text, _, last_text = text.partition("至")
    digits = re.findall(r"\d+", first_text)
    if len(digits) == 1:
        digits = [digits[0][:-4], digits[0][-4:-2], digits[0][-2:]]
    first = date(_year(digits[0]), int(digits[1]), int(digits[2]))
    rest = [int(part) for part in re.findall(r"\d+", last_text)]
    if not rest:
        return first, first
    if len(rest) == 1:
        return first, first.replace(day=rest[0])
    if len(rest) == 2:
        return first, first.replace(month=rest[0], day=rest[1])
    return first, date(_year(rest[0]), rest[1], rest[2])


def hours(start: str, end: str) -> Fraction:
    """From 9:00 to 11:30: 5/2."""
    begin, finish = (60 * int(clock.split(":")[0]) + int(clock.split(":")[1]) for clock in (start, end))
    return Fraction(finish - begin, 60)


def _year(digits: str | int) -> int:
    return int(digits) + 1911 if int(digits) < 1000 else int(digits)


# --- days -------------------------------------------------------------------------------------------------------------------


def last_day(of: date) -> date:
    """The last day of a month."""
    return (of.replace(day=1) + timedelta(days=31)).replace(day=1) - timedelta(days=1)


def days(first: date, last: date) -> list[date]:
    """Every day from first to last."""
    return [first + timedelta(days=n) for n in range((last - first).days + 1)]


@cache
def _calendar() -> dict[date, bool]:
    return {row.days("西元日期")[0]: row["是否放假"] == "0" for row in table("office_calendar")}


def working_days(after: date, until: date) -> int:
    """Office days from the day after the one to the other, that one counted; Monday to Friday beyond the calendar."""
    return sum(_calendar().get(day, day.weekday() < 5) for day in days(after + timedelta(days=1), until))
