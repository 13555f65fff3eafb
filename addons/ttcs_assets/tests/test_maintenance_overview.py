from datetime import datetime, timedelta

from dateutil.relativedelta import relativedelta

from odoo import fields
from odoo.tests import tagged

from .maintenance_common import MaintenanceCase


@tagged("post_install", "-at_install")
class TestMaintenanceOverview(MaintenanceCase):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.leader = cls.make_user(cls.department, "leader")
        cls.manager_g = cls.make_user(cls.committee_g, "maintenance_manager")
        cls.cluster.write({"model": "OVERVIEW-1", "in_use_date": cls.today - timedelta(days=900)})

    def overview(self, user=None, **options):
        return (
            self.env["ttcs.maintenance.overview"]
            .with_user(user or self.leader)
            .get_overview(**options)
        )

    def fault(self, asset=None, days_ago=0, **values):
        moment = datetime.combine(self.today - timedelta(days=days_ago), datetime.min.time())
        return self.env["maintenance.request"].create(
            {
                "name": "Loa rè",
                "equipment_id": (asset or self.cluster).id,
                "maintenance_type": "corrective",
                "reported_at": min(moment + timedelta(hours=5), fields.Datetime.now()),
                **values,
            }
        )

    def row_of(self, found, name="OVERVIEW-1"):
        return next((row for row in found["failures"]["rows"] if row["name"] == name), None)

    def test_late_orders_count_for_their_commune_and_kind_of_work(self):
        late = self.today - timedelta(days=4)
        self.fault(days_ago=9, due_date=late)
        self.fault(days_ago=9, due_date=late, maintenance_type="preventive")
        self.fault(days_ago=9, due_date=late, archive=True)
        self.fault(due_date=self.today)
        found = self.overview()["overdue"]["rows"]
        row = next(row for row in found if row["id"] == self.commune_c.id)
        self.assertEqual((row["corrective"], row["preventive"]), (1, 1))
        self.assertEqual(row["oldest_days"], 4)

    def test_a_commune_sees_its_own_alone(self):
        self.fault(days_ago=9, due_date=self.today - timedelta(days=4))
        found = self.overview(self.manager_g)
        self.assertFalse(found["overdue"]["rows"])
        self.assertIsNone(self.row_of(found))
        self.assertEqual([unit for unit, _name in found["communes"]], [self.commune_g.id])
        self.assertEqual(found["tiles"]["open"], 0)

    def test_a_failure_counts_at_the_age_that_the_device_had(self):
        self.fault(days_ago=10)
        self.fault(days_ago=2, result="no_fault")
        row = self.row_of(self.overview(months=36))
        self.assertEqual([cell["failures"] for cell in row["cells"]], [0, 1, 0, 0, 0, 0])
        # 900 days in service: all of them within three years, a year of them its first.
        self.assertEqual(row["failures"], 1)
        self.assertAlmostEqual(row["cells"][0]["years"], 1.0, delta=0.02)
        self.assertAlmostEqual(row["years"], 901 / 365.25, delta=0.02)

    def test_service_ends_with_the_disposal_and_begins_with_the_period(self):
        self.fault(days_ago=10)
        self.cluster.disposed_on = self.today - timedelta(days=5)
        row = self.row_of(self.overview(months=3))
        since = self.today.replace(day=1) - relativedelta(months=2)
        days = (self.today - timedelta(days=5) - since).days + 1
        self.assertAlmostEqual(row["years"], days / 365.25, delta=0.02)

    def test_a_device_of_unknown_age_is_told_apart(self):
        self.cluster.in_use_date = False
        self.fault(days_ago=1)
        row = self.row_of(self.overview())
        self.assertEqual(row["cells"][-1]["failures"], 1)
        self.assertGreater(row["cells"][-1]["years"], 0)

    def test_months_say_what_came_what_went_and_what_was_left(self):
        before = self.overview()["flow"]
        first = self.today.replace(day=1)
        days = (self.today - (first - relativedelta(months=2))).days
        order = self.fault(days_ago=days)
        done = self.env["maintenance.stage"].search([("done", "=", True)], limit=1)
        closed_at = datetime.combine(first, datetime.min.time())
        order.write({"stage_id": done.id, "closed_at": closed_at, "result": "repaired"})
        after = self.overview()["flow"]
        self.assertEqual(len(after), 12)

        def gained(index, key):
            return after[index][key] - before[index][key]

        self.assertEqual([gained(-3, key) for key in ("reported", "closed", "open")], [1, 0, 1])
        self.assertEqual([gained(-2, key) for key in ("reported", "closed", "open")], [0, 0, 1])
        self.assertEqual([gained(-1, key) for key in ("reported", "closed", "open")], [0, 1, 0])

    def test_costs_count_in_the_month_in_which_the_work_ended(self):
        for paid_by, is_done in (("own", True), ("contract", True), ("own", False)):
            order = self.fault(days_ago=3, other_cost=300000, paid_by=paid_by)
            order.part_ids = [(0, 0, {"name": "Củ loa", "quantity": 2, "unit_price": 100000})]
            if is_done:
                order._close("repaired", "Thay củ loa")
        costs = self.overview(commune_id=self.commune_c.id)["costs"]
        self.assertEqual(len(costs), 12)
        month = f"{self.today.replace(day=1):%Y-%m-%d}"
        expected = {"parts": 400000, "labour": 0, "other": 600000, "own": 500000}
        self.assertEqual(costs[-1], {"month": month, **expected})
        self.assertFalse(any(row["parts"] for row in costs[:-1]))

    def test_filters_narrow_every_figure(self):
        self.fault(days_ago=9, due_date=self.today - timedelta(days=4))
        found = self.overview(family="board")
        self.assertIsNone(self.row_of(found))
        self.assertFalse([r for r in found["overdue"]["rows"] if r["id"] == self.commune_c.id])
        self.assertTrue(self.row_of(self.overview(commune_id=self.commune_c.id)))
        self.assertIsNone(self.row_of(self.overview(commune_id=self.commune_g.id)))

    def test_the_typical_repair_is_the_median_of_the_period(self):
        for hours in (2, 4, 400):
            order = self.fault(days_ago=30)
            order._close("repaired", "Thay nguồn", order.reported_at + timedelta(hours=hours))
        tiles = self.overview(commune_id=self.commune_c.id)["tiles"]
        self.assertEqual(tiles["repair_hours"], 4.0)

    def test_broken_are_whole_assets_as_on_the_page_of_the_day(self):
        horn = self.make_asset("horn", self.committee_c, self.hamlet_c, condition="broken")
        self.assertEqual(horn.family, "component")
        here = {"commune_id": self.commune_c.id}
        whole = self.overview(**here)["tiles"]["broken"]
        self.cluster.condition = "broken"
        self.assertEqual(self.overview(**here)["tiles"]["broken"], whole + 1)
        parts = self.overview(family="component", **here)["tiles"]["broken"]
        self.assertGreaterEqual(parts, 1)

    def test_the_size_of_the_province_does_not_change_the_statements(self):
        def read(count):
            for _each in range(count - self.made):
                self.fault(days_ago=3)
            self.made = count
            self.env.flush_all()
            self.env.invalidate_all()
            before = self.env.cr.sql_log_count
            self.overview()
            return self.env.cr.sql_log_count - before

        self.made = 0
        read(1)
        few, many = read(2), read(40)
        self.assertLessEqual(many, few)
        self.assertLess(many, 25)
