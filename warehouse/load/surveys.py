"""Two ways to hand in a survey, form by form or as a tally: of one month and site only one may count."""

from __future__ import annotations

from datetime import date

import duckdb

from warehouse import period, scorecard
from warehouse.datasets import all_datasets
from warehouse.errors import Finding, Refused
from warehouse.load.forms import FORMS
from warehouse.load.staged import Staged

_OTHER = {"survey_response": "survey_tally", "survey_tally": "survey_response"}

Place = tuple[date, str]


def beside_the_other(staged: Staged) -> list[Finding]:
    """`E-SURVEY-TWICE`: answers of a month and site that are there in the other way already."""
    other = _OTHER.get(staged.dataset.name)
    return _twice(_answered(staged.cursor, other) & _answered_by(staged), other) if other else []


def refuse_both(cursor: duckdb.DuckDBPyConnection, dataset: str) -> None:
    """An undo may not bring back single forms beside a tally, nor the other way round."""
    other = _OTHER.get(dataset)
    findings = _twice(_answered(cursor, dataset) & _answered(cursor, other), other) if other else []
    if findings:
        raise Refused(findings)


def _answered_by(staged: Staged) -> set[Place]:
    """Months and sites for which the file has answers."""
    slots = staged.screening.slots
    if staged.dataset.name == "survey_tally":
        numbers = staged.query("select distinct _slot from raw.survey_tally where _batch_id = ? and question <> ?", [staged.batch, FORMS])
        slots = [slots[number - staged.first_slot] for (number,) in numbers]
    return {(month, site) for month, site, _ in slots}


def _answered(cursor: duckdb.DuckDBPyConnection, dataset: str) -> set[Place]:
    """Months and sites with live answers, single or tallied; forms merely counted are none."""
    tallied = f"""and exists (select 1 from raw.survey_tally as tally
        where tally._batch_id = live_slot.batch_id and tally._slot = live_slot.slot and tally.question <> {FORMS})"""
    only = tallied if dataset == "survey_tally" else ""
    return set(cursor.execute(f"select distinct month, site_code from ledger.live_slot where dataset = ? {only}", [dataset]).fetchall())


def _twice(clash: set[Place], other: str) -> list[Finding]:
    if not clash:
        return []
    month, site = min(clash)
    return [
        Finding.of(
            "E-SURVEY-TWICE",
            "file",
            found=f"{period.roc_month(month)}{scorecard.site_name(site)}已有「{all_datasets()[other].title}」",
            expected="同一月份、同一處所只有逐份或統計其中一種",
            mend="請先撤回另一種，再重新上傳",
        )
    ]
