from odoo import fields, models

from ..models.ttcs_order_pause import REASONS


class TtcsOrderHalt(models.TransientModel):
    """Asks why a work order is paused; the contractor's deadlines stand still from now on."""

    _name = "ttcs.order.halt"
    _description = "Pause a work order"
    _inherit = ["ttcs.plausible.mixin"]

    request_id = fields.Many2one(
        "maintenance.request", required=True, default=lambda self: self.env.context["active_id"]
    )
    reason = fields.Selection(REASONS, required=True, default="access")
    note = fields.Char()

    def action_pause(self):
        self.ensure_one()
        self.env["ttcs.order.pause"].create(
            {"request_id": self.request_id.id, "reason": self.reason, "note": self.note}
        )
        waiting = self.env.ref("ttcs_assets.maintenance_stage_waiting", raise_if_not_found=False)
        if waiting:
            self.request_id.stage_id = waiting
        return {"type": "ir.actions.act_window_close"}
