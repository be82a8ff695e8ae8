"""Every figure that a report prints, by a key of its own, so that two reports of a quarter can be held against each other.

`inquiry_total` is the figure of the year to date, `inquiry_total@本季` that of another time, `inquiry_total@分子／分母` what is told beside it,
`list:charity` the sentences of a list, a line for each.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from decimal import Decimal

from warehouse import scorecard
from warehouse.indicators import all_indicators
from warehouse.report import annexes
from warehouse.report.lists import TITLES
from warehouse.report.parts import Report

#: What tells how a figure was made: said of itself only where the figure prints as before.
_BEHIND = (annexes.PARTS, "95％參考範圍")
_LIST = "list:"


@dataclass(frozen=True)
class Change:
    """A figure, or a sentence of a list, that is not what was issued. key: see above; issued, now: as printed, — where there was or is none."""

    key: str
    issued: str
    now: str

    @property
    def indicator(self) -> str | None:
        """Whose figure it is; None for a sentence of a list."""
        return None if self.key.startswith(_LIST) else self.key.partition("@")[0]

    @property
    def period(self) -> str:
        """本季, 上季, 8月 …; empty for the year to date and for lists."""
        return self.key.partition("@")[2]

    @property
    def subject(self) -> str:
        """What it is, in words: 受理查詢件數（本季）."""
        if self.indicator is None:
            return TITLES.get(self.key.removeprefix(_LIST), self.key)
        known = all_indicators().get(self.indicator)
        return (known.name if known else self.indicator) + (f"（{self.period}）" if self.period else "")

    @property
    def sentence(self) -> str:
        """For the list of changes of a corrected edition."""
        return f"{self.subject}：原登載{self.issued}，修正為{self.now}"


def figures(report: Report) -> dict[str, str]:
    """Key → as printed, of everything that the report prints of its figures and lists."""
    found = {name: figure.text for name, figure in report.figures.items() if figure.text is not None}
    for table in report.tables:
        for row in table.rows:
            for cell in row:
                if cell.indicator and cell.period:
                    found.setdefault(f"{cell.indicator}@{cell.period}", _text(cell.text, cell.value, cell.indicator))
    return found | _lists(report)


def changes(issued: Mapping[str, str], now: Mapping[str, str]) -> list[Change]:
    """What prints differently, in the order of the report; a list line by line."""
    keys = [*now, *(key for key in issued if key not in now)]
    moved = {key for key in keys if issued.get(key) != now.get(key)}
    found: list[Change] = []
    for key in keys:
        name, _, period = key.partition("@")
        if key not in moved or (period in _BEHIND and name in moved):
            continue
        if key.startswith(_LIST):
            found += _lines(key, issued.get(key, ""), now.get(key, ""))
        else:
            found.append(Change(key, issued.get(key, "—"), now.get(key, "—")))
    return found


def _text(text: str, value: Decimal | None, indicator: str) -> str:
    """One way of writing for the same figure, whichever table it stands in."""
    return text if value is None else scorecard.printed(value, all_indicators()[indicator].unit) or text


def _lists(report: Report) -> dict[str, str]:
    found: dict[str, list[str]] = {}
    for paragraph in report.paragraphs:
        for source in dict.fromkeys(run.source for run in paragraph.runs if run.source):
            found.setdefault(_LIST + source, []).append("".join(run.text for run in paragraph.runs if run.source == source))
    return {key: "\n".join(lines) for key, lines in found.items()}


def _lines(key: str, issued: str, now: str) -> Iterator[Change]:
    before, after = issued.split("\n"), now.split("\n")
    gone, come = [line for line in before if line not in after], [line for line in after if line not in before]
    for at in range(max(len(gone), len(come))):
        yield Change(key, gone[at] if at < len(gone) else "—", come[at] if at < len(come) else "—")
