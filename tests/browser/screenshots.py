"""The pictures of the README, from the sample: `python -m tests.browser.screenshots` writes them into .screenshots/."""

from __future__ import annotations

import codecs
import tempfile
from pathlib import Path

from tests.browser.running import browser, open_page, ready, server
from warehouse import PROJECT
from warehouse.load import open_warehouse
from warehouse.samples import FOLDER as SAMPLES
from warehouse.samples import load_sample

FOLDER = PROJECT / ".screenshots"
WIDTH = 1280


def main() -> None:
    """Load the sample into a folder of its own, serve it, take the pictures."""
    FOLDER.mkdir(exist_ok=True)
    with tempfile.TemporaryDirectory() as place:
        warehouse = open_warehouse(Path(place) / "data")
        load_sample(warehouse)
        warehouse.close()
        with server(Path(place) / "data") as address, browser() as running:
            page, _ = open_page(running, WIDTH, 1180)
            for name, path, height in (
                ("home", "/", 1180),
                ("indicator", "/indicator?id=phone_self_mean", 1000),
                ("survey", "/survey", 1150),
                ("review", "/review", 1000),
                ("report", "/report", 1000),
            ):
                page.set_viewport_size({"width": WIDTH, "height": height})
                page.goto(address + path)
                ready(page)
                page.screenshot(path=FOLDER / f"{name}.png")
            page.goto(address + "/upload")
            ready(page)
            page.locator("input[type=file]").set_input_files(_corrected())
            page.get_by_label("辦理人").fill("秘書室承辦人")
            page.get_by_role("button", name="檢查檔案").click()
            page.wait_for_selector(".sq-outcome")
            ready(page)
            page.set_viewport_size({"width": WIDTH, "height": 1480})
            page.wait_for_timeout(600)
            page.screenshot(path=FOLDER / "upload.png")
    for picture in sorted(FOLDER.glob("*.png")):
        print(f"{picture.relative_to(PROJECT)}  {picture.stat().st_size / 1000:.0f} kB")


def _corrected() -> dict[str, object]:
    """September's survey sent again with one answer corrected: what the clerk sees when a month is replaced."""
    path = sorted((SAMPLES / "survey_response").glob("*09月*"))[0]
    content, old, new = path.read_bytes(), "15分鐘內", "45分鐘內"
    encoding = next(name for name in ("utf-8-sig", "cp950") if old.encode(name).removeprefix(codecs.BOM_UTF8) in content)
    swapped = content.decode(encoding).replace(old, new, 1)
    return {"name": path.name, "mimeType": "text/csv", "buffer": swapped.encode(encoding)}


if __name__ == "__main__":
    main()
