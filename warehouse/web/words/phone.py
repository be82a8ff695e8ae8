"""Words of the screen of telephone courtesy."""

WORDS: dict[str, tuple[str, str]] = {"page.phone": ("電話禮貌", "Telephone courtesy")}
