from odoo import api, fields, models


class TtcsAlarmAssign(models.TransientModel):
    """Asks who sees to alarms."""

    _name = "ttcs.alarm.assign"
    _description = "Assign alarms"
    _inherit = ["ttcs.plausible.mixin"]

    alarm_ids = fields.Many2many("ttcs.alarm", required=True, string="Alarms")
    user_id = fields.Many2one(
        "res.users", required=True, string="In charge", domain="[('share', '=', False)]"
    )

    @api.model
    def _dialog(self, alarms):
        return {
            "type": "ir.actions.act_window",
            "name": self.env._("Assign"),
            "res_model": self._name,
            "context": {"default_alarm_ids": alarms.ids},
            "views": [(False, "form")],
            "target": "new",
        }

    def action_confirm(self):
        """Give the alarms to the person chosen."""
        self.ensure_one()
        self.alarm_ids._assign(self.user_id)
        return {"type": "ir.actions.act_window_close"}
