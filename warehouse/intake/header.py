"""Headings: how names in a file are compared with known ones, and which row of a file is the header."""

from __future__ import annotations

import difflib
import re
import unicodedata
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from functools import lru_cache
from typing import Protocol

#: A header is looked for in this many rows from the top.
HEADER_SEARCH_ROWS = 10

#: A file with more columns than this is refused before anything else is read.
COLUMN_LIMIT = 200

_INVISIBLE = re.compile("[\\s\u200b-\u200f\u2060-\u2069\ufeff]+|_x000D_")
_SCALE = re.compile(r"\([0-9]{1,3}分?\)$")
_SAME_CHARACTER = str.maketrans({"台": "臺", "巿": "市"})


@lru_cache(maxsize=4096)
def heading_key(name: str) -> str:
    """The form in which two headings are compared: NFKC, no spaces or invisible characters, lower case, 臺 for 台.

    A full score in brackets, 「總機接聽速度(25)」, is no part of the name; a unit, 「金額(千元)」, is.
    """
    key = _INVISIBLE.sub("", unicodedata.normalize("NFKC", name)).casefold().translate(_SAME_CHARACTER)
    return _SCALE.sub("", key)


def without_unit(name: str) -> str:
    """A heading without the brackets at its end, compared by `heading_key`: 「金額（百元）」 → 金額."""
    key = heading_key(name)
    return key.partition("(")[0] if key.endswith(")") else key


class Layout(Protocol):
    """One way in which a table may be laid out: which headings it knows and which it cannot do without."""

    title: str

    def knows(self, heading: str) -> bool:
        """Whether a heading belongs to this layout."""

    def missing(self, headings: Iterable[str]) -> list[str]:
        """The headings it needs and does not find among these, as they are printed on the template."""

    def known_names(self) -> Sequence[str]:
        """Its headings as printed on the template, to offer the nearest one for an unknown name."""


@dataclass(frozen=True)
class Candidate:
    """A row that may be the header of a layout: its index among the first rows, and how well it fits.

    in_other_unit: what is missing is there under a heading that differs in its unit alone, 「金額（百元）」.
    """

    index: int
    layout: Layout
    matched: int
    missing: tuple[str, ...]
    in_other_unit: bool = False

    @property
    def fits(self) -> bool:
        """Whether every heading that the layout needs is there."""
        return not self.missing

    @property
    def rank(self) -> tuple[bool, int, int]:
        """Complete (if only in another unit) before incomplete, then the most headings known, then the fewest missing."""
        return self.fits or self.in_other_unit, self.matched, -len(self.missing)


def find_header(rows: Sequence[Sequence[str]], layouts: Iterable[Layout]) -> Candidate | None:
    """The best header among the first rows; None where no row knows two headings (or all of a one-column layout)."""
    best: Candidate | None = None
    for index, cells in enumerate(rows[:HEADER_SEARCH_ROWS]):
        names = [cell for cell in cells if heading_key(cell)]
        if not names:
            continue
        for layout in layouts:
            bare = [name if layout.knows(name) else without_unit(name) for name in names]
            matched = sum(map(layout.knows, bare))
            if matched < 2:
                continue
            missing = tuple(layout.missing(names))
            candidate = Candidate(index, layout, matched, missing, bool(missing) and not layout.missing(bare))
            if best is None or candidate.rank > best.rank:
                best = candidate
    return best


def nearest(name: str, known: Sequence[str], count: int = 2) -> list[str]:
    """The known headings most like this one, best first; none that are not alike at all."""
    keys = {heading_key(item): item for item in known}
    return [keys[key] for key in difflib.get_close_matches(heading_key(name), list(keys), n=count, cutoff=0.4)]
