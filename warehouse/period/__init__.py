"""Days, months, quarters and times as offices write them; the windows of months a report covers.

Readers take one cell and give a `Reading` (value, and the code of a question if the clerk must confirm it) or raise `CellError`
with the code of the finding. Both calendars are read: ROC years 79-189 and AD years 1990-2100 are the same years. What can be
read in two ways (16/01/05) is refused, and nothing is judged against today: a future date is the caller's business.

A month is a `date` on its first day. `Window` is a run of months, `Quarter` a quarter of an AD year.

    calendars, cell, years, shapes, refusal   a cell before it is matched, and what is said where it is not
    days, months, ranges, times, quarters     the readers, one for each thing a cell may hold
    windows                                   months and quarters as such
    words                                     how they are written
    options                                   what stands on a command line
"""

from warehouse.period.calendars import FIRST_YEAR, ROC_OFFSET, TAIPEI, Calendar, written_calendar
from warehouse.period.days import parse_date
from warehouse.period.months import parse_month
from warehouse.period.options import TODAY_VARIABLE, parse_month_option, parse_quarter_option, taipei_today
from warehouse.period.quarters import parse_quarter
from warehouse.period.ranges import parse_date_range
from warehouse.period.times import parse_time
from warehouse.period.windows import Quarter, Window, add_months, month_of, month_range
from warehouse.period.words import clock_in_words, english_date, english_month, hours_in_words, roc_date, roc_month, roc_short

__all__ = [
    "FIRST_YEAR", "ROC_OFFSET", "TAIPEI", "TODAY_VARIABLE", "Calendar", "Quarter", "Window", "add_months", "clock_in_words", "english_date",
    "english_month", "hours_in_words", "month_of", "month_range", "parse_date", "parse_date_range", "parse_month", "parse_month_option",
    "parse_quarter", "parse_quarter_option", "parse_time", "roc_date", "roc_month", "roc_short", "taipei_today", "written_calendar",
]  # fmt: skip
