"""查詢與陳情: inquiries by channel, and every case against its limit."""

from pages import _data, _feedback, _home, _parts, _topic

choice = _parts.filters(_data.frame())
if choice.window is None:
    _home.first_steps()
else:
    _feedback.page(_topic.whole_office(choice))
