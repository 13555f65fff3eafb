from odoo import api, fields, models

from ..enrolment_codes import code_hash, normal_code


class TtcsDeviceEnrolment(models.Model):
    """A one-time code that was shown to somebody who stands before the device."""

    _name = "ttcs.device.enrolment"
    _description = "Enrolment of a device"
    _order = "id desc"
    _rec_name = "device_id"

    device_id = fields.Many2one(
        "ttcs.device", required=True, readonly=True, index=True, ondelete="cascade"
    )
    code_hash = fields.Char(required=True, readonly=True, groups=fields.NO_ACCESS)
    expires_at = fields.Datetime(required=True, readonly=True, string="Valid until")
    used_at = fields.Datetime(readonly=True, string="Used on")

    _code_unique = models.Constraint("UNIQUE (code_hash)", "This code exists already.")

    @api.model
    def _redeem(self, code):
        """What the device is told for a valid code, or None; a code opens once.

        Called as superuser by the public route: the code is the right to call it.
        """
        if not isinstance(code, str) or normal_code(code) is None:
            return None
        self.env.cr.execute(
            """
            UPDATE ttcs_device_enrolment SET used_at = %(now)s
            WHERE code_hash = %(hash)s AND used_at IS NULL AND expires_at > %(now)s
            RETURNING device_id
            """,
            {"now": fields.Datetime.now(), "hash": code_hash(code)},
        )
        found = self.env.cr.fetchone()
        if not found:
            return None
        self.invalidate_model(["used_at"])
        device = self.env["ttcs.device"].browse(found[0])
        return device._enrol() if device.state in ("new", "enrolled") else None
