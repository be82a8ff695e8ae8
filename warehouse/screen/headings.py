"""Headings of a file against those of a layout: which column stands where, what is there twice, unknown, or missing."""

from __future__ import annotations

from collections.abc import Sequence
from functools import cache

from warehouse.datasets import Column, Dataset, Long, all_datasets
from warehouse.errors import Finding
from warehouse.intake import Sheet, heading_key
from warehouse.intake.header import nearest, without_unit
from warehouse.screen.table import clean_heading
from warehouse.screen.words import REASONS


@cache
def all_headings() -> frozenset[str]:
    """Every heading of every dataset, compared by `heading_key`."""
    return frozenset(key for dataset in all_datasets().values() for layout in dataset.all_layouts for column in layout.columns for key in column.keys)


def map_headings(sheet: Sheet, layout: Long) -> tuple[dict[int, Column], list[Finding]]:
    """Position in the file → column; and `E-DUP-COLUMN`, `E-UNIT`, `W-HDR-07` for the headings that are no such column."""
    findings: list[Finding] = []
    columns = layout.physical(sheet.names)
    seen: dict[str, int] = {}
    for index, name in enumerate(sheet.names):
        key = heading_key(name)
        if not key or key == heading_key(REASONS):
            continue
        identity = columns[index].name if index in columns else key
        if identity in seen:
            findings.append(_same_column(sheet, name, sheet.names[seen[identity]]))
        seen[identity] = index
        if index not in columns and not layout.knows(name):
            findings.append(_unknown(sheet, name, layout))
    return columns, findings


def missing_headings(sheet: Sheet, missing: Sequence[str], layout: Long, dataset: Dataset) -> Finding:
    """`E-HEADER` for required headings that are not there, with what is there instead."""
    unknown = [clean_heading(name) for name in sheet.names if heading_key(name) and not layout.knows(name)]
    also = f"；另有不認得的「{'」「'.join(unknown)}」" if unknown else ""
    return Finding.of(
        "E-HEADER",
        "file",
        row=sheet.header_row,
        found=f"看來是「{dataset.title}」，但缺「{'」「'.join(missing)}」欄{also}",
        expected="必填欄名齊全，與範本相同",
        mend="請更正欄名或補上該欄後重新上傳",
    )


def _same_column(sheet: Sheet, name: str, first: str) -> Finding:
    return Finding.of(
        "E-DUP-COLUMN",
        "file",
        row=sheet.header_row,
        column=clean_heading(name),
        found=f"與「{clean_heading(first)}」是同一欄",
        expected="每一欄只出現一次",
        mend="請刪去或更名後重新上傳",
    )


def _unknown(sheet: Sheet, name: str, layout: Long) -> Finding:
    base = without_unit(name)
    if base != heading_key(name) and layout.knows(base):
        return _other_unit(sheet, name, next((column.heading for column in layout.columns if base in column.keys), base))
    near = nearest(name, layout.known_names())
    hint = f"；相近的欄名有「{'」「'.join(near)}」" if near else ""
    return Finding.of(
        "W-HDR-07",
        "ask",
        row=sheet.header_row,
        column=clean_heading(name),
        found="這一欄不認得，不會入庫",
        expected=f"範本上的欄名{hint}",
        mend="若可略過請確認，否則請更正欄名後重新上傳",
    )


def _other_unit(sheet: Sheet, name: str, printed: str) -> Finding:
    return Finding.of(
        "E-UNIT",
        "file",
        row=sheet.header_row,
        column=clean_heading(name),
        found=f"欄名「{clean_heading(name)}」帶有不認得的單位",
        expected=f"「{printed}」，以範本的單位填寫",
        mend=f"請把數字換算成範本的單位，欄名改為「{printed}」後重新上傳",
    )
