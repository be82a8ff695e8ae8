"""Days, months, quarters and times as offices write them, and the windows of months a report covers."""

from __future__ import annotations

import calendar
import contextlib
import random
import re
import time as clock
from datetime import UTC, date, datetime, time, timedelta, timezone

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from warehouse.errors import CellError, UsageError
from warehouse.period import (
    Quarter,
    Window,
    add_months,
    english_date,
    english_month,
    month_of,
    month_range,
    parse_date,
    parse_date_range,
    parse_month,
    parse_month_option,
    parse_quarter,
    parse_quarter_option,
    parse_time,
    roc_date,
    roc_month,
    roc_short,
    taipei_today,
    written_calendar,
)


def read(reader, text, **options):
    """The value, (value, question) if there is one, or the code the text was refused with."""
    try:
        reading = reader(text, **options)
    except CellError as error:
        return error.code
    return reading.value if reading.ask is None else (reading.value, reading.ask)


# --- every day in every form ------------------------------------------------------------------------------------------

CHINESE = ["", *"一二三四五六七八九十"] + ["十" + digit for digit in "一二三四五六七八九"]
CHINESE += ["二十" + digit for digit in ["", *"一二三四五六七八九"]] + ["三十", "三十一"]
WIDE = str.maketrans("0123456789/", "０１２３４５６７８９／")


def in_twelve_forms(day):
    """The ways offices write one day, from its three numbers."""
    y, m, d = day.year, day.month, day.day
    roc = y - 1911
    year_words = "".join("○一二三四五六七八九"[int(digit)] for digit in str(roc))
    return (
        f"{roc:03d}/{m:02d}/{d:02d}",
        f"{roc:03d}-{m}-{d}",
        f"{roc:03d}.{m}.{d}",
        f"{roc:03d}{m:02d}{d:02d}",
        f"{roc}年{m}月{d}日",
        f"中華民國{roc}年{m:02d}月{d:02d}日",
        f"民國{roc}年 {m}月 {d}日 03時00分",
        f"民國{year_words}年{CHINESE[m]}月{CHINESE[d]}日",
        f"{roc:03d}/{m}/{d}".translate(WIDE),
        f"{y}/{m}/{d}",
        f"{y}-{m:02d}-{d:02d} 00:00:00",
        f"{y}{m:02d}{d:02d}",
    )


def test_every_day_from_1990_to_2031_is_read_in_twelve_written_forms_and_no_day_before():
    day, last = date(1989, 1, 1), date(2031, 12, 31)
    seen = 0
    while day <= last:
        for text in in_twelve_forms(day):
            outcome = read(parse_date, text)
            if day.year < 1990:
                assert isinstance(outcome, str), text
            else:
                assert outcome == day, text
                seen += 1
        day += timedelta(days=1)
    assert seen == 12 * (date(2032, 1, 1) - date(1990, 1, 1)).days


def test_every_two_digit_year_from_80_on_is_an_roc_year():
    for day in (date(1991, 1, 1) + timedelta(days=n) for n in range(0, (date(2011, 1, 1) - date(1991, 1, 1)).days, 7)):
        roc = day.year - 1911
        assert read(parse_date, f"{roc}/{day.month}/{day.day}") == day
        assert read(parse_date, f"{roc}{day:%m%d}") == day
        assert read(parse_date, f"{roc}{day:%m%d}", roc_column=False) == "E-DATE-AMBIGUOUS"
    assert read(parse_date, "79/12/31") == "E-DATE-AMBIGUOUS"
    assert read(parse_date, "079/12/31") == read(parse_date, "79年12月31日") == date(1990, 12, 31)


def impossible_days(count):
    """Dates that never were, in several forms, from a fixed seed."""
    chance = random.Random(17)
    for _ in range(count):
        year, month = chance.randint(1990, 2100), chance.randint(1, 12)
        days = calendar.monthrange(year, month)[1]
        kind = chance.randrange(4)
        day = chance.randint(days + 1, 99) if kind < 2 else chance.randint(1, days)
        if kind == 1:
            day = days + 1
        if kind == 2:
            month = chance.choice([0, *range(13, 100)])
        if kind == 3:
            year = chance.choice([*range(1912, 1990), *range(2101, 2911)])
        roc = year - 1911
        forms = [
            f"{roc:03d}/{month:02d}/{day:02d}",
            f"{roc:03d}-{month}-{day}",
            f"{roc:03d}{month:02d}{day:02d}",
            f"民國{roc}年{month}月{day}日",
            f"{roc:03d}.{month}.{day} 10:00",
            f"{year}/{month}/{day}",
            f"{year}{month:02d}{day:02d}",
            f"{year}-{month:02d}-{day:02d}T00:00:00",
        ]
        yield chance.choice(forms)


def test_none_of_two_thousand_impossible_days_is_accepted():
    texts = list(impossible_days(2_000))
    assert len(texts) == 2_000
    assert [text for text in texts if not isinstance(read(parse_date, text), str)] == []


# --- days -------------------------------------------------------------------------------------------------------------

FIFTH = date(2016, 1, 5)
SEPTEMBER_30 = date(2016, 9, 30)

DAYS = {
    # DAT-01, -02, -03, -04, -05
    "105/01/05": FIFTH,
    "105-1-5": FIFTH,
    "105.1.5": FIFTH,
    "105/1/5": FIFTH,
    "105年1月5日": FIFTH,
    "民國105年1月5日": FIFTH,
    "中華民國105年01月05日": FIFTH,
    "中華民國 105 年 1 月 5 日": FIFTH,
    "102年01月01日 03時00分": date(2013, 1, 1),
    "102年01月01日 03時00分05秒": date(2013, 1, 1),
    "102年01月01日03時00分": date(2013, 1, 1),
    "1050105": FIFTH,
    "1050105.0": FIFTH,
    "0990105": date(2010, 1, 5),
    "990105": date(2010, 1, 5),
    "160105": "E-DATE-AMBIGUOUS",
    "201601": "E-DATE-AMBIGUOUS",
    # DAT-06 to -10 in a column of days
    "10501": "E-DAT-06",
    "105/09": "E-DAT-06",
    "105年9月": "E-DAT-06",
    "Sep-16": "E-DAT-06",
    "42375": (date(2016, 1, 6), "W-DAT-07"),
    "42643": (SEPTEMBER_30, "W-DAT-07"),
    "42643.5": (SEPTEMBER_30, "W-DAT-07"),
    "12345": "E-DAT-34",
    "105Q3": "E-DAT-08",
    "105年第3季": "E-DAT-08",
    "105年上半年": "E-DAT-09",
    "105年度": "E-DAT-09",
    "105年": "E-DAT-09",
    "2016": "E-DAT-09",
    "9月30日": "E-DAT-10",
    "9/30": "E-DAT-10",
    "30-Sep": "E-DAT-10",
    # DAT-11, -13 to -17
    "2016/1/5": FIFTH,
    "2016-01-05": FIFTH,
    "20160105": FIFTH,
    "西元2016年1月5日": FIFTH,
    "30-Sep-2016": SEPTEMBER_30,
    "Sep 30, 2016": SEPTEMBER_30,
    "30-Sep-16": "E-DATE-AMBIGUOUS",
    "16/01/05": "E-DATE-AMBIGUOUS",
    "05/01/16": "E-DATE-AMBIGUOUS",
    "1/5/2016": "E-DATE-AMBIGUOUS",
    "1/5/105": "E-DATE-AMBIGUOUS",
    "16年1月5日": "E-DATE-AMBIGUOUS",
    "1/5/2016 12:00:00 AM": "E-DATE-AMBIGUOUS",
    "99/12/31": date(2010, 12, 31),
    "099/12/31": date(2010, 12, 31),
    "105/02/29": date(2016, 2, 29),
    "109/02/29": date(2020, 2, 29),
    "113/02/29": date(2024, 2, 29),
    "104/02/29": "E-DAT-17",
    "114/02/29": "E-DAT-17",
    "105/02/30": "E-DAT-17",
    "105/13/01": "E-DAT-17",
    "105/00/10": "E-DAT-17",
    "105/1/2016": "E-DAT-17",
    # DAT-18, -19, -20
    "0105/01/05": "E-DAT-18",
    "01050105": "E-DAT-18",
    "1989/12/31": "E-DAT-18",
    "1899-12-30 14:00:00": "E-DAT-18",
    "民國元年": "E-DAT-19",
    "民國1年": "E-DAT-19",
    "民國元年1月1日": "E-DAT-19",
    "民國78年12月31日": "E-DAT-19",
    "001/01/01": "E-DAT-19",
    "民國前1年": "E-DAT-20",
    "民前1年1月1日": "E-DAT-20",
    "-1/1/1": "E-DAT-20",
    "民國0年": "E-DAT-20",
    "000/1/1": "E-DAT-20",
    # DAT-21, -22, -23
    "民國一百零五年一月五日": FIFTH,
    "民國一○五年一月五日": FIFTH,
    "民國一〇五年一月五日": FIFTH,
    "民國一O五年一月五日": FIFTH,
    "民國一Ｏ五年元月五日": FIFTH,
    "一零五年九月卅日": SEPTEMBER_30,
    "二〇一六年九月三十日": SEPTEMBER_30,
    "1○5年1月5日": FIFTH,
    "民國一百五年一月五日": "E-DAT-01",
    "105年1月1五日": "E-DAT-01",
    "１０５／１／５": FIFTH,
    "１０５年１月５日": FIFTH,
    "H28": "E-DAT-23",
    "H28/1/5": "E-DAT-23",
    "R5": "E-DAT-23",
    "㍻28年1月5日": "E-DAT-23",
    "令和5年1月5日": "E-DAT-23",
    # DAT-26, -28, -31
    "2105/01/05": "E-DAT-26",
    "205/01/05": "E-DAT-26",
    "2050105": "E-DAT-26",
    "3927/01/05": "E-DAT-28",
    "民國2016年1月5日": "E-DAT-28",
    "60": "E-DAT-31",
    # DAT-32, -33, -34, -35
    "2016/1/5 00:00:00": FIFTH,
    "2016/1/5 上午 09:30": FIFTH,
    "2016/1/5 上午 12:00:00": FIFTH,
    "2016/1/5 9:30:00 PM": FIFTH,
    "105年1月5日 下午2時": FIFTH,
    "2016-01-05T09:30:00": FIFTH,
    "2016/1/5 24:00": "E-DAT-32",
    "2016/1/5 12:60": "E-DAT-32",
    "2016-01-05T23:00:00Z": (date(2016, 1, 6), "W-DAT-33"),
    "2016-01-05T15:59:59.999Z": (FIFTH, "W-DAT-33"),
    "2016-01-05T23:00:00-05:00": (date(2016, 1, 6), "W-DAT-33"),
    "2016-01-06T00:30:00+0900": (FIFTH, "W-DAT-33"),
    "2016-01-05T23:00:00+08:00": FIFTH,
    "1051301": "E-DAT-34",
    "20161301": "E-DAT-34",
    "10513": "E-DAT-34",
    "105W03": "E-DAT-35",
    "2016-W03": "E-DAT-35",
    "105年第3週": "E-DAT-35",
    "正月初一": "E-DAT-35",
    # the forms the office is known to use
    "105年9月30日": SEPTEMBER_30,
    "105/09/30": SEPTEMBER_30,
    "105/9/30": SEPTEMBER_30,
    "1050930": SEPTEMBER_30,
    "105.9.30": SEPTEMBER_30,
    "105-09-30": SEPTEMBER_30,
    "中華民國105年9月30日": SEPTEMBER_30,
    "2016/9/30": SEPTEMBER_30,
    "105年 9月 30日": SEPTEMBER_30,
    "民國105.9.30": SEPTEMBER_30,
    "105年9月30日(五)": SEPTEMBER_30,
    "105年9月30日（星期五）": SEPTEMBER_30,
    "105年9月30日 星期五": SEPTEMBER_30,
    "105年9月30日(六)": "E-DAT-17",
    "'105/09/30": SEPTEMBER_30,
    "\u200e105/09/30\u3000": SEPTEMBER_30,
    # no dates
    "": "E-NUM-22",
    "\u3000\u200b": "E-NUM-22",
    "無": "E-DAT-01",
    "abc": "E-DAT-01",
    "105/09-30": "E-DAT-01",
    "1 05/09/30": "E-DAT-01",
    "105/09/30起": "E-DAT-01",
    "3": "E-DAT-07",
    "１０５年①月５日": "E-NUM-27",
    "105年Ⅸ月30日": "E-NUM-27",
    "١٠٥/٩/٣٠": "E-NUM-27",
    "105年㋈30日": "E-NUM-27",
    "=TODAY()": "E-FORMULA",
    "@A1": "E-FORMULA",
    "-1+1": "E-FORMULA",
}


@pytest.mark.parametrize(("text", "outcome"), DAYS.items())
def test_a_day_is_read_asked_about_or_refused(text, outcome):
    assert read(parse_date, text) == outcome


@pytest.mark.parametrize(
    ("text", "outcome"),
    [
        ("9月30日", (SEPTEMBER_30, "W-DAT-10")),
        ("九月三十日", (SEPTEMBER_30, "W-DAT-10")),
        ("9/30", (SEPTEMBER_30, "W-DAT-10")),
        ("30-Sep", (SEPTEMBER_30, "W-DAT-10")),
        ("2月30日", "E-DAT-17"),
        ("104/9/30", date(2015, 9, 30)),
    ],
)
def test_a_day_without_a_year_takes_the_year_of_the_title_with_a_question(text, outcome):
    assert read(parse_date, text, year=2016) == outcome
    assert read(parse_date, text, year=105) == outcome


def test_the_29th_of_february_needs_a_leap_year_in_the_title_too():
    assert read(parse_date, "2月29日", year=105) == (date(2016, 2, 29), "W-DAT-10")
    assert read(parse_date, "2月29日", year=104) == "E-DAT-17"


def test_excel_serial_numbers_count_days_from_the_end_of_1899():
    for day in (date(1990, 1, 1), date(2000, 2, 29), date(2100, 12, 31)):
        serial = (day - date(1899, 12, 30)).days
        assert read(parse_date, str(serial)) == (day, "W-DAT-07")
    assert isinstance(read(parse_date, str((date(1989, 12, 31) - date(1899, 12, 30)).days)), str)
    assert isinstance(read(parse_date, str((date(2101, 1, 1) - date(1899, 12, 30)).days)), str)


def test_a_moment_in_another_zone_is_the_day_it_is_in_taipei():
    chance = random.Random(33)
    for _ in range(500):
        moment = datetime(2016, 1, 1, tzinfo=UTC) + timedelta(minutes=chance.randrange(500_000))
        written = moment.astimezone(timezone(timedelta(minutes=30 * chance.randint(-24, 28))))
        expected = moment.astimezone(timezone(timedelta(hours=8))).date()
        in_taipei = written.utcoffset() == timedelta(hours=8)
        assert read(parse_date, written.isoformat()) == (expected if in_taipei else (expected, "W-DAT-33"))


# --- months -----------------------------------------------------------------------------------------------------------

SEPTEMBER = date(2016, 9, 1)
JANUARY = date(2016, 1, 1)

MONTHS = {
    "105年9月": SEPTEMBER,
    "105年9月份": SEPTEMBER,
    "105年度9月": SEPTEMBER,
    "105 年 9 月": SEPTEMBER,
    "105/09": SEPTEMBER,
    "105-09": SEPTEMBER,
    "105.9": SEPTEMBER,
    "10509": SEPTEMBER,
    "10509.0": SEPTEMBER,
    "民國105年9月": SEPTEMBER,
    "中華民國105年09月": SEPTEMBER,
    "民國105/09": SEPTEMBER,
    "１０５年９月": SEPTEMBER,
    "2016/09": SEPTEMBER,
    "2016-9": SEPTEMBER,
    "2016年9月": SEPTEMBER,
    "201609": SEPTEMBER,
    "Sep-16": SEPTEMBER,
    "Sep 2016": SEPTEMBER,
    "September 2016": SEPTEMBER,
    "Sept. 2016": SEPTEMBER,
    "Dec-99": date(1999, 12, 1),
    "民國一○五年九月": SEPTEMBER,
    "一百零五年元月": JANUARY,
    "99/12": date(2010, 12, 1),
    "99年12月": date(2010, 12, 1),
    "09912": date(2010, 12, 1),
    "10501": JANUARY,
    "11506": date(2026, 6, 1),
    "15012": date(2061, 12, 1),
    # full days count as their month
    "105/09/30": SEPTEMBER,
    "1050930": SEPTEMBER,
    "2016-09-01 00:00:00": SEPTEMBER,
    "42643": (SEPTEMBER, "W-DAT-07"),
    # refused
    "10513": "E-DAT-34",
    "10500": "E-DAT-34",
    "201613": "E-DAT-34",
    "15101": "E-DAT-34",
    "20501": "E-DAT-26",
    "205/01": "E-DAT-26",
    "105/13": "E-DAT-17",
    "105年0月": "E-DAT-17",
    "990105": "E-DATE-AMBIGUOUS",
    "9912": "E-DATE-AMBIGUOUS",
    "16/09": "E-DATE-AMBIGUOUS",
    "09/2016": "E-DATE-AMBIGUOUS",
    "16/01/05": "E-DATE-AMBIGUOUS",
    "105Q3": "E-DAT-08",
    "105年第3季": "E-DAT-08",
    "第三季": "E-DAT-08",
    "105Q5": "E-DAT-08",
    "105年上半年": "E-DAT-09",
    "105年下半年": "E-DAT-09",
    "105年度": "E-DAT-09",
    "105": "E-DAT-09",
    "1月": "E-DAT-10",
    "一月": "E-DAT-10",
    "元月": "E-DAT-10",
    "Jan": "E-DAT-10",
    "1": "E-DAT-10",
    "正月": "E-DAT-35",
    "105W03": "E-DAT-35",
    "0105/01": "E-DAT-18",
    "民國元年1月": "E-DAT-19",
    "民國前1年1月": "E-DAT-20",
    "H28年1月": "E-DAT-23",
    "3927/01": "E-DAT-28",
    "104/02/29": "E-DAT-17",
    "Ⅷ月": "E-NUM-27",
    "": "E-NUM-22",
    "合計": "E-DAT-01",
    "=A1": "E-FORMULA",
}


@pytest.mark.parametrize(("text", "outcome"), MONTHS.items())
def test_a_month_is_read_asked_about_or_refused(text, outcome):
    assert read(parse_month, text) == outcome


@pytest.mark.parametrize("text", ["1月", "01月", "1月份", "一月", "元月", "Jan", "January", "1", "01"])
def test_a_month_without_a_year_takes_the_year_of_the_title_with_a_question(text):
    assert read(parse_month, text, year=2016) == (JANUARY, "W-DAT-10")
    assert read(parse_month, text, year=105) == (JANUARY, "W-DAT-10")


def test_a_month_without_a_year_is_still_one_of_twelve():
    for text in ("13月", "0月", "13", "0"):
        assert isinstance(read(parse_month, text, year=2016), str)
    assert read(parse_month, "1月", year=1980) == "E-DAT-18"
    assert read(parse_month, "104年1月", year=2016) == date(2015, 1, 1)


def test_every_month_from_1991_to_2061_is_read_in_every_form_with_a_year():
    for year in range(1991, 2062):
        for month in range(1, 13):
            roc = year - 1911
            for text in (
                f"{roc}年{month}月",
                f"{roc:03d}/{month:02d}",
                f"{roc:03d}.{month:02d}",
                f"{roc:03d}{month:02d}",
                f"民國{roc}年{month}月份",
                f"{year}/{month:02d}",
                f"{year}-{month}",
                f"{year}{month:02d}",
            ):
                assert read(parse_month, text) == date(year, month, 1), text
            cut = (date(year, 1, 1), "W-DAT-06") if month == 1 else date(year, month, 1)
            assert read(parse_month, f"{roc}.{month}") == cut, "as which a spreadsheet shows .10 as well"


@pytest.mark.parametrize(
    ("text", "calendar_name"),
    [
        ("105/01/05", "roc"),
        ("民國105年1月", "roc"),
        ("1050105", "roc"),
        ("10501", "roc"),
        ("99/12/31", "roc"),
        ("'105/1/5", "roc"),
        ("一○五年一月", "roc"),
        ("2016/1/5", "ad"),
        ("20160105", "ad"),
        ("201601", "ad"),
        ("西元2016年", "ad"),
        ("二〇一六年一月", "ad"),
        ("Sep-16", "ad"),
        ("42643", None),
        ("1月", None),
        ("12月", None),
        ("無", None),
        ("", None),
    ],
)
def test_the_calendar_a_cell_is_written_in_can_be_told(text, calendar_name):
    assert written_calendar(text) == calendar_name


# --- from day to day --------------------------------------------------------------------------------------------------

SPAN = (date(2016, 1, 18), date(2016, 2, 3))

RANGES = {
    "105年1月18日至2月3日": SPAN,
    "105年1月18日至105年2月3日": SPAN,
    "105年 1月 18日 至 2月 3日": SPAN,
    "自105年1月18日起至2月3日止": SPAN,
    "民國105年1月18日~民國105年2月3日": SPAN,
    "105年1月18日(一)至2月3日(三)": SPAN,
    "105/1/18-2/3": SPAN,
    "105/1/18 - 2/3": SPAN,
    "105/01/18-105/02/03": SPAN,
    "105.1.18~105.2.3": SPAN,
    "105.1.18～2.3": SPAN,
    "105.1.18-105.2.3": SPAN,
    "105-01-18~105-02-03": SPAN,
    "2016-01-18 - 2016-02-03": SPAN,
    "1050118-1050203": SPAN,
    "105年2月18日至19日": (date(2016, 2, 18), date(2016, 2, 19)),
    "105/2/18-19": (date(2016, 2, 18), date(2016, 2, 19)),
    "105年12月28日至106年1月3日": (date(2016, 12, 28), date(2017, 1, 3)),
    "105年1月18日": (date(2016, 1, 18), date(2016, 1, 18)),
    "105/1/18": (date(2016, 1, 18), date(2016, 1, 18)),
    "105-01-18": (date(2016, 1, 18), date(2016, 1, 18)),
    "42387": ((date(2016, 1, 18), date(2016, 1, 18)), "W-DAT-07"),
    "105年12月28日至1月3日": "E-DAT-17",
    "105年2月3日至1月18日": "E-DAT-17",
    "105年2月18日至30日": "E-DAT-17",
    "105/1/18-13/3": "E-DAT-17",
    "105年1月至3月": "E-DAT-06",
    "105年1月18日至": "E-DAT-01",
    "至105年1月18日": "E-DAT-01",
    "105-01-18-105-02-03": "E-DAT-01",
    "105年1月18日至19日至20日": "E-DAT-01",
    "16/01/05-06": "E-DATE-AMBIGUOUS",
    "1月18日至2月3日": "E-DAT-10",
    "": "E-NUM-22",
    "105年①月18日": "E-NUM-27",
}


@pytest.mark.parametrize(("text", "outcome"), RANGES.items())
def test_a_range_of_days_is_read_or_refused(text, outcome):
    assert read(parse_date_range, text) == outcome


# --- time of day ------------------------------------------------------------------------------------------------------

TIMES = {
    "14:00": time(14),
    "9:05": time(9, 5),
    "14:00:30": time(14, 0, 30),
    "１４：００": time(14),
    "上午9時": time(9),
    "上午 09:30": time(9, 30),
    "下午2時30分": time(14, 30),
    "下午2時30分15秒": time(14, 30, 15),
    "09時00分": time(9),
    "下午 02:00": time(14),
    "下午2點半": time(14, 30),
    "上午九時三十分": time(9, 30),
    "下午14時": time(14),
    "下午12:30": time(12, 30),
    "中午12時": time(12),
    "晚上7點": time(19),
    "上午 12:00:00": time(0),
    "凌晨3時": time(3),
    "2:00 PM": time(14),
    "12:00 AM": time(0),
    "12:00 p.m.": time(12),
    "00:00": time(0),
    "23:59:59": time(23, 59, 59),
    "24:00": "E-DAT-32",
    "24時": "E-DAT-32",
    "25:00": "E-DAT-32",
    "12:60": "E-DAT-32",
    "上午13:00": "E-DAT-32",
    "上午12時": "E-DAT-32",
    "晚上12時": "E-DAT-32",
    "下午": "E-DAT-32",
    "9": "E-DAT-32",
    "1 4:00": "E-DAT-32",
    "14:0x": "E-DAT-32",
    "無": "E-DAT-32",
    "": "E-NUM-22",
    "①時": "E-NUM-27",
    "=NOW()": "E-FORMULA",
}


@pytest.mark.parametrize(("text", "outcome"), TIMES.items())
def test_a_time_of_day_is_read_or_refused(text, outcome):
    assert read(parse_time, text) == outcome


def test_every_minute_of_the_day_is_read_as_clocks_and_as_offices_write_it():
    for minute in range(24 * 60):
        moment = time(minute // 60, minute % 60)
        spoken = f"{'上午' if moment.hour < 12 else '下午'} {moment.hour % 12 or 12:02d}:{moment.minute:02d}"
        for text in (f"{moment:%H:%M}", f"{moment:%H:%M:%S}", f"{moment.hour}時{moment.minute}分", spoken):
            assert read(parse_time, text) == moment


# --- quarters and windows ---------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    "text",
    [
        "105Q3",
        "105q3",
        "105 Q3",
        "105年Q3",
        "105-Q3",
        "105年第3季",
        "105年度第3季",
        "105年第三季",
        "105年第3季度",
        "105年度第三季度",
    ]
    + [
        "民國105年第3季",
        "中華民國105年度第3季",
        "105第3季",
        "105年3季",
        "１０５年第３季",
        "2016Q3",
        "2016年第3季",
        "一○五年第三季",
    ],
)
def test_a_quarter_is_read_in_every_form(text):
    assert parse_quarter(text) == Quarter(2016, 3)


@pytest.mark.parametrize(
    ("text", "code"),
    [
        ("105Q5", "E-DAT-08"),
        ("105Q0", "E-DAT-08"),
        ("105年第5季", "E-DAT-08"),
        ("105年9月", "E-DAT-08"),
        ("105", "E-DAT-08"),
        ("第三季", "E-DAT-10"),
        ("Q3", "E-DAT-10"),
        ("16Q3", "E-DATE-AMBIGUOUS"),
        ("205Q3", "E-DAT-26"),
        ("民國元年第1季", "E-DAT-19"),
        ("105年第Ⅲ季", "E-NUM-27"),
        ("", "E-NUM-22"),
        ("=A1", "E-FORMULA"),
    ],
)
def test_what_is_no_quarter_is_refused(text, code):
    with pytest.raises(CellError) as caught:
        parse_quarter(text)
    assert caught.value.code == code


def test_a_quarter_without_a_year_takes_the_year_of_the_title():
    assert parse_quarter("第三季", year=2016) == parse_quarter("Q3", year=105) == Quarter(2016, 3)


def test_a_quarter_knows_its_name_its_months_and_the_one_before():
    assert Quarter(2016, 3).label == "105年第3季"
    assert Quarter(2016, 3).window == Window(date(2016, 7, 1), date(2016, 9, 1))
    assert Quarter(2016, 3).previous() == Quarter(2016, 2)
    assert Quarter(2016, 1).previous() == Quarter(2015, 4)
    assert [Quarter.of(date(2016, month, 15)).number for month in range(1, 13)] == [1, 1, 1, 2, 2, 2, 3, 3, 3, 4, 4, 4]
    assert Quarter(2015, 4) < Quarter(2016, 1)
    with pytest.raises(ValueError):
        Quarter(2016, 5)


@pytest.mark.parametrize(
    ("window", "label"),
    [
        (Window.year_to_date(date(2016, 9, 30)), "105年1月至9月"),
        (Window.year_to_date(date(2016, 1, 1)), "105年1月"),
        (Window(date(2016, 9, 1), date(2016, 9, 1)), "105年9月"),
        (Window(date(2015, 12, 1), date(2016, 2, 1)), "104年12月至105年2月"),
        (Window.of_quarter(Quarter(2016, 3)), "105年7月至9月"),
        (Window.year_to_quarter(Quarter(2016, 3)), "105年1月至9月"),
        (Window.year_to_quarter(Quarter(2016, 3)).previous_year(), "104年1月至9月"),
    ],
)
def test_a_window_is_named_as_the_report_names_it(window, label):
    assert window.label == label


@pytest.mark.parametrize(
    ("first", "last", "label"),
    [((2016, 1), (2016, 9), "Jan–Sep 2016"), ((2016, 9), (2016, 9), "Sep 2016"), ((2015, 12), (2016, 2), "Dec 2015–Feb 2016")],
)
def test_a_window_has_an_english_name(first, last, label):
    assert Window(date(*first, 1), date(*last, 1)).label_en == label
    assert Quarter(2016, 3).label_en == "Q3 2016"
    assert [english_month(date(2016, month, 1)) for month in (5, 6, 12)] == ["May 2016", "Jun 2016", "Dec 2016"]
    assert english_date(date(2016, 9, 30)) == "30 Sep 2016"


def test_a_window_knows_its_months_its_last_day_and_its_iso_ends():
    window = Window.year_to_quarter(Quarter(2016, 3))
    assert window.months == [date(2016, month, 1) for month in range(1, 10)]
    assert window.last_day == SEPTEMBER_30
    assert (window.iso_from, window.iso_to) == ("2016-01", "2016-09")
    assert Window(date(2016, 2, 1), date(2016, 2, 1)).last_day == date(2016, 2, 29)
    assert Window(date(2016, 12, 1), date(2016, 12, 1)).last_day == date(2016, 12, 31)


@pytest.mark.parametrize(
    ("start", "end"), [((2016, 2, 1), (2016, 1, 1)), ((2016, 1, 2), (2016, 2, 1)), ((2016, 1, 1), (2016, 2, 2))]
)
def test_a_window_must_run_forward_over_whole_months(start, end):
    with pytest.raises(ValueError):
        Window(date(*start), date(*end))


MONTH_STARTS = st.dates(date(1990, 1, 1), date(2100, 12, 1)).map(lambda day: day.replace(day=1))


@settings(deadline=None)
@given(MONTH_STARTS, st.integers(0, 40))
def test_a_window_counts_every_month_once_up_to_its_last_day(start, length):
    index = start.year * 12 + start.month - 1 + length
    end = date(index // 12, index % 12 + 1, 1)
    window = Window(start, end)
    assert len(window.months) == length + 1
    assert [(month.year * 12 + month.month) for month in window.months] == list(
        range(start.year * 12 + start.month, end.year * 12 + end.month + 1)
    )
    assert window.last_day == date(end.year, end.month, calendar.monthrange(end.year, end.month)[1])
    earlier = window.previous_year()
    assert (earlier.start.year, earlier.start.month) == (start.year - 1, start.month)
    assert len(earlier.months) == len(window.months)


@settings(deadline=None)
@given(MONTH_STARTS, st.integers(-600, 600))
def test_adding_months_and_taking_them_away_comes_back(month, n):
    moved = add_months(month, n)
    assert (moved.year - month.year) * 12 + moved.month - month.month == n
    assert add_months(moved, -n) == month


# --- small helpers ----------------------------------------------------------------------------------------------------


def test_days_and_months_are_written_in_roc_years_and_read_back():
    assert (roc_date(SEPTEMBER_30), roc_month(SEPTEMBER_30), roc_short(SEPTEMBER_30)) == ("105年9月30日", "105年9月", "105/09/30")
    assert roc_short(date(2010, 1, 5)) == "99/01/05"
    for n in range(0, 365 * 40, 11):
        day = date(1991, 1, 1) + timedelta(days=n)
        assert read(parse_date, roc_date(day)) == read(parse_date, roc_short(day)) == day
        assert read(parse_month, roc_month(day)) == day.replace(day=1)


def test_months_are_counted_from_any_day_of_them():
    assert month_of(SEPTEMBER_30) == SEPTEMBER
    assert add_months(date(2016, 1, 31), 1) == date(2016, 2, 1)
    assert month_range(date(2015, 12, 9), date(2016, 2, 1)) == [date(2015, 12, 1), date(2016, 1, 1), date(2016, 2, 1)]
    assert month_range(date(2016, 2, 1), date(2016, 1, 1)) == []


@pytest.mark.parametrize("text", ["105-01", "2016-01", "105年1月", "10501", "105/1", "201601"])
def test_a_command_line_takes_a_month_in_either_calendar(text):
    assert parse_month_option(text) == JANUARY


@pytest.mark.parametrize("text", ["", "1", "Jan", "42643", "105Q3", "16-01", "105-13", "x" * 50_000])
def test_a_command_line_refuses_what_is_no_month_as_wrong_usage(text):
    with pytest.raises(UsageError) as caught:
        parse_month_option(text)
    assert "月份" in str(caught.value) and len(str(caught.value)) < 100


def test_a_command_line_takes_a_quarter_or_calls_it_wrong_usage():
    assert parse_quarter_option("105Q3") == Quarter(2016, 3)
    for text in ("105Q5", "Q3", "105"):
        with pytest.raises(UsageError):
            parse_quarter_option(text)


def test_today_can_be_set_and_is_otherwise_the_day_in_taipei(monkeypatch):
    monkeypatch.setenv("SERVICE_QUALITY_TODAY", "2016-10-05")
    assert taipei_today() == date(2016, 10, 5)
    monkeypatch.setenv("SERVICE_QUALITY_TODAY", "105年10月5日")
    with pytest.raises(UsageError):
        taipei_today()
    monkeypatch.delenv("SERVICE_QUALITY_TODAY")
    before = (datetime.now(UTC) + timedelta(hours=8)).date()
    today = taipei_today()
    assert before <= today <= (datetime.now(UTC) + timedelta(hours=8)).date()


def test_a_refusal_says_what_was_expected_and_how_to_mend_in_chinese():
    readers = ((parse_date, DAYS), (parse_month, MONTHS), (parse_date_range, RANGES), (parse_time, TIMES))
    for reader, table in readers:
        for text in [key for key, outcome in table.items() if isinstance(outcome, str)]:
            with pytest.raises(CellError) as caught:
                reader(text)
            for sentence in (caught.value.expected, caught.value.mend):
                assert re.search("[一-鿿]", sentence) and not sentence.endswith("。")


# --- hostile cells ----------------------------------------------------------------------------------------------------

DATEISH = st.text("0123456789０５年月日民國前季度第至~-/.: TZQW上下午時分()一二十○O元〇Sep'\u3000\u200b", max_size=24)


@settings(max_examples=400, deadline=None)
@given(st.one_of(st.text(max_size=40), DATEISH))
def test_any_text_is_read_or_refused_and_nothing_else_happens(text):
    for reader in (parse_date, parse_month, parse_date_range, parse_time):
        outcome = read(reader, text)
        value = outcome[0] if isinstance(outcome, tuple) else outcome
        if isinstance(value, date):
            assert 1990 <= value.year <= 2100
    for reader in (parse_quarter, written_calendar):
        with contextlib.suppress(CellError):
            reader(text)


@pytest.mark.parametrize(
    "unit", ["(", "1", "/", "1/", "-", " ", "年", "1年", "一", "○", "至", "T", "月1", ":", "日1", "\u0316\u0301", "週"]
)
def test_fifty_thousand_characters_are_refused_at_once(unit):
    text = "105" + unit * (50_000 // len(unit)) + "x"
    start = clock.process_time()
    for reader in (parse_date, parse_month, parse_date_range, parse_time):
        assert isinstance(read(reader, text), str)
    with pytest.raises(CellError):
        parse_quarter(text)
    assert written_calendar(text) in ("roc", "ad", None)
    assert clock.process_time() - start < 2
