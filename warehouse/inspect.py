"""What a file was read as, and the empty file a clerk fills: neither needs the warehouse."""

from __future__ import annotations

import csv
import io
from pathlib import Path
from typing import Any

from warehouse import period
from warehouse.commands import DONE, REFUSED, Answer
from warehouse.datasets import dataset_named
from warehouse.errors import Finding, Refused, UsageError
from warehouse.intake import Source, plain_grid
from warehouse.screen import screen


def inspect_file(path: Path, *, grid: bool, dataset: str | None = None) -> Answer:
    """How a file was read: type, encoding, delimiter, header row, dataset, columns, and with `grid` every cell as text."""
    if not path.is_file():
        raise UsageError(f"找不到檔案「{path.name}」")
    source = Source(path.name, path)
    document: dict[str, Any] = {"type": None, "encoding": None, "delimiter": None, "header_row": None, "dataset": None, "columns": [], "rows": [], "findings": []}
    findings: list[Finding] = []
    try:
        kind, encoding, delimiter, cells = plain_grid(source)
        document |= {"type": kind, "encoding": encoding, "delimiter": delimiter, "rows": cells if grid else []}
        screening = screen(source, today=period.taipei_today(), dataset=dataset)
        sheet = screening.sheet
        document |= {"encoding": sheet.encoding, "delimiter": sheet.delimiter, "header_row": sheet.header_row, "dataset": screening.dataset.name}
        document["columns"] = [name.strip() for name in sheet.names]
        document["rows"] = plain_grid(source, sheet)[3][sheet.header_row :] if grid else []
        findings = screening.findings
    except Refused as refusal:
        findings = refusal.findings
    document["findings"] = [finding.as_json() for finding in findings]
    lines = [
        f"{path.name}：類型 {document['type'] or '—'}　編碼 {document['encoding'] or '—'}　分隔 {document['delimiter'] or '—'!r}　標題列 第{document['header_row'] or '—'}列　報表 {document['dataset'] or '—'}"
    ]
    lines += [f"  ［{finding.code}］{finding.message}" for finding in findings]
    if grid:
        lines += ["\t".join(row) for row in document["rows"]]
    return Answer(document, "\n".join(lines), REFUSED if document["dataset"] is None else DONE)


def write_template(name: str, out: Path) -> Answer:
    """Write the empty file of a dataset: its headings, UTF-8 with BOM, CRLF, as Excel opens it without asking."""
    dataset = dataset_named(name)
    try:
        out.write_bytes(template_bytes(name))
    except OSError as error:
        raise UsageError(f"無法寫到「{out}」：{error.strerror}") from error
    return Answer({"dataset": dataset.name, "file": str(out), "columns": dataset.long.known_names()}, f"已寫出「{dataset.title}」空白範本：{out}")


def template_bytes(name: str) -> bytes:
    """The bytes of a dataset's template."""
    text = io.StringIO()
    csv.writer(text, lineterminator="\r\n").writerow(dataset_named(name).long.known_names())
    return text.getvalue().encode("utf-8-sig")
