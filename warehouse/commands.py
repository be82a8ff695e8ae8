"""The commands that need the warehouse, each a function from arguments to an `Answer`. The command line runs them here when the app is
closed, and hands them to the running app when it is open: one code path, so the answer is the same."""

from __future__ import annotations

import json
import traceback
import uuid
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from fractions import Fraction
from pathlib import Path
from typing import Any

from warehouse import ledger, numerals, oversight, period, recompute, samples, scorecard, signals
from warehouse.backup import Restored, back_up, restore, restore_offline
from warehouse.doctor import Item, examine, file_faults, row_faults, surroundings
from warehouse.errors import Conflict, Finding, Refused, Unavailable, UsageError, WarehouseError
from warehouse.form import enter
from warehouse.intake import Source
from warehouse.load import EXIT_CODES, FORM, LoadResult, Request, load_file, rebuild, rebuild_offline, undo
from warehouse.screen import RULES
from warehouse.store import Warehouse, query, sql_files

#: Exit codes of the contract.
DONE, REFUSED, USAGE, UNAVAILABLE, OUR_FAULT = 0, 1, 2, 3, 4

_OUTCOME_WORDS = {
    "loaded": "可入庫，已入庫",
    "unchanged": "內容相同，未重複入庫",
    "refused": "退回修正，沒有寫入任何資料",
    "needs_confirmation": "請確認，尚未寫入（以 --accept 代碼 確認）",
    "dry_run": "可入庫（試跑，尚未寫入）",
}
VERDICT_WORDS = {"met": "達標", "not_met": "未達標", "cannot_tell": "尚無法判定", "no_target": "—", "no_data": "無資料"}

_CHART_WORDS = {
    "xmr": "個別值管制圖（XmR）",
    "p_prime": "比率管制圖（p′），件數少的月份界限較寬",
    "p": "比率管制圖（p），件數少的月份界限較寬",
    "run": "可比較的月份未滿{settings.fewest}個，不設管制界限",
}
_UNRULED_WORDS = {
    "fact": "文字或日期，不設管制界限",
    "reading": "現況或累計讀數，各月不獨立，不設管制界限",
    "derived": "由其他指標推算，不設管制界限",
    "rare": "案例太少（平均每月不到1件），單月起伏不代表變化，不設管制界限",
    "rolling": "跨月連續計算，各月不獨立，不設管制界限",
}
_RULE_WORDS = {
    "outside": "超出管制界限",
    "trend": "連續{settings.trend}點同向升降",
    "two_in_three": "三點中有兩點接近界限",
    "shift": "連續{settings.shift}點在平均線同側",
}
_SIGNAL_WORDS = {"improvement": "好轉", "concern": "轉差", "neutral": "有變化"}
_ASSURANCE_WORDS = {
    "pass": "照目前的水準，各月都會達到目標",
    "fail": "照目前的水準，各月都達不到目標",
    "hit_and_miss": "照目前的水準，有時達到目標、有時達不到",
}

Arguments = dict[str, Any]
Progress = Callable[[str], None]


@dataclass(frozen=True)
class Answer:
    """document: what `--json` prints; text: what is printed without it; code: the exit code."""

    document: Any
    text: str
    code: int = DONE


def run(warehouse: Warehouse, name: str, arguments: Arguments, progress: Progress = lambda _: None) -> Answer:
    """Run one command; whatever goes wrong becomes an Answer in words, never a traceback."""
    try:
        _refuse_broken_text(arguments)
        return _COMMANDS[name](warehouse, arguments, progress)
    except Exception as error:  # every fault must reach the user in words
        return failure(error)


def _refuse_broken_text(told: Any) -> None:
    """Bytes that are no UTF-8, as a terminal of another encoding sends them, are nobody's name and no cell."""
    if isinstance(told, str):
        if any(0xD800 <= ord(char) <= 0xDFFF for char in told):
            raise UsageError("有參數不是UTF-8的文字，請以UTF-8的終端機輸入")
    elif isinstance(told, Mapping):
        for name, inner in told.items():
            _refuse_broken_text(name)
            _refuse_broken_text(inner)
    elif isinstance(told, list | tuple):
        for inner in told:
            _refuse_broken_text(inner)


def failure(error: Exception) -> Answer:
    """The Answer to an error: its words, and the exit code of its kind. A fault of our own is logged without row content."""
    if isinstance(error, UsageError):
        return Answer({"error": str(error)}, f"用法不對：{error}", USAGE)
    if isinstance(error, Conflict):
        return Answer({"error": str(error)}, str(error), REFUSED)
    if isinstance(error, Unavailable):
        return Answer({"error": str(error)}, f"現在無法進行：{error}", UNAVAILABLE)
    if isinstance(error, Refused):
        return Answer({"error": str(error), "findings": [finding.as_json() for finding in error.findings]}, str(error), REFUSED)
    if isinstance(error, WarehouseError):
        return Answer({"error": str(error)}, f"程式的定義有誤：{error}", OUR_FAULT)
    where = traceback.extract_tb(error.__traceback__)[-1]
    detail = f"{type(error).__name__}（{Path(where.filename).name}:{where.lineno}）"
    return Answer({"error": f"程式發生錯誤：{detail}"}, f"程式發生錯誤，資料未變動或已完整寫入，請以 check 查核並回報：{detail}", OUR_FAULT)


# --- commands ---------------------------------------------------------------------------------------------------------------


def _load(warehouse: Warehouse, arguments: Arguments, progress: Progress) -> Answer:
    from warehouse.screen import year_option

    request = Request(
        by=arguments["by"],
        dataset=arguments.get("dataset"),
        year=year_option(arguments.get("year")),
        accept=frozenset(arguments.get("accept") or ()),
        hold=bool(arguments.get("hold")),
        reason=arguments.get("reason"),
        dry_run=bool(arguments.get("dry_run")),
        release=arguments.get("release"),
    )
    absent = [file["name"] for file in arguments["files"] if not Path(file["path"]).is_file()]
    if absent:
        raise UsageError(f"找不到檔案「{'」「'.join(absent)}」")
    results = []
    for file in arguments["files"]:
        progress(f"檢查 {file['name']}")
        results.append(_load_one(warehouse, file["name"], Path(file["path"]), request, progress))
    code = max((EXIT_CODES[result.outcome] for result in results), default=DONE)
    return Answer([result.as_json() for result in results], "\n\n".join(_load_text(result) for result in results), code)


def _load_one(warehouse: Warehouse, name: str, path: Path, request: Request, progress: Progress) -> LoadResult:
    """One of several files: a fault of our own stops that file, and hides nothing of the others."""
    try:
        return load_file(warehouse, Source(name, path), request, progress=progress)
    except WarehouseError:
        raise
    except Exception as error:  # whatever it is, the other files' answers must reach the clerk
        words = failure(error).text
        finding = Finding.of("E-PARSER", "file", found="程式處理這份檔案時發生錯誤", expected="可以處理的檔案", mend=words)
        return LoadResult(name, Source(name, path).sha256, "refused", findings=[finding])


def _load_text(result: LoadResult) -> str:
    lines = [f"{result.file}：{_OUTCOME_WORDS[result.outcome]}"]
    if result.dataset:
        months = "、".join(period.roc_month(month) for month in result.months)
        lines.append(f"  報表 {result.dataset}　編碼 {result.encoding}　月份 {months or '—'}" + (f"　上傳紀錄第{result.batch}號" if result.batch else ""))
    if result.read:
        ignored = "".join(f"、略過{RULES.get(rule, rule)} {count:,}" for rule, count in result.ignored.items())
        lines.append(f"  讀到 {result.read:,} 列：入庫 {result.loaded:,}、暫存 {result.held:,}{ignored}")
    lines += [f"  ［{finding.code}］{finding.message}" for finding in result.findings[:20]]
    if len(result.findings) > 20:
        lines.append(f"  ……另有 {len(result.findings) - 20:,} 項，以 --json 全部列出")
    lines += [f"  {impact.after.indicator.name}：{impact.before.text or '無資料'} → {impact.after.text or '無資料'}" for impact in result.impact[:12]]
    return "\n".join(lines)


def _form(warehouse: Warehouse, arguments: Arguments, progress: Progress) -> Answer:
    result = enter(
        warehouse,
        arguments["dataset"],
        arguments["values"],
        arguments["by"],
        accept=arguments.get("accept") or (),
        dry_run=bool(arguments.get("dry_run")),
    )
    return Answer(result.as_json(), _load_text(result), EXIT_CODES[result.outcome])


def _undo(warehouse: Warehouse, arguments: Arguments, progress: Progress) -> Answer:
    result = undo(warehouse, int(arguments["id"]), by=arguments["by"], reason=arguments["reason"])
    lines = [f"已撤回第{result.undone}號（撤回為第{result.id}號）"]
    lines += [f"  {impact.after.indicator.name}：{impact.before.text or '無資料'} → {impact.after.text or '無資料'}" for impact in result.impact]
    return Answer(result.as_json(), "\n".join(lines))


def _batches(warehouse: Warehouse, arguments: Arguments, progress: Progress) -> Answer:
    with warehouse.reading() as cursor:
        slots: dict[int, list[dict[str, str]]] = {}
        for batch, month, site, part in cursor.execute("select batch_id, month, site_code, part from ledger.batch_slot order by all").fetchall():
            slots.setdefault(batch, []).append({"month": month.strftime("%Y-%m"), "site": site, **({"part": part} if part else {})})
        entries, reviews, waiting = ledger.entries(cursor), ledger.reviews(cursor), ledger.held(cursor)
    document = [
        {
            "id": entry.id,
            "kind": entry.kind,
            "dataset": entry.dataset,
            "file": entry.file_name,
            "by": entry.by_name,
            "at": entry.at_utc.isoformat(timespec="seconds") + "Z",
            "slots": slots.get(entry.undoes or entry.id, []),
            "rows": entry.rows_loaded,
            "undone": entry.undone,
            "sha256": entry.sha256,
            "undoes": entry.undoes,
            "releases": entry.releases,
            "held": waiting.get(entry.id, 0),
            "reason": entry.reason,
            "reviewed": _review_document(reviews[entry.id][0]) if entry.id in reviews else None,
        }
        for entry in entries
    ]
    lines = [
        f"{row['id']:>5}　{ledger.KIND_WORDS[row['kind']]}　{row['dataset']:<20}　{row['rows'] if row['rows'] is not None else '—':>8}　{row['at']}　{row['by']}　{row['file'] or ''}"
        + ("（已撤回）" if row["undone"] else "")
        + (f"（待改正{row['held']:,}列）" if row["held"] else "")
        + (f"（補正第{row['releases']}號）" if row["releases"] else "")
        + (f"（已覆核：{row['reviewed']['by']}）" if row["reviewed"] else "")
        for row in document
    ]
    return Answer(document, "\n".join(lines) or "上傳紀錄是空的")


def _review(warehouse: Warehouse, arguments: Arguments, progress: Progress) -> Answer:
    made = oversight.review(warehouse, int(arguments["id"]), by=arguments["by"], note=arguments.get("note"))
    document = {"id": made.id, "batch": made.batch_id, **_review_document(made)}
    return Answer(document, f"第{made.batch_id}號已由{made.by_name}覆核（紀錄第{made.id}號）")


def _review_document(review: ledger.Review) -> dict[str, Any]:
    return {"by": review.by_name, "at": review.at_utc.isoformat(timespec="seconds") + "Z", "note": review.note}


def _close(warehouse: Warehouse, arguments: Arguments, progress: Progress) -> Answer:
    made = oversight.close(warehouse, period.parse_quarter_option(arguments["quarter"]), by=arguments["by"])
    return Answer(_closing_document(made), f"{made.quarter.label}已鎖定（紀錄第{made.id}號）；該年1月至{made.quarter.window.end.month}月的資料不再更動")


def _reopen(warehouse: Warehouse, arguments: Arguments, progress: Progress) -> Answer:
    made = oversight.reopen(warehouse, period.parse_quarter_option(arguments["quarter"]), by=arguments["by"], reason=arguments["reason"])
    return Answer(_closing_document(made), f"{made.quarter.label}已解除鎖定（紀錄第{made.id}號）")


def _closing_document(closing: ledger.Closing) -> dict[str, Any]:
    at = closing.at_utc.isoformat(timespec="seconds") + "Z"
    return {"id": closing.id, "quarter": closing.quarter.code, "closed": closing.closed, "by": closing.by_name, "at": at, "reason": closing.reason}


def _window(cursor: Any, arguments: Arguments) -> period.Window:
    return scorecard.window_option(
        cursor,
        quarter=arguments.get("quarter"),
        window=arguments.get("window"),
        start=arguments.get("from"),
        end=arguments.get("to"),
        as_of=arguments.get("as_of"),
    )


def _indicators(warehouse: Warehouse, arguments: Arguments, progress: Progress) -> Answer:
    as_of = arguments.get("as_of")
    site = scorecard.site_code(arguments.get("site"))
    with warehouse.reading() as cursor:
        window = _window(cursor, arguments)
        version = scorecard.version_at(cursor, as_of) if as_of is not None else _version(cursor)
        found = scorecard.figures(cursor, window, site=site, as_of=as_of)
    document = {
        "period": {"from": window.iso_from, "to": window.iso_to, "label": window.label},
        "site": site,
        "data_version": version,
        "indicators": [figure.as_json() for figure in found.values()],
    }
    lines = [f"{window.label}　{scorecard.site_name(site)}　資料版本{version}"]
    for figure in found.values():
        if figure.value is not None:
            goal = f"　目標{numerals.format_number(figure.goal)}" if figure.goal is not None else ""
            n = f"　n={figure.n:,}" if figure.n else ""
            lines.append(f"{figure.indicator.id:<36}{figure.text}{n}{goal}　{VERDICT_WORDS[figure.verdict]}　{figure.indicator.name}")
    return Answer(document, "\n".join(lines))


def _trace(warehouse: Warehouse, arguments: Arguments, progress: Progress) -> Answer:
    with warehouse.reading() as cursor:
        window = _window(cursor, arguments)
        found = scorecard.trace(cursor, arguments["indicator"], window, site=scorecard.site_code(arguments.get("site")), as_of=arguments.get("as_of"))
    figure = found.figure
    lines = [f"{figure.indicator.name}　{window.label}　{figure.text or '無資料'}", f"定義：{figure.indicator.definition}"]
    if figure.numerator is not None:
        over = f" ÷ {numerals.format_number(figure.denominator)}" if figure.denominator is not None else ""
        lines.append(f"計算：{numerals.format_number(figure.numerator)}{over}")
    lines += [f"  {period.roc_month(step.month)} {scorecard.site_name(step.site)}：{_step_words(step)}" for step in found.steps]
    lines += [f"  其中 {part.indicator.name}：{part.text or '無資料'}" for part in found.parts]
    for origin in found.origins:
        left = "".join(f"、{RULES.get(rule, rule)} {count:,}" for rule, count in origin.left_out.items())
        lines.append(f"  第{origin.entry.id}號 {origin.entry.file_name or FORM}（SHA-256 {(origin.entry.sha256 or '')[:12]}…）用到{origin.used:,}列：第{origin.rows_used}列{left and '；未用'}{left.replace('、', '：', 1)}")
    return Answer(found.as_json(), "\n".join(lines))


def _step_words(step: scorecard.Step) -> str:
    if step.latest_value is not None:
        return step.latest_value
    numerator = numerals.format_number(step.numerator) if step.numerator is not None else "—"
    return numerator if step.denominator is None else f"{numerator}／{numerals.format_number(step.denominator)}"


def _series(warehouse: Warehouse, arguments: Arguments, progress: Progress) -> Answer:
    with warehouse.reading() as cursor:
        window = _window(cursor, arguments)
        site = scorecard.site_code(arguments.get("site"))
        found = signals.series_of(cursor, arguments["indicator"], window, site=site, as_of=arguments.get("as_of"))
    chart, settings = found.chart, found.chart.settings
    note = _UNRULED_WORDS[found.unruled] if found.unruled else _CHART_WORDS[chart.kind].format(settings=settings)
    trial = f"；未滿{settings.full}點，界限為試算" if chart.trial else ""
    lines = [f"{found.indicator.name}　{window.label}　{scorecard.site_name(site)}", f"{note}{trial}"]
    lines += [f"{period.roc_month(phase.start)}起重新分段：{phase.cause}（{phase.proposed_by}提出，{phase.agreed_by}同意）" for phase in found.phases]
    for figure, point in zip(found.figures, chart.points, strict=True):
        mean, lower, upper = (_limit(value, found.indicator.decimals) for value in (point.mean, point.lower, point.upper))
        limits = f"　平均{mean}" if mean else ""
        limits += f"、界限{lower}至{upper}" if upper else ""
        rules = "、".join(_RULE_WORDS[rule].format(settings=settings) for rule in point.rules)
        signal = f"　{_SIGNAL_WORDS[point.point]}：{rules}" if rules else ""
        lines.append(f"{figure.window.label}　{figure.text or '無資料'}　{VERDICT_WORDS[figure.verdict]}{limits}{signal}")
    if chart.assurance:
        lines.append(_ASSURANCE_WORDS[chart.assurance])
    return Answer(found.as_json(), "\n".join(lines))


def _limit(value: float | None, decimals: int) -> str | None:
    return None if value is None else numerals.format_number(numerals.round_half_up(Fraction(value), decimals or 1))


def _check(warehouse: Warehouse, arguments: Arguments, progress: Progress) -> Answer:
    checks: list[dict[str, Any]] = []
    with warehouse.reading() as cursor:
        for path in sql_files():
            if path.parent.name == "90_checks":
                progress(path.stem)
                rows = query(cursor, f"select * from {path.stem} limit 20")
                checks.append({"check": path.stem, "faults": [" ".join(f"{key}={value}" for key, value in row.items()) for row in rows]})
        unequal = recompute.differences(cursor)
        checks.append({"check": "indicator_month", "faults": [f"{'/'.join(map(str, key))}：存{_cell_words(kept)}，重算{_cell_words(fresh)}" for key, kept, fresh in unequal[:20]]})
        checks.append({"check": "rows", "faults": row_faults(cursor)})
        checks.append({"check": "receipts", "faults": ledger.receipt_faults(warehouse.folder, cursor)})
        checks.append({"check": "files", "faults": file_faults(warehouse.folder, cursor)})
    faults = sum(len(check["faults"]) for check in checks)
    lines = [f"{'✓' if not check['faults'] else '✗'} {check['check']}" + "".join(f"\n    {fault}" for fault in check["faults"]) for check in checks]
    lines.append("全部相符" if not faults else f"有{faults}處不符")
    return Answer({"sound": not faults, "checks": checks}, "\n".join(lines), DONE if not faults else REFUSED)


def _cell_words(cell: recompute.Cell) -> str:
    return "（無）" if all(value is None for value in cell) else "、".join(str(value) for value in cell if value is not None)


def _reconcile(warehouse: Warehouse, arguments: Arguments, progress: Progress) -> Answer:
    from warehouse.report import reading

    path = Path(arguments["files"][0]["path"])
    if not path.is_file():
        raise UsageError(f"找不到檔案「{arguments['files'][0]['name']}」")
    content = path.read_bytes()
    with warehouse.reading() as cursor:
        window = _window(cursor, arguments)
        rows, sums = reading.reconcile_file(cursor, content, window)
    counts: dict[str, int] = {}
    for row in rows:
        counts[row.outcome] = counts.get(row.outcome, 0) + 1
    words = {"equal": "相同", "differs": "不同", "not_computed": "未計算", "not_placed": "無法對應"}
    lines = [f"{window.label}：" + "、".join(f"{words[name]}{counts.get(name, 0)}" for name in words)]
    lines += [f"  {row.id or row.printed}：{row.sentence}" for row in rows if row.outcome != "equal"]
    lines += [f"  合計：{found.sentence}" for found in sums]
    return Answer({"rows": [row.as_json() for row in rows], "sums": [found.as_json() for found in sums]}, "\n".join(lines))


def _report(warehouse: Warehouse, arguments: Arguments, progress: Progress) -> Answer:
    from warehouse.report import checks, content, files

    quarter = period.parse_quarter_option(arguments["quarter"])
    if arguments.get("issued"):
        return _issued(warehouse, quarter)
    progress(f"整理{quarter.label}的數據與文字")
    with warehouse.reading() as cursor:
        made = content.build(cursor, quarter, as_of=arguments.get("as_of"))
        findings = checks.check(cursor, made)
    progress("寫出 .odt、.pdf、.ods、.docx")
    spooled = files.handed_over(warehouse.folder, files.rendered(made))
    document = {
        "quarter": arguments["quarter"],
        "period": {"from": made.window.iso_from, "to": made.window.iso_to, "label": made.window.label},
        "data_version": made.data_version,
        "stage": made.stage,
        "figures": len(made.said),
        "files": spooled,
        "findings": [finding.as_json() for finding in findings],
    }
    blocking = sum(finding.level == "block" for finding in findings)
    lines = [f"{made.title}（{made.window.label}，資料版本{made.data_version}，{made.stage}）", f"  登載數據{len(made.said)}項"]
    lines += [f"  {file['name']}　{file['size']:,} 位元組" for file in spooled]
    lines.append(f"  發布前檢查：須處理{blocking}項、提醒{len(findings) - blocking}項" if findings else "  發布前檢查：全部通過")
    lines += [f"    {finding.sentence}" for finding in findings[:20]]
    return Answer(document, "\n".join(lines))


def _issued(warehouse: Warehouse, quarter: period.Quarter) -> Answer:
    """The newest approved report of a quarter, as it was."""
    from warehouse.report import files, issue, steps

    with warehouse.reading() as cursor:
        approved, changes = steps.last_approved(cursor, quarter), issue.corrections(cursor, quarter)
    if approved is None:
        raise UsageError(f"{quarter.label}沒有核定過的報告；不加 --issued 可寫出草稿")
    spooled = files.handed_over(warehouse.folder, issue.issued_files(warehouse, approved))
    lines = [f"{quarter.label}報告：{steps.stage_words(approved)}，資料版本{approved.data_version}"]
    lines += [f"  {file['name']}　{file['size']:,} 位元組　SHA-256 {file['sha256'][:12]}…" for file in spooled]
    lines += [f"  核定後資料有更正，{len(changes)}項登載會變：", *(f"    {change.sentence}" for change in changes[:20])] if changes else []
    document = {
        "quarter": quarter.code,
        "data_version": approved.data_version,
        "stage": approved.stage,
        "edition": approved.edition,
        "document": approved.document,
        "approved": approved.approved.isoformat() if approved.approved else None,
        "files": spooled,
        "changes": [{"indicator": change.indicator, "period": change.period, "issued": change.issued, "now": change.now} for change in changes],
    }
    return Answer(document, "\n".join(lines))


def _sample(warehouse: Warehouse, arguments: Arguments, progress: Progress) -> Answer:
    results = samples.load_sample(warehouse, progress)
    unread = [result for result in results if result.outcome not in ("loaded", "unchanged")]
    loaded = sum(result.outcome == "loaded" for result in results)
    text = f"示範資料{len(results)}份：入庫{loaded}份、內容相同{len(results) - loaded - len(unread)}份"
    return Answer([result.as_json() for result in results], text + "".join(f"\n{_load_text(result)}" for result in unread), REFUSED if unread else DONE)


def _rebuild(warehouse: Warehouse, arguments: Arguments, progress: Progress) -> Answer:
    problems, same = rebuild(warehouse, progress)
    if problems:
        return Answer({"rebuilt": False, "problems": problems}, "無法完整重建，資料庫維持原狀：\n" + "\n".join(problems), REFUSED)
    return Answer({"rebuilt": True, "problems": [], "figures_equal": same}, "已由留存的原始檔重建" + ("，指標與重建前相同" if same else "，指標與重建前不同"))


def _backup(warehouse: Warehouse, arguments: Arguments, progress: Progress) -> Answer:
    path = warehouse.folder / "outbox" / uuid.uuid4().hex
    path.parent.mkdir(mode=0o700, exist_ok=True)
    made = back_up(warehouse, path, name=arguments["name"], progress=progress)
    lines = [f"已備份到「{made.file}」（{max(1, made.size >> 20):,}MB，到第{made.last_id}號，原始檔{made.files}份），已讀回核對"]
    return Answer({**made.as_json(), "path": str(path)}, "\n".join([*lines, *(f"  注意：{warning}" for warning in made.warnings)]))


def _restore(warehouse: Warehouse, arguments: Arguments, progress: Progress) -> Answer:
    return _restored(restore(warehouse, _archive(arguments), replace=bool(arguments.get("replace")), progress=progress))


def _archive(arguments: Arguments) -> Path:
    path = Path(arguments["files"][0]["path"])
    if not path.is_file():
        raise UsageError(f"找不到檔案「{arguments['files'][0]['name']}」")
    return path


def _restored(made: Restored) -> Answer:
    lines = [f"已由{made.made_at[:10]}的備份還原（到第{made.last_id}號，原始檔{made.files}份）"]
    lines += [f"  原來的資料移到資料夾裡的「{made.aside}」"] if made.aside else []
    return Answer(made.as_json(), "\n".join([*lines, *(f"  注意：{warning}" for warning in made.warnings)]))


def _doctor(warehouse: Warehouse, arguments: Arguments, progress: Progress) -> Answer:
    return _examined(examine(warehouse, progress))


def _examined(items: list[Item]) -> Answer:
    marks = {"ok": "✓", "note": "！", "fault": "✗"}
    lines = [f"{marks[item.state]} {item.words}" for item in items]
    sound = all(item.state != "fault" for item in items)
    return Answer({"sound": sound, "items": [item.as_json() for item in items]}, "\n".join(lines), DONE if sound else REFUSED)


def without_database(folder: Path, name: str, arguments: Arguments, why: Unavailable, progress: Progress = lambda _: None) -> Answer:
    """The commands that go on where the database cannot be opened; the others say why not."""
    try:
        if name == "rebuild":
            return Answer(*rebuild_offline(folder, progress))
        if name == "restore":
            return _restored(restore_offline(folder, _archive(arguments), replace=bool(arguments.get("replace")), progress=progress))
        if name == "doctor":
            return _examined([*surroundings(folder), Item("database", "fault", str(why))])
    except Exception as error:  # as in `run`
        return failure(error)
    return failure(why)


def _version(cursor: Any) -> int:
    row = cursor.execute("select coalesce(max(version), 0) from ledger.version").fetchone()
    return int(row[0])


_COMMANDS: dict[str, Callable[[Warehouse, Arguments, Progress], Answer]] = {
    "load": _load,
    "form": _form,
    "undo": _undo,
    "batches": _batches,
    "review": _review,
    "close": _close,
    "reopen": _reopen,
    "indicators": _indicators,
    "trace": _trace,
    "series": _series,
    "check": _check,
    "reconcile": _reconcile,
    "report": _report,
    "sample": _sample,
    "rebuild": _rebuild,
    "backup": _backup,
    "restore": _restore,
    "doctor": _doctor,
}


#: The commands there are.
NAMES = frozenset(_COMMANDS)


def as_json(document: Any) -> str:
    """One JSON document, Chinese as it is, nothing that is not JSON (no NaN)."""
    return json.dumps(document, ensure_ascii=False, allow_nan=False, indent=2)
