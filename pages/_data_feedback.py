"""What the page of inquiries and petitions asks."""

from __future__ import annotations

from datetime import date

import streamlit as st

from pages import _data
from pages._data import Choice
from warehouse import period
from warehouse.period import Window
from warehouse.topics import feedback
from warehouse.topics.feedback import Feedback


def answer(choice: Choice) -> Feedback:
    """Inquiries and cases over the window."""
    return _data.ask(_feedback, choice.window, period.taipei_today())


@st.cache_data(show_spinner=False, max_entries=64)
def _feedback(folder: str, version: int, window: Window, day: date) -> Feedback:
    return _data.read(version, lambda cursor: feedback.read(cursor, window, day))
