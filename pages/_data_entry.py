"""What the entry by form asks: which datasets are small enough, their fields, and one row checked and entered."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from pages import _data
from warehouse import form
from warehouse.datasets import Choice, Clock, Column, Dataset, Day, Days, Integer, Month, Number, Site, Text, YesNo, all_datasets, sites
from warehouse.indicators import all_indicators
from warehouse.load import LoadResult
from warehouse.web import say
from warehouse.web.words import t


@dataclass(frozen=True)
class Field:
    """One field of a form. kind: choice, day, days, month, time, number, text or long; options: what is typed → how it is said; unit: of a number."""

    name: str
    heading: str
    title: str
    kind: str
    required: bool
    options: dict[str, str]
    unit: str = ""


def datasets() -> dict[str, str]:
    """The datasets that are entered by form, by name, with their titles; those that count something first."""
    chosen = sorted((dataset.reference, name) for name, dataset in all_datasets().items() if dataset.by_form)
    return {name: say.dataset(name) for _, name in chosen}


def fields(dataset: str) -> list[Field]:
    """The fields of a dataset in the order of its template, in the language of the visit."""
    return [_field(all_datasets()[dataset], column) for column in all_datasets()[dataset].columns]


def _field(dataset: Dataset, column: Column) -> Field:
    kind, options, unit = "text", _options(dataset, column), ""
    if options:
        kind = "choice"
    elif isinstance(column.kind, Integer | Number):
        kind, unit = "number", next(iter(column.kind.units), "")
    elif isinstance(column.kind, Text):
        kind = "long" if column.kind.free_text and not column.kind.key else "text"
    else:
        kind = next(word for of, word in ((Day, "day"), (Days, "days"), (Month, "month"), (Clock, "time")) if isinstance(column.kind, of))
    return Field(column.name, column.heading, say.column(dataset.name, column.name), kind, not column.nullable, options, unit)


def _options(dataset: Dataset, column: Column) -> dict[str, str]:
    if isinstance(column.kind, Choice):
        return {option.word: say.option(option) for option in column.kind.options}
    if isinstance(column.kind, Site):
        return {site["short"]: say.site(site["code"]) for site in sites()}
    if isinstance(column.kind, YesNo):
        return {YesNo.YES: t("answer.yes"), YesNo.NO: t("answer.no")}
    if column.name == dataset.part == "indicator":
        return {name: say.indicator(indicator) for name, indicator in all_indicators().items()}
    if column.name == dataset.part == "report":
        return {name: say.dataset(name) for name, other in all_datasets().items() if not other.reference}
    return {}


def check(dataset: str, values: Mapping[str, str], by: str) -> LoadResult:
    """What the row would do: nothing is written."""
    return _data.in_thread(("try", dataset, *values.items(), by), lambda warehouse: form.enter(warehouse, dataset, values, by, dry_run=True))


def enter(dataset: str, values: Mapping[str, str], by: str, accepted: frozenset[str], checked: LoadResult) -> LoadResult:
    """Enter the row that was checked, in a thread that no click can end. A second click waits for the first one's answer."""
    seen = (checked.sha256, checked.generation)
    return _data.in_thread(
        ("enter", dataset, *values.items(), by), lambda warehouse: form.enter(warehouse, dataset, values, by, accept=accepted, expected=seen)
    )
