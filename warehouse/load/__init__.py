"""Screen, preview, commit, undo: how a file gets into the warehouse, or not.

One load is one transaction: claim, raw rows, ledger entry, slots, recomputed months. A preview is the same transaction, rolled back.
The file's own bytes are kept under their hash before the commit; the receipt is written after it. Nothing here talks to a page.

    opening      the warehouse opened and brought to order
    loading      one file: screened, staged, asked about, committed or not
    questions    what only the warehouse can tell of it: surveys, names, closed, additions, history
    impact       what it does to the indicators
    undoing      an entry taken back
    rebuilding   the database made again from receipts and kept files
"""

from warehouse.load.impact import Impact
from warehouse.load.loading import load_file
from warehouse.load.opening import bring_to_order, open_warehouse
from warehouse.load.rebuilding import rebuild, rebuild_aside, rebuild_offline
from warehouse.load.results import EXIT_CODES, FORM, LoadResult, Outcome, Request
from warehouse.load.undoing import UndoResult, undo

__all__ = [
    "EXIT_CODES", "FORM", "Impact", "LoadResult", "Outcome", "Request", "UndoResult", "bring_to_order", "load_file", "open_warehouse", "rebuild",
    "rebuild_aside", "rebuild_offline", "undo",
]  # fmt: skip
