"""Alarms: raised once, cleared by the device, handled by people; outages, orders, availability."""

from datetime import timedelta

from psycopg2 import IntegrityError, errors

from odoo import fields
from odoo.exceptions import AccessError, UserError
from odoo.tests import tagged
from odoo.tools import mute_logger

from .common import OrdersCase


class AlarmCase(OrdersCase):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.env["ttcs.alarm.rule"].search([]).active = False
        cls.now = fields.Datetime.now()

    def rule(self, **values):
        return self.env["ttcs.alarm.rule"].create(
            {"name": f"Luật {values}", "severity": "major", **values}
        )

    def ago(self, **time):
        return self.now - timedelta(**time)

    def tell(self, device, **values):
        """What the bridge holds of a device now, whatever it held before."""
        self.env.flush_all()
        self.env.cr.execute("DELETE FROM ttcs_tele.last WHERE device_id = %s", [device.id])
        self.hear(device, **{"seen_at": self.now, "ts": self.now, **values})

    def samples(self, device, *faults):
        """Samples a minute apart, the newest last."""
        for number, codes in enumerate(faults):
            self.env.cr.execute(
                "INSERT INTO ttcs_tele.sample (device_id, ts, boot, seq, received_at, faults)"
                " VALUES (%s, %s, 1, %s, now(), %s)",
                [device.id, self.ago(minutes=len(faults) - number), number + 1, codes],
            )

    def watch(self):
        self.env["ttcs.alarm.watch"]._cron_watch()
        self.env.invalidate_all()
        return self.alarms()

    def alarms(self, *domain):
        return self.env["ttcs.alarm"].search(
            [("device_id", "in", (self.near + self.far + self.spare).ids), *domain]
        )

    def pass_time(self, minutes):
        """Let what is gone have been gone for so long."""
        self.env.cr.execute(
            "UPDATE ttcs_alarm_watch SET gone_since = gone_since - make_interval(mins => %s)",
            [minutes],
        )


@tagged("post_install", "-at_install")
class TestAlarm(AlarmCase):
    def test_a_fault_in_three_of_five_samples_raises_one_alarm(self):
        self.rule(fault="horn", times=3, of_last=5)
        device = self.near[0]
        self.tell(device, faults=["horn"])
        self.samples(device, ["horn"], [], ["horn"], [], [])
        self.assertFalse(self.watch())
        self.samples_again(device, ["horn"], [], ["horn"], [], ["horn"])
        alarm = self.watch()
        self.assertEqual((alarm.device_id, alarm.equipment_id), (device, device.equipment_id))
        self.assertEqual(alarm.commune_id, self.commune_c)
        self.assertEqual(self.watch(), alarm)

    def samples_again(self, device, *faults):
        self.env.cr.execute("DELETE FROM ttcs_tele.sample WHERE device_id = %s", [device.id])
        self.samples(device, *faults)

    def test_silence_is_told_after_its_time_and_counted_from_its_beginning(self):
        self.rule(condition="silent", hold_minutes=10, purpose="receiver")
        self.tell(self.near[0], online=False, seen_at=self.ago(minutes=9))
        self.tell(self.near[1], online=False, seen_at=self.ago(minutes=11))
        self.tell(self.far, online=True, seen_at=self.ago(minutes=50))
        alarm = self.watch()
        self.assertEqual(alarm.device_id, self.near[1])
        self.assertEqual(alarm.began_at, self.ago(minutes=11))
        self.assertEqual(alarm.minutes, 11)

    def test_a_device_that_was_never_heard_is_silent_since_its_enrolment(self):
        self.rule(condition="silent", hold_minutes=10)
        self.near[0].enrolled_at = self.ago(minutes=20)
        (self.near[1] + self.far).enrolled_at = self.now
        self.assertEqual(self.watch().device_id, self.near[0])

    def test_a_figure_that_wavers_about_its_limit_raises_one_alarm(self):
        rule = self.rule(
            condition="above", measure="temperature", raise_at=75, clear_at=65, clear_minutes=5
        )
        device = self.near[0]
        alarms = []
        for degrees in (76, 74, 76, 66, 80):
            self.tell(device, temperature=degrees)
            alarms.append(self.watch())
        self.assertEqual(len(set(alarms)), 1)
        self.assertFalse(alarms[0].cleared_at)
        self.tell(device, temperature=64)
        self.assertFalse(self.watch().cleared_at)
        self.pass_time(6)
        alarm = self.watch()
        self.assertTrue(alarm.cleared_at)
        self.assertEqual((alarm.cleared_because, alarm.state), ("gone", "cleared"))
        self.tell(device, temperature=70)
        self.assertEqual(self.watch(), alarm)
        self.tell(device, temperature=76)
        self.assertEqual(len(self.watch()), 2)
        self.assertEqual(rule.alarm_count, 1)

    def test_a_figure_must_stay_beyond_its_limit_for_its_time(self):
        self.rule(condition="below", measure="battery", raise_at=11, clear_at=12, hold_minutes=10)
        device = self.near[0]
        self.tell(device, battery=10.5)
        self.assertFalse(self.watch())
        self.tell(device, battery=12.5)
        self.watch()
        self.tell(device, battery=10.5, ts=self.ago(minutes=11))
        self.assertEqual(self.watch().device_id, device)

    def test_the_last_word_of_a_silent_device_neither_raises_nor_clears(self):
        self.rule(fault="horn", clear_minutes=0)
        self.tell(self.near[0], faults=["horn"])
        self.tell(self.near[1], faults=["horn"], online=False)
        alarm = self.watch()
        self.assertEqual(alarm.device_id, self.near[0])
        self.tell(self.near[0], faults=[], online=False)
        self.assertFalse(self.watch().cleared_at)
        self.tell(self.near[0], faults=[])
        self.assertTrue(self.watch().cleared_at)

    def test_what_is_watched_no_more_is_over(self):
        horn, amplifier = self.rule(fault="horn"), self.rule(fault="amplifier")
        self.tell(self.near[0], faults=["horn", "amplifier"])
        self.tell(self.near[1], faults=["horn"])
        self.watch()
        amplifier.active = False
        self.env.flush_all()
        self.near[1]._shut_out("Mất")
        alarms = self.watch()
        reasons = {(alarm.device_id, alarm.rule_id): alarm.cleared_because for alarm in alarms}
        self.assertEqual(
            reasons,
            {
                (self.near[0], horn): False,
                (self.near[0], amplifier): "rule",
                (self.near[1], horn): "device",
            },
        )

    # People -----------------------------------------------------------------------------------

    def raised(self, **values):
        self.rule(fault="horn", **values)
        self.tell(self.near[0], faults=["horn"])
        return self.watch()

    def test_who_saw_it_first_is_noted_and_who_takes_it_is_in_charge(self):
        alarm = self.raised()
        self.assertEqual(alarm.state, "new")
        alarm.with_user(self.operator).action_acknowledge()
        alarm.with_user(self.manager).action_take()
        self.assertEqual(alarm.acknowledged_by_id, self.operator)
        self.assertEqual((alarm.user_id, alarm.state), (self.manager, "acknowledged"))
        dialog = self.env["ttcs.alarm.assign"].with_user(self.operator)
        dialog = dialog.create({"alarm_ids": alarm.ids, "user_id": self.technician.id})
        dialog.action_confirm()
        self.assertEqual(alarm.user_id, self.technician)
        with self.assert_refused(AccessError):
            dialog.with_user(self.manager).read(["user_id"])

    def test_only_operators_in_reach_handle_alarms(self):
        alarm = self.raised()
        elsewhere = self.make_user(self.committee_g, "devices_manager")
        for user in (elsewhere, self.technician):
            with self.assert_refused(AccessError):
                alarm.with_user(user).action_acknowledge()
        self.assertEqual(self.seen_by(self.technician, alarm), alarm)
        self.assertFalse(self.seen_by(elsewhere, alarm))
        for values in ({"acknowledged_by_id": self.operator.id}, {"cleared_at": self.now}):
            with self.assert_refused(UserError):
                alarm.with_user(self.operator).write(values)

    def test_the_database_keeps_what_raised_it_and_that_it_is_over(self):
        alarm = self.raised()
        alarm.with_user(self.operator).action_acknowledge()
        self.near[0].write({"state": "shut_out", "reason": "Mất"})
        self.assertTrue(self.watch().cleared_at)
        for change in (
            "cleared_at = NULL, cleared_because = NULL",
            f"acknowledged_by_id = {self.manager.id}",
            "began_at = '2020-01-01'",
            f"device_id = {self.far.id}",
        ):
            with (
                self.subTest(change),
                self.assertRaises(errors.CheckViolation),
                mute_logger("odoo.sql_db"),
                self.env.cr.savepoint(),
            ):
                self.env.cr.execute(f"UPDATE ttcs_alarm SET {change} WHERE id = %s", [alarm.id])
        with self.assert_refused(errors.CheckViolation), mute_logger("odoo.sql_db"):
            alarm.unlink()

    def test_the_states_are_found_as_they_are_shown(self):
        self.rule(fault="horn", opens_order=True)
        self.rule(fault="amplifier")
        self.tell(self.near[0], faults=["horn"])
        self.tell(self.near[1], faults=["amplifier"])
        self.tell(self.far, faults=["amplifier"])
        self.watch()
        self.alarms(("device_id", "=", self.far.id)).action_acknowledge()
        shown = {alarm: alarm.state for alarm in self.alarms()}
        self.assertEqual(sorted(shown.values()), ["acknowledged", "new", "repair"])
        for alarm, state in shown.items():
            self.assertEqual(self.alarms(("state", "=", state)), alarm)
        self.assertEqual(len(self.alarms(("state", "!=", "cleared"))), 3)

    # Work orders ------------------------------------------------------------------------------

    def test_an_asset_gets_one_work_order_for_all_that_is_wrong_with_it(self):
        horn = self.rule(fault="horn", opens_order=True)
        horn.update_field_translations("name", {"vi_VN": "Hỏng loa"})
        self.rule(fault="amplifier", opens_order=True, severity="danger")
        self.tell(self.near[0], faults=["horn"])
        order = self.watch().request_id
        self.assertEqual(order.name, f"Hỏng loa – {self.cluster.name}")
        self.assertEqual((order.reported_by, order.equipment_id), ("device", self.cluster))
        self.tell(self.near[0], faults=["horn", "amplifier"])
        self.assertEqual(self.watch().request_id, order)
        self.assertEqual(len(self.alarms()), 2)
        told = " ".join(order.message_ids.mapped("body"))
        self.assertIn("Luật", told)

    def test_recovery_is_a_note_and_closes_nothing(self):
        alarm = self.raised(opens_order=True, clear_minutes=0)
        order = alarm.request_id
        before = len(order.message_ids)
        self.tell(self.near[0])
        self.assertTrue(self.watch().cleared_at)
        self.assertFalse(order.closed_at)
        self.assertEqual(len(order.message_ids), before + 1)
        order._close("repaired", "Thay loa")
        self.tell(self.near[0], faults=["horn"])
        newer = self.watch() - alarm
        self.assertTrue(newer.request_id)
        self.assertNotEqual(newer.request_id, order)

    def test_an_order_is_opened_by_hand_and_only_for_an_asset(self):
        alarm = self.raised()
        self.assertFalse(alarm.request_id)
        action = alarm.with_user(self.operator).action_open_order()
        self.assertEqual(action["res_id"], alarm.request_id.id)
        self.assertEqual(alarm.state, "repair")
        self.spare.state = "enrolled"
        self.tell(self.spare, faults=["horn"])
        loose = self.watch() - alarm
        with self.assert_refused(UserError):
            loose.with_user(self.operator).action_open_order()

    # Mass outages -----------------------------------------------------------------------------

    def fleet(self, count):
        """Devices of commune C that were heard until a moment ago."""
        devices = self.env["ttcs.device"].create(
            [
                {"model_id": self.receiver.id, "agency_id": self.committee_c.id}
                for _ in range(count)
            ]
        )
        devices.write({"state": "enrolled"})
        for device in devices[:3]:
            device._fit(self.make_asset("cluster", self.committee_c, self.hamlet_c))
        devices.write({"unit_id": self.hamlet_c.id})
        self.env.flush_all()
        return devices

    def silence(self, devices):
        for device in devices:
            self.tell(device, online=False, seen_at=self.ago(minutes=20))

    def test_many_that_fall_silent_together_are_one_outage_and_one_order(self):
        self.rule(condition="silent", hold_minutes=10, opens_order=True, clear_minutes=0)
        for device in self.far:
            self.tell(device)
        fleet = self.fleet(6)
        self.silence(fleet + self.near)
        requests = self.env["maintenance.request"].search_count([])
        self.watch()
        alarms = self.env["ttcs.alarm"].search([("device_id", "in", (fleet + self.near).ids)])
        outage = alarms.outage_id
        self.assertEqual((len(outage), len(alarms), outage.open_count), (1, 8, 8))
        self.assertEqual(outage.commune_id, self.commune_c)
        self.assertEqual(self.env["maintenance.request"].search_count([]), requests + 1)
        self.assertFalse(alarms.request_id)
        self.assertEqual(set(alarms.mapped("state")), {"repair"})
        for device in fleet + self.near:
            self.tell(device)
        self.watch()
        self.assertTrue(outage.ended_at)
        self.assertEqual(outage.open_count, 0)
        self.assertFalse(outage.request_id.closed_at)
        self.assertIn("hoạt động trở lại", str(outage.request_id.message_ids[0].body))

    def test_a_few_that_fall_silent_are_no_outage(self):
        self.rule(condition="silent", hold_minutes=10)
        self.silence(self.fleet(2) + self.near)
        self.watch()
        self.assertFalse(self.env["ttcs.outage"].search([("commune_id", "=", self.commune_c.id)]))

    def test_the_watch_takes_a_few_queries_whatever_the_fleet(self):
        self.rule(condition="silent", hold_minutes=10)
        self.rule(fault="horn", times=3, of_last=5)
        self.rule(condition="above", measure="temperature", raise_at=75, clear_at=65)

        def look(count):
            devices = self.fleet(count)
            self.env.cr.execute(
                "INSERT INTO ttcs_tele.last (device_id, seen_at, online, temperature)"
                " SELECT unnest(%s), now(), true, 90",
                [devices.ids],
            )
            return self.count_queries(self.env["ttcs.alarm.watch"]._cron_watch)

        look(4)
        self.assertLessEqual(look(300), look(10) + 1)
        self.assertGreater(len(self.env["ttcs.alarm"].search([("severity", "=", "major")])), 300)

    # Rules ------------------------------------------------------------------------------------

    def test_impossible_rules_are_refused(self):
        for values in (
            {"fault": False},
            {"condition": "above", "measure": False},
            {"condition": "above", "measure": "battery", "raise_at": 5, "clear_at": 6},
            {"condition": "below", "measure": "battery", "raise_at": 6, "clear_at": 5},
            {"fault": "horn", "times": 4, "of_last": 3},
            {"fault": "horn", "times": 1, "of_last": 61},
            {"condition": "silent", "times": 2, "of_last": 3},
            {"fault": "horn", "hold_minutes": -1},
            {"fault": "horn", "clear_minutes": 10_081},
        ):
            with (
                self.subTest(values),
                self.assert_refused(IntegrityError),
                mute_logger("odoo.sql_db"),
            ):
                self.rule(**values)


@tagged("post_install", "-at_install")
class TestAvailability(AlarmCase):
    def fitted_since(self, device, moment):
        """As if it had served since then: the guard of the history is lifted for it."""
        device.enrolled_at = moment
        self.env.flush_all()
        for statement in (
            "ALTER TABLE ttcs_device_fitting DISABLE TRIGGER USER",
            f"UPDATE ttcs_device_fitting SET fitted_at = '{moment}' WHERE device_id = {device.id}",
            "ALTER TABLE ttcs_device_fitting ENABLE TRIGGER USER",
        ):
            self.env.cr.execute(statement)

    def alarm(self, rule, hours_ago, hours):
        began = self.ago(hours=hours_ago)
        return self.env["ttcs.alarm"].create(
            {
                "device_id": self.near[0].id,
                "rule_id": rule.id,
                "equipment_id": self.cluster.id,
                "severity": "major",
                "began_at": began,
                "raised_at": began,
                "cleared_at": began + timedelta(hours=hours),
                "cleared_because": "gone",
            }
        )

    def test_silence_counts_once_and_power_cuts_apart(self):
        silent = self.rule(condition="silent")
        longer = self.rule(condition="silent", hold_minutes=60)
        power = self.rule(fault="power", is_power=True)
        hot = self.rule(fault="temperature")
        self.fitted_since(self.near[0], self.ago(hours=100))
        self.alarm(silent, 50, 10)
        self.alarm(longer, 48, 6)
        self.alarm(power, 42, 4)
        self.alarm(hot, 20, 20)
        self.env.flush_all()
        rows = self.env["ttcs.device.availability"].search(
            [("equipment_id", "=", self.cluster.id)]
        )
        # Silent from 50 to 40 hours ago, without power from 42 to 38: 8 silent and 4 without.
        self.assertAlmostEqual(sum(rows.mapped("watched_hours")), 100, places=0)
        self.assertAlmostEqual(sum(rows.mapped("silent_hours")), 8, places=2)
        self.assertAlmostEqual(sum(rows.mapped("power_hours")), 4, places=2)
        if len(rows) == 1:
            self.assertAlmostEqual(rows.availability, 100 * (1 - 8 / 96), places=0)
        self.assertEqual(self.seen_by(self.operator, rows), rows)
        elsewhere = self.make_user(self.committee_g, "devices")
        self.assertFalse(self.seen_by(elsewhere, rows))

    def test_hours_on_air_reach_the_meter_and_survive_a_new_controller(self):
        def enter(device, seconds):
            self.tell(device, runtime=seconds)
            self.env["ttcs.telemetry"]._enter_runtime()
            readings = self.env["ttcs.meter.reading"].search(
                [("equipment_id", "=", self.cluster.id)], order="id"
            )
            return readings.mapped("hours")

        device = self.near[0]
        self.assertEqual(enter(device, 7_200), [2.0])
        self.assertEqual(enter(device, 7_300), [2.0])
        self.assertEqual(enter(device, 9_000), [2.0, 2.5])
        # Its count begins anew.
        self.assertEqual(enter(device, 3_600), [2.0, 2.5, 3.5])
        # Another controller that was on air for 1,000 hours elsewhere.
        self.tell(self.spare, runtime=3_600_000)
        self.spare.state = "enrolled"
        self.spare._fit(self.cluster, device, "Cháy")
        self.assertEqual(enter(self.spare, 3_600_000 + 1_800), [2.0, 2.5, 3.5, 4.0])
