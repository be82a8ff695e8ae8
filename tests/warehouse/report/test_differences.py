"""What is marked between two printings."""

from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st

from warehouse.report.differences import Piece, marked

LINES = st.lists(st.text("受理1,0萬件，。a ", max_size=12), max_size=6)


@given(LINES, LINES)
def test_nothing_is_lost_and_nothing_made_up(before: list[str], after: list[str]) -> None:
    lines = marked(before, after)
    assert "".join(piece.text for line in lines for piece in line if piece.change != "removed") == "".join(after)
    assert "".join(piece.text for line in lines for piece in line if piece.change != "added") == "".join(before)


def test_a_changed_figure_is_marked_whole() -> None:
    assert marked(["受理1萬6,853件。"], ["受理1萬6,865件。"]) == [
        [Piece("受理", "same"), Piece("1萬6,853件", "removed"), Piece("1萬6,865件", "added"), Piece("。", "same")]
    ]
    assert marked(["一", "二"], ["一", "三", "四"]) == [[Piece("一", "same")], [Piece("二", "removed"), Piece("三", "added")], [Piece("四", "added")]]
