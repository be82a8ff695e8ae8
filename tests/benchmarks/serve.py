"""The director's page under N visitors at once, beside Streamlit's stock hello page under the same N in the same run.

    python -m tests.benchmarks.serve                              # N = 1, 20, 50, 100 over 1,000,000 answers
    python -m tests.benchmarks.serve --visitors 20 --minutes 10   # a soak: memory at its start and end

A visitor is a websocket session as a browser opens it: it asks for the page, thinks two seconds (half a second more or less), chooses another site, and so on.
Printed: seconds until the first page stood for all, p50 and p95 of a rerun, the server's memory, and p95 as a share of hello's.
"""

from __future__ import annotations

import argparse
import asyncio
import contextlib
import itertools
import os
import random
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
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from streamlit.proto.BackMsg_pb2 import BackMsg
from streamlit.proto.ForwardMsg_pb2 import ForwardMsg
from websockets.asyncio.client import connect

from tests.benchmarks.load import make
from warehouse import PROJECT
from warehouse.intake import Source
from warehouse.load import Request, load_file, open_warehouse
from warehouse.samples import load_sample

THINK = 2.0
OURS, HELLO = "ours", "hello"


@dataclass
class Measured:
    """What N visitors saw."""

    first: list[float] = field(default_factory=list)
    reruns: list[float] = field(default_factory=list)
    memory: list[int] = field(default_factory=list)

    @property
    def p95(self) -> float:
        return statistics.quantiles(self.reruns, n=20)[-1]


class Visitor:
    """One websocket session: the page's scripts run for it as they do for a browser."""

    def __init__(self, socket: Any) -> None:
        self._socket = socket
        self._page = ""
        self._sites: tuple[str, list[str]] | None = None

    async def first(self) -> None:
        await self._run(BackMsg(rerun_script={"query_string": ""}))

    async def click(self, turn: int) -> None:
        """Choose another site where the page has that choice; a plain rerun where it has not."""
        message = BackMsg(rerun_script={"query_string": "", "page_script_hash": self._page})
        if self._sites:
            name, options = self._sites
            message.rerun_script.widget_states.widgets.add(id=name, string_value=options[turn % len(options)])
        await self._run(message)

    async def _run(self, message: BackMsg) -> None:
        await self._socket.send(message.SerializeToString())
        async with asyncio.timeout(120):
            while True:
                answer = ForwardMsg.FromString(await self._socket.recv())
                kind = answer.WhichOneof("type")
                if kind == "new_session":
                    self._page = answer.new_session.page_script_hash
                elif kind == "delta" and answer.delta.new_element.WhichOneof("type") == "selectbox":
                    box = answer.delta.new_element.selectbox
                    if "全分署" in box.options:
                        self._sites = (box.id, list(box.options))
                elif kind == "delta" and answer.delta.new_element.WhichOneof("type") == "exception":
                    raise RuntimeError(answer.delta.new_element.exception.message)
                elif kind == "script_finished":
                    return


async def visit(port: int, measured: Measured, until: float, everyone: asyncio.Barrier, seed: int) -> None:
    chance = random.Random(seed)
    address = f"ws://127.0.0.1:{port}/_stcore/stream"
    async with connect(address, subprotocols=["streamlit"], origin=f"http://127.0.0.1:{port}", max_size=None, compression=None) as socket:
        visitor = Visitor(socket)
        await everyone.wait()
        start = time.perf_counter()
        await visitor.first()
        measured.first.append(time.perf_counter() - start)
        for turn in itertools.count(1):
            await asyncio.sleep(THINK + chance.uniform(-0.5, 0.5))
            if time.monotonic() > until:
                return
            start = time.perf_counter()
            await visitor.click(turn)
            measured.reruns.append(time.perf_counter() - start)


async def crowd(port: int, pid: int, visitors: int, seconds: float) -> Measured:
    measured, everyone = Measured(), asyncio.Barrier(visitors)
    until = time.monotonic() + seconds
    visits = [asyncio.create_task(visit(port, measured, until, everyone, seed)) for seed in range(visitors)]
    while not all(task.done() for task in visits):
        measured.memory.append(resident(pid))
        await asyncio.wait(visits, timeout=max(1.0, seconds / 60))
    await asyncio.gather(*visits)
    return measured


def resident(pid: int) -> int:
    """Resident memory of a process in MB."""
    pages = int(Path(f"/proc/{pid}/statm").read_text().split()[1])
    return pages * os.sysconf("SC_PAGE_SIZE") // 1_000_000


@contextlib.contextmanager
def server(kind: str, folder: Path) -> Iterator[tuple[int, int]]:
    """Either app on a free port of its own: (port, process id)."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port = probe.getsockname()[1]
    words = {
        OURS: ["-m", "warehouse", "serve", "--data", str(folder), "--port", str(port)],
        HELLO: ["-m", "streamlit", "hello", "--server.port", str(port), "--server.address", "127.0.0.1", "--server.headless", "true"],
    }
    place = PROJECT if kind == OURS else folder.parent
    process = subprocess.Popen([sys.executable, *words[kind]], cwd=place, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
    try:
        for _ in range(300):
            with contextlib.suppress(OSError), urllib.request.urlopen(f"http://127.0.0.1:{port}/_stcore/health", timeout=2):
                break
            time.sleep(0.2)
        yield port, process.pid
    finally:
        process.send_signal(signal.SIGINT)
        with contextlib.suppress(subprocess.TimeoutExpired):
            process.wait(20)
        process.kill()


def filled(place: Path, rows: int) -> Path:
    """A data folder with the sample and `rows` survey answers."""
    csv, folder = place / "answers.csv", place / "data"
    make(csv, rows, 0.0)
    warehouse = open_warehouse(folder)
    load_sample(warehouse)
    result = load_file(warehouse, Source(csv.name, csv), Request(by="benchmark", accept=frozenset(["all"])))
    warehouse.close()
    print(f"{rows:,} rows: {result.outcome}")
    return folder


def main() -> None:
    parser = argparse.ArgumentParser()
    parser.add_argument("--visitors", type=int, nargs="+", default=[1, 20, 50, 100])
    parser.add_argument("--seconds", type=float, default=40)
    parser.add_argument("--minutes", type=float)
    parser.add_argument("--rows", type=int, default=1_000_000)
    options = parser.parse_args()
    seconds = options.minutes * 60 if options.minutes else options.seconds
    place = Path(tempfile.mkdtemp(prefix="service-quality-benchmark-"))
    try:
        folder = filled(place, options.rows)
        for visitors in options.visitors:
            found = {}
            for kind in (HELLO, OURS):
                with server(kind, folder) as (port, pid):
                    asyncio.run(crowd(port, pid, 1, 4))
                    found[kind] = measured = asyncio.run(crowd(port, pid, visitors, seconds))
                    print(
                        f"{kind:>6} N={visitors:<4} first page for all {max(measured.first):6.2f} s   rerun p50 {1000 * statistics.median(measured.reruns):7.0f} ms"
                        f"   p95 {1000 * measured.p95:7.0f} ms   {len(measured.reruns):5} reruns   memory {measured.memory[0]}–{max(measured.memory)} MB, at the end {measured.memory[-1]}"
                    )
            print(f"       N={visitors:<4} p95 of ours is {found[OURS].p95 / found[HELLO].p95:.3f} of hello's")
    finally:
        shutil.rmtree(place, ignore_errors=True)


if __name__ == "__main__":
    main()
