"""The script that every visit runs: page list, navigation, what stands on every page."""

import streamlit as st

from pages import _data, _parts
from warehouse import PROJECT
from warehouse.web.words import t

st.set_page_config(page_title=t("app.title"), page_icon="📊", layout="wide")

#: Address and file, title and icon. A new page is one file and one line here.
PAGES = (
    ("home", "home.py", ":material/home:"),
    ("indicator", "indicator.py", ":material/monitoring:"),
    ("upload", "upload.py", ":material/upload_file:"),
    ("batches", "batches.py", ":material/history:"),
)

page = st.navigation(
    [
        st.Page(PROJECT / "pages" / file, title=t(f"page.{name}"), icon=icon, url_path=name, default=at == 0)
        for at, (name, file, icon) in enumerate(PAGES)
    ],
    position="top",
)
st.session_state["page"] = page.url_path
_parts.masthead(_data.begin())
_parts.watch()
page.run()
_parts.foot()
