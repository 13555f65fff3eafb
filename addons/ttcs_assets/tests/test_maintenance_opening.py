from datetime import timedelta
from unittest.mock import patch

from psycopg2 import IntegrityError

from odoo import fields
from odoo.exceptions import AccessError, UserError, ValidationError
from odoo.tests import tagged
from odoo.tools import mute_logger

from .maintenance_common import MaintenanceCase


@tagged("post_install", "-at_install")
class TestMaintenanceOpening(MaintenanceCase):
    def test_an_order_is_opened_ahead_and_says_all(self):
        technician = self.make_user(self.committee_c, "maintenance")
        self.cluster.technician_user_id = technician
        rule = self.make_rule(anchor=self.today + timedelta(days=14))
        self.expand()
        self.assertEqual(self.open_all(), 2)
        order = self.due(self.cluster, rule)[0].request_ids
        self.assertEqual(order.due_date, self.today + timedelta(days=14))
        self.assertEqual(order.user_id, technician)
        self.assertEqual(order.equipment_id, self.cluster)
        self.assertEqual(order.unit_id, self.hamlet_c)
        self.assertEqual(order.maintenance_type, "preventive")
        self.assertEqual(order.reported_by, "plan")
        self.assertAlmostEqual(order.duration, 0.5)
        self.assertFalse(order.activity_ids)
        self.assertFalse(order.message_follower_ids)

    def test_an_asset_says_when_it_is_maintained_next(self):
        self.assertFalse(self.cluster.next_maintenance_date)
        rule = self.make_rule(anchor=self.today + timedelta(days=3))
        self.expand()
        self.env.invalidate_all()
        self.assertEqual(self.cluster.next_maintenance_date, rule.anchor)
        shown = self.occurrences.search(self.cluster.action_open_maintenance_due()["domain"])
        self.assertEqual(shown, self.due(self.cluster))
        reader = self.make_user(self.committee_c, "budget")
        self.env.invalidate_all()
        self.assertEqual(self.cluster.with_user(reader).next_maintenance_date, rule.anchor)

    def test_nothing_is_opened_before_its_lead(self):
        self.make_rule(anchor=self.today + timedelta(days=15))
        self.expand()
        self.assertEqual(self.open_all(), 0)

    def test_opening_again_opens_nothing(self):
        self.make_rule()
        self.expand()
        self.assertEqual(self.open_all(), 2)
        self.assertEqual(self.open_all(), 0)

    def test_no_second_order_while_one_is_open(self):
        rule = self.make_rule()
        self.expand()
        self.open_all()
        with self.on(self.today + timedelta(days=35)):
            self.assertEqual(self.open_all(), 0)
            first = self.due(self.cluster, rule)[0]
            first.request_ids._close("repaired", "Xong")
            second = self.due(self.cluster, rule)[1]
            self.assertEqual(second.state, "planned")

    def test_what_came_due_meanwhile_is_covered_by_the_work(self):
        rule = self.make_rule(every=10, step="day")
        self.expand(3)
        self.open_all()
        first, second, third = self.due(self.cluster, rule)[:3]
        done = self.today + timedelta(days=12)
        first._complete(done)
        self.assertEqual((first.state, first.done_date), ("done", done))
        self.assertEqual((second.state, third.state), ("skipped", "planned"))
        self.assertIn(f"{done:%d/%m/%Y}", second.reason)

    def test_of_several_overdue_only_the_latest_is_opened(self):
        rule = self.make_rule()
        self.expand()
        with self.on(self.today + timedelta(days=65)):
            self.assertEqual(self.open_all(), 2)
        states = self.due(self.cluster, rule)[:4].mapped("state")
        self.assertEqual(states, ["skipped", "skipped", "opened", "planned"])

    def test_an_occurrence_was_done_on_the_day_the_work_ended(self):
        rule = self.make_rule()
        self.expand()
        self.open_all()
        first = self.due(self.cluster, rule)[0]
        order = first.request_ids
        order.reported_at = fields.Datetime.now() - timedelta(days=3)
        order._close("repaired", "Xong", fields.Datetime.now() - timedelta(days=1))
        self.assertEqual(first.done_date, self.today - timedelta(days=1))

    def test_an_order_that_is_archived_leaves_its_occurrence_out(self):
        rule = self.make_rule()
        self.expand()
        self.open_all()
        first = self.due(self.cluster, rule)[0]
        first.request_ids.archive_equipment_request()
        self.assertEqual(first.state, "skipped")
        self.assertEqual(first.decided_by_id, self.env.user)

    def test_an_order_cancelled_and_closed_at_once_was_not_done(self):
        rule = self.make_rule()
        self.expand()
        self.open_all()
        first = self.due(self.cluster, rule)[0]
        done = self.env["maintenance.stage"].search([("done", "=", True)], limit=1)
        first.request_ids.write({"archive": True, "stage_id": done.id})
        self.assertEqual(first.state, "skipped")
        self.assertFalse(first.done_date)

    def test_one_order_for_one_occurrence_whatever_writes_it(self):
        self.make_rule()
        self.expand()
        self.open_all()
        order = self.due(self.cluster)[0].request_ids
        with mute_logger("odoo.sql_db"), self.assertRaises(IntegrityError):
            order.copy({"occurrence_id": order.occurrence_id.id})
            self.env.flush_all()

    def test_two_open_at_once_are_refused_by_the_database(self):
        rule = self.make_rule()
        self.expand()
        with mute_logger("odoo.sql_db"), self.assertRaises(IntegrityError):
            self.due(self.cluster, rule)[:2].write({"state": "opened"})
            self.env.flush_all()

    def test_postponing_moves_the_day_and_keeps_the_name(self):
        rule = self.make_rule(anchor=self.today + timedelta(days=5))
        self.expand()
        occurrence = self.due(self.cluster, rule)[0]
        nominal = occurrence.nominal_date
        occurrence._postpone(self.today + timedelta(days=20), "Mưa bão")
        self.expand()
        self.assertEqual(self.open_all(), 1)
        self.assertEqual(occurrence.state, "planned")
        self.assertEqual(occurrence.nominal_date, nominal)
        self.assertEqual(occurrence.reason, "Mưa bão")

    def test_nothing_is_postponed_past_its_next_time(self):
        rule = self.make_rule(anchor=self.today + timedelta(days=5))
        self.expand()
        occurrence, following = self.due(self.cluster, rule)[:2]
        with self.assertRaises(UserError):
            occurrence._postpone(following.due_date, "Để tháng sau")
        occurrence._postpone(following.due_date - timedelta(days=1), "Mưa bão")
        last = self.due(self.cluster, rule)[-1]
        with self.assertRaises(UserError):
            last._postpone(last.nominal_date + timedelta(days=400), "Sang năm")

    def test_what_was_left_out_by_mistake_is_taken_back(self):
        rule = self.make_rule(anchor=self.today + timedelta(days=5))
        self.expand()
        occurrence = self.due(self.cluster, rule)[0]
        occurrence._skip("Nhầm cụm")
        wizard = self.env["ttcs.maintenance.postpone"].create(
            {
                "occurrence_ids": occurrence.ids,
                "decision": "take_back",
                "reason": "Bỏ qua nhầm",
            }
        )
        wizard.action_confirm()
        self.assertEqual((occurrence.state, occurrence.reason), ("planned", "Bỏ qua nhầm"))
        with self.assertRaises(UserError):
            occurrence._take_back("Lần nữa")

    def test_a_decision_about_nothing_is_refused(self):
        wizard = self.env["ttcs.maintenance.postpone"].create(
            {"decision": "skip", "reason": "Không có gì"}
        )
        with self.assertRaises(UserError):
            wizard.action_confirm()

    def test_a_rule_says_when_it_covers_nothing_or_stands_twice(self):
        rule = self.make_rule()
        self.assertFalse(rule.advice)
        twin = self.make_rule()
        self.assertIn(rule.display_name, twin.advice)
        self.assertTrue(self.make_rule("model", model_name="KHÔNG-CÓ").advice)

    def test_a_rule_for_a_place_that_ended_is_refused(self):
        began = self.commune_c.valid_from
        ended = self.make_unit(
            "Hòa An", "hamlet", self.commune_c, valid_from=began, valid_to=self.yesterday
        )
        with self.assertRaises(ValidationError):
            self.make_rule(unit_id=ended.id)

    def test_who_may_decide_and_what_is_refused(self):
        rule = self.make_rule()
        self.expand()
        manager = self.make_user(self.committee_c, "maintenance_manager")
        technician = self.make_user(self.committee_c, "maintenance")
        occurrence = self.due(self.cluster, rule)[1]
        with self.assert_refused(AccessError):
            occurrence.with_user(technician)._skip("Không muốn làm")
        with self.assert_refused(AccessError):
            occurrence.with_user(manager).write({"state": "done", "done_date": self.today})
        with self.assert_refused(UserError):
            occurrence.with_user(manager)._postpone(self.yesterday, "Trễ")
        self.open_all()
        opened = self.due(self.cluster, rule)[0]
        with self.assert_refused(UserError):
            opened.with_user(manager)._skip("Đã mở phiếu")
        wizard = self.env["ttcs.maintenance.postpone"].with_user(manager)
        with self.assert_refused(UserError):
            wizard.create({"occurrence_ids": occurrence.ids, "decision": "skip", "reason": "  "})
        wizard = wizard.create(
            {"occurrence_ids": occurrence.ids, "decision": "skip", "reason": "Trùng"}
        )
        other = self.make_user(self.committee_c, "maintenance_manager")
        with self.assert_refused(AccessError):
            wizard.with_user(other).reason = "Tôi nghĩ khác"
        wizard.reason = "Đã thay mới cụm loa"
        wizard.action_confirm()
        self.assertEqual(occurrence.state, "skipped")
        self.assertEqual(occurrence.decided_by_id, manager)

    def test_a_meter_reading_stays_as_it_was_read(self):
        reading = self.env["ttcs.meter.reading"].create(
            {"equipment_id": self.cluster.id, "hours": 10}
        )
        with mute_logger("odoo.sql_db"), self.assertRaises(IntegrityError):
            reading.hours = 5
            self.env.flush_all()

    def test_a_run_shows_what_it_did(self):
        self.make_rule()
        run = self.env["ttcs.maintenance.run"].create({})
        while run._step():
            pass
        self.assertEqual(run.state, "done")
        self.assertGreaterEqual(run.planned_count, 26)
        self.assertEqual(run.opened_count, run.to_open_count)
        self.assertEqual(run.progress, 100)

    def test_a_run_that_cannot_go_on_says_why_and_the_next_one_does(self):
        self.make_rule()
        missing = {"maintenance_request": ["its_guarantee"]}
        run = self.env["ttcs.maintenance.run"].create({})
        with (
            patch.object(self.registry, "ttcs_missing_invariants", missing),
            self.assertLogs("odoo.addons.ttcs_assets.models.ttcs_maintenance_run", "ERROR"),
        ):
            self.assertFalse(run._step())
        self.assertEqual(run.state, "failed")
        self.assertTrue(run.ended_at)
        self.assertIn("its_guarantee", run.message)
        run._work_step()
        self.assertFalse(run.opened_count)
        following = self.env["ttcs.maintenance.run"].create({})
        while following._step():
            pass
        self.assertEqual(following.opened_count, 2)

    def test_only_the_duty_starts_a_run(self):
        runs = self.env["ttcs.maintenance.run"]
        technician = self.make_user(self.committee_c, "maintenance")
        with self.assert_refused(AccessError):
            runs.with_user(technician).action_start()
        manager = self.make_user(self.committee_c, "maintenance_manager")
        action = runs.with_user(manager).action_start()
        run = runs.browse(action["res_id"])
        self.assertEqual(run.started_by_id, manager)
        self.make_rule()
        while run.state == "running":
            run._work_step()
        self.assertEqual(run.opened_count, 2)

    def test_opening_costs_no_statement_per_order(self):
        self.make_rule(unit_id=self.province.id)

        def run(count):
            self.env["maintenance.equipment"].create(
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
            self.expand(1)
            self.env.flush_all()
            self.env.invalidate_all()
            before = self.env.cr.sql_log_count
            self.open_all()
            return self.env.cr.sql_log_count - before

        run(5)
        few, many = run(10), run(300)
        self.assertLessEqual(many, few + 6)
