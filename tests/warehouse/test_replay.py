"""A rebuild on a later day: what was held stays held, what was released stays released."""

from __future__ import annotations

from pathlib import Path

import pytest

from warehouse import commands
from warehouse.load import open_warehouse

HEADER = "測試機關,日期,測試時間,受測單位,總分,評等,扣分原因\n"
FIRST = HEADER + "花蓮分署,105年8月2日,下午3時15分,執行股丁,88.5,甲等,\n花蓮分署,105年8月20日,下午3時15分,執行股乙,70,,\n"
RELEASED = HEADER + "花蓮分署,105年8月9日,下午3時15分,執行股乙,71,,\n"


@pytest.mark.parametrize("release", [False, True])
def test_rebuilding_on_another_day_gives_the_same_figures(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, release: bool) -> None:
    monkeypatch.setenv("SERVICE_QUALITY_TODAY", "2016-08-10")
    (tmp_path / "電話.csv").write_text(FIRST, encoding="utf-8")
    (tmp_path / "補正.csv").write_text(RELEASED, encoding="utf-8")
    warehouse = open_warehouse(tmp_path / "data")
    try:

        def load(name: str, **more: object) -> None:
            given = {"name": name, "path": str(tmp_path / name)}
            answer = commands.run(warehouse, "load", {"files": [given], "by": "甲", "accept": ["all"], **more})
            assert answer.document[0]["outcome"] == "loaded", answer.text

        load("電話.csv", hold=True, reason="日期待查")
        if release:
            load("補正.csv", release=1)
        before = commands.run(warehouse, "indicators", {"quarter": "105Q3"}).document
        assert next(figure for figure in before["indicators"] if figure["id"] == "phone_self_mean")["n"] == (2 if release else 1)
        monkeypatch.setenv("SERVICE_QUALITY_TODAY", "2016-09-10")
        rebuilt = commands.run(warehouse, "rebuild", {})
        assert rebuilt.code == commands.DONE, rebuilt.text
        assert commands.run(warehouse, "indicators", {"quarter": "105Q3"}).document == before
        assert commands.run(warehouse, "check", {}).code == commands.DONE
    finally:
        warehouse.close()


def test_a_target_of_an_earlier_year_cannot_turn_a_closed_quarter(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("SERVICE_QUALITY_TODAY", "2016-11-01")
    warehouse = open_warehouse(tmp_path / "data")
    try:
        assert commands.run(warehouse, "close", {"quarter": "105Q3", "by": "丙"}).code == commands.DONE
        row = {"指標代碼": "survey_time_within_30", "目標值": "99", "生效日期": "104/12/31", "依據": "核定", "文號": "甲字1號", "核定人": "丁"}
        answer = commands.run(warehouse, "form", {"dataset": "target", "values": row, "by": "丁", "accept": ["all"]})
        assert answer.code == commands.REFUSED and "E-BIZ-30" in answer.text + str(answer.document)
    finally:
        warehouse.close()
