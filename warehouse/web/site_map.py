"""Which pages there are, in the order of the navigation. A new page is one file in pages/ and one line here; tests visit all of them."""

from __future__ import annotations

#: Address (and file, and title) with the icon, by the group in the navigation under which they stand; those of "" stand in the bar itself.
PAGES: dict[str, tuple[tuple[str, str], ...]] = {
    "": (
        ("home", ":material/home:"),
        ("indicator", ":material/monitoring:"),
        ("review", ":material/checklist:"),
    ),
    "topics": (
        ("survey", ":material/reviews:"),
        ("phone", ":material/call:"),
        ("payments", ":material/payments:"),
        ("website", ":material/language:"),
        ("feedback", ":material/forum:"),
        ("activities", ":material/groups:"),
        ("facilities", ":material/home_repair_service:"),
    ),
    "report": (
        ("report", ":material/article:"),
        ("reconcile", ":material/rule:"),
    ),
    "data": (
        ("upload", ":material/upload_file:"),
        ("entry", ":material/edit_note:"),
        ("batches", ":material/history:"),
        ("duty", ":material/event_available:"),
    ),
}

#: The icon of a group in the bar.
ICONS = {"topics": ":material/category:", "report": ":material/article:", "data": ":material/database:"}

#: Every page in the order of the navigation.
NAMES: tuple[str, ...] = tuple(name for pages in PAGES.values() for name, _ in pages)

#: The page that an address without a name opens.
FIRST = NAMES[0]


def path(name: str) -> str:
    """The address of a page: /, /indicator."""
    return "/" if name == FIRST else f"/{name}"
