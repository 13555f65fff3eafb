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
            super(MaintenanceEquipment, changing._by_steps()).write({"condition_since": since})
        return result

    def _not_seen_since(self, moment):
        """Those of which nothing newer is known than work that ended at a moment.

        A work order may be closed hours later, when the phone finds a network.  What was found
        or reported meanwhile is not overwritten by it.

        :param moment: naive UTC
        """
        # sudo: a newer fault counts also when somebody else works on it.
        orders = self.env["maintenance.request"].sudo()
        faults = orders.search(
            [
                ("equipment_id", "in", self.ids),
                ("maintenance_type", "=", "corrective"),
                ("reported_at", ">", moment),
                ("closed_at", "=", False),
                ("archive", "=", False),
            ]
        )
        day = self.env.company._day_of(moment)
        seen = self.filtered(lambda asset: asset.condition_date and asset.condition_date > day)
        return self - faults.equipment_id.with_env(self.env) - seen
