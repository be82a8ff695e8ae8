"""The page of the website in pieces: summary, visits against the counter, checks and badge, days to post, online services."""

from __future__ import annotations

from datetime import date

import streamlit as st

from pages import _data, _data_website, _topic
from pages._data import Choice
from pages._parts import Status, bare, section, show
from pages._topic import Cell, Month
from warehouse.scorecard import Figure
from warehouse.topics.website import BADGE_YEARS, Badge, Check, Posting, Reading, Website
from warehouse.web import say
from warehouse.web.markup import Markup, element
from warehouse.web.words import t

TABLES = ("web_traffic_monthly", "web_check", "update_log")
CHECKED = (
    "link_check_count",
    "link_check_errors",
    "accessibility_check_frequency",
    "accessibility_pass_rate",
    "page_review_monthly",
    "update_on_time_admin_rule",
    "update_days_admin_rule",
    "update_on_time_regulation",
    "update_days_regulation",
    "website_visits",
    "website_visits_cumulative",
)
ONLINE = (
    "mailbox_public_opinion",
    "mailbox_obligor_statement",
    "mailbox_total",
    "web_items_total",
    "downloadable_forms",
    "web_service_hours",
    "ecert_epayment_count",
    "ecert_eorder_count",
    "exec_certificate_batches",
    "exec_certificate_cases",
    "edoc_exchange_orders",
)


#: The columns of a list of checks that count.
_COUNTS = (2, 3, 5)


def page(choice: Choice) -> None:
    """The whole page."""
    title = t("website.title", period=_topic.span(choice))
    if not _data.tables_in((*TABLES, "edoc_monthly", "feedback_case"), choice):
        _topic.head(title, [])
        _topic.nothing((*TABLES, "edoc_monthly", "feedback_case"), choice)
        return
    site, figures = _data_website.answer(choice), _data.dated(CHECKED, choice)
    _topic.head(title, _lead(site, {name: dated.figure for name, dated in figures.items()}))
    _topic.attention([*_concerns(site), *_topic.missed(figures)], _topic.untold(TABLES, choice))
    show(section(t("topic.figures")))
    _topic.figures(t("website.figures"), figures, choice, "website_figures")
    _visits(site, choice)
    _checks(site, choice)
    _postings(site, choice)
    show(section(t("website.online")))
    _topic.figures(t("website.online.table"), _data.dated(ONLINE, choice), choice, "website_online", hide_caption=True)


def _lead(site: Website, figures: dict[str, Figure]) -> list[str]:
    found = []
    if site.readings:
        visits, total = (bare(figures[name].value) for name in ("website_visits", "website_visits_cumulative"))
        found.append(t("website.lead.visits", visits=visits, total=total))
    if figures["link_check_count"].value is not None:
        failed = figures["link_check_errors"].value
        found.append(t("website.lead.links", checks=bare(figures["link_check_count"].value), failed=bare(failed)))
    if limited := [posting for posting in site.postings if posting.limit is not None]:
        found.append(t("website.lead.posted", count=len(limited), late=len(site.late)))
    if site.badge:
        key = "website.lead.badge" if site.badge.days_left >= 0 else "website.lead.badge_over"
        found.append(t(key, until=say.day(site.badge.until), days=f"{abs(site.badge.days_left):,}"))
    return found


def _concerns(site: Website) -> list[tuple[Status, str | Markup, str | Markup]]:
    found: list[tuple[Status, str | Markup, str | Markup]] = []
    for check in site.broken:
        if check.cleared is None:
            what = t("website.broken", day=say.day(check.day), kind=t(f"website.kind.{check.kind}"), failed=check.failed)
            found.append((Status(t("website.broken.word"), "concern"), what, say.quoted(check.note or "")))
    word = Status(t("website.late.word"), "concern")
    found += [(word, t("website.late", title=_title(late), kind=t(f"website.rule.{late.kind}")), _took(late)) for late in site.late]
    for reading in site.readings:
        if reading.outcome == "reset" and reading.last is not None:
            detail = t("website.counter.reset", reading=f"{reading.reading:,}", last=f"{reading.last:,}")
            found.append((Status(t("website.outcome.reset"), "neutral"), t("website.counter.off", month=say.month(reading.month)), detail))
        if reading.outcome == "differs" and reading.difference is not None:
            gap = f"{abs(reading.difference - reading.visits):,}"
            detail = t("website.counter.detail", difference=f"{reading.difference:,}", visits=f"{reading.visits:,}", gap=gap)
            found.append((Status(t("website.counter.word"), "concern"), t("website.counter.off", month=say.month(reading.month)), detail))
    return [*_badge_concern(site), *found]


def _badge_concern(site: Website) -> list[tuple[Status, str | Markup, str | Markup]]:
    badge = site.badge
    if badge is None or site.today < badge.reapply_from:
        return []
    word = Status(t("website.badge.word"), "concern") if badge.days_left < 0 else Status(t("website.badge.soon"), "neutral")
    return [(word, t("website.badge.line", until=say.day(badge.until)), _days_left(badge))]


def _days_left(badge: Badge) -> str:
    key = "website.badge.days" if badge.days_left >= 0 else "website.badge.over"
    return t(key, days=f"{abs(badge.days_left):,}")


def _title(posting: Posting) -> str | Markup:
    return say.quoted(posting.title) if posting.title else t("website.untitled")


def _took(posting: Posting) -> str:
    return t("website.late.detail", promulgated=say.day(posting.promulgated), posted=say.day(posting.posted), days=posting.days, limit=posting.limit)


# --- visits -------------------------------------------------------------------------------------------------------------


def _visits(site: Website, choice: Choice) -> None:
    show(section(t("website.visits"), t("website.visits.note")))
    if not site.readings:
        _topic.absent("web_traffic_monthly", choice)
        return
    _topic.month_columns(_data.months(["website_visits"], choice)["website_visits"], t("website.visits"), t("topic.unit.visits"), "visits")
    checked = [reading for reading in site.readings if reading.outcome != "unchecked"]
    agrees = sum(reading.outcome == "agrees" for reading in checked)
    how = "none" if not checked else "all" if agrees == len(checked) else "some"
    show(element("p", t(f"website.counter.{how}", count=len(checked), agrees=agrees, off=len(checked) - agrees), cls="sq-finding"))
    headings = [t("col.month"), *(t(f"website.col.{name}") for name in ("visits", "reading", "difference", "outcome"))]
    by_month = {reading.month: reading for reading in site.readings}
    rows = [_reading(month, by_month.get(month)) for month in choice.window.months] if choice.window else []
    _topic.listing(t("website.counter"), headings, rows, choice, "website_counter", most=len(rows), numeric=range(1, 4))


def _reading(month: date, reading: Reading | None) -> list[Cell]:
    if reading is None:
        return [Month(month), t("value.none"), None, None, None]
    return [Month(month), reading.visits, reading.reading, reading.difference, _outcome(reading)]


def _outcome(reading: Reading) -> Status:
    tone = {"agrees": "good", "differs": "concern"}.get(reading.outcome, "neutral")
    return Status(t(f"website.outcome.{reading.outcome}"), tone)


# --- checks and badge ---------------------------------------------------------------------------------------------------


def _checks(site: Website, choice: Choice) -> None:
    show(section(t("website.checks")))
    _badge(site)
    if not site.checks:
        _topic.absent("web_check", choice)
        return
    still = sum(check.cleared is None for check in site.broken)
    if site.broken:
        finding = t("website.checks.found", count=len(site.checks), broken=len(site.broken), open=still)
    else:
        finding = t("website.checks.clear", count=len(site.checks))
    show(element("p", finding, cls="sq-finding"))
    headings = [t(f"website.col.{name}") for name in ("kind", "checks", "failed", "still", "newest", "tested", "note")]
    kinds: list[list[Cell]] = [
        [t(f"website.kind.{each.kind}"), each.count, each.failed, each.still, each.newest.day, each.newest.tested, each.newest.note]
        for each in site.by_check
    ]
    _topic.listing(t("website.checks.by_kind"), headings, kinds, choice, "website_checks_by_kind")
    headings = [t(f"website.col.{name}") for name in ("day", "kind", "tested", "failed", "cleared", "days_open", "note")]
    broken, every = [_check(check) for check in site.broken], [_check(check) for check in site.checks]
    if broken:
        _topic.listing(t("website.checks.broken"), headings, broken, choice, "website_broken", numeric=_COUNTS)
    with st.expander(t("website.checks.list"), key="checks"):
        _topic.listing(t("website.checks.list"), headings, every, choice, "website_checks", most=40, numeric=_COUNTS, hide_caption=True)


def _check(check: Check) -> list[Cell]:
    return [check.day, t(f"website.kind.{check.kind}"), check.tested, check.failed, check.cleared, check.days_open, check.note]


def _badge(site: Website) -> None:
    badge = site.badge
    if badge is None:
        show(element("p", t("website.badge.none"), cls="sq-calm none"))
        return
    words = [word.markup for word, _, _ in _badge_concern(site)]
    facts = t(
        "website.badge.facts",
        obtained=say.day(badge.obtained),
        years=BADGE_YEARS,
        until=say.day(badge.until),
        reapply=say.day(badge.reapply_from),
        today=say.day(site.today),
    )
    show(
        element(
            "div",
            element("h3", t("website.badge"), cls="sq-h3"),
            element("p", element("span", _days_left(badge), cls="sq-number-small"), *([" ", *words] if words else [])),
            element("p", facts, cls="sq-note"),
            cls="sq-panel",
        )
    )


# --- postings -----------------------------------------------------------------------------------------------------------


def _postings(site: Website, choice: Choice) -> None:
    show(section(t("website.postings"), t("website.postings.note")))
    if not site.postings:
        _topic.absent("update_log", choice)
        return
    limited = sum(posted.count for posted in site.by_kind if posted.limit is not None)
    findings = [t("website.postings.late" if site.late else "website.postings.good", count=limited, late=len(site.late))] if limited else []
    if site.widest_gap is not None:
        findings.append(t("website.postings.gap", days=site.widest_gap))
    show(element("p", say.sentences(*findings), cls="sq-finding"))
    headings = [t(f"website.col.{name}") for name in ("rule", "count", "within", "longest", "limit")]
    kinds: list[list[Cell]] = [
        [t(f"website.rule.{posted.kind}"), posted.count, posted.within if posted.limit is not None else None, posted.longest, posted.limit]
        for posted in site.by_kind
    ]
    _topic.listing(t("website.postings.table"), headings, kinds, choice, "website_postings_by_kind")
    headings = [t(f"website.col.{name}") for name in ("title", "rule", "promulgated", "posted", "days", "in_time")]
    if site.late:
        _topic.listing(t("website.postings.late_list"), headings, [_posting(late) for late in site.late], choice, "website_postings_late", most=50)
    with st.expander(t("website.postings.list"), key="postings"):
        _topic.listing(t("website.postings.list"), headings, [_posting(each) for each in site.postings], choice, "website_postings", most=30, hide_caption=True)


def _posting(posting: Posting) -> list[Cell]:
    word = Status(t("website.late.word"), "concern") if posting.late else Status(t("website.in_time"), "good")
    if posting.limit is None:
        word = Status(t("website.no_limit"), "neutral")
    return [_title(posting), t(f"website.rule.{posting.kind}"), posting.promulgated, posting.posted, posting.days, word]
