"""The screens of telephone courtesy and of payments: what stands on them, and what stands only in a fold."""

from __future__ import annotations

import html
import re
import shutil
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from streamlit.testing.v1 import AppTest

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
        "統計室 1 89.80 — 89.80",
        "18通中，優等16通、未達優等、應檢討改進的2通",
        "丁等 未滿60分 0",
        "期間內每個月都有測試。",
        "9個月的考核名次中，沒有單位連續2個月居末位。",
    ):
        assert said in shown, said
    assert "92.52" not in shown and len(test.get("vega_lite_chart")) == 2


def test_extensions_and_days_stand_in_the_fold_only(visit: Visit) -> None:
    test = visit("phone")
    extensions = ("0215", "0212", "0224", "311")
    assert not any(f" {number} " in words(test) for number in extensions)
    test.session_state["calls"] = True
    test.run()
    assert not test.exception
    assert all(f" {number} " in words(test) for number in extensions) and "105年1月20日 11:25 統計室 311" in words(test)


def test_one_site_is_told_that_tests_are_of_the_office(visit: Visit) -> None:
    shown = words(visit("phone", site="keelung"))
    assert t("phone.no_site") in shown and "平均92.87分" in shown


def test_months_without_a_test_are_named(visit: Visit) -> None:
    header = "測試機關,日期,測試時間,受測單位,分機,總分,評等,扣分原因"
    calls = [f"花蓮分署,105/{month}/5,10:0{at},執行股甲,30{at},{score},,未報姓名王小明先生" for month, at, score in ((1, 1, 95), (1, 2, 91), (3, 3, 88))]
    calls += [f"花蓮分署,105/3/6,11:0{at},執行股甲,30{at},{score},," for at, score in ((4, 96), (5, 97.5))]
    test = visit("phone", [("phone_test", "\n".join([header, *calls]))])
    shown = words(test)
    assert "未測試的月份：105年2月。" in shown and "105年2月 未測試 — — —" in shown
    assert "執行署評核沒有測試紀錄" in shown and "這段期間沒有執行署評核的紀錄" in shown and "沒有執行態度考核資料" in shown
    assert "小明" not in shown and re.search(r"執行股甲 5 93\.50 [\d.]+至[\d.]+分 —", shown)


# --- payments -----------------------------------------------------------------------------------------------------------


def test_channels_stand_apart(visit: Visit) -> None:
    test = visit("payments")
    shown = words(test)
    for said in (
        "便利商店代收42,648件、83,952,914元；專人代收（轄區無派駐機關）4,400筆、251,046,629元",
        "件數與筆數不相加",
        "9個月介於3,555件（105年2月）與5,065件（105年5月）之間",
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
        "105年4月以前的資料不全，無法累計",
        "專人代收（轄區無派駐機關）沒有資料",
        "105年3月沒有資料，不當成0",
        "臨櫃刷卡 3 900",
        "7件、700元",
        "沒有同時具備代收資料與完整辦公日曆的月份",
    ):
        assert said in shown, said
    february = words(visit("payments", period="custom", to="2016-02", **{"from": "2016-01"}))
    assert "累計至105年2月70,000元，較去年同期多40,000元" in february


def test_one_site_is_told_that_payments_are_of_the_office(visit: Visit) -> None:
    shown = words(visit("payments", site="yilan"))
    assert t("payments.no_site") in shown and "42,648" in shown
