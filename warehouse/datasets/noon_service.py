"""午休不打烊：輪值人員於午休時間每服務一項登記一列，人員只記代碼。"""

from warehouse.datasets import Column, Dataset, Day, Integer, Site, Text

DATASET = Dataset(
    name="noon_service",
    title="午休不打烊服務紀錄表",
    title_en="Service over the lunch break",
    grain="一列一人一日於一處所辦理的一項服務",
    owner="秘書室",
    columns=(
        Column("date", "日期", Day(), ("服務日期",)),
        Column("site", "地點", Site(), ("服務地點", "服務處所")),
        Column("staff", "輪值人員代碼", Text(key=True), ("人員代碼",), english="Staff code"),
        Column("persons", "服務人次", Integer("人次", "人"), ("人次",), english="Visitors served"),
        Column("item", "服務項目", Text(), english="Service"),
    ),
    month_column="date",
    key=("date", "site", "staff", "item"),
    monthly=False,
    by_form=True,
)
