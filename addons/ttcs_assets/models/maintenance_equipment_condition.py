from odoo import api, fields, models


class MaintenanceEquipment(models.Model):
    """Since when an asset is as it is: looking again on a later day does not change that."""

    _inherit = "maintenance.equipment"

    condition_since = fields.Date(readonly=True, copy=False)

    @api.model_create_multi
    def create(self, vals_list):
        today = self.env.company._today()
        return super().create(
            [
                {"condition_since": vals.get("condition_date") or today, **vals}
                for vals in vals_list
            ]
        )

    def write(self, vals):
        if "condition" not in vals:
            return super().write(vals)
        changing = self.filtered(lambda asset: asset.condition != vals["condition"])
        result = super().write(vals)
        if changing:
            since = vals.get("condition_date") or self.env.company._today()
            super(MaintenanceEquipment, changing).write({"condition_since": since})
        return result
