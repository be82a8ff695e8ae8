"""資料繳交情形: which tables of which months are in, who owes what, and what was done by schedule."""

from pages import _data, _data_duty, _duty, _home, _parts

choice = _parts.filters(_data.frame())
if choice.window is None:
    _home.first_steps()
else:
    duty = _data_duty.duty(choice)
    _duty.summary(duty)
    _duty.debts(duty)
    _duty.grid(duty)
    _duty.kept(duty, choice)
