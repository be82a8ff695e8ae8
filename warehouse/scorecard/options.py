"""Sites and windows as they are asked for."""

from __future__ import annotations

import duckdb

from warehouse import period
from warehouse.datasets import sites
from warehouse.errors import CellError, UsageError
from warehouse.intake.header import heading_key
from warehouse.period import Window
from warehouse.scorecard.figure import ALL_SITES
from warehouse.scorecard.snapshot import default_window


def site_code(text: str | None) -> str:
    """A site by any of its names, its code, or 全分署/all; anything else is a `UsageError`."""
    if text is None or heading_key(text) in ("all", "全分署", "全部"):
        return ALL_SITES
    for site in sites():
        if heading_key(text) in {heading_key(name) for name in (site["code"], site["name"], site["short"], *site["others"])}:
            return str(site["code"])
    raise UsageError(f"沒有「{text}」這個服務處所；可用：全分署、{'、'.join(site['short'] for site in sites())}")


def site_name(code: str) -> str:
    """What a site is called on screen."""
    return next((site["name"] for site in sites() if site["code"] == code), "全分署")


def window_option(
    cursor: duckdb.DuckDBPyConnection, *, quarter: str | None, window: str | None, start: str | None, end: str | None, as_of: int | None = None
) -> Window:
    """The window that options ask for: a quarter means year to date unless `window` is quarter; from/to exactly those; neither, year to date to the newest month."""
    if quarter and (start or end):
        raise UsageError("--quarter 與 --from／--to 不能同時使用")
    if window not in (None, "ytd", "quarter"):
        raise UsageError(f"--window「{window}」應為 ytd 或 quarter")
    try:
        if quarter:
            chosen = period.parse_quarter(quarter)
            return chosen.window if window == "quarter" else Window.year_to_quarter(chosen)
        if start or end:
            first = period.parse_month_option(start or end or "")
            last = period.parse_month_option(end or start or "")
            if first > last:
                raise UsageError("--from 不可晚於 --to")
            return Window(first, last)
    except CellError as error:
        raise UsageError(f"期間應為{error.expected}，例如 105Q3、105-01") from error
    found = default_window(cursor, as_of)
    if window == "quarter" and found is not None:
        return period.Quarter.of(found.end).window
    if found is None:
        today = period.taipei_today()
        return Window.year_to_date(today.replace(day=1))
    return found
