"""社會救助通報轉介：發現經濟弱勢義務人時登記，一列一案，最多三個轉介單位；只記案號，不記姓名與家庭成員。"""

from warehouse.datasets import Column, Dataset, Day, Money, Text

DATASET = Dataset(
    name="social_aid_case",
    title="社會救助通報轉介登記表",
    title_en="Social aid reports and referrals",
    grain="一列一案",
    owner="執行科",
    columns=(
        Column("case_id", "案號", Text(key=True), ("編號",), english="Case number"),
        Column("reported", "通報日期", Day(), ("日期",), english="Date reported"),
        Column("notified_agency", "通報機關", Text(agency=True), ("受通報機關",), english="Reported to"),
        *(
            Column(
                f"referral_{number}",
                f"轉介單位{number}",
                Text(agency=True, drop_dash=True),
                (f"轉介機關{number}",),
                nullable=True,
                english=f"Referred to ({number})",
            )
            for number in (1, 2, 3)
        ),
        Column("aid_type", "扶助類別", Text(drop_dash=True), ("救助類別",), nullable=True, english="Type of aid"),
        Column("visit_cash", "訪視慰問金", Money(signed=False), ("慰問金",), required=False, nullable=True, english="Cash given on visit"),
    ),
    month_column="reported",
    key=("case_id",),
    monthly=False,
    by_form=True,
)
