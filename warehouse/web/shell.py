"""The script that every visit runs: navigation, what stands on every page, the page asked for."""

import streamlit as st

from pages import _data, _parts
from warehouse import PROJECT
from warehouse.web import site_map, words
from warehouse.web.words import t

if words.use(st.query_params.get("lang")) != words.LANGUAGES[0]:
    st.query_params["lang"] = words.language()
# Before the navigation: without an icon of its own the browser tab would be given the page's, from a host of Streamlit's choice.
st.set_page_config(page_title=t("app.title"), page_icon="📊", layout="wide")
groups = {
    group: [
        st.Page(PROJECT / "pages" / f"{name}.py", title=t(f"page.{name}"), icon=icon, url_path=name, default=name == site_map.FIRST)
        for name, icon in pages
    ]
    for group, pages in site_map.PAGES.items()
}
page = st.navigation([page for pages in groups.values() for page in pages], position="hidden")
st.set_page_config(page_title=t("app.page", page=page.title))
st.session_state["page"] = page.url_path
_parts.masthead(_data.begin())
_parts.navigation(groups, page)
_parts.watch()
page.run()
_parts.foot()
