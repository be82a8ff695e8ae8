"""Signals: an indicator's months against their control limits, two periods or several sites against each other. Read from a `Snapshot`, nothing else.

    charts     months as points of a control chart, and which indicators have none
    months     an indicator month by month
    runs       months in a row that a rule marks, and what the chart says at its end
    periods    one period against an earlier one
    places     several sites beside each other
"""

from warehouse.signals.charts import Charted, Unruled, counted_by_month
from warehouse.signals.months import SPAN, Series, look_back, series, series_of, signalled
from warehouse.signals.periods import Comparison, comparison
from warehouse.signals.places import FEWEST_FOR_FUNNEL, SideBySide, SiteFigure, sites_side_by_side
from warehouse.signals.runs import Standing, Stretch, standing, stretches

__all__ = [
    "FEWEST_FOR_FUNNEL", "SPAN", "Charted", "Comparison", "Series", "SideBySide", "SiteFigure", "Standing", "Stretch", "Unruled", "comparison",
    "counted_by_month", "look_back", "series", "series_of", "signalled", "sites_side_by_side", "standing", "stretches",
]  # fmt: skip
