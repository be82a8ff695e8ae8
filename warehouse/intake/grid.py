"""Text files as a rectangular grid: encoding, delimiter and header found, ragged rows named, rows numbered as in the file.

Small or oddly quoted files go through Python's strict `csv`; large plain ones through `pyarrow.csv`, piece by piece.
Both end in the same `Block`s, so whatever follows does not know which way was taken.
"""

from __future__ import annotations

import csv
import hashlib
import io
import re
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, field, replace
from functools import cached_property
from pathlib import Path

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc
import pyarrow.csv as pa_csv

from warehouse.errors import Finding, Refused, quote
from warehouse.intake import decode as decoding
from warehouse.intake.header import COLUMN_LIMIT, Candidate, Layout, find_header, heading_key, nearest

#: Excel's own limit for the characters in one cell.
CELL_LIMIT = 32_767

#: Files below this size are read by Python's `csv`: there the strict reader is as quick as the other one's start.
FAST_BYTES = 1 << 20

#: How much of a large file is read at a time.
PIECE_BYTES = 8 << 20

#: How much each of the reader's threads takes of it.
_READ_BYTES = 2 << 20

_HEAD_BYTES = 1 << 18
_DELIMITERS = (",", "\t", ";", "|", "，")
_NOTE_STARTS = ("備註", "附註", "註", "說明", "填表", "製表", "審核", "覆核", "主管", "單位主管", "資料", "統計", "產生", "列印", "*", "※", "#")

#: What may stand in a cell that looks empty.
_NOTHING_SEEN = "\ufeff\u200b \u3000\t\xa0\n"

#: Ctrl-Z, by which DOS programs end a text.
_END_OF_FILE = re.compile("\x1a+\n?\\Z")

csv.field_size_limit(1 << 28)


class Source:
    """A file to be read: its name as told (never a path to open), and its bytes from memory or from disk."""

    def __init__(self, name: str, content: bytes | Path) -> None:
        self.name = name
        self._content = content

    @property
    def path(self) -> Path | None:
        """Where the bytes lie on disk, if they do."""
        return self._content if isinstance(self._content, Path) else None

    @cached_property
    def size(self) -> int:
        """Bytes in the file."""
        return len(self._content) if isinstance(self._content, bytes) else self._content.stat().st_size

    def open(self) -> io.BufferedIOBase:
        """A fresh binary stream from the first byte."""
        return io.BytesIO(self._content) if isinstance(self._content, bytes) else self._content.open("rb", buffering=0)

    def head(self, size: int = _HEAD_BYTES) -> bytes:
        """The first bytes."""
        with self.open() as stream:
            return stream.read(size)

    def read(self) -> bytes:
        """All bytes."""
        if isinstance(self._content, bytes):
            return self._content
        return self._content.read_bytes()

    @cached_property
    def sha256(self) -> str:
        """The hash under which the file is known for ever."""
        with self.open() as stream:
            return hashlib.file_digest(stream, "sha256").hexdigest()

    def remember_hash(self, sha256: str) -> None:
        """Take a hash that was worked out elsewhere while the file was read."""
        self.__dict__["sha256"] = sha256


@dataclass(frozen=True)
class Fault:
    """A cell of a workbook that holds no text to be read: an error (`E-CELL-ERROR`), a formula nobody has calculated (`E-FORMULA-EMPTY`),
    a cell that another one is drawn over (`E-XLS-04`). column: its position; text: what stands there instead."""

    row: int
    column: int
    code: str
    text: str


@dataclass
class Block:
    """Some rows of a sheet. `columns`: one Arrow array of text for each heading, plain or dictionary-encoded;
    `rows`: the file's row number of each; `ignored`: rows left out here, by rule; `faults`: cells that are empty here and are not so in the file."""

    columns: list[pa.Array]
    rows: np.ndarray
    ignored: dict[str, int] = field(default_factory=dict)
    findings: list[Finding] = field(default_factory=list)
    faults: list[Fault] = field(default_factory=list)

    @property
    def height(self) -> int:
        """Rows in the block."""
        return len(self.rows)

    def text(self, column: int, at: int) -> str:
        """One cell, by its positions in the block."""
        return self.columns[column][at].as_py() or ""

    def texts(self, at: int) -> list[str]:
        """The cells of one row, by its position in the block."""
        return [self.text(column, at) for column in range(len(self.columns))]

    def keep(self, mask: np.ndarray) -> Block:
        """The rows where the mask holds; what was ignored and found so far stays with it."""
        if mask.all():
            return self
        chosen = pa.array(np.flatnonzero(mask))
        return Block([column.take(chosen) for column in self.columns], self.rows[mask], self.ignored, self.findings, self.faults)


@dataclass
class Sheet:
    """A table found in a file, before its cells are understood.

    names: the headings as they stand; header_row: their row in the file; titles: the text above them;
    encoding, delimiter: as detected, None for a workbook; findings: questions about the choice of the table; part: which sheet of a workbook;
    `blocks()` yields the rows below the header, and may raise `Refused`.
    """

    type: str
    encoding: str | None
    delimiter: str | None
    header_row: int
    names: list[str]
    titles: list[str]
    layout: Layout
    missing: tuple[str, ...]
    findings: list[Finding]
    _read: Callable[[], Iterator[Block]]
    part: str | None = None

    def blocks(self) -> Iterator[Block]:
        """The rows, in order; rows with too few or too many cells are findings in the block (`E-GRID`)."""
        return self._read()


def open_text(source: Source, layouts: Sequence[Layout], *, strict: bool = False) -> Sheet:
    """Find the one encoding, delimiter and header row under which a known layout appears.

    Large files are read the fast way unless `strict`; their `blocks()` may raise `NotPlain`, and then must be asked for again, strictly.

    Refuses (`Refused`): other file types, bytes that are no text in a known encoding, NUL padding, no known header (`E-HEADER`),
    more than 200 columns (`E-COLUMNS`). A header that lacks a needed heading is returned with `missing` set: the caller knows the words.
    """
    head = source.head()
    decoding.refuse_other_types(head)
    choice = _choose(head, layouts)
    if choice is None:
        raise _no_header(source, head, layouts)
    if choice.encoding in ("utf-8", "cp950") and "".join(choice.names).isascii():
        choice = replace(choice, encoding=_encoding_without_header(source, head, choice))
    plain = len(choice.delimiter.encode()) == 1 and choice.quote_free_header and not choice.encoding.startswith("utf-16")
    reader = _FastReader(source, choice) if source.size >= FAST_BYTES and plain and not strict else _StrictReader(source, choice)
    return Sheet(
        type="csv",
        encoding=choice.encoding.replace("utf-8-sig", "utf-8-bom"),
        delimiter=choice.delimiter,
        header_row=choice.header_row,
        names=choice.names,
        titles=choice.titles,
        layout=choice.candidate.layout,
        missing=choice.candidate.missing,
        findings=[],
        _read=reader.blocks,
    )


def text_grid(source: Source, sheet: Sheet | None = None) -> tuple[str, str, list[list[str]]]:
    """Encoding, delimiter and all cells as text, with no idea of what they mean: what `inspect --grid` shows, of an unknown table too.

    sheet: what was found in the file, where something was; else the first encoding that fits and the delimiter met most often.
    """
    head = source.head()
    decoding.refuse_other_types(head)
    known = [sheet.encoding.replace("utf-8-bom", "utf-8-sig")] if sheet and sheet.encoding else []
    for encoding in known or decoding.candidates(head):
        text = decoding.decode_head(head, encoding)
        if text is not None:
            delimiter = sheet.delimiter if sheet and sheet.delimiter else max(_DELIMITERS, key=text.count)
            whole = _one_line_end(decoding.decode(source.read(), encoding))
            return encoding, delimiter, list(csv.reader(io.StringIO(whole, newline=""), delimiter=delimiter))
    raise decoding.undecodable(source.read())


def _encoding_without_header(source: Source, head: bytes, choice: _Choice) -> str:
    """The encoding where an English header says nothing of it: that of the first bytes beyond ASCII, wherever they stand in the file."""
    beyond = head
    if head.isascii() and source.size > len(head):
        with source.open() as stream:
            while (piece := stream.read(PIECE_BYTES)) and piece.isascii():
                pass
        beyond = piece
    if beyond.isascii():
        return choice.encoding
    if beyond is not head and decoding.decode_head(beyond, "utf-8") is not None:
        return "utf-8"
    text = decoding.decode_head(beyond, "cp950") if beyond is not head or choice.encoding == "cp950" else None
    if text is None:
        return choice.encoding
    if decoding.hardly_big5(text):
        raise decoding.simplified_or_unknown(beyond)
    return "cp950"


# --- which encoding, delimiter and header -----------------------------------------------------------------------------------


@dataclass(frozen=True)
class _Choice:
    encoding: str
    delimiter: str
    candidate: Candidate
    names: list[str]
    titles: list[str]
    header_row: int
    lines_to_skip: int
    quote_free_header: bool


def _choose(head: bytes, layouts: Sequence[Layout]) -> _Choice | None:
    best: _Choice | None = None
    first_rows: list[list[str]] = []
    for encoding in decoding.candidates(head):
        text = decoding.decode_head(head, encoding)
        if text is None:
            continue
        text = _one_line_end(text)
        skipped = 1 if text[:4].lower() == "sep=" else 0
        lines = text.split("\n", 40)[skipped:40]
        for delimiter in _DELIMITERS:
            if not any(delimiter in line for line in lines):
                continue
            rows = _first_records("\n".join(lines), delimiter)
            candidate = find_header(rows, layouts)
            if candidate is None or (best is not None and candidate.rank <= best.candidate.rank):
                continue
            best, first_rows = _choice(encoding, delimiter, candidate, rows, lines, skipped), rows
    if best is not None:
        refuse_rows_above(first_rows[: best.candidate.index], best.candidate, best.names, best.header_row, layouts)
    if best is not None and len(best.names) > COLUMN_LIMIT:
        raise Refused([_columns_finding(len(best.names), best.header_row)])
    return best


def refuse_rows_above(rows: list[list[str]], candidate: Candidate, names: list[str], header_row: int, layouts: Sequence[Layout]) -> None:
    """Refuse rows over the header that are no titles.

    A whole header further up means that its rows would be taken for titles (`E-TWO-TABLES`); one directly above is the same header in English.
    A row that is filled in as far as the header is (`E-HEADER`) comes of a sheet that was sorted with its header: its first rows would be lost.
    """
    above = find_header(rows[:-1], layouts)
    if above is not None and above.fits:
        raise Refused([two_tables(header_row)])
    width = sum(bool(heading_key(name)) for name in names)
    for row, cells in enumerate(rows, start=header_row - len(rows)):
        filled = [cell for cell in cells if cell.strip()]
        if len(filled) >= max(3, width) and not any(candidate.layout.knows(cell) for cell in filled):
            raise Refused(
                [
                    Finding.of(
                        "E-HEADER",
                        "file",
                        row=row,
                        found="標題列之上有一列資料",
                        expected="標題列在資料之上",
                        mend="可能連同標題列一起排序了，請把標題列移到最上面後重新上傳",
                    )
                ]
            )


def two_tables(row: int) -> Finding:
    """The finding for a second table under the first."""
    return Finding.of("E-TWO-TABLES", "file", row=row, found="這一列是另一張表的標題列", expected="一份檔案一張表", mend="請分成兩份檔案後重新上傳")


def _choice(
    encoding: str, delimiter: str, candidate: Candidate, rows: list[list[str]], lines: list[str], skipped: int
) -> _Choice:
    above = rows[: candidate.index]
    first_lines = "\n".join(lines[: candidate.index + 1])
    return _Choice(
        encoding=encoding,
        delimiter=delimiter,
        candidate=candidate,
        names=rows[candidate.index],
        titles=[" ".join(cell.strip() for cell in row if cell.strip()) for row in above if any(cell.strip() for cell in row)],
        header_row=candidate.index + 1 + skipped,
        lines_to_skip=candidate.index + 1 + skipped,
        quote_free_header='"' not in first_lines,
    )


def _first_records(text: str, delimiter: str) -> list[list[str]]:
    rows: list[list[str]] = []
    try:
        for row in csv.reader(io.StringIO(text, newline=""), delimiter=delimiter):
            rows.append(row)
            if len(rows) >= 12:
                break
    except csv.Error:
        pass
    return rows


def _no_header(source: Source, head: bytes, layouts: Sequence[Layout]) -> Refused:
    if all(decoding.decode_head(head, encoding, strict=True) is None for encoding in decoding.candidates(head)):
        return decoding.undecodable(source.read())
    encoding = next(name for name in decoding.candidates(head) if decoding.decode_head(head, name, strict=True) is not None)
    data = source.read()
    if encoding in ("utf-16-le", "utf-16-be"):
        return decoding.unknown_encoding()
    if encoding.startswith("utf-8"):
        decoding.decode(data, encoding)
    elif encoding == "cp950" and decoding._reads_as_simplified(data):
        return decoding.undecodable(data + b"\xff")
    text = decoding.decode_head(head, encoding) or ""
    first = next((line for line in _one_line_end(text).split("\n") if line.strip()), "")
    if first.count(",") > COLUMN_LIMIT:
        return Refused([_columns_finding(first.count(",") + 1, 1)])
    return no_header(first.replace("\t", ",").split(","), layouts, first)


def no_header(cells: Sequence[str], layouts: Sequence[Layout], shown: str) -> Refused:
    """The refusal of a table none of whose first rows is a known header. cells: its first filled row; shown: the same as it stands in the file."""
    names = [name for layout in layouts for name in layout.known_names()]
    cells = [cell for cell in cells if cell.strip()]
    shown = shown or "，".join(cells)
    offered = [near for cell in cells[:8] for near in nearest(cell, names, 1)]
    garbled = sum(char in "æåçéèäÂÃ€ï»¿" for char in shown) > 4
    hint = "；看來是亂碼，請確認存檔時的編碼" if garbled else ""
    also = f"；相近的欄名有「{'、'.join(dict.fromkeys(offered))}」" if offered else ""
    return Refused(
        [
            Finding.of(
                "E-HEADER",
                "file",
                found=f"前10列找不到認得的標題列{hint}",
                expected=f"任一報表範本的欄名{also}",
                mend="請下載範本對照欄名後重新上傳",
                value=shown,
            )
        ]
    )


def _columns_finding(count: int, row: int) -> Finding:
    return Finding.of("E-COLUMNS", "file", row=row, found=f"標題列有{count:,}欄", expected=f"{COLUMN_LIMIT}欄以內", mend="請刪去多餘的欄後重新上傳")


# --- whether a line is a record ---------------------------------------------------------------------------------------------


class NotPlain(Exception):
    """A large file turned out, part way, to be none whose lines are records: read it again with `strict`."""


def _quotes_are_plain(data: bytes, delimiter: str) -> bool:
    """Whether each quote opens a cell, closes one or is doubled, and no cell holds a line end: then a line is a record."""
    buffer = np.frombuffer(data, dtype=np.uint8)
    at = np.flatnonzero(buffer == ord('"'))
    if len(at) % 2:
        return False
    opening, closing = at[0::2], at[1::2]
    before = buffer[np.maximum(opening - 1, 0)]
    after = buffer[np.minimum(closing + 1, len(buffer) - 1)]
    border = np.isin(before, [ord(mark) for mark in f'{delimiter}\n"']) | (opening == 0)
    end = np.isin(after, [ord(mark) for mark in f'{delimiter}\r\n"']) | (closing == len(buffer) - 1)
    doubled = np.zeros(len(opening), dtype=bool)
    doubled[1:] = opening[1:] == closing[:-1] + 1
    if not (border & end).all() or ((before == ord('"')) & ~doubled).any():
        return False
    line_ends = np.flatnonzero((buffer == ord("\n")) | (buffer == ord("\r")))
    inside = np.searchsorted(at, line_ends) % 2
    return not inside.any()


def _refuse_nul_tail(data: bytes) -> None:
    data = data.rstrip(b"\r\n")
    if data.endswith(b"\x00"):
        row = data.rstrip(b"\x00").count(b"\n") + 1
        raise Refused([Finding.of("E-NUL", "file", row=row, found="檔尾是空位元組（NUL）", expected="完整的文字檔", mend="檔案可能未存完，請重新存檔後上傳")])


def _one_line_end(text: str) -> str:
    if "\r" not in text:
        return text
    return text.replace("\r\r\n", "\n").replace("\r\n", "\n").replace("\r", "\n")


# --- the strict reader ------------------------------------------------------------------------------------------------------


def _records(text: str, delimiter: str) -> Iterator[list[str]]:
    yield from csv.reader(io.StringIO(text, newline=""), delimiter=delimiter, strict=True)


class _StrictReader:
    """Python's csv in strict mode over the whole text: for small files, and for any whose quotes are not plainly paired."""

    def __init__(self, source: Source, choice: _Choice) -> None:
        self._source, self._choice = source, choice

    def blocks(self) -> Iterator[Block]:
        data = self._source.read()
        if not self._choice.encoding.startswith("utf-16"):
            _refuse_nul_tail(data)
        text = _END_OF_FILE.sub("", _one_line_end(decoding.decode(data, self._choice.encoding)))
        width = len(self._choice.names)
        kept: list[list[str]] = []
        rows: list[int] = []
        ragged: list[tuple[int, list[str]]] = []
        ignored: dict[str, int] = {}
        number = 0
        try:
            for number, cells in enumerate(_records(text, self._choice.delimiter), start=1):
                if number <= self._choice.header_row:
                    continue
                rule = _rule_for_odd_row(cells, width)
                if rule:
                    ignored[rule] = ignored.get(rule, 0) + 1
                elif len(cells) == width:
                    kept.append(cells)
                    rows.append(number)
                elif len(cells) > width and not any(cell.strip() for cell in cells[width:]):
                    kept.append(cells[:width])
                    rows.append(number)
                else:
                    ragged.append((number, cells))
        except csv.Error as error:
            raise Refused([_quote_finding(text, self._choice.delimiter, number + 1, str(error))]) from error
        findings = [_ragged_finding(row, cells, width, self._choice) for row, cells in ragged]
        findings += oversize_findings(kept, rows, self._choice.names)
        if findings and any(finding.code == "E-CELL-SIZE" for finding in findings):
            raise Refused(findings)
        if '"' in text:
            findings += _stray_quotes(text, kept, rows, self._choice.names)
        columns = [pa.array(column, pa.string()) for column in zip(*kept, strict=True)] or [pa.array([], pa.string())] * width
        yield Block([column.dictionary_encode() for column in columns], np.array(rows, dtype=np.int64), ignored, findings)


def _rule_for_odd_row(cells: list[str], width: int) -> str | None:
    """`blank` for an empty row, `note` for a foot line that was never padded to the table's width; None for a row of the table."""
    filled = [cell for cell in cells if cell.strip(_NOTHING_SEEN)]
    if not filled:
        return "blank"
    if len(cells) < width and len(filled) == 1 and heading_key(filled[0]).startswith(_NOTE_STARTS):
        return "note"
    return None


def _ragged_finding(row: int, cells: Sequence[str], width: int, choice: _Choice) -> Finding:
    found = f"這一列有{len(cells)}格"
    mend = "請檢查是否多了或少了逗號（含千分位逗號的數字要加引號），改正後重新上傳"
    if any(cell.startswith((" \"", "\u3000\"")) for cell in cells):
        mend = "引號前有空白，請刪去空白後重新上傳"
    elif len(cells) > width and any(_is_thousands_pair(a, b) for a, b in zip(cells, cells[1:], strict=False)):
        mend = "數字的千分位逗號被當成分隔，請加引號或刪去逗號後重新上傳"
    return Finding.of("E-GRID", "file", row=row, found=found, expected=f"{width}格，與標題列相同", mend=mend, value=choice.delimiter.join(cells))


def _is_thousands_pair(left: str, right: str) -> bool:
    return left.isascii() and left.isdigit() and len(left) <= 3 and len(right) == 3 and right.isascii() and right.isdigit()


def oversize_findings(kept: list[list[str]], rows: list[int], names: list[str]) -> list[Finding]:
    """A finding (`E-CELL-SIZE`) for each cell with more characters than Excel allows."""
    return [
        Finding.of(
            "E-CELL-SIZE",
            "file",
            row=row,
            column=names[index].strip(),
            value=cell,
            found=f"一格有{len(cell):,}個字",
            expected=f"{CELL_LIMIT:,}字以內",
            mend="請縮短內容或檢查引號後重新上傳",
        )
        for row, cells in zip(rows, kept, strict=True)
        for index, cell in enumerate(cells)
        if len(cell) > CELL_LIMIT
    ]


def _stray_quotes(text: str, kept: list[list[str]], rows: list[int], names: list[str]) -> list[Finding]:
    """The first cell with a quote in its middle that nobody doubled, `5" 管`: read as it stands, and asked about."""
    for row, cells in zip(rows, kept, strict=True):
        for name, cell in zip(names, cells, strict=True):
            if '"' in cell and '"' + cell.replace('"', '""') + '"' not in text:
                return [
                    Finding.of(
                        "W-CSV-16",
                        "ask",
                        row=row,
                        column=" ".join(name.split()),
                        value=cell,
                        found=f"有單獨的雙引號（例如「{quote(cell)}」）",
                        expected="成對的雙引號，內文的引號寫成兩個",
                        mend="若內容無誤請確認",
                    )
                ]
    return []


def _quote_finding(text: str, delimiter: str, stopped_at: int, reason: str) -> Finding:
    row = stopped_at
    if "unexpected end" in reason:
        row = _row_of_open_quote(text, delimiter) or stopped_at
        found = "引號沒有結束"
    else:
        found = "引號之後還有字"
    return Finding.of(
        "E-QUOTE", "file", row=row, found=found, expected="成對的雙引號，內文的引號寫成兩個", mend="請用Excel另存CSV，或改正這一列的引號後重新上傳"
    )


def _row_of_open_quote(text: str, delimiter: str) -> int | None:
    """The record in which the quote opened that nothing closes: the last one that can be read starts before it."""
    record = 0
    try:
        for record, _ in enumerate(csv.reader(io.StringIO(text, newline=""), delimiter=delimiter, strict=True), start=1):  # noqa: B007
            pass
    except csv.Error:
        return record + 1
    return None


# --- the fast reader --------------------------------------------------------------------------------------------------------


class _FastReader:
    """`pyarrow.csv` over pieces of a large file whose lines are records. Rows with another number of cells become findings."""

    def __init__(self, source: Source, choice: _Choice) -> None:
        self._source, self._choice = source, choice
        free = getattr(choice.candidate.layout, "is_free_text", lambda _: False)
        self._ids = [f"c{index}" for index in range(len(choice.names))]
        category = pa.dictionary(pa.int32(), pa.string())
        self._types = {name: pa.string() if free(heading) else category for name, heading in zip(self._ids, choice.names, strict=True)}

    def blocks(self) -> Iterator[Block]:
        row = self._choice.header_row + 1
        for piece in self._pieces():
            block, lines = self._read(piece, row)
            row += lines
            yield block

    def _pieces(self) -> Iterator[bytes]:
        with self._source.open() as stream:
            rest = self._after_header(stream)
            while piece := stream.read(PIECE_BYTES):
                cut = piece.rfind(b"\n") + 1
                if not cut:
                    rest += piece
                    continue
                yield b"".join((rest, memoryview(piece)[:cut]))
                rest = piece[cut:]
            if rest:
                yield rest

    def _after_header(self, stream: io.BufferedIOBase) -> bytes:
        head = stream.read(_HEAD_BYTES)
        at = 0
        for _ in range(self._choice.lines_to_skip):
            at = head.find(b"\n", at) + 1
            if not at:
                raise NotPlain
        if head.count(b"\r", 0, at) != head.count(b"\r\n", 0, at):
            raise NotPlain
        return head[at:]

    def _read(self, piece: bytes, first_row: int) -> tuple[Block, int]:
        if self._choice.encoding not in ("utf-8", "utf-8-sig"):
            piece = decoding.decode(piece, self._choice.encoding, first_row=first_row).encode()
        skipped: list[pa_csv.InvalidRow] = []

        def skip(row: pa_csv.InvalidRow) -> str:
            skipped.append(row)
            return "skip"

        quoted = b'"' in piece
        if b"\x00" in piece or b"\x1a" in piece or (quoted and not _quotes_are_plain(piece, self._choice.delimiter)):
            raise NotPlain
        try:
            table = pa_csv.read_csv(
                pa.BufferReader(piece),
                read_options=pa_csv.ReadOptions(column_names=self._ids, block_size=_READ_BYTES),
                parse_options=pa_csv.ParseOptions(
                    delimiter=self._choice.delimiter, quote_char='"' if quoted else False, ignore_empty_lines=False, invalid_row_handler=skip
                ),
                convert_options=pa_csv.ConvertOptions(column_types=self._types, strings_can_be_null=False),
            )
        except pa.ArrowInvalid as error:
            decoding.decode(piece, "utf-8", first_row=first_row)
            if max(map(len, piece.split(b"\n"))) > 4 * CELL_LIMIT:
                raise NotPlain from error
            raise Refused(
                [Finding.of("E-GRID", "file", row=first_row, found="從這一列起的內容無法解讀", expected="逗號分隔的表", mend="請用Excel另存CSV後重新上傳")]
            ) from error
        lines = int(np.count_nonzero(np.frombuffer(piece, dtype=np.uint8) == ord("\n"))) + (not piece.endswith(b"\n"))
        if table.num_rows + len(skipped) != lines:
            raise NotPlain
        rows = np.arange(first_row, first_row + lines, dtype=np.int64)
        ignored: dict[str, int] = {}
        findings: list[Finding] = []
        columns = [_one_chunk(column) for column in table.columns]
        if skipped:
            rows, ignored, findings, padded = self._name_skipped(piece, rows, quoted)
            if len(rows) != table.num_rows:
                raise NotPlain
            columns, rows = _with_rows(columns, rows, padded)
        findings += self._oversize(columns, rows)
        return _without_blank_rows(Block(columns, rows, ignored, findings)), lines

    def _name_skipped(
        self, piece: bytes, rows: np.ndarray, quoted: bool
    ) -> tuple[np.ndarray, dict[str, int], list[Finding], dict[int, list[str]]]:
        """Find the lines that pyarrow left out: those whose number of cells is another. It counts them, but does not number them.

        Last comes what is sound among them: rows with nothing but empty cells too many, by row number.
        """
        buffer = np.frombuffer(piece, dtype=np.uint8)
        ends = np.flatnonzero(buffer == ord("\n"))
        starts = np.concatenate([[0], ends + 1])[: len(rows)]
        marks = buffer == ord(self._choice.delimiter)
        if quoted:
            marks &= (np.cumsum(buffer == ord('"')) % 2) == 0
        cells = np.add.reduceat(marks, starts, dtype=np.int64) + 1
        width = len(self._ids)
        stops = np.append(ends, len(piece))[: len(rows)]
        # pyarrow makes a row of empty cells out of an empty line
        odd = np.flatnonzero((cells != width) & (stops - starts > (buffer[np.minimum(starts, len(buffer) - 1)] == ord("\r"))))
        ignored: dict[str, int] = {}
        findings: list[Finding] = []
        padded: dict[int, list[str]] = {}
        for at in odd:
            text = piece[starts[at] : stops[at]].decode("utf-8", "replace").rstrip("\r")
            parts = next(csv.reader([text], delimiter=self._choice.delimiter), [])
            rule = _rule_for_odd_row(parts, width)
            if rule:
                ignored[rule] = ignored.get(rule, 0) + 1
            elif len(parts) > width and not any(cell.strip() for cell in parts[width:]):
                padded[int(rows[at])] = parts[:width]
            else:
                findings.append(_ragged_finding(int(rows[at]), parts, width, self._choice))
        return np.delete(rows, odd), ignored, findings, padded

    def _oversize(self, columns: list[pa.Array], rows: np.ndarray) -> list[Finding]:
        found: list[Finding] = []
        for name, column in zip(self._choice.names, columns, strict=True):
            texts = column.dictionary if isinstance(column, pa.DictionaryArray) else column
            longest = pc.max(pc.binary_length(texts)).as_py() or 0
            if longest > CELL_LIMIT:
                plain = column.dictionary_decode() if isinstance(column, pa.DictionaryArray) else column
                for at in np.flatnonzero(pc.utf8_length(plain).to_numpy(zero_copy_only=False) > CELL_LIMIT):
                    found += oversize_findings([[plain[int(at)].as_py()]], [int(rows[at])], [name])
        return found


def _with_rows(columns: list[pa.Array], rows: np.ndarray, more: dict[int, list[str]]) -> tuple[list[pa.Array], np.ndarray]:
    """The columns and row numbers with a few more rows put in at their places."""
    if not more:
        return columns, rows
    added = zip(*more.values(), strict=True)
    merged = [pa.chunked_array([column, pa.array(cells).cast(column.type)]) for column, cells in zip(columns, added, strict=True)]
    numbers = np.concatenate([rows, np.fromiter(more, dtype=np.int64)])
    order = np.argsort(numbers)
    return [_one_chunk(column).take(pa.array(order)) for column in merged], numbers[order]


def _one_chunk(column: pa.ChunkedArray) -> pa.Array:
    if column.num_chunks == 1:
        return column.chunk(0)
    merged = column.unify_dictionaries().combine_chunks() if pa.types.is_dictionary(column.type) else column.combine_chunks()
    return merged.chunk(0) if isinstance(merged, pa.ChunkedArray) else merged


def _without_blank_rows(block: Block) -> Block:
    """Leave out, and count, the rows in which no cell holds anything: looked for only where the first two columns are empty."""
    if not block.height:
        return block
    blank = _is_empty(block.columns[0])
    for column in block.columns[1:]:
        if not blank.any():
            return block
        at = np.flatnonzero(blank)
        blank[at] = _is_empty(column.take(pa.array(at)))
    if not blank.any():
        return block
    block.ignored["blank"] = block.ignored.get("blank", 0) + int(blank.sum())
    return block.keep(~blank)


def _is_empty(column: pa.Array) -> np.ndarray:
    texts = column.dictionary if isinstance(column, pa.DictionaryArray) else column
    if len(texts) == 0:
        return np.zeros(len(column), dtype=bool)
    empty = pc.equal(pc.utf8_trim(texts, characters=_NOTHING_SEEN), "").to_numpy(zero_copy_only=False)
    return empty[column.indices.to_numpy()] if isinstance(column, pa.DictionaryArray) else empty.copy()


def first_bytes(column: pa.Array, which: int = 0) -> np.ndarray:
    """The first (or `which`-th) byte of each text of a plain string column, 0 where it is shorter: a look at a million cells in a moment."""
    _, offsets, data = column.buffers()
    starts = np.frombuffer(offsets, dtype=np.int32)[column.offset : column.offset + len(column) + 1]
    if data is None or not data.size:
        return np.zeros(len(column), dtype=np.uint8)
    at = starts[:-1] + which
    found = np.frombuffer(data, dtype=np.uint8)[np.minimum(at, data.size - 1)]
    return np.where(at < starts[1:], found, 0)
