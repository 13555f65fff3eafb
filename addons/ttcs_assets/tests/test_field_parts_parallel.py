"""Two people over the parts of one order at the same moment, on real connections."""

from psycopg2 import IntegrityError

from odoo.tests import tagged
from odoo.tools import mute_logger

from .test_field_parallel import TestTwoRequestsAtOnce as FieldParallelCase

FORGET = [
    "DELETE FROM ttcs_order_part WHERE request_id IN"
    " (SELECT id FROM maintenance_request WHERE equipment_id = %(asset)s)",
]


@tagged("post_install", "-at_install")
class TestTwoOverParts(FieldParallelCase):
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

    def closing(self, name):
        part = {"part": None, "name": name, "quantity": 2}
        return self.action("close_order", order=self.order_id, result="repaired", parts=[part])

    def test_of_two_phones_that_close_with_parts_one_writes_lines_and_one_a_note(self):
        verdicts = self.received(self.closing("Thứ nhất"), self.closing("Thứ hai"))
        self.assertEqual(verdicts, ("done", "conflict"))
        with self.committed() as env:
            order = env["maintenance.request"].browse(self.order_id)
            self.assertEqual(order.part_ids.mapped("name"), ["Thứ nhất"])
            self.assertIn("Thứ hai: 2", " ".join(order.message_ids.mapped("body")))

    def test_of_two_who_enter_a_missing_price_one_is_told_that_it_stands(self):
        with self.committed() as env:
            order = env["maintenance.request"].browse(self.order_id)
            order.part_ids = [(0, 0, {"name": "Băng keo", "quantity": 2, "unit_price": 0})]
            order._close("repaired", "Xong")

        def enter(price):
            def write(env):
                line = env["maintenance.request"].browse(self.order_id).part_ids
                try:
                    with env.cr.savepoint():
                        line.unit_price = price
                        env.flush_all()
                except IntegrityError:
                    return "refused"
                return "entered"

            return write

        with mute_logger("odoo.sql_db"):
            told = self.meet(enter(7_000), enter(8_000))
        self.assertEqual(told, ("entered", "refused"))
        with self.committed() as env:
            order = env["maintenance.request"].browse(self.order_id)
            self.assertEqual(order.cost_total, 14_000)
