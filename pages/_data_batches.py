"""What the log asks: its lines, what one held back, two beside each other; and what people other than the clerk do to them."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

import streamlit as st

from pages import _data
from warehouse import compare, held, ledger, oversight, period, scorecard
from warehouse.compare import Comparison, Difference
from warehouse.held import Held
from warehouse.keep import kept_bytes
from warehouse.ledger import Closing, Entry, Review, Slot
from warehouse.period import Quarter
from warehouse.web import state


@dataclass(frozen=True)
class Line:
    """One line of the log, of any kind. entry: of a load, form, release or undo; about: the entry that an undo, release or review is about;
    slots: covered by it or by what it takes back; waiting: its held rows not yet mended; state: live, replaced, undone, or `said` of what
    covers nothing."""

    id: int
    kind: str
    at: datetime
    by: str
    state: str
    dataset: str | None = None
    entry: Entry | None = None
    about: int | None = None
    slots: tuple[Slot, ...] = ()
    undone_by: int | None = None
    waiting: int = 0
    releases: tuple[int, ...] = ()
    reviews: tuple[Review, ...] = ()
    quarter: Quarter | None = None
    reason: str | None = None

    @property
    def months(self) -> tuple[date, ...]:
        """The months it covers."""
        return tuple(sorted({month for month, _, _ in self.slots}))

    @property
    def sites(self) -> tuple[str, ...]:
        """The sites it covers."""
        return tuple(sorted({site for _, site, _ in self.slots}))

    @property
    def is_batch(self) -> bool:
        """Whether it brought rows."""
        return self.kind in ("load", "form", "release")

    @property
    def is_unreviewed(self) -> bool:
        """Whether its figures stand and nobody else has looked at it."""
        return self.state == "live" and not self.reviews


def log() -> list[Line]:
    """The ledger, newest first."""
    return _data.ask(_log)


@st.cache_data(show_spinner=False, max_entries=4)
def _log(folder: str, version: int) -> list[Line]:
    def question(cursor: Any) -> list[Line]:
        entries, slots, reviews, waiting = ledger.entries(cursor), ledger.slots(cursor), ledger.reviews(cursor), ledger.held(cursor)
        live = {batch for *_, batch, _ in scorecard.live_slots(cursor)}
        undone_by = {entry.undoes: entry.id for entry in entries if entry.undoes is not None and not entry.undone}
        completed: dict[int, list[int]] = {}
        for release, batch in ledger.releases(cursor).items():
            completed.setdefault(batch, []).append(release)
        lines = [
            Line(
                entry.id,
                entry.kind,
                entry.at_utc,
                entry.by_name,
                "undone" if entry.undone else "said" if entry.undoes else "live" if entry.id in live else "replaced",
                entry.dataset,
                entry,
                entry.undoes or entry.releases,
                tuple(slots.get(entry.undoes or entry.id, ())),
                undone_by.get(entry.id),
                waiting.get(entry.id, 0),
                tuple(completed.get(entry.id, ())),
                tuple(reviews.get(entry.id, ())),
                reason=entry.reason,
            )
            for entry in entries
        ]
        datasets = {line.id: line.dataset for line in lines}
        for review in (each for of_one in reviews.values() for each in of_one):
            about = review.batch_id
            lines.append(
                Line(
                    review.id, "review", review.at_utc, review.by_name, "said", datasets.get(about), about=about, slots=tuple(slots.get(about, ())), reason=review.note
                )
            )
        for closing in ledger.closings(cursor):
            kind = "close" if closing.closed else "reopen"
            lines.append(Line(closing.id, kind, closing.at_utc, closing.by_name, "said", quarter=closing.quarter, reason=closing.reason))
        return sorted(lines, key=lambda line: -line.id)

    return _data.read(version, question)


def original(sha256: str) -> bytes:
    """The very bytes that were given, from where they are kept under their hash. Raises `Unavailable` where they are gone."""
    return kept_bytes(state.current().folder, sha256)


def held_rows(batch: int) -> Held:
    """What a load held back, read again from its kept file. Errors as those of `held.held_rows`."""
    return _data.ask(_held_rows, batch)


@st.cache_data(show_spinner=False, max_entries=8)
def _held_rows(folder: str, version: int, batch: int) -> Held:
    return held.held_rows(state.current(), batch)


def held_workbook(batch: int) -> bytes:
    """The held rows as a workbook to mend."""
    return held.held_workbook(state.current(), batch)


def compared(earlier: int, later: int) -> Comparison:
    """Two batches beside each other; what cannot be compared is a `UsageError`."""
    return _data.ask(_compared, earlier, later)


@st.cache_data(show_spinner=False, max_entries=16)
def _compared(folder: str, version: int, earlier: int, later: int) -> Comparison:
    return _data.read(version, lambda cursor: compare.compare(cursor, earlier, later))


def differences(earlier: int, later: int) -> list[Difference]:
    """All differences of two batches, for a list to download."""
    with state.current().reading() as cursor:
        return compare.differences(cursor, earlier, later)


def review(entry: int, by: str, note: str) -> Review:
    """覆核, in a thread that no click can end. Raises `Refused` where this person may not."""
    return _data.in_thread(("review", entry, by), lambda warehouse: oversight.review(warehouse, entry, by=by, note=note))


def closed() -> list[Closing]:
    """The quarters that are closed now, in order."""
    return _data.ask(_closed)


@st.cache_data(show_spinner=False, max_entries=16)
def _closed(folder: str, version: int) -> list[Closing]:
    return list(_data.read(version, ledger.closed_quarters).values())


def closable() -> list[Quarter]:
    """Quarters with data that are over and not closed, the newest first."""
    frame, today = _data.frame(), period.taipei_today()
    if frame.first is None or frame.newest is None:
        return []
    shut = {closing.quarter for closing in closed()}
    quarters = {Quarter.of(month) for month in period.month_range(frame.first, frame.newest)}
    return sorted((quarter for quarter in quarters - shut if quarter.window.last_day < today), reverse=True)


def close(quarter: Quarter, by: str) -> Closing:
    """鎖定, in a thread that no click can end."""
    return _data.in_thread(("close", quarter), lambda warehouse: oversight.close(warehouse, quarter, by=by))


def reopen(quarter: Quarter, by: str, reason: str) -> Closing:
    """解除鎖定, in a thread that no click can end."""
    return _data.in_thread(("reopen", quarter), lambda warehouse: oversight.reopen(warehouse, quarter, by=by, reason=reason))
