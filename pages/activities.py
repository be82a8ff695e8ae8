"""活動與訓練: outreach, training, meetings, social aid, service at noon."""

from pages import _activities, _data, _home, _parts

choice = _parts.filters(_data.frame())
if choice.window is None:
    _home.first_steps()
else:
    _activities.page(choice)
