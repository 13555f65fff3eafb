"""Straight-line depreciation (hao mòn) of public fixed assets, by calendar year.

Circular 141/2025/TT-BTC (and 23/2023/TT-BTC before it): the year's amount is original cost ×
rate, booked once a year on 31 December for the assets in use on that day, until nothing
remains.  Rates change with the regime in force in each year.
"""

from __future__ import annotations

from collections.abc import Callable
from datetime import date
from decimal import ROUND_HALF_UP, Decimal


def accumulated_depreciation(
    original_cost: int,
    in_use_from: date | None,
    as_of: date,
    rate_of_year: Callable[[int], Decimal],
) -> int:
    """Depreciation booked up to and including a date, in whole đồng.

    :param original_cost: đồng, not negative
    :param rate_of_year: yearly rate in percent for a year, 0 where none applies
    :returns: between 0 and ``original_cost``

    >>> ten_percent = lambda year: Decimal("10")
    >>> accumulated_depreciation(50_000_000, date(2021, 6, 1), date(2021, 12, 30), ten_percent)
    0
    >>> accumulated_depreciation(50_000_000, date(2021, 6, 1), date(2021, 12, 31), ten_percent)
    5000000
    >>> accumulated_depreciation(50_000_000, date(2021, 6, 1), date(2040, 1, 1), ten_percent)
    50000000
    """
    if not original_cost or in_use_from is None:
        return 0
    total = Decimal(0)
    for year in range(in_use_from.year, last_booked_year(as_of) + 1):
        total += yearly_amount(original_cost, rate_of_year(year))
        if total >= original_cost:
            return original_cost
    return int(total)


def yearly_amount(original_cost: int, rate: Decimal) -> Decimal:
    """One year's depreciation, rounded to the đồng.

    >>> yearly_amount(10_000_001, Decimal("12.5"))
    Decimal('1250000')
    """
    return (Decimal(original_cost) * rate / 100).quantize(Decimal(1), ROUND_HALF_UP)


def last_booked_year(as_of: date) -> int:
    """The last year whose depreciation has been booked on a date.

    >>> last_booked_year(date(2026, 12, 31)), last_booked_year(date(2026, 12, 30))
    (2026, 2025)
    """
    return as_of.year if (as_of.month, as_of.day) == (12, 31) else as_of.year - 1
