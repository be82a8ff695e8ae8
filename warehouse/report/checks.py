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
from warehouse.report import reading, tables
from warehouse.report.content import MISSING, UNRESOLVED
from warehouse.report.parts import Paragraph, Report
from warehouse.report.rows import Row, rows
from warehouse.scorecard import Snapshot

Level = Literal["block", "warn"]

_UNRESOLVED = re.compile(re.escape(UNRESOLVED).replace(r"\{\}", "[^｝]*"))
_DAY = re.compile(r"[0-9]{2,3}年(?:度|[0-9]{1,2}月)")
_UNITS = ("件", "份", "人次", "人", "次", "元", "筆", "場", "個", "面", "﹪", "分")
#: Words that claim a change or a rank; 提升服務品質 is the name of the plan.
_CLAIMS = re.compile(r"(?<!宣導)提升(?!政府|服務)|上升|下降|成長|顯著|大幅|最佳|最高|最低|名列前茅|屢創|明顯改善|優於")
_SLIPS = {
    "報怨": "抱怨",
    "減化": "簡化",
    "滿意者滿意者": "滿意者",
    "平均比率": "合計滿意比率（兩項相加，不是平均）",
}
_WRONG_COUNTER = re.compile(r"有效(?:問卷|調查表)計?[0-9,]+件")
_SENTENCE = re.compile(r"[^。；]+")

#: Lists whose rows must come to a figure: dataset, what is added up, the figure.
_TOTALS: tuple[tuple[str, Callable[[Row], Any], str], ...] = (
    ("training_session", lambda row: row["persons"], "training_persons"),
    ("training_session", lambda row: 1, "training_sessions"),
    ("outreach_event", lambda row: row["persons"] if row["category"] == "charity" else 0, "outreach_charity_persons_all"),
    ("outreach_event", lambda row: row["persons"] if row["category"] == "blood" else 0, "blood_total_persons"),
    ("outreach_event", lambda row: row["category"] == "lecture", "lecture_count"),
    ("outreach_event", lambda row: row["category"] == "tax_promotion", "tax_promotion_event_count"),
    ("social_aid_case", lambda row: 1, "social_aid_cases"),
    ("social_aid_case", lambda row: row["notified_agency"] is not None, "social_aid_notifications"),
    ("social_aid_case", lambda row: sum(row[f"referral_{number}"] is not None for number in (1, 2, 3)), "social_aid_referrals"),
)


@dataclass(frozen=True)
class Finding:
    """One thing found. code: which check; subject: what it is about (a heading, an indicator, a dataset), so that code and subject name it."""

    code: str
    level: Level
    subject: str
    sentence: str

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
        *_falling(snapshot, report),
        *_missing_months(report),
        *_signals(cursor, snapshot, report),
        *_words(report),
        *_unreviewed(cursor, report),
    ]
    unique: dict[str, Finding] = {}
    for finding in found:
        unique.setdefault(finding.key, finding)
    return sorted(unique.values(), key=lambda finding: finding.level != "block")


def _unresolved(report: Report) -> Iterator[Finding]:
    for paragraph in report.paragraphs:
        for match in _UNRESOLVED.finditer(paragraph.text):
            yield Finding("unresolved", "block", paragraph.code, f"{_place(paragraph)}：代碼{match[0]}沒有對應的指標、清單或圖表")
        for run in paragraph.runs:
            if run.text == MISSING:
                subject = run.indicator or paragraph.code
                name = all_indicators()[run.indicator].name if run.indicator else ""
                yield Finding("no_data", "block", subject, f"{_place(paragraph)}：{name}在{report.window.label}沒有資料")


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
    passages = [reading.Passage(reading.normalised(paragraph.text)) for paragraph in report.paragraphs]
    for found in reading.sums(passages):
        if found.kind == "total":
            yield Finding("total", "block", found.passage[:12], f"「{found.passage[:16]}…」：{found.sentence}")


def _shares(report: Report) -> Iterator[Finding]:
    """Shares of a question that together are all its answers must print to 100 within half a hundredth each."""
    for key, name in tables.QUESTIONS.items():
        figures = [figure for answer in ("very_satisfied", "satisfied", "fair", "dissatisfied") if (figure := report.figures.get(f"survey_{key}_{answer}"))]
        known = [figure for figure in figures if isinstance(figure.value, Decimal)]
        if not known or sum(figure.numerator or 0 for figure in known) != known[0].denominator:
            continue
        added = sum((figure.value for figure in known), Decimal(0))
        if abs(added - 100) > Decimal("0.005") * len(known):
            yield Finding("shares", "block", f"survey_{key}_top2", f"{name}各項比率相加為{numerals.format_number(added)}﹪")


def _units(report: Report) -> Iterator[Finding]:
    """A unit typed behind a placeholder that prints its own."""
    for paragraph in report.paragraphs:
        for run, following in zip(paragraph.runs, paragraph.runs[1:], strict=False):
            if run.indicator and following.indicator is None and following.text.startswith(_UNITS) and all_indicators()[run.indicator].unit:
                yield Finding("unit", "warn", run.indicator, f"{_place(paragraph)}：「{run.text}{following.text[:2]}」單位重複，代碼已含單位")
        if _WRONG_COUNTER.search(paragraph.text):
            yield Finding("unit", "warn", paragraph.code, f"{_place(paragraph)}：問卷以「份」計，此處寫「件」")


def _without_day(report: Report) -> Iterator[Finding]:
    """A figure in a sentence that says neither its period nor its day, nor stands under an item that does."""
    above: dict[int, str] = {}
    for paragraph in report.paragraphs:
        above = {depth: text for depth, text in above.items() if depth < paragraph.depth}
        told = paragraph.text + "".join(above.values())
        if not paragraph.generated and any(run.indicator for run in paragraph.runs) and not _DAY.search(told):
            yield Finding("no_day", "warn", paragraph.code, f"{_place(paragraph)}：「{paragraph.text[:20]}…」有數字，沒有期間或截止日")
        above[paragraph.depth] = paragraph.text


def _falling(snapshot: Snapshot, report: Report) -> Iterator[Finding]:
    """A count of the year to date that is less than a quarter before."""
    before = report.quarter.previous()
    if before.year != report.quarter.year:
        return
    earlier = snapshot.figures(Window.year_to_quarter(before))
    for name, figure in report.figures.items():
        indicator = figure.indicator
        counted = indicator.kind == "additive" and indicator.denominator is None and indicator.rollup == "sum"
        then = earlier[name].value
        if counted and isinstance(figure.value, Decimal) and isinstance(then, Decimal) and figure.value < then:
            yield Finding("falling", "block", name, f"{indicator.name}累計{figure.text}，少於{before.label}的{earlier[name].text}")


def _missing_months(report: Report) -> Iterator[Finding]:
    for title, months in tables.missing_months(report.figures, report.window).items():
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


def _words(report: Report) -> Iterator[Finding]:
    """Words that claim more than the data, in sentences that speak of figures; slips of the pen."""
    for paragraph in report.paragraphs:
        if paragraph.generated:
            continue
        for sentence in _SENTENCE.findall(paragraph.text):
            claim = _CLAIMS.search(sentence)
            if claim and re.search(r"[0-9]|滿意|比率|件數|人次|分數", sentence):
                yield Finding("claim", "warn", paragraph.code, f"{_place(paragraph)}：「{claim[0]}」須有參考範圍支持，或改為並列兩期數字")
        for slip, right in _SLIPS.items():
            if slip in paragraph.text:
                yield Finding("slip", "warn", f"{paragraph.code}{slip}", f"{_place(paragraph)}：「{slip}」應為「{right}」")


def _unreviewed(cursor: duckdb.DuckDBPyConnection, report: Report) -> Iterator[Finding]:
    """Batches behind the figures that no second person has looked at."""
    used = {batch for figure in report.figures.values() for batch in figure.batches}
    open_batches = used - set(ledger.reviews(cursor))
    if open_batches:
        yield Finding("unreviewed", "warn", report.quarter.label, f"所用{len(used)}筆上傳紀錄中，{len(open_batches)}筆尚未覆核")


def _place(paragraph: Paragraph) -> str:
    return f"{paragraph.code}{award_headings().get(paragraph.code, '')}" or "摘要"
