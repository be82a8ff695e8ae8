"""The director's page in a real browser, beside an empty Streamlit page in the same run.

    python -m tests.benchmarks.browser                    # over the sample and 1,000,000 answers
    python -m tests.benchmarks.browser --rows 10000000

Interleaved: opening the page in a new tab, choosing another site until the new figures stand, and from the start of a cold server until the page stands.
The empty page is one select box and the sentence that says what was chosen, under Streamlit's own settings.
"""

from __future__ import annotations

import argparse
import contextlib
import shutil
import signal
import socket
import statistics
import subprocess
import sys
import tempfile
import time
import urllib.request
from collections.abc import Iterator
from pathlib import Path

from playwright.sync_api import Browser, Page

from tests.benchmarks.serve import filled
from tests.browser.running import browser
from warehouse import PROJECT

EMPTY = 'import streamlit as st\n\nst.write("stands: " + st.selectbox("site", ["all", "yilan"]))\n'
STANDS = {"empty": "text=stands: all", "ours": ".sq-foot"}


@contextlib.contextmanager
def started(kind: str, place: Path) -> Iterator[str]:
    """The server of either page, told to stop at the end; its address, before it is up."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port = probe.getsockname()[1]
    (place / "empty.py").write_text(EMPTY, encoding="utf-8")
    words = {
        "ours": ["-m", "warehouse", "serve", "--data", str(place / "data"), "--port", str(port)],
        "empty": ["-m", "streamlit", "run", "empty.py", "--server.port", str(port), "--server.address", "127.0.0.1", "--server.headless", "true"],
    }
    process = subprocess.Popen(
        [sys.executable, *words[kind]], cwd=PROJECT if kind == "ours" else place, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL
    )
    try:
        yield f"http://127.0.0.1:{port}"
    finally:
        process.send_signal(signal.SIGINT)
        with contextlib.suppress(subprocess.TimeoutExpired):
            process.wait(20)
        process.kill()


def tab(running: Browser) -> Page:
    """A tab of a browser that has never been here: nothing is kept from another visit."""
    return running.new_context(locale="zh-TW", viewport={"width": 1440, "height": 900}).new_page()


def answering(address: str) -> None:
    """Wait until the server answers at all."""
    while True:
        with contextlib.suppress(OSError), urllib.request.urlopen(f"{address}/_stcore/health", timeout=2):
            return
        time.sleep(0.02)


def opened(page: Page, address: str, kind: str) -> float:
    """Seconds until the page stands."""
    start = time.perf_counter()
    page.goto(address)
    page.wait_for_selector(STANDS[kind], timeout=60_000)
    return time.perf_counter() - start


def chosen(page: Page, kind: str) -> float:
    """Seconds from the choice of another site until what it changes stands."""
    box = ".st-key-choice_site input" if kind == "ours" else "[data-testid=stSelectbox] input"
    page.locator(box).click()
    option = page.get_by_role("option", name="本分署" if kind == "ours" else "yilan", exact=True)
    option.wait_for()
    start = time.perf_counter()
    option.click()
    page.wait_for_function("location.search.includes('site=yilan')" if kind == "ours" else "document.body.innerText.includes('stands: yilan')")
    page.wait_for_function("!document.querySelector('[data-testid=stStatusWidget]') && !document.querySelector('[data-stale=true]')")
    return time.perf_counter() - start


def main() -> None:
    parser = argparse.ArgumentParser()
    parser.add_argument("--rows", type=int, default=1_000_000)
    parser.add_argument("--rounds", type=int, default=9)
    options = parser.parse_args()
    place = Path(tempfile.mkdtemp(prefix="service-quality-benchmark-"))
    times: dict[tuple[str, str], list[float]] = {}
    try:
        filled(place, options.rows)
        with browser() as running:
            for _ in range(3):
                for kind in STANDS:
                    page = tab(running)
                    begin = time.perf_counter()
                    with started(kind, place) as address:
                        answering(address)
                        opened(page, address, kind)
                        times.setdefault(("cold server", kind), []).append(time.perf_counter() - begin)
                    page.context.close()
            with started("empty", place) as empty, started("ours", place) as ours:
                answering(empty), answering(ours)
                for turn in range(options.rounds + 1):
                    for kind, address in (("empty", empty), ("ours", ours)):
                        page = tab(running)
                        seconds = {"load": opened(page, address, kind), "choice": chosen(page, kind)}
                        page.context.close()
                        for what, taken in seconds.items() if turn else ():
                            times.setdefault((what, kind), []).append(taken)
        for what in ("load", "choice", "cold server"):
            mine, floor = (statistics.median(times[what, kind]) for kind in ("ours", "empty"))
            print(f"{what:>12}: ours {1000 * mine:6.0f} ms, empty page {1000 * floor:6.0f} ms, ratio {mine / floor:.2f}")
    finally:
        shutil.rmtree(place, ignore_errors=True)


if __name__ == "__main__":
    main()
