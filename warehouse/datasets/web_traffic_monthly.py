"""網站瀏覽人次：統計室每月抄錄網站計數器，一列一個月，載本月人次與累計讀數。"""

import polars as pl

from warehouse.datasets import Column, Dataset, Integer, Month, Rule

DATASET = Dataset(
    name="web_traffic_monthly",
    title="網站瀏覽人次月報表",
    title_en="Website visits, monthly",
    grain="一列一個月",
    owner="統計室",
    columns=(
        Column("month", "統計月份", Month(), ("月份", "年月")),
        Column("visits", "本月瀏覽人次", Integer("人次"), ("本月人次",)),
        Column("counter_reading", "累計瀏覽人次", Integer("人次"), ("累計人次", "計數器讀數")),
    ),
    month_column="month",
    key=("month",),
    rules=(Rule("W-BIZ-24", "visits", pl.col("visits") <= pl.col("counter_reading"), "不大於累計瀏覽人次的數字", "本月多於累計", asks=True),),
)
