from odoo import fields, models


class TtcsDeviceOrderReason(models.TransientModel):
    """Asks why an order is returned, or goes out without a second person."""

    _name = "ttcs.device.order.reason"
    _description = "Reason for a step of an order"
    _inherit = ["ttcs.reason.mixin"]

    order_id = fields.Many2one("ttcs.device.order", required=True)
    step = fields.Selection(
        [("return", "Return"), ("alone", "Send without a second person")], required=True
    )

    def _act(self, reason):
        if self.step == "return":
            self.order_id._return(reason)
        else:
            self.order_id._release_alone(reason)
