"""What kind of file these bytes are, and how they become text: strictly, by content, never by name."""

from __future__ import annotations

import codecs
import re
from collections.abc import Iterator

from warehouse.errors import Finding, Refused

UTF8_BOM = b"\xef\xbb\xbf"

_SAVE_AS_CSV = "請在Excel以「另存新檔」選「CSV UTF-8（逗號分隔）」後重新上傳"

#: First bytes, type name, finding code, what it is in words.
_SIGNATURES: tuple[tuple[bytes, str, str, str], ...] = (
    (b"PK\x03\x04", "zip", "E-TYPE", "活頁簿或壓縮檔"),
    (b"PK\x05\x06", "zip", "E-TYPE", "空的壓縮檔"),
    (b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1", "xls", "E-XLS", "舊版Excel檔（.xls）"),
    (b"%PDF", "pdf", "E-NOT-TEXT", "PDF檔"),
    (b"\x89PNG", "png", "E-NOT-TEXT", "圖片檔"),
    (b"\xff\xd8\xff", "jpeg", "E-NOT-TEXT", "圖片檔"),
    (b"GIF8", "gif", "E-NOT-TEXT", "圖片檔"),
    (b"MZ", "exe", "E-NOT-TEXT", "程式檔"),
    (b"\x7fELF", "elf", "E-NOT-TEXT", "程式檔"),
    (b"\x1f\x8b", "gzip", "E-TYPE", "壓縮檔"),
    (b"BZh", "bzip2", "E-TYPE", "壓縮檔"),
    (b"\xfd7zXZ", "xz", "E-TYPE", "壓縮檔"),
    (b"\x28\xb5\x2f\xfd", "zstd", "E-TYPE", "壓縮檔"),
    (b"7z\xbc\xaf\x27\x1c", "7z", "E-TYPE", "壓縮檔"),
    (b"L\x00\x00\x00\x01\x14\x02\x00", "lnk", "E-TYPE", "捷徑檔"),
    (b"\x00\x05\x16\x07", "appledouble", "E-TYPE", "Mac的附屬檔（._檔名）"),
    (b"\x00\x00\x00\x01Bud1", "ds_store", "E-TYPE", "Mac的資料夾設定檔"),
    (b"SQLite format 3", "sqlite", "E-NOT-TEXT", "資料庫檔"),
    (b"PAR1", "parquet", "E-NOT-TEXT", "Parquet檔"),
)


def refuse_other_types(head: bytes) -> None:
    """Pass text; refuse anything that is plainly something else, with `E-XLS`, `E-TYPE`, `E-HTML`, `E-NOT-TEXT` or `E-EMPTY`."""
    for signature, _, code, words in _SIGNATURES:
        if head.startswith(signature) and not (signature == b"MZ" and _looks_like_text(head)):
            raise Refused([_file_finding(code, f"這是{words}", "CSV文字檔", _SAVE_AS_CSV)])
    start = head.removeprefix(UTF8_BOM).lstrip().lower()
    if start.startswith((b"<!doctype html", b"<html", b"<table", b"<meta", b"<body")):
        raise Refused([_file_finding("E-HTML", "這是網頁（HTML）內容", "CSV文字檔", "請用Excel開啟後" + _SAVE_AS_CSV.removeprefix("請在Excel"))])
    if start.startswith((b"<?xml", b"{", b"[{", b"[\n")):
        raise Refused([_file_finding("E-TYPE", "這是XML或JSON內容", "CSV文字檔", _SAVE_AS_CSV)])
    if not head.replace(b"\x00", b"").strip(b"\xef\xbb\xbf\xff\xfe \t\r\n\x1a"):
        raise Refused([_file_finding("E-EMPTY", "檔案沒有內容", "有標題列與資料列的表", "請確認選到正確的檔案後重新上傳")])


def _looks_like_text(head: bytes) -> bool:
    return all(byte >= 0x20 or byte in b"\t\r\n" for byte in head[:512])


def candidates(head: bytes) -> Iterator[str]:
    """Encodings worth trying, in order: a byte order mark decides; then UTF-8; then CP950. The header has the last word."""
    if head.startswith((b"\xff\xfe\x00\x00", b"\x00\x00\xfe\xff")):
        raise Refused([_file_finding("E-ENCODING", "這是UTF-32編碼", "UTF-8或CP950（Big5）編碼", _SAVE_AS_CSV)])
    if head.startswith(UTF8_BOM):
        yield "utf-8-sig"
        return
    if head.startswith((b"\xff\xfe", b"\xfe\xff")):
        yield "utf-16"
        return
    sample = head[:4096]
    even, odd = sample[0::2].count(0), sample[1::2].count(0)
    if even + odd > len(sample) // 5 and 4 * min(even, odd) < max(even, odd):
        yield "utf-16-le" if odd > even else "utf-16-be"
        return
    yield "utf-8"
    yield "cp950"


def decode(data: bytes, encoding: str, *, first_row: int = 1) -> str:
    """Decode strictly. A byte that does not belong is refused with `E-ENCODING` and its row, a cut last character with `E-TRUNCATED`."""
    try:
        text = data.decode(encoding, _errors(encoding))
    except UnicodeDecodeError as error:
        raise Refused([_encoding_finding(data, encoding, error, first_row)]) from error
    return text.lstrip("\ufeff")


def decode_head(head: bytes, encoding: str, *, strict: bool = False) -> str | None:
    """The beginning of a file as text, a character cut at its end forgiven; None where it is not in this encoding.

    strict: without 造字, as which almost any bytes can be read; right where no known header speaks for the encoding.
    """
    for cut in range(4):
        try:
            return head[: len(head) - cut].decode(encoding, "strict" if strict else _errors(encoding)).lstrip("\ufeff")
        except UnicodeDecodeError as error:
            if error.start < len(head) - 4:
                return None
    return None


def _errors(encoding: str) -> str:
    return "user-defined" if encoding == "cp950" else "strict"


#: The user-defined areas of CP950, by first byte, and where Windows puts them in the private-use area: 157 characters for each first byte.
_USER_DEFINED = ((0xFA, 0xFE, 0xE000), (0x8E, 0xA0, 0xE311), (0x81, 0x8D, 0xEEB8))


def _user_defined(error: UnicodeError) -> tuple[str, int]:
    """Codec error handler: a 造字 becomes its private-use character; anything else stays an error."""
    if not isinstance(error, UnicodeDecodeError):
        raise error
    lead, trail = (error.object[error.start : error.start + 2] + b"\0\0")[:2]
    for first, last, start in _USER_DEFINED:
        if first <= lead <= last and (0x40 <= trail <= 0x7E or 0xA1 <= trail <= 0xFE):
            return chr(start + 157 * (lead - first) + trail - (0x40 if trail < 0x7F else 0x62)), error.start + 2
    raise error


codecs.register_error("user-defined", _user_defined)


def undecodable(data: bytes) -> Refused:
    """The refusal for bytes that are text in no encoding we know; says where UTF-8 and CP950 stopped."""
    if data[:4096].count(0) or _control_share(data[:4096]) > 0.1 or not re.search(b"[\r\n]", data[:65536]):
        return Refused([_file_finding("E-NOT-TEXT", "內容不是文字", "CSV文字檔", _SAVE_AS_CSV)])
    stops = {}
    for encoding in ("utf-8", "cp950"):
        try:
            data.decode(encoding)
        except UnicodeDecodeError as error:
            stops[encoding] = error
    encoding = max(stops, key=lambda name: stops[name].start) if stops else "utf-8"
    if not stops:
        return unknown_encoding()
    return Refused([_encoding_finding(data, encoding, stops[encoding], 1)])


def hardly_big5(text: str) -> bool:
    """Whether text read as CP950 is hardly that: of the Chinese characters people write few are of its second level, of other bytes read so many."""
    chinese = _CHINESE.findall(text)[:65536]
    rare = sum(char.encode("cp950", "replace")[0] >= 0xC9 for char in chinese if char >= "\u4e00" and char <= "\u9fff")
    return rare > max(2, len(chinese) // 4) or bool(rare and any("\ue000" <= char <= "\uf8ff" for char in chinese))


#: Chinese characters, and the private ones that 造字 become.
_CHINESE = re.compile("[\u4e00-\u9fff\ue000-\uf8ff]")


def simplified_or_unknown(data: bytes) -> Refused:
    """The refusal for bytes that CP950 can be made of and that are hardly that: says so where they read as simplified Chinese."""
    hint = "看來是簡體編碼（GB18030）" if _reads_as_simplified(data) else "無法判斷編碼"
    return Refused([_file_finding("E-ENCODING", hint, "UTF-8或CP950（Big5）編碼", _SAVE_AS_CSV)])


def unknown_encoding() -> Refused:
    """The refusal for text whose encoding was only guessed at, and under which no known table appears."""
    return Refused([_file_finding("E-ENCODING", "無法判斷編碼", "UTF-8或CP950（Big5）編碼", _SAVE_AS_CSV)])


def _encoding_finding(data: bytes, encoding: str, error: UnicodeDecodeError, first_row: int) -> Finding:
    row = first_row + data.count(b"\n", 0, error.start)
    at_end = error.end >= len(data) and "unexpected end" in error.reason or (error.end >= len(data) and encoding == "cp950")
    if at_end:
        return Finding.of(
            "E-TRUNCATED", "file", row=row, found="檔案在半個字的地方結束", expected="完整的檔案", mend="請重新存檔或下載後再上傳"
        )
    shown = data[error.start : error.start + 4].hex(" ").upper()
    hint = "；若為簡體編碼（GB18030），請先轉存" if _reads_as_simplified(data) else ""
    return Finding.of(
        "E-ENCODING",
        "file",
        row=row,
        found=f"有無法解讀的位元組（{shown}）{hint}",
        expected="整份檔案同為UTF-8或CP950（Big5）編碼",
        mend=_SAVE_AS_CSV,
    )


def _reads_as_simplified(data: bytes) -> bool:
    try:
        text = data[:65536].decode("gb18030")
    except UnicodeDecodeError:
        return False
    return any(char in text for char in "数据统计时间满意单位件数")


def _control_share(sample: bytes) -> float:
    return sum(byte < 0x09 or 0x0E <= byte < 0x1A for byte in sample) / max(len(sample), 1)


def _file_finding(code: str, found: str, expected: str, mend: str) -> Finding:
    return Finding.of(code, "file", found=found, expected=expected, mend=mend)
