"""Upload in pieces: choose, check, confirm, receipt, undo."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from functools import partial
from typing import Any

import streamlit as st

from pages import _data
from pages._data import Upload
from pages._parts import Status, complaint, hash_words, heading, link, rules, section, show
from pages._receipts import TONES, encoding, facts_table, findings, impact_table, months, questions, take_back, taken_back, ticks
from warehouse.errors import UsageError
from warehouse.load import LoadResult
from warehouse.screen import year_option
from warehouse.web import markup, say
from warehouse.web.jobs import Steps
from warehouse.web.markup import Markup, element
from warehouse.web.words import t

#: How many changed indicators stand in the receipt.
_FIRST_IN_RECEIPT = 3

#: How many files at once.
_MOST_FILES = 60


# --- the three steps ----------------------------------------------------------------------------------------------------


def lead(step: int) -> None:
    """What the page is for, where one stands, and that personal data stay out."""
    batch = _releasing()
    heading(t("page.upload"), t("upload.lead.release", link=_to(batch)) if batch else t("upload.lead"))
    stages = [
        element(
            "div",
            element("small", t("upload.step", number=number)),
            t(f"upload.step{number}"),
            cls=f"sq-stage {_stage(number, step)}",
            aria_current="step" if number == step else None,
        )
        for number in (1, 2, 3)
    ]
    show(element("div", stages, cls="sq-steps"), element("p", t("upload.privacy"), cls="sq-privacy", role="note"))


def _stage(number: int, step: int) -> str:
    return "now" if number == step else "done" if number < step else ""


def step() -> int:
    """Where the visitor stands: 1 choose, 2 check, 3 confirm, 4 receipt."""
    if "receipt" in st.session_state:
        return 4
    several = st.session_state.get("several")
    if several is not None and several.loading:
        return 3
    return 3 if several or "checked" in st.session_state else 2 if st.session_state.get(_uploader_key()) else 1


def choose() -> list[Upload]:
    """Step 1: the files, who gives them, and how to read them if they were read wrongly. Nothing while something of it is amiss.

    The widget takes any name: what a file is its content decides, and the loader says so in Chinese; the widget's own filter speaks English.
    """
    with st.container(border=True, key="choose"):
        files = st.file_uploader(t("upload.file"), key=_uploader_key(), help=t("upload.file.help"), accept_multiple_files=True)
        by = st.text_input(t("upload.by"), value=st.session_state.get("by_kept", _data.user_name()), max_chars=40, key="by", width=260)
        with st.expander(t("upload.options")):
            titles = {"": t("upload.dataset.auto"), **_data.dataset_titles()}
            dataset = st.selectbox(t("upload.dataset"), list(titles), format_func=titles.__getitem__, key="dataset")
            year = st.text_input(t("upload.year"), max_chars=4, key="year", width=260).strip()
            hold = st.checkbox(t("upload.hold"), key="hold")
            reason = st.text_input(t("upload.hold.reason"), max_chars=200, key="hold_reason") if hold else ""
    st.session_state["by_kept"] = by
    try:
        chosen_year = year_option(year or None)
    except UsageError:
        complaint(t("upload.year.wrong"))
        return []
    if len(files) > _MOST_FILES:
        complaint(t("upload.too_many_files", most=_MOST_FILES, count=len(files)))
        return []
    uploads = [Upload(file.name, file.getvalue(), by.strip(), dataset or None, chosen_year, hold, reason.strip() or None, _releasing()) for file in files]
    return uploads if all(map(_is_ready, uploads)) else []


def _releasing() -> int | None:
    """The batch whose held rows are brought mended, where the address names one (`?release=7`)."""
    told = st.query_params.get("release", "")
    return int(told) if told.isdecimal() and len(told) < 10 else None


def _to(batch: int) -> Markup:
    return element("a", t("trace.number", id=batch), href=link("batches", entry=str(batch)))


def _is_ready(upload: Upload) -> bool:
    if not upload.by:
        complaint(t("upload.by.missing"))
    elif upload.hold and not upload.reason:
        complaint(t("upload.hold.missing"))
    elif upload.too_many:
        complaint(t("upload.too_many", file=upload.name, rows=f"{upload.too_many:,}"))
    else:
        return True
    return False


# --- one file -----------------------------------------------------------------------------------------------------------


def one(upload: Upload | None) -> None:
    """Steps 2 and 3 of a single file."""
    checked = _check(upload)
    if upload is not None and checked is not None:
        _result(upload, checked)
        if confirmed(upload, checked):
            _commit(upload, checked)


def _check(upload: Upload | None) -> LoadResult | None:
    """What the file would do. The answer stays until file or settings change."""
    pressed = st.button(t("upload.check"), key="check", type="secondary" if "checked" in st.session_state else "primary", disabled=upload is None)
    if upload is None:
        st.session_state.pop("checked", None)
        return None
    if pressed:
        with st.spinner(t("upload.checking")):
            checked = _data.check(upload)
        st.session_state["checked"] = (upload.key, checked)
        st.session_state["mended"] = _mended(checked)
        st.rerun()
    key, checked = st.session_state.get("checked", (None, None))
    if checked is not None and key != upload.key:
        show(element("p", t("upload.stale"), cls="sq-note"))
        return None
    return checked


def _mended(checked: LoadResult) -> tuple[int, int] | None:
    """How many findings of the last try of this dataset are gone, and how many are left; None where there was no try with findings."""
    tries = st.session_state.setdefault("tries", {})
    found = Counter((item.code, item.row, item.column) for item in checked.findings if item.level in ("file", "row"))
    before = tries.get(checked.dataset)
    if checked.dataset:
        tries[checked.dataset] = found
    return ((before - found).total(), found.total()) if before else None


def _result(upload: Upload, checked: LoadResult) -> None:
    """What was understood, what was found, which figures would change."""
    mended = st.session_state.get("mended")
    show(
        section(t("upload.result")),
        _outcome(checked),
        element("p", t("upload.mended", mended=mended[0], left=mended[1]), cls="sq-note") if mended else None,
        element("h3", t("upload.understood"), cls="sq-h3"),
        _facts(checked),
    )
    findings(_data.finding_rows(item for item in checked.findings if item.level != "ask"), "check", _correction(upload, checked))
    if checked.outcome in ("dry_run", "needs_confirmation"):
        show(impact_table(checked.impact, "upload.impact"))


def _outcome(checked: LoadResult) -> Markup:
    """The result in a word, and what it means."""
    words = t(f"upload.explain.{checked.outcome}", id=checked.batch) if checked.outcome == "unchanged" else t(f"upload.explain.{checked.outcome}")
    chip = Status(t(f"upload.outcome.{checked.outcome}"), TONES[checked.outcome]).markup
    return element("div", chip, element("span", words), cls="sq-outcome", role="status")


def _correction(upload: Upload, checked: LoadResult) -> Callable[[], bytes] | None:
    """What makes the correction workbook when it is asked for; None where nothing stands in a row."""
    return partial(_data.correction, upload, checked) if any(item.row for item in checked.findings) else None


def confirmed(upload: Upload, checked: LoadResult) -> bool:
    """Step 3: each question with its tick under it, then the button; whether it was pressed."""
    if checked.outcome not in ("dry_run", "needs_confirmation"):
        return False
    ticked = ticks(checked)
    st.session_state["ticked"] = ticked
    open_questions = len(questions(checked)) - len(ticked)
    if open_questions:
        show(element("p", t("upload.confirm.first", count=open_questions), cls="sq-note"))
    return st.button(t("upload.confirm"), key="confirm", type="primary", disabled=bool(open_questions))


def _commit(upload: Upload, checked: LoadResult) -> None:
    """The load, which no further click can end or double."""
    with st.spinner(t("upload.loading")):
        done = _data.commit(upload, checked, st.session_state["ticked"])
    if done.outcome in ("loaded", "unchanged"):
        st.session_state["receipt"] = done
        st.session_state.pop("checked", None)
    else:
        st.session_state["checked"] = (upload.key, done)
    st.rerun()


# --- several files ------------------------------------------------------------------------------------------------------


@dataclass
class Several:
    """Several files on their way: first their checks, then their loads."""

    uploads: list[Upload]
    checks: Steps
    loads: Steps | None = None

    @property
    def key(self) -> list[object]:
        """What makes it stale when it changes."""
        return [upload.key for upload in self.uploads]

    @property
    def loading(self) -> bool:
        """Whether the loads have begun."""
        return self.loads is not None

    @property
    def under_way(self) -> Steps | None:
        """The work that runs now, if any does."""
        current = self.loads or self.checks
        return None if current.done else current


def are_loading() -> bool:
    """Whether several files are being loaded, or were and nothing new has been begun."""
    known = st.session_state.get("several")
    return known is not None and known.loading


def several(uploads: list[Upload]) -> None:
    """Steps 2 and 3 of several files: checked together, each with its questions, loaded together; what cannot be loaded stands in nobody's way."""
    known: Several | None = st.session_state.get("several")
    begun = known is not None and known.loading
    if not begun and st.button(t("upload.check.several", count=len(uploads)), key="check", type="secondary" if known else "primary"):
        st.session_state["several"] = Several(uploads, _data.check_all(uploads))
        st.rerun()
    if known is None:
        return
    if not begun and known.key != [upload.key for upload in uploads]:
        show(element("p", t("upload.stale"), cls="sq-note"))
    elif known.under_way:
        _progress()
    elif known.loads is None:
        _several_checked(known)
    else:
        _several_loaded(known)


@st.fragment(run_every=1)
def _progress() -> None:
    """How far the work is; it goes on whatever the visitor does."""
    known: Several = st.session_state["several"]
    steps = known.under_way
    if steps is None:
        st.rerun()
    count = len(steps.answers)
    words = t(
        "upload.progress.load" if known.loading else "upload.progress.check",
        done=count,
        total=steps.total,
        file=known.uploads[min(count, steps.total - 1)].name,
    )
    st.progress(count / steps.total, text=markup.label(words))


def _several_checked(known: Several) -> None:
    results: list[LoadResult] = known.checks.answers
    show(section(t("upload.result")), _several_table(results))
    accepted: list[frozenset[str]] = []
    for at, (upload, checked) in enumerate(zip(known.uploads, results, strict=True)):
        if checked.outcome == "dry_run" and not checked.findings:
            accepted.append(frozenset())
            continue
        name = markup.label(t("upload.several.fold", number=at + 1, file=checked.file, outcome=t(f"upload.outcome.{checked.outcome}")))
        with st.expander(name, expanded=checked.outcome == "needs_confirmation", key=f"several_{at}_{checked.sha256[:12]}"):
            show(_outcome(checked), _facts(checked))
            findings(
                _data.finding_rows(item for item in checked.findings if item.level != "ask"),
                f"several_{at}",
                _correction(upload, checked),
                quiet=True,
            )
            accepted.append(ticks(checked))
    ready = [
        at
        for at, (checked, ticked) in enumerate(zip(results, accepted, strict=True))
        if checked.outcome in ("dry_run", "needs_confirmation") and ticked.issuperset(questions(checked))
    ]
    if len(ready) < len(results):
        show(element("p", t("upload.several.left", count=len(results) - len(ready)), cls="sq-note"))
    if st.button(t("upload.confirm.several", count=len(ready)), key="confirm", type="primary", disabled=not ready):
        known.uploads = [known.uploads[at] for at in ready]
        known.loads = _data.commit_all(known.uploads, [results[at] for at in ready], [accepted[at] for at in ready])
        st.rerun()


def _several_loaded(known: Several) -> None:
    assert known.loads is not None
    results: list[LoadResult] = known.loads.answers
    show(section(t("receipt.title")), _several_table(results))
    for at, done in enumerate(results):
        if done.findings and done.outcome not in ("loaded", "unchanged"):
            show(element("h3", done.file, cls="sq-h3"))
            findings(_data.finding_rows(done.findings), f"loaded_{at}")
    another()


def _several_table(results: Sequence[LoadResult]) -> Markup:
    headings = [t(f"upload.fact.{name}") for name in ("file", "dataset", "months")] + [
        t("upload.col.outcome"),
        t("upload.fact.rows"),
        t("trace.col.batch"),
    ]
    rows = [
        [
            element("span", done.file, cls="wide"),
            _data.dataset_title(done.dataset) if done.dataset else t("upload.fact.dataset.none"),
            months(done.months) or t("value.dash"),
            Status(t(f"upload.outcome.{done.outcome}"), TONES[done.outcome]).markup,
            f"{done.read:,}",
            element("a", t("trace.number", id=done.batch), href=link("batches", entry=str(done.batch))) if done.batch else t("value.dash"),
        ]
        for done in results
    ]
    return markup.table(t("upload.several.table", count=len(results)), headings, rows, numeric=[4])


# --- the receipt --------------------------------------------------------------------------------------------------------


def receipt() -> None:
    """上傳回條: what was written, under which number, and how to take it back. Short, so that it stands on one screen."""
    done: LoadResult = st.session_state["receipt"]
    undone = taken_back(done.batch)
    show(
        section(t("receipt.title")),
        element(
            "div",
            Status(t(f"upload.outcome.{done.outcome}"), TONES[done.outcome]).markup,
            element("strong", t("receipt.number", id=done.batch)),
            cls="sq-outcome",
            role="status",
        ),
        element("p", element("span", "■", cls="sq-shape", aria_hidden="true"), t("receipt.undone", undone=undone.undone, id=undone.id), cls="sq-calm")
        if undone
        else None,
        _facts(done),
    )
    another()
    if done.outcome == "loaded":
        shown, words = (undone.impact, "upload.impact.undone") if undone else (done.impact, "upload.impact.done")
        show(impact_table(shown, words, _FIRST_IN_RECEIPT))
    if done.findings:
        findings(_data.finding_rows(done.findings), "receipt")
    if undone is None and done.outcome == "loaded" and done.batch is not None:
        take_back(done.batch)


def another() -> None:
    """The way on: to the figures, or to the next file."""
    with st.container(horizontal=True, vertical_alignment="center", key="next"):
        pressed = st.button(t("upload.another"), key="another", type="primary")
        show(element("p", element("a", t("upload.next"), href="."), cls="sq-note"))
    if pressed:
        for name in ("receipt", "checked", "undone", "several", "mended"):
            st.session_state.pop(name, None)
        st.query_params.pop("release", None)
        st.session_state["round"] = st.session_state.get("round", 0) + 1
        st.rerun()


def templates() -> None:
    """The empty file of every dataset."""
    titles = _data.dataset_titles()
    with st.expander(t("upload.templates")):
        name = st.selectbox(t("upload.template.choose"), list(titles), format_func=titles.__getitem__, key="template", width=420)
        show(element("p", t("upload.template.columns", list=say.quoted(t("list.comma").join(_data.template_columns(name)))), cls="sq-note"))
        st.download_button(
            t("upload.template.download"), _data.template(name), f"{titles[name]}.csv", "text/csv", icon=":material/download:", on_click="ignore"
        )


def _uploader_key() -> str:
    return f"file_{st.session_state.get('round', 0)}"


# --- what a load was ----------------------------------------------------------------------------------------------------


def _facts(done: LoadResult) -> Markup:
    ignored = sum(done.ignored.values())
    counts = {"read": f"{done.read:,}", "loaded": f"{done.loaded:,}", "held": f"{done.held:,}", "ignored": f"{ignored:,}"}
    rows = (
        t({"loaded": "upload.rows.loaded", "refused": "upload.rows.refused"}.get(done.outcome, "upload.rows"), **counts)
        if done.read
        else t("value.none")
    )
    kinds = element("span", t("upload.rows.rules", list=rules(done.ignored)), cls="sq-note") if ignored else None
    facts: list[tuple[str, Any]] = [
        ("file", say.quoted(done.file)),
        ("dataset", say.dataset(done.dataset) if done.dataset else t("upload.fact.dataset.none")),
        ("encoding", encoding(done.encoding)),
        ("months", months(done.months) or t("value.none")),
        ("sites", t("list.comma").join(map(say.site, done.sites)) or t("value.none")),
        ("rows", markup.join([rows, element("br") if kinds else None, kinds])),
        ("hash", hash_words(done.sha256)),
    ]
    return facts_table(t("upload.understood"), [(t(f"upload.fact.{name}"), words) for name, words in facts if words])
