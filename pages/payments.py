"""案款代收: the two channels apart, by month, year to date, adjusted for working days; other channels and fees."""

from pages import _data, _home, _parts, _payments
from warehouse.topics.payments import CHANNELS

choice = _parts.filters(_data.frame())
if choice.window is None:
    _home.first_steps()
else:
    asked = _payments.ask(choice)
    _payments.opening(asked)
    if not asked.is_empty:
        for code in CHANNELS:
            _payments.channel(asked, code)
        _payments.both(asked)
        _payments.others(asked)
