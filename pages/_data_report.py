"""What the report screen asks of the warehouse, and what it tells it to do."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from typing import Any

import streamlit as st

from pages import _data
from pages._data import Frame
from warehouse import clock, ledger, period
from warehouse.period import Quarter, month_range
from warehouse.report import checks, content, differences, files, issue, pdf, steps, texts
from warehouse.report.charts import picture
from warehouse.report.checks import Finding
from warehouse.report.differences import Piece
from warehouse.report.parts import Heading, Paragraph, Part, Report
from warehouse.report.printed import Change
from warehouse.report.steps import Issue
from warehouse.report.texts import Version
from warehouse.web import state

#: Counts that move with what is written about the data, where the data version does not: texts, steps of reports, reviews.
Mark = tuple[int, int, int]


@dataclass(frozen=True)
class Standing:
    """How far a quarter's report is. newest: the last step; approved: what stands as the office's report; changes: its figures that would be others now;
    rewritten: the headings whose text is another than the approved one's."""

    newest: Issue | None
    approved: Issue | None
    steps: tuple[Issue, ...]
    changes: tuple[Change, ...]
    rewritten: tuple[str, ...]

    @property
    def stage(self) -> str:
        """草稿, 陳核中 or 已核定."""
        return self.newest.stage if self.newest else steps.DRAFT

    @property
    def differs(self) -> bool:
        """Whether data or texts are others than those of the approved report."""
        return bool(self.changes or self.rewritten)


@dataclass(frozen=True)
class Draft:
    """The report as data and texts stand now; rewritten: headings whose text is not last quarter's."""

    report: Report
    findings: tuple[Finding, ...]
    rewritten: dict[str, texts.Change]

    @property
    def blocking(self) -> list[Finding]:
        """What must be mended."""
        return [finding for finding in self.findings if finding.level == "block"]

    @property
    def warnings(self) -> list[Finding]:
        """What wants a tick and a reason."""
        return [finding for finding in self.findings if finding.level == "warn"]


@dataclass(frozen=True)
class Printing:
    """A text as it would print, and beside last quarter's."""

    parts: tuple[Part, ...]
    marked: tuple[tuple[Piece, ...], ...]


def quarters(frame: Frame) -> list[Quarter]:
    """The quarters that have data, newest first."""
    assert frame.first is not None and frame.newest is not None
    return sorted({Quarter.of(month) for month in month_range(frame.first, frame.newest)}, key=lambda quarter: (-quarter.year, -quarter.number))


def mark() -> Mark:
    """Read on every run, in a moment; part of every key below."""

    def question(cursor: Any) -> Mark:
        taken = steps.issues(cursor)
        return texts.newest_text(cursor), taken[-1].id if taken else 0, len(ledger.reviews(cursor))

    return _data.ask(lambda _, version: _data.read(version, question))


def standing(quarter: Quarter) -> Standing:
    """How far the report is."""
    return _data.ask(_standing, quarter, mark())


@st.cache_resource(show_spinner=False, max_entries=8)
def _standing(folder: str, version: int, quarter: Quarter, mark: Mark) -> Standing:
    def question(cursor: Any) -> Standing:
        taken, approved = steps.issues(cursor, quarter), steps.last_approved(cursor, quarter)
        rewritten = issue.rewritten(state.current(), cursor, approved) if approved else []
        return Standing(taken[-1] if taken else None, approved, tuple(taken), tuple(issue.corrections(cursor, quarter)), tuple(rewritten))

    return _data.read(version, question)


def draft(quarter: Quarter) -> Draft:
    """The report as it would be submitted now, with what was found in it."""
    return _data.ask(_draft, quarter, mark())


@st.cache_resource(show_spinner=False, max_entries=4)
def _draft(folder: str, version: int, quarter: Quarter, mark: Mark) -> Draft:
    def question(cursor: Any) -> Draft:
        report = content.build(cursor, quarter)
        changed = {change.heading: change for change in texts.changes_since_last_quarter(cursor, quarter)}
        return Draft(report, tuple(checks.check(cursor, report)), changed)

    return _data.read(version, question)


def today() -> date:
    """Today as the warehouse counts it."""
    return _data.ask(lambda _, version: _data.read(version, lambda cursor: clock.today(cursor, period.taipei_today())))


# --- texts --------------------------------------------------------------------------------------------------------------


def printing(quarter: Quarter, heading: str, text: str) -> Printing:
    """What a text of a heading prints."""
    return _data.ask(_printing, quarter, mark(), heading, text)


@st.cache_resource(show_spinner=False, max_entries=32)
def _printing(folder: str, version: int, quarter: Quarter, mark: Mark, heading: str, text: str) -> Printing:
    def question(cursor: Any) -> Printing:
        earlier = quarter.previous()
        now = content.block(cursor, quarter, heading, text)
        before = content.block(cursor, earlier, heading, texts.texts(cursor, earlier)[heading])
        return Printing(now, tuple(map(tuple, differences.marked(_paragraphs(before), _paragraphs(now)))))

    return _data.read(version, question)


def compared(quarter: Quarter) -> dict[str, tuple[tuple[Piece, ...], ...]] | None:
    """Heading → its paragraphs that print otherwise than those of the quarter before, none where all are the same; None where that quarter has no data."""
    return _data.ask(_compared, quarter, mark())


@st.cache_resource(show_spinner=False, max_entries=4)
def _compared(folder: str, version: int, quarter: Quarter, mark: Mark) -> dict[str, tuple[tuple[Piece, ...], ...]] | None:
    def question(cursor: Any) -> dict[str, tuple[tuple[Piece, ...], ...]] | None:
        now, before = content.build(cursor, quarter), content.build(cursor, quarter.previous())
        if not any(figure.batches for figure in before.figures.values()):
            return None
        return {
            heading.code: tuple(
                tuple(line)
                for line in differences.marked(_paragraphs(before.under(heading.code)), _paragraphs(now.under(heading.code)))
                if any(piece.change != "same" for piece in line)
            )
            for heading in now.headings
            if heading.code and now.texts[heading.code]
        }

    return _data.read(version, question)


def _paragraphs(parts: tuple[Part, ...]) -> list[str]:
    return [part.text for part in parts if isinstance(part, Paragraph)]


def history(quarter: Quarter, heading: str) -> list[Version]:
    """Every saved text of a heading, newest first."""
    return _data.ask(lambda _, version: _data.read(version, lambda cursor: texts.history(cursor, quarter, heading)))


def save(quarter: Quarter, heading: str, text: str, by: str) -> int:
    """Keep a text; 0 where nothing changed. `UsageError` says what is wrong with it."""
    return _data.in_thread(("text", quarter, heading, text), lambda warehouse: texts.save_text(warehouse, quarter, heading, text, by=by))


# --- pages and files ----------------------------------------------------------------------------------------------------


def pages(quarter: Quarter, step: Issue | None) -> list[bytes]:
    """The pages as pictures: of the draft, or of a step as it was."""
    return _data.ask(_pages, quarter, mark() if step is None else None, step.id if step else 0)


@st.cache_resource(show_spinner=False, max_entries=2)
def _pages(folder: str, version: int, quarter: Quarter, mark: Mark | None, step: int) -> list[bytes]:
    report = _report(version, quarter, step)
    return pdf.pages(report, {chart.id: picture(chart) for chart in report.charts})


def drafted_files(quarter: Quarter) -> dict[str, bytes]:
    """The draft as .odt, .pdf, .ods and .docx; written in a thread that no click can end."""
    return _data.ask(_drafted_files, quarter, mark())


@st.cache_resource(show_spinner=False, max_entries=2)
def _drafted_files(folder: str, version: int, quarter: Quarter, mark: Mark) -> dict[str, bytes]:
    report = _report(version, quarter, 0)
    return _data.in_thread(("files", version, quarter, mark), lambda _: files.rendered(report))


def _report(version: int, quarter: Quarter, step: int) -> Report:
    if not step:
        return _data.read(version, lambda cursor: content.build(cursor, quarter))
    taken = _data.read(version, lambda cursor: steps.issues(cursor, quarter))
    return issue.made_again(state.current(), next(each for each in taken if each.id == step))


def issued_files(step: Issue) -> dict[str, bytes]:
    """The bytes that were kept of a step. `Unavailable` where they are gone."""
    return issue.issued_files(state.current(), step)


# --- steps --------------------------------------------------------------------------------------------------------------


def submit(quarter: Quarter, by: str, accepted: dict[str, str], reason: str) -> Issue:
    """草稿 → 陳核中."""
    return _data.in_thread(("submit", quarter), lambda warehouse: issue.submit(warehouse, quarter, by=by, accepted=accepted, reason=reason))


def send_back(quarter: Quarter, by: str, reason: str) -> Issue:
    """陳核中 → 草稿."""
    return _data.in_thread(("send_back", quarter), lambda warehouse: issue.send_back(warehouse, quarter, by=by, reason=reason))


def approve(quarter: Quarter, document: str, approved: date, by: str) -> Issue:
    """陳核中 → 已核定."""
    return _data.in_thread(("approve", quarter), lambda warehouse: issue.approve(warehouse, quarter, document=document, approved=approved, by=by))


def headings(draft: Draft) -> dict[str, Heading]:
    """Every heading of the award by its code, in its order."""
    return {heading.code: heading for heading in draft.report.headings if heading.code}
