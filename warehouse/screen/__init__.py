"""From a file to canonical rows and findings. Writes nothing.

Each distinct spelling of a column is parsed once by a strict Python function and gathered back by its positions: that is what
makes strict and fast the same thing. What was not understood is null from then on, and pandera judges the typed frame.

    opening     which dataset a file is ─▶ a `Table`: headings mapped, titles read
    screening   its rows, block by block: labels set aside ─▶ cells ─▶ losses, totals ─▶ rows ─▶ keys ─▶ slots
    account     what all of them found, held and ignored

Conservation: rows in the file = rows in the frames + rows held + rows ignored by a named rule. `load` asserts it.
"""

from warehouse.screen.opening import screen, year_option
from warehouse.screen.screening import Screening
from warehouse.screen.totals import CumulativeCheck
from warehouse.screen.words import REASONS, RULES

__all__ = ["REASONS", "RULES", "CumulativeCheck", "Screening", "screen", "year_option"]
