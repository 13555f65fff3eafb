"""What a part or an hour costs, in whole đồng.  No record is read here."""

from __future__ import annotations

from decimal import ROUND_HALF_UP, Decimal

MINUTES_PER_HOUR = 60


def _whole(amount: Decimal) -> int:
    return int(amount.quantize(Decimal(1), ROUND_HALF_UP))


def part_amount(quantity: float, unit_price: float) -> int:
    """Quantity (two decimals) times price, rounded half up as PostgreSQL's ``round`` does.

    >>> part_amount(2, 150_000), part_amount(1.15, 30)
    (300000, 35)
    """
    # By their text: 1.15 is a little less than that as a binary number.
    return _whole(Decimal(f"{quantity:.2f}") * Decimal(f"{unit_price:.0f}"))


def labour_amount(minutes: int, hourly_rate: float) -> int:
    """Time times rate, rounded half up.

    >>> labour_amount(90, 50_000), labour_amount(1, 90)
    (75000, 2)
    """
    return _whole(minutes * Decimal(f"{hourly_rate:.0f}") / MINUTES_PER_HOUR)
