"""設備維護保養：更換濾心、水質檢測、開啟信箱等每做一次登記一列。"""

from warehouse.datasets import Column, Dataset, Day, Text

DATASET = Dataset(
    name="maintenance_log",
    title="設備維護保養紀錄表",
    title_en="Equipment maintenance log",
    grain="一列一次維護",
    owner="秘書室",
    columns=(
        Column("equipment", "設備", Text(key=True), ("設備名稱",)),
        Column("done_on", "維護日期", Day(), ("日期", "保養日期"), english="Date"),
        Column("action", "項目", Text(key=True), ("維護項目", "保養項目"), english="Work done"),
        Column("result", "結果", Text(), ("辦理結果",)),
    ),
    month_column="done_on",
    part="equipment",
    key=("done_on", "action"),
    monthly=False,
    by_form=True,
)
