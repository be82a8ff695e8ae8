"""案款代收月報：便利商店與臨櫃併列的寬表，或一列一種管道（可再分案件類別）的長表；金額以元或千元計。"""

from warehouse.datasets import Choice, Column, Dataset, Group, Integer, Long, Money, Month, Option, Wide

_MONTH = Column("month", "月份", Month(), ("統計月份", "年月"))
_CHANNEL = Column(
    "channel",
    "管道",
    Choice(
        Option(1, "cvs", "便利商店", ("超商", "便利商店代收", "超商代收")),
        Option(2, "counter", "臨櫃代收", ("專人代收", "臨櫃")),
        Option(3, "credit_card", "信用卡", ("臨櫃刷卡",)),
        Option(4, "easycard", "悠遊卡"),
        Option(5, "online_card", "線上刷卡"),
        Option(6, "other", "其他"),
    ),
    ("代收管道", "繳款管道"),
)
_CASE_TYPE = Column(
    "case_type",
    "案件類別",
    Choice(Option(1, "tax", "財稅"), Option(2, "nhi", "健保"), Option(3, "fine", "罰鍰"), Option(4, "fee", "費用")),
    required=False,
    nullable=True,
    english="Type of case",
)
_COUNT = Column("n", "件數", Integer("件", "筆"), ("筆數", "代收件數", "代收筆數"), english="Number")

DATASET = Dataset(
    name="payment_monthly",
    title="案款代收月報表",
    title_en="Enforcement payments collected, monthly",
    grain="一列一個月一種管道（及案件類別）",
    owner="會計室",
    columns=(_MONTH, _CHANNEL, _CASE_TYPE, _COUNT, Column("amount", "金額", Money(), ("代收金額", "金額(元)"))),
    layouts=(
        Long((_MONTH, _CHANNEL, _CASE_TYPE, _COUNT, Column("amount", "金額(千元)", Money(factor=1000), ("代收金額(千元)",)))),
        Wide.of(
            (_MONTH,),
            (
                Group(
                    {"channel": 1},
                    (
                        Column("n", "便利商店代收件數", Integer("件", "筆"), ("超商代收件數", "便利商店件數")),
                        Column("amount", "便利商店金額", Money(), ("便利商店代收金額", "超商代收金額")),
                    ),
                ),
                Group(
                    {"channel": 2},
                    (
                        Column("n", "臨櫃代收筆數", Integer("件", "筆"), ("專人代收筆數", "臨櫃代收件數")),
                        Column("amount", "臨櫃代收金額", Money(), ("專人代收金額",)),
                    ),
                ),
            ),
        ),
    ),
    month_column="month",
    key=("channel", "case_type"),
)
