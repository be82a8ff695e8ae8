"""Words that the topic pages share."""

WORDS: dict[str, tuple[str, str]] = {
    "topic.attention": ("需要注意", "Needs attention"),
    "topic.attention.more": ("另有{count}項，見下面各表。", "{count} more in the tables below."),
    "topic.calm": ("這一頁沒有逾期、未達標或漏做的事項。", "Nothing on this page is late, below target or left undone."),
    "topic.missed": ("{value}；{target}；{gap}", "{value}; {target}; {gap}"),
    "topic.no_site": (
        "這裡的報表不分服務處所，以下是全分署的資料，不是{site}的。",
        "These tables tell no site: what follows is the whole office, not {site}.",
    ),
    "topic.nothing": ("{period}還沒有這些報表的資料：", "{period}: none of these tables has come in:"),
    "topic.absent": ("{period}沒有「{dataset}」的資料。", "{period}: no data from “{dataset}”."),
    "topic.cut": ("共{count}筆，這裡列出前{shown}筆；全部在下載檔裡。", "{count} rows, the first {shown} shown; all are in the file."),
    "topic.download": ("下載CSV：{caption}", "Download CSV: {caption}"),
    "topic.figures": ("數字與目標", "Figures and targets"),
    "topic.figures.no_target": ("這些項目未訂目標", "no targets are set for these"),
    "topic.figures.note": ("各項：{said}。", "For all: {said}."),
    "topic.peak": (
        "{span}合計{total}{unit}；最多是{high_month}的{high}{unit}，最少是{low_month}的{low}{unit}",
        "{total} {unit}, {span}; most in {high_month} ({high}), least in {low_month} ({low})",
    ),
    "topic.level": ("{span}合計{total}{unit}，每月都是{high}{unit}", "{total} {unit}, {span}; {high} every month"),
    "topic.more": ("走勢、定義與計算依據：", "Trend, definition and arithmetic: "),
    "topic.measure": ("{name}（{unit}）", "{name} ({unit})"),
    "topic.one_month": ("{month}為{value}{unit}", "{month}: {value} {unit}"),
    "topic.chart.gap": ("{months}沒有資料，該處沒有長條，不是0。", "{months}: no data; no column there, not zero."),
    "topic.chart.alt": ("{name}圖：{finding}。", "Chart of {name}: {finding}."),
    "topic.unit.visits": ("人次", "visits"),
    "topic.unit.persons": ("人次", "persons"),
    "topic.unit.cases": ("件", "cases"),
    "topic.unit.days": ("工作日", "working days"),
}
