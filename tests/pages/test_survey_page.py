"""The survey screen: what stands on it, what is withheld, what is read only when it is opened, what is downloaded."""

from __future__ import annotations

import ast
import html
import json
import re
import shutil
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from streamlit.testing.v1 import AppTest

from pages import _data_survey
from warehouse import PROJECT
from warehouse.intake import Source
from warehouse.load import Request, load_file, open_warehouse
from warehouse.topics import survey
from warehouse.web import state
from warehouse.web.words import WORDS, t

SHELL = PROJECT / "warehouse" / "web" / "shell.py"
Visit = Callable[..., AppTest]


@pytest.fixture
def visit(tmp_path: Path, sample_folder: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Visit]:
    """Open the survey screen over the sample, or over what `prepare` loads into an empty warehouse."""

    def go(prepare: Callable[[object], None] | None = None, **query: str) -> AppTest:
        folder = tmp_path / "data"
        if not folder.exists():
            if prepare is None:
                shutil.copytree(sample_folder, folder)
            else:
                warehouse = open_warehouse(folder)
                prepare(warehouse)
                warehouse.close()
        monkeypatch.setenv("SERVICE_QUALITY_DATA", str(folder))
        test = AppTest.from_file(str(SHELL), default_timeout=60)
        test.run()
        test.switch_page("../../pages/survey.py")
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


def test_every_question_with_all_its_levels(visit: Visit) -> None:
    test = visit()
    shown = words(test)
    for said in (
        "有效問卷175份：在30分鐘內辦完的占97.14％，整體滿意（很滿意與滿意）的占99.43％",
        "六題的滿意以上比率，最高99.43％（整體滿意度），最低96.57％（機關洽公環境）",
        "9個有資料的月份中，最高100.00％（2月等6個月），最低85.71％（3月）",
        "綜合滿意度（六題，很滿意＋滿意） 98.10 ％",
        "問卷回收率 63.82 ％ 105年1月至9月 n＝293",
        "機關洽公環境 175 95（54.29％） 74（42.29％） 5（2.86％） 1（0.57％） 96.57％ 92.72％至98.42％ ■ 優於暫定目標90％（未經核定）",
        "處理申請事項 175 95（54.29％） 78（44.57％） 2（1.14％） 0（0.00％）",
        "綜合（六題合計） 1,050 625（59.52％） 405（38.57％） 19（1.81％） 1（0.10％） 98.10％",
        "175份中，170份（97.14％）在30分鐘內辦完",
        "超過45分鐘 0 0.00％",
        "發出293份、回收187份（回收率63.82％）、有效175份（有效率93.58％）",
        "本分署 基隆行政執行官辦公室 兩處差異",
        "95.08％ 86.51％至98.31％ n＝61",
        "問卷為自願填答，非隨機抽樣",
    ):
        assert said in shown, said
    heard = re.findall(r'role="img" aria-label="([^"]+)"', body(test))
    assert "機關洽公環境，175份：很滿意95份（54.29％）、滿意74份（42.29％）、尚滿意5份（2.86％）、不滿意1份（0.57％）" in heard
    assert len(heard) == 8 and len(test.get("vega_lite_chart")) == 2


def test_a_month_of_few_at_a_small_site_is_withheld_everywhere(visit: Visit) -> None:
    february = {"period": "custom", "from": "2016-02", "to": "2016-02"}
    for site in ("keelung", "yilan"):
        shown = words(visit(site=site, **february))
        assert "不列各題結果" in shown and "很滿意" not in shown and "％（" not in shown
        assert "97.14" not in shown and "有效" in shown
    all_sites = words(visit(**february))
    assert "12＊" in all_sites and "份數過少，不列" in all_sites and "份數不足，無法比較各處所" in all_sites


def test_a_small_month_says_no_more_by_itself_than_the_table_does(visit: Visit) -> None:
    header = "編號,填表日期,服務地點,洽辦公務時間,處理申請事項,機關洽公環境,接待志工警衛或替代役男的服務態度,其他人員服務態度,整體滿意度,問題處理解答詢問"
    sizes = {1: 3, 2: 8, 3: 20, 4: 30}
    rows = [f"{month}-{at},105/{month}/{at % 28 + 1},宜蘭,15分鐘內,滿意,滿意,滿意,滿意,很滿意,滿意" for month, n in sizes.items() for at in range(n)]

    def prepare(warehouse: object) -> None:
        source = Source("問卷.csv", "\n".join([header, *rows]).encode())
        assert load_file(warehouse, source, Request(by="測試", dataset="survey_response", accept=frozenset(["all"]))).outcome == "loaded"

    for month in ("2016-01", "2016-02"):
        shown = words(visit(prepare, period="custom", to=month, **{"from": month}))
        assert f"105年{month[-1]}月的問卷太少（或可由其他月份推得）" in shown and "很滿意" not in shown and "100.00％" not in shown
    march = words(visit(prepare, period="custom", to="2016-03", **{"from": "2016-03"}))
    assert "整體滿意度 20＊ 20（100.00％）" in march


def test_months_of_a_site_leave_out_what_would_tell(visit: Visit) -> None:
    test = visit(site="keelung")
    rows = re.findall(r"105年(\d)月 \d+ \d+ [\d.]+％ \d+ [\d.]+％ \d+ (\S+)", words(test))
    assert dict(rows)["1"] == dict(rows)["2"] == "份數過少，不列" and dict(rows)["3"].startswith("7份中")


def test_forms_are_gone_through_only_when_asked_for(visit: Visit, monkeypatch: pytest.MonkeyPatch) -> None:
    asked: list[str] = []
    for name in ("comments", "health"):
        real = getattr(_data_survey, name)
        monkeypatch.setattr(_data_survey, name, lambda choice, name=name, real=real: asked.append(name) or real(choice))
    test = visit()
    assert asked == [] and "停車位不足" not in words(test)
    for name in ("comments", "health"):
        test.session_state[name] = True
    test.run()
    assert not test.exception and asked == ["comments", "health"]
    shown = words(test)
    for said in ("20份問卷寫了意見，共8種說法", "停車位不足 5 105年1月 105年8月", "175份中，39份（22.29％）六題選同一級", "每一題都有作答"):
        assert said in shown, said


def test_comments_are_masked_and_stay_text(visit: Visit) -> None:
    header = "編號,填表日期,服務地點,洽辦公務時間,處理申請事項,機關洽公環境,接待志工警衛或替代役男的服務態度,其他人員服務態度,整體滿意度,問題處理解答詢問,建議事項"
    said = ["請王小明先生回電0912345678", "<b>大聲</b>", "=HYPERLINK(1)", "無", ""]
    rows = [f"{at},105/3/{at},宜蘭,15分鐘內,滿意,滿意,滿意,滿意,滿意,滿意,{text}" for at, text in enumerate([*said, *said], 1)]

    def prepare(warehouse: object) -> None:
        source = Source("問卷.csv", "\n".join([header, *rows]).encode())
        result = load_file(warehouse, source, Request(by="測試", dataset="survey_response", accept=frozenset(["all"])))
        assert result.outcome == "loaded", result.findings

    test = visit(prepare)
    test.session_state["comments"] = True
    test.run()
    assert "小明" not in body(test) and "0912" not in body(test) and "&lt;b&gt;大聲" in body(test) and "<b>大聲" not in body(test)


def test_tallies_alone_and_counts_too_few(visit: Visit) -> None:
    lines = ["月份,服務地點,題目,選項,份數", "105年3月,宜蘭,整體滿意度,很滿意,6", "105年3月,宜蘭,整體滿意度,不滿意,1", "105年3月,宜蘭,問卷份數,有效份數,7"]

    def prepare(warehouse: object) -> None:
        source = Source("份數.csv", "\n".join(lines).encode())
        assert load_file(warehouse, source, Request(by="測試", accept=frozenset(["all"]))).outcome == "loaded"

    test = visit(prepare)
    shown = words(test)
    assert "整體滿意度 7＊ 6 0 0 1 7份中6份" in shown and "只有本分署有資料" in shown
    test.session_state["health"] = True
    test.run()
    assert "只有份數統計，看不出哪些題未答" in words(test) and "不足10份、不算比率的月份：105年3月" in words(test)


def test_rates_of_months_that_are_counted_in_part_say_so(visit: Visit) -> None:
    """August tells both numbers, September the forms handed out only: 155 handed out and 61 returned would not be the 71.76 % that stands beside them."""
    lines = ["月份,服務地點,題目,選項,份數", *(f"105年{month}月,宜蘭,問卷份數,{kind}份數,{n}" for month, kind, n in ((8, "發出", 85), (8, "回收", 61), (8, "有效", 60), (9, "發出", 70), (9, "有效", 50)))]
    lines.append("105年8月,宜蘭,整體滿意度,很滿意,60")

    def prepare(warehouse: object) -> None:
        source = Source("份數.csv", "\n".join(lines).encode())
        assert load_file(warehouse, source, Request(by="測試", accept=frozenset(["all"]))).outcome == "loaded"

    shown = words(visit(prepare))
    assert "有效問卷110份；發出與回收份數都有統計的月份及處所，發出85份、回收61份（回收率71.76％）" in shown


def test_every_level_and_question_has_its_words() -> None:
    for code in survey.QUESTIONS:
        assert f"survey.q.{code}" in WORDS
        assert all(f"survey.level.{level}" in WORDS for level in survey.levels_of(code))
    tree = ast.parse((PROJECT / "pages" / "_survey.py").read_text(encoding="utf-8"))
    assert not any(isinstance(node, ast.BinOp) and isinstance(node.op, ast.Div | ast.FloorDiv) for node in ast.walk(tree))


def test_charts_carry_their_data_as_arrow(visit: Visit) -> None:
    for chart in visit().get("vega_lite_chart"):
        assert chart.proto.datasets and "values" not in json.dumps(json.loads(chart.proto.spec)) and 20 < len(chart.proto.alt) <= 220


def test_no_data_says_so(visit: Visit) -> None:
    def prepare(warehouse: object) -> None:
        source = Source("代收.csv", "月份,管道,件數,金額\n105年3月,便利商店,10,1000".encode())
        assert load_file(warehouse, source, Request(by="測試", accept=frozenset(["all"]))).outcome == "loaded"

    assert t("survey.none") in words(visit(prepare))
