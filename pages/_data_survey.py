"""What the survey screen asks of the warehouse."""

from __future__ import annotations

import streamlit as st

from pages import _data
from pages._data import Choice
from warehouse.period import Window
from warehouse.topics import survey
from warehouse.topics.survey import Comments, Health, Survey


def counts(choice: Choice) -> Survey:
    """Answers and forms of every site and month: what is withheld of one depends on what stands beside it."""
    frame = _data.frame()
    return _data.ask(_counts, Window(frame.first or choice.window.start, frame.newest or choice.window.end))


@st.cache_data(show_spinner=False, max_entries=32)
def _counts(folder: str, version: int, window: Window) -> Survey:
    return _data.read(version, lambda cursor: Survey.read(cursor, window))


def health(choice: Choice) -> Health:
    """How carefully the forms were filled in; goes through them, so it is asked for only when looked at."""
    return _data.ask(_health, choice.window, choice.site)


@st.cache_data(show_spinner=False, max_entries=32)
def _health(folder: str, version: int, window: Window, site: str) -> Health:
    return _data.read(version, lambda cursor: survey.health(cursor, window, site))


def comments(choice: Choice) -> Comments:
    """What people wrote, masked; goes through the forms, so it is asked for only when looked at."""
    return _data.ask(_comments, choice.window, choice.site)


@st.cache_data(show_spinner=False, max_entries=32)
def _comments(folder: str, version: int, window: Window, site: str) -> Comments:
    return _data.read(version, lambda cursor: survey.comments(cursor, window, site))
