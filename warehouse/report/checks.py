"""What is looked at before a report is issued. A finding that blocks must be mended; one that warns wants a tick and a reason."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from decimal import Decimal
from typing import Any, Literal

import duckdb

from warehouse import ledger, numerals, signals
from warehouse.explanation import explanations
from warehouse.indicators import all_indicators, award_headings
from warehouse.period import Window, roc_month
from warehouse.report import annexes, lists, reading, tables, wording
from warehouse.report.parts import Paragraph, Report
from warehouse.report.rows import Row, rows
from warehouse.report.steps import last_approved
from warehouse.report.writer import MISSING, NO_CASES, NOTHING, UNRESOLVED
from warehouse.scorecard import Snapshot

Level = Literal["block", "warn"]

_UNRESOLVED = re.compile(re.escape(UNRESOLVED).replace(r"\{\}", "[^｝]*"))
#: Words that tell the time of a figure; 105年度 alone is the name of a plan.
_DAY = re.compile(r"[0-9]{2,3}年(?:度?第\s*[0-9]\s*季|[0-9]{1,2}月)")
_UNITS = ("件", "份", "人次", "人", "次", "元", "筆", "場", "個", "面", "﹪", "分")
#: Counters whose reading only ever rises.
_COUNTERS = ("website_visits_cumulative",)

#: Lists whose rows must come to a figure: dataset, what is added up, the figure.
_TOTALS: tuple[tuple[str, Callable[[Row], Any], str], ...] = (
    ("training_session", lambda row: row["persons"], "training_persons"),
    ("training_session", lambda row: 1, "training_sessions"),
    ("outreach_event", lambda row: row["persons"] if row["category"] == "charity" else 0, "outreach_charity_persons_all"),
    ("outreach_event", lambda row: row["persons"] if row["category"] == "blood" else 0, "blood_total_persons"),
    ("outreach_event", lambda row: row["qty"] if row["category"] == "blood" else 0, "blood_total_cc"),
    ("outreach_event", lambda row: row["category"] == "lecture", "lecture_count"),
    ("outreach_event", lambda row: row["category"] == "tax_promotion", "tax_promotion_event_count"),
    ("social_aid_case", lambda row: 1, "social_aid_cases"),
    ("social_aid_case", lambda row: row["notified_agency"] is not None, "social_aid_notifications"),
    ("social_aid_case", lambda row: sum(row[f"referral_{number}"] is not None for number in (1, 2, 3)), "social_aid_referrals"),
)


@dataclass(frozen=True)
class Finding:
    """One thing found. code: which check; subject: what it is about (a place, an indicator, a dataset), so that code and subject name it; heading: under which
    heading of the award it is to be mended, empty where it is not a matter of the text."""

    code: str
    level: Level
    subject: str
    sentence: str
    heading: str = ""

    @property
    def key(self) -> str:
        """What a tick refers to: unresolved:壹一(一)1."""
        return f"{self.code}:{self.subject}"

    def as_json(self) -> dict[str, Any]:
        """For `report --json`."""
        return {"code": self.code, "level": self.level, "subject": self.subject, "sentence": self.sentence}


def check(cursor: duckdb.DuckDBPyConnection, report: Report) -> list[Finding]:
    """Every finding, those that block first. In the transaction in which the report was built."""
    snapshot = Snapshot.of(cursor, report.entry)
    found = [
        *_unresolved(report),
        *_typed(report),
        *_totals(cursor, report),
        *_shares(report),
        *_units(report),
        *_without_day(report),
        *_falling(cursor, snapshot, report),
        *_missing_months(snapshot, report),
        *_signals(cursor, snapshot, report),
        *_words(snapshot, report),
        *_unreviewed(cursor, report),
    ]
    unique: dict[str, Finding] = {}
    for finding in found:
        unique.setdefault(finding.key, finding)
    return sorted(unique.values(), key=lambda finding: finding.level != "block")


def _unresolved(report: Report) -> Iterator[Finding]:
    for paragraph in report.paragraphs:
        for match in _UNRESOLVED.finditer(paragraph.text):
            subject = f"{paragraph.code}{match[0]}"
            yield Finding("unresolved", "block", subject, f"{_place(paragraph)}：代碼{match[0]}沒有對應的指標、清單或圖表", paragraph.code)
        for run in paragraph.runs:
            if run.text == MISSING:
                subject = run.indicator or paragraph.code
                name = all_indicators()[run.indicator].name if run.indicator else ""
                yield Finding("no_data", "block", subject, f"{_place(paragraph)}：{name}在{report.window.label}沒有資料", paragraph.code)
            elif run.text in (NO_CASES, NOTHING) and run.indicator:
                said = f"{_place(paragraph)}：{all_indicators()[run.indicator].name}本期沒有案件，印成「{run.text}」，請確認文意"
                yield Finding("no_cases", "warn", f"{paragraph.code}{run.indicator}", said, paragraph.code)


def _typed(report: Report) -> Iterator[Finding]:
    """Figures typed by hand that are not what the warehouse says."""
    for row in reading.differing(report):
        name = all_indicators()[row.id].name
        level: Level = "warn" if row.kind == "rounding" else "block"
        yield Finding("typed_figure", level, row.id, f"內文手寫的{name}與資料庫不符：{row.sentence.replace('原報告', '內文')}")


def _totals(cursor: duckdb.DuckDBPyConnection, report: Report) -> Iterator[Finding]:
    """Totals that are not their parts: of indicators, of lists made from rows, and in the text."""
    for figure in report.figures.values():
        parts = [report.figures[name] for name in figure.indicator.sum]
        if parts and figure.value is not None and figure.value != sum((part.value or Decimal(0) for part in parts), Decimal(0)):
            yield Finding("total", "block", figure.indicator.id, f"{figure.indicator.name}{figure.text}不等於各部分之和")
    kept: dict[str, list[Row]] = {}
    for dataset, amount, name in _TOTALS:
        if dataset not in kept:
            kept[dataset] = rows(cursor, dataset, report.window, report.entry)
        figure = report.figures[name]
        added = sum(Decimal(amount(row) or 0) for row in kept[dataset])
        if figure.value is not None and figure.value != added:
            yield Finding("total", "block", name, f"{figure.indicator.name}登載{figure.text}，逐項相加為{numerals.format_number(added)}{figure.indicator.unit}")
    for site in ("yilan", "keelung"):
        figure = report.figures[f"stationed_{site}_total"]
        standing = lists.standing(kept.setdefault("facility_fact", rows(cursor, "facility_fact", report.window, report.entry)), site, report.window.last_day)
        added = sum(Decimal(row["value"] or 0) for row in standing)
        if standing and figure.value is not None and figure.value != added:
            yield Finding("total", "block", figure.indicator.id, f"{figure.indicator.name}登載{figure.text}，逐項相加為{numerals.format_number(added)}{figure.indicator.unit}")
    passages = [reading.Passage(reading.normalised(paragraph.text)) for paragraph in report.paragraphs]
    for found in reading.sums(passages):
        if found.kind == "total":
            yield Finding("total", "block", found.passage[:12], f"「{found.passage[:16]}…」：{found.sentence}")


def _shares(report: Report) -> Iterator[Finding]:
    """Shares of a question that together are all its answers must print to 100 within half a hundredth each."""
    questions = {name: [f"survey_{key}_{answer}" for answer in tables.ANSWERS] for key, name in tables.QUESTIONS.items()}
    questions["洽辦公務時間"] = [name for name in tables.TIMES if name != "survey_time_within_30"]
    for question, names in questions.items():
        known = [figure for name in names if (figure := report.figures.get(name)) and isinstance(figure.value, Decimal)]
        if not known or sum(figure.numerator or 0 for figure in known) != known[0].denominator:
            continue
        added = sum((figure.value for figure in known), Decimal(0))
        if abs(added - 100) > Decimal("0.005") * len(known):
            yield Finding("shares", "block", known[0].indicator.id, f"{question}各項比率相加為{numerals.format_number(added)}﹪")


def _units(report: Report) -> Iterator[Finding]:
    """A unit typed behind a placeholder that prints its own."""
    for paragraph in report.paragraphs:
        for run, following in zip(paragraph.runs, paragraph.runs[1:], strict=False):
            if run.indicator and following.indicator is None and following.text.startswith(_UNITS) and all_indicators()[run.indicator].unit:
                said = f"{_place(paragraph)}：「{run.text}{following.text[:2]}」單位重複，代碼已含單位"
                yield Finding("unit", "warn", f"{paragraph.code}{run.indicator}", said, paragraph.code)


def _without_day(report: Report) -> Iterator[Finding]:
    """A figure in a sentence that says neither its period nor its day, nor stands under an item that does. A day that is itself a figure tells of no other."""
    above: dict[int, str] = {}
    for paragraph in report.paragraphs:
        above = {depth: text for depth, text in above.items() if depth < paragraph.depth}
        own = "".join(run.text for run in paragraph.runs if run.indicator is None)
        counted = any(run.indicator and isinstance(report.figures[run.indicator].value, Decimal) for run in paragraph.runs if run.indicator in report.figures)
        if not paragraph.generated and counted and not _DAY.search(own + "".join(above.values())):
            said = f"{_place(paragraph)}：「{paragraph.text[:20]}…」有數字，沒有期間或截止日"
            yield Finding("no_day", "warn", f"{paragraph.code}{paragraph.text[:12]}", said, paragraph.code)
        above[paragraph.depth] = own


def _falling(cursor: duckdb.DuckDBPyConnection, snapshot: Snapshot, report: Report) -> Iterator[Finding]:
    """A count of the year to date, or a counter, that is less than a quarter before: by the data of now, or as the report of then was approved."""
    before = report.quarter.previous()
    issued = last_approved(cursor, before)
    same_year = before.year == report.quarter.year
    earlier = snapshot.figures(Window.year_to_quarter(before))
    for name, figure in report.figures.items():
        indicator = figure.indicator
        counted = same_year and indicator.kind == "additive" and indicator.denominator is None and indicator.rollup == "sum"
        if not isinstance(figure.value, Decimal) or not (counted or name in _COUNTERS):
            continue
        then = earlier[name].value
        if isinstance(then, Decimal) and figure.value < then:
            level: Level = "block" if counted else "warn"
            yield Finding("falling", level, name, f"{indicator.name}累計{figure.text}，少於{before.label}的{earlier[name].text}")
            continue
        told = reading.value_of(issued.figures.get(name, "").removesuffix(indicator.unit)) if issued else None
        if issued and isinstance(told, Decimal) and figure.value < told:
            said = f"{indicator.name}累計{figure.text}，少於已核定的{before.label}報告所登載的{issued.figures[name]}"
            yield Finding("falling", "warn", name, said)


def _missing_months(snapshot: Snapshot, report: Report) -> Iterator[Finding]:
    for title, months in annexes.missing_months(snapshot, report.figures, report.window).items():
        yield Finding("missing_months", "warn", title, f"「{title}」缺{'、'.join(months)}，累計不含這些月份")


def _signals(cursor: duckdb.DuckDBPyConnection, snapshot: Snapshot, report: Report) -> Iterator[Finding]:
    """A month of the quarter that the indicator's control chart marks and that nobody has explained."""
    explained = {name for name, month in explanations(cursor, as_of=report.entry) if month in report.quarter.window.months}
    for name in sorted(report.said - explained, key=list(all_indicators()).index):
        indicator = all_indicators()[name]
        if indicator.kind != "additive" or indicator.from_month or (indicator.interval == "none" and indicator.headline is None):
            continue
        months = [roc_month(month) for month in signals.signalled(snapshot, name, report.quarter.window)]
        if months:
            yield Finding("signal", "warn", name, f"{indicator.name}於{'、'.join(months)}有統計訊號，尚無說明")


def _words(snapshot: Snapshot, report: Report) -> Iterator[Finding]:
    """Words that claim more than the data, slips of the pen, one thing under several names. What the data contradict is not issued."""
    for remark in wording.remarks(snapshot, report):
        place = remark.paragraph
        subject = f"{place.code}{remark.words}{place.text[:8]}"
        code = "claim" if remark.kind == "contrary" else remark.kind
        yield Finding(code, "block" if remark.kind == "contrary" else "warn", subject, f"{_place(place)}：{remark.sentence}", place.code)


def _unreviewed(cursor: duckdb.DuckDBPyConnection, report: Report) -> Iterator[Finding]:
    """Batches behind the figures that no second person has looked at."""
    used = {batch for figure in report.figures.values() for batch in figure.batches}
    open_batches = used - set(ledger.reviews(cursor))
    if open_batches:
        yield Finding("unreviewed", "warn", report.quarter.label, f"所用{len(used)}筆上傳紀錄中，{len(open_batches)}筆尚未覆核")


def _place(paragraph: Paragraph) -> str:
    return f"{paragraph.code}{award_headings().get(paragraph.code, '')}" or "摘要"
