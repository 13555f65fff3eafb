import doctest
from datetime import date, timedelta

from hypothesis import given
from hypothesis import strategies as st

from odoo.tests import TransactionCase, tagged

from .. import work_calendar
from ..work_calendar import WorkCalendar

DAYS = st.dates(date(2020, 1, 1), date(2035, 12, 31))


@tagged("post_install", "-at_install")
class TestWorkCalendar(TransactionCase):
    def test_doctests(self):
        result = doctest.testmod(work_calendar)
        self.assertEqual(result.failed, 0)
        self.assertGreater(result.attempted, 0)

    @given(DAYS, st.sets(DAYS, max_size=30), st.sets(DAYS, max_size=5))
    def test_nearest_working_days_skip_working_days_only(self, day, off, worked):
        calendar = WorkCalendar.of(off, worked)
        later, earlier = calendar.next_working(day), calendar.previous_working(day)
        self.assertTrue(calendar.is_working(later) and calendar.is_working(earlier))
        skipped = [day + timedelta(each) for each in range((later - day).days)]
        skipped += [day - timedelta(each) for each in range((day - earlier).days)]
        self.assertFalse([each for each in skipped if calendar.is_working(each)])

    def test_a_break_without_end_is_refused(self):
        day = date(2026, 1, 1)
        off = [day + timedelta(each) for each in range(100)]
        with self.assertRaises(ValueError):
            WorkCalendar.of(off, ()).next_working(day)

    def test_days_off_are_data_and_a_day_is_listed_once(self):
        days = self.env["ttcs.calendar.day"]
        days.search([("date", "in", ("2031-03-03", "2031-03-08"))]).unlink()
        days.create({"date": "2031-03-03", "name": "Nghỉ bù"})
        days.create({"date": "2031-03-08", "name": "Làm bù", "kind": "worked"})
        calendar = days._work_calendar()
        self.assertEqual(calendar.next_working(date(2031, 3, 3)), date(2031, 3, 4))
        self.assertTrue(calendar.is_working(date(2031, 3, 8)))
        with self.assertRaises(Exception) as refused, self.env.cr.savepoint():
            days.create({"date": "2031-03-03", "name": "Lại nghỉ"})
        self.assertIn("date_unique", str(refused.exception))

    def test_the_lunar_new_year_of_2026_is_off(self):
        calendar = self.env["ttcs.calendar.day"]._work_calendar()
        self.assertEqual(calendar.next_working(date(2026, 2, 16)), date(2026, 2, 23))
