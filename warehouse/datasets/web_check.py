"""網站檢測：統計室每月檢測外部連結、無障礙與網頁內容，一列一次檢測，載受測數與異常數。"""

import polars as pl

from warehouse.datasets import Choice, Column, Dataset, Day, Integer, Option, Rule, Text

DATASET = Dataset(
    name="web_check",
    title="網站檢測紀錄表",
    title_en="Website checks",
    grain="一列一次檢測",
    owner="統計室",
    columns=(
        Column("check_date", "檢測日期", Day(), ("日期",), english="Date"),
        Column(
            "kind",
            "檢測項目",
            Choice(
                Option(1, "link", "外部連結", ("連結檢測", "外部連結檢測"), english="External links"),
                Option(2, "a11y", "無障礙檢測", ("無障礙",), english="Accessibility"),
                Option(3, "badge", "無障礙標章", english="Accessibility badge"),
                Option(4, "content", "網頁內容檢視", ("內容檢視",), english="Content review"),
                Option(5, "tamper", "竄改檢查", ("置換檢查",), english="Tampering"),
            ),
            ("項目",),
            english="Type of check",
        ),
        Column("tested", "受測數", Integer("個", "頁", "次"), ("檢測數",), english="Number tested"),
        Column("failed", "異常數", Integer("個", "頁", "次"), ("不合格數",), english="Faults found"),
        Column("note", "處理情形", Text(drop_dash=True), ("檢測結果",), nullable=True, english="Action taken"),
    ),
    month_column="check_date",
    key=("check_date", "kind"),
    rules=(Rule("E-SUM", "failed", pl.col("failed") <= pl.col("tested"), "不大於受測數的數字", "異常多於受測"),),
    by_form=True,
)
