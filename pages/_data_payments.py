"""What the screen of payments asks of the warehouse."""

from __future__ import annotations

import streamlit as st

from pages import _data
from pages._data import TRAIL, Choice
from warehouse.period import Window
from warehouse.topics import payments
from warehouse.topics.payments import Payments


def taken(choice: Choice) -> Payments:
    """What came in by channel and month, in the window, the months that its charts run back, and the year before."""
    return _data.ask(_taken, payments.reach(choice.window, TRAIL))


@st.cache_data(show_spinner=False, max_entries=32)
def _taken(folder: str, version: int, window: Window) -> Payments:
    return _data.read(version, lambda cursor: Payments.read(cursor, window))
