"""What the screens read of the telemetry, and the jobs that keep its tables."""

import re
from datetime import timedelta

from odoo import fields
from odoo.tests import tagged
from odoo.tools import SQL

from ttcs_wire.contract import FAULT_CODES

from .common import DevicesCase


@tagged("post_install", "-at_install")
class TestTelemetry(DevicesCase):
    def measure(self, device, moment, number, **values):
        self.env.flush_all()
        values = {"temperature": 30, "volume": 40, "on_air": False, **values}
        columns = ", ".join(values)
        marks = ", ".join(["%s"] * len(values))
        self.env.cr.execute(
            "INSERT INTO ttcs_tele.sample (device_id, ts, boot, seq, received_at, "
            f"{columns}) VALUES (%s, %s, 1, %s, %s, {marks})",
            [device.id, moment, number, moment, *values.values()],
        )

    def presence(self, device):
        self.env.flush_all()
        self.env.invalidate_all()
        return self.env["ttcs.device.last"].search([("device_id", "=", device.id)])

    def test_presence_says_the_worst_first(self):
        self.assertFalse(self.presence(self.device))
        self.device._enrol()
        self.assertEqual(self.presence(self.device).connection, "never")
        cases = [
            ({"online": True}, "online"),
            ({"online": True, "playing": "Bản tin sáng"}, "playing"),
            ({"online": True, "playing": "Bản tin", "faults": ["horn"]}, "faulty"),
            ({"online": False, "faults": ["horn"]}, "silent"),
        ]
        for values, connection in cases:
            self.env.cr.execute(
                "DELETE FROM ttcs_tele.last WHERE device_id = %s", [self.device.id]
            )
            self.hear(self.device, **values)
            self.assertEqual(self.presence(self.device).connection, connection, values)
        self.env.flush_all()
        self.device._shut_out("Mất")
        self.assertFalse(self.presence(self.device))

    def test_rows_are_read_by_their_ids_from_one_partition(self):
        self.device._enrol()
        now = fields.Datetime.now().replace(second=0)
        days = [now - timedelta(days=days, milliseconds=600) for days in (0, 2)]
        for number, moment in enumerate(days, 1):
            self.measure(self.device, moment, number)
            self.env.cr.execute("SELECT ttcs_tele.roll_up(%s)", [moment.date()])
        self.env.cr.execute("SELECT ttcs_tele.make_partitions(current_date - 3, 5)")
        self.env.invalidate_all()
        of_device = [("device_id", "=", self.device.id)]
        for model, moment in (("ttcs.device.sample", "ts"), ("ttcs.device.hour", "hour")):
            rows = self.env[model].with_user(self.operator).search(of_device)
            self.assertEqual(len(rows), 2, model)
            for row in rows:
                self.env.invalidate_all()
                self.assertEqual(row.device_id, self.device)
                self.assertEqual(rows.search([("id", "=", row.id)]), row)
                self.assertEqual(rows.search([("id", "in", row.ids)]), row)
                self.assertEqual(rows.search([*of_device, ("id", "not in", row.ids)]), rows - row)
                for query in (row._search([("id", "in", row.ids)]), row._as_query()):
                    self.env.cr.execute(SQL("EXPLAIN %s", query.select()))
                    plan = " ".join(line for (line,) in self.env.cr.fetchall())
                    self.assertIn(f"({moment} >= ", plan.replace(" AND ", " ("))
                    self.assertEqual(len(set(re.findall(r" on (sample_\w+)", plan))), 1, plan)
            self.assertEqual(len({row[moment] for row in rows}), 2)

    def test_commands_of_years_ago_are_forgotten_and_the_schedule_in_force_is_not(self):
        self.device._enrol()
        self.env.flush_all()
        self.env.cr.execute("ALTER TABLE ttcs_tele.command DISABLE TRIGGER USER")
        for name, operation, state, years in (
            ("old", "volume", "done", 6),
            ("schedule", "apply_schedule", "done", 6),
            ("recent", "volume", "expired", 4),
        ):
            self.env.cr.execute(
                "INSERT INTO ttcs_tele.command (id, device_id, lane, operation, arguments, state,"
                " not_before, expires_at, next_at, ended_at)"
                " SELECT gen_random_uuid(), %s, 5, %s, jsonb_build_object('name', %s), %s,"
                " moment, moment + interval '1 hour', moment, moment"
                " FROM (SELECT now() - make_interval(years => %s) AS moment) AS at",
                [self.device.id, operation, name, state, years],
            )
        self.env.cr.execute("ALTER TABLE ttcs_tele.command ENABLE TRIGGER USER")
        self.env["ttcs.telemetry"]._cron_keep()
        self.env.cr.execute(
            "SELECT arguments ->> 'name' FROM ttcs_tele.command WHERE device_id = %s ORDER BY 1",
            [self.device.id],
        )
        self.assertEqual([name for (name,) in self.env.cr.fetchall()], ["recent", "schedule"])

    def test_faults_are_named_in_words(self):
        """Every code of the contract has a name, and one of a newer device stays readable."""
        self.assertEqual(set(self.env["ttcs.device.last"]._fault_names()), set(FAULT_CODES))
        self.device._enrol()
        self.hear(self.device, faults=["horn", "power", "new_one"])
        presence = self.presence(self.device).with_context(lang="vi_VN")
        self.assertEqual(presence.fault_names, "Loa, Nguồn điện, new_one")

    def test_assets_show_how_their_devices_are(self):
        """And those whose device was taken off are watched by no wire again."""
        both = self.device + self.spare
        for device, asset in zip(both, (self.cluster, self.cluster_at_commune), strict=True):
            device._enrol()
            device._fit(asset)
        self.hear(self.device, playing="Bản tin")
        assets = self.env["maintenance.equipment"]
        assets._cron_show_connections()
        self.assertEqual(self.cluster.connection, "playing")
        self.assertEqual(
            self.cluster.connection_date, fields.Datetime.to_datetime("2026-11-24 08:00:00")
        )
        self.assertEqual(self.cluster_at_commune.connection, "offline")
        self.assertEqual(self.cluster_g.connection, "unmonitored")
        both._take_off("Sửa")
        assets._cron_show_connections()
        self.assertEqual(self.cluster.connection, "unmonitored")

    def test_hours_and_days_are_sums_of_the_samples_and_can_be_made_again(self):
        today = self.env["ttcs.telemetry"]._today()
        start = fields.Datetime.to_datetime(today)
        for minute, values in enumerate(({}, {"temperature": 50}, {"on_air": True})):
            self.measure(self.device, start + timedelta(minutes=minute), minute + 1, **values)
        self.measure(self.device, start + timedelta(hours=2), 9, faults=["horn"])
        telemetry = self.env["ttcs.telemetry"]
        telemetry._cron_roll_up()
        telemetry._cron_roll_up()
        hours = self.env["ttcs.device.hour"].search(
            [("device_id", "=", self.device.id)], order="hour"
        )
        self.assertEqual(hours.mapped("samples"), [3, 1])
        self.assertEqual(hours.mapped("faulty_samples"), [0, 1])
        self.assertEqual(hours[0].on_air_samples, 1)
        self.assertAlmostEqual(hours[0].temperature_average, 110 / 3, places=2)
        self.assertEqual(hours[0].temperature_highest, 50)
        self.env.cr.execute(
            "SELECT samples, temperature_highest FROM ttcs_tele.sample_day WHERE device_id = %s",
            [self.device.id],
        )
        self.assertEqual(self.env.cr.fetchall(), [(4, 50)])

    def test_samples_are_read_by_their_device_and_grouped(self):
        start = fields.Datetime.to_datetime(self.env["ttcs.telemetry"]._today())
        for number in range(1, 4):
            self.measure(self.device, start + timedelta(minutes=number), number, faults=["horn"])
        self.measure(self.spare, start, 1)
        samples = self.env["ttcs.device.sample"].with_user(self.operator)
        mine = samples.search([("device_id", "=", self.device.id)])
        self.assertEqual(mine.mapped("seq"), [3, 2, 1])
        self.assertEqual(mine[0].faults, "horn")
        groups = samples._read_group(
            [("device_id", "in", (self.device + self.spare).ids)], ["device_id"], ["__count"]
        )
        self.assertEqual(dict(groups), {self.device: 3, self.spare: 1})

    def test_the_night_makes_tables_ahead_and_drops_old_ones_whole(self):
        telemetry = self.env["ttcs.telemetry"]
        self.env["ir.config_parameter"].set_param("ttcs_devices.sample_days", "5")
        self.env.cr.execute("SELECT ttcs_tele.make_partitions('2026-01-01', 1)")
        telemetry._cron_keep()
        self.env.cr.execute(
            "SELECT relname FROM pg_class WHERE relnamespace = 'ttcs_tele'::regnamespace"
            " AND relname ~ '^sample_[0-9]+$' AND relkind = 'r'"
        )
        days = sorted(name.removeprefix("sample_") for (name,) in self.env.cr.fetchall())
        today = telemetry._today()
        self.assertEqual(days[0], (today - timedelta(days=5)).strftime("%Y%m%d"))
        self.assertEqual(days[-1], (today + timedelta(days=7)).strftime("%Y%m%d"))

    def test_another_commune_sees_nothing_of_it(self):
        self.device._enrol()
        self.hear(self.device)
        self.measure(self.device, fields.Datetime.now(), 1)
        self.env["ttcs.telemetry"]._cron_roll_up()
        elsewhere = self.make_user(self.committee_g, "devices_manager")
        above = self.make_user(self.department, "devices")
        for model in ("ttcs.device", "ttcs.device.last", "ttcs.device.hour", "ttcs.device.sample"):
            records = self.env[model].with_user(elsewhere)
            field = "id" if model == "ttcs.device" else "device_id"
            self.assertFalse(records.search([(field, "=", self.device.id)]), model)
            self.assertTrue(records.with_user(above).search([(field, "=", self.device.id)]), model)

    def test_what_was_set_apart_is_told_with_its_example(self):
        self.env.cr.execute(
            "INSERT INTO ttcs_tele.quarantine VALUES"
            " (current_date, %s, 'future', 7, now(), now(), 't', %s)",
            [self.device.code, b'{"seq": 1}\xff'],
        )
        apart = self.env["ttcs.device.quarantine"].with_user(self.operator).search([])
        self.assertEqual(apart.device_id, self.device)
        self.assertEqual((apart.messages, apart.reason), (7, "future"))
        self.assertEqual(apart.specimen, '{"seq": 1}\\377')

    def test_the_fleet_is_read_by_a_few_queries_whatever_its_size(self):
        def look(count):
            devices = self.env["ttcs.device"].create(
                [
                    {"model_id": self.receiver.id, "agency_id": self.committee_c.id}
                    for _ in range(count)
                ]
            )
            devices.write({"state": "enrolled"})
            self.env.flush_all()
            self.env.cr.execute(
                "INSERT INTO ttcs_tele.last (device_id, seen_at, online)"
                " SELECT unnest(%s), now(), true",
                [devices.ids],
            )
            self.env.invalidate_all()
            before = self.env.cr.sql_log_count
            found = (
                self.env["ttcs.device.last"]
                .with_user(self.operator)
                .search_read(
                    [("device_id", "in", devices.ids)], ["connection", "equipment_id", "device_id"]
                )
            )
            self.assertEqual(len(found), count)
            return self.env.cr.sql_log_count - before

        look(3)
        self.assertLessEqual(look(300), look(10) + 2)
