"""The two calendars: what years they have in common, and in which of them a cell is written."""

from __future__ import annotations

import re
from datetime import timedelta, timezone
from typing import Literal

from warehouse.numerals import CHINESE_NUMERALS, chinese_digits, clean

Calendar = Literal["roc", "ad"]

FIRST_YEAR, LAST_YEAR = 1990, 2100
ROC_OFFSET = 1911
TAIPEI = timezone(timedelta(hours=8), "Asia/Taipei")

_CALENDARS: tuple[tuple[str, Calendar], ...] = (("中華民國", "roc"), ("民國", "roc"), ("西元", "ad"), ("公元", "ad"))

ENGLISH_MONTHS = (
    "january", "february", "march", "april", "may", "june", "july", "august", "september", "october", "november", "december",
)  # fmt: skip


def calendar_of(body: str) -> tuple[Calendar | None, str]:
    """The calendar that the text begins with the name of, and the text behind it."""
    for word, calendar in _CALENDARS:
        if body.startswith(word):
            return calendar, body[len(word) :].strip()
    return None, body


def written_calendar(text: str) -> Calendar | None:
    """Tell in which calendar the year of a date or month cell is written, `roc` or `ad`; None if no year can be told.

    For the question whether one column mixes both (W-DAT-12). Refuses nothing.
    """
    calendar, rest = calendar_of(clean(text).lstrip("'’ "))
    if calendar:
        return calendar
    if re.search("[A-Za-z]{3}", rest):
        return "ad" if rest[-2:].isdigit() else None
    leading = re.match(f"[0-9{CHINESE_NUMERALS}]{{2,10}}", rest)
    digits = chinese_digits(leading[0]) if leading else None
    if not digits:
        return None
    if len(digits) in (4, 8) or (len(digits) == 6 and digits[:2] in ("19", "20", "21")):
        return "ad"
    is_roc = len(digits) in (3, 6, 7) or (len(digits) == 2 and int(digits) >= 79) or (len(digits) == 5 and int(digits) < 20_000)
    return "roc" if is_roc else None
