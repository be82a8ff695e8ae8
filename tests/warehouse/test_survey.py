"""The survey screen's numbers, recomputed from the files of the sample in plain Python; blanks, repeats, straight lines and small sites made here."""

from __future__ import annotations

import math
import re
from collections import Counter, defaultdict
from datetime import date
from decimal import ROUND_HALF_UP, Decimal
from fractions import Fraction
from pathlib import Path

import pytest

from tests.independent import table
from warehouse.intake import Source
from warehouse.load import Request, load_file
from warehouse.period import Window
from warehouse.privacy import masked
from warehouse.store import Warehouse
from warehouse.topics import survey
from warehouse.topics.survey import QUESTIONS, SATISFACTION, TIME, Survey

NINE = Window(date(2016, 1, 1), date(2016, 9, 1))
COLUMN = {
    "q_time": "洽辦公務時間",
    "q_application": "處理申請事項",
    "q_environment": "機關洽公環境",
    "q_reception": "接待志工警衛或替代役男的服務態度",
    "q_staff": "其他人員服務態度",
    "q_overall": "整體滿意度",
    "q_answer": "問題處理解答詢問",
}
WORDS = {"很滿意": "very_satisfied", "滿意": "satisfied", "尚滿意": "fair", "不滿意": "dissatisfied"}
BANDS = {"15": "le15", "30": "15_30", "45": "30_45"}
GOOD = {"le15", "15_30", "very_satisfied", "satisfied"}


def level(question: str, word: str) -> str:
    return BANDS[re.findall(r"\d+", word)[-1]] if question == "q_time" else WORDS[word]


def counted(question: str, *, site: str | None = None, month: date | None = None) -> Counter[str]:
    return Counter(
        level(question, row[COLUMN[question]])
        for row in table("survey_response")
        if (site is None or row.site == site) and (month is None or row.month == month)
    )


def half_up(part: int, whole: int) -> Decimal:
    exact = Decimal(100 * part) / Decimal(whole)
    return exact.quantize(Decimal("0.01"), ROUND_HALF_UP)


@pytest.fixture
def found(sample_warehouse: Warehouse) -> Survey:
    with sample_warehouse.reading() as cursor:
        return Survey.read(cursor, NINE)


@pytest.mark.parametrize("code", QUESTIONS)
@pytest.mark.parametrize("site", ["all", "yilan", "keelung"])
def test_every_level_of_every_question(found: Survey, code: str, site: str) -> None:
    expected = counted(code, site=None if site == "all" else site)
    question = found.question(code, NINE, site)
    assert {name: n for name, n in question.counts.items() if n} == dict(expected)
    assert list(question.counts) == list(survey.levels_of(code)) and len(question.counts) == 4
    assert question.n == expected.total() and question.blank == 0 and not question.hidden
    assert question.share == half_up(sum(expected[name] for name in GOOD), expected.total())


def test_the_reports_175_forms(found: Survey) -> None:
    assert found.question(TIME, NINE).counts == {"le15": 135, "15_30": 35, "30_45": 5, "gt45": 0}
    assert survey.combined(found.question(code, NINE) for code in QUESTIONS).counts == {
        "very_satisfied": 625, "satisfied": 405, "fair": 19, "dissatisfied": 1,
    }  # fmt: skip


def test_range_of_the_time_question_is_wilsons(found: Survey) -> None:
    x, n, z = 170, 175, 1.959963984540054
    low, high = ((2 * x + z * z + sign * z * math.sqrt(z * z + 4 * x * (1 - x / n))) / (2 * (n + z * z)) for sign in (-1, 1))
    assert [float(bound) for bound in found.question(TIME, NINE).bounds] == pytest.approx([100 * low, 100 * high], abs=0.005)


def test_forms_and_rates_by_month(found: Survey) -> None:
    sent, returned, valid = defaultdict(int), defaultdict(int), defaultdict(int)
    for row in table("survey_tally"):
        sent[row.month] += int(row.number("發出份數"))
        returned[row.month] += int(row.number("回收份數"))
        valid[row.month] += int(row.number("有效份數"))
    for month, forms in found.forms_by_month(NINE).items():
        assert (forms.sent, forms.returned, forms.valid) == (sent[month], returned[month], valid[month])
        rates = tuple(rate.share for rate in found.rates(Window(month, month)))
        assert rates == (half_up(returned[month], sent[month]), half_up(valid[month], returned[month]))
    assert tuple(rate.share for rate in found.rates(NINE)) == (half_up(sum(returned.values()), sum(sent.values())), half_up(sum(valid.values()), sum(returned.values())))


def test_months_of_a_small_site_are_withheld_with_those_that_would_tell(found: Survey) -> None:
    sizes = {month: counted(TIME, site="keelung", month=month).total() for month in NINE.months}
    assert [month for month, n in sizes.items() if n < 5] == [date(2016, 2, 1)]
    for site in ("keelung", "yilan"):
        hidden = {month for month, question in found.by_month(TIME, NINE, site).items() if question.hidden}
        assert date(2016, 2, 1) in hidden and len(hidden) >= 2
    assert not any(question.hidden for question in found.by_month(TIME, NINE).values())
    february = Window(date(2016, 2, 1), date(2016, 2, 1))
    assert found.question(TIME, february, "keelung").tier == "suppressed" and found.question(TIME, february, "yilan").tier == "suppressed"
    assert found.is_small(february, "keelung") and found.is_small(february, "yilan") and not found.is_small(NINE, "keelung")
    for site in ("keelung", "yilan"):
        for month, shown in found.by_month(TIME, NINE, site).items():
            assert found.question(TIME, Window(month, month), site).hidden == shown.hidden, "a month by itself tells no more than the table"
    assert found.question(TIME, february).tier == "indicative"


def test_difference_of_two_sites_is_newcombes(found: Survey) -> None:
    yilan, keelung = (found.question("q_staff", NINE, site) for site in ("yilan", "keelung"))
    difference = survey.difference(yilan, keelung)
    z = 3.090232306167813

    def wilson(x: int, n: int) -> tuple[float, float]:
        return tuple((2 * x + z * z + sign * z * math.sqrt(z * z + 4 * x * (1 - x / n))) / (2 * (n + z * z)) for sign in (-1, 1))

    p1, p2 = keelung.good / keelung.n, yilan.good / yilan.n
    (l1, u1), (l2, u2) = wilson(keelung.good, keelung.n), wilson(yilan.good, yilan.n)
    low = p2 - p1 - math.sqrt((p2 - l2) ** 2 + (u1 - p1) ** 2)
    high = p2 - p1 + math.sqrt((u2 - p2) ** 2 + (p1 - l1) ** 2)
    assert difference and not difference.clear
    assert [float(number) for number in (difference.points, difference.low, difference.high)] == pytest.approx(
        [100 * (p2 - p1), 100 * low, 100 * high], abs=0.006
    )


def test_comments_and_health_of_the_sample(sample_warehouse: Warehouse) -> None:
    rows = table("survey_response")
    written = Counter(row["建議事項"] for row in rows if row["建議事項"])
    straight = sum(len({row[COLUMN[code]] for code in SATISFACTION}) == 1 for row in rows)
    with sample_warehouse.reading() as cursor:
        comments, health = survey.comments(cursor, NINE), survey.health(cursor, NINE)
        here = survey.comments(cursor, NINE, "keelung")
    assert {comment.text: comment.forms for comment in comments.listed} == written
    assert (comments.forms, comments.texts) == (written.total(), len(written))
    assert comments.listed[0].forms == max(written.values())
    assert here.forms == sum(bool(row["建議事項"]) for row in rows if row.site == "keelung")
    assert (health.forms, health.full, health.straight, health.repeated) == (len(rows), len(rows), straight, 0)


# --- forms made here --------------------------------------------------------------------------------------------------------

HEADER = "編號,填表日期,服務地點,洽辦公務時間,處理申請事項,機關洽公環境,接待志工警衛或替代役男的服務態度,其他人員服務態度,整體滿意度,問題處理解答詢問,建議事項"


def load(warehouse: Warehouse, folder: Path, name: str, dataset: str, text: str) -> None:
    path = folder / name
    path.write_text(text, encoding="utf-8")
    result = load_file(warehouse, Source(name, path), Request(by="測試", dataset=dataset, accept=frozenset(["all"])))
    assert result.outcome == "loaded", result.findings


def test_blanks_repeats_and_straight_lines(empty_warehouse: Warehouse, tmp_path: Path) -> None:
    same = "105/3/7,宜蘭,15分鐘內,滿意,滿意,滿意,滿意,滿意,滿意,請王小明先生回電0912-345-678"
    forms = [f"1,{same}", f"2,{same}", "3,105/3/7,宜蘭,,滿意,,很滿意,尚滿意,滿意,不滿意,", "4,105/3/8,宜蘭,30分鐘內,,,,,,,"]
    load(empty_warehouse, tmp_path, "問卷.csv", "survey_response", "\n".join([HEADER, *forms]))
    march = Window(date(2016, 3, 1), date(2016, 3, 1))
    with empty_warehouse.reading() as cursor:
        found, health, comments = Survey.read(cursor, march), survey.health(cursor, march), survey.comments(cursor, march)
    blanks = {code: found.question(code, march).blank for code in QUESTIONS}
    assert blanks == {"q_time": 1, "q_application": 1, "q_environment": 2, "q_reception": 1, "q_staff": 1, "q_overall": 1, "q_answer": 1}
    assert (health.forms, health.full, health.straight, health.repeated) == (4, 2, 2, 1)
    (comment,) = comments.listed
    assert (comment.forms, comments.forms, comments.texts) == (2, 2, 1)
    assert "小明" not in comment.text and "0912" not in comment.text and "345" not in comment.text and "先生回電" in comment.text
    assert found.question(TIME, march).tier == "counts_only" and found.question(TIME, march).bounds is None


def test_a_small_month_is_withheld_when_looked_at_by_itself_too(empty_warehouse: Warehouse, tmp_path: Path) -> None:
    sizes = {1: 3, 2: 8, 3: 20, 4: 30}
    rows = [f"{month}-{at},105/{month}/{at % 28 + 1},宜蘭,15分鐘內,滿意,滿意,滿意,滿意,滿意,滿意," for month, n in sizes.items() for at in range(n)]
    load(empty_warehouse, tmp_path, "問卷.csv", "survey_response", "\n".join([HEADER, *rows]))
    with empty_warehouse.reading() as cursor:
        found = Survey.read(cursor, Window(date(2016, 1, 1), date(2016, 4, 1)))
    alone = {month: found.is_small(Window(date(2016, month, 1), date(2016, month, 1))) for month in sizes}
    assert alone == {1: True, 2: True, 3: False, 4: False}, "January is too small, and without February it could be told from the sum"
    assert not found.is_small(Window(date(2016, 1, 1), date(2016, 4, 1))) and found.question("q_overall", Window(date(2016, 1, 1), date(2016, 1, 1))).hidden


def test_an_office_that_keeps_tallies_only(empty_warehouse: Warehouse, tmp_path: Path) -> None:
    lines = ["月份,服務地點,題目,選項,份數", "105年3月,宜蘭,整體滿意度,很滿意,30", "105年3月,宜蘭,整體滿意度,不滿意,10", "105年3月,宜蘭,問卷份數,有效份數,41"]
    load(empty_warehouse, tmp_path, "份數.csv", "survey_tally", "\n".join(lines))
    march = Window(date(2016, 3, 1), date(2016, 3, 1))
    with empty_warehouse.reading() as cursor:
        found, health = Survey.read(cursor, march), survey.health(cursor, march)
    question = found.question("q_overall", march)
    assert question.counts == {"very_satisfied": 30, "satisfied": 0, "fair": 0, "dissatisfied": 10}
    assert question.blank is None and question.tier == "normal" and question.share == Decimal("75.00")
    assert found.all_forms(march).valid == 41 and [rate.share for rate in found.rates(march)] == [None, None]
    assert health == survey.Health(0, 0, 0, 0)
    assert found.question(TIME, march).tier == "no_data" and found.question(TIME, march).share is None


def test_nothing_at_all(empty_warehouse: Warehouse) -> None:
    with empty_warehouse.reading() as cursor:
        found = Survey.read(cursor, NINE)
        assert survey.comments(cursor, NINE) == survey.Comments(0, 0, ())
    assert found.sites == [] and found.question(TIME, NINE).n == 0 and found.all_forms(NINE) == survey.Forms(None, None, None, None)


def test_percent_is_rounded_half_up() -> None:
    assert survey.percent(1, 1600) == Decimal("0.06") and survey.percent(10, 0) is None and survey.percent(None, 5) is None
    for part in range(176):
        exact = Fraction(10_000 * part, 175)
        assert survey.percent(part, 175) * 100 == int(exact + Fraction(1, 2))


@pytest.mark.parametrize(
    ("text", "kept"),
    [
        ("停車位不足", "停車位不足"),
        ("謝謝志工協助", "謝謝志工協助"),
        ("謝謝陳小姐", "謝謝"),
        ("等候時間可再縮短，約20分鐘", "等候時間可再縮短，約20分鐘"),
    ],
)
def test_harmless_words_stay(text: str, kept: str) -> None:
    assert masked(text).startswith(kept)


@pytest.mark.parametrize(
    ("text", "secret"),
    [
        ("請回電03-9254885轉212", "9254885"),
        ("手機０９１２３４５６７８", "345678"),
        ("身分證A123456789", "123456789"),
        ("mail: wang@example.test", "wang"),
        ("王小明先生態度很好", "小明"),
        ("我是林大同", "大同"),
    ],
)
def test_personal_data_are_masked(text: str, secret: str) -> None:
    assert secret not in masked(text)
