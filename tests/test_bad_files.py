"""Every bad or awkward input we know of gets the answer that the catalogue lists, by the door of the command line; nothing is written unasked."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest
from streamlit.testing.v1 import AppTest

from tests.bad_files.catalogue import CASES, ELSEWHERE, HISTORY, IDS, KNOWN_GAPS, Case
from warehouse import commands, ledger
from warehouse.load import open_warehouse
from warehouse.store import Warehouse
from warehouse.web import state

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
    before = {base: contents(warehouse) for base, warehouse in opened.items()}
    yield opened
    assert {base: contents(warehouse) for base, warehouse in opened.items()} == before
    for warehouse in opened.values():
        warehouse.close()


def contents(warehouse: Warehouse) -> Any:
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
        if not where.startswith("- "):
            path, _, function = where.partition("::")
            assert f"def {function}(" in (ROOT / path).read_text(encoding="utf-8"), f"{id}: {where}"


# --- other doors ------------------------------------------------------------------------------------------------------------


def test_a_closed_quarter_is_not_changed(tmp_path: Path) -> None:
    """BIZ-30."""
    warehouse = open_warehouse(tmp_path / "data")
    for name in ("案款4月.csv", "案款5月.csv", "案款6月.csv"):
        give(warehouse, tmp_path, name, HISTORY[name].encode(), accept=["all"])
    assert commands.run(warehouse, "close", {"quarter": "105Q2", "by": "主管"}).code == commands.DONE
    changed = HISTORY["案款6月.csv"].replace("105,12500", "106,12500").encode()
    (answer,) = give(warehouse, tmp_path, "改.csv", changed, accept=["all"])
    assert (answer["outcome"], {finding["code"] for finding in answer["findings"]} & {"E-BIZ-30"}) == ("refused", {"E-BIZ-30"})
    warehouse.close()


def test_the_server_caps_uploads_and_asks_for_its_token() -> None:
    """FIL-03, FIL-04, SEC-15: Streamlit refuses by itself what these settings forbid (413, 403)."""
    from warehouse.web.server import SETTINGS

    assert SETTINGS["server.maxUploadSize"] == 10
    assert SETTINGS["server.enableXsrfProtection"] is True and SETTINGS["server.enableCORS"] is True
    assert SETTINGS["server.address"] == "127.0.0.1" and set(SETTINGS["server.allowedHosts"]) == {"127.0.0.1", "localhost"}


@pytest.fixture
def page(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Callable[..., AppTest]]:
    """The upload page, or another, over an empty warehouse."""
    monkeypatch.setenv("SERVICE_QUALITY_DATA", str(tmp_path / "data"))
    monkeypatch.setenv("SERVICE_QUALITY_TODAY", TODAY)
    open_warehouse(tmp_path / "data").close()

    def go(name: str | None = "upload", **query: str) -> AppTest:
        test = AppTest.from_file(str(ROOT / "warehouse" / "web" / "shell.py"), default_timeout=120)
        for key, text in query.items():
            test.query_params[key] = text
        test.run()
        if name:
            test.switch_page(f"../../pages/{name}.py").run()
        assert not test.exception, test.exception
        return test

    yield go
    state.close_all()


def _words(test: AppTest) -> str:
    return " ".join(item.proto.body for item in test.get("html"))


#: Cases that the page is asked as well: one of each kind of answer and of file.
ON_THE_PAGE = ("ENC-06", "CSV-27", "HDR-20", "NUM-08", "DAT-13", "TXT-09", "BIZ-04", "FIL-06", "FIL-16", "XLS-08", "XLS-18", "XLS-30", "SEC-04")


def test_the_page_gives_the_same_answers(page: Callable[..., AppTest]) -> None:
    said = {"OK": "可入庫", "ASK": "請確認", "ROW": "退回修正", "FILE": "退回修正"}
    for id in ON_THE_PAGE:
        case = next(case for case in CASES if case.id == id)
        test = page()
        test.get("file_uploader")[0].set_value((case.name, case.bytes, "text/csv")).run()
        test.button(key="check").click().run()
        assert not test.exception, (id, test.exception)
        shown = _words(test)
        assert said[case.verdict] in shown and all(code in shown for code in case.codes), id
        assert "<script>alert" not in shown and "Traceback" not in shown
        state.close_all()


def test_more_rows_than_the_browser_may_send_are_refused_on_the_page(page: Callable[..., AppTest]) -> None:
    """FIL-05."""
    test = page()
    test.get("file_uploader")[0].set_value(("多.csv", b"1\n" * 200_001, "text/csv")).run()
    assert not test.exception
    assert "200,001" in _words(test) and test.button(key="check").disabled


@pytest.mark.parametrize("query", [{"quarter": "x" * 10_000}, {"site": "'; DROP TABLE dim_site;--"}, {"indicator": "[1,2]"}, {"page": "沒有這頁"}])
def test_an_address_that_makes_no_sense_shows_the_first_page(page: Callable[..., AppTest], query: dict[str, str]) -> None:
    """SEC-09."""
    assert "Traceback" not in _words(page(None, **query))
