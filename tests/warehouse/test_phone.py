"""The numbers of the screen of telephone courtesy, recomputed from the files of the sample in plain Python."""

from __future__ import annotations

import math
import statistics
from collections import Counter, defaultdict
from datetime import date
from fractions import Fraction
from pathlib import Path

import pytest

from tests.independent import Row, table
from warehouse.intake import Source
from warehouse.load import Request, load_file
from warehouse.period import Window
from warehouse.store import Warehouse
from warehouse.topics import phone
from warehouse.topics.phone import Phone

NINE = Window(date(2016, 1, 1), date(2016, 9, 1))
ITEMS = {"op_speed": ("總機接聽速度(25)", 25), "op_courtesy": ("總機電話禮貌(20)", 20), "unit_speed": ("接聽速度(15)", 15)}
ITEMS |= {"unit_courtesy": ("電話禮貌(25)", 25), "unit_content": ("答話內容(15)", 15)}


def rows(body: str) -> list[Row]:
    return [row for row in table("phone_test") if (row["測試機關"] == "執行署") == (body == "hq")]


@pytest.fixture
def found(sample_warehouse: Warehouse) -> Phone:
    with sample_warehouse.reading() as cursor:
        return phone.read(cursor, NINE)


@pytest.mark.parametrize("body", ["hualien", "hq"])
def test_scores_by_month_section_and_grade(found: Phone, body: str) -> None:
    by_month, by_section = defaultdict(list), defaultdict(list)
    for row in rows(body):
        by_month[row.month].append(row.number("總分"))
        by_section[row["受測單位"]].append(row.number("總分"))
    here = found.bodies[body]
    assert {month: list(map(Fraction, scores.scores)) for month, scores in here.months.items()} == {m: sorted(by_month[m]) for m in NINE.months}
    assert {name: list(map(Fraction, scores.scores)) for name, scores in here.sections.items()} == {n: sorted(s) for n, s in by_section.items()}
    assert here.untested == ()
    all_scores = [score for scores in by_month.values() for score in scores]
    assert here.all.n == len(all_scores) and float(here.all.mean) == pytest.approx(float(sum(all_scores) / len(all_scores)), abs=0.005)
    words = Counter("優等" if score >= 90 else "甲等" if score >= 80 else "乙等" for score in all_scores)
    assert {word: n for word, n in here.grades.items() if n} == dict(words) and list(here.grades) == ["優等", "甲等", "乙等", "丙等", "丁等"]
    assert here.below_first == sum(score < 90 for score in all_scores)


def test_interval_of_the_mean_is_students(found: Phone) -> None:
    scores = [float(row.number("總分")) for row in rows("hualien")]
    half = 2.109815577833181 * statistics.stdev(scores) / math.sqrt(len(scores))
    mean = statistics.fmean(scores)
    assert [float(bound) for bound in found.bodies["hualien"].all.bounds] == pytest.approx([mean - half, mean + half], abs=0.006)
    assert all(scores.bounds is None for scores in found.bodies["hualien"].sections.values() if scores.n < 5)


def test_points_lost_by_item_and_reason(found: Phone) -> None:
    own = rows("hualien")
    lost = {item: sum(most - row.number(column) for row in own) / len(own) for item, (column, most) in ITEMS.items()}
    here = found.bodies["hualien"]
    assert {loss.item: loss.lost for loss in here.losses} == lost
    assert {loss.item: loss.most for loss in here.losses} == {item: most for item, (_, most) in ITEMS.items()}
    shares = [loss.lost / loss.most for loss in here.losses]
    assert shares == sorted(shares, reverse=True)
    reasons = Counter(row["扣分原因"] for row in own)
    assert {reason.text: reason.calls for reason in here.reasons} == reasons
    for reason in here.reasons:
        with_it = [row for row in own if row["扣分原因"] == reason.text]
        expected = {item: sum(most - row.number(column) for row in with_it) / len(with_it) for item, (column, most) in ITEMS.items()}
        assert reason.losses == expected
    assert found.bodies["hq"].losses == () and all(not reason.losses for reason in found.bodies["hq"].reasons)


def test_nobody_was_last_twice_running_in_the_sample(found: Phone) -> None:
    last = defaultdict(set)
    for month in NINE.months:
        ranked = {row["單位"]: row.number("名次") for row in table("attitude_score") if row.month == month}
        last[month] = {name for name, rank in ranked.items() if rank == max(ranked.values())}
    expected = [(month, name) for before, month in zip(NINE.months, NINE.months[1:], strict=False) for name in last[before] & last[month]]
    assert [(place.month, place.section) for place in found.twice_last] == sorted(expected) == []
    assert found.attitude_months == tuple(NINE.months)


def test_last_twice_running_is_found(empty_warehouse: Warehouse, tmp_path: Path) -> None:
    header = "月份,單位,問卷訪查,電話禮貌,民眾抱怨,主管考評,加減分,總分,名次"
    for month, order in ((1, "甲乙"), (2, "甲乙"), (3, "乙甲")):
        lines = [f"105/{month:02d},執行股{name},19,19,20,19,0,77,{rank}" for rank, name in enumerate(order, 1)]
        path = tmp_path / f"{month}.csv"
        path.write_text("\n".join([header, *lines]), encoding="utf-8")
        assert load_file(empty_warehouse, Source(path.name, path), Request(by="測試", accept=frozenset(["all"]))).outcome == "loaded"
    with empty_warehouse.reading() as cursor:
        found = phone.read(cursor, NINE)
    assert [(place.section, place.month) for place in found.twice_last] == [("執行股乙", date(2016, 2, 1))]


def test_several_reasons_of_a_call_count_each_for_itself(empty_warehouse: Warehouse, tmp_path: Path) -> None:
    said = ["未報單位名稱、結束前未說再見", "1.未報單位名稱 2.語氣平淡", "結束前未說再見；結束前未說再見", "未說您好、謝謝", ""]
    lines = [f"花蓮分署,105/1/{4 + at},10:00,執行股甲,{90 + at},{text}" for at, text in enumerate(said)]
    path = tmp_path / "電話.csv"
    path.write_text("\n".join(["測試機關,日期,測試時間,受測單位,總分,扣分原因", *lines]), encoding="utf-8")
    assert load_file(empty_warehouse, Source(path.name, path), Request(by="測試", accept=frozenset(["all"]))).outcome == "loaded"
    with empty_warehouse.reading() as cursor:
        reasons = phone.read(cursor, NINE).bodies["hualien"].reasons
    assert {reason.text: reason.calls for reason in reasons} == {"未報單位名稱": 2, "結束前未說再見": 2, "語氣平淡": 1, "未說您好、謝謝": 1}


def test_single_calls_alone_carry_extensions(sample_warehouse: Warehouse, found: Phone) -> None:
    with sample_warehouse.reading() as cursor:
        calls = phone.calls(cursor, NINE)
    assert sorted(call.extension for call in calls["hualien"]) == sorted(row["分機"] for row in rows("hualien"))
    assert [call.day for call in calls["hq"]] == sorted((call.day for call in calls["hq"]), reverse=True)
    shown = repr(found.bodies)
    assert not any(f"'{call.extension}'" in shown for call in calls["hualien"])


def test_months_without_a_test_are_told(sample_warehouse: Warehouse) -> None:
    with sample_warehouse.reading() as cursor:
        body = phone.read(cursor, Window(date(2016, 8, 1), date(2016, 11, 1))).bodies["hualien"]
    assert body.untested == (date(2016, 10, 1), date(2016, 11, 1)) and body.months[date(2016, 10, 1)].mean is None
