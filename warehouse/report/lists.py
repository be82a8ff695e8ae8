"""Sentences made from rows: who is stationed where, events, lectures, blood donations, training, referrals. Free text of a row is never printed."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from datetime import date, time
from decimal import Decimal
from typing import Any

from warehouse import period, scorecard
from warehouse.indicators import all_indicators
from warehouse.report.parts import Run
from warehouse.report.rows import Row

Item = tuple[Run, ...]

#: How an item of the facility table begins that tells who is stationed.
_STATIONED = "駐處人員:"


@dataclass(frozen=True)
class Material:
    """What lists are made from: the rows of a dataset by its name, and the last day of the period."""

    rows: Callable[[str], list[Row]]
    last_day: date


def stationed(rows: Iterable[Row], site: str, on: date) -> list[Item]:
    """Who is stationed at a site on a day, one item for each agency, with the days of the week where they are told."""
    return [_items(row["item"].removeprefix(_STATIONED), _amount(row, "value", "人"), _schedule(row["text_value"])) for row in standing(rows, site, on)]


def standing(rows: Iterable[Row], site: str, on: date) -> list[Row]:
    """The rows of the facility table that tell who is stationed at a site on a day: of each agency the newest, unless it has ended."""
    newest: dict[str, Row] = {}
    for row in rows:
        if row["item"].startswith(_STATIONED) and row["site_code"] == site and row["valid_from"] <= on:
            newest[row["item"]] = row
    return [row for row in newest.values() if row["valid_to"] is None or row["valid_to"] >= on]


def charity(rows: Iterable[Row]) -> list[Item]:
    """公益關懷, one item for each event."""
    return [_charity(row) for row in _by_day(rows, "charity")]


def promotion(rows: Iterable[Row]) -> list[Item]:
    """Lectures, tax promotion and blood donation in the order of their days."""
    sentences: dict[str, Callable[[Row], Item]] = {"blood": _blood, "lecture": _lecture, "tax_promotion": _tax_promotion}
    return [sentences[row["category"]](row) for row in _by_day(rows, *sentences)]


def training(rows: Iterable[Row]) -> list[Item]:
    """Training, one item for each session."""
    return [_session(row) for row in sorted(rows, key=lambda row: (row["date"], row["start_time"] or time.min))]


def notified(rows: Iterable[Row]) -> Item:
    """Agencies that were notified of cases of social aid, with how many."""
    return _counted((row["notified_agency"] for row in rows), "stg_social_aid_case")


def referred(rows: Iterable[Row]) -> Item:
    """Agencies that cases were referred to, with how many."""
    return _counted((row[f"referral_{number}"] for row in rows for number in (1, 2, 3)), "mart_social_aid_referrals")


def benchmark(rows: Iterable[Row]) -> Item:
    """The days of the visits to other agencies, in brackets; nothing where there was none."""
    days = [days_in_words(row["start_date"], row["end_date"]) for row in rows if row["type"] == "benchmark_visit"]
    return (Run(f"（{'、'.join(days)}）"),) if days else ()


def days_in_words(start: date, end: date | None) -> str:
    """105年3月3日, 105年2月18日至19日, 105年1月18日至2月3日, 105年12月30日至106年1月2日."""
    if end is None or end == start:
        return period.roc_date(start)
    if end.year != start.year:
        return f"{period.roc_date(start)}至{period.roc_date(end)}"
    return f"{period.roc_date(start)}至{f'{end.month}月' if end.month != start.month else ''}{end.day}日"


def _charity(row: Row) -> Item:
    days, who = days_in_words(row["start_date"], row["end_date"]), row["participants"] or "同仁"
    where = f"於{row['place']}" if row["place"] else ""
    if (row["sessions"] or 0) > 1:
        return _items(f"{days}{where}參與{_titled(row)}", _amount(row, "sessions", "場次"), f"，{who}共計", _amount(row, "persons", "人次"), "。")
    served = ("，受益", _amount(row, "beneficiaries", "戶")) if row["beneficiaries"] else ()
    return _items(f"{days}指派{who}", _amount(row, "persons", "人"), f"，{where}參與{_titled(row)}", *served, "。")


def _blood(row: Row) -> Item:
    drawn = ("，捐血", _amount(row, "qty", row["qty_unit"] or "")) if row["qty"] else ()
    return _items(f"{days_in_words(row['start_date'], row['end_date'])}參加{_titled(row)}，{row['participants'] or '同仁'}", _amount(row, "persons", "人"), "參與", *drawn, "。")


def _lecture(row: Row) -> Item:
    return _items(f"{days_in_words(row['start_date'], row['end_date'])}指派{row['participants'] or '同仁'}至{row['partner'] or row['place']}講授「{_inner(row['title'])}」課程。")


def _tax_promotion(row: Row) -> Item:
    where = f"於{row['place']}" if row["place"] else ""
    return _items(f"{days_in_words(row['start_date'], row['end_date'])}{where}參加{row['partner'] or ''}租稅宣導活動「{_inner(row['title'])}」。")


def _session(row: Row) -> Item:
    hours = _hours(row)
    when = (f"{period.hours_in_words(row['start_time'], row['end_time'])}（", hours, "）") if hours else ()
    lecturers = ("，講師", _amount(row, "lecturers", "人")) if row["lecturers"] else ()
    return _items(period.roc_date(row["date"]), *when, f"辦理「{_inner(row['title'])}」", *lecturers, "，參加", _amount(row, "persons", "人次"), "。")


def _hours(row: Row) -> Run | None:
    if row["start_time"] is None or row["end_time"] is None:
        return None
    minutes = (row["end_time"].hour - row["start_time"].hour) * 60 + row["end_time"].minute - row["start_time"].minute
    return Run(scorecard.printed(Decimal(minutes) / 60, "小時") or "", row.figures.get("hours"))


def _by_day(rows: Iterable[Row], *categories: str) -> list[Row]:
    return sorted((row for row in rows if row["category"] in categories), key=lambda row: row["start_date"])


def _titled(row: Row) -> str:
    return f"{row['partner'] or ''}「{_inner(row['title'])}」"


def _inner(title: str) -> str:
    """Quotation marks inside quotation marks."""
    return title.replace("「", "『").replace("」", "』")


def _schedule(text: str | None) -> str:
    if not text:
        return ""
    return f"（{text}派駐）"


def _amount(row: Row, column: str, unit: str) -> Run:
    """A cell as it prints; in the unit of its own indicator where it has one."""
    name = row.figures.get(column)
    value = row[column]
    text = "—" if value is None else scorecard.printed(Decimal(value), all_indicators()[name].unit if name else unit)
    return Run(text or "—", name)


def _counted(names: Iterable[Any], mart: str) -> Item:
    counted = Counter(name for name in names if name)
    parts: list[Run] = []
    for name, count in sorted(counted.items(), key=lambda item: -item[1]):
        figure = next((other.id for other in all_indicators().values() if other.mart == mart and f"'{name}'" in (other.numerator or "")), None)
        parts += [Run(f"{'、' if parts else ''}{name}"), Run(scorecard.printed(Decimal(count), "件") or "", figure)]
    return tuple(parts)


def _items(*pieces: str | Run) -> Item:
    return tuple(Run(piece) if isinstance(piece, str) else piece for piece in pieces if piece)


#: What `{list:…}` on a line of its own becomes: one item for each row.
ITEMS: dict[str, Callable[[Material], list[Item]]] = {
    "stationed_yilan": lambda material: stationed(material.rows("facility_fact"), "yilan", material.last_day),
    "stationed_keelung": lambda material: stationed(material.rows("facility_fact"), "keelung", material.last_day),
    "charity": lambda material: charity(material.rows("outreach_event")),
    "promotion": lambda material: promotion(material.rows("outreach_event")),
    "training": lambda material: training(material.rows("training_session")),
}

#: What `{list:…}` inside a sentence becomes.
PHRASES: dict[str, Callable[[Material], Item]] = {
    "notified": lambda material: notified(material.rows("social_aid_case")),
    "referred": lambda material: referred(material.rows("social_aid_case")),
    "benchmark": lambda material: benchmark(material.rows("meeting")),
}

#: What each list is called where it is spoken of.
TITLES = {
    "stationed_yilan": "本分署駐處人員",
    "stationed_keelung": "基隆行政執行官辦公室駐處人員",
    "charity": "公益關懷",
    "promotion": "宣導、授課及捐血",
    "training": "教育訓練",
    "notified": "社會救助通報",
    "referred": "社會救助轉介",
    "benchmark": "標竿學習參訪",
}
