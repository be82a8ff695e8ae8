"""The one open warehouse of this process, shared by pages and the command route."""

from __future__ import annotations

import threading
from pathlib import Path

from warehouse.cli import data_folder
from warehouse.load import open_warehouse
from warehouse.store import Warehouse

_lock = threading.Lock()
_open: dict[Path, Warehouse] = {}


def current(folder: Path | None = None) -> Warehouse:
    """The warehouse of the data folder; opened at the first call, kept for the life of the process. Raises `Unavailable`."""
    place = (folder or data_folder()).resolve()
    with _lock:
        if place not in _open:
            _open[place] = open_warehouse(place)
        return _open[place]


def close_all() -> None:
    """Let go of every open warehouse."""
    with _lock:
        for warehouse in _open.values():
            warehouse.checkpoint()
            warehouse.close()
        _open.clear()
