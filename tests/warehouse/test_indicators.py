"""The reader of indicator blocks: strict, and every complaint names the file and the key. (The blocks themselves: test_indicator_blocks.)"""

from __future__ import annotations

from datetime import date
from pathlib import Path

import pytest

from warehouse import indicators
from warehouse.errors import DefinitionError, UsageError
from warehouse.indicators import Indicator, Target
from warehouse.period import Window

BLOCK = {
    "name": '"滿意度"',
    "name_en": '"Satisfaction"',
    "section": '"壹二(二)1"',
    "kind": '"additive"',
    "definition": '"答滿意者所占比率。"',
    "definition_en": '"Share that say satisfied."',
    "source": '["survey_response"]',
    "mart": '"mart_survey_answers"',
    "numerator": '"sum(answers)"',
    "denominator": '"sum(answers)"',
    "unit": '"﹪"',
    "decimals": "2",
    "direction": '"increase"',
    "rollup": '"sum"',
    "interval": '"wilson"',
    "owner": '"秘書室"',
}


def block(name: str = "satisfied", /, *, without: tuple[str, ...] = (), **changes: str) -> str:
    keys = {key: value for key, value in {**BLOCK, **changes}.items() if key not in without}
    return f"[{name}]\n" + "".join(f"{key} = {value}\n" for key, value in keys.items())


@pytest.fixture
def folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """An empty folder of blocks; the award's tree stays the real one."""
    monkeypatch.setattr(indicators, "FOLDER", tmp_path)
    return tmp_path


def read(folder: Path, *texts: str) -> dict[str, Indicator]:
    for number, text in enumerate(texts, start=1):
        (folder / f"item_{number}.toml").write_text(text, encoding="utf-8")
    return indicators.all_indicators.__wrapped__()


def complaint(folder: Path, *texts: str) -> str:
    with pytest.raises(DefinitionError) as error:
        read(folder, *texts)
    return str(error.value)


def test_a_block_becomes_an_indicator(folder: Path) -> None:
    found = read(folder, block(target='{ value = 90, basis = "provisional" }', from_month='"105-01"', to_month='"2016-12"'))["satisfied"]
    assert (found.id, found.name, found.kind, found.source, found.decimals) == ("satisfied", "滿意度", "additive", ("survey_response",), 2)
    assert found.target == Target(90, "provisional")
    assert (found.from_month, found.to_month) == (date(2016, 1, 1), date(2016, 12, 1))
    assert (found.is_share, found.is_mean) == (True, False)


def test_a_misspelt_key_is_named_with_its_file_and_block(folder: Path) -> None:
    told = complaint(folder, block(improvement_direction='"increase"'))
    assert "item_1.toml" in told
    assert "[satisfied]" in told
    assert "improvement_direction" in told


@pytest.mark.parametrize("key", ["name", "name_en", "section", "kind", "definition", "definition_en", "unit", "decimals", "direction", "owner"])
def test_a_missing_key_is_named_with_its_file_and_block(folder: Path, key: str) -> None:
    told = complaint(folder, block(without=(key,)))
    assert "item_1.toml [satisfied]" in told
    assert f"'{key}'" in told


@pytest.mark.parametrize(
    ("changes", "words"),
    [
        ({"kind": '"sum"'}, "kind"),
        ({"direction": '"up"'}, "direction"),
        ({"rollup": '"mean"'}, "rollup"),
        ({"interval": '"normal"'}, "interval"),
        ({"across_sites": '"all"'}, "across_sites"),
        ({"section": '"肆一"'}, "肆一"),
        ({"interval": '"wilson"', "unit": '"分"'}, "wilson"),
        ({"interval": '"t"', "unit": '"分"'}, "sum_of_squares"),
        ({"target": '{ value = 90, basis = "guess" }'}, "目標"),
        ({"target": '{ value = "九十", basis = "rule" }'}, "目標"),
        ({"target": '{ value = 90 }'}, "basis"),
        ({"target": '{ value = 90, basis = "rule", per = "week" }'}, "目標"),
        ({"target": '{ value = 90, basis = "rule", since = 2016 }'}, "since"),
        ({"from_month": '"105-13"'}, "105-13"),
        ({"kind": '"latest"'}, "latest"),
        ({"kind": '"fact"'}, "latest"),
        ({"kind": '"derived"'}, "derived"),
        ({"definition_en": '" "'}, "definition_en"),
        ({"why_it_matters": '"民眾的時間"'}, "why_it_matters_en"),
        ({"target": '{ value = 90, basis = "rule", document = "要點" }'}, "document_en"),
        ({"target": '{ value = 90, basis = "rule", document_en = "Rules" }'}, "document_en"),
    ],
)  # fmt: skip
def test_a_value_that_cannot_be_is_refused(folder: Path, changes: dict[str, str], words: str) -> None:
    told = complaint(folder, block(**changes))
    assert told.startswith("item_1.toml [satisfied]")
    assert words in told


@pytest.mark.parametrize("key", ["mart", "source", "numerator"])
def test_an_additive_block_needs_its_mart_source_and_numerator(folder: Path, key: str) -> None:
    assert key in complaint(folder, block(without=(key,)))


def test_one_indicator_defined_twice_is_refused(folder: Path) -> None:
    assert "item_1.toml" in complaint(folder, block() + block())
    told = complaint(folder, block(), block())
    assert "item_2.toml" in told
    assert "satisfied" in told


def test_a_file_that_is_no_toml_is_named(folder: Path) -> None:
    assert complaint(folder, "[satisfied\n").startswith("item_1.toml")


def test_a_sum_of_what_does_not_exist_is_refused(folder: Path) -> None:
    plain = ("source", "mart", "numerator", "denominator")
    told = complaint(folder, block("total", without=plain, kind='"derived"', interval='"none"', sum='["satisfied", "gone"]') + block())
    assert "[total]" in told
    assert "gone" in told


def test_a_derived_block_has_one_rule_only(folder: Path) -> None:
    plain = ("source", "mart", "numerator", "denominator")
    assert "derived" in complaint(folder, block(without=plain, kind='"derived"', interval='"none"', sum='["satisfied"]', grade='"satisfied"'))


def test_indicators_stand_in_the_order_of_the_award(folder: Path) -> None:
    found = read(
        folder,
        block("late", section='"參一(三)"') + block("early", section='"壹一(一)1"'),
        block("middle", section='"貳一(一)"'),
        block("first", section='""'),
    )
    assert list(found) == ["first", "early", "middle", "late"]


def test_a_heading_of_the_award_without_english_is_named(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    assert indicators.award_headings_en().keys() == indicators.award_headings().keys()
    award = tmp_path / "award.toml"
    award.write_text('[[edition]]\nvalid_from = "2008-01"\nheading = [{ code = "壹", title = "優質便民服務" }]\n', encoding="utf-8")
    monkeypatch.setattr(indicators, "AWARD", award)
    with pytest.raises(DefinitionError, match="award.toml.*壹.*title_en"):
        indicators.award_headings.__wrapped__()


def test_an_unknown_indicator_is_wrong_usage() -> None:
    with pytest.raises(UsageError, match="沒有這種"):
        indicators.indicator_named("沒有這種")


@pytest.mark.parametrize(
    ("per", "months", "due"),
    [(None, 9, 2), ("month", 9, 18), ("quarter", 9, 6), ("month", 1, 2), ("quarter", 3, 2), ("quarter", 2, None), ("quarter", 5, 2)],
)
def test_a_target_may_be_due_each_month_or_each_whole_quarter(per: str | None, months: int, due: int | None) -> None:
    window = Window(date(2016, 1, 1), date(2016, months, 1))
    assert Target(2, "report", per).due(window.months) == due  # type: ignore[arg-type]


def test_the_definitions_hash_follows_every_byte_of_every_block(folder: Path) -> None:
    def digest() -> str:
        return indicators.definitions_hash.__wrapped__()

    read(folder, block())
    first = digest()
    assert digest() == first
    assert len(first) == 16
    (folder / "item_1.toml").write_text(block(decimals="1"), encoding="utf-8")
    second = digest()
    (folder / "item_2.toml").write_text("", encoding="utf-8")
    assert len({first, second, digest()}) == 3
