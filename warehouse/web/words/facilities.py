"""Words."""

WORDS: dict[str, tuple[str, str]] = {
    "page.facilities": ("設施與維護", "Facilities and maintenance"),
}
