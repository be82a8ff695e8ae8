"""辦公日曆：一年一張表，一列一日，載是否上班；政府開放資料的辦公日曆表（是否放假：0上班、2放假）也可直接送入。"""

from warehouse.datasets import Column, Dataset, Day, Long, Text, YesNo

_DATE = Column("date", "日期", Day(future=True))
_NAME = Column("name", "名稱", Text(drop_dash=True), ("備註", "假日名稱"), required=False, nullable=True, english="Holiday or remark")

DATASET = Dataset(
    name="office_calendar",
    title="辦公日曆表",
    title_en="Office calendar",
    grain="一列一日",
    owner="人事室",
    columns=(_DATE, Column("is_workday", "是否上班", YesNo(), ("上班",), english="Working day"), _NAME),
    ignored=("星期",),
    layouts=(
        Long(
            (
                Column("date", "西元日期", Day(future=True)),
                Column("is_workday", "是否放假", YesNo({"0": True, "2": False, "否": True, "是": False})),
                _NAME,
            ),
            ignored=("星期",),
        ),
    ),
    month_column="date",
    key=("date",),
    monthly=False,
    reference=True,
)
