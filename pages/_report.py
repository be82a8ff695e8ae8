"""The quarter's report in pieces: where it stands, what was found, its texts, its pages, its files, submission and approval."""

from __future__ import annotations

import base64
from collections.abc import Callable

import streamlit as st

from pages import _data, _data_report
from pages._data import Frame
from pages._data_report import Draft, Standing
from pages._parts import Status, addressed, complaint, hash_words, heading, link, section, show
from warehouse import period
from warehouse.commands import failure
from warehouse.errors import CellError, WarehouseError
from warehouse.indicators import all_indicators
from warehouse.period import Quarter
from warehouse.report import issue
from warehouse.report.checks import Finding
from warehouse.report.differences import Piece
from warehouse.report.issue import Issue
from warehouse.report.parts import Chart, Heading, Paragraph, Part, Table
from warehouse.report.texts import GOAL, TIMES, lines
from warehouse.web import markup, say
from warehouse.web.markup import Markup, element
from warehouse.web.words import WORDS, t

_TONES = {issue.DRAFT: "neutral", issue.SUBMITTED: "neutral", issue.APPROVED: "good"}
_TYPES = {
    "odt": "application/vnd.oasis.opendocument.text",
    "pdf": "application/pdf",
    "ods": "application/vnd.oasis.opendocument.spreadsheet",
    "docx": "application/vnd.openxmlformats-officedocument.wordprocessingml.document",
}
_TAGS = {"added": "ins", "removed": "del"}

#: How many findings of a heading stand on the page; the rest in a fold.
_FIRST = 5

#: Rows of a table that the text view shows; the rest is on the page itself.
_ROWS_SHOWN = 12


# --- where it stands ----------------------------------------------------------------------------------------------------


def choose(frame: Frame) -> Quarter:
    """The title, and the quarter, by its code in the address."""
    heading(t("page.report"), t("report.lead"))
    quarters = {quarter.code: quarter for quarter in _data_report.quarters(frame)}
    with st.container(horizontal=True, key="filters", vertical_alignment="bottom"):
        code = addressed(t("report.quarter"), "quarter", list(quarters), next(iter(quarters)), lambda each: say.quarter(quarters[each]), width=220)
    return quarters[code]


def opening(quarter: Quarter) -> str:
    """Stage, version and counts; what a correction would change; then which part of the work is looked at."""
    stands = _data_report.standing(quarter)
    with st.spinner(t("report.building")):
        draft = _data_report.draft(quarter)
    show(_state(stands, draft), _corrections(stands))
    return _view()


def _state(stands: Standing, draft: Draft) -> Markup:
    report, approved = draft.report, stands.approved
    chip = Status(_stage_words(stands.newest), _TONES[stands.stage]).markup
    facts = [
        (t("report.fact.period"), say.window(report.window)),
        (t("report.fact.figures"), t("report.fact.figures.value", count=len(report.said), texts=len(draft.rewritten))),
        (t("report.fact.checks"), t("report.fact.checks.value", block=len(draft.blocking), warn=len(draft.warnings))),
        (t("report.fact.version"), t("report.fact.version.value", version=report.data_version)),
    ]
    if stands.newest and stands.stage == issue.SUBMITTED:
        facts.append((t("report.fact.submitted"), _who(stands.newest)))
    if approved and stands.stage == issue.APPROVED:
        facts.append((t("report.fact.approved.version"), t("report.fact.version.value", version=approved.data_version)))
    elif approved:
        facts.append((t("report.fact.approved"), t("report.fact.approved.value", stage=_stage_words(approved), version=approved.data_version)))
    cells = [element("div", element("dt", name), element("dd", words)) for name, words in facts]
    return element("div", element("p", chip, element("strong", t("report.title", quarter=say.quarter(report.quarter))), cls="sq-outcome"), element("dl", cells, cls="sq-report-facts"), cls="sq-panel")


def _stage_words(step: Issue | None) -> str:
    """草稿, 陳核中, 已核定（文號、日期）, with 修正版 where it is one."""
    if step is None or step.stage == issue.DRAFT:
        return t("report.stage.draft")
    edition = t("report.edition", number=step.edition) if step.edition else ""
    if step.stage == issue.SUBMITTED or step.approved is None:
        return t("report.stage.submitted") + edition
    return t("report.stage.approved", document=step.document, day=say.day(step.approved)) + edition


def _who(step: Issue) -> str:
    return t("report.who", by=step.by_name, at=say.moment(_data.taipei(step.at_utc)))


def _corrections(stands: Standing) -> Markup | None:
    """What a 修正版 of an approved report would change."""
    if not stands.approved or not stands.changes:
        return None
    rows = [[_indicator(change.indicator), change.issued, change.now] for change in stands.changes]
    headings = [t("col.indicator"), t("report.col.issued"), t("report.col.now")]
    return element(
        "div",
        element("p", t("report.corrections", count=len(rows)), cls="sq-complaint"),
        markup.table(t("report.corrections.caption"), headings, rows, numeric=[1, 2], hide_caption=True),
    )


def _indicator(name: str) -> Markup | str:
    found = all_indicators().get(name)
    return element("a", say.indicator(found), href=link("indicator", id=name), target="_blank", rel="noopener") if found else name


def _view() -> str:
    """Which part of the work: its name stands in the address."""
    names = list(VIEWS)
    told = st.query_params.get("view")
    if told in names and st.session_state.get("report_view_told") != told:
        st.session_state["report_view"] = told
    if st.session_state.get("report_view") not in names:
        st.session_state["report_view"] = names[0]
    chosen = st.segmented_control(t("report.view"), names, format_func=lambda name: t(f"report.view.{name}"), key="report_view", label_visibility="collapsed") or names[0]
    if told != chosen and (told or chosen != names[0]):
        st.query_params["view"] = chosen
    st.session_state["report_view_told"] = chosen
    return chosen


# --- checks -------------------------------------------------------------------------------------------------------------


def checks(quarter: Quarter) -> None:
    """What was found: what blocks with the way to its text, what warns with a tick and a reason."""
    draft = _data_report.draft(quarter)
    show(section(t("report.checks"), t("report.checks.note")))
    if not draft.findings:
        show(element("p", element("span", "●", cls="sq-shape", aria_hidden="true"), t("report.checks.none"), cls="sq-calm"))
    if draft.blocking:
        show(element("p", Status(t("report.level.block"), "concern").markup))
        _blocking(draft)
    if draft.warnings:
        show(element("p", Status(t("report.level.warn"), "neutral").markup, " ", t("report.warn.note"), cls="sq-note"))
        _ticks(quarter, draft)


def _blocking(draft: Draft) -> None:
    """What blocks, by the heading whose text is to be mended."""
    groups: dict[str | None, list[Finding]] = {}
    for finding in draft.blocking:
        groups.setdefault(_heading_about(draft, finding.subject), []).append(finding)
    for code, found in groups.items():
        items = [element("li", say.quoted(finding.sentence)) for finding in found]
        rest = element("details", element("summary", t("report.block.more", count=len(items) - _FIRST)), element("ul", items[_FIRST:]), cls="sq-details")
        show(element("div", element("strong", _heading(code)) if code else None, element("ul", items[:_FIRST]), rest if len(items) > _FIRST else None, cls="sq-group"))
        if code:
            st.button(t("report.mend"), key=f"mend_{code}", on_click=_go, args=("text", code))


def _heading_about(draft: Draft, subject: str) -> str | None:
    """The heading that a finding is about, or the one whose text prints the indicator."""
    known = _data_report.headings(draft)
    return subject if subject in known else next((code for code, text in draft.report.texts.items() if f"{{{subject}}}" in text), None)


def _go(view: str, code: str | None = None) -> None:
    """Turn to another part of the work: within the visit, so that nothing typed is lost."""
    st.session_state["report_view"] = view
    if code:
        st.session_state["choice_heading"] = st.session_state.setdefault("kept", {})["heading"] = code


def _ticks(quarter: Quarter, draft: Draft) -> None:
    """A tick and a reason for each warning; they stay while other parts are looked at, and are kept for good with the submission."""
    given = reasons(quarter)
    shared = st.text_input(t("report.reason.shared"), max_chars=200, key=f"shared_{quarter.code}")
    kinds = list(dict.fromkeys(finding.code for finding in draft.warnings))
    for kind in kinds:
        found = [finding for finding in draft.warnings if finding.code == kind]
        with st.expander(t("report.kind", kind=_kind(kind), count=len(found)), expanded=len(found) <= 3 or kind == kinds[0]):
            for at, finding in enumerate(found):
                key = f"{quarter.code}_{kind}_{at}_{finding.subject}"
                if say.is_english():
                    show(element("p", say.quoted(finding.sentence)))
                label = t("report.tick") if say.is_english() else markup.label(finding.sentence)
                ticked = st.checkbox(label, value=finding.key in given, key=f"tick_{key}")
                if not ticked:
                    given.pop(finding.key, None)
                    continue
                before = given.get(finding.key) or shared
                reason = st.text_input(t("report.reason"), value=before, max_chars=200, key=f"reason_{key}").strip()
                given[finding.key] = reason
                if not reason:
                    complaint(t("report.reason.missing"))


def _kind(code: str) -> str:
    return t(f"report.check.{code}") if f"report.check.{code}" in WORDS else code


def reasons(quarter: Quarter) -> dict[str, str]:
    """What was ticked in this visit: finding → reason."""
    return st.session_state.setdefault("report_reasons", {}).setdefault(quarter.code, {})


# --- texts --------------------------------------------------------------------------------------------------------------


def text(quarter: Quarter) -> None:
    """One heading's text: written on the left of the day, printed below with what differs from last quarter."""
    draft = _data_report.draft(quarter)
    headings = _data_report.headings(draft)
    show(section(t("report.text"), t("report.text.note")), _rewritten(draft, headings))
    first = next((code for code, kept in draft.report.texts.items() if kept), next(iter(headings)))
    st.session_state.setdefault("choice_heading", st.session_state.get("kept", {}).get("heading", first))
    code = addressed(t("report.heading"), "heading", list(headings), first, _heading)
    if change := draft.rewritten.get(code):
        show(element("p", t("report.heading.rewritten", by=change.by, at=_at(change.at)), cls="sq-note"))
    kept = draft.report.texts[code]
    typed = _editor(quarter, code, kept)
    _codes(draft)
    _save(quarter, code, kept, typed)
    _printed(quarter, code, typed)
    _history(quarter, code)


def _heading(code: str) -> str:
    """壹一(一)2 申辦案件流程簡化情形."""
    return f"{say.section(code)} {say.heading(code)}"


def _rewritten(draft: Draft, headings: dict[str, Heading]) -> Markup | None:
    if not draft.rewritten:
        return None
    rows = [
        [_heading(code), change.by, _at(change.at)]
        for code, change in draft.rewritten.items()
        if code in headings
    ]
    table = markup.table(t("report.rewritten"), [t("report.heading"), t("report.by"), t("report.at")], rows, hide_caption=True)
    return element("details", element("summary", t("report.rewritten.count", count=len(rows))), table, cls="sq-details")


def _at(moment: object) -> str:
    return say.moment(_data.taipei(moment))  # type: ignore[arg-type]


def _editor(quarter: Quarter, code: str, kept: str) -> str:
    """The text area. What was typed stays when another heading or part is looked at, when saving fails, and when somebody else saves meanwhile."""
    key, drafts = f"text_{quarter.code}_{code}", st.session_state.setdefault("report_drafts", {})
    base, typed = drafts.get(key, (kept, kept))
    if key not in st.session_state or st.session_state[key] == base:
        st.session_state[key] = typed if typed != base else kept
    now = st.text_area(t("report.text.area"), key=key, height=260, max_chars=20_000)
    if now == kept:
        drafts.pop(key, None)
    else:
        drafts[key] = (base if key in drafts else kept, now)
        if drafts[key][0] != kept:
            complaint(t("report.text.moved"))
        show(element("p", t("report.text.unsaved"), cls="sq-note"))
    return now


def _codes(draft: Draft) -> None:
    """A figure's code to put into the text."""
    with st.expander(t("report.codes")):
        names = list(all_indicators())
        name = st.selectbox(t("report.codes.choose"), names, format_func=lambda each: t("bracketed", words=say.indicator(all_indicators()[each]), more=each), key="report_code")
        figure = draft.report.figures[name]
        st.code(f"{{{name}}}", language=None)
        show(element("p", t("report.codes.prints", text=say.quoted(figure.text) if figure.text else t("value.none")), cls="sq-note"))
        times = say.quoted(t("list.comma").join(f"{{{word}}}" for word in TIMES))
        more = t("report.codes.more", times=times, goal=say.quoted(f"{{{name}:{GOAL}}}"), compare=f"{{compare:{name}}}")
        show(element("p", more, cls="sq-note"))


def _save(quarter: Quarter, code: str, kept: str, typed: str) -> None:
    with st.container(horizontal=True, vertical_alignment="bottom", key="report_save"):
        by = who("text")
        pressed = st.button(t("report.save"), key="save_text", type="primary", disabled=typed == kept)
    if not pressed:
        if saved := st.session_state.pop("report_saved", None):
            show(element("p", element("span", "●", cls="sq-shape", aria_hidden="true"), t("report.saved", heading=saved), cls="sq-calm", role="status"))
        return
    if not by:
        complaint(t("report.by.missing"))
        return
    try:
        _data_report.save(quarter, code, typed, by)
    except WarehouseError as error:
        complaint(say.quoted(failure(error).text))
        return
    st.session_state["report_drafts"].pop(f"text_{quarter.code}_{code}", None)
    st.session_state["report_saved"] = _heading(code)
    st.rerun()


def who(key: str) -> str:
    """The name of whoever does it, kept for the visit."""
    by = st.text_input(t("report.by"), value=st.session_state.get("by_kept", _data.user_name()), max_chars=40, key=f"by_{key}", width=260)
    st.session_state["by_kept"] = by
    return by.strip()


def _printed(quarter: Quarter, code: str, typed: str) -> None:
    with st.spinner(t("report.building")):
        made = _data_report.printing(quarter, code, typed)
    differs = any(piece.change != "same" for line in made.marked for piece in line)
    marks = st.toggle(t("report.marks", quarter=say.quarter(quarter.previous())), key="report_marks", disabled=not differs)
    parts = [_marked(line) for line in made.marked] if marks and differs else list(map(_part, made.parts))
    body = parts if lines(typed) else [element("p", t("report.text.none"), cls="sq-note")]
    show(element("h3", t("report.printed"), cls="sq-h3"), element("div", body, cls="sq-printed", lang="zh-Hant"))


def _marked(line: tuple[Piece, ...]) -> Markup:
    return element("p", [element(_TAGS[piece.change], piece.text) if piece.change in _TAGS else piece.text for piece in line])


def _part(part: Part) -> Markup:
    if isinstance(part, Heading):
        return element("h4", part.text, cls="sq-printed-heading")
    if isinstance(part, Paragraph):
        runs = [_figure(run.text, run.indicator) if run.indicator else run.text for run in part.printed]
        return element("p", element("strong", runs) if part.strong else runs, cls=f"depth{part.depth}")
    if isinstance(part, Chart):
        return element("p", t("report.part.chart", title=part.title, alt=part.alt), cls="sq-note")
    rows = [[cell.text for cell in row] for row in part.rows[:_ROWS_SHOWN]]
    return _table(part, rows)


def _figure(text: str, name: str) -> Markup:
    return element("a", text, href=link("indicator", id=name), target="_blank", rel="noopener", title=say.indicator(all_indicators()[name]), cls="sq-figure")


def _table(part: Table, rows: list[list[str]]) -> Markup:
    more = len(part.rows) - len(rows)
    note = element("p", t("report.part.more", count=more), cls="sq-note") if more > 0 else None
    return element("div", markup.table(part.title, part.columns, rows, numeric=part.numeric), note)


def _history(quarter: Quarter, code: str) -> None:
    versions = _data_report.history(quarter, code)
    with st.expander(t("report.history", count=len(versions))):
        if not versions:
            show(element("p", t("report.history.none"), cls="sq-note"))
        for version in versions:
            told = t("report.history.line", quarter=version.quarter, by=version.by_name, at=_at(version.at_utc))
            show(element("details", element("summary", told), element("pre", version.text, cls="sq-source"), cls="sq-details"))


# --- pages --------------------------------------------------------------------------------------------------------------


def preview(quarter: Quarter) -> None:
    """The pages as they will be printed, one at a time; those of a submitted or approved report as they were."""
    steps = {step.id: step for step in reversed(_data_report.standing(quarter).steps) if step.stage != issue.DRAFT}
    show(section(t("report.preview"), t("report.preview.note")))
    with st.container(horizontal=True, vertical_alignment="bottom", key="report_pages"):
        chosen = st.selectbox(
            t("report.preview.which"), [0, *steps], format_func=lambda each: _stage_words(steps[each]) if each else t("report.preview.draft"), key="report_step", width=320
        )
        with st.spinner(t("report.preview.making")):
            pictures = _data_report.pages(quarter, steps.get(chosen))
        at = min(st.session_state.get("report_page", 1), len(pictures))
        st.session_state["report_page"] = at
        st.button(t("report.preview.back"), key="page_back", disabled=at == 1, on_click=_turn, args=(-1,))
        numbers = list(range(1, len(pictures) + 1))
        at = st.selectbox(t("report.preview.page"), numbers, format_func=lambda each: t("report.preview.of", page=each, count=len(pictures)), key="report_page", width=160)
        st.button(t("report.preview.next"), key="page_next", disabled=at == len(pictures), on_click=_turn, args=(1,))
    coded = base64.b64encode(pictures[at - 1]).decode()
    show(element("img", src=f"data:image/png;base64,{coded}", alt=t("report.preview.alt", page=at, count=len(pictures)), cls="sq-page"))


def _turn(by: int) -> None:
    st.session_state["report_page"] += by


# --- files --------------------------------------------------------------------------------------------------------------


def files(quarter: Quarter) -> None:
    """The draft as files, written when asked for; what was submitted or approved, byte for byte as it was."""
    show(section(t("report.files"), t("report.files.note")))
    stands = _data_report.standing(quarter)
    wanted = (quarter.code, _data_report.mark(), st.session_state["data_version"])
    if st.button(t("report.files.make"), key="make_files", icon=":material/article:"):
        st.session_state["report_files"] = wanted
    if st.session_state.get("report_files") == wanted:
        with st.spinner(t("report.files.making")):
            made = _data_report.drafted_files(quarter)
        _downloads(made, "draft")
    for step in reversed(stands.steps):
        if step.stage == issue.DRAFT or not step.files:
            continue
        show(element("h3", _stage_words(step), cls="sq-h3"), element("p", t("report.files.kept", who=_who(step), version=step.data_version), cls="sq-note"))
        try:
            _downloads(_data_report.issued_files(step), f"step_{step.id}")
        except WarehouseError as error:
            complaint(say.quoted(failure(error).text))
        hashes = [[name, hash_words(sha256)] for name, sha256 in step.files.items()]
        show(markup.table(t("report.files.hashes"), [t("report.files.name"), "SHA-256"], hashes, hide_caption=True))


def _downloads(made: dict[str, bytes], key: str) -> None:
    with st.container(horizontal=True, key=f"downloads_{key}"):
        for name, content in made.items():
            kind = name.rpartition(".")[2]
            size = f"{max(1, len(content) // 1000):,}"
            st.download_button(
                t("report.files.download", kind=kind, size=size), content, name, _TYPES[kind], icon=":material/download:", on_click="ignore", key=f"get_{key}_{kind}"
            )


# --- submission and approval --------------------------------------------------------------------------------------------


def steps(quarter: Quarter) -> None:
    """陳核, 退回, 核定, 修正版; and every step that was taken."""
    stands = _data_report.standing(quarter)
    show(section(t("report.steps"), t("report.steps.note")))
    if stands.stage == issue.SUBMITTED:
        _approval(quarter)
        _sending_back(quarter)
    else:
        _submission(quarter, stands)
    _steps_taken(stands)


def _submission(quarter: Quarter, stands: Standing) -> None:
    draft = _data_report.draft(quarter)
    if stands.approved and not _data_report.differs(stands):
        show(element("p", element("span", "●", cls="sq-shape", aria_hidden="true"), t("report.correction.none"), cls="sq-calm"))
        return
    given = reasons(quarter)
    unanswered = [finding for finding in draft.warnings if not given.get(finding.key)]
    if draft.blocking or unanswered:
        with st.container(horizontal=True, vertical_alignment="center", key="submit_blocked"):
            show(element("p", t("report.submit.blocked", block=len(draft.blocking), warn=len(unanswered)), cls="sq-note"))
            st.button(t("report.submit.look"), key="look", on_click=_go, args=("checks",))
    with st.form("submit_report"):
        by = who("submit")
        reason = st.text_input(t("report.correction.reason"), max_chars=200, key="correction_reason") if stands.approved else ""
        label = t("report.submit.correction") if stands.approved else t("report.submit")
        pressed = st.form_submit_button(label, type="primary", disabled=bool(draft.blocking or unanswered))
    if pressed and _named(by):
        current = {finding.key for finding in draft.warnings}
        accepted = {key: words for key, words in given.items() if key in current}
        _do(t("report.submitting"), lambda: _data_report.submit(quarter, by, accepted, reason))


def _approval(quarter: Quarter) -> None:
    with st.form("approve_report"):
        document = st.text_input(t("report.document"), max_chars=60, key="document", placeholder=t("report.document.example"))
        typed = st.text_input(t("report.approved_on"), value=say.day(_data_report.today()), max_chars=20, key="approved_on", width=260)
        by = st.text_input(t("report.approved_by"), max_chars=40, key="approved_by", width=260).strip()
        pressed = st.form_submit_button(t("report.approve"), type="primary")
    if not pressed:
        return
    try:
        day = period.parse_date(typed).value
    except CellError:
        complaint(t("report.approved_on.wrong"))
        return
    if not document.strip():
        complaint(t("report.document.missing"))
    elif _named(by):
        _do(t("report.approving"), lambda: _data_report.approve(quarter, document, day, by))


def _sending_back(quarter: Quarter) -> None:
    with st.expander(t("report.send_back"), icon=":material/undo:"), st.form("send_back_report", border=False):
        by = who("send_back")
        reason = st.text_input(t("report.send_back.reason"), max_chars=200, key="send_back_reason")
        pressed = st.form_submit_button(t("report.send_back"))
    if not pressed:
        return
    if not reason.strip():
        complaint(t("report.send_back.missing"))
    elif _named(by):
        _do(t("report.sending_back"), lambda: _data_report.send_back(quarter, by, reason))


def _named(by: str) -> bool:
    if not by:
        complaint(t("report.by.missing"))
    return bool(by)


def _do(words: str, work: Callable[[], object]) -> None:
    """A step; what stands in its way is said, and nothing typed is lost."""
    try:
        with st.spinner(words):
            work()
    except WarehouseError as error:
        complaint(say.quoted(failure(error).text))
        return
    st.rerun()


def _steps_taken(stands: Standing) -> None:
    if not stands.steps:
        show(element("p", t("report.steps.none"), cls="sq-note"))
        return
    rows = [
        [_at(step.at_utc), _stage_words(step), step.by_name, step.data_version, say.quoted(step.reason or ""), _accepted(step), element("span", say.quoted(t("list.semicolon").join(step.changes)))]
        for step in reversed(stands.steps)
    ]
    names = ("at", "stage", "by", "version", "reason", "accepted", "changes")
    show(markup.table(t("report.steps.caption", count=len(rows)), [t(f"report.col.{name}") for name in names], rows, numeric=[3], cls="tall"))


def _accepted(step: Issue) -> Markup | str:
    if not step.accepted:
        return ""
    items = [element("li", t("named", name=_kind(key.partition(":")[0]), words=reason)) for key, reason in step.accepted.items()]
    return element("details", element("summary", t("report.accepted", count=len(items))), element("ul", items), cls="sq-details")


#: The parts of the work, by their names in the address.
VIEWS: dict[str, Callable[[Quarter], None]] = {"checks": checks, "text": text, "preview": preview, "files": files, "steps": steps}
