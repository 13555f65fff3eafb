"""Dates and years as offices write them, with the precision that was written."""

import datetime
import re

from ..text.vietnamese import fold
from .amounts import blank_word, is_blank
from .parsed import Parsed, failed, warned

_FIRST_YEAR, _LAST_YEAR = 1900, 2100
# Serial numbers of 1954 to 2119; smaller ones are years, larger ones digits run together.
_FIRST_SERIAL, _LAST_SERIAL = 20_000, 80_000
_EPOCH = datetime.date(1899, 12, 30)
# Excel shows the number 2015 in a date format as 7 July 1905.
_YEAR_OF_YEARS_AS_SERIALS = 1905
_LAST_TWO_DIGIT_YEAR = 50

_MARK = r"\s*[-/.]\s*"
_TIME = r"(?:[t ]+\d{1,2}[:h]\d{1,2}(?::\d{2}(?:\.\d+)?)?\s*(?:am|pm|z)?)?"
_DAY_FIRST = re.compile(rf"(\d{{1,2}}){_MARK}(\d{{1,2}}){_MARK}(\d{{4}}|\d{{2}}){_TIME}")
_YEAR_FIRST = re.compile(rf"(\d{{4}}){_MARK}(\d{{1,2}}){_MARK}(\d{{1,2}}){_TIME}")
_IN_WORDS = re.compile(r"(\d{1,2})\s*thang\s*(\d{1,2})\s*[,/]?\s*(?:nam)?\s*(\d{4}|\d{2})")
_MONTH = re.compile(rf"(?:thang|t\.?)?\s*(\d{{1,2}})(?:{_MARK}|\s*,?\s*nam\s*|\s+)(\d{{4}})")
_YEAR_THEN_MONTH = re.compile(rf"(\d{{4}}){_MARK}(\d{{1,2}})")
_QUARTER = re.compile(rf"quy\s*(?:[1-4]|i{{1,3}}|iv)(?:{_MARK}|\s*,?\s*nam\s*|\s+)(\d{{4}})")


def parse_date(value: object) -> Parsed:
    """Parse a date, to datetime.date with its precision; the first day stands for month and year.

    >>> parsed = parse_date("ngày 5 tháng 3 năm 2021")
    >>> parsed.value, parsed.precision
    (datetime.date(2021, 3, 5), 'day')
    >>> parse_date("03/2021").precision, parse_date(2021).precision, parse_date(44270).precision
    ('month', 'year', 'day')
    """
    if is_blank(value):
        return Parsed()
    if isinstance(value, datetime.datetime):
        value = value.date()
    if isinstance(value, datetime.date):
        return _from_date_cell(value)
    if isinstance(value, (int, float)) and not isinstance(value, bool):
        return _from_number(value)
    if isinstance(value, str):
        return _from_text(value)
    return failed("not_a_date", text=value)


def parse_year(value: object) -> Parsed:
    """Parse a year, to int; of a date the year is taken.

    >>> [parse_year(value).value for value in (2015, "năm 2015", "03/2015", "15")]
    [2015, 2015, 2015, 2015]
    """
    digits = value.strip() if isinstance(value, str) else value
    if isinstance(digits, str) and re.fullmatch(r"\d{2}", digits):
        digits = int(digits)
    if isinstance(digits, int) and not isinstance(digits, bool) and 0 < digits < 100:
        year = _four_digits(f"{digits:02}")
        return warned(year, "two_digit_year", "year", text=value, year=year)
    parsed = parse_date(value)
    if isinstance(parsed.value, datetime.date):
        return Parsed(parsed.value.year, parsed.problem, "year")
    if parsed.problem and parsed.problem.code == "not_a_date":
        return failed("not_a_year", text=value)
    return parsed


def _four_digits(year: str) -> int:
    number = int(year)
    if len(year) == 4:
        return number
    return number + (2000 if number < _LAST_TWO_DIGIT_YEAR else 1900)


def _from_date_cell(date: datetime.date) -> Parsed:
    if date.year == _YEAR_OF_YEARS_AS_SERIALS:
        return _year((date - _EPOCH).days, date)
    if not _FIRST_YEAR <= date.year <= _LAST_YEAR:
        return failed("year_out_of_range", text=date)
    return Parsed(date, precision="day")


def _from_number(number: int | float) -> Parsed:
    if _FIRST_SERIAL <= number < _LAST_SERIAL:
        return Parsed(_EPOCH + datetime.timedelta(days=int(number)), precision="day")
    if number == number // 1 and number > 0:
        return _from_text(str(int(number)))
    return failed("not_a_date", text=number)


def _from_text(text: str) -> Parsed:
    folded = fold(text)
    folded = re.sub(r"^ngay\b\s*", "", folded)
    if match := _DAY_FIRST.fullmatch(folded) or _IN_WORDS.fullmatch(folded):
        return _day(text, match[1], match[2], match[3])
    if match := _YEAR_FIRST.fullmatch(folded):
        return _day(text, match[3], match[2], match[1])
    if match := _QUARTER.fullmatch(folded):
        year = _year(int(match[1]), text)
        if year.problem:
            return year
        return warned(year.value, "quarter", "year", text=text, year=match[1])
    if match := _MONTH.fullmatch(folded):
        return _month(text, match[1], match[2])
    if match := _YEAR_THEN_MONTH.fullmatch(folded):
        return _month(text, match[2], match[1])
    digits = re.sub(r"^nam\s*", "", folded)
    return _digits(text, digits) if digits.isdecimal() else _not_a_date(text)


def _digits(text: str, digits: str) -> Parsed:
    if len(digits) == 4:
        return _year(int(digits), text)
    if len(digits) == 5 and _FIRST_SERIAL <= int(digits) < _LAST_SERIAL:
        return _from_number(int(digits))
    if len(digits) == 6 and int(digits[:2]) <= 12:
        return _month(text, digits[:2], digits[2:])
    if len(digits) == 8:
        day_first = _day(text, digits[:2], digits[2:4], digits[4:])
        year_first = _day(text, digits[6:], digits[4:6], digits[:4])
        if day_first.value and year_first.value and day_first.value != year_first.value:
            return warned(
                day_first.value,
                "ambiguous_date",
                "day",
                text=text,
                read=f"{day_first.value:%d/%m/%Y}",
                other=f"{year_first.value:%d/%m/%Y}",
            )
        return day_first if day_first.value else year_first
    return _not_a_date(text)


def _not_a_date(text: str) -> Parsed:
    return blank_word(text) or failed("not_a_date", text=text)


def _day(text: str, day: str, month: str, year: str) -> Parsed:
    """Build a date; a month above twelve means that the month came first, as in English."""
    full_year = _four_digits(year)
    if not _FIRST_YEAR <= full_year <= _LAST_YEAR:
        return failed("year_out_of_range", text=text)
    month_first = int(month) > 12 >= int(day)
    try:
        date = datetime.date(full_year, *map(int, (day, month) if month_first else (month, day)))
    except ValueError:
        return failed("impossible_date", text=text)
    if month_first:
        return warned(date, "month_first", "day", text=text, read=f"{date:%d/%m/%Y}")
    if len(year) == 2:
        return warned(date, "two_digit_year", "day", text=text, year=full_year)
    return Parsed(date, precision="day")


def _month(text: str, month: str, year: str) -> Parsed:
    if not _FIRST_YEAR <= int(year) <= _LAST_YEAR:
        return failed("year_out_of_range", text=text)
    if not 1 <= int(month) <= 12:
        return failed("impossible_date", text=text)
    return Parsed(datetime.date(int(year), int(month), 1), precision="month")


def _year(year: int, text: object) -> Parsed:
    if not _FIRST_YEAR <= year <= _LAST_YEAR:
        return failed("year_out_of_range", text=text)
    return Parsed(datetime.date(year, 1, 1), precision="year")
