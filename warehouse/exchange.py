"""Putting what was restored in the place of what a data folder holds, in steps that a crash may stop anywhere and the next start goes on with.

`.restore/` is filled first, then sealed; from the seal on the exchange is done to the end. What was there is moved into a folder of its own.
"""

from __future__ import annotations

import json
import os
import shutil
from pathlib import Path

from warehouse.journal import journal_path
from warehouse.ledger import receipts_path
from warehouse.store import DATABASE

STAGED = ".restore"
_SEAL = "sealed.json"
FILES = "files"
LOG = f"{DATABASE}.wal"


def staged(folder: Path) -> Path:
    """Where the new state is prepared."""
    return folder / STAGED


def start(folder: Path) -> Path:
    """An empty place for a new state, whatever an unfinished one has left there. Returns it."""
    place = staged(folder)
    shutil.rmtree(place, ignore_errors=True)
    (place / FILES).mkdir(mode=0o700, parents=True)
    journal_path(place).touch()
    return place


def seal(folder: Path, aside: str | None) -> None:
    """The new state is whole and on disk. aside: name of the folder into which the old one goes; None where there is nothing worth keeping."""
    place = staged(folder)
    draft = place / f".{_SEAL}"
    with draft.open("w", encoding="utf-8") as stream:
        json.dump({"aside": aside}, stream)
        stream.flush()
        os.fsync(stream.fileno())
    draft.rename(place / _SEAL)
    sync_folder(place)


def is_sealed(folder: Path) -> bool:
    """Whether an exchange was begun and must be finished."""
    return (staged(folder) / _SEAL).exists()


def finish(folder: Path) -> None:
    """Do the exchange, or what is left of it. The database must not be open."""
    place = staged(folder)
    aside = json.loads((place / _SEAL).read_text(encoding="utf-8"))["aside"]
    if aside:
        (folder / aside).mkdir(mode=0o700, exist_ok=True)
    if (place / DATABASE).exists():
        _put_away(folder / LOG, folder / aside if aside else None)
    for name in (receipts_path(folder).name, journal_path(folder).name, FILES, LOG, DATABASE):
        if (place / name).exists():
            _put_away(folder / name, folder / aside if aside else None)
            (place / name).rename(folder / name)
    sync_folder(folder)
    shutil.rmtree(place, ignore_errors=True)


def sync_folder(folder: Path) -> None:
    """Force the names in a folder to disk."""
    descriptor = os.open(folder, os.O_RDONLY)
    try:
        os.fsync(descriptor)
    finally:
        os.close(descriptor)


def _put_away(path: Path, aside: Path | None) -> None:
    """Move an old part away. One that lies there already is the older; what stands in its place since then was made by a start in between."""
    if not path.exists():
        return
    if aside is not None and not (aside / path.name).exists():
        path.rename(aside / path.name)
    elif path.is_dir():
        shutil.rmtree(path)
    else:
        path.unlink()
