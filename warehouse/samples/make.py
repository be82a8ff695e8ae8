"""Write the 105 sample: one file per table and month, spelt and saved as the office's own files are.

    python -m warehouse.samples.make

Totals to the end of September are those of the 105Q3 report; how they fall on months, sites, days and persons is made up.
Each table has its own seeded generator, so the files are the same bytes every time; a test holds that.
"""

from __future__ import annotations

import csv
import io
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from pathlib import Path
from random import Random
from typing import Any

FOLDER = Path(__file__).parent
YEAR = 2016
MONTHS = range(1, 10)
OFFICE = "法務部行政執行署宜蘭分署"
SITES = ("宜蘭", "基隆")

Row = Sequence[Any]


@dataclass(frozen=True)
class File:
    """One file of the sample: title rows, a header, rows and foot lines, and how it was saved."""

    dataset: str
    name: str
    header: Row
    rows: Sequence[Row]
    titles: Sequence[Row] = ()
    foot: Sequence[Row] = ()
    encoding: str = "utf-8-sig"
    delimiter: str = ","

    @property
    def path(self) -> str:
        """Where it lies below the samples folder."""
        return f"{self.dataset}/{self.name}.csv"

    def content(self) -> bytes:
        """The bytes: every line as wide as the header, as Excel saves it, CRLF, strictly encoded."""
        width = len(self.header)
        stream = io.StringIO(newline="")
        writer = csv.writer(stream, delimiter=self.delimiter, lineterminator="\r\n")
        for row in (*self.titles, self.header, *self.rows, *self.foot):
            writer.writerow([*row, *[""] * (width - len(row))])
        if self.encoding == "utf-16":
            return ("\ufeff" + stream.getvalue()).encode("utf-16-le")
        return stream.getvalue().encode(self.encoding)


def saved_by(month: int, turn: int) -> str:
    """The encoding of a month's file: clerks take turns, and each has another Excel."""
    return ("cp950", "utf-8-sig", "utf-8")[(month + turn) % 3]


def unit_line(width: int, words: str) -> Row:
    """A title row with the unit at the right edge."""
    return [""] * (width - 1) + [f"單位：{words}"]


# --- days and figures as clerks write them ----------------------------------------------------------------------------------

HOLIDAYS = {
    date(2016, 1, 1): "開國紀念日",
    date(2016, 2, 7): "農曆除夕",
    date(2016, 2, 8): "春節",
    date(2016, 2, 9): "春節",
    date(2016, 2, 10): "春節",
    date(2016, 2, 11): "補假",
    date(2016, 2, 12): "調整放假",
    date(2016, 2, 28): "和平紀念日",
    date(2016, 2, 29): "補假",
    date(2016, 4, 4): "兒童節及民族掃墓節",
    date(2016, 4, 5): "補假",
    date(2016, 6, 9): "端午節",
    date(2016, 6, 10): "調整放假",
    date(2016, 9, 15): "中秋節",
    date(2016, 9, 16): "調整放假",
    date(2016, 10, 10): "國慶日",
}
MADE_UP_FOR = {date(2016, 1, 30): "補行上班", date(2016, 6, 4): "補行上班", date(2016, 9, 10): "補行上班"}
TYPHOONS = {date(2016, 7, 8), date(2016, 9, 27), date(2016, 9, 28)}


def is_workday(day: date) -> bool:
    """By the government's calendar of 105."""
    return day in MADE_UP_FOR or (day.weekday() < 5 and day not in HOLIDAYS)


def days_of(month: int) -> list[date]:
    """All days of a month of 105."""
    first = date(YEAR, month, 1)
    return [day for day in (first + timedelta(n) for n in range(31)) if day.month == month]


def open_days(month: int) -> list[date]:
    """The days on which the office was really open, Mondays to Fridays."""
    return [day for day in days_of(month) if is_workday(day) and day.weekday() < 5 and day not in TYPHOONS]


def on(month: int, day: int) -> date:
    """A day of 105."""
    return date(YEAR, month, day)


def wide(text: str) -> str:
    """Full-width digits and commas, as an input method left on writes them."""
    return text.translate({**{ord("0") + n: ord("０") + n for n in range(10)}, ord(","): "，", ord("/"): "／"})


def roc(day: date, style: int = 0) -> str:
    """A day in one of the spellings met."""
    year, month, number = day.year - 1911, day.month, day.day
    return (
        f"{year}年{month}月{number}日",
        f"{year}/{month:02d}/{number:02d}",
        f"{year}.{month}.{number}",
        f"{year}{month:02d}{number:02d}",
        f"{year}/{month}/{number}",
        f"{year}-{month:02d}-{number:02d}",
        f"民國{year}年{month:02d}月{number:02d}日",
        wide(f"{year}/{month}/{number}"),
    )[style % 8]


def roc_month(month: int, style: int = 0) -> str:
    """A month in one of the spellings met."""
    return (f"105年{month}月", f"105{month:02d}", f"105/{month:02d}", f"105年{month:02d}月份", wide(f"105年{month}月"))[style % 5]


def thousands(value: int) -> str:
    """4,861"""
    return f"{value:,}"


def in_wan(value: int) -> str:
    """2,911萬0,442"""
    high, low = divmod(value, 10_000)
    return f"{high:,}萬{low // 1000},{low % 1000:03d}" if high else thousands(value)


def plain_score(tenths: int) -> str:
    """935 → 93.5, 930 → 93"""
    return f"{tenths // 10}.{tenths % 10}" if tenths % 10 else str(tenths // 10)


def spread(total: int, weights: Sequence[float], random: Random, noise: float = 0.04) -> list[int]:
    """Whole parts of a total, about as the weights say, that add up to it exactly."""
    shaken = [weight * (1 + random.uniform(-noise, noise)) for weight in weights]
    parts = [int(total * weight / sum(shaken)) for weight in shaken]
    for index in range(total - sum(parts)):
        parts[index % len(parts)] += 1
    return parts


# --- questionnaires ---------------------------------------------------------------------------------------------------------

QUESTIONS = {
    "洽辦公務時間": {"15分鐘內": 135, "30分鐘內": 35, "45分鐘內": 5},
    "處理申請事項": {"很滿意": 95, "滿意": 78, "尚滿意": 2},
    "機關洽公環境": {"很滿意": 95, "滿意": 74, "尚滿意": 5, "不滿意": 1},
    "接待志工警衛或替代役男的服務態度": {"很滿意": 127, "滿意": 46, "尚滿意": 2},
    "其他人員服務態度": {"很滿意": 95, "滿意": 75, "尚滿意": 5},
    "整體滿意度": {"很滿意": 103, "滿意": 71, "尚滿意": 1},
    "問題處理解答詢問": {"很滿意": 110, "滿意": 61, "尚滿意": 4},
}
#: Forms of each month at 宜蘭 and 基隆; 175 in all.
FORMS = ((12, 7), (8, 4), (14, 7), (12, 7), (13, 7), (14, 7), (13, 7), (14, 8), (14, 7))
COMMENTS = ("服務親切", "希望增加座位", "停車位不足", "動線標示清楚", "謝謝志工協助", "等候時間可再縮短", "飲水機旁可多放紙杯")
OTHER_SPELLINGS = {"15分鐘內": ("15分鐘以內", "１５分鐘內"), "30分鐘內": ("３０分鐘內", "30分鐘以內"), "45分鐘內": ("45分鐘以內",)}


def survey_answers(random: Random) -> list[list[str]]:
    """175 forms with exactly the marginals of the report; who is content with one thing tends to be with the others."""
    forms = sum(sum(counts) for counts in FORMS)
    mood = [random.random() for _ in range(forms)]
    columns = []
    for question, counts in QUESTIONS.items():
        share = 0.0 if question == "洽辦公務時間" else 0.5
        order = sorted(range(forms), key=lambda form, share=share: share * mood[form] + (1 - share) * random.random())
        words = [word for word, count in counts.items() for _ in range(count)]
        column = [""] * forms
        for form, word in zip(order, words, strict=True):
            column[form] = word
        columns.append(column)
    return [list(form) for form in zip(*columns, strict=True)]


def survey_response() -> Iterator[File]:
    random = Random("survey_response")
    answers = survey_answers(random)
    header = ["編號", "填表日期", "服務地點", *QUESTIONS, "建議事項"]
    number = 0
    for month, counts in zip(MONTHS, FORMS, strict=True):
        visits = sorted((random.choice(open_days(month)), site) for site, count in zip(SITES, counts, strict=True) for _ in range(count))
        rows = []
        for day, site in visits:
            time, *rest = answers[number]
            number += 1
            if random.random() < 0.15:
                time = random.choice(OTHER_SPELLINGS[time])
            comment = "冷氣太冷" if "不滿意" in rest else random.choice(COMMENTS) if random.random() < 0.08 else ""
            rows.append([f"{number:03d}", roc(day, random.choice((0, 1, 1, 2, 2, 3, 7))), site, time, *rest, comment])
        yield File(
            "survey_response",
            f"105年{month:02d}月問卷登錄清冊",
            header,
            rows,
            titles=[[f"105年{month}月為民服務意見調查表登錄清冊"], ["單位：份"]],
            foot=[["合計", "", "", len(rows)]],
            encoding=saved_by(month, 2),
        )


def survey_tally() -> Iterator[File]:
    random = Random("survey_tally")
    header = ["月份", "服務地點", "發出份數", "回收份數", "有效份數", "無效份數"]
    for month, counts in zip(MONTHS, FORMS, strict=True):
        rows: list[list[Any]] = []
        for site, valid in zip(SITES, counts, strict=True):
            invalid = random.choice((0, 0, 1, 1, 2))
            rows.append([roc_month(month, month), site, valid + invalid + random.randrange(3, 9), valid + invalid, valid, invalid])
        sums = [sum(row[column] for row in rows) for column in range(2, 6)]
        yield File(
            "survey_tally",
            f"105年{month:02d}月意見調查份數統計表",
            header,
            rows,
            titles=[[f"{OFFICE}105年{month}月意見調查份數統計表"], unit_line(6, "份")],
            foot=[["合計", "", *sums], ["填表人：　　　　單位主管："]],
            encoding=saved_by(month, 1),
        )


# --- telephone and attitude -------------------------------------------------------------------------------------------------

SECTIONS = {"執行股甲": "0212", "執行股乙": "0215", "執行股丙": "0221", "執行股丁": "0224", "秘書室": "301", "會計室": "306", "統計室": "311"}
#: September's two calls, item by item in tenths; the other sixteen make 1671.6 of all eighteen.
SEPTEMBER_CALLS = (
    (on(9, 12), "10:25", "執行股甲", (250, 185, 150, 220, 130)),
    (on(9, 21), "15:40", "秘書室", (250, 180, 150, 215, 126)),
)
ITEM_REASONS = {1: "未報單位名稱", 3: "結束前未說再見", 4: "說明未盡詳細"}


def scores(total: int, count: int, step: int, random: Random) -> list[int]:
    """So many scores in tenths, in steps, that add up to the total; none below 88 or above 97."""
    middle = total / count
    while True:
        drawn = [round(random.gauss(middle, 16) / step) * step for _ in range(count - 1)]
        drawn.append(total - sum(drawn))
        if all(880 <= score <= 970 for score in drawn):
            return drawn


def items(score: int, random: Random) -> tuple[int, ...]:
    """The five items of a score: both answered at once, the rest of the points lost in manner and content."""
    while True:
        operator, manner = random.randrange(170, 200, 5), random.randrange(205, 245, 5)
        content = score - 250 - 150 - operator - manner
        if 110 <= content <= 150:
            return 250, operator, 150, manner, content


def reason(parts: tuple[int, ...]) -> str:
    """Why most points were lost."""
    full = (250, 200, 150, 250, 150)
    return ITEM_REASONS[max(ITEM_REASONS, key=lambda index: full[index] - parts[index])]


def grade(score: int) -> str:
    """優等 from 90 on."""
    return "優等" if score >= 900 else "甲等"


Call = tuple[date, str, str, tuple[int, ...]]


def two_calls(month: int, totals: Sequence[int], random: Random) -> list[Call]:
    """Two calls of a month, to two sections on two days: day, time, section, items."""
    days = sorted(random.sample(open_days(month), 2))
    sections = random.sample(list(SECTIONS), 2)
    times = [f"{random.choice((9, 10, 11, 14, 15, 16))}:{random.randrange(5, 60, 5):02d}" for _ in days]
    return [(day, time, section, items(total, random)) for day, time, section, total in zip(days, times, sections, totals, strict=True)]


def phone_test_by_hualien() -> Iterator[File]:
    random = Random("phone_test hualien")
    september = sum(sum(parts) for *_, parts in SEPTEMBER_CALLS)
    totals = scores(16716 - september, 16, 1, random)
    header = ["測試日期", "測試時間", "受測單位", "分機", "總機接聽速度(25)", "總機電話禮貌(20)", "接聽速度(15)", "電話禮貌(25)", "答話內容(15)"]
    for month in MONTHS:
        calls = list(SEPTEMBER_CALLS) if month == 9 else two_calls(month, totals[2 * month - 2 : 2 * month], random)
        rows = [
            [
                roc(day, (3, 4)[turn]),
                time,
                section,
                wide(SECTIONS[section]) if turn == 0 else SECTIONS[section],
                *map(plain_score, parts),
                plain_score(sum(parts)),
                grade(sum(parts)),
                reason(parts),
            ]
            for turn, (day, time, section, parts) in enumerate(calls)
        ]
        doubled = sum(sum(parts) for *_, parts in calls) * 5
        mean = f"{doubled // 100}.{doubled % 100:02d}".rstrip("0").rstrip(".")
        yield File(
            "phone_test",
            f"105年{month:02d}月電話禮貌測試紀錄表（花蓮分署）",
            [*header, "總分", "評等", "扣分原因"],
            rows,
            titles=[[f"花蓮分署協助宜蘭分署105年{month}月電話禮貌測試紀錄表"]],
            foot=[["平均", *[""] * 8, mean, grade(doubled // 10)]],
            encoding=saved_by(month, 0),
        )


def phone_test_by_head_office() -> Iterator[File]:
    random = Random("phone_test hq")
    totals = scores(8265, 9, 5, random)
    for month, total in zip(MONTHS, totals, strict=True):
        day, section = random.choice(open_days(month)), random.choice(list(SECTIONS))
        time = f"{random.choice(('上午10時', '下午2時', '下午3時'))}{random.randrange(5, 60, 5)}分"
        lost = random.choice(list(ITEM_REASONS.values()))
        yield File(
            "phone_test",
            f"105年{month:02d}月執行態度電話禮貌評核（執行署）",
            ["測試機關", "日期", "測試時間", "受測單位", "總分", "評等", "扣分原因"],
            [["執行署", roc(day), time, section, plain_score(total), grade(total), lost]],
            titles=[[f"法務部行政執行署辦理宜蘭分署105年{month}月執行態度電話禮貌評核紀錄表"]],
            encoding="utf-8-sig",
        )


UNITS = ("執行股甲", "執行股乙", "執行股丙", "執行股丁", "基隆股甲", "基隆股乙")


def attitude_score() -> Iterator[File]:
    random = Random("attitude_score")
    header = ["月份", "單位", "問卷訪查", "電話禮貌", "民眾抱怨", "主管考評", "加減分", "總分", "名次"]
    last = ""
    for month in MONTHS:
        while True:
            parts = {unit: attitude_parts(random) for unit in UNITS}
            order = sorted(UNITS, key=lambda unit, parts=parts: -sum(parts[unit]))
            if len({sum(part) for part in parts.values()}) == len(UNITS) and order[-1] != last:
                break
        last = order[-1]
        rows = [
            [roc_month(month, month + 1), unit, *map(plain_score, parts[unit]), plain_score(sum(parts[unit])), order.index(unit) + 1]
            for unit in UNITS
        ]
        yield File(
            "attitude_score",
            f"105年{month:02d}月執行態度考核",
            header,
            rows,
            titles=[[f"{OFFICE}105年{month}月執行態度考核成績一覽表"]],
            foot=[["備註：以75分為原則，並參酌平日表現加減分"]],
            encoding="utf-16" if month == 6 else saved_by(month, 2),
            delimiter="\t" if month == 6 else ",",
        )


def attitude_parts(random: Random) -> tuple[int, ...]:
    """問卷訪查, 電話禮貌, 民眾抱怨, 主管考評 out of 20 each, and 加減分, in tenths."""
    survey, phone = random.randrange(183, 198), random.randrange(180, 194)
    complaint, supervisor = random.choice((190, 195, 200, 200)), random.randrange(185, 200)
    return survey, phone, complaint, supervisor, random.choice((0, 0, 5, 10, 15, 20))


# --- money, papers, visits --------------------------------------------------------------------------------------------------

#: A short February, otherwise an even year.
MONTH_WEIGHTS = (1.02, 0.72, 1.06, 1.0, 1.03, 1.02, 1.05)


def payment_monthly() -> Iterator[File]:
    random = Random("payment_monthly")
    by_column = [
        [*spread(42_648 - 4_861 - 4_739, MONTH_WEIGHTS, random), 4_861, 4_739],
        [*spread(83_952_914 - 9_402_118 - 9_328_102, MONTH_WEIGHTS, random), 9_402_118, 9_328_102],
        [*spread(4_400 - 511 - 489, MONTH_WEIGHTS, random), 511, 489],
        [*spread(251_046_629 - 29_110_442 - 27_894_070, MONTH_WEIGHTS, random), 29_110_442, 27_894_070],
    ]
    for index, month in enumerate(MONTHS):
        spelling = wide if month == 5 else str
        figures = [spelling(thousands(column[index])) for column in by_column]
        if month in (2, 8):
            figures[3] = in_wan(by_column[3][index])
        yield File(
            "payment_monthly",
            f"105年{month:02d}月案款代收月報表",
            ["月份", "便利商店代收件數", "便利商店金額", "臨櫃代收筆數", "臨櫃代收金額"],
            [[roc_month(month, 4 if month == 5 else 0), *figures]],
            titles=[["便利商店代收及臨櫃代收案款月報表"], unit_line(5, "新臺幣元")],
            foot=[["累計", *(thousands(sum(column[: index + 1])) for column in by_column)], ["填表人：　　　　主辦會計："]],
            encoding=saved_by(month, 1),
        )


def web_traffic_monthly() -> Iterator[File]:
    random = Random("web_traffic_monthly")
    visits = [random.randrange(5_930, 6_090) for _ in range(7)] + [6_012, 6_023]
    visits[1] = 5_688
    reading = 549_203 - sum(visits)
    for month, count in zip(MONTHS, visits, strict=True):
        reading += count
        yield File(
            "web_traffic_monthly",
            f"105年{month:02d}月網站瀏覽人次",
            ["統計月份", "本月瀏覽人次", "累計瀏覽人次"],
            [[roc_month(month, 1), thousands(count), in_wan(reading) if month == 4 else thousands(reading)]],
            titles=[[f"{OFFICE}全球資訊網瀏覽人次統計"], unit_line(3, "人次")] if month % 2 else (),
            foot=[[f"資料截止日：{roc(days_of(month)[-1])}"]] if month % 3 == 0 else (),
            encoding=saved_by(month, 0),
        )


INQUIRIES = {
    "電話查詢": (1_002, 612, 1_015, 950, 948, 967, 1_011, 1_043, 1_023),
    "臨櫃查詢": (930, 605, 980, 921, 933, 948, 965, 1_003, 997),
    "網路查詢(含電子信箱)": (0,) * 9,
    "資料影印": (2, 0, 1, 3, 1, 0, 2, 1, 2),
}


def inquiry_monthly() -> Iterator[File]:
    for quarter in (1, 2, 3):
        first = 3 * quarter - 3
        by_channel = {channel: counts[first : first + 3] for channel, counts in INQUIRIES.items()}
        sums = [sum(month) for month in zip(*by_channel.values(), strict=True)]
        yield File(
            "inquiry_monthly",
            f"105年第{quarter}季受理查詢件數統計表",
            ["查詢管道", *(f"{first + month}月" for month in (1, 2, 3)), "合計"],
            [[channel, *map(thousands, counts), thousands(sum(counts))] for channel, counts in by_channel.items()],
            titles=[[f"{OFFICE}105年第{quarter}季受理查詢件數統計表"], unit_line(5, "件")],
            foot=[["合計", *map(thousands, sums), thousands(sum(sums))]],
            encoding=saved_by(quarter, 2),
        )


#: September's row; the other months make up the year's totals.
PAPERS = {
    "電子支付件數": (238, 27),
    "電子下單件數": (9, 1),
    "執行憑證筆數": (2_991, 340),
    "執行憑證件數": (130_292, 14_802),
    "執行命令電子交換件數": (87_676, 9_871),
}


def edoc_monthly() -> Iterator[File]:
    random = Random("edoc_monthly")
    weights = (*MONTH_WEIGHTS, 1.04)
    columns = [[*spread(total - september, weights, random), september] for total, september in PAPERS.values()]
    columns[1] = [1] * 9
    for index, month in enumerate(MONTHS):
        counts = [column[index] for column in columns]
        yield File(
            "edoc_monthly",
            f"105年{month:02d}月電子化作業統計表",
            ["月份", *PAPERS],
            [[roc_month(month), *map(in_wan if month % 3 == 0 else thousands, counts)]],
            titles=[[f"{OFFICE}105年{month}月電子化作業統計表"]],
            foot=[["備註：執行命令電子交換自101年2月13日起上線，本表為當月件數"]],
            encoding=saved_by(month, 1),
        )


# --- what citizens write ----------------------------------------------------------------------------------------------------

#: Number, received, type, where from, tone, handled by, closed, how answered, extended.
FEEDBACK = (
    ("M-001", on(1, 13), "民意信箱", "網站", "", "秘書室", on(1, 15), "電子郵件", "否"),
    ("N-001", on(1, 27), "新聞輿情", "報紙", "正面", "秘書室", on(1, 27), "存參", "-"),
    ("O-001", on(2, 17), "義務人陳述信箱", "網站", "", "執行科", on(2, 22), "電子郵件", "否"),
    ("N-002", on(3, 4), "新聞輿情", "電視", "中性", "秘書室", on(3, 4), "存參", "-"),
    ("M-002", on(3, 15), "民意信箱", "網站", "", "執行科", on(3, 18), "電子郵件", "否"),
    ("105-001", on(4, 11), "陳情", "書面", "", "執行科", on(4, 22), "公文", "否"),
    ("O-002", on(4, 20), "義務人陳述信箱", "網站", "", "執行科", on(4, 25), "電話", "否"),
    ("M-003", on(5, 12), "民意信箱", "網站", "", "秘書室", on(5, 16), "電子郵件", "否"),
    ("N-003", on(5, 24), "新聞輿情", "報紙", "正面", "秘書室", on(5, 24), "存參", "-"),
    ("O-003", on(6, 6), "義務人陳述信箱", "網站", "", "執行科", on(6, 13), "公文", "否"),
    ("N-004", on(6, 24), "新聞輿情", "網路", "正面", "秘書室", on(6, 24), "存參", "-"),
    ("M-004", on(7, 19), "民意信箱", "網站", "", "統計室", on(7, 21), "電子郵件", "否"),
    ("O-004", on(7, 26), "義務人陳述信箱", "網站", "", "執行科", on(7, 29), "電子郵件", "否"),
    ("N-005", on(8, 9), "新聞輿情", "報紙", "中性", "秘書室", on(8, 9), "存參", "-"),
    ("O-005", on(8, 17), "義務人陳述信箱", "網站", "", "執行科", on(8, 22), "電話", "否"),
    ("N-006", on(9, 6), "新聞輿情", "報紙", "負面", "秘書室", on(9, 6), "澄清", "-"),
    ("M-005", on(9, 20), "民意信箱", "網站", "", "執行科", on(9, 22), "電子郵件", "否"),
)


def feedback_case() -> Iterator[File]:
    for month in MONTHS:
        rows = []
        for number, received, kind, channel, tone, unit, closed, reply, extended in FEEDBACK:
            if received.month == month:
                style = 1 if kind == "新聞輿情" else 0
                summary = "（標題）" if kind == "新聞輿情" else "（去識別化）"
                rows.append([number, roc(received, style), kind, channel, summary, tone, unit, roc(closed, style), reply, extended])
        yield File(
            "feedback_case",
            f"105年{month:02d}月民眾意見及新聞輿情登記簿",
            ["編號", "收件日期", "類別", "管道", "案由摘要", "輿情屬性", "承辦單位", "辦結日期", "回復方式", "是否延期"],
            rows,
            titles=[[f"105年{month}月民眾意見及新聞輿情登記簿"]],
            encoding=saved_by(month, 2),
        )


# --- events, training, meetings ---------------------------------------------------------------------------------------------


@dataclass(frozen=True)
class Event:
    """An outing or campaign, with what was counted."""

    day: date
    category: str
    title: str
    partner: str = ""
    site: str = "宜蘭"
    place: str = ""
    who: str = "替代役男"
    sessions: int | str = 1
    persons: int | str = ""
    households: int | str = ""
    cc: int | str = ""
    until: date | None = None

    @property
    def days(self) -> str:
        """One day, or 105年1月18日至2月3日."""
        if self.until is None:
            return roc(self.day, 2 if self.category == "捐血" else 0)
        return f"{roc(self.day)}至{self.until.month}月{self.until.day}日"


_LAW_TALK = "公法上金錢給付義務之行政執行業務簡介及公務員廉政倫理"
_HUASHAN, _HONDAO, _GENESIS = "華山基金會", "弘道老人福利基金會", "創世基金會羅東分會"
LISTED_EVENTS = (
    Event(
        on(1, 18), "公益關懷", "歲末年終獨居老人居家關懷環境清潔", "", place="轄區", who="職員及替代役男", sessions=15, persons=110, until=on(2, 3)
    ),
    Event(on(2, 3), "公益關懷", "送長輩年菜", _HUASHAN, place="轄區", who="職員及替代役男", persons=5, households=5),
    Event(on(3, 3), "公益關懷", "105年華山基金會老人春季郊遊", _HUASHAN, place="礁溪鄉龍潭湖", persons=6),
    Event(on(3, 7), "公益關懷", "獨居老人居家清潔", _HONDAO + "基隆分會", "基隆", "基隆市", persons=4),
    Event(on(3, 10), "公益關懷", "關懷植物人活動", _GENESIS, place="羅東鎮", persons=4),
    Event(on(4, 25), "公益關懷", "獨居老人居家清潔活動", _HUASHAN, place="南澳鄉武塔村", persons=4),
    Event(on(4, 28), "公益關懷", "關懷植物人活動", _GENESIS, place="羅東鎮", persons=4),
    Event(on(6, 7), "公益關懷", "關懷植物人活動", _GENESIS, place="羅東鎮", persons=4),
    Event(on(6, 23), "公益關懷", "第4屆愛老人運動會", _HUASHAN, place="志清堂", persons=8),
    Event(on(8, 4), "公益關懷", "2016年不老環台逗陣行（員山場次）", _HONDAO, place="宜蘭區員山", persons=7),
    Event(on(8, 8), "公益關懷", "2016年不老環台逗陣行（暖暖場次）", _HONDAO, "基隆", "基隆區暖暖", persons=4),
    Event(on(8, 25), "公益關懷", "愛老人K歌茶會", _HUASHAN, place="宜蘭市", persons=4),
    Event(on(3, 4), "捐血", "捐血活動", "宜蘭縣政府", place="宜蘭縣政府", persons=23, cc=3_250),
    Event(on(6, 3), "捐血", "捐血活動", "宜蘭縣政府", place="宜蘭縣政府", persons=15, cc=4_250),
    Event(on(9, 8), "捐血", "替代役．暑期百萬cc捐血活動", "", place="本分署", who="職員及替代役男", persons=11, cc=3_000),
    Event(on(4, 21), "授課", _LAW_TALK, "國稅局宜蘭分局", place="國稅局宜蘭分局", who="書記官1名"),
    Event(on(5, 19), "授課", "案件移送前應注意事項", "宜蘭縣政府", place="宜蘭縣政府", who="執行官1名"),
    Event(on(6, 2), "授課", _LAW_TALK, "壯圍鄉公所", place="壯圍鄉公所", who="書記官1名"),
    Event(on(6, 14), "授課", _LAW_TALK, "蘇澳鎮公所", place="蘇澳鎮公所", who="書記官1名"),
    Event(
        on(5, 22),
        "租稅宣導",
        "「遊湖、賞湖大家都幸福」環湖健走暨統一發票推行租稅宣導",
        "宜蘭縣政府地方稅務局",
        place="冬山鄉梅花湖風景區",
        who="職員",
    ),
    Event(on(7, 6), "租稅宣導", "105年度統一發票推行及學生租稅研習營宣導活動", "北區國稅局宜蘭分局", place="五樓大禮堂", who="職員"),
    Event(
        on(8, 6), "租稅宣導", "「拒絕私菸 歡樂fun映趣」防制菸品稅捐逃漏租稅宣導活動", "國稅局宜蘭分局", place="宜蘭新月影城暨一樓老樹廣場", who="職員"
    ),
)
#: The first Monday of each month; in April the one after the holidays.
CLEANING_DAYS = (on(1, 4), on(2, 1), on(3, 7), on(4, 11), on(5, 2), on(6, 6), on(7, 4), on(8, 1), on(9, 5))
COMMUNITY_DAYS = (on(1, 15), on(2, 19), on(3, 18), on(4, 15), on(5, 13), on(6, 17), on(7, 15), on(8, 19), on(9, 23))


def outreach_event() -> Iterator[File]:
    header = ["序號", "活動日期", "類別", "活動名稱", "合作單位", "服務處所", "地點", "參與身分", "場次", "人次", "受益戶數", "數量", "數量單位"]
    events = [
        *LISTED_EVENTS,
        *(Event(day, "環境清潔日", "環境清潔日", place="辦公廳舍週邊", who="職員及替代役男", persons=8) for day in CLEANING_DAYS),
        *(Event(day, "社區清潔", "替代役男社區打掃公益服務", place="鄰近社區", persons=6) for day in COMMUNITY_DAYS),
    ]
    events.sort(key=lambda event: (event.day, event.category))
    for month in MONTHS:
        rows = [
            [
                number,
                event.days,
                event.category,
                event.title,
                event.partner,
                event.site,
                event.place,
                event.who,
                event.sessions,
                event.persons,
                event.households,
                thousands(event.cc) if isinstance(event.cc, int) else "",
                "cc" if event.cc else "",
            ]
            for number, event in enumerate(events, start=1)
            if event.day.month == month
        ]
        yield File(
            "outreach_event",
            f"105年{month:02d}月公益及宣導活動登記表",
            header,
            rows,
            titles=[[f"{OFFICE}105年{month}月公益及宣導活動登記表"]],
            encoding=saved_by(month, 0),
        )


#: Day, title, category, lecturers, persons, start, end, note.
TRAININGS = (
    (on(2, 23), "「公務機關信用卡繳費平台」教育訓練", "業務", 2, 53, "", "", "聯合信用卡處理中心派員講授"),
    (on(3, 24), "性別主流化訓練", "性別主流化", "", 65, "", "", "播放影片"),
    (on(3, 29), "多元族群文化訓練", "多元文化", "", 59, "", "", "播放影片"),
    (on(3, 31), "105年度機關團體公用事業導入電子發票講習會", "業務", 1, 71, "", "", ""),
    (on(4, 28), "如何提升政府服務品質的因應作為", "為民服務", 1, 18, "", "", "教育宣導課程"),
    (on(6, 1), "105年度法務部暨所屬北區各機關志願服務工作人員特殊訓練", "志願服務", "", 73, "", "", "第一會議室"),
    (on(6, 16), "105年上半年度員工消防安全講習及訓練", "消防", 1, 64, "", "", ""),
    (on(6, 21), "人權教育訓練", "人權", "", 54, "", "", "播放影片"),
    (on(7, 21), "提升政府服務品質", "為民服務", 1, 61, "10:00", "12:00", "教育宣導課程"),
    (on(7, 26), "廉政倫理訓練", "廉政", "", 47, "", "", "播放數位課程"),
    (on(8, 5), "母乳哺育衛教宣導課程", "衛生", 1, 28, "9:00", "11:00", ""),
    (on(8, 25), "105年度第1次資訊安全教育訓練", "資訊安全", 1, 39, "14:00", "17:00", "3小時課程"),
    (on(9, 22), "105年國家防災日全民地震演練活動", "防災", "", 59, "", "", ""),
)


def training_session() -> Iterator[File]:
    for month in MONTHS:
        rows = [[roc(day, 1 if month % 2 == 0 else 0), *rest] for day, *rest in TRAININGS if day.month == month]
        if not rows:
            continue
        yield File(
            "training_session",
            f"105年{month:02d}月教育訓練紀錄表",
            ["日期", "課程名稱", "類別", "講師人數", "參加人次", "起", "迄", "備註"],
            rows,
            titles=[[f"105年{month}月教育訓練紀錄表"]],
            foot=[["合計", "", "", "", sum(row[4] for row in rows)]],
            encoding=saved_by(month, 1),
        )


WORK_DAYS = (on(1, 6), on(2, 3), on(3, 8), on(4, 7), on(5, 4), on(6, 7), on(7, 6), on(8, 3), on(9, 6))
SUPERVISOR_DAYS = (
    *(on(1, 12), on(1, 26), on(2, 23), on(3, 9), on(3, 22), on(4, 12), on(4, 26), on(5, 10), on(5, 24), on(6, 14), on(6, 28)),
    *(on(7, 12), on(7, 27), on(8, 9), on(8, 23), on(9, 13), on(9, 26)),
)
REVIEW_DAYS = (on(3, 30), on(6, 29), on(9, 29))
AWARD_DAYS = (on(1, 20), on(2, 16), on(3, 16), on(4, 20), on(5, 18), on(6, 15), on(7, 20), on(8, 17), on(9, 14))


def meeting() -> Iterator[File]:
    random = Random("meeting")
    held = [
        (day, [roc(day), kind, f"第{number}次", chair, (count := random.randrange(3, 8)), count - random.choice((0, 0, 1))])
        for kind, chair, days in (
            ("主管會議", "分署長", SUPERVISOR_DAYS),
            ("考核小組", "主任行政執行官", REVIEW_DAYS),
            ("品質獎工作小組", "主任行政執行官", AWARD_DAYS),
        )
        for number, day in enumerate(days, start=1)
    ]
    actions = (*(random.randrange(3, 8) for _ in range(8)), 5)
    held += [
        (day, [roc(day), "工作會議", f"第{number}次", "分署長", count, count - (number == 9)])
        for number, (day, count) in enumerate(zip(WORK_DAYS, actions, strict=True), start=1)
    ]
    held.append((on(2, 18), ["105年2月18日至19日", "標竿參訪", "", "分署長", "", "", 3]))
    held.sort(key=lambda entry: entry[0])
    for month in MONTHS:
        header = ["日期", "會議類別", "次別", "主席", "決議件數", "完成件數"]
        yield File(
            "meeting",
            f"105年{month:02d}月會議紀錄登記表",
            [*header, "參訪機關數"] if month == 2 else header,
            [row for day, row in held if day.month == month],
            titles=[[f"{OFFICE}105年{month}月會議紀錄登記表"]],
            encoding=saved_by(month, 2),
        )


# --- care, facilities, upkeep -----------------------------------------------------------------------------------------------

_YILAN, _NHI, _CHANG = "宜蘭縣政府社會處", "健保署愛心專戶", "張榮發基金會"
#: Number, day, agency told, three agencies referred to, kind of help, cash at a visit.
AID_CASES = (
    ("SA-01", on(1, 20), _YILAN, _NHI, _CHANG, "", "健保欠費", ""),
    ("SA-02", on(3, 9), _YILAN, _NHI, _CHANG, "羅東就業服務站", "健保欠費/就業", ""),
    ("SA-03", on(4, 13), "新北市瑞芳區公所", _NHI, _CHANG, "", "租屋補助", ""),
    ("SA-04", on(5, 23), "基隆市中正區公所", _NHI, _CHANG, "基隆就業服務站", "物資協助", "10,000"),
    ("SA-05", on(6, 8), _YILAN, _NHI, _CHANG, "", "健保欠費/急難", ""),
    ("SA-06", on(7, 20), _YILAN, _CHANG, "羅東就業服務站", "", "低收入戶", ""),
    ("SA-07", on(9, 7), _YILAN, _NHI, _CHANG, "", "健保欠費", ""),
)


def social_aid_case() -> Iterator[File]:
    for quarter in (1, 2, 3):
        yield File(
            "social_aid_case",
            f"105年第{quarter}季社會救助通報轉介登記表",
            ["案號", "通報日期", "通報機關", "轉介單位1", "轉介單位2", "轉介單位3", "扶助類別", "訪視慰問金"],
            [[number, roc(day, 2), *rest] for number, day, *rest in AID_CASES if (day.month + 2) // 3 == quarter],
            titles=[[f"105年第{quarter}季社會救助通報轉介登記表（僅記案號）"]],
            encoding=saved_by(quarter, 0),
        )


#: Item, figure, words, unit, place, day from which it holds (blank: since the stocktaking of 1 January 105).
FACTS: tuple[tuple[str, int | str, str, str, str, str], ...] = (
    ("單一窗口服務台", 1, "", "處", "宜蘭", ""),
    ("單一窗口服務台", 1, "", "處", "基隆", ""),
    ("駐處人員：財政部北區國稅局宜蘭分局", 1, "", "人", "宜蘭", ""),
    ("駐處人員：宜蘭縣地方稅務局", 1, "", "人", "宜蘭", ""),
    ("駐處人員：衛生福利部中央健康保險署臺北業務組", 2, "", "人", "宜蘭", ""),
    ("駐處人員：勞工保險局", 2, "", "人", "宜蘭", ""),
    ("駐處人員：宜蘭監理站", 1, "每週2、4下午", "人", "宜蘭", ""),
    ("駐處人員：財政部北區國稅局基隆分局", 2, "", "人", "基隆", ""),
    ("駐處人員：基隆市稅務局", 1, "", "人", "基隆", ""),
    ("駐處人員：新北市政府稅捐稽徵處", 1, "", "人", "基隆", ""),
    ("駐處人員：衛生福利部中央健康保險署臺北業務組", 1, "每週1、5", "人", "基隆", ""),
    ("駐處人員：勞工保險局", 1, "不定期", "人", "基隆", ""),
    ("駐處人員：基隆監理站", 1, "每週1、3、5下午", "人", "基隆", ""),
    ("作業流程標示", 8, "", "項", "", ""),
    ("網路下載書表", 11, "", "種", "", ""),
    ("志工服務人員", 10, "", "人", "", ""),
    ("志工服務時間（上午）", "", "09:00-12:00", "", "", ""),
    ("志工服務時間（下午）", "", "14:00-17:00", "", "", ""),
    ("辦公空間標示", 32, "雙語", "面", "", ""),
    ("洽公動線標示", 6, "雙語", "面", "", ""),
    ("各樓層平面圖", 7, "雙語", "面", "", ""),
    ("大型申辦須知流程圖", 6, "", "面", "", ""),
    ("動產及不動產拍賣須知", 2, "", "面", "", ""),
    ("公開閱覽室", 1, "含檔案應用", "間", "宜蘭", ""),
    ("飲水機溫度", 3, "冰溫熱", "用", "", ""),
    ("實物投影機", 1, "", "台", "宜蘭", ""),
    ("42型LED液晶電視", 1, "", "台", "宜蘭", ""),
    ("各廁所坐式馬桶", 1, "至少", "間", "", ""),
    ("廁所清潔頻率", "", "每日上午", "", "", ""),
    ("無障礙停車位", 1, "", "位", "宜蘭", ""),
    ("哺（集）乳室", 1, "", "間", "宜蘭", ""),
    ("優良哺（集）乳室競賽第1名", 2, "102及104年度", "次", "宜蘭", ""),
    ("執行態度考核原則分", 75, "", "分", "", ""),
    ("執行態度考核項目", 4, "問卷訪查、電話禮貌、民眾抱怨、主管考評", "項", "", ""),
    ("綜合查詢更新頻率", "", "每週", "", "", ""),
    ("中英網頁連結", 63, "", "個", "", ""),
    ("網站：機關簡介", 9, "", "項", "", ""),
    ("網站：政府資訊公開園地", 7, "", "項", "", ""),
    ("網站：為民服務園地", 9, "", "項", "", ""),
    ("網站：廉政天地", 6, "", "項", "", ""),
    ("網站：統計園地", 5, "", "項", "", ""),
    ("網站查閱時間", 24, "每日", "小時", "", ""),
    ("超商代收財稅項目", 16, "", "種", "", ""),
    ("超商代收金額上限", 20_000, "未滿", "元", "", ""),
    ("代收超商", 4, "統一、全家、萊爾富、OK", "家", "", ""),
    ("超商繳款時間", 24, "每日", "小時", "", ""),
    ("品質獎評核項目", 5, "", "項", "", ""),
    ("臨櫃刷卡繳款開辦", "", "已開辦", "", "", "105年3月1日"),
    ("悠遊卡支付規費開辦", "", "已開辦", "", "", "105年6月1日"),
    ("線上授權刷卡函請", "", "已函請", "", "", "105年8月23日"),
    ("行政執行巡迴服務", "", "已推動", "", "", "105年9月1日"),
    ("巡迴服務合作公所", 5, "南澳鄉等鄉、鎮（區）公所", "所", "", "105年9月1日"),
)


def facility_fact() -> Iterator[File]:
    yield File(
        "facility_fact",
        "105年設施與服務一覽表",
        ["項目", "數量", "內容", "單位", "地點", "啟用日期", "停用日期"],
        [
            [item, thousands(value) if isinstance(value, int) else value, words, unit, place, since or "105年1月1日", ""]
            for item, value, words, unit, place, since in FACTS
        ],
        titles=[[f"{OFFICE}105年設施與服務一覽表"]],
        foot=[["備註：啟用日期為105年1月1日者，係年初盤點時已在使用"]],
        encoding="utf-8-sig",
    )


FILTER_DAYS = (on(1, 6), on(4, 6), on(7, 4))


def maintenance_log() -> Iterator[File]:
    random = Random("maintenance_log")
    for month in MONTHS:
        days = open_days(month)
        filters = [day for day in FILTER_DAYS if day.month == month]
        test = filters[0] if filters else days[random.randrange(2, 6)]
        entries = [
            *(("飲水機", day, "更換濾心", "完成") for day in filters),
            ("飲水機", test, "水質檢測", "合格"),
            ("郵局租用信箱", days[random.randrange(6, 10)], "開啟信箱", random.choice(("無投書", "無投書", "完成"))),
            ("執行之星公布欄", days[random.randrange(1, 4)], "更新", "完成"),
        ]
        yield File(
            "maintenance_log",
            f"105年{month:02d}月設備維護保養紀錄表",
            ["設備", "維護日期", "項目", "結果"],
            [[equipment, roc(day), action, result] for equipment, day, action, result in entries],
            titles=[[f"105年{month}月設備維護保養紀錄表"]] if month % 2 else (),
            encoding=saved_by(month, 0),
        )


# --- the website ------------------------------------------------------------------------------------------------------------


def web_check() -> Iterator[File]:
    for month in MONTHS:
        day = roc(open_days(month)[0], 1)
        rows: list[Row] = [
            [day, "外部連結", 63, 0, "正常"],
            [day, "無障礙檢測", 1, 0, "合格"],
            [day, "網頁內容檢視", 36, 0, "內容正確，無過期資訊"],
        ]
        if month == 8:
            rows.append([roc(on(8, 15), 1), "無障礙標章", 1, 0, "取得標章"])
        yield File(
            "web_check",
            f"105年{month:02d}月網站檢測紀錄表",
            ["檢測日期", "檢測項目", "受測數", "異常數", "處理情形"],
            rows,
            titles=[[f"105年{month}月網站檢測紀錄表"]],
            foot=[["填表人：　　　　單位主管："]],
            encoding=saved_by(month, 1),
        )


def update_log() -> Iterator[File]:
    random = Random("update_log")
    counts = {"行政規則": 0, "法規命令": 0}
    for month in MONTHS:
        entries = [("綜合查詢", "綜合查詢資料", day, day) for day in weekly_postings(month)]
        for kind, most, times in (("行政規則", 5, 2), ("法規命令", 3, 1)):
            for turn in range(times):
                counts[kind] += 1
                lag = most if month in (3, 7) and turn == 0 else random.randrange(0, most)
                posted = random.choice([day for day in open_days(month) if is_workday(day - timedelta(lag))])
                entries.append((kind, f"{kind}公告第105-{counts[kind]:02d}號", posted - timedelta(lag), posted))
        entries.sort(key=lambda entry: (entry[3], entry[0], entry[1]))
        yield File(
            "update_log",
            f"105年{month:02d}月網站資訊更新紀錄表",
            ["類別", "名稱", "發布日期", "上網日期"],
            [[kind, title, roc(first, 1), roc(posted, 1)] for kind, title, first, posted in entries],
            titles=[[f"105年{month}月網站資訊更新紀錄表"]] if month > 3 else (),
            encoding=saved_by(month, 2),
        )


def weekly_postings(month: int) -> list[date]:
    """The first working day of each week; in the week of New Year the posting was timed for Wednesday."""
    mondays = [on(1, 4) + timedelta(weeks=week) for week in range(39)]
    weeks = [[monday + timedelta(n) for n in range(5)] for monday in mondays]
    chosen = [next((day for day in week if is_workday(day)), week[2]) for week in weeks]
    return [day for day in chosen if day.month == month]


# --- noon, calendar ---------------------------------------------------------------------------------------------------------

#: Persons served at noon in each month; 48 in all.
NOON = (5, 4, 6, 5, 5, 6, 5, 6, 6)
NOON_ITEMS = ("繳款", "繳款", "諮詢", "分期申請", "查詢案件")


def noon_service() -> Iterator[File]:
    random = Random("noon_service")
    for month, persons in zip(MONTHS, NOON, strict=True):
        days = sorted(random.sample(open_days(month), persons - 1))
        rows = []
        for turn, day in enumerate(days):
            site = SITES[turn % 3 == 1]
            staff = f"{'AB'[site == '基隆']}{random.randrange(1, 13):02d}"
            rows.append([day, site, staff, 2 if turn == 2 else 1, random.choice(NOON_ITEMS)])
        if month == 9:
            rows[-1] = [on(9, 13), "宜蘭", "A07", rows[-1][3], "繳款"]
            rows.sort(key=lambda row: row[0])
        yield File(
            "noon_service",
            f"105年{month:02d}月午休不打烊服務紀錄表",
            ["日期", "地點", "輪值人員代碼", "服務人次", "服務項目"],
            [[roc(row[0], (2, 1)[turn % 2]), *row[1:]] for turn, row in enumerate(rows)],
            titles=[[f"105年{month}月午休不打烊服務紀錄表"], unit_line(5, "人次")],
            foot=[["合計", "", "", sum(row[3] for row in rows)]],
            encoding=saved_by(month, 1),
        )


def office_calendar() -> Iterator[File]:
    days = [day for month in range(1, 13) for day in days_of(month)]
    yield File(
        "office_calendar",
        "105年中華民國政府行政機關辦公日曆表",
        ["西元日期", "星期", "是否放假", "備註"],
        [
            [f"{day:%Y%m%d}", "一二三四五六日"[day.weekday()], 0 if is_workday(day) else 2, HOLIDAYS.get(day) or MADE_UP_FOR.get(day, "")]
            for day in days
        ],
        encoding="utf-8-sig",
    )


EXPLANATIONS = (
    ("inquiry_total", "各管道加總16,865件；原報告16,853件，差12件，等於資料影印件數，待業務單位確認。"),
    ("phone_self_mean", "花蓮分署每月抽測2通，單月分數起伏不宜單獨解讀，請看累計。"),
    ("survey_environment_top2", "累計1份答「不滿意」，已請秘書室查明意見並改善洽公環境。"),
)


def explanation() -> Iterator[File]:
    yield File(
        "explanation",
        "105年第3季指標說明",
        ["指標代碼", "期間末月", "說明", "撰寫人"],
        [[indicator, roc_month(9), text, "品質獎工作小組"] for indicator, text in EXPLANATIONS],
    )


DUE = (
    ("survey_response", "宜蘭、基隆"),
    ("survey_tally", "宜蘭、基隆"),
    ("phone_test", "花蓮分署、執行署"),
    ("attitude_score", ""),
    ("payment_monthly", ""),
    ("web_traffic_monthly", ""),
    ("inquiry_monthly", ""),
    ("edoc_monthly", ""),
    ("web_check", ""),
    ("maintenance_log", ""),
)


def duty() -> Iterator[File]:
    yield File(
        "duty",
        "105年報表繳交期限表",
        ["報表", "每月幾日前", "應交單位", "生效日期"],
        [[report, 5, parts, roc(on(1, 1))] for report, parts in DUE],
    )


# --- all of it --------------------------------------------------------------------------------------------------------------

TABLES = (
    survey_response,
    survey_tally,
    phone_test_by_hualien,
    phone_test_by_head_office,
    attitude_score,
    payment_monthly,
    web_traffic_monthly,
    inquiry_monthly,
    edoc_monthly,
    feedback_case,
    outreach_event,
    training_session,
    meeting,
    social_aid_case,
    facility_fact,
    maintenance_log,
    web_check,
    update_log,
    noon_service,
    office_calendar,
    explanation,
    duty,
)


def build() -> dict[str, bytes]:
    """Every file of the sample: path below the samples folder → bytes."""
    return {file.path: file.content() for table in TABLES for file in table()}


def main(folder: Path = FOLDER) -> None:
    """Write the sample, and remove what an older generator left."""
    made = build()
    for old in folder.glob("*/*.csv"):
        if old.relative_to(folder).as_posix() not in made:
            old.unlink()
    for path, content in made.items():
        (folder / path).parent.mkdir(exist_ok=True)
        (folder / path).write_bytes(content)
    print(f"{len(made)} files")


if __name__ == "__main__":
    main()
