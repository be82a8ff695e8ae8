"""The contract of the command line: exit codes, exactly one JSON document at each of them, its keys, and words for people otherwise."""

from __future__ import annotations

import contextlib
import io
import json
import os
import subprocess
import sys
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest

from warehouse import cli, commands
from warehouse.datasets import all_datasets
from warehouse.store import DATABASE

ROOT = Path(__file__).parents[2]
PAYMENT = "月份,管道,件數,金額"

INDICATOR_KEYS = {
    "id", "name", "name_en", "section", "kind", "value", "text", "numerator", "denominator", "n", "unit", "direction", "target", "target_basis", "comparison",
    "verdict", "interval", "low", "high", "batches",
}  # fmt: skip
LOAD_KEYS = {"file", "sha256", "type", "encoding", "dataset", "outcome", "batch", "months", "sites", "rows", "findings", "impact"}
BATCH_KEYS = {"id", "kind", "dataset", "file", "by", "at", "slots", "rows", "undone"}
SERIES_KEYS = {"month", "value", "numerator", "denominator", "mean", "upper", "lower", "point", "rules"}
INSPECT_KEYS = {"type", "encoding", "delimiter", "header_row", "dataset", "columns", "rows", "findings"}


@dataclass(frozen=True)
class Ran:
    """How a command ended and what it said."""

    code: int
    out: str
    err: str

    @property
    def document(self) -> Any:
        """The one JSON document; anything before or behind it would fail here."""
        return json.loads(self.out, parse_constant=lambda name: pytest.fail(f"{name} is not JSON"))


def run(*arguments: str | Path) -> Ran:
    """Run a command as the console script does, in this process."""
    out, err = io.StringIO(), io.StringIO()
    words = ["service-quality", *map(str, arguments)]
    with pytest.MonkeyPatch.context() as patch, contextlib.redirect_stdout(out), contextlib.redirect_stderr(err):
        patch.setattr(sys, "argv", words)
        with pytest.raises(SystemExit) as leaving:
            cli.main()
    return Ran(leaving.value.code or 0, out.getvalue(), err.getvalue())  # type: ignore[arg-type]


def payment(*months: int, n: int = 10, channel: str = "便利商店") -> bytes:
    return "\n".join([PAYMENT, *(f"105年{month}月,{channel},{n},{n * 100}" for month in months)]).encode()


@pytest.fixture
def data(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """An empty data folder, named by the environment."""
    monkeypatch.setenv("SERVICE_QUALITY_TODAY", "2016-10-05")
    monkeypatch.setenv("SERVICE_QUALITY_DATA", str(tmp_path / "data"))
    return tmp_path / "data"


@pytest.fixture
def july(tmp_path: Path) -> Path:
    path = tmp_path / "7月.csv"
    path.write_bytes(payment(7))
    return path


def saved(folder: Path, name: str, content: bytes | str) -> Path:
    path = folder / name
    path.write_bytes(content if isinstance(content, bytes) else content.encode())
    return path


# --- the shapes -------------------------------------------------------------------------------------------------------------


def test_load_answers_one_entry_for_each_file_with_the_keys_of_the_contract(data: Path, july: Path) -> None:
    ran = run("load", july, "--by", "王承辦", "--json")
    (entry,) = ran.document
    assert ran.code == 0
    assert entry.keys() == LOAD_KEYS
    assert (entry["file"], entry["type"], entry["encoding"], entry["dataset"], entry["outcome"], entry["batch"]) == (
        "7月.csv",
        "csv",
        "utf-8",
        "payment_monthly",
        "loaded",
        1,
    )
    assert (entry["months"], entry["sites"], entry["rows"], entry["findings"]) == (
        ["2016-07"],
        ["all"],
        {"read": 1, "loaded": 1, "held": 0, "ignored": {}},
        [],
    )
    changed = {impact["indicator"]: impact for impact in entry["impact"]}
    assert changed["cvs_payment_count"] == {
        "indicator": "cvs_payment_count",
        "from": None,
        "to": 10,
        "verdict_from": "no_data",
        "verdict_to": "no_target",
    }


def test_a_finding_has_the_keys_of_the_contract(data: Path, tmp_path: Path) -> None:
    ran = run("load", saved(tmp_path, "a.csv", f"{PAYMENT}\n105年7月,便利商店,x,1\n"), "--json")
    (entry,) = ran.document
    assert (ran.code, entry["outcome"], entry["batch"], entry["rows"]) == (1, "refused", None, {"read": 1, "loaded": 0, "held": 1, "ignored": {}})
    (finding,) = entry["findings"]
    assert finding == {
        "code": "E-NUM-21", "level": "row", "row": 2, "column": "件數", "value": "x",
        "message": "第2列「件數」欄：讀到「x」，應為整數，例如8571或8,571。請在原檔改正後重新上傳。",
    }  # fmt: skip


def test_indicators_answer_every_indicator_with_the_keys_of_the_contract(data: Path, july: Path) -> None:
    run("load", july)
    document = run("indicators", "--json").document
    assert document.keys() == {"period", "site", "data_version", "indicators"}
    assert document["period"] == {"from": "2016-01", "to": "2016-07", "label": "105年1月至7月"}
    assert document["site"] == "all"
    assert all(item.keys() == INDICATOR_KEYS for item in document["indicators"])
    found = {item["id"]: item for item in document["indicators"]}
    from warehouse.indicators import all_indicators

    assert list(found) == list(all_indicators())
    assert (found["cvs_payment_count"]["value"], found["cvs_payment_count"]["denominator"], found["cvs_payment_count"]["batches"]) == (10, None, [1])
    allowed = {
        "kind": {"additive", "latest", "derived", "fact"}, "direction": {"increase", "decrease", "neutral"}, "comparison": {"meets", "misses", None},
        "target_basis": {"report", "rule", "reference", "decision", "provisional", None}, "interval": {"wilson", "t", "none"},
        "verdict": {"met", "not_met", "cannot_tell", "no_target", "no_data"},
    }  # fmt: skip
    for key, values in allowed.items():
        assert {item[key] for item in document["indicators"]} <= values


def test_undo_batches_series_and_reconcile_have_the_keys_of_the_contract(data: Path, july: Path, tmp_path: Path) -> None:
    run("load", july, "--by", "王承辦")
    (step,) = run("series", "cvs_payment_count", "--from", "105-07", "--to", "105-07", "--json").document
    assert step.keys() == SERIES_KEYS | {"comparison", "verdict"}
    assert (step["month"], step["value"], step["denominator"], step["point"], step["rules"]) == ("2016-07", 10, None, "common", [])
    figures = saved(tmp_path, "printed.csv", "id,printed\ncvs_payment_count,11\nsomething,1\n")
    rows = run("reconcile", figures, "--quarter", "105Q3", "--json").document["rows"]
    assert [row.keys() for row in rows] == [{"id", "printed", "computed", "outcome", "kind", "sentence"}] * 2
    assert [(row["printed"], row["computed"], row["outcome"]) for row in rows] == [(11, 10, "differs"), (1, None, "not_computed")]
    undone = run("undo", "1", "--by", "李主任", "--reason", "誤植", "--json").document
    assert undone.keys() == {"id", "undone", "impact"}
    assert (undone["id"], undone["undone"]) == (2, 1)
    listed = run("batches", "--json").document
    assert all(row.keys() == BATCH_KEYS | {"sha256", "undoes", "releases", "held", "reason", "reviewed"} for row in listed)
    assert [(row["id"], row["kind"], row["by"], row["undone"], row["rows"]) for row in listed] == [
        (1, "load", "王承辦", True, 1),
        (2, "undo", "李主任", False, None),
    ]
    assert listed[0]["slots"] == [{"month": "2016-07", "site": "all"}]


def test_inspect_shows_the_whole_grid(data: Path, tmp_path: Path) -> None:
    path = saved(tmp_path, "a.txt", ("105年7月案款,,,\n" + payment(7).decode() + "\n合計,,10,1000\n").replace(",", "\t").encode("utf-16"))
    ran = run("inspect", path, "--grid", "--json")
    assert ran.code == 0
    assert ran.document.keys() == INSPECT_KEYS
    assert ran.document == {
        "type": "csv", "encoding": "utf-16", "delimiter": "\t", "header_row": 2, "dataset": "payment_monthly", "columns": PAYMENT.split(","),
        "rows": [["105年7月", "便利商店", "10", "1000"], ["合計", "", "10", "1000"]], "findings": [],
    }  # fmt: skip
    assert run("inspect", path, "--json").document["rows"] == []
    assert not data.exists()


def test_inspect_splits_the_grid_as_the_loader_does(data: Path, tmp_path: Path) -> None:
    path = saved(tmp_path, "a.csv", "標題，有，很，多，全形，逗號,,,\n" + payment(7).decode())
    document = run("inspect", path, "--grid", "--json").document
    assert (document["delimiter"], document["rows"]) == (",", [["105年7月", "便利商店", "10", "1000"]])


@pytest.mark.parametrize("content", ['編號,a\n"說\\"好",1\n', '編號,a\n"沒有結束', "a\0b,c\n1,2\n", "x" * 300_000, "", "%PDF-1.4"])
def test_inspect_has_an_answer_to_anything(data: Path, tmp_path: Path, content: str) -> None:
    ran = run("inspect", saved(tmp_path, "a.csv", content), "--grid", "--json")
    assert ran.code == 1
    assert ran.document.keys() == INSPECT_KEYS
    assert ran.document["findings"]


def test_trace_and_check_say_where_a_figure_comes_from_and_that_all_is_sound(data: Path, july: Path) -> None:
    run("load", july)
    document = run("trace", "cvs_payment_count", "--json").document
    assert document.keys() >= INDICATOR_KEYS | {"definition", "steps", "origins", "period", "site"}
    (origin,) = document["origins"]
    assert (origin["batch"], origin["file"], origin["rows_used"], origin["left_out"]) == (1, "7月.csv", "2", {})
    ran = run("check", "--json")
    assert (ran.code, ran.document["sound"]) == (0, True)
    (data / "files" / origin["sha256"]).write_bytes(b"other")
    ran = run("check", "--json")
    assert (ran.code, ran.document["sound"]) == (1, False)


def test_rebuild_makes_the_same_warehouse_again(data: Path, july: Path) -> None:
    run("load", july)
    before = run("indicators", "--json").document["indicators"]
    ran = run("rebuild", "--json")
    assert (ran.code, ran.document) == (0, {"rebuilt": True, "problems": [], "figures_equal": True})
    assert run("indicators", "--json").document["indicators"] == before


# --- exit codes -------------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    "arguments",
    [
        ["indicators", "--bogus"],
        ["indicators", "extra"],
        ["indicators", "--as-of", "x"],
        ["indicators", "--quarter", "105Q5"],
        ["indicators", "--site", "臺北"],
        ["indicators", "--as-of", "99"],
        ["indicators", "--quarter", "105Q3", "--from", "105-01"],
        ["indicators", "--window", "week"],
        ["trace"],
        ["trace", "nothing"],
        ["series", "nothing"],
        ["undo", "1"],
        ["undo", "x", "--reason", "a"],
        ["undo", "1", "--reason", "a"],
        ["undo", "1", "--reason", " "],
        ["load"],
        ["load", "absent.csv"],
        ["load", "absent.csv", "--hold-bad-rows"],
        ["load", "absent.csv", "--hold-bad-rows", "--reason", " "],
        ["load", "--dataset"],
        ["inspect", "absent.csv"],
        ["reconcile", "absent.csv"],
        ["template", "nothing", "--out", "x.csv"],
        ["template", "meeting", "--out", "no/such/folder/x.csv"],
        ["nothing"],
    ],
    ids=" ".join,
)
def test_wrong_usage_is_2_and_says_so_in_one_document_or_one_line(data: Path, arguments: list[str]) -> None:
    told = run(*arguments, "--json")
    assert told.code == 2
    assert list(told.document) == ["error"]
    spoken = run(*arguments)
    assert (spoken.code, spoken.out) == (2, "")
    assert spoken.err.splitlines()[-1].startswith("用法不對：")
    assert any("\u4e00" <= char <= "\u9fff" for char in told.document["error"])


@pytest.mark.parametrize("option", [[], ["--dataset", "nothing"], ["--year", "16"]])
def test_a_wrong_option_of_a_file_that_is_there_is_2_or_no_matter(data: Path, july: Path, option: list[str]) -> None:
    ran = run("load", july, *option, "--json")
    assert ran.code == (2 if option else 0)


def test_a_hold_without_a_reason_is_wrong_usage_before_anything_is_read(data: Path, july: Path) -> None:
    ran = run("load", july, "--hold-bad-rows", "--json")
    assert (ran.code, list(ran.document)) == (2, ["error"])
    assert not data.exists()


def test_a_refused_file_is_1_and_a_question_too(data: Path, tmp_path: Path) -> None:
    refused = run("load", saved(tmp_path, "a.csv", "什麼\n都不是\n"), "--json")
    assert (refused.code, refused.document[0]["outcome"]) == (1, "refused")
    asked = run("load", saved(tmp_path, "b.csv", payment(7) + "\n105年7月,臨櫃代收,3萬,1\n".encode()), "--json")
    assert (asked.code, asked.document[0]["outcome"]) == (1, "needs_confirmation")
    assert run("batches", "--json").document == []


def test_a_store_held_by_a_foreign_process_is_3_within_reason(data: Path, july: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    run("load", july)
    monkeypatch.setattr(cli, "_WAIT_SECONDS", 0.5)
    holder = subprocess.Popen(
        [sys.executable, "-c", f"import duckdb, sys; c = duckdb.connect({str(data / DATABASE)!r}); print('held', flush=True); sys.stdin.read()"],
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        text=True,
    )
    try:
        assert holder.stdout is not None
        assert holder.stdout.readline() == "held\n"
        told, spoken = run("indicators", "--json"), run("load", july)
    finally:
        holder.communicate("")
    assert (told.code, told.document) == (3, {"error": "資料庫正由另一個程式使用中，請稍後再試"})
    assert (spoken.code, spoken.out) == (3, "")
    assert run("indicators", "--json").code == 0


def test_a_command_waits_for_a_store_that_is_let_go_in_time(data: Path, july: Path) -> None:
    run("load", july)
    code = f"import duckdb, time; c = duckdb.connect({str(data / DATABASE)!r}); print('held', flush=True); time.sleep(1)"
    with subprocess.Popen([sys.executable, "-c", code], stdout=subprocess.PIPE, text=True) as holder:
        assert holder.stdout is not None
        holder.stdout.readline()
        assert run("indicators", "--json").code == 0


@pytest.mark.parametrize("fault", ["file", "damaged"])
def test_a_store_that_cannot_be_opened_is_3(tmp_path: Path, data: Path, fault: str) -> None:
    folder = tmp_path / "other"
    if fault == "file":
        folder.write_text("")
    else:
        folder.mkdir()
        (folder / DATABASE).write_bytes(b"no database" * 500)
    told = run("batches", "--data", folder, "--json")
    assert (told.code, list(told.document)) == (3, ["error"])
    assert run("batches", "--data", folder).err.startswith("現在無法進行：")


def test_a_fault_of_our_own_is_4_in_words_and_without_row_content(data: Path, july: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    def fails(*_: Any) -> commands.Answer:
        raise ZeroDivisionError("秘密 A123456789")

    monkeypatch.setitem(commands._COMMANDS, "load", fails)
    told, spoken = run("load", july, "--json"), run("load", july)
    assert (told.code, list(told.document)) == (4, ["error"])
    assert (spoken.code, spoken.out) == (4, "")
    assert "秘密" not in told.out + told.err + spoken.err
    assert "Traceback" not in told.err + spoken.err


def test_a_wrong_definition_is_our_own_fault_too(data: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    from warehouse.errors import DefinitionError

    def fails(*_: Any) -> commands.Answer:
        raise DefinitionError("award.toml [x]：y")

    monkeypatch.setitem(commands._COMMANDS, "batches", fails)
    assert run("batches", "--json").code == 4


# --- what goes where --------------------------------------------------------------------------------------------------------


def test_progress_goes_to_stderr_and_words_to_stdout(data: Path, july: Path) -> None:
    told, spoken = run("load", july, "--dry-run", "--json"), run("load", july, "--dry-run")
    assert "檢查 7月.csv" in told.err
    assert "檢查 7月.csv" in spoken.err
    assert spoken.out.startswith("7月.csv：可入庫")
    assert told.document[0]["outcome"] == "dry_run"


def test_the_data_folder_is_the_option_then_the_environment(data: Path, july: Path, tmp_path: Path) -> None:
    run("load", july, "--data", tmp_path / "a")
    assert len(run("batches", "--data", tmp_path / "a", "--json").document) == 1
    assert run("batches", "--json").document == []
    assert (data / DATABASE).is_file()
    assert cli.data_folder(Path("x")) == Path("x")
    assert cli.data_folder() == data


def test_without_either_it_is_data_in_the_project(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delenv("SERVICE_QUALITY_DATA", raising=False)
    assert cli.data_folder() == ROOT / "data"
    monkeypatch.setenv("SERVICE_QUALITY_DATA", "")
    assert cli.data_folder() == ROOT / "data"


@pytest.mark.parametrize("module", [["-m", "warehouse"], ["-c", "from warehouse.cli import main; main()"]])
def test_the_module_and_the_console_script_are_the_same_program(tmp_path: Path, july: Path, module: list[str]) -> None:
    ran = subprocess.run(
        [sys.executable, *module, "load", july, july.parent / "absent.csv", "--json"],
        capture_output=True, text=True, check=False, cwd=ROOT, env={**os.environ, "SERVICE_QUALITY_DATA": str(tmp_path / "data"), "SERVICE_QUALITY_TODAY": "2016-10-05"},
    )  # fmt: skip
    assert ran.returncode == 2
    assert list(json.loads(ran.stdout)) == ["error"]


# --- loading ----------------------------------------------------------------------------------------------------------------


def test_several_files_are_loaded_one_after_another_and_one_bad_one_stops_none(data: Path, tmp_path: Path) -> None:
    files = [
        saved(tmp_path, "1.csv", payment(1)),
        saved(tmp_path, "bad.csv", "什麼\n都不是\n"),
        saved(tmp_path, "2.csv", payment(2)),
        saved(tmp_path, "3.csv", payment(1)),
    ]
    ran = run("load", *files, "--json")
    assert [entry["outcome"] for entry in ran.document] == ["loaded", "refused", "loaded", "unchanged"]
    assert [entry["batch"] for entry in ran.document] == [1, None, 2, 1]
    assert ran.code == 1


def test_a_name_that_is_not_there_stops_before_anything_is_written(data: Path, july: Path) -> None:
    ran = run("load", july, july.parent / "absent.csv", "--json")
    assert (ran.code, "absent.csv" in ran.document["error"]) == (2, True)
    assert run("batches", "--json").document == []


def test_each_question_is_answered_by_its_code_or_all_at_once(data: Path, tmp_path: Path) -> None:
    asking = saved(tmp_path, "a.csv", "105年3月案款,,,\n" + payment(5, 7).decode() + "\n105年7月,臨櫃代收,3萬,-5\n")
    first = run("load", asking, "--json")
    codes = {finding["code"] for finding in first.document[0]["findings"]}
    assert codes == {"W-GAP", "W-TITLE", "W-NUM-07", "W-NUM-11"}
    accepted: list[str] = []
    for code in sorted(codes):
        assert run("load", asking, *accepted, "--json").document[0]["outcome"] == "needs_confirmation"
        accepted += ["--accept", code]
    ran = run("load", asking, *accepted, "--json")
    assert (ran.code, ran.document[0]["outcome"]) == (0, "loaded")
    assert run("load", asking, "--accept", "all", "--data", tmp_path / "other", "--json").document[0]["outcome"] == "loaded"


def test_an_error_cannot_be_accepted(data: Path, tmp_path: Path) -> None:
    path = saved(tmp_path, "a.csv", f"{PAYMENT}\n105年7月,便利商店,x,1\n")
    assert run("load", path, "--accept", "all", "--accept", "E-NUM-21", "--json").document[0]["outcome"] == "refused"


def test_bad_rows_are_held_with_a_reason_and_counted(data: Path, tmp_path: Path) -> None:
    path = saved(tmp_path, "a.csv", payment(7) + "\n105年7月,臨櫃代收,x,1\n合計,,10,1001\n".encode())
    (entry,) = run("load", path, "--hold-bad-rows", "--reason", "補正中", "--json").document
    assert (entry["outcome"], entry["rows"]) == ("loaded", {"read": 3, "loaded": 1, "held": 1, "ignored": {"total": 1}})
    assert run("batches", "--json").document[0]["reason"] == "補正中"


def test_a_dry_run_shows_the_impact_and_writes_nothing(data: Path, july: Path) -> None:
    (entry,) = run("load", july, "--dry-run", "--json").document
    assert (entry["outcome"], entry["batch"]) == ("dry_run", None)
    assert {impact["indicator"] for impact in entry["impact"]} >= {"cvs_payment_count", "cvs_payment_amount"}
    assert run("batches", "--json").document == []
    assert not (data / "files").exists() or list((data / "files").iterdir()) == []


def test_a_loader_without_a_name_is_the_user_of_the_machine(data: Path, july: Path) -> None:
    import getpass

    run("load", july)
    assert run("batches", "--json").document[0]["by"] == getpass.getuser()


# --- templates --------------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("name", all_datasets())
def test_a_template_is_known_as_its_dataset(data: Path, tmp_path: Path, name: str) -> None:
    path = tmp_path / "範本.csv"
    ran = run("template", name, "--out", path, "--json")
    assert (ran.code, ran.document["dataset"]) == (0, name)
    content = path.read_bytes()
    assert content.startswith(b"\xef\xbb\xbf")
    assert content.endswith(b"\r\n")
    assert content.count(b"\n") == 1
    seen = run("inspect", path, "--json")
    assert (seen.code, seen.document["dataset"], seen.document["encoding"], seen.document["findings"]) == (0, name, "utf-8-bom", [])
    assert seen.document["columns"] == ran.document["columns"] == all_datasets()[name].long.known_names()
    loaded = run("load", path, "--json").document[0]
    assert (loaded["outcome"], {finding["code"] for finding in loaded["findings"]}) == ("refused", {"E-EMPTY"})


def test_a_template_may_be_asked_for_by_its_title(data: Path, tmp_path: Path) -> None:
    assert run("template", all_datasets()["meeting"].title, "--out", tmp_path / "x.csv", "--json").document["dataset"] == "meeting"
