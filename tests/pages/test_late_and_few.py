"""What is late, what is not yet whole and what must not be told, as the first page, an indicator's page, the items and the list of what is handed in say it."""

from __future__ import annotations

import html
import re
from collections.abc import Callable

import pytest
from streamlit.testing.v1 import AppTest

from tests.pages.conftest import Visit
from warehouse.web.words import t

Given = Callable[[dict[str, str]], None]

CHANNELS = ("電話查詢", "臨櫃查詢", "網路查詢(含電子信箱)", "資料影印")
SURVEY = "編號,填表日期,服務地點,洽辦公務時間,處理申請事項,機關洽公環境,接待志工警衛或替代役男的服務態度,其他人員服務態度,整體滿意度,問題處理解答詢問\n"
DUES = "報表,每月幾日前,應交單位,生效日期\n案款代收月報表,8,,105/1/1\nsurvey_response,5,宜蘭、基隆,105/6/1\n"


@pytest.fixture(autouse=True)
def in_november(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("SERVICE_QUALITY_TODAY", "2016-11-07")


def words(test: AppTest) -> str:
    text = " ".join(re.sub(r"<style>.*?</style>", "", item.proto.body, flags=re.S) for item in test.get("html"))
    return re.sub(r"\s+", " ", html.unescape(re.sub(r"<[^>]+>", " ", text)))


def chips(test: AppTest) -> dict[str, str]:
    """What needs attention on the first page: name → its word and tone."""
    listed = " ".join(item.proto.body for item in test.get("html")).partition('class="sq-attention"')[2].partition("</ul>")[0]
    found = {}
    for line in re.findall(r"<li>(.*?)</li>", listed, re.S):
        tone = re.search(r'class="sq-chip (\w+)"', line)
        plain = re.sub(r"<[^>]+>", "", re.sub(r'<span class="sq-shape".*?</span>', "", line))
        found[plain] = tone[1] if tone else ""
    return found


def payments(*months: int) -> str:
    return "月份,管道,件數,金額\n" + "".join(f"105年{month}月,{channel},10,2000\n" for month in months for channel in ("便利商店", "臨櫃代收"))


def forms(month: int, **sites: int) -> str:
    names = {"yilan": "宜蘭", "keelung": "基隆"}
    rows = [
        f"{names[site]}{number:03d},105/{month}/15,{names[site]},{'15分鐘內' if number else '45分鐘內'},滿意,滿意,滿意,滿意,滿意,滿意"
        for site, count in sites.items()
        for number in range(count)
    ]
    return SURVEY + "".join(f"{row}\n" for row in rows)


def checks(*months: int) -> str:
    return "檢測日期,檢測項目,受測數,異常數,處理情形\n" + "".join(f"105/{month}/3,外部連結,63,0,正常\n" for month in months)


# --- late ---------------------------------------------------------------------------------------------------------------


def test_months_after_the_newest_data_are_late_on_both_pages(visit: Visit, given: Given) -> None:
    """Of July and August the payments are in; September's and October's were due on the 8th of the month after: on 7 November one of them is late."""
    given({"期限.csv": DUES, "七月.csv": payments(7, 8)})
    home = visit("home")
    assert chips(home)["105年9月逾期未交案款代收月報表"] == "concern"
    said = words(home)
    assert "逾期未交5件" in said and "缺：案款代收月報表（105年9月）" in said and "資料至105年8月31日；缺105年1月至6月；105年9月逾期未交" in said
    duty = visit("duty")
    shown = words(duty)
    assert "其中逾期5件" in shown and "資料到105年8月，其後應交的105年9月至10月一併列出" in shown
    row = shown.split("案款代收月報表 會計室", 1)[1].split("電話禮貌測試紀錄表", 1)[0]
    assert re.sub(r"\s", "", row) == "105/08/31●已交●已交▲未交逾30日○未到期"
    (text,) = [code.value for code in duty.code if code.value.startswith("會計室")]
    assert "・案款代收月報表　105年9月　未交，應於105年10月8日前送交，已逾30日" in text and "105年10月" not in text.replace("105年10月8日", "")


def test_what_has_no_due_date_is_not_handed_in_but_not_late(visit: Visit, given: Given) -> None:
    given({"七月.csv": payments(7, 8)})
    home, duty = words(visit("home")), words(visit("duty"))
    assert "逾期" not in home.replace("陳情（受理／逾限）", "") and "其中逾期0件" in duty
    row = duty.split("案款代收月報表 會計室", 1)[1].split("電話禮貌測試紀錄表", 1)[0]
    assert re.sub(r"\s", "", row) == "105/08/31●已交●已交▲未交▲未交"


def test_a_look_back_is_not_held_to_what_came_due_since(visit: Visit, given: Given) -> None:
    given({"期限.csv": DUES, "七月.csv": payments(7, 8)})
    assert "105年9月" not in words(visit("duty", to="2016-07")) and "105年9月逾期" not in words(visit("home", to="2016-07"))


def test_a_grid_that_would_be_too_long_says_what_it_leaves_out(visit: Visit, given: Given, monkeypatch: pytest.MonkeyPatch) -> None:
    given({"期限.csv": DUES, "七月.csv": payments(7, 8)})
    monkeypatch.setenv("SERVICE_QUALITY_TODAY", "2018-01-20")
    said = words(visit("duty"))
    assert "其後應交的105年9月至106年8月一併列出。106年9月至12月也都未交，不逐月列出。" in said


def test_a_site_is_told_of_what_is_late_of_its_own(visit: Visit, given: Given) -> None:
    given({"期限.csv": DUES, "七月.csv": payments(7, 8, 9, 10), "問卷.csv": forms(7, yilan=20)})
    lines = {site: [line for line in chips(visit("home", site=site)) if "為民服務意見調查表" in line] for site in ("keelung", "yilan")}
    assert lines["keelung"] and all("逾期" in line for line in lines["keelung"])
    assert any("105年8月至10月逾期未交" in line for line in lines["yilan"]) and not any("105年7月" in line for line in lines["yilan"])


# --- not yet whole ------------------------------------------------------------------------------------------------------


def test_a_count_that_lacks_months_is_neither_red_nor_green(visit: Visit, given: Given) -> None:
    """Link checks of seven months out of eight: what is not done in the eighth is not known."""
    given({"檢測.csv": checks(1, 2, 3, 4, 6, 7, 8), "七月.csv": payments(8)})
    home = visit("home")
    assert "未達標0項" in words(home) and "（樣本尚少或資料不全）" in words(home)
    (line,) = [line for line in chips(home) if "連結檢測次數" in line]
    assert line.startswith("缺105年5月，還不能確定") and chips(home)[line] == "neutral"
    page = words(visit("indicator", id="link_check_count"))
    assert "未達標（資料不全）" in page and "尚無法判定" in page and "缺漏的月份補齊後才能確定" in page
    assert "連結檢測次數" not in words(visit("review", show="below")) and "連結檢測次數" in words(visit("review", show="missing"))


def test_with_every_month_in_it_is_plainly_missed(visit: Visit, given: Given) -> None:
    given({"檢測.csv": checks(1, 2, 3, 4, 6, 7, 8) + "105/5/3,網頁內容檢視,1,0,正常\n", "七月.csv": payments(8)})
    home = visit("home")
    assert any(line.startswith("未達標連結檢測次數") and tone == "concern" for line, tone in chips(home).items())


def test_a_month_of_one_site_is_named_where_all_are_shown(visit: Visit, given: Given) -> None:
    given({"期限.csv": DUES, "六月.csv": forms(6, yilan=20, keelung=10), "七月.csv": forms(7, yilan=20)})
    assert "105年7月缺基隆行政執行官辦公室" in words(visit("home"))
    page = words(visit("indicator", id="survey_overall_top2"))
    assert "缺基隆行政執行官辦公室，不列入界限與規則" in page and "空心點" in page


def test_who_alone_has_ever_sent_is_named(visit: Visit, given: Given) -> None:
    given({"六月.csv": forms(6, yilan=20), "七月.csv": forms(7, yilan=20)})
    assert "只有本分署的資料" in words(visit("home")) and "只有本分署的資料" not in words(visit("home", site="yilan"))


# --- not to be told -----------------------------------------------------------------------------------------------------


def test_few_answers_are_withheld_on_every_page_that_tells_them_apart(visit: Visit, given: Given) -> None:
    given({"六月.csv": forms(6, yilan=20, keelung=12), "七月.csv": forms(7, yilan=20, keelung=3), "八月.csv": forms(8, yilan=22, keelung=14)})
    choice = {"site": "keelung", "period": "custom", "from": "2016-07", "to": "2016-07"}
    withheld = t("status.withheld")
    for page, query in (("home", {}), ("review", {"show": "target"}), ("indicator", {"id": "survey_time_within_30"})):
        said = words(visit(page, **choice, **query))
        assert withheld in said and "66.67" not in said, page
        assert withheld in words(visit(page, **{**choice, "site": "yilan"}, **query)), "the other site would give it away"
        assert withheld not in words(visit(page, **{**choice, "site": "all"}, **query)), page
    months = words(visit("indicator", id="survey_time_within_30", site="keelung"))
    assert "105年6月至7月份數過少或可由其他月份推得，避免辨識個人，不列" in months and "66.67" not in months
    test = visit("indicator", id="survey_time_within_30")
    test.session_state["basis"] = True
    steps = words(test.run()).split("各月各處所", 1)[-1]
    assert "105年7月 基隆行政執行官辦公室 不列 不列" in steps and "105年8月 基隆行政執行官辦公室 13 14" in steps


def test_what_stands_until_it_is_changed_says_when_it_was_entered(visit: Visit) -> None:
    page = words(visit("indicator", "sample", id="stationed_total"))
    assert "最近登載於105年1月" in page and "資料至" not in page
    assert "上午9時至12時" in words(visit("review", "sample")) and "沿用較早的登載" in words(
        visit("indicator", "sample", id="volunteers_on_rota", period="custom", **{"from": "2016-05", "to": "2016-06"})
    )


def test_answers_too_few_for_a_percentage_are_told_as_so_many_of_so_many(visit: Visit, given: Given) -> None:
    given({"六月.csv": forms(6, yilan=20, keelung=12), "七月.csv": forms(7, yilan=20, keelung=8)})
    choice = {"site": "keelung", "period": "custom", "from": "2016-07", "to": "2016-07"}
    for page, query in (("home", {}), ("review", {"show": "target"}), ("indicator", {"id": "survey_time_within_30"})):
        said = words(visit(page, **choice, **query))
        assert "8份中7份" in said and "87.5" not in said, page
    assert "8份中7份" in words(visit("indicator", id="survey_time_within_30", period="custom", **{"from": "2016-07", "to": "2016-07"}))


# --- a month that is not over -------------------------------------------------------------------------------------------


def test_a_month_that_is_not_over_is_not_held_against_whole_ones(visit: Visit, given: Given, monkeypatch: pytest.MonkeyPatch) -> None:
    """On 20 September the payments of September are in so far, and no link has been checked yet this month."""
    given({"檢測.csv": checks(1, 2, 3, 4, 5, 6, 7, 8) + "105/9/3,網頁內容檢視,1,0,正常\n", "代收.csv": payments(*range(1, 10))})
    monkeypatch.setenv("SERVICE_QUALITY_TODAY", "2016-09-20")
    home = visit("home")
    said = words(home)
    assert "資料至105年9月20日；105年9月尚未結束" in said and "本月尚未結束，不作比較" in said and "未達標0項" in said
    assert any("連結檢測次數" in line and tone == "neutral" for line, tone in chips(home).items())
    page = words(visit("indicator", id="cvs_payment_count"))
    assert "105年9月尚未結束，不列入逐月走勢" in page and "105年1月–105年8月" in page
    monkeypatch.setenv("SERVICE_QUALITY_TODAY", "2016-10-01")
    over = visit("home")
    assert "尚未結束" not in words(over) and any(line.startswith("未達標連結檢測次數") and tone == "concern" for line, tone in chips(over).items())
