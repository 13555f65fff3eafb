"""Times of day, and moments: a day with its time, as consoles and offices write them."""

import datetime
import math
import re

from ..text.vietnamese import fold
from .amounts import blank_word, is_blank
from .dates import parse_date
from .parsed import Parsed, failed

_SECOND = r"(?:\s*[:.m]?\s*(\d{1,2})(?:\.\d+)?\s*(?:giay|s)?)?"
_TIME = rf"(\d{{1,2}})\s*(?:[:hg.]|gio)\s*(?:(\d{{1,2}})\s*(?:phut|p)?{_SECOND})?"
_CLOCK = r"(\d{1,2}):(\d{2})(?::(\d{2})(?:\.\d+)?)?\s*(am|pm|sa|ch)?"
_TIME_ALONE = re.compile(_TIME)
_CLOCK_ALONE = re.compile(_CLOCK)
_TIME_FIRST = re.compile(r"(\d{1,2}[:hg]\d{0,2}(?::\d{2})?(?:\s*(?:am|pm|sa|ch))?)[\s,;-]+(.+)")
_TIME_LAST = re.compile(
    r"(.+?)(?:[\s,]+|(?<=\d)t(?=\d))(\d{1,2}[:hg]\d{0,2}(?::\d{2}(?:\.\d+)?)?"
    r"(?:\s*(?:am|pm|sa|ch))?)\s*(?:z|\+00:?00)?"
)
_SECONDS_A_DAY = 86_400
_AFTERNOON, _MORNING = ("pm", "ch"), ("am", "sa")


def parse_time(value: object) -> Parsed:
    """Parse a time of day, to datetime.time without fractions of a second.

    >>> [str(parse_time(text).value) for text in ("5h", "17:30", "5h30", "5:30:15 PM", 0.75)]
    ['05:00:00', '17:30:00', '05:30:00', '17:30:15', '18:00:00']
    """
    if is_blank(value):
        return Parsed()
    if isinstance(value, datetime.datetime):
        return Parsed(value.time().replace(microsecond=0))
    if isinstance(value, datetime.time):
        return Parsed(value.replace(microsecond=0))
    if isinstance(value, datetime.timedelta):
        return _from_seconds(value.total_seconds(), value)
    if isinstance(value, float) and 0 <= value < 1:
        return _from_seconds(value * _SECONDS_A_DAY, value)
    if isinstance(value, str):
        return _time_from_text(value)
    return failed("not_a_time", text=value)


def parse_moment(value: object) -> Parsed:
    """Parse a day with its time, to datetime.datetime without zone.

    >>> for text in ("24/11/2026 05:00", "5h30 24/11/2026", "2026-11-24T17:00:05"):
    ...     print(parse_moment(text).value)
    2026-11-24 05:00:00
    2026-11-24 05:30:00
    2026-11-24 17:00:05
    """
    if is_blank(value):
        return Parsed()
    if isinstance(value, datetime.datetime):
        return Parsed(value.replace(microsecond=0, tzinfo=None))
    if isinstance(value, str):
        return _moment_from_text(value)
    if isinstance(value, float) and math.isfinite(value) and value % 1:
        return _moment_from_serial(value)
    return failed("not_a_moment", text=value)


def _from_seconds(seconds: float, text: object) -> Parsed:
    whole = round(seconds)
    if not 0 <= whole < _SECONDS_A_DAY:
        return failed("not_a_time", text=text)
    return Parsed((datetime.datetime.min + datetime.timedelta(seconds=whole)).time())


def _time_from_text(text: str) -> Parsed:
    folded = fold(text)
    match = _CLOCK_ALONE.fullmatch(folded)
    half = match[4] if match else None
    match = match or _TIME_ALONE.fullmatch(folded)
    if not match:
        return blank_word(text) or failed("not_a_time", text=text)
    hour, minute, second = (int(part or 0) for part in match.group(1, 2, 3))
    if half and not 1 <= hour <= 12:
        return failed("not_a_time", text=text)
    if half in _AFTERNOON:
        hour = hour % 12 + 12
    elif half in _MORNING:
        hour %= 12
    try:
        return Parsed(datetime.time(hour, minute, second))
    except ValueError:
        return failed("not_a_time", text=text)


def _moment_from_text(text: str) -> Parsed:
    folded = fold(text).strip()
    for pattern, day, time in ((_TIME_LAST, 1, 2), (_TIME_FIRST, 2, 1)):
        match = pattern.fullmatch(folded)
        if not match:
            continue
        date, clock = parse_date(match[day]), parse_time(match[time])
        if date.value and clock.value is not None and date.precision == "day":
            return Parsed(datetime.datetime.combine(date.value, clock.value), date.problem)
    return blank_word(text) or failed("not_a_moment", text=text)


def _moment_from_serial(number: float) -> Parsed:
    date = parse_date(int(number))
    if not date.value or date.precision != "day":
        return failed("not_a_moment", text=number)
    seconds = round(number % 1 * _SECONDS_A_DAY)
    start = datetime.datetime.combine(date.value, datetime.time())
    return Parsed(start + datetime.timedelta(seconds=seconds))
