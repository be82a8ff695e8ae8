"""Every word on screen: one module for each screen, key → Traditional Chinese, English. Found by themselves; a key written twice stops the start.

Names of indicators, datasets, sites and headings are data and come from their definitions.
"""

from __future__ import annotations

import pkgutil
import string
from contextvars import ContextVar
from importlib import import_module
from typing import Any, Literal, get_args

import streamlit as st

from warehouse.errors import DefinitionError
from warehouse.web.markup import Markup, escaped

Language = Literal["zh", "en"]
LANGUAGES: tuple[Language, ...] = get_args(Language)

#: What `<html lang>` says of each.
TAGS: dict[Language, str] = {"zh": "zh-Hant", "en": "en"}


def _gathered() -> dict[str, tuple[str, str]]:
    found: dict[str, tuple[str, str]] = {}
    for module in pkgutil.iter_modules(__path__):
        words = import_module(f"{__name__}.{module.name}").WORDS
        if twice := found.keys() & words.keys():
            raise DefinitionError(f"words/{module.name}.py：{sorted(twice)} 已在別處定義")
        found |= words
    return found


WORDS = _gathered()


#: What the thread of a visit reads. A thread serves one visit, and asking its session for every word would cost more than all the rest of a page.
_reading: ContextVar[Language | None] = ContextVar("reading", default=None)


def use(chosen: str | None) -> Language:
    """Take the language of this visit from the address (`?lang=en`); nothing or anything else keeps what the visit had, Chinese at first."""
    if chosen in LANGUAGES:
        st.session_state["language"] = chosen
    _reading.set(None)
    return language()


def language() -> Language:
    """The language of the visit that is running; Chinese outside of one."""
    known = _reading.get()
    if known is None:
        if st.runtime.scriptrunner.get_script_run_ctx(suppress_warning=True) is None:
            return "zh"
        known = st.session_state.get("language", "zh")
        _reading.set(known)
    return known


def t(key: str, /, **values: Any) -> str:
    """The words of a key in the language of the visit, with values put in their places; markup among the values makes markup. A place may count what
    follows: {count:call|calls} is 1 call, 2 calls."""
    words = WORDS[key][LANGUAGES.index(language())]
    put = _COUNTING.format if "|" in words else str.format
    if any(isinstance(value, Markup) for value in values.values()):
        return Markup(put(escaped(words), **{name: escaped(value) for name, value in values.items()}))
    return put(words, **values) if values else words


class _Counting(string.Formatter):
    """Puts a number before one word or the other."""

    def format_field(self, value: Any, spec: str) -> str:
        """The value, and which of one|many goes with it."""
        if "|" not in spec:
            return str(format(value, spec))
        one, many = spec.split("|")
        return f"{value} {one if str(value) == '1' else many}"


_COUNTING = _Counting()
