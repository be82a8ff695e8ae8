"""上傳: choose a file, check it, confirm it; then the receipt."""

from pages import _upload

_upload.lead(_upload.step())
if _upload.step() == 4:
    _upload.receipt()
else:
    upload = _upload.choose()
    checked = _upload.check(upload)
    if upload is not None and checked is not None:
        _upload.result(checked)
        _upload.confirm(upload, checked)
_upload.templates()
