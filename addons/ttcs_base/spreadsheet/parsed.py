"""What became of one cell: a value, and a problem to show beside it where there is one."""

from collections.abc import Mapping
from dataclasses import dataclass, field

from .translatable import _lt

# A warning keeps the value and tells how it was read; an error leaves none.
WARNINGS = {
    "ambiguous_number": _lt("“%(text)s” was read as %(read)s; it may also mean %(other)s."),
    "unit_left_out": _lt("“%(text)s” was read as %(read)s; “%(unit)s” was left out."),
    "taken_as_blank": _lt("“%(text)s” was taken as blank."),
    "month_first": _lt("“%(text)s” was read as %(read)s, month before day."),
    "ambiguous_date": _lt("“%(text)s” was read as %(read)s; it may also mean %(other)s."),
    "two_digit_year": _lt("“%(text)s” was read as the year %(year)s."),
    "quarter": _lt("“%(text)s” is a quarter; only the year %(year)s was kept."),
    "coordinates_swapped": _lt("“%(text)s” gives the longitude first; the two were exchanged."),
    "several_phones": _lt("“%(text)s” holds several numbers; %(read)s was kept."),
    "old_mobile_prefix": _lt(
        "“%(text)s” is a mobile number of before 2018; it was changed to %(read)s."
    ),
    "choice_guessed": _lt("“%(text)s” was taken for “%(read)s”."),
}
ERRORS = {
    "required": _lt("%(field)s is missing."),
    "formula_uncalculated": _lt(
        "The formula in this cell has no stored result. Open the file in Excel and save it again."
    ),
    "cell_error": _lt("The cell shows the error %(text)s."),
    "not_a_number": _lt("“%(text)s” is not a number."),
    "not_whole": _lt("“%(text)s” is not a whole number."),
    "negative_amount": _lt("The amount %(text)s is negative."),
    "fractional_dong": _lt(
        "The amount %(text)s has a fraction of a đồng. Is the column in thousands or millions?"
    ),
    "amount_too_large": _lt("The amount %(text)s is larger than any budget."),
    "not_a_date": _lt("“%(text)s” is not a date such as 15/03/2021, 03/2021 or 2021."),
    "not_a_time": _lt("“%(text)s” is not a time of day such as 05:30 or 5h30."),
    "not_a_moment": _lt("“%(text)s” is not a day with its time such as 15/03/2021 05:30."),
    "impossible_date": _lt("There is no such day as %(text)s."),
    "year_out_of_range": _lt("The year of %(text)s is not between 1900 and 2100."),
    "not_a_year": _lt("“%(text)s” is not a year."),
    "not_coordinates": _lt("“%(text)s” is not a pair of coordinates such as 10.4593, 105.6321."),
    "not_degrees": _lt("“%(text)s” is not an angle in degrees."),
    "coordinates_outside": _lt("The place %(text)s is outside Vietnam."),
    "coordinates_projected": _lt(
        "“%(text)s” are metres on a map (VN-2000). Give latitude and longitude in degrees."
    ),
    "not_a_phone": _lt("“%(text)s” is not a telephone number."),
    "not_yes_or_no": _lt("“%(text)s” is neither yes nor no."),
    "not_a_choice": _lt("“%(text)s” is not one of: %(choices)s."),
}
_MESSAGES = {**WARNINGS, **ERRORS}


@dataclass(frozen=True)
class Problem:
    """A remark on one cell: a code, and what the placeholders of its message stand for."""

    code: str
    arguments: Mapping[str, object] = field(default_factory=dict)

    @property
    def is_error(self) -> bool:
        return self.code in ERRORS

    @property
    def message(self) -> str:
        """The English template, for translation."""
        return _MESSAGES[self.code]

    def __str__(self) -> str:
        return self.message % self.arguments


@dataclass(frozen=True)
class Parsed:
    """The value of a cell (None where blank or unreadable) and the problem with it.

    ``precision`` is "day", "month" or "year" for a date: "03/2021" is 1 March 2021 by the month.
    """

    value: object = None
    problem: Problem | None = None
    precision: str | None = None


def failed(code: str, **arguments: object) -> Parsed:
    """Return a cell without a value and the error that explains it."""
    return Parsed(None, Problem(code, arguments))


def warned(value: object, code: str, precision: str | None = None, **arguments: object) -> Parsed:
    """Return a cell's value with a warning about how it was read."""
    return Parsed(value, Problem(code, arguments), precision)
