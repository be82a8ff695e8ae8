"""指標: one indicator over time, against earlier quarters and site by site, its definition, and where its number comes from."""

from pages import _data, _data_indicator, _home, _indicator, _indicator_series, _parts

choice = _parts.filters(_data.frame())
if choice.window is None:
    _home.first_steps()
else:
    name = _indicator.choose()
    detail = _data_indicator.detail(name, choice)
    _indicator.value_and_verdict(detail)
    _indicator_series.months(detail)
    _indicator_series.quarters(detail)
    _indicator_series.sites(detail, choice)
    _indicator_series.explanations(name, choice)
    _indicator.definition(detail)
    _indicator.basis(name, choice)
