"""The store: built from the definitions, one owner, one transaction for a change, closed to the outside, honest about what it cannot open."""

from __future__ import annotations

import os
import re
import stat
import subprocess
import sys
from pathlib import Path

import duckdb
import polars as pl
import pytest

from warehouse import store
from warehouse.datasets import all_datasets, sites
from warehouse.errors import Conflict, DefinitionError, Unavailable
from warehouse.load import open_warehouse
from warehouse.store import DATABASE, Warehouse, datasets_behind, query, relation_reads, sql_files


def relations(warehouse: Warehouse) -> dict[str, str]:
    with warehouse.reading() as cursor:
        rows = cursor.execute(
            "select table_schema || '.' || table_name, table_type from information_schema.tables where table_catalog = 'wh'"
        ).fetchall()
    return dict(rows)


def test_every_dataset_has_a_raw_table_a_live_view_and_a_claim(empty_warehouse: Warehouse) -> None:
    found = relations(empty_warehouse)
    with empty_warehouse.reading() as cursor:
        claims = dict(cursor.execute("select dataset, generation from ledger.claim").fetchall())
    for name in all_datasets():
        assert found[f"raw.{name}"] == "BASE TABLE"
        assert found[f"live.{name}"] == "VIEW"
        assert claims[name] == 0


def test_a_raw_table_has_the_columns_of_its_dataset_in_their_types(empty_warehouse: Warehouse) -> None:
    with empty_warehouse.reading() as cursor:
        for name, dataset in all_datasets().items():
            described = {row[0]: row[1] for row in cursor.execute(f"describe raw.{name}").fetchall()}
            assert described == {
                "_batch_id": "BIGINT",
                "_slot": "INTEGER",
                "_row": "INTEGER",
                **{column: kind.sql for column, kind in dataset.stored.items()},
            }


def test_the_folder_of_a_sql_file_decides_view_or_table(empty_warehouse: Warehouse) -> None:
    found = relations(empty_warehouse)
    for path in sql_files():
        expected = "BASE TABLE" if path.parent.name == "20_dimensions" else "VIEW"
        assert found[f"main.{path.stem}"] == expected


def test_sql_files_come_in_the_order_of_folders_and_names() -> None:
    names = [f"{path.parent.name}/{path.name}" for path in sql_files()]
    assert names == sorted(names)
    assert len(names) == len(set(names))


def test_sites_and_answers_are_rows_of_dimensions(empty_warehouse: Warehouse) -> None:
    with empty_warehouse.reading() as cursor:
        assert query(cursor, "select number, code, short, branch from dim_site order by number") == [
            {key: site[key] for key in ("number", "code", "short", "branch")} for site in sites()
        ]
        words = cursor.execute(
            "select word from dim_option where dataset = 'survey_response' and column_name = 'q_overall' order by number desc"
        ).fetchall()
    assert words == [("很滿意",), ("滿意",), ("尚滿意",), ("不滿意",)]


def test_what_a_mart_is_made_of_is_followed_through_its_views() -> None:
    assert datasets_behind("live.meeting") == {"meeting"}
    assert datasets_behind("stg_meeting") == {"meeting"}
    assert datasets_behind("mart_feedback_cases") == {"feedback_case", "office_calendar"}
    assert datasets_behind("dim_month") == frozenset()


def test_relations_in_comments_are_not_read() -> None:
    assert relation_reads("-- stg_a\nselect * from stg_b inner join live.c using (x) -- mart_d") == {"stg_b", "live.c"}


# --- one change, one transaction --------------------------------------------------------------------------------------------


def generation(warehouse: Warehouse, dataset: str) -> int:
    return warehouse.generation(dataset)


def test_a_change_bumps_the_claim_of_its_dataset_and_no_other(empty_warehouse: Warehouse) -> None:
    with empty_warehouse.writing("meeting"):
        pass
    assert (generation(empty_warehouse, "meeting"), generation(empty_warehouse, "phone_test")) == (1, 0)


@pytest.mark.parametrize("kind", [ValueError, KeyboardInterrupt, SystemExit])
def test_whatever_ends_a_change_early_leaves_nothing_of_it(empty_warehouse: Warehouse, kind: type[BaseException]) -> None:
    with pytest.raises(kind), empty_warehouse.writing("meeting") as cursor:
        cursor.execute("insert into ledger.built values (9, 'x')")
        raise kind
    assert generation(empty_warehouse, "meeting") == 0
    with empty_warehouse.reading() as cursor:
        assert cursor.execute("select count(*) from ledger.built where store_version = 9").fetchone() == (0,)


def test_reading_sees_one_state_from_beginning_to_end(empty_warehouse: Warehouse) -> None:
    count = "select generation from ledger.claim where dataset = 'meeting'"
    with empty_warehouse.reading() as cursor:
        before = cursor.execute(count).fetchone()
        with empty_warehouse.writing("meeting"):
            pass
        assert cursor.execute(count).fetchone() == before
    with empty_warehouse.reading() as cursor:
        assert cursor.execute(count).fetchone() == (1,)


def test_of_two_changes_of_one_dataset_the_later_is_told_so(empty_warehouse: Warehouse) -> None:
    """The process's lock keeps them apart; here the second one goes round it, as another process on a lake would."""
    other = empty_warehouse.cursor()
    other.execute("begin transaction")
    with pytest.raises(Conflict) as refusal, empty_warehouse.writing("meeting") as cursor:
        cursor.execute("select 1")
        other.execute("update ledger.claim set generation = generation + 1 where dataset = 'phone_test'")
        other.execute("commit")
        raise duckdb.TransactionException("conflict on update")
    assert refusal.value.findings[0].code == "E-CONFLICT"
    assert generation(empty_warehouse, "phone_test") == 1


# --- closed to the outside --------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    "text",
    [
        "select * from read_csv('/etc/passwd')",
        "select * from '/etc/passwd'",
        "attach '/tmp/other.duckdb'",
        "copy (select 1) to '/tmp/x.csv'",
        "install httpfs",
        "load httpfs",
        "set enable_external_access = true",
        "reset memory_limit",
        "export database '/tmp/x'",
    ],
)
def test_no_statement_reaches_outside_the_database(empty_warehouse: Warehouse, text: str) -> None:
    with empty_warehouse.reading() as cursor, pytest.raises(duckdb.Error):
        cursor.execute(text).fetchall()


def test_no_python_variable_is_a_table(empty_warehouse: Warehouse) -> None:
    frame = pl.DataFrame({"a": [1]})
    with empty_warehouse.reading() as cursor, pytest.raises(duckdb.Error):
        cursor.execute("select * from frame").fetchall()
    assert frame.height == 1


@pytest.mark.skipif(os.name != "posix", reason="file modes")
def test_the_data_folder_is_its_owners(tmp_path: Path) -> None:
    folder = tmp_path / "it's a folder; drop table x"
    open_warehouse(folder).close()
    assert stat.S_IMODE(folder.stat().st_mode) == 0o700
    assert (folder / DATABASE).is_file()


# --- opening ----------------------------------------------------------------------------------------------------------------


def test_opening_again_keeps_everything_and_builds_nothing(tmp_path: Path) -> None:
    opened = open_warehouse(tmp_path / "data")
    with opened.writing("meeting"):
        pass
    opened.close()
    again = open_warehouse(tmp_path / "data")
    assert generation(again, "meeting") == 1
    again.close()


def test_another_process_is_told_that_the_store_is_in_use(tmp_path: Path) -> None:
    opened = open_warehouse(tmp_path / "data")
    try:
        code = f"from warehouse.load import open_warehouse; from pathlib import Path; open_warehouse(Path({str(tmp_path / 'data')!r}))"
        other = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, cwd=Path(__file__).parents[2], check=False)
    finally:
        opened.close()
    assert other.returncode != 0
    assert "Unavailable: 資料庫正由另一個程式使用中" in other.stderr


def test_a_damaged_file_is_said_to_be_damaged_and_not_touched(tmp_path: Path) -> None:
    (tmp_path / DATABASE).write_bytes(b"not a database" * 999)
    with pytest.raises(Unavailable, match="可能已損壞.+rebuild"):
        open_warehouse(tmp_path)
    assert (tmp_path / DATABASE).read_bytes() == b"not a database" * 999


def test_a_store_of_a_later_program_is_refused(tmp_path: Path) -> None:
    opened = open_warehouse(tmp_path)
    with opened.writing(None) as cursor:
        cursor.execute("update ledger.built set store_version = store_version + 1")
    opened.close()
    with pytest.raises(Unavailable, match="較新版"):
        open_warehouse(tmp_path)


def test_a_folder_that_cannot_be_made_is_said_so(tmp_path: Path) -> None:
    (tmp_path / "file").write_text("")
    with pytest.raises(Unavailable, match="無法建立資料夾"):
        open_warehouse(tmp_path / "file" / "data")


def test_a_wrong_sql_file_stops_the_build_and_is_named(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    wrong = tmp_path / "sql" / "30_marts" / "mart_wrong.sql"
    wrong.parent.mkdir(parents=True)
    wrong.write_text("-- one row per nothing\nselect nothing from stg_meeting\n")
    monkeypatch.setattr(store, "sql_files", lambda: (*sql_files(), wrong))
    monkeypatch.setattr(store, "structure_hash", lambda: "other")
    with pytest.raises(DefinitionError, match=re.escape("sql/30_marts/mart_wrong.sql")):
        Warehouse.open(tmp_path / "data")


def test_a_sql_folder_of_another_name_is_refused(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    wrong = tmp_path / "sql" / "40_extras" / "x.sql"
    wrong.parent.mkdir(parents=True)
    wrong.write_text("-- one row per nothing\nselect 1\n")
    monkeypatch.setattr(store, "sql_files", lambda: (*sql_files(), wrong))
    monkeypatch.setattr(store, "structure_hash", lambda: "other")
    with pytest.raises(DefinitionError, match="40_extras"):
        Warehouse.open(tmp_path / "data")


def test_a_column_added_to_a_dataset_is_added_to_its_raw_table(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    opened = open_warehouse(tmp_path)
    with opened.writing(None) as cursor:
        cursor.execute("drop view live.meeting cascade")
        cursor.execute("alter table raw.meeting drop column places")
        cursor.execute("update ledger.built set definitions = 'before'")
    opened.close()
    again = open_warehouse(tmp_path)
    with again.reading() as cursor:
        assert "places" in {row[0] for row in cursor.execute("describe raw.meeting").fetchall()}
    again.close()
