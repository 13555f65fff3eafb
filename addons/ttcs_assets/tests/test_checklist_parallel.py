"""Two people who close an order with a failed line at the same moment, on real connections."""

from odoo.tests import tagged

from ..models.maintenance_request_answering import GivenAnswer
from .test_field_parallel import TestTwoRequestsAtOnce as FieldParallelCase

FORGET = [
    "DELETE FROM mail_message WHERE model = 'maintenance.request' AND res_id IN"
    " (SELECT id FROM maintenance_request WHERE equipment_id = %(asset)s)",
    "DELETE FROM ttcs_field_action WHERE equipment_id = %(asset)s",
    "UPDATE maintenance_request SET source_answer_id = NULL WHERE equipment_id = %(asset)s",
    "DELETE FROM ttcs_checklist_answer WHERE request_id IN"
    " (SELECT id FROM maintenance_request WHERE equipment_id = %(asset)s)",
    "UPDATE maintenance_request SET checklist_id = NULL WHERE equipment_id = %(asset)s",
    "DELETE FROM ttcs_checklist WHERE name ->> 'en_US' = 'Hai người kiểm tra'",
]


@tagged("post_install", "-at_install")
class TestTwoClosingsAtOnce(FieldParallelCase):
    # What the class above tests is tested there.
    test_the_same_action_on_two_connections_is_done_once = None
    test_of_two_who_close_an_order_at_the_same_moment_one_wins = None

    def setUp(self):
        super().setUp()
        with self.committed() as env:
            checklist = env["ttcs.checklist"].create(
                {
                    "name": "Hai người kiểm tra",
                    "line_ids": [(0, 0, {"name": "Cột đứng", "opens_corrective": True})],
                }
            )
            order = env["maintenance.request"].create(
                {
                    "name": "Hai người",
                    "equipment_id": self.asset_id,
                    "checklist_id": checklist.id,
                }
            )
            self.line_id, self.order_id = checklist.line_ids.id, order.id
            self.checklist_id = checklist.id

    def remove(self):
        self.take_away(FORGET, {"asset": self.asset_id}, kept=("ttcs_checklist_answer",))
        super().remove()

    def repairs(self, env):
        return env["maintenance.request"].search(
            [("source_answer_id.request_id", "=", self.order_id)]
        )

    def close_in_the_office(self, env):
        order = env["maintenance.request"].browse(self.order_id)
        if not order.closed_at:
            order._close("repaired", "Văn phòng")

    def test_two_closings_in_the_office_open_one_repair(self):
        with self.committed() as env:
            order = env["maintenance.request"].browse(self.order_id)
            order._answer([GivenAnswer(self.line_id, "no", "", order.create_date)])
        self.meet(self.close_in_the_office, self.close_in_the_office)
        with self.committed() as env:
            self.assertEqual(len(self.repairs(env)), 1)

    def closing(self, value, note):
        return self.action(
            "close_order",
            order=self.order_id,
            result="repaired",
            note=note,
            checklist=self.checklist_id,
            answers=[{"line": self.line_id, "value": value}],
        )

    def test_two_phones_that_close_with_answers_leave_one_closing_and_a_note(self):
        first, second = self.closing("no", "Thứ nhất"), self.closing("yes", "Thứ hai")
        self.assertEqual(self.received(first, second), ("done", "conflict"))
        with self.committed() as env:
            order = env["maintenance.request"].browse(self.order_id)
            self.assertEqual(order.answer_ids.value_yes_no, "no")
            self.assertEqual(len(self.repairs(env)), 1)
            notes = " ".join(order.message_ids.mapped("body"))
            self.assertIn("Thứ hai", notes)
            self.assertIn("Cột đứng", notes)
