"""From one day to another."""

from __future__ import annotations

import re
from datetime import date

from warehouse.errors import Reading
from warehouse.period.cell import NUMERAL, checked_text, digits_of, number_of, tightened, two_digits
from warehouse.period.days import read_day, without_weekday
from warehouse.period.refusal import expects, refuse
from warehouse.period.shapes import MONTH_DAY, SIGNED_PAIR
from warehouse.period.years import day_of

_BETWEEN = re.compile(" *(?:起?[至到]|[~〜∼–—―]| - ) *")
_DAY_ALONE = re.compile(f"({NUMERAL})[日號]|([0-9]{{1,2}})")


@expects("日期或起訖日期，例如105年1月18日至2月3日")
def parse_date_range(text: str) -> Reading[tuple[date, date]]:
    """Read a first and last day; year and month may be left out in the second; a single day is both.

    Forms: 105年1月18日至2月3日, 105年2月18日至19日, 105/1/18-2/3, 105.1.18~105.2.3, 自…起至…止.
    Asks and refusals: those of `parse_date` for either end; E-DAT-17 also if the end is before the start.
    """
    first_text, last_text = _halves(checked_text(text))
    first = read_day(first_text, None, True)
    last = first if last_text is None else _second_day(without_weekday(last_text)[0], first.value)
    if last.value < first.value:
        refuse("E-DAT-17", "結束日早於開始日，跨年請寫出年份，改正後重新上傳")
    return Reading((first.value, last.value), first.ask or last.ask)


def _halves(body: str) -> tuple[str, str | None]:
    """The two ends; a hyphen parts them only where it is the only one (2016-01-18 is one day)."""
    core = body.removeprefix("自").removeprefix("從").removesuffix("止").strip()
    parts = _BETWEEN.split(core)
    if len(parts) == 1 and core.count("-") == 1:
        parts = core.split("-")
    if len(parts) > 2 or not all(parts):
        refuse("E-DAT-01")
    return parts[0], parts[1] if len(parts) == 2 else None


def _second_day(text: str, first: date) -> Reading[date]:
    tight = tightened(text)
    if found := _DAY_ALONE.fullmatch(tight):
        return Reading(day_of(first.year, first.month, number_of(found[1] or found[2])))
    found = MONTH_DAY.fullmatch(tight) or SIGNED_PAIR.fullmatch(tight)
    if found:
        return Reading(day_of(first.year, number_of(found[1]), two_digits(digits_of(found[found.lastindex or 2]))))
    return read_day(text, None, True)
