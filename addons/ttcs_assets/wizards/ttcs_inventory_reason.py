from odoo import api, fields, models
from odoo.exceptions import UserError


class TtcsInventoryReason(models.TransientModel):
    """Asks why: a sheet is counted again, or a phone is not waited for."""

    _name = "ttcs.inventory.reason"
    _description = "Reason in an inventory"

    sheet_ids = fields.Many2many("ttcs.inventory.sheet", string="Inventory sheets")
    phone_ids = fields.Many2many("ttcs.inventory.phone", string="Phones")
    reason = fields.Char(required=True)

    @api.model
    def _ask(self, records):
        """The dialog for sheets to be reopened, or for phones to be excused."""
        of_phones = records._name == "ttcs.inventory.phone"
        title = (
            self.env._("Do not wait for this phone")
            if of_phones
            else self.env._("Reopen the sheet")
        )
        name = "default_phone_ids" if of_phones else "default_sheet_ids"
        return {
            "type": "ir.actions.act_window",
            "name": title,
            "res_model": self._name,
            "context": {name: [(6, 0, records.ids)]},
            "views": [(False, "form")],
            "target": "new",
        }

    def action_confirm(self):
        """Do it, with the reason kept where everyone concerned reads it."""
        self.ensure_one()
        reason = (self.reason or "").strip()
        if not reason:
            raise UserError(self.env._("Say why."))
        if self.phone_ids:
            self.phone_ids._excuse(reason)
        else:
            self.sheet_ids._reopen(reason)
        return {"type": "ir.actions.act_window_close"}
