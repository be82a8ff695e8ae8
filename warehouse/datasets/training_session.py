"""教育訓練：每辦一場登記一列，載課程、講師、參加人次與起迄時間。"""

import polars as pl

from warehouse.datasets import Clock, Column, Dataset, Day, Integer, Rule, Text

DATASET = Dataset(
    name="training_session",
    title="教育訓練紀錄表",
    title_en="Staff training",
    grain="一列一場訓練",
    owner="人事室",
    columns=(
        Column("date", "日期", Day(), ("訓練日期", "辦理日期")),
        Column("title", "課程名稱", Text(), ("訓練名稱", "課程"), english="Course"),
        Column("category", "類別", Text(), ("課程類別",), required=False, nullable=True),
        Column("lecturers", "講師人數", Integer("人", "位", nothing=None), nullable=True, english="Number of lecturers"),
        Column("persons", "參加人次", Integer("人次", "人"), ("參加人數", "參訓人次", "參訓人數"), english="Participants"),
        Column("start_time", "起", Clock(), ("開始時間", "起時"), required=False, nullable=True, english="From"),
        Column("end_time", "迄", Clock(), ("結束時間", "迄時"), required=False, nullable=True, english="To"),
        Column("note", "備註", Text(free=True, drop_dash=True), required=False, nullable=True, english="Remarks"),
        Column("audience", "對象", Text(drop_dash=True), ("參加對象",), required=False, nullable=True, english="For whom"),
    ),
    month_column="date",
    key=("date", "title"),
    rules=(Rule("E-ORDER", "end_time", pl.col("end_time") >= pl.col("start_time"), "不早於開始的時間", "結束早於開始"),),
    monthly=False,
    by_form=True,
)
