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
        "定期辦理12項，應做90次都有紀錄。105年9月30日有設施與服務52項，本期異動5項。",
        "飲水機濾心更換次數 每季1次 ● · · ● · · ● · · 3 3 ● 達標",
        "連結檢測次數 每月1次 ● ● ● ● ● ● ● ● ● 9 9 ● 達標",
        "巡迴服務合作公所 5所 南澳鄉等鄉、鎮（區）公所 不分處所 105/09/01",
        "共30筆，這裡列出前12筆；全部在下載檔裡。",
        "男女廁坐式馬桶 1間 ● 達標 目標1間（報告明載）",
    ):
        assert said in shown, said


def test_what_was_missed_is_said_in_words_too(visit: Visit, given: Given) -> None:
    rows = "飲水機,105/01/06,水質檢測,合格\n郵局租用信箱,105/01/06,開啟信箱,無投書\n郵局租用信箱,105/04/06,開啟信箱,無投書\n"
    given({"設備維護保養紀錄表.csv": "設備,維護日期,項目,結果\n" + rows})
    test = visit("facilities")
    shown = words(test)
    assert "▲ 應做無紀錄 郵政信箱開啟次數 105年2月至3月沒有紀錄，應每月1次" in shown
    assert "▲ 應做無紀錄 飲水機濾心更換次數 105年3月為止的那一季沒有紀錄，應每季1次" in shown
    body = " ".join(item.proto.body for item in test.get("html"))
    signs = re.findall(r'role="img" aria-label="([^"]+)"', body)
    assert "105年2月應做而無紀錄" in signs and "105年1月有紀錄（1次）" in signs and "105年4月未到期" in signs


def test_a_month_before_anything_was_due(visit: Visit) -> None:
    shown = words(visit("facilities", period="custom", **{"from": "2016-02", "to": "2016-02"}))
    assert "這段期間沒有新增、變更或停用的項目。" in shown and "飲水機濾心更換次數 每季1次 · " in shown
