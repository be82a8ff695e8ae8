"""What the reconciliation screen asks of the warehouse, and what it has it keep."""

from __future__ import annotations

import hashlib
from collections.abc import Mapping
from dataclasses import dataclass, replace
from typing import Any

import streamlit as st

from pages import _data
from pages._data import Frame
from warehouse import decisions, published
from warehouse.decisions import Decision
from warehouse.indicators import all_indicators
from warehouse.load import LoadResult
from warehouse.period import Quarter, Window, month_range
from warehouse.reconcile import Row
from warehouse.report import reading
from warehouse.report.reading import Sum

#: How many years before the first month of data a printed report may be of.
_YEARS_BEFORE = 2

#: The outcomes in the order in which they want to be looked at.
OUTCOMES = ("differs", "rounding", "not_placed", "not_computed", "equal")


@dataclass(frozen=True)
class Reconciled:
    """A document against the warehouse. told: the months that it says itself it is of, as they are kept (2016-01..2016-09); None where it does not say."""

    name: str
    sha256: str
    quarter: Quarter
    rows: tuple[Row, ...]
    sums: tuple[Sum, ...]
    told: str | None

    @property
    def is_of_another_period(self) -> bool:
        """Whether it says of itself that it is of other months than the quarter's year to date."""
        window = Window.year_to_quarter(self.quarter)
        return self.told is not None and self.told != f"{window.start:%Y-%m}..{window.end:%Y-%m}"


def outcome(row: Row) -> str:
    """One of `OUTCOMES`: a difference in the last digit is told from the others."""
    return "rounding" if row.outcome == "differs" and row.kind == "rounding" else row.outcome


def quarters(frame: Frame) -> list[Quarter]:
    """Quarters that a printed report may be of, newest first: those that have data, and some years before."""
    assert frame.first is not None and frame.newest is not None
    start = frame.first.replace(year=frame.first.year - _YEARS_BEFORE, month=1)
    return sorted({Quarter.of(month) for month in month_range(start, frame.newest)}, key=lambda quarter: (-quarter.year, -quarter.number))


def reconciled(name: str, content: bytes, quarter: Quarter) -> Reconciled:
    """Read a document and compare it. `WarehouseError` where it cannot be read."""
    sha256 = hashlib.sha256(content).hexdigest()
    return replace(_data.ask(_reconciled, sha256, quarter, content), name=name)


@st.cache_resource(show_spinner=False, max_entries=4)
def _reconciled(folder: str, version: int, sha256: str, quarter: Quarter, _content: bytes) -> Reconciled:
    rows, sums = _data.read(version, lambda cursor: reading.reconcile_file(cursor, _content, Window.year_to_quarter(quarter)))
    rows.sort(key=lambda row: OUTCOMES.index(outcome(row)))
    told = next((row.printed for row in rows if row.id == "report_period"), None)
    return Reconciled("", sha256, quarter, tuple(rows), tuple(sums), told)


def decided(found: Reconciled) -> dict[str, Decision]:
    """Subject → the newest decision on this document."""

    def question(cursor: Any) -> dict[str, Decision]:
        return decisions.decisions(cursor, found.quarter, found.sha256)

    return _data.ask(lambda _, version: _data.read(version, question))


def decide(found: Reconciled, subject: str, sentence: str, decision: str, by: str, note: str) -> int:
    """Keep a decision. `UsageError` says what is wrong with it."""
    key = ("decide", found.sha256, found.quarter, subject)
    about = (found.quarter, found.sha256, found.name, subject, sentence, decision)
    return _data.in_thread(key, lambda warehouse: decisions.decide(warehouse, *about, by=by, note=note))


# --- figures of earlier reports -----------------------------------------------------------------------------------------


def importable(found: Reconciled) -> list[Row]:
    """The printed figures that an indicator was found for, the document's own period apart; one that it prints in two ways is left out."""
    rows = [row for row in found.rows if row.id in all_indicators() and row.id != "report_period"]
    names = [row.id for row in rows]
    order = list(all_indicators())
    return sorted((row for row in rows if names.count(row.id) == 1), key=lambda row: order.index(row.id))


def keep(found: Reconciled, values: Mapping[str, str], by: str, accept: frozenset[str]) -> LoadResult:
    """Keep confirmed figures of the document through the ordinary loader."""
    key = ("keep", found.sha256, found.quarter, tuple(sorted(values)))
    return _data.in_thread(key, lambda warehouse: published.keep_published(warehouse, found.quarter, values, found.name, by, accept=accept))
