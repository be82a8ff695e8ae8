"""The script that every visit runs: page list, navigation, what stands on every page."""

import streamlit as st

from pages import _data, _parts
from warehouse import PROJECT
from warehouse.web import words
from warehouse.web.words import t

#: Address (and file, and title) with the icon, by the group in the navigation under which they stand; "" stands in the bar itself.
#: A new page is one file and one line here.
PAGES = {
    "": (
        ("home", ":material/home:"),
        ("indicator", ":material/monitoring:"),
    ),
    "topics": (
        ("website", ":material/language:"),
        ("feedback", ":material/forum:"),
        ("activities", ":material/groups:"),
        ("facilities", ":material/home_repair_service:"),
    ),
    "data": (
        ("upload", ":material/upload_file:"),
        ("batches", ":material/history:"),
    ),
}

words.use(st.query_params.get("lang"))
st.set_page_config(page_title=t("app.title"), page_icon="📊", layout="wide")
groups = {
    group: [
        st.Page(PROJECT / "pages" / f"{name}.py", title=t(f"page.{name}"), icon=icon, url_path=name, default=name == "home") for name, icon in pages
    ]
    for group, pages in PAGES.items()
}
page = st.navigation([page for pages in groups.values() for page in pages], position="hidden")
st.session_state["page"] = page.url_path
_parts.masthead(_data.begin())
_parts.navigation(groups, page)
_parts.watch()
page.run()
_parts.foot()
