"""Two people who press the button at once, each with a connection of his own."""

import threading

import odoo
from odoo.api import SUPERUSER_ID, Environment
from odoo.exceptions import UserError
from odoo.service.model import retrying
from odoo.tests import tagged
from odoo.tests.common import BaseCase, get_db_name

from .import_common import workbook

FOUNDED = "2021-01-01"
CONTENT = workbook([["Ấp", "Số hộ"], *([f"Ấp Đua {number}", 3] for number in range(40))])


@tagged("post_install", "-at_install")
class TestImportTogether(BaseCase):
    def connection(self):
        cursor = odoo.sql_db.db_connect(get_db_name()).cursor()
        self.addCleanup(cursor.close)
        return cursor

    def setUp(self):
        super().setUp()
        import base64

        cursor = self.connection()
        env = Environment(cursor, SUPERUSER_ID, {"tracking_disable": True})
        kind = env.ref("ttcs_base.ttcs_unit_kind_commune")
        unit = env["ttcs.unit"].create(
            {"name": "Đua Nhau", "kind_id": kind.id, "valid_from": FOUNDED}
        )
        agency = env["ttcs.agency"].create({"name": "Đua Nhau", "unit_id": unit.id})
        user = env["res.users"].create({"name": "Đua", "login": "dua@ttcs.example"})
        person = env["ttcs.person"].create({"name": "Đua", "user_id": user.id})
        assignment = env["ttcs.assignment"].create(
            {
                "person_id": person.id,
                "agency_id": agency.id,
                "position_id": env.ref("ttcs_base.ttcs_position_specialist").id,
                "duty_ids": env.ref("ttcs_base.ttcs_duty_administrator").ids,
                "valid_from": FOUNDED,
            }
        )
        batch = (
            env["ttcs.import.batch"]
            .with_user(user)
            .create(
                {
                    "kind": "hamlets",
                    "agency_id": agency.id,
                    "file": base64.b64encode(CONTENT),
                    "file_name": "dua.xlsx",
                }
            )
        )
        batch.action_read()
        batch.action_check()
        self.assertEqual(batch.new_count, 40)
        cursor.commit()
        self.user_id, self.batch_id, self.unit_id = user.id, batch.id, unit.id
        self.made = [
            (record._name, record.ids)
            for record in (assignment, person, user, user.partner_id, agency)
        ]
        self.addCleanup(self.delete_made)

    def delete_made(self):
        cursor = self.connection()
        env = Environment(cursor, SUPERUSER_ID, {})
        env["ttcs.import.batch"].browse(self.batch_id).unlink()
        env["ttcs.import.mapping"].search([("kind", "=", "hamlets")]).filtered(
            lambda mapping: mapping.agency_id.name == "Đua Nhau"
        ).unlink()
        env["ttcs.unit"].search([("parent_id", "=", self.unit_id)]).unlink()
        for model, ids in self.made:
            env[model].browse(ids).unlink()
        env["ttcs.unit"].browse(self.unit_id).unlink()
        cursor.commit()

    def batch(self, cursor):
        return Environment(cursor, self.user_id, {})["ttcs.import.batch"].browse(self.batch_id)

    def test_while_one_writes_the_other_is_told(self):
        first, second = self.connection(), self.connection()
        self.batch(first).action_apply()
        with self.assertRaisesRegex(UserError, "Somebody else is importing"):
            self.batch(second).action_apply()
        second.rollback()
        first.commit()
        with self.assertRaisesRegex(UserError, "has been imported by"):
            self.batch(second).action_apply()

    def test_of_two_at_the_same_instant_one_wins(self):
        ready, outcomes = threading.Barrier(2), []

        def press():
            cursor = odoo.sql_db.db_connect(get_db_name()).cursor()
            with cursor:
                batch = self.batch(cursor)
                # The snapshot of both is taken before either has begun.
                self.assertEqual(batch.state, "checked")
                ready.wait(timeout=30)
                try:
                    retrying(batch.action_apply, batch.env)
                    outcomes.append("written")
                except UserError as refusal:
                    outcomes.append(str(refusal))
                    cursor.rollback()

        threads = [threading.Thread(target=press) for _ in range(2)]
        for thread in threads:
            thread.start()
        for thread in threads:
            thread.join(timeout=60)
        self.assertEqual(len(outcomes), 2)
        self.assertEqual(outcomes.count("written"), 1, outcomes)
        check = self.connection()
        written = Environment(check, SUPERUSER_ID, {})["ttcs.unit"]
        self.assertEqual(written.search_count([("parent_id", "=", self.unit_id)]), 40)
