"""The page of activities and training: what stands on it."""

from __future__ import annotations

from collections.abc import Callable

from streamlit.testing.v1 import AppTest

from tests.pages.test_pages import words

Visit = Callable[..., AppTest]
Given = Callable[[dict[str, str]], None]


def test_the_sample(visit: Visit) -> None:
    test = visit("activities")
    shown = words(test)
    for said in (
        "公益及宣導活動40項、339人次。教育訓練13場、691人次。會議決議195件，完成186件。社會救助7案、轉介16件。午休服務48人次。",
        "會議決議還有9件未完成 9次會議，最早是105年5月10日",
        "公益關懷 12 26 164 5",
        "環境清潔日次數 9次 ● 達標 9次（報告明載）",
        "105年1月至9月合計339人次；最多124人次（1月），最少14人次（5月、7月）",
        "105年1月至9月合計48人次；最多6人次（3月等4個月），最少4人次（2月）",
        "合計 40 54 339",
        "合計 48 196 0.24",
        "共40筆，這裡列出前12筆；全部在下載檔裡。",
        "張榮發基金會 7 健保署愛心專戶 6 羅東就業服務站 2 基隆就業服務站 1",
        "105年1月、105年5月沒有登記。",
    ):
        assert said in shown, said
    assert len(test.get("vega_lite_chart")) == 3
    assert "SA-04" not in shown
    test.session_state["aid_cases"] = True
    test.run()
    assert "SA-04 105/05/23 基隆市中正區公所 健保署愛心專戶、張榮發基金會、基隆就業服務站 物資協助 10,000" in words(test)


def test_a_site_narrows_what_tells_its_site_and_says_what_does_not(visit: Visit) -> None:
    shown = words(visit("activities", site="keelung"))
    assert "公益及宣導活動2項、8人次。" in shown and "教育訓練13場、691人次。" in shown
    assert shown.count("這一部分的報表不分服務處所，是全分署的資料。") == 3


def test_parts_without_data_say_which_table_brings_them(visit: Visit, given: Given) -> None:
    given({"教育訓練紀錄表.csv": "日期,課程名稱,類別,講師人數,參加人次,起,迄,備註\n105/02/23,甲,業務,2,53,,,\n"})
    shown = words(visit("activities"))
    for table in ("公益及宣導活動登記表", "午休不打烊服務紀錄表", "會議紀錄登記表", "社會救助通報轉介登記表"):
        assert f"105年1月至2月沒有「{table}」的資料。" in shown, table
    assert "105年2月為53人次" in shown
