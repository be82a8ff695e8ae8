"""Entry by form: one row, keyed in, through the very parsers, checks, ledger and kept file of an upload.

What is kept is a file of one row under the template's headings. An entry is added to its slot: its rows stand beside those of the newest file that
covers the slot, until a later file covers it.
"""

from __future__ import annotations

import csv
import io
from collections.abc import Collection, Mapping
from dataclasses import replace

from warehouse.datasets import Dataset, dataset_named
from warehouse.errors import Finding, UsageError
from warehouse.intake import Source
from warehouse.intake.header import heading_key
from warehouse.load import FORM, LoadResult, Request, load_file
from warehouse.store import Warehouse


def enter(
    warehouse: Warehouse,
    dataset: str,
    values: Mapping[str, str],
    by: str,
    *,
    accept: Collection[str] = (),
    dry_run: bool = False,
    is_sample: bool = False,
    expected: tuple[str, int] | None = None,
) -> LoadResult:
    """Enter one row of a dataset. values: column (its name or any of its headings) → what was typed; columns left out are blank;
    expected: hash and generation of the preview this confirms.

    Refused with `E-DUP-KEY` where a live row of the slot has its key, and for all that refuses a row of a file; questions are answered in `accept`
    (codes, or `all`). Raises `UsageError` for an unknown dataset or column, and without a name.
    """
    if not by.strip():
        raise UsageError("登錄須有登錄人姓名")
    chosen = dataset_named(dataset)
    request = Request(by=by, dataset=chosen.name, accept=frozenset(accept), dry_run=dry_run, is_sample=is_sample, form=True, expected=expected)
    result = load_file(warehouse, Source(FORM, one_row(chosen, values)), request)
    result.findings = [_of_a_form(finding) for finding in result.findings]
    return result


def one_row(dataset: Dataset, values: Mapping[str, str]) -> bytes:
    """The file of one row that an entry is kept as: the template's headings, UTF-8 with BOM, CRLF. An unknown column, or one twice, is a `UsageError`."""
    typed: dict[str, str] = {}
    for given, text in values.items():
        column = next((column for column in dataset.columns if heading_key(given) in column.keys), None)
        if column is None:
            raise UsageError(f"「{dataset.title}」沒有「{given}」這一欄；可用的有：{'、'.join(dataset.long.known_names())}")
        if column.name in typed:
            raise UsageError(f"「{column.heading}」給了兩次")
        typed[column.name] = text.replace("\r\n", "\n").replace("\r", "\n")
    stream = io.StringIO()
    writer = csv.writer(stream, lineterminator="\r\n")
    writer.writerow(dataset.long.known_names())
    writer.writerow([typed.get(column.name, "") for column in dataset.columns])
    return stream.getvalue().encode("utf-8-sig")


def beside(finding: Finding) -> str:
    """A finding as it is read beside its field, which need not be named again."""
    return finding.message.removeprefix(f"「{finding.column}」欄：")


def _of_a_form(finding: Finding) -> Finding:
    """A finding in the words of a form, which has fields and no rows."""
    if finding.code == "E-EMPTY":
        return Finding.of("E-EMPTY", "file", found="沒有填寫內容", expected="至少必填的欄位", mend="請填寫後再送一次", where="這一筆")
    message = finding.message
    if finding.row is not None:
        message = message.removeprefix(f"第{finding.row}列").removeprefix("：")
    message = message.replace("整份檔案：", "這一筆：", 1).replace("請在原檔改正後重新上傳", "請改正後再送一次").replace("後重新上傳", "後再送一次")
    return replace(finding, message=message, row=None)
