from datetime import date, timedelta

from dateutil.relativedelta import relativedelta
from psycopg2 import IntegrityError

from odoo.exceptions import AccessError
from odoo.tests import tagged
from odoo.tools import mute_logger

from .maintenance_common import MaintenanceCase


@tagged("post_install", "-at_install")
class TestMaintenanceExpansion(MaintenanceCase):
    def test_each_asset_of_the_kind_in_the_place_gets_each_date_once(self):
        rule = self.make_rule()
        self.assertEqual(self.expand(), 2 * 13)
        dates = self.due(self.cluster, rule).mapped("nominal_date")
        self.assertEqual(dates, [self.today + relativedelta(months=each) for each in range(13)])
        self.assertEqual(len(self.due(self.cluster_at_commune, rule)), 13)
        self.assertFalse(self.due(self.cluster_g))
        self.assertFalse(self.due(self.station))

    def test_a_second_run_plans_nothing(self):
        self.make_rule()
        self.expand()
        before = self.occurrences.search([]).ids
        self.assertEqual(self.expand(), 0)
        self.assertEqual(self.occurrences.search([]).ids, before)

    def test_a_longer_horizon_adds_only_what_is_new(self):
        rule = self.make_rule()
        self.expand(6)
        known = self.due(self.cluster, rule)
        self.expand(12)
        self.assertEqual(self.due(self.cluster, rule)[: len(known)], known)
        self.assertEqual(len(self.due(self.cluster, rule)), 13)

    def test_a_new_asset_joins_at_the_next_run(self):
        rule = self.make_rule()
        self.expand()
        joined = self.make_asset("cluster", self.committee_c, self.hamlet_c)
        self.assertEqual(self.expand(), 13)
        self.assertEqual(len(self.due(joined, rule)), 13)

    def test_an_asset_that_leaves_loses_what_was_planned_and_gets_it_back(self):
        rule = self.make_rule()
        self.expand()
        for leave, stay in (
            ({"life_state": "stored"}, {"life_state": "in_use"}),
            ({"active": False}, {"active": True}),
            ({"unit_id": self.hamlet_g.id}, {"unit_id": self.hamlet_c.id}),
        ):
            with self.subTest(leave=leave):
                self.cluster.write(leave)
                self.expand()
                self.assertFalse(self.due(self.cluster, rule))
                self.cluster.write(stay)
                self.assertEqual(self.expand(), 13)

    def test_what_is_past_due_is_kept_with_the_reason(self):
        rule = self.make_rule()
        self.expand()
        self.cluster.life_state = "stored"
        later = self.today + timedelta(days=40)
        with self.on(later):
            self.expand()
        left = self.due(self.cluster, rule)
        self.assertEqual(left.mapped("state"), ["skipped", "skipped"])
        self.assertTrue(all(left.mapped("reason")))

    def test_the_closest_rule_of_a_task_holds(self):
        self.cluster.model = "TH-30"
        family = self.make_rule("family", unit_id=self.province.id)
        category = self.make_rule("category")
        model = self.make_rule("model", every=2)
        asset = self.make_rule("asset", every=3)
        self.expand()
        self.assertEqual(self.due(self.cluster).rule_id, asset)
        self.assertEqual(self.due(self.cluster_at_commune).rule_id, category)
        self.assertEqual(self.due(self.cluster_g).rule_id, family)
        asset.active = False
        self.expand()
        self.assertEqual(self.due(self.cluster).rule_id, model)

    def test_the_smaller_place_holds_before_the_larger(self):
        self.make_rule(unit_id=self.province.id)
        commune = self.make_rule(unit_id=self.commune_c.id)
        self.expand()
        self.assertEqual(self.due(self.cluster).rule_id, commune)

    def test_two_tasks_do_not_replace_each_other(self):
        self.make_rule()
        other = self.task.copy({"name": "Siết cột"})
        self.make_rule("family", task_id=other.id, unit_id=self.province.id)
        self.expand()
        self.assertEqual(self.due(self.cluster).task_id, self.task | other)

    def test_a_changed_rule_plans_anew_but_keeps_what_a_person_decided(self):
        rule = self.make_rule()
        self.expand()
        postponed = self.due(self.cluster, rule)[3]
        postponed._postpone(postponed.due_date + timedelta(days=3), "Chờ vật tư")
        rule.every = 2
        self.expand()
        nominal = self.due(self.cluster, rule).mapped("nominal_date")
        expected = [self.today + relativedelta(months=each) for each in range(0, 13, 2)]
        self.assertEqual(sorted(nominal), sorted([*expected, postponed.nominal_date]))

    def test_a_day_off_announced_later_moves_what_falls_on_it(self):
        anchor = date(2031, 3, 4)  # a Tuesday
        with self.on(date(2031, 1, 2)):
            rule = self.make_rule(anchor=anchor, on_days_off="next", every=1, step="year")
            self.env["ttcs.maintenance.rule"]._expand(date(2031, 12, 31))
            occurrence = self.due(self.cluster, rule)
            self.assertEqual(occurrence.due_date, anchor)
            self.env["ttcs.calendar.day"].create({"date": anchor, "name": "Nghỉ bù"})
            self.env["ttcs.maintenance.rule"]._expand(date(2031, 12, 31))
        self.assertEqual(occurrence.due_date, date(2031, 3, 5))
        self.assertEqual(occurrence.nominal_date, anchor)

    def test_a_rule_ends(self):
        rule = self.make_rule(valid_to=self.today + timedelta(days=40))
        self.expand()
        self.assertEqual(len(self.due(self.cluster, rule)), 2)

    def test_after_completion_the_next_is_counted_from_the_day_of_the_work(self):
        rule = self.make_rule(trigger="completion", every=3)
        self.expand()
        first = self.due(self.cluster, rule)
        self.assertEqual(first.due_date, self.today)
        self.assertEqual(self.expand(), 0)
        self.open_all()
        first.request_ids._close("repaired", "Đã vệ sinh")
        following = self.due(self.cluster, rule) - first
        self.assertEqual(first.state, "done")
        self.assertEqual(following.nominal_date, self.today + relativedelta(months=3))

    def test_after_a_skipped_one_the_next_is_counted_from_its_day(self):
        rule = self.make_rule(trigger="completion", every=1)
        self.expand()
        first = self.due(self.cluster, rule)
        first._skip("Đang sửa đường")
        self.expand()
        following = self.due(self.cluster, rule) - first
        self.assertEqual(following.nominal_date, self.today + relativedelta(months=1))

    def read_meter(self, hours, days_ago=0):
        self.env["ttcs.meter.reading"].create(
            {
                "equipment_id": self.cluster.id,
                "hours": hours,
                "read_at": self.env.cr.now() - timedelta(days=days_ago),
            }
        )

    def test_by_hours_of_operation(self):
        rule = self.make_rule(
            trigger="runtime", runtime_hours=500, anchor=self.today - timedelta(60)
        )
        self.read_meter(1000, days_ago=30)
        self.read_meter(1499, days_ago=2)
        self.assertEqual(self.expand(), 0)
        self.read_meter(1500, days_ago=1)
        self.assertEqual(self.expand(), 1)
        self.assertEqual(self.expand(), 0)
        self.open_all()
        self.due(self.cluster, rule).request_ids._close("repaired", "Đã bảo dưỡng")
        with self.on(self.tomorrow):
            self.assertEqual(self.expand(), 0)
            self.read_meter(2000)
            self.assertEqual(self.expand(), 1)

    def test_an_exchanged_meter_begins_at_nothing(self):
        rule = self.make_rule(
            trigger="runtime", runtime_hours=500, anchor=self.today - timedelta(60)
        )
        self.read_meter(1000, days_ago=30)
        self.read_meter(100, days_ago=2)
        self.assertEqual(self.expand(), 0)
        self.read_meter(500)
        self.assertEqual(self.expand(), 1)
        self.assertTrue(self.due(self.cluster, rule))

    def test_by_condition_once_for_each_time_it_is_seen(self):
        rule = self.make_rule(trigger="condition", condition="degraded")
        self.assertEqual(self.expand(), 0)
        self.cluster.condition = "degraded"
        self.assertEqual(self.expand(), 1)
        self.assertEqual(self.expand(), 0)
        self.due(self.cluster, rule)._skip("Theo dõi thêm")
        self.assertEqual(self.expand(), 0)

    def test_a_rule_not_yet_in_force_asks_for_nothing(self):
        self.make_rule(trigger="condition", condition="degraded", anchor=self.tomorrow)
        self.cluster.condition = "degraded"
        self.assertEqual(self.expand(), 0)

    def test_neither_rules_nor_assets_cost_statements(self):
        self.make_rule()

        def run(count):
            self.env["maintenance.equipment"].create(
                [
                    {
                        "name": f"Cụm {number}",
                        "category_id": self.kind("cluster").id,
                        "agency_id": self.committee_c.id,
                        "unit_id": self.hamlet_c.id,
                    }
                    for number in range(count)
                ]
            )
            self.env.flush_all()
            before = self.env.cr.sql_log_count
            self.expand()
            return self.env.cr.sql_log_count - before

        run(5)
        self.assertEqual(run(5), run(70))

    def test_the_ledger_refuses_a_second_of_the_same(self):
        self.make_rule()
        self.expand()
        first = self.due(self.cluster)[0]
        with mute_logger("odoo.sql_db"), self.assertRaises(IntegrityError):
            first.copy()
            self.env.flush_all()

    def test_a_neighbour_neither_sees_what_is_due_nor_changes_the_rule(self):
        rule = self.make_rule()
        self.expand()
        manager = self.make_user(self.committee_c, "maintenance_manager")
        neighbour = self.make_user(self.committee_g, "maintenance_manager")
        due = self.due(self.cluster)
        self.assertEqual(self.seen_by(manager, due), due)
        self.assertFalse(self.seen_by(neighbour, due))
        with self.assert_refused(AccessError):
            rule.with_user(neighbour).lead_days = 3
        rule.with_user(manager).lead_days = 3
