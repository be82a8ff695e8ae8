"""One browser for a module, and one server for each kind of data it looks at."""

from __future__ import annotations

import shutil
from collections.abc import Callable, Iterator
from contextlib import ExitStack
from functools import cache
from pathlib import Path
from typing import Any

import pytest

from warehouse.intake import Source
from warehouse.load import Request, load_file, open_warehouse
from warehouse.samples import FOLDER as SAMPLES


@pytest.fixture(scope="module")
def browser() -> Iterator[Any]:
    """Chromium; playwright is imported only where it is asked for."""
    from tests.browser import running

    with running.browser() as found:
        yield found


@pytest.fixture(scope="module")
def served(sample_folder: Path, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Callable[[str], str]]:
    """The address of a server over `sample`, `empty` or `month` (January's survey); started when first asked for."""
    from tests.browser import running

    with ExitStack() as stack:

        @cache
        def address(kind: str) -> str:
            folder = tmp_path_factory.mktemp("served") / "data"
            if kind == "sample":
                shutil.copytree(sample_folder, folder)
            else:
                warehouse = open_warehouse(folder)
                if kind == "month":
                    path = sorted((SAMPLES / "survey_response").glob("*01月*"))[0]
                    assert load_file(warehouse, Source(path.name, path), Request(by="clerk")).outcome == "loaded"
                warehouse.close()
            return stack.enter_context(running.server(folder))

        yield address


@pytest.fixture(scope="module")
def sample(served: Callable[[str], str]) -> str:
    """The address of a server over the sample, which no test of the module changes."""
    return served("sample")


@pytest.fixture
def empty(tmp_path: Path) -> Iterator[tuple[str, Path]]:
    """A server over an empty warehouse of one's own, and its folder."""
    from tests.browser import running

    folder = tmp_path / "data"
    open_warehouse(folder).close()
    with running.server(folder) as address:
        yield address, folder
