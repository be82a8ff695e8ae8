"""為民服務意見調查表：紙本問卷由承辦人逐份登錄，一列一份。"""

from warehouse.datasets import Choice, Column, Dataset, Day, Option, Site, Text

TIME_BANDS = Choice(
    Option(1, "le15", "15分鐘內", ("15分鐘以內", "15分內", "15分以內", "15分鐘")),
    Option(2, "15_30", "30分鐘內", ("15-30分", "15至30分鐘", "15-30分鐘", "15~30分鐘", "30分鐘以內", "30分內")),
    Option(3, "30_45", "45分鐘內", ("30-45分", "30至45分鐘", "30-45分鐘", "30~45分鐘", "45分鐘以內", "45分內")),
    Option(4, "gt45", "超過45分鐘", ("45分鐘以上", "逾45分鐘", "45分以上")),
)

SATISFACTION = Choice(
    Option(4, "very_satisfied", "很滿意"),
    Option(3, "satisfied", "滿意"),
    Option(2, "fair", "尚滿意"),
    Option(1, "dissatisfied", "不滿意"),
)

#: Canonical name → the question as printed on the form.
QUESTIONS = {
    "q_application": "處理申請事項",
    "q_environment": "機關洽公環境",
    "q_reception": "接待志工警衛或替代役男的服務態度",
    "q_staff": "其他人員服務態度",
    "q_overall": "整體滿意度",
    "q_answer": "問題處理解答詢問",
}

#: The same on an English screen.
_QUESTIONS_EN = {
    "q_application": "Handling of applications",
    "q_environment": "Premises",
    "q_reception": "Courtesy of reception staff",
    "q_staff": "Courtesy of other staff",
    "q_overall": "Overall satisfaction",
    "q_answer": "Answering of questions",
}

DATASET = Dataset(
    name="survey_response",
    title="為民服務意見調查表",
    title_en="Service survey forms",
    grain="一列一份有效問卷",
    owner="秘書室",
    columns=(
        Column("response_id", "編號", Text(key=True), ("問卷編號", "序號"), english="Form number"),
        Column("response_date", "填表日期", Day(), ("日期", "填寫日期", "調查日期"), english="Date"),
        Column("site", "服務地點", Site(), ("服務處所", "地點", "填表地點")),
        Column("q_time", "洽辦公務時間", TIME_BANDS, nullable=True, english="Time taken"),
        *(Column(name, heading, SATISFACTION, nullable=True, english=_QUESTIONS_EN[name]) for name, heading in QUESTIONS.items()),
        Column("comment", "建議事項", Text(free=True), ("意見", "其他建議", "建議"), required=False, nullable=True),
    ),
    month_column="response_date",
    key=("response_id",),
    excludes={"survey_tally": "answers"},
    tallied=True,
)
