"""The broadcast log: planned by the schedule that a device had, played by its own word."""

from datetime import datetime, timedelta

from psycopg2 import errors

from odoo.tests import tagged
from odoo.tools import mute_logger

from .common import OrdersCase

# A Monday; programmes begin at 5:15, that is 22:15 UTC of the day before.
MONDAY = datetime(2026, 11, 16).date()
PLANNED = datetime(2026, 11, 15, 22, 15)


@tagged("post_install", "-at_install")
class TestPlayLog(OrdersCase):
    def apply(self, schedule, device, moment):
        """An order to apply it that the device carried out at a moment."""
        order = self.order("apply_schedule", devices=device, schedule_id=schedule.id)
        order.with_user(self.operator).action_submit()
        (command,) = self.commands(order)
        self.env.cr.execute(
            "ALTER TABLE ttcs_tele.command DISABLE TRIGGER command_forward;"
            "UPDATE ttcs_tele.command SET state = 'done', ended_at = %s WHERE id = %s;"
            "ALTER TABLE ttcs_tele.command ENABLE TRIGGER command_forward",
            [moment, command["id"]],
        )
        return order

    def happen(self, device, kind, reference, moment, code=None):
        self.env.cr.execute("SELECT ttcs_tele.make_partitions(%s, 1)", [moment.date()])
        self.env.cr.execute(
            "INSERT INTO ttcs_tele.event (device_id, ts, boot, seq, received_at, kind, code,"
            " reference) SELECT %s, %s, 1, COALESCE(max(seq), 0) + 1, now(), %s, %s, %s"
            " FROM ttcs_tele.event WHERE device_id = %s",
            [device.id, moment, kind, code, reference, device.id],
        )

    def play(self, device, programme, moment, minutes=30, code="done"):
        reference = f"P{programme.id}"
        self.happen(device, "play_start", reference, moment)
        self.happen(device, "play_end", reference, moment + timedelta(minutes=minutes), code)

    def log(self, day=MONDAY):
        self.env["ttcs.play.log"]._write_day(day)
        return self.env["ttcs.play.log"].search(
            [("device_id", "in", (self.near + self.far).ids), ("day", "=", day)]
        )

    def test_each_planned_programme_has_its_outcome(self):
        schedule = self.schedule()
        programme = schedule.programme_ids
        cases = [
            ("played", timedelta(seconds=20), 30, "done"),
            ("late", timedelta(minutes=9), 21, "done"),
            ("cut", timedelta(0), 12, "stopped"),
        ]
        for number, (outcome, delay, minutes, code) in enumerate(cases):
            device = self.near[0] if number == 0 else self.near[0].copy({"state": "enrolled"})
            self.apply(schedule, device, PLANNED - timedelta(days=3))
            self.play(device, programme, PLANNED + delay, minutes, code)
            self.env["ttcs.play.log"]._write_day(MONDAY)
            row = self.env["ttcs.play.log"].search([("device_id", "=", device.id)])
            self.assertEqual((row.outcome, row.minutes), (outcome, minutes))
            self.assertEqual((row.planned, row.played, row.success), (1, 1, 100))
            self.assertEqual(row.planned_at, PLANNED)

    def test_what_arrives_late_turns_a_gap_into_a_proof(self):
        schedule = self.schedule()
        self.apply(schedule, self.near[0], PLANNED - timedelta(days=3))
        row = self.log()
        self.assertEqual((row.outcome, row.success, row.equipment_id), ("missed", 0, self.cluster))
        self.play(self.near[0], schedule.programme_ids, PLANNED, 10, "stopped")
        self.assertEqual(self.log(), row)
        self.assertEqual((row.outcome, row.success, row.minutes), ("cut", 100, 10))

    def test_the_plan_is_the_schedule_that_the_device_had_by_then(self):
        first, second = self.schedule(), self.schedule()
        self.apply(first, self.near[0], PLANNED - timedelta(days=3))
        self.apply(second, self.near[0], PLANNED - timedelta(minutes=1))
        self.apply(first, self.near[1], PLANNED + timedelta(minutes=1))
        row = self.log()
        self.assertEqual((row.device_id, row.programme_id), (self.near[0], second.programme_ids))
        tuesday = self.log(MONDAY + timedelta(days=1))
        self.assertEqual(tuesday.device_id, self.near)
        self.assertFalse(self.log(MONDAY + timedelta(days=6)))  # not on Sundays

    def test_what_no_schedule_asked_for_is_told_with_its_order(self):
        order = self.order("play", devices=self.near[0], recording_id=self.recording().id)
        order.with_user(self.operator).action_submit()
        moment = PLANNED + timedelta(hours=3)
        self.happen(self.near[0], "play_start", f"O{order.id}", moment)
        self.happen(self.near[0], "play_start", "FM 98.4", moment + timedelta(hours=1))
        rows = self.log().sorted("began_at")
        self.assertEqual(rows.mapped("outcome"), ["unplanned"] * 2)
        self.assertEqual(rows[0].order_id, order)
        self.assertEqual((rows[1].reference, rows[1].ended_at), ("FM 98.4", False))
        self.happen(self.near[0], "play_end", f"O{order.id}", moment + timedelta(minutes=2))
        self.assertEqual(self.log().sorted("began_at"), rows)
        self.assertEqual(rows[0].minutes, 2)

    def test_a_programme_that_is_not_over_is_not_missed_yet(self):
        schedule = self.schedule()
        self.apply(schedule, self.near[0], PLANNED - timedelta(days=3))
        future = self.env.company._today() + timedelta(days=2)
        self.assertFalse(self.log(future))

    def test_the_log_is_read_in_reach_and_written_by_nobody(self):
        self.apply(self.schedule(), self.near[0], PLANNED - timedelta(days=3))
        row = self.log()
        self.assertEqual(self.seen_by(self.operator, row), row)
        elsewhere = self.make_user(self.committee_g, "devices")
        self.assertFalse(self.seen_by(elsewhere, row))
        for change in ("began_at = now()", "outcome = 'unplanned'", "planned_at = NULL"):
            with (
                self.subTest(change),
                self.assertRaises(errors.CheckViolation),
                mute_logger("odoo.sql_db"),
                self.env.cr.savepoint(),
            ):
                self.env.cr.execute(f"UPDATE ttcs_play_log SET {change} WHERE id = %s", [row.id])
