"""The script that every visit runs: page list, navigation, what stands on every page."""

import streamlit as st

from warehouse import PROJECT

st.set_page_config(page_title="服務品質儀表板", page_icon="📊", layout="wide")

#: Address, title, file, icon. A new page is one file and one line here.
PAGES = (
    ("home", "首頁", "home.py", ":material/home:"),
)

pages = [
    st.Page(PROJECT / "pages" / file, title=title, icon=icon, url_path=url, default=index == 0) for index, (url, title, file, icon) in enumerate(PAGES)
]
st.navigation(pages, position="top").run()
