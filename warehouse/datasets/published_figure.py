"""季報登載值：舊季報印出的數字，逐項確認後留存，只供並列，不與任何數字相加；沒有明細可查。"""

from warehouse.datasets import Column, Dataset, QuarterEnd, Text

DATASET = Dataset(
    name="published_figure",
    title="季報登載值",
    title_en="Figures published in earlier reports",
    grain="一列一季一個指標在舊季報上的登載值（該年1月起累計）",
    owner="品質獎工作小組",
    columns=(
        Column("quarter", "季別", QuarterEnd(), ("季",)),
        Column("indicator", "指標代碼", Text(key=True), ("指標",)),
        Column("value", "登載值", Text(), english="Published value"),
        Column("document", "登載文件", Text(), ("文件",)),
    ),
    month_column="quarter",
    part="indicator",
    key=("indicator",),
    monthly=False,
    reference=True,
)
