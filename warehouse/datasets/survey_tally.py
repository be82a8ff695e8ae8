"""意見調查份數：每月各處所發出、回收、有效與無效份數的寬表；只留彙總的機關也以長表送各題各選項份數。"""

import polars as pl

from warehouse.datasets import Choice, Column, Dataset, Group, Integer, Month, Option, Rule, Site, Wide
from warehouse.datasets.survey_response import QUESTIONS, SATISFACTION, TIME_BANDS

FORMS = (
    Option(21, "sent", "發出份數", ("發出",)),
    Option(22, "returned", "回收份數", ("回收",)),
    Option(23, "valid", "有效份數", ("有效",)),
    Option(24, "invalid", "無效份數", ("無效",)),
)

QUESTION = Choice(
    Option(1, "q_time", "洽辦公務時間"),
    *(Option(number, code, word) for number, (code, word) in enumerate(QUESTIONS.items(), start=2)),
    Option(9, "forms", "問卷份數", ("份數",)),
)

OPTION = Choice(
    *SATISFACTION.options,
    *(Option(10 + band.number, band.code, band.word, band.others) for band in TIME_BANDS.options),
    *FORMS,
)

_MONTH = Column("month", "月份", Month(), ("統計月份", "年月"))
_SITE = Column("site", "服務地點", Site(), ("服務處所", "地點"))

DATASET = Dataset(
    name="survey_tally",
    title="意見調查份數統計表",
    title_en="Service survey counts",
    grain="一列一個月一個處所一題一個選項",
    owner="秘書室",
    columns=(
        _MONTH,
        _SITE,
        Column("question", "題目", QUESTION, ("問卷題目",)),
        Column("option", "選項", OPTION, ("答項",)),
        Column("n", "份數", Integer("份", "件"), ("件數",), english="Forms"),
    ),
    layouts=(
        Wide.of(
            (_MONTH, _SITE),
            tuple(Group({"question": 9, "option": form.number}, (Column("n", form.word, Integer("份", "件")),)) for form in FORMS),
        ),
    ),
    month_column="month",
    key=("question", "option"),
    rules=(
        Rule(
            "E-CHOICE",
            "option",
            (pl.col("question") == 1) & pl.col("option").is_between(11, 14)
            | pl.col("question").is_between(2, 7) & pl.col("option").is_between(1, 4)
            | (pl.col("question") == 9) & pl.col("option").is_between(21, 24),
            "這一題的選項",
        ),
    ),
    excludes={"survey_response": "answers"},
)
