"""One quarter."""

from __future__ import annotations

import re

from warehouse.period.calendars import calendar_of
from warehouse.period.cell import LOOSE_SPACE, NUMERAL, checked_text, digits_of, number_of
from warehouse.period.refusal import expects, refuse
from warehouse.period.windows import Quarter
from warehouse.period.years import given_year, year_of

_QUARTER_IN_WORDS = re.compile(f"({NUMERAL})(?:年度?第?|第)({NUMERAL})季度?")
_QUARTER_LETTER = re.compile(f"({NUMERAL})(?:年度?)?[-/.]?[Qq]([0-9]{{1,2}})")
_QUARTER_ALONE = re.compile(f"第?({NUMERAL})季度?|[Qq]([0-9]{{1,2}})")


@expects("季別，例如105年第3季、105Q3")
def parse_quarter(text: str, *, year: int | None = None) -> Quarter:
    """Read a quarter: 105Q3, 105年第3季, 105年度第三季, 2016Q3, 民國105年第3季度.

    year: the year (AD, or ROC below 1000) for 第三季 and Q3; the caller then asks W-DAT-10.
    Refused (CellError): E-DAT-08 no quarter, or Q5; E-DAT-10 no year; impossible years as in `parse_date`.
    """
    calendar, rest = calendar_of(LOOSE_SPACE.sub("", checked_text(text)))
    if found := _QUARTER_IN_WORDS.fullmatch(rest) or _QUARTER_LETTER.fullmatch(rest):
        number = _quarter_number(found[2])
        return Quarter(year_of(digits_of(found[1]), calendar, in_words=True), number)
    if found := _QUARTER_ALONE.fullmatch(rest):
        number = _quarter_number(found[1] or found[2])
        return Quarter(given_year(year), number)
    refuse("E-DAT-08", "請寫成105年第3季或105Q3後重新上傳")


def _quarter_number(token: str) -> int:
    number = number_of(token)
    return number if 1 <= number <= 4 else refuse("E-DAT-08", "季別只有第1季到第4季，請核對後重新上傳")
