"""Spoken codes: eight digits painted on a pole and read out over the telephone.

Seven random digits and one check digit by Verhoeff's method (J. Verhoeff, Error Detecting
Decimal Codes, Mathematisch Centrum, 1969), which catches every single wrong digit and every
exchange of two neighbours.  Ten million codes: enough for a province, and nothing secret.

>>> parse_spoken_code("1234 5679"), parse_spoken_code("1243 5679")
('12345679', None)
"""

from __future__ import annotations

import re
import secrets
from random import Random

DIGITS = 8
SEPARATORS = re.compile(r"[\s.,·_\-\u2010-\u2015]")
LONGEST_SPELLING = 32


def _product(left: int, right: int) -> int:
    """Multiply in the symmetry group of a pentagon: 0-4 rotate it, 5-9 turn it over first."""
    turn = -right if left >= 5 else right
    return (left + turn) % 5 + 5 * ((left >= 5) != (right >= 5))


def _permuted() -> tuple[tuple[int, ...], ...]:
    """What stands for each digit at each place: powers of one permutation.

    The permutation is Verhoeff's, in cycles.  Swapped neighbours are caught because no two
    digits satisfy ``a * p(b) == b * p(a)``; the tests check that for every pair.
    """
    step = list(range(10))
    for cycle in ((0, 1, 5, 8, 9, 4, 2, 7), (3, 6)):
        for index, digit in enumerate(cycle):
            step[digit] = cycle[(index + 1) % len(cycle)]
    places = [tuple(range(10))]
    for _ in range(DIGITS - 1):
        places.append(tuple(step[digit] for digit in places[-1]))
    return tuple(places)


PRODUCT = tuple(tuple(_product(left, right) for right in range(10)) for left in range(10))
PERMUTED = _permuted()


def check_digit(digits: str) -> str:
    """The Verhoeff check digit of up to seven digits.

    >>> check_digit("236")
    '3'
    """
    remainder = _remainder(digits + "0")
    return str(PRODUCT[remainder].index(0))


def _remainder(digits: str) -> int:
    """0 exactly when the last digit is the right check digit."""
    total = 0
    for place, digit in enumerate(reversed(digits)):
        total = PRODUCT[total][PERMUTED[place][int(digit)]]
    return total


def new_spoken_code(random: Random | None = None) -> str:
    """Draw a code of eight digits; the caller keeps codes unique.

    ``random`` is for tests that must repeat; by default the system's secure source.
    """
    source = random or secrets.SystemRandom()
    digits = f"{source.randrange(10 ** (DIGITS - 1)):0{DIGITS - 1}d}"
    return digits + check_digit(digits)


def format_spoken_code(code: str) -> str:
    """Group the digits as they are printed and read out.

    >>> format_spoken_code("12345679")
    '1234 5679'
    """
    return f"{code[:4]} {code[4:]}"


def parse_spoken_code(text: str) -> str | None:
    """Give the eight digits of a code as typed or dictated, or ``None`` when it is wrong.

    Spaces, dots, commas and dashes do not count.

    >>> parse_spoken_code("12.34-56 79")
    '12345679'
    """
    if len(text) > LONGEST_SPELLING:
        return None
    digits = SEPARATORS.sub("", text)
    if len(digits) != DIGITS or not (digits.isascii() and digits.isdecimal()):
        return None
    return digits if _remainder(digits) == 0 else None
