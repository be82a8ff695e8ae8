"""Why a cell was not read."""

from __future__ import annotations

import re
from typing import NoReturn

from warehouse.numerals.affixes import CURRENCY
from warehouse.numerals.chinese import chinese_integer
from warehouse.numerals.cleaning import ANY_DIGIT, is_formula
from warehouse.numerals.column import MEND, Column
from warehouse.numerals.magnitudes import WAN_SIGNS

ONLY_NUMBER_SIGNS = re.compile("[0-9.,]++")
_NO_NUMBER = re.compile(r"[+-]?(?:nan|inf|infinity|∞|1\.#[a-z]{3,4})", re.IGNORECASE)
_HEXADECIMAL = re.compile("[+-]?0(?:x[0-9a-f]++|o[0-7]++|b[01]++)", re.IGNORECASE)
_DATE_LIKE = re.compile(
    r"[0-9]{1,4}[-/][0-9]{1,2}(?:[-/][0-9]{1,4})?(?:[ T][0-9:.]++)?"
    r"|(?:[0-9]{1,4}年)? *(?:[0-9]{1,2}月)? *[0-9]{1,2}[月日]"
    r"|[0-9]{1,4}[- ][A-Za-z]{3}(?:[- ][0-9]{2,4})?|[A-Za-z]{3}-[0-9]{1,4}"
)
_UNDERSCORED = re.compile("[0-9]++(?:_[0-9]++)++(?:[.][0-9]++)?")
_SPACED = re.compile("[0-9]{1,3}(?:[ '’][0-9]{1,3})++(?:[.][0-9]++)?")
_FOREIGN_UNIT = re.compile(r"(?:[A-Za-z]{0,2}\$|新臺幣|新台幣|€|£|¥)? *[0-9][0-9,. 兆億萬千百]*+(?:[%‰℃°]|[一-鿿]{1,6})?")
_MALFORMED_WAN = re.compile("[0-9,. 兆億萬千百]++")
_CHINESE_WITH_COUNTER = re.compile(
    "([〇零○◯一二三四五六七八九十百千萬億兆廿卅兩壹貳參肆伍陸柒捌玖拾佰仟]++)[餘多]?[件人次個元分天日筆案場名位份通戶月]?"
)


def refuse_unread(body: str, core: str, column: Column) -> NoReturn:
    """Say why: `body` is the whole cell, `core` what is left of it without hedge, sign and unit."""
    if _NO_NUMBER.fullmatch(body):
        column.refuse("E-NUM-13")
    if _HEXADECIMAL.fullmatch(body):
        column.refuse("E-NUM-16")
    if is_formula(body) and not CURRENCY.match(body[1:]):
        column.refuse("E-FORMULA", "請貼上計算後的數值再重新上傳")
    if _DATE_LIKE.fullmatch(body):
        column.refuse("E-EXCEL-DATE", "Excel已把數字轉成日期，請將儲存格格式改為文字、重新輸入後上傳")
    if _UNDERSCORED.fullmatch(core):
        column.refuse("E-NUM-06")
    if ONLY_NUMBER_SIGNS.fullmatch(core) and ANY_DIGIT.search(core):
        column.refuse(_separator_code(core), "千分位請每三位一個逗號，小數點請用「.」，改正後重新上傳")
    if _SPACED.fullmatch(core):
        column.refuse("E-NUM-04", "數字中間不能有空格或撇號，改正後重新上傳")
    _refuse_chinese(core, column)
    if _MALFORMED_WAN.fullmatch(core) and WAN_SIGNS.search(core):
        column.refuse("E-NUM-07", "請改寫成完整的阿拉伯數字，例如16,853，再重新上傳")
    if _FOREIGN_UNIT.fullmatch(core):
        column.refuse("E-NUM-19", "單位與這一欄不符，" + MEND)
    column.refuse("E-NUM-20" if ANY_DIGIT.search(body) else "E-NUM-21")


def _separator_code(core: str) -> str:
    if core.count(".") > 1 or "." in core.rpartition(",")[0]:
        return "E-NUM-05"
    return "E-NUM-03" if "," in core else "E-NUM-20"


def _refuse_chinese(core: str, column: Column) -> None:
    found = _CHINESE_WITH_COUNTER.fullmatch(core)
    if not found:
        return
    value = chinese_integer(found[1])
    hint = "請改寫成阿拉伯數字" if value is None else f"請改寫成阿拉伯數字{value}"
    column.refuse("E-NUM-08", hint + "後重新上傳")
