"""Every page in English: nothing in Chinese but what clerks, files and programs wrote; and no words that stand in one language only."""

from __future__ import annotations

import ast
import html
import io
import json
import re
import shutil
import string
import unicodedata
from collections.abc import Callable, Iterator
from datetime import datetime
from pathlib import Path

import polars as pl
import pytest
from streamlit.testing.v1 import AppTest

from tests import independent
from tests.independent import table
from warehouse import PROJECT
from warehouse.datasets import all_datasets
from warehouse.indicators import all_indicators
from warehouse.intake import Source
from warehouse.load import Request, load_file, open_warehouse
from warehouse.period import Quarter
from warehouse.report.checks import check
from warehouse.report.content import build
from warehouse.samples import FOLDER as SAMPLES
from warehouse.samples import NOTICE
from warehouse.web import say, site_map, state
from warehouse.web.markup import Markup, element
from warehouse.web.say import CHINESE
from warehouse.web.words import LANGUAGES, WORDS, t
from warehouse.web.words import _reading as words_of_the_visit

SHELL = PROJECT / "warehouse" / "web" / "shell.py"
FILES = {path.name for path in SAMPLES.rglob("*.*")}

#: What clerks wrote into the files, which lists show as it is.
CELLS = {cell for path in SAMPLES.rglob("*.csv") for line in independent.grid(path) for cell in line}

#: Chinese that may stand on an English page, marked as Chinese, where it is not a file's name: the link to the other language, who loaded the sample.
SAID = {"中文", "示範"}

#: And what the sample's clerks wrote of calls: sections and reasons.
SAID |= {row[heading] for row in table("phone_test") for heading in ("受測單位", "扣分原因")}

#: A widget takes plain text only: what of it may be Chinese are the names of files.
_QUOTED = re.compile(r'<(\w+)(?=[^>]*\blang="zh-Hant")[^>]*>(.*?)</\1>', re.S)

Visit = Callable[..., AppTest]


@pytest.fixture
def visit(tmp_path: Path, sample_folder: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Visit]:
    """Open a page in English over `empty`, `month` (January's survey) or `sample`."""
    folder = tmp_path / "data"

    def prepare(kind: str) -> None:
        if kind == "sample":
            shutil.copytree(sample_folder, folder)
            return
        warehouse = open_warehouse(folder)
        if kind == "month":
            path = sorted((SAMPLES / "survey_response").glob("*01月*"))[0]
            assert load_file(warehouse, Source(path.name, path), Request(by="clerk")).outcome == "loaded"
        warehouse.close()

    def go(page: str, kind: str = "sample", **query: str) -> AppTest:
        if not folder.exists():
            prepare(kind)
        monkeypatch.setenv("SERVICE_QUALITY_DATA", str(folder))
        test = AppTest.from_file(str(SHELL), default_timeout=60)
        asked = {"lang": "en", **query}
        for name, code in asked.items():
            test.query_params[name] = code
        test.run()
        if page != site_map.FIRST:
            test.switch_page(f"../../pages/{page}.py")
            for name, code in asked.items():
                test.query_params[name] = code
            test.run()
        assert not test.exception, test.exception
        return test

    yield go
    state.close_all()


def _bodies(test: AppTest) -> str:
    return " ".join(re.sub(r"<style>.*?</style>", "", item.proto.body, flags=re.S) for item in test.get("html"))


def _text(body: str) -> str:
    return html.unescape(re.sub(r"<[^>]+>", " ", body))


def quoted(test: AppTest) -> set[str]:
    """The Chinese that is marked as such."""
    return {re.sub(r"\s+", " ", _text(found[2])).strip() for found in _QUOTED.finditer(_bodies(test))}


def unmarked(test: AppTest) -> list[str]:
    """Whatever else is Chinese: text, titles and labels of the HTML, words of widgets, specifications of charts."""
    body = _QUOTED.sub(" ", _bodies(test))
    pieces = [_text(body), *re.findall(r'(?:alt|title|aria-label)="([^"]*)"', body)]
    for kind in (
        "selectbox",
        "radio",
        "multiselect",
        "button",
        "checkbox",
        "text_input",
        "text_area",
        "number_input",
        "date_input",
        "toggle",
        "expander",
    ):
        for item in test.get(kind):
            pieces += [item.label or "", *map(str, getattr(item, "options", None) or []), getattr(item, "help", None) or ""]
    pieces += [
        item.proto.label for kind in ("file_uploader", "download_button", "popover") for item in test.get(kind) if hasattr(item.proto, "label")
    ]
    pieces += [item.value for item in (*test.markdown, *test.caption, *test.error, *test.warning, *test.info, *test.success)]
    for chart in test.get("vega_lite_chart"):
        pieces += [str(json.loads(chart.proto.spec)), chart.proto.alt]
        for dataset in chart.proto.datasets:
            frame = pl.read_ipc_stream(io.BytesIO(dataset.data.data))
            pieces += [str(text) for column in frame.select(pl.col(pl.String)) for text in column]
    for name in sorted(FILES, key=len, reverse=True):
        pieces = [piece.replace(name, " ") for piece in pieces]
    return [piece[max(found.start() - 40, 0) : found.end() + 40] for piece in pieces for found in [CHINESE.search(piece)] if found]


def report_findings() -> set[str]:
    """What is found in a report, said in Chinese as the report is."""
    with state.current().reading() as cursor:
        built = [build(cursor, Quarter(2016, number)) for number in (1, 3)]
        return {finding.sentence for report in built for finding in check(cursor, report)}


@pytest.mark.parametrize("kind", ["sample", "empty", "month"])
@pytest.mark.parametrize("page", site_map.NAMES)
def test_a_page_in_english_has_no_chinese_of_ours(visit: Visit, page: str, kind: str) -> None:
    test = visit(page, kind)
    assert unmarked(test) == []
    headings = {"、".join(dataset.long.known_names()) for dataset in all_datasets().values()}
    written = {text for text in quoted(test) if CHINESE.search(text) and unicodedata.normalize("NFKC", text) not in CELLS}
    findings = report_findings() if page == "report" and kind != "empty" else set()
    assert written - SAID - FILES - findings - {text.replace("、", ", ") for text in headings} == set()
    assert t("app.local") not in _text(_bodies(test)) and WORDS["app.local"][1] in _text(_bodies(test))


@pytest.mark.parametrize(
    "name",
    [
        "survey_time_within_30", "phone_self_mean", "phone_self_grade", "petition_on_time", "payment_amount_two_channels", "report_period",
        "accessibility_badge_date", "website_visits_cumulative", "water_test_count", "exec_certificate_cases_per_batch", "mobile_service_start",
    ],
)  # fmt: skip
def test_every_kind_of_indicator_in_english(visit: Visit, name: str) -> None:
    test = visit("indicator", id=name)
    test.session_state["basis"] = True
    test.run()
    assert unmarked(test) == []
    indicator = all_indicators()[name]
    assert indicator.name_en in _text(_bodies(test)) and indicator.definition_en in _text(_bodies(test))
    code = [text or "" for text in (indicator.numerator, indicator.denominator, indicator.where, indicator.latest)]
    written = {text for text in quoted(test) if CHINESE.search(text) and unicodedata.normalize("NFKC", text) not in CELLS}
    assert written - SAID - FILES - set(code) == set()


def test_figures_and_dates_are_said_in_english(visit: Visit) -> None:
    shown = re.sub(r"\s+", " ", _text(_bodies(visit("home"))))
    for said in ("Jan–Sep 2016", "97.14 %", "92.87 points", "Grade: Excellent", "42,648", "83,952,914 TWD", "Data to 30 Sep 2016"):
        assert said in shown, said
    badge = _text(_bodies(visit("indicator", id="accessibility_badge_date")))
    assert re.search(r"\d{1,2} [A-Z][a-z]{2} 20\d\d", badge)


def test_words_of_a_clerk_are_marked_as_chinese(visit: Visit) -> None:
    test = visit("indicator", id="toilet_cleaning_frequency")
    assert unmarked(test) == []
    assert any("每" in text for text in quoted(test))


def test_findings_are_quoted_with_a_line_that_says_so(visit: Visit) -> None:
    path = sorted((SAMPLES / "survey_response").glob("*01月*"))[0]
    test = visit("upload", "empty")
    faulty = path.read_bytes().decode("cp950").replace("15分鐘內", "很快", 1).encode("cp950")
    test.get("file_uploader")[0].set_value((path.name, faulty, "text/csv")).run()
    test.button(key="check").click().run()
    assert not test.exception
    assert WORDS["said.in_chinese"][1] in _text(_bodies(test)) and unmarked(test) == []
    assert any("第4列" in text for text in quoted(test))


def test_the_language_stays_when_the_page_changes(visit: Visit) -> None:
    test = visit("home")
    del test.query_params["lang"]
    test.switch_page("../../pages/batches.py").run()
    assert test.query_params["lang"] == "en" and unmarked(test) == []
    test.query_params["lang"] = "zh"
    test.run()
    assert t("app.local") in _text(_bodies(test))


def test_one_visit_does_not_leave_its_words_to_another(visit: Visit) -> None:
    """Answers are cached for all visits; the words in them are not."""
    for page, query in (("home", {}), ("indicator", {"id": "cvs_payment_count"}), ("batches", {"entry": "99"})):
        chinese, english = visit(page, lang="zh", **query), visit(page, **query)
        assert unmarked(english) == []
        assert _text(_bodies(chinese)) == _text(_bodies(visit(page, lang="zh", **query)))
        assert t("app.local") in _text(_bodies(chinese))
    charts = [visit("indicator", lang=lang, id="cvs_payment_count").get("vega_lite_chart")[0] for lang in LANGUAGES]
    spec = [str(json.loads(chart.proto.spec)) for chart in charts]
    assert WORDS["col.month"][0] in spec[0] and WORDS["col.month"][1] in spec[1]


# --- words stand in the catalogue ---------------------------------------------------------------------------------------


def _literals(tree: ast.Module) -> Iterator[ast.Constant]:
    """The texts of a module, without what documents it."""
    documented = (ast.Module, ast.FunctionDef, ast.ClassDef)
    described = {id(node.body[0].value) for node in ast.walk(tree) if isinstance(node, documented) and isinstance(node.body[0], ast.Expr)}
    for node in ast.walk(tree):
        if isinstance(node, ast.Constant) and isinstance(node.value, str) and id(node) not in described:
            yield node


@pytest.mark.parametrize("path", sorted((PROJECT / "pages").glob("*.py")), ids=lambda path: path.name)
def test_a_page_has_no_words_of_its_own(path: Path) -> None:
    """All words come from the catalogue, all names and dates from `say`, which knows the language."""
    text = path.read_text(encoding="utf-8")
    assert [(node.lineno, node.value) for node in _literals(ast.parse(text)) if CHINESE.search(node.value)] == []
    assert re.findall(r"\broc_\w+|\.site_name\b|(?<!markup)\.label\b(?!=)|\bindicator\.name\b|\bscorecard\.printed\b", text) == []


@pytest.mark.parametrize("path", sorted((PROJECT / "pages").glob("*.py")), ids=lambda path: path.name)
def test_what_is_cached_for_all_holds_no_words(path: Path) -> None:
    """A cached function that says anything has the language in its key."""
    tree = ast.parse(path.read_text(encoding="utf-8"))
    functions = {node.name: node for node in tree.body if isinstance(node, ast.FunctionDef)}

    def called(name: str, seen: frozenset[str] = frozenset()) -> set[str]:
        names = {ast.unparse(node.func) for node in ast.walk(functions[name]) if isinstance(node, ast.Call)}
        for other in names & functions.keys() - seen:
            names = names | called(other, seen | {other})
        return names

    for name, function in functions.items():
        cached = any("cache" in ast.unparse(decorator) for decorator in function.decorator_list)
        speaks = any(call == "t" or call.startswith("say.") for call in called(name))
        assert not (cached and speaks) or "language" in {argument.arg for argument in function.args.args}, name


def test_units_owners_and_grades_have_their_words() -> None:
    for indicator in all_indicators().values():
        assert f"owner.{indicator.owner}" in WORDS
        assert not indicator.unit or f"unit.{indicator.unit}" in WORDS
        assert all(f"word.{word}" in WORDS for _, word in indicator.bands)
    assert all(f"owner.{dataset.owner}" in WORDS for dataset in all_datasets().values())


def test_both_languages_say_the_same_things() -> None:
    """What a sentence puts in, it puts in in both; but for another way of counting (3月等4個月, March and 3 others), and 件 and 筆, which English does without."""
    free, but = {"others", "count", "unit"}, {"months.many", "payments.col.average", "payments.col.per_day", "payments.col.adjusted_n"}
    for key, (chinese, english) in WORDS.items():
        assert chinese and english, key
        told = [{name for _, name, _, _ in string.Formatter().parse(text) if name} for text in (chinese, english)]
        assert told[0] ^ told[1] <= (free if key in but else set()), key


def test_a_number_chooses_between_one_and_many(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(WORDS, "calls", ("{n}通（{body}）", "{n:call|calls} of {body}"))
    reading = words_of_the_visit.set("en")
    try:
        assert [t("calls", n=n, body="it") for n in (0, 1, "1", "1,234")] == ["0 calls of it", "1 call of it", "1 call of it", "1,234 calls of it"]
        assert t("calls", n=1, body=element("b", "<x>")) == "1 call of <b>&lt;x&gt;</b>"
    finally:
        words_of_the_visit.reset(reading)
    assert t("calls", n=1, body="它") == "1通（它）"


def test_a_moment_is_told_in_the_years_of_the_language() -> None:
    at = datetime(2016, 9, 5, 14, 7, 9)
    assert say.moment(at) == "105/09/05 14:07" and say.moment(at, seconds=True) == "105/09/05 14:07:09"
    reading = words_of_the_visit.set("en")
    try:
        assert say.moment(at) == "2016-09-05 14:07"
    finally:
        words_of_the_visit.reset(reading)


@pytest.mark.parametrize("name", [name for name, dataset in all_datasets().items() if dataset.by_form])
def test_fields_of_the_entry_form_have_english_words(name: str) -> None:
    """Not the names of columns: no abbreviation, no code, no two alike."""
    reading = words_of_the_visit.set("en")
    try:
        dataset = all_datasets()[name]
        labels = [say.column(name, column.name) for column in dataset.columns]
        options = [say.option(option) for column in dataset.columns for option in getattr(column.kind, "options", ())]
    finally:
        words_of_the_visit.reset(reading)
    assert len(set(labels)) == len(labels)
    for label in (*labels, *options):
        assert label[0].isupper() and not {"id", "ext", "op", "qty", "seq", "a11y", "hq", "adj", "mode", "n"} & set(label.lower().split()), label
        assert all(len(word) > 1 or word == "a" for word in re.findall(r"[a-z]+", label.lower())), label


def test_no_english_word_is_chinese() -> None:
    assert {key for key, (_, english) in WORDS.items() if CHINESE.search(english)} == {"app.other_language"}
    assert WORDS["app.sample"][0] == NOTICE


def test_markup_among_the_values_stays_markup_and_nothing_else_does() -> None:
    said = t("named", name=element("b", "<x>"), words="<y>")
    assert isinstance(said, Markup) and said == "<b>&lt;x&gt;</b>：&lt;y&gt;"
    assert not isinstance(t("named", name="<x>", words="<y>"), Markup)
