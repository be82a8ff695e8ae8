"""What the page of facilities and maintenance asks."""

from __future__ import annotations

import streamlit as st

from pages import _data
from pages._data import Choice
from warehouse import schedule
from warehouse.period import Window
from warehouse.schedule import Item
from warehouse.topics import facilities
from warehouse.topics.facilities import Facilities


def answer(choice: Choice) -> Facilities:
    """What stands at the end of the window, what changed and what was done in it."""
    return _data.ask(_facilities, choice.window, choice.site)


def items(choice: Choice) -> tuple[Item, ...]:
    """What must be done each month or quarter of the window."""
    return _data.ask(_items, choice.window)


@st.cache_data(show_spinner=False, max_entries=64)
def _facilities(folder: str, version: int, window: Window, site: str) -> Facilities:
    return _data.read(version, lambda cursor: facilities.read(cursor, window, site))


@st.cache_data(show_spinner=False, max_entries=64)
def _items(folder: str, version: int, window: Window) -> tuple[Item, ...]:
    return schedule.compliance(_data.pinned(), window)
