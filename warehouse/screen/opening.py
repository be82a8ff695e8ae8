"""A file opened: which dataset it is, how its table is laid out, of which year it speaks."""

from __future__ import annotations

from collections.abc import Collection
from datetime import date

from warehouse.datasets import Column, Context, Dataset, Long, MonthsAcross, all_datasets, dataset_named, site_numbers
from warehouse.errors import Finding, Refused, UsageError
from warehouse.intake import Sheet, Source, open_sheet
from warehouse.screen import titles
from warehouse.screen.headings import map_headings, missing_headings
from warehouse.screen.screening import Screening
from warehouse.screen.table import Table


def screen(
    source: Source, *, today: date, dataset: str | None = None, year: int | None = None, strict: bool = False, single: bool = False
) -> Screening:
    """Find out which dataset a file is, map its headings, and stand ready to read it.

    dataset: only this one may match (`E-TABLE` says which one it looks like instead); year: AD year for tables that name none;
    single: rows given by themselves, not a table that may have been left unfilled.
    Raises `Refused` where the file as a whole cannot be read (see `open_sheet`, `E-HEADER`, `E-DUP-COLUMN`, `E-UNIT`), `UsageError` for an unknown dataset.
    """
    sheet, found = _open(source, dataset_named(dataset) if dataset else None, strict)
    layout = sheet.layout
    assert isinstance(layout, Long)
    columns, findings = map_headings(sheet, layout)
    findings += [*sheet.findings, *titles.large_units(sheet, layout)]
    constants = _told_by_title(sheet, source, found, columns.values())
    missing = [heading for heading in sheet.missing if not any(found.column_of(name).heading == heading for name in constants)]
    if missing:
        findings.append(missing_headings(sheet, missing, layout, found))
    if any(finding.level == "file" for finding in findings):
        raise Refused(findings)
    years = titles.years_told(sheet, source)
    context = Context(today=today, year=year or next(iter(years), None), sites=site_numbers())
    if isinstance(layout, MonthsAcross) and len({*years, *([year] if year else [])}) > 1:
        findings.append(titles.which_year(context.year or 0))
    return Screening(Table(source, sheet, found, layout, columns, constants, context, single), findings)


def year_option(text: str | None) -> int | None:
    """The `--year` option, ROC or AD, as an AD year; anything else is a `UsageError`."""
    if text is None:
        return None
    if not text.isascii() or not text.isdigit() or not (79 <= int(text) <= 189 or 1990 <= int(text) <= 2100):
        raise UsageError(f"年度「{text}」應為民國年（例如105）或西元年（例如2016）")
    return int(text) if int(text) >= 1990 else int(text) + 1911


def _open(source: Source, chosen: Dataset | None, strict: bool) -> tuple[Sheet, Dataset]:
    """The table of the file and the dataset it is of: the chosen one, where there is one."""
    owners = {id(layout): dataset for dataset in all_datasets().values() for layout in dataset.all_layouts}
    sheet = open_sheet(source, [layout for dataset in all_datasets().values() for layout in dataset.all_layouts], strict=strict)
    found = owners[id(sheet.layout)]
    if chosen is None or found is chosen:
        return sheet, found
    return _open_as(source, chosen, found, strict), chosen


def _open_as(source: Source, chosen: Dataset, found: Dataset, strict: bool) -> Sheet:
    """The table as one of the chosen dataset, though it looks more like another."""
    try:
        sheet = open_sheet(source, chosen.all_layouts, strict=strict)
        if not sheet.missing:
            return sheet
    except Refused:
        pass
    told, expected = f"這份檔案看來是「{found.title}」", f"「{chosen.title}」"
    raise Refused([Finding.of("E-TABLE", "file", found=told, expected=expected, mend="請改選報表，或選正確的檔案後重新上傳")])


def _told_by_title(sheet: Sheet, source: Source, dataset: Dataset, columns: Collection[Column]) -> dict[str, str]:
    """Cells that only the title or the file's name tells, by canonical column."""
    told = dataset.from_title(" ".join([*sheet.titles, source.name])) if dataset.from_title else {}
    there = {column.name for column in columns}
    return {name: text for name, text in told.items() if name not in there}
