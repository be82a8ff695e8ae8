"""電子化作業：電子支付、電子下單、執行憑證與執行命令電子交換，每月一列五欄的寬表，或一列一個項目的長表。"""

from warehouse.datasets import Choice, Column, Dataset, Group, Integer, Month, Option, Wide

METRICS = Choice(
    Option(1, "epayment", "電子支付件數", ("電子支付",)),
    Option(2, "eorder", "電子下單件數", ("電子下單",)),
    Option(3, "cert_batches", "執行憑證筆數"),
    Option(4, "cert_cases", "執行憑證件數"),
    Option(5, "exchange_orders", "執行命令電子交換件數", ("執行命令電子公文交換件數", "執行命令電子交換")),
)
_MONTH = Column("month", "月份", Month(), ("統計月份", "年月"))
_UNITS = ("件", "筆")

DATASET = Dataset(
    name="edoc_monthly",
    title="電子化作業月報表",
    title_en="Electronic processing, monthly",
    grain="一列一個月一個項目",
    owner="資訊室",
    columns=(_MONTH, Column("metric", "項目", METRICS, english="Item"), Column("n", "數量", Integer(*_UNITS), ("件數",), english="Number")),
    layouts=(
        Wide.of(
            (_MONTH,),
            tuple(Group({"metric": option.number}, (Column("n", option.word, Integer(*_UNITS), option.others),)) for option in METRICS.options),
        ),
    ),
    month_column="month",
    key=("metric",),
)
