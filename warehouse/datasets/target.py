"""目標值：一列一個指標自生效日起的目標，附依據、文號與核定人；新目標另列，不改舊列。"""

from warehouse.datasets import Choice, Column, Dataset, Day, Number, Option, Text

DATASET = Dataset(
    name="target",
    title="指標目標值核定表",
    title_en="Targets of indicators",
    grain="一列一個指標自一個日期起的目標",
    owner="秘書室",
    columns=(
        Column("indicator", "指標代碼", Text(key=True), ("指標",)),
        Column("value", "目標值", Number(signed=True), ("目標",), english="Target"),
        Column("effective", "生效日期", Day(future=True), ("啟用日期",), english="In force from"),
        Column(
            "basis",
            "依據",
            Choice(
                Option(1, "report", "報告明載", english="Stated in the report"),
                Option(2, "rule", "法規規定", english="By law or regulation"),
                Option(3, "reference", "參考標準", english="Reference standard"),
                Option(4, "decision", "核定", english="Approved"),
                Option(5, "provisional", "暫定", ("暫定（未核定）",)),
            ),
        ),
        Column("document", "文號", Text(drop_dash=True), ("核定文號",), required=False, nullable=True, english="Document number"),
        Column("decided_by", "核定人", Text(drop_dash=True), required=False, nullable=True, english="Approved by"),
    ),
    month_column="effective",
    part="indicator",
    key=("indicator",),
    monthly=False,
    reference=True,
    by_form=True,
)
