"""Figures: the value of each indicator over a window of months, for a site, as of any entry of the ledger, with target, verdict and provenance.

Everything is read from `indicator_month`, so the cost does not grow with the rows behind it. Sums first, one division last, exact rounding.

    snapshot       what was read: the sums by month and site, targets, phases, live slots
    making         a figure of it, for one window and site
    figure         what a figure is, and how it is printed
    provenance     the way back to files and rows
    standing       what is live, now or after an entry; lineage: what is made from what; options: what is asked for
"""

from warehouse.indicators import all_indicators
from warehouse.scorecard.figure import ALL_SITES, Figure, number, printed
from warehouse.scorecard.lineage import dependents
from warehouse.scorecard.making import Cells
from warehouse.scorecard.options import site_code, site_name, window_option
from warehouse.scorecard.provenance import ROWS_APART, Origin, Step, Trace, trace
from warehouse.scorecard.snapshot import Phase, Snapshot, default_window, figures, monthly, monthly_of, newest_month
from warehouse.scorecard.standing import live_slots, slot_numbers, version_at, version_now

__all__ = [
    "ALL_SITES", "ROWS_APART", "Cells", "Figure", "Origin", "Phase", "Snapshot", "Step", "Trace", "all_indicators", "default_window", "dependents",
    "figures", "live_slots", "monthly", "monthly_of", "newest_month", "number", "printed", "site_code", "site_name", "slot_numbers", "trace",
    "version_at", "version_now", "window_option",
]  # fmt: skip
