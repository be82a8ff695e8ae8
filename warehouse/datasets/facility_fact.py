"""設施與服務現況：一列一個項目自啟用日起的數量或內容，異動時另送一列；不分處所的地點留白。"""

import polars as pl

from warehouse.datasets import Column, Dataset, Day, Number, Rule, Site, Text

DATASET = Dataset(
    name="facility_fact",
    title="設施與服務一覽表",
    title_en="Facilities and services",
    grain="一列一個項目自一個日期起的現況",
    owner="秘書室",
    columns=(
        Column("item", "項目", Text(key=True), ("設施項目", "名稱")),
        Column("value", "數量", Number(low=0), nullable=True, english="Number"),
        Column("text_value", "內容", Text(drop_dash=True), ("說明",), required=False, nullable=True, english="Description"),
        Column("unit", "單位", Text(drop_dash=True), nullable=True),
        Column("site", "地點", Site(), ("服務地點",), nullable=True),
        Column("valid_from", "啟用日期", Day(), ("生效日期",), english="In use since"),
        Column("valid_to", "停用日期", Day(future=True), ("失效日期",), nullable=True, english="In use until"),
    ),
    month_column="valid_from",
    part="item",
    key=("item",),
    rules=(Rule("E-ORDER", "valid_to", pl.col("valid_to") >= pl.col("valid_from"), "不早於啟用日期的日期", "停用早於啟用"),),
    monthly=False,
    reference=True,
    by_form=True,
)
