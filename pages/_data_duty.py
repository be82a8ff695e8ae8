"""What 資料繳交情形 knows: which table of which month is in, who owes what, and what must be done every month or quarter."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

import streamlit as st

from pages import _data
from pages._data import Choice
from warehouse import period, schedule
from warehouse.datasets import all_datasets, handing_in
from warehouse.duty import Cell, Records, Row, duty_calendar, owed, reminder
from warehouse.period import Window
from warehouse.schedule import Item


@dataclass(frozen=True)
class Owed:
    """What one owner owes, and the text to remind them."""

    owner: str
    items: tuple[tuple[Row, Cell], ...]
    text: str


@dataclass(frozen=True)
class Duty:
    """The page: the grid, the debts by owner, what must be done by schedule. today: the day by which something is late; newest: the last month of which
    there are any data; beyond: months that are over and owed too, but more than the grid shows."""

    months: tuple[date, ...]
    today: date
    newest: date
    beyond: tuple[date, ...]
    rows: tuple[Row, ...]
    owed: tuple[Owed, ...]
    items: tuple[Item, ...]


def duty(choice: Choice) -> Duty:
    """The tables over the last twelve months of the period and those after it that are owed; the schedule over the period."""
    return _data.ask(_duty, choice.window, _data.frame().today)


@st.cache_data(show_spinner=False, max_entries=32)
def _duty(folder: str, version: int, window: Window, today: date) -> Duty:
    snapshot = _data.snapshot_of(folder, version)
    months = _data.months_owed(snapshot, window, today)
    records = _data.read(version, lambda cursor: Records.of(cursor, today))
    rows = duty_calendar(records, months)
    debts = [Owed(owner, tuple(items), reminder(owner, items, today)) for owner, items in owed(rows).items()]
    newest = snapshot.newest_month or window.end
    beyond = period.month_range(months[-1], period.add_months(today.replace(day=1), -1))[1:] if months[-1] > newest else []
    return Duty(months, today, newest, tuple(beyond), tuple(rows), tuple(debts), schedule.compliance(snapshot, window))


def sender_codes(row: Row, names: tuple[str, ...]) -> tuple[str, ...]:
    """The codes of those who have not handed in."""
    codes = handing_in(all_datasets()[row.dataset])
    return tuple(codes[name] for name in names if name in codes)
