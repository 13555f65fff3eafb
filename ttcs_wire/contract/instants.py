"""Time on the wire: whole milliseconds since 1970 in UTC, or since the device started.

A device without a clock counts milliseconds since it started (``up``).  The bridge then keeps, for
each start, the moment it stands for, so that a sample has the same time however often it comes.
In the database an instant is a ``timestamp`` without zone in UTC, as Odoo keeps it.
"""

from __future__ import annotations

from datetime import datetime, timedelta

# A clock further ahead than this is wrong; what it says is set apart, not kept as the future.
CLOCK_AHEAD = timedelta(minutes=5)
# Raw samples are kept for thirty days; an older one has no table to go to.
OLDEST_SAMPLE = timedelta(days=30)
EPOCH = datetime(1970, 1, 1)
LARGEST = 4_102_444_800_000  # the year 2100


class Refused(ValueError):
    """A message that is set apart; ``reason`` is one of the words counted in quarantine."""

    def __init__(self, reason: str) -> None:
        super().__init__(reason)
        self.reason = reason


def from_milliseconds(value: int) -> datetime:
    """An instant of the wire, as the database keeps it.

    >>> from_milliseconds(1_790_000_000_250)
    datetime.datetime(2026, 9, 21, 14, 13, 20, 250000)
    """
    return EPOCH + timedelta(milliseconds=value)


def to_milliseconds(moment: datetime) -> int:
    """The wire's form of an instant in UTC without zone.

    >>> to_milliseconds(datetime(2026, 9, 21, 14, 13, 20, 250000))
    1790000000250
    """
    return (moment - EPOCH) // timedelta(milliseconds=1)


def plausible(moment: datetime, received: datetime) -> datetime:
    """The instant itself, if a sample received now can have it.

    >>> plausible(datetime(2026, 1, 1), datetime(2026, 1, 2))
    datetime.datetime(2026, 1, 1, 0, 0)
    >>> plausible(datetime(2026, 1, 3), datetime(2026, 1, 2))
    Traceback (most recent call last):
    ...
    ttcs_wire.contract.instants.Refused: future
    >>> plausible(datetime(1970, 1, 1), datetime(2026, 1, 2))
    Traceback (most recent call last):
    ...
    ttcs_wire.contract.instants.Refused: too-old
    """
    if moment > received + CLOCK_AHEAD:
        raise Refused("future")
    if moment < received - OLDEST_SAMPLE:
        raise Refused("too-old")
    return moment
