"""電話禮貌測試：花蓮分署每月代為抽測、執行署另行評核，各傳回一張紀錄表，一列一通；測試機關常只寫在表頭。"""

import re

import polars as pl

from warehouse.datasets import Choice, Clock, Column, Dataset, Day, Number, Option, Rule, Text

ITEMS = {
    "op_speed": "總機接聽速度(25)",
    "op_courtesy": "總機電話禮貌(20)",
    "unit_speed": "接聽速度(15)",
    "unit_courtesy": "電話禮貌(25)",
    "unit_content": "答話內容(15)",
}

#: The same on an English screen.
_ITEMS_EN = {
    "op_speed": "Switchboard: speed of answer (25)",
    "op_courtesy": "Switchboard: courtesy (20)",
    "unit_speed": "Section: speed of answer (15)",
    "unit_courtesy": "Section: courtesy (25)",
    "unit_content": "Section: content of answer (15)",
}

_HEAD_OFFICE = re.compile("執行署(?![\u4e00-\u9fff]{2}分署)")


def organiser_in(title: str) -> dict[str, str]:
    """「花蓮分署協助宜蘭分署…」 names 花蓮分署; 執行署 counts only where it is not the beginning of a branch's own name."""
    if "花蓮分署" in title:
        return {"organiser": "花蓮分署"}
    return {"organiser": "執行署"} if _HEAD_OFFICE.search(title) else {}


DATASET = Dataset(
    name="phone_test",
    title="電話禮貌測試紀錄表",
    title_en="Telephone courtesy tests",
    grain="一列一通測試電話",
    owner="秘書室",
    columns=(
        Column(
            "organiser",
            "測試機關",
            Choice(Option(1, "hualien", "花蓮分署", english="Hualien Branch"), Option(2, "hq", "執行署", ("法務部行政執行署", "行政執行署"), english="Head office")),
            required=False,
            english="Tested by",
        ),
        Column("test_date", "日期", Day(), ("測試日期",), english="Date"),
        Column("test_time", "測試時間", Clock(), ("時間",), required=False, nullable=True, english="Time"),
        Column("section", "受測單位", Text(key=True), ("受測科室", "單位")),
        Column("ext", "分機", Text(key=True), ("分機號碼",), required=False, nullable=True, english="Extension"),
        *(
            Column(name, heading, Number(low=0, high=100), required=False, nullable=True, english=_ITEMS_EN[name])
            for name, heading in ITEMS.items()
        ),
        Column("total", "總分", Number("分", low=0, high=100), ("得分", "分數"), english="Total score"),
        Column("grade", "評等", Text(), ("等第",), required=False, nullable=True),
        Column("deduction_reason", "扣分原因", Text(free=True), ("扣分說明",), required=False, nullable=True, english="Reasons for points taken off"),
    ),
    month_column="test_date",
    part="organiser",
    key=("test_date", "section", "test_time", "ext"),
    seldom=("test_date", "section", "ext"),
    rules=(Rule("E-SUM", "total", pl.sum_horizontal(*ITEMS, ignore_nulls=False) == pl.col("total"), "五項得分的合計"),),
    from_title=organiser_in,
    by_form=True,
)
