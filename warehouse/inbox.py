"""The office's hot folder: a file put into `inbox/` is taken as the command `load` takes it, and its receipt is written beside it.

A file is taken when it has come to rest (same size and time at two looks), so it may be copied in or, better, written under another name and renamed.
It stays where it is. Its receipts say what became of it: `<name>.回條.txt` in words, `<name>.receipt.json` as `load --json` tells. A file that asks for
confirmation or was refused is not loaded; given again in another state it is taken again.
"""

from __future__ import annotations

import hashlib
import json
import os
import shutil
import stat
import sys
import threading
import uuid
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from warehouse import commands
from warehouse.commands import UNAVAILABLE
from warehouse.store import Warehouse

FOLDER = "inbox"
BY = "收件匣"
WORDS, RECORD = ".回條.txt", ".receipt.json"

#: Bytes in a file name, on every file system in use.
_LONGEST_NAME = 255

#: Names under which programs write what is not finished, or not meant for us.
_NOT_OURS_AT_FRONT = (".", "~$")
_NOT_OURS_AT_END = (".tmp", ".part", ".partial", ".crdownload", WORDS, RECORD)

_CONFIRM = "這份檔案還沒有入庫：請到「上傳」頁交同一份檔案，逐項確認。"

State = tuple[int, int]


class Inbox:
    """The hot folder of a warehouse. `sweep` is one look at it; nothing is remembered that a restart would lose but which files are still growing."""

    def __init__(self, warehouse: Warehouse) -> None:
        self._warehouse = warehouse
        self._folder = warehouse.folder / FOLDER
        self._last: dict[Path, State] = {}

    def sweep(self) -> list[Path]:
        """Take every file that has come to rest and has no receipt for the state it is in; returns those taken. Never raises for a file."""
        found = dict(self._waiting())
        rested = [path for path, state in sorted(found.items()) if self._last.get(path) == state]
        self._last = found
        return [path for path in rested if self._take(path, found[path])]

    def _waiting(self) -> Iterator[tuple[Path, State]]:
        try:
            entries = list(os.scandir(self._folder))
        except OSError:
            return
        for entry in entries:
            if entry.name.startswith(_NOT_OURS_AT_FRONT) or entry.name.endswith(_NOT_OURS_AT_END):
                continue
            try:
                known = entry.stat(follow_symlinks=False)
            except OSError:
                continue
            path, state = Path(entry.path), (known.st_size, known.st_mtime_ns)
            if stat.S_ISREG(known.st_mode) and _receipted(path) != state:
                yield path, state

    def _take(self, path: Path, state: State) -> bool:
        """Load a copy, which nobody can change meanwhile, and write the receipts. False where it could not be done now and will be tried again."""
        copy = self._folder / f".{uuid.uuid4().hex}"
        try:
            shutil.copyfile(path, copy, follow_symlinks=False)
            given = {"name": os.fsencode(path.name).decode("utf-8", "backslashreplace"), "path": str(copy)}
            answer = commands.run(self._warehouse, "load", {"files": [given], "by": BY}, lambda line: None)
            if answer.code == UNAVAILABLE:
                return False
            asked = isinstance(answer.document, list) and any(file["outcome"] == "needs_confirmation" for file in answer.document)
            _write(_beside(path, WORDS), answer.text + "\n" + (f"\n{_CONFIRM}\n" if asked else ""))
            record = {"size": state[0], "mtime_ns": state[1], "result": answer.document}
            _write(_beside(path, RECORD), json.dumps(record, ensure_ascii=False, indent=2) + "\n")
        except OSError:
            return False
        finally:
            copy.unlink(missing_ok=True)
        return True


def watch(warehouse: Warehouse, stop: threading.Event, every: float = 2.0) -> None:
    """Look into the hot folder every so many seconds until told to stop. Runs in a thread of its own."""
    inbox = Inbox(warehouse)
    (warehouse.folder / FOLDER).mkdir(mode=0o700, exist_ok=True)
    while not stop.wait(every):
        try:
            inbox.sweep()
        except Exception as error:  # one file must never keep the others waiting for ever
            print(json.dumps({"event": "inbox_error", "detail": commands.failure(error).text}, ensure_ascii=False), file=sys.stderr)


def _receipted(path: Path) -> State | None:
    """The state of the file for which there is a receipt."""
    try:
        record: Any = json.loads(_beside(path, RECORD).read_text(encoding="utf-8"))
        return int(record["size"]), int(record["mtime_ns"])
    except (OSError, ValueError, KeyError, TypeError, OverflowError, RecursionError):
        return None


def _beside(path: Path, ending: str) -> Path:
    """Where a receipt lies: the file's own name with an ending, cut where no file may be called that."""
    name = os.fsencode(path.name)
    room = _LONGEST_NAME - len(ending.encode())
    if len(name) > room:
        mark = hashlib.sha256(name).hexdigest()[:8]
        name = name[: room - len(mark) - 3].decode("utf-8", "ignore").encode() + f"~{mark}".encode()
    return path.with_name(os.fsdecode(name) + ending)


def _write(path: Path, text: str) -> None:
    """Written under another name first: whoever reads it sees all of it."""
    draft = path.with_name(f".{uuid.uuid4().hex}")
    try:
        with draft.open("w", encoding="utf-8", newline="\n") as stream:
            stream.write(text)
            stream.flush()
            os.fsync(stream.fileno())
        draft.replace(path)
    finally:
        draft.unlink(missing_ok=True)
