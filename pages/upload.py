"""上傳: choose files, check them, confirm; then the receipt."""

from pages import _upload

_upload.lead(_upload.step())
if _upload.step() == 4:
    _upload.receipt()
elif _upload.are_loading():
    _upload.several([])
else:
    uploads = _upload.choose()
    if len(uploads) > 1:
        _upload.several(uploads)
    else:
        _upload.one(next(iter(uploads), None))
_upload.templates()
