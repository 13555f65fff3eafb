"""Working days of the offices: five a week, less the days off, plus the days worked instead.

Pure dates; which days are off is data (``ttcs.calendar.day``), for they are announced by year.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import date, timedelta

SATURDAY = 5
ONE_DAY = timedelta(days=1)
# No run of days off is nearly as long; a longer one is a mistake in the data.
LONGEST_BREAK = 60


@dataclass(frozen=True)
class WorkCalendar:
    """Days off besides the weekends, and weekend days that are worked (làm bù).

    >>> tet = [date(2026, 2, 16) + timedelta(days=each) for each in range(5)]
    >>> calendar = WorkCalendar(frozenset(tet))
    >>> calendar.is_working(date(2026, 2, 13)), calendar.is_working(date(2026, 2, 18))
    (True, False)
    """

    days_off: frozenset[date] = field(default_factory=frozenset)
    days_worked: frozenset[date] = field(default_factory=frozenset)

    @classmethod
    def of(cls, days_off: Iterable[date], days_worked: Iterable[date]) -> WorkCalendar:
        return cls(frozenset(days_off), frozenset(days_worked))

    def is_working(self, day: date) -> bool:
        if day in self.days_worked:
            return True
        return day.weekday() < SATURDAY and day not in self.days_off

    def next_working(self, day: date) -> date:
        """The day itself, or the first working day after it.

        >>> WorkCalendar().next_working(date(2026, 8, 1))
        datetime.date(2026, 8, 3)
        """
        return self._nearest(day, ONE_DAY)

    def previous_working(self, day: date) -> date:
        """The day itself, or the last working day before it.

        >>> WorkCalendar().previous_working(date(2026, 8, 2))
        datetime.date(2026, 7, 31)
        """
        return self._nearest(day, -ONE_DAY)

    def _nearest(self, day: date, step: timedelta) -> date:
        for _each in range(LONGEST_BREAK):
            if self.is_working(day):
                return day
            day += step
        raise ValueError(f"no working day within {LONGEST_BREAK} days of {day}")
