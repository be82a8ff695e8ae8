"""The page of the website: what stands on it."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from streamlit.testing.v1 import AppTest

from tests.pages.test_pages import words
from warehouse.web.words import t

Visit = Callable[..., AppTest]
Given = Callable[[dict[str, str]], None]


def test_the_sample(visit: Visit) -> None:
    test = visit("website")
    shown = words(test)
    for said in (
        "105年1月至9月網站與線上服務",
        "網站瀏覽53,835人次，計數器累計549,203人次。連結檢測9次，異常0個。應限期上網的規則27件，逾期0件。無障礙標章有效至108年8月14日，還有1,043天。",
        "這一頁沒有逾期、未達標或漏辦的事項",
        "8個月可核對，讀數之差都等於當月人次。",
        "28次檢測都沒有異常。",
        "剩1,043天",
        "行政規則與法規命令27件，都在期限內上網。綜合查詢每週更新，兩次之間最長9天。",
        "130,292件",
    ):
        assert said in shown, said
    assert len(test.get("vega_lite_chart")) == 1 and len(test.get("download_button")) == 7


def test_a_quarter_and_a_site(visit: Visit) -> None:
    shown = words(visit("website", period="quarter", to="2016-06", site="keelung"))
    assert "105年4月至6月網站與線上服務" in shown and "這裡的報表不分服務處所，以下是全分署的資料，不是基隆行政執行官辦公室的。" in shown
    assert "3個月可核對，讀數之差都等於當月人次。" in shown and "105年4月至6月網站與線上服務 網站瀏覽18,066人次，計數器累計531,187人次。" in shown


@pytest.mark.parametrize("page", ["website", "feedback", "activities", "facilities"])
def test_nothing_for_the_window_is_said_with_the_tables_that_lack(visit: Visit, page: str) -> None:
    shown = words(visit(page, "month"))
    assert "105年1月還沒有這些報表的資料：" in shown and "到上傳頁" in shown


@pytest.mark.parametrize("page", ["website", "feedback", "activities", "facilities"])
def test_an_empty_warehouse_says_what_to_do_first(visit: Visit, page: str) -> None:
    assert t("empty.title") in words(visit(page, "empty"))


def test_what_is_late_broken_or_does_not_agree_comes_first(visit: Visit, given: Given, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("SERVICE_QUALITY_TODAY", "2016-02-05")
    given(
        {
            "網站資訊更新紀錄表.csv": "類別,名稱,發布日期,上網日期\n行政規則,<b>甲</b>,105/01/04,105/01/12\n",
            "網站檢測紀錄表.csv": "檢測日期,檢測項目,受測數,異常數,處理情形\n105/01/04,外部連結,63,2,通知修正\n102/03/01,無障礙標章,1,0,取得標章\n",
            "網站瀏覽人次.csv": "統計月份,本月瀏覽人次,累計瀏覽人次\n10412,40,400\n10501,100,520\n",
        }
    )
    test = visit("website")
    shown = words(test)
    for said in (
        "▲ 逾期上網 &lt;b&gt;甲&lt;/b&gt;（行政規則） 105年1月4日發布，105年1月12日上網，8天，應在5天內",
        "▲ 尚未複檢正常 105年1月4日外部連結異常2個 通知修正",
        "▲ 讀數不符 105年1月計數器讀數 兩個月讀數相差120，月報的人次是100，差20",
        "可重新申請標章 無障礙標章有效至105年2月29日 剩24天",
        "▲ 未達標 行政規則5天內上網率",
    ):
        assert said in shown, said
    assert "逾期上網的規則" in shown and "<b>甲" not in " ".join(item.proto.body for item in test.get("html"))


def test_a_missing_month_is_a_gap_in_the_chart(visit: Visit, given: Given) -> None:
    given({"網站瀏覽人次.csv": "統計月份,本月瀏覽人次,累計瀏覽人次\n10501,100,500\n10503,120,700\n"})
    shown = words(visit("website"))
    assert "105年2月沒有資料，該處沒有長條，不是0。" in shown and "沒有前一個月的讀數，還不能核對。" in shown
