"""Tables of the ledger that are not loads (texts and issues of reports, decisions on old ones): rows are only ever added, and each is also a line of `journal.jsonl`.

The lines stand beside the receipts: from both, with the kept files, the warehouse can be made again.
"""

from __future__ import annotations

import json
import os
from datetime import date, datetime
from pathlib import Path
from typing import Any

import duckdb

from warehouse.store import query

#: The tables kept, each with an `id` that grows by one.
TABLES = ("report_text", "report_issue", "reconcile_decision")


def journal_path(folder: Path) -> Path:
    """Where the lines are kept."""
    return folder / "journal.jsonl"


def add(cursor: duckdb.DuckDBPyConnection, table: str, values: dict[str, Any]) -> int:
    """Add a row under the next id, in the caller's transaction; the id is returned. `write` puts it on disk after the commit."""
    row = cursor.execute(f"select coalesce(max(id), 0) + 1 from ledger.{table}").fetchone()
    assert row is not None
    named = {"id": int(row[0]), **values}
    cursor.execute(f"insert into ledger.{table} ({', '.join(named)}) values ({', '.join('?' for _ in named)})", list(named.values()))
    return int(named["id"])


def write(folder: Path, cursor: duckdb.DuckDBPyConnection) -> int:
    """Write the lines that are missing; returns how many. A line half written by a crash is cut off first."""
    newest = dict.fromkeys(TABLES, 0)
    for line in _lines(folder):
        newest[line["table"]] = max(newest[line["table"]], line["row"]["id"])
    fresh = [
        {"table": table, "row": row} for table, last in newest.items() for row in query(cursor, f"select * from ledger.{table} where id > ? order by id", [last])
    ]
    if not fresh:
        return 0
    path = journal_path(folder)
    with path.open("ab") as stream:
        if stream.tell() and not path.read_bytes().endswith(b"\n"):
            stream.truncate(path.read_bytes().rfind(b"\n") + 1)
        stream.write("".join(json.dumps(line, ensure_ascii=False, sort_keys=True, default=_plain) + "\n" for line in fresh).encode())
        stream.flush()
        os.fsync(stream.fileno())
    return len(fresh)


def replay(folder: Path, cursor: duckdb.DuckDBPyConnection) -> int:
    """Put the lines of `folder` into a warehouse that lacks them, in the caller's transaction; returns how many."""
    count = 0
    for line in _lines(folder):
        found = cursor.execute(f"select 1 from ledger.{line['table']} where id = ?", [line["row"]["id"]]).fetchone()
        if found is None:
            row = line["row"]
            cursor.execute(f"insert into ledger.{line['table']} ({', '.join(row)}) values ({', '.join('?' for _ in row)})", list(row.values()))
            count += 1
    return count


def _lines(folder: Path) -> list[dict[str, Any]]:
    path = journal_path(folder)
    if not path.exists():
        return []
    whole = path.read_bytes().decode("utf-8", "replace").split("\n")[:-1]
    return [line for text in whole if text and (line := _parse(text))]


def _parse(text: str) -> dict[str, Any] | None:
    try:
        line = json.loads(text)
    except json.JSONDecodeError:
        return None
    return line if isinstance(line, dict) and line.get("table") in TABLES and isinstance(line.get("row"), dict) and "id" in line["row"] else None


def _plain(value: Any) -> str:
    assert isinstance(value, date | datetime)
    return value.isoformat()
