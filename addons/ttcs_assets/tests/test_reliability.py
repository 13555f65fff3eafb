import doctest
from datetime import datetime, timedelta

from odoo.tests import BaseCase, Form, tagged

from ..maintenance import Reliability, periods, reliability
from .test_order_cost import OrderCase

DAY = 24 * 60


@tagged("post_install", "-at_install")
class TestReliabilityExamples(BaseCase):
    def test_doctests(self):
        for module in (reliability, periods):
            result = doctest.testmod(module)
            self.assertGreater(result.attempted, 0)
            self.assertEqual(result.failed, 0)


@tagged("post_install", "-at_install")
class TestReliability(OrderCase):
    """March 2026, local time: from 28/02 17:00 UTC to 31/03 17:00 UTC."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.model = cls.env["ttcs.reliability"].with_context(
            ttcs_reliability_from="2026-03-01", ttcs_reliability_to="2026-03-31"
        )
        cls.begin = datetime(2026, 2, 28, 17)
        cls.end = datetime(2026, 3, 31, 17)
        cls.assets = cls.cluster | cls.cluster_at_commune | cls.cluster_g
        cls.assets.in_use_date = "2025-08-01"
        cls.cluster.model = "TH-30"
        cls.cluster_at_commune.model = "TH-30"

    def down(self, start, minutes, asset=None, cause="fault"):
        return self.env["ttcs.downtime"].create(
            {
                "equipment_id": (asset or self.cluster).id,
                "started_at": start,
                "ended_at": start + timedelta(minutes=minutes) if minutes else False,
                "cause_id": self.env.ref(f"ttcs_assets.ttcs_downtime_cause_{cause}").id,
            }
        )

    def row(self, asset=None):
        self.env.flush_all()
        self.env.invalidate_all()
        return self.model.search([("equipment_id", "=", (asset or self.cluster).id)])

    def test_an_asset_that_never_failed(self):
        row = self.row()
        self.assertEqual(row.observed_minutes, 31 * DAY)
        self.assertEqual((row.failures, row.down_minutes), (0, 0))
        self.assertEqual(row.availability, 100)
        self.assertFalse(row.hours_between_failures)

    def test_the_figures_are_those_of_the_definitions(self):
        self.down(datetime(2026, 3, 5), 360)
        self.down(datetime(2026, 3, 9), 120)
        self.down(datetime(2026, 3, 12), 1440, cause="power")
        row = self.row()
        expected = Reliability(failures=2, down=480, excluded=1440, observed=31 * DAY)
        self.assertEqual(row.failures, expected.failures)
        self.assertEqual(row.down_minutes, expected.down)
        self.assertEqual(row.excluded_minutes, expected.excluded)
        self.assertAlmostEqual(row.availability, expected.availability, 2)
        self.assertAlmostEqual(row.hours_between_failures, expected.hours_between_failures, 1)
        self.assertAlmostEqual(row.minutes_to_restoration, expected.minutes_to_restoration, 1)

    def test_downtimes_count_as_far_as_they_lie_in_the_period(self):
        self.down(self.begin - timedelta(hours=2), 180)
        self.down(self.end - timedelta(hours=1), 600)
        self.down(datetime(2026, 2, 1), 60)
        row = self.row()
        self.assertEqual(row.down_minutes, 60 + 60)
        # The one of February had failed before the period.
        self.assertEqual(row.failures, 1)

    def test_a_downtime_that_lasts_counts_to_the_end_of_the_period(self):
        self.down(self.end - timedelta(hours=5), 0)
        self.assertEqual(self.row().down_minutes, 300)

    def test_an_asset_counts_from_its_use_to_its_disposal(self):
        self.cluster.in_use_date = "2026-03-11"
        self.cluster_at_commune.disposed_on = "2026-03-10"
        self.cluster_g.in_use_date = "2026-04-01"
        self.down(datetime(2026, 3, 10, 16), 120)
        self.assertEqual(self.row().observed_minutes, 21 * DAY)
        self.assertEqual(self.row().down_minutes, 60)
        self.assertEqual(self.row(self.cluster_at_commune).observed_minutes, 10 * DAY)
        self.assertFalse(self.row(self.cluster_g))

    def test_groups_have_the_figures_of_their_sums_not_means_of_means(self):
        self.down(datetime(2026, 3, 5), 600)
        self.down(datetime(2026, 3, 6), 60, self.cluster_at_commune)
        self.down(datetime(2026, 3, 7), 60, self.cluster_at_commune)
        self.cluster_at_commune.in_use_date = "2026-03-11"
        self.env.flush_all()
        measures = ("failures:sum", "availability:avg", "hours_between_failures:avg")
        [[model, failures, availability, hours]] = self.model._read_group(
            [("equipment_id", "in", (self.cluster | self.cluster_at_commune).ids)],
            ["model_name"],
            list(measures),
        )
        expected = Reliability(failures=1, down=600, excluded=0, observed=(31 + 21) * DAY)
        self.assertEqual((model, failures), ("TH-30", 1))
        self.assertAlmostEqual(availability, expected.availability, 2)
        self.assertAlmostEqual(hours, expected.hours_between_failures, 1)

    def test_a_row_leads_to_the_downtimes_it_counts(self):
        inside = self.down(self.begin - timedelta(hours=1), 120)
        self.down(datetime(2026, 1, 1), 60)
        action = self.row().action_open_downtimes()
        self.assertEqual(self.env["ttcs.downtime"].search(action["domain"]), inside)

    def test_the_asset_shows_its_last_twelve_months(self):
        now = self.env.cr.now()
        self.down(now.replace(microsecond=0) - timedelta(days=3), 720)
        self.env.flush_all()
        self.env.invalidate_all()
        self.assertEqual(self.cluster.year_failures, 1)
        self.assertEqual(self.cluster.year_minutes_to_restoration, 720)
        self.assertLess(self.cluster.year_availability, 100)
        self.assertGreater(self.cluster.year_availability, 99)

    def test_the_wizard_opens_the_period_asked_for(self):
        wizard = self.env["ttcs.reliability.period"].create(
            {"date_from": "2026-03-01", "date_to": "2026-03-31", "group_by": "model_name"}
        )
        context = wizard.action_show()["context"]
        model = self.env["ttcs.reliability"].with_context(**context)
        self.assertEqual(model._period(), (self.begin, self.end))
        self.assertEqual(context["group_by"], ["model_name"])

    def test_the_wizard_knows_the_periods_people_name(self):
        with Form(self.env["ttcs.reliability.period"]) as form:
            self.assertEqual(form.date_to, self.env.company._today())
            form.period = "last_year"
            year = form.date_from.year
            self.assertEqual((form.date_from.month, form.date_from.day), (1, 1))
            self.assertEqual(form.date_to, form.date_from.replace(month=12, day=31))
            form.period = "this_year"
            self.assertEqual(form.date_from.year, year + 1)
        self.assertEqual(form.record.date_to, self.env.company._today())

    def test_a_commune_sees_its_own(self):
        self.env.flush_all()
        reader = self.make_user(self.committee_g, "maintenance")
        seen = self.model.with_user(reader).search([]).equipment_id
        self.assertIn(self.cluster_g, seen)
        self.assertNotIn(self.cluster, seen)
