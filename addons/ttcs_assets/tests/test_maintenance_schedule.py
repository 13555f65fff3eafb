"""The date engine against two calendars that are not ours: PostgreSQL's and dateutil's."""

import doctest
from datetime import date, timedelta

from dateutil.relativedelta import relativedelta
from hypothesis import given, settings
from hypothesis import strategies as st

from odoo.tests import TransactionCase, tagged

from odoo.addons.ttcs_base.work_calendar import WorkCalendar

from ..maintenance import cadence, schedule
from ..maintenance.cadence import STEPS, Cadence
from ..maintenance.schedule import ON_DAYS_OFF, OUT_OF_SEASON, Schedule, Season

DAYS = st.dates(date(2000, 1, 1), date(2045, 12, 31))
CADENCES = st.builds(Cadence, DAYS, st.integers(1, 40), st.sampled_from(STEPS))
MONTHS = st.integers(1, 12)
SEASONS = st.none() | st.builds(Season, MONTHS, MONTHS)
SCHEDULES = st.builds(
    Schedule, CADENCES, SEASONS, st.sampled_from(OUT_OF_SEASON), st.sampled_from(ON_DAYS_OFF)
)
CALENDARS = st.builds(WorkCalendar.of, st.sets(DAYS, max_size=40), st.sets(DAYS, max_size=5))
WINDOWS = st.tuples(DAYS, st.integers(0, 900)).map(
    lambda pair: (pair[0], pair[0] + timedelta(days=pair[1]))
)


@tagged("post_install", "-at_install")
class TestMaintenanceSchedule(TransactionCase):
    def test_doctests(self):
        for module in (cadence, schedule):
            result = doctest.testmod(module)
            self.assertEqual(result.failed, 0)
            self.assertGreater(result.attempted, 0)

    @settings(deadline=None)
    @given(CADENCES, WINDOWS)
    def test_dates_agree_with_postgresql(self, rule, window):
        self.env.cr.execute(
            f"""
            SELECT day::date FROM generate_series(0, 20000) number,
                LATERAL (SELECT %s::date + make_interval({rule.step}s => number * %s) AS day) each
            WHERE number * %s <= 20000 AND day BETWEEN %s AND %s ORDER BY 1
            """,
            [rule.anchor, rule.interval, rule.interval, *window],
        )
        expected = [day for (day,) in self.env.cr.fetchall()]
        self.assertEqual(list(rule.between(*window)), expected)

    @given(CADENCES, DAYS)
    def test_the_date_after_work_agrees_with_dateutil(self, rule, done):
        self.assertEqual(
            rule.after(done), done + relativedelta(**{f"{rule.step}s": rule.interval})
        )

    @settings(deadline=None)
    @given(SCHEDULES, WINDOWS, CALENDARS)
    def test_what_is_due_is_in_season_on_working_days_and_once(self, rule, window, calendar):
        dues = rule.between(*window, calendar)
        days = [due.day for due in dues]
        self.assertEqual(days, sorted(set(days)))
        for due in dues:
            self.assertTrue(window[0] <= due.nominal <= window[1])
            self.assertTrue(rule.season is None or rule.season.holds(due.nominal))
            self.assertTrue(rule.on_days_off == "keep" or calendar.is_working(due.day))
            between = range(1, abs((due.day - due.nominal).days))
            step = 1 if due.day > due.nominal else -1
            self.assertFalse(
                [
                    each
                    for each in between
                    if calendar.is_working(due.nominal + timedelta(days=each * step))
                ]
            )

    @settings(deadline=None)
    @given(SCHEDULES, WINDOWS, st.integers(1, 500), CALENDARS)
    def test_another_window_gives_the_same_work(self, rule, window, longer, calendar):
        """A run on a later day, or to a later horizon, repeats nothing under another name."""
        first, last = window
        wide = rule.between(
            first - timedelta(days=longer), last + timedelta(days=longer), calendar
        )
        self.assertEqual(
            [due for due in wide if first <= due.nominal <= last],
            rule.between(first, last, calendar),
        )

    def test_the_end_of_the_month_does_not_drift(self):
        monthly = Cadence(date(2026, 1, 31), 1, "month")
        days = list(monthly.between(date(2026, 1, 1), date(2026, 5, 31)))
        self.assertEqual([day.day for day in days], [31, 28, 31, 30, 31])

    def test_a_rule_of_the_29th_of_february(self):
        yearly = Cadence(date(2024, 2, 29), 1, "year")
        days = list(yearly.between(date(2025, 1, 1), date(2028, 12, 31)))
        self.assertEqual([day.day for day in days], [28, 28, 28, 29])

    def test_impossible_rules_are_refused(self):
        for wrong in (
            lambda: Cadence(date(2026, 1, 1), 0, "month"),
            lambda: Cadence(date(2026, 1, 1), 1, "fortnight"),
            lambda: Season(0, 12),
            lambda: Season(1, 13),
            lambda: Schedule(Cadence(date(2026, 1, 1), 1, "day"), on_days_off="never"),
        ):
            with self.subTest(wrong=wrong), self.assertRaises(ValueError):
                wrong()
