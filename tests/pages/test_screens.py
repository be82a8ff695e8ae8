"""The first page, one indicator, the items and what is handed in, over thirty months in which it is known what happened; their numbers made again."""

from __future__ import annotations

import html
import json
import math
import random
import re
import shutil
from collections.abc import Callable, Iterator
from datetime import date
from decimal import ROUND_HALF_UP, Decimal
from pathlib import Path

import pytest
from streamlit.testing.v1 import AppTest

from tests import years
from warehouse import PROJECT
from warehouse.load import open_warehouse, undo
from warehouse.web import state

SHELL = PROJECT / "warehouse" / "web" / "shell.py"
Visit = Callable[..., AppTest]


@pytest.fixture
def visit(tmp_path: Path, years_folder: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Visit]:
    """Open a page over a copy of the thirty months."""
    folder = tmp_path / "data"
    shutil.copytree(years_folder, folder)
    monkeypatch.setenv("SERVICE_QUALITY_DATA", str(folder))
    monkeypatch.setenv("SERVICE_QUALITY_TODAY", "2017-07-05")

    def go(page: str, **query: str) -> AppTest:
        test = AppTest.from_file(str(SHELL), default_timeout=60)
        for name, code in query.items():
            test.query_params[name] = code
        test.run()
        if page != "home":
            test.switch_page(f"../../pages/{page}.py")
            for name, code in query.items():
                test.query_params[name] = code
            test.run()
        assert not test.exception, test.exception
        return test

    yield go
    state.close_all()


def body(test: AppTest) -> str:
    return " ".join(re.sub(r"<style>.*?</style>", "", item.proto.body, flags=re.S) for item in test.get("html"))


def words(test: AppTest) -> str:
    return re.sub(r"\s+", " ", html.unescape(re.sub(r"<[^>]+>", " ", body(test))))


def answers(first: date, last: date) -> tuple[int, int]:
    """Of the forms between two months: within 30 minutes, all. Straight from what was written into the file."""
    rows = list(years._survey(random.Random(105)))[1:]
    inside = [row for row in rows if first <= date(int(str(row[1]).split("/")[0]) + 1911, int(str(row[1]).split("/")[1]), 1) <= last]
    return sum(row[3] in ("15分鐘內", "30分鐘內") for row in inside), len(inside)


def score_bounds(x: int, n: int) -> tuple[float, float]:
    """Where the score test of a share turns at 95 %, by halving: the Wilson interval without its formula."""

    def edge(inner: float, outer: float) -> float:
        for _ in range(80):
            middle = (inner + outer) / 2
            inside = abs(x / n - middle) <= 1.959963984540054 * math.sqrt(middle * (1 - middle) / n)
            inner, outer = (middle, outer) if inside else (inner, middle)
        return inner

    return edge(x / n, 0.0), edge(x / n, 1.0)


def newcombe(earlier: tuple[int, int], later: tuple[int, int]) -> tuple[float, float]:
    """Interval of the difference in points."""
    (p1, (l1, u1)), (p2, (l2, u2)) = ((x / n, score_bounds(x, n)) for x, n in (earlier, later))
    return 100 * (p2 - p1 - math.hypot(p2 - l2, u1 - p1)), 100 * (p2 - p1 + math.hypot(u2 - p2, p1 - l1))


def half_up(number: Decimal | float) -> str:
    return str(Decimal(str(number)).quantize(Decimal("0.01"), ROUND_HALF_UP))


# --- the first page -----------------------------------------------------------------------------------------------------


def test_first_page_puts_concern_first_and_names_who_has_not_sent(visit: Visit) -> None:
    test = visit("home")
    shown = words(test)
    assert "未達標1項" in shown and "案款代收月報表（106年3月）" in shown and "為民服務意見調查表（106年6月缺本分署）" in shown
    assert "意見調查份數統計表（" not in shown
    first = body(test).split('class="sq-attention"', 1)[1].split("</li>", 1)[0]
    assert "30分鐘內完成率" in first and "有惡化訊號：連續9個月低於平均（105年9月起）" in first
    places = [shown.index(word) for word in ("有惡化訊號：", "缺106年3月的資料", "106年6月缺本分署的資料")]
    assert places == sorted(places)
    within, all_of_them = answers(date(2017, 1, 1), date(2017, 6, 1))
    assert f"{half_up(Decimal(100 * within) / all_of_them)} ％" in shown and f"n＝{all_of_them}" in shown
    assert "資料至106年6月30日；106年6月缺本分署" in shown


def test_icons_have_a_word_beside_them_and_only_with_twelve_months(visit: Visit) -> None:
    drawn = re.findall(r'<span class="sq-said"[^>]*>(.*?)</span>', body(visit("home")))
    assert len(drawn) > 8 and all('class="sq-icon"' in each and re.sub(r"<[^>]+>", "", each).strip() for each in drawn)
    assert 'class="sq-said"' not in body(visit("home", to="2015-11")) and 'class="sq-said"' in body(visit("home", to="2015-12"))


def test_the_newest_month_is_said_in_allowed_words(visit: Visit) -> None:
    shown = words(visit("home")).split("106年6月與上月相比", 1)[1]
    table = shown[: shown.index("其他主要指標")]
    assert "缺本分署，不作比較" in table and "正常起伏" in table and "累計的達標情形與上月相同" in table
    assert "106年6月的資料：5種報表已入庫" in table
    assert not re.search("顯著|大幅|改善了", table)


def test_a_verdict_that_turns_is_told(visit: Visit) -> None:
    """The year to date fell below its 90 % in one of the months of 105: said on that month's page, and only there."""
    turned = []
    for month in range(2, 13):
        now, before = (answers(date(2016, 1, 1), date(2016, last, 1)) for last in (month, month - 1))
        meets = [10 * within >= 9 * total for within, total in (now, before)]
        if meets[0] != meets[1]:
            turned.append(month)
    for month in turned or [6]:
        shown = words(visit("home", to=f"2016-{month:02d}"))
        assert ("加入本月後為" in shown) == bool(turned)


def test_items_are_listed_when_their_fold_is_opened(visit: Visit) -> None:
    test = visit("home")
    assert "洽辦時間15至30分鐘" not in words(test)
    test.session_state["item_0"] = True
    test.run()
    assert not test.exception and "洽辦時間15至30分鐘" in words(test) and "href=\"indicator?id=" in body(test)


# --- one indicator ------------------------------------------------------------------------------------------------------


def test_indicator_tells_rules_settings_phases_and_targets(visit: Visit) -> None:
    shown = words(visit("indicator", id="survey_time_within_30"))
    for said in (
        "連續9個月低於平均（105年9月起）",
        "管制圖p′",
        "趨勢7點、位移7點",
        "移動全距篩選一次",
        "份數少的月份界限較寬",
        "橘色三角為惡化訊號",
        "足以確定未達標",
        "宜秘字第1060001號",
        "新系統上線初期操作不熟，已排訓練。",
        "本分署",
        "基隆行政執行官辦公室",
    ):
        assert said in shown, said
    shown = words(visit("indicator", id="phone_self_mean"))
    assert "105年4月起重新分段：新進人員全部完成電話禮貌訓練（提出：王小明，同意：李大華）" in shown
    assert "105年4月起重新分段，不與去年同期比較" in shown and "管制圖XmR" in shown


def test_drawing_carries_limits_shapes_and_target_steps(visit: Visit) -> None:
    test = visit("indicator", id="survey_time_within_30")
    spec = json.loads(test.get("vega_lite_chart")[0].proto.spec)
    fields = {layer["encoding"].get("y", {}).get("field") for layer in spec["layer"]}
    assert {"value", "target", "mean", "upper", "lower", "y"} <= fields
    shapes = {layer["mark"]["shape"] for layer in spec["layer"] if layer["mark"]["type"] == "point"}
    assert {"triangle-up", "diamond"} <= shapes
    assert next(layer for layer in spec["layer"] if layer["encoding"].get("y", {}).get("field") == "target")["mark"]["interpolate"] == "step"


def test_quarters_are_compared_in_words_that_the_interval_allows(visit: Visit) -> None:
    shown = words(visit("indicator", id="survey_time_within_30"))
    now, before, year = (answers(date(*first, 1), date(*last, 1)) for first, last in (((2017, 4), (2017, 6)), ((2017, 1), (2017, 3)), ((2016, 4), (2016, 6))))
    for earlier, label in ((before, "上季（106年1月至3月）"), (year, "去年同季（105年4月至6月）")):
        low, high = newcombe(earlier, now)
        word = "上升" if low > 0 else "下降" if high < 0 else "沒有明顯變化"
        difference = Decimal(100 * now[0]) / now[1] - Decimal(100 * earlier[0]) / earlier[1]
        row = shown.split(label, 1)[1][:160]
        assert word in row and half_up(abs(difference)) in row, (label, row)
        assert half_up(abs(low)) in row and half_up(abs(high)) in row, (low, high, row)


def test_a_missing_month_is_not_compared_and_printed_values_have_their_place(visit: Visit) -> None:
    shown = words(visit("indicator", id="cvs_payment_count"))
    assert "缺106年3月，不作比較" in shown and "106年3月沒有資料，線條斷開，不當成0" in shown


def test_an_explanation_is_written_and_stands_there(visit: Visit) -> None:
    test = visit("indicator", id="survey_overall_top2")
    assert "還沒有說明" in words(test)
    test.text_area(key="explain_survey_overall_top2_text").input("第二季起增設導引志工。")
    test.text_input(key="explain_survey_overall_top2_by").input("李大華")
    next(button for button in test.button if button.label == "送出說明").click().run()
    assert not test.exception
    shown = words(test)
    assert "第二季起增設導引志工。" in shown and "李大華" in shown and "還沒有說明" not in shown


def test_an_explanation_without_a_name_is_not_written(visit: Visit) -> None:
    test = visit("indicator", id="survey_overall_top2")
    test.text_area(key="explain_survey_overall_top2_text").input("有內容")
    test.text_input(key="explain_survey_overall_top2_by").input(" ")
    next(button for button in test.button if button.label == "送出說明").click().run()
    assert not test.exception and "請填寫說明與撰寫人" in words(test)


# --- the items and what is handed in ------------------------------------------------------------------------------------


def test_review_lists_every_indicator_once_under_its_heading(visit: Visit) -> None:
    from warehouse.indicators import all_indicators, award_headings
    from warehouse.period import Window

    shown = body(visit("review"))
    listed = re.findall(r'<th scope="row"><a href="indicator\?id=([a-z0-9_]+)', shown)
    window = Window(date(2017, 1, 1), date(2017, 6, 1))
    assert listed == [name for name, block in all_indicators().items() if block.section and block.defined_in(window)]
    assert shown.count('class="sq-table sq-review"') == sum(len(code) == 2 for code in award_headings())
    assert "新系統上線初期操作不熟，已排訓練。" in shown


def test_review_can_be_narrowed_to_what_is_below(visit: Visit) -> None:
    shown = body(visit("review", show="below"))
    listed = re.findall(r'<th scope="row"><a href="indicator\?id=([a-z0-9_]+)', shown)
    assert "survey_time_within_30" in listed and "survey_overall_top2" not in listed and len(listed) < 20
    assert f"未達目標{len(listed)}項" in shown


def test_duty_tells_who_owes_what(visit: Visit) -> None:
    test = visit("duty")
    shown = words(test)
    assert "資料繳交情形（截至106年7月5日）" in shown and "尚待繳交或修正的單位" in shown and "其中逾期0件" in shown
    texts = " ".join(code.value for code in test.code)
    assert "案款代收月報表　106年3月　未交" in texts and "為民服務意見調查表　106年6月　缺宜蘭" in texts
    row = shown.split("案款代收月報表", 1)[1]
    assert "未交" in row[: row.index("電話禮貌測試紀錄表")]


@pytest.mark.parametrize("page", ["home", "indicator", "review", "duty"])
def test_one_site_and_one_month_and_a_hole_raise_nothing(visit: Visit, tmp_path: Path, page: str) -> None:
    warehouse = open_warehouse(tmp_path / "data")
    undo(warehouse, 2, by="測試", reason="沒有電話測試")
    warehouse.close()
    for query in ({"site": "keelung"}, {"period": "quarter", "to": "2015-01"}, {"period": "custom", "from": "2017-03", "to": "2017-03"}):
        visit(page, **query)
