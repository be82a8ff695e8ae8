"""Tables and charts of the report's body that are not by month: the first page's, the survey's, what has grown. Figures in, cells out."""

from __future__ import annotations

from decimal import Decimal

from warehouse import numerals, signals
from warehouse.period import Quarter, Window
from warehouse.report import cells, comparison
from warehouse.report.monthly import drawn
from warehouse.report.parts import Cell, Chart, Series, Table
from warehouse.scorecard import Figure, Snapshot

#: The questions of the survey as they stand in the ids, and what the tables call them.
QUESTIONS = {
    "application": "處理申請事項",
    "environment": "機關洽公環境",
    "reception": "接待人員服務態度",
    "staff": "其他人員服務態度",
    "overall": "整體滿意度",
    "answer": "問題處理解答詢問",
    "combined": "綜合（六題合併）",
}
ANSWERS = {"very_satisfied": "很滿意", "satisfied": "滿意", "fair": "尚滿意", "dissatisfied": "不滿意"}
TIMES = {"survey_time_within_15": "15分鐘內", "survey_time_15_30": "逾15至30分鐘", "survey_time_30_45": "逾30至45分鐘", "survey_time_within_30": "30分鐘內（合計）"}

#: What stands on the first page.
HEADLINES = (
    "survey_overall_top2",
    "survey_combined_top2",
    "survey_time_within_30",
    "phone_self_mean",
    "phone_hq_mean",
    "inquiry_total",
    "cvs_payment_count",
    "cvs_payment_amount",
    "counter_payment_count",
    "counter_payment_amount",
    "petition_count",
    "petition_on_time",
    "link_check_count",
    "noon_service_persons",
    "training_persons",
)
VERDICTS = {"met": "達標", "not_met": "未達標"}

#: How cells name the times beside the year to date.
NOW, BEFORE, YEAR_BEFORE = "本季", "上季", "去年同季"


def survey_table(figures: dict[str, Figure], window: Window) -> Table:
    """Every question with its answers, their number and the range that the sample allows for 很滿意＋滿意."""
    rows = []
    for key, name in QUESTIONS.items():
        top = figures[f"survey_{key}_top2"]
        shares = [cells.bare(figures.get(f"survey_{key}_{answer}")) for answer in ANSWERS]
        span = f"{numerals.format_number(top.low)}～{numerals.format_number(top.high)}" if top.low is not None and top.high is not None else None
        rows.append((Cell(name), cells.count(top.n, top.indicator.id, "答案數"), *shares, cells.bare(top), cells.told(span, top.indicator.id, "95％參考範圍")))
    columns = ("題目", "答案數", *ANSWERS.values(), "很滿意＋滿意", "95％參考範圍")
    note = "比率由份數四捨五入至小數第2位，各項相加可能與100差0.01。未設指標的選項以「—」表示。問卷為自願填答，非隨機抽樣，參考範圍未含抽樣偏差。"
    return Table("survey", f"各題滿意情形（{window.label}，單位：﹪）", columns, tuple(rows), (2.7, 1.1, 1.1, 1.1, 1.1, 1.1, 1.5, 1.9), frozenset(range(1, 8)), note)


def survey_chart(figures: dict[str, Figure], window: Window) -> Chart | None:
    """Shares of the answers by question, as bars."""
    known = {key: name for key, name in QUESTIONS.items() if figures[f"survey_{key}_top2"].value is not None}
    if not known:
        return None
    series = [
        Series(word, tuple(drawn(figure.value) if (figure := figures.get(f"survey_{key}_{answer}")) else None for key in known)) for answer, word in ANSWERS.items()
    ]
    lowest = min(known, key=lambda key: figures[f"survey_{key}_top2"].exact or 0)
    highest = max(known, key=lambda key: figures[f"survey_{key}_top2"].exact or 0)
    alt = (
        f"各題滿意情形（{window.label}）：很滿意與滿意合計以{known[highest]}{figures[f'survey_{highest}_top2'].text}最高，{known[lowest]}{figures[f'survey_{lowest}_top2'].text}最低。"
    )
    return Chart("survey", f"各題滿意情形（{window.label}）", "shares", tuple(known.values()), tuple(series), "﹪", alt)


def growth_table(snapshot: Snapshot, quarter: Quarter) -> Table:
    """滿意度成長情形: each question's 很滿意＋滿意 of the quarter beside the quarter before and the same quarter of last year, and what may be said of it."""
    others = ((BEFORE, quarter.previous().window), (YEAR_BEFORE, Quarter(quarter.year - 1, quarter.number).window))
    rows = []
    for name, words in ({f"survey_{key}_top2": words for key, words in QUESTIONS.items()} | {"survey_time_within_30": "30分鐘內完成"}).items():
        found = {word: signals.comparison(snapshot, name, quarter.window, window) for word, window in others}
        now = found[BEFORE].figure
        beside = [cell for word, each in found.items() for cell in (cells.bare(each.earlier, word), Cell(comparison.in_a_cell(each) or cells.NONE))]
        rows.append((Cell(words), cells.count(now.n, name, f"{NOW}答案數"), cells.bare(now, NOW), *beside))
    columns = ("題目", "答案數", f"{NOW}", f"{BEFORE}", f"與{BEFORE}相比", f"{YEAR_BEFORE}", f"與{YEAR_BEFORE}相比")
    note = "差異以百分點計。兩季差異的參考範圍（Newcombe法，九成五）不含0時，才稱上升或下降；含0者不作升降的陳述。"
    title = f"各題滿意比率與{BEFORE}、{YEAR_BEFORE}的比較（{quarter.label}，單位：﹪）"
    return Table("growth", title, columns, tuple(rows), (2.5, 1.0, 1.0, 1.0, 2.9, 1.2, 2.9), frozenset((1, 2, 3, 5)), note)


def time_table(figures: dict[str, Figure], window: Window) -> Table:
    """洽辦公務時間: answers and shares."""
    rows = tuple(
        (Cell(word), cells.count(int(figure.numerator) if (figure := figures[name]).numerator is not None else None, name, "份數"), cells.bare(figure))
        for name, word in TIMES.items()
    )
    return Table("time", f"洽辦公務時間（{window.label}）", ("所需時間", "份數", "占有效問卷（﹪）"), rows, (2.0, 1.0, 1.4), frozenset({1, 2}))


def headline_table(snapshot: Snapshot, figures: dict[str, Figure], quarter: Quarter, window: Window) -> Table:
    """The first page: year to date, the quarter and the quarter before, and the verdict where a target has been approved."""
    now, before = (snapshot.figures(chosen.window, only=HEADLINES) for chosen in (quarter, quarter.previous()))
    rows = tuple(
        (
            Cell(figures[name].indicator.name),
            cells.printed(figures[name]),
            cells.printed(now[name], NOW),
            cells.printed(before[name], BEFORE),
            cells.told(judged(figures[name]), name, "判定"),
        )
        for name in HEADLINES
        if name in figures
    )
    columns = ("指標", f"累計（{window.label}）", f"{NOW}（{quarter.label}）", f"{BEFORE}（{quarter.previous().label}）", "目標與判定")
    return Table("headlines", "重要數據摘要", columns, rows, (3.1, 2.6, 2.4, 2.4, 2.3), frozenset({1, 2, 3}))


def is_judged(figure: Figure) -> bool:
    """Whether there is a target that somebody has approved and a figure to hold against it."""
    return figure.goal is not None and figure.target is not None and figure.target.basis != "provisional" and figure.comparison is not None


def judged(figure: Figure) -> str | None:
    """目標90分，達標; a target that nobody has approved is left out, a small sample is said."""
    if not is_judged(figure):
        return None
    word = VERDICTS["met" if figure.comparison == "meets" else "not_met"]
    few = "（樣本尚少）" if figure.verdict == "cannot_tell" else ""
    return f"目標{numerals.format_number(Decimal(str(figure.goal)))}{figure.indicator.unit}，{word}{few}"
