"""The report as files: all four forms of one content, and how they reach whoever asked for them."""

from __future__ import annotations

import hashlib
import os
import uuid
from pathlib import Path
from typing import Any

from warehouse.keep import kept_file
from warehouse.report.charts import picture
from warehouse.report.docx import docx
from warehouse.report.ods import ods
from warehouse.report.odt import odt
from warehouse.report.parts import Report
from warehouse.report.pdf import pdf


def rendered(report: Report) -> dict[str, bytes]:
    """File name → bytes: .odt, .pdf, .ods, .docx."""
    pictures = {chart.id: picture(chart) for chart in report.charts}
    name = report.full_title
    return {
        f"{name}.odt": odt(report, pictures),
        f"{name}.pdf": pdf(report, pictures),
        f"{name}.ods": ods(report),
        f"{name}.docx": docx(report, pictures),
    }


def handed_over(folder: Path, files: dict[str, bytes]) -> list[dict[str, Any]]:
    """Put files into the data folder's `outbox/` under names of our own, from where the command line takes them.

    So whoever holds the warehouse never writes to a place that someone else names. Returns name, path, sha256 and size of each.
    """
    outbox = folder / "outbox"
    outbox.mkdir(mode=0o700, exist_ok=True)
    found = []
    for name, content in files.items():
        path = outbox / uuid.uuid4().hex
        path.write_bytes(content)
        found.append({"name": name, "path": str(path), "sha256": hashlib.sha256(content).hexdigest(), "size": len(content)})
    return found


def keep(folder: Path, content: bytes) -> str:
    """Keep bytes under their hash beside the files that were handed in, whole or not at all; the hash is returned. So backups hold them too."""
    sha256 = hashlib.sha256(content).hexdigest()
    target = kept(folder, sha256)
    target.parent.mkdir(mode=0o700, exist_ok=True)
    if not target.exists():
        aside = target.with_name(f".{uuid.uuid4().hex}")
        with aside.open("wb") as stream:
            stream.write(content)
            stream.flush()
            os.fsync(stream.fileno())
        aside.replace(target)
    return sha256


def kept(folder: Path, sha256: str) -> Path:
    """Where the bytes of an issued report are kept."""
    return kept_file(folder, sha256)
