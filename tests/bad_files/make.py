"""Tables of the office in small, and what bends them: the words from which the catalogue's files are made."""

from __future__ import annotations

import gzip
import io
import lzma
import zipfile

QUESTIONS = "洽辦公務時間,處理申請事項,機關洽公環境,接待志工警衛或替代役男的服務態度,其他人員服務態度,整體滿意度,問題處理解答詢問"
SURVEY = f"編號,填表日期,服務地點,{QUESTIONS},建議事項"
SURVEY_ENGLISH = "response_id,response_date,site,q_time,q_application,q_environment,q_reception,q_staff,q_overall,q_answer,comment"
ANSWERS = "15分鐘內,滿意,滿意,滿意,滿意,滿意,滿意"
PAYMENT = "月份,管道,件數,金額"
JULY = "105年7月,便利商店,10,1200"
COUNTER = "105年7月,臨櫃代收,5,300"
SCORES = "月份,單位,問卷訪查,電話禮貌,民眾抱怨,主管考評,加減分,總分,名次"
CASES = "編號,收件日期,類別,管道,承辦單位,辦結日期,回復方式,是否延期"
CALLS = "測試機關,日期,測試時間,受測單位,分機,總分"
TALLY = "月份,服務地點,發出份數,回收份數,有效份數,無效份數"
TALLY_LONG = "月份,服務地點,題目,選項,份數"
TRAFFIC = "統計月份,本月瀏覽人次,累計瀏覽人次"
INQUIRY = "查詢管道,7月,8月,9月,合計"
NOON = "日期,地點,輪值人員代碼,服務人次,服務項目"

BOM = b"\xef\xbb\xbf"


def quoted(cell: str) -> str:
    """A cell in quotes."""
    return '"' + cell.replace('"', '""') + '"'


def table(*lines: str) -> str:
    """Lines with a line end each."""
    return "\n".join(lines) + "\n"


def form(number: str = "001", day: str = "105/07/05", site: str = "宜蘭", answers: str = ANSWERS, comment: str = "") -> str:
    """One questionnaire."""
    return f"{number},{day},{site},{answers},{comment}"


def survey(*rows: str, header: str = SURVEY) -> str:
    """Questionnaires under their header; three good ones where none are given."""
    return table(header, *(rows or (form("001"), form("002"), form("003"))))


def payment(*rows: str, header: str = PAYMENT) -> str:
    """Payments under their header."""
    return table(header, *rows)


def count(cell: str) -> str:
    """A table with this cell as a count."""
    return payment(f"105年7月,便利商店,{quoted(cell)},1200")


def money(cell: str) -> str:
    """A table with this cell as an amount."""
    return payment(f"105年7月,便利商店,10,{quoted(cell)}")


def score(cell: str) -> str:
    """A table with this cell as a score."""
    return table(SCORES, f"105年7月,執行股甲,,,,,,{quoted(cell)},1", "105年7月,執行股乙,,,,,,80,2")


def day(cell: str) -> str:
    """A table with this cell as a day."""
    return survey(form(day=quoted(cell)))


def month(cell: str) -> str:
    """A table with this cell as a month."""
    return payment(f"{cell},便利商店,10,1200")


def site(cell: str) -> str:
    """A table with this cell as a place of service."""
    return survey(form(site=quoted(cell)))


def answer(cell: str) -> str:
    """A table with this cell as an answer."""
    return survey(form(answers=ANSWERS.replace("滿意", quoted(cell), 1)))


def comment(cell: str) -> str:
    """A table with this cell as free text."""
    return survey(form(comment=quoted(cell)))


def key(cell: str) -> str:
    """A table with this cell as a number of a form, beside a sound one."""
    return survey(form(quoted(cell)), form("9"))


def yes(cell: str) -> str:
    """A table with this cell as yes or no."""
    return table(CASES, f"1,105/07/05,陳情,書面,執行科,105/07/06,公文,{quoted(cell)}")


def bent(text: str, put: bytes, encoding: str = "utf-8") -> bytes:
    """The table's bytes with these in the place of ZZ."""
    return text.encode(encoding).replace(b"ZZ", put)


def gzipped(text: str) -> bytes:
    """The table in a .gz."""
    return gzip.compress(text.encode())


def xzipped(text: str) -> bytes:
    """The table in a .xz."""
    return lzma.compress(text.encode())


def zip_of(text: str) -> bytes:
    """The table in a .zip."""
    stream = io.BytesIO()
    with zipfile.ZipFile(stream, "w") as archive:
        archive.writestr("表.csv", text)
    return stream.getvalue()
