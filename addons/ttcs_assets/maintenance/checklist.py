"""What an answer to a line of a checklist is worth: its form, its limits and its verdict.

The database computes the same verdict in a CHECK of ``ttcs_checklist_answer``.
"""

from __future__ import annotations

import math
import re
from dataclasses import dataclass

YES, NO = "yes", "no"
PASSED, FAILED = "passed", "failed"
MEASURED = ("number", "meter")
# As many decimals as the database keeps, so that both compare the same figures.
DECIMALS = 3
LARGEST = 1e9
LONGEST_TEXT = 2_000


# What groups thousands in Vietnamese is read as a decimal point elsewhere: 12.500.
AMBIGUOUS = re.compile(r"[-+]?\d{1,3}([.,]\d{3})+")


class AnswerError(ValueError):
    """A value that is no answer to its line; ``reason`` is ``wrong_kind``, ``not_number``,
    ``ambiguous``, ``out_of_range``, ``too_long`` or ``empty``."""

    def __init__(self, reason: str):
        super().__init__(reason)
        self.reason = reason


@dataclass(frozen=True)
class Limits:
    """The lowest and highest figure that pass, ``None`` where there is no limit."""

    lowest: float | None = None
    highest: float | None = None


def read_value(kind: str, value: object) -> str | float | None:
    """Check what was answered against the kind of its line.

    :param kind: ``yes_no``, ``number``, ``text``, ``photo`` or ``meter``
    :returns: ``yes`` or ``no``, a rounded figure, a text, and for a photo ``None``
    :raises AnswerError: naming what is wrong

    >>> read_value("yes_no", "no"), read_value("number", 3.14159), read_value("text", " Tốt ")
    ('no', 3.142, 'Tốt')
    >>> for kind, value in (("number", float("nan")), ("meter", -1), ("yes_no", True)):
    ...     try:
    ...         read_value(kind, value)
    ...     except AnswerError as error:
    ...         print(error.reason)
    not_number
    out_of_range
    wrong_kind
    """
    if kind == "yes_no":
        if value not in (YES, NO):
            raise AnswerError("wrong_kind")
        return value
    if kind in MEASURED:
        return _figure(kind, value)
    if kind == "photo":
        if value is not None:
            raise AnswerError("wrong_kind")
        return None
    if not isinstance(value, str):
        raise AnswerError("wrong_kind")
    text = value.strip()
    if not text:
        raise AnswerError("empty")
    if len(text) > LONGEST_TEXT:
        raise AnswerError("too_long")
    return text


def _figure(kind: str, value: object) -> float:
    if isinstance(value, bool) or not isinstance(value, (int, float)):
        raise AnswerError("wrong_kind")
    try:
        figure = float(value)
    except OverflowError:
        raise AnswerError("out_of_range") from None
    if not math.isfinite(figure):
        raise AnswerError("not_number")
    # A meter of hours of operation only runs forward from nought.
    if abs(figure) >= LARGEST or (kind == "meter" and not 0 <= figure < 1e7):
        raise AnswerError("out_of_range")
    return round(figure, DECIMALS)


def verdict(
    kind: str, value: str | float | None, expected: str = YES, limits: Limits | None = None
) -> str:
    """Whether an answer that :func:`read_value` took passes.

    :param expected: the answer that passes: ``yes``, ``no`` or ``any``

    >>> verdict("yes_no", "no"), verdict("yes_no", "no", expected="any")
    ('failed', 'passed')
    >>> verdict("number", 10.5, limits=Limits(highest=10))
    'failed'
    >>> verdict("number", 10, limits=Limits(highest=10)), verdict("text", "Rỉ sét")
    ('passed', 'passed')
    """
    limits = limits or Limits()
    if kind == "yes_no":
        passes = expected == "any" or value == expected
    elif kind in MEASURED:
        passes = (limits.lowest is None or value >= round(limits.lowest, DECIMALS)) and (
            limits.highest is None or value <= round(limits.highest, DECIMALS)
        )
    else:
        passes = True
    return PASSED if passes else FAILED


def parse_figure(text: str) -> float:
    """Read a figure as people type it, with a comma or a point before the decimals.

    :raises AnswerError: when it is none, or may be a thousand times as large

    >>> parse_figure(" 3,5 "), parse_figure("-105"), parse_figure("12 500")
    (3.5, -105.0, 12500.0)
    >>> parse_figure("12.500")
    Traceback (most recent call last):
    ...
    odoo.addons.ttcs_assets.maintenance.checklist.AnswerError: ambiguous
    """
    text = re.sub(r"(?<=\d)[ \u00a0](?=\d{3}(\D|$))", "", text.strip())
    if AMBIGUOUS.fullmatch(text):
        raise AnswerError("ambiguous")
    try:
        figure = float(text.strip().replace(",", "."))
    except ValueError:
        raise AnswerError("not_number") from None
    if not math.isfinite(figure):
        raise AnswerError("not_number")
    return figure
