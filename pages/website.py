"""網站與線上服務: visits, checks, the accessibility badge, days to post, online services."""

from pages import _data, _home, _parts, _topic, _website

choice = _parts.filters(_data.frame())
if choice.window is None:
    _home.first_steps()
else:
    _website.page(_topic.whole_office(choice))
