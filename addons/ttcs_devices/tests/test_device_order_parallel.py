"""Two people over one order at the same moment, on real connections."""

from psycopg2 import IntegrityError

from odoo.exceptions import UserError
from odoo.tests import tagged
from odoo.tools import mute_logger

from odoo.addons.ttcs_base.tests.parallel import ParallelCase

KEPT = ("ttcs_device_order", "ttcs_device_order_target", "ttcs_device", "ttcs_device_fitting")
FORGET = (
    "DELETE FROM ttcs_tele.command WHERE device_id = ANY(%(devices)s)",
    "DELETE FROM ttcs_device_order_target WHERE device_id = ANY(%(devices)s)",
    "DELETE FROM ttcs_device_order WHERE agency_id = %(agency)s AND cancels_id IS NOT NULL",
    "DELETE FROM ttcs_device_order WHERE agency_id = %(agency)s",
    "DELETE FROM ttcs_device WHERE id = ANY(%(devices)s)",
    "DELETE FROM ttcs_tele.desired WHERE device_id = ANY(%(devices)s)",
    "DELETE FROM ttcs_tele.device WHERE id = ANY(%(devices)s)",
    "DELETE FROM ttcs_device_model WHERE id = %(model)s",
    "DELETE FROM ttcs_device_vendor WHERE id = %(vendor)s",
    "DELETE FROM ttcs_placement WHERE agency_id = %(agency)s",
    "DELETE FROM ttcs_agency WHERE id = %(agency)s",
    "DELETE FROM ttcs_unit WHERE id = %(unit)s",
)


@tagged("post_install", "-at_install")
class TestTwoOverAnOrder(ParallelCase):
    def setUp(self):
        super().setUp()
        with self.committed() as env:
            kind = env.ref("ttcs_base.ttcs_unit_kind_commune")
            unit = env["ttcs.unit"].create({"name": "Hai người một lệnh", "kind_id": kind.id})
            agency = env["ttcs.agency"].create({"name": unit.name, "unit_id": unit.id})
            model = env["ttcs.device.model"].create(
                {
                    "name": "Hai người",
                    "vendor_id": env["ttcs.device.vendor"].create({"name": "Hai người"}).id,
                }
            )
            devices = env["ttcs.device"].create(
                [
                    {"model_id": model.id, "agency_id": agency.id, "state": "enrolled"}
                    for _ in range(3)
                ]
            )
            order = env["ttcs.device.order"].create(
                {
                    "operation": "volume",
                    "agency_id": agency.id,
                    "reason": "Hai người",
                    "device_ids": devices.ids,
                }
            )
            self.order_id = order.id
            self.made = {
                "unit": unit.id,
                "agency": agency.id,
                "devices": devices.ids,
                "model": model.id,
                "vendor": model.vendor_id.id,
            }
        self.addCleanup(self.take_away, FORGET, self.made, KEPT)

    def order(self, env):
        return env["ttcs.device.order"].browse(self.order_id)

    def submit(self, env):
        """What submitting writes, in the name of somebody else than those who agree."""
        order = self.order(env)
        order._list_targets()
        author = env.ref("base.user_admin").id
        order.write({"submitted_by_id": author, "arguments": {"level": 50}})
        env.flush_all()
        order.state = "waiting"
        env.flush_all()

    def approve(self, env):
        try:
            with env.cr.savepoint():
                self.order(env).action_approve()
        except UserError:
            return "refused"
        return "sent"

    def commands(self):
        with self.committed() as env:
            env.cr.execute(
                "SELECT state, count(*) FROM ttcs_tele.command WHERE order_id = %s GROUP BY 1",
                [self.order_id],
            )
            return dict(env.cr.fetchall())

    def test_of_two_who_agree_at_the_same_moment_one_sends(self):
        with self.committed() as env:
            self.submit(env)
        with mute_logger("odoo.sql_db"):
            told = self.meet(self.approve, self.approve)
        self.assertEqual(told, ("sent", "refused"))
        self.assertEqual(self.commands(), {"queued": 3})

    def test_a_list_that_is_made_anew_while_the_order_is_submitted_changes_nothing(self):
        def list_anew(env):
            order = self.order(env)
            try:
                with env.cr.savepoint():
                    order.action_list_targets()
                    env.flush_all()
            except (UserError, IntegrityError):
                return "refused"
            return "listed"

        with mute_logger("odoo.sql_db"):
            told = self.meet(self.submit, list_anew)
        self.assertEqual(told, (None, "refused"))
        with self.committed() as env:
            self.assertEqual(len(self.order(env).target_ids), 3)
