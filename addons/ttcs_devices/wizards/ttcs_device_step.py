from odoo import fields, models


class TtcsDeviceStep(models.TransientModel):
    """Asks why devices are taken off, shut out or retired."""

    _name = "ttcs.device.step"
    _description = "Reason for a step of devices"
    _inherit = ["ttcs.reason.mixin"]

    device_ids = fields.Many2many("ttcs.device", required=True, string="Devices")
    step = fields.Selection(
        [("take_off", "Take off"), ("shut_out", "Shut out"), ("retire", "Retire")], required=True
    )

    def _act(self, reason):
        if self.step == "take_off":
            self.device_ids._take_off(reason)
        elif self.step == "shut_out":
            self.device_ids._shut_out(reason)
        else:
            self.device_ids._retire(reason)
