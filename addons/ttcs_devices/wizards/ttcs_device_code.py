import base64
import io

import qrcode

from odoo import api, fields, models

from ..models.ttcs_device_access import CODE_MINUTES

ENROL_PATH = "/ttcs/device/enrol"


class TtcsDeviceCode(models.TransientModel):
    """Shows a one-time code to whoever stands before the device, and to nobody else."""

    _name = "ttcs.device.code"
    _description = "One-time code for a device"
    _inherit = ["ttcs.stepwise.mixin"]

    device_id = fields.Many2one("ttcs.device", required=True, readonly=True, ondelete="cascade")
    code = fields.Char(readonly=True)
    address = fields.Char(readonly=True)
    qr = fields.Image(readonly=True)
    minutes = fields.Integer(readonly=True, default=CODE_MINUTES)

    @api.model
    def _show(self, device):
        """The action that shows a fresh code for a device."""
        code = device._issue_code()
        # sudo: the address that is printed on every plate too.
        base = self.env["ir.config_parameter"].sudo().get_param("web.base.url")
        address = f"{base}{ENROL_PATH}"
        picture = io.BytesIO()
        qrcode.make(f"{address}#{code}", box_size=8).save(picture, format="PNG")
        shown = self._by_steps().create(
            {
                "device_id": device.id,
                "code": code,
                "address": address,
                "qr": base64.b64encode(picture.getvalue()),
            }
        )
        return {
            "type": "ir.actions.act_window",
            "name": self.env._("One-time code"),
            "res_model": self._name,
            "res_id": shown.id,
            "views": [(False, "form")],
            "target": "new",
        }
