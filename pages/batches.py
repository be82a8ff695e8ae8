"""上傳紀錄: every load and undo; open one, take it back."""

from pages import _data, _upload

opened = _upload.log(_data.log())
if opened is not None:
    _upload.entry(opened)
