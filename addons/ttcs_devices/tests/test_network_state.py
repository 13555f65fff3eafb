"""One screen for what is monitored and what is not."""

from odoo.tests import tagged

from .roll_call_case import RollCallCase


@tagged("post_install", "-at_install")
class TestNetworkState(RollCallCase):
    def state(self, asset):
        self.env.flush_all()
        self.env.invalidate_all()
        state = self.env["ttcs.network.state"].browse(asset.id)
        return state.state, state.watched_by

    def test_a_device_speaks_for_its_asset_before_people_do(self):
        self.assertEqual(self.state(self.cluster), ("unknown", "nobody"))
        self.tell(self.line(self.call()), "silent", self.head)
        self.assertEqual(self.state(self.cluster), ("mute", "people"))
        self.device.state = "enrolled"
        self.device._fit(self.cluster)
        self.assertEqual(self.state(self.cluster), ("never", "wire"))
        self.hear(self.device, faults="{}", on_air=True)
        self.assertEqual(self.state(self.cluster), ("playing", "wire"))

    def test_of_two_devices_the_worse_and_of_two_roll_calls_the_newer(self):
        line = self.line(self.call())
        self.tell(line, "silent", self.head)
        self.tell(line, "clear", self.head)
        self.assertEqual(self.state(self.cluster), ("heard", "people"))
        for device, faults in ((self.device, "{}"), (self.spare, "{horn}")):
            device.state = "enrolled"
            device._fit(self.cluster)
            self.hear(device, faults=faults)
        self.assertEqual(self.state(self.cluster), ("faulty", "wire"))

    def test_the_map_has_a_point_for_each_in_reach(self):
        self.cluster.write({"latitude": 10.5, "longitude": 105.9})
        self.cluster_g.write({"latitude": 10.6, "longitude": 105.8})
        self.env.flush_all()
        network = self.env["ttcs.network.state"].with_user(self.operator)
        told = network.get_map([])
        self.assertEqual(told["points"], [[self.cluster.id, 10.5, 105.9, "c", "unknown"]])
        self.assertEqual(told["without_position"], 2)
        card = network.browse(self.cluster.id).get_map_card()
        self.assertEqual(card["name"], self.cluster.display_name)
        self.assertTrue(card["condition"])

    def test_the_map_costs_the_same_for_many(self):
        network = self.env["ttcs.network.state"].with_user(self.operator)

        def draw(count):
            for _ in range(count):
                self.make_asset(
                    "cluster", self.committee_c, self.hamlet_c, latitude=10.5, longitude=105.9
                )
            self.env.flush_all()
            self.env.invalidate_all()
            before = self.env.cr.sql_log_count
            network.get_map([])
            return self.env.cr.sql_log_count - before

        draw(1)
        self.assertEqual(draw(3), draw(40))
