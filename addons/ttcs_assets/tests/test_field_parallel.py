"""Two phones, or one twice, at the same moment."""

import uuid

from odoo.tests import tagged

from odoo.addons.ttcs_base.tests.parallel import ParallelCase


@tagged("post_install", "-at_install")
class TestTwoRequestsAtOnce(ParallelCase):
    def setUp(self):
        super().setUp()
        with self.committed() as env:
            kind = env.ref("ttcs_base.ttcs_unit_kind_commune")
            unit = env["ttcs.unit"].create({"name": "Hai kết nối", "kind_id": kind.id})
            agency = env["ttcs.agency"].create({"name": "Hai kết nối", "unit_id": unit.id})
            asset = env["maintenance.equipment"].create(
                {
                    "name": "Cụm loa hai kết nối",
                    "category_id": env.ref(
                        "ttcs_assets.maintenance_equipment_category_cluster"
                    ).id,
                    "agency_id": agency.id,
                    "unit_id": unit.id,
                }
            )
            self.unit_id, self.agency_id, self.asset_id = unit.id, agency.id, asset.id
        self.addCleanup(self.remove)

    def remove(self):
        self.take_away(
            [
                "DELETE FROM mail_message WHERE model = 'maintenance.request' AND res_id IN"
                " (SELECT id FROM maintenance_request WHERE equipment_id = %(asset)s)",
                "DELETE FROM ttcs_field_action WHERE equipment_id = %(asset)s",
                "DELETE FROM ttcs_downtime WHERE equipment_id = %(asset)s",
                "DELETE FROM maintenance_request WHERE equipment_id = %(asset)s",
                "DELETE FROM maintenance_equipment WHERE id = %(asset)s",
                "DELETE FROM ttcs_placement WHERE unit_id = %(unit)s",
                "DELETE FROM ttcs_agency WHERE id = %(agency)s",
                "DELETE FROM ttcs_unit WHERE id = %(unit)s",
            ],
            {"asset": self.asset_id, "agency": self.agency_id, "unit": self.unit_id},
        )

    def received(self, first, second):
        """Receive one action while another is being carried out; gives both verdicts."""
        return self.meet(self.receiving(first), self.receiving(second))

    def receiving(self, action):
        def receive(env):
            verdicts = env["ttcs.field.action"]._receive([action], None, lambda _field: None)
            return verdicts[action["uuid"]]["verdict"]

        return receive

    def action(self, kind, **payload):
        return {"uuid": str(uuid.uuid4()), "kind": kind, "payload": payload}

    def test_the_same_action_on_two_connections_is_done_once(self):
        fault = self.action(
            "report_fault", asset=self.asset_id, text="Loa không kêu", severity="major"
        )
        self.assertEqual(self.received(fault, fault), ("done", "repeated"))
        with self.committed() as env:
            orders = env["maintenance.request"].search([("equipment_id", "=", self.asset_id)])
            self.assertEqual(len(orders), 1)

    def test_of_two_who_close_an_order_at_the_same_moment_one_wins(self):
        with self.committed() as env:
            order = env["maintenance.request"].create(
                {"name": "Hai người", "equipment_id": self.asset_id}
            )
            order_id = order.id
        verdicts = self.received(
            self.action("close_order", order=order_id, result="repaired", note="Người thứ nhất"),
            self.action("close_order", order=order_id, result="partly", note="Người thứ hai"),
        )
        self.assertEqual(verdicts, ("done", "conflict"))
        with self.committed() as env:
            order = env["maintenance.request"].browse(order_id)
            self.assertEqual((order.result, order.resolution), ("repaired", "Người thứ nhất"))
            self.assertIn("Người thứ hai", " ".join(order.message_ids.mapped("body")))
