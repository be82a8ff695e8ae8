"""What a dataset and a site must say of themselves, in both languages; what is missing is named at the start."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import pytest

from warehouse import datasets
from warehouse.datasets import Dataset, all_datasets, sites
from warehouse.errors import DefinitionError


@pytest.mark.parametrize("dataset", all_datasets().values(), ids=lambda dataset: dataset.name)
def test_a_dataset_has_a_name_of_its_own_in_both_languages(dataset: Dataset) -> None:
    assert dataset.title and dataset.title_en.isascii() and dataset.title_en[0].isupper()
    for key in ("title", "title_en"):
        assert [other.name for other in all_datasets().values() if getattr(other, key) == getattr(dataset, key)] == [dataset.name]


def test_a_dataset_without_its_english_name_is_named(monkeypatch: pytest.MonkeyPatch) -> None:
    real = all_datasets()["meeting"]
    kept = {name: getattr(real, name) for name in ("name", "title", "grain", "owner", "columns", "month_column", "key")}

    def without(name: str) -> Any:
        return Dataset(**kept)

    monkeypatch.setattr(datasets.importlib, "import_module", without)
    with pytest.raises(DefinitionError, match=r"attitude_score\.py.*title_en"):
        all_datasets.__wrapped__()


def test_a_blank_english_name_is_refused(monkeypatch: pytest.MonkeyPatch) -> None:
    class Module:
        DATASET = replace(all_datasets()["attitude_score"], title_en=" ")

    monkeypatch.setattr(datasets.importlib, "import_module", lambda name: Module)
    with pytest.raises(DefinitionError, match=r"attitude_score\.py.*title_en"):
        all_datasets.__wrapped__()


def test_a_site_has_its_names_in_both_languages(monkeypatch: pytest.MonkeyPatch) -> None:
    for site in sites():
        for key in ("name_en", "short_en", "branch_en"):
            assert site[key].isascii() and site[key][0].isupper()
    first = {key: value for key, value in sites()[0].items() if key != "name_en"}
    monkeypatch.setattr(datasets.tomllib, "load", lambda stream: {"site": [first]})
    with pytest.raises(DefinitionError, match=f"{first['code']}.*name_en"):
        sites.__wrapped__()
