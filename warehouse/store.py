"""The store: one DuckDB file, one owner, a cursor for each request, one transaction for each change.

Storage is an attached catalogue called `wh`; only the ATTACH differs between profiles. The SQL is the subset that a DuckDB file and a
DuckLake share: no keys, indexes, sequences or ON CONFLICT. Uniqueness is looked up inside the load's transaction, ids are made here.
"""

from __future__ import annotations

import contextlib
import hashlib
import itertools
import os
import queue
import threading
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from functools import cache
from pathlib import Path
from typing import Any

import duckdb
import polars as pl
import pyarrow as pa

from warehouse import PROJECT
from warehouse.datasets import Choice, Dataset, Site, all_datasets, sites
from warehouse.errors import Conflict, DefinitionError, Finding, Unavailable
from warehouse.indicators import definitions_hash

#: Name of the database file in the data folder.
DATABASE = "warehouse.duckdb"

#: Layout of the store; a file with a higher number is refused.
STORE_VERSION = 3

SQL = PROJECT / "sql"
#: Rows in a row group of DuckDB: batches of this size are written as they come.
_ROW_GROUP = 122_880

_VIEW_FOLDERS = ("10_staging", "30_marts", "90_checks")
_TABLE_FOLDERS = ("20_dimensions",)

_LEDGER = """
create table if not exists ledger.batch (
    id bigint not null, kind varchar not null, dataset varchar not null, file_name varchar, sha256 varchar, size bigint,
    type varchar, encoding varchar, by_name varchar not null, at_utc timestamp not null, rows_read bigint, rows_loaded bigint, rows_held bigint,
    ignored varchar, findings varchar, accepted varchar, options varchar, reason varchar, undoes bigint, undone boolean not null,
    is_sample boolean not null, app_version varchar not null
);
create table if not exists ledger.batch_slot (
    batch_id bigint not null, slot integer not null, dataset varchar not null, month date not null, site_code varchar not null,
    part varchar not null, row_count bigint not null
);
create table if not exists ledger.slot_answer (slot integer not null, column_name varchar not null, number utinyint not null, row_count bigint not null);
create table if not exists ledger.release (id bigint not null, batch_id bigint not null);
create table if not exists ledger.review (
    id bigint not null, batch_id bigint not null, by_name varchar not null, at_utc timestamp not null, note varchar, app_version varchar not null
);
create table if not exists ledger.closing (
    id bigint not null, quarter_start date not null, closed boolean not null, by_name varchar not null, at_utc timestamp not null, reason varchar,
    app_version varchar not null
);
create table if not exists ledger.claim (dataset varchar not null, generation bigint not null);
create table if not exists ledger.version (version bigint not null, entry_id bigint not null, definitions varchar not null, at_utc timestamp not null);
create table if not exists ledger.report_text (
    id bigint not null, quarter varchar not null, heading varchar not null, text varchar not null, by_name varchar not null, at_utc timestamp not null
);
create table if not exists ledger.report_issue (
    id bigint not null, quarter varchar not null, edition integer not null, stage varchar not null, document varchar, approved date,
    data_version bigint not null, entry_id bigint not null, text_id bigint not null, files varchar not null, figures varchar not null,
    changes varchar not null, accepted varchar not null, reason varchar, by_name varchar not null, at_utc timestamp not null
);
create table if not exists ledger.reconcile_decision (
    id bigint not null, quarter varchar not null, sha256 varchar not null, file_name varchar not null, subject varchar not null, sentence varchar not null,
    decision varchar not null, note varchar, by_name varchar not null, at_utc timestamp not null
);
create table if not exists ledger.built (store_version integer not null, definitions varchar not null);
create table if not exists indicator_month (
    indicator_id varchar not null, site_code varchar not null, month date not null, numerator decimal(30,4), denominator decimal(30,4),
    sum_of_squares decimal(34,4), latest_value varchar, _version bigint not null
);
"""

_LIVE_SLOT = """
create or replace view ledger.live_slot as
with standing as (
    select batch_slot.*, batch.kind
    from ledger.batch_slot inner join ledger.batch on batch.id = batch_slot.batch_id
    left join ledger.release as release on release.id = batch.id
    left join ledger.batch as completed on completed.id = release.batch_id
    where not batch.undone and not coalesce(completed.undone, false)
),
newest as (
    select dataset, month, site_code, part, max(batch_id) filter (where kind = 'load') as batch_id
    from standing group by dataset, month, site_code, part
)
select standing.* from standing inner join newest using (dataset, month, site_code, part)
where standing.batch_id >= coalesce(newest.batch_id, 0)
"""

_INDICATOR_NOW = """
create or replace view indicator_now as
select indicator_id, site_code, month, numerator, denominator, sum_of_squares, latest_value, _version
from (
    select *, row_number() over (partition by indicator_id, site_code, month order by _version desc) as newest_first from indicator_month
) as history
where newest_first = 1
"""

#: What is said where the file cannot be read; the errors that mean it once the file is open.
DAMAGED = "資料庫檔無法讀取，可能已損壞；請由備份還原，或以 rebuild 指令從留存的原始檔重建"
_DAMAGE = (duckdb.IOException, duckdb.InternalException, duckdb.SerializationException)

_SETTINGS: dict[str, Any] = {
    "autoload_known_extensions": "false",
    "autoinstall_known_extensions": "false",
    "allow_community_extensions": "false",
    "python_enable_replacements": "false",
    "preserve_insertion_order": "false",
    "memory_limit": "4GB",
}


class Warehouse:
    """The open store. Make one with `Warehouse.open`; use `reading()` for figures, `writing()` for changes; `close()` when done."""

    def __init__(self, folder: Path, connection: duckdb.DuckDBPyConnection, *, read_only: bool) -> None:
        self.folder, self.read_only = folder, read_only
        self._connection = connection
        self._lock = threading.RLock()

    @classmethod
    def open(cls, folder: Path, *, read_only: bool = False) -> Warehouse:
        """Open the store in `folder`, make it if it is not there, bring it up to today's definitions.

        Raises `Unavailable` where another process holds it, the disk refuses, the file is damaged or newer than this program.
        """
        _make_private(folder)
        path = folder / DATABASE
        warehouse = cls(folder, _connect(path, folder, read_only), read_only=read_only)
        if not read_only:
            try:
                warehouse._build()
            except _DAMAGE as error:
                warehouse.close()
                raise Unavailable(DAMAGED) from error
            except BaseException:
                warehouse.close()
                raise
        return warehouse

    def close(self) -> None:
        """Let go of the file."""
        self._connection.close()

    def cursor(self) -> duckdb.DuckDBPyConnection:
        """A cursor of its own for one request or thread. After a checkpoint that failed the engine is opened anew: it answers nothing more."""
        try:
            return self._plain_cursor()
        except duckdb.Error as error:
            if "invalidated" not in str(error):
                raise
        with self._lock:
            try:
                return self._plain_cursor()
            except duckdb.Error:
                self._connection.close()
                self._connection = _connect(self.folder / DATABASE, self.folder, self.read_only)
                return self._plain_cursor()

    @contextmanager
    def reading(self) -> Iterator[duckdb.DuckDBPyConnection]:
        """A cursor that sees one state of the data from beginning to end. Raises `Unavailable` where the file turns out to be damaged."""
        cursor = self.cursor()
        try:
            cursor.execute("begin transaction")
            yield cursor
        except _DAMAGE as error:
            raise Unavailable(DAMAGED) from error
        finally:
            _end(cursor)

    @contextmanager
    def writing(self, dataset: str | None) -> Iterator[duckdb.DuckDBPyConnection]:
        """One transaction under the process's lock. First statement: the dataset's claim, so that two loads of one month cannot both commit.

        Commits when the block ends, rolls back on anything else, `BaseException` included. Raises `Conflict` for the one who lost a race.
        """
        with self._lock:
            cursor = self.cursor()
            try:
                cursor.execute("begin transaction")
                cursor.execute("update ledger.claim set generation = generation + 1 where dataset = ?", [dataset or "*"])
                yield cursor
                self._commit(cursor, dataset or "*")
            except duckdb.TransactionException as error:
                raise Conflict([_lost_race()]) from error
            except duckdb.IOException as error:
                raise Unavailable(f"無法寫入資料庫：磁碟已滿、唯讀或損壞（{type(error).__name__}）") from error
            finally:
                _end(cursor)

    def _plain_cursor(self) -> duckdb.DuckDBPyConnection:
        cursor = self._connection.cursor()
        cursor.execute("use wh")
        return cursor

    def _commit(self, cursor: duckdb.DuckDBPyConnection, claim: str) -> None:
        """Commit. The engine may say that it failed when the data are in (its log was written, its checkpoint failed): what is there decides."""
        claimed = cursor.execute("select generation from ledger.claim where dataset = ?", [claim]).fetchall()[0][0]
        try:
            cursor.execute("commit")
        except duckdb.Error as error:
            if "conflict" in str(error).lower():
                raise
            _end(cursor)
            if self.generation(claim) != claimed:
                raise Unavailable("無法寫入資料庫：磁碟已滿、唯讀或損壞；本次沒有寫入任何資料") from error

    @contextmanager
    def exclusively(self) -> Iterator[None]:
        """Keep other changes out for a while; reading goes on."""
        with self._lock:
            yield

    def replace_with(self, database: Path) -> None:
        """Put another database file in the place of this one and go on with it. Requests under way end with an error and are asked again."""
        with self._lock:
            self._connection.close()
            path = self.folder / DATABASE
            path.with_name(DATABASE + ".wal").unlink(missing_ok=True)
            database.replace(path)
            self._connection = _connect(path, self.folder, self.read_only)

    @contextmanager
    def set_aside(self) -> Iterator[None]:
        """Let go of the file while it is put in the place of another, keeping changes out; then open and build what is there now."""
        with self._lock:
            self._connection.close()
            try:
                yield
            finally:
                self._connection = _connect(self.folder / DATABASE, self.folder, self.read_only)
            self._build()

    def checkpoint(self) -> None:
        """Move the log into the file. A failure here loses nothing: the log is replayed at the next start."""
        with self._lock, contextlib.suppress(duckdb.Error):
            self.cursor().execute("checkpoint wh")

    def data_version(self) -> int:
        """The number of the newest version of the figures; grows with each load, undo and changed definition."""
        row = self.cursor().execute("select max(version) from ledger.version").fetchone()
        return int(row[0]) if row and row[0] is not None else 0

    def generation(self, dataset: str) -> int:
        """How often the dataset was changed; a preview remembers it."""
        row = self.cursor().execute("select generation from ledger.claim where dataset = ?", [dataset]).fetchone()
        return int(row[0]) if row else 0

    # --- building ----------------------------------------------------------------------------------------------------------

    def _build(self) -> None:
        cursor = self.cursor()
        for schema in ("ledger", "raw", "live"):
            cursor.execute(f"create schema if not exists {schema}")
        cursor.execute(_LEDGER)
        built = cursor.execute("select store_version, definitions from ledger.built").fetchone()
        if built and built[0] > STORE_VERSION:
            raise Unavailable(f"這個資料庫是較新版程式建立的（版本{built[0]}，本程式{STORE_VERSION}），請更新程式後再開啟")
        wanted = structure_hash()
        if built == (STORE_VERSION, wanted):
            return
        try:
            cursor.execute("begin transaction")
            build_schema(cursor)
            cursor.execute("delete from ledger.built")
            cursor.execute("insert into ledger.built values (?, ?)", [STORE_VERSION, wanted])
            cursor.execute("commit")
        finally:
            _end(cursor)


def build_schema(cursor: duckdb.DuckDBPyConnection) -> None:
    """Make raw tables, claims and dimensions for every dataset, then sql/ in order of its folders. In the caller's transaction."""
    cursor.execute(_LIVE_SLOT)
    cursor.execute(_INDICATOR_NOW)
    _seed_claims(cursor)
    _make_dimensions(cursor)
    for dataset in all_datasets().values():
        _make_raw(cursor, dataset)
        cursor.execute(_live_view(dataset))
        if dataset.tallied:
            cursor.execute(_live_answers(dataset))
            cursor.execute(_live_rows(dataset))
    for path in sql_files():
        _run_file(cursor, path)


@cache
def sql_files() -> tuple[Path, ...]:
    """The files of sql/, folders in number order, files in name order."""
    return tuple(sorted(SQL.glob("[0-9]*/*.sql")))


@cache
def structure_hash() -> str:
    """Sixteen hexadecimal digits over SQL, datasets, sites and indicator blocks: when they change, the views are built anew and figures recomputed."""
    digest = hashlib.sha256(definitions_hash().encode())
    for path in sql_files():
        digest.update(path.name.encode() + b"\0" + path.read_bytes() + b"\0")
    for dataset in all_datasets().values():
        digest.update(repr([(name, kind.sql) for name, kind in dataset.stored.items()]).encode())
        digest.update(repr([(name, option) for name, kind in dataset.choices.items() for option in kind.options]).encode())
    digest.update(repr(sites()).encode() + _LIVE_SLOT.encode() + _INDICATOR_NOW.encode())
    return digest.hexdigest()[:16]


def relation_reads(text: str) -> set[str]:
    """The relations of ours that a SQL text names: `live.x`, `stg_x`, `dim_x`, `mart_x`."""
    import re

    plain = re.sub(r"--[^\n]*", "", text)
    return set(re.findall(r"\b(?:live\.\w+|(?:stg|dim|mart)_\w+)\b", plain))


@cache
def datasets_behind(relation: str) -> frozenset[str]:
    """The datasets whose rows a relation of sql/ is made of, through whatever views."""
    if relation.startswith("live."):
        return frozenset([relation.removeprefix("live.").split("__")[0]])
    path = next((path for path in sql_files() if path.stem == relation), None)
    if path is None:
        return frozenset()
    return frozenset().union(*(datasets_behind(other) for other in relation_reads(path.read_text(encoding="utf-8")) if other != relation))


def insert_frames(
    cursor: duckdb.DuckDBPyConnection, table: str, frames: Iterator[pl.DataFrame], *, constants: dict[str, int], raised: dict[str, int]
) -> None:
    """Append frames to a raw table by column name in one statement, each pulled when the engine is ready for it.

    So the next frame is made while the last one is written, and row groups are filled whole. `constants` are columns with one value for all rows,
    `raised` columns to which a number is added.
    What goes wrong in making a frame is raised here as it is.
    """
    ahead = _Ahead(itertools.chain.from_iterable(map(_batches, frames)))
    try:
        first = next(ahead, None)
        if first is None:
            return
        replaced = ", ".join(f"{name} + {int(value)} as {name}" for name, value in raised.items())
        extra = "".join(f", {int(value)} as {name}" for name, value in constants.items())
        reader = pa.RecordBatchReader.from_batches(first.schema, itertools.chain([first], ahead))
        cursor.register("incoming", reader)
        try:
            cursor.execute(f"insert into {table} by name select * replace ({replaced}){extra} from incoming")
        finally:
            cursor.unregister("incoming")
    finally:
        ahead.stop()


class _Ahead(Iterator[pa.RecordBatch]):
    """An iterator that a thread of its own runs a little ahead, so that both cores have work. What it raises is kept for `stop`:
    it must not pass through the engine, which would make an error of its own of it."""

    def __init__(self, source: Iterator[pa.RecordBatch]) -> None:
        self._source = source
        self._queue: queue.Queue[pa.RecordBatch | None] = queue.Queue(maxsize=4)
        self._stopped = threading.Event()
        self._failure: BaseException | None = None
        self._thread = threading.Thread(target=self._run, name="ahead", daemon=True)
        self._thread.start()

    def __next__(self) -> pa.RecordBatch:
        batch = self._queue.get()
        if batch is None:
            self._queue.put(None)
            raise StopIteration
        return batch

    def stop(self) -> None:
        """End the thread, and raise what it met."""
        self._stopped.set()
        with contextlib.suppress(queue.Empty):
            while True:
                self._queue.get_nowait()
        self._thread.join()
        if self._failure:
            raise self._failure

    def _run(self) -> None:
        try:
            for batch in self._source:
                self._offer(batch)
                if self._stopped.is_set():
                    return
        except BaseException as error:  # raised again by `stop`
            self._failure = error
        finally:
            self._offer(None)

    def _offer(self, batch: pa.RecordBatch | None) -> None:
        while not self._stopped.is_set():
            with contextlib.suppress(queue.Full):
                self._queue.put(batch, timeout=0.1)
                return


def _batches(frame: pl.DataFrame) -> list[pa.RecordBatch]:
    return frame.to_arrow(compat_level=pl.CompatLevel.newest()).to_batches(max_chunksize=_ROW_GROUP)


def append_rows(cursor: duckdb.DuckDBPyConnection, table: str, rows: list[tuple[Any, ...]]) -> None:
    """Append a few thousand rows at once, by position: as lists, since a VALUES clause of that length takes long to parse."""
    width = len(rows[0])
    unnested = ", ".join("unnest(?)" for _ in range(width))
    cursor.execute(f"insert into {table} select {unnested}", [[row[index] for row in rows] for index in range(width)])


def query(cursor: duckdb.DuckDBPyConnection, text: str, parameters: Sequence[Any] = ()) -> list[dict[str, Any]]:
    """The rows of a select as dictionaries."""
    result = cursor.execute(text, list(parameters))
    names = [column[0] for column in result.description or []]
    return [dict(zip(names, row, strict=True)) for row in result.fetchall()]


# --- pieces -----------------------------------------------------------------------------------------------------------------


def _connect(path: Path, folder: Path, read_only: bool) -> duckdb.DuckDBPyConnection:
    connection = duckdb.connect(":memory:", config={**_SETTINGS, "threads": str(os.cpu_count() or 2)})
    try:
        connection.execute(f"set temp_directory = '{_quoted(folder / 'spill')}'")
        connection.execute("set max_temp_directory_size = '20GB'")
        connection.execute(f"attach '{_quoted(path)}' as wh{' (read_only)' if read_only else ''}")
        connection.execute("set enable_external_access = false")
        connection.execute("set lock_configuration = true")
        connection.execute("use wh")
    except duckdb.Error as error:
        connection.close()
        raise Unavailable(_why_not_open(error, path)) from error
    return connection


def _why_not_open(error: duckdb.Error, path: Path) -> str:
    text = str(error)
    if "Conflicting lock" in text or "Could not set lock" in text:
        return "資料庫正由另一個程式使用中"
    if "version number" in text:
        return "這個資料庫檔是較新版DuckDB建立的，請更新程式後再開啟"
    if "Read-only file system" in text or "Permission denied" in text:
        return f"沒有寫入「{path.parent.name}」資料夾的權限，或磁碟為唯讀"
    if "No space left" in text:
        return "磁碟空間不足，無法開啟資料庫"
    return DAMAGED


def _quoted(path: Path) -> str:
    return str(path.resolve()).replace("'", "''")


def _make_private(folder: Path) -> None:
    try:
        folder.mkdir(parents=True, exist_ok=True, mode=0o700)
    except OSError as error:
        raise Unavailable(f"無法建立資料夾「{folder}」：{error.strerror}") from error


def _end(cursor: duckdb.DuckDBPyConnection) -> None:
    with contextlib.suppress(duckdb.Error):  # nothing is open where the block had committed
        cursor.execute("rollback")
    cursor.close()


def _lost_race() -> Finding:
    return Finding.of("E-CONFLICT", "file", found="同一種報表剛剛有另一筆入庫或撤回", expected="沒有人同時更動", mend="本次沒有寫入任何資料，請重新檢查後再確認入庫")


def _seed_claims(cursor: duckdb.DuckDBPyConnection) -> None:
    present = {row[0] for row in cursor.execute("select dataset from ledger.claim").fetchall()}
    for name in ["*", *all_datasets()]:
        if name not in present:
            cursor.execute("insert into ledger.claim values (?, 0)", [name])


def _make_dimensions(cursor: duckdb.DuckDBPyConnection) -> None:
    site = pl.DataFrame(
        [{key: row[key] for key in ("number", "code", "name", "short", "branch")} for row in sites()],
        schema={"number": pl.UInt8, "code": pl.String, "name": pl.String, "short": pl.String, "branch": pl.String},
    )
    options = pl.DataFrame(
        [
            {"dataset": dataset.name, "column_name": name, "number": option.number, "code": option.code, "word": option.word}
            for dataset in all_datasets().values()
            for name, kind in dataset.choices.items()
            for option in kind.options
        ],
        schema={"dataset": pl.String, "column_name": pl.String, "number": pl.UInt8, "code": pl.String, "word": pl.String},
    )
    for name, frame in (("dim_site", site), ("dim_option", options)):
        cursor.register("incoming", frame.to_arrow())
        cursor.execute(f"create or replace table {name} as select * from incoming")
        cursor.unregister("incoming")


def _make_raw(cursor: duckdb.DuckDBPyConnection, dataset: Dataset) -> None:
    columns = {"_batch_id": "BIGINT", "_slot": "INTEGER", "_row": "INTEGER", **{name: kind.sql for name, kind in dataset.stored.items()}}
    listed = ", ".join(f"{name} {kind}" for name, kind in columns.items())
    cursor.execute(f"create table if not exists raw.{dataset.name} ({listed})")
    present = {
        row[0]
        for row in cursor.execute(
            "select column_name from information_schema.columns where table_catalog = 'wh' and table_schema = 'raw' and table_name = ?", [dataset.name]
        ).fetchall()
    }
    for name, kind in columns.items():
        if name not in present:
            cursor.execute(f"alter table raw.{dataset.name} add column {name} {kind}")


def _live_view(dataset: Dataset) -> str:
    return f"create or replace view live.{dataset.name} as {rows_of(dataset)}"


def rows_of(dataset: Dataset, slots: str = "ledger.live_slot") -> str:
    """The select of a dataset's rows in some slots (the live ones), answers in words of code beside their numbers, with month and site of the slot."""
    columns = ["slots.month", "slots.site_code", "raw._batch_id", "raw._row"]
    for name, kind in dataset.stored.items():
        if isinstance(kind, Choice):
            cases = " ".join(f"when {option.number} then '{option.code}'" for option in kind.options)
            columns += [f"case raw.{name} {cases} end as {name}", f"raw.{name} as {name}_no"]
        elif not isinstance(kind, Site) and name != "month":
            columns.append(f"raw.{name}")
    return f"""select {", ".join(columns)} from raw.{dataset.name} as raw
        inner join {slots} as slots on slots.slot = raw._slot and slots.dataset = '{dataset.name}'"""


def _live_answers(dataset: Dataset) -> str:
    """How many live rows gave each answer, by slot, question and option: counted while they were loaded."""
    return f"""create or replace view live.{dataset.name}__answers as
        select live_slot.month, live_slot.site_code, slot_answer.column_name as question, dim_option.code as option, slot_answer.row_count as answers
        from ledger.slot_answer
        inner join ledger.live_slot on live_slot.slot = slot_answer.slot and live_slot.dataset = '{dataset.name}'
        inner join dim_option on dim_option.dataset = '{dataset.name}' and dim_option.column_name = slot_answer.column_name
            and dim_option.number = slot_answer.number"""


def _live_rows(dataset: Dataset) -> str:
    """How many live rows there are, by slot."""
    return f"""create or replace view live.{dataset.name}__rows as
        select month, site_code, row_count from ledger.live_slot where dataset = '{dataset.name}'"""


def _run_file(cursor: duckdb.DuckDBPyConnection, path: Path) -> None:
    folder, text = path.parent.name, path.read_text(encoding="utf-8")
    if folder not in _VIEW_FOLDERS + _TABLE_FOLDERS:
        raise DefinitionError(f"sql/{folder}：不認得的資料夾")
    kind = "view" if folder in _VIEW_FOLDERS else "table"
    try:
        cursor.execute(f"create or replace {kind} {path.stem} as {text}")
    except duckdb.Error as error:
        raise DefinitionError(f"sql/{folder}/{path.name}：{error}") from error
