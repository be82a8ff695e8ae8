"""The indicators: one TOML block for each, one file for each 評核項目. A block with an unknown or missing key stops the start and is named."""

from __future__ import annotations

import hashlib
import tomllib
from collections.abc import Collection
from dataclasses import dataclass, field, fields
from datetime import date
from functools import cache
from pathlib import Path
from typing import Any, Literal

from warehouse import period
from warehouse.errors import CellError, DefinitionError, UsageError

FOLDER = Path(__file__).parent
AWARD = FOLDER / "award.toml"

Kind = Literal["additive", "latest", "derived", "fact"]
Direction = Literal["increase", "decrease", "neutral"]

_KINDS = {"additive", "latest", "derived", "fact"}
_DIRECTIONS = {"increase", "decrease", "neutral"}
_ROLLUPS = {"sum", "latest", "max"}
_INTERVALS = {"wilson", "t", "none"}
BASES = {
    "report": "報告明載",
    "rule": "法規規定",
    "reference": "參考標準",
    "decision": "核定",
    "provisional": "暫定（未核定）",
}


@dataclass(frozen=True)
class Target:
    """What a value should reach. `per`: the value is due each month or quarter of the window. basis: see `BASES`."""

    value: float
    basis: str
    per: Literal["month", "quarter"] | None = None
    document: str | None = None
    document_en: str | None = None

    def __post_init__(self) -> None:
        if self.basis not in BASES or self.per not in (None, "month", "quarter") or not isinstance(self.value, int | float):
            raise DefinitionError(f"目標 {self} 的 value、basis 或 per 不對")

    def due(self, months: Collection[date]) -> float | None:
        """The value to reach over these months (of a window, up to the newest that was handed in): for each of them, for each calendar quarter
        wholly among them, or as it stands. None where nothing falls due: a month still to be handed in is missing, not missed.
        """
        whole_quarters = sum(month.month % 3 == 0 and {period.add_months(month, -1), period.add_months(month, -2)} <= set(months) for month in months)
        times = {None: 1, "month": len(months), "quarter": whole_quarters}[self.per]
        return self.value * times if times else None


@dataclass(frozen=True)
class Indicator:
    """One figure of the report, as its block defines it (see README, 指標區塊).

    numerator, denominator, sum_of_squares, latest are SQL aggregates over the rows of `mart` of one month and site.
    """

    id: str
    name: str
    name_en: str
    section: str
    kind: Kind
    definition: str
    definition_en: str
    owner: str
    unit: str
    decimals: int
    direction: Direction
    source: tuple[str, ...] = ()
    mart: str | None = None
    where: str | None = None
    numerator: str | None = None
    denominator: str | None = None
    sum_of_squares: str | None = None
    latest: str | None = None
    rollup: Literal["sum", "latest", "max"] = "sum"
    interval: Literal["wilson", "t", "none"] = "none"
    carry: bool = False
    across_sites: Literal["sum", "any"] = "sum"
    target: Target | None = None
    lookback: int = 0
    headline: int | None = None
    from_month: date | None = None
    to_month: date | None = None
    sum: tuple[str, ...] = ()
    grade: str | None = None
    bands: tuple[tuple[float, str], ...] = ()
    period: bool = False
    why_it_matters: str | None = None
    why_it_matters_en: str | None = None
    changes: tuple[str, ...] = field(default=())

    @property
    def is_share(self) -> bool:
        """Whether the value is numerator over denominator in per cent."""
        return self.denominator is not None and self.unit == "﹪"

    @property
    def is_mean(self) -> bool:
        """Whether the value is numerator over denominator as it stands."""
        return self.denominator is not None and self.unit != "﹪"

    def defined_in(self, window: period.Window) -> bool:
        """Whether the figure exists in any month of the window (listed events belong to their year)."""
        return not ((self.from_month and window.end < self.from_month) or (self.to_month and window.start > self.to_month))


@cache
def all_indicators() -> dict[str, Indicator]:
    """Every indicator by id, in the order of the report. Wrong blocks are a `DefinitionError` that names file and key."""
    found: dict[str, Indicator] = {}
    for path in sorted(FOLDER.glob("*.toml")):
        if path == AWARD:
            continue
        for name, block in _read_toml(path).items():
            if name in found:
                raise DefinitionError(f"{path.name}：指標「{name}」定義了兩次")
            found[name] = _indicator(path, name, block)
    _check_references(found)
    order = list(award_headings())
    return dict(sorted(found.items(), key=lambda item: _place_in_report(item[1].section, order)))


def indicator_named(name: str) -> Indicator:
    """The indicator of this id; an unknown one is a `UsageError`."""
    try:
        return all_indicators()[name]
    except KeyError:
        raise UsageError(f"沒有「{name}」這個指標；可用 indicators 指令列出全部代碼") from None


def headline_indicators() -> list[Indicator]:
    """Those of the first page, in their fixed order."""
    chosen = [indicator for indicator in all_indicators().values() if indicator.headline is not None]
    return sorted(chosen, key=lambda indicator: indicator.headline or 0)


@cache
def award_headings() -> dict[str, str]:
    """Code → title of the award's heading tree in the edition in force, in the report's order."""
    return {heading["code"]: heading["title"] for heading in _headings()}


@cache
def award_headings_en() -> dict[str, str]:
    """Code → English title, in the same order."""
    return {heading["code"]: heading["title_en"] for heading in _headings()}


def _headings() -> list[dict[str, str]]:
    with AWARD.open("rb") as stream:
        editions = tomllib.load(stream)["edition"]
    headings = max(editions, key=lambda edition: str(edition["valid_from"]))["heading"]
    for heading in headings:
        for key in ("code", "title", "title_en"):
            if not heading.get(key, "").strip():
                raise DefinitionError(f"{AWARD.name}：標題 {heading} 缺 {key}")
    return headings


@cache
def definitions_hash() -> str:
    """Sixteen hexadecimal digits over all blocks: another definition is another data version."""
    digest = hashlib.sha256()
    for path in sorted(FOLDER.glob("*.toml")):
        digest.update(path.name.encode() + b"\0" + path.read_bytes() + b"\0")
    return digest.hexdigest()[:16]


def _read_toml(path: Path) -> dict[str, Any]:
    try:
        with path.open("rb") as stream:
            return tomllib.load(stream)
    except tomllib.TOMLDecodeError as error:
        raise DefinitionError(f"{path.name}：{error}") from error


def _indicator(path: Path, name: str, block: dict[str, Any]) -> Indicator:
    known = {item.name for item in fields(Indicator)} - {"id"}
    unknown = set(block) - known
    if unknown:
        raise DefinitionError(f"{path.name} [{name}]：不認得的項目 {'、'.join(sorted(unknown))}")
    values = {key: tuple(map(_frozen, value)) if isinstance(value, list) else value for key, value in block.items()}
    if "target" in values:
        values["target"] = _target(path, name, values["target"])
    for key in ("from_month", "to_month"):
        if key in values:
            values[key] = _month(path, name, values[key])
    try:
        indicator = Indicator(id=name, **values)
    except TypeError as error:
        raise DefinitionError(f"{path.name} [{name}]：{error}") from error
    _check(path, indicator)
    return indicator


def _place_in_report(section: str, order: list[str]) -> int:
    matching = [code for code in order if section.startswith(code)]
    return order.index(max(matching, key=len)) if matching and section else -1


def _frozen(value: Any) -> Any:
    return tuple(value) if isinstance(value, list) else value


def _month(path: Path, name: str, text: str) -> date:
    try:
        return period.parse_month(text).value
    except CellError as error:
        raise DefinitionError(f"{path.name} [{name}]：月份「{text}」{error}") from error


def _target(path: Path, name: str, block: dict[str, Any]) -> Target:
    try:
        return Target(**block)
    except (TypeError, DefinitionError) as error:
        raise DefinitionError(f"{path.name} [{name}]：{error}") from error


def _check(path: Path, indicator: Indicator) -> None:
    """What a block must hold together; each complaint names the block and the key."""
    where = f"{path.name} [{indicator.id}]"
    for key in ("name", "name_en", "definition", "definition_en"):
        if not getattr(indicator, key).strip():
            raise DefinitionError(f"{where}：{key} 是空白")
    document, document_en = (indicator.target.document, indicator.target.document_en) if indicator.target else (None, None)
    for key, chinese, english in (
        ("why_it_matters_en", indicator.why_it_matters, indicator.why_it_matters_en),
        ("document_en", document, document_en),
    ):
        if bool(chinese) != bool(english):
            raise DefinitionError(f"{where}：{key} 應與中文並列")
    allowed = {
        "kind": (indicator.kind, _KINDS),
        "direction": (indicator.direction, _DIRECTIONS),
        "rollup": (indicator.rollup, _ROLLUPS),
        "interval": (indicator.interval, _INTERVALS),
        "across_sites": (indicator.across_sites, {"sum", "any"}),
    }
    for key, (value, values) in allowed.items():
        if value not in values:
            raise DefinitionError(f"{where}：{key} = {value!r}，應為 {'、'.join(sorted(values))} 之一")
    if indicator.kind == "derived":
        if [bool(indicator.sum), bool(indicator.grade), indicator.period].count(True) != 1:
            raise DefinitionError(f"{where}：derived 應有 sum、grade、period 其中一項")
    elif not indicator.mart or not indicator.source:
        raise DefinitionError(f"{where}：缺 mart 或 source")
    elif indicator.kind == "additive" and not indicator.numerator:
        raise DefinitionError(f"{where}：additive 缺 numerator")
    elif indicator.kind in ("latest", "fact") and not indicator.latest:
        raise DefinitionError(f"{where}：{indicator.kind} 缺 latest")
    if indicator.interval == "wilson" and not indicator.is_share:
        raise DefinitionError(f"{where}：interval = wilson 只用於比率（﹪）")
    if indicator.interval == "t" and not (indicator.is_mean and indicator.sum_of_squares):
        raise DefinitionError(f"{where}：interval = t 要有 denominator 與 sum_of_squares")
    if indicator.section and not any(indicator.section.startswith(code) for code in award_headings()):
        raise DefinitionError(f"{where}：section「{indicator.section}」不在 award.toml 的標題中")


def _check_references(found: dict[str, Indicator]) -> None:
    for indicator in found.values():
        for other in (*indicator.sum, *filter(None, [indicator.grade])):
            if other not in found:
                raise DefinitionError(f"[{indicator.id}]：引用了不存在的指標「{other}」")
