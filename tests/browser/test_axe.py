"""axe-core over every page, and over what opens on it: nothing of ours, and of Streamlit's own no more than is listed."""

from __future__ import annotations

import codecs
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest

from warehouse.samples import FOLDER as SAMPLES
from warehouse.web import site_map
from warehouse.web.words import LANGUAGES

running = pytest.importorskip("tests.browser.running", reason="playwright is not installed")
axe = pytest.importorskip("axe_playwright_python.sync_playwright", reason="axe-playwright-python is not installed")

pytestmark = [
    pytest.mark.browser,
    pytest.mark.skipif(not Path(running.CHROMIUM).exists(), reason="no chromium on this machine (apt-get install chromium)"),
]

#: Violations of Streamlit's own elements, none of them serious: rule, and what its tag says. This list may only shrink.
DROPZONE = ("presentation-role-conflict", 'data-testid="stFileUploaderDropzone"')
LISTBOX = ("region", 'role="listbox"')
STREAMLITS = {DROPZONE, LISTBOX}


@pytest.fixture(scope="module")
def page(browser: Any) -> Iterator[Any]:
    found, _ = running.open_page(browser)
    yield found
    found.context.close()


def violations(page: Any) -> set[tuple[str, str]]:
    """(rule, element) of all that axe finds, whatever its impact; serious ones are named with their impact first."""
    found = axe.Axe().run(page).response["violations"]
    grave = [
        (rule["id"], rule["impact"], node["html"][:200]) for rule in found for node in rule["nodes"] if rule["impact"] in ("serious", "critical")
    ]
    assert grave == []
    known = {name for _, name in STREAMLITS}
    return {
        (rule["id"], next((name for name in known if name in node["html"].partition(">")[0]), node["html"][:200]))
        for rule in found
        for node in rule["nodes"]
    }


@pytest.mark.parametrize("language", LANGUAGES)
@pytest.mark.parametrize("name", site_map.NAMES)
def test_a_page_with_the_sample(page: Any, sample: str, name: str, language: str) -> None:
    page.set_viewport_size({"width": 1440, "height": 900})
    page.goto(f"{sample}{site_map.path(name)}?lang={language}")
    running.ready(page)
    assert violations(page) <= STREAMLITS
    page.set_viewport_size({"width": 390, "height": 900})
    page.wait_for_timeout(250)
    assert violations(page) <= STREAMLITS


@pytest.mark.parametrize("name", site_map.NAMES)
def test_a_page_without_data(page: Any, served: Callable[[str], str], name: str) -> None:
    page.set_viewport_size({"width": 1440, "height": 900})
    page.goto(served("empty") + site_map.path(name))
    running.ready(page)
    assert violations(page) <= STREAMLITS


def test_what_opens_on_a_page(page: Any, sample: str) -> None:
    page.set_viewport_size({"width": 1440, "height": 900})
    page.goto(f"{sample}/indicator?id=phone_self_mean")
    running.ready(page)
    page.locator("[data-testid=stExpander] summary").last.click()
    page.wait_for_selector(".sq-sum")
    running.ready(page)
    assert violations(page) <= STREAMLITS


def test_an_upload_that_is_returned(page: Any, served: Callable[[str], str]) -> None:
    path = sorted((SAMPLES / "survey_response").glob("*01月*"))[0]
    content = path.read_bytes()
    encoding = "utf-8-sig" if content.startswith(codecs.BOM_UTF8) else "cp950"
    page.set_viewport_size({"width": 1440, "height": 900})
    page.goto(served("empty") + "/upload")
    running.ready(page)
    faulty = content.decode(encoding).replace("15分鐘內", "很快", 1).encode(encoding)
    page.locator("input[type=file]").set_input_files({"name": path.name, "mimeType": "text/csv", "buffer": faulty})
    page.get_by_role("button", name="檢查檔案").click()
    page.wait_for_selector(".sq-outcome")
    running.ready(page)
    assert violations(page) <= STREAMLITS


def test_the_list_of_streamlits_own_is_as_short_as_it_can_be(page: Any, sample: str) -> None:
    page.goto(f"{sample}/upload")
    running.ready(page)
    assert violations(page) == {DROPZONE}
    page.goto(sample)
    running.ready(page)
    page.locator(".st-key-choice_site input").click()
    page.wait_for_selector("[role=option]")
    assert violations(page) == {LISTBOX}
