"""指標: one indicator over time, its definition, and where its number comes from."""

from pages import _data, _home, _indicator, _parts

choice = _parts.filters(_data.frame())
if choice.window is None:
    _home.first_steps()
else:
    name = _indicator.choose()
    detail = _data.detail(name, choice)
    _indicator.value_and_verdict(detail)
    _indicator.months(detail)
    _indicator.definition(detail)
    _indicator.basis(name, choice)
