"""指標說明：工作小組對一個指標在一個期間（以末月計）的說明；可另寫新的一則，以最新的為準，先前的都留著。"""

from warehouse.datasets import Column, Dataset, Month, Text

DATASET = Dataset(
    name="explanation",
    title="指標說明",
    title_en="Explanations of indicators",
    grain="一列一個指標一個期間的一則說明",
    owner="品質獎工作小組",
    columns=(
        Column("indicator", "指標代碼", Text(key=True), ("指標",)),
        Column("month", "期間末月", Month(), ("月份", "期間"), english="Last month of the period"),
        Column("text", "說明", Text(free=True), ("說明內容",), english="Explanation"),
        Column("author", "撰寫人", Text(), english="Written by"),
    ),
    month_column="month",
    part="indicator",
    key=("text", "author"),
    monthly=False,
    reference=True,
)
