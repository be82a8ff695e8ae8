"""The long version of `tests/warehouse/test_crashes.py` and `test_races.py`: real kills and refused writes by the kernel, at real system calls.

    python -m tests.benchmarks.kills [--kills 150] [--errors 60] [--races 24]

`strace` runs the command line and, at the n-th write, fsync, rename or truncation of the data folder, ends it with SIGKILL, or lets the call fail
with ENOSPC or EIO. After each: the state is the old one or the new one, whole; `check` is clean after the next start; nothing that was told "loaded"
is missing; the same file again ends in exactly one copy. Says what it did, as one JSON document; exit code 1 where a promise was broken.
"""

from __future__ import annotations

import argparse
import hashlib
import json
import math
import os
import re
import shutil
import subprocess
import sys
import tempfile
from collections import Counter
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import Any

from warehouse import PROJECT, commands
from warehouse.intake import Source
from warehouse.load import Request, load_file, open_warehouse, undo

WRITES = ("pwrite64", "write", "fsync", "fdatasync", "rename", "ftruncate", "unlink")
READS = ("openat", "pread64", "read", "close", "fcntl")
CHANNELS = ("電話查詢", "臨櫃查詢", "網路查詢(含電子信箱)", "資料影印")
CLERK = Request(by="承辦", accept=frozenset(["all"]))

State = list[tuple[Any, ...]]


def inquiries(month: int, count: int) -> bytes:
    return ("月份,查詢管道,件數\n" + "".join(f"105年{month}月,{channel},{count}\n" for channel in CHANNELS)).encode()


NEW, AGAIN = inquiries(3, 7), inquiries(1, 9)


class Scene:
    """A prepared data folder, a command upon it, and the states before and after."""

    def __init__(self, place: Path, name: str, command: list[str], file: Path | None) -> None:
        self.name, self.command, self.file = name, command, file
        self.folder = place / name
        warehouse = open_warehouse(self.folder)
        for month, count in ((1, 1), (1, 2), (2, 5)):
            load_file(warehouse, Source("a.csv", inquiries(month, count)), CLERK)
        warehouse.close()
        done = place / f"{name}-done"
        shutil.copytree(self.folder, done)
        subprocess.run([*PROGRAM, *command, "--data", str(done)], cwd=PROJECT, check=True, capture_output=True)
        self.before, self.after = state(self.folder), state(done)

    def calls(self, place: Path, kinds: tuple[str, ...]) -> Counter[str]:
        """How many calls of these kinds the command makes upon the files of its data folder."""
        folder, log = self.copy(place), place / "strace.log"
        traced = strace(folder, log, [f"trace={','.join(kinds)}"])
        subprocess.run([*traced, *PROGRAM, *self.command, "--data", str(folder)], cwd=PROJECT, check=True, capture_output=True)
        return Counter(re.findall(r"\b(" + "|".join(kinds) + r")\(", log.read_text(errors="replace")))

    def copy(self, place: Path) -> Path:
        folder = place / "data"
        shutil.copytree(self.folder, folder)
        return folder


PROGRAM = [sys.executable, "-m", "warehouse"]


def strace(folder: Path, log: Path, expressions: list[str]) -> list[str]:
    """strace over all threads, for calls upon the database, its log, the receipts and the kept files only."""
    kept = [f"files/{hashlib.sha256(content).hexdigest()}" for content in (NEW, AGAIN)]
    paths = [folder / name for name in ("warehouse.duckdb", "warehouse.duckdb.wal", "receipts.jsonl", "files", *kept)]
    chosen = [*(f"--trace-path={path}" for path in paths), *(part for text in expressions for part in ("-e", text))]
    return ["strace", "-f", "-qq", "-o", str(log), *chosen]


def state(folder: Path) -> State:
    """Entries and live rows, whatever the order in which they lie."""
    warehouse = open_warehouse(folder)
    try:
        with warehouse.reading() as cursor:
            entries = cursor.execute("select id, kind, sha256, undone from ledger.batch order by id").fetchall()
            rows = cursor.execute("select month, _batch_id, _row, n from live.inquiry_monthly order by all").fetchall()
            figures = cursor.execute("select indicator_id, month, numerator from indicator_now where numerator is not null order by all").fetchall()
        return [*entries, *rows, *figures]
    finally:
        warehouse.close()


def injected(scene: Scene, call: str, number: int, fault: str) -> tuple[str, list[str]]:
    """Run the scene with one fault. What came of it, and the promises broken."""
    with tempfile.TemporaryDirectory() as name:
        place = Path(name)
        folder = scene.copy(place)
        expression = f"inject={call}:{fault}:when={number}"
        process = subprocess.run(
            [*strace(folder, place / "strace.log", [f"trace={call}", expression]), *PROGRAM, *scene.command, "--data", str(folder), "--json"],
            cwd=PROJECT,
            capture_output=True,
            text=True,
            timeout=180,
        )
        broken: list[str] = []
        found = state(folder)
        if found not in (scene.before, scene.after):
            broken.append("neither the old state nor the new one")
        told_done = process.returncode == 0
        told_not = process.returncode in (1, 2, 3)
        if told_done and found != scene.after:
            broken.append("told that it was done, and it is not there")
        if told_not and found == scene.after:
            broken.append(f"told that it was not done, and it is there: {process.stdout.strip()[:200]}")
        if "Traceback" in process.stderr:
            broken.append("a traceback")
        broken += afterwards(scene, folder, found == scene.after)
        kind = "new" if found == scene.after else "old"
        return f"{'killed' if process.returncode < 0 or process.returncode == 137 else f'exit {process.returncode}'}, {kind}", broken


def afterwards(scene: Scene, folder: Path, done: bool) -> list[str]:
    """Start again, check, and do the same once more."""
    warehouse = open_warehouse(folder)
    try:
        answer = commands.run(warehouse, "check", {})
        broken = [] if answer.document["sound"] else [f"check: {answer.text}"]
        if scene.file is not None:
            outcome = load_file(warehouse, Source(scene.file.name, scene.file), CLERK).outcome
            if outcome != ("unchanged" if done else "loaded"):
                broken.append(f"the same file again: {outcome}")
        elif not done:
            undo(warehouse, 3, by="承辦", reason="試")
    finally:
        warehouse.close()
    if state(folder) != scene.after:
        broken.append("after the same once more it is not what it should be")
    return broken


def spread(calls: Counter[str], many: int) -> Iterator[tuple[str, int]]:
    """`many` points, each kind of call by its share, and each kind at its first and last."""
    total = sum(calls.values())
    for call, count in calls.items():
        share = min(count, max(2, math.ceil(many * count / total)))
        yield from ((call, 1 + index * (count - 1) // max(1, share - 1)) for index in range(share))


def process_race(place: Path, number: int) -> list[str]:
    """Two command lines on one folder: two files of the same new month, or the same file twice."""
    same = number % 2 == 0
    folder = place / f"race-{number}"
    files = []
    for index in range(2):
        file = place / f"race-{number}-{index}.csv"
        file.write_bytes(inquiries(1, 5 if same else 5 + index))
        files.append(file)
    running = [
        subprocess.Popen([*PROGRAM, "load", str(file), "--data", str(folder), "--json"], cwd=PROJECT, stdout=subprocess.PIPE) for file in files
    ]
    documents = [json.loads(process.communicate(timeout=180)[0]) for process in running]
    outcomes = sorted(document[0]["outcome"] for document in documents)
    exits = sorted(process.returncode for process in running)
    broken = []
    if (outcomes, exits) != ((["loaded", "unchanged"], [0, 0]) if same else (["loaded", "needs_confirmation"], [0, 1])):
        broken.append(f"race: {outcomes}, {exits}")
    warehouse = open_warehouse(folder)
    with warehouse.reading() as cursor:
        rows = cursor.execute("select count(*) from live.inquiry_monthly").fetchall()[0][0]
    if rows != len(CHANNELS) or not commands.run(warehouse, "check", {}).document["sound"]:
        broken.append(f"race: {rows} rows, or not sound")
    warehouse.close()
    return broken


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--kills", type=int, default=150)
    parser.add_argument("--errors", type=int, default=60)
    parser.add_argument("--races", type=int, default=24)
    options = parser.parse_args()
    if shutil.which("strace") is None:
        print("strace is not installed (apt-get install strace): nothing was tried", file=sys.stderr)
        return 3
    results: dict[str, Counter[str]] = {}
    broken: list[str] = []
    with tempfile.TemporaryDirectory() as name, ThreadPoolExecutor(os.cpu_count()) as pool:
        place = Path(name)
        new, again = place / "new.csv", place / "again.csv"
        new.write_bytes(NEW)
        again.write_bytes(AGAIN)
        scenes = [
            Scene(place, "load", ["load", str(new), "--accept", "all"], new),
            Scene(place, "again", ["load", str(again), "--accept", "all"], again),
            Scene(place, "undo", ["undo", "3", "--reason", "試"], None),
        ]
        work = []
        for scene in scenes:
            with tempfile.TemporaryDirectory() as one, tempfile.TemporaryDirectory() as two:
                every, writes = scene.calls(Path(one), WRITES + READS), scene.calls(Path(two), WRITES)
            print(f"{scene.name}: {dict(every)}", file=sys.stderr)
            work += [(scene, call, at, "signal=SIGKILL") for call, at in spread(every, options.kills // 3)]
            for error in ("ENOSPC", "EIO"):
                work += [(scene, call, at, f"error={error}") for call, at in spread(writes, options.errors // 6)]
        for (scene, call, at, fault), (outcome, faults) in zip(work, pool.map(lambda item: injected(*item), work), strict=True):
            results.setdefault(f"{scene.name}, {fault}", Counter())[outcome] += 1
            broken += [f"{scene.name}, {fault} at {call} {at}: {text}" for text in faults]
        for faults in (process_race(place, number) for number in range(options.races)):
            results.setdefault("two processes", Counter())["broken" if faults else "one copy"] += 1
            broken += faults
    print(json.dumps({"results": results, "broken": broken}, ensure_ascii=False, indent=2))
    return 1 if broken else 0


if __name__ == "__main__":
    sys.exit(main())
