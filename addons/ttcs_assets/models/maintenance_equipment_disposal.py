from odoo import api, fields, models


class MaintenanceEquipment(models.Model):
    """Since when an asset is no more: an inventory of an earlier day still expects it."""

    _inherit = "maintenance.equipment"

    disposed_on = fields.Date(readonly=True, copy=False)

    @api.model_create_multi
    def create(self, vals_list):
        return super().create([self._with_disposal_day(vals) for vals in vals_list])

    def write(self, vals):
        if "life_state" in vals and "disposed_on" not in vals:
            self._check_by_hand(vals.keys())
            fresh = self.filtered(lambda asset: asset.life_state != vals["life_state"])
            if fresh != self:
                super(MaintenanceEquipment, self - fresh).write(vals)
            vals = self._with_disposal_day(vals)
            return super(MaintenanceEquipment, fresh._by_steps()).write(vals)
        return super().write(vals)

    @api.model
    def _with_disposal_day(self, vals):
        if "life_state" not in vals or "disposed_on" in vals:
            return vals
        is_disposed = vals["life_state"] == "disposed"
        return {**vals, "disposed_on": self.env.company._today() if is_disposed else False}
