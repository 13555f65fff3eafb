"""What a day, a number or a text cannot be, whatever it is for.

A slip of the hand ("0026" for 2026) or a program that sends anything would otherwise end in an
error of Python or PostgreSQL, or in a row that no list, calendar or sum can show.
"""

from __future__ import annotations

import math
import re
from datetime import date, datetime

# The oldest stations date from the 1950s, the longest term of a decision is 99 years.
FIRST_YEAR, LAST_YEAR = 1900, 2199
# PostgreSQL's integer, and what a double still counts one by one: in đồng, nine million billion.
MOST_INTEGER = 2**31 - 1
MOST_NUMBER = 10**15 - 1
# As Odoo writes days and moments; of other ways it reads some and fails at the rest.
_WRITTEN = re.compile(r"\d{4}-\d\d-\d\d( \d\d:\d\d(:\d\d(\.\d{1,6})?)?)?")
MOST_CHARACTERS = {"char": 2_000, "text": 100_000}


def fault_of(kind: str, value: object) -> str | None:
    """Why a value cannot be taken: ``unreadable``, ``far_day``, ``too_large``, ``fraction``,
    ``too_long`` or ``unstorable``; None when it can.

    :param kind: type of an Odoo field; kinds without a rule take everything
    :param value: as it comes from a form, an import or a program

    >>> fault_of("date", "0026-11-23")
    'far_day'
    >>> fault_of("date", "31/12/2026")
    'unreadable'
    >>> fault_of("monetary", 1e15)
    'too_large'
    >>> fault_of("monetary", 999_999_999_999_999)
    >>> fault_of("monetary", 10.5)
    'fraction'
    >>> fault_of("char", "Cụm loa ấp 3")
    """
    judge = _JUDGES.get(kind)
    return judge(kind, value) if judge and value not in (None, False) else None


def _judge_day(_kind: str, value: object) -> str | None:
    if isinstance(value, str):
        if not _WRITTEN.fullmatch(value):
            return "unreadable"
        try:
            value = datetime.fromisoformat(value)
        except ValueError:
            return "unreadable"
    if not isinstance(value, date):
        return "unreadable"
    return None if FIRST_YEAR <= value.year <= LAST_YEAR else "far_day"


def _judge_number(kind: str, value: object) -> str | None:
    try:
        number = float(value)  # type: ignore[arg-type]
    except (TypeError, ValueError):
        return "unreadable"
    except OverflowError:
        return "too_large"
    if math.isnan(number):
        return "unreadable"
    most = MOST_INTEGER if kind == "integer" else MOST_NUMBER
    if abs(number) > most:
        return "too_large"
    # Odoo would round it without a word; there is no half đồng.
    return "fraction" if kind == "monetary" and number % 1 else None


def _judge_text(kind: str, value: object) -> str | None:
    if not isinstance(value, str):
        return None
    if "\0" in value:
        return "unstorable"
    return "too_long" if len(value) > MOST_CHARACTERS[kind] else None


_JUDGES = {
    "date": _judge_day,
    "datetime": _judge_day,
    "integer": _judge_number,
    "float": _judge_number,
    "monetary": _judge_number,
    "char": _judge_text,
    "text": _judge_text,
}
