"""The curves on the forms of devices and assets."""

from datetime import timedelta

from odoo import fields
from odoo.exceptions import AccessError, UserError
from odoo.tests import tagged

from .common import DevicesCase


@tagged("post_install", "-at_install")
class TestDeviceChart(DevicesCase):
    def measure(self, device, minutes_ago, number, **values):
        values = {"temperature": 30, "on_air": False, **values}
        moment = fields.Datetime.now() - timedelta(minutes=minutes_ago)
        names = ", ".join(values)
        marks = ", ".join(["%s"] * len(values))
        self.env.flush_all()
        self.env.cr.execute(
            f"INSERT INTO ttcs_tele.sample (device_id, ts, boot, seq, received_at, {names})"
            f" VALUES (%s, %s, 1, %s, now(), {marks})",
            [device.id, moment, number, *values.values()],
        )

    def test_each_device_has_its_curve_with_gaps_where_it_was_silent(self):
        both = self.device + self.spare
        both.write({"state": "enrolled"})
        self.measure(self.device, 100, 1, temperature=30)
        self.measure(self.device, 20, 2, temperature=40)
        self.measure(self.spare, 100, 1, temperature=50)
        chart = both.with_user(self.operator).get_chart("temperature", 1)
        self.assertEqual(len(chart["times"]), 2)
        self.assertEqual(
            [series["values"] for series in chart["series"]], [[30.0, 40.0], [50.0, None]]
        )

    def test_longer_periods_are_read_from_the_hours(self):
        self.device.state = "enrolled"
        self.measure(self.device, 1, 1, on_air=True)
        self.measure(self.device, 2, 2)
        self.env["ttcs.telemetry"]._cron_keep()
        for days in (7, 30):
            chart = self.device.get_chart("on_air", days)
            values = [value for value in chart["series"][0]["values"] if value is not None]
            self.assertEqual(sum(values), 100 if len(values) == 2 else 50)

    def test_an_asset_shows_the_curves_of_its_devices(self):
        self.device.state = "enrolled"
        self.device._fit(self.cluster)
        self.measure(self.device, 10, 1, temperature=33)
        chart = self.cluster.with_user(self.technician).get_chart("temperature", 1)
        self.assertEqual(chart["series"][0]["values"], [33.0])
        self.assertEqual(self.cluster_g.get_chart("temperature", 1), {"times": [], "series": []})

    def test_nonsense_and_others_are_refused(self):
        for figure, days in (("temperature; DROP", 1), ("temperature", 2), ("password", 7)):
            with self.assert_refused(UserError):
                self.device.get_chart(figure, days)
        elsewhere = self.make_user(self.committee_g, "devices")
        with self.assert_refused(AccessError):
            self.device.with_user(elsewhere).get_chart("temperature", 1)
