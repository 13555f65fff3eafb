"""Whatever people fill in is judged before Python or the database stumbles over it."""

from __future__ import annotations

from odoo.tests import TransactionCase, tagged

JUDGED = {"date", "datetime", "integer", "float", "monetary", "char", "text"}


@tagged("post_install", "-at_install")
class TestPlausibleValues(TransactionCase):
    def test_every_model_that_people_write_refuses_what_cannot_be_meant(self):
        rights = self.env["ir.model.access"].search(
            [("model_id.model", "=like", "ttcs.%"), ("group_id", "!=", False)]
        )
        written = {
            right.model_id.model for right in rights if right.perm_write or right.perm_create
        }
        self.assertGreater(len(written), 40)
        for name in sorted({*written, "maintenance.request", "maintenance.equipment"}):
            model = self.env[name]
            filled_in = [
                field.name
                for field in model._fields.values()
                if field.store and not field.readonly and field.type in JUDGED
            ]
            with self.subTest(name, fields=filled_in):
                self.assertTrue(not filled_in or hasattr(model, "_check_plausible"))
