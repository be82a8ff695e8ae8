"""`service-quality …`: says in words what happened, progress on stderr, `--json` for machines, exit codes of the contract.

While the app is open it owns the database file. Commands then hand their work to it over a loopback route, with a token that only the owner of
the data folder can read; files are spooled through `inbox/`, never named by a foreign path.
"""

from __future__ import annotations

import getpass
import io
import json
import os
import shutil
import sys
import time
import urllib.error
import urllib.request
import uuid
from collections.abc import Callable
from pathlib import Path
from typing import Annotated, Any

import typer

from warehouse import PROJECT

DONE, REFUSED, USAGE, UNAVAILABLE, OUR_FAULT = 0, 1, 2, 3, 4

#: Where the running app says how to reach it.
ADDRESS_FILE = "server.json"

_WAIT_SECONDS = 20

app = typer.Typer(add_completion=False, no_args_is_help=True, pretty_exceptions_enable=False, help="公務機關服務品質：資料倉儲與儀表板")

Data = Annotated[Path | None, typer.Option("--data", help="資料夾；未指定時為 SERVICE_QUALITY_DATA，或專案下的 data/")]
Json = Annotated[bool, typer.Option("--json", help="只印一份JSON文件")]
By = Annotated[str | None, typer.Option("--by", help="辦理人")]
Quarter = Annotated[str | None, typer.Option("--quarter", help="季別，例如 105Q3（預設為該年累計）")]
WindowOption = Annotated[str | None, typer.Option("--window", help="ytd 年初累計，或 quarter 只算該季")]
From = Annotated[str | None, typer.Option("--from", help="起月，例如 105-01")]
To = Annotated[str | None, typer.Option("--to", help="迄月，例如 105-09")]
SiteOption = Annotated[str | None, typer.Option("--site", help="服務處所，例如 宜蘭")]
AsOf = Annotated[int | None, typer.Option("--as-of", help="上傳紀錄編號：那一筆之後當時的樣子")]


def data_folder(option: Path | None = None) -> Path:
    """The data folder: the option, else SERVICE_QUALITY_DATA, else data/ in the project."""
    return option or Path(os.environ.get("SERVICE_QUALITY_DATA") or PROJECT / "data")


@app.command()
def serve(
    sample: Annotated[bool, typer.Option("--sample", help="資料庫是空的時先載入示範資料")] = False,
    port: Annotated[int, typer.Option("--port", help="通訊埠")] = 8501,
    data: Data = None,
) -> None:
    """啟動儀表板（只在本機開放）。"""
    from warehouse.web.server import serve as run

    raise typer.Exit(run(data_folder(data), port=port, sample=sample))


@app.command()
def sample(data: Data = None, as_json: Json = False) -> None:
    """以一般的入庫程序載入105年示範資料。"""
    _run("sample", {}, data, as_json)


@app.command()
def inspect(
    file: Path,
    grid: Annotated[bool, typer.Option("--grid", help="列出整個文字表格")] = False,
    dataset: Annotated[str | None, typer.Option("--dataset")] = None,
    as_json: Json = False,
) -> None:
    """看檔案被讀成什麼：類型、編碼、分隔、標題列、報表；不寫入任何資料。"""
    from warehouse.inspect import inspect_file

    _local(lambda: inspect_file(file, grid=grid, dataset=dataset), as_json)


@app.command()
def load(
    files: list[Path],
    dataset: Annotated[str | None, typer.Option("--dataset", help="報表代碼；未指定時由欄名判斷")] = None,
    year: Annotated[str | None, typer.Option("--year", help="年度（民國或西元），表上只有月份時用")] = None,
    by: By = None,
    dry_run: Annotated[bool, typer.Option("--dry-run", help="只檢查，不寫入")] = False,
    accept: Annotated[list[str] | None, typer.Option("--accept", help="確認的代碼，可重複，或 all")] = None,
    hold_bad_rows: Annotated[bool, typer.Option("--hold-bad-rows", help="有誤的列暫存，其餘入庫（須附理由）")] = False,
    reason: Annotated[str | None, typer.Option("--reason", help="理由")] = None,
    release: Annotated[int | None, typer.Option("--release", metavar="ID", help="檔案只有該筆入庫暫存待改正的列，改正後加入該筆")] = None,
    data: Data = None,
    as_json: Json = False,
) -> None:
    """檢查檔案並入庫；數個檔案逐一辦理。"""
    if hold_bad_rows and not (reason or "").strip():
        _finish({"error": "--hold-bad-rows 須附 --reason"}, "用法不對：--hold-bad-rows 須以 --reason 說明理由", USAGE, as_json)
    arguments = {
        "files": [_named(file) for file in files],
        "dataset": dataset, "year": year, "by": by or _me(), "dry_run": dry_run, "accept": accept or [], "hold": hold_bad_rows, "reason": reason,
        "release": release,
    }  # fmt: skip
    _run("load", arguments, data, as_json)


@app.command()
def form(
    dataset: str,
    values: Annotated[list[str], typer.Argument(metavar="欄位=內容…", help="一欄一個，例如 日期=105/7/5")],
    by: By = None,
    dry_run: Annotated[bool, typer.Option("--dry-run", help="只檢查，不寫入")] = False,
    accept: Annotated[list[str] | None, typer.Option("--accept", help="確認的代碼，可重複，或 all")] = None,
    data: Data = None,
    as_json: Json = False,
) -> None:
    """登錄一筆，加在那個月份已有的資料上。"""
    pairs = [value.partition("=") for value in values]
    unclear = [value for value, (name, mark, _) in zip(values, pairs, strict=True) if not name or not mark]
    names = [name for name, _, _ in pairs]
    if unclear or len(set(names)) < len(names):
        words = f"「{unclear[0]}」應寫成 欄位=內容" if unclear else "同一欄給了兩次"
        _finish({"error": words}, f"用法不對：{words}", USAGE, as_json)
    typed = {name: text for name, _, text in pairs}
    _run("form", {"dataset": dataset, "values": typed, "by": by or _me(), "dry_run": dry_run, "accept": accept or []}, data, as_json)


@app.command()
def undo(
    entry: Annotated[int, typer.Argument(metavar="ID")],
    reason: Annotated[str, typer.Option("--reason", help="理由")],
    by: By = None,
    data: Data = None,
    as_json: Json = False,
) -> None:
    """撤回一筆入庫；撤回本身也是一筆紀錄。"""
    _run("undo", {"id": entry, "by": by or _me(), "reason": reason}, data, as_json)


@app.command()
def batches(data: Data = None, as_json: Json = False) -> None:
    """上傳紀錄。"""
    _run("batches", {}, data, as_json)


@app.command()
def review(
    entry: Annotated[int, typer.Argument(metavar="ID")],
    by: Annotated[str, typer.Option("--by", help="覆核人，須不同於上傳人")],
    note: Annotated[str | None, typer.Option("--note", help="覆核意見")] = None,
    data: Data = None,
    as_json: Json = False,
) -> None:
    """覆核一筆入庫：第二個人看過。"""
    _run("review", {"id": entry, "by": by, "note": note}, data, as_json)


@app.command()
def close(quarter: str, by: Annotated[str, typer.Option("--by", help="鎖定人")], data: Data = None, as_json: Json = False) -> None:
    """鎖定一季：該季報告所用的資料不再更動。"""
    _run("close", {"quarter": quarter, "by": by}, data, as_json)


@app.command()
def reopen(
    quarter: str,
    by: Annotated[str, typer.Option("--by", help="解除鎖定的人")],
    reason: Annotated[str, typer.Option("--reason", help="理由")],
    data: Data = None,
    as_json: Json = False,
) -> None:
    """解除一季的鎖定，須填理由。"""
    _run("reopen", {"quarter": quarter, "by": by, "reason": reason}, data, as_json)


@app.command()
def indicators(
    quarter: Quarter = None, window: WindowOption = None, start: From = None, end: To = None, site: SiteOption = None, as_of: AsOf = None, data: Data = None, as_json: Json = False
) -> None:  # fmt: skip
    """全部指標：值、目標、判定。"""
    _run("indicators", _period(quarter, window, start, end) | {"site": site, "as_of": as_of}, data, as_json)


@app.command()
def trace(
    indicator: str, quarter: Quarter = None, window: WindowOption = None, start: From = None, end: To = None, site: SiteOption = None, as_of: AsOf = None, data: Data = None, as_json: Json = False
) -> None:  # fmt: skip
    """計算依據：定義、算式、批次、檔案、列號。"""
    _run("trace", _period(quarter, window, start, end) | {"indicator": indicator, "site": site, "as_of": as_of}, data, as_json)


@app.command()
def series(
    indicator: str, quarter: Quarter = None, window: WindowOption = None, start: From = None, end: To = None, site: SiteOption = None, as_of: AsOf = None, data: Data = None, as_json: Json = False
) -> None:  # fmt: skip
    """一個指標逐月的值、管制界限與觸發的規則。"""
    _run("series", _period(quarter, window, start, end) | {"indicator": indicator, "site": site, "as_of": as_of}, data, as_json)


@app.command()
def check(data: Data = None, as_json: Json = False) -> None:
    """查核：資料規則、指標重算、上傳紀錄與回條及原始檔是否相符。"""
    _run("check", {}, data, as_json)


@app.command()
def reconcile(file: Path, quarter: Quarter = None, data: Data = None, as_json: Json = False) -> None:
    """報告印出的數字與計算值核對：成果報告（.odt、.docx、.pdf、.txt），或 CSV（id、printed）。"""
    _run("reconcile", {"files": [_named(file)], "quarter": quarter}, data, as_json)


@app.command()
def report(
    out: Annotated[Path, typer.Option("--out", help="寫到哪個資料夾")],
    quarter: Annotated[str, typer.Option("--quarter", help="季別，例如 105Q3")],
    as_of: AsOf = None,
    issued: Annotated[bool, typer.Option("--issued", help="取出最近一次核定的報告，位元組照原樣")] = False,
    data: Data = None,
    as_json: Json = False,
) -> None:
    """產生提升服務品質執行成果報告：.odt、.pdf、.ods、.docx。"""
    _run("report", {"quarter": quarter, "as_of": as_of, "issued": issued}, data, as_json, lambda answer: _fetch(answer, out))


@app.command()
def template(dataset: str, out: Annotated[Path, typer.Option("--out", help="寫到哪個檔案")], as_json: Json = False) -> None:
    """產生空白範本（CSV，UTF-8含BOM）。"""
    from warehouse.inspect import write_template

    _local(lambda: write_template(dataset, out), as_json)


@app.command()
def rebuild(data: Data = None, as_json: Json = False) -> None:
    """由回條與留存的原始檔重建資料庫。"""
    _run("rebuild", {}, data, as_json)


@app.command()
def backup(file: Path, data: Data = None, as_json: Json = False) -> None:
    """備份資料庫、回條與原始檔到一個檔案，並讀回核對；不覆寫既有的檔案。"""
    if file.exists() or not file.absolute().parent.is_dir():
        words = f"「{file}」已經存在，不會覆寫；請換一個檔名" if file.exists() else f"沒有「{file.absolute().parent}」這個資料夾"
        _finish({"error": words}, f"用法不對：{words}", USAGE, as_json)
    _run("backup", {"name": _named(file)["name"]}, data, as_json, lambda answer: _deliver(answer, file, data_folder(data)))


@app.command()
def restore(
    file: Path,
    replace: Annotated[bool, typer.Option("--replace", help="資料夾裡已有資料時仍還原；現有資料移到一旁，不刪除")] = False,
    data: Data = None,
    as_json: Json = False,
) -> None:
    """由備份還原；先核對全部內容，再更動資料。"""
    _run("restore", {"files": [_named(file)], "replace": replace}, data, as_json)


@app.command()
def doctor(data: Data = None, as_json: Json = False) -> None:
    """健檢：程式版本、資料夾、磁碟、殘留、回條與原始檔、最近備份。"""
    _run("doctor", {}, data, as_json)


def main() -> None:
    """The console script. Wrong usage exits 2, as click does; nothing ends in a traceback."""
    _speak_any_language()
    try:
        sys.exit(app(standalone_mode=False))
    except typer.Abort:
        sys.exit(REFUSED)
    except Exception as error:
        _main_failure(error)


# --- running ----------------------------------------------------------------------------------------------------------------


def _run(
    name: str, arguments: dict[str, Any], data: Path | None, as_json: bool, received: Callable[[dict[str, Any]], dict[str, Any]] = lambda answer: answer
) -> None:
    """Run a command here if the database is free, else in the app that holds it. received: what is done with the answer before it is printed."""
    folder = data_folder(data)
    deadline = time.monotonic() + _WAIT_SECONDS
    while True:
        answer = _hand_over(folder, name, arguments)
        if answer is None:
            answer = _run_here(folder, name, arguments)
        if answer is not None:
            answer = received(answer)
            _finish(answer["document"], answer["text"], answer["code"], as_json)
        if time.monotonic() > deadline:
            message = "資料庫正由另一個程式使用中，請稍後再試"
            _finish({"error": message}, f"現在無法進行：{message}", UNAVAILABLE, as_json)
        time.sleep(0.1)


def _run_here(folder: Path, name: str, arguments: dict[str, Any]) -> dict[str, Any] | None:
    """The answer from this process; None while another one holds the database."""
    from warehouse import commands
    from warehouse.errors import Unavailable
    from warehouse.load import open_warehouse

    try:
        warehouse = open_warehouse(folder)
    except Unavailable as error:
        if "另一個程式" in str(error):
            return None
        told = commands.without_database(folder, name, arguments, error, _progress)
        return {"document": told.document, "text": told.text, "code": told.code}
    except Exception as error:
        failed = commands.failure(error)
        return {"document": failed.document, "text": failed.text, "code": failed.code}
    try:
        answer = commands.run(warehouse, name, arguments, _progress)
    finally:
        warehouse.close()
    return {"document": answer.document, "text": answer.text, "code": answer.code}


def _hand_over(folder: Path, name: str, arguments: dict[str, Any]) -> dict[str, Any] | None:
    """The answer from the running app; None where none runs."""
    address = _address(folder)
    if address is None:
        return None
    spooled = _spool(folder, arguments)
    try:
        request = urllib.request.Request(
            f"http://127.0.0.1:{address['port']}/service-quality/command",
            data=json.dumps({"command": name, "arguments": spooled}).encode(),
            headers={"Content-Type": "application/json", "X-Service-Quality-Token": address["token"]},
            method="POST",
        )
        opener = urllib.request.build_opener(urllib.request.ProxyHandler({}))
        with opener.open(request, timeout=3600) as response:
            answer = json.load(response)
    except urllib.error.HTTPError as error:
        words = f"開著的程式未能完成這個指令（HTTP {error.code}）"
        return None if error.code == 403 else {"document": {"error": words}, "text": words, "code": OUR_FAULT}
    except (urllib.error.URLError, ConnectionError, TimeoutError, json.JSONDecodeError):
        return None
    finally:
        for file in spooled.get("files", []):
            Path(file["path"]).unlink(missing_ok=True)
    for line in answer.pop("progress", []):
        _progress(line)
    return answer


def _address(folder: Path) -> dict[str, Any] | None:
    try:
        address = json.loads((folder / ADDRESS_FILE).read_text(encoding="utf-8"))
    except (OSError, ValueError):
        return None
    whole = isinstance(address, dict) and isinstance(address.get("port"), int) and isinstance(address.get("token"), str)
    return address if whole else None


def _spool(folder: Path, arguments: dict[str, Any]) -> dict[str, Any]:
    """Copy the files into the app's inbox under names of our own, and say which."""
    if "files" not in arguments:
        return arguments
    inbox = folder / "inbox"
    inbox.mkdir(mode=0o700, exist_ok=True)
    files = []
    for file in arguments["files"]:
        spooled = inbox / f".{uuid.uuid4().hex}"
        if Path(file["path"]).is_file():
            shutil.copyfile(file["path"], spooled)
        files.append({"name": file["name"], "path": str(spooled)})
    return arguments | {"files": files}


def _fetch(answer: dict[str, Any], out: Path) -> dict[str, Any]:
    """Move the files that a command left in the data folder to where they were asked for, each whole or not at all."""
    if answer["code"] != DONE:
        return answer
    try:
        out.mkdir(parents=True, exist_ok=True)
        for file in answer["document"]["files"]:
            aside = out / f".{uuid.uuid4().hex}"
            shutil.copyfile(file["path"], aside)
            aside.replace(out / file["name"])
    except OSError as error:
        words = f"無法寫到「{out}」：{error.strerror}"
        return {"document": {"error": words}, "text": f"用法不對：{words}", "code": USAGE}
    finally:
        for file in answer["document"]["files"]:
            Path(file["path"]).unlink(missing_ok=True)
    files = [file | {"path": str((out / file["name"]).resolve())} for file in answer["document"]["files"]]
    return answer | {"document": answer["document"] | {"files": files}, "text": f"{answer['text']}\n  已寫到 {out}"}


def _deliver(answer: dict[str, Any], out: Path, folder: Path) -> dict[str, Any]:
    """Bring the backup that a command left in the data folder to where it was asked for, whole or not at all."""
    from warehouse import commands
    from warehouse.backup import deliver

    if answer["code"] != DONE:
        return answer
    made = Path(answer["document"].pop("path"))
    try:
        deliver(folder, made, out, answer["document"])
    except Exception as error:
        failed = commands.failure(error)
        return {"document": failed.document, "text": failed.text, "code": failed.code}
    finally:
        made.unlink(missing_ok=True)
    return answer


def _named(file: Path) -> dict[str, str]:
    """A file by its name as text (bytes that are no UTF-8 shown as such) and where it lies."""
    return {"name": file.name.encode("utf-8", "backslashreplace").decode(), "path": str(file.resolve())}


def _local(work: Any, as_json: bool) -> None:
    from warehouse import commands

    try:
        answer = work()
    except Exception as error:
        answer = commands.failure(error)
    _finish(answer.document, answer.text, answer.code, as_json)


def _finish(document: Any, text: str, code: int, as_json: bool) -> None:
    if as_json:
        sys.stdout.write(json.dumps(document, ensure_ascii=False, allow_nan=False, indent=2) + "\n")
    else:
        print(text, file=sys.stdout if code in (DONE, REFUSED) else sys.stderr)
    raise typer.Exit(code)


#: What Typer complains of, which it does in English, by the name of its exception.
_USAGE_WORDS = {
    "NoSuchOption": "沒有「{}」這個選項",
    "MissingParameter": "缺少「{}」",
    "BadParameter": "「{}」的值看不懂",
    "BadOptionUsage": "「{}」之後要有值",
    "NoArgsIsHelpError": "請給一個指令",
}


def _usage_words(error: Any) -> str:
    """Typer's complaint in our words."""
    name = getattr(error, "option_name", None) or "、".join(getattr(getattr(error, "param", None), "opts", ()))
    return _USAGE_WORDS.get(type(error).__name__, "沒有這個指令，或參數太多").format(name) + "；以 --help 看用法"


def _main_failure(error: Exception) -> None:
    """Wrong usage in one line of words; anything else in one line too, with exit code 4."""
    as_json = "--json" in sys.argv
    usage = hasattr(error, "format_message")
    text = f"用法不對：{_usage_words(error)}" if usage else f"程式發生錯誤：{type(error).__name__}"
    if as_json:
        sys.stdout.write(json.dumps({"error": text}, ensure_ascii=False) + "\n")
    else:
        print(text, file=sys.stderr)
    sys.exit(USAGE if usage else OUR_FAULT)


def _speak_any_language() -> None:
    """JSON is UTF-8 whatever the console is; in words, what a CP950 console cannot show is escaped, never an error after the work is done."""
    if isinstance(sys.stdout, io.TextIOWrapper):
        sys.stdout.reconfigure(encoding="utf-8" if "--json" in sys.argv else None, errors="backslashreplace")
    if isinstance(sys.stderr, io.TextIOWrapper):
        sys.stderr.reconfigure(errors="backslashreplace")


def _progress(line: str) -> None:
    print(line, file=sys.stderr)


def _me() -> str:
    try:
        return getpass.getuser()
    except (KeyError, OSError):
        return "本機使用者"


def _period(quarter: str | None, window: str | None, start: str | None, end: str | None) -> dict[str, Any]:
    return {"quarter": quarter, "window": window, "from": start, "to": end}
