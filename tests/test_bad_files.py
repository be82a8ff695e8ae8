"""Every bad or awkward input we know of gets the answer that the catalogue lists, by the door of the command line; nothing is written unasked."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from tests.bad_files.catalogue import CASES, ELSEWHERE, HISTORY, IDS, KNOWN_GAPS, Case
from warehouse import commands, ledger
from warehouse.load import open_warehouse
from warehouse.store import Warehouse

ROOT = Path(__file__).parents[1]
TODAY = "2016-10-05"
OUTCOMES = {"OK": ("dry_run", "unchanged"), "ASK": ("needs_confirmation",), "ROW": ("refused",), "FILE": ("refused",)}


@pytest.fixture(scope="module", autouse=True)
def _today() -> Iterator[None]:
    patch = pytest.MonkeyPatch()
    patch.setenv("SERVICE_QUALITY_TODAY", TODAY)
    yield
    patch.undo()


@pytest.fixture(scope="module")
def warehouses(tmp_path_factory: pytest.TempPathFactory) -> Iterator[dict[str, Warehouse]]:
    """An empty warehouse, and one that holds the months before. No test of this module may write into them."""
    opened = {}
    for base in ("empty", "history"):
        warehouse = opened[base] = open_warehouse(tmp_path_factory.mktemp(base))
        for name, content in HISTORY.items() if base == "history" else ():
            answer = give(warehouse, tmp_path_factory.mktemp("file"), name, content.encode(), accept=["all"])
            assert answer[0]["outcome"] == "loaded", answer
    before = {base: state(warehouse) for base, warehouse in opened.items()}
    yield opened
    assert {base: state(warehouse) for base, warehouse in opened.items()} == before
    for warehouse in opened.values():
        warehouse.close()


def state(warehouse: Warehouse) -> Any:
    """All that a load could change: entries, kept files, live months."""
    with warehouse.reading() as cursor:
        live = cursor.execute("select * from ledger.live_slot order by all").fetchall()
        figures = cursor.execute("select * from indicator_month order by all").fetchall()
        return len(ledger.entries(cursor)), live, figures, sorted(path.name for path in (warehouse.folder / "files").glob("*"))


def give(warehouse: Warehouse, folder: Path, name: str, content: bytes, **options: Any) -> list[dict[str, Any]]:
    """The file, given as the command line gives it; the document of its answer."""
    path = folder / "given"
    path.write_bytes(content)
    answer = commands.run(warehouse, "load", {"files": [{"name": name, "path": str(path)}], "by": "測試", **options})
    assert answer.code in (commands.DONE, commands.REFUSED), answer.text
    assert commands.as_json(answer.document)
    return list(answer.document)


def wrong(case: Case, answer: dict[str, Any]) -> str | None:
    """What is wrong with an answer, in words; None where it is right."""
    codes = {finding["code"] for finding in answer["findings"]}
    levels = {finding["level"] for finding in answer["findings"]}
    if "E-PARSER" in codes and "E-PARSER" not in case.codes:
        return f"a fault of our own: {answer['findings']}"
    if answer["outcome"] not in OUTCOMES[case.verdict]:
        return f"{answer['outcome']} {sorted(codes)} instead of {case.verdict} {sorted(case.codes)}"
    if case.codes and codes != case.codes:
        return f"{sorted(codes)} instead of {sorted(case.codes)}"
    if case.verdict in ("ROW", "FILE") and case.verdict.lower() not in levels:
        return f"{sorted(levels)} instead of {case.verdict}"
    if case.verdict == "OK" and (not case.codes and codes):
        return f"{sorted(codes)} instead of nothing"
    if case.rows is not None and answer["rows"]["loaded"] != case.rows:
        return f"{answer['rows']} instead of {case.rows} rows"
    rows = answer["rows"]
    if rows["read"] != rows["loaded"] + rows["held"] + sum(rows["ignored"].values()):
        return f"rows unaccounted for: {rows}"
    return None


_SEEN: Counter[str] = Counter()


def _name(case: Case) -> str:
    _SEEN[case.id] += 1
    return f"{case.id}.{_SEEN[case.id]}"


@pytest.mark.parametrize("case", CASES, ids=_name)
def test_the_answer_is_the_one_listed(warehouses: dict[str, Warehouse], tmp_path: Path, case: Case) -> None:
    (answer,) = give(
        warehouses[case.base], tmp_path, case.name, case.bytes, dataset=case.dataset, dry_run=case.verdict == "OK"
    )
    found = wrong(case, answer)
    if case.id in KNOWN_GAPS:
        return
    assert found is None, found


@pytest.mark.parametrize("id", KNOWN_GAPS)
def test_a_known_gap_is_still_one(warehouses: dict[str, Warehouse], tmp_path: Path, id: str) -> None:
    answers = [(case, give(warehouses[case.base], tmp_path, case.name, case.bytes, dataset=case.dataset, dry_run=True)[0]) for case in CASES if case.id == id]
    assert any(wrong(case, answer) for case, answer in answers), f"{id} is right now: take it from the list"


def test_no_input_is_left_out_in_silence() -> None:
    assert len(IDS) == 293
    told = {case.id for case in CASES}
    assert told | ELSEWHERE.keys() == set(IDS)
    assert not told & ELSEWHERE.keys()
    for id, where in ELSEWHERE.items():
        if where.startswith("tests/"):
            path = ROOT / where
            assert path.is_file(), f"{id}: {where}"
            assert id in path.read_text(encoding="utf-8"), f"{id} is not named in {where}"
