"""民眾意見及新聞輿情：陳情、各信箱來信與新聞報導逐案登記，一列一案；案由摘要不入庫。"""

import polars as pl

from warehouse.datasets import Choice, Column, Dataset, Day, Option, Rule, Text, YesNo

DATASET = Dataset(
    name="feedback_case",
    title="民眾意見及新聞輿情登記簿",
    title_en="Petitions, mailboxes and news reports",
    grain="一列一案",
    owner="秘書室",
    columns=(
        Column("case_id", "編號", Text(key=True), ("案號", "收文編號"), english="Case number"),
        Column("received", "收件日期", Day(), ("收文日期", "受理日期"), english="Date received"),
        Column(
            "type",
            "類別",
            Choice(
                Option(1, "petition", "陳情", ("陳情案件",)),
                Option(2, "opinion_box", "民意信箱", english="Public opinion mailbox"),
                Option(3, "obligor_box", "義務人陳述信箱", english="Obligors' mailbox"),
                Option(4, "integrity_box", "廉政信箱", english="Integrity mailbox"),
                Option(5, "news", "新聞輿情", ("輿情",), english="News report"),
            ),
            ("案件類別",),
        ),
        Column("channel", "管道", Text(), ("來源",)),
        Column(
            "tone",
            "輿情屬性",
            Choice(Option(1, "positive", "正面"), Option(2, "neutral", "中性"), Option(3, "negative", "負面")),
            required=False,
            nullable=True,
            english="Tone of the report",
        ),
        Column("unit", "承辦單位", Text(), ("承辦科室",), english="Unit in charge"),
        Column("closed", "辦結日期", Day(), ("結案日期",), nullable=True, english="Date closed"),
        Column("reply_mode", "回復方式", Text(drop_dash=True), ("回覆方式",), nullable=True, english="Replied by"),
        Column("extended", "是否延期", YesNo(), ("延期",), nullable=True, english="Deadline extended"),
    ),
    ignored=("案由摘要", "案由"),
    month_column="received",
    key=("case_id",),
    rules=(Rule("E-ORDER", "closed", pl.col("closed") >= pl.col("received"), "不早於收件日期的日期", "辦結早於收件"),),
    monthly=False,
    by_form=True,
)
