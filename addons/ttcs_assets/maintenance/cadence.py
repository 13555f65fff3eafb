"""How often something is due: every so many days, weeks, months or years from an anchor.

All dates are counted from the anchor and never from the date before, so that a rule of the
31st is due on the last day of every month and does not drift (31/01, 28/02, 31/03 …).
"""

from __future__ import annotations

from calendar import monthrange
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, timedelta

STEPS = ("day", "week", "month", "year")
_DAYS = {"day": 1, "week": 7}
_MONTHS = {"month": 1, "year": 12}


@dataclass(frozen=True)
class Cadence:
    """Every ``interval`` steps from ``anchor``, the anchor included.

    :raises ValueError: for an interval below 1 or an unknown step

    >>> monthly = Cadence(date(2026, 1, 31), 1, "month")
    >>> [f"{day:%d/%m}" for day in monthly.between(date(2026, 2, 1), date(2026, 4, 30))]
    ['28/02', '31/03', '30/04']
    """

    anchor: date
    interval: int
    step: str

    def __post_init__(self) -> None:
        if self.interval < 1 or self.step not in STEPS:
            raise ValueError(f"no cadence: every {self.interval} {self.step}")

    def at(self, number: int) -> date:
        """The date ``number`` intervals after the anchor, before it when negative.

        :raises OverflowError: beyond the years 1 to 9999
        """
        return shifted(self.anchor, number * self.interval, self.step)

    def after(self, day: date) -> date:
        """One interval after a day: when it is due again after work done on that day.

        >>> Cadence(date(2026, 1, 1), 6, "month").after(date(2026, 8, 31))
        datetime.date(2027, 2, 28)
        """
        return shifted(day, self.interval, self.step)

    def between(self, first: date, last: date) -> Iterator[date]:
        """The dates from ``first`` to ``last``, both included, and none before the anchor."""
        number = max(0, self._intervals_before(first))
        while (day := self.at(number)) <= last:
            if day >= first:
                yield day
            number += 1

    def _intervals_before(self, day: date) -> int:
        """So many whole intervals, at most, lie between the anchor and a day."""
        if self.step in _DAYS:
            return (day - self.anchor).days // (_DAYS[self.step] * self.interval)
        months = (day.year - self.anchor.year) * 12 + day.month - self.anchor.month
        return (months - 1) // (_MONTHS[self.step] * self.interval)


def shifted(day: date, count: int, step: str) -> date:
    """A day moved by steps; in a shorter month to its last day.

    >>> shifted(date(2024, 2, 29), 1, "year")
    datetime.date(2025, 2, 28)
    """
    if step in _DAYS:
        return day + timedelta(days=count * _DAYS[step])
    months = day.year * 12 + day.month - 1 + count * _MONTHS[step]
    year, month = divmod(months, 12)
    if not 1 <= year <= 9999:
        raise OverflowError(f"year {year}")
    return date(year, month + 1, min(day.day, monthrange(year, month + 1)[1]))
