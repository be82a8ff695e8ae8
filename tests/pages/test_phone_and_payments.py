"""The screens of telephone courtesy and of payments: what stands on them, and what stands only in a fold."""

from __future__ import annotations

import html
import io
import re
import shutil
from collections.abc import Callable, Iterator
from datetime import date, timedelta
from pathlib import Path
from typing import Any

import polars as pl
import pytest
from streamlit.testing.v1 import AppTest

from tests.independent import table
from warehouse import PROJECT
from warehouse.intake import Source
from warehouse.load import Request, load_file, open_warehouse
from warehouse.store import Warehouse
from warehouse.web import state
from warehouse.web.words import t

SHELL = PROJECT / "warehouse" / "web" / "shell.py"
Visit = Callable[..., AppTest]


@pytest.fixture
def visit(tmp_path: Path, sample_folder: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Visit]:
    """Open a screen over the sample, or over files of (dataset, text) in an empty warehouse."""

    def go(page: str, files: list[tuple[str, str]] | None = None, **query: str) -> AppTest:
        folder = tmp_path / "data"
        if not folder.exists():
            if files is None:
                shutil.copytree(sample_folder, folder)
            else:
                warehouse = open_warehouse(folder)
                for dataset, text in files:
                    _load(warehouse, dataset, text)
                warehouse.close()
        monkeypatch.setenv("SERVICE_QUALITY_DATA", str(folder))
        test = AppTest.from_file(str(SHELL), default_timeout=60)
        test.run()
        test.switch_page(f"../../pages/{page}.py")
        for name, code in query.items():
            test.query_params[name] = code
        test.run()
        assert not test.exception, test.exception
        return test

    yield go
    state.close_all()


def _load(warehouse: Warehouse, dataset: str, text: str) -> None:
    result = load_file(warehouse, Source(f"{dataset}.csv", text.encode()), Request(by="測試", dataset=dataset, accept=frozenset(["all"])))
    assert result.outcome == "loaded", result.findings


def words(test: AppTest) -> str:
    pieces = " ".join(re.sub(r"<style>.*?</style>", "", item.proto.body, flags=re.S) for item in test.get("html"))
    return re.sub(r"\s+", " ", html.unescape(re.sub(r"<[^>]+>", " ", pieces)))


# --- telephone ----------------------------------------------------------------------------------------------------------


def test_testing_bodies_stand_apart_with_their_targets(visit: Visit) -> None:
    test = visit("phone")
    shown = words(test)
    for said in (
        "花蓮分署測試18通，平均92.87分；執行署評核9通，平均91.83分",
        "95％參考範圍 92.05分至93.68分",
        "9個受測月份中，9個月平均不低於90分",
        "9個受測月份中，8個月平均不低於90分",
        "失分比例最高的是「答話內容」：平均每通失2.49分（滿分15分）",
        "電話禮貌（25分） 18 2.86 11.44％",
        "最常見的扣分原因是「結束前未說再見」，9通",
        "執行署評核的紀錄沒有分項分數，只有總分。",
        "統計室 1 不列 —",
        "不足5通（或可由其他單位推得）的單位不列平均",
        "■ 未達優等 花蓮分署測試2通、執行署評核1通",
        "18通中，優等16通；未達優等的2通，應檢討改進",
        "丁等 未滿60分 0",
        "期間內每個月都有測試。",
        "9個月的考核名次中，沒有單位連續2個月居末位。",
    ):
        assert said in shown, said
    assert "92.52" not in shown and len(test.get("vega_lite_chart")) == 2


def test_extensions_and_days_stand_in_the_fold_only(visit: Visit) -> None:
    test = visit("phone")
    extensions = ("0215", "0212", "0224", "311")
    assert not any(f" {number} " in words(test) for number in extensions) and "89.80" not in words(test)
    test.session_state["calls"] = True
    test.run()
    assert not test.exception
    assert all(f" {number} " in words(test) for number in extensions) and "105/01/20 11:25 統計室 311" in words(test)
    assert "統計室 花蓮分署測試 1 89.80 89.80" in words(test)


def test_the_mean_of_a_few_calls_is_withheld_and_so_is_what_would_tell_it(visit: Visit) -> None:
    header = "測試機關,日期,測試時間,受測單位,總分"
    calls = [f"花蓮分署,105/1/{day},10:00,{section},{score}" for day, section, score in ((4, "甲股", 90), (5, "甲股", 91), (6, "甲股", 92), (7, "甲股", 93), (8, "甲股", 94))]
    calls += [f"花蓮分署,105/2/{day},10:00,乙股,{score}" for day, score in ((4, 88), (5, 88), (6, 88), (7, 88), (8, 88), (9, 88))]
    shown = words(visit("phone", [("phone_test", "\n".join([header, *calls, "花蓮分署,105/3/4,10:00,丙股,61"]))]))
    assert "乙股 6 88.00 88.00至88.00分" in shown and "甲股 5 不列 —" in shown and "丙股 1 不列 —" in shown


def test_the_sections_of_a_month_of_few_calls_are_not_named(visit: Visit) -> None:
    shown = words(visit("phone", period="custom", **{"from": "2016-09"}))
    tested = {row["受測單位"] for row in table("phone_test") if row.month == date(2016, 9, 1)}
    assert "花蓮分署測試2通" in shown and shown.count(t("phone.sections.anonymous")) == 2
    assert tested and not any(section in shown for section in tested)


def test_three_months_running_are_one_run(visit: Visit) -> None:
    header = "月份,單位,問卷訪查,電話禮貌,民眾抱怨,主管考評,加減分,總分,名次"
    lines = [f"105/{month},{section},,,,,,{90 - rank},{rank}" for month in (1, 2, 3) for rank, section in enumerate(("甲股", "乙股"), 1)]
    shown = words(visit("phone", [("attitude_score", "\n".join([header, *lines]))]))
    assert "1個單位：乙股（105年1月至3月，連續3個月）。逐月計次，每滿2個月計1次，共2次。" in shown
    assert "▲ 連續居末位 乙股 105年1月至3月" in shown


def test_one_site_is_told_that_tests_are_of_the_office(visit: Visit) -> None:
    shown = words(visit("phone", site="keelung"))
    assert t("phone.no_site") in shown and "平均92.87分" in shown


def test_months_without_a_test_are_named(visit: Visit) -> None:
    header = "測試機關,日期,測試時間,受測單位,分機,總分,評等,扣分原因"
    calls = [f"花蓮分署,105/{month}/5,10:0{at},執行股甲,30{at},{score},,未報姓名王小明先生" for month, at, score in ((1, 1, 95), (1, 2, 91), (3, 3, 88))]
    calls += [f"花蓮分署,105/3/6,11:0{at},執行股甲,30{at},{score},," for at, score in ((4, 96), (5, 97.5))]
    test = visit("phone", [("phone_test", "\n".join([header, *calls]))])
    shown = words(test)
    assert "沒有測試紀錄的月份：105年2月。" in shown and "105年2月 無紀錄 —" in shown
    assert "▲ 無測試紀錄 花蓮分署測試 105年2月，應每月測試" in shown
    assert "執行署評核沒有測試紀錄" in shown and "這段期間沒有執行署評核的紀錄" in shown and "沒有執行態度考核資料" in shown
    assert "小明" not in shown and re.search(r"執行股甲 5 93\.50 [\d.]+至[\d.]+分 ", shown)


# --- payments -----------------------------------------------------------------------------------------------------------


def test_channels_stand_apart(visit: Visit) -> None:
    test = visit("payments")
    shown = words(test)
    for said in (
        "便利商店代收42,648件、83,952,914元；專人代收（轄區無派駐機關）4,400筆、251,046,629元",
        "件數與筆數不相加",
        "9個月中，最高5,065件（5月），最低3,555件（2月）",
        "合計 42,648 83,952,914 1,968.51 186 229.29",
        "105年2月 3,555 6,985,511 1,964.98 15 237.00 4,898",
        "累計至105年9月83,952,914元；沒有去年同期資料可比",
        "9個月都在正常起伏範圍內",
        "未滿12個月，界限為試算",
        "平均工作日數20.67日",
        "兩管道代收金額（非全分署徵起數）",
        "334,999,543",
        "悠遊卡支付的是規費，不是案款",
    ):
        assert said in shown, said
    assert "47,048" not in shown and len(test.get("vega_lite_chart")) == 10


def test_last_year_fees_and_a_missing_month(visit: Visit) -> None:
    rows = [(104, 1, 10), (104, 2, 20), (105, 1, 30), (105, 2, 40), (105, 4, 50)]
    lines = [f"{year}年{month}月,便利商店,{n},{n * 1000}" for year, month, n in rows]
    test = visit("payments", [("payment_monthly", "\n".join(["月份,管道,件數,金額", *lines, "105年4月,悠遊卡,7,700", "105年4月,信用卡,3,900"]))])
    shown = words(test)
    for said in (
        "105年2月 70 30 70,000 30,000",
        "缺105年3月，只累計到105年2月：70,000元",
        "▲ 便利商店代收缺105年3月的資料，以上合計不含這些月份。",
        "專人代收（轄區無派駐機關）沒有資料",
        "105年3月沒有資料，不當成0",
        "臨櫃刷卡 3 900",
        "7件、700元",
        "沒有同時具備代收資料與完整辦公日曆的月份",
    ):
        assert said in shown, said
    assert "工作日數 每工作日" not in shown
    february = words(visit("payments", period="custom", to="2016-02", **{"from": "2016-01"}))
    assert "累計至105年2月70,000元，較去年同期多40,000元" in february


def test_one_site_is_told_that_payments_are_of_the_office(visit: Visit) -> None:
    shown = words(visit("payments", site="yilan"))
    assert t("payments.no_site") in shown and "42,648" in shown


def test_months_of_one_channel_only_and_a_refund(visit: Visit) -> None:
    lines = ["月份,管道,件數,金額", *(f"105年{month}月,便利商店,10,{1000 * month}" for month in range(1, 8)), *(f"105年{month}月,臨櫃代收,2,{-500 if month == 5 else 4000}" for month in (1, 2, 4, 5, 6, 7))]
    test = visit("payments", [("payment_monthly", "\n".join(lines)), ("office_calendar", _calendar(1, 7))])
    shown = words(test)
    for said in (
        "▲ 105年3月只有便利商店代收的資料，合計不含專人代收（轄區無派駐機關）。",
        "▲ 專人代收（轄區無派駐機關）缺105年3月的資料，以上合計不含這些月份。",
        "105年5月金額為負，是退款或沖正後的淨額。",
        "6個月中，最高4,000元（1月等5個月），最低-500元（5月）",
    ):
        assert said in shown, said
    assert "便利商店代收缺" not in shown
    (drawn,) = [chart for chart in test.get("vega_lite_chart") if chart.proto.alt.startswith("長條圖：專人代收（轄區無派駐機關）每月金額")]
    (controlled,) = [chart for chart in test.get("vega_lite_chart") if chart.proto.alt.startswith("管制圖：專人代收（轄區無派駐機關）金額")]
    frame, control = _frame(drawn), _frame(controlled)
    assert frame["label"].to_list() == ["105年1月", "2月", "3月", "4月", "5月", "6月", "7月"] and frame["value"].to_list()[2] is None
    lows = [low for low in control["lower"].to_list() if low is not None]
    assert min(value for value in control["value"].to_list() if value is not None) > min(lows) < 0


def test_one_month_with_a_calendar_has_nothing_to_be_held_against(visit: Visit) -> None:
    files = [("payment_monthly", "月份,管道,件數,金額\n105年1月,便利商店,10,1000"), ("office_calendar", _calendar(1, 1))]
    assert "同時具備代收資料與完整辦公日曆的只有1個月" in words(visit("payments", files))


def _calendar(first: int, last: int) -> str:
    days = [date(2016, first, 1) + timedelta(days=step) for step in range((date(2016, last % 12 + 1, 1) - date(2016, first, 1)).days)]
    return "日期,是否上班,名稱\n" + "\n".join(f"105/{day.month}/{day.day},{'是' if day.weekday() < 5 else '否'}," for day in days)


def _frame(chart: Any) -> pl.DataFrame:
    (data,) = chart.proto.datasets
    return pl.read_ipc_stream(io.BytesIO(data.data.data))
