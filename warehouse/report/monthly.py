"""Tables by month and the charts above them. Sums come from the scorecard; nothing is added up here."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from decimal import Decimal
from fractions import Fraction
from typing import Literal

from warehouse import numerals
from warehouse.indicators import all_indicators
from warehouse.period import Window
from warehouse.report import cells
from warehouse.report.parts import Cell, Chart, Series, Table
from warehouse.scorecard import Snapshot


@dataclass(frozen=True)
class Layout:
    """What a table by month shows, and its chart: title, indicators with their names, what the last row is, kind of chart, which of them are drawn."""

    title: str
    rows: dict[str, str]
    whole: Literal["累計", "平均"]
    kind: Literal["lines", "bars"]
    drawn: tuple[str, ...]
    unit: str
    divisor: int = 1


MONTHLY = {
    "inquiry": Layout(
        "各月受理查詢件數",
        {"inquiry_phone": "電話查詢", "inquiry_counter": "臨櫃查詢", "inquiry_web_email": "網路查詢", "inquiry_copies": "資料影印", "inquiry_total": "合計"},
        "累計",
        "bars",
        ("inquiry_phone", "inquiry_counter", "inquiry_copies"),
        "件",
    ),
    "phone": Layout("各月電話禮貌平均分數", {"phone_self_mean": "花蓮分署", "phone_hq_mean": "執行署"}, "平均", "lines", ("phone_self_mean", "phone_hq_mean"), "分"),
    "web": Layout("各月網站瀏覽人次", {"website_visits": "本月瀏覽人次", "website_visits_cumulative": "累計上網人數"}, "累計", "bars", ("website_visits",), "人次"),
    "noon": Layout("各月午休服務人次", {"noon_service_persons": "午休服務"}, "累計", "bars", ("noon_service_persons",), "人次"),
    "payment": Layout(
        "各月案款代收情形",
        {"cvs_payment_count": "便利商店（件）", "cvs_payment_amount": "便利商店（元）", "counter_payment_count": "專人代收（筆）", "counter_payment_amount": "專人代收（元）"},
        "累計",
        "lines",
        ("cvs_payment_amount", "counter_payment_amount"),
        "萬元",
        10_000,
    ),
}


def table(name: str, snapshot: Snapshot, window: Window) -> Table:
    """One row for each month, one column for each indicator, the window itself in the last row."""
    layout = MONTHLY[name]
    months = snapshot.monthly(list(layout.rows), window)
    whole = snapshot.figures(window, only=list(layout.rows))
    rows = [
        (Cell(words), *(cells.bare(months[indicator][at], words) for indicator in layout.rows))
        for at, words in enumerate(f"{month.month}月" for month in window.months)
    ]
    rows.append((Cell(layout.whole), *(cells.bare(whole[indicator]) for indicator in layout.rows)))
    count = len(layout.rows)
    units = "、".join(dict.fromkeys(all_indicators()[indicator].unit for indicator in layout.rows))
    title = f"{layout.title}（{window.label}，單位：{units}）"
    return Table(name, title, ("月份", *layout.rows.values()), tuple(rows), (1.0, *[1.6] * count), frozenset(range(1, count + 1)))


def chart(name: str, snapshot: Snapshot, window: Window) -> Chart | None:
    """The months drawn, with the target where all that is drawn has the same one; None where no month has data."""
    layout = MONTHLY[name]
    months = snapshot.monthly(layout.drawn, window)
    series = [
        Series(layout.rows[indicator].partition("（")[0], tuple(drawn(figure.value, layout.divisor) for figure in months[indicator])) for indicator in layout.drawn
    ]
    categories = tuple(f"{month.month}月" for month in window.months)
    sentences = [sentence for item in series if (sentence := _extremes(item, categories, layout.unit))]
    if not sentences:
        return None
    goals = {_goal(snapshot, indicator, window) for indicator in layout.drawn} if layout.kind == "lines" else {None}
    goal = goals.pop() if len(goals) == 1 else None
    aim = f"；目標{_plain(goal)}{layout.unit}" if goal is not None else ""
    alt = f"{layout.title}（{window.label}）：{'；'.join(sentences)}{aim}。"
    return Chart(name, f"{layout.title}（{window.label}）", layout.kind, categories, tuple(series), layout.unit, alt, goal=goal)


def drawn(value: Decimal | str | None, divisor: int = 1) -> float | None:
    """A value as a chart has it."""
    return float(numerals.round_half_up(Fraction(value) / divisor, 2)) if isinstance(value, Decimal) else None


def _goal(snapshot: Snapshot, name: str, window: Window) -> float | None:
    """A target that somebody has approved, the same for every month."""
    figure = snapshot.figures(window, only=[name])[name]
    if figure.target is None or figure.target.basis == "provisional" or figure.target.per is not None:
        return None
    return figure.target.value


def _extremes(series: Series, categories: Sequence[str], unit: str) -> str | None:
    known = [(value, category) for value, category in zip(series.values, categories, strict=True) if value is not None]
    if not known:
        return None
    highest, lowest = max(known, key=lambda item: item[0]), min(known, key=lambda item: item[0])
    return f"{series.name}{highest[1]}最高（{_plain(highest[0])}{unit}）、{lowest[1]}最低（{_plain(lowest[0])}{unit}）"


def _plain(value: float) -> str:
    return numerals.format_number(Decimal(str(value)))
