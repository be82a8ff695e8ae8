"""電話禮貌: the two testing bodies apart, sections in last place twice running, single calls for reviewers."""

from pages import _data, _home, _parts, _phone

choice = _parts.filters(_data.frame())
if choice.window is None:
    _home.first_steps()
else:
    asked = _phone.ask(choice)
    _phone.opening(asked)
    if not asked.is_empty:
        for code in asked.found.bodies:
            _phone.body(asked, code)
        _phone.last_place(asked)
        _phone.calls(asked)
