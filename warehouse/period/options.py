"""Months and quarters on a command line, and which day is today."""

from __future__ import annotations

import os
from datetime import date, datetime

from warehouse.errors import CellError, UsageError
from warehouse.period.calendars import TAIPEI
from warehouse.period.months import parse_month
from warehouse.period.quarters import parse_quarter
from warehouse.period.windows import Quarter

#: Environment variable that sets another today (YYYY-MM-DD).
TODAY_VARIABLE = "SERVICE_QUALITY_TODAY"


def parse_month_option(text: str) -> date:
    """Read a month on a command line (105-01, 2016-01, 105年1月, 10501) and give its first day; else UsageError."""
    try:
        reading = parse_month(text)
    except CellError as error:
        raise UsageError(f"看不懂月份「{text[:20]}」，請寫成105-01、2016-01或105年1月") from error
    if reading.ask:
        raise UsageError(f"月份「{text[:20]}」不明確，請寫成105-01、2016-01或105年1月")
    return reading.value


def parse_quarter_option(text: str) -> Quarter:
    """Read a quarter on a command line (105Q3, 2016Q3, 105年第3季); else UsageError."""
    try:
        return parse_quarter(text)
    except CellError as error:
        raise UsageError(f"看不懂季別「{text[:20]}」，請寫成105Q3或105年第3季") from error


def taipei_today() -> date:
    """Today in Taipei, or the day SERVICE_QUALITY_TODAY (YYYY-MM-DD) sets; UsageError if that is no day."""
    chosen = os.environ.get(TODAY_VARIABLE, "").strip()
    if not chosen:
        return datetime.now(TAIPEI).date()
    try:
        return datetime.strptime(chosen, "%Y-%m-%d").date()
    except ValueError as error:
        raise UsageError(f"環境變數{TODAY_VARIABLE}必須是YYYY-MM-DD，例如2016-10-05") from error
