"""Fixtures of the page tests: open a page headless over a data folder of one's own."""

from __future__ import annotations

import shutil
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from streamlit.testing.v1 import AppTest

from warehouse import PROJECT
from warehouse.intake import Source
from warehouse.load import Request, load_file, open_warehouse
from warehouse.samples import FOLDER as SAMPLES
from warehouse.web import state

SHELL = PROJECT / "warehouse" / "web" / "shell.py"

Visit = Callable[..., AppTest]


@pytest.fixture
def visit(tmp_path: Path, sample_folder: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Visit]:
    """Open a page over a data folder of one's own: `empty`, `month` (January's survey) or `sample`."""
    folder = tmp_path / "data"

    def prepare(kind: str) -> None:
        if kind == "sample":
            shutil.copytree(sample_folder, folder)
        else:
            warehouse = open_warehouse(folder)
            if kind == "month":
                path = sorted((SAMPLES / "survey_response").glob("*01月*"))[0]
                assert load_file(warehouse, Source(path.name, path), Request(by="測試")).outcome == "loaded"
            warehouse.close()

    def go(page: str, kind: str = "sample", **query: str) -> AppTest:
        if not folder.exists():
            prepare(kind)
        monkeypatch.setenv("SERVICE_QUALITY_DATA", str(folder))
        test = AppTest.from_file(str(SHELL), default_timeout=60)
        for name, code in query.items():
            test.query_params[name] = code
        test.run()
        if page != "home":
            test.switch_page(f"../../pages/{page}.py")
            for name, code in query.items():
                test.query_params[name] = code
            test.run()
        assert not test.exception, test.exception
        return test

    yield go
    state.close_all()


@pytest.fixture
def given(tmp_path: Path) -> Callable[[dict[str, str]], None]:
    """Make the data folder that `visit` opens of these files: name → text."""

    def load(files: dict[str, str]) -> None:
        warehouse = open_warehouse(tmp_path / "data")
        for name, text in files.items():
            result = load_file(warehouse, Source(name, text.encode()), Request(by="測試", accept=frozenset({"all"})))
            assert result.outcome == "loaded", result.findings
        warehouse.close()

    return load
