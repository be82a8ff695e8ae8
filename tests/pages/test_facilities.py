"""The page of facilities and maintenance: what stands on it."""

from __future__ import annotations

import re
from collections.abc import Callable

from streamlit.testing.v1 import AppTest

from tests.pages.test_pages import words

Visit = Callable[..., AppTest]
Given = Callable[[dict[str, str]], None]


def test_the_sample(visit: Visit) -> None:
    shown = words(visit("facilities"))
    for said in (
        "定期辦理事項12項，應辦90次均有紀錄。105年9月30日有設施與服務52項，本期異動5項。",
        "飲水機濾心更換次數 每季1次 ● · · ● · · ● · · 3 3 ● 均已辦理",
        "連結檢測次數 每月1次 ● ● ● ● ● ● ● ● ● 9 9 ● 均已辦理",
        "巡迴服務合作公所 5所 南澳鄉等鄉、鎮（區）公所 不分處所 105/09/01",
        "共30筆，這裡列出前12筆；全部在下載檔裡。",
        "男女廁坐式馬桶 1間 ● 達標 1間（報告明載）",
        "各項：尚無去年同期資料。",
    ):
        assert said in shown, said


def test_what_was_missed_is_said_in_words_too(visit: Visit, given: Given) -> None:
    rows = "飲水機,105/01/06,水質檢測,合格\n飲水機,105/02/06,水質檢測,不合格\n郵局租用信箱,105/01/06,開啟信箱,無投書\n郵局租用信箱,105/04/06,開啟信箱,無投書\n"
    given({"設備維護保養紀錄表.csv": "設備,維護日期,項目,結果\n" + rows})
    test = visit("facilities")
    shown = words(test)
    assert "▲ 應辦無紀錄 郵政信箱開啟次數 105年2月至3月沒有紀錄，應每月1次" in shown
    assert "▲ 應辦無紀錄 飲水機濾心更換次數 105年第1季沒有紀錄，應每季1次" in shown
    assert "▲ 檢測不合格 飲水機水質檢測 105年2月6日不合格，其後沒有合格紀錄" in shown
    assert re.search("郵政信箱開啟次數 每月1次 ● ▲ ▲ ● 2 4 ▲ 漏辦2次", shown) and "考核小組檢討會議次數 每季1次" not in shown
    body = " ".join(item.proto.body for item in test.get("html"))
    signs = re.findall(r'role="img" aria-label="([^"]+)"', body)
    assert "105年2月應辦而無紀錄" in signs and "105年1月有紀錄（1次）" in signs and "105年4月未到期" in signs


def test_a_month_before_anything_was_due(visit: Visit) -> None:
    shown = words(visit("facilities", period="custom", **{"from": "2016-02", "to": "2016-02"}))
    assert "這段期間沒有新增、變更或停用的項目。" in shown and "飲水機濾心更換次數 每季1次 · " in shown


def test_what_changed_stands_beside_what_it_was(visit: Visit, given: Given) -> None:
    rows = "哺(集)乳室,1,,間,宜蘭,105/01/01,\n無障礙停車位,2,,位,宜蘭,105/01/01,\n無障礙停車位,1,,位,宜蘭,105/03/01,\n"
    given({"設施與服務一覽表.csv": "項目,數量,內容,單位,地點,啟用日期,停用日期\n" + rows, "設備維護保養紀錄表.csv": "設備,維護日期,項目,結果\n飲水機,105/04/06,水質檢測,合格\n"})
    shown = words(visit("facilities"))
    assert "無障礙停車位 1位 2位 — 本分署 105/03/01" in shown and "哺(集)乳室 1間 — 本分署 105/01/01" in shown
