"""What is asked of a load, and what is answered."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import UTC, date
from typing import Any, Literal

from warehouse import period
from warehouse.errors import Finding, Level
from warehouse.ledger import Entry, Stamp
from warehouse.load.impact import Impact
from warehouse.screen import Screening

Outcome = Literal["loaded", "unchanged", "refused", "needs_confirmation", "dry_run"]

#: Exit code of the command for each outcome.
EXIT_CODES: dict[Outcome, int] = {"loaded": 0, "unchanged": 0, "dry_run": 0, "refused": 1, "needs_confirmation": 1}

#: What a form is called where a file has its name.
FORM = "表單"

#: In which order findings are told.
_LEVELS: dict[Level, int] = {"file": 0, "row": 1, "ask": 2, "note": 3}


@dataclass(frozen=True)
class Request:
    """How a file is to be taken. accept: codes of questions answered yes, or `all`; hold: leave faulty rows out, with a reason;
    expected: hash and generation of the preview this confirms; form: one row keyed into a form, which is added to its slot (see `form`);
    release: the batch whose held rows the file brings mended: they are added to what it loaded;
    replay, today: when and by which version it was first taken, and the day that counted as today (rebuilding only)."""

    by: str
    dataset: str | None = None
    year: int | None = None
    accept: frozenset[str] = frozenset()
    hold: bool = False
    reason: str | None = None
    dry_run: bool = False
    is_sample: bool = False
    expected: tuple[str, int] | None = None
    form: bool = False
    release: int | None = None
    replay: Stamp | None = None
    today: date | None = None

    @property
    def kind(self) -> Literal["load", "form", "release"]:
        """What the entry of the ledger is; all but a load are added to their slots and replace nothing."""
        return "form" if self.form else "load" if self.release is None else "release"


@dataclass
class LoadResult:
    """The answer to one file: what was understood, what was found, what changed or would change."""

    file: str
    sha256: str
    outcome: Outcome
    type: str | None = None
    encoding: str | None = None
    dataset: str | None = None
    batch: int | None = None
    months: list[date] = field(default_factory=list)
    sites: list[str] = field(default_factory=list)
    read: int = 0
    loaded: int = 0
    held: int = 0
    ignored: dict[str, int] = field(default_factory=dict)
    findings: list[Finding] = field(default_factory=list)
    impact: list[Impact] = field(default_factory=list)
    generation: int = 0

    def tell_detection(self, screening: Screening) -> None:
        """What the file was taken for."""
        self.type, self.encoding, self.dataset = screening.sheet.type, screening.sheet.encoding, screening.dataset.name

    def tell_rows(self, screening: Screening) -> None:
        """What became of the file's rows, and all that was found: a refused file loads none, whatever was understood."""
        refused = self.outcome == "refused"
        self.read, self.ignored = screening.read, dict(screening.ignored)
        self.loaded = 0 if refused else screening.loaded
        self.held = screening.read - sum(screening.ignored.values()) if refused else len(screening.held)
        self.months = screening.months
        self.sites = sorted({site for _, site, _ in screening.slots})
        self.findings = sorted(screening.findings, key=lambda finding: (_LEVELS[finding.level], finding.row or 0))

    def tell_unchanged(self, known: Entry) -> None:
        """That all the file says stands there already, by this entry."""
        when = period.roc_date(known.at_utc.replace(tzinfo=UTC).astimezone(period.TAIPEI).date())
        found = f"內容與{when}由{known.by_name}入庫的第{known.id}號相同"
        self.outcome, self.batch = "unchanged", known.id
        self.findings = [Finding.of("BIZ-01", "note", found=found, expected="新的內容", mend="內容相同，未重複入庫")]
        self.type, self.encoding, self.dataset = known.type, known.encoding, known.dataset
        self.read, self.ignored = known.rows_read or 0, {"unchanged": known.rows_read or 0}

    def as_json(self) -> dict[str, Any]:
        """The contract's form."""
        return {
            "file": self.file,
            "sha256": self.sha256,
            "type": self.type,
            "encoding": self.encoding,
            "dataset": self.dataset,
            "outcome": self.outcome,
            "batch": self.batch,
            "months": [month.strftime("%Y-%m") for month in self.months],
            "sites": self.sites,
            "rows": {"read": self.read, "loaded": self.loaded, "held": self.held, "ignored": self.ignored},
            "findings": [finding.as_json() for finding in self.findings],
            "impact": [impact.as_json() for impact in self.impact],
        }
