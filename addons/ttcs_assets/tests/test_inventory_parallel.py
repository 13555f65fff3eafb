"""A team that counts while its sheet is being closed, and two who count the same thing."""

import threading
import time
import uuid
from contextlib import contextmanager

import odoo.sql_db
from odoo import SUPERUSER_ID, api
from odoo.service.model import retrying
from odoo.tests import BaseCase, tagged
from odoo.tests.common import get_db_name

TABLES = ("line", "count", "phone", "member", "snapshot", "file", "sheet")


@tagged("post_install", "-at_install")
class TestInventoryAtOnce(BaseCase):
    """Real connections: what two transactions do to each other cannot be seen in one."""

    def setUp(self):
        super().setUp()
        self.database = odoo.sql_db.db_connect(get_db_name())
        with self.committed() as env:
            kind = env.ref("ttcs_base.ttcs_unit_kind_commune")
            unit = env["ttcs.unit"].create({"name": "Đếm cùng lúc", "kind_id": kind.id})
            agency = env["ttcs.agency"].create({"name": "Đếm cùng lúc", "unit_id": unit.id})
            assets = env["maintenance.equipment"].create(
                [
                    {
                        "name": f"Cụm loa {number}",
                        "category_id": env.ref(
                            "ttcs_assets.maintenance_equipment_category_cluster"
                        ).id,
                        "agency_id": agency.id,
                        "unit_id": unit.id,
                    }
                    for number in (1, 2)
                ]
            )
            inventory = env["ttcs.inventory"].create(
                {
                    "name": "Đếm cùng lúc",
                    "agency_id": agency.id,
                    "unit_id": unit.id,
                    "due_date": env.company._today(),
                }
            )
            inventory.action_open()
            self.unit_id, self.agency_id, self.asset_ids = unit.id, agency.id, assets.ids
            self.inventory_id, self.sheet_id = inventory.id, inventory.sheet_ids.id
        self.addCleanup(self.remove)

    @contextmanager
    def committed(self):
        """An environment whose changes stand when the block ends."""
        with self.database.cursor() as cursor:
            yield api.Environment(cursor, SUPERUSER_ID, {"tracking_disable": True})

    def remove(self):
        """Take the test's own round away, which the triggers keep for good."""
        tables = [*(f"ttcs_inventory_{name}" for name in TABLES), "ttcs_inventory"]
        tables += ["ttcs_document_number", "ttcs_document_series"]
        with self.database.cursor() as cursor:
            for table in tables:
                cursor.execute(f"ALTER TABLE {table} DISABLE TRIGGER USER")
            for statement in (
                "UPDATE ttcs_inventory_line SET count_id = NULL WHERE inventory_id = %(round)s",
                "UPDATE ttcs_inventory_sheet SET number_id = NULL WHERE inventory_id = %(round)s",
                *(
                    f"DELETE FROM ttcs_inventory_{name} WHERE inventory_id = %(round)s"
                    for name in TABLES
                ),
                "DELETE FROM ttcs_inventory WHERE id = %(round)s",
                "DELETE FROM ttcs_document_number WHERE agency_id = %(agency)s",
                "DELETE FROM ttcs_document_series WHERE agency_id = %(agency)s",
                "DELETE FROM ttcs_field_action WHERE unit_id = %(unit)s",
                "DELETE FROM maintenance_equipment WHERE unit_id = %(unit)s",
                "DELETE FROM ttcs_placement WHERE unit_id = %(unit)s",
                "DELETE FROM ttcs_agency WHERE id = %(agency)s",
                "DELETE FROM ttcs_unit WHERE id = %(unit)s",
            ):
                cursor.execute(
                    statement,
                    {
                        "round": self.inventory_id,
                        "agency": self.agency_id,
                        "unit": self.unit_id,
                    },
                )
            for table in tables:
                cursor.execute(f"ALTER TABLE {table} ENABLE TRIGGER USER")

    def meet(self, first, second):
        """Do one thing while another is being done; gives both results.

        The second waits for the first, which commits only then.
        """
        results = {}

        def do_second():
            with self.committed() as env:
                results["second"] = retrying(lambda: second(env), env)

        thread = threading.Thread(target=do_second)
        with self.committed() as env:
            results["first"] = first(env)
            env.flush_all()
            thread.start()
            self.wait_until_blocked()
        thread.join(timeout=60)
        return results["first"], results["second"]

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
        self.fail("the second did not wait for the first")

    def counting(self, asset_id):
        action = {
            "uuid": str(uuid.uuid4()),
            "kind": "count_asset",
            "payload": {"sheet": self.sheet_id, "asset": asset_id, "condition": "good"},
        }

        def count(env):
            verdicts = env["ttcs.field.action"]._receive([action], None, lambda _field: None)
            env.flush_all()
            return verdicts[action["uuid"]]["verdict"]

        return count

    def close(self, env):
        env["ttcs.inventory.sheet"].browse(self.sheet_id).action_close_counting()
        env.flush_all()
        return "closed"

    def states(self):
        with self.committed() as env:
            lines = env["ttcs.inventory.sheet"].browse(self.sheet_id).line_ids
            return {line.equipment_id.id: line.state for line in lines}

    def test_a_count_that_came_before_the_closing_is_found(self):
        first, second = self.asset_ids
        self.assertEqual(self.meet(self.counting(first), self.close), ("done", "closed"))
        self.assertEqual(self.states(), {first: "found", second: "missing"})

    def test_a_count_that_meets_the_closing_is_late_and_kept(self):
        first, second = self.asset_ids
        self.assertEqual(self.meet(self.close, self.counting(first)), ("closed", "conflict"))
        self.assertEqual(self.states(), {first: "missing", second: "missing"})
        with self.committed() as env:
            sheet = env["ttcs.inventory.sheet"].browse(self.sheet_id)
            self.assertEqual(sheet.late_count_ids.mapped("outcome"), ["late"])

    def test_two_who_count_the_same_at_once_leave_one_line_and_two_counts(self):
        first, _second = self.asset_ids
        self.meet(self.counting(first), self.counting(first))
        self.assertEqual(self.states()[first], "found")
        with self.committed() as env:
            sheet = env["ttcs.inventory.sheet"].browse(self.sheet_id)
            self.assertEqual(len(sheet.count_ids), 2)
