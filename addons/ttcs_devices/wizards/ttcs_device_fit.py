from odoo import api, fields, models


class TtcsDeviceFit(models.TransientModel):
    """Fits a device to an asset, in place of another if so chosen."""

    _name = "ttcs.device.fit"
    _description = "Fit a device"
    _inherit = ["ttcs.plausible.mixin"]

    device_id = fields.Many2one("ttcs.device", required=True, ondelete="cascade")
    equipment_id = fields.Many2one(
        "maintenance.equipment", string="Asset", required=True, ondelete="cascade"
    )
    fitted_ids = fields.Many2many(
        "ttcs.device", compute="_compute_fitted_ids", string="Fitted there now"
    )
    replaced_id = fields.Many2one(
        "ttcs.device",
        string="Takes the place of",
        domain="[('id', 'in', fitted_ids)]",
        ondelete="cascade",
    )
    reason = fields.Char(string="Why it is replaced")

    @api.model
    def _dialog(self, device_id):
        return {
            "type": "ir.actions.act_window",
            "name": self.env._("Fit to an asset"),
            "res_model": self._name,
            "context": {"default_device_id": device_id},
            "views": [(False, "form")],
            "target": "new",
        }

    @api.depends("equipment_id")
    def _compute_fitted_ids(self):
        for dialog in self:
            dialog.fitted_ids = dialog.equipment_id.device_ids

    def action_fit(self):
        """Fit it."""
        self.ensure_one()
        self.device_id._fit(self.equipment_id, self.replaced_id, self.reason)
        return {"type": "ir.actions.act_window_close"}
