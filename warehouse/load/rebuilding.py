"""The database made again from receipts and kept files, entry by entry under the same ids."""

from __future__ import annotations

import shutil
from collections.abc import Callable
from contextlib import suppress
from pathlib import Path
from typing import Any

from warehouse import journal, ledger, oversight, recompute, scorecard
from warehouse.errors import Unavailable, UsageError
from warehouse.intake import Source
from warehouse.keep import kept_file
from warehouse.ledger import Stamp
from warehouse.load.loading import load_file
from warehouse.load.opening import open_warehouse
from warehouse.load.results import FORM, Request
from warehouse.load.undoing import undo
from warehouse.store import DATABASE, Warehouse

Progress = Callable[[str], None]


def rebuild(warehouse: Warehouse, progress: Progress = lambda _: None) -> tuple[list[str], bool]:
    """Make the database again and put it in the place of the old one.

    Returns what stood in the way, in words (kept files missing or no longer of their hash; the old database stays then), and whether
    every figure is what it was. A database too damaged to be read through is kept beside the new one.
    """
    aside, database = warehouse.folder / ".rebuild", warehouse.folder / DATABASE
    with warehouse.exclusively():
        before = None
        with suppress(Unavailable), warehouse.reading() as cursor:
            ledger.write_receipts(warehouse.folder, cursor)
            before = recompute.compute(cursor, scorecard.all_indicators().values(), None)
        problems, after = rebuild_aside(warehouse.folder, aside, progress)
        if not problems:
            if before is None:
                shutil.copyfile(database, _damaged_name(database))
            warehouse.replace_with(aside / DATABASE)
    shutil.rmtree(aside, ignore_errors=True)
    return problems, before == after


def rebuild_offline(folder: Path, progress: Progress) -> tuple[dict[str, Any], str, int]:
    """Rebuild where the database cannot even be opened: the damaged file is set aside, never deleted. Returns document, words, exit code."""
    aside = folder / ".rebuild"
    problems, _ = rebuild_aside(folder, aside, progress)
    if problems:
        return {"rebuilt": False, "problems": problems}, "無法完整重建，資料庫維持原狀：\n" + "\n".join(problems), 1
    damaged, log = _damaged_name(folder / DATABASE), folder / f"{DATABASE}.wal"
    if log.exists():
        log.rename(f"{damaged}.wal")
    (folder / DATABASE).rename(damaged)
    (aside / DATABASE).replace(folder / DATABASE)
    shutil.rmtree(aside, ignore_errors=True)
    return {"rebuilt": True, "problems": [], "figures_equal": None, "damaged": damaged.name}, f"已由留存的原始檔重建；損壞的檔案留為「{damaged.name}」", 0


def rebuild_aside(folder: Path, aside: Path, progress: Progress = lambda _: None) -> tuple[list[str], dict[Any, Any]]:
    """Replay the receipts of `folder` into a new database in `aside`. Returns problems in words, and the figures it ends with."""
    shutil.rmtree(aside, ignore_errors=True)
    fresh = open_warehouse(aside)
    try:
        problems = _replay_receipts(folder, fresh, progress)
        with fresh.writing(None) as cursor:
            journal.replay(folder, cursor)
        with fresh.reading() as cursor:
            return problems, recompute.compute(cursor, scorecard.all_indicators().values(), None)
    finally:
        fresh.checkpoint()
        fresh.close()


def _replay_receipts(folder: Path, fresh: Warehouse, progress: Progress) -> list[str]:
    """One entry after another, to the first that cannot be made again."""
    for number, receipt in enumerate(ledger.receipts(folder), start=1):
        if receipt is None:
            return [ledger.unreadable_receipt(number)]
        progress(f"第{receipt['id']}號 {receipt['file_name'] or ledger.KIND_WORDS.get(receipt['kind'], receipt['kind'])}")
        if problem := _replay(folder, fresh, receipt):
            return [problem]
    return []


def _replay(folder: Path, fresh: Warehouse, receipt: dict[str, Any]) -> str | None:
    stamp = Stamp.of(receipt)
    if receipt["kind"] == "undo":
        undo(fresh, receipt["undoes"], by=receipt["by_name"], reason=receipt["reason"] or "—", replay=stamp)
        return None
    if receipt["kind"] in ("review", "close", "reopen"):
        oversight.replay(fresh, receipt, stamp)
        return None
    problem = _load_again(folder, fresh, receipt, stamp)
    return f"第{receipt['id']}號：{problem}（{receipt['file_name'] or FORM}）" if problem else None


def _load_again(folder: Path, fresh: Warehouse, receipt: dict[str, Any], stamp: Stamp) -> str | None:
    """Take a kept file in as it was taken then; what is otherwise now, in words."""
    path = kept_file(folder, receipt["sha256"] or "")
    if not path.exists():
        return "留存的原始檔不見了"
    source = Source(receipt["file_name"] or FORM, path)
    if source.sha256 != receipt["sha256"]:
        return "留存的原始檔內容已變"
    try:
        result = load_file(fresh, source, _request(receipt, stamp))
    except UsageError as error:
        return str(error)
    if result.outcome != "loaded" or result.batch != receipt["id"]:
        return f"重建時為「{result.outcome}」"
    return None


def _request(receipt: dict[str, Any], stamp: Stamp) -> Request:
    options = receipt["options"]
    return Request(
        by=receipt["by_name"],
        dataset=options.get("dataset"),
        year=options.get("year"),
        accept=frozenset(["all"]),
        hold=bool(options.get("hold")),
        reason=receipt["reason"],
        is_sample=receipt["is_sample"],
        form=receipt["kind"] == "form",
        release=options.get("release"),
        replay=stamp,
        today=stamp.today(options),
    )


def _damaged_name(database: Path) -> Path:
    return database.with_name(f"{database.name}.damaged-{Stamp.now().at_utc:%Y%m%d%H%M%S}")
