from odoo import fields, models


class TtcsMaintenancePlanReturn(models.TransientModel):
    """Asks why maintenance plans go back to those who submitted them."""

    _name = "ttcs.maintenance.plan.return"
    _description = "Return a maintenance plan"
    _inherit = ["ttcs.reason.mixin"]

    plan_ids = fields.Many2many(
        "ttcs.maintenance.plan",
        string="Plans",
        default=lambda self: self.env.context.get("active_ids", []),
    )

    def _act(self, reason):
        self.plan_ids._return(reason)
