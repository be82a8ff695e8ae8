"""A server of its own and a browser on it, for the browser tests and the pictures of the README."""

from __future__ import annotations

import os
import shutil
import signal
import socket
import subprocess
import sys
import time
import urllib.request
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path
from urllib.parse import urlsplit

from playwright.sync_api import Browser, Page, TimeoutError, sync_playwright

from warehouse import PROJECT
from warehouse.web import site_map

CHROMIUM = shutil.which("chromium") or "/usr/bin/chromium"
PAGES = {name: site_map.path(name) for name in site_map.NAMES}

_FLAGS = [
    "--headless",
    "--no-sandbox",
    "--disable-gpu",
    "--disable-quic",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
]


@contextmanager
def server(folder: Path) -> Iterator[str]:
    """The app over a data folder, on a free port; its address. Stopped by its own id."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port = probe.getsockname()[1]
    command = [sys.executable, "-m", "warehouse", "serve", "--port", str(port), "--data", str(folder)]
    process = subprocess.Popen(command, cwd=PROJECT, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
    address = f"http://127.0.0.1:{port}"
    try:
        _wait(address, process)
        yield address
    finally:
        process.send_signal(signal.SIGINT)
        try:
            process.wait(20)
        except subprocess.TimeoutExpired:
            process.kill()
            process.wait()


def _wait(address: str, process: subprocess.Popen[bytes]) -> None:
    until = time.monotonic() + 60
    while time.monotonic() < until and process.poll() is None:
        try:
            with urllib.request.urlopen(f"{address}/_stcore/health", timeout=2):
                return
        except OSError:
            time.sleep(0.2)
    raise RuntimeError(f"the server at {address} did not come up")


@contextmanager
def browser() -> Iterator[Browser]:
    """Chromium as the machine has it; nothing is downloaded."""
    with sync_playwright() as playwright:
        running = playwright.chromium.launch(executable_path=CHROMIUM, args=_FLAGS)
        try:
            yield running
        finally:
            running.close()


def open_page(running: Browser, width: int = 1440, height: int = 900) -> tuple[Page, list[str]]:
    """A page, and the list into which every address it asks for goes."""
    context = running.new_context(locale="zh-TW", timezone_id="Asia/Taipei", viewport={"width": width, "height": height})
    page = context.new_page()
    asked: list[str] = []
    page.on("request", lambda request: asked.append(request.url))
    return page, asked


def ready(page: Page) -> None:
    """Wait until the page stands to its foot and nothing runs any more."""
    page.wait_for_selector(".sq-foot", timeout=30_000)
    page.wait_for_function("!document.querySelector('[data-testid=stStatusWidget]')", timeout=30_000)
    page.wait_for_timeout(600)


def elsewhere(asked: list[str], address: str) -> list[str]:
    """Of the addresses asked for, those on another host."""
    own = urlsplit(address).netloc
    return [url for url in asked if not url.startswith(("data:", "blob:")) and urlsplit(url).netloc != own]


def overhang(page: Page) -> int:
    """By how many pixels the page is wider than its window, once charts have had three seconds to follow a change of it."""
    wider = "(() => {const m = document.querySelector('[data-testid=stMain]'); return m.scrollWidth - m.clientWidth})()"
    with suppress(TimeoutError):
        page.wait_for_function(f"{wider} <= 0", timeout=3000)
    return page.evaluate(wider)


def undrawn(page: Page) -> list[str]:
    """Charts and pictures on which nothing is seen: a chart without a mark that has a size, a picture that did not load."""
    if page.locator("[data-testid=stVegaLiteChart]").count():
        page.wait_for_function(
            "[...document.querySelectorAll('[data-testid=stVegaLiteChart]')].every(chart => chart.querySelector('svg'))", timeout=15_000
        )
    return page.evaluate(
        """() => {
            const sized = mark => { const box = mark.getBoundingClientRect(); return box.width + box.height > 1 };
            const seen = chart => [...chart.querySelectorAll('svg .role-mark path, svg .role-mark line, svg .role-mark text')].some(sized);
            const charts = [...document.querySelectorAll('[data-testid=stVegaLiteChart]')].filter(chart => !seen(chart));
            const pictures = [...document.querySelectorAll('img')].filter(image => !(image.complete && image.naturalWidth && image.alt));
            return [...charts, ...pictures].map(item => item.outerHTML.slice(0, 300));
        }"""
    )


def whole(page: Page, path: Path, width: int, most: int = 4000) -> None:
    """A picture of the page to its end. The window keeps that height."""
    path.parent.mkdir(parents=True, exist_ok=True)
    height = page.evaluate("document.querySelector('[data-testid=stMain]').scrollHeight")
    page.set_viewport_size({"width": width, "height": min(height + 70, most)})
    page.wait_for_timeout(500)
    page.screenshot(path=path)


def command(folder: Path, *words: str) -> subprocess.CompletedProcess[str]:
    """The command line over the same data folder."""
    return subprocess.run(
        [sys.executable, "-m", "warehouse", *words, "--data", str(folder)],
        cwd=PROJECT,
        capture_output=True,
        text=True,
        timeout=60,
        env=os.environ.copy(),
    )
