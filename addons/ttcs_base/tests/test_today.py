from datetime import date

from freezegun import freeze_time

from odoo.tests import TransactionCase, tagged


@tagged("post_install", "-at_install")
class TestToday(TransactionCase):
    """Which day it is, is asked of the company's clock and of no other."""

    def sql_today(self):
        self.env.flush_all()
        self.env.cr.execute("SELECT ttcs_today()")
        return self.env.cr.fetchone()[0]

    def test_evening_in_utc_is_tomorrow_in_vietnam(self):
        for moment, today in (
            ("2026-03-31 16:59:59", date(2026, 3, 31)),
            ("2026-03-31 17:00:00", date(2026, 4, 1)),
            ("2026-12-31 23:30:00", date(2027, 1, 1)),
        ):
            with freeze_time(moment):
                self.assertEqual(self.env.company._today(), today, moment)

    def test_company_without_a_zone_is_in_vietnam(self):
        self.env.company.partner_id.tz = False
        with freeze_time("2026-03-31 20:00:00"):
            self.assertEqual(self.env.company._today(), date(2026, 4, 1))

    def test_user_elsewhere_and_scheduled_job_have_the_same_day(self):
        with freeze_time("2026-03-31 20:00:00"):
            for zone in ("America/Los_Angeles", "UTC", False):
                company = self.env.company.with_context(tz=zone)
                self.assertEqual(company._today(), date(2026, 4, 1), zone)
            self.env.user.tz = "America/Los_Angeles"
            self.assertEqual(self.env.company._today(), date(2026, 4, 1))

    def test_database_has_the_same_day_in_every_zone(self):
        # Honolulu and Kiritimati are 24 hours apart: they never share a date.
        days = {}
        for zone in ("Pacific/Honolulu", "Asia/Ho_Chi_Minh", "Pacific/Kiritimati", False):
            self.env.company.partner_id.tz = zone
            days[zone] = self.sql_today()
            self.assertEqual(days[zone], self.env.company._today(), zone)
        self.assertEqual((days["Pacific/Kiritimati"] - days["Pacific/Honolulu"]).days, 1)
        self.assertEqual(days[False], days["Asia/Ho_Chi_Minh"])

    def test_session_zone_of_the_connection_does_not_matter(self):
        self.env.company.partner_id.tz = "Pacific/Kiritimati"
        expected = self.sql_today()
        self.env.cr.execute("SET LOCAL timezone TO 'Pacific/Honolulu'")
        self.assertEqual(self.sql_today(), expected)
