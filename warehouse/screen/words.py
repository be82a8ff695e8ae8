"""What is said while a file is screened: the names of the rules, what may stand in a cell instead of text, what is asked."""

from __future__ import annotations

from warehouse.errors import Level

#: What the rules are called by which a row is left out.
RULES = {
    "blank": "空白列",
    "header": "重複的標題列",
    "total": "合計列",
    "subtotal": "小計列",
    "cumulative": "累計列",
    "average": "平均列",
    "note": "備註或簽章列",
    "duplicate": "重複列",
    "unfilled": "未填數字的列",
    "unchanged": "已入庫的列",
    "held": "暫存待改正",
    "not_counted_here": "不計入本指標",
}

#: The column that a correction workbook adds (see `correction`); given back, it is no column of the table.
REASONS = "檢核說明"

#: What a cell of a workbook may be instead of text: level, what was found, what is expected, how to mend.
FAULTS: dict[str, tuple[Level, str, str, str]] = {
    "E-CELL-ERROR": ("row", "這一格是錯誤值「{value}」", "文字、數字或日期", "請在Excel改正公式或改填數值後重新上傳"),
    "E-FORMULA-EMPTY": ("file", "這一格的公式還沒有計算結果（{value}）", "已計算的數值", "請用Excel開啟、存檔後重新上傳，或貼上值"),
    "E-XLS-04": ("row", "這一格併在別的儲存格裡", "每一列各自填寫", "請取消合併儲存格、逐列填寫後重新上傳"),
}

#: What is asked, by code: what was found, what is expected, how to go on. `{n}` is how many cells.
ASKS: dict[str, tuple[str, str, str]] = {
    "W-NUM-07": ("有{n}格是概數或萬、億、千等縮寫（例如「{value}」）", "確實的數字", "請確認換算後的數字，或在原檔改成完整數字"),
    "W-NUM-11": ("有{n}格是負數（例如「{value}」）", "不小於0的數字", "若確為退款或沖正，請確認"),
    "W-NUM-15": ("有{n}格是科學記號（例如「{value}」），尾數可能已遺失", "完整的數字", "請確認，或在Excel改成數值格式後另存"),
    "W-NUM-17": ("有{n}格的數字前有單引號（例如「{value}」）", "數字", "請確認"),
    "W-NUM-22": ("有{n}列在其他列有數字的月份是空白", "每個月都有數字，沒有數量填0或「無」", "空白的月份不入庫、不當成0，請確認或補齊後重新上傳"),
    "W-DAT-06": ("有{n}格寫「{value}」，也可能是10月（Excel把105.10顯示成105.1）", "看得出月份的寫法，例如105.01或105年10月", "若是1月請確認，否則請改寫後重新上傳"),
    "W-DAT-07": ("有{n}格是Excel日期序號（例如「{value}」）", "日期", "請確認換算後的日期，或在Excel改成日期格式後另存"),
    "W-DAT-10": ("有{n}格只寫月份（例如「{value}」），年度取自標題、檔名或指定", "含年度的月份", "請確認年度"),
    "W-DAT-33": ("有{n}格的時間帶時區（例如「{value}」），已換成臺北時間", "臺北時間的日期", "請確認"),
    "W-ENC-15": ("有{n}格含造字（例如「{value}」）", "一般字元", "請確認"),
    "W-ENC-16": ("有{n}格含私人使用區的字（例如「{value}」），照原樣保留", "一般字元", "請確認"),
    "W-ENC-24": ("有{n}格含「\ufffd」（亂碼，例如「{value}」）", "完整的文字", "請確認，或改正後重新上傳"),
    "W-PII": ("有{n}格疑似含身分證字號或電話", "不含個人資料的文字", "請刪去個人資料後重新上傳；確認後仍會遮蔽"),
}
