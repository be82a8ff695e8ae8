"""網站資訊更新：行政規則、法規命令與綜合查詢每上網一次登記一列，載發布日期與上網日期。"""

import polars as pl

from warehouse.datasets import Choice, Column, Dataset, Day, Option, Rule, Text

DATASET = Dataset(
    name="update_log",
    title="網站資訊更新紀錄表",
    title_en="Website updates",
    grain="一列一次上網更新",
    owner="統計室",
    columns=(
        Column(
            "rule_type",
            "類別",
            Choice(
                Option(1, "admin_rule", "行政規則", english="Administrative rule"),
                Option(2, "regulation", "法規命令"),
                Option(3, "weekly_query", "綜合查詢", english="Query data"),
            ),
            ("資訊類別",),
            english="Type",
        ),
        Column("title", "名稱", Text(drop_dash=True), ("法規名稱",), required=False, nullable=True),
        Column("promulgated", "發布日期", Day(), ("公布日期",), english="Date issued"),
        Column("posted", "上網日期", Day(), ("更新日期",), english="Date posted"),
    ),
    month_column="posted",
    key=("rule_type", "title", "promulgated", "posted"),
    rules=(Rule("E-ORDER", "posted", pl.col("posted") >= pl.col("promulgated"), "不早於發布日期的日期", "上網早於發布"),),
    monthly=False,
    by_form=True,
)
