"""Bytes: what is text and in which encoding, decided by content and by the header, never by the name; what is not is refused in words."""

from __future__ import annotations

import random
import re
from collections.abc import Iterator

import polars as pl
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from warehouse import ledger
from warehouse.errors import Refused
from warehouse.intake import Source
from warehouse.intake.decode import candidates, decode, decode_head, refuse_other_types
from warehouse.load import LoadResult, Request, load_file, open_warehouse
from warehouse.period import taipei_today
from warehouse.screen import screen
from warehouse.store import Warehouse

#: A busy machine is no fault of the code.
unhurried = settings(deadline=None)

BOM = b"\xef\xbb\xbf"
HEADER = "編號,填表日期,服務地點,洽辦公務時間,處理申請事項,機關洽公環境,接待志工警衛或替代役男的服務態度,其他人員服務態度,整體滿意度,問題處理解答詢問,建議事項"


def form(number: str, comment: str = "") -> str:
    return f"{number},105/07/05,宜蘭,15分鐘內,滿意,滿意,滿意,滿意,滿意,滿意,{comment}"


def survey(*rows: str) -> str:
    return "\n".join([HEADER, *(rows or (form("001"), form("002"), form("003")))]) + "\n"


def with_bytes(text: str, mark: str, put: bytes, encoding: str = "utf-8") -> bytes:
    return text.encode(encoding).replace(mark.encode(), put)


@pytest.fixture(scope="module")
def warehouse(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Warehouse]:
    """An empty warehouse, into which nothing may be written by any test of this module."""
    opened = open_warehouse(tmp_path_factory.mktemp("data"))
    yield opened
    with opened.reading() as cursor:
        assert ledger.entries(cursor) == []
    opened.close()


@pytest.fixture(autouse=True)
def _today(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("SERVICE_QUALITY_TODAY", "2016-10-05")


def look(warehouse: Warehouse, data: bytes, name: str = "測試.csv") -> LoadResult:
    result = load_file(warehouse, Source(name, data), Request(by="測試", dry_run=True))
    assert result.read == result.loaded + result.held + sum(result.ignored.values())
    for finding in result.findings:
        assert re.fullmatch(r"(整份檔案|第[0-9]+列|(第[0-9]+列)?「.*」欄)：.+，應為.+。.+。", finding.message, re.S), finding.message
        unquoted = re.sub("「.*?」|（[0-9A-F ]+）", "", finding.message, flags=re.S)
        words = set(re.findall("[A-Za-z]{3,}", unquoted)) - {
            "CSV",
            "UTF",
            "Excel",
            "Big",
            "PDF",
            "XML",
            "JSON",
            "HTML",
            "NUL",
            "Mac",
            "copy",
            "Parquet",
            "xls",
            "xlsx",
            "ODS",
        }
        assert not words, f"not for a clerk: {words}"
    return result


# --- encodings --------------------------------------------------------------------------------------------------------------

TAKEN = [
    ("ENC-01", survey().encode(), "utf-8", 3),
    ("ENC-02", BOM + survey().encode(), "utf-8-bom", 3),
    ("ENC-03", BOM + BOM + survey().encode(), "utf-8-bom", 3),
    ("ENC-05", BOM + survey().replace("編號", '"編號"').encode(), "utf-8-bom", 3),
    ("ENC-06", survey().replace(",", "\t").encode("utf-16"), "utf-16", 3),
    ("ENC-07", b"\xfe\xff" + survey().encode("utf-16-be"), "utf-16", 3),
    ("ENC-08", survey().encode("utf-16-le"), "utf-16-le", 3),
    ("ENC-08 big end first", survey().encode("utf-16-be"), "utf-16-be", 3),
    ("ENC-10", survey().encode("cp950"), "cp950", 3),
    ("ENC-12", "年度,月份,管道,件數,金額\n105,105年7月,便利商店,1,2\n".encode(), "utf-8", 1),
    ("ENC-13", survey(form("1", "碁銹裏墻恒粧嫺╔═║€")).encode("cp950"), "cp950", 1),
    ("ENC-14", survey(form("1", "～‧／＼￥")).encode("cp950"), "cp950", 1),
    ("ENC-26", survey(form("1", "許功蓋餐閱稅罵院育")).encode("cp950"), "cp950", 1),
]


@pytest.mark.parametrize(("name", "data", "encoding", "rows"), TAKEN, ids=[name for name, *_ in TAKEN])
def test_a_file_of_the_office_is_taken_in_its_encoding(warehouse: Warehouse, name: str, data: bytes, encoding: str, rows: int) -> None:
    result = look(warehouse, data)
    assert (result.encoding, result.read, result.loaded) == (encoding, rows, rows)
    assert {finding.code for finding in result.findings} <= {"W-HDR-07"}


@pytest.mark.parametrize("word", ["碁銹裏墻恒粧嫺╔═║", "許功蓋餐閱稅罵院育", "～‧／＼￥", "€"])
@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "utf-16", "cp950"])
def test_the_same_words_come_out_of_every_encoding(word: str, encoding: str) -> None:
    (frame,) = screen(Source("a.csv", survey(form("1", word)).encode(encoding)), today=taipei_today()).frames()
    assert frame["comment"].to_list() == [word]


REFUSED = [
    ("ENC-04 two files joined", BOM + survey().encode() + BOM + survey(form("011"), form("012")).encode(), "E-CONCAT", 5),
    ("ENC-08 unknown header", "甲,乙\n1,2\n3,4\n5,6\n".encode("utf-16-le"), "E-ENCODING", None),
    ("ENC-09", survey().encode("utf-32"), "E-ENCODING", None),
    ("ENC-18", "编号,填表日期,服务地点,满意\n001,105/07/05,宜兰,满意\n".encode("gb18030"), "E-ENCODING", 1),
    ("ENC-18 traditional words", survey().encode("gb18030"), "E-ENCODING", 1),
    ("ENC-19", "番号,日付,場所,とても満足\n1,2016/7/5,東京,はい\n".encode("shift_jis"), "E-ENCODING", 1),
    ("ENC-20", survey().encode() + form("004", "許功蓋").encode("cp950") + b"\n" + form("005").encode(), "E-ENCODING", 5),
    ("ENC-21", survey().encode() + form("004", "意").encode()[:-1], "E-TRUNCATED", 5),
    ("ENC-21 CP950", survey().encode("cp950") + form("004", "意").encode("cp950")[:-1], "E-TRUNCATED", 5),
    ("ENC-22 surrogate", with_bytes(survey(form("1", "ZZ")), "ZZ", b"\xed\xa0\x80"), "E-ENCODING", 2),
    ("ENC-22 overlong", with_bytes(survey(form("1", "ZZ")), "ZZ", b"\xc0\xaf"), "E-ENCODING", 2),
    ("ENC-23", survey().encode().replace("編號".encode(), "編號".encode() + b"\xff", 1), "E-ENCODING", 1),
    ("ENC-25", survey().encode().decode("latin-1").encode(), "E-HEADER", None),
    ("ENC-27 comment", survey(form("1", "\x1b[31m紅")).encode(), "E-CONTROL", 2),
    ("ENC-27 key", survey(form("\x1b[31m1")).encode(), "E-CONTROL", 2),
    ("ENC-28 random", random.Random(1).randbytes(4000), "E-NOT-TEXT", None),
    ("ENC-15 in a key", with_bytes(survey(form("ZZ1")), "ZZ", b"\xfa\x40", "cp950"), "E-EUDC", 2),
    ("ENC-24 in a key", survey(form("1\ufffd")).encode(), "E-ENC-24", 2),
]


@pytest.mark.parametrize(("name", "data", "code", "row"), REFUSED, ids=[name for name, *_ in REFUSED])
def test_what_cannot_be_read_for_certain_is_refused_with_its_row(warehouse: Warehouse, name: str, data: bytes, code: str, row: int | None) -> None:
    result = look(warehouse, data)
    assert (result.outcome, {finding.code for finding in result.findings}, result.loaded) == ("refused", {code}, 0)
    assert result.findings[0].row == row


ASKED = [
    ("ENC-15", with_bytes(survey(form("1", "ZZ")), "ZZ", b"\xfa\x40", "cp950"), {"W-ENC-15"}),
    ("ENC-15 second area", with_bytes(survey(form("1", "ZZ")), "ZZ", b"\x8e\x40", "cp950"), {"W-ENC-15"}),
    ("ENC-15 third area", with_bytes(survey(form("1", "ZZ")), "ZZ", b"\x81\x40", "cp950"), {"W-ENC-15"}),
    ("ENC-16", survey(form("1", "王\U000ffa8b"), form("2", "李\U000ffa8c")).encode(), {"W-ENC-16"}),
    ("ENC-16 in a key", survey(form("王\U000ffa8b")).encode(), {"W-ENC-16"}),
    ("ENC-24", survey(form("1", "冷\ufffd氣")).encode(), {"W-ENC-24"}),
]


@pytest.mark.parametrize(("name", "data", "codes"), ASKED, ids=[name for name, *_ in ASKED])
def test_characters_that_may_be_damaged_are_asked_about_once(warehouse: Warehouse, name: str, data: bytes, codes: set[str]) -> None:
    result = look(warehouse, data)
    assert (result.outcome, {finding.code for finding in result.findings}, result.held) == ("needs_confirmation", codes, 0)
    assert len(result.findings) == 1


def test_private_names_are_kept_and_never_merged() -> None:
    data = survey(form("王\U000ffa8b"), form("王\U000ffa8c")).encode()
    (frame,) = screen(Source("a.csv", data), today=taipei_today()).frames()
    assert frame["response_id"].to_list() == ["王\U000ffa8b", "王\U000ffa8c"]


@pytest.mark.parametrize(
    ("code", "point"),
    [(0xFA40, 0xE000), (0xFA7E, 0xE03E), (0xFAA1, 0xE03F), (0xFEFE, 0xE310), (0x8E40, 0xE311), (0xA0FE, 0xEEB7), (0x8140, 0xEEB8), (0x8DFE, 0xF6B0)],
)
def test_user_defined_characters_go_where_windows_puts_them(code: int, point: int) -> None:
    assert decode(b"A" + code.to_bytes(2, "big") + b"B", "cp950") == f"A{chr(point)}B"


@unhurried
@given(st.text(st.characters(codec="cp950", exclude_characters="\ufeff¢£¥•‾∼☉♁､"), max_size=200))
def test_ordinary_cp950_is_decoded_as_python_does(text: str) -> None:
    assert decode(text.encode("cp950"), "cp950") == text.encode("cp950").decode("cp950")


def test_a_file_of_which_only_some_characters_are_also_utf_8_is_told_by_its_header(warehouse: Warehouse) -> None:
    """禮, 繳 and 職 in CP950 are valid UTF-8 by accident: the header decides."""
    text = "月份,管道,件數,金額\n105年7月,便利商店,1,2\n"
    for word in "禮繳職":
        word.encode("cp950").decode("utf-8")
    assert look(warehouse, text.encode("cp950")).encoding == "cp950"


def test_a_simplified_file_is_told_so(warehouse: Warehouse) -> None:
    result = look(warehouse, "编号,填表日期,服务地点,满意\n001,105/07/05,宜兰,满意\n".encode("gb18030"))
    assert "簡體編碼" in result.findings[0].message


def test_mojibake_is_told_so(warehouse: Warehouse) -> None:
    assert "亂碼" in look(warehouse, survey().encode().decode("latin-1").encode()).findings[0].message


# --- which encodings are tried ----------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("head", "expected"),
    [
        (BOM + b"a", ["utf-8-sig"]),
        (b"\xff\xfea\0", ["utf-16"]),
        (b"\xfe\xff\0a", ["utf-16"]),
        ("月份,1\n".encode("utf-16-le") * 9, ["utf-16-le"]),
        ("月份,1\n".encode("utf-16-be") * 9, ["utf-16-be"]),
        (b"a,b\n1,2\n", ["utf-8", "cp950"]),
        (b"a,b\n1,2\n" + b"\0" * 99, ["utf-8", "cp950"]),
    ],
)
def test_a_byte_order_mark_decides_and_nul_bytes_at_every_other_place_do(head: bytes, expected: list[str]) -> None:
    assert list(candidates(head)) == expected


@pytest.mark.parametrize("mark", [b"\xff\xfe\0\0", b"\0\0\xfe\xff"])
def test_utf_32_is_refused(mark: bytes) -> None:
    with pytest.raises(Refused) as refusal:
        list(candidates(mark + b"a\0\0\0"))
    assert refusal.value.findings[0].code == "E-ENCODING"


@unhurried
@given(st.text(min_size=1, max_size=40), st.integers(1, 3))
def test_a_head_cut_within_a_character_is_still_text(text: str, cut: int) -> None:
    whole = (text + "蘭").encode("utf-8", "replace")
    head = whole[:-cut]
    expected = whole.decode()[:-1].lstrip("\ufeff")
    found = decode_head(head, "utf-8")
    assert found is not None
    assert found.startswith(expected) or expected == ""


@unhurried
@given(st.binary(max_size=300))
def test_decoding_is_exact_or_refused(data: bytes) -> None:
    for encoding in ("utf-8", "cp950"):
        try:
            text = decode(data, encoding)
        except Refused as refusal:
            assert refusal.findings[0].code in ("E-ENCODING", "E-TRUNCATED")
            continue
        if not any("\ue000" <= char <= "\uf8ff" for char in text):
            assert text == data.decode(encoding).lstrip("\ufeff")


# --- what is no text at all -------------------------------------------------------------------------------------------------

OTHERS = [
    ("FIL-01", b"", "E-EMPTY"),
    ("FIL-02 mark", BOM, "E-EMPTY"),
    ("FIL-02 blanks", b"\r\n \n\t\n", "E-EMPTY"),
    ("FIL-06 PDF", b"%PDF-1.4\n%\xe2\xe3", "E-NOT-TEXT"),
    ("FIL-06 PNG", b"\x89PNG\r\n\x1a\n" + b"\0" * 20, "E-NOT-TEXT"),
    ("FIL-06 JPEG", b"\xff\xd8\xff\xe0\x00\x10JFIF", "E-NOT-TEXT"),
    ("FIL-06 EXE", b"MZ\x90\0\x03\0\0\0", "E-NOT-TEXT"),
    ("FIL-06 ELF", b"\x7fELF\x02\x01", "E-NOT-TEXT"),
    ("FIL-06 SQLite", b"SQLite format 3\0", "E-NOT-TEXT"),
    ("FIL-06 Parquet", b"PAR1\x15\x04", "E-NOT-TEXT"),
    ("FIL-07", b"<html><table><tr><td>1</td></tr></table>", "E-HTML"),
    ("FIL-07 doctype", BOM + b"\n<!DOCTYPE html><html>", "E-HTML"),
    ("FIL-08 JSON", b'{"a": 1}', "E-TYPE"),
    ("FIL-08 XML", b'<?xml version="1.0"?><a/>', "E-TYPE"),
    ("FIL-10", b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + b"\0" * 99, "E-XLS"),
    ("FIL-13 gzip", b"\x1f\x8b\x08\0", "E-TYPE"),
    ("FIL-13 bzip2", b"BZh91AY&SY", "E-TYPE"),
    ("FIL-13 xz", b"\xfd7zXZ\0", "E-TYPE"),
    ("FIL-13 zstd", b"\x28\xb5\x2f\xfd\0", "E-TYPE"),
    ("FIL-13 7z", b"7z\xbc\xaf\x27\x1c", "E-TYPE"),
    ("FIL-15 shortcut", b"L\0\0\0\x01\x14\x02\0", "E-TYPE"),
    ("FIL-15 AppleDouble", b"\0\x05\x16\x07\0\x02", "E-TYPE"),
    ("FIL-15 DS_Store", b"\0\0\0\x01Bud1\0", "E-TYPE"),
]


@pytest.mark.parametrize(("name", "data", "code"), OTHERS, ids=[name for name, *_ in OTHERS])
def test_the_content_decides_what_a_file_is_and_not_its_name(warehouse: Warehouse, name: str, data: bytes, code: str) -> None:
    result = look(warehouse, data, "105年7月問卷.csv")
    assert (result.outcome, [finding.code for finding in result.findings]) == ("refused", [code])
    with pytest.raises(Refused):
        refuse_other_types(data)


def test_a_table_that_begins_like_a_program_is_a_table(warehouse: Warehouse) -> None:
    data = "MZ 系統匯出\n" + survey()
    assert look(warehouse, data.encode()).loaded == 3


@pytest.mark.parametrize(
    "name",
    [
        "../../x.csv",
        "..\\..\\x.csv",
        "C:\\x.csv",
        "/etc/passwd",
        "CON.csv",
        "a:b.csv",
        "*.csv",
        "http://x/y.csv",
        "a\u202evsc.csv",
        "<img src=x>.csv",
        "=1+1.csv",
        "長" * 5000,
    ],
)
def test_a_name_is_only_a_name(warehouse: Warehouse, name: str) -> None:
    result = look(warehouse, survey().encode(), name)
    assert (result.outcome, result.file, result.loaded) == ("dry_run", name, 3)


def test_the_frames_hold_text_and_no_byte_order_mark() -> None:
    for mark in (b"", BOM, BOM + BOM):
        frame = pl.concat(screen(Source("a.csv", mark + survey().encode()), today=taipei_today()).frames())
        assert frame["response_id"].to_list() == ["001", "002", "003"]
