import base64
import hashlib

import psycopg2

from odoo.tests import tagged
from odoo.tools import mute_logger

from .inventory_common import InventoryCase


@tagged("post_install", "-at_install")
class TestInventoryFreeze(InventoryCase):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.inventory = cls.open_inventory()
        cls.sheet = cls.inventory.sheet_ids.filtered(lambda s: s.agency_id == cls.committee_c)
        cls.sheet_g = cls.inventory.sheet_ids.filtered(lambda s: s.agency_id == cls.committee_g)
        person = cls.officer_c.ttcs_person_ids
        cls.inventory.member_ids = [(0, 0, {"person_id": person.id, "role": "chairman"})]
        phone, _token = (
            cls.env["ttcs.field.device"]
            .with_user(cls.officer_c)
            ._sign_in(cls.officer_c, "Điện thoại thử", None)
        )
        cls.env["ttcs.inventory.phone"]._carry(phone.id, cls.sheet.ids)
        cls.env["ttcs.inventory.phone"].invalidate_model()
        cls.sheet.phone_ids._excuse("Máy hỏng")
        cls.line = cls.sheet.line_ids.filtered(lambda line: line.equipment_id == cls.board)
        cls.line.with_user(cls.officer_c).action_found()

    def close(self):
        self.close_round(self.inventory)

    def refused_by_database(self, statement, *parameters):
        with (
            mute_logger("odoo.sql_db"),
            self.assertRaises(psycopg2.errors.CheckViolation, msg=statement),
            self.env.cr.savepoint(),
        ):
            self.env.cr.execute(statement, parameters)

    def test_database_refuses_every_change_of_a_closed_round(self):
        self.close()
        self.env.flush_all()
        inventory, sheet = self.inventory.id, self.sheet.id
        for table, change in (
            ("sheet", "due_date = '2030-01-01'"),
            ("line", "note = 'x'"),
            ("count", "note = 'x'"),
            ("member", "position = 'x'"),
            ("phone", "excuse = 'x'"),
            ("snapshot", "content = '{}'"),
            ("file", "name = 'x'"),
        ):
            table = f"ttcs_inventory_{table}"
            self.env.cr.execute(
                f"SELECT count(*) FROM {table} WHERE inventory_id = %s", [inventory]
            )
            self.assertTrue(self.env.cr.fetchone()[0], table)
            self.refused_by_database(
                f"UPDATE {table} SET {change} WHERE inventory_id = %s", inventory
            )
            self.refused_by_database(f"DELETE FROM {table} WHERE inventory_id = %s", inventory)
        for statement in (
            "UPDATE ttcs_inventory SET conclusion = 'x' WHERE id = %s",
            "UPDATE ttcs_inventory SET state = 'open' WHERE id = %s",
            "DELETE FROM ttcs_inventory WHERE id = %s",
            "INSERT INTO ttcs_inventory_count (uuid, inventory_id, sheet_id, name, finding,"
            " outcome, how, counted_at, counted_by) SELECT 'x', inventory_id, id, 'x',"
            " 'present', 'late', 'list', now(), 1 FROM ttcs_inventory_sheet"
            " WHERE inventory_id = %s",
            "INSERT INTO ttcs_inventory_line (inventory_id, sheet_id, unit_id, agency_id, name,"
            " state, quantity) SELECT inventory_id, id, unit_id, agency_id, 'x', 'pending', 1"
            " FROM ttcs_inventory_sheet WHERE inventory_id = %s",
        ):
            self.refused_by_database(statement, inventory)
        self.refused_by_database(
            "UPDATE ttcs_inventory_line SET explanation = 'x' WHERE sheet_id = %s", sheet
        )

    def test_a_counted_sheet_keeps_what_was_found(self):
        self.sheet.with_user(self.officer_c).action_close_counting()
        self.env.flush_all()
        for statement in (
            "UPDATE ttcs_inventory_line SET state = 'missing' WHERE id = %s",
            "UPDATE ttcs_inventory_line SET counted_condition = 'broken' WHERE id = %s",
            "DELETE FROM ttcs_inventory_line WHERE id = %s",
        ):
            self.refused_by_database(statement, self.line.id)
        self.env.cr.execute(
            "UPDATE ttcs_inventory_line SET explanation = 'x' WHERE id = %s", [self.line.id]
        )

    def test_a_line_stays_on_its_sheet(self):
        self.refused_by_database(
            "UPDATE ttcs_inventory_line SET sheet_id = %s WHERE id = %s",
            self.sheet_g.id,
            self.line.id,
        )

    def test_counts_are_only_added(self):
        count = self.line.count_id.id
        for statement in (
            "UPDATE ttcs_inventory_count SET note = 'x' WHERE id = %s",
            "DELETE FROM ttcs_inventory_count WHERE id = %s",
        ):
            self.refused_by_database(statement, count)

    def test_a_round_cannot_be_closed_without_its_snapshot_or_with_an_open_sheet(self):
        self.env.flush_all()
        close = "UPDATE ttcs_inventory SET state = 'closed' WHERE id = %s"
        self.refused_by_database(close, self.inventory.id)
        self.env["ttcs.inventory.snapshot"].create(
            {
                "inventory_id": self.inventory.id,
                "taken_at": "2026-01-01 00:00:00",
                "taken_by": self.env.uid,
                "content": "{}",
                "sha256": "0" * 64,
            }
        )
        self.env.flush_all()
        self.refused_by_database(close, self.inventory.id)

    def test_a_transfer_or_a_new_name_does_not_alter_an_old_round(self):
        self.close()
        before = self.sheet._report(), self.inventory._report()
        file = self.inventory.action_form_pdf()
        minutes = self.sheet.action_form_pdf()
        self.board.write(
            {
                "name": "Tên mới",
                "agency_id": self.committee_g.id,
                "unit_id": self.commune_g.id,
                "original_cost": 1,
            }
        )
        self.committee_c.name = "Ủy ban đổi tên"
        self.commune_c.name = "Phường đổi tên"
        self.officer_c.ttcs_person_ids.name = "Người đổi tên"
        self.inventory.flush_recordset()
        self.env.invalidate_all()
        self.assertEqual((self.sheet._report(), self.inventory._report()), before)
        self.assertEqual(self.inventory.action_form_pdf(), file)
        self.assertEqual(self.sheet.action_form_pdf(), minutes)
        self.assertIn(self.line.name, [line.name for line in before[0].lines])
        self.assertNotEqual(self.line.name, "Tên mới")
        with mute_logger("odoo.sql_db"), self.assertRaises(psycopg2.IntegrityError):
            with self.env.cr.savepoint():
                self.horn.unlink()

    def test_hashes_are_those_of_what_was_kept(self):
        self.close()
        kept = self.inventory.snapshot_ids
        self.assertEqual(len(kept), 3)
        for snapshot in kept:
            digest = hashlib.sha256(snapshot.content.encode()).hexdigest()
            self.assertEqual(digest, snapshot.sha256)
        of_sheets = kept.filtered("sheet_id").mapped("sha256")
        self.assertEqual(sorted(self.inventory._report().sheet_hashes), sorted(of_sheets))
        endings = sorted(name.rsplit(".", 1)[1] for name in self.inventory.file_ids.mapped("name"))
        self.assertEqual(endings, ["docx", "pdf", "xlsx"])

    def test_signed_papers_are_attached_after_the_closing(self):
        self.close()
        for record, user in ((self.sheet, self.officer_c), (self.inventory, self.manager)):
            record.with_user(user).write(
                {
                    "form_file_ids": [
                        (
                            0,
                            0,
                            {
                                "res_model": record._name,
                                "name": "da-ky.pdf",
                                "data": base64.b64encode(b"%PDF-1.7 signed"),
                            },
                        )
                    ]
                }
            )
            self.env.flush_all()
            self.assertEqual(record.form_file_ids.mapped("name"), ["da-ky.pdf"])

    def test_the_refusal_says_which_round_is_closed(self):
        self.close()
        with (
            mute_logger("odoo.sql_db"),
            self.assertRaises(psycopg2.errors.CheckViolation) as refusal,
            self.env.cr.savepoint(),
        ):
            self.line.explanation = "x"
            self.env.flush_all()
        message = self.line._sql_error_to_message(refusal.exception)
        self.assertIn(self.inventory.name, message)
