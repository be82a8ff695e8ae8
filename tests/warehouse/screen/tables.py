"""Tables of the office, to be screened: what the loader answers to them, and the rows they become."""

from __future__ import annotations

import re
from datetime import date
from typing import Any

import polars as pl

from warehouse.intake import Source
from warehouse.load import LoadResult, Request, load_file
from warehouse.screen import screen
from warehouse.store import Warehouse

TODAY = date(2016, 10, 5)
QUESTIONS = "洽辦公務時間,處理申請事項,機關洽公環境,接待志工警衛或替代役男的服務態度,其他人員服務態度,整體滿意度,問題處理解答詢問"
SURVEY = f"編號,填表日期,服務地點,{QUESTIONS},建議事項"
SURVEY_ENGLISH = "response_id,response_date,site,q_time,q_application,q_environment,q_reception,q_staff,q_overall,q_answer,comment"
ANSWERS = "15分鐘內,滿意,滿意,滿意,滿意,滿意,滿意"
PAYMENT = "月份,管道,件數,金額"
JULY = "105年7月,便利商店,10,1200"
COUNTER = "105年7月,臨櫃代收,5,300"
SCORES = "月份,單位,問卷訪查,電話禮貌,民眾抱怨,主管考評,加減分,總分,名次"
CASES = "編號,收件日期,類別,管道,承辦單位,辦結日期,回復方式,是否延期"
CALLS = "測試日期,測試時間,受測單位,分機,總機接聽速度(25),總機電話禮貌(20),接聽速度(15),電話禮貌(25),答話內容(15),總分,評等"
CALLS_TITLE = "花蓮分署協助宜蘭分署105年9月電話禮貌測試紀錄表" + "," * 10


def quoted(cell: str) -> str:
    return '"' + cell.replace('"', '""') + '"'


def form(number: str = "001", day: str = "105/07/05", site: str = "宜蘭", answers: str = ANSWERS, comment: str = "") -> str:
    return f"{number},{day},{site},{answers},{comment}"


def table(*lines: str) -> str:
    return "\n".join(lines) + "\n"


def survey(*rows: str, header: str = SURVEY) -> str:
    return table(header, *rows)


def payment(*rows: str, header: str = PAYMENT) -> str:
    return table(header, *rows)


def look(warehouse: Warehouse, text: str, *, name: str = "測試.csv", **options: Any) -> LoadResult:
    """What the loader answers, without writing. Rows add up to the records below the header; each finding is a sentence in four parts, in Chinese."""
    result = load_file(warehouse, Source(name, text.encode()), Request(by="測試", dry_run=True, **options))
    assert result.read == result.loaded + result.held + sum(result.ignored.values())
    for finding in result.findings:
        assert re.fullmatch(r"(整份檔案|第[0-9]+列|(第[0-9]+列)?「.*」欄)：.+，應為.+。.+。", finding.message, re.S), finding.message
        assert finding.value is None or len(finding.value) <= 41
        unquoted = re.sub("「.*?」", "", finding.message, flags=re.S)
        assert not set(re.findall("[A-Za-z]{3,}", unquoted)) - {"Excel", "CSV", "copy"}
    return result


def outcome(result: LoadResult) -> tuple[str, set[str]]:
    return result.outcome, {finding.code for finding in result.findings}


def rows_of(text: str, **options: Any) -> pl.DataFrame:
    """The canonical rows of a table."""
    return pl.concat(screen(Source("測試.csv", text.encode()), today=TODAY, **options).frames())
