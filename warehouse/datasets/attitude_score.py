"""執行態度考核：各股每月一次，依四項考評及加減分評定總分與名次，一張表列出全部受考單位。"""

from warehouse.datasets import Column, Dataset, Integer, Month, Number, Text

DATASET = Dataset(
    name="attitude_score",
    title="執行態度考核月報表",
    title_en="Enforcement attitude scores, monthly",
    grain="一列一個受考單位一個月",
    owner="人事室",
    columns=(
        Column("month", "月份", Month(), ("考核月份", "統計月份")),
        Column("section", "單位", Text(key=True), ("受考單位", "股別")),
        Column("survey", "問卷訪查", Number("分", low=0, high=100), nullable=True, english="Survey visits"),
        Column("phone", "電話禮貌", Number("分", low=0, high=100), nullable=True, english="Telephone courtesy"),
        Column("complaint", "民眾抱怨", Number("分", low=-100, high=100, signed=True), ("民眾報怨",), nullable=True, english="Complaints"),
        Column("supervisor", "主管考評", Number("分", low=0, high=100), nullable=True, english="Supervisor's assessment"),
        Column("adj", "加減分", Number("分", low=-100, high=100, signed=True), nullable=True, english="Points added or taken off"),
        Column("total", "總分", Number("分", low=0, high=100), english="Total score"),
        Column("rank", "名次", Integer(low=1, nothing=None)),
    ),
    month_column="month",
    key=("section",),
)
