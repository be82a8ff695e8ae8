"""上傳紀錄: every load, undo, review and closing; open one, look at it, hold it beside another, take it back."""

from pages import _batches, _data_batches

lines = _data_batches.log()
opened = _batches.log(lines)
if opened is not None:
    _batches.entry(opened, lines)
else:
    _batches.quarters()
