"""Text files as grids: lines, quotes and delimiters of every kind, and two readers that must never disagree."""

from __future__ import annotations

import csv
import io
import re
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date
from pathlib import Path
from typing import Any
from unittest.mock import patch

import polars as pl
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from warehouse import ledger
from warehouse.errors import Refused
from warehouse.intake import NotPlain, Source, grid, open_sheet
from warehouse.load import LoadResult, Request, load_file, open_warehouse
from warehouse.screen import Screening, screen
from warehouse.store import Warehouse

TODAY = date(2016, 10, 5)
QUESTIONS = "洽辦公務時間,處理申請事項,機關洽公環境,接待志工警衛或替代役男的服務態度,其他人員服務態度,整體滿意度,問題處理解答詢問"
SURVEY = f"編號,填表日期,服務地點,{QUESTIONS},建議事項"
ANSWERS = "15分鐘內,滿意,滿意,滿意,滿意,滿意,滿意"
PAYMENT = "月份,管道,件數,金額"


def form(number: str, comment: str = "") -> str:
    return f"{number},105/07/05,宜蘭,{ANSWERS},{comment}"


FORMS = [form("001"), form("002"), form("003")]


def survey(*rows: str, header: str = SURVEY, line_end: str = "\n", last: str | None = None) -> str:
    return line_end.join([header, *(rows or FORMS)]) + (line_end if last is None else last)


def payment(*rows: str) -> str:
    return "\n".join([PAYMENT, *rows]) + "\n"


@pytest.fixture(scope="module")
def warehouse(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Warehouse]:
    """An empty warehouse, into which nothing may be written by any test of this module."""
    opened = open_warehouse(tmp_path_factory.mktemp("data"))
    yield opened
    with opened.reading() as cursor:
        assert ledger.entries(cursor) == []
        assert cursor.execute("select count(*) from raw.survey_response").fetchone() == (0,)
    opened.close()


@pytest.fixture(autouse=True)
def _today(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("SERVICE_QUALITY_TODAY", TODAY.isoformat())


def look(warehouse: Warehouse, data: str | bytes) -> LoadResult:
    """What the loader answers, without writing; its rows always add up, and its findings are sentences for a clerk."""
    content = data.encode() if isinstance(data, str) else data
    result = load_file(warehouse, Source("測試.csv", content), Request(by="測試", dry_run=True))
    assert result.read == result.loaded + result.held + sum(result.ignored.values())
    for finding in result.findings:
        assert re.fullmatch(r"(整份檔案|第[0-9]+列|(第[0-9]+列)?「.*」欄)：.+，應為.+。.+。", finding.message, re.S), finding.message
    return result


@dataclass(frozen=True)
class Case:
    """An input of bad-inputs §2.2: its outcome, the codes found, and where its rows went: (read, loaded, held, ignored)."""

    name: str
    data: str | bytes
    outcome: str = "dry_run"
    codes: frozenset[str] = frozenset()
    rows: tuple[int, int, int, dict[str, int]] | None = None
    row: int | None = None


def taken(name: str, data: str | bytes, loaded: int, **ignored: int) -> Case:
    return Case(name, data, rows=(loaded + sum(ignored.values()), loaded, 0, ignored))


def refused(name: str, data: str | bytes, *codes: str, row: int | None = None) -> Case:
    return Case(name, data, "refused", frozenset(codes), row=row)


CASES = [
    taken("CSV-01 CRLF", survey(line_end="\r\n"), 3),
    taken("CSV-01 LF", survey(), 3),
    taken("CSV-02 CR only", survey(line_end="\r"), 3),
    taken("CSV-03 CR CR LF", survey(line_end="\r\r\n"), 3),
    taken("CSV-04 mixed line ends", f"{SURVEY}\r\n{FORMS[0]}\n{FORMS[1]}\r{FORMS[2]}\r\n", 3),
    taken("CSV-05 no line end at the end", survey(last=""), 3),
    taken("CSV-06 blank lines at the end", survey() + "\n" * 9, 3, blank=9),
    taken("CSV-07 blank lines within", survey(FORMS[0], "", FORMS[1], "", "", FORMS[2]), 3, blank=3),
    taken("CSV-08 commas only", survey(FORMS[0], "," * 10, FORMS[1], " ,\u3000,\u200b,,,,,,,,"), 2, blank=2),
    taken("CSV-09 Ctrl-Z at the end", survey() + "\x1a", 3),
    taken("CSV-09 Ctrl-Z on a line of its own", survey(line_end="\r\n") + "\x1a\r\n", 3),
    refused("CSV-10 NUL padding", survey().encode() + b"\0" * 500, "E-NUL", row=5),
    refused("CSV-10 NUL padding of a long file", survey(*(form(f"{n:04d}") for n in range(999))).encode() + b"\0" * 4000 + b"\n", "E-NUL", row=1001),
    refused("CSV-11 NUL in a comment", survey(form("1", "a\0b")), "E-CONTROL", row=2),
    refused("CSV-11 NUL in a key", survey(form("1\0002")), "E-CONTROL", row=2),
    taken("CSV-12 line end in a comment", survey(form("1", '"冷氣\n太冷"'), form("2")), 2),
    refused("CSV-12 line end in a key", survey(form('"1\n2"'), form("3")), "E-CSV-12", row=2),
    refused("CSV-13 line end without quotes", survey(FORMS[0], "004,105/07/05", f"宜蘭,{ANSWERS},", FORMS[1]), "E-GRID", row=3),
    taken("CSV-14 line separator in a comment", survey(form("1", "a\u2028b")), 1),
    refused("CSV-14 line separator in a key", survey(form("1\u2028a")), "E-CSV-12", row=2),
    refused("CSV-15 quote never closed", survey(FORMS[0], form("002", '"沒有結束'), FORMS[2]), "E-QUOTE", row=3),
    Case("CSV-16 stray quote", survey(form("1", '5" 管'), form("2")), "needs_confirmation", frozenset(["W-CSV-16"]), rows=(2, 2, 0, {})),
    taken("CSV-17 doubled quotes", survey(form("1", '"說""好"""')), 1),
    refused("CSV-18 backslash before a quote", survey(form("1", '"說\\"好"')), "E-QUOTE", row=2),
    refused("CSV-19 single quotes", payment("105年7月,便利商店,10,'1,200'"), "E-GRID", row=2),
    taken("CSV-20 typographic quotes", survey(form("1", "“好”")), 1),
    refused("CSV-21 space before a quote", payment('105年7月,便利商店,10, "1,200"'), "E-GRID", row=2),
    taken("CSV-22 semicolon", survey().replace(",", ";"), 3),
    taken("CSV-22 bar", survey().replace(",", "|"), 3),
    taken("CSV-23 tab", survey().replace(",", "\t"), 3),
    taken("CSV-24 full-width comma", survey().replace(",", "，"), 3),
    refused("CSV-24 full-width comma, ragged", survey().replace(",", "，") + "004，105/07/05\n", "E-GRID", row=5),
    taken("CSV-25 sep=", "sep=;\n" + survey().replace(",", ";"), 3),
    refused("CSV-26 two delimiters", survey(FORMS[0], FORMS[1].replace(",", ";")), "E-GRID", row=3),
    refused("CSV-27 a comma too many", survey(FORMS[0], FORMS[1], FORMS[2] + ",x"), "E-GRID", row=4),
    refused("CSV-28 a comma too few", survey(FORMS[0], FORMS[1][:-1], FORMS[2]), "E-GRID", row=3),
    taken("CSV-29 a comma at the end of every line", survey(FORMS[0] + ",", FORMS[1] + ",", header=SURVEY + ","), 2),
    taken("CSV-30 a comma at the end of the rows", survey(FORMS[0] + ",", FORMS[1] + ","), 2),
    refused("CSV-30 a comma and a value", survey(FORMS[0] + ",", FORMS[1] + ",x"), "E-GRID", row=3),
    refused("CSV-31 thousands without quotes", payment("105年7月,便利商店,10,1,234"), "E-GRID", row=2),
    taken("CSV-32 a comment on top", "# 產生於105年8月1日\n" + survey(), 3),
    refused("CSV-33 a cell beyond Excel's limit", survey(form("1", "長" * 40_000)), "E-CELL-SIZE", row=2),
    refused("CSV-34 a million commas", "," * 1_000_000 + "\n1\n", "E-COLUMNS"),
    refused("CSV-34 a header too wide", survey(FORMS[0] + "," * 300, header=SURVEY + "," * 300), "E-COLUMNS"),
    refused("CSV-35 fixed width", "編號 填表日期   服務地點\n001  105/07/05 宜蘭\n", "E-HEADER"),
]


@pytest.mark.parametrize("case", CASES, ids=lambda case: case.name)
def test_lines_quotes_and_delimiters(warehouse: Warehouse, case: Case) -> None:
    result = look(warehouse, case.data)
    assert (result.outcome, {finding.code for finding in result.findings}) == (case.outcome, case.codes)
    if case.rows:
        assert (result.read, result.loaded, result.held, result.ignored) == case.rows
    if case.outcome == "refused":
        assert result.loaded == 0
    if case.row:
        assert min(finding.row for finding in result.findings if finding.row) == case.row


@pytest.mark.parametrize("case", [case for case in CASES if case.rows], ids=lambda case: case.name)
def test_every_record_below_the_header_is_accounted_for(warehouse: Warehouse, case: Case) -> None:
    """Counted here by Python's csv over the text, line ends made one."""
    text = case.data if isinstance(case.data, str) else case.data.decode()
    plain = re.sub("\r\r\n|\r\n|\r", "\n", text).rstrip("\x1a").removesuffix("\x1a\n")
    heading = next(line for line in plain.split("\n") if line.startswith("編號"))
    records = list(csv.reader(io.StringIO(plain, newline=""), delimiter=heading[2]))
    header = next(index for index, cells in enumerate(records) if cells[:1] == ["編號"])
    assert look(warehouse, case.data).read == len(records) - header - 1


@pytest.mark.parametrize(
    ("data", "hint"),
    [
        (payment("105年7月,便利商店,10,1,234"), "千分位"),
        (payment('105年7月,便利商店,10, "1,200"'), "引號前有空白"),
        (survey(FORMS[0], form("002", '"沒有結束')), "引號沒有結束"),
    ],
)
def test_a_ragged_row_is_told_its_likely_cause(warehouse: Warehouse, data: str, hint: str) -> None:
    assert hint in look(warehouse, data).findings[0].message


def test_a_stray_quote_swallows_nothing(warehouse: Warehouse) -> None:
    frame = pl.concat(frames(Source("a.csv", survey(form("1", '5" 管'), form("2", '"冷氣, 太冷"')).encode()), fast=False)[0])
    assert frame["comment"].to_list() == ['5" 管', "冷氣, 太冷"]


@pytest.mark.parametrize("text", ["“好”", "a\u2028b", "👍🏽🇹🇼", "𦰡", "<b>", "&amp;&#x81FA;", "NULL", "=cmd|' /C calc'!A0", "e" + "\u0301" * 300])
def test_free_text_is_kept_as_it_stands(text: str) -> None:
    buffer = io.StringIO()
    csv.writer(buffer).writerow([text])
    frame = pl.concat(frames(Source("a.csv", survey(form("1", buffer.getvalue().strip())).encode()), fast=False)[0])
    assert frame["comment"].to_list() == [text]


# --- the two readers --------------------------------------------------------------------------------------------------------


def frames(source: Source, *, fast: bool, piece: int = 1 << 24) -> tuple[list[pl.DataFrame], Screening]:
    """All canonical rows of a file by one of the two readers, and its screening afterwards; `NotPlain` is asked again strictly, as the loader does."""
    with patch.object(grid, "FAST_BYTES", 0 if fast else 1 << 60), patch.object(grid, "PIECE_BYTES", piece):
        try:
            screening = screen(source, today=TODAY)
            return list(screening.frames()), screening
        except NotPlain:
            screening = screen(source, today=TODAY, strict=True)
            return list(screening.frames()), screening


def everything(source: Source, *, fast: bool, piece: int = 1 << 24) -> dict[str, Any]:
    """Whatever a reader makes of a file, in a form that can be compared."""
    try:
        parts, screening = frames(source, fast=fast, piece=piece)
    except Refused as refusal:
        return {"refused": sorted(finding.message for finding in refusal.findings)}
    held = screening.held
    kept = [part.filter(~pl.col("_row").is_in(sorted(held))) for part in parts]
    slots = [screening.slots[slot] for part in kept for slot in part["_slot"]]
    return {
        "rows": [row for part in kept for row in part.drop("_slot").iter_rows()],
        "slots": slots,
        "findings": sorted((finding.row or 0, finding.code, finding.level, finding.column or "", finding.message) for finding in screening.findings),
        "counts": (screening.read, screening.loaded, sorted(held), dict(screening.ignored)),
    }


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "cp950"])
@pytest.mark.parametrize("line_end", ["\n", "\r\n"])
@pytest.mark.parametrize("piece", [64, 300, 1 << 24])
def test_a_plain_file_is_read_by_the_fast_reader_alone(encoding: str, line_end: str, piece: int) -> None:
    rows = [form(f"{n:03d}", "冷氣太冷" if n % 3 else "") for n in range(40)]
    data = survey("105年7月,,,,,,,,,,", *rows, f"合計,,,{len(rows)},,,,,,,", line_end=line_end).encode(encoding)
    source = Source("a.csv", data)
    slow = everything(source, fast=False)
    with patch.object(grid._StrictReader, "blocks", side_effect=AssertionError("not the fast reader")):
        quick = everything(source, fast=True, piece=piece)
    assert quick == slow


@pytest.mark.parametrize("case", CASES, ids=lambda case: case.name)
def test_both_readers_answer_alike_to_the_awkward_files(case: Case) -> None:
    source = Source("a.csv", case.data.encode() if isinstance(case.data, str) else case.data)
    slow, quick = everything(source, fast=False), everything(source, fast=True)
    if "E-CELL-SIZE" in case.codes:
        assert [code for _, code, *_ in quick["findings"]] == ["E-CELL-SIZE"]
        assert len(slow["refused"]) == 1
    else:
        assert quick == slow


IDS = st.sampled_from(["001", "2", "甲1", " 7 ", "", "１２", "a b", "=1+1", "a\u200bb", "x,y", 'q"q', "\u202e1", "-5"])
DATES = st.sampled_from(
    ["105/07/05", "105.8.3", "1050912", "2016/7/5", "105年7月9日", "", "104/02/29", "42375", "16/01/05", " 105/7/5 ", "105/12/31"]
)
SITES = st.sampled_from(["宜蘭", "基隆", "宜 蘭", "", "臺北", "yilan"])
BANDS = st.sampled_from(["15分鐘內", "３０分鐘內", "", "很久"])
CHOICES = st.sampled_from(["很滿意", "滿意", "尚滿意", "不滿意", "", "非常滿意", "滿意　"])
COMMENTS = st.sampled_from(
    ["", "冷氣太冷", "a, b", '說"好"', "兩\n行", "\u3000", "A123456789", "…", "  留白  ", "合計", "\u200b", "<b>", "'1", "é", "一\r\n二", "\ufffd"]
)
ROWS = st.tuples(IDS, DATES, SITES, BANDS, *[CHOICES] * 6, COMMENTS).map(list)


@st.composite
def records(draw: st.DrawFn) -> list[str]:
    """One row of a cell list, or one of the things that stand between rows."""
    kind = draw(st.integers(0, 19))
    row: list[str] = draw(ROWS)
    return {
        0: [],
        1: [""] * 11,
        2: row[:-1],
        3: [*row, ""],
        4: [*row, "x"],
        5: ["合計", "", "", "3", *[""] * 7],
        6: ["備註：以上資料", *[""] * 10],
        7: SURVEY.split(","),
        8: ["備註：短列"],
        9: ["\u3000", *[""] * 10],
    }.get(kind, row)


@st.composite
def files(draw: st.DrawFn) -> bytes:
    """A survey file as anyone might save it: proper quoting or none, any line end, any of our encodings, titles or not."""
    delimiter = draw(st.sampled_from([",", ",", "\t"]))
    line_end = draw(st.sampled_from(["\n", "\r\n", "\r\n"]))
    titles = draw(st.lists(st.sampled_from([["105年7月意見調查"], ["單位：份", *[""] * 10], []]), max_size=2))
    body = draw(st.lists(records(), min_size=1, max_size=12))
    table = [*titles, SURVEY.split(","), *body]
    if draw(st.integers(0, 4)):
        buffer = io.StringIO(newline="")
        csv.writer(buffer, delimiter=delimiter, lineterminator=line_end).writerows(table)
        text = buffer.getvalue()
    else:
        text = "".join(delimiter.join(cells) + line_end for cells in table)
    if draw(st.integers(0, 5)) == 0:
        text = text.removesuffix(line_end)
    encoding = draw(st.sampled_from(["utf-8", "utf-8", "utf-8-sig", "cp950"]))
    return text.encode(encoding, "replace" if encoding == "cp950" else "strict")


@settings(max_examples=150, deadline=None, suppress_health_check=[HealthCheck.too_slow, HealthCheck.data_too_large])
@given(files(), st.sampled_from([40, 200, 1 << 24]))
def test_both_readers_give_the_same_rows_and_findings(data: bytes, piece: int) -> None:
    source = Source("a.csv", data)
    assert everything(source, fast=True, piece=piece) == everything(source, fast=False)


@pytest.mark.parametrize("line_end", ["\r", "\r\r\n"])
def test_a_large_file_with_odd_line_ends_above_its_table_loses_no_row(line_end: str) -> None:
    data = f"105年7月意見調查{line_end}".encode() + survey(*(form(f"{n:03d}") for n in range(20)), line_end="\r\n").encode()
    assert everything(Source("a.csv", data), fast=True) == everything(Source("a.csv", data), fast=False)
    assert everything(Source("a.csv", data), fast=True)["counts"][:2] == (20, 20)


def test_a_bad_byte_deep_in_a_large_file_is_named_with_its_row() -> None:
    rows = [form(f"{n:03d}") for n in range(300)]
    data = survey(*rows).encode().replace(b"250,105", b"25\xff,105")
    for fast in (False, True):
        assert "第252列：有無法解讀的位元組" in everything(Source("a.csv", data), fast=fast, piece=2000)["refused"][0]


# --- sources and sheets -----------------------------------------------------------------------------------------------------


def test_a_source_is_the_same_from_memory_and_from_disk(tmp_path: Path) -> None:
    import hashlib

    data = survey().encode()
    path = tmp_path / "any*name[1]?.csv"
    path.write_bytes(data)
    for source in (Source("../../x.csv", data), Source("C:\\x.csv", path)):
        assert (source.size, source.read(), source.head(10)) == (len(data), data, data[:10])
        assert source.sha256 == hashlib.sha256(data).hexdigest()


def test_what_was_detected_is_told() -> None:
    from warehouse.datasets import all_datasets

    layouts = [layout for dataset in all_datasets().values() for layout in dataset.all_layouts]
    data = ("105年7月案款代收月報表,,,\n單位：元,,,\n" + payment("105年7月,便利商店,10,1200")).replace(",", "\t").encode("utf-16")
    sheet = open_sheet(Source("a.txt", data), layouts)
    assert (sheet.type, sheet.encoding, sheet.delimiter, sheet.header_row) == ("csv", "utf-16", "\t", 3)
    assert (sheet.names, sheet.titles) == (PAYMENT.split(","), ["105年7月案款代收月報表", "單位：元"])
