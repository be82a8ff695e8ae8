"""Now and before, in words that the data allow: a count is more or fewer, a share has risen or fallen only where its interval leaves 0 out."""

from __future__ import annotations

from decimal import Decimal

from warehouse import numerals
from warehouse.period import Quarter
from warehouse.scorecard import Figure, Snapshot, printed


def sentence(snapshot: Snapshot, name: str, quarter: Quarter) -> str:
    """The quarter beside the quarter before and the same quarter of last year, every figure with its n."""
    year_before = Quarter(quarter.year - 1, quarter.number)
    now, before, last_year = (snapshot.figures(chosen.window, only=[name])[name] for chosen in (quarter, quarter.previous(), year_before))
    if now.value is None:
        return f"本季（{quarter.window.label}）無資料。"
    told = f"本季（{quarter.window.label}）{_figure(now)}"
    return f"{told}，{_against('上季', before, now)}；{_against('去年同季', last_year, now)}。"


def _against(word: str, before: Figure, now: Figure) -> str:
    if before.value is None:
        return f"{word}無資料"
    return f"{word}{_figure(before)}{difference(before, now)}"


def difference(before: Figure, now: Figure) -> str:
    """，多12件 · ，差異未逾95％參考範圍，不作升降陳述; nothing for words and for means, whose interval the sums do not tell."""
    if not isinstance(now.value, Decimal) or not isinstance(before.value, Decimal):
        return ""
    gap = now.value - before.value
    if now.indicator.denominator is None:
        words = printed(abs(gap), now.indicator.unit)
        return f"，{'多' if gap > 0 else '少'}{words}" if gap else "，相同"
    return ""


def _figure(figure: Figure) -> str:
    n = f"（n＝{numerals.format_number(figure.n)}）" if figure.n else ""
    return f"{figure.text}{n}"
