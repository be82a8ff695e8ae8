"""Adding to the house, done once on a copy: a dataset and an indicator in four places and no other; a target by one row of a file."""

from __future__ import annotations

import csv
import hashlib
import io
import json
import os
import shutil
import subprocess
import sys
from decimal import ROUND_HALF_UP, Decimal
from pathlib import Path
from typing import Any

import pytest

ROOT = Path(__file__).parents[1]

DATASET = '''"""志工服務時數：志工每月在各處所服務的人數與時數。"""

from warehouse.datasets import Column, Dataset, Integer, Month, Number, Site

DATASET = Dataset(
    name="volunteer_hours",
    title="志工服務時數月報表",
    title_en="Volunteer hours, monthly",
    grain="一列一個月一個處所",
    owner="秘書室",
    columns=(
        Column("month", "月份", Month()),
        Column("site", "服務處所", Site()),
        Column("volunteers", "志工人數", Integer("人")),
        Column("hours", "志工服務時數", Number("小時", low=0)),
    ),
    month_column="month",
    key=("site",),
)
'''

STAGING = """-- one row per month and site
select
    month,
    site_code,
    volunteers,
    hours
from live.volunteer_hours
"""

BLOCK = """
[volunteer_hours_each]
name = "志工每人服務時數"
name_en = "Hours per volunteer"
section = "壹一(一)1"
kind = "additive"
definition = "志工服務時數除以志工人數。"
definition_en = "Volunteer hours divided by volunteers."
source = ["volunteer_hours"]
mart = "stg_volunteer_hours"
numerator = "sum(hours)"
denominator = "sum(volunteers)"
unit = "小時"
decimals = 2
direction = "increase"
rollup = "sum"
interval = "none"
owner = "秘書室"
target = { value = 5, basis = "decision", document = "宜執秘字第105號", document_en = "Letter Yi-Zhi-Mi no. 105" }
"""

SAMPLE = """105年7月至9月志工服務時數,,,
月份,服務處所,志工人數,志工服務時數
105年7月,宜蘭,12人,75.5
105年7月,基隆,７,21
105/08,宜蘭,11,"1,000.25"
10509,基隆,8,16.5小時
合計,,38,"1,113.25"
"""

HEADER = "指標代碼,目標值,生效日期,依據,文號,核定人"


def fingerprints(tree: Path) -> dict[str, str]:
    files = (path for path in tree.rglob("*") if path.is_file() and "__pycache__" not in path.parts)
    return {str(path.relative_to(tree)): hashlib.sha256(path.read_bytes()).hexdigest() for path in files}


@pytest.fixture(scope="module")
def tree(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A copy of the program, to which one dataset and one indicator are added: one .py, one .sql, one sample, one TOML block."""
    copy = tmp_path_factory.mktemp("copy")
    leave = shutil.ignore_patterns("__pycache__")
    for name in ("warehouse", "sql", "pages"):
        shutil.copytree(ROOT / name, copy / name, ignore=leave)
    for name in ("app.py", "pyproject.toml"):
        shutil.copy(ROOT / name, copy / name)
    before = fingerprints(copy)
    (copy / "warehouse" / "datasets" / "volunteer_hours.py").write_text(DATASET, encoding="utf-8")
    (copy / "sql" / "10_staging" / "stg_volunteer_hours.sql").write_text(STAGING, encoding="utf-8")
    (copy / "warehouse" / "samples" / "volunteer_hours").mkdir()
    (copy / "warehouse" / "samples" / "volunteer_hours" / "105年7月至9月志工服務時數.csv").write_text(SAMPLE, encoding="utf-8")
    item = copy / "warehouse" / "indicators" / "service_process.toml"
    item.write_text(item.read_text(encoding="utf-8") + BLOCK, encoding="utf-8")
    after = fingerprints(copy)
    assert len(after.keys() - before.keys()) == 3
    assert [name for name in before if before[name] != after[name]] == ["warehouse/indicators/service_process.toml"]
    return copy


@pytest.fixture
def data(tmp_path: Path) -> Path:
    return tmp_path / "data"


#: Runs one command after another in one process; starting Python anew for each would take most of the time of these tests.
SEVERAL = """
import contextlib, io, json, sys
from warehouse.cli import main
answers = []
for words in json.loads(sys.argv[1]):
    sys.argv = ["service-quality", *words, "--json"]
    out = io.StringIO()
    with contextlib.redirect_stdout(out):
        try:
            main()
        except SystemExit as leaving:
            code = leaving.code or 0
    answers.append([code, json.loads(out.getvalue())])
print(json.dumps(answers))
"""


def python(tree: Path, data: Path, *arguments: str) -> Any:
    """The JSON that Python prints when it finds the copy first."""
    ran = subprocess.run(
        [sys.executable, *arguments], capture_output=True, text=True, check=False, cwd=data.parent,
        env={**os.environ, "PYTHONPATH": str(tree), "SERVICE_QUALITY_DATA": str(data), "SERVICE_QUALITY_TODAY": "2016-10-05"},
    )  # fmt: skip
    assert ran.returncode == 0, ran.stderr
    return json.loads(ran.stdout)


def run(tree: Path, data: Path, *commands: list[str | Path]) -> list[tuple[int, Any]]:
    """Exit code and document of each command of the copy."""
    return [tuple(answer) for answer in python(tree, data, "-c", SEVERAL, json.dumps([[str(word) for word in command] for command in commands]))]


def among(document: dict[str, Any], name: str) -> dict[str, Any]:
    return next(item for item in document["indicators"] if item["id"] == name)


def between(first: str, last: str, *more: str) -> list[str | Path]:
    return ["indicators", "--from", f"105-{first}", "--to", f"105-{last}", *more]


def hours_each(*months: str, site: str | None = None) -> Decimal:
    """Worked out again from the sample, with nothing of the product's."""
    rows = list(csv.reader(io.StringIO(SAMPLE)))[2:-1]
    plain = {"７": "7", "12人": "12", "16.5小時": "16.5"}
    months_of = {"105年7月": "07", "105/08": "08", "10509": "09"}
    chosen = [row for row in rows if months_of[row[0]] in months and site in (None, row[1])]
    people = sum(Decimal(plain.get(row[2], row[2])) for row in chosen)
    hours = sum(Decimal(plain.get(row[3], row[3]).replace(",", "")) for row in chosen)
    return (hours / people).quantize(Decimal("0.01"), ROUND_HALF_UP)


def sample_of(tree: Path) -> Path:
    return next((tree / "warehouse" / "samples" / "volunteer_hours").iterdir())


def test_a_new_dataset_is_loaded_and_its_indicator_shown(tree: Path, data: Path) -> None:
    (entry,) = python(tree, data, "-m", "warehouse", "load", str(sample_of(tree)), "--json")
    assert (entry["outcome"], entry["dataset"], entry["findings"]) == ("loaded", "volunteer_hours", [])
    assert (entry["months"], entry["sites"]) == (["2016-07", "2016-08", "2016-09"], ["keelung", "yilan"])
    assert entry["rows"] == {"read": 5, "loaded": 4, "held": 0, "ignored": {"total": 1}}
    assert [(impact["indicator"], impact["to"]) for impact in entry["impact"]] == [("volunteer_hours_each", float(hours_each("07", "08", "09")))]

    found = among(python(tree, data, "-m", "warehouse", "indicators", "--json"), "volunteer_hours_each")
    assert found["value"] == float(hours_each("07", "08", "09")) == 29.3
    assert (found["text"], found["numerator"], found["denominator"], found["batches"]) == ("29.3小時", 1113.25, 38, [1])
    assert (found["target"], found["target_basis"], found["verdict"]) == (5, "decision", "met")

    july, keelung, yilan, trace, check = run(
        tree, data, between("07", "07"), between("09", "09", "--site", "基隆"), between("09", "09", "--site", "宜蘭"),
        ["trace", "volunteer_hours_each", "--from", "105-07", "--to", "105-07"], ["check"],
    )  # fmt: skip
    assert among(july[1], "volunteer_hours_each")["value"] == float(hours_each("07"))
    september = among(keelung[1], "volunteer_hours_each")
    assert (september["value"], september["verdict"]) == (float(hours_each("09", site="基隆")), "not_met")
    assert among(yilan[1], "volunteer_hours_each")["verdict"] == "no_data"
    assert [(origin["dataset"], origin["rows_used"]) for origin in trace[1]["origins"]] == [("volunteer_hours", "3–4")]
    assert (check[0], check[1]["sound"]) == (0, True)


def test_a_new_dataset_has_a_template_and_is_checked_like_any_other(tree: Path, data: Path, tmp_path: Path) -> None:
    wrong = tmp_path / "wrong.csv"
    wrong.write_text("月份,服務處所,志工人數,志工服務時數\n105年7月,臺北,-1,12.345\n", encoding="utf-8")
    template, (code, (entry,)) = run(tree, data, ["template", "volunteer_hours", "--out", tmp_path / "範本.csv"], ["load", wrong])
    assert template[1]["columns"] == ["月份", "服務處所", "志工人數", "志工服務時數"]
    assert (code, {finding["code"] for finding in entry["findings"]}) == (1, {"E-OFFICE", "E-NUM-11", "E-NUM-24"})


def test_a_target_is_changed_by_one_row_of_a_file(tree: Path, data: Path, tmp_path: Path) -> None:
    """The row holds from its day on: before it the block's default stands, and no code or block is touched."""
    decided, provisional = tmp_path / "目標.csv", tmp_path / "暫定.csv"
    decided.write_text(f"{HEADER}\nvolunteer_hours_each,40,105年9月1日,核定,宜執秘字第1050901號,分署長\n", encoding="utf-8")
    provisional.write_text(f"{HEADER}\nvolunteer_hours_each,20,105年10月1日,暫定,,\n", encoding="utf-8")
    before = fingerprints(tree)
    loaded, until_august, until_september, until_october, series, undone, after = run(
        tree, data, ["load", sample_of(tree), decided, provisional, "--accept", "all"],
        between("07", "08"), between("07", "09"), between("07", "10"),
        ["series", "volunteer_hours_each", "--from", "105-07", "--to", "105-09"], ["undo", "2", "--reason", "誤植"], between("07", "09"),
    )  # fmt: skip
    assert (loaded[0], [entry["outcome"] for entry in loaded[1]]) == (0, ["loaded"] * 3)
    changes = [(impact["verdict_from"], impact["verdict_to"]) for impact in loaded[1][1]["impact"] if impact["indicator"] == "volunteer_hours_each"]
    assert changes == [("met", "not_met")]
    told = [among(document, "volunteer_hours_each") for _, document in (until_august, until_september, until_october)]
    assert [(item["value"], item["target"], item["target_basis"], item["comparison"], item["verdict"]) for item in told] == [
        (float(hours_each("07", "08")), 5, "decision", "meets", "met"),
        (float(hours_each("07", "08", "09")), 40, "decision", "misses", "not_met"),
        (float(hours_each("07", "08", "09")), 20, "provisional", "meets", "no_target"),
    ]
    assert [step["verdict"] for step in series[1]] == ["met" if hours_each("07") >= 5 else "not_met", "met", "not_met"]
    assert undone[0] == 0
    assert among(after[1], "volunteer_hours_each")["target"] == 5
    assert fingerprints(tree) == before
