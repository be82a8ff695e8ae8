"""報表繳交期限：一列一種報表自生效日起、次月幾日前應交，以及應由哪些處所或機關各交一份；沒有期限的報表不算逾期。"""

from warehouse.datasets import Column, Dataset, Day, Integer, Text

DATASET = Dataset(
    name="duty",
    title="報表繳交期限表",
    title_en="Due dates for handing in tables",
    grain="一列一種報表自一個日期起的期限",
    owner="秘書室",
    columns=(
        Column("report", "報表", Text(key=True), ("報表代碼", "報表名稱"), english="Table"),
        Column("due_day", "每月幾日前", Integer("日", low=1, high=31, nothing=None), ("次月幾日前", "期限"), nullable=True, english="Due on this day of the following month"),
        Column("parts", "應交單位", Text(key=True, drop_dash=True), ("應交處所",), required=False, nullable=True, english="To be sent by"),
        Column("effective", "生效日期", Day(future=True), english="In force from"),
    ),
    month_column="effective",
    part="report",
    key=("report",),
    monthly=False,
    reference=True,
    by_form=True,
)
