"""Numbers, dates and document numbers as Vietnamese documents write them.

Official documents are Vietnamese whatever the user's language, so the separators are fixed
here: a point between thousands, a comma before decimals, day before month.  The zeros in
dates and document numbers follow Phụ lục I of Nghị định 30/2020/NĐ-CP.
"""

from __future__ import annotations

import datetime as dt
from decimal import ROUND_HALF_UP, Context, Decimal

# A gap that the clerical office fills in by hand; ordinary spaces would collapse.
GAP = "\N{NO-BREAK SPACE}" * 6
# More digits than the largest float has, so that rounding never runs out of them.
_EXACT = Context(prec=400, rounding=ROUND_HALF_UP)
_TO_VIETNAMESE = str.maketrans(",.", ".,")


def as_decimal(value: int | float | Decimal) -> Decimal:
    """The number a person sees in ``value``: 2.675 is 2.675, not 2.67499999….

    :raises ValueError: for infinity and "not a number"
    """
    exact = Decimal(repr(value)) if isinstance(value, float) else Decimal(value)
    if not exact.is_finite():
        raise ValueError(f"{value} is not a finite number")
    return exact


def rounded(value: int | float | Decimal, digits: int) -> Decimal:
    """Round half away from zero, as accountants do; never gives a negative zero."""
    result = as_decimal(value).quantize(Decimal(1).scaleb(-digits), context=_EXACT)
    return result or abs(result)


def format_integer(value: int) -> str:
    """
    >>> format_integer(1234567)
    '1.234.567'
    >>> format_integer(-1000)
    '-1.000'
    """
    return f"{value:,}".replace(",", ".")


def format_decimal(value: int | float | Decimal, digits: int) -> str:
    """Give exactly ``digits`` decimals.

    >>> format_decimal(12.5, 1)
    '12,5'
    >>> format_decimal(1234.005, 2)
    '1.234,01'
    >>> format_decimal(-0.04, 1)
    '0,0'
    """
    return f"{rounded(value, digits):,f}".translate(_TO_VIETNAMESE)


def format_date(day: dt.date) -> str:
    """
    >>> format_date(dt.date(2026, 1, 5))
    '05/01/2026'
    """
    return f"{day.day:02}/{day.month:02}/{day.year:04}"


def format_long_date(day: dt.date | None, year: int | None = None) -> str:
    """A date in words; without a day, gaps for the clerical office to fill in.

    Days below 10 and the months 1 and 2 take a zero (NĐ 30, Phụ lục I, II.4).

    >>> format_long_date(dt.date(2026, 1, 5))
    'ngày 05 tháng 01 năm 2026'
    >>> format_long_date(dt.date(2026, 3, 15))
    'ngày 15 tháng 3 năm 2026'
    >>> format_long_date(None, 2026).split()
    ['ngày', 'tháng', 'năm', '2026']
    """
    if day is None:
        return f"ngày{GAP}tháng{GAP}năm {year or GAP}"
    month = f"{day.month:02}" if day.month <= 2 else str(day.month)
    return f"ngày {day.day:02} tháng {month} năm {day.year}"


def format_document_number(number: str | None, symbol: str) -> str:
    """Number and symbol of a document; a number below 10 takes a zero (NĐ 30, II.3).

    >>> format_document_number("5", "BC-UBND")
    '05/BC-UBND'
    >>> format_document_number("117", "BC-UBND")
    '117/BC-UBND'
    """
    if number is None:
        return f"{GAP}/{symbol}"
    padded = number.zfill(2) if number.isdecimal() else number
    return f"{padded}/{symbol}"
