from datetime import datetime, timedelta

from odoo import fields
from odoo.exceptions import AccessError, UserError
from odoo.tests import tagged

from .test_order_cost import OrderCase


@tagged("post_install", "-at_install")
class TestDowntime(OrderCase):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.downtimes = cls.env["ttcs.downtime"]
        cls.power_cut = cls.env.ref("ttcs_assets.ttcs_downtime_cause_power")
        cls.morning = datetime(2026, 3, 2, 1, 0)

    def of(self, asset):
        return self.downtimes.search([("equipment_id", "=", asset.id)])

    def make(self, start, end=None, asset=None, **values):
        return self.downtimes.create(
            {
                "equipment_id": (asset or self.cluster).id,
                "started_at": start,
                "ended_at": end,
                **values,
            }
        )

    def test_a_broken_asset_is_down_from_the_report_to_the_repair(self):
        reported = fields.Datetime.now() - timedelta(hours=5)
        order = self.make_order(reported_at=reported)
        self.assertFalse(self.of(self.cluster))
        self.cluster.condition = "broken"
        downtime = self.of(self.cluster)
        self.assertEqual(downtime.request_id, order)
        self.assertEqual(downtime.started_at, order.reported_at)
        order._close("repaired", "Thay cầu chì")
        self.assertEqual(downtime.ended_at, order.closed_at)
        self.assertGreaterEqual(downtime.minutes, 300)
        self.assertEqual(order.downtime_minutes, downtime.minutes)

    def test_a_downtime_ends_when_the_work_ended(self):
        order = self.make_order(reported_at=fields.Datetime.now() - timedelta(hours=9))
        self.cluster.condition = "broken"
        ended = fields.Datetime.now() - timedelta(hours=5)
        order._close("repaired", "Thay cầu chì", ended)
        self.assertEqual(self.of(self.cluster).ended_at, ended)
        self.assertEqual(self.of(self.cluster).minutes, 240)

    def test_a_fault_reported_of_a_broken_asset_begins_its_downtime(self):
        self.cluster_g.condition = "broken"
        self.assertFalse(self.of(self.cluster_g))
        order = self.make_order(self.cluster_g)
        self.assertEqual(self.of(self.cluster_g).request_id, order)
        self.make_order(self.cluster_g)
        self.assertEqual(len(self.of(self.cluster_g)), 1)

    def test_what_cannot_be_repaired_stays_down(self):
        self.cluster.condition = "broken"
        self.order._close("not_repairable", "Cháy hết")
        self.assertFalse(self.of(self.cluster).ended_at)
        self.cluster.condition = "degraded"
        self.assertTrue(self.of(self.cluster).ended_at)

    def test_preventive_work_begins_nothing(self):
        self.cluster_g.condition = "broken"
        self.make_order(self.cluster_g, maintenance_type="preventive")
        self.assertFalse(self.of(self.cluster_g))

    def test_minutes_are_whole_and_those_of_the_time(self):
        downtime = self.make(self.morning, self.morning + timedelta(minutes=3, seconds=59))
        self.assertEqual(downtime.minutes, 3)
        downtime.ended_at = False
        self.assertEqual(downtime.minutes, 0)
        self.env.flush_all()
        name = self.refused(
            lambda: self.env.cr.execute(
                "UPDATE ttcs_downtime SET minutes = 5 WHERE id = %s", [downtime.id]
            )
        )
        self.assertEqual(name, "ttcs_downtime_minutes_counted")

    def test_two_of_one_asset_never_overlap(self):
        end = self.morning + timedelta(hours=2)
        self.make(self.morning, end)
        later = end - timedelta(minutes=1)
        name = self.refused(lambda: self.make(later, later + timedelta(hours=1)))
        self.assertEqual(name, "ttcs_downtime_one_at_a_time")
        self.make(end, end + timedelta(hours=1))
        self.make(later, end, asset=self.cluster_g)
        self.env.flush_all()

    def test_an_end_before_the_beginning_is_refused(self):
        name = self.refused(lambda: self.make(self.morning, self.morning - timedelta(minutes=1)))
        self.assertEqual(name, "ttcs_downtime_period_ordered")

    def test_nothing_is_recorded_ahead_of_time(self):
        with self.assert_refused(UserError):
            self.make(fields.Datetime.now() + timedelta(days=1))

    def test_place_and_agency_are_those_of_the_day(self):
        asset = self.make_asset(
            "cluster", self.committee_c, self.hamlet_c, in_use_date="2025-07-01"
        )
        asset._placed_on(self.as_day("2026-06-01"))
        asset.write({"agency_id": self.committee_g.id, "unit_id": self.hamlet_g.id})
        self.env.flush_all()
        before = self.make(datetime(2026, 5, 30), datetime(2026, 5, 31), asset)
        after = self.make(datetime(2026, 6, 2), datetime(2026, 6, 3), asset)
        self.assertEqual(before.agency_id, self.committee_c)
        self.assertEqual((before.unit_id, before.commune_id), (self.hamlet_c, self.commune_c))
        self.assertEqual(after.agency_id, self.committee_g)
        before.started_at = datetime(2026, 5, 29)
        after.write({"started_at": datetime(2026, 5, 31, 12), "ended_at": datetime(2026, 6, 3)})
        self.assertEqual(after.agency_id, self.committee_c)

    def as_day(self, text):
        return fields.Date.to_date(text)

    def test_what_watches_assets_may_repeat_itself(self):
        assets = self.cluster | self.cluster_g
        begun = self.downtimes._begin(assets, self.morning, self.power_cut)
        self.assertEqual(begun.equipment_id, assets)
        self.assertEqual(begun.cause_id, self.power_cut)
        self.assertFalse(self.downtimes._begin(assets, self.morning, self.power_cut))
        later = self.morning + timedelta(hours=1)
        self.assertFalse(self.downtimes._begin(assets, later))
        # A message from before the fault, come late, ends nothing.
        self.assertFalse(self.downtimes._end(assets, self.morning - timedelta(hours=1)))
        self.assertEqual(self.downtimes._end(assets, later), begun)
        self.assertEqual(begun.mapped("minutes"), [60, 60])
        self.assertFalse(self.downtimes._end(assets, later + timedelta(hours=1)))
        self.assertEqual(begun.mapped("ended_at"), [later, later])

    def test_beginning_and_ending_cost_no_query_per_asset(self):
        def run(count):
            assets = self.env["maintenance.equipment"].create(
                [
                    {
                        "name": f"Cụm {number}",
                        "category_id": self.kind("cluster").id,
                        "agency_id": self.committee_g.id,
                        "unit_id": self.hamlet_g.id,
                    }
                    for number in range(count)
                ]
            )
            self.env.flush_all()
            before = self.env.cr.sql_log_count
            self.downtimes._begin(assets, self.morning)
            self.downtimes._end(assets, self.morning + timedelta(hours=1))
            return self.env.cr.sql_log_count - before

        run(2)
        self.assertLessEqual(run(200), run(10))

    def test_who_may_write_them(self):
        mine = self.make(self.morning, self.morning + timedelta(hours=1))
        technician, manager = (
            self.technician,
            self.make_user(self.committee_c, "maintenance_manager"),
        )
        mine.with_user(technician).cause_id = self.power_cut
        with self.assert_refused(AccessError):
            mine.with_user(technician).unlink()
        with self.assert_refused(AccessError):
            self.make(self.morning, asset=self.cluster_g).with_user(technician).note = "x"
        with self.assert_refused(AccessError):
            self.downtimes.with_user(technician).create(
                {"equipment_id": self.cluster_g.id, "started_at": "2026-01-01 00:00:00"}
            )
        mine.with_user(manager).unlink()
        self.assertFalse(mine.exists())
