"""管制圖分段：一列一個指標自一個月份起的新階段，附原因、佐證、提出人與同意人；只重算管制界限，不動任何數字。"""

import polars as pl

from warehouse.datasets import Column, Dataset, Month, Rule, Text

DATASET = Dataset(
    name="phase",
    title="管制圖分段登記表",
    title_en="Phases of control charts",
    grain="一列一個指標自一個月份起的新階段",
    owner="秘書室",
    columns=(
        Column("indicator", "指標代碼", Text(key=True), ("指標",)),
        Column("start", "起始月份", Month(), ("分段月份",), english="First month"),
        Column("cause", "原因", Text(drop_dash=True), ("分段原因",)),
        Column("evidence", "佐證", Text(drop_dash=True), ("佐證資料",), required=False, nullable=True),
        Column("proposed_by", "提出人", Text(key=True)),
        Column("agreed_by", "同意人", Text(key=True)),
    ),
    month_column="start",
    part="indicator",
    key=("indicator",),
    rules=(Rule("E-SAME-PERSON", "agreed_by", pl.col("agreed_by") != pl.col("proposed_by"), "提出人以外的另一人", "與提出人是同一人"),),
    monthly=False,
    reference=True,
    by_form=True,
)
