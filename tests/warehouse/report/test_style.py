"""One formatter and its parser: what is printed is read back as what it was, ten thousand times and for every form of the catalogue."""

from __future__ import annotations

import csv
import re
from decimal import Decimal
from pathlib import Path
from random import Random

import pytest

from warehouse import numerals
from warehouse.indicators import all_indicators
from warehouse.report.parts import Report
from warehouse.report.reading import value_of
from warehouse.scorecard import printed

GOLDEN = Path(__file__).parents[2] / "golden" / "105q3.csv"


def test_ten_thousand_numbers_come_back() -> None:
    random = Random(105)
    units = sorted({indicator.unit for indicator in all_indicators().values()})
    for _ in range(10_000):
        places = random.choice([0, 0, 0, 1, 2])
        number = Decimal(random.randrange(10 ** random.randint(1, 13))).scaleb(-places)
        unit = random.choice(units)
        text = printed(number, unit)
        assert text is not None and text.endswith(unit)
        assert value_of(text.removesuffix(unit)) == number, (number, text)
        assert numerals.parse_decimal(text, places=4, units=(unit,) if unit not in ("", "﹪") else (), percent=unit == "﹪").value == number or "/" in unit


@pytest.mark.parametrize(
    ("value", "unit", "text"),
    [
        (16_865, "件", "1萬6,865件"),
        (251_046_629, "元", "2億5,104萬6,629元"),
        (83_952_914, "元", "8,395萬2,914元"),
        (130_292, "件", "13萬0,292件"),
        (10_000, "元", "1萬元"),
        (8571, "件", "8,571件"),
        (Decimal("97.14"), "﹪", "97.14﹪"),
        (Decimal("98.10"), "﹪", "98.1﹪"),
        (Decimal("20.00"), "﹪", "20﹪"),
        (Decimal("1968.51"), "元/件", "1,968.51元/件"),
        ("2016-08-15", "", "105年8月15日"),
        ("2016-09", "", "105年9月"),
        ("2016-01..2016-09", "", "105年1月至9月"),
        ("2015-12..2016-02", "", "104年12月至105年2月"),
        ("09:00-12:00", "", "上午9時至12時"),
        ("14:00-17:30", "", "下午2時至5時30分"),
        ("10:00-15:00", "", "上午10時至下午3時"),
        ("優等", "", "優等"),
        (None, "件", None),
    ],
)
def test_the_offices_style(value: object, unit: str, text: str | None) -> None:
    assert printed(value, unit) == text  # type: ignore[arg-type]


def test_every_figure_of_the_catalogue_comes_back(report: Report) -> None:
    for line in GOLDEN.read_text(encoding="utf-8").splitlines()[1:]:
        name = line.split(",")[0]
        figure = report.figures.get(name)
        if figure is None:
            assert name == "care_visit_children"
            continue
        assert value_of((figure.text or "").removesuffix(figure.indicator.unit)) == figure.value, name


def test_every_figure_of_the_catalogue_prints_as_the_old_report_printed_it(report: Report) -> None:
    """Every printed form: the value of the old report, put through the formatter, reads back as that value, with its unit in the office's way."""
    with GOLDEN.open(encoding="utf-8", newline="") as stream:
        rows = [row for row in csv.DictReader(stream) if row["form"] == "number"]
    assert len(rows) == 170
    for row in rows:
        number = Decimal(row["printed"])
        text = printed(number, row["unit"])
        assert text is not None and text.endswith(row["unit"])
        assert value_of(text.removesuffix(row["unit"])) == number, text
        assert not re.search(r"[0-9]{4}", text.partition(".")[0]), "a group of four digits without its comma"
        assert ("萬" in text) == (number >= 10_000) and ("億" in text) == (number >= 10**8)
