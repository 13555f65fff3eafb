from odoo import models


class ResUsers(models.Model):
    _inherit = "res.users"

    def write(self, vals):
        """A new password signs all phones out: a lost phone may be why it was changed."""
        result = super().write(vals)
        if "password" in vals:
            # sudo: whoever may set the password decides over the phones with it.
            devices = self.env["ttcs.field.device"].sudo()
            devices.search([("user_id", "in", self.ids), ("revoked_at", "=", False)])._revoke()
        return result
