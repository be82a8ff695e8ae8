"""The pages in a real browser: drawn, on one host, live, narrow and wide."""

from __future__ import annotations

import re
import shutil
import time
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from warehouse import PROJECT
from warehouse.samples import FOLDER as SAMPLES
from warehouse.samples import sample_files
from warehouse.web import site_map
from warehouse.web.words import t

running = pytest.importorskip("tests.browser.running", reason="playwright is not installed")

pytestmark = [
    pytest.mark.browser,
    pytest.mark.skipif(not Path(running.CHROMIUM).exists(), reason="no chromium on this machine (apt-get install chromium)"),
]

ARTEFACTS = PROJECT / ".artefacts"
#: What must stand on a page; on any other, its title.
MARK = {"home": "105年1月至9月服務品質", "indicator": "30分鐘內完成率", "batches": f"上傳紀錄：{len(sample_files())}筆"}


@pytest.fixture(scope="module")
def folder(sample_folder: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """One copy of the sample, over which one server after another is started."""
    return Path(shutil.copytree(sample_folder, tmp_path_factory.mktemp("fresh") / "data"))


@pytest.fixture(scope="module")
def visitor(browser) -> Iterator[tuple[Any, list[str]]]:
    """One page of the browser for all of them, and the addresses it asks for."""
    page, asked = running.open_page(browser)
    yield page, asked
    page.context.close()


@pytest.mark.parametrize("name", site_map.NAMES)
def test_fresh_server_asked_first_for_a_page(visitor, folder: Path, name: str) -> None:
    """Whatever a new server is asked for first, it comes through the shell: with its frame, its words and its own title."""
    page, asked = visitor
    page.goto("about:blank")
    del asked[:]
    with running.server(folder) as address:
        page.goto(address + running.PAGES[name])
        running.ready(page)
        text = page.inner_text("[data-testid=stMain]")
        assert MARK.get(name, t(f"page.{name}")) in text and "示範資料：" in text
        assert page.locator("[data-testid=stException], .sq-complaint").count() == 0
        assert page.locator("h1").count() == 1 and page.locator(".sq-masthead, .st-key-navigation, .sq-foot").count() == 3
        assert t(f"page.{name}") in page.title() and page.evaluate("document.documentElement.lang") == "zh-Hant"
        assert running.elsewhere(asked, address) == []


def test_marks_are_really_drawn(browser, sample: str) -> None:
    page, _ = running.open_page(browser)
    page.goto(sample + "/indicator?id=survey_time_within_30")
    running.ready(page)
    page.wait_for_selector("[data-testid=stVegaLiteChart] svg")
    assert page.locator("[data-testid=stVegaLiteChart] svg .mark-symbol path").count() >= 9
    lines = page.locator("[data-testid=stVegaLiteChart] svg .mark-line path").evaluate_all("all => all.map(path => path.getAttribute('d').length)")
    assert len(lines) >= 2 and min(lines) > 10
    assert "目標95" in (page.locator("[data-testid=stVegaLiteChart] svg").first.text_content() or "")
    page.goto(sample)
    running.ready(page)
    drawn = page.locator("img.sq-spark").evaluate_all("all => all.map(image => image.complete && image.naturalWidth > 0 && image.alt.length > 5)")
    assert len(drawn) == 8 and all(drawn)
    page.context.close()


def test_limits_rules_and_phases_are_drawn(browser, years_folder: Path, tmp_path: Path) -> None:
    shutil.copytree(years_folder, tmp_path / "data")
    with running.server(tmp_path / "data") as address:
        page, asked = running.open_page(browser)
        page.goto(address + "/indicator?id=survey_time_within_30")
        running.ready(page)
        page.wait_for_selector("[data-testid=stVegaLiteChart] svg")
        drawn = page.locator("[data-testid=stVegaLiteChart] svg")
        said = drawn.first.text_content() or ""
        assert all(word in said for word in ("平均 ", "上限 ", "下限 ", "目標95％"))
        fills = drawn.locator(".mark-symbol path").evaluate_all("all => all.map(path => path.getAttribute('fill'))")
        shapes = drawn.locator(".mark-symbol path").evaluate_all("all => new Set(all.map(path => path.getAttribute('d').split(',').length)).size")
        assert {"#D55E00", "#0072B2"} <= set(fills) and shapes >= 2
        lines = drawn.locator(".mark-line path").evaluate_all("all => all.map(path => path.getAttribute('d').length)")
        assert len(lines) >= 5 and min(lines) > 10
        running.whole(page, ARTEFACTS / "indicator_years_1440.png", 1440)
        page.goto(address + "/indicator?id=phone_self_mean")
        running.ready(page)
        page.wait_for_selector("[data-testid=stVegaLiteChart] svg")
        assert "新進人員全部完成" in (drawn.first.text_content() or "")
        assert drawn.locator(".mark-rule line").count() >= 1 and drawn.locator(".mark-line path").count() >= 8
        page.goto(address)
        running.ready(page)
        icons = page.locator("img.sq-icon").evaluate_all("all => all.map(image => image.complete && image.naturalWidth > 0)")
        assert len(icons) > 8 and all(icons)
        running.whole(page, ARTEFACTS / "home_years_1440.png", 1440)
        assert running.elsewhere(asked, address) == []
        page.context.close()


def test_the_meetings_paper_is_landscape_with_its_head_on_every_sheet(browser, sample: str) -> None:
    page, _ = running.open_page(browser)
    page.goto(sample + "/review")
    running.ready(page)
    page.emulate_media(media="print")
    assert page.locator("thead").first.evaluate("head => getComputedStyle(head).display") == "table-header-group"
    hidden = page.locator(".st-key-filters").evaluate("box => getComputedStyle(box).display")
    assert hidden == "none" and page.locator(".sq-review").first.evaluate("box => getComputedStyle(box).overflowX") == "visible"
    sheet = page.pdf(prefer_css_page_size=True)
    sizes = {tuple(round(float(number)) for number in found) for found in re.findall(rb"/MediaBox ?\[0 0 ([0-9.]+) ([0-9.]+)\]", sheet)}
    assert sizes and all(width > height for width, height in sizes) and sheet.count(b"/Type /Page\n") > 3
    page.context.close()


def test_cards_of_a_row_are_equally_high_and_status_is_a_word(browser, sample: str) -> None:
    page, _ = running.open_page(browser)
    page.goto(sample)
    running.ready(page)
    heights = page.locator(".sq-card").evaluate_all("all => all.map(card => Math.round(card.getBoundingClientRect().height))")
    assert len(heights) == 8 and len(set(heights[:4])) == 1 and len(set(heights[4:])) == 1
    assert all(len(word.strip()) > 2 for word in page.locator(".sq-card .sq-chip").all_inner_texts())
    page.context.close()


def test_choice_lives_in_the_address_and_goes_from_page_to_page(browser, sample: str) -> None:
    page, _ = running.open_page(browser)
    page.goto(sample + "/?period=quarter&to=2016-06&site=keelung")
    running.ready(page)
    assert "105年4月至6月服務品質" in page.inner_text("h1")
    page.locator(".st-key-navigation").get_by_text("指標", exact=True).click()
    page.wait_for_url("**/indicator?*")
    running.ready(page)
    assert "105年4月至6月" in page.inner_text(".sq-facts") and "基隆行政執行官辦公室" in page.inner_text(".sq-facts")
    assert "site=keelung" in page.url and "to=2016-06" in page.url
    page.locator(".st-key-choice_site input").click()
    page.get_by_role("option", name="全分署").click()
    page.wait_for_function("!location.search.includes('site=')")
    page.locator(".st-key-navigation").get_by_text("首頁", exact=True).click()
    page.wait_for_selector(".sq-cards")
    running.ready(page)
    assert "period=quarter" in page.url and "site=" not in page.url
    page.context.close()


def test_load_made_elsewhere_shows_within_three_seconds(browser, empty: tuple[str, Path]) -> None:
    address, folder = empty
    first, second = sorted((SAMPLES / "survey_response").glob("*.csv"))[:2]
    assert running.command(folder, "load", str(first), "--by", "測試").returncode == 0
    page, _ = running.open_page(browser)
    page.goto(address + "/?site=keelung")
    running.ready(page)
    assert "105年1月服務品質" in page.inner_text("h1")
    done = running.command(folder, "load", str(second), "--by", "測試")
    assert done.returncode == 0, done.stderr
    start = time.monotonic()
    page.wait_for_function("document.querySelector('h1').innerText.includes('105年1月至2月')", timeout=10_000)
    waited = time.monotonic() - start
    assert waited <= 3, waited
    assert "site=keelung" in page.url and "基隆行政執行官辦公室" in page.locator(".st-key-choice_site input").input_value()
    page.context.close()


def test_upload_with_a_hostile_name_asks_nobody_and_double_click_loads_once(browser, empty: tuple[str, Path]) -> None:
    address, folder = empty
    name = "<img src=x onerror=document.title='taken'> ![x](http://127.0.0.1:9/x.png) :red[x] $x$.csv"
    content = sorted((SAMPLES / "survey_response").glob("*.csv"))[0].read_bytes()
    page, asked = running.open_page(browser, height=1300)
    page.goto(address + "/upload")
    running.ready(page)
    page.locator("input[type=file]").set_input_files({"name": name, "mimeType": "text/csv", "buffer": content})
    page.get_by_role("button", name="檢查檔案").click()
    page.wait_for_selector(".sq-outcome")
    running.ready(page)
    assert "可入庫" in page.inner_text(".sq-outcome")
    shown = page.inner_text("[data-testid=stMain]")
    assert ":red[x] $x$.csv" in shown and "<img src=x" in shown and "![x](http:" in shown
    page.get_by_role("button", name="確認入庫").dblclick()
    page.wait_for_selector("text=上傳回條")
    running.ready(page)
    running.whole(page, ARTEFACTS / "receipt_1440.png", 1440)
    page.goto(address + "/batches?entry=1")
    running.ready(page)
    assert "上傳紀錄裡" not in page.inner_text("[data-testid=stMain]") and "$x$.csv" in page.inner_text("[data-testid=stMain]")
    assert running.elsewhere(asked, address) == [] and page.title() != "taken"
    listed = running.command(folder, "batches", "--json")
    assert listed.stdout.count('"kind": "load"') == 1
    page.context.close()


def test_a_row_is_entered_by_keyboard_once_for_two_clicks(browser, empty: tuple[str, Path]) -> None:
    address, folder = empty
    page, asked = running.open_page(browser, height=1300)
    page.goto(address + "/entry?form=maintenance_log")
    running.ready(page)
    page.get_by_label("設備＊").fill("飲水機")
    for text in ("105/13/5", "更換濾心", "完成", "王承辦"):
        page.keyboard.press("Tab")
        page.keyboard.type(text)
    page.keyboard.press("Enter")
    page.wait_for_selector(".sq-field-error")
    running.ready(page)
    assert "105/13/5" in page.inner_text(".sq-field-error") and page.get_by_label("設備＊").input_value() == "飲水機"
    page.get_by_label("維護日期＊").fill("105/9/5")
    page.keyboard.press("Enter")
    page.wait_for_selector("text=可登錄")
    running.ready(page)
    page.get_by_role("button", name="確認登錄").dblclick()
    page.wait_for_selector("text=登錄回條")
    running.ready(page)
    assert running.elsewhere(asked, address) == []
    assert running.command(folder, "batches", "--json").stdout.count('"kind": "form"') == 1
    page.context.close()
