"""核對: a printed report against the warehouse, decisions on the differences, and figures of earlier reports to keep."""

from pages import _data, _home, _reconcile

frame = _data.frame()
if frame.newest is None:
    _home.first_steps()
else:
    found = _reconcile.choose(frame)
    if found is not None:
        _reconcile.result(found)
        _reconcile.sums(found)
        _reconcile.decide(found)
        _reconcile.keep(found)
