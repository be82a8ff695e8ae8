"""The numbers of the screen of payments, recomputed from the files of the sample in plain Python; a year before and other channels made here."""

from __future__ import annotations

from datetime import date
from fractions import Fraction
from pathlib import Path

import pytest

from tests.independent import last_day, table, working_days
from warehouse.intake import Source
from warehouse.load import Request, load_file
from warehouse.period import Window
from warehouse.store import Warehouse
from warehouse.topics import payments
from warehouse.topics.payments import Payments, Taken

NINE = Window(date(2016, 1, 1), date(2016, 9, 1))
COLUMNS = {"cvs": ("便利商店代收件數", "便利商店金額"), "counter": ("臨櫃代收筆數", "臨櫃代收金額")}


def months(channel: str) -> dict[date, tuple[int, Fraction]]:
    n, amount = COLUMNS[channel]
    return {row.month: (int(row.number(n)), row.number(amount)) for row in table("payment_monthly")}


def office_days(month: date) -> int:
    return working_days(date.fromordinal(month.toordinal() - 1), last_day(month))


@pytest.fixture
def found(sample_warehouse: Warehouse) -> Payments:
    with sample_warehouse.reading() as cursor:
        return Payments.read(cursor, payments.reach(NINE, 12))


@pytest.mark.parametrize("channel", COLUMNS)
def test_pieces_amounts_and_averages(found: Payments, channel: str) -> None:
    expected = months(channel)
    assert {month: (taken.n, taken.amount) for month in NINE.months if (taken := found.month(channel, month))} == expected
    n, amount = (sum(pair[at] for pair in expected.values()) for at in (0, 1))
    assert found.total(channel, NINE) == Taken(n, amount)
    assert found.total(channel, NINE).average == amount / n


@pytest.mark.parametrize("channel", COLUMNS)
def test_sums_since_january(found: Payments, channel: str) -> None:
    expected, so_far = months(channel), [0, Fraction(0)]
    for beside in found.beside_last_year(channel, NINE):
        so_far = [so_far[0] + expected[beside.month][0], so_far[1] + expected[beside.month][1]]
        assert beside.now == Taken(*so_far) and beside.before is None and beside.gap is None


@pytest.mark.parametrize("channel", COLUMNS)
@pytest.mark.parametrize("measure", ["n", "amount"])
def test_months_at_the_mean_number_of_working_days(found: Payments, channel: str, measure: str) -> None:
    days = {month: office_days(month) for month in NINE.months}
    assert days[date(2016, 2, 1)] == 15
    mean = Fraction(sum(days.values()), 9)
    raw = {month: Fraction(pair[0 if measure == "n" else 1]) for month, pair in months(channel).items()}
    values = [raw[month] / days[month] * mean for month in NINE.months]
    adjusted = found.adjusted(channel, NINE, measure)
    assert [month.value for month in adjusted.months] == values and adjusted.mean_days == mean
    ranges = [abs(later - earlier) for earlier, later in zip(values, values[1:], strict=False)]
    kept = [size for size in ranges if size < Fraction("3.267") * sum(ranges) / len(ranges)]
    limit = Fraction("2.66") * sum(kept) / len(kept)
    centre = sum(values) / 9
    for point in adjusted.chart.points:
        assert point.mean == pytest.approx(float(centre)) and point.upper == pytest.approx(float(centre + limit))
        assert point.lower == pytest.approx(float(max(centre - limit, 0)))
    assert adjusted.chart.trial and adjusted.chart.kind == "xmr"
    in_wan = adjusted.in_wan.points[0]
    assert in_wan.value == pytest.approx(float(values[0]) / 10_000) and in_wan.upper == pytest.approx(float(centre + limit) / 10_000)


def give(warehouse: Warehouse, folder: Path, name: str, text: str, dataset: str) -> None:
    path = folder / name
    path.write_text(text, encoding="utf-8")
    result = load_file(warehouse, Source(name, path), Request(by="測試", dataset=dataset, accept=frozenset(["all"])))
    assert result.outcome == "loaded", result.findings


def test_last_year_stands_beside_this_one_and_a_gap_stops_the_sum(empty_warehouse: Warehouse, tmp_path: Path) -> None:
    lines = [f"{year}年{month}月,便利商店,{n},{n * 1000}" for year, month, n in ((104, 1, 10), (104, 2, 20), (105, 1, 30), (105, 2, 40), (105, 4, 50))]
    give(empty_warehouse, tmp_path, "代收.csv", "\n".join(["月份,管道,件數,金額", *lines]), "payment_monthly")
    window = Window(date(2016, 1, 1), date(2016, 4, 1))
    with empty_warehouse.reading() as cursor:
        found = Payments.read(cursor, payments.reach(window, 12))
    first, second, third, _ = found.beside_last_year("cvs", window)
    assert (first.now.n, first.before.n, second.now.n, second.before.n) == (30, 10, 70, 30)
    assert second.gap == 40_000 and third.now is None and third.before is None
    assert found.total("cvs", window) == Taken(120, Fraction(120_000))
    adjusted = found.adjusted("cvs", window, "n")
    assert adjusted.known == 0 and adjusted.mean_days is None and all(month.working_days is None for month in adjusted.months)
    assert payments.trail(found, window, 12) == Window(date(2015, 5, 1), date(2016, 4, 1))


def test_fees_and_case_types_are_not_mixed_up(empty_warehouse: Warehouse, tmp_path: Path) -> None:
    lines = ["105年3月,便利商店,財稅,10,1000", "105年3月,便利商店,健保,5,500", "105年3月,悠遊卡,,7,700", "105年3月,信用卡,,1,900"]
    give(empty_warehouse, tmp_path, "代收.csv", "\n".join(["月份,管道,案件類別,件數,金額", *lines]), "payment_monthly")
    window = Window(date(2016, 3, 1), date(2016, 3, 1))
    with empty_warehouse.reading() as cursor:
        found = Payments.read(cursor, window)
    assert found.total("cvs", window) == Taken(15, Fraction(1500)) and found.total("counter", window) is None
    assert found.total("easycard", window) == Taken(7, Fraction(700)) and found.total("credit_card", window) == Taken(1, Fraction(900))


def test_a_calendar_that_lacks_a_day_gives_no_working_days(empty_warehouse: Warehouse, tmp_path: Path) -> None:
    def calendar(month: int, last: int) -> str:
        return "\n".join(f"2016/{month}/{day},{'是' if date(2016, month, day).weekday() < 5 else '否'}," for day in range(1, last + 1))

    give(empty_warehouse, tmp_path, "日曆.csv", f"日期,是否上班,名稱\n{calendar(3, 31)}\n{calendar(4, 29)}", "office_calendar")
    with empty_warehouse.reading() as cursor:
        found = Payments.read(cursor, Window(date(2016, 1, 1), date(2016, 6, 1)))
    assert found.working_days == {date(2016, 3, 1): 23}
