"""登錄: a form for every register, what is wrong beside its field, nothing lost, one row for two clicks, and back again."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from streamlit.testing.v1 import AppTest

from pages import _data_entry
from warehouse import PROJECT
from warehouse.datasets import Choice, Context, Dataset, YesNo, all_datasets
from warehouse.form import enter, one_row
from warehouse.load import open_warehouse
from warehouse.period import taipei_today
from warehouse.web import state
from warehouse.web.say import CHINESE
from warehouse.web.words import WORDS

SHELL = PROJECT / "warehouse" / "web" / "shell.py"
CASE = {"case_id": "A1", "received": "105/9/5", "type": "陳情", "channel": "書面", "unit": "秘書室"}

Visit = Callable[..., AppTest]


@pytest.fixture
def visit(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Visit]:
    """The page over an empty warehouse of one's own."""
    open_warehouse(tmp_path / "data").close()
    monkeypatch.setenv("SERVICE_QUALITY_DATA", str(tmp_path / "data"))

    def go(**query: str) -> AppTest:
        test = AppTest.from_file(str(SHELL), default_timeout=60)
        test.query_params["lang"] = query.get("lang", "zh")
        test.run()
        test.switch_page("../../pages/entry.py")
        for name, code in query.items():
            test.query_params[name] = code
        test.run()
        assert not test.exception, test.exception
        return test

    yield go
    state.close_all()


def words(test: AppTest) -> str:
    pieces = [re.sub(r"<style>.*?</style>", "", item.proto.body, flags=re.S) for item in test.get("html")]
    return re.sub(r"\s+", " ", re.sub(r"<[^>]+>", " ", " ".join(pieces)))


def fill(test: AppTest, values: dict[str, str], dataset: str = "feedback_case", turn: int = 0) -> AppTest:
    test.text_input(key="entry_by").set_value("王承辦")
    for name, text in values.items():
        key = f"entry_{turn}_{dataset}_{name}"
        widget = next(item for item in (*test.text_input, *test.text_area, *test.selectbox) if item.key == key)
        widget.set_value(text)
    test.button(key="entry_check").click().run()
    assert not test.exception, test.exception
    return test


def entries(tmp_path: Path) -> list[tuple[object, ...]]:
    with state.current(tmp_path / "data").reading() as cursor:
        return cursor.execute("select id, kind, dataset, by_name, undone from ledger.batch order by id").fetchall()


def test_a_row_is_checked_confirmed_receipted_and_taken_back(visit: Visit, tmp_path: Path) -> None:
    test = fill(visit(), CASE)
    shown = words(test)
    for said in ("可登錄", "陳情案件數", "1 件", "105/9/5"):
        assert said in shown, said
    assert entries(tmp_path) == []
    test.button(key="entry_confirm").click().run()
    assert not test.exception and "登錄回條" in words(test) and "上傳紀錄第1號" in words(test)
    assert entries(tmp_path) == [(1, "form", "feedback_case", "王承辦", False)]
    test.text_input(key="undo_reason_1").input("登錯")
    test.button(key="undo_press_1").click().run()
    assert "已撤回第1號" in words(test) and entries(tmp_path)[0][-1] is True
    test.button(key="entry_another").click().run()
    assert not test.exception and test.text_input(key="entry_1_feedback_case_case_id").value == ""


def test_what_is_wrong_stands_under_its_field_and_what_was_typed_stays(visit: Visit, tmp_path: Path) -> None:
    test = fill(visit(), CASE | {"received": "105/13/5", "closed": "昨天"})
    body = " ".join(item.proto.body for item in test.get("html"))
    wrong = re.findall(r'<p class="sq-field-error" role="alert">(.*?)</p>', body)
    assert len(wrong) == 2 and "105/13/5" in wrong[0] and "昨天" in wrong[1]
    assert "請改正" in words(test) and entries(tmp_path) == []
    assert not [button for button in test.button if button.key == "entry_confirm"]
    assert {name: test.text_input(key=f"entry_0_feedback_case_{name}").value for name in ("case_id", "received", "closed", "unit")} == {
        "case_id": "A1",
        "received": "105/13/5",
        "closed": "昨天",
        "unit": "秘書室",
    }
    assert test.selectbox(key="entry_0_feedback_case_type").value == "陳情"
    fill(test, {"received": "105/9/5", "closed": "105/9/8"})
    assert "可登錄" in words(test)


def test_what_was_typed_waits_while_another_register_is_looked_at(visit: Visit) -> None:
    test = fill(visit(), CASE | {"received": "105/13/5"})
    test.selectbox(key="choice_form").set_value("meeting").run()
    assert "請改正" not in words(test)
    test.selectbox(key="choice_form").set_value("feedback_case").run()
    assert test.text_input(key="entry_0_feedback_case_received").value == "105/13/5"
    assert test.selectbox(key="entry_0_feedback_case_type").value == "陳情"


def test_required_fields_are_marked_and_missed(visit: Visit) -> None:
    test = fill(visit(), {"case_id": "A1"})
    starred = {field.heading for field in _data_entry.fields("feedback_case") if field.required}
    assert starred == {"編號", "收件日期", "類別", "管道", "承辦單位"}
    labels = {item.label for item in (*test.text_input, *test.selectbox)}
    assert {f"{name}＊" for name in starred} <= labels
    assert words(test).count("這一格是空白") == 4


def test_nobody_enters_nothing_is_checked(visit: Visit) -> None:
    test = visit()
    test.text_input(key="entry_by").set_value(" ")
    test.button(key="entry_check").click().run()
    assert WORDS["upload.by.missing"][0] in words(test) and "檢查結果" not in words(test)


def test_the_same_row_again_is_refused_in_words(visit: Visit, tmp_path: Path) -> None:
    test = fill(visit(), CASE)
    test.button(key="entry_confirm").click().run()
    test.button(key="entry_another").click().run()
    fill(test, CASE, turn=1)
    assert "已有相同的一筆" in words(test) and len(entries(tmp_path)) == 1


def test_data_that_moved_on_since_the_check_are_looked_at_again(visit: Visit, tmp_path: Path) -> None:
    test = fill(visit(), CASE)
    assert enter(state.current(tmp_path / "data"), "feedback_case", CASE | {"case_id": "A2"}, "李承辦").outcome == "loaded"
    test.button(key="entry_confirm").click().run()
    assert "檢查之後" in words(test) and len(entries(tmp_path)) == 1


def test_a_question_must_be_ticked(visit: Visit, tmp_path: Path) -> None:
    test = visit(form="social_aid_case")
    fill(test, {"case_id": "B1", "reported": "42618", "notified_agency": "宜蘭縣政府"}, "social_aid_case")
    assert "請確認" in words(test) and test.button(key="entry_confirm").disabled
    next(box for box in test.checkbox if box.key.startswith("tick_")).check().run()
    test.button(key="entry_confirm").click().run()
    assert len(entries(tmp_path)) == 1


def test_in_english_everything_but_what_was_typed_is_english(visit: Visit) -> None:
    test = fill(visit(lang="en"), CASE | {"type": "陳情"})
    body = " ".join(re.sub(r"<style>.*?</style>", "", item.proto.body, flags=re.S) for item in test.get("html"))
    body = re.sub(r'<(\w+)(?=[^>]*\blang="zh-Hant")[^>]*>.*?</\1>', "", body, flags=re.S)
    assert "Ready to enter" in body and "Petition" in body and not CHINESE.search(body)
    assert not [item.label for item in (*test.text_input, *test.selectbox, *test.button) if CHINESE.search(item.label)]


def test_which_datasets_are_entered_is_said_by_the_datasets() -> None:
    offered = set(_data_entry.datasets())
    assert offered == {name for name, dataset in all_datasets().items() if dataset.by_form}
    assert {"feedback_case", "outreach_event", "phone_test", "target", "phase"} <= offered
    assert not offered & {"survey_response", "payment_monthly", "inquiry_monthly", "office_calendar", "explanation"}


@pytest.mark.parametrize("dataset", [dataset for dataset in all_datasets().values() if dataset.by_form], ids=lambda dataset: dataset.name)
@pytest.mark.parametrize("lang", ["zh", "en"])
def test_every_register_has_a_form_whose_choices_the_loader_reads(visit: Visit, dataset: Dataset, lang: str) -> None:
    test = visit(form=dataset.name, lang=lang)
    keys = {item.key for item in (*test.text_input, *test.text_area, *test.selectbox)}
    assert {f"entry_0_{dataset.name}_{column.name}" for column in dataset.columns} <= keys
    for field in _data_entry.fields(dataset.name):
        kind = dataset.column_of(field.name).kind
        if isinstance(kind, Choice | YesNo):
            assert len(field.options) == (len(kind.options) if isinstance(kind, Choice) else 2)
            assert len({kind.parse(word, Context(taipei_today())).value for word in field.options}) == len(field.options)
    assert one_row(dataset, {field.name: "x" for field in _data_entry.fields(dataset.name)})
