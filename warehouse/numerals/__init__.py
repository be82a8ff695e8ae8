"""Numbers as clerks write them, and numbers as official documents print them.

Reading: `parse_integer` and `parse_decimal` take one cell and give a `Reading` (value, and the code of a question if the clerk
must confirm it) or raise `CellError` with the code of the finding. Nothing is guessed: what has two meanings is refused.
Writing: `format_number` (83,952,914) and `format_wan` (8,395萬2,914). Rounding is half-up on exact fractions, never on floats.

All patterns are linear and see at most `CELL_LIMIT` characters.

    cleaning                          a cell before it is read
    reading                           the way of a cell: affixes taken off, the magnitude told, or a refusal
    affixes, magnitudes, refusals     the steps of it, for a column
    chinese                           numerals in Chinese
    writing                           rounding and print
"""

from warehouse.numerals.chinese import CHINESE_NUMERALS, chinese_digits, chinese_integer
from warehouse.numerals.cleaning import CELL_LIMIT, clean, has_odd_digits, is_blank, is_formula
from warehouse.numerals.column import MOST_DIGITS
from warehouse.numerals.reading import parse_decimal, parse_integer
from warehouse.numerals.writing import format_number, format_wan, round_half_up, share

__all__ = [
    "CELL_LIMIT", "CHINESE_NUMERALS", "MOST_DIGITS", "chinese_digits", "chinese_integer", "clean", "format_number", "format_wan", "has_odd_digits",
    "is_blank", "is_formula", "parse_decimal", "parse_integer", "round_half_up", "share",
]  # fmt: skip
