"""Numbers and amounts of money as offices write them.

Vietnamese groups digits with dots and sets decimals off with a comma; software set to English does
the reverse.  "1.234" and "1,234" can be either, which is reported unless only one reading can be
meant (an amount has no fraction of a đồng).
"""

import math
import re
from dataclasses import dataclass
from decimal import Decimal

from ..text.vietnamese import fold, normalize
from .parsed import Parsed, failed, warned

_GROUPED = (
    (re.compile(r"[1-9]\d{0,2}(?:\.\d{3})+(?:,\d+)?"), ".", ","),
    (re.compile(r"[1-9]\d{0,2}(?:,\d{3})+(?:\.\d+)?"), ",", "."),
    (re.compile(r"[1-9]\d{0,2}(?: \d{3})+(?:[.,]\d+)?"), " ", ","),
    (re.compile(r"[1-9]\d{0,2}(?:'\d{3})+(?:[.,]\d+)?"), "'", ","),
)
_PLAIN = re.compile(r"\d+(?:[.,]\d+)?(?:[eE][+-]?\d{1,2})?|[.,]\d+")
_NUMBER_AND_UNIT = re.compile(r"([-+−(]?\s?[\d.,' ]*\d(?:[eE][+-]?\d{1,2})?\)?)\s*(\D{0,20})")
_BLANK = re.compile(r"[-–—.…_/\s\u200b\ufeff]*")
_UNKNOWN = frozenset(
    ("khong", "khong co", "khong ro", "chua co", "chua ro", "chua xac dinh", "ko", "n/a", "na")
)

_MULTIPLES = {"ty": 10**9, "ti": 10**9, "trieu": 10**6, "tr": 10**6}
_MULTIPLES.update(dict.fromkeys(("nghin", "ngan", "k"), 10**3))
_CURRENCY = r"(?:vnd|dong|d|₫)"
_MULTIPLE = re.compile(r"([\d.,' ]*\d)\s*(ty|ti|trieu|tr|nghin|ngan|k)(?![a-ce-z])\.?\s*")
_REST = re.compile(rf"([\d.,' ]*\d)?\s*({_CURRENCY})?\.?")
_CURRENCY_FIRST = re.compile(rf"{_CURRENCY}\s*(?=\d)")
_LONGEST_NUMBER = 40
_LARGEST_AMOUNT = 10**15

_UNIT_OF_COLUMN = (
    (re.compile(rf"\bt[yi]\.? ?{_CURRENCY}\b"), 10**9),
    (re.compile(rf"\btrieu\b|\b(?:tr|1[.,]?000[.,]?000)\.? ?{_CURRENCY}\b"), 10**6),
    (re.compile(rf"\b(?:1[.,]?000|nghin|ngan)\.? ?{_CURRENCY}\b"), 10**3),
    (re.compile(rf"\b{_CURRENCY}\b|₫"), 1),
)


@dataclass(frozen=True)
class Number:
    """A number read from text: the Vietnamese reading and, if there is one, the other."""

    value: Decimal
    other: Decimal | None = None

    def whole(self) -> Decimal:
        """Return the reading of a count or an amount: three digits behind a mark are a group."""
        return self.value if self.other is None else max(self.value, self.other, key=abs)


def read_number(text: str) -> Number | None:
    """Read a text that holds a number and nothing else.

    >>> read_number("1.234.567,5").value, read_number("1,234,567.5").value
    (Decimal('1234567.5'), Decimal('1234567.5'))
    >>> read_number("1.234")
    Number(value=Decimal('1234'), other=Decimal('1.234'))
    >>> read_number("12.3.4") is None
    True
    """
    text = normalize(text).replace("−", "-")
    negative = text.startswith(("-", "("))
    if text.startswith("(") != text.endswith(")"):
        return None
    digits = text.strip("-+() ")
    if len(digits) > _LONGEST_NUMBER:
        return None
    readings = [
        Decimal(digits.replace(group, "").replace(mark, "."))
        for pattern, group, mark in _GROUPED
        if pattern.fullmatch(digits)
    ]
    if _PLAIN.fullmatch(digits):
        plain = Decimal(digits.replace(",", "."))
        readings.insert(0 if "," in digits else len(readings), plain)
    readings = [-reading if negative else reading for reading in readings]
    if not readings:
        return None
    return Number(*readings)


def is_blank(value: object) -> bool:
    """Tell whether a cell stands for nothing: empty, a dash, dots.

    >>> is_blank(" - "), is_blank("…"), is_blank(0)
    (True, True, False)
    """
    return value is None or (isinstance(value, str) and bool(_BLANK.fullmatch(value)))


def blank_word(value: object) -> Parsed | None:
    """Return the blank for words that say that a figure or date is not known, else None."""
    if isinstance(value, str) and fold(value) in _UNKNOWN:
        return warned(None, "taken_as_blank", text=value)
    return None


def parse_decimal(value: object) -> Parsed:
    """Parse a figure that may have a fraction, to Decimal; a unit behind it is left out.

    >>> parse_decimal("2,5").value, parse_decimal("2.5").value, parse_decimal("50 W").value
    (Decimal('2.5'), Decimal('2.5'), Decimal('50'))
    >>> str(parse_decimal("1.234").problem)
    '“1.234” was read as 1234; it may also mean 1.234.'
    """
    if is_blank(value):
        return Parsed()
    if not isinstance(value, str):
        number = _exact(value)
        return Parsed(number) if number is not None else failed("not_a_number", text=value)
    number, unit = _number_and_unit(value)
    if number is None:
        return blank_word(value) or failed("not_a_number", text=value)
    if number.other is not None:
        return warned(
            number.value, "ambiguous_number", text=value, read=number.value, other=number.other
        )
    if unit:
        return warned(number.value, "unit_left_out", text=value, read=number.value, unit=unit)
    return Parsed(number.value)


def parse_integer(value: object) -> Parsed:
    """Parse a count, to int; a unit behind it is left out.

    >>> parse_integer("12.500").value, parse_integer("04 loa").value, parse_integer(3.0).value
    (12500, 4, 3)
    >>> parse_integer("2,5").problem.code
    'not_whole'
    """
    if is_blank(value):
        return Parsed()
    unit = ""
    if isinstance(value, str):
        number, unit = _number_and_unit(value)
        exact = number.whole() if number else None
    else:
        exact = _exact(value)
    if exact is None:
        return blank_word(value) or failed("not_a_number", text=value)
    if not _is_whole(exact):
        return failed("not_whole", text=value)
    if unit:
        return warned(int(exact), "unit_left_out", text=value, read=int(exact), unit=unit)
    return Parsed(int(exact))


def parse_money(value: object, unit: int = 1) -> Parsed:
    """Parse an amount, to int đồng; ``unit`` is what the column counts in (1,000 or a million).

    Words in the cell outweigh the unit of the column.

    >>> [parse_money(text).value for text in ("12.500.000đ", "12,5 triệu", "1 tỷ 200 triệu")]
    [12500000, 12500000, 1200000000]
    >>> parse_money(12.5, unit=1_000_000).value
    12500000
    >>> parse_money("12,5").problem.code, parse_money("-500.000").problem.code
    ('fractional_dong', 'negative_amount')
    """
    if is_blank(value):
        return Parsed()
    other = None
    if isinstance(value, str):
        amount = _read_amount(value, unit)
        if amount is None:
            return blank_word(value) or failed("not_a_number", text=value)
        exact, other = amount.value, amount.other
    else:
        number = _exact(value)
        if number is None:
            return failed("not_a_number", text=value)
        exact = number * unit
    if exact < 0:
        return failed("negative_amount", text=value)
    if not _is_whole(exact):
        return failed("fractional_dong", text=value)
    if exact > _LARGEST_AMOUNT:
        return failed("amount_too_large", text=value)
    if other is not None:
        return warned(
            int(exact), "ambiguous_number", text=value, read=_dotted(exact), other=_dotted(other)
        )
    return Parsed(int(exact))


def money_unit(text: str) -> int | None:
    """Return what a heading or title says its amounts are counted in, None if it says nothing.

    >>> money_unit("Nguyên giá (triệu đồng)"), money_unit("ĐVT: 1.000 đồng"), money_unit("Ấp")
    (1000000, 1000, None)
    """
    folded = fold(text)
    return next((unit for pattern, unit in _UNIT_OF_COLUMN if pattern.search(folded)), None)


def _exact(value: object) -> Decimal | None:
    """Return a numeric cell as Decimal, None if the cell is not a number."""
    if isinstance(value, bool) or not isinstance(value, (int, float, Decimal)):
        return None
    if isinstance(value, float) and not math.isfinite(value):
        return None
    return Decimal(repr(value)) if isinstance(value, float) else Decimal(value)


def _is_whole(number: Decimal) -> bool:
    return number == number.to_integral_value()


def _number_and_unit(text: str) -> tuple[Number | None, str]:
    match = _NUMBER_AND_UNIT.fullmatch(normalize(text))
    return (read_number(match[1]), match[2].strip()) if match else (None, "")


def _dotted(amount: Decimal) -> str:
    return f"{amount.normalize():,f}".translate(str.maketrans(",.", ".,"))


def _read_amount(text: str, unit: int) -> Number | None:
    number = read_number(text)
    if number is not None:
        return _sum([(number, unit)], 1)
    folded = fold(text).replace("−", "-")
    digits = _CURRENCY_FIRST.sub("", folded.strip("-+() "), count=1)
    terms: list[tuple[Number, int]] = []
    end = 0
    while match := _MULTIPLE.match(digits, end):
        number = read_number(match[1])
        if number is None or (terms and _MULTIPLES[match[2]] >= terms[-1][1]):
            return None
        terms.append((number, _MULTIPLES[match[2]]))
        end = match.end()
    rest = _REST.fullmatch(digits, end)
    if rest is None:
        return None
    if rest[1]:
        number = read_number(rest[1])
        if number is None or (terms and not rest[2]):
            return None  # "1 tỷ 2" is 1.2 tỷ to some and nonsense to others
        terms.append((number, 1 if rest[2] or terms else unit))
    if not terms:
        return None
    sign = -1 if folded.startswith(("-", "(")) else 1
    return _sum(terms, sign)


def _sum(terms: list[tuple[Number, int]], sign: int) -> Number:
    """Add up terms of (number, factor); a lone term keeps both readings if both make đồng."""
    if len(terms) > 1 or terms[0][1] == 1:
        return Number(sign * sum(number.whole() * factor for number, factor in terms))
    number, factor = terms[0]
    other = None if number.other is None else sign * number.other * factor
    return Number(sign * number.value * factor, other)
