"""Words of the screen of payments."""

WORDS: dict[str, tuple[str, str]] = {"page.payments": ("案款代收", "Payments")}
