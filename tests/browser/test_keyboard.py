"""By keyboard and on paper: everything is reached, where one stands is seen, and a printed page holds what it says."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from warehouse import PROJECT
from warehouse.web import site_map
from warehouse.web.words import t

running = pytest.importorskip("tests.browser.running", reason="playwright is not installed")

pytestmark = [
    pytest.mark.browser,
    pytest.mark.skipif(not Path(running.CHROMIUM).exists(), reason="no chromium on this machine (apt-get install chromium)"),
]

ARTEFACTS = PROJECT / ".artefacts" / "print"

#: Where the keyboard stands: the parts of the page around it, and whether a ring is drawn on it or close around it.
STANDS = """() => {
    const element = document.activeElement, style = part => getComputedStyle(part);
    const ringed = part => (style(part).outlineStyle !== 'none' && parseFloat(style(part).outlineWidth) > 0) || style(part).boxShadow !== 'none';
    let around = element, steps = 0;
    while (around && steps < 4 && !ringed(around)) { around = around.parentElement; steps += 1 }
    const box = element.getBoundingClientRect();
    const within = name => Boolean(element.closest(name));
    return { name: element.tagName, words: (element.getAttribute('aria-label') || element.textContent || '').trim().slice(0, 60),
             ringed: Boolean(around && ringed(around)), seen: box.width > 1 && box.height > 1, skip: within('.sq-skip'), language: within('.sq-language'),
             navigation: within('.st-key-navigation'), filters: within('.st-key-filters, .st-key-log_filters'), top: box.top };
}"""


@pytest.fixture(scope="module")
def page(browser: Any) -> Iterator[Any]:
    found, _ = running.open_page(browser, 1440, 2200)
    yield found
    found.context.close()


def walk(page: Any, most: int) -> list[dict[str, Any]]:
    """Where Tab leads, one place after another, until it comes round or `most` are seen."""
    places: list[dict[str, Any]] = []
    for _ in range(most):
        page.keyboard.press("Tab")
        place = page.evaluate(STANDS)
        if place["name"] == "BODY":
            break
        places.append(place)
    return places


@pytest.mark.parametrize("name", site_map.NAMES)
def test_tab_leads_through_the_page_and_is_seen(page: Any, sample: str, name: str) -> None:
    page.goto(sample + site_map.path(name))
    running.ready(page)
    places = walk(page, 26)
    assert [place["words"] for place in places if not place["ringed"]] == []
    assert [place["words"] for place in places if not place["seen"]] == []
    order = [kind for place in places for kind in ("skip", "language", "navigation", "filters") if place[kind]]
    assert order[:2] == ["skip", "language"] and order.count("navigation") >= 2
    if page.locator(".st-key-filters").count():
        assert "filters" in order
    inner = [place for place in places if not (place["skip"] or place["language"] or place["navigation"] or place["name"] == "MAIN")]
    assert inner


def test_the_navigation_can_be_skipped(page: Any, sample: str) -> None:
    page.goto(sample)
    running.ready(page)
    page.keyboard.press("Tab")
    while not page.evaluate(STANDS)["skip"]:
        page.keyboard.press("Tab")
    assert page.evaluate(STANDS)["words"] == t("app.skip")
    page.keyboard.press("Enter")
    page.keyboard.press("Tab")
    place = page.evaluate(STANDS)
    assert place["filters"] and not place["navigation"]


def test_pages_of_a_group_and_the_other_language_by_keyboard(page: Any, sample: str) -> None:
    page.goto(sample)
    running.ready(page)
    page.locator(".st-key-navigation a").last.focus()
    page.keyboard.press("Enter")
    page.wait_for_selector(".st-key-subnavigation")
    running.ready(page)
    link = t(f"page.{site_map.NAMES[-1]}")
    while link not in page.evaluate(STANDS)["words"]:
        page.keyboard.press("Tab")
        assert page.evaluate("Boolean(document.activeElement.closest('.sq-skip, .sq-masthead, .st-key-navigation, .st-key-subnavigation'))")
    assert page.evaluate(STANDS)["ringed"]
    page.keyboard.press("Enter")
    page.wait_for_url(f"**/{site_map.NAMES[-1]}**")
    running.ready(page)
    page.locator(".sq-language").focus()
    page.keyboard.press("Enter")
    page.wait_for_url("**lang=en**")
    running.ready(page)
    assert page.evaluate("document.documentElement.lang") == "en"


def test_the_button_for_a_file_is_named_as_it_reads(page: Any, sample: str) -> None:
    for language, words in (("zh", "選擇檔案"), ("en", "Upload")):
        page.goto(f"{sample}/upload?lang={language}")
        running.ready(page)
        assert page.locator("[data-testid=stFileUploaderDropzone]").get_by_role("button", name=words).last.is_visible()


@pytest.mark.parametrize("name", site_map.NAMES)
def test_a_page_on_paper(page: Any, sample: str, name: str) -> None:
    page.goto(sample + site_map.path(name))
    running.ready(page)
    page.set_viewport_size({"width": 794, "height": 1123})
    page.emulate_media(media="print")
    page.wait_for_timeout(300)
    try:
        for part in (".st-key-navigation", ".sq-language", ".st-key-filters", ".sq-skip"):
            assert not page.locator(part).first.is_visible(), part
        assert page.locator("h1").first.is_visible() and page.locator(".sq-office").is_visible() and page.locator(".sq-notice").is_visible()
        assert page.evaluate("document.documentElement.scrollWidth <= 794")
        assert running.undrawn(page) == []
        assert page.evaluate("getComputedStyle(document.querySelector('[data-testid=stMain]')).overflowY") == "visible"
        page.screenshot(path=ARTEFACTS / f"{name}.png", full_page=True)
    finally:
        page.emulate_media(media="screen")
        page.set_viewport_size({"width": 1440, "height": 2200})
