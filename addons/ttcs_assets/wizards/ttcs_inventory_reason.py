from odoo import api, fields, models


class TtcsInventoryReason(models.TransientModel):
    """Asks why: a sheet is counted again, or a phone is not waited for."""

    _name = "ttcs.inventory.reason"
    _description = "Reason in an inventory"
    _inherit = ["ttcs.reason.mixin"]

    sheet_ids = fields.Many2many("ttcs.inventory.sheet", string="Inventory sheets")
    phone_ids = fields.Many2many("ttcs.inventory.phone", string="Phones")

    @api.model
    def _ask(self, records):
        """The dialog for sheets to be reopened, or for phones to be excused."""
        chosen = [(6, 0, records.ids)]
        if records._name == "ttcs.inventory.phone":
            return self._dialog(self.env._("Do not wait for this phone"), phone_ids=chosen)
        return self._dialog(self.env._("Reopen the sheet"), sheet_ids=chosen)

    def _act(self, reason):
        if self.phone_ids:
            self.phone_ids._excuse(reason)
        else:
            self.sheet_ids._reopen(reason)
