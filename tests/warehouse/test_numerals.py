"""Numbers as clerks write them: what is read, what is asked, what is refused, and how numbers are written."""

from __future__ import annotations

import random
import re
import time
from decimal import ROUND_HALF_UP, Decimal, localcontext
from fractions import Fraction

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from warehouse.errors import CellError, Reading
from warehouse.numerals import (
    chinese_digits,
    chinese_integer,
    clean,
    format_number,
    format_wan,
    has_odd_digits,
    is_blank,
    is_formula,
    parse_decimal,
    parse_integer,
    round_half_up,
    share,
)


def integer(text, **options):
    """The reading as (value, question), or the code it was refused with."""
    try:
        return tuple(parse_integer(text, **options))
    except CellError as error:
        return error.code


def decimal(text, **options):
    try:
        return tuple(parse_decimal(text, **options))
    except CellError as error:
        return error.code


# Counts: the column has the unit 件 and takes no sign.
COUNTS = {
    # NUM-01, NUM-02, NUM-03, NUM-23
    "12": (12, None),
    " 12 ": (12, None),
    "\u3000\u300012\u3000": (12, None),
    "1,234 ": (1234, None),
    "１２": (12, None),
    "\u200b12\ufeff": (12, None),
    "12_x000D_": (12, None),
    "1,234": (1234, None),
    "１，２３４": (1234, None),
    "8,571": (8571, None),
    "８，５７１": (8571, None),
    "8571件": (8571, None),
    "8571 件": (8571, None),
    "1,23": "E-NUM-03",
    "1,2345": "E-NUM-03",
    "1234,567": "E-NUM-03",
    "0,292": "E-NUM-03",
    "1,234,": "E-NUM-03",
    ",123": "E-NUM-03",
    "1,23件": "E-NUM-03",
    # NUM-04, -05, -06
    "1 234": "E-NUM-04",
    "1'234": "E-NUM-04",
    "1.234,56": "E-NUM-05",
    "1.234.567": "E-NUM-05",
    "1_000": "E-NUM-06",
    # NUM-07: rounded ones ask, exact ones do not
    "3萬": (30_000, "W-NUM-07"),
    "3.5萬": (35_000, "W-NUM-07"),
    "3.5萬件": (35_000, "W-NUM-07"),
    "約3.5萬": (35_000, "W-NUM-07"),
    "1億2千萬": (120_000_000, "W-NUM-07"),
    "1.25億": (125_000_000, "W-NUM-07"),
    "3千": (3_000, "W-NUM-07"),
    "2千5百": (2_500, "W-NUM-07"),
    "3萬件": (30_000, None),
    "1萬6,853": (16_853, None),
    "1萬6853": (16_853, None),
    "１萬６，８５３": (16_853, None),
    "13萬 0,292": (130_292, None),
    "13萬0,292件": (130_292, None),
    "8萬7,676": (87_676, None),
    "4萬2,648": (42_648, None),
    "54萬9,203": (549_203, None),
    "2,911萬0,442": (29_110_442, None),
    "2億5,104萬6,629": (251_046_629, None),
    "2億6,629": (200_006_629, None),
    "2億0,000萬6,629": (200_006_629, None),
    "1萬853": (10_853, "W-NUM-07"),
    "3萬5": "E-NUM-07",
    "1萬12,345": "E-NUM-07",
    "3萬2億": "E-NUM-07",
    "2億12345萬": "E-NUM-07",
    "1億2千": "E-NUM-07",
    "1億28": "E-NUM-07",
    "3萬2千": (32_000, "W-NUM-07"),
    "萬": "E-NUM-08",
    "1.5億3萬": "E-NUM-07",
    "3.33333萬": "E-NUM-25",
    "3萬??": "E-NUM-20",
    # hedges
    "約300": (300, "W-NUM-07"),
    "近8,571件": (8571, "W-NUM-07"),
    "逾300": (300, "W-NUM-07"),
    "300多件": (300, "W-NUM-07"),
    "100餘件": (100, "W-NUM-07"),
    "已超過54萬9,203以上": (549_203, "W-NUM-07"),
    "3萬餘件": (30_000, "W-NUM-07"),
    "10餘萬件": (100_000, "W-NUM-07"),
    "十餘": "E-NUM-08",
    "十餘件": "E-NUM-08",
    # NUM-08
    "三十五": "E-NUM-08",
    "〇": "E-NUM-08",
    "零": "E-NUM-08",
    "廿": "E-NUM-08",
    "壹佰": "E-NUM-08",
    "三萬五千件": "E-NUM-08",
    # NUM-09 in a column that is no per cent
    "95%": "E-NUM-19",
    # NUM-11 in counts
    "-5": "E-NUM-11",
    "－5": "E-NUM-11",
    "\u22125": "E-NUM-11",
    "(5)": "E-NUM-11",
    "5-": "E-NUM-11",
    "▲5": "E-NUM-11",
    "△5": "E-NUM-11",
    # NUM-12, -13, -14, -15, -16, -17
    "+5": (5, None),
    "NaN": "E-NUM-13",
    "nan": "E-NUM-13",
    "inf": "E-NUM-13",
    "-Infinity": "E-NUM-13",
    "1e309": "E-NUM-14",
    "1e400": "E-NUM-14",
    "1e99999999999999": "E-NUM-14",
    "1e5": "E-NUM-15",
    "1.2E+11": "E-NUM-15",
    "0x10": "E-NUM-16",
    "010": (10, None),
    "'007": (7, "W-NUM-17"),
    # NUM-19, -20, -21, -22
    "95分": "E-NUM-19",
    "NT$1,200": "E-NUM-19",
    "1200元": "E-NUM-19",
    "1萬6,853人": "E-NUM-19",
    "59x": "E-NUM-20",
    "2.5#": "E-NUM-20",
    "12*": "E-NUM-20",
    "(註1) 12": "E-NUM-20",
    "12.": "E-NUM-20",
    "--5": "E-NUM-20",
    "12\n13": "E-NUM-20",
    "-": "E-NUM-21",
    "－": "E-NUM-21",
    "—": "E-NUM-21",
    "…": "E-NUM-21",
    "N/A": "E-NUM-21",
    "#N/A": "E-NUM-21",
    "無": "E-NUM-21",
    "未測": "E-NUM-21",
    "'": "E-NUM-21",
    "": "E-NUM-22",
    " \u3000\u200b": "E-NUM-22",
    # NUM-24, -25, -26
    "99.99999999999999": (100, None),
    "99.00000000000001": (99, None),
    "33.333333333333336": "E-NUM-25",
    "99.5": "E-NUM-25",
    "１２．５": "E-NUM-25",
    "99.0": (99, None),
    "999999999999999999": (999_999_999_999_999_999, None),
    "9,223,372,036,854,775,808": "E-NUM-26",
    "9" * 40: "E-NUM-26",
    "9" * 50_000: "E-NUM-26",
    "1234567890123億": "E-NUM-26",
    # NUM-27
    "٣": "E-NUM-27",
    "Ⅷ": "E-NUM-27",
    "½": "E-NUM-27",
    "①": "E-NUM-27",
    "1²": "E-NUM-27",
    "⑴": "E-NUM-27",
    "㈠": "E-NUM-27",
    "𝟏𝟐": "E-NUM-27",
    # NUM-28, -29, -30
    "-0": (0, None),
    "0.0": (0, None),
    "-0.0": (0, None),
    "1-2": "E-EXCEL-DATE",
    "1月2日": "E-EXCEL-DATE",
    "2-Jan": "E-EXCEL-DATE",
    "105/1/5": "E-EXCEL-DATE",
    "2016-01-02 00:00:00": "E-EXCEL-DATE",
    "=SUM(A1)": "E-FORMULA",
    "=SUM(A1:A3)": "E-FORMULA",
    "＝1+1": "E-FORMULA",
    "\t=1+1": "E-FORMULA",
    "+1+1": "E-FORMULA",
    "-1+1": "E-FORMULA",
    "@SUM(1)": "E-FORMULA",
}


@pytest.mark.parametrize(("text", "outcome"), COUNTS.items(), ids=lambda value: str(value)[:30])
def test_a_count_column_reads_asks_or_refuses(text, outcome):
    assert integer(text, units=("件",)) == outcome


MONEY = {
    "NT$1,200": (1200, None),
    "$1,200": (1200, None),
    "NT$ 1,200元": (1200, None),
    "新臺幣1,200元": (1200, None),
    "1200元": (1200, None),
    "1萬元": (10_000, None),
    "1萬元整": (10_000, None),
    "NT$3萬": (30_000, None),
    "3萬": (30_000, "W-NUM-07"),
    "3.5萬元": (35_000, "W-NUM-07"),
    "1億2千萬元": (120_000_000, "W-NUM-07"),
    "8,395萬2,914元": (83_952_914, None),
    "2億5,104萬6,629元": (251_046_629, None),
    "8,395 萬 2,914 元": (83_952_914, None),
    "3萬餘元": (30_000, "W-NUM-07"),
    "1e5": (100_000, "W-NUM-15"),
    "1.2E+11": (120_000_000_000, "W-NUM-15"),
    "1E-2": "E-NUM-25",
    "1e18": "E-NUM-26",
    "1e309": "E-NUM-14",
    "-5": (-5, "W-NUM-11"),
    "－5": (-5, "W-NUM-11"),
    "(5)": (-5, "W-NUM-11"),
    "(5元)": (-5, "W-NUM-11"),
    "(1,200)元": (-1200, "W-NUM-11"),
    "5-": (-5, "W-NUM-11"),
    "▲5": (-5, "W-NUM-11"),
    "△1,200元": (-1200, "W-NUM-11"),
    "-NT$5": (-5, "W-NUM-11"),
    "NT$-5": (-5, "W-NUM-11"),
    "-1萬6,853元": (-16_853, "W-NUM-11"),
    "-0": (0, None),
    "US$5": "E-NUM-19",
    "12件": "E-NUM-19",
}


@pytest.mark.parametrize(("text", "outcome"), MONEY.items())
def test_a_money_column_reads_asks_or_refuses(text, outcome):
    assert integer(text, money=True, signed=True) == outcome


def test_money_without_a_sign_refuses_negatives_and_units_alone_make_no_money():
    assert integer("-5", money=True) == "E-NUM-11"
    assert integer("NT$1,200", units=("元",)) == (1200, None)
    assert integer("1e5", units=("元",)) == "E-NUM-15"
    assert integer("等63個", units=("個",)) == (63, "W-NUM-07")


DECIMALS = {
    "97.14": ("97.14", None),
    "１２．５": ("12.5", None),
    "1,234.5": ("1234.5", None),
    ".5": ("0.5", None),
    "98.100": ("98.1", None),
    "20": ("20", None),
    "0.0": ("0", None),
    "+5": ("5", None),
    "99.99999999999999": ("100", None),
    "59.526666666666664": ("59.53", None),
    "1.0049999999999999": ("1", None),
    "0.30000000000000004": ("0.3", None),
    "97.145": "E-NUM-24",
    "97.1456789": "E-NUM-24",
    "1.23456789012345678901": "E-NUM-26",
    "0." + "3" * 60: "E-NUM-26",
    "1234567890123456": ("1234567890123456", None),
    "12345678901234567": "E-NUM-26",
    "95%": "E-NUM-19",
    "-5": "E-NUM-11",
    "-0.00": ("0", None),
    "1e5": "E-NUM-15",
    "1e309": "E-NUM-14",
    "NaN": "E-NUM-13",
    "0x10": "E-NUM-16",
    "1_000.5": "E-NUM-06",
    "12,5": "E-NUM-03",
    "1.234,56": "E-NUM-05",
    "九十五": "E-NUM-08",
    "½": "E-NUM-27",
    "1-2": "E-EXCEL-DATE",
    "=A1": "E-FORMULA",
    "": "E-NUM-22",
    "無": "E-NUM-21",
    "12*": "E-NUM-20",
    "1萬6,853": ("16853", None),
    "1萬6,853.5": ("16853.5", None),
    "3.5萬": ("35000", "W-NUM-07"),
    "約97.5": ("97.5", "W-NUM-07"),
    "'97.5": ("97.5", "W-NUM-17"),
}


@pytest.mark.parametrize(("text", "outcome"), DECIMALS.items(), ids=lambda value: str(value)[:30])
def test_a_decimal_column_reads_asks_or_refuses(text, outcome):
    expected = outcome if isinstance(outcome, str) else (Decimal(outcome[0]), outcome[1])
    assert decimal(text) == expected


@pytest.mark.parametrize("text", ["95%", "95％", "95﹪", "95 ﹪", "95", "95.00%"])
def test_a_per_cent_column_takes_every_per_cent_sign_and_none(text):
    assert decimal(text, percent=True) == (95, None)


def test_decimals_take_their_places_units_and_sign_from_the_column():
    assert decimal("97.1456", places=4) == (Decimal("97.1456"), None)
    assert decimal("97.1", places=0) == "E-NUM-24"
    assert decimal("95.5分", units=("分",)) == (Decimal("95.5"), None)
    assert decimal("95.5分") == "E-NUM-19"
    assert decimal("-1.5", signed=True) == (Decimal("-1.5"), "W-NUM-11")
    assert decimal("NT$1,200.50", money=True) == (Decimal("1200.5"), None)
    assert decimal("1.5E+3", money=True) == (Decimal(1500), "W-NUM-15")


def test_a_refusal_tells_the_clerk_what_was_expected_and_how_to_mend_in_chinese():
    with pytest.raises(CellError) as caught:
        parse_integer("三十五")
    assert caught.value.expected.startswith("整數")
    assert "35" in caught.value.mend
    for text in [key for key, outcome in COUNTS.items() if isinstance(outcome, str)]:
        with pytest.raises(CellError) as caught:
            parse_integer(text, units=("件",))
        for sentence in (caught.value.expected, caught.value.mend):
            assert re.search("[一-鿿]", sentence) and not sentence.endswith("。")


def test_cleaning_removes_what_cannot_be_seen_and_normalises_width():
    assert clean("\ufeff\u3000８，５７１\u3000_x000D_") == "8,571"
    assert clean("臺\u200b北") == "臺北"
    assert clean("77.15﹪") == "77.15%"
    assert clean("台北臺北") == "台北臺北"
    assert clean("\t12 \r\n") == "12"
    unchanged = "plain ascii"
    assert clean(unchanged) is unchanged


@pytest.mark.parametrize("text", ["", " ", "\u3000", "\u200b", "\ufeff", "\u00a0", "_x000D_", "\t\r\n"])
def test_a_cell_without_anything_visible_is_blank(text):
    assert is_blank(text)


@pytest.mark.parametrize("text", ["0", "-", "無", "．"])
def test_a_cell_with_anything_visible_is_not_blank(text):
    assert not is_blank(text)


def test_odd_digits_and_formulas_can_be_asked_for_by_other_modules():
    assert all(has_odd_digits(char) for char in "٣Ⅷ½①²⑴㈠𝟏㋈❶")
    assert not any(has_odd_digits(text) for text in ["0123456789", "０１２３４５６７８９", "三十五〇零", "1萬6,853", "㊣"])
    assert all(map(is_formula, ["=A1", "@SUM(1)", "+1+1", "-A1", "-1*2"]))
    assert not any(map(is_formula, ["-5", "+5", "5-", "-", "A1"]))


# --- writing ----------------------------------------------------------------------------------------------------------

WRITTEN_AS_WAN = {
    0: "0",
    7: "7",
    8_571: "8,571",
    10_000: "1萬",
    16_853: "1萬6,853",
    16_865: "1萬6,865",
    130_292: "13萬0,292",
    549_203: "54萬9,203",
    29_110_442: "2,911萬0,442",
    83_952_914: "8,395萬2,914",
    251_046_629: "2億5,104萬6,629",
    639_442_789: "6億3,944萬2,789",
    120_000_000: "1億2,000萬",
    100_000_001: "1億0,000萬0,001",
    10**12: "1兆",
    10**12 + 5: "1兆0,000億0,000萬0,005",
    12_345 * 10**12: "12,345兆",
    -16_853: "-1萬6,853",
}


@pytest.mark.parametrize(("number", "text"), WRITTEN_AS_WAN.items())
def test_large_numbers_are_written_as_official_documents_write_them(number, text):
    assert format_wan(number) == text


def evaluated(text):
    """The value of a 萬 numeral, worked out here on its own."""
    words = {"兆": 10**12, "億": 10**8, "萬": 10**4, "": 1}
    return sum(int(digits.replace(",", "")) * words[word] for digits, word in re.findall("([0-9,]+)([兆億萬]?)", text))


def test_ten_thousand_written_numbers_are_read_back_as_the_same_numbers():
    chance = random.Random(105)
    numbers = [chance.randrange(10 ** chance.randint(1, 18)) for _ in range(8_000)]
    numbers += [chance.randrange(1, 100) * 10 ** chance.randrange(16) + chance.randrange(2) for _ in range(2_000)]
    for number in numbers:
        text = format_wan(number)
        assert evaluated(text) == number
        assert parse_integer(text + "元", units=("元",)) == Reading(number, None)


@settings(deadline=None)
@given(st.integers(min_value=-(10**18) + 1, max_value=10**18 - 1))
def test_every_number_that_fits_is_read_back_from_its_written_forms(number):
    question = "W-NUM-11" if number < 0 else None
    assert parse_integer(format_wan(number) + "元", units=("元",), signed=True) == (number, question)
    assert parse_integer(f"{number:,}", signed=True) == (number, question)
    assert parse_integer(format_number(number), signed=True) == (number, question)
    wide = str(abs(number)).translate({ord("0") + i: "０１２３４５６７８９"[i] for i in range(10)})
    assert parse_integer(wide) == (abs(number), None)


@settings(deadline=None)
@given(st.decimals(min_value=0, max_value=10**9, places=2))
def test_every_decimal_of_two_places_is_read_back_as_it_was_written(value):
    assert parse_decimal(f"{value:f}") == (value, None)
    assert parse_decimal(format_number(value)) == (value, None)


@pytest.mark.parametrize(
    ("value", "text"),
    [
        (Decimal("98.10"), "98.1"),
        (Decimal("20.00"), "20"),
        (Decimal("97.14"), "97.14"),
        (83_952_914, "83,952,914"),
        (Decimal("83952914.00"), "83,952,914"),
        (Decimal("1E+4"), "10,000"),
        (Decimal("-0.00"), "0"),
        (Decimal("-1234.50"), "-1,234.5"),
        (100, "100"),
        (0, "0"),
    ],
)
def test_numbers_are_written_with_thousands_commas_and_without_idle_zeros(value, text):
    assert format_number(value) == text


# --- rounding ---------------------------------------------------------------------------------------------------------

SURVEY = [
    (135, 175, "77.14"),
    (35, 175, "20.00"),
    (5, 175, "2.86"),
    (170, 175, "97.14"),
    (95, 175, "54.29"),
    (78, 175, "44.57"),
    (2, 175, "1.14"),
    (173, 175, "98.86"),
    (1, 175, "0.57"),
    (4, 175, "2.29"),
    (169, 175, "96.57"),
    (171, 175, "97.71"),
    (625, 1050, "59.52"),
    (405, 1050, "38.57"),
    (19, 1050, "1.81"),
    (1, 1050, "0.10"),
    (1030, 1050, "98.10"),
]


@pytest.mark.parametrize(("count", "total", "percent"), SURVEY)
def test_shares_of_the_survey_are_rounded_half_up(count, total, percent):
    assert str(share(count, total)) == percent


def test_means_of_printed_figures_are_rounded_half_up_where_floats_are_not():
    assert round_half_up(Fraction(1083, 600), 2) == Decimal("1.81")
    assert round_half_up(Fraction(57, 600), 2) == Decimal("0.10")
    assert round_half_up(Fraction(-1, 2), 0) == Decimal(-1)
    assert str(round_half_up(Fraction(-1, 1000), 2)) == "0.00"


@settings(deadline=None)
@given(st.integers(-(10**12), 10**12), st.integers(1, 10**6), st.integers(0, 6))
def test_rounding_agrees_with_long_division_in_high_precision(numerator, denominator, places):
    with localcontext() as context:
        context.prec = 60
        expected = (Decimal(numerator) / denominator).quantize(Decimal(1).scaleb(-places), ROUND_HALF_UP)
        percent = (Decimal(100) * numerator / denominator).quantize(Decimal(1).scaleb(-places), ROUND_HALF_UP)
    assert round_half_up(Fraction(numerator, denominator), places) == expected
    assert share(numerator, denominator, places) == percent


def test_a_share_of_nothing_is_refused():
    with pytest.raises(ValueError):
        share(0, 0)


# --- Chinese numerals -------------------------------------------------------------------------------------------------


def spelled(number):
    """A number below 10,000 in Chinese, written by the book."""
    if number == 0:
        return "零"
    text, gap = "", False
    for power, word in ((1000, "千"), (100, "百"), (10, "十"), (1, "")):
        digit = number // power % 10
        if digit:
            text += ("零" if gap and text else "") + "零一二三四五六七八九"[digit] + word
        gap = not digit
    return text.removeprefix("一") if 10 <= number < 20 else text


def test_every_chinese_numeral_below_ten_thousand_is_understood_for_the_hint():
    for number in range(10_000):
        assert chinese_integer(spelled(number)) == number
        assert chinese_digits("".join("〇一二三四五六七八九"[int(digit)] for digit in str(number))) == str(number)


@pytest.mark.parametrize(
    ("text", "value"),
    [
        ("廿九", 29),
        ("卅一", 31),
        ("壹佰", 100),
        ("三萬五千", 35_000),
        ("一億零五", 100_000_005),
        ("一○五", 105),
        ("一O五", 105),
        ("兩百", 200),
    ],
)
def test_other_ways_to_write_chinese_numerals_are_understood(text, value):
    assert chinese_integer(text) == value


@pytest.mark.parametrize(
    "text", ["一百五", "三萬五", "百", "十百", "一二十", "萬", "", "甲", "十零", "1五", "一百零5", "一" * 50_000]
)
def test_chinese_numerals_that_are_none_or_have_two_meanings_give_nothing(text):
    assert chinese_integer(text) is None


# --- hostile cells ----------------------------------------------------------------------------------------------------

NUMBERISH = st.text("0123456789０１２,.，+-－()%元件萬億兆千百約餘多'eExX/ ＝=①三十年月日NT$\u200b\u3000", max_size=30)


@settings(max_examples=400, deadline=None)
@given(st.one_of(st.text(max_size=40), NUMBERISH))
def test_any_text_is_read_or_refused_and_nothing_else_happens(text):
    for read in (integer, decimal):
        outcome = read(text, units=("元", "件"), signed=True)
        assert isinstance(outcome, str) == (not isinstance(outcome, tuple))
        if isinstance(outcome, tuple):
            assert abs(outcome[0]) < 10**18
    clean(text), is_blank(text), chinese_integer(text)


@pytest.mark.parametrize(
    "unit",
    [
        "(",
        "1",
        "1,",
        ",",
        ".",
        " ",
        "0",
        "萬",
        "1萬",
        "一",
        "十",
        "-",
        "約",
        "'",
        "1e",
        "1_",
        "1-",
        "é\u0316\u0301",
        "\u0316\u0301",
        "\u200b",
        "=",
    ],
)
def test_fifty_thousand_characters_are_answered_at_once(unit):
    text = "1" + unit * (50_000 // len(unit)) + "x"
    start = time.process_time()
    assert isinstance(integer(text, units=("件",), money=True, signed=True), str)
    assert isinstance(decimal(text, units=("件",)), str)
    assert time.process_time() - start < 2
