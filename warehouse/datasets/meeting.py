"""會議：工作會議、主管會議、考核小組、品質獎工作小組與標竿參訪，會後登記一列，載決議與完成件數。"""

import polars as pl

from warehouse.datasets import Choice, Column, Dataset, Days, Integer, Option, Rule, Text

DATASET = Dataset(
    name="meeting",
    title="會議紀錄登記表",
    title_en="Meetings and visits",
    grain="一列一次會議或參訪",
    owner="秘書室",
    columns=(
        Column("start_date", "日期", Days(), ("會議日期", "開會日期"), until="end_date", english="Date, or first and last day"),
        Column(
            "type",
            "會議類別",
            Choice(
                Option(1, "work", "工作會議", english="Working meeting"),
                Option(2, "supervisor", "主管會議", english="Supervisors' meeting"),
                Option(3, "review_group", "考核小組", ("為民服務考核小組",)),
                Option(4, "award_group", "品質獎工作小組", ("為民服務品質獎工作小組",), english="Award working group"),
                Option(5, "benchmark_visit", "標竿參訪", ("標竿學習參訪",)),
            ),
            ("類別",),
            english="Type of meeting",
        ),
        Column("seq", "次別", Text(key=True, drop_dash=True), ("會次",), nullable=True, english="Meeting number"),
        Column("chair", "主席", Text(drop_dash=True), ("主持人",), nullable=True),
        Column("action_items", "決議件數", Integer("件", nothing=None), ("決議事項件數",), nullable=True, english="Resolutions"),
        Column("closed_items", "完成件數", Integer("件", nothing=None), ("已完成件數",), nullable=True, english="Resolutions carried out"),
        Column("places", "參訪機關數", Integer("處", "個", nothing=None), required=False, nullable=True, english="Agencies visited"),
    ),
    month_column="start_date",
    key=("type", "seq", "start_date"),
    rules=(Rule("E-SUM", "closed_items", pl.col("closed_items") <= pl.col("action_items"), "不大於決議件數的數字", "完成多於決議"),),
    monthly=False,
    by_form=True,
)
