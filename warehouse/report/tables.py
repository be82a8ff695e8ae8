"""Tables and charts of the report: figures in, cells and series out. Sums come from the scorecard; nothing is added up here."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from fractions import Fraction
from typing import Literal

from warehouse import ledger, numerals, period
from warehouse.datasets import all_datasets
from warehouse.indicators import Indicator, all_indicators
from warehouse.numerals import round_half_up
from warehouse.period import Window
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
_ANSWERS = {"very_satisfied": "很滿意", "satisfied": "滿意", "fair": "尚滿意", "dissatisfied": "不滿意"}
_TIMES = {"survey_time_within_15": "15分鐘內", "survey_time_15_30": "逾15至30分鐘", "survey_time_30_45": "逾30至45分鐘", "survey_time_within_30": "30分鐘內（合計）"}

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
_VERDICTS = {"met": "達標", "not_met": "未達標"}
_NONE = "—"


@dataclass(frozen=True)
class Monthly:
    """A table by month and the chart above it: title, indicators with their names, kind of chart, which of them are drawn."""

    title: str
    rows: dict[str, str]
    kind: Literal["lines", "bars"]
    drawn: tuple[str, ...]
    unit: str
    divisor: int = 1


MONTHLY = {
    "inquiry": Monthly(
        "各月受理查詢件數",
        {"inquiry_phone": "電話查詢", "inquiry_counter": "臨櫃查詢", "inquiry_web_email": "網路查詢", "inquiry_copies": "資料影印", "inquiry_total": "合計"},
        "bars",
        ("inquiry_phone", "inquiry_counter", "inquiry_copies"),
        "件",
    ),
    "phone": Monthly("各月電話禮貌平均分數", {"phone_self_mean": "花蓮分署", "phone_hq_mean": "執行署"}, "lines", ("phone_self_mean", "phone_hq_mean"), "分"),
    "web": Monthly("各月網站瀏覽人次", {"website_visits": "本月瀏覽人次", "website_visits_cumulative": "累計上網人數"}, "bars", ("website_visits",), "人次"),
    "noon": Monthly("各月午休服務人次", {"noon_service_persons": "午休服務"}, "bars", ("noon_service_persons",), "人次"),
    "payment": Monthly(
        "各月案款代收情形",
        {"cvs_payment_count": "便利商店（件）", "cvs_payment_amount": "便利商店（元）", "counter_payment_count": "專人代收（筆）", "counter_payment_amount": "專人代收（元）"},
        "lines",
        ("cvs_payment_amount", "counter_payment_amount"),
        "萬元",
        10_000,
    ),
}


def monthly_table(name: str, snapshot: Snapshot, window: Window) -> Table:
    """One row for each month, one column for each indicator, the window itself in the last row."""
    layout = MONTHLY[name]
    months = snapshot.monthly(list(layout.rows), window)
    whole = snapshot.figures(window, only=list(layout.rows))
    rows = [
        (Cell(f"{month.month}月"), *(_number(months[indicator][at]) for indicator in layout.rows)) for at, month in enumerate(window.months)
    ]
    rows.append((Cell("累計" if layout.kind == "bars" or name == "payment" else "平均"), *(_number(whole[indicator]) for indicator in layout.rows)))
    count = len(layout.rows)
    return Table(
        name, f"{layout.title}（{window.label}，單位：{_units(layout)}）", ("月份", *layout.rows.values()), tuple(rows), (1.0, *[1.6] * count), frozenset(range(1, count + 1))
    )


def monthly_chart(name: str, snapshot: Snapshot, window: Window) -> Chart | None:
    """The months drawn; None where no month has data."""
    layout = MONTHLY[name]
    months = snapshot.monthly(layout.drawn, window)
    series = [
        Series(_bare(layout.rows[indicator]), tuple(_float(figure.value, layout.divisor) for figure in months[indicator])) for indicator in layout.drawn
    ]
    categories = tuple(f"{month.month}月" for month in window.months)
    sentences = [sentence for item in series if (sentence := _extremes(item, categories, layout.unit))]
    if not sentences:
        return None
    alt = f"{layout.title}（{window.label}）：{'；'.join(sentences)}。"
    return Chart(name, f"{layout.title}（{window.label}）", layout.kind, categories, tuple(series), layout.unit, alt)


def survey_table(figures: dict[str, Figure], window: Window) -> Table:
    """Every question with its answers, their number and the range that the sample allows for 很滿意＋滿意."""
    rows = []
    for key, name in QUESTIONS.items():
        top = figures[f"survey_{key}_top2"]
        shares = [_cell(figures.get(f"survey_{key}_{answer}")) for answer in _ANSWERS]
        span = f"{numerals.format_number(top.low)}～{numerals.format_number(top.high)}" if top.low is not None and top.high is not None else _NONE
        rows.append((Cell(name), _count(top.n), *shares, _cell(top), Cell(span)))
    columns = ("題目", "答案數", *_ANSWERS.values(), "很滿意＋滿意", "95％參考範圍")
    note = "比率由份數四捨五入至小數第2位，各項相加可能與100差0.01。未設指標的選項以「—」表示。問卷為自願填答，非隨機抽樣，參考範圍未含抽樣偏差。"
    return Table("survey", f"各題滿意情形（{window.label}，單位：﹪）", columns, tuple(rows), (2.7, 1.1, 1.1, 1.1, 1.1, 1.1, 1.5, 1.9), frozenset(range(1, 8)), note)


def survey_chart(figures: dict[str, Figure], window: Window) -> Chart | None:
    """Shares of the answers by question, as bars."""
    known = {key: name for key, name in QUESTIONS.items() if figures[f"survey_{key}_top2"].value is not None}
    if not known:
        return None
    series = [
        Series(word, tuple(_float(figure.value) if (figure := figures.get(f"survey_{key}_{answer}")) else None for key in known)) for answer, word in _ANSWERS.items()
    ]
    lowest = min(known, key=lambda key: figures[f"survey_{key}_top2"].exact or 0)
    highest = max(known, key=lambda key: figures[f"survey_{key}_top2"].exact or 0)
    alt = (
        f"各題滿意情形（{window.label}）：很滿意與滿意合計以{known[highest]}{figures[f'survey_{highest}_top2'].text}最高，{known[lowest]}{figures[f'survey_{lowest}_top2'].text}最低。"
    )
    return Chart("survey", f"各題滿意情形（{window.label}）", "shares", tuple(known.values()), tuple(series), "﹪", alt)


def time_table(figures: dict[str, Figure], window: Window) -> Table:
    """洽辦公務時間: answers and shares."""
    rows = tuple(
        (Cell(word), _count(int(figure.numerator) if (figure := figures[name]).numerator is not None else None), _cell(figure)) for name, word in _TIMES.items()
    )
    return Table("time", f"洽辦公務時間（{window.label}）", ("所需時間", "份數", "占有效問卷（﹪）"), rows, (2.0, 1.0, 1.4), frozenset({1, 2}))


def headline_table(snapshot: Snapshot, figures: dict[str, Figure], quarter: period.Quarter, window: Window) -> Table:
    """The first page: year to date, the quarter and the quarter before, and the verdict where a target has been approved."""
    now, before = (snapshot.figures(chosen.window, only=HEADLINES) for chosen in (quarter, quarter.previous()))
    rows = tuple(
        (Cell(figures[name].indicator.name), _printed(figures[name]), _printed(now[name]), _printed(before[name]), Cell(judged(figures[name])))
        for name in HEADLINES
        if name in figures
    )
    columns = ("指標", f"累計（{window.label}）", "本季", "上季", "目標與判定")
    return Table("headlines", "重要數據摘要", columns, rows, (3.3, 2.7, 2.2, 2.2, 2.6), frozenset({1, 2, 3}))


def judged(figure: Figure) -> str:
    """目標90分　達標; a target that nobody has approved is left out, a small sample is said."""
    if figure.goal is None or figure.target is None or figure.target.basis == "provisional" or figure.comparison is None:
        return _NONE
    word = _VERDICTS["met" if figure.comparison == "meets" else "not_met"]
    few = "（樣本尚少）" if figure.verdict == "cannot_tell" else ""
    return f"目標{numerals.format_number(Decimal(str(figure.goal)))}{figure.indicator.unit}　{word}{few}"


def comparison_table(snapshot: Snapshot, figures: dict[str, Figure], quarter: period.Quarter, window: Window) -> Table:
    """Annex: every counted figure for the year to date, the quarter, the quarter before and the same quarter of last year."""
    year_before = period.Quarter(quarter.year - 1, quarter.number)
    others = [snapshot.figures(chosen.window) for chosen in (quarter, quarter.previous(), year_before)]
    rows = []
    for name, figure in figures.items():
        if figure.indicator.kind == "fact" or figure.indicator.from_month or figure.indicator.carry or not isinstance(figure.value, Decimal):
            continue
        rows.append((Cell(figure.indicator.name), Cell(figure.indicator.unit), _number(figure), *(_number(other[name]) for other in others)))
    columns = ("指標", "單位", f"累計（{window.label}）", f"本季（{quarter.label}）", f"上季（{quarter.previous().label}）", f"去年同季（{year_before.label}）")
    return Table("comparison", "各指標累計、本季、上季及去年同季", columns, tuple(rows), (3.6, 1.0, 2.2, 2.0, 2.0, 2.0), frozenset(range(2, 6)), "「—」為資料庫中該期間沒有資料。")


def definition_table(indicators: Iterable[Indicator]) -> Table:
    """Annex: what each figure means, by heading."""
    rows = tuple((Cell(indicator.section), Cell(indicator.name), Cell(indicator.definition), Cell(indicator.owner)) for indicator in indicators)
    return Table("definitions", "指標定義", ("標題", "指標", "定義", "承辦"), rows, (1.7, 2.8, 6.0, 1.1))


def receipt_table(figures: Iterable[Figure]) -> Table:
    """Annex: how each figure was made: its parts and the entries of the ledger behind it."""
    rows = tuple(
        (Cell(figure.indicator.id), Cell(figure.indicator.name), Cell(figure.text or _NONE, None, figure.indicator.id), Cell(_parts(figure)), Cell(_ranges(figure.batches) or _NONE))
        for figure in figures
    )
    return Table("receipts", "各數據計算依據", ("代碼", "指標", "登載值", "分子／分母", "上傳紀錄編號"), rows, (3.4, 3.0, 2.2, 2.2, 2.2), frozenset({2, 3}))


def batch_table(entries: Sequence[ledger.Entry]) -> Table:
    """Annex: the files behind the figures: number, table, name, hash, rows, when."""
    rows = tuple(
        (
            Cell(str(entry.id), Decimal(entry.id)),
            Cell(entry.file_name or {"form": "表單登錄"}.get(entry.kind, entry.kind)),
            Cell((entry.sha256 or _NONE)[:12]),
            _count(entry.rows_loaded),
            Cell(f"{period.roc_short(entry.at_utc.date())}"),
        )
        for entry in entries
    )
    return Table("batches", "所用檔案（SHA-256取前12碼）", ("編號", "檔名", "SHA-256", "入庫列數", "入庫日（UTC）"), rows, (0.9, 5.6, 2.4, 1.4, 1.6), frozenset({0, 3}))


def missing_months(figures: dict[str, Figure], window: Window) -> dict[str, list[str]]:
    """Months of the window for which a monthly dataset has no rows: dataset title → months in words."""
    present: dict[str, set[date]] = {}
    for figure in figures.values():
        for source in figure.indicator.source:
            present.setdefault(source, set()).update(figure.months)
    found = {}
    for name, dataset in all_datasets().items():
        if dataset.monthly and name in present and (gone := [month for month in window.months if month not in present[name]]):
            found[dataset.title] = [f"{month.month}月" for month in gone]
    return found


# --- cells ------------------------------------------------------------------------------------------------------------------


def _cell(figure: Figure | None) -> Cell:
    if figure is None or not isinstance(figure.value, Decimal):
        return Cell(_NONE)
    return Cell(numerals.format_number(figure.value), figure.value, figure.indicator.id)


def _number(figure: Figure) -> Cell:
    if not isinstance(figure.value, Decimal):
        return Cell(figure.text or _NONE)
    return Cell(numerals.format_number(figure.value), figure.value)


def _printed(figure: Figure) -> Cell:
    return Cell(figure.text or _NONE, figure.value if isinstance(figure.value, Decimal) else None)


def _count(count: int | None) -> Cell:
    return Cell(_NONE) if count is None else Cell(f"{count:,}", Decimal(count))


def _parts(figure: Figure) -> str:
    if figure.numerator is None:
        return _NONE
    over = f"／{numerals.format_number(figure.denominator)}" if figure.denominator is not None else ""
    return numerals.format_number(figure.numerator) + over


def _ranges(numbers: Sequence[int]) -> str:
    """1–3、7: unbroken runs of numbers."""
    stretches: list[list[int]] = []
    for number in sorted(numbers):
        if stretches and number == stretches[-1][1] + 1:
            stretches[-1][1] = number
        else:
            stretches.append([number, number])
    return "、".join(str(first) if first == last else f"{first}–{last}" for first, last in stretches)


def _extremes(series: Series, categories: Sequence[str], unit: str) -> str | None:
    known = [(value, category) for value, category in zip(series.values, categories, strict=True) if value is not None]
    if not known:
        return None
    highest, lowest = max(known, key=lambda item: item[0]), min(known, key=lambda item: item[0])
    return f"{series.name}{highest[1]}最高（{_plain(highest[0])}{unit}）、{lowest[1]}最低（{_plain(lowest[0])}{unit}）"


def _plain(value: float) -> str:
    return numerals.format_number(Decimal(str(value)))


def _float(value: Decimal | str | None, divisor: int = 1) -> float | None:
    return float(round_half_up(Fraction(value) / divisor, 2)) if isinstance(value, Decimal) else None


def _bare(name: str) -> str:
    """A name without the unit in brackets behind it."""
    return name.partition("（")[0]


def _units(layout: Monthly) -> str:
    units = list(dict.fromkeys(all_indicators()[name].unit for name in layout.rows))
    return "、".join(units)
