"""The launcher. The script itself lies away from pages/, so that no page can be reached without it.

`streamlit run` finds the app by reading this file, not by running it: the call must stand here.
"""

import streamlit as st

from warehouse.web.server import SHELL, options

app = st.App(SHELL, **options())
