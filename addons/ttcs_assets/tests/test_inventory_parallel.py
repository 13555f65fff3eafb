"""A team that counts while its sheet is being closed, and two who count the same thing."""

import uuid

from odoo.tests import tagged

from odoo.addons.ttcs_base.tests.parallel import ParallelCase

TABLES = ("line", "count", "phone", "member", "snapshot", "file", "sheet")


@tagged("post_install", "-at_install")
class TestInventoryAtOnce(ParallelCase):
    def setUp(self):
        super().setUp()
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

    def remove(self):
        """Take the test's own round away, which the triggers keep for good."""
        self.take_away(
            [
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
            ],
            {"round": self.inventory_id, "agency": self.agency_id, "unit": self.unit_id},
            kept=(
                *(f"ttcs_inventory_{name}" for name in TABLES),
                *("ttcs_inventory", "ttcs_document_number", "ttcs_document_series"),
            ),
        )

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
