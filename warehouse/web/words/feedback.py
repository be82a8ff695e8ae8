"""Words of the page of inquiries and petitions."""

WORDS: dict[str, tuple[str, str]] = {
    "page.feedback": ("查詢與陳情", "Inquiries and petitions"),
    "feedback.col.case": ("案件", "Case"),
}
