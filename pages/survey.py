"""滿意度調查: every question with all its levels, time taken, sites, forms, comments, how carefully forms are filled in."""

from pages import _data, _home, _parts, _survey

choice = _parts.filters(_data.frame())
if choice.window is None:
    _home.first_steps()
else:
    asked = _survey.ask(choice)
    _survey.opening(asked)
    if not asked.is_empty:
        if not asked.is_hidden:
            _survey.levels(asked)
            _survey.time_taken(asked)
            _survey.sites(asked)
        _survey.forms(asked)
        if not asked.is_hidden:
            _survey.comments(asked)
            _survey.health(asked)
