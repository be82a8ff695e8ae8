"""Days, months and hours as the office writes them."""

from __future__ import annotations

from datetime import date, time

from warehouse.period.calendars import ENGLISH_MONTHS, ROC_OFFSET


def roc_date(day: date) -> str:
    """105年9月30日."""
    return f"{roc_month(day)}{day.day}日"


def roc_month(day: date) -> str:
    """105年9月."""
    return f"{day.year - ROC_OFFSET}年{day.month}月"


def english_date(day: date) -> str:
    """30 Sep 2016."""
    return f"{day.day} {english_month(day)}"


def english_month(day: date) -> str:
    """Sep 2016."""
    return f"{english_short(day)} {day.year}"


def english_short(day: date) -> str:
    """Sep."""
    return ENGLISH_MONTHS[day.month - 1][:3].capitalize()


def roc_short(day: date) -> str:
    """105/09/30, for tables."""
    return f"{day.year - ROC_OFFSET}/{day.month:02d}/{day.day:02d}"


def clock_in_words(moment: time) -> str:
    """上午9時, 下午2時30分, 中午12時."""
    half = "中午" if moment.hour == 12 else "上午" if moment.hour < 12 else "下午"
    minutes = f"{moment.minute}分" if moment.minute else ""
    return f"{half}{moment.hour - 12 if moment.hour > 12 else moment.hour}時{minutes}"


def hours_in_words(start: time, end: time) -> str:
    """上午9時至12時, 下午2時至5時: the half of the day is said once where both ends lie in it."""
    first, last = clock_in_words(start), clock_in_words(end)
    if last.startswith("中午") or last[:2] == first[:2]:
        last = last[2:]
    return f"{first}至{last}"
