"""What the page of activities and training asks."""

from __future__ import annotations

import streamlit as st

from pages import _data
from pages._data import Choice
from warehouse.period import Window
from warehouse.topics import activities
from warehouse.topics.activities import Activities


def answer(choice: Choice) -> Activities:
    """Events, training, meetings, social aid and noon service over the window."""
    return _data.ask(_activities, choice.window, choice.site)


@st.cache_data(show_spinner=False, max_entries=64)
def _activities(folder: str, version: int, window: Window, site: str) -> Activities:
    return _data.read(version, lambda cursor: activities.read(cursor, window, site))
