"""Two who write about one order or asset at the same moment, on real connections."""

from datetime import datetime

from psycopg2 import IntegrityError

from odoo.tests import tagged
from odoo.tools import mute_logger

from .test_field_parallel import TestTwoRequestsAtOnce as FieldParallelCase

FAULT = datetime(2026, 3, 2, 1)
FORGET = [
    "DELETE FROM ttcs_downtime WHERE equipment_id = %(asset)s",
    "DELETE FROM ttcs_order_part WHERE request_id IN"
    " (SELECT id FROM maintenance_request WHERE equipment_id = %(asset)s)",
]


@tagged("post_install", "-at_install")
class TestCostsAndDowntimesAtOnce(FieldParallelCase):
    # What the class above tests is tested there.
    test_the_same_action_on_two_connections_is_done_once = None
    test_of_two_who_close_an_order_at_the_same_moment_one_wins = None

    def setUp(self):
        super().setUp()
        with self.committed() as env:
            order = env["maintenance.request"].create(
                {"name": "Hai người", "equipment_id": self.asset_id}
            )
            self.order_id = order.id

    def remove(self):
        self.take_away(FORGET, {"asset": self.asset_id}, kept=("ttcs_order_part",))
        super().remove()

    def begin(self, env):
        asset = env["maintenance.equipment"].browse(self.asset_id)
        env["ttcs.downtime"]._begin(asset, FAULT)

    def test_two_who_notice_a_fault_begin_one_downtime(self):
        self.meet(self.begin, self.begin)
        with self.committed() as env:
            found = env["ttcs.downtime"].search([("equipment_id", "=", self.asset_id)])
            self.assertEqual(len(found), 1)

    def close(self, env):
        env["maintenance.request"].browse(self.order_id)._close("repaired", "Xong")

    def use_part(self, env):
        env["ttcs.order.part"].create(
            {"request_id": self.order_id, "name": "Cầu chì", "unit_price": 5000}
        )
        env.flush_all()

    def test_a_part_that_comes_after_the_closing_is_refused(self):
        with mute_logger("odoo.sql_db"), self.assertRaises(Exception) as refusal:
            self.meet(self.close, self.use_part)
        told = refusal.exception
        self.assertTrue(isinstance(told, IntegrityError) or "Hai người" in str(told), repr(told))
        with self.committed() as env:
            self.assertFalse(env["maintenance.request"].browse(self.order_id).part_ids)

    def test_a_part_that_comes_before_the_closing_is_in_the_closed_order(self):
        self.meet(self.use_part, self.close)
        with self.committed() as env:
            order = env["maintenance.request"].browse(self.order_id)
            self.assertTrue(order.closed_at)
            self.assertEqual(order.cost_total, 5000)
