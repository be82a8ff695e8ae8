"""Survey forms against the answers on them: no more come back than were handed out, no question has more answers than there are valid forms."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date
from typing import Any

from warehouse import period
from warehouse.datasets import sites
from warehouse.errors import Finding
from warehouse.load.staged import Staged

#: Where the forms handed out and returned stand in a tally.
FORMS, _SENT, _RETURNED, _VALID, _INVALID = 9, 21, 22, 23, 24


def forms_and_answers(staged: Staged) -> list[Finding]:
    """`W-BIZ-21` where forms and answers do not agree, within the file or with what is there; `E-SUM` for a question of a tally."""
    if staged.dataset.name == "survey_tally":
        return _of_tally(staged)
    if staged.dataset.name != "survey_response":
        return []
    findings = []
    for number, (month, site, _) in enumerate(staged.screening.slots):
        valid, given = _valid_forms(staged, month, site), staged.screening.slot_rows[number]
        if valid is not None and given > valid:
            findings.append(_more(month, site, f"逐份登錄{given:,}份", f"有效問卷{valid:,}份"))
    return findings


def _of_tally(staged: Staged) -> list[Finding]:
    rows = staged.query(
        "select date_trunc('month', month), site, question, option, max(_row), sum(n) from raw.survey_tally where _batch_id = ? group by all order by all",
        [staged.batch],
    )
    forms = {(month, site, option): int(n) for month, site, question, option, _, n in rows if question == FORMS}
    findings = _too_many_answers([row for row in rows if row[2] != FORMS], forms)
    for month, site in sorted({(month, site) for month, site, _ in forms}):
        findings += _of_month(staged, month, site, forms)
    return findings


def _too_many_answers(rows: list[Any], forms: Mapping[tuple[date, int, int], int]) -> list[Finding]:
    answered: dict[tuple[date, int, int], tuple[int, int]] = {}
    for month, site, question, _, row, n in rows:
        last, total = answered.get((month, site, question), (0, 0))
        answered[(month, site, question)] = max(last, row), total + int(n)
    findings = []
    for (month, site, _), (row, total) in answered.items():
        valid = forms.get((month, site, _VALID))
        if valid is not None and total > valid:
            found = f"這一題的答案合計{total:,}份，多於有效問卷{valid:,}份"
            findings.append(Finding.of("E-SUM", "file", row=row, found=found, expected="不多於有效份數", mend="請查明後改正，重新上傳"))
    return findings


def _of_month(staged: Staged, month: date, site: int, forms: Mapping[tuple[date, int, int], int]) -> list[Finding]:
    sent, returned, valid, invalid = (forms.get((month, site, option)) for option in (_SENT, _RETURNED, _VALID, _INVALID))
    code = next((str(entry["code"]) for entry in sites() if entry["number"] == site), "")
    findings = []
    if sent is not None and returned is not None and returned > sent:
        findings.append(_more(month, code, f"回收{returned:,}份", f"發出{sent:,}份"))
    if returned is not None and valid is not None and valid + (invalid or 0) > returned:
        findings.append(_more(month, code, f"有效與無效共{valid + (invalid or 0):,}份", f"回收{returned:,}份"))
    single = _single_forms(staged, month, code)
    if valid is not None and single is not None and single > valid:
        findings.append(_more(month, code, f"已登錄的問卷{single:,}份", f"有效問卷{valid:,}份"))
    return findings


def _single_forms(staged: Staged, month: date, site: str) -> int | None:
    """How many forms are there one by one; None for none."""
    select = "select sum(row_count) from ledger.live_slot where dataset = 'survey_response' and month = ? and site_code = ?"
    ((count,),) = staged.query(select, [month, site])
    return None if count is None else int(count)


def _valid_forms(staged: Staged, month: date, site: str) -> int | None:
    """How many valid forms a live tally tells of; None where there is none."""
    ((count,),) = staged.query(
        """select sum(raw.n) from raw.survey_tally as raw
        inner join ledger.live_slot on live_slot.slot = raw._slot and live_slot.dataset = 'survey_tally'
        where live_slot.month = ? and live_slot.site_code = ? and raw.question = ? and raw.option = ?""",
        [month, site, FORMS, _VALID],
    )
    return None if count is None else int(count)


def _more(month: date, site: str, more: str, than: str) -> Finding:
    place = next((str(entry["name"]) for entry in sites() if entry["code"] == site), "")
    return Finding.of("W-BIZ-21", "ask", found=f"{period.roc_month(month)}{place}{more}，多於{than}", expected="前後相符的份數", mend="請查明份數，無誤請確認")
