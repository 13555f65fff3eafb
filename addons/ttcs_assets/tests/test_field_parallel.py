"""Two phones, or one twice, at the same moment."""

import threading
import time
import uuid
from contextlib import contextmanager

import odoo.sql_db
from odoo import SUPERUSER_ID, api
from odoo.service.model import retrying
from odoo.tests import BaseCase, tagged
from odoo.tests.common import get_db_name


@tagged("post_install", "-at_install")
class TestTwoRequestsAtOnce(BaseCase):
    """Real connections: what two requests do to each other cannot be seen in one transaction."""

    def setUp(self):
        super().setUp()
        self.database = odoo.sql_db.db_connect(get_db_name())
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

    @contextmanager
    def committed(self):
        """An environment whose changes stand when the block ends."""
        with self.database.cursor() as cursor:
            yield api.Environment(cursor, SUPERUSER_ID, {"tracking_disable": True})

    def remove(self):
        with self.database.cursor() as cursor:
            for statement in (
                "DELETE FROM mail_message WHERE model = 'maintenance.request' AND res_id IN"
                " (SELECT id FROM maintenance_request WHERE equipment_id = %(asset)s)",
                "DELETE FROM ttcs_field_action WHERE equipment_id = %(asset)s",
                "DELETE FROM maintenance_request WHERE equipment_id = %(asset)s",
                "DELETE FROM maintenance_equipment WHERE id = %(asset)s",
                "DELETE FROM ttcs_placement WHERE unit_id = %(unit)s",
                "DELETE FROM ttcs_agency WHERE id = %(agency)s",
                "DELETE FROM ttcs_unit WHERE id = %(unit)s",
            ):
                cursor.execute(
                    statement,
                    {"asset": self.asset_id, "agency": self.agency_id, "unit": self.unit_id},
                )

    def meet(self, first, second):
        """Receive one action while another is being carried out; gives both verdicts.

        The second request waits for the first, which commits only then.
        """
        verdicts = {}

        def receive_second():
            with self.committed() as env:
                verdicts["second"] = retrying(lambda: self.receive(env, second), env)

        thread = threading.Thread(target=receive_second)
        with self.committed() as env:
            verdicts["first"] = self.receive(env, first)
            env.flush_all()
            thread.start()
            self.wait_until_blocked()
        thread.join(timeout=60)
        return verdicts["first"]["verdict"], verdicts["second"]["verdict"]

    def receive(self, env, action):
        verdicts = env["ttcs.field.action"]._receive([action], None, lambda _field: None)
        return verdicts[action["uuid"]]

    def wait_until_blocked(self):
        limit = time.monotonic() + 30
        while time.monotonic() < limit:
            with self.database.cursor() as cursor:
                cursor.execute(
                    "SELECT 1 FROM pg_stat_activity"
                    " WHERE datname = current_database() AND wait_event_type = 'Lock'"
                )
                if cursor.rowcount:
                    return
        self.fail("the second request did not wait for the first")

    def action(self, kind, **payload):
        return {"uuid": str(uuid.uuid4()), "kind": kind, "payload": payload}

    def test_the_same_action_on_two_connections_is_done_once(self):
        fault = self.action(
            "report_fault", asset=self.asset_id, text="Loa không kêu", severity="major"
        )
        self.assertEqual(self.meet(fault, fault), ("done", "repeated"))
        with self.committed() as env:
            orders = env["maintenance.request"].search([("equipment_id", "=", self.asset_id)])
            self.assertEqual(len(orders), 1)

    def test_of_two_who_close_an_order_at_the_same_moment_one_wins(self):
        with self.committed() as env:
            order = env["maintenance.request"].create(
                {"name": "Hai người", "equipment_id": self.asset_id}
            )
            order_id = order.id
        verdicts = self.meet(
            self.action("close_order", order=order_id, result="repaired", note="Người thứ nhất"),
            self.action("close_order", order=order_id, result="partly", note="Người thứ hai"),
        )
        self.assertEqual(verdicts, ("done", "conflict"))
        with self.committed() as env:
            order = env["maintenance.request"].browse(order_id)
            self.assertEqual((order.result, order.resolution), ("repaired", "Người thứ nhất"))
            self.assertIn("Người thứ hai", " ".join(order.message_ids.mapped("body")))
