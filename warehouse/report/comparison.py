"""Now and before, in words that the data allow: a count is more or fewer, a sample has risen or fallen only where its interval leaves 0 out."""

from __future__ import annotations

from collections.abc import Mapping
from decimal import Decimal

from warehouse import numerals, signals
from warehouse.period import Quarter, Window
from warehouse.published import MARK, Published
from warehouse.scorecard import Figure, Snapshot, printed
from warehouse.signals import Comparison

_CLAIMS = {"rose": "上升", "fell": "下降"}

Earlier = Mapping[tuple[str, Quarter], Published]


def sentence(snapshot: Snapshot, name: str, quarter: Quarter, earlier: Earlier | None = None) -> str:
    """The quarter beside the quarter before and the same quarter of last year, every figure with its n.

    earlier: what earlier reports printed; said of a quarter for which the warehouse has no figure of its own, and marked.
    """
    now = snapshot.figures(quarter.window, only=[name])[name]
    if now.value is None:
        return f"本季（{quarter.window.label}）無資料。"
    year_before = Quarter(quarter.year - 1, quarter.number)
    others = (("上季", quarter.previous()), ("去年同季", year_before))
    against = [_against(word, signals.comparison(snapshot, name, quarter.window, other.window)) for word, other in others]
    printed_then = [words for word, other in others if (words := _as_printed(snapshot, word, name, other, earlier or {}))]
    return f"本季（{quarter.window.label}）{_figure(now)}，{'；'.join([*against, *printed_then])}。"


def _as_printed(snapshot: Snapshot, word: str, name: str, quarter: Quarter, earlier: Earlier) -> str:
    """上季累計（105年1月至6月）1萬1,200件（季報登載值，無明細）; nothing where none was kept or the warehouse has the figure itself."""
    found = earlier.get((name, quarter))
    window = Window.year_to_quarter(quarter)
    if found is None or snapshot.figures(window, only=[name])[name].value is not None:
        return ""
    return f"{word}累計（{window.label}）{found.text}（{MARK}）"


def _against(word: str, found: Comparison) -> str:
    if found.earlier.value is None:
        return f"{word}無資料"
    return f"{word}{_figure(found.earlier)}{difference(found)}"


def difference(found: Comparison) -> str:
    """，多12件 · ，上升1.2個百分點 · ，差異未逾95％參考範圍，不作升降陳述. Nothing where there is nothing to set side by side, or months are lacking."""
    if found.is_partial or found.difference is None:
        return "，月份不全，不予比較" if found.is_partial else ""
    if found.is_broken:
        return "，其間定義或調查方式有變動，不予比較"
    if found.claim is None:
        return _plain(found.difference, found.figure.indicator.unit) if found.figure.indicator.interval == "none" and found.figure.indicator.denominator is None else ""
    if not found.difference:
        return "，相同"
    if found.claim not in _CLAIMS:
        return "，差異未逾95％參考範圍，不作升降陳述"
    unit = "個百分點" if found.figure.indicator.is_share else found.figure.indicator.unit
    return f"，{_CLAIMS[found.claim]}{numerals.format_number(abs(found.difference))}{unit}"


def in_a_cell(found: Comparison) -> str:
    """＋1.74，未逾參考範圍 · ＋8，上升 · 月份不全 · 無變動. Nothing where there is nothing to set side by side."""
    if found.is_partial and found.earlier.value is not None:
        return "月份不全"
    if found.difference is None:
        return ""
    if found.is_broken:
        return "定義有變動"
    if not found.difference:
        return "無變動"
    gap = f"{'＋' if found.difference > 0 else '－'}{numerals.format_number(abs(found.difference))}"
    return f"{gap}，{_CLAIMS.get(found.claim or '', '未逾參考範圍')}" if found.claim else gap


def _plain(gap: Decimal, unit: str) -> str:
    return f"，{'多' if gap > 0 else '少'}{printed(abs(gap), unit)}" if gap else "，相同"


def _figure(figure: Figure) -> str:
    n = f"（n＝{numerals.format_number(figure.n)}）" if figure.n else ""
    return f"{figure.text}{n}"
