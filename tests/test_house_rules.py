"""What prose cannot hold: which way imports run, how SQL files are written, what lies where, what is pinned and what is named."""

from __future__ import annotations

import ast
import re
import subprocess
import tomllib
from collections.abc import Iterator
from functools import cache
from pathlib import Path

import pytest

from warehouse.cli import app
from warehouse.datasets import all_datasets

ROOT = Path(__file__).parents[1]

#: From the ground up. A module may import those of lower floors at its top, never its own floor or a higher one.
FLOORS: tuple[tuple[str, ...], ...] = (
    ("warehouse",),
    ("warehouse.errors", "warehouse.statistics", "warehouse.privacy"),
    ("warehouse.numerals", "warehouse.disclosure"),
    ("warehouse.period",),
    ("warehouse.intake",),
    ("warehouse.datasets", "warehouse.indicators", "warehouse.keep"),
    ("warehouse.screen", "warehouse.store"),
    ("warehouse.journal", "warehouse.ledger", "warehouse.recompute"),
    ("warehouse.exchange", "warehouse.dues"),
    ("warehouse.clock", "warehouse.scorecard", "warehouse.oversight"),
    ("warehouse.coverage", "warehouse.anonymity"),
    ("warehouse.signals", "warehouse.schedule"),
    ("warehouse.topics",),
    ("warehouse.load", "warehouse.reconcile"),
    ("warehouse.form", "warehouse.compare"),
    ("warehouse.backup", "warehouse.explanation", "warehouse.duty", "warehouse.published", "warehouse.decisions"),
    ("warehouse.samples", "warehouse.report"),
    ("warehouse.doctor",),
    ("warehouse.commands",),
    ("warehouse.correction", "warehouse.inspect", "warehouse.inbox"),
    ("warehouse.held",),
    ("warehouse.cli",),
    ("warehouse.web",),
    ("pages",),
    ("warehouse.web.shell",),
    ("app",),
)
FLOOR_OF = {name: number for number, names in enumerate(FLOORS) for name in names}

STAGING, DIMENSIONS, MARTS, CHECKS = "10_staging", "20_dimensions", "30_marts", "90_checks"
PREFIX = {STAGING: "stg_", DIMENSIONS: "dim_", MARTS: "mart_", CHECKS: ""}
SQL_FILES = sorted((ROOT / "sql").glob("*/*.sql"))
PAGES = sorted((ROOT / "pages").glob("*.py"))


# --- imports ----------------------------------------------------------------------------------------------------------------


def python_files() -> list[Path]:
    return [ROOT / "app.py", *PAGES, *sorted((ROOT / "warehouse").rglob("*.py"))]


def module_name(path: Path) -> str:
    parts = path.relative_to(ROOT).with_suffix("").parts
    return ".".join(parts[:-1] if parts[-1] == "__init__" else parts)


@cache
def modules() -> dict[str, Path]:
    return {module_name(path): path for path in python_files()}


def imported(path: Path, *, anywhere: bool) -> Iterator[str]:
    """Modules that a file imports: at its top only, or in its functions too."""
    tree = ast.parse(path.read_text(encoding="utf-8"))
    for node in ast.walk(tree) if anywhere else tree.body:
        if isinstance(node, ast.Import):
            yield from (alias.name for alias in node.names)
        elif isinstance(node, ast.ImportFrom):
            assert node.level == 0, f"{path}: imports are absolute"
            for alias in node.names:
                inner = f"{node.module}.{alias.name}"
                yield inner if inner in modules() else node.module or ""


def block_of(module: str) -> str:
    """The part of the house a module belongs to: warehouse.intake.grid is of warehouse.intake, pages.home of pages. The shell lists the pages."""
    if module in FLOOR_OF:
        return module
    parts = module.split(".")
    return parts[0] if parts[0] == "pages" else ".".join(parts[:2])


@cache
def blocks() -> dict[str, set[str]]:
    """Block → blocks it imports at the top of its modules. The package's own version and folder (`warehouse`) are open to all."""
    found: dict[str, set[str]] = {}
    for name, path in modules().items():
        own = block_of(name)
        if own == "warehouse.__main__":
            continue
        found.setdefault(own, set()).update(
            block_of(other) for other in imported(path, anywhere=False) if other.split(".")[0] in ("warehouse", "pages")
        )
    return {name: others - {name, "warehouse"} for name, others in found.items()}


def below(block: str, seen: frozenset[str] = frozenset()) -> set[str]:
    """Placed blocks that a block stands on, through blocks that have no floor of their own."""
    found: set[str] = set()
    for other in blocks().get(block, set()) - seen:
        found |= {other} if other in FLOOR_OF else below(other, seen | {block, other})
    return found


@pytest.mark.parametrize("block", [name for name in FLOOR_OF if name in blocks()])
def test_a_block_stands_only_on_lower_floors(block: str) -> None:
    too_high = {other for other in below(block) if FLOOR_OF[other] >= FLOOR_OF[block]}
    assert not too_high, f"{block} imports {too_high}"


def test_no_modules_import_each_other_in_a_circle() -> None:
    graph = {name: {other for other in imported(path, anywhere=False) if other in modules() and other != name} for name, path in modules().items()}
    waiting = dict(graph)
    while waiting:
        free = {name for name, others in waiting.items() if not others & waiting.keys() - _parents(name)}
        assert free, f"a circle among {sorted(waiting)}"
        waiting = {name: others for name, others in waiting.items() if name not in free}


def _parents(name: str) -> set[str]:
    """`warehouse.datasets.meeting` takes its words from `warehouse.datasets`, which does not import it by name."""
    parts = name.split(".")
    return {".".join(parts[:count]) for count in range(1, len(parts))}


def test_only_web_and_pages_know_streamlit() -> None:
    knowing = {name for name, path in modules().items() if any(other.split(".")[0] == "streamlit" for other in imported(path, anywhere=True))}
    assert {name for name in knowing if not name.startswith(("app", "warehouse.web", "pages"))} == set()


def test_nothing_but_the_launcher_lies_in_app_py() -> None:
    tree = ast.parse((ROOT / "app.py").read_text(encoding="utf-8"))
    assert {type(node).__name__ for node in tree.body} <= {"Expr", "Import", "ImportFrom", "Assign"}


@pytest.mark.parametrize("page", PAGES, ids=lambda path: path.name)
def test_a_page_holds_no_sql(page: Path) -> None:
    tree = ast.parse(page.read_text(encoding="utf-8"))
    assert "duckdb" not in {name.split(".")[0] for name in imported(page, anywhere=True)}
    texts = [node.value for node in ast.walk(tree) if isinstance(node, ast.Constant) and isinstance(node.value, str)]
    assert [text for text in texts if re.search(r"\bselect\b.+\bfrom\b|\binsert\s+into\b|\bupdate\b.+\bset\b", text, re.I | re.S)] == []
    calls = {node.func.attr for node in ast.walk(tree) if isinstance(node, ast.Call) and isinstance(node.func, ast.Attribute)}
    assert not calls & {"execute", "executemany", "sql", "read_csv", "read_parquet"}


# --- SQL --------------------------------------------------------------------------------------------------------------------


def bare(path: Path) -> str:
    """The statement without comments and quoted words."""
    text = re.sub(r"--[^\n]*", "", path.read_text(encoding="utf-8"))
    return re.sub(r"'[^']*'", "''", text)


def sql_id(path: Path) -> str:
    return f"{path.parent.name}/{path.name}"


@pytest.mark.parametrize("path", SQL_FILES, ids=sql_id)
def test_the_first_line_of_a_sql_file_states_its_grain(path: Path) -> None:
    first = path.read_text(encoding="utf-8").splitlines()[0]
    assert re.match(r"-- rows that break the rule: \S" if path.parent.name == CHECKS else r"-- one row per \S", first)


@pytest.mark.parametrize("path", SQL_FILES, ids=sql_id)
def test_a_sql_file_is_one_bare_select_in_lower_case(path: Path) -> None:
    text = bare(path)
    assert re.match(r"\s*(with|select)\b", text)
    assert ";" not in text
    assert not re.search(r"\b(create|insert|update|delete|drop|alter|copy|attach|install|load|pragma|set)\b", text)
    assert not re.search("[A-Z]", text)


@pytest.mark.parametrize("path", SQL_FILES, ids=sql_id)
def test_a_sql_file_reads_lower_folders_only(path: Path) -> None:
    folder_of = {other.stem: other.parent.name for other in SQL_FILES} | {"dim_site": "00_made_by_the_store", "dim_option": "00_made_by_the_store"}
    text = bare(path)
    inside = set(re.findall(r"(?:\bwith|,)\s+(?:recursive\s+)?(\w+)\s+as\s+(?:materialized\s+)?\(", text))
    read = set(re.findall(r"(?<!distinct )\b(?:from|join)\s+([a-z_][\w.]*)", text)) - inside
    for relation in read:
        if relation.startswith("live."):
            assert path.parent.name == STAGING
            assert relation.replace("__", "_") == "live." + path.stem.removeprefix("stg_")
        elif "." in relation or relation in folder_of:
            assert folder_of[relation] < path.parent.name
        else:
            pytest.fail(f"reads {relation}, which no file makes")


@pytest.mark.parametrize("path", SQL_FILES, ids=sql_id)
def test_a_sql_file_is_named_after_its_folder(path: Path) -> None:
    assert path.parent.name in PREFIX
    assert path.stem.startswith(PREFIX[path.parent.name])


# --- datasets ---------------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("name", all_datasets())
def test_a_dataset_has_a_staging_file(name: str) -> None:
    assert (ROOT / "sql" / STAGING / f"stg_{name}.sql").is_file()


@pytest.mark.parametrize("name", [name for name in all_datasets() if name not in ("target", "phase", "published_figure")])
def test_a_dataset_has_a_sample(name: str) -> None:
    """But for targets and phases, which are decisions: the sample office has taken none, its targets are the defaults in the blocks. Nor has it
    an older report from which published figures could be taken."""
    assert any((ROOT / "warehouse" / "samples" / name).iterdir())


def test_no_staging_file_and_no_sample_is_without_a_dataset() -> None:
    staged = {path.stem.removeprefix("stg_") for path in (ROOT / "sql" / STAGING).glob("*.sql")}
    sampled = {path.name for path in (ROOT / "warehouse" / "samples").iterdir() if path.is_dir() and not path.name.startswith("__")}
    counts = {f"{name}_{kind}" for name in all_datasets() for kind in ("rows", "answers")}
    assert sampled <= set(all_datasets())
    assert staged <= set(all_datasets()) | counts


# --- the tree ---------------------------------------------------------------------------------------------------------------


@cache
def tracked() -> list[Path]:
    if not (ROOT / ".git").exists():
        pytest.skip("not a checkout")
    listed = subprocess.run(["git", "ls-files", "-z"], cwd=ROOT, capture_output=True, check=True).stdout.decode()
    return [path for path in (ROOT / name for name in listed.split("\0") if name) if path.is_file()]


def test_the_top_level_holds_nothing_else() -> None:
    top = {path.relative_to(ROOT).parts[0] for path in tracked()}
    named = {"pyproject.toml", "app.py", "warehouse", "pages", "sql", "tests", "README.md", "LICENSE"}
    assert {name for name in top if not name.startswith(".")} <= named


def test_no_file_names_a_package_registry_or_a_place_outside_the_tree() -> None:
    hosts = ["pypi" + ".org", "python" + "hosted.org", "npm" + "js.org", "npm" + "js.com", "index" + "-url", "rubygems" + ".org", "crates" + ".io"]
    outside = ["../" + "shared", "/work/" + "shared", "/work/" + "main"]
    for path in tracked():
        if path.suffix in (".png", ".gif", ".ico", ".ods", ".odt", ".xlsx", ".pdf", ".woff2"):
            continue
        text = path.read_bytes().decode("utf-8", "ignore")
        assert [word for word in hosts + outside if word in text] == [], path.relative_to(ROOT)


def test_every_command_and_dataset_is_named_in_the_readme() -> None:
    readme = (ROOT / "README.md").read_text(encoding="utf-8")
    commands = [command.name or command.callback.__name__ for command in app.registered_commands if command.callback]
    assert [name for name in [*commands, *all_datasets()] if not re.search(rf"(?<![\w-]){re.escape(name)}(?![\w-])", readme)] == []


def test_streamlit_run_has_the_settings_of_serve() -> None:
    from warehouse.web.server import SETTINGS

    with (ROOT / ".streamlit" / "config.toml").open("rb") as stream:
        config = tomllib.load(stream)
    assert {f"{section}.{key}": value for section, values in config.items() for key, value in values.items()} == SETTINGS


def test_direct_dependencies_are_pinned_and_agree_with_what_ci_installs() -> None:
    with (ROOT / "pyproject.toml").open("rb") as stream:
        project = tomllib.load(stream)
    extras = project["project"]["optional-dependencies"]
    direct = [*project["project"]["dependencies"], *project["build-system"]["requires"], *(item for items in extras.values() for item in items)]
    pins = [re.fullmatch(r"([A-Za-z0-9_.-]+)(?:\[[a-z0-9,_-]+\])?==([0-9][0-9A-Za-z.]*)", item) for item in direct]
    assert all(pins), direct
    constrained = dict(line.split("==") for line in (ROOT / ".ci" / "constraints.txt").read_text(encoding="utf-8").split() if "==" in line)
    assert {pin[1]: pin[2] for pin in pins if pin} == {pin[1]: constrained.get(pin[1]) for pin in pins if pin}


def test_every_module_says_in_its_first_line_what_it_is() -> None:
    silent = [str(path.relative_to(ROOT)) for path in python_files() if not ast.get_docstring(ast.parse(path.read_text(encoding="utf-8")))]
    assert silent == []
