"""設施與維護: what must be done how often, what stands and since when."""

from pages import _data, _facilities, _home, _parts

choice = _parts.filters(_data.frame())
if choice.window is None:
    _home.first_steps()
else:
    _facilities.page(choice)
