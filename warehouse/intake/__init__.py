"""From bytes to a rectangular grid of text with the file's own row numbers. Knows nothing of the office."""

from __future__ import annotations

from collections.abc import Sequence

from warehouse.intake.decode import refuse_other_types
from warehouse.intake.grid import Block, Fault, NotPlain, Sheet, Source, first_bytes, open_text, text_grid
from warehouse.intake.header import Layout, heading_key
from warehouse.intake.workbook import is_workbook, open_workbook, refuse_text_named_as_workbook, workbook_grid

__all__ = ["Block", "Fault", "Layout", "NotPlain", "Sheet", "Source", "first_bytes", "heading_key", "open_sheet", "plain_grid"]


def open_sheet(source: Source, layouts: Sequence[Layout], *, strict: bool = False) -> Sheet:
    """The table in a file, workbook or text by its first bytes: see `open_workbook` and `open_text`."""
    if is_workbook(source.head(8)):
        return open_workbook(source, layouts)
    refuse_other_types(source.head())
    refuse_text_named_as_workbook(source)
    return open_text(source, layouts, strict=strict)


def plain_grid(source: Source, sheet: Sheet | None = None) -> tuple[str, str | None, str | None, list[list[str]]]:
    """Type, encoding, delimiter and all cells as text, with no idea of what they mean: what `inspect --grid` shows, of an unknown table too."""
    if is_workbook(source.head(8)):
        kind, rows = workbook_grid(source, sheet)
        return kind, None, None, rows
    return "csv", *text_grid(source, sheet)
