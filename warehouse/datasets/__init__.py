"""The datasets: one file beside this one for each, found by itself."""

from __future__ import annotations

import importlib
import pkgutil
import tomllib
from functools import cache
from pathlib import Path
from typing import Any

from warehouse.datasets._dataset import Column, Dataset, Group, Long, MonthsAcross, Rule, Wide
from warehouse.datasets._kinds import Choice, Clock, Context, Day, Days, Integer, Kind, Money, Month, Number, Option, QuarterEnd, Site, Text, YesNo
from warehouse.errors import DefinitionError, UsageError
from warehouse.intake.header import heading_key

__all__ = [
    "Choice", "Clock", "Column", "Context", "Dataset", "Day", "Days", "Group", "Integer", "Kind", "Long", "Money", "Month", "MonthsAcross",
    "Number", "Option", "QuarterEnd", "Rule", "Site", "Text", "Wide", "YesNo", "all_datasets", "dataset_named", "handing_in", "site_numbers", "sites",
]  # fmt: skip

_SITE_KEYS = ("number", "code", "name", "name_en", "short", "short_en", "branch", "branch_en", "others")


@cache
def all_datasets() -> dict[str, Dataset]:
    """Every dataset by name, in alphabetical order. A file that defines none, or one under another name, is a `DefinitionError`."""
    found: dict[str, Dataset] = {}
    for module in pkgutil.iter_modules([str(Path(__file__).parent)]):
        if module.name.startswith("_"):
            continue
        try:
            dataset = getattr(importlib.import_module(f"{__name__}.{module.name}"), "DATASET", None)
        except TypeError as error:
            raise DefinitionError(f"warehouse/datasets/{module.name}.py：{error}") from error
        if not isinstance(dataset, Dataset) or dataset.name != module.name:
            raise DefinitionError(f"warehouse/datasets/{module.name}.py：應有名為「{module.name}」的 DATASET")
        if not dataset.title.strip() or not dataset.title_en.strip():
            raise DefinitionError(f"warehouse/datasets/{module.name}.py：title 或 title_en 是空白")
        found[dataset.name] = dataset
    return found


def dataset_named(name: str) -> Dataset:
    """The dataset of this name or title; anything else is a `UsageError` that lists them."""
    for dataset in all_datasets().values():
        if name in (dataset.name, dataset.title):
            return dataset
    raise UsageError(f"沒有「{name}」這種報表；可用的有：{'、'.join(all_datasets())}")


def handing_in(dataset: Dataset) -> dict[str, str]:
    """Who may hand in a table in parts: short name or word → its code in a slot. Its sites, or the bodies that its part lists; none for the others."""
    if choice := dataset.choices.get(dataset.part or ""):
        return {option.word: option.code for option in choice.options}
    return {site["short"]: site["code"] for site in sites()} if dataset.site_column else {}


@cache
def sites() -> list[dict[str, Any]]:
    """The sites of the office, as rows of `dim_site`: number, code, name, short, branch, these three in English, other names."""
    with (Path(__file__).parent / "sites.toml").open("rb") as stream:
        found = tomllib.load(stream)["site"]
    for site in found:
        if missing := [key for key in _SITE_KEYS if key not in site]:
            raise DefinitionError(f"sites.toml：服務處所 {site.get('code', site)} 缺 {'、'.join(missing)}")
    return found


@cache
def site_numbers() -> dict[str, int]:
    """Every name of a site, compared by `heading_key` → its number."""
    return {heading_key(name): site["number"] for site in sites() for name in (site["code"], site["name"], site["short"], *site["others"])}
