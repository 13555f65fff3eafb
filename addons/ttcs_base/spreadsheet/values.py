"""From a cell to the value of a field: texts, choices, yes/no, telephone numbers, and the rest."""

import datetime
import re
from collections.abc import Callable, Mapping
from functools import lru_cache

from ..text.vietnamese import fold, normalize, similarity
from .amounts import is_blank, parse_decimal, parse_integer, parse_money
from .cells import CellFault
from .coordinates import parse_coordinates, parse_latitude, parse_longitude
from .dates import parse_date, parse_year
from .fields import FieldSpec
from .moments import parse_moment, parse_time
from .parsed import Parsed, failed, warned

_YES = frozenset(("co", "x", "yes", "y", "true", "1", "v", "✓", "✔", "√", "☑", "dung", "roi"))
_NO = frozenset(("khong", "ko", "k", "no", "n", "false", "0", "chua", "☐", "sai"))
_CHOICE_GUESSED_FROM = 0.6

_NUMBER_SEPARATOR = re.compile(r"\s*[/;,|]\s*|\s+-\s+|\s+(?=(?:\+84|0)\d{9}\b)")
_MOBILE = re.compile(r"0[35789]\d{8}")
_LANDLINE = re.compile(r"02\d{8,9}")
_SERVICE = re.compile(r"1[89]00\d{4,6}|1022|11[1-5]")
# Eleven-digit mobile prefixes lost a digit in September 2018.
_MOBILE_BEFORE_2018 = {
    "0120": "070",
    "0121": "079",
    "0122": "077",
    "0126": "076",
    "0128": "078",
    "0123": "083",
    "0124": "084",
    "0125": "085",
    "0127": "081",
    "0129": "082",
    "0186": "056",
    "0188": "058",
    "0199": "059",
    **{f"016{digit}": f"03{digit}" for digit in range(2, 10)},
}


def parse_text(value: object) -> Parsed:
    """Parse a text: one line, NFC; numbers as they read on the screen, dates as dd/mm/yyyy.

    >>> parse_text(1.0).value, parse_text(datetime.date(2021, 3, 5)).value
    ('1', '05/03/2021')
    """
    if value is None:
        return Parsed()
    if isinstance(value, datetime.date):
        return Parsed(f"{value:%d/%m/%Y}")
    if isinstance(value, float) and value.is_integer() and abs(value) < 1e15:
        value = int(value)
    return Parsed(normalize(str(value)) or None)


def parse_yes_or_no(value: object) -> Parsed:
    """Parse a tick or a word, to bool; a blank cell in a column of ticks is a no.

    >>> [parse_yes_or_no(value).value for value in ("x", "Có", "Không", "", None, 1)]
    [True, True, False, False, False, True]
    """
    if isinstance(value, (bool, int, float)) and value in (0, 1):
        return Parsed(bool(value))
    if is_blank(value):
        return Parsed(False)
    word = fold(str(value))
    if word in _YES or word in _NO:
        return Parsed(word in _YES)
    return failed("not_yes_or_no", text=value)


def parse_phone(value: object) -> Parsed:
    """Parse a telephone number of Vietnam, to digits with the leading 0.

    A cell that Excel took for a number has lost that 0.

    >>> [parse_phone(value).value for value in ("+84 912 345 678", 912345678, "0163.234.5678")]
    ['0912345678', '0912345678', '0332345678']
    """
    if is_blank(value):
        return Parsed()
    written = [part for part in _NUMBER_SEPARATOR.split(str(parse_text(value).value)) if part]
    numbers = [number for number in map(_phone, written) if number]
    if not numbers:
        return failed("not_a_phone", text=value)
    number, is_old = numbers[0]
    if len(written) > 1:
        return warned(number, "several_phones", text=value, read=number)
    if is_old:
        return warned(number, "old_mobile_prefix", text=value, read=number)
    return Parsed(number)


def parse_choice(value: object, choices: Mapping[str, tuple[str, ...]]) -> Parsed:
    """Parse one of ``choices`` (value: the words that mean it), to its value.

    >>> choices = {"ip": ("Loa IP", "IP"), "fm": ("Loa FM không dây", "FM")}
    >>> parse_choice("loa ip", choices).value, parse_choice("Loa FM ko dây", choices).value
    ('ip', 'fm')
    """
    if is_blank(value):
        return Parsed()
    return _read_choice(str(parse_text(value).value), tuple(choices.items()))


@lru_cache(maxsize=4096)
def _read_choice(text: str, choices: tuple[tuple[str, tuple[str, ...]], ...]) -> Parsed:
    """Read a word once for all cells of a list that hold it."""
    scores = {
        choice: max(
            1.0 if fold(text) == fold(word) else similarity(text, word)
            for word in (choice, *words)
        )
        for choice, words in choices
    }
    best = sorted(scores, key=lambda choice: -scores[choice])
    if best and scores[best[0]] == 1.0:
        return Parsed(best[0])
    distinct = len(best) == 1 or (best and scores[best[0]] > scores[best[1]])
    names = {choice: words[0] if words else choice for choice, words in choices}
    if distinct and scores[best[0]] >= _CHOICE_GUESSED_FROM:
        return warned(best[0], "choice_guessed", text=text, read=names[best[0]])
    return failed("not_a_choice", text=text, choices=", ".join(names.values()))


_PARSERS: Mapping[str, Callable[[object], Parsed]] = {
    "text": parse_text,
    "integer": parse_integer,
    "decimal": parse_decimal,
    "date": parse_date,
    "year": parse_year,
    "time": parse_time,
    "moment": parse_moment,
    "coordinates": parse_coordinates,
    "latitude": parse_latitude,
    "longitude": parse_longitude,
    "phone": parse_phone,
    "yes_or_no": parse_yes_or_no,
}


def parse(value: object, spec: FieldSpec, unit: int = 1) -> Parsed:
    """Parse a cell for a field; ``unit`` is what the column's amounts of money are counted in."""
    if isinstance(value, CellFault):
        if value.is_uncalculated:
            return failed("formula_uncalculated")
        return failed("cell_error", text=value.text)
    if spec.kind == "money":
        parsed = parse_money(value, unit)
    elif spec.kind == "choice":
        parsed = parse_choice(value, spec.choices)
    else:
        parsed = _PARSERS[spec.kind](value)
    if spec.required and parsed.value is None and not (parsed.problem and parsed.problem.is_error):
        return failed("required", field=spec.label)
    return parsed


def _phone(text: str) -> tuple[str, bool] | None:
    """Return a number as dialled today and whether it was written with an old prefix."""
    digits = re.sub(r"[\s.()\-–]", "", text)
    if digits.startswith("+84") or (digits.startswith("84") and len(digits) > 10):
        digits = "0" + digits.removeprefix("+").removeprefix("84").removeprefix("0")
    if not digits.isdecimal():
        return None
    for number in (digits, "0" + digits):
        if number[:4] in _MOBILE_BEFORE_2018 and len(number) == 11:
            return _MOBILE_BEFORE_2018[number[:4]] + number[4:], True
        if any(kind.fullmatch(number) for kind in (_MOBILE, _LANDLINE, _SERVICE)):
            return number, False
    return None
