"""The indicator blocks as they stand in the files: readable, complete, without contradiction, one for every figure of the 105Q3 report."""

from __future__ import annotations

import csv
import re
import tomllib
import unicodedata
from collections import Counter
from pathlib import Path

import pytest

PROJECT = Path(__file__).parents[2]
FOLDER = PROJECT / "warehouse" / "indicators"
FILES = sorted(path for path in FOLDER.glob("*.toml") if path.name != "award.toml")

MANDATORY = {"name", "name_en", "section", "kind", "definition", "definition_en", "unit", "decimals", "direction", "rollup", "interval", "owner"}
BY_KIND = {
    "additive": {"source", "mart", "numerator"},
    "latest": {"source", "mart", "latest"},
    "fact": {"source", "mart", "latest"},
    "derived": set(),
}
OPTIONAL = {"where", "denominator", "sum_of_squares", "carry", "across_sites", "target", "from_month", "to_month", "lookback", "headline"}
DERIVATIONS = {"sum", "grade", "period"}
LEGAL = {
    "kind": set(BY_KIND),
    "direction": {"increase", "decrease", "neutral"},
    "rollup": {"sum", "latest", "max"},
    "interval": {"wilson", "t", "none"},
    "across_sites": {"sum", "any"},
}
BASES = {"report", "rule", "reference", "decision", "provisional"}
#: Names a family and is never stored.
NEVER_STORED = {"care_visit_children"}
DIRECTOR = [
    "survey_time_within_30",
    "survey_overall_top2",
    "phone_self_mean",
    "phone_hq_mean",
    "cvs_payment_count",
    "counter_payment_count",
    "website_visits",
    "petition_count",
]


def read(path):
    return tomllib.loads(path.read_text(encoding="utf-8"))


BLOCKS = {name: block for path in FILES for name, block in read(path).items()}
HEADINGS = [heading["code"] for edition in read(FOLDER / "award.toml")["edition"] for heading in edition["heading"]]

each_block = pytest.mark.parametrize(("name", "block"), BLOCKS.items(), ids=BLOCKS.keys())


def test_there_is_one_file_for_each_award_item():
    assert [path.stem for path in FILES] == ["image_relations", "innovation", "service_process", "web_information", "web_participation"]


def test_no_id_stands_in_two_files():
    counts = Counter(name for path in FILES for name in read(path))
    assert [name for name, count in counts.items() if count > 1] == []


def test_no_two_indicators_have_the_same_name():
    for key in ("name", "name_en"):
        counts = Counter(block[key] for block in BLOCKS.values())
        assert [name for name, count in counts.items() if count > 1] == []


def test_every_figure_of_the_report_has_a_block():
    with (PROJECT / "tests" / "golden" / "105q3.csv").open(encoding="utf-8", newline="") as stream:
        printed = {row["id"]: row["unit"] for row in csv.DictReader(stream)}
    assert printed.keys() - BLOCKS.keys() == NEVER_STORED
    assert {name for name in printed.keys() & BLOCKS.keys() if BLOCKS[name]["unit"] != printed[name]} == set()


@each_block
def test_a_block_has_the_keys_of_its_kind_and_no_others(name, block):
    needed = MANDATORY | BY_KIND[block["kind"]]
    assert needed - block.keys() == set()
    if block["kind"] == "derived":
        assert len(block.keys() & DERIVATIONS) == 1
        assert block.keys() - needed - DERIVATIONS - {"bands", "headline", "target"} == set()
        assert ("bands" in block) == ("grade" in block)
    else:
        assert block.keys() - needed - OPTIONAL == set()


@each_block
def test_its_values_are_legal(name, block):
    assert re.fullmatch("[a-z][a-z0-9_]*", name)
    for key, allowed in LEGAL.items():
        assert block.get(key) is None or block[key] in allowed
    assert 0 <= block["decimals"] <= 2
    assert block["name"].strip() and block["name_en"].isascii() and block["owner"]


@each_block
def test_its_definition_is_a_sentence_and_not_its_name_again(name, block):
    definition = block["definition"]
    assert definition.endswith("。") and definition.count("。") == 1
    assert len(definition) >= 12 and definition.rstrip("。") != block["name"]
    english = block["definition_en"]
    assert english.isascii() and english.endswith(".") and english[0].isupper()
    assert len(english) >= 25 and english.rstrip(".") != block["name_en"]


def test_no_two_definitions_are_the_same():
    for key in ("definition", "definition_en"):
        counts = Counter(block[key] for block in BLOCKS.values())
        assert [text for text, count in counts.items() if count > 1] == []


@each_block
def test_its_section_is_in_the_award(name, block):
    assert block["section"] == "" if name == "report_period" else any(block["section"].startswith(code) for code in HEADINGS)


@each_block
def test_intervals_are_for_samples_only(name, block):
    survey = block.get("mart") == "mart_survey_answers" and "denominator" in block
    assert (block["interval"] == "wilson") == survey
    if survey:
        assert block["unit"] == "﹪" and "denominator" in block
    assert (block["interval"] == "t") == (name in {"phone_self_mean", "phone_hq_mean"}) == ("sum_of_squares" in block)


@each_block
def test_its_mart_and_parts_exist(name, block):
    if "mart" in block:
        assert list((PROJECT / "sql").glob(f"*/{block['mart']}.sql"))
    for source in block.get("source", ()):
        assert (PROJECT / "warehouse" / "datasets" / f"{source}.py").exists()
    for part in [*block.get("sum", ()), *([block["grade"]] if "grade" in block else [])]:
        assert part in BLOCKS and BLOCKS[part]["kind"] != "derived"


@each_block
def test_texts_it_compares_with_are_spelt_as_they_are_kept(name, block):
    for key in ("where", "numerator", "denominator", "latest"):
        for literal in re.findall("'([^']*)'", block.get(key, "")):
            assert literal == unicodedata.normalize("NFKC", literal)


@each_block
def test_its_target_says_on_what_it_rests(name, block):
    target = block.get("target")
    if target is None:
        return
    assert target.keys() <= {"value", "basis", "per", "document", "document_en"}
    assert target["basis"] in BASES and target.get("per") in (None, "month", "quarter")
    assert target["basis"] not in {"rule", "reference", "decision"} or target["document"]
    assert "document" not in target or target["document_en"].isascii()
    assert block["direction"] != "neutral"


def test_months_of_validity_come_in_pairs():
    month = re.compile("[0-9]{4}-(0[1-9]|1[0-2])")
    for block in BLOCKS.values():
        assert ("from_month" in block) == ("to_month" in block)
        if "from_month" in block:
            assert month.fullmatch(block["from_month"]) and month.fullmatch(block["to_month"])
            assert block["from_month"] <= block["to_month"]


def test_the_directors_eight_cards_come_first():
    order = {block["headline"]: name for name, block in BLOCKS.items() if "headline" in block}
    assert sorted(order) == list(range(1, len(order) + 1))
    assert [order[place] for place in range(1, 9)] == DIRECTOR


def test_the_two_overall_satisfactions_are_named_apart():
    assert BLOCKS["survey_overall_top2"]["name"] != BLOCKS["survey_combined_top2"]["name"]
    assert "六題" in BLOCKS["survey_combined_top2"]["name"]


def test_children_of_a_visited_family_are_nowhere():
    assert not NEVER_STORED & BLOCKS.keys()


def test_award_headings_form_a_tree():
    assert len(HEADINGS) == len(set(HEADINGS))
    for code in HEADINGS:
        parent = re.sub(r"(\([一二三]\)|[一二三]|[0-9]+)$", "", code)
        assert parent == "" or parent == code or parent in HEADINGS
