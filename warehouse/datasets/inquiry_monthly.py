"""受理查詢件數：一列一種查詢管道、各月橫列並附合計的季報表，或一列一個月一種管道的長表。"""

from warehouse.datasets import Choice, Column, Dataset, Integer, Month, MonthsAcross, Option

_CHANNEL = Column(
    "channel",
    "查詢管道",
    Choice(
        Option(1, "phone", "電話查詢", ("電話",)),
        Option(2, "counter", "臨櫃查詢", ("臨櫃查詢服務", "臨櫃", "現場查詢")),
        Option(3, "web_email", "網路查詢(含電子信箱)", ("網路查詢", "網路查詢【含電子信箱】")),
        Option(4, "copies", "資料影印", ("提供資料影印",)),
    ),
    ("管道",),
)
_COUNT = Column("n", "件數", Integer("件"), ("受理件數",), english="Inquiries")

DATASET = Dataset(
    name="inquiry_monthly",
    title="受理查詢件數月報表",
    title_en="Inquiries answered, monthly",
    grain="一列一個月一種查詢管道",
    owner="執行科",
    columns=(Column("month", "月份", Month(), ("統計月份", "年月")), _CHANNEL, _COUNT),
    layouts=(MonthsAcross.of((_CHANNEL,), _COUNT),),
    month_column="month",
    key=("channel",),
)
