"""Masked text: what tells who somebody is goes, what was said stays."""

from __future__ import annotations

import pytest

from warehouse.privacy import masked


@pytest.mark.parametrize(
    ("text", "gone"),
    [
        ("身分證A123456789請查", "123456789"),
        ("居留證AB12345678", "AB12345678"),
        ("電話0912-345-678", "345-678"),
        ("０３－９３１２３４５轉１２", "9312345"),
        ("+886 912 345 678", "345 678"),
        ("信箱wang.xm@example.com.tw", "wang.xm@example"),
        ("車牌ABC-1234", "ABC-1234"),
        ("105年度罰執字第00012345號", "00012345"),
        ("帳號123456789012", "123456789012"),
        ("住宜蘭市中山路二段100號3樓", "100號3樓"),
        ("王小明先生服務很好", "小明"),
        ("我是陳大文", "大文"),
        ("陳情人：林美麗", "美麗"),
        ("林美麗行政執行官說明清楚", "美麗"),
    ],
)
def test_what_tells_a_person_goes(text: str, gone: str) -> None:
    hidden = masked(text)
    assert gone not in hidden and "○" in hidden


@pytest.mark.parametrize("text", ["冷氣太冷", "希望主任多關心", "志工服務很好", "等了30分鐘，110年再來", "罰1,500元", "書記官很親切", "服務台小姐很好", "主任行政執行官主持", ""])
def test_what_was_said_stays(text: str) -> None:
    assert masked(text) == text


@pytest.mark.parametrize("text", ["王小明先生0912345678", "住中山路100號"])
def test_masking_twice_changes_nothing(text: str) -> None:
    assert masked(masked(text)) == masked(text)
