"""The text blocks: one for each heading, in the office's own words, figures as placeholders. A first set is shipped; what the office writes is kept
with its history, and a new quarter begins with the text of the last one.

A block is lines. `# ` is an item 1., `## ` an item （1）, `### ` an item ○1, `= ` a subheading, anything else body text. `{indicator}` becomes the
figure, `{indicator:目標}` its target, `{截至}` `{截止日}` `{期間}` `{季別}` the time; `{list:…}`, `{compare:…}`, `{chart:…}`, `{table:…}` what is made from rows and figures.
"""

from __future__ import annotations

import re
import tomllib
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime
from functools import cache
from pathlib import Path

import duckdb

from warehouse import journal, ledger
from warehouse.errors import DefinitionError, UsageError
from warehouse.indicators import all_indicators, award_headings
from warehouse.period import Quarter
from warehouse.report.lists import ITEMS, PHRASES
from warehouse.report.monthly import MONTHLY
from warehouse.store import Warehouse, query

FOLDER = Path(__file__).parent / "blocks"

#: Words in braces that stand for time.
TIMES = ("截至", "截止日", "期間", "季別")
#: What a placeholder with a colon may begin with.
MADE = ("list", "compare", "chart", "table")
GOAL = "目標"
PLACEHOLDER = re.compile(r"\{([^{}\n]*)\}")
#: A line that is one of these and nothing else.
ALONE = re.compile(r"\{(list|compare|chart|table):([^{}]*)\}")
LONGEST_TEXT = 20_000

_MARKS = (("### ", 3), ("## ", 2), ("# ", 1))


@dataclass(frozen=True)
class Line:
    """A line of a block: depth 0 to 3, whether it is a subheading, its text with placeholders."""

    text: str
    depth: int = 0
    strong: bool = False


@dataclass(frozen=True)
class Change:
    """A heading whose text is not what it was a quarter before."""

    heading: str
    before: str
    after: str
    by: str
    at: datetime


@dataclass(frozen=True)
class Version:
    """One saved text of a heading."""

    id: int
    quarter: str
    heading: str
    text: str
    by_name: str
    at_utc: datetime


@cache
def shipped() -> dict[str, str]:
    """The first set: heading → text, in the award's order. A heading that is not in the award's tree is a `DefinitionError`."""
    found: dict[str, str] = {}
    for path in sorted(FOLDER.glob("*.toml")):
        with path.open("rb") as stream:
            for heading, block in tomllib.load(stream).items():
                if heading not in award_headings():
                    raise DefinitionError(f"{path.name}：標題「{heading}」不在 award.toml 的標題中")
                found[heading] = block.strip()
    return {heading: found[heading] for heading in award_headings() if heading in found}


def texts(cursor: duckdb.DuckDBPyConnection, quarter: Quarter, upto: int | None = None) -> dict[str, str]:
    """Heading → text of a quarter: the newest of this quarter, else of the quarters before it, else the one shipped.

    upto: as it stood when this was the newest id of the texts.
    """
    rows = query(
        cursor,
        "select heading, arg_max(text, row(quarter, id)) as text from ledger.report_text where quarter <= ? and id <= coalesce(?, id) group by heading",
        [quarter_key(quarter), upto],
    )
    saved = {row["heading"]: row["text"] for row in rows}
    return {heading: saved.get(heading, shipped().get(heading, "")) for heading in award_headings()}


def newest_text(cursor: duckdb.DuckDBPyConnection) -> int:
    """The id of the newest saved text; 0 where nothing was saved."""
    row = cursor.execute("select coalesce(max(id), 0) from ledger.report_text").fetchone()
    assert row is not None
    return int(row[0])


def history(cursor: duckdb.DuckDBPyConnection, quarter: Quarter, heading: str) -> list[Version]:
    """Every saved text of a heading up to a quarter, newest first."""
    rows = query(cursor, "select * from ledger.report_text where heading = ? and quarter <= ? order by quarter desc, id desc", [heading, quarter_key(quarter)])
    return [Version(**row) for row in rows]


def save_text(warehouse: Warehouse, quarter: Quarter, heading: str, text: str, *, by: str) -> int:
    """Keep a text of a heading for a quarter; the earlier ones stay. Returns its id, 0 where nothing changed.

    Unknown heading, a text too long or a placeholder that stands for nothing: `UsageError`.
    """
    text = "\n".join(line.rstrip() for line in text.replace("\r\n", "\n").split("\n")).strip()
    if heading not in award_headings():
        raise UsageError(f"沒有「{heading}」這個標題")
    if len(text) > LONGEST_TEXT:
        raise UsageError(f"這一段有{len(text):,}字，超過{LONGEST_TEXT:,}字的上限")
    unknown = unknown_placeholders(text)
    if unknown:
        raise UsageError(f"看不懂的代碼：{'、'.join('{' + name + '}' for name in unknown)}；請由指標清單選取")
    with warehouse.writing(None) as cursor:
        if texts(cursor, quarter)[heading] == text:
            return 0
        stamp = ledger.Stamp.now().at_utc
        identity = journal.add(cursor, "report_text", {"quarter": quarter_key(quarter), "heading": heading, "text": text, "by_name": by, "at_utc": stamp})
    with warehouse.reading() as cursor:
        journal.write(warehouse.folder, cursor)
    return identity


def changes_since_last_quarter(cursor: duckdb.DuckDBPyConnection, quarter: Quarter) -> list[Change]:
    """What was rewritten this quarter, in the award's order."""
    now, before = texts(cursor, quarter), texts(cursor, quarter.previous())
    newest = {version.heading: version for row in query(cursor, "select * from ledger.report_text where quarter = ? order by id", [quarter_key(quarter)]) for version in [Version(**row)]}
    return [
        Change(heading, before[heading], text, newest[heading].by_name, newest[heading].at_utc)
        for heading, text in now.items()
        if text != before[heading] and heading in newest
    ]


def lines(text: str) -> list[Line]:
    """A block as lines; empty ones are left out."""
    found = []
    for raw in text.split("\n"):
        line = raw.strip()
        if not line:
            continue
        mark = next(((mark, depth) for mark, depth in _MARKS if line.startswith(mark)), None)
        if mark:
            found.append(Line(line.removeprefix(mark[0]).strip(), mark[1]))
        elif line.startswith("= "):
            found.append(Line(line.removeprefix("= ").strip(), strong=True))
        else:
            found.append(Line(line))
    return found


def placeholders(text: str) -> list[str]:
    """What stands in braces, in order."""
    return PLACEHOLDER.findall(text)


def unknown_placeholders(text: str) -> list[str]:
    """Those that stand for nothing we know, and braces that do not pair."""
    made: dict[str, Iterable[str]] = {"list": [*ITEMS, *PHRASES], "compare": all_indicators(), "chart": [*MONTHLY, "survey"], "table": [*MONTHLY, "survey", "time", "growth"]}
    unknown = []
    for name in placeholders(text):
        head, found, tail = name.partition(":")
        known = name in TIMES or name in all_indicators() if not found else tail in made.get(head, ()) or (head in all_indicators() and tail == GOAL)
        if not known:
            unknown.append(name)
    rest = PLACEHOLDER.sub("", text)
    return unknown + [char for char in "{}" if char in rest]


def quarter_key(quarter: Quarter) -> str:
    """105Q3 as 2016Q3: as it is kept, and sorts as time does."""
    return f"{quarter.year}Q{quarter.number}"


def quarter_of(key: str) -> Quarter:
    """The quarter of a key."""
    year, number = key.split("Q")
    return Quarter(int(year), int(number))
