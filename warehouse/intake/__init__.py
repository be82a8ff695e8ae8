"""From bytes to a rectangular grid of text with the file's own row numbers. Knows nothing of the office."""

from warehouse.intake.grid import Block, NotPlain, Sheet, Source, first_bytes, open_sheet
from warehouse.intake.header import Layout, heading_key

__all__ = ["Block", "Layout", "NotPlain", "Sheet", "Source", "first_bytes", "heading_key", "open_sheet"]
