"""登錄: one petition, one event, one phone test at a time, by a form made from the columns of its register."""

from pages import _entry

_entry.lead()
if _entry.is_done():
    _entry.receipt()
else:
    dataset = _entry.choose()
    _entry.form(dataset)
    _entry.confirm(dataset)
