"""Every bad or awkward input we know of, by its id: what the file is, and the answer it must get.

A `Case` is one file. `verdict`: OK taken (what is ignored is counted), ASK taken only when confirmed, ROW rows held and nothing written, FILE refused
whole. `codes`: every finding's code, no more and no fewer. `base`: `empty`, or `history`, where months before are loaded (see `HISTORY`).
An id that is no matter of a file, or that this office's tables cannot meet, stands in `ELSEWHERE` with the test that holds it, or the reason.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Literal

from tests.bad_files.make import (
    ANSWERS,
    BOM,
    CALLS,
    COUNTER,
    JULY,
    NOON,
    PAYMENT,
    SCORES,
    SURVEY,
    SURVEY_ENGLISH,
    TALLY,
    TALLY_LONG,
    TRAFFIC,
    answer,
    bent,
    comment,
    count,
    day,
    form,
    gzipped,
    key,
    money,
    month,
    payment,
    quoted,
    score,
    site,
    survey,
    table,
    xzipped,
    yes,
    zip_of,
)  # fmt: skip
from tests.warehouse.intake.books import MAIN, RELATIONS, Cell, ods, ods_parts, ods_row, sheet_xml, xlsx, xlsx_parts, zipped

Verdict = Literal["OK", "ASK", "ROW", "FILE"]
Content = bytes | str | Callable[[], bytes]


@dataclass(frozen=True)
class Case:
    """One file and the answer it must get."""

    id: str
    verdict: Verdict
    content: Content
    codes: frozenset[str]
    name: str
    base: Literal["empty", "history"]
    dataset: str | None
    rows: int | None

    @property
    def bytes(self) -> bytes:
        """The file."""
        content = self.content() if callable(self.content) else self.content
        return content.encode() if isinstance(content, str) else content


CASES: list[Case] = []


def case(
    id: str,
    verdict: Verdict,
    content: Content,
    codes: str = "",
    *,
    name: str = "測試.csv",
    base: Literal["empty", "history"] = "empty",
    dataset: str | None = None,
    rows: int | None = None,
) -> None:
    """Add a case. codes: in one string; rows: how many must be taken."""
    CASES.append(Case(id, verdict, content, frozenset(codes.split()), name, base, dataset, rows))


def each(id: str, verdict: Verdict, make: Callable[[str], str], cells: list[str], codes: str = "", **options: str) -> None:
    """A case for each cell."""
    for cell in cells:
        case(id, verdict, make(cell), codes, **options)  # type: ignore[arg-type]


#: The ids, by chapter: how many of each there are.
CHAPTERS = {"ENC": 28, "CSV": 35, "HDR": 35, "NUM": 30, "DAT": 35, "TXT": 26, "BIZ": 32, "FIL": 26, "XLS": 30, "SEC": 16}
IDS = [f"{chapter}-{number:02d}" for chapter, last in CHAPTERS.items() for number in range(1, last + 1)]

#: What is loaded before the cases with `base="history"` are tried: file name → content.
HISTORY = {
    "案款4月.csv": payment("105年4月,便利商店,100,12000", "105年4月,臨櫃代收,50,3000"),
    "案款5月.csv": payment("105年5月,便利商店,110,13000", "105年5月,臨櫃代收,52,3100"),
    "案款6月.csv": payment("105年6月,便利商店,105,12500", "105年6月,臨櫃代收,51,3050"),
    "問卷5月.csv": survey(*(form(f"{n:03d}", "105/05/05", "宜蘭" if n % 2 else "基隆") for n in range(1, 41))),
    "問卷6月.csv": survey(*(form(f"{n:03d}", "105/06/05", "宜蘭" if n % 2 else "基隆") for n in range(1, 41))),
    "問卷份數6月.csv": table(TALLY, "105年6月,宜蘭,60,50,45,5", "105年6月,基隆,60,50,45,5"),
    "瀏覽6月.csv": table(TRAFFIC, "105年6月,500,100000"),
}

# --- encodings --------------------------------------------------------------------------------------------------------------

case("ENC-01", "OK", survey(), rows=3)
case("ENC-02", "OK", BOM + survey().encode(), rows=3)
case("ENC-03", "OK", BOM + BOM + survey().encode(), rows=3)
case("ENC-04", "FILE", BOM + survey().encode() + BOM + survey(form("011"), form("012")).encode(), "E-CONCAT")
case("ENC-05", "OK", BOM + survey().replace("編號", '"編號"').encode(), rows=3)
case("ENC-06", "OK", survey().replace(",", "\t").encode("utf-16"), rows=3)
case("ENC-07", "OK", b"\xfe\xff" + survey().encode("utf-16-be"), rows=3)
case("ENC-08", "OK", survey().encode("utf-16-le"), rows=3)
case("ENC-08", "FILE", "甲,乙\n1,2\n3,4\n5,6\n".encode("utf-16-le"), "E-ENCODING")
case("ENC-09", "FILE", survey().encode("utf-32"), "E-ENCODING")
case("ENC-10", "OK", survey().encode("cp950"), rows=3)
case("ENC-11", "OK", payment(JULY).replace("便利商店", "便利商店").encode("cp950"), rows=1)
case("ENC-11", "OK", table("term_禮,month,channel,n,amount", "繳,105/07,cvs,1,2").replace("term_禮,", "").replace("繳,", "").encode("cp950"), rows=1)
case("ENC-12", "ASK", "年度,月份,管道,件數,金額\n105,105年7月,便利商店,1,2\n", "W-HDR-07")
case("ENC-13", "OK", survey(form("1", comment="碁銹裏墻恒粧嫺╔═║€")).encode("cp950"), rows=1)
case("ENC-14", "OK", survey(form("1", comment="～‧／＼￥")).encode("cp950"), rows=1)
case("ENC-14", "OK", money("￥1200").encode("cp950"), rows=1)
case("ENC-15", "ASK", bent(comment("ZZ"), b"\xfa\x40", "cp950"), "W-ENC-15")
case("ENC-15", "ROW", bent(survey(form("ZZ1")), b"\xfa\x40", "cp950"), "E-EUDC")
case("ENC-16", "ASK", comment("王\U000ffa8b"), "W-ENC-16")
case("ENC-17", "FILE", bent("ZZ\n" + survey().split("\n", 1)[1], b"\x87\x40,\x87\x41", "cp950"), "E-ENCODING")
case("ENC-18", "FILE", "编号,填表日期,服务地点,满意\n001,105/07/05,宜兰,满意\n".encode("gb18030"), "E-ENCODING")
case("ENC-18", "FILE", survey(form("1", comment="数据统计时间很满意单位"), header=SURVEY_ENGLISH).encode("gb18030"), "E-ENCODING")
case("ENC-19", "FILE", "番号,日付,場所,とても満足\n1,2016/7/5,東京,はい\n".encode("shift_jis"), "E-ENCODING")
case("ENC-20", "FILE", survey().encode() + form("004", comment="許功蓋").encode("cp950") + b"\n" + form("005").encode(), "E-ENCODING")
case("ENC-21", "FILE", survey().encode() + form("004", comment="意").encode()[:-1], "E-TRUNCATED")
case("ENC-22", "FILE", bent(comment("ZZ"), b"\xed\xa0\x80"), "E-ENCODING")
case("ENC-22", "FILE", bent(comment("ZZ"), b"\xc0\xaf"), "E-ENCODING")
case("ENC-23", "FILE", survey().encode().replace("編號".encode(), "編號".encode() + b"\xff", 1), "E-ENCODING")
case("ENC-24", "ASK", comment("冷\ufffd氣"), "W-ENC-24")
case("ENC-24", "ROW", survey(form("1\ufffd")), "E-ENC-24")
case("ENC-25", "FILE", survey().encode().decode("latin-1").encode(), "E-HEADER")
case("ENC-26", "OK", survey(form("1", comment="許功蓋餐閱稅罵院育")).encode("cp950"), rows=1)
case("ENC-27", "ROW", comment("\x1b[31m紅"), "E-CONTROL")
case("ENC-28", "FILE", bytes((n * 37 + n // 7) % 256 for n in range(4000)), "E-NOT-TEXT")
case("ENC-28", "FILE", survey(header=SURVEY_ENGLISH).encode("cp037", "replace"), "E-NOT-TEXT")

# --- lines, quotes, delimiters ----------------------------------------------------------------------------------------------

case("CSV-01", "OK", survey().replace("\n", "\r\n"), rows=3)
case("CSV-02", "OK", survey().replace("\n", "\r"), rows=3)
case("CSV-03", "OK", survey().replace("\n", "\r\r\n"), rows=3)
case("CSV-04", "OK", survey().replace("\n", "\r\n", 2), rows=3)
case("CSV-05", "OK", survey().rstrip("\n"), rows=3)
case("CSV-06", "OK", survey() + "\n" * 20, rows=3)
case("CSV-07", "OK", survey(form("1"), "", form("2")), rows=2)
case("CSV-08", "OK", survey(form("1"), "," * 10, form("2")), rows=2)
case("CSV-09", "OK", survey() + "\x1a", rows=3)
case("CSV-10", "FILE", survey() + "\0" * 100, "E-NUL")
case("CSV-11", "ROW", comment("壞\0格"), "E-CONTROL")
case("CSV-12", "OK", comment("一\n二"), rows=1)
case("CSV-12", "ROW", key("1\n2"), "E-CSV-12")
case("CSV-13", "FILE", survey(form("1", answers=ANSWERS.replace("滿意", "滿\n意", 1))), "E-GRID")
case("CSV-14", "ROW", key("1\u20282"), "E-CSV-12")
case("CSV-14", "OK", comment("一\u2028二"), rows=1)
case("CSV-15", "FILE", survey(form("1", comment='"沒關'), form("2")), "E-QUOTE")
case("CSV-16", "ASK", survey(form("1", comment='5" 管'), form("2")), "W-CSV-16")
case("CSV-17", "OK", comment('他說"好"'), rows=1)
case("CSV-18", "FILE", survey(form("1", comment='"他說\\"好\\""')), "E-QUOTE")
case("CSV-19", "FILE", survey(form("1", comment="'一,二'")), "E-GRID")
case("CSV-20", "OK", comment("“好”"), rows=1)
case("CSV-21", "FILE", survey(form("1", comment=' "一,二"')), "E-GRID")
case("CSV-22", "OK", survey().replace(",", ";"), rows=3)
case("CSV-22", "OK", survey().replace(",", "|"), rows=3)
case("CSV-23", "OK", survey().replace(",", "\t"), name="問卷.txt", rows=3)
case("CSV-24", "OK", survey().replace(",", "，"), rows=3)
case("CSV-25", "OK", "sep=;\n" + survey().replace(",", ";"), rows=3)
case("CSV-26", "FILE", survey(form("1"), form("2").replace(",", ";")), "E-GRID")
case("CSV-27", "FILE", survey(form("1"), form("2") + ",x"), "E-GRID")
case("CSV-28", "FILE", survey(form("1"), form("2").replace(",宜蘭", "")), "E-GRID")
case("CSV-29", "OK", payment(JULY + ",", header=PAYMENT + ","), rows=1)
case("CSV-30", "FILE", payment(JULY + ",", COUNTER + ",x"), "E-GRID")
case("CSV-30", "OK", payment(JULY + ",", COUNTER + ","), rows=2)
case("CSV-31", "FILE", payment("105年7月,便利商店,1,234,1200"), "E-GRID")
case("CSV-32", "OK", "# 產生於105年8月1日\n" + payment(JULY), rows=1)
case("CSV-33", "FILE", lambda: comment("長" * 4_000_000).encode(), "E-CELL-SIZE")
case("CSV-34", "FILE", lambda: (PAYMENT + "," * 1_000_000 + "\n" + JULY + "\n").encode(), "E-COLUMNS")
case("CSV-35", "FILE", table("月份　　管道　　件數", "105年7月　便利商店　10"), "E-HEADER")

# --- header and layout ------------------------------------------------------------------------------------------------------

case("HDR-01", "OK", payment(JULY), rows=1)
case("HDR-02", "OK", survey(form(), header=SURVEY_ENGLISH), rows=1)
case("HDR-03", "OK", survey(form(), header=SURVEY_ENGLISH.replace("site", "服務地點")), rows=1)
case("HDR-04", "FILE", payment(JULY, header="月份,管道,案件數,金額"), "E-HEADER W-HDR-07")
case("HDR-05", "OK", table("金額,件數,管道,月份", "1200,10,便利商店,105年7月"), rows=1)
case("HDR-06", "FILE", table("月份,件數,金額", "105年7月,10,1200"), "E-HEADER")
case("HDR-07", "ASK", payment(JULY + ",晴", header=f"{PAYMENT},天氣"), "W-HDR-07")
case("HDR-08", "FILE", payment("105年7月,便利商店,10,10,1200", header="月份,管道,件數,件數,金額"), "E-DUP-COLUMN")
case("HDR-09", "FILE", payment("105年7月,便利商店,10,10,1200", header="月份,管道,件數,件數 ,金額"), "E-DUP-COLUMN")
case("HDR-10", "OK", payment("105年7月,便利商店,,10,1200", header="月份,管道,,件數,金額"), rows=1)
case("HDR-11", "FILE", payment("105年7月,便利商店,x,10,1200", header="月份,管道,,件數,金額"), "E-HEADER")
case("HDR-12", "OK", payment(JULY, header="月\u200b份,\ufeff管道,件數,金額"), rows=1)
case("HDR-13", "OK", payment(JULY, header=" 月份,\u3000管 道　,件數,金額"), rows=1)
case("HDR-14", "OK", payment(JULY, header='月份,"管\n道",件數,金額'), rows=1)
case("HDR-15", "OK", survey(form(), header=SURVEY_ENGLISH.replace("site", "ｓｉｔｅ")), rows=1)
case("HDR-16", "OK", payment(JULY.replace("7月", "7月"), header="月份,管道,件數,金額"), rows=1)
case("HDR-17", "OK", payment(JULY, header="月份,管道,件數,金額（千元）"), rows=1)
case("HDR-17", "FILE", payment(JULY, header="月份,管道,件數,金額（百元）"), "E-UNIT E-HEADER")
case("HDR-18", "ASK", payment("105年7月,便利商店,100,12", "105年7月,臨櫃代收,50,3"), "W-MAGNITUDE", base="history")
case("HDR-19", "OK", "105年7月案款代收,,,\n,,,單位：元\n" + payment(JULY), rows=1)
case("HDR-20", "ASK", "105年8月案款代收月報表,,,\n" + payment(JULY), "W-TITLE")
case("HDR-20", "ASK", "臺北分署105年7月案款代收月報表,,,\n" + payment(JULY), "W-TITLE")
case("HDR-21", "OK", payment("月份,管道,件數,金額", JULY, header="month,channel,n,amount"), rows=1)
case("HDR-22", "FILE", table("月份,本月,,累計,", ",件數,金額,件數,金額", "105年7月,1,2,3,4"), "E-HEADER E-DUP-COLUMN")
case("HDR-23", "FILE", table(JULY, COUNTER), "E-HEADER")
case("HDR-24", "OK", survey(form("1"), SURVEY, form("2")), rows=2)
case("HDR-25", "OK", survey(form(), header=SURVEY_ENGLISH.upper()), rows=1)
case("HDR-26", "OK", payment(JULY, COUNTER, "合計,,15,1500"), rows=2)
case("HDR-26", "FILE", payment(JULY, COUNTER, "合計,,15,1501"), "E-TOTAL")
case("HDR-26", "OK", payment(JULY, "小計,,10,1200", COUNTER, "小計,,5,300", "總計,,15,1500"), rows=2)
case("HDR-27", "OK", payment(JULY, COUNTER, "平均,,7.5,750"), rows=2)
case("HDR-28", "OK", payment(JULY, "資料提供日期：104年03月02日,,,"), rows=1)
case("HDR-28", "ROW", payment(JULY, "某某,,,"), "E-DAT-01 E-NUM-22")
case("HDR-29", "OK", payment(JULY, "製表人：,,覆核：,"), rows=1)
case("HDR-30", "FILE", payment(JULY) + "\n" + survey(form()), "E-TWO-TABLES")
case("HDR-31", "OK", "".join(f",,{line}\n" for line in payment(JULY).splitlines()), rows=1)
case("HDR-32", "FILE", table("月份,1月,2月,3月", "件數,1,2,3"), "E-HEADER W-HDR-07")
case("HDR-33", "FILE", ",".join(f"欄{n}" for n in range(10_000)) + "\n1\n", "E-COLUMNS")
for odd_name in ('"; DROP TABLE fact;--', "a]b", 'a"b'):
    case("HDR-34", "ASK", payment(JULY + ",x", header=f"{PAYMENT},{quoted(odd_name)}"), "W-HDR-07")
case("HDR-35", "ASK", payment(JULY + ",x", header=f"{PAYMENT},a.b[c]:d"), "W-HDR-07")

# --- numbers ----------------------------------------------------------------------------------------------------------------

each("NUM-01", "OK", count, ["12", " 12 ", "　12　"])
each("NUM-02", "OK", count, ["１２"])
each("NUM-02", "OK", score, ["１２．５"])
each("NUM-03", "OK", count, ["1,234", "１，２３４"])
each("NUM-03", "ROW", count, ["1,23"], "E-NUM-03")
each("NUM-04", "ROW", count, ["1 234", "1'234"], "E-NUM-04")
each("NUM-05", "ROW", count, ["1.234,56"], "E-NUM-05")
each("NUM-06", "ROW", count, ["1_000"], "E-NUM-06")
each("NUM-07", "ASK", count, ["3萬", "3.5萬", "1億2千萬"], "W-NUM-07")
each("NUM-07", "OK", money, ["2,911萬0,442"])
each("NUM-08", "ROW", count, ["三十五", "〇", "零", "廿", "壹佰"], "E-NUM-08")
each("NUM-09", "ROW", count, ["95%", "95％", "95﹪"], "E-NUM-19")
each("NUM-10", "FILE", lambda cell: table(SCORES, f"105年7月,執行股甲,,,,,,{cell},1", "105年7月,執行股乙,,,,,,0.8,2"), ["0.95"], "E-SCALE")
each("NUM-11", "ASK", money, ["-5", "－5", "(5)", "5-", "▲5", "△5"], "W-NUM-11")
each("NUM-11", "ROW", count, ["-5", "－5", "(5)", "5-", "▲5", "△5"], "E-NUM-11")
each("NUM-12", "OK", count, ["+5"])
each("NUM-13", "ROW", count, ["NaN", "nan", "inf", "-Infinity"], "E-NUM-13")
each("NUM-14", "ROW", money, ["1e309", "1e400"], "E-NUM-14")
each("NUM-15", "ROW", count, ["1e5", "1.2E+11"], "E-NUM-15")
each("NUM-15", "ASK", money, ["1.2E+11"], "W-NUM-15")
each("NUM-16", "ROW", count, ["0x10"], "E-NUM-16")
each("NUM-16", "OK", count, ["010"])
each("NUM-17", "ASK", count, ["'007"], "W-NUM-17")
each("NUM-17", "OK", key, ["'007"])
case("NUM-18", "OK", lambda: xlsx([PAYMENT.split(","), ["105年7月", "便利商店", "10", "1200"]]), name="表.xlsx", rows=1)
each("NUM-19", "OK", count, ["12件"])
each("NUM-19", "OK", score, ["95分"])
each("NUM-19", "OK", money, ["NT$1,200", "1200元"])
each("NUM-19", "ROW", count, ["95分"], "E-NUM-19")
each("NUM-20", "ROW", count, ["59x", "2.5#", "12*", "(註1) 12"], "E-NUM-20")
each("NUM-21", "OK", count, ["-", "－", "—", "無"])
each("NUM-21", "ROW", count, ["…", "N/A", "未測", "NR", "ND", "#N/A"], "E-NUM-21")
each("NUM-22", "ROW", count, [""], "E-NUM-22")
each("NUM-23", "ROW", count, [" ", "　", "\u200b"], "E-NUM-22")
each("NUM-24", "OK", score, ["99.99999999999999"])
each("NUM-25", "ROW", count, ["99.5"], "E-NUM-25")
each("NUM-26", "ROW", count, ["9223372036854775808", "1" * 40], "E-NUM-26")
each("NUM-27", "ROW", count, ["٣", "Ⅷ", "½", "①"], "E-NUM-27")
each("NUM-28", "OK", count, ["-0", "0"])
each("NUM-28", "OK", money, ["0.0"])
each("NUM-29", "ROW", count, ["1-2", "1月2日"], "E-EXCEL-DATE")
each("NUM-30", "ROW", count, ["=SUM(A1:A3)"], "E-FORMULA")

# --- days and months --------------------------------------------------------------------------------------------------------

each("DAT-01", "OK", day, ["105/01/05", "105-1-5", "105.1.5", "105/1/5"])
each("DAT-02", "OK", day, ["105年1月5日", "民國105年1月5日", "中華民國105年01月05日"])
each("DAT-03", "OK", day, ["102年01月01日 03時00分", "102年01月01日 03時00分00秒"])
each("DAT-04", "OK", day, ["1050105"])
each("DAT-05", "OK", day, ["990105"])
each("DAT-06", "OK", month, ["10501", "10507"])
each("DAT-06", "ASK", month, ["105.1"], "W-DAT-06")
each("DAT-06", "OK", month, ["105.2", "105.01", "105/1"])
each("DAT-07", "ASK", day, ["42375"], "W-DAT-07")
each("DAT-08", "ROW", month, ["105Q3", "105年第3季", "第三季", "105Q5"], "E-DAT-08")
each("DAT-09", "ROW", month, ["105年上半年", "105年度"], "E-DAT-09")
for written in ("1月", "一月", "元月", "Jan"):
    case("DAT-10", "ASK", "105年案款代收月報表,,,\n" + month(written), "W-DAT-10")
    case("DAT-10", "ROW", month(written), "E-DAT-10")
each("DAT-11", "OK", day, ["2016/1/5", "2016-01-05", "20160105"])
case("DAT-12", "ASK", survey(form("1", "105/07/05"), form("2", "2016/07/06")), "W-DAT-12")
each("DAT-13", "ROW", day, ["16/01/05", "05/01/16", "1/5/2016"], "E-DATE-AMBIGUOUS")
each("DAT-14", "OK", day, ["99/12/31"])
each("DAT-15", "OK", day, ["099/12/31"])
each("DAT-16", "OK", day, ["105/02/29", "101/02/29"])
each("DAT-17", "ROW", day, ["104/02/29", "103/02/29", "105/02/30", "105/13/01", "105/00/10"], "E-DAT-17")
each("DAT-18", "ROW", day, ["0105/01/05"], "E-DAT-18")
each("DAT-19", "ROW", day, ["民國元年1月1日", "民國1年1月1日"], "E-DAT-19")
each("DAT-20", "ROW", day, ["民國前1年1月1日", "-1/1/1", "民國0年1月1日"], "E-DAT-20")
each("DAT-21", "OK", day, ["民國一百零五年一月五日", "民國一○五年一月五日", "民國一〇五年一月五日", "民國一O五年一月五日"])
each("DAT-22", "OK", day, ["１０５／１／５"])
each("DAT-23", "ROW", day, ["H28/1/5", "R5/1/5", "㍻28年1月5日", "令和5年1月5日"], "E-DAT-23")
each("DAT-24", "ROW", day, ["105/10/06"], "E-DAT-24")
each("DAT-24", "ASK", month, ["105年10月"], "W-PARTIAL")
each("DAT-26", "ROW", day, ["2105/01/05", "205/01/05"], "E-DAT-26")
each("DAT-27", "OK", day, ["105/1/5"])
each("DAT-28", "ROW", day, ["3927/01/05"], "E-DAT-28")
each("DAT-28", "ROW", day, ["民國2016年1月5日"], "E-DAT-28")
case("DAT-29", "OK", lambda: xlsx([PAYMENT.split(","), [Cell("42552", style=2), "便利商店", 10, 1200]]), name="表.xlsx", rows=1)
case(
    "DAT-30",
    "OK",
    lambda: zipped(xlsx_parts({"甲": sheet_xml([PAYMENT.split(","), [Cell("41090", style=1), "便利商店", 10, 1200]])}, base_1904=True)),
    name="表.xlsx",
    rows=1,
)
each("DAT-31", "ROW", day, ["60"], "E-DAT-31")
case("DAT-31", "ROW", lambda: xlsx([PAYMENT.split(","), [Cell("60", style=1), "便利商店", 10, 1200]]), "E-DAT-18", name="表.xlsx")
each("DAT-32", "OK", day, ["2016/1/5 00:00:00", "105/1/5 上午 09:30"])
each("DAT-32", "ROW", day, ["2016/1/5 24:00"], "E-DAT-32")
each("DAT-33", "ASK", day, ["2016-01-05T23:00:00Z"], "W-DAT-33")
each("DAT-34", "ROW", day, ["1051301"], "E-DAT-34")
each("DAT-34", "ROW", month, ["10513"], "E-DAT-34")
each("DAT-35", "ROW", day, ["105W03", "正月初一"], "E-DAT-35")

# --- words ------------------------------------------------------------------------------------------------------------------

each("TXT-01", "OK", lambda cell: table(NOON, f"105/7/5,{cell},A07,1,繳款"), ["宜蘭分署", "本分署"])
each("TXT-02", "OK", site, ["宜 蘭", "　宜蘭", "宜蘭分署　"])
each("TXT-03", "ROW", site, ["北分署"], "E-OFFICE")
each("TXT-04", "ROW", site, ["花蓮"], "E-OFFICE")
each("TXT-05", "OK", key, ["\u2f97", "\uf907"])
each("TXT-06", "OK", comment, ["cafe\u0301"])
each("TXT-07", "OK", key, ["ＡＢＣ", "ｶﾅ", "㈱", "①"])
each("TXT-08", "OK", key, ["1\u200b2"])
case("TXT-08", "FILE", survey(form("12", comment="甲"), form("1\u200b2", comment="乙")), "E-DUP-KEY")
each("TXT-09", "ROW", key, ["1\u202e2", "1\u2066"], "E-TXT-09")
each("TXT-09", "OK", comment, ["a\u202eb"])
each("TXT-10", "OK", comment, ["👍🏽👨‍👩‍👧🇹🇼"])
each("TXT-11", "OK", comment, ["e" + "\u0301" * 300])
each("TXT-12", "OK", comment, ["𦰡"])
each("TXT-13", "ROW", comment, ["a\ufffe", "a\uffff"], "E-CONTROL")
each("TXT-14", "ROW", comment, ["a\x01", "a\x9f"], "E-CONTROL")
each("TXT-15", "ROW", site, ["Yil\u0430n"], "E-OFFICE")
each("TXT-16", "ROW", site, ["台东", "宜兰"], "E-OFFICE")
each("TXT-17", "ROW", answer, ["非常滿意"], "E-CHOICE")
case("TXT-18", "FILE", survey(form("1", answers="1,5,4,5,5,4,5"), form("2", answers="2,4,4,5,3,4,5")), "E-SCALE E-CHOICE")
each("TXT-19", "ROW", answer, ["滿意;普通"], "E-CHOICE")
each("TXT-20", "FILE", comment, ["長" * 500_000], "E-CELL-SIZE")
each("TXT-21", "ASK", comment, ["我是A123456789", "電話0912-345-678"], "W-PII")
each("TXT-22", "OK", comment, ["一_x000D_"])
each("TXT-23", "OK", comment, ["&amp;", "&#x81FA;"])
each("TXT-24", "OK", comment, ["NULL", "None", "NaN", "nan"])
each("TXT-25", "OK", yes, ["TRUE", "FALSE", "是", "否", "Ｙ", "V", "✓"])
each("TXT-25", "ROW", yes, ["或許"], "E-TXT-25")
NAUGHTY = [
    "undefined", "null", "1/0", "../../../etc/passwd", "$HOME", "<script>alert(0)</script>", "';alert(0);'", "javascript:alert(1)", "Ω≈ç√∫˜µ≤≥÷", "田中さん",
    "ثم نفس سقطت", "(╯°□°）╯︵ ┻━┻)", "\u200d\u200c", "1'; DROP TABLE users-- 1", "$(touch /tmp/x)", "{% print 'x' * 64 %}", "CON", "If you're reading this",
    "Powerلُلُصّبُلُلصّبُررً ॣ ॣh ॣ ॣ冗", "perl -e 'print'",
]  # fmt: skip
each("TXT-26", "ROW", site, NAUGHTY[:12], "E-OFFICE")
each("TXT-26", "ROW", answer, NAUGHTY[:12], "E-CHOICE")
each("TXT-26", "OK", comment, NAUGHTY)

# --- duplicates, months, business sense -------------------------------------------------------------------------------------

case("BIZ-01", "OK", HISTORY["案款6月.csv"], "BIZ-01", name="案款6月.csv", base="history")
case("BIZ-02", "ASK", HISTORY["案款6月.csv"].encode("cp950"), "W-BIZ-02", name="別名.csv", base="history")
case("BIZ-01", "OK", HISTORY["案款6月.csv"], "BIZ-01", name="別名.csv", base="history")
case("BIZ-03", "ASK", payment("105年6月,便利商店,104,12400", "105年6月,臨櫃代收,51,3050"), "W-BIZ-03", base="history")
case("BIZ-04", "ASK", survey(form("001"), form("002"), form("001")), "W-BIZ-04", rows=2)
case("BIZ-05", "FILE", survey(form("001"), form("002"), form("001", comment="x")), "E-DUP-KEY")
case("BIZ-06", "FILE", survey(form("001"), form("００１")), "E-DUP-KEY")
case("BIZ-07", "OK", payment(JULY, "105年8月,便利商店,11,1300"), rows=2)
case(
    "BIZ-08",
    "ASK",
    payment("105年6月,便利商店,104,12400", "105年6月,臨櫃代收,51,3050", "105年7月,便利商店,99,12600", "105年7月,臨櫃代收,50,3060"),
    "W-BIZ-03",
    base="history",
)
case("BIZ-09", "ASK", month("105年10月"), "W-PARTIAL")
case("BIZ-10", "ASK", payment("105年8月,便利商店,99,12600", "105年8月,臨櫃代收,50,3060"), "W-GAP", base="history")
case("BIZ-11", "FILE", table(TRAFFIC, "10507,1,2"), "E-TABLE", dataset="survey_response")
case("BIZ-12", "ROW", survey(form("1", site="新竹"), form("2", site="新竹")), "E-OFFICE")
case("BIZ-14", "ASK", payment(JULY), "W-TITLE", name="106年7月案款代收.csv")
case("BIZ-15", "ASK", payment("105年7月,便利商店,105,12500", "105年7月,臨櫃代收,51,3050"), "W-SAME-AS-LAST", base="history")
each("BIZ-16", "ROW", score, ["101", "100.5"], "E-BIZ-16")
each("BIZ-16", "ROW", score, ["-1"], "E-NUM-11")
case("BIZ-17", "FILE", table(CALLS, "執行署,1050912,10:00,甲,1,8.5", "執行署,1050912,10:05,乙,2,9"), "E-SCALE")
case("BIZ-18", "ASK", payment("105年7月,便利商店,1000,12600", "105年7月,臨櫃代收,50,3060"), "W-MAGNITUDE", base="history")
case("BIZ-18", "ASK", payment("105年7月,便利商店,100,12600000", "105年7月,臨櫃代收,50,3060"), "W-MAGNITUDE", base="history")
case("BIZ-18", "OK", payment("105年7月,便利商店,180,22600", "105年7月,臨櫃代收,30,1060"), base="history")
each("BIZ-19", "ROW", count, ["-1"], "E-NUM-11")
each("BIZ-20", "ASK", money, ["-1200"], "W-NUM-11")
case("BIZ-21", "FILE", table(TALLY_LONG, *(f"105年7月,宜蘭,整體滿意度,{word},20" for word in ("很滿意", "滿意")), "105年7月,宜蘭,問卷份數,有效份數,30"), "E-SUM")
case("BIZ-21", "ASK", table(TALLY, "105年7月,宜蘭,40,50,45,5"), "W-BIZ-21")
case("BIZ-21", "ASK", survey(*(form(f"{n:03d}", "105/06/06") for n in range(100, 160))), "W-BIZ-21 W-BIZ-03", base="history")
case("BIZ-23", "ASK", payment(JULY, COUNTER, "平均,,9,750"), "W-BIZ-23")
case("BIZ-24", "ASK", table(TRAFFIC, "105年7月,600,500"), "W-BIZ-24")
case("BIZ-25", "FILE", payment("105年7月,便利商店,,", "105年7月,臨櫃代收,,"), "E-EMPTY")
case("BIZ-25", "FILE", survey(form("1", answers="," * 6), form("2", answers="," * 6)), "E-EMPTY")
case("BIZ-26", "ASK", survey(form("001", "105/07/05"), form("002", "105/07/05", "基隆")), "W-ROWS", base="history")
case("BIZ-26", "ASK", survey(*(form(f"{n:03d}", "105/07/05") for n in range(1, 40))), "W-ROWS", base="history")
case("BIZ-27", "FILE", table(PAYMENT), "E-EMPTY")
case("BIZ-29", "FILE", survey(form(), header=SURVEY.replace("整體滿意度", "整體滿意程度（舊版）")), "E-HEADER W-HDR-07")
case("BIZ-32", "ASK", table(CALLS, "執行署,1050912,10:00,甲,101,92", "執行署,1050912,10:30,甲,101,93"), "W-BIZ-32")

# --- the file itself --------------------------------------------------------------------------------------------------------

OLE = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"
BOOK_ROWS = [PAYMENT.split(","), ["105年7月", "便利商店", 10, 1200]]
BOOK = xlsx_parts({"甲": sheet_xml(BOOK_ROWS)})

case("FIL-01", "FILE", b"", "E-EMPTY")
case("FIL-02", "FILE", BOM, "E-EMPTY")
case("FIL-02", "FILE", b"\r\n \n\t\n", "E-EMPTY")
case("FIL-06", "FILE", b"\x89PNG\r\n\x1a\n" + bytes(20), "E-NOT-TEXT")
case("FIL-06", "FILE", b"%PDF-1.4\n%\xe2\xe3", "E-NOT-TEXT")
case("FIL-06", "FILE", b"MZ\x90\0\x03\0\0\0", "E-NOT-TEXT")
case("FIL-07", "FILE", b"<html><table><tr><td>1</td></tr></table>", "E-HTML", name="表.xls")
case("FIL-08", "FILE", b'{"a": 1}', "E-TYPE")
case("FIL-08", "FILE", b'<?xml version="1.0"?><a/>', "E-TYPE")
case("FIL-09", "FILE", lambda: zipped(BOOK), "E-TYPE", name="表.csv")
case("FIL-09", "FILE", payment(JULY), "E-TYPE", name="表.xlsx")
case("FIL-09", "FILE", lambda: ods(BOOK_ROWS), "E-TYPE", name="表.xlsx")
case("FIL-10", "FILE", OLE + bytes(600), "E-XLS", name="表.xls")
case("FIL-11", "FILE", lambda: zipped({**BOOK, "xl/vbaProject.bin": "x"}), "E-TYPE", name="表.xlsm")
case("FIL-12", "FILE", lambda: zipped({"Index/Document.iwa": "x"}), "E-TYPE", name="表.numbers")
case(
    "FIL-12",
    "FILE",
    lambda: zipped({**BOOK, "[Content_Types].xml": BOOK["[Content_Types].xml"].replace("spreadsheetml.sheet", "wordprocessingml.document")}),
    "E-TYPE",
    name="表.docx",
)
case("FIL-13", "FILE", lambda: gzipped(payment(JULY)), "E-TYPE")
case("FIL-13", "FILE", lambda: xzipped(payment(JULY)), "E-TYPE")
case("FIL-14", "FILE", lambda: zip_of(payment(JULY)), "E-TYPE", name="表.zip")
case("FIL-15", "FILE", b"L\0\0\0\x01\x14\x02\0" + bytes(50), "E-TYPE", name="表.csv.lnk")
case("FIL-15", "FILE", b"\x06user  " + bytes(158), "E-TYPE", name="~$表.xlsx")
case("FIL-15", "FILE", b"\0\0\0\x01Bud1\0", "E-TYPE", name=".DS_Store")
case("FIL-15", "FILE", b"\0\x05\x16\x07\0\x02", "E-TYPE", name="._表.csv")
case("FIL-16", "FILE", lambda: zipped(BOOK)[:-300], "E-TRUNCATED", name="表.xlsx")
for odd_name in ("../../x.csv", "..\\..\\x.csv", "C:\\x.csv", "/etc/x.csv"):
    case("FIL-18", "OK", payment(JULY), name=odd_name, rows=1)
for odd_name in ("CON.csv", "NUL", "a:b.csv", ".csv", "a.csv.exe", "a.CSV"):
    case("FIL-19", "OK", payment(JULY), name=odd_name, rows=1)
for odd_name in ("*.csv", "?.csv", "[a].csv"):
    case("FIL-20", "OK", payment(JULY), name=odd_name, rows=1)
for odd_name in ("http://x/y.csv", "s3://x/y.csv", "file:///etc/passwd"):
    case("FIL-21", "OK", payment(JULY), name=odd_name, rows=1)
for odd_name in ("長" * 5000 + ".csv", "a\nb.csv", "a\u202evsc.csv"):
    case("FIL-22", "OK", payment(JULY), name=odd_name, rows=1)
for odd_name in ("<img src=x onerror=alert(1)>.csv", "![x](http://127.0.0.1:9/x.png).csv", "=cmd|' /C calc'!A0.csv"):
    case("FIL-23", "OK", payment(JULY), name=odd_name, rows=1)

# --- workbooks --------------------------------------------------------------------------------------------------------------


def book(*rows: list[object], **options: object) -> Callable[[], bytes]:
    """A workbook with these rows under the payment header."""
    return lambda: xlsx([PAYMENT.split(","), *rows], **options)


def workbook(id: str, verdict: Verdict, content: Content, codes: str = "", *, name: str = "表.xlsx", rows: int | None = None) -> None:
    """A case of a workbook."""
    case(id, verdict, content, codes, name=name, rows=rows)


def parts(**changed: str | bytes) -> Callable[[], bytes]:
    """A sound workbook with parts put in or changed; __ stands for a slash."""
    return lambda: zipped({**BOOK, **{name.replace("__", "/"): content for name, content in changed.items()}})


def _two_cells() -> bytes:
    cells = '<row r="1"><c r="A1"><v>1</v></c></row><row r="1048576"><c r="XFD1048576"><v>1</v></c></row>'
    return zipped(xlsx_parts({"甲": f'<worksheet xmlns="{MAIN}"><dimension ref="A1:XFD1048576"/><sheetData>{cells}</sheetData></worksheet>'}))


def _long_sheet(row: str, times: int) -> bytes:
    head = sheet_xml(BOOK_ROWS).replace("</sheetData></worksheet>", "")
    return zipped(xlsx_parts({"甲": head + row * times + "</sheetData></worksheet>"}))


def _linked() -> bytes:
    changed = xlsx_parts({"甲": sheet_xml([PAYMENT.split(","), ["105年7月", "便利商店", Cell("5", formula="[1]Sheet1!A1"), 300]])})
    link = f'<Relationship Id="rId5" Type="{RELATIONS}/externalLink" Target="externalLinks/externalLink1.xml"/></Relationships>'
    changed["xl/_rels/workbook.xml.rels"] = changed["xl/_rels/workbook.xml.rels"].replace("</Relationships>", link)
    return zipped({**changed, "xl/externalLinks/externalLink1.xml": "<externalLink/>"})


def _lying() -> bytes:
    content = zipped(BOOK)
    size = len(BOOK["xl/worksheets/sheet1.xml"].encode())
    return content.replace(size.to_bytes(4, "little"), (50).to_bytes(4, "little"))


_AUGUST = [PAYMENT.split(","), ["105年8月", "便利商店", 12, 1500]]
_ODS_CELL = Cell('<table:table-cell table:number-columns-repeated="16384" office:value-type="float" office:value="1"/>')
_ODS_TIME = Cell('<table:table-cell office:value-type="time" office:time-value="PT26H30M00S"><text:p>26:30</text:p></table:table-cell>')
_REPEATED = 'table:number-rows-repeated="1048576"'
_MERGED = '<mergeCells><mergeCell ref="{}"/></mergeCells>'

workbook("XLS-01", "OK", lambda: zipped(xlsx_parts({"說明": sheet_xml([["填表說明"]]), "資料": sheet_xml(BOOK_ROWS)})), rows=1)
workbook("XLS-01", "ASK", lambda: zipped(xlsx_parts({"七": sheet_xml(BOOK_ROWS), "八": sheet_xml(_AUGUST)})), "W-XLS-01")
workbook("XLS-02", "OK", lambda: zipped(xlsx_parts({"七": sheet_xml(BOOK_ROWS), "八": sheet_xml(_AUGUST)}, states={"七": "hidden"})), rows=1)
workbook("XLS-02", "ASK", lambda: zipped(xlsx_parts({"七": sheet_xml(BOOK_ROWS)}, states={"七": "veryHidden"})), "W-XLS-02")
workbook("XLS-03", "ASK", book(["105年7月", "便利商店", 1, 2], row_attributes={2: 'hidden="1"'}), "W-HIDDEN")
workbook("XLS-04", "ROW", book(["105年7月", "便利商店", 1, 2], [None, "臨櫃代收", 3, 4], after=_MERGED.format("A2:A3")), "E-XLS-04")
workbook("XLS-05", "OK", lambda: xlsx([["105年7月案款代收"], *BOOK_ROWS], after=_MERGED.format("A1:D1")), rows=1)
workbook("XLS-06", "OK", book(["105年7月", "便利商店", Cell("5", formula="2+3"), 2]), rows=1)
workbook("XLS-07", "FILE", book(["105年7月", "便利商店", Cell(None, formula="2+3"), 2]), "E-FORMULA-EMPTY")
for error in ("#DIV/0!", "#N/A", "#REF!", "#VALUE!"):
    workbook("XLS-08", "ROW", book(["105年7月", "便利商店", Cell(error, "e"), 2]), "E-CELL-ERROR")
workbook("XLS-09", "ASK", _linked, "W-XLS-09")
workbook("XLS-10", "ROW", book(["105年7月", "便利商店", Cell("0.953", style=3), 2]), "E-NUM-19")
workbook("XLS-11", "OK", book(["105年7月", "便利商店", Cell("12000", style=6), 2]), rows=1)
workbook("XLS-12", "OK", book(["105年7月", "便利商店", 1, 2], [Cell("42583", style=1), "便利商店", 3, 4]), rows=2)
workbook("XLS-13", "OK", lambda: zipped(xlsx_parts({"甲": sheet_xml([BOOK_ROWS[0], [Cell("41090", style=1), "便利商店", 1, 2]])}, base_1904=True)), rows=1)
workbook("XLS-14", "ROW", lambda: xlsx([CALLS.split(","), ["執行署", "1050912", Cell("1.5", style=5), "甲", 1, 92]]), "E-DAT-32")
workbook("XLS-14", "ROW", lambda: ods([CALLS.split(","), ["執行署", "1050912", _ODS_TIME, "甲", 1, 92]]), "E-DAT-32", name="表.ods")
workbook("XLS-15", "OK", parts(xl__comments1="<comments/>", xl__media__image1="x"), rows=1)
workbook("XLS-16", "FILE", OLE + bytes(600) + "EncryptedPackage".encode("utf-16-le"), "E-PASSWORD")
workbook("XLS-17", "FILE", parts(_xmlsignatures__sig1="<x/>"), "E-XLS-17")
workbook("XLS-17", "FILE", OLE + bytes(600) + "DRMEncryptedDataSpace".encode("utf-16-le"), "E-XLS-17")
workbook("XLS-18", "FILE", _two_cells, "E-RANGE")
workbook("XLS-19", "OK", lambda: _long_sheet('<row><c s="1"/></row>', 50_000), rows=1)
workbook("XLS-19", "FILE", lambda: _long_sheet(" " * 1024, 60_000), "E-UNPACK")
workbook("XLS-20", "FILE", lambda: _long_sheet("<row><c><v>1</v></c></row>", 2_000_000), "E-UNPACK")
workbook("XLS-21", "FILE", _lying, "E-TRUNCATED")
workbook("XLS-22", "FILE", lambda: zipped({**BOOK, **{f"x/{n}": "" for n in range(5000)}}), "E-XLS-22")
workbook("XLS-22", "FILE", lambda: zipped({"a.zip": zipped(BOOK)}), "E-XLS-22")
workbook("XLS-22", "FILE", lambda: zipped({**BOOK, "../../x": ""}), "E-XLS-22")
workbook("XLS-23", "FILE", lambda: zipped(ods_parts({"甲": ods_row(BOOK_ROWS[0]) + ods_row(BOOK_ROWS[1], _REPEATED)})), "E-ROWS", name="表.ods")
workbook("XLS-24", "FILE", lambda: zipped(ods_parts({"甲": ods_row([_ODS_CELL], _REPEATED)})), "E-COLUMNS", name="表.ods")
workbook("XLS-25", "FILE", lambda: zipped({**BOOK, "xl/styles.xml": '<!DOCTYPE x [<!ENTITY a "b">]><x>&a;</x>'}), "E-XLS-25")
for sheet_name in ("'; DROP", "<script>", "長" * 31):
    workbook("XLS-26", "OK", lambda sheet_name=sheet_name: zipped(xlsx_parts({sheet_name: sheet_xml(BOOK_ROWS)})), rows=1)  # type: ignore[misc]
workbook("XLS-27", "OK", lambda: zipped({name: text.replace(MAIN, "http://purl.oclc.org/ooxml/spreadsheetml/main") for name, text in BOOK.items()}), rows=1)
workbook("XLS-30", "ASK", lambda: zipped({**BOOK, "xl/embeddings/oleObject1.bin": "x"}), "W-XLS-30")

# --- hostile content --------------------------------------------------------------------------------------------------------

FORMULAS = ["=cmd|' /C calc'!A0", '=HYPERLINK("http://127.0.0.1:9")', "=WEBSERVICE(1)", "=IMPORTXML(1)"]
each("SEC-01", "ROW", count, FORMULAS, "E-FORMULA")
each("SEC-01", "OK", comment, FORMULAS)
each("SEC-02", "ROW", count, ["+1+1", "-1+1", "@SUM(1)", "＝1+1"], "E-FORMULA")
each("SEC-02", "OK", comment, ["+1+1", "-1+1", "@SUM(1)", "\t=1+1", "＝1+1"])
each("SEC-03", "OK", comment, ['a";=1+2'])
each("SEC-04", "OK", comment, ["<script>alert(1)</script>", "<img onerror>", "<svg onload>", "javascript:"])
each("SEC-05", "OK", comment, ["![](http://127.0.0.1:9/x.png)", "[x](javascript:1)", ":red[x]", "$\\LaTeX$", ":material/home:"])
each("SEC-06", "OK", key, ["datum.a", "<ahref>", "a.b[c]"])
each("SEC-07", "ROW", site, ["'; DROP TABLE fact;--", "Robert'); --"], "E-OFFICE")
each("SEC-07", "ROW", answer, ["'; DROP TABLE fact;--"], "E-CHOICE")
each("SEC-07", "ROW", month, ["'; DROP TABLE fact;--"], "E-DAT-01")
each("SEC-08", "OK", comment, ["read_csv('/etc/passwd')", "ATTACH ':memory:'", "getenv('HOME')"])
each("SEC-10", "OK", comment, ["{{7*7}}", "%s%s", "{0.__class__}"])
each("SEC-11", "ROW", key, ["1\n2", "1\x1b[31m"], "")
each("SEC-13", "ROW", day, ["(" * 30_000], "E-DAT-01")
each("SEC-13", "FILE", day, ["(" * 50_000], "E-CELL-SIZE")
case("SEC-14", "OK", lambda: survey(*(form(f"{n}") for n in range(20_000))).encode(), rows=20_000)
case("SEC-16", "FILE", lambda: payment(JULY).encode() + zipped(BOOK), "E-NOT-TEXT")
case("SEC-16", "OK", lambda: zipped({**BOOK, "x.csv": payment(JULY)}), name="表.xlsx", rows=1)

#: Ids that are no matter of one file: the test that holds them (file::function), or after a dash why this office cannot meet them.
ELSEWHERE: dict[str, str] = {
    "DAT-25": "- no month is chosen beforehand, a file may hold several; what its title and name say of months is HDR-20 and BIZ-14",
    "BIZ-13": "- without sign-in there is one user; roles bind with sign-in only",
    "BIZ-22": "- no table of the office holds shares: they are computed",
    "BIZ-28": "- the template has no example rows",
    "BIZ-30": "tests/test_bad_files.py::test_a_closed_quarter_is_not_changed",
    "BIZ-31": "- staff are codes, of which no list is kept",
    "FIL-03": "tests/test_bad_files.py::test_the_server_caps_uploads_and_asks_for_its_token",
    "FIL-04": "tests/test_bad_files.py::test_the_server_caps_uploads_and_asks_for_its_token",
    "FIL-05": "tests/test_bad_files.py::test_more_rows_than_the_browser_may_send_are_refused_on_the_page",
    "FIL-17": "- cannot be seen; the preview shows counts and months",
    "FIL-24": "tests/warehouse/test_cli.py::test_several_files_are_loaded_one_after_another_and_one_bad_one_stops_none",
    "FIL-25": "tests/warehouse/test_load.py::test_the_same_file_under_another_name_is_unchanged",
    "FIL-26": "tests/warehouse/test_load.py::test_a_preview_made_before_another_load_is_stale",
    "XLS-28": "tests/warehouse/intake/test_workbook.py::test_a_workbook_of_the_usual_library_is_read",
    "XLS-29": "tests/test_twelve_ways.py::test_the_figures_are_the_same_however_the_table_was_saved",
    "SEC-09": "tests/test_bad_files.py::test_an_address_that_makes_no_sense_shows_the_first_page",
    "SEC-12": "- nothing from outside is ever unpickled",
    "SEC-15": "tests/test_bad_files.py::test_the_server_caps_uploads_and_asks_for_its_token",
}

#: Ids whose answer is not yet right, and what is wrong. A test holds that they are still wrong, so that this can only shrink.
KNOWN_GAPS: dict[str, str] = {}
