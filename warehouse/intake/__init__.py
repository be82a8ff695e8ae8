"""From bytes to a rectangular grid of text with the file's own row numbers. Knows nothing of the office."""

from warehouse.intake.grid import Block, Sheet, Source, open_sheet
from warehouse.intake.header import Layout, heading_key

__all__ = ["Block", "Layout", "Sheet", "Source", "heading_key", "open_sheet"]
