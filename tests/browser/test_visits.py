"""Every page of the site map in a real browser: with the sample, with nothing, with one month; wide and narrow; in both languages."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest

from warehouse import PROJECT
from warehouse.web import site_map
from warehouse.web.words import LANGUAGES, TAGS, WORDS

running = pytest.importorskip("tests.browser.running", reason="playwright is not installed")

pytestmark = [
    pytest.mark.browser,
    pytest.mark.skipif(not Path(running.CHROMIUM).exists(), reason="no chromium on this machine (apt-get install chromium)"),
]

ARTEFACTS = PROJECT / ".artefacts" / "visits"
WIDE, NARROW, SMALLEST = 1440, 390, 320


@pytest.fixture(scope="module")
def opened(browser: Any) -> Iterator[Any]:
    """One page for the module: what a browser has read once it does not ask for again."""
    page, asked = running.open_page(browser, WIDE)
    yield page, asked
    page.context.close()


@pytest.mark.parametrize("kind", ["sample", "month", "empty"])
@pytest.mark.parametrize("language", LANGUAGES)
@pytest.mark.parametrize("name", site_map.NAMES)
def test_a_page_stands(opened: Any, served: Callable[[str], str], name: str, language: str, kind: str) -> None:
    page, asked = opened
    address = served(kind)
    del asked[:]
    page.set_viewport_size({"width": WIDE, "height": 900})
    page.goto(f"{address}{site_map.path(name)}?lang={language}")
    running.ready(page)
    told = page.inner_text("[data-testid=stMain]")
    at = LANGUAGES.index(language)
    assert page.evaluate("document.documentElement.lang") == TAGS[language]
    assert WORDS["app.local"][at] in told and (WORDS["app.sample"][at] in told) == (kind == "sample")
    assert WORDS[f"page.{name}"][at] in page.title()
    assert page.locator("h1").count() == 1
    for width in (WIDE, NARROW, SMALLEST):
        page.set_viewport_size({"width": width, "height": 900})
        page.wait_for_timeout(250)
        assert running.overhang(page) <= 0, width
        assert running.undrawn(page) == [], width
        assert page.locator("[data-testid=stException], .sq-complaint").count() == 0
        if width != SMALLEST:
            running.whole(page, ARTEFACTS / f"{name}_{kind}_{language}_{width}.png", width)
    assert running.elsewhere(asked, address) == []


def test_the_language_stays_from_page_to_page(browser: Any, sample: str) -> None:
    page, _ = running.open_page(browser)
    page.goto(f"{sample}/?lang=en")
    running.ready(page)
    page.locator(".st-key-navigation").get_by_text("Indicator", exact=True).click()
    page.wait_for_url("**/indicator?*")
    running.ready(page)
    assert "lang=en" in page.url
    page.reload()
    running.ready(page)
    assert page.evaluate("document.documentElement.lang") == "en" and "Served within 30 minutes" in page.inner_text("h1")
    page.locator(".sq-language").click()
    page.wait_for_url("**lang=zh**")
    running.ready(page)
    assert page.evaluate("document.documentElement.lang") == "zh-Hant" and "30分鐘內完成率" in page.inner_text("h1")
    page.context.close()
