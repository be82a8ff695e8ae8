"""A million survey answers, checked and loaded, against DuckDB's unchecked `INSERT … SELECT … FROM read_csv`.

    python -m tests.benchmarks.load                  # 1,000,000 rows, clean and with 1 % faulty rows, 5 interleaved rounds
    python -m tests.benchmarks.load --rows 10000000 --rounds 2

Each measurement is a process of its own whose imports are done before the clock starts. Ours is the whole path: strict decode, ragged rows, parse,
pandera, every finding with its file row, kept file, ledger, indicators, commit, checkpoint, receipt. The other one converts the date and checks nothing.
"""

from __future__ import annotations

import argparse
import json
import resource
import shutil
import statistics
import subprocess
import sys
import tempfile
import time
from pathlib import Path

import numpy as np

HEADER = "編號,填表日期,服務地點,洽辦公務時間,處理申請事項,機關洽公環境,接待志工警衛或替代役男的服務態度,其他人員服務態度,整體滿意度,問題處理解答詢問,建議事項"
BANDS = np.array(["15分鐘內", "30分鐘內", "45分鐘內", "超過45分鐘"])
LEVELS = np.array(["很滿意", "滿意", "尚滿意", "不滿意"])
COMMENTS = np.array(["", "", "", "", "", "", "", "冷氣太冷", "希望增加座位", "服務親切，謝謝"])
FAULTS = ("id_blank", "date_31", "date_month", "date_future", "date_text", "site", "band", "level", "two_levels", "control", "short_row", "long_row")


def make(path: Path, rows: int, bad: float, seed: int = 105) -> dict[int, str]:
    """Write the CSV (36 months, two sites); returns file row → planted fault. A faulty row has one fault; ragged ones are among them."""
    rng = np.random.default_rng(seed)
    first = np.datetime64("2014-01-01")
    days = first + rng.integers(0, 1096, rows)
    dates = np.array([f"{d.astype(object).year - 1911}/{d.astype(object).month:02d}/{d.astype(object).day:02d}" for d in first + np.arange(1096)])
    columns = [
        np.char.add("S", np.char.zfill(np.arange(1, rows + 1).astype(str), 8)),
        dates[(days - first).astype(int)],
        np.array(["宜蘭", "基隆"])[rng.integers(0, 2, rows)],
        BANDS[rng.choice(4, rows, p=[0.7, 0.2, 0.08, 0.02])],
        *(LEVELS[rng.choice(4, rows, p=[0.55, 0.38, 0.05, 0.02])] for _ in range(6)),
        COMMENTS[rng.integers(0, len(COMMENTS), rows)],
    ]
    planted = {}
    if bad:
        for number, at in enumerate(sorted(rng.choice(rows, int(rows * bad), replace=False))):
            planted[int(at) + 2] = FAULTS[number % len(FAULTS)]
    with path.open("w", encoding="utf-8", newline="") as out:
        out.write(HEADER + "\r\n")
        for start in range(0, rows, 100_000):
            lines = [list(cells) for cells in zip(*(column[start : start + 100_000] for column in columns), strict=True)]
            for offset in range(len(lines)):
                fault = planted.get(start + offset + 2)
                if fault:
                    spoil(lines[offset], fault)
            out.write("\r\n".join(",".join(cells) for cells in lines) + "\r\n")
    return planted


def spoil(cells: list[str], fault: str) -> None:
    """Plant one fault in a row."""
    changes = {
        "id_blank": (0, ""),
        "date_31": (1, "105/02/30"),
        "date_month": (1, "105/13/01"),
        "date_future": (1, "189/01/01"),
        "date_text": (1, "昨天"),
        "site": (2, "花蓮"),
        "band": (3, "很久"),
        "level": (4, "非常滿意"),
        "two_levels": (8, "滿意;尚滿意"),
        "control": (10, "冷氣\x07太冷"),
    }
    if fault == "short_row":
        cells.pop()
    elif fault == "long_row":
        cells.append("多一格")
    else:
        at, value = changes[fault]
        cells[at] = value


def ours(csv: Path, folder: Path) -> dict[str, object]:
    """Load through the product; returns measurements and what it found."""
    from warehouse.intake import Source
    from warehouse.load import Request, load_file, open_warehouse

    elsewhere = open_warehouse(folder.with_name("warm"))
    line = "\r\nW1,102/01/05,宜蘭,15分鐘內,很滿意,滿意,滿意,滿意,滿意,滿意,\r\n"
    load_file(elsewhere, Source("warm.csv", (HEADER + line).encode()), Request(by="benchmark"))
    elsewhere.close()
    warehouse = open_warehouse(folder)
    everything = Request(by="benchmark", accept=frozenset(["all"]))
    clock = Clock()
    result = load_file(warehouse, Source(csv.name, csv), everything)
    measured = clock.stop()
    again = Clock()
    repeated = load_file(warehouse, Source(csv.name, csv), everything) if result.outcome == "loaded" else None
    measured["again_wall"] = again.stop()["wall"] if repeated else None
    rows = {finding.row for finding in result.findings if finding.level in ("row", "file")}
    return {
        **measured,
        "outcome": result.outcome,
        "again": repeated.outcome if repeated else None,
        "read": result.read,
        "loaded": result.loaded,
        "faulty_rows": sorted(row for row in rows if row),
    }


def theirs(csv: Path, folder: Path) -> dict[str, object]:
    """DuckDB alone: read_csv into a table with a DATE, no check whatsoever."""
    import duckdb

    folder.mkdir(parents=True, exist_ok=True)
    connection = duckdb.connect(str(folder / "plain.duckdb"), config={"preserve_insertion_order": "false"})
    names = HEADER.split(",")
    quoted = ", ".join(f'"{name}" varchar' for name in names[2:])
    connection.execute(f'create table answers ("{names[0]}" varchar, "{names[1]}" date, {quoted})')
    rest = ", ".join(f'"{name}"' for name in names[2:])
    day = f"""try_cast(concat(cast(split_part("{names[1]}", '/', 1) as integer) + 1911, '-', split_part("{names[1]}", '/', 2), '-', split_part("{names[1]}", '/', 3)) as date)"""
    if "bad" in csv.name:
        day = day.replace("cast(split_part", "try_cast(split_part", 1).replace("try_try_", "try_")
    options = "header = true, all_varchar = true" + (", null_padding = true, ignore_errors = true, strict_mode = false" if "bad" in csv.name else "")
    clock = Clock()
    connection.execute(f"""insert into answers select "{names[0]}", {day}, {rest} from read_csv('{csv}', {options})""")
    connection.close()
    return clock.stop()


class Clock:
    """Wall and CPU seconds since it was made, peak memory of the process."""

    def __init__(self) -> None:
        self._wall, self._cpu = time.perf_counter(), time.process_time()

    def stop(self) -> dict[str, float]:
        return {
            "wall": time.perf_counter() - self._wall,
            "cpu": time.process_time() - self._cpu,
            "peak_mb": resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024,
        }


def measure(which: str, csv: Path) -> dict[str, object]:
    folder = Path(tempfile.mkdtemp(prefix="service-quality-benchmark-"))
    try:
        done = subprocess.run(
            [sys.executable, "-m", "tests.benchmarks.load", "--one", which, str(csv), str(folder / "data")], check=True, capture_output=True, text=True
        )
        return json.loads(done.stdout)
    finally:
        shutil.rmtree(folder, ignore_errors=True)


def main() -> None:
    parser = argparse.ArgumentParser()
    parser.add_argument("--rows", type=int, default=1_000_000)
    parser.add_argument("--rounds", type=int, default=5)
    parser.add_argument("--one", nargs=3)
    options = parser.parse_args()
    if options.one:
        which, csv, folder = options.one
        print(json.dumps({"ours": ours, "theirs": theirs}[which](Path(csv), Path(folder))))
        return
    with tempfile.TemporaryDirectory(prefix="service-quality-benchmark-") as scratch:
        for name, bad in (("clean", 0.0), ("bad", 0.01)):
            csv = Path(scratch) / f"{name}.csv"
            planted = make(csv, options.rows, bad)
            rounds = [(measure("theirs", csv), measure("ours", csv)) for _ in range(options.rounds)]
            report(name, csv, planted, rounds)


def report(name: str, csv: Path, planted: dict[int, str], rounds: list[tuple[dict, dict]]) -> None:
    def ratio(key: str) -> str:
        values = sorted(mine[key] / plain[key] for plain, mine in rounds)
        return f"{statistics.median(values):.2f} ({values[0]:.2f}–{values[-1]:.2f})"

    mine = rounds[-1][1]
    print(f"\n{name}: {csv.stat().st_size / 1e6:.0f} MB, {mine['read']:,} rows read, {mine['loaded']:,} loaded, outcome {mine['outcome']}")
    for key in ("wall", "cpu"):
        plain_s = statistics.median(plain[key] for plain, _ in rounds)
        mine_s = statistics.median(item[key] for _, item in rounds)
        print(f"  {key:5} ratio {ratio(key)}    ours {mine_s:.2f} s, unchecked DuckDB {plain_s:.2f} s")
    print(f"  peak memory ours {mine['peak_mb']:.0f} MB, unchecked DuckDB {rounds[-1][0]['peak_mb']:.0f} MB")
    if mine["again_wall"] is not None:
        share = statistics.median(item["again_wall"] / item["wall"] for _, item in rounds)
        print(f"  the same file again: {mine['again']}, {share:.3f} of its first load")
    if planted:
        missed = set(planted) - set(mine["faulty_rows"])
        extra = set(mine["faulty_rows"]) - set(planted)
        print(f"  planted faults {len(planted):,}, listed {len(planted) - len(missed):,}, missed {len(missed)}, listed without cause {len(extra)}")


if __name__ == "__main__":
    main()
