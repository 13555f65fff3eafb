import doctest
from datetime import date, datetime, time, timedelta

from hypothesis import given, settings
from hypothesis import strategies as st

from odoo.tests import BaseCase, tagged

from odoo.addons.ttcs_base.work_calendar import WorkCalendar

from ..maintenance import ServiceClock, parse_hours, service_clock

MINUTE = timedelta(minutes=1)
FIRST = datetime(2026, 2, 9)
HOURS = st.sampled_from(
    [None, "07:00-11:30, 13:30-17:00", "08:00-12:00", "00:00-24:00", "06:00-06:01, 22:00-23:59"]
)
MOMENTS = st.integers(0, 10 * 24 * 60).map(lambda minutes: FIRST + minutes * MINUTE)
DAYS = st.sets(st.integers(0, 20).map(lambda number: date(2026, 2, 9) + timedelta(days=number)))


@st.composite
def pauses(draw):
    """Up to three pauses, which may touch and overlap."""
    found = []
    for start in draw(st.lists(MOMENTS, max_size=3)):
        found.append((start, start + draw(st.integers(1, 3000)) * MINUTE))
    return found


def runs_in(clock, minute, halts):
    """Whether the clock runs in one minute, asked the slow way."""
    if any(start <= minute < end for start, end in halts):
        return False
    if clock.hours is None:
        return True
    of_day = minute.hour * 60 + minute.minute
    is_open = any(start <= of_day < end for start, end in clock.hours)
    return is_open and clock.calendar.is_working(minute.date())


def counted(clock, start, end, halts):
    total, minute = 0, start
    while minute < end:
        total += runs_in(clock, minute, halts)
        minute += MINUTE
    return total


@tagged("post_install", "-at_install")
class TestServiceClock(BaseCase):
    def clock(self, hours, days_off=(), days_worked=()):
        calendar = WorkCalendar.of(days_off, set(days_worked) - set(days_off))
        return ServiceClock(parse_hours(hours) if hours else None, calendar)

    def test_doctests(self):
        result = doctest.testmod(service_clock)
        self.assertGreater(result.attempted, 0)
        self.assertEqual(result.failed, 0)

    @settings(max_examples=60, deadline=None)
    @given(HOURS, DAYS, DAYS, MOMENTS, st.integers(0, 8000), pauses())
    def test_minutes_agree_with_a_count_of_every_minute(
        self, hours, days_off, days_worked, start, length, halts
    ):
        clock = self.clock(hours, days_off, days_worked)
        end = start + length * MINUTE
        self.assertEqual(
            clock.minutes_between(start, end, halts), counted(clock, start, end, halts)
        )

    @settings(max_examples=60, deadline=None)
    @given(HOURS, DAYS, MOMENTS, st.integers(1, 900), pauses())
    def test_a_deadline_is_the_end_of_its_last_minute(
        self, hours, days_off, start, minutes, halts
    ):
        if hours == "06:00-06:01, 22:00-23:59":
            minutes = min(minutes, 600)
        clock = self.clock(hours, days_off)
        due = clock.due(start, minutes, halts)
        self.assertEqual(counted(clock, start, due, halts), minutes)
        self.assertTrue(runs_in(clock, due - MINUTE, halts))

    def test_tet_and_a_worked_saturday(self):
        tet = [date(2026, 2, 16) + timedelta(days=number) for number in range(5)]
        clock = self.clock("07:00-11:30, 13:30-17:00", tet, [date(2026, 2, 14)])
        friday = datetime(2026, 2, 13, 16, 30)
        self.assertEqual(clock.due(friday, 60), datetime(2026, 2, 14, 7, 30))
        self.assertEqual(clock.due(friday, 30 + 480 + 15), datetime(2026, 2, 23, 7, 15))

    def test_hours_that_cannot_be_read(self):
        for text in ("", "7-11", "11:00-07:00", "07:00-12:00, 11:00-13:00", "07:61-08:00"):
            with self.subTest(text=text), self.assertRaises(ValueError):
                parse_hours(text)
        self.assertEqual(parse_hours("7h00 - 11h30"), ((420, 690),))

    def test_a_calendar_without_a_working_day_ends_in_a_clear_error(self):
        always_off = WorkCalendar(
            frozenset(date(2026, 1, 1) + timedelta(days=number) for number in range(4000))
        )
        clock = ServiceClock(((420, 690),), always_off)
        with self.assertRaises(ValueError):
            clock.due(datetime.combine(date(2026, 1, 1), time(8)), 10)
