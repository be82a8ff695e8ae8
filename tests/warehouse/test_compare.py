"""Two batches beside each other: every row new, gone, changed or equal, as a dictionary in Python says."""

from __future__ import annotations

import random

import pytest

from warehouse import compare as comparing
from warehouse import scorecard
from warehouse.compare import Comparison, compare, differences
from warehouse.errors import UsageError
from warehouse.intake import Source
from warehouse.load import Request, load_file, undo
from warehouse.store import Warehouse

HEAD = "測試機關,日期,受測單位,總分\n"


def load(warehouse: Warehouse, text: str) -> int:
    result = load_file(warehouse, Source("表.csv", text.encode()), Request(by="承辦", accept=frozenset(["all"])))
    assert result.outcome == "loaded" and result.batch is not None, result.findings
    return result.batch


def compared(warehouse: Warehouse, earlier: int, later: int) -> Comparison:
    with warehouse.reading() as cursor:
        return compare(cursor, earlier, later)


def calls(*rows: tuple[int, str, str]) -> str:
    return HEAD + "".join(f"花蓮分署,105/{month}/5,{unit},{score}\n" for month, unit, score in rows)


def test_new_gone_changed_and_equal_rows_of_the_months_both_have(empty_warehouse: Warehouse) -> None:
    load(empty_warehouse, calls((6, "執行股丁", "50"), (7, "執行股甲", "80"), (7, "執行股乙", "90"), (7, "執行股丙", "70")))
    load(empty_warehouse, calls((7, "執行股甲", "80"), (7, "執行股丙", "75"), (7, "執行股戊", "60"), (8, "執行股己", "99")))
    found = compared(empty_warehouse, 1, 2)
    assert found.counts == {"new": 1, "gone": 1, "changed": 1, "equal": 1}
    assert [month.month for month in found.months] == [7]
    told = {(difference.kind, difference.key[1], difference.rows, tuple((cell.before, cell.after) for cell in difference.cells if cell.column == "total")) for difference in found.first}
    assert told == {
        ("changed", "執行股丙", (5, 3), (("70", "75"),)),
        ("gone", "執行股乙", (4, None), (("90", ""),)),
        ("new", "執行股戊", (None, 4), (("", "60"),)),
    }
    [impact] = [impact for impact in found.impact if impact.indicator == "phone_self_mean"]
    assert (scorecard.number(impact.before.value), scorecard.number(impact.after.value)) == (80, 71.67)
    back = compared(empty_warehouse, 2, 1)
    assert back.counts == {"new": 1, "gone": 1, "changed": 1, "equal": 1}


def test_words_are_those_of_the_office(empty_warehouse: Warehouse) -> None:
    head = "編號,收件日期,類別,管道,輿情屬性,承辦單位,辦結日期,回復方式,是否延期\n"
    load(empty_warehouse, head + "A1,105/7/5,陳情,書面,,秘書室,105/7/9,公文,否\n")
    load(empty_warehouse, head + "A1,105/7/6,民意信箱,書面,正面,秘書室,105/7/9,公文,是\n")
    [difference] = compared(empty_warehouse, 1, 2).first
    assert difference.key == ("A1",)
    assert {cell.column: (cell.before, cell.after) for cell in difference.cells} == {
        "received": ("105年7月5日", "105年7月6日"),
        "type": ("陳情", "民意信箱"),
        "tone": ("", "正面"),
        "extended": ("否", "是"),
    }


@pytest.mark.parametrize("seed", range(6))
def test_counts_are_those_of_dictionaries(seed: int, empty_warehouse: Warehouse, monkeypatch: pytest.MonkeyPatch) -> None:
    chance = random.Random(seed)
    monkeypatch.setattr(comparing, "FIRST", 3)

    def table() -> dict[tuple[int, str], str]:
        keys = [(month, f"執行股{letter}") for month in (5, 6, 7) for letter in "甲乙丙丁戊己"]
        return {key: str(chance.randint(70, 74)) for key in chance.sample(keys, chance.randint(8, 17))}

    first, second = table(), table()
    for content in (first, second):
        load(empty_warehouse, calls(*((month, unit, score) for (month, unit), score in content.items())))
    months = {month for month, _ in first} & {month for month, _ in second}
    before, after = ({key: score for key, score in content.items() if key[0] in months} for content in (first, second))
    expected = {
        "new": len(after.keys() - before.keys()),
        "gone": len(before.keys() - after.keys()),
        "changed": sum(before[key] != after[key] for key in before.keys() & after.keys()),
        "equal": sum(before[key] == after[key] for key in before.keys() & after.keys()),
    }
    found = compared(empty_warehouse, 1, 2)
    assert found.counts == expected
    assert len(found.first) == min(3, sum(expected.values()) - expected["equal"])
    with empty_warehouse.reading() as cursor:
        assert len(differences(cursor, 1, 2)) == sum(expected.values()) - expected["equal"]


def test_what_cannot_be_compared(empty_warehouse: Warehouse) -> None:
    load(empty_warehouse, calls((6, "執行股甲", "50")))
    load(empty_warehouse, calls((7, "執行股甲", "50")))
    load(empty_warehouse, "月份,查詢管道,件數\n105年7月,電話查詢,5\n")
    undo(empty_warehouse, 3, by="主任", reason="試")
    for pair, words in (((1, 1), "兩筆不同"), ((1, 2), "沒有共同的月份"), ((2, 3), "不是同一種報表"), ((2, 4), "兩筆不同"), ((1, 9), "沒有第9號")):
        with pytest.raises(UsageError, match=words):
            compared(empty_warehouse, *pair)
