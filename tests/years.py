"""A made-up warehouse of thirty months in which it is known what happened: for what only shows over years (limits, rules, icons, phases, earlier years).

January 104 to June 106. Within 30 minutes: 96 of 100 until August 105, 80 of 100 from then on. Overall satisfaction: 96 of 100 throughout. Test calls: around 88
until March 105, around 95 from then on. Convenience stores: around 4,000, lacking March 106. In June 106 only the office at Keelung has sent its survey.
"""

from __future__ import annotations

import random
from collections.abc import Iterable, Sequence
from datetime import date
from pathlib import Path

from warehouse import period
from warehouse.explanation import explain
from warehouse.intake import Source
from warehouse.load import Request, load_file, open_warehouse
from warehouse.store import Warehouse
from warehouse.web.export import csv_bytes

MONTHS = period.month_range(date(2015, 1, 1), date(2017, 6, 1))
FELL, ROSE, LACKING = date(2016, 9, 1), date(2016, 4, 1), date(2017, 3, 1)


def fill(folder: Path, *, decided: bool = True) -> Path:
    """Load the thirty months into a folder; `decided`: with targets approved, one of them raised in January 106, and a phase agreed on."""
    dice = random.Random(105)
    warehouse = open_warehouse(folder)
    _load(warehouse, "survey_response", "問卷.csv", _survey(dice))
    _load(warehouse, "phone_test", "電話.csv", _calls(dice))
    _load(warehouse, "payment_monthly", "代收.csv", _payments(dice))
    _load(warehouse, "inquiry_monthly", "查詢.csv", _inquiries(dice))
    _load(warehouse, "web_traffic_monthly", "網站.csv", _visits(dice))
    if decided:
        _load(warehouse, "target", "目標.csv", TARGETS)
        _load(warehouse, "phase", "分段.csv", PHASES)
        explain(warehouse, "survey_time_within_30", MONTHS[-1], "新系統上線初期操作不熟，已排訓練。", "王小明")
    warehouse.close()
    return folder


TARGETS = [
    ["指標代碼", "目標值", "生效日期", "依據", "文號", "核定人"],
    ["survey_time_within_30", 90, "104/1/1", "核定", "宜秘字第1040001號", "分署長"],
    ["survey_time_within_30", 95, "106/1/1", "核定", "宜秘字第1060001號", "分署長"],
    ["survey_overall_top2", 90, "104/1/1", "核定", "宜秘字第1040001號", "分署長"],
]

PHASES = [
    ["指標代碼", "起始月份", "原因", "佐證", "提出人", "同意人"],
    ["phone_self_mean", "105年4月", "新進人員全部完成電話禮貌訓練", "訓練紀錄", "王小明", "李大華"],
]


def _load(warehouse: Warehouse, dataset: str, name: str, rows: Iterable[Sequence[object]]) -> None:
    request = Request(by="測試", dataset=dataset, accept=frozenset(["all"]))
    result = load_file(warehouse, Source(name, csv_bytes(rows)), request)
    assert result.outcome == "loaded", [finding.message for finding in result.findings]


def _roc(month: date, day: int | None = None) -> str:
    return f"{month.year - 1911}/{month.month}" + (f"/{day}" if day else "")


def _survey(dice: random.Random) -> Iterable[list[object]]:
    yield ["編號", "填表日期", "服務地點", "洽辦公務時間", "處理申請事項", "機關洽公環境", "接待志工警衛或替代役男的服務態度", "其他人員服務態度", "整體滿意度", "問題處理解答詢問"]  # fmt: skip
    for month in MONTHS:
        quick = 0.80 if month >= FELL else 0.96
        for site, most in (("宜蘭", 60), ("基隆", 30)):
            if site == "宜蘭" and month == MONTHS[-1]:
                continue
            for number in range(dice.randint(most // 3, most)):
                time = dice.choice(["15分鐘內", "30分鐘內"]) if dice.random() < quick else "45分鐘內"
                answers = [dice.choice(["很滿意", "滿意"]) if dice.random() < 0.96 else "尚滿意" for _ in range(6)]
                yield [f"{site}{number + 1:03d}", _roc(month, 3 + number % 24), site, time, *answers]


def _calls(dice: random.Random) -> Iterable[list[object]]:
    yield ["測試機關", "日期", "受測單位", "總分"]
    for month in MONTHS:
        middle = 95 if month >= ROSE else 88
        for section in ("執行股甲", "執行股乙", "執行股丙"):
            yield ["花蓮分署", _roc(month, 10), section, min(100, middle + dice.choice([-2, -1, -0.5, 0, 0.5, 1, 2]))]


def _payments(dice: random.Random) -> Iterable[list[object]]:
    yield ["月份", "管道", "件數", "金額"]
    for month in MONTHS:
        if month != LACKING:
            for channel, middle, amount in (("便利商店", 4000, 2000), ("臨櫃代收", 480, 57000)):
                count = middle + dice.randint(-middle // 20, middle // 20)
                yield [_roc(month), channel, count, count * amount]


def _inquiries(dice: random.Random) -> Iterable[list[object]]:
    yield ["月份", "查詢管道", "件數"]
    for month in MONTHS:
        for channel, middle in (("電話查詢", 1000), ("臨櫃查詢", 900), ("網路查詢(含電子信箱)", 4), ("資料影印", 2)):
            yield [_roc(month), channel, middle + dice.randint(-middle // 8, middle // 8)]


def _visits(dice: random.Random) -> Iterable[list[object]]:
    yield ["月份", "本月瀏覽人次", "累計瀏覽人次"]
    total = 400_000
    for month in MONTHS:
        visits = 6000 + dice.randint(-300, 300)
        total += visits
        yield [_roc(month), visits, total]
