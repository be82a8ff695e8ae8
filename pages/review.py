"""評核項目檢視: every indicator under the headings of the report, for the working group and on its meeting's paper."""

from pages import _data, _data_review, _home, _parts, _review

choice = _parts.filters(_data.frame())
if choice.window is None:
    _home.first_steps()
else:
    kept = _review.choose()
    _review.paper(_data_review.review(choice), kept, choice)
    _review.write(choice)
