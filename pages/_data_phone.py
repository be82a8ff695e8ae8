"""What the screen of telephone courtesy asks of the warehouse."""

from __future__ import annotations

import streamlit as st

from pages import _data
from pages._data import Choice
from warehouse.period import Window
from warehouse.topics import phone
from warehouse.topics.phone import Call, Phone


def bodies(choice: Choice) -> Phone:
    """The testing bodies over the window."""
    return _data.ask(_bodies, choice.window)


@st.cache_data(show_spinner=False, max_entries=32)
def _bodies(folder: str, version: int, window: Window) -> Phone:
    return _data.read(version, lambda cursor: phone.read(cursor, window))


def calls(choice: Choice) -> dict[str, list[Call]]:
    """Every single call, with section and extension: for reviewers."""
    return _data.ask(_calls, choice.window)


@st.cache_data(show_spinner=False, max_entries=8)
def _calls(folder: str, version: int, window: Window) -> dict[str, list[Call]]:
    return _data.read(version, lambda cursor: phone.calls(cursor, window))
