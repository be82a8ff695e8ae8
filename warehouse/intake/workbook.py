"""Workbooks (.xlsx, .ods) as grids of text: looked into as zips here, parsed in a child process that may die.

Nothing of a workbook is parsed in this process. First its directory is read: how many entries, how large unpacked, what kind of document,
encrypted, signed, with macros. Then `_workbook_child.py` looks at the first rows of every sheet; the sheet under whose header a known table
appears is read by a second child. Both have limits of memory and time; one that is killed, dies or hangs is a finding (`E-PARSER`).

The parser in the child is our own, over expat. The quick readers (calamine, openpyxl) give an error cell, a formula nobody has calculated and
a merged cell alike as nothing, do not tell a hidden row, and the first of them aborts on a file of two cells; what they leave out would have
to be found in the XML all the same. Memory stays small, because rows pass through: neither process ever holds a sheet.
"""

from __future__ import annotations

import json
import re
import shutil
import struct
import subprocess
import sys
import tempfile
import threading
import zipfile
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path, PurePosixPath
from typing import IO, Any

import numpy as np
import pyarrow as pa

from warehouse.errors import Finding, Refused, quote
from warehouse.intake.grid import Block, Fault, Sheet, Source, no_header, oversize_findings, refuse_rows_above
from warehouse.intake.header import COLUMN_LIMIT, Candidate, Layout, find_header

#: What a zip may hold: entries, bytes of its directory, bytes unpacked, and how many times its size where it is large.
ENTRIES, DIRECTORY_BYTES, UNPACKED_BYTES, RATIO, RATIO_FROM = 2_000, 1 << 20, 200 << 20, 100, 20 << 20

#: How long a child may take by the clock on the wall.
WALL_SECONDS = 120

_CHILD = Path(__file__).with_name("_workbook_child.py")
_LINE_BYTES = 64 << 20
_SAVE = "請在Excel以「另存新檔」存成「Excel活頁簿（.xlsx）」後重新上傳"

_OLE = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"
_XLSX_MAIN = re.compile(rb"(?:spreadsheetml\.(?:sheet|template)\.main\+xml)")
_TEXT_NAMES, _BOOK_NAMES = {".csv", ".txt", ".tsv"}, {".xlsx", ".xlsm", ".xls", ".ods"}


def is_workbook(head: bytes) -> bool:
    """Whether these first bytes are those of a zip or of the older Office container: then `open_workbook` is to read or to refuse it."""
    return head.startswith((b"PK\x03\x04", b"PK\x05\x06", _OLE))


def open_workbook(source: Source, layouts: Sequence[Layout]) -> Sheet:
    """Find the one sheet under whose header a known layout appears.

    Refuses (`Refused`): what is no workbook (`E-TYPE`, `E-XLS`), passwords (`E-PASSWORD`), signatures (`E-XLS-17`), more unpacked than a table
    can be (`E-UNPACK`), odd zips (`E-XLS-22`), document types in the XML (`E-XLS-25`), cells far outside the table (`E-RANGE`), and whatever
    `open_sheet` of text files refuses. Asks (in `findings`) where several sheets match or only a hidden one.
    """
    kind = look_into(source)
    sheets, has_objects = _look(source)
    choice = _choose(sheets, layouts)
    if choice is None:
        _refuse_broken(sheets)
        filled = next((row for sheet in sheets for _, row in sheet.rows if any(cell.strip() for cell in row)), None)
        if filled is None:
            raise Refused([Finding.of("E-EMPTY", "file", found="活頁簿沒有內容", expected="有標題列與資料列的表", mend="請確認選到正確的檔案後重新上傳")])
        raise no_header(filled, layouts, "")
    chosen, candidate, findings = choice
    rows = _as_grid(chosen.rows)
    names = rows[candidate.index]
    if len(names) > COLUMN_LIMIT:
        _refuse_broken([chosen])
    if has_objects:
        findings.append(_question("W-XLS-30", "活頁簿裡有嵌入的物件，沒有讀取", "只有表格的活頁簿", "若資料不在物件裡請確認"))
    header_row = candidate.index + 1
    refuse_rows_above(rows[: candidate.index], candidate, names, header_row, layouts)
    return Sheet(
        type=kind,
        encoding=None,
        delimiter=None,
        header_row=header_row,
        names=names,
        titles=[" ".join(cell.strip() for cell in row if cell.strip()) for row in rows[: candidate.index] if any(cell.strip() for cell in row)],
        layout=candidate.layout,
        missing=candidate.missing,
        findings=findings,
        _read=_Reader(source, chosen, names, header_row).blocks,
        part=str(chosen.index),
    )


def workbook_grid(source: Source, sheet: Sheet | None = None) -> tuple[str, list[list[str]]]:
    """Type, and all cells of the sheet that was found, or else of the first one that has any, as text: row 1 first, none left out."""
    kind = look_into(source)
    if sheet is not None and sheet.part is not None:
        index = int(sheet.part)
    else:
        sheets, _ = _look(source)
        index = next((found.index for found in sheets if found.rows and not found.hidden), 0)
        if not sheets:
            return kind, []
    rows: list[list[str]] = []
    for line in _ask_child(source, "read", str(index)):
        for number, cells in zip(line.get("rows", ()), line.get("cells", ()), strict=True):
            rows += [[] for _ in range(number - 1 - len(rows))]
            rows.append(cells)
    width = max(map(len, rows), default=0)
    return kind, [row + [""] * (width - len(row)) for row in rows]


# --- the zip, before anything in it is read ---------------------------------------------------------------------------------


def look_into(source: Source) -> str:
    """xlsx or ods, by what the zip holds, without unpacking more than its small parts of known name; raises `Refused`."""
    with source.open() as stream:
        if stream.read(len(_OLE)) == _OLE:
            raise Refused([_older_office(source)])
        _check_directory(stream, source.size)
        try:
            with zipfile.ZipFile(stream) as archive:
                _check_entries(archive, source.size)
                kind = _kind_of(archive)
        except (zipfile.BadZipFile, EOFError, zipfile.zlib.error, NotImplementedError, struct.error, UnicodeDecodeError) as error:  # type: ignore[attr-defined]
            raise Refused([_truncated()]) from error
    _check_name(source.name, kind)
    return kind


def _older_office(source: Source) -> Finding:
    content = source.read()
    if "DRMEncryptedDataSpace".encode("utf-16-le") in content:
        return _refusal("E-XLS-17", "活頁簿受權限管理（IRM）保護", "未受保護的活頁簿", f"請解除保護，{_SAVE}")
    if "EncryptedPackage".encode("utf-16-le") in content:
        return _refusal("E-PASSWORD", "活頁簿設有密碼", "沒有密碼的活頁簿", f"請移除密碼，{_SAVE}")
    return _refusal("E-XLS", "這是舊版Excel檔（.xls）", "Excel活頁簿（.xlsx）、ODS試算表或CSV文字檔", _SAVE)


def _check_directory(stream: IO[bytes], size: int) -> None:
    """The zip's last record says how many entries its directory has; a directory of unlikely size is not even opened."""
    tail_size = min(size, 65_557)
    stream.seek(size - tail_size)
    tail = stream.read(tail_size)
    at = tail.rfind(b"PK\x05\x06")
    if at < 0 or len(tail) < at + 22:
        raise Refused([_truncated()])
    entries, directory = struct.unpack_from("<HL", tail, at + 10)
    if entries > ENTRIES or directory > DIRECTORY_BYTES:
        raise Refused([_odd_zip(f"壓縮內容有{entries:,}個項目")])


def _check_entries(archive: zipfile.ZipFile, size: int) -> None:
    entries = archive.infolist()
    if len(entries) > ENTRIES:
        raise Refused([_odd_zip(f"壓縮內容有{len(entries):,}個項目")])
    if any(entry.flag_bits & 1 for entry in entries):
        raise Refused([_refusal("E-PASSWORD", "壓縮內容設有密碼", "沒有密碼的活頁簿", f"請移除密碼，{_SAVE}")])
    seen: set[str] = set()
    for entry in entries:
        path = PurePosixPath(entry.filename)
        outside = path.is_absolute() or ".." in path.parts or "\\" in entry.filename or ":" in entry.filename
        symlink = (entry.external_attr >> 28) == 0xA
        if outside or symlink or entry.filename.casefold() in seen:
            raise Refused([_odd_zip(f"壓縮內容有不該有的項目「{quote(entry.filename)}」")])
        seen.add(entry.filename.casefold())
        if len(path.parts) == 1 and path.suffix.lower() in (".zip", ".xlsx", ".ods"):
            raise Refused([_odd_zip("壓縮檔裡還有壓縮檔")])
        if entry.compress_type not in (zipfile.ZIP_STORED, zipfile.ZIP_DEFLATED):
            raise Refused([_odd_zip("壓縮方式不是活頁簿所用")])
    unpacked = sum(entry.file_size for entry in entries)
    if unpacked > UNPACKED_BYTES or (unpacked > RATIO_FROM and unpacked > RATIO * size):
        raise Refused([_too_large(f"解開後有{unpacked / 2**20:,.0f} MB")])


def _kind_of(archive: zipfile.ZipFile) -> str:
    names = archive.NameToInfo
    if "mimetype" in names and "content.xml" in names:
        mime = _small_part(archive, "mimetype")
        if mime.startswith(b"application/vnd.oasis.opendocument.spreadsheet"):
            return _checked_ods(archive)
        raise Refused([_other_document()])
    types = _small_part(archive, "[Content_Types].xml") if "[Content_Types].xml" in names else b""
    if b"<!DOCTYPE" in types:
        raise Refused([_doctype()])
    if b"macroEnabled" in types and b"sheet.binary" not in types or any(name.lower().endswith("vbaproject.bin") for name in names):
        raise Refused([_macros()])
    if not _XLSX_MAIN.search(types):
        raise Refused([_other_document()])
    if any(name.lower().startswith("_xmlsignatures/") for name in names):
        raise Refused([_signed()])
    return "xlsx"


def _checked_ods(archive: zipfile.ZipFile) -> str:
    names = archive.NameToInfo
    if "META-INF/manifest.xml" in names and b"encryption-data" in _small_part(archive, "META-INF/manifest.xml"):
        raise Refused([_refusal("E-PASSWORD", "試算表設有密碼", "沒有密碼的試算表", "請移除密碼，另存新檔後重新上傳")])
    if "META-INF/documentsignatures.xml" in names:
        raise Refused([_signed()])
    if any(name.startswith(("Basic/", "Scripts/")) and not name.endswith("/") for name in names):
        raise Refused([_macros()])
    return "ods"


def _small_part(archive: zipfile.ZipFile, name: str) -> bytes:
    with archive.open(name) as part:
        return part.read(1 << 20)


def _check_name(name: str, kind: str) -> None:
    """Content decides; a name that says otherwise is a slip the clerk should see."""
    suffix = PurePosixPath(name).suffix.lower()
    if suffix in _TEXT_NAMES | _BOOK_NAMES and suffix != f".{kind}":
        raise Refused([mismatch(suffix, kind)])


def refuse_text_named_as_workbook(source: Source) -> None:
    """A text file whose name ends in .xlsx or .ods, or that bears the name of Excel's lock file: `E-TYPE`."""
    name = PurePosixPath(source.name.replace("\\", "/")).name
    if name.startswith("~$"):
        raise Refused([_refusal("E-TYPE", "這是Excel開啟檔案時的暫存檔（~$）", "報表本身", "請關閉Excel，改選沒有「~$」的檔案後重新上傳")])
    suffix = PurePosixPath(name).suffix.lower()
    if suffix in _BOOK_NAMES:
        raise Refused([mismatch(suffix, "csv")])


def mismatch(suffix: str, kind: str) -> Finding:
    """The finding for a name that tells another type than the content."""
    words = {"xlsx": "Excel活頁簿", "ods": "ODS試算表", "csv": "文字檔（CSV）"}[kind]
    return _refusal("E-TYPE", f"副檔名是{suffix}，內容卻是{words}", "副檔名與內容相符的檔案", f"請把副檔名改為.{kind}，或以「另存新檔」重新存檔後上傳")


# --- the child --------------------------------------------------------------------------------------------------------------


@dataclass(frozen=True)
class _Look:
    """What was seen of one sheet: its first filled rows with their numbers, and what lies outside any table."""

    index: int
    name: str
    hidden: bool
    rows: list[tuple[int, list[str]]]
    error: dict[str, Any] | None


def _look(source: Source) -> tuple[list[_Look], bool]:
    """What the child sees of every sheet, and whether objects of other programs lie in the workbook."""
    answer = next(iter(_ask_child(source, "look")))
    return [_Look(index, item["name"], item["hidden"], item["rows"], item["error"]) for index, item in enumerate(answer["sheets"])], answer["objects"]


def _ask_child(source: Source, *arguments: str) -> Iterator[dict[str, Any]]:
    """The child's lines, until its last; raises `Refused` for an error it tells of and for one it died of."""
    with _as_file(source) as stream:
        process = subprocess.Popen(
            [sys.executable, "-I", "-S", str(_CHILD), *arguments], stdin=stream, stdout=subprocess.PIPE, stderr=subprocess.DEVNULL, env={"PYTHONUTF8": "1"}
        )
    clock = threading.Timer(WALL_SECONDS, process.kill)
    clock.start()
    try:
        assert process.stdout is not None
        while line := process.stdout.readline(_LINE_BYTES):
            document = _parsed(line)
            if "error" in document:
                raise Refused([_told(document)])
            yield document
            if "end" in document or "sheets" in document:
                return
        raise Refused([_died()])
    finally:
        clock.cancel()
        process.kill()
        process.wait()
        if process.stdout:
            process.stdout.close()


def _parsed(line: bytes) -> dict[str, Any]:
    try:
        return dict(json.loads(line))
    except ValueError as error:  # cut off in the middle: the child died over it
        raise Refused([_died()]) from error


def _as_file(source: Source) -> IO[bytes]:
    """The source as a file the child may inherit and move about in."""
    if source.path is not None:
        return source.path.open("rb")
    stream = tempfile.TemporaryFile()  # noqa: SIM115  the caller closes it
    with source.open() as content:
        shutil.copyfileobj(content, stream)
    stream.seek(0)
    return stream


# --- sheets -----------------------------------------------------------------------------------------------------------------


def _as_grid(rows: Sequence[tuple[int, list[str]]]) -> list[list[str]]:
    """The first rows by position: row 1 at index 0, rows without content empty."""
    by_number = dict(rows)
    return [by_number.get(number, []) for number in range(1, max(by_number, default=0) + 1)]


def _choose(sheets: Sequence[_Look], layouts: Sequence[Layout]) -> tuple[_Look, Candidate, list[Finding]] | None:
    """The sheet that knows the most headings, a visible one first, with what is to be asked about it."""
    found = [(sheet, candidate) for sheet in sheets if (candidate := find_header(_as_grid(sheet.rows), layouts))]
    shown = [(sheet, candidate) for sheet, candidate in found if not sheet.hidden and candidate.fits]
    concealed = [(sheet, candidate) for sheet, candidate in found if sheet.hidden and candidate.fits]
    pool = shown or concealed or [item for item in found if not item[0].hidden]
    if not pool:
        return None
    sheet, candidate = max(pool, key=lambda item: (item[1].rank, -item[0].index))
    findings = []
    if len(shown) > 1:
        others = "」「".join(quote(other.name) for other, _ in shown if other is not sheet)
        findings.append(
            _question("W-XLS-01", f"不只一張工作表認得，讀的是「{quote(sheet.name)}」，沒有讀「{others}」", "一份檔案一張表", "若選對了請確認，其他工作表請分開上傳")
        )
    if sheet.hidden:
        findings.append(_question("W-XLS-02", f"讀的是隱藏的工作表「{quote(sheet.name)}」", "看得見的工作表", "請確認，或取消隱藏後重新上傳"))
    return sheet, candidate, findings


def _refuse_broken(sheets: Sequence[_Look]) -> None:
    """Where no sheet can be read the reason may be a cell far out."""
    for sheet in sheets:
        if sheet.error:
            raise Refused([_told(sheet.error)])


class _Reader:
    """One sheet, read by a child of its own."""

    def __init__(self, source: Source, look: _Look, names: list[str], header_row: int) -> None:
        self._source, self._look, self._names, self._header_row = source, look, names, header_row
        self._last = header_row
        self._merges: list[tuple[int, int, int, int]] = []

    def blocks(self) -> Iterator[Block]:
        """Rows below the header; a row that is not there, or has no filled cell, is `blank`."""
        self._last, self._merges = self._header_row, []
        end: dict[str, Any] = {}
        for line in _ask_child(self._source, "read", str(self._look.index)):
            if "end" in line:
                end = line
            else:
                yield self._block(line)
        yield Block([pa.array([], pa.string()).dictionary_encode()] * len(self._names), np.array([], dtype=np.int64), {}, _questions(end))

    def _block(self, line: dict[str, Any]) -> Block:
        width = len(self._names)
        self._merges += [merge for merge in line["merges"] if merge[2] > self._header_row]
        kept = [(number, cells) for number, cells in zip(line["rows"], line["cells"], strict=True) if number > self._header_row]
        blanks = 0
        rows, texts = [], []
        findings: list[Finding] = []
        for number, cells in kept:
            blanks += number - self._last - 1
            self._last = number
            if any(cell.strip() for cell in cells[width:]):
                findings.append(_outside(number, next(cell for cell in cells[width:] if cell.strip()), width))
            rows.append(number)
            texts.append((cells + [""] * (width - len(cells)))[:width])
        findings += oversize_findings(texts, rows, self._names)
        if any(finding.code == "E-CELL-SIZE" for finding in findings):
            raise Refused(findings)
        faults = [Fault(row, column, code, text) for row, column, code, text in line["faults"] if row > self._header_row and column < width]
        for fault in faults:
            at = int(np.searchsorted(rows, fault.row))
            texts[at][fault.column] = ""
        faults += self._merged_faults(np.array(rows, dtype=np.int64), width)
        columns = [pa.array(column, pa.string()) for column in zip(*texts, strict=True)] or [pa.array([], pa.string())] * width
        ignored = {"blank": blanks} if blanks else {}
        return Block([column.dictionary_encode() for column in columns], np.array(rows, dtype=np.int64), ignored, findings, faults)

    def _merged_faults(self, rows: np.ndarray, width: int) -> list[Fault]:
        """Cells that show nothing because another one is drawn over them: what belongs there is for the clerk to say."""
        found = []
        for top, left, bottom, right in self._merges:
            for at in range(int(np.searchsorted(rows, max(top, self._header_row + 1))), int(np.searchsorted(rows, bottom, side="right"))):
                row = int(rows[at])
                found += [Fault(row, column, "E-XLS-04", "") for column in range(left, min(right + 1, width)) if (row, column) != (top, left)]
        return found


def _questions(end: dict[str, Any]) -> list[Finding]:
    findings = []
    if end.get("hidden_rows") or end.get("hidden_columns"):
        what = "、".join(f"{end[key]:,}{word}" for key, word in (("hidden_rows", "列"), ("hidden_columns", "欄")) if end.get(key))
        findings.append(_question("W-HIDDEN", f"有隱藏或篩選掉的{what}，也一併讀入", "沒有隱藏的列或欄", "請確認要計入，或取消隱藏檢查後重新上傳"))
    if end.get("external"):
        findings.append(_question("W-XLS-09", "有公式引用其他活頁簿，讀的是存檔時的數值", "這份活頁簿自己的數值", "請確認數值是最新的，或貼上值後重新上傳"))
    return findings


# --- words ------------------------------------------------------------------------------------------------------------------


def _told(document: dict[str, Any]) -> Finding:
    """The finding for an error the child tells of."""
    code, row = document["error"], document.get("row")
    if code in ("E-RANGE", "E-COLUMNS", "E-ROWS"):
        found = {
            "E-RANGE": f"第{document.get('column', 0):,}欄還有內容，遠在表格之外" if document.get("column", 0) > COLUMN_LIMIT else "遠離表格的地方還有內容",
            "E-COLUMNS": f"有{document.get('column', 0):,}欄以上",
            "E-ROWS": "列數超過一張工作表所能有",
        }[code]
        mend = "請刪去表格以外的列與欄（整列或整欄刪除），存檔後重新上傳"
        return Finding.of(code, "file", row=row, found=found, expected=f"{COLUMN_LIMIT}欄以內、連續的一張表", mend=mend)
    if code == "E-XLS-25":
        return _doctype()
    if code == "E-TRUNCATED":
        return _truncated()
    if code == "E-UNPACK":
        return _too_large("內容過大")
    return Finding.of(
        "E-PARSER", "file", row=row, value=document.get("value"), found="活頁簿的內部結構不合規格", expected="Excel或LibreOffice存的活頁簿", mend=_SAVE
    )


def _died() -> Finding:
    return _refusal("E-PARSER", "讀取這份活頁簿的程序中途停止", "讀得完的活頁簿", "檔案可能損壞或過大，請把資料貼到新的活頁簿後重新上傳")


def _outside(row: int, cell: str, width: int) -> Finding:
    return Finding.of(
        "E-HEADER",
        "file",
        row=row,
        value=cell,
        found=f"第{width}欄以後沒有欄名卻有資料",
        expected="有資料的欄都有欄名",
        mend="請補上欄名，或刪去表格右邊的內容後重新上傳",
    )


def _refusal(code: str, found: str, expected: str, mend: str) -> Finding:
    return Finding.of(code, "file", found=found, expected=expected, mend=mend)


def _question(code: str, found: str, expected: str, mend: str) -> Finding:
    return Finding.of(code, "ask", found=found, expected=expected, mend=mend)


def _truncated() -> Finding:
    return _refusal("E-TRUNCATED", "檔案不完整或已損壞", "完整的活頁簿", f"請重新下載；若仍如此，{_SAVE}")


def _odd_zip(found: str) -> Finding:
    return _refusal("E-XLS-22", found, "Excel或LibreOffice存的活頁簿", _SAVE)


def _too_large(found: str) -> Finding:
    return _refusal("E-UNPACK", found, f"解開後{UNPACKED_BYTES >> 20} MB以內的活頁簿", "請刪去多餘的列、欄與工作表，或分成幾份後重新上傳")


def _other_document() -> Finding:
    return _refusal("E-TYPE", "這是壓縮檔或其他文件，不是.xlsx或.ods", "Excel活頁簿（.xlsx）、ODS試算表或CSV文字檔", _SAVE)


def _macros() -> Finding:
    return _refusal("E-TYPE", "活頁簿含有巨集", "不含巨集的活頁簿（.xlsx）", _SAVE)


def _signed() -> Finding:
    return _refusal("E-XLS-17", "活頁簿附有數位簽章", "未簽章的活頁簿", _SAVE)


def _doctype() -> Finding:
    return _refusal("E-XLS-25", "活頁簿內含文件型別宣告（DOCTYPE）", "Excel或LibreOffice存的活頁簿", _SAVE)
