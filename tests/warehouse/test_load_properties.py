"""Any sequence of loads, partial re-sends, form entries, releases of held rows, undos and redos leaves the warehouse as a model in Python says, and every past entry as it
was shown.

The model knows slots and rows, nothing of SQL: a list of entries, and for each slot the rows of the newest load that stands and of the forms and releases after it.
"""

from __future__ import annotations

import random
import shutil
from collections.abc import Callable
from copy import deepcopy
from dataclasses import dataclass, field
from datetime import date
from decimal import ROUND_HALF_UP, Decimal
from fractions import Fraction
from pathlib import Path
from typing import Any

import pytest

from warehouse import commands, ledger, recompute, scorecard
from warehouse.errors import Refused
from warehouse.form import enter
from warehouse.intake import Source
from warehouse.load import Request, load_file, open_warehouse, undo
from warehouse.period import Window
from warehouse.store import Warehouse

SEQUENCES, STEPS = 32, 12
YEAR = Window(date(2016, 1, 1), date(2016, 12, 1))
HALF = Window(date(2016, 4, 1), date(2016, 6, 1))

SITES = {"yilan": "宜蘭", "keelung": "基隆行政執行官辦公室"}
ORGANISERS = {"hualien": "花蓮分署", "hq": "執行署"}
TIMES = ("15分鐘內", "30分鐘內", "45分鐘內", "超過45分鐘")
WORDS = ("很滿意", "滿意", "尚滿意", "不滿意")
CHANNELS = ("電話查詢", "臨櫃查詢", "網路查詢(含電子信箱)", "資料影印")

Slot = tuple[str, int, str, str]  # dataset, month, site, part
Row = tuple[Any, ...]


# --- files, made of slots and rows ------------------------------------------------------------------------------------------


@dataclass(frozen=True)
class File:
    """A file as bytes, or what was keyed into a form (`values`), and what it has: slot → {row in the file: values}.

    held: how many rows more it has that cannot be read; completes: the entry whose held rows it brings mended.
    """

    name: str
    content: bytes
    slots: dict[Slot, dict[int, Row]]
    values: dict[str, str] | None = None
    held: int = 0
    completes: int | None = None

    @property
    def dataset(self) -> str:
        return next(iter(self.slots))[0]


def survey(chance: random.Random, contents: dict[Slot, list[Row]]) -> tuple[str, dict[Slot, dict[int, Row]]]:
    questions = "洽辦公務時間,處理申請事項,機關洽公環境,接待志工警衛或替代役男的服務態度,其他人員服務態度,整體滿意度,問題處理解答詢問"
    head = f"編號,填表日期,服務地點,{questions},建議事項"
    line = "{0},105/{month:02d}/{day:02d},{site},{1},滿意,滿意,滿意,滿意,{2},滿意,"
    return long_table(chance, contents, head, lambda slot, row: line.format(*row, month=slot[1], day=chance.randint(1, 28), site=SITES[slot[2]]))


def phone(chance: random.Random, contents: dict[Slot, list[Row]]) -> tuple[str, dict[Slot, dict[int, Row]]]:
    return long_table(
        chance,
        contents,
        "測試機關,日期,受測單位,總分",
        lambda slot, row: f"{ORGANISERS[slot[3]]},105年{slot[1]}月{chance.randint(1, 28)}日,{row[0]},{row[1]}",
    )


def inquiry(chance: random.Random, contents: dict[Slot, list[Row]]) -> tuple[str, dict[Slot, dict[int, Row]]]:
    if chance.random() < 0.5:
        return long_table(chance, contents, "月份,查詢管道,件數", lambda slot, row: f"105年{slot[1]}月,{row[0]},{row[1]}")
    months = sorted(slot[1] for slot in contents)
    by_channel = {(slot[1], row[0]): row[1] for slot, rows in contents.items() for row in rows}
    lines = ["105年受理查詢件數統計表" + "," * len(months), "查詢管道," + ",".join(f"{month}月" for month in months)]
    found: dict[Slot, dict[int, Row]] = {slot: {} for slot in contents}
    for channel in CHANNELS:
        cells = [by_channel.get((month, channel)) for month in months]
        if all(cell is None for cell in cells):
            continue
        lines.append(",".join([channel, *("" if cell is None else str(cell) for cell in cells)]))
        for month, cell in zip(months, cells, strict=True):
            if cell is not None:
                found[("inquiry_monthly", month, "all", "")][len(lines)] = (channel, cell)
    return "\r\n".join(lines) + "\r\n", found


def attitude(chance: random.Random, contents: dict[Slot, list[Row]]) -> tuple[str, dict[Slot, dict[int, Row]]]:
    return long_table(
        chance,
        contents,
        "月份,單位,問卷訪查,電話禮貌,民眾抱怨,主管考評,加減分,總分,名次",
        lambda slot, row: f"105/{slot[1]:02d},{row[0]},,,,,,{row[1]},{row[2]}",
    )


def facility(chance: random.Random, contents: dict[Slot, list[Row]]) -> tuple[str, dict[Slot, dict[int, Row]]]:
    def line(slot: Slot, row: Row) -> str:
        return f"{slot[3]},{row[0]},,處,{SITES[slot[2]]},105/{slot[1]:02d}/10,{f'105/{row[1]:02d}/20' if row[1] else ''}"

    return long_table(chance, contents, "項目,數量,內容,單位,地點,啟用日期,停用日期", line)


def long_table(
    chance: random.Random, contents: dict[Slot, list[Row]], head: str, line: Callable[[Slot, Row], str]
) -> tuple[str, dict[Slot, dict[int, Row]]]:
    rows = [(slot, row) for slot, rows in contents.items() for row in rows]
    chance.shuffle(rows)
    found: dict[Slot, dict[int, Row]] = {slot: {} for slot in contents}
    for number, (slot, row) in enumerate(rows, start=2):
        found[slot][number] = row
    return "\r\n".join([head, *(line(slot, row) for slot, row in rows)]) + "\r\n", found


KINDS: dict[str, tuple[Callable[..., Any], Callable[[random.Random], list[Slot]], Callable[[random.Random, Slot], list[Row]]]] = {
    "survey_response": (
        survey,
        lambda chance: [("survey_response", month, site, "") for month in some_months(chance) for site in some(chance, SITES)],
        lambda chance, slot: [(f"{number:03d}", chance.choice(TIMES), chance.choice(WORDS)) for number in range(1, chance.randint(2, 6))],
    ),
    "phone_test": (
        phone,
        lambda chance: [("phone_test", month, "all", organiser) for month in some_months(chance) for organiser in some(chance, ORGANISERS)],
        lambda chance, slot: [(f"執行股{letter}", f"{chance.randint(140, 200) / 2}") for letter in "甲乙丙"[: chance.randint(1, 3)]],
    ),
    "inquiry_monthly": (
        inquiry,
        lambda chance: [("inquiry_monthly", month, "all", "") for month in some_months(chance)],
        lambda chance, slot: [(channel, chance.randint(0, 999)) for channel in some(chance, CHANNELS)],
    ),
    "attitude_score": (
        attitude,
        lambda chance: [("attitude_score", month, "all", "") for month in some_months(chance)],
        lambda chance, slot: [(f"執行股{'甲乙丙丁'[at]}", chance.randint(70, 90), rank) for at, rank in enumerate(chance.sample(range(1, 5), 4))],
    ),
    "facility_fact": (
        facility,
        lambda chance: [("facility_fact", month, site, "單一窗口服務台") for month in some_months(chance)[:2] for site in some(chance, SITES)],
        lambda chance, slot: [(chance.randint(1, 9), chance.choice([None, slot[1] + 1]))],
    ),
}


def some_months(chance: random.Random) -> list[int]:
    first = chance.randint(1, 8)
    return [month for month in range(first, first + 3) if chance.random() < 0.7] or [first]


def some(chance: random.Random, choices: Any) -> list[Any]:
    return chance.sample(list(choices), chance.randint(1, len(choices)))


def new_file(chance: random.Random, slots: list[Slot]) -> File:
    dataset = slots[0][0]
    write, _, rows = KINDS[dataset]
    text, found = write(chance, {slot: rows(chance, slot) for slot in slots})
    held = chance.randint(0, 2) if dataset == "phone_test" else 0
    text += "花蓮分署,105/7/6,執行股甲,很好\r\n" * held
    encoding = chance.choice(["utf-8", "utf-8-sig", "cp950"])
    return File(f"{dataset}.csv", text.encode(encoding), found, held=held)


def new_form(chance: random.Random, slot: Slot) -> File:
    """A row for a slot, which may or may not be there already. The first of its values is its key there, as in the rows of files."""
    dataset, month, site, part = slot
    row, values = FORMS[dataset](chance, month, site, part)
    return File("", b"", {slot: {2: row}}, values)


def survey_form(chance: random.Random, month: int, site: str, part: str) -> tuple[Row, dict[str, str]]:
    row = (f"{chance.randint(1, 9):03d}", chance.choice(TIMES), chance.choice(WORDS))
    questions = ("處理申請事項", "機關洽公環境", "接待志工警衛或替代役男的服務態度", "其他人員服務態度", "問題處理解答詢問")
    values = {"編號": row[0], "填表日期": f"105/{month}/30" if month != 2 else "105/2/29", "服務地點": SITES[site], "洽辦公務時間": row[1], "整體滿意度": row[2]}
    return row, values | dict.fromkeys(questions, "滿意")


def phone_form(chance: random.Random, month: int, site: str, part: str) -> tuple[Row, dict[str, str]]:
    row = (f"秘書室{chance.choice('甲乙丙丁')}", f"{chance.randint(140, 200) / 2}")
    return row, {"測試機關": ORGANISERS[part], "日期": f"105.{month}.9", "受測單位": row[0], "總分": row[1]}


def inquiry_form(chance: random.Random, month: int, site: str, part: str) -> tuple[Row, dict[str, str]]:
    row = (chance.choice(CHANNELS), chance.randint(0, 999))
    return row, {"月份": f"105年{month}月", "查詢管道": row[0], "件數": str(row[1])}


def attitude_form(chance: random.Random, month: int, site: str, part: str) -> tuple[Row, dict[str, str]]:
    row = (f"執行股{chance.choice('丁戊己')}", chance.randint(70, 90), chance.randint(1, 6))
    return row, {"月份": f"105/{month:02d}", "單位": row[0], "總分": str(row[1]), "名次": str(row[2])}


def facility_form(chance: random.Random, month: int, site: str, part: str) -> tuple[Row, dict[str, str]]:
    row = (chance.randint(1, 9), None)
    return row, {"項目": part, "數量": str(row[0]), "單位": "處", "地點": SITES[site], "啟用日期": f"105/{month:02d}/11"}


FORMS = {
    "survey_response": survey_form,
    "phone_test": phone_form,
    "inquiry_monthly": inquiry_form,
    "attitude_score": attitude_form,
    "facility_fact": facility_form,
}


# --- the model --------------------------------------------------------------------------------------------------------------


@dataclass
class Model:
    """Entries from 1 on: a file that was loaded, or the number of the entry that was taken back; and which of them are taken back now."""

    entries: list[File | int] = field(default_factory=list)
    taken_back: set[int] = field(default_factory=set)

    def owners(self) -> dict[Slot, list[int]]:
        """Slot → the newest standing load that covers it, then the standing forms and releases after it; a release stands and falls with its load."""
        found: dict[Slot, list[int]] = {}
        for number, entry in enumerate(self.entries, start=1):
            if isinstance(entry, File) and not {number, entry.completes} & self.taken_back:
                for slot in entry.slots:
                    found[slot] = [*found.get(slot, []), number] if entry.values or entry.completes else [number]
        return found

    def waiting(self) -> dict[int, int]:
        """Load that shows anywhere → rows of it that still wait to be mended."""
        files = {number: entry for number, entry in enumerate(self.entries, start=1) if isinstance(entry, File)}
        shown = {number for numbers in self.owners().values() for number in numbers}
        brought = dict.fromkeys(files, 0)
        for number, file in files.items():
            if file.completes and number not in self.taken_back:
                brought[file.completes] += sum(map(len, file.slots.values()))
        return {number: file.held - brought[number] for number, file in files.items() if number in shown and file.held > brought[number]}

    def live(self) -> dict[Slot, list[tuple[int, int, Row]]]:
        """Slot → (entry, row in its file, values)."""
        return {
            slot: [(number, row, values) for number in numbers for row, values in self.entries[number - 1].slots[slot].items()]  # type: ignore[union-attr]
            for slot, numbers in self.owners().items()
        }

    def twice(self) -> bool:
        """Whether a key stands twice in a slot: of the facts there is but one in a slot, whatever its number."""
        keys = [(slot, row[0] if slot[0] != "facility_fact" else None) for slot, rows in self.live().items() for _, _, row in rows]
        return len(keys) > len(set(keys))

    def is_unchanged(self, file: File) -> bool:
        owners = self.owners()
        alone = {owners[slot][0] if len(owners.get(slot, [])) == 1 else 0 for slot in file.slots}
        return all(number and self.entries[number - 1].content == file.content for number in alone)  # type: ignore[union-attr]

    def load(self, file: File) -> None:
        self.entries.append(file)

    def undo(self, number: int) -> None:
        self.entries.append(number)
        self._set(number, gone=True)

    def _set(self, number: int, *, gone: bool) -> None:
        """An entry goes or comes back; if it is an undo, what it had taken back comes back or goes with it."""
        (self.taken_back.add if gone else self.taken_back.discard)(number)
        entry = self.entries[number - 1]
        if isinstance(entry, int):
            self._set(entry, gone=not gone)


def half_up(value: Fraction, places: int) -> Decimal:
    return (Decimal(value.numerator) / Decimal(value.denominator)).quantize(Decimal(1).scaleb(-places), ROUND_HALF_UP)


def expected_figures(model: Model, window: Window, site: str) -> dict[str, tuple[Any, Any, Any]]:
    """(value, numerator, denominator) of a few indicators, worked out by hand from the live rows."""
    rows: dict[str, list[tuple[Slot, Row]]] = {name: [] for name in KINDS}
    for slot, content in model.live().items():
        if window.start.month <= slot[1] <= window.end.month and site in ("all", slot[2]):
            rows[slot[0]] += [(slot, row) for _, _, row in content]
    answers = [row for _, row in rows["survey_response"]]
    within = sum(row[1] in ("15分鐘內", "30分鐘內") for row in answers)
    pleased = sum(row[2] in ("很滿意", "滿意") for row in answers)
    found: dict[str, tuple[Any, Any, Any]] = {}
    for name, numerator in (("survey_time_within_30", within), ("survey_overall_top2", pleased)):
        found[name] = (half_up(Fraction(100 * numerator, len(answers)), 2), numerator, len(answers)) if answers else (None, None, None)
    for organiser, name in (("hualien", "phone_self_mean"), ("hq", "phone_hq_mean")):
        scores = [Fraction(row[1]) for slot, row in rows["phone_test"] if slot[3] == organiser]
        found[name] = (half_up(sum(scores) / len(scores), 2), sum(scores), len(scores)) if scores else (None, None, None)
    counts = [row for _, row in rows["inquiry_monthly"]]
    found["inquiry_total"] = (sum(row[1] for row in counts), sum(row[1] for row in counts), None) if counts else (None, None, None)
    by_phone = [row[1] for row in counts if row[0] == "電話查詢"]
    found["inquiry_phone"] = (sum(by_phone), sum(by_phone), None) if by_phone else (None, None, None)
    return found


# --- the two held against each other ----------------------------------------------------------------------------------------


def assert_live_rows(warehouse: Warehouse, model: Model) -> None:
    expected = {(slot[0], slot[1], slot[2], number, row) for slot, rows in model.live().items() for number, row, _ in rows}
    everything = " union all ".join(f"select '{dataset}', month(month), site_code, _batch_id, _row from live.{dataset}" for dataset in KINDS)
    with warehouse.reading() as cursor:
        found = cursor.execute(everything).fetchall()
        assert ledger.held(cursor) == model.waiting()
    assert set(found) == expected
    doubled = len(found) - len(set(found))
    assert doubled == sum(len(rows) for rows in model.live().values()) - len(expected)


Shown = dict[tuple[Window, str], dict[str, scorecard.Figure]]


def shown_now(warehouse: Warehouse, as_of: int | None = None) -> Shown:
    with warehouse.reading() as cursor:
        return {(window, site): scorecard.figures(cursor, window, site=site, as_of=as_of) for window, site in ((YEAR, "all"), (HALF, "keelung"))}


def assert_figures(shown: Shown, model: Model) -> None:
    for (window, site), figures in shown.items():
        for name, (value, numerator, denominator) in expected_figures(model, window, site).items():
            figure = figures[name]
            printed = (figure.value, figure.numerator or 0, figure.denominator or None)
            assert printed == (value, numerator or 0, denominator), (name, window, site)


def assert_indicator_month_is_a_full_recomputation(warehouse: Warehouse) -> None:
    with warehouse.reading() as cursor:
        assert recompute.differences(cursor) == []


def one_step(chance: random.Random, warehouse: Warehouse, model: Model) -> str:
    """Do one thing to both; say what, for whoever reads a failure."""
    loads = [entry for entry in model.entries if isinstance(entry, File) and not entry.values and not entry.completes]
    standing = [number for number in range(1, len(model.entries) + 1) if number not in model.taken_back]
    what = chance.choices(["new", "resend", "again", "form", "undo", "release"], [4, 3, 2, 4, 4 if standing else 0, 4 if model.waiting() else 0])[0]
    if what == "release":
        return release_step(chance, warehouse, model)
    if what == "undo":
        return undo_step(warehouse, model, chance.choice(standing[-5:]))
    if what == "form":
        return form_step(chance, warehouse, model)
    if what == "new" or not loads:
        dataset = chance.choices(list(KINDS), [4, 3, 3, 2, 1])[0]
        file = new_file(chance, KINDS[dataset][1](chance))
    elif what == "resend":
        slots = list(chance.choice(loads).slots)
        file = new_file(chance, chance.sample(slots, chance.randint(1, len(slots))))
    else:
        file = chance.choice(loads)
    unchanged = model.is_unchanged(file)
    result = load_file(warehouse, Source(file.name, file.content), Request(by="承辦", accept=frozenset(["all"]), hold=True, reason="待查明"))
    assert result.outcome == ("unchanged" if unchanged else "loaded"), [finding.message for finding in result.findings]
    if not unchanged:
        model.load(file)
        assert result.batch == len(model.entries)
    return f"{what} {sorted(file.slots)}{' (unchanged)' if unchanged else ''}"


def undo_step(warehouse: Warehouse, model: Model, number: int) -> str:
    """Take an entry back; refused where that would put a key into a slot twice."""
    after = deepcopy(model)
    after.undo(number)
    if after.twice():
        with pytest.raises(Refused, match="會有相同的一筆"):
            undo(warehouse, number, by="主任", reason="試")
        return f"undo {number} (refused)"
    result = undo(warehouse, number, by="主任", reason="試")
    model.undo(number)
    assert (result.id, result.undone) == (len(model.entries), number)
    return f"undo {number}"


def form_step(chance: random.Random, warehouse: Warehouse, model: Model) -> str:
    """Key a row in, mostly where there are some; refused where its key is there."""
    dataset = chance.choices(list(KINDS), [4, 3, 3, 2, 1])[0]
    there = [slot for slot in model.owners() if slot[0] == dataset]
    form = new_form(chance, chance.choice(there) if there and chance.random() < 0.8 else chance.choice(KINDS[dataset][1](chance)))
    after = deepcopy(model)
    after.load(form)
    assert form.values is not None
    result = enter(warehouse, dataset, form.values, "承辦")
    if after.twice():
        assert (result.outcome, [finding.code for finding in result.findings]) == ("refused", ["E-DUP-KEY"])
        return f"form {sorted(form.slots)} (refused)"
    model.load(form)
    assert (result.outcome, result.batch) == ("loaded", len(model.entries)), [finding.message for finding in result.findings]
    return f"form {sorted(form.slots)}"


def release_step(chance: random.Random, warehouse: Warehouse, model: Model) -> str:
    """Bring a mended row to a load that holds some; refused where its key is there, or the slot is another load's by now."""
    target = chance.choice(list(model.waiting()))
    held = model.entries[target - 1]
    assert isinstance(held, File)
    slot = chance.choice(list(held.slots))
    text, found = phone(chance, {slot: [(f"秘書室{chance.choice('甲乙丙丁')}", f"{chance.randint(140, 200) / 2}")]})
    file = File("改正.csv", text.encode(), found, completes=target)
    after = deepcopy(model)
    after.load(file)
    result = load_file(warehouse, Source(file.name, file.content), Request(by="承辦", release=target))
    if after.twice() or model.owners()[slot][0] != target:
        assert result.outcome == "refused" and {finding.code for finding in result.findings} <= {"E-DUP-KEY", "E-RELEASE"}
        return f"release {target} {slot} (refused)"
    model.load(file)
    assert (result.outcome, result.batch) == ("loaded", len(model.entries)), [finding.message for finding in result.findings]
    return f"release {target} {slot}"


@pytest.fixture(scope="module")
def empty_folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("empty")
    open_warehouse(folder).close()
    return folder


@pytest.mark.parametrize("seed", range(SEQUENCES))
def test_any_sequence_leaves_what_the_model_says_and_the_past_as_it_was(seed: int, empty_folder: Path, tmp_path: Path) -> None:
    chance, model = random.Random(seed), Model()
    warehouse = open_warehouse(Path(shutil.copytree(empty_folder, tmp_path / "data")))
    shown: dict[int, Shown] = {}
    history: list[str] = []
    try:
        for step in range(STEPS):
            history.append(one_step(chance, warehouse, model))
            assert_live_rows(warehouse, model)
            shown[len(model.entries)] = shown_now(warehouse)
            assert_figures(shown[len(model.entries)], model)
            if step % 6 == 5:
                assert_indicator_month_is_a_full_recomputation(warehouse)
        for entry, figures in shown.items():
            assert shown_now(warehouse, as_of=entry) == figures, f"as of {entry}"
        if seed % 4 == 0:
            assert commands.run(warehouse, "check", {}).document["sound"]
            assert commands.run(warehouse, "rebuild", {}).document == {"rebuilt": True, "problems": [], "figures_equal": True}
            assert_live_rows(warehouse, model)
    except AssertionError as error:
        error.add_note("\n".join(f"{number}. {line}" for number, line in enumerate(history, start=1)))
        raise
    finally:
        warehouse.close()
