"""What only the warehouse can tell of a file: what it would replace, what is missing before it, whether it agrees with what is there."""

from __future__ import annotations

from decimal import Decimal

from warehouse import ledger, numerals, period
from warehouse.errors import Finding
from warehouse.ledger import Entry
from warehouse.load import additions, closed, forms, history, names, surveys
from warehouse.load.results import FORM, Request
from warehouse.load.staged import Staged
from warehouse.screen import CumulativeCheck


def questions(staged: Staged, request: Request) -> list[Finding]:
    """Everything to be asked or refused before the entry is written.

    A form or a release is added to its slots: it replaces nothing, so that its keys must be new there.
    """
    findings = [*surveys.beside_the_other(staged), *names.unknown_indicators(staged), *names.unknown_reports(staged), *closed.changes(staged)]
    if request.release is not None:
        findings += additions.not_to_release(staged, request.release)
    if request.kind != "load":
        return findings + additions.keys_already_there(staged)
    findings += _there_already(staged) + _gap(staged)
    if staged.screening.refused or staged.screening.held:
        return findings
    return findings + forms.forms_and_answers(staged) + history.questions(staged)


def cumulative_questions(staged: Staged) -> list[Finding]:
    """`W-CUMULATIVE`, once the entry is written: 累計 is the year so far in the warehouse, this file included."""
    return [finding for check in staged.screening.cumulative if (finding := _cumulative(staged, check))]


def _cumulative(staged: Staged, check: CumulativeCheck) -> Finding | None:
    last = staged.screening.months[-1]
    kinds, choices = staged.dataset.stored, staged.dataset.choices
    conditions = " ".join(f"and {name}{'_no' if name in choices else ''} = ?" for name in check.constants if name in kinds)
    ((total,),) = staged.query(
        f"select coalesce(sum({check.column}), 0) from live.{staged.dataset.name} where month between ? and ? {conditions}",
        [last.replace(month=1), last, *check.constants.values()],
    )
    if Decimal(total) == check.stated:
        return None
    return Finding.of(
        "W-CUMULATIVE",
        "ask",
        row=check.row,
        column=check.heading,
        value=str(check.stated),
        found=f"累計寫{numerals.format_number(check.stated)}，資料庫到{period.roc_month(last)}是{numerals.format_number(Decimal(total))}",
        expected="累計等於已入庫的各月加這份檔案",
        mend="請查明是否有月份未交或累計有誤；各月數字無誤可確認入庫",
    )


def _there_already(staged: Staged) -> list[Finding]:
    """`W-BIZ-02` where the file says again what is there, else `W-BIZ-03` where it would replace something."""
    live = staged.live_batches()
    if not live:
        return []
    if same := history.same_content(staged):
        return [same]
    months = "、".join(period.roc_month(month) for month in sorted({month for month, _, _ in live})[:4])
    standing = [ledger.entry(staged.cursor, batch) for batch in sorted({batch for batches in live.values() for batch in batches})]
    entry = next((entry for entry in reversed(standing) if entry.kind == "load"), standing[-1])
    found = f"{months}已由第{entry.id}號（{entry.file_name or FORM}，{entry.by_name}）入庫{_added(standing, entry)}，內容不同"
    return [Finding.of("W-BIZ-03", "ask", found=found, expected="尚未入庫的月份", mend="確認後以這份取代，舊的仍留存並可撤回")]


def _added(standing: list[Entry], to: Entry) -> str:
    """What was added by form or mended, which would be replaced as well."""
    forms = [str(other.id) for other in standing if other.kind == "form" and other is not to]
    mended = [str(other.id) for other in standing if other.kind == "release" and other is not to]
    words = f"，另有表單登錄{len(forms)}筆（第{'、'.join(forms[:6])}{'…' if len(forms) > 6 else ''}號）" if forms else ""
    return words + (f"，另有補正（第{'、'.join(mended)}號）" if mended else "")


def _gap(staged: Staged) -> list[Finding]:
    """`W-GAP`: months between what is there and this file, or left out in it."""
    months = staged.screening.months
    if not staged.dataset.monthly or not months:
        return []
    ((before,),) = staged.query("select max(month) from ledger.live_slot where dataset = ? and month < ?", [staged.dataset.name, months[0]])
    missing = period.month_range(period.add_months(before, 1), period.add_months(months[0], -1)) if before else []
    missing += [month for month in period.month_range(months[0], months[-1]) if month not in months]
    if not missing:
        return []
    words = "、".join(period.roc_month(month) for month in missing[:4])
    return [Finding.of("W-GAP", "ask", found=f"還沒有{words}的資料", expected="逐月不缺", mend="可先入庫，缺的月份會標示為缺，不當成0")]
