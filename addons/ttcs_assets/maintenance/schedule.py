"""On which day work is really due: the cadence, moved by season and working days."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, timedelta

from odoo.addons.ttcs_base.work_calendar import WorkCalendar

from .cadence import Cadence

OUT_OF_SEASON = ("skip", "move")
ON_DAYS_OFF = ("keep", "next", "previous")
# Dates of so long before a window may be moved into it: out of season for most of a year.
LOOK_BACK = timedelta(days=400)


@dataclass(frozen=True)
class Season:
    """Whole months from ``first`` to ``last`` (1 to 12), over the turn of the year if need be.

    >>> dry = Season(12, 4)
    >>> dry.holds(date(2026, 1, 15)), dry.holds(date(2026, 5, 1))
    (True, False)
    """

    first: int
    last: int

    def __post_init__(self) -> None:
        if not (1 <= self.first <= 12 and 1 <= self.last <= 12):
            raise ValueError(f"no season: months {self.first} to {self.last}")

    def holds(self, day: date) -> bool:
        if self.first <= self.last:
            return self.first <= day.month <= self.last
        return day.month >= self.first or day.month <= self.last

    def next_start(self, day: date) -> date:
        """First day of the next season, for a day that is outside one.

        >>> Season(12, 4).next_start(date(2026, 6, 20))
        datetime.date(2026, 12, 1)
        """
        return date(day.year + (day.month > self.first), self.first, 1)


@dataclass(frozen=True)
class Due:
    """``nominal``: the date by cadence and season, which names the occurrence for good;
    ``day``: when it is due, which may change with the days off that a year announces."""

    nominal: date
    day: date


@dataclass(frozen=True)
class Schedule:
    """A cadence with a season and a rule for days off.

    :param out_of_season: ``skip`` leaves dates outside the season out, ``move`` puts one in
        their place on the season's first day
    :param on_days_off: ``keep``, ``next`` or ``previous`` working day
    """

    cadence: Cadence
    season: Season | None = None
    out_of_season: str = "skip"
    on_days_off: str = "keep"

    def __post_init__(self) -> None:
        if self.out_of_season not in OUT_OF_SEASON or self.on_days_off not in ON_DAYS_OFF:
            raise ValueError(f"unknown rule: {self.out_of_season}, {self.on_days_off}")

    def between(self, first: date, last: date, calendar: WorkCalendar) -> list[Due]:
        """What is due, for nominal dates from ``first`` to ``last``; days rise strictly.

        Dates that are moved to one day are one piece of work.  Which of them names it does not
        depend on the window: the same work has the same nominal date in every window.

        >>> weekly = Schedule(Cadence(date(2026, 1, 5), 1, "week"), Season(3, 3), "move")
        >>> dues = weekly.between(date(2026, 1, 1), date(2026, 3, 20), WorkCalendar())
        >>> [f"{due.day:%d/%m}" for due in dues]
        ['01/03', '02/03', '09/03', '16/03']
        """
        dues = {}
        for date_ in self.cadence.between(max(first, date.min + LOOK_BACK) - LOOK_BACK, last):
            nominal = self.in_season(date_)
            if nominal is not None and nominal <= last:
                day = self.working_day(nominal, calendar)
                # The first of those that fall on one day names it.
                dues.setdefault(day, Due(nominal, day))
        return [due for due in dues.values() if due.nominal >= first]

    def day_of(self, date_: date, calendar: WorkCalendar) -> date:
        """When work that comes up on a date is due; outside a season that skips, when the
        next one begins."""
        nominal = self.in_season(date_)
        if nominal is None:
            assert self.season
            nominal = self.season.next_start(date_)
        return self.working_day(nominal, calendar)

    def in_season(self, date_: date) -> date | None:
        """The date, moved into the season; ``None`` when it is left out."""
        if not self.season or self.season.holds(date_):
            return date_
        return self.season.next_start(date_) if self.out_of_season == "move" else None

    def working_day(self, day: date, calendar: WorkCalendar) -> date:
        if self.on_days_off == "next":
            return calendar.next_working(day)
        if self.on_days_off == "previous":
            return calendar.previous_working(day)
        return day
