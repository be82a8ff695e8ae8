"""公益及宣導活動：公益關懷、社區清潔、捐血、授課、租稅宣導與環境清潔日逐場登記，一列一項活動，日期可為起訖。"""

from warehouse.datasets import Choice, Column, Dataset, Days, Integer, Number, Option, Site, Text

DATASET = Dataset(
    name="outreach_event",
    title="公益及宣導活動登記表",
    title_en="Charity and promotion events",
    grain="一列一項活動",
    owner="秘書室",
    columns=(
        Column("event_id", "序號", Text(key=True), ("編號", "活動編號"), english="Number"),
        Column("start_date", "活動日期", Days(), ("日期",), until="end_date", english="Date, or first and last day"),
        Column(
            "category",
            "類別",
            Choice(
                Option(1, "charity", "公益關懷"),
                Option(2, "community_cleaning", "社區清潔", ("社區打掃",)),
                Option(3, "blood", "捐血", english="Blood donation"),
                Option(4, "lecture", "授課"),
                Option(5, "tax_promotion", "租稅宣導"),
                Option(6, "cleaning_day", "環境清潔日"),
            ),
            ("活動類別",),
        ),
        Column("title", "活動名稱", Text(), ("名稱",), english="Event"),
        Column("partner", "合作單位", Text(agency=True, drop_dash=True), ("合辦單位", "主辦單位"), nullable=True),
        Column("site", "服務處所", Site(), required=False, nullable=True),
        Column("place", "地點", Text(drop_dash=True), ("活動地點",), nullable=True),
        Column("participants", "參與身分", Text(drop_dash=True), nullable=True, english="Who took part"),
        Column("sessions", "場次", Integer("場次", "場", nothing=None), nullable=True),
        Column("persons", "人次", Integer("人次", "人", "名", nothing=None), ("參與人次",), nullable=True, english="Participants"),
        Column("beneficiaries", "受益戶數", Integer("戶", nothing=None), nullable=True, english="Households helped"),
        Column("qty", "數量", Number(low=0), nullable=True, english="Quantity"),
        Column("qty_unit", "數量單位", Text(drop_dash=True), nullable=True, english="Unit of the quantity"),
    ),
    month_column="start_date",
    key=("event_id",),
    monthly=False,
    by_form=True,
)
