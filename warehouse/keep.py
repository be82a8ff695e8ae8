"""Keeping a file's own bytes: hashed and copied in one pass, beside whatever else is being done with it."""

from __future__ import annotations

import hashlib
import os
import threading
import uuid
from pathlib import Path

from warehouse.errors import Unavailable
from warehouse.intake import Source

_PIECE = 1 << 22


def kept_file(folder: Path, sha256: str) -> Path:
    """Where the bytes of a file are kept: under their hash, never under their name."""
    return folder / "files" / sha256


def kept_bytes(folder: Path, sha256: str) -> bytes:
    """The very bytes of a file. Raises `Unavailable` where they are gone."""
    try:
        return kept_file(folder, sha256).read_bytes()
    except OSError as error:
        raise Unavailable(f"留存的原始檔不見了（{sha256[:12]}…）") from error


class Keeper:
    """Hashes a source, and with `folder` copies it aside, in a thread of its own from the moment it is made.

    `sha256()` waits for the hash; `keep()` waits, forces the copy to disk and gives it its name; `abandon()` leaves no trace.
    """

    def __init__(self, source: Source, folder: Path | None) -> None:
        self._source, self._folder = source, folder
        self._aside = folder / "files" / f".{uuid.uuid4().hex}" if folder else None
        self._failure: OSError | None = None
        self._abandoned = False
        self._thread = threading.Thread(target=self._work, name="keeper", daemon=True)
        self._thread.start()

    def sha256(self) -> str:
        """The file's hash. Raises `Unavailable` where it could not be read or copied."""
        self._thread.join()
        if self._failure:
            raise Unavailable(f"無法留存原始檔：{self._failure.strerror}") from self._failure
        return self._source.sha256

    def keep(self) -> None:
        """Give the copy its name: from here on it survives a crash."""
        assert self._folder is not None and self._aside is not None
        target = kept_file(self._folder, self.sha256())
        try:
            self._aside.replace(target)
            descriptor = os.open(target.parent, os.O_RDONLY)
            try:
                os.fsync(descriptor)
            finally:
                os.close(descriptor)
        except OSError as error:
            raise Unavailable(f"無法留存原始檔：{error.strerror}") from error

    def abandon(self) -> None:
        """Stop, and remove the copy if it has no name yet."""
        self._abandoned = True
        self._thread.join()
        if self._aside:
            self._aside.unlink(missing_ok=True)

    def _work(self) -> None:
        try:
            self._copy()
        except OSError as error:
            self._failure = error

    def _copy(self) -> None:
        digest = hashlib.sha256()
        outgoing = None
        if self._aside:
            self._aside.parent.mkdir(mode=0o700, exist_ok=True)
            outgoing = self._aside.open("wb", buffering=0)
        try:
            with self._source.open() as incoming:
                while not self._abandoned and (piece := incoming.read(_PIECE)):
                    digest.update(piece)
                    if outgoing:
                        outgoing.write(piece)
            if outgoing and not self._abandoned:
                os.fsync(outgoing.fileno())
        finally:
            if outgoing:
                outgoing.close()
        if not self._abandoned:
            self._source.remember_hash(digest.hexdigest())
