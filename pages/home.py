"""首頁: the director's page."""

from pages import _data, _data_home, _home, _parts

choice = _parts.filters(_data.frame())
if choice.window is None:
    _home.first_steps()
else:
    home = _data_home.home(choice)
    _home.summary(home, choice)
    _home.attention(home, choice)
    _home.cards(home, choice)
    _home.changes(home, choice)
    _home.others(home, choice)
