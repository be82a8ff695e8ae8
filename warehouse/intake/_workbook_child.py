"""The child process that parses one workbook: standard input is the file, standard output lines of JSON.

    python -I -S _workbook_child.py look         one line: the first rows of every sheet
    python -I -S _workbook_child.py read INDEX   the rows of one sheet, some thousand to a line, then a line with `end`

It is run as a file, imports nothing but the standard library and takes limits upon itself first, so that it starts in a moment and whatever
a workbook does to it stays in it. What goes wrong is its last line: `error` (a finding's code), `sheet`, `row`, `column`, `value`.

Cells come out as text: numbers as Excel shows them in an unformatted cell, at most 15 digits; per-cent cells with their sign; days and times in
ISO form by the workbook's own calendar (1900 or 1904); TRUE and FALSE. An error cell and a formula that nobody has calculated are `faults`.
"""

from __future__ import annotations

import json
import re
import sys
import zipfile
from collections.abc import Callable, Iterator
from contextlib import suppress
from datetime import datetime, timedelta
from decimal import Decimal
from typing import Any
from xml.parsers import expat

#: Address space, processor seconds.
MEMORY, SECONDS = 280 << 20, 25

#: The first rows told by `look`, and how far down it looks for cells that lie outside any table.
HEAD_ROWS, LOOK_ROWS = 12, 2000

#: A table has at most so many columns; between two of its rows lie at most so many empty ones; Excel's own number of rows.
COLUMNS, GAP, ROWS = 200, 10_000, 1_048_576

#: No cell is longer in Excel; a few characters more are kept so that the reader sees that it was too long.
CELL = 32_767 + 9

#: A row with values that is said to repeat more often than this is no row of a table.
REPEATED = 100_000

#: The text of a sheet is hardly longer than the XML it stands in; shared text that is named very often would be.
TEXT_BEYOND = 8 << 20

_LINE_ROWS, _LINE_TEXT, _PIECE, _MERGES = 10_000, 1 << 20, 1 << 16, 20_000
_NUMBER = re.compile(r"[+-]?(?:[0-9]+(?:\.[0-9]*)?|\.[0-9]+)(?:[eE][+-]?[0-9]{1,3})?")
_PLACE = re.compile(r"\$?([A-Za-z]{1,3})\$?([0-9]{1,7})")
_ESCAPED = re.compile("_x([0-9A-Fa-f]{4})_")
_MERGED = re.compile(rb"<(?:[A-Za-z0-9]+:)?mergeCell\s[^>]{0,200}?ref=[\"']([A-Z0-9:$]{1,40})[\"']")


class Stop(Exception):
    """The file cannot be read on: a finding's code and where."""

    def __init__(self, code: str, **where: Any) -> None:
        super().__init__(code)
        self.code, self.where = code, where


class _Enough(Exception):
    """All that `look` wants of a sheet has been seen."""


# --- cells ------------------------------------------------------------------------------------------------------------------


def number_text(raw: str) -> str:
    """A number as an unformatted, wide cell shows it: 12, not 12.0; 0.3, not 0.30000000000000004; from 16 digits on with an exponent."""
    if raw.isascii() and raw.isdigit() and len(raw) <= 15:
        return raw
    if not _NUMBER.fullmatch(raw):
        raise Stop("E-PARSER", value=raw[:40])
    shown = f"{float(raw):.15g}"
    if "inf" in shown:
        return raw
    if "e" not in shown:
        return "0" if shown == "-0" else shown
    if int(shown.partition("e")[2]) > 0:
        return shown.upper()
    return f"{Decimal(shown):f}" if int(shown.partition("e")[2]) > -30 else "0"


def percent_text(raw: str) -> str:
    """0.953 in a per-cent cell: 95.3%."""
    return f"{(Decimal(number_text(raw)) * 100).normalize():f}%"


def serial_text(raw: str, kind: str, base_1904: bool) -> str:
    """A day, a moment or a time of day from its serial number; a number that is none comes out as it is."""
    number_text(raw)
    serial = float(raw)
    if kind == "duration" or (kind == "time" and 0 <= serial < 1):
        seconds = round(serial * 86_400)
        return f"{seconds // 3600:02d}:{seconds // 60 % 60:02d}:{seconds % 60:02d}"
    if not base_1904 and int(serial) == 60:
        return "1900-02-29"
    if not (1 if not base_1904 else 0) <= serial < 2_958_466:
        return number_text(raw)
    first = datetime(1904, 1, 1) if base_1904 else datetime(1899, 12, 30) if serial > 60 else datetime(1899, 12, 31)
    moment = first + timedelta(days=int(serial), seconds=round(serial % 1 * 86_400))
    return f"{moment:%Y-%m-%d}" if kind == "date" and not serial % 1 else f"{moment:%Y-%m-%d %H:%M:%S}"


_DAYS = {*range(14, 18), *range(27, 32), 36, *range(50, 55), 57, 58}
_TIMES = {*range(18, 22), *range(32, 36), 45, 47, 55, 56}
_NO_LETTERS = re.compile(r'"[^"]*"|\\.|_.|\*.|\[(?!(?:h+|m+|s+)\])[^\]]*\]|[eE][+-](?=[0#?])|[上下]午|AM/PM|A/P', re.IGNORECASE)


def kind_of_format(code: str) -> str | None:
    """What a number format makes of a number: date, time, duration, percent, or None where it stays a number."""
    first = _NO_LETTERS.sub("", code.split(";")[0]).lower()
    if first.strip() in ("", "general", "@"):
        return None
    if "[h" in first or "[m" in first or "[s" in first:
        return "duration"
    clock = "h" in first or "s" in first
    if any(letter in first for letter in "ydeg") or ("m" in first and not clock):
        return "date" if not clock else "moment"
    return "time" if clock else "percent" if "%" in first else None


def kind_of_builtin(number: int) -> str | None:
    """The same for the formats that have a number and no code."""
    if number in _DAYS:
        return "date"
    return "moment" if number == 22 else "duration" if number == 46 else "time" if number in _TIMES else "percent" if number in (9, 10) else None


def unescaped(text: str) -> str:
    """Excel's _x000D_ for a carriage return is dropped, other characters written so are put back."""
    if "_x" not in text:
        return text
    return _ESCAPED.sub(_character, text)


def _character(found: re.Match[str]) -> str:
    point = int(found[1], 16)
    return "" if point == 0x0D else found[0] if 0xD800 <= point < 0xE000 else chr(point)


def place(reference: str) -> tuple[int, int]:
    """B7 → row 7, column 1."""
    found = _PLACE.fullmatch(reference)
    if not found:
        raise Stop("E-PARSER", value=reference[:40])
    column = 0
    for letter in found[1].upper():
        column = column * 26 + ord(letter) - 64
    return int(found[2]), column - 1


# --- the table being read ---------------------------------------------------------------------------------------------------


class Table:
    """Takes rows and gives lines. looking: only the first rows are wanted, and whether anything lies far outside."""

    def __init__(self, looking: bool, most_text: int = 0) -> None:
        self.looking = looking
        self._most_text = most_text
        self.head: list[tuple[int, list[str]]] = []
        self.error: Stop | None = None
        self.hidden_rows = self.hidden_columns = 0
        self.external = False
        self._rows: list[int] = []
        self._cells: list[list[str]] = []
        self._faults: list[tuple[int, int, str, str]] = []
        self._merges: list[tuple[int, int, int, int]] = []
        self._size = self._all = self._seen = self._last = 0
        self._widest = 0

    def row(self, number: int, cells: dict[int, str], faults: list[tuple[int, str, str]], hidden: bool, times: int = 1) -> None:
        """One row with its filled cells by column."""
        if self.looking:
            self._seen += 1
            if self._seen > LOOK_ROWS:
                raise _Enough
        if not cells:
            return
        width = max(cells) + 1
        if width > COLUMNS:
            raise Stop("E-COLUMNS" if len(cells) > COLUMNS else "E-RANGE", row=number, column=width)
        if number - self._last > GAP or number + times - 1 > ROWS:
            raise Stop("E-RANGE" if number - self._last > GAP else "E-ROWS", row=number, column=width)
        if times > REPEATED:
            raise Stop("E-ROWS", row=number, column=width)
        self._last = number + times - 1
        self._widest = max(self._widest, width)
        texts = [cells.get(index, "") for index in range(width)]
        if self.looking:
            for step in range(min(times, HEAD_ROWS)):
                if number + step <= HEAD_ROWS:
                    self.head.append((number + step, texts))
            return
        size = sum(map(len, texts))
        for step in range(times):
            self._rows.append(number + step)
            self._cells.append(texts)
            self._faults += [(number + step, *fault) for fault in faults]
            self._size += size
            if len(self._rows) >= _LINE_ROWS or self._size > _LINE_TEXT:
                self.flush()
        self.hidden_rows += hidden * times

    def merged(self, top: int, left: int, bottom: int, right: int) -> None:
        """A range of cells that look like one."""
        self._merges.append((top, left, bottom, right))
        if len(self._merges) > _MERGES:
            raise Stop("E-RANGE", row=top, column=left + 1)

    def hide_columns(self, first: int, last: int) -> None:
        """Columns that are not shown; those to the right of the table do not matter."""
        self.hidden_columns += max(0, min(last, COLUMNS) - first + 1)

    def flush(self) -> None:
        """Send what has gathered."""
        self._all += self._size
        if self._all > self._most_text:
            raise Stop("E-UNPACK", row=self._last)
        if self._rows or self._merges:
            tell({"rows": self._rows, "cells": self._cells, "faults": self._faults, "merges": self._merges})
        self._rows, self._cells, self._faults, self._merges, self._size = [], [], [], [], 0


def tell(document: dict[str, Any]) -> None:
    """One line of JSON."""
    sys.stdout.write(json.dumps(document, ensure_ascii=True, separators=(",", ":")) + "\n")


def pieces(archive: zipfile.ZipFile, name: str) -> Iterator[bytes]:
    """A part of the zip, as it is unpacked. zipfile stops at the size that the directory told and compares the checksum."""
    try:
        with archive.open(name) as part:
            while piece := part.read(_PIECE):
                yield piece
    except KeyError:
        raise Stop("E-TRUNCATED") from None


Handlers = tuple[Callable[[str, dict[str, str]], None], Callable[[str], None], Callable[[str], None]]


def parse(archive: zipfile.ZipFile, name: str, start: Any, end: Any = None, characters: Any = None, *, spaces: bool = False) -> None:
    """Read a part as XML, without a document type and without entities."""
    parser = expat.ParserCreate(namespace_separator=" " if spaces else None)
    parser.buffer_text = True
    parser.StartElementHandler, parser.EndElementHandler, parser.CharacterDataHandler = start, end, characters
    parser.StartDoctypeDeclHandler = _refuse_doctype
    try:
        for piece in pieces(archive, name):
            parser.Parse(piece, False)
        parser.Parse(b"", True)
    except expat.ExpatError as error:
        raise Stop("E-PARSER", value=expat.errors.messages.get(error.code, str(error.code))) from None
    finally:
        # Handlers are bound methods that hold the parser: without this nothing of it is freed.
        parser.StartElementHandler = parser.EndElementHandler = parser.CharacterDataHandler = None


def _refuse_doctype(*_: Any) -> None:
    raise Stop("E-XLS-25")


_LOCAL: dict[str, str] = {}


def local(name: str) -> str:
    """An element's or attribute's name without its prefix."""
    found = _LOCAL.get(name)
    if found is None:
        found = _LOCAL[name] = name.rpartition(":")[2]
    return found


# --- .xlsx ------------------------------------------------------------------------------------------------------------------


class Xlsx:
    """An Office Open XML workbook: its sheets by name and state, its shared texts, and what its formats make of numbers."""

    def __init__(self, archive: zipfile.ZipFile) -> None:
        self.archive = archive
        self.names = {name.casefold(): name for name in archive.namelist()}
        self.base_1904 = False
        self.sheets: list[tuple[str, str, str]] = []
        main = self._main_part()
        self._folder = main.rpartition("/")[0]
        targets = self._relations(main)
        self._read_sheets(main, {key: target for key, (_, target) in targets.items()})
        parts = {kind.rpartition("/")[2]: target for kind, target in targets.values()}
        self.texts = self._shared(parts["sharedStrings"]) if "sharedStrings" in parts else []
        self.kinds = self._styles(parts["styles"]) if "styles" in parts else []
        self.linked = "externalLink" in parts
        self.objects = any(name.startswith(("xl/embeddings/", "xl/activex/")) for name in self.names)

    def _main_part(self) -> str:
        found = next((target for kind, target in self._relations("").values() if kind.endswith("/officeDocument")), "xl/workbook.xml")
        return self._named(found)

    def _named(self, name: str) -> str:
        return self.names.get(name.casefold(), name)

    def _relations(self, part: str) -> dict[str, tuple[str, str]]:
        """Identifier → kind and target of what a part refers to; nothing outside the file is ever opened."""
        folder, _, name = part.rpartition("/")
        path = self._named(f"{folder}/_rels/{name}.rels".lstrip("/"))
        found: dict[str, tuple[str, str]] = {}

        def start(tag: str, attributes: dict[str, str]) -> None:
            if local(tag) == "Relationship" and attributes.get("TargetMode") != "External":
                target = attributes.get("Target", "")
                full = target.lstrip("/") if target.startswith("/") else f"{folder}/{target}".lstrip("/")
                while "/../" in full:
                    full = re.sub("[^/]+/[.][.]/", "", full, count=1)
                found[attributes.get("Id", "")] = (attributes.get("Type", ""), self._named(full))

        if path in self.archive.NameToInfo:
            parse(self.archive, path, start)
        return found

    def _read_sheets(self, main: str, targets: dict[str, str]) -> None:
        def start(tag: str, attributes: dict[str, str]) -> None:
            name = local(tag)
            if name == "workbookPr":
                self.base_1904 = attributes.get("date1904", "0").lower() in ("1", "true", "on")
            elif name == "sheet":
                identity = next((value for key, value in attributes.items() if local(key) == "id" and ":" in key), "")
                if "worksheet" in targets.get(identity, ""):
                    self.sheets.append((attributes.get("name", ""), attributes.get("state", "visible"), targets[identity]))

        parse(self.archive, main, start)

    def _shared(self, part: str) -> list[str]:
        texts: list[str] = []
        gathered: list[str] = []
        state = {"skip": 0, "take": False}

        def start(tag: str, _: dict[str, str]) -> None:
            name = local(tag)
            if name == "si":
                gathered.clear()
            elif name == "rPh":
                state["skip"] += 1
            state["take"] = name == "t" and not state["skip"]

        def characters(text: str) -> None:
            if state["take"]:
                gathered.append(text)

        def end(tag: str) -> None:
            name = local(tag)
            state["take"] = False
            if name == "rPh":
                state["skip"] -= 1
            elif name == "si":
                texts.append(unescaped("".join(gathered))[:CELL])

        parse(self.archive, part, start, end, characters)
        return texts

    def _styles(self, part: str) -> list[str | None]:
        codes: dict[int, str] = {}
        kinds: list[str | None] = []
        inside = [False]

        def start(tag: str, attributes: dict[str, str]) -> None:
            name = local(tag)
            if name == "numFmt":
                codes[_whole(attributes.get("numFmtId", "0"))] = attributes.get("formatCode", "")
            elif name == "cellXfs":
                inside[0] = True
            elif name == "xf" and inside[0]:
                number = _whole(attributes.get("numFmtId", "0"))
                kinds.append(kind_of_format(codes[number]) if number in codes else kind_of_builtin(number))

        def end(tag: str) -> None:
            if local(tag) == "cellXfs":
                inside[0] = False

        parse(self.archive, part, start, end)
        return kinds

    def read(self, index: int, table: Table) -> None:
        """Read one sheet into the table."""
        part = self.sheets[index][2]
        if not table.looking:
            self._find_merges(part, table)
        _XlsxSheet(self, table).read(part)

    def _find_merges(self, part: str, table: Table) -> None:
        """Merged ranges stand behind all rows, and must be known before the first: looked for in the bytes, where no text can look like them."""
        rest = b""
        for piece in pieces(self.archive, part):
            window = rest + piece
            for found in _MERGED.finditer(window):
                first, _, last = found[1].decode().partition(":")
                (top, left), (bottom, right) = place(first), place(last or first)
                table.merged(top, left, bottom, right)
            cut = max((found.end() for found in _MERGED.finditer(window)), default=0)
            rest = window[max(cut, len(window) - 300) :]


class _XlsxSheet:
    """The handlers of one sheet."""

    def __init__(self, book: Xlsx, table: Table) -> None:
        self._book, self._table = book, table
        self._cells: dict[int, str] = {}
        self._faults: list[tuple[int, str, str]] = []
        self._number = self._column = -1
        self._last = 0
        self._hidden = self._taking = self._inside = False
        self._skip = 0
        self._attributes: dict[str, str] = {}
        self._gathered: list[str] = []
        self._value: str | None = None
        self._inline: list[str] = []
        self._formula: str | None = None

    def read(self, part: str) -> None:
        parse(self._book.archive, part, self._start, self._end, self._characters)

    def _characters(self, text: str) -> None:
        if self._taking:
            self._gathered.append(text)

    def _start(self, tag: str, attributes: dict[str, str]) -> None:
        name = local(tag)
        if not self._inside:
            if name == "sheetData":
                self._inside = True
            elif name == "col" and attributes.get("hidden") in ("1", "true"):
                self._table.hide_columns(_whole(attributes.get("min", "0")), _whole(attributes.get("max", "0")))
            return
        if name == "c":
            self._attributes = attributes
            self._value, self._formula, self._inline = None, None, []
        elif name in ("v", "f", "t"):
            self._gathered, self._taking = [], not self._skip
        elif name == "row":
            self._cells, self._faults, self._column = {}, [], -1
            self._number = _whole(attributes.get("r") or str(self._last + 1))
            self._hidden = attributes.get("hidden") in ("1", "true")
            if not self._last < self._number <= ROWS:
                raise Stop("E-RANGE" if self._number > ROWS else "E-PARSER", row=self._number)
            self._last = self._number
        elif name == "rPh":
            self._skip += 1

    def _end(self, tag: str) -> None:
        if not self._inside:
            return
        name = local(tag)
        if name == "v":
            self._value, self._taking = "".join(self._gathered), False
        elif name == "c":
            self._cell()
        elif name == "t":
            if self._taking:
                self._inline.append("".join(self._gathered))
            self._taking = False
        elif name == "f":
            self._formula, self._taking = "".join(self._gathered), False
        elif name == "row":
            self._table.row(self._number, self._cells, self._faults, self._hidden)
        elif name == "rPh":
            self._skip -= 1
        elif name == "sheetData":
            self._inside = False

    def _cell(self) -> None:
        reference = self._attributes.get("r")
        row, column = place(reference) if reference else (self._number, self._column + 1)
        if row != self._number or column <= self._column:
            raise Stop("E-PARSER", row=self._number, value=(reference or "")[:40])
        self._column = column
        kind, value = self._attributes.get("t", "n"), self._value
        if self._formula is not None:
            self._table.external |= self._book.linked and re.search(r"\[[0-9]+\]", self._formula) is not None
            if value is None or (not value and kind != "str"):
                self._faults.append((column, "E-FORMULA-EMPTY", f"={self._formula}"[:CELL]))
                self._cells[column] = f"={self._formula}"[:CELL]
                return
        text = self._text(kind, value, column)
        if text:
            self._cells[column] = text

    def _text(self, kind: str, value: str | None, column: int) -> str:
        if kind == "s":
            at = _whole(value or "")
            if at >= len(self._book.texts):
                raise Stop("E-PARSER", row=self._number, column=column + 1)
            return self._book.texts[at]
        if kind == "inlineStr":
            return unescaped("".join(self._inline))[:CELL]
        if value is None or value == "":
            return ""
        if kind == "n":
            return self._number_cell(value)
        if kind == "b":
            return "TRUE" if value in ("1", "true") else "FALSE"
        if kind == "e":
            self._faults.append((column, "E-CELL-ERROR", value[:CELL]))
            return value[:CELL]
        return value.replace("T", " ").removesuffix(" 00:00:00")[:CELL] if kind == "d" else unescaped(value)[:CELL]

    def _number_cell(self, value: str) -> str:
        style = self._attributes.get("s")
        if style is None:
            return number_text(value)
        at = _whole(style)
        kind = self._book.kinds[at] if at < len(self._book.kinds) else None
        if kind is None:
            return number_text(value)
        return percent_text(value) if kind == "percent" else serial_text(value, kind, self._book.base_1904)


def _whole(text: str) -> int:
    if not (text.isascii() and text.isdigit() and len(text) <= 9):
        raise Stop("E-PARSER", value=text[:40])
    return int(text)


# --- .ods -------------------------------------------------------------------------------------------------------------------

_TABLE = "urn:oasis:names:tc:opendocument:xmlns:table:1.0 "
_OFFICE = "urn:oasis:names:tc:opendocument:xmlns:office:1.0 "
_TEXT = "urn:oasis:names:tc:opendocument:xmlns:text:1.0 "
_STYLE = "urn:oasis:names:tc:opendocument:xmlns:style:1.0 "
_DRAWN = "urn:oasis:names:tc:opendocument:xmlns:drawing:1.0 "
_CALCEXT = "urn:org:documentfoundation:names:experimental:calc:xmlns:calcext:1.0 "
_PERIOD = re.compile(r"-?P(?:([0-9]{1,6})D)?T(?:([0-9]{1,7})H)?(?:([0-9]{1,7})M)?(?:([0-9]{1,7})(?:[.,][0-9]+)?S)?")


class Ods:
    """An OpenDocument spreadsheet: one part holds all sheets, one after another."""

    def __init__(self, archive: zipfile.ZipFile) -> None:
        self.archive = archive
        self.sheets: list[tuple[str, str, str]] = []
        self.linked = False
        self.objects = False
        if "META-INF/manifest.xml" in archive.NameToInfo:
            parse(archive, "META-INF/manifest.xml", self._manifest)
        self.heads: list[Table] = []

    def _manifest(self, _: str, attributes: dict[str, str]) -> None:
        self.objects |= any(value == "application/vnd.sun.star.oleobject" for value in attributes.values())

    def look(self) -> list[Table]:
        """The first rows of all sheets, which are told of in `sheets`."""
        parse(self.archive, "content.xml", *_OdsContent(self, None, None).handlers(), spaces=True)
        return self.heads

    def read(self, index: int, table: Table) -> None:
        """Read one sheet into the table."""
        parse(self.archive, "content.xml", *_OdsContent(self, index, table).handlers(), spaces=True)


class _OdsContent:
    """The handlers of the one part. Without an index every sheet's first rows are kept, with one that sheet is read."""

    def __init__(self, book: Ods, index: int | None, table: Table | None) -> None:
        self._book, self._index, self._table = book, index, table
        self._at = -1
        self._active: Table | None = None
        self._path: list[str] = []
        self._skip = 0
        self._hidden_styles: set[str] = set()
        self._style = ""
        self._row_number = self._column = self._columns = 0
        self._row: dict[str, str] = {}
        self._cells: dict[int, str] = {}
        self._faults: list[tuple[int, str, str]] = []
        self._cell: dict[str, str] | None = None
        self._paragraphs: list[list[str]] = []

    def handlers(self) -> Handlers:
        return self._start, self._end, self._characters

    def _characters(self, text: str) -> None:
        if self._paragraphs and self._cell is not None and not self._skip:
            self._paragraphs[-1].append(text)

    def _start(self, tag: str, attributes: dict[str, str]) -> None:
        parent = self._path[-1] if self._path else ""
        self._path.append(tag)
        if self._skip or tag == f"{_OFFICE}annotation" or tag.startswith(_DRAWN):
            self._skip += 1
        elif tag in (f"{_TABLE}table-cell", f"{_TABLE}covered-table-cell"):
            self._cell, self._paragraphs = attributes, []
        elif tag == f"{_TEXT}p":
            self._paragraphs.append([])
        elif tag.startswith(_TEXT):
            self._text_element(tag, attributes)
        elif tag == f"{_TABLE}table-row":
            self._row, self._cells, self._faults, self._column = attributes, {}, [], 0
        elif tag == f"{_TABLE}table-column" and self._active:
            self._table_column(attributes)
        elif tag == f"{_TABLE}table" and parent == f"{_OFFICE}spreadsheet":
            self._begin_table(attributes)
        elif tag == f"{_STYLE}style":
            self._style = attributes.get(f"{_STYLE}name", "")
        elif tag == f"{_STYLE}table-properties" and attributes.get(f"{_TABLE}display") == "false":
            self._hidden_styles.add(self._style)
        elif tag in (f"{_TABLE}dde-link", f"{_TABLE}table-source"):
            self._book.objects |= self._index is None

    def _text_element(self, tag: str, attributes: dict[str, str]) -> None:
        if not self._paragraphs or self._cell is None:
            return
        if tag == f"{_TEXT}s":
            self._paragraphs[-1].append(" " * min(_whole(attributes.get(f"{_TEXT}c", "1")), CELL))
        elif tag == f"{_TEXT}tab":
            self._paragraphs[-1].append("\t")
        elif tag == f"{_TEXT}line-break":
            self._paragraphs[-1].append("\n")

    def _begin_table(self, attributes: dict[str, str]) -> None:
        self._at += 1
        self._row_number = self._columns = 0
        if self._index is None:
            hidden = attributes.get(f"{_TABLE}style-name") in self._hidden_styles
            self._book.sheets.append((attributes.get(f"{_TABLE}name", ""), "hidden" if hidden else "visible", ""))
            self._active = Table(looking=True)
            self._book.heads.append(self._active)
        else:
            self._active = self._table if self._at == self._index else None

    def _table_column(self, attributes: dict[str, str]) -> None:
        assert self._active is not None
        times = _whole(attributes.get(f"{_TABLE}number-columns-repeated", "1"))
        if attributes.get(f"{_TABLE}visibility", "visible") != "visible":
            self._active.hide_columns(self._columns + 1, self._columns + times)
        self._columns += times

    def _end(self, tag: str) -> None:
        self._path.pop()
        if self._skip:
            self._skip -= 1
        elif tag in (f"{_TABLE}table-cell", f"{_TABLE}covered-table-cell"):
            self._end_cell()
        elif tag == f"{_TABLE}table-row" and self._active:
            self._end_row()
        elif tag == f"{_TABLE}table" and self._path and self._path[-1] == f"{_OFFICE}spreadsheet":
            if self._active is self._table and self._table is not None:
                raise _Enough
            self._active = None

    def _end_row(self) -> None:
        assert self._active is not None
        times = _whole(self._row.get(f"{_TABLE}number-rows-repeated", "1"))
        hidden = self._row.get(f"{_TABLE}visibility", "visible") != "visible"
        try:
            self._active.row(self._row_number + 1, self._cells, self._faults, hidden, times)
        except _Enough:
            self._active = None
        except Stop as stop:
            if self._index is not None:
                raise
            self._active.error, self._active = stop, None
        self._row_number += times

    def _end_cell(self) -> None:
        assert self._cell is not None
        cell, self._cell = self._cell, None
        times = _whole(cell.get(f"{_TABLE}number-columns-repeated", "1"))
        if self._active:
            text = self._value(cell, "\n".join("".join(parts) for parts in self._paragraphs))
            down, across = (_whole(cell.get(f"{_TABLE}number-{what}-spanned", "1")) for what in ("rows", "columns"))
            if (down > 1 or across > 1) and not self._active.looking:
                top = self._row_number + 1
                self._active.merged(top, self._column, top + down - 1, self._column + across - 1)
            if text:
                for step in range(min(times, COLUMNS + 1)):
                    self._cells[self._column + step] = text
        self._column += times

    def _value(self, cell: dict[str, str], text: str) -> str:
        kind = cell.get(f"{_OFFICE}value-type")
        formula = cell.get(f"{_TABLE}formula")
        if cell.get(f"{_CALCEXT}value-type") == "error" or (formula and text.startswith(("#", "Err:"))):
            self._faults.append((self._column, "E-CELL-ERROR", text[:CELL]))
            return text[:CELL]
        if formula and kind is None and not text:
            self._faults.append((self._column, "E-FORMULA-EMPTY", formula[:CELL]))
            return formula[:CELL]
        if formula and self._active:
            self._active.external |= "'file:" in formula
        if kind in ("float", "currency"):
            return number_text(cell.get(f"{_OFFICE}value", ""))
        if kind == "percentage":
            return percent_text(cell.get(f"{_OFFICE}value", ""))
        if kind == "date":
            return cell.get(f"{_OFFICE}date-value", "").replace("T", " ").partition(".")[0].removesuffix(" 00:00:00")[:40]
        if kind == "boolean":
            return cell.get(f"{_OFFICE}boolean-value", "").upper()[:5]
        if kind == "time":
            found = _PERIOD.fullmatch(cell.get(f"{_OFFICE}time-value", ""))
            if not found:
                raise Stop("E-PARSER", row=self._row_number + 1)
            days, hours, minutes, seconds = (int(part or 0) for part in found.groups())
            return f"{days * 24 + hours:02d}:{minutes:02d}:{seconds:02d}"
        return cell.get(f"{_OFFICE}string-value", text)[:CELL]


# --- the process ------------------------------------------------------------------------------------------------------------


def look(book: Xlsx | Ods) -> None:
    """Tell the first rows of every sheet, and what lies outside."""
    heads = book.look() if isinstance(book, Ods) else []
    found = []
    for index, (name, state, _) in enumerate(book.sheets):
        table = heads[index] if heads else Table(looking=True)
        if not heads:
            try:
                with suppress(_Enough):
                    book.read(index, table)
            except Stop as stop:
                if stop.code not in ("E-RANGE", "E-COLUMNS", "E-ROWS"):
                    raise
                table.error = stop
        error = {"error": table.error.code, **table.error.where} if table.error else None
        found.append({"name": name[:200], "hidden": state != "visible", "rows": table.head, "error": error})
    tell({"sheets": found, "objects": book.objects})


def read(book: Xlsx | Ods, index: int) -> None:
    """Tell all rows of one sheet."""
    table = Table(looking=False, most_text=sum(entry.file_size for entry in book.archive.infolist()) + TEXT_BEYOND)
    with suppress(_Enough):
        book.read(index, table)
    table.flush()
    tell({"end": True, "hidden_rows": table.hidden_rows, "hidden_columns": table.hidden_columns, "external": table.external})


def limit() -> None:
    """Take memory and time limits upon this process, where the system knows them."""
    try:
        import resource
    except ImportError:
        return
    resource.setrlimit(resource.RLIMIT_AS, (MEMORY, MEMORY))
    resource.setrlimit(resource.RLIMIT_CPU, (SECONDS, SECONDS))
    resource.setrlimit(resource.RLIMIT_CORE, (0, 0))
    resource.setrlimit(resource.RLIMIT_FSIZE, (0, 0))


def main(arguments: list[str]) -> None:
    """See the top of the file."""
    limit()
    try:
        with open(0, "rb", closefd=False) as stream, zipfile.ZipFile(stream) as archive:
            book = Ods(archive) if "content.xml" in archive.NameToInfo else Xlsx(archive)
            if arguments[0] == "look":
                look(book)
            else:
                read(book, int(arguments[1]))
    except Stop as stop:
        tell({"error": stop.code, **stop.where})
    except MemoryError:
        tell({"error": "E-UNPACK"})
    except (zipfile.BadZipFile, EOFError, zipfile.zlib.error):  # type: ignore[attr-defined]
        tell({"error": "E-TRUNCATED"})
    except RecursionError:
        tell({"error": "E-PARSER"})


if __name__ == "__main__":
    main(sys.argv[1:])
