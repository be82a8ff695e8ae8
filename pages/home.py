"""首頁。"""

import streamlit as st

from warehouse import scorecard
from warehouse.indicators import headline_indicators
from warehouse.web import state

warehouse = state.current()
with warehouse.reading() as cursor:
    window = scorecard.default_window(cursor)
    figures = scorecard.figures(cursor, window, only=[i.id for i in headline_indicators()]) if window else {}
st.title("首頁")
if not figures:
    st.info("還沒有資料，請到「上傳」交第一份報表。")
for figure in figures.values():
    st.metric(figure.indicator.name, figure.text or "無資料")
