"""Free text without what tells who somebody is: for screens and downloads that others than the clerk in charge look at."""

from __future__ import annotations

import re
import unicodedata

#: What stands in the place of what was taken out.
MASK = "○"

_SURNAMES = (
    "趙錢孫李周吳鄭王馮陳褚衛蔣沈韓楊朱秦許何呂施張孔曹嚴華金魏陶姜戚謝鄒喻柏水竇章蘇潘葛范彭郎魯韋馬苗方俞任袁柳鮑史唐費廉薛雷賀倪湯羅畢郝鄔安常樂于傅"
    "皮卞齊康伍余元卜顧孟黃穆蕭尹姚邵汪祁毛狄貝戴宋龐熊紀舒屈項祝董梁杜阮藍席季麻強賈路江童顏郭梅盛林刁鍾徐邱駱高夏蔡田樊胡凌霍虞萬柯管盧莫經房"
    "裘繆解宗丁宣鄧郁單洪包諸左石崔吉鈕龔程嵇邢裴陸榮翁荀惠甄曲封芮儲靳松井段富巫烏焦巴弓牧隗山谷車侯宓蓬全班仰秋仲伊宮寧仇欒甘厲祖武符劉景詹束龍"
    "葉幸司黎薄印白懷蒲邰鄂索咸籍賴卓藺屠蒙池喬陰胥蒼雙聞莘翟譚貢勞逄姬申扶堵冉宰酈雍桑桂牛壽邊扈燕冀浦尚農溫別莊晏柴瞿閻連習宦艾魚容向古易慎戈"
    "廖庾終暨衡耿滿弘匡文寇祿闕東歐利蔚越夔鞏聶晁勾敖融冷辛闞那簡饒空曾沙養鞠須豐巢關游涂塗"
)
_TITLES = "先生|小姐|女士|太太|君|義務人|書記官|行政執行官|執行官|執行員|科長|主任|股長|專員|科員|志工|警衛|役男|法官|律師|里長|老師|同學|阿姨|伯伯"

#: Each with how much of its end may stay: whether a letter, a name's first character.
_NUMBERS = (
    re.compile(r"(?<![A-Za-z0-9])[A-Za-z][1-2A-Da-d89][0-9]{8}(?![0-9])"),
    re.compile(r"(?<![0-9])(?:\+?886[-\s]?|0)[0-9]{1,3}[-\s)]{0,2}[0-9]{3,4}[-\s]?[0-9]{3,4}(?:\s?(?:#|分機|轉)\s?[0-9]{1,5})?(?![0-9])"),
    re.compile(r"[A-Za-z0-9._%+-]+@[A-Za-z0-9-]+(?:\.[A-Za-z0-9-]+)+"),
    re.compile(r"(?<![0-9])[0-9]{10,16}(?![0-9])"),
    re.compile(r"(?<![A-Za-z0-9])(?:[A-Z]{2,3}-?[0-9]{4}|[0-9]{4}-?[A-Z]{2})(?![A-Za-z0-9])"),
)
_CASE = re.compile(r"([0-9]{2,3}年度?[\u4e00-\u9fff]{1,8}?字第?)([0-9-]{3,})(號?)")
_ADDRESS = re.compile(r"([\u4e00-\u9fff]{1,6}?(?:路|街|大道|巷))([^，。；、\s]{0,6}?[0-9]+(?:之[0-9]+)?[號弄巷樓](?:[^，。；、\s]{0,10}?[0-9]+[樓室號])*)")
_NAMED = re.compile(rf"(?!謝謝)([{_SURNAMES}])(?!行政執行官)([\u4e00-\u9fff]{{1,2}}?)?(?={_TITLES})")
_OWN_NAME = re.compile(rf"((?:姓名|本人|我叫|我是|名叫|承辦人|聯絡人|申訴人|陳情人)(?:是|為|：|:)?\s*)([{_SURNAMES}])([\u4e00-\u9fff]{{1,2}})(?![\u4e00-\u9fff]*[科室署局處])")


def masked(text: str) -> str:
    """The text with identity numbers, telephone numbers, e-mail and house addresses, licence plates, long numbers and the given names of persons
    made ○; what kind of thing stood there can still be read. Full-width digits and letters are read as plain ones.

    Rules, not understanding: a bare name without a title before or after it stays. Who may not see it at all must not be shown it.
    """
    plain = "".join(unicodedata.normalize("NFKC", sign) if "！" <= sign <= "～" and sign not in "，：；！？（）" else sign for sign in text)
    for pattern in _NUMBERS:
        plain = pattern.sub(lambda found: MASK * min(len(found[0]), 10), plain)
    plain = _CASE.sub(lambda found: found[1] + MASK * 4 + found[3], plain)
    plain = _ADDRESS.sub(lambda found: found[1] + MASK * 2, plain)
    plain = _OWN_NAME.sub(lambda found: found[1] + found[2] + MASK * len(found[3]), plain)
    return _NAMED.sub(lambda found: found[1] + MASK * len(found[2] or ""), plain)


def masked_if_any(text: object) -> str | None:
    """The same of a cell that may be blank."""
    return masked(str(text)) if text else None
