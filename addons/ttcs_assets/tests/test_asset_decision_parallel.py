"""Two officers with the same asset, and an approval that meets a cancellation."""

import threading
import time
from contextlib import contextmanager

import odoo.sql_db
from odoo import SUPERUSER_ID, api
from odoo.exceptions import UserError, ValidationError
from odoo.service.model import retrying
from odoo.tests import BaseCase, tagged
from odoo.tests.common import get_db_name

WAITING = """
    SELECT 1 FROM pg_stat_activity
    WHERE datname = current_database() AND wait_event_type = 'Lock'
"""


@tagged("post_install", "-at_install")
class TestAssetDecisionParallel(BaseCase):
    """Real connections: what two people do to each other cannot be seen in one transaction."""

    def setUp(self):
        super().setUp()
        self.database = odoo.sql_db.db_connect(get_db_name())
        self.addCleanup(self.remove)
        with self.committed() as env:
            self.make(env)

    @contextmanager
    def committed(self, user=SUPERUSER_ID):
        """An environment whose changes stand when the block ends."""
        context = {"tracking_disable": True, "no_reset_password": True}
        with self.database.cursor() as cursor:
            yield api.Environment(cursor, user, context)

    def make(self, env):
        kind = env.ref("ttcs_base.ttcs_unit_kind_commune")
        unit = env["ttcs.unit"].create({"name": "Hai quyết định", "kind_id": kind.id})
        agency = env["ttcs.agency"].create({"name": "Hai quyết định", "unit_id": unit.id})
        category = env.ref("ttcs_assets.maintenance_equipment_category_cluster")
        asset = env["maintenance.equipment"].create(
            {
                "name": "Cụm loa hai quyết định",
                "category_id": category.id,
                "agency_id": agency.id,
                "unit_id": unit.id,
            }
        )
        env["ttcs.approval.level"].create(
            {
                "name": "Hai quyết định",
                "kind": "destruction",
                "agency_id": agency.id,
                "relation": "own",
            }
        )
        users = [self.make_user(env, agency, duty) for duty in ("assets", "leader")]
        self.officer, self.leader = users
        self.agency, self.asset = agency.id, asset.id

    def make_user(self, env, agency, duty):
        login = f"hai-quyet-dinh-{duty}@ttcs.example"
        user = env["res.users"].create({"name": login, "login": login})
        person = env["ttcs.person"].create({"name": login, "user_id": user.id})
        env["ttcs.assignment"].create(
            {
                "person_id": person.id,
                "agency_id": agency.id,
                "position_id": env.ref("ttcs_base.ttcs_position_leader").id,
                "duty_ids": [(6, 0, env["ttcs.duty"].search([("code", "=", duty)]).ids)],
                "valid_from": "2025-01-01",
            }
        )
        return user.id

    def remove(self):
        """Take away what was committed; the triggers that keep it stand aside for that."""
        frozen = "ttcs_asset_decision_approval", "ttcs_asset_decision_line", "ttcs_asset_decision"
        frozen += ("ttcs_document_number",)
        with self.committed() as env:
            for table in frozen:
                env.cr.execute(f"ALTER TABLE {table} DISABLE TRIGGER USER")
            for statement in (
                "DELETE FROM ttcs_asset_decision WHERE agency_id = %s",
                "DELETE FROM ttcs_approval_level WHERE agency_id = %s",
                "DELETE FROM ttcs_document_number WHERE agency_id = %s",
                "DELETE FROM ttcs_document_series WHERE agency_id = %s",
                "DELETE FROM maintenance_equipment WHERE agency_id = %s",
            ):
                env.cr.execute(statement, [self.agency])
            for table in frozen:
                env.cr.execute(f"ALTER TABLE {table} ENABLE TRIGGER USER")
            agency, users = env["ttcs.agency"].browse(self.agency), env["res.users"]
            users = users.browse([self.officer, self.leader])
            unit, persons = agency.unit_id, users.ttcs_person_ids
            persons.assignment_ids.unlink()
            persons.unlink()
            users.unlink()
            agency.unlink()
            unit.unlink()

    def values(self):
        return {
            "kind": "destruction",
            "agency_id": self.agency,
            "reason": "Cháy",
            "line_ids": [(0, 0, {"equipment_id": self.asset})],
        }

    def meet(self, first, second):
        """Do two things at once, each as a user; gives what the second one raised.

        The second waits for the first, which commits only then.
        """
        told = []

        def do_second():
            user, act = second
            try:
                with self.committed(user) as env:
                    retrying(lambda: act(env), env)
            except Exception as error:
                told.append(error)

        thread = threading.Thread(target=do_second)
        user, act = first
        with self.committed(user) as env:
            act(env)
            env.flush_all()
            thread.start()
            self.wait_until_blocked()
        thread.join(timeout=60)
        return told[0] if told else None

    def wait_until_blocked(self):
        limit = time.monotonic() + 30
        while time.monotonic() < limit:
            with self.database.cursor() as cursor:
                cursor.execute(WAITING)
                if cursor.rowcount:
                    return
        self.fail("the second did not wait for the first")

    def test_of_two_who_propose_the_same_asset_one_wins(self):
        def propose(env):
            env["ttcs.asset.decision"].create(self.values())

        error = self.meet((self.officer, propose), (self.officer, propose))
        self.assertIsInstance(error, ValidationError)
        with self.committed() as env:
            found = env["ttcs.asset.decision"].search([("agency_id", "=", self.agency)])
            self.assertEqual(len(found), 1)

    def test_an_approval_that_meets_a_cancellation_loses(self):
        with self.committed(self.officer) as env:
            dossier = env["ttcs.asset.decision"].create(self.values())
            dossier.action_submit()
            dossier_id = dossier.id

        def cancel(env):
            env["ttcs.asset.decision"].browse(dossier_id)._cancel("Rút lại")

        def approve(env):
            dossier = env["ttcs.asset.decision"].browse(dossier_id)
            dossier._approve("Đồng ý", "7/QĐ-UBND", env.company._today())

        error = self.meet((self.officer, cancel), (self.leader, approve))
        self.assertIsInstance(error, UserError)
        with self.committed() as env:
            self.assertEqual(env["ttcs.asset.decision"].browse(dossier_id).state, "cancelled")
