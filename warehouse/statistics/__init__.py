"""The statistics engine: intervals, verdicts and control charts as pure functions, numbers in, numbers or words out.

Nothing here knows where the numbers came from. Intervals of shares are fractions, control charts are in the unit of their values.
"""

from warehouse.statistics._charts import control_chart
from warehouse.statistics._intervals import (
    FEWEST_FOR_T,
    Z95,
    Z998,
    Claim,
    Comparison,
    Direction,
    FunnelLimits,
    Interval,
    Scores,
    Tier,
    Tiers,
    Verdict,
    answers_needed,
    byar,
    can_ever_clear,
    claim,
    compare,
    funnel_limits,
    newcombe,
    t_interval,
    t_quantile,
    tier,
    verdict,
    welch,
    wilson,
)
from warehouse.statistics._points import (
    Assurance,
    Bounds,
    ChartKind,
    ChartPhase,
    ChartPoint,
    ChartSettings,
    ControlChart,
    ControlPoint,
    RuleName,
    Signal,
    Variation,
)

__all__ = [
    "FEWEST_FOR_T", "Z95", "Z998", "Assurance", "Bounds", "ChartKind", "ChartPhase", "ChartPoint", "ChartSettings", "Claim", "Comparison",
    "ControlChart", "ControlPoint", "Direction", "FunnelLimits", "Interval", "RuleName", "Scores", "Signal", "Tier", "Tiers", "Variation",
    "Verdict", "answers_needed", "byar", "can_ever_clear", "claim", "compare", "control_chart", "funnel_limits", "newcombe", "t_interval",
    "t_quantile", "tier", "verdict", "welch", "wilson",
]  # fmt: skip
