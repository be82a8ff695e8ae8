"""The account given of a file: what was found in it, which rows are held, which are left out by which rule."""

from __future__ import annotations

from collections import Counter

from warehouse.errors import Finding, quote
from warehouse.screen.table import Table
from warehouse.screen.words import ASKS


class Account:
    """What was found so far. Every row of the file is loaded, or in `held`, or counted in `ignored` under the rule by which it is left out.

    spoilt: positions of the columns in which some cell was not understood; unread: these cells, as (row, canonical column).
    """

    def __init__(self, table: Table, findings: list[Finding]) -> None:
        self.findings = findings
        self.held: set[int] = set()
        self.ignored: Counter[str] = Counter()
        self.spoilt: set[int] = set()
        self.unread: set[tuple[int, str]] = set()
        self._table = table
        self._asked: dict[str, tuple[int, str, int]] = {}

    @property
    def refused(self) -> bool:
        """Whether the file as a whole cannot be taken, hold or no hold."""
        return any(finding.level == "file" for finding in self.findings)

    def add(self, finding: Finding) -> None:
        """Note a finding; one about a row holds the row."""
        self.findings.append(finding)
        if finding.level == "row" and finding.row is not None:
            self.held.add(finding.row)

    def spoil(self, row: int, index: int) -> None:
        """Hold a row of which a cell was not understood, and let nobody judge that cell again."""
        self.held.add(row)
        self.spoilt.add(index)
        self.unread.update((row, output.split("__")[0]) for output in self._table.columns[index].outputs)

    def ask(self, code: str, index: int, text: str, times: int = 1) -> None:
        """Count cells that give rise to one and the same question; the first of them is its example."""
        count, first, where = self._asked.get(code, (0, text, index))
        self._asked[code] = (count + times, first, where)

    def put_questions(self) -> None:
        """One finding for each question, however many cells gave rise to it."""
        for code, (count, text, index) in sorted(self._asked.items()):
            found, expected, mend = ASKS[code]
            shown = None if code == "W-PII" else text
            told = found.format(n=count, value=quote(text))
            self.add(Finding.of(code, "ask", column=self._table.heading(index), value=shown, found=told, expected=expected, mend=mend))
