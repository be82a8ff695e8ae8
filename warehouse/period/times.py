"""A time of day."""

from __future__ import annotations

import re
from datetime import time, timedelta

from warehouse.errors import Reading
from warehouse.period.cell import LOOSE_SPACE, NUMERAL, checked_text, number_of
from warehouse.period.refusal import MEND, expects, refuse

_HALF = "上午|下午|早上|中午|晚上|凌晨|[AaPp]\\.?[Mm]\\.?"
_COLON_TIME = re.compile(
    rf"({_HALF})?([0-9]{{1,2}}):([0-9]{{1,2}})(?::([0-9]{{1,2}})(?:\.[0-9]{{1,9}})?)?({_HALF})?(Z|[+-][0-9]{{2}}:?[0-9]{{2}})?"
)
_WORD_TIME = re.compile(rf"({_HALF})?({NUMERAL})[時點](?:整|(半)|({NUMERAL})分?(?:({NUMERAL})秒)?)?")
_WITH_MIDNIGHT = ("上午", "AM", "凌晨")
_MORNINGS = (*_WITH_MIDNIGHT, "早上")

#: Where half of the day and hour do not go together.
_NO_HOUR = 24


@expects("時間，例如14:00、上午9時、下午2時30分")
def parse_time(text: str) -> Reading[time]:
    """Read a time of day: 14:00, 14:00:30, 上午9時, 下午2時30分, 09時00分, 下午 02:00, 下午2點半, 2:00 PM.

    Refused (CellError): E-DAT-32 no time of day (24:00, 25時, 上午13:00, and 上午12時, which may be noon or midnight);
    E-NUM-22 blank, E-NUM-27 odd digits, E-FORMULA.
    """
    return Reading(read_clock(checked_text(text))[0])


def read_clock(text: str) -> tuple[time, timedelta | None]:
    """A time of day, and its distance from UTC if a zone is written."""
    tight = LOOSE_SPACE.sub("", text)
    if found := _COLON_TIME.fullmatch(tight):
        before, hour, minute, second, behind, zone = found.groups()
        if before and behind:
            refuse("E-DAT-32")
        return _time_of(before or behind, int(hour), int(minute), int(second or 0)), _offset(zone)
    if found := _WORD_TIME.fullmatch(tight):
        half, hour, thirty, minute, second = found.groups()
        if half in _WITH_MIDNIGHT and number_of(hour) == 12:
            refuse("E-DAT-32", "可能是中午或半夜，請寫成12:00或00:00後重新上傳")
        return _time_of(half, number_of(hour), 30 if thirty else number_of(minute or "0"), number_of(second or "0")), None
    refuse("E-DAT-32")


def _time_of(half: str | None, hour: int, minute: int, second: int) -> time:
    try:
        return time(_hour_of_day((half or "").upper().replace(".", ""), hour), minute, second)
    except ValueError:
        refuse("E-DAT-32")


def _hour_of_day(half: str, hour: int) -> int:
    """The hour from 0 to 23; 下午14時 is taken as it stands; `_NO_HOUR` where half and hour do not go together."""
    if not half:
        return hour
    if half in _MORNINGS:
        midnight = hour == 12 and half in _WITH_MIDNIGHT
        return 0 if midnight else hour if hour < 12 else _NO_HOUR
    if half == "中午":
        return {11: 11, 12: 12, 1: 13}.get(hour, _NO_HOUR)
    if half == "晚上" and hour in (0, 12):
        return _NO_HOUR
    return hour + 12 if hour < 12 else hour


def _offset(zone: str | None) -> timedelta | None:
    if zone is None or zone == "Z":
        return None if zone is None else timedelta(0)
    hours, minutes = int(zone[1:3]), int(zone[-2:])
    if hours > 14 or minutes > 59:
        refuse("E-DAT-33", "時區寫法不明，" + MEND)
    return timedelta(hours=hours, minutes=minutes) * (-1 if zone[0] == "-" else 1)
