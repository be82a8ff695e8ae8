"""While the app is open it owns the store: every command hands its work over and answers as it does when the app is closed."""

from __future__ import annotations

import contextlib
import io
import json
import os
import re
import shutil
import signal
import socket
import subprocess
import sys
import time
import urllib.error
import urllib.request
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest

from warehouse import cli

ROOT = Path(__file__).parents[1]
GOLDEN = ROOT / "tests" / "golden" / "105q3.csv"
START_SECONDS = 60


@dataclass(frozen=True)
class Ran:
    """How a command ended and what it said, times and places of their own made alike."""

    code: int
    out: str
    err: str


def run(folder: Path, *arguments: str | Path) -> Ran:
    """Run a command on a data folder as the console script does."""
    out, err = io.StringIO(), io.StringIO()
    with pytest.MonkeyPatch.context() as patch, contextlib.redirect_stdout(out), contextlib.redirect_stderr(err):
        patch.setattr(sys, "argv", ["service-quality", *map(str, arguments)])
        patch.setenv("SERVICE_QUALITY_DATA", str(folder))
        patch.setenv("SERVICE_QUALITY_TODAY", "2016-10-05")
        with pytest.raises(SystemExit) as leaving:
            cli.main()
    return Ran(leaving.value.code or 0, _alike(out.getvalue(), folder), _alike(err.getvalue(), folder))  # type: ignore[arg-type]


def _alike(text: str, folder: Path) -> str:
    """Without the moment of each entry and the folder's own name."""
    return re.sub(r"[0-9]{4}-[0-9]{2}-[0-9]{2}T[0-9:]+Z", "<moment>", text).replace(str(folder), "<folder>")


def free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


@dataclass
class App:
    """A running app over a data folder."""

    folder: Path
    port: int
    process: subprocess.Popen[bytes]

    @property
    def address(self) -> dict[str, Any]:
        return json.loads((self.folder / cli.ADDRESS_FILE).read_text(encoding="utf-8"))

    def stop(self, how: int = signal.SIGTERM) -> None:
        if self.process.poll() is None:
            self.process.send_signal(how)
        self.process.wait(30)

    def post(self, body: Any, token: str | None) -> tuple[int, str]:
        """What the command route answers to a request of our own making."""
        headers = {"Content-Type": "application/json"} | ({"X-Service-Quality-Token": token} if token is not None else {})
        request = urllib.request.Request(f"http://127.0.0.1:{self.port}/service-quality/command", json.dumps(body).encode(), headers, method="POST")
        try:
            with urllib.request.build_opener(urllib.request.ProxyHandler({})).open(request, timeout=20) as response:
                return response.status, response.read().decode()
        except urllib.error.HTTPError as error:
            return error.code, error.read().decode()


def start(folder: Path, command: list[str], port: int, log: Path) -> App:
    """Start an app and wait until it answers."""
    environment = {**os.environ, "SERVICE_QUALITY_DATA": str(folder), "SERVICE_QUALITY_TODAY": "2016-10-05", "PYTHONPATH": str(ROOT)}
    with log.open("wb") as stream:
        process = subprocess.Popen([sys.executable, "-m", *command], cwd=ROOT, env=environment, stdout=stream, stderr=subprocess.STDOUT)
    app = App(folder, port, process)
    deadline = time.monotonic() + START_SECONDS
    while time.monotonic() < deadline:
        if process.poll() is not None:
            break
        with contextlib.suppress(OSError):
            if (folder / cli.ADDRESS_FILE).exists() and app.address["pid"] == process.pid and app.post({}, None)[0] == 403:
                return app
        time.sleep(0.1)
    app.stop(signal.SIGKILL)
    pytest.fail(log.read_text(encoding="utf-8", errors="replace"))


def serve(folder: Path, log: Path) -> App:
    port = free_port()
    return start(folder, ["warehouse", "serve", "--port", str(port)], port, log)


def listening_addresses(port: int) -> set[str]:
    """The local addresses on which a TCP port of this machine is open, from the kernel's own tables."""
    found = set()
    for table in ("/proc/net/tcp", "/proc/net/tcp6"):
        for line in Path(table).read_text().splitlines()[1:]:
            _, local, _, state, *_ = line.split()
            address, _, number = local.partition(":")
            if state == "0A" and int(number, 16) == port:
                found.add(address)
    return found


@pytest.fixture(scope="module")
def app(sample_folder: Path, tmp_path_factory: pytest.TempPathFactory) -> Iterator[App]:
    """The app over a copy of the sample; every test of this module leaves it as it was or says what it added."""
    folder = tmp_path_factory.mktemp("open") / "data"
    shutil.copytree(sample_folder, folder)
    running = serve(folder, folder.parent / "log")
    yield running
    running.stop()
    assert not (folder / cli.ADDRESS_FILE).exists()


@pytest.fixture(scope="module")
def closed(sample_folder: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The same sample in a folder that no app holds."""
    folder = tmp_path_factory.mktemp("closed") / "data"
    shutil.copytree(sample_folder, folder)
    return folder


@pytest.fixture
def handed_over(monkeypatch: pytest.MonkeyPatch) -> None:
    """No command may open the store by itself."""

    def refuses(*_: Any) -> None:
        raise AssertionError("opened the store here")

    monkeypatch.setattr(cli, "_run_here", refuses)


def files(folder: Path) -> dict[str, Path]:
    """A month to come, a July that replaces the one there, and files that are asked about or refused."""
    contents = {
        "october": "月份,管道,件數,金額\n105年10月,便利商店,1,2\n",
        "july": "統計月份,本月瀏覽人次,累計瀏覽人次\n10507,7,8\n",
        "refused": "月份,管道,件數,金額\n105年7月,便利商店,x,1\n105年7月,臨櫃代收,1\n",
        "unknown": "什麼\n都不是\n",
    }
    paths = {name: folder / f"{name}.csv" for name in contents}
    for name, path in paths.items():
        path.write_text(contents[name], encoding="utf-8")
    return paths


READING: list[list[str]] = [
    ["indicators"],
    ["indicators", "--quarter", "105Q3", "--window", "quarter", "--site", "基隆"],
    ["indicators", "--from", "105-02", "--to", "105-05", "--as-of", "40"],
    ["trace", "survey_time_within_30"],
    ["trace", "phone_self_grade", "--quarter", "105Q2"],
    ["series", "cvs_payment_count"],
    ["batches"],
    ["check"],
    ["reconcile", str(GOLDEN), "--quarter", "105Q3"],
    ["indicators", "--site", "臺北"],
    ["trace", "nothing"],
    ["reconcile", "absent.csv"],
    ["undo", "9999", "--reason", "x"],
]


@pytest.mark.parametrize("spoken", [False, True], ids=["json", "words"])
@pytest.mark.parametrize("command", READING, ids=lambda words: " ".join(Path(word).name for word in words))
def test_a_question_is_answered_to_the_byte_as_when_closed(
    app: App, closed: Path, command: list[str], spoken: bool, request: pytest.FixtureRequest
) -> None:
    words = command if spoken else [*command, "--json"]
    expected = run(closed, *words)
    request.getfixturevalue("handed_over")
    assert run(app.folder, *words) == expected
    if not spoken:
        json.loads(expected.out)


def test_a_report_is_written_alike_whether_the_app_is_open(app: App, closed: Path, tmp_path: Path, request: pytest.FixtureRequest) -> None:
    alone = run(closed, "report", "--quarter", "105Q3", "--out", str(tmp_path / "closed"), "--json")
    request.getfixturevalue("handed_over")
    handed = run(app.folder, "report", "--quarter", "105Q3", "--out", str(tmp_path / "open"), "--json")
    one, other = (json.loads(answer.out) for answer in (alone, handed))
    assert [file["sha256"] for file in one["files"]] == [file["sha256"] for file in other["files"]]
    written = {path.suffix: path.read_bytes() for path in (tmp_path / "open").iterdir()}
    assert written == {path.suffix: path.read_bytes() for path in (tmp_path / "closed").iterdir()}
    assert set(written) == {".odt", ".pdf", ".ods", ".docx"}
    assert [path for folder in (app.folder, closed) for path in (folder / "outbox").iterdir()] == []


def test_changes_are_made_and_answered_as_when_closed(app: App, closed: Path, tmp_path: Path, request: pytest.FixtureRequest) -> None:
    """Load, refuse, ask, confirm, load again, undo, in one order on both; ids go on from the same one."""
    some = files(tmp_path)
    sample = max(entry["id"] for entry in json.loads(run(closed, "batches", "--json").out))
    october, july = str(sample + 1), str(sample + 2)
    steps: list[list[str | Path]] = [
        ["load", some["refused"], some["unknown"], "--by", "王承辦"],
        ["load", some["october"], "--by", "王承辦"],
        ["load", some["october"], some["july"], "--by", "王承辦", "--dry-run", "--accept", "all"],
        ["load", some["october"], some["july"], "--by", "王承辦", "--accept", "all"],
        ["load", some["october"], "--by", "王承辦"],
        ["load", tmp_path / "absent.csv"],
        ["indicators"],
        ["series", "website_visits"],
        ["undo", july, "--by", "李主任", "--reason", "誤植"],
        ["undo", july, "--by", "李主任", "--reason", "誤植"],
        ["undo", october, "--by", "李主任", "--reason", "未到月底"],
        ["indicators", "--as-of", july],
        ["batches"],
        ["check"],
        ["indicators"],
    ]
    expected = [run(closed, *step, "--json") for step in steps]
    request.getfixturevalue("handed_over")
    for step, answer in zip(steps, expected, strict=True):
        assert run(app.folder, *step, "--json") == answer, step
    assert [answer.code for answer in expected] == [1, 1, 0, 0, 0, 2, 0, 0, 0, 2, 0, 0, 0, 0, 0]
    assert [entry["outcome"] for entry in json.loads(expected[3].out)] == ["loaded", "loaded"]
    assert expected[-1].out.split('"indicators"')[1] == run(app.folder, "indicators", "--as-of", str(sample), "--json").out.split('"indicators"')[1]
    assert list((app.folder / "inbox").iterdir()) == []


def test_a_load_is_done_within_three_seconds_while_the_app_is_open(app: App, tmp_path: Path, handed_over: None) -> None:
    path = tmp_path / "a.csv"
    path.write_text("月份,管道,件數,金額\n105年8月,信用卡,5,500\n", encoding="utf-8")
    began = time.monotonic()
    ran = run(app.folder, "load", path, "--accept", "all", "--json")
    assert time.monotonic() - began < 3
    (entry,) = json.loads(ran.out)
    assert entry["outcome"] == "loaded"
    assert run(app.folder, "undo", str(entry["batch"]), "--reason", "測試").code == 0


def test_entries_reviews_closings_backups_and_restores_go_through_the_open_app(closed: Path, tmp_path: Path) -> None:
    """What a form, a second person, a closing and a backup do is the same whether the app is open or not; a restore is seen by the app at once."""
    open_folder, closed_folder = (Path(shutil.copytree(closed, tmp_path / name)) for name in ("open", "closed"))
    running = serve(open_folder, tmp_path / "log")
    try:
        newest = max(entry["id"] for entry in json.loads(run(closed_folder, "batches", "--json").out))
        steps = [
            ["form", "phone_test", "測試機關=花蓮分署", "日期=105/9/30", "受測單位=執行股己", "總分=91.5", "--by", "王承辦"],
            ["form", "phone_test", "測試機關=花蓮分署", "日期=105/9/30", "受測單位=執行股己", "總分=91.5", "--by", "王承辦"],
            ["form", "phone_test", "什麼都沒有", "--by", "王承辦"],
            ["review", str(newest + 1), "--by", "王承辦"],
            ["review", str(newest + 1), "--by", "李股長", "--note", "相符"],
            ["close", "105Q3", "--by", "張主任"],
            ["undo", str(newest + 1), "--by", "王承辦", "--reason", "重複"],
            ["reopen", "105Q3", "--by", "張主任", "--reason", "更正"],
            ["batches"],
            ["check"],
        ]
        expected = [run(closed_folder, *step, "--json") for step in steps]
        with pytest.MonkeyPatch.context() as patch:
            patch.setattr(cli, "_run_here", lambda *_: pytest.fail("opened the store here"))
            assert [run(open_folder, *step, "--json") for step in steps] == expected
            assert [answer.code for answer in expected] == [0, 1, 2, 1, 0, 0, 1, 0, 0, 0]
            archive = tmp_path / "備份.zip"
            ran = run(open_folder, "backup", archive, "--json")
            assert ran.code == 0, ran
            made = json.loads(ran.out)
            assert (made["file"], made["size"], made["last_id"]) == ("備份.zip", archive.stat().st_size, newest + 4)
            assert json.loads((open_folder / "backup.json").read_text(encoding="utf-8"))["file"] == "備份.zip"
            assert run(open_folder, "backup", archive, "--json").code == 2
            assert run(open_folder, "backup", tmp_path / "沒有" / "x.zip", "--json").code == 2
            assert run(open_folder, "doctor", "--json").code == 0
            assert run(open_folder, "undo", str(newest + 1), "--by", "王承辦", "--reason", "重複", "--json").code == 0
            assert run(open_folder, "restore", archive, "--json").code == 1
            restored = json.loads(run(open_folder, "restore", archive, "--replace", "--json").out)
            assert (restored["last_id"], (open_folder / restored["aside"] / "warehouse.duckdb").exists()) == (newest + 4, True)
            assert run(open_folder, "batches", "--json") == expected[8]
            assert run(open_folder, "check", "--json").code == 0
        assert [path.name for path in (open_folder / "inbox").iterdir()] == []
    finally:
        running.stop()
    assert run(closed_folder, "restore", archive, "--replace", "--json").code == 0
    assert run(closed_folder, "batches", "--json") == run(open_folder, "batches", "--json")


# --- who may ask ------------------------------------------------------------------------------------------------------------


def test_a_wrong_token_is_refused(app: App) -> None:
    body = {"command": "batches", "arguments": {}}
    token = app.address["token"]
    assert app.post(body, token)[0] == 200
    for wrong in (None, "", "x", token[:-1], token + "x", token.swapcase()):
        assert app.post(body, wrong)[0] == 403


def test_a_path_outside_the_inbox_is_refused(app: App, tmp_path: Path) -> None:
    secret = tmp_path / "secret.csv"
    secret.write_text("月份,管道,件數,金額\n105年7月,便利商店,1,2\n", encoding="utf-8")
    link = app.folder / "inbox" / "link.csv"
    link.parent.mkdir(exist_ok=True)
    link.symlink_to(secret)
    try:
        for path in (secret, link, app.folder / "inbox" / ".." / "receipts.jsonl", Path("/etc/passwd"), app.folder / "inbox" / "deeper" / "x.csv"):
            for command in ("load", "reconcile"):
                files = [{"name": "a.csv", "path": str(path)}]
                assert app.post({"command": command, "arguments": {"files": files, "by": "x"}}, app.address["token"])[0] == 403
    finally:
        link.unlink()


@pytest.mark.skipif(os.name != "posix", reason="file modes")
def test_only_the_owner_of_the_folder_can_read_the_token(app: App) -> None:
    assert (app.folder / cli.ADDRESS_FILE).stat().st_mode & 0o777 == 0o600
    assert app.address.keys() == {"port", "token", "pid"}
    assert (app.address["port"], app.address["pid"]) == (app.port, app.process.pid)


@pytest.mark.skipif(not Path("/proc/net/tcp").exists(), reason="Linux only")
def test_the_app_listens_on_loopback_only(app: App) -> None:
    assert listening_addresses(app.port) == {"0100007F"}


def test_no_other_process_can_open_the_store(app: App) -> None:
    from warehouse.errors import Unavailable
    from warehouse.load import open_warehouse

    with pytest.raises(Unavailable, match="另一個程式"):
        open_warehouse(app.folder)


def test_a_second_app_on_the_same_port_or_folder_is_told_why_it_cannot_start(app: App, tmp_path: Path) -> None:
    for folder, port, why in ((tmp_path / "other", app.port, "通訊埠"), (app.folder, free_port(), "使用中")):
        ran = subprocess.run(
            [sys.executable, "-m", "warehouse", "serve", "--port", str(port), "--data", str(folder)],
            capture_output=True,
            text=True,
            cwd=ROOT,
            timeout=60,
            check=False,
        )
        assert (ran.returncode, ran.stdout) == (3, "")
        assert why in ran.stderr
    assert app.post({"command": "batches", "arguments": {}}, app.address["token"])[0] == 200


# --- when the app is gone ---------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("left", ['{"port": 1, "token": "x", "pid": 1}', "", "{", "[]", '{"port": "x"}', "null"])
def test_an_address_that_leads_nowhere_is_no_hindrance(tmp_path: Path, left: str) -> None:
    (tmp_path / cli.ADDRESS_FILE).write_text(left, encoding="utf-8")
    assert run(tmp_path, "batches", "--json") == Ran(0, "[]\n", "")


def test_after_a_kill_the_command_line_works_by_itself_and_streamlit_run_starts_too(closed: Path, tmp_path: Path) -> None:
    """kill -9 leaves the address behind; `streamlit run app.py` then takes over on loopback with the same route, and leaves it when it stops."""
    folder = tmp_path / "data"
    shutil.copytree(closed, folder)
    first = serve(folder, tmp_path / "log")
    before = run(folder, "indicators", "--json")
    first.stop(signal.SIGKILL)
    assert (folder / cli.ADDRESS_FILE).exists()
    assert run(folder, "indicators", "--json") == before
    assert run(folder, "check", "--json").code == 0

    port = free_port()
    second = start(folder, ["streamlit", "run", "app.py", "--server.port", str(port)], port, tmp_path / "log")
    try:
        assert second.address["port"] == port
        if Path("/proc/net/tcp").exists():
            assert listening_addresses(port) == {"0100007F"}
        with pytest.MonkeyPatch.context() as patch:
            patch.setattr(cli, "_run_here", lambda *_: pytest.fail("opened the store here"))
            assert run(folder, "indicators", "--json") == before
    finally:
        second.stop()
    assert not (folder / cli.ADDRESS_FILE).exists()
    assert run(folder, "indicators", "--json") == before
