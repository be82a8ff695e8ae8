"""Two printings of a text side by side: what was added, what is gone. Figures are whole words, so that a changed one is marked whole."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from difflib import SequenceMatcher
from typing import Literal

Change = Literal["same", "added", "removed"]

#: Paragraphs less alike than this are marked whole; fewer equal words than this between two changes are marked with them.
_ALIKE, _ISLAND = 0.6, 2

_WORD = re.compile(r"[0-9][0-9,.萬億兆]*(?:年[0-9]+月(?:[0-9]+日)?|[﹪%件份人次筆元分場個月日]+)?|[A-Za-z]+|\s+|.")


@dataclass(frozen=True, slots=True)
class Piece:
    """A stretch of text and what became of it."""

    text: str
    change: Change


def marked(before: Sequence[str], after: Sequence[str]) -> list[list[Piece]]:
    """Paragraph by paragraph; one that stands in only one of them is a line of its own. Joined, all but `removed` is `after`, all but `added` is `before`."""
    lines: list[list[Piece]] = []
    for kind, first, last, start, end in SequenceMatcher(None, before, after, autojunk=False).get_opcodes():
        if kind == "equal":
            lines += [[Piece(text, "same")] for text in after[start:end]]
            continue
        both = min(last - first, end - start)
        lines += [list(_words(*pair)) for pair in zip(before[first : first + both], after[start : start + both], strict=True)]
        lines += [[Piece(text, "removed")] for text in before[first + both : last]]
        lines += [[Piece(text, "added")] for text in after[start + both : end]]
    return lines


def _words(before: str, after: str) -> Iterator[Piece]:
    old, new = _WORD.findall(before), _WORD.findall(after)
    matcher = SequenceMatcher(None, old, new, autojunk=False)
    steps = matcher.get_opcodes() if matcher.ratio() >= _ALIKE else [("replace", 0, len(old), 0, len(new))]
    removed, added = "", ""
    for number, (kind, first, last, start, end) in enumerate(steps):
        island = kind == "equal" and 0 < number < len(steps) - 1 and end - start < _ISLAND
        if kind != "equal" or island:
            removed += "".join(old[first:last])
            added += "".join(new[start:end])
            continue
        yield from _change(removed, added)
        removed = added = ""
        yield Piece("".join(new[start:end]), "same")
    yield from _change(removed, added)


def _change(removed: str, added: str) -> Iterator[Piece]:
    if removed:
        yield Piece(removed, "removed")
    if added:
        yield Piece(added, "added")
