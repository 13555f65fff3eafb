from odoo import fields, models
from odoo.exceptions import UserError


class TtcsMaintenancePlanReturn(models.TransientModel):
    """Asks why maintenance plans go back to those who submitted them."""

    _name = "ttcs.maintenance.plan.return"
    _description = "Return a maintenance plan"

    plan_ids = fields.Many2many(
        "ttcs.maintenance.plan",
        string="Plans",
        default=lambda self: self.env.context.get("active_ids", []),
    )
    reason = fields.Char(required=True)

    def action_confirm(self):
        """Return the plans with the reason, which those concerned read."""
        self.ensure_one()
        reason = (self.reason or "").strip()
        if not reason:
            raise UserError(self.env._("Say why the plan is returned."))
        self.plan_ids._return(reason)
        return {"type": "ir.actions.act_window_close"}
