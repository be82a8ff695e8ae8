"""What the page of the website asks."""

from __future__ import annotations

from datetime import date

import streamlit as st

from pages import _data
from pages._data import Choice
from warehouse import period
from warehouse.period import Window
from warehouse.topics import website
from warehouse.topics.website import Website


def answer(choice: Choice) -> Website:
    """Counter, checks, badge and postings over the window."""
    return _data.ask(_website, choice.window, period.taipei_today())


@st.cache_data(show_spinner=False, max_entries=64)
def _website(folder: str, version: int, window: Window, day: date) -> Website:
    return _data.read(version, lambda cursor: website.read(cursor, window, day))
