"""What is said of a cell that is no day, month, quarter or time."""

from __future__ import annotations

from collections.abc import Callable
from functools import wraps
from typing import Any, NoReturn, TypeVar

from warehouse.errors import CellError
from warehouse.period.calendars import FIRST_YEAR, LAST_YEAR, ROC_OFFSET

_Function = TypeVar("_Function", bound=Callable[..., Any])

#: How a cell is mended where its code says nothing more of it.
MEND = "請在原檔改正後重新上傳"
_MENDS = {
    "E-NUM-22": "請在原檔補上後重新上傳",
    "E-NUM-27": "請改用阿拉伯數字0到9後重新上傳",
    "E-FORMULA": "請貼上計算後的值再重新上傳",
    "E-DATE-AMBIGUOUS": "這個寫法有兩種解讀，請寫出完整年份，例如105/01/05或2016/01/05，再重新上傳",
    "E-DAT-06": "只有月份沒有日期，請補上日期後重新上傳",
    "E-DAT-08": "這是一季而不是單一月份，請改用單月資料後重新上傳",
    "E-DAT-09": "這是半年或全年而不是單一月份，請改用單月資料後重新上傳",
    "E-DAT-10": "沒有年份，請補上年份後重新上傳",
    "E-DAT-17": "沒有這一天，請核對後重新上傳",
    "E-DAT-18": f"西元年必須在{FIRST_YEAR}到{LAST_YEAR}之間，請核對後重新上傳",
    "E-DAT-19": f"民國年必須在{FIRST_YEAR - ROC_OFFSET}到{LAST_YEAR - ROC_OFFSET}之間，請核對後重新上傳",
    "E-DAT-23": "不收日本年號，請改用民國年或西元年後重新上傳",
    "E-DAT-26": "年份疑為筆誤（例如把105打成205或2105），請核對後重新上傳",
    "E-DAT-28": "年份疑為民國與西元重複換算，請核對後重新上傳",
    "E-DAT-32": "時間必須在00:00到23:59之間，請核對後重新上傳",
    "E-DAT-35": "不收週次與農曆，請改用國曆日期後重新上傳",
}


def refuse(code: str, mend: str | None = None) -> NoReturn:
    """Raise the `CellError` of a code; what was expected is added by the reader (`expects`)."""
    raise CellError(code, "", mend or _MENDS.get(code, MEND))


def expects(expected: str) -> Callable[[_Function], _Function]:
    """Give every CellError of a reader the sentence that says what the cell should hold."""

    def wrap(reader: _Function) -> _Function:
        @wraps(reader)
        def read(*args: Any, **options: Any) -> Any:
            try:
                return reader(*args, **options)
            except CellError as error:
                raise CellError(error.code, expected, error.mend) from None

        return read  # type: ignore[return-value]

    return wrap
