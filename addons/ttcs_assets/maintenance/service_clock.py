"""Clocks of service contracts: when a deadline is due, and by how much it was missed.

Local times without a zone; no record is read.  A clock runs around the clock, or in the working
hours of working days (``WorkCalendar``); it stands still in pauses.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta

from odoo.addons.ttcs_base.work_calendar import WorkCalendar

Pause = tuple[datetime, datetime]
MINUTES_PER_HOUR = 60
MINUTES_PER_DAY = 24 * MINUTES_PER_HOUR
ONE_DAY = timedelta(days=1)
# A deadline lies within ten years; without end only when a calendar has no working day.
LONGEST_WAIT = 3660
# Why working hours are refused.
OVERLAP = "overlap"
BACKWARDS = "backwards"
SPAN = re.compile(r"(\d{1,2})[:hg](\d{2})\s*[-–—]\s*(\d{1,2})[:hg](\d{2})")


def parse_hours(text: str) -> tuple[tuple[int, int], ...]:
    """Working hours as minutes of the day.

    :raises ValueError: ``OVERLAP``, ``BACKWARDS``, or the text when it cannot be read

    >>> parse_hours("07:00-11:30, 13:30 – 17:00")
    ((420, 690), (810, 1020))
    >>> parse_hours("17:00-07:00")
    Traceback (most recent call last):
    ...
    ValueError: backwards
    >>> parse_hours("07:00-12:00, 11:00-17:00")
    Traceback (most recent call last):
    ...
    ValueError: overlap
    """
    spans = []
    for part in re.split(r"[,;]", text):
        found = SPAN.fullmatch(part.strip())
        if not found:
            raise ValueError(text)
        start_hour, start_minute, end_hour, end_minute = map(int, found.groups())
        start = start_hour * MINUTES_PER_HOUR + start_minute
        end = end_hour * MINUTES_PER_HOUR + end_minute
        if max(start_minute, end_minute) > 59 or max(start, end) > MINUTES_PER_DAY:
            raise ValueError(text)
        if start >= end:
            raise ValueError(BACKWARDS)
        if spans and start < spans[-1][1]:
            raise ValueError(OVERLAP)
        spans.append((start, end))
    return tuple(spans)


@dataclass(frozen=True)
class ServiceClock:
    """A clock that runs in ``hours`` (``parse_hours``) of working days, or always when None.

    >>> clock = ServiceClock(parse_hours("07:00-11:30, 13:30-17:00"))
    >>> friday = datetime(2026, 11, 20, 16, 0)
    >>> clock.due(friday, 120)
    datetime.datetime(2026, 11, 23, 8, 0)
    >>> clock.minutes_between(friday, datetime(2026, 11, 23, 8, 0))
    120
    >>> ServiceClock().due(friday, 120)
    datetime.datetime(2026, 11, 20, 18, 0)

    A pause moves the deadline by the time that it stood still:

    >>> clock.due(friday, 120, [(datetime(2026, 11, 20, 16, 30), datetime(2026, 11, 23, 7, 30))])
    datetime.datetime(2026, 11, 23, 9, 0)
    """

    hours: tuple[tuple[int, int], ...] | None = None
    calendar: WorkCalendar = WorkCalendar()

    @property
    def minutes_per_day(self) -> int:
        """How long it runs on a working day."""
        if self.hours is None:
            return MINUTES_PER_DAY
        return sum(end - start for start, end in self.hours)

    def due(self, start: datetime, minutes: int, pauses: Sequence[Pause] = ()) -> datetime:
        """The moment at which the clock has run for so many minutes since ``start``.

        :raises ValueError: when there is no working time within ten years
        """
        left = timedelta(minutes=minutes)
        for begin, end in self._running(start, pauses):
            if end - begin >= left:
                return begin + left
            left -= end - begin
        raise ValueError(f"no working time after {start}")

    def minutes_between(self, start: datetime, end: datetime, pauses: Sequence[Pause] = ()) -> int:
        """Whole minutes for which the clock ran from ``start`` to ``end``; 0 when that is no
        later.
        """
        total = timedelta()
        for begin, stop in self._running(start, pauses):
            if begin >= end:
                break
            total += min(stop, end) - begin
        return int(total.total_seconds() // 60)

    def _running(self, start: datetime, pauses: Sequence[Pause]) -> Iterator[Pause]:
        """The spans from ``start`` on in which the clock runs, in order."""
        ordered = sorted(pauses)
        for number in range(LONGEST_WAIT):
            for begin, end in self._spans(start.date() + number * ONE_DAY):
                if end > start:
                    yield from _without((max(begin, start), end), ordered)

    def _spans(self, day: date) -> Iterable[Pause]:
        midnight = datetime.combine(day, time.min)
        if self.hours is None:
            return [(midnight, midnight + ONE_DAY)]
        if not self.calendar.is_working(day):
            return []
        return [
            (midnight + timedelta(minutes=begin), midnight + timedelta(minutes=end))
            for begin, end in self.hours
        ]


def _without(span: Pause, pauses: Iterable[Pause]) -> Iterator[Pause]:
    """The parts of a span outside of ordered pauses."""
    begin, end = span
    for start, stop in pauses:
        if stop <= begin:
            continue
        if start >= end:
            break
        if start > begin:
            yield begin, start
        begin = stop
    if begin < end:
        yield begin, end


def started(minutes: int, unit: int) -> int:
    """How many units were begun.

    >>> started(0, 60), started(1, 60), started(60, 60), started(61, 60)
    (0, 1, 1, 2)
    """
    return -(-minutes // unit)
