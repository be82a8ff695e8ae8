"""Lines of text made into paragraphs: placeholders resolved, items numbered, lists, comparisons, charts and tables put where the text asks for them."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field, replace
from decimal import Decimal

import duckdb

from warehouse import period, scorecard
from warehouse.indicators import all_indicators
from warehouse.period import Quarter, Window
from warehouse.published import published
from warehouse.report import comparison, monthly, tables
from warehouse.report.lists import ITEMS, PHRASES, Material
from warehouse.report.parts import Chart, Paragraph, Part, Run, Table
from warehouse.report.rows import Row, rows
from warehouse.report.texts import ALONE, GOAL, PLACEHOLDER, Line, lines
from warehouse.scorecard import Figure, Snapshot

#: What stands for a figure that the period has no data for; a report that says so is not issued.
MISSING = "（無資料）"
#: What stands for a share or a mean of no cases, and for a sum of nothing, where the tables they are of have been handed in: so it is, nothing is missing.
NO_CASES, NOTHING = "（本期無案件）", "（本期無）"
#: What stands for a placeholder that stands for nothing.
UNRESOLVED = "｛{}｝"


@dataclass
class Writer:
    """Puts figures, times and lists into lines of text. Counts the items under each heading."""

    snapshot: Snapshot
    figures: dict[str, Figure]
    quarter: Quarter
    window: Window
    material: Material
    earlier: comparison.Earlier
    counters: list[int] = field(default_factory=lambda: [0, 0, 0, 0])

    @classmethod
    def of(cls, cursor: duckdb.DuckDBPyConnection, quarter: Quarter, as_of: int | None) -> Writer:
        """For a quarter, year to date, as the data stand now or stood right after an entry of the ledger."""
        window = Window.year_to_quarter(quarter)
        snapshot = Snapshot.of(cursor, as_of)
        kept: dict[str, list[Row]] = {}

        def rows_of(name: str) -> list[Row]:
            if name not in kept:
                kept[name] = rows(cursor, name, window, as_of)
            return kept[name]

        return cls(snapshot, snapshot.figures(window), quarter, window, Material(rows_of, window.last_day), published(cursor, as_of=as_of))

    def parts(self, code: str, text: str) -> Iterator[Part]:
        """What a text under a heading prints; items are counted from one."""
        self._restart()
        depth = 0
        for line in lines(text):
            made = ALONE.fullmatch(line.text)
            if made:
                yield from self._made(made[1], made[2], depth, code)
                continue
            yield self._paragraph(line, code)
            depth = line.depth

    def _restart(self, depth: int = 0) -> None:
        """Begin anew below a depth."""
        self.counters[depth + 1 :] = [0] * (3 - depth)

    def _label(self, depth: int) -> str:
        """The next label at a depth: 1. · （1） · ○1."""
        self.counters[depth] += 1
        self._restart(depth)
        number = self.counters[depth]
        return ("", f"{number}.", f"（{number}）", f"○{number} ")[depth]

    def _paragraph(self, line: Line, code: str) -> Paragraph:
        if line.strong:
            self._restart()
        return Paragraph(self._runs(line.text), line.depth, self._label(line.depth) if line.depth else "", code, line.strong)

    def _runs(self, text: str) -> tuple[Run, ...]:
        """A line with its placeholders resolved; a figure keeps the name of its indicator."""
        found: list[Run] = []
        rest = 0
        for match in PLACEHOLDER.finditer(text):
            if match.start() > rest:
                found.append(Run(text[rest : match.start()]))
            found += self._resolved(match[1])
            rest = match.end()
        if rest < len(text):
            found.append(Run(text[rest:]))
        return tuple(found)

    def _resolved(self, name: str) -> list[Run]:
        head, _, tail = name.partition(":")
        if name in self._times:
            return [Run(self._times[name])]
        if head == "list" and tail in PHRASES:
            return list(_from(tail, PHRASES[tail](self.material)))
        if head not in self.figures or tail not in ("", GOAL):
            return [Run(UNRESOLVED.format(name))]
        figure = self.figures[head]
        if tail == GOAL:
            goal = None if figure.goal is None else Decimal(str(figure.goal))
            return [Run(scorecard.printed(goal, figure.indicator.unit) or MISSING)]
        return [Run(figure.text or self._without(figure), head)]

    def _without(self, figure: Figure) -> str:
        """What stands for a figure that there is none of."""
        handed_in = {dataset for dataset, month, *_ in self.snapshot.slots if self.window.start <= month <= self.window.end}
        if figure.indicator.kind != "additive" or not handed_in & {*figure.indicator.source}:
            return MISSING
        return NOTHING if figure.indicator.denominator is None else NO_CASES

    @property
    def _times(self) -> dict[str, str]:
        day = period.roc_date(self.window.last_day)
        return {"截至": f"截至{day}", "截止日": day, "期間": self.window.label, "季別": self.quarter.label}

    def _made(self, kind: str, name: str, depth: int, code: str) -> Iterator[Part]:
        """What a placeholder on a line of its own becomes."""
        if kind == "list" and name in ITEMS:
            items = ITEMS[name](self.material)
            for item in items:
                mark = "※" if name.startswith("stationed") else self._label(3)
                yield Paragraph(_from(name, item), 3, mark, code, generated=True)
            if not items:
                yield Paragraph((Run("本期間無登記資料。", source=name),), depth, "", code, generated=True)
        elif kind == "list" and name in PHRASES:
            yield Paragraph(_from(name, PHRASES[name](self.material)), depth, "", code, generated=True)
        elif kind == "compare" and name in all_indicators():
            yield Paragraph((Run(comparison.sentence(self.snapshot, name, self.quarter, self.earlier)),), depth, "", code, generated=True)
        elif kind == "chart" and name in (*monthly.MONTHLY, "survey"):
            if chart := self._chart(name):
                yield chart
        elif kind == "table" and (table := self._table(name)):
            yield table
        else:
            yield Paragraph((Run(UNRESOLVED.format(f"{kind}:{name}")),), depth, "", code)

    def _chart(self, name: str) -> Chart | None:
        if name == "survey":
            return tables.survey_chart(self.figures, self.window)
        return monthly.chart(name, self.snapshot, self.window)

    def _table(self, name: str) -> Table | None:
        if name in monthly.MONTHLY:
            return monthly.table(name, self.snapshot, self.window)
        if name == "growth":
            return tables.growth_table(self.snapshot, self.quarter)
        made = {"survey": tables.survey_table, "time": tables.time_table}.get(name)
        return made(self.figures, self.window) if made else None


def _from(source: str, runs: tuple[Run, ...]) -> tuple[Run, ...]:
    """Runs that say from which list they are."""
    return tuple(replace(run, source=source) for run in runs)
