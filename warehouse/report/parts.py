"""What a report is made of, as plain values: headings, paragraphs of runs, tables, charts. Nothing here knows a file format or the warehouse."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import date, datetime
from decimal import Decimal
from typing import Any, Literal, NamedTuple

from warehouse.period import Quarter, Window, roc_date

SAMPLE_WORDS = "示範資料：累計同105年第3季報告，各月及分處所數字為虛構"


@dataclass(frozen=True, slots=True)
class Run:
    """A stretch of text. indicator: the figure of the year to date that it prints; source: the list that it was made by, where it was made from rows."""

    text: str
    indicator: str | None = None
    source: str | None = None


@dataclass(frozen=True, slots=True)
class Heading:
    """A heading: level 1 壹、 · 2 一、 · 3 （一） · 4 1. ; code as in the award's tree, empty for the annexes and the summary."""

    level: int
    number: str
    title: str
    code: str = ""

    @property
    def text(self) -> str:
        """壹、優質便民服務."""
        return f"{self.number}{self.title}"


@dataclass(frozen=True, slots=True)
class Paragraph:
    """A paragraph or an item. depth 0 is body text, 1 to 3 items under `label` (1. · （1） · ○1); `strong` marks an unnumbered subheading.

    code: the heading it stands under; generated: made from rows or figures, not from a text block.
    """

    runs: tuple[Run, ...]
    depth: int = 0
    label: str = ""
    code: str = ""
    strong: bool = False
    generated: bool = False

    @property
    def printed(self) -> tuple[Run, ...]:
        """The runs with the label before them."""
        return (Run(self.label), *self.runs) if self.label else self.runs

    @property
    def text(self) -> str:
        """Everything that is printed, label included."""
        return self.label + "".join(run.text for run in self.runs)

    @property
    def leads(self) -> bool:
        """Whether it announces what follows, and so must not stand alone at the foot of a page."""
        return self.text.endswith(("：", ":"))


class Cell(NamedTuple):
    """A cell: what is printed, the number behind it where there is one, and of what indicator it is.

    period: empty for the figure of the year to date; 本季, 上季, 去年同季 or 8月 for that of another time, else what is told of it: 判定, 答案數.
    """

    text: str
    value: Decimal | None = None
    indicator: str | None = None
    period: str = ""


@dataclass(frozen=True, slots=True)
class Table:
    """A table with its caption. columns: headings; widths: shares of the page's width; numeric: which columns are set to the right."""

    id: str
    title: str
    columns: tuple[str, ...]
    rows: tuple[tuple[Cell, ...], ...]
    widths: tuple[float, ...] = ()
    numeric: frozenset[int] = frozenset()
    note: str = ""
    number: int = 0

    @property
    def caption(self) -> str:
        """表1　….  An unnumbered table has its title alone."""
        return f"表{self.number}　{self.title}" if self.number else self.title

    @property
    def is_long(self) -> bool:
        """Whether it goes over several pages and is set small."""
        return len(self.rows) > 40

    @property
    def is_short(self) -> bool:
        """Whether it is kept on one page."""
        return len(self.rows) <= 20

    @property
    def shares(self) -> tuple[float, ...]:
        """The widths of the columns, which come to one."""
        widths = self.widths or (1.0,) * len(self.columns)
        return tuple(width / sum(widths) for width in widths)


@dataclass(frozen=True, slots=True)
class Series:
    """One line or bar colour of a chart: a name and a value (or None) for each category."""

    name: str
    values: tuple[float | None, ...]


@dataclass(frozen=True, slots=True)
class Chart:
    """A chart: what is drawn, and in `alt` what it says in one sentence. goal: the target, drawn as a line across."""

    id: str
    title: str
    kind: Literal["lines", "bars", "shares"]
    categories: tuple[str, ...]
    series: tuple[Series, ...]
    unit: str
    alt: str
    number: int = 0
    goal: float | None = None

    @property
    def caption(self) -> str:
        """圖1　…."""
        return f"圖{self.number}　{self.title}"


Part = Heading | Paragraph | Table | Chart


@dataclass(frozen=True)
class Report:
    """A quarter's report at one data version.

    parts: in the order they are printed; figures: everything that is said, by indicator (`scorecard.Figure`); texts: the blocks it was made from;
    made: the moment of the data version, so that the same version gives the same bytes; stage: 草稿, 陳核中 or 已核定; document, approved: of the approval.
    """

    title: str
    agency: str
    quarter: Quarter
    window: Window
    data_version: int
    entry: int
    made: datetime
    is_sample: bool
    parts: tuple[Part, ...]
    figures: dict[str, Any] = field(default_factory=dict)
    texts: dict[str, str] = field(default_factory=dict)
    stage: str = "草稿"
    document: str = ""
    approved: date | None = None
    edition: int = 0

    @property
    def full_title(self) -> str:
        """The title, with 修正版 where it is one."""
        return self.title + (f"（修正版{self.edition}）" if self.edition else "")

    @property
    def running_head(self) -> str:
        """What stands at the top of every page: who reports, what, how far it is."""
        return "　".join((self.agency, self.full_title, self.stage, *(("示範資料",) if self.is_sample else ())))

    @property
    def front(self) -> tuple[str, ...]:
        """The lines under the title: who reports, the time of the data, how far the report is."""
        approval = [self.document, roc_date(self.approved)] if self.approved else []
        stands = "　".join((self.stage, *filter(None, approval), f"資料版本{self.data_version}"))
        return (f"陳報機關：{self.agency}", f"資料時間：{self.window.label}", stands, *((SAMPLE_WORDS,) if self.is_sample else ()))

    @property
    def paragraphs(self) -> list[Paragraph]:
        """The paragraphs, in order."""
        return [part for part in self.parts if isinstance(part, Paragraph)]

    @property
    def tables(self) -> list[Table]:
        """The tables, in order."""
        return [part for part in self.parts if isinstance(part, Table)]

    @property
    def charts(self) -> list[Chart]:
        """The charts, in order."""
        return [part for part in self.parts if isinstance(part, Chart)]

    @property
    def headings(self) -> list[Heading]:
        """The headings, in order."""
        return [part for part in self.parts if isinstance(part, Heading)]

    def under(self, code: str) -> tuple[Paragraph, ...]:
        """The paragraphs of one heading of the award."""
        return tuple(paragraph for paragraph in self.paragraphs if paragraph.code == code)

    @property
    def said(self) -> set[str]:
        """The indicators that some paragraph or table prints."""
        in_text = {run.indicator for paragraph in self.paragraphs for run in paragraph.runs if run.indicator}
        return in_text | {cell.indicator for table in self.tables for row in table.rows for cell in row if cell.indicator}
