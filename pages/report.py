"""季報: the quarter's report from the same figures: checks, texts, pages, files, approval."""

from pages import _data, _home, _report

frame = _data.frame()
if frame.newest is None:
    _home.first_steps()
else:
    quarter = _report.choose(frame)
    view = _report.opening(quarter)
    _report.VIEWS[view](quarter)
