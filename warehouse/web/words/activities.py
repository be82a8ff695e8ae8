"""Words."""

WORDS: dict[str, tuple[str, str]] = {
    "page.activities": ("活動與訓練", "Activities and training"),
}
